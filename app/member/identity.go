package member

import (
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Identity is a parsed 公民身份号码 (GB 11643): six digits of the place, eight of the birth, three
// in order (odd = male), one check character by ISO 7064 MOD 11-2.
type Identity struct {
	Number string // 18 characters, X in upper case
	Birth  string // "2006-01-02"
	Sex    Sex
}

var identityWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const identityChecks = "10X98765432"

// normalIdentity folds full width, spaces and the case of X.
func normalIdentity(text string) string {
	text = strings.ToUpper(norm.NFKC.String(text))
	return strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "'", "").Replace(text)
}

// ParseIdentity checks a number as people write it. The second result is "" or what is wrong:
// "identity.rounded" (a spreadsheet made a number of it), "identity.length", "identity.characters",
// "identity.birth", "identity.checksum".
func ParseIdentity(text string, today string) (Identity, string) {
	n := normalIdentity(text)
	if strings.ContainsAny(n, "E.+") && strings.Trim(n, "0123456789E.+") == "" {
		return Identity{}, "identity.rounded"
	}
	if len(n) != 18 {
		return Identity{}, "identity.length"
	}
	sum := 0
	for i := range 17 {
		if n[i] < '0' || n[i] > '9' {
			return Identity{}, "identity.characters"
		}
		sum += int(n[i]-'0') * identityWeights[i]
	}
	if strings.IndexByte("0123456789X", n[17]) < 0 {
		return Identity{}, "identity.characters"
	}
	if identityChecks[sum%11] != n[17] {
		// Spreadsheets keep 15 digits: the last three are then 000.
		if strings.HasSuffix(n, "000") {
			return Identity{}, "identity.rounded"
		}
		return Identity{}, "identity.checksum"
	}
	birth, err := time.Parse("20060102", n[6:14])
	if err != nil || birth.Year() < 1880 || birth.Format(time.DateOnly) > today {
		return Identity{}, "identity.birth"
	}
	sex := Female
	if (n[16]-'0')%2 == 1 {
		sex = Male
	}
	return Identity{Number: n, Birth: birth.Format(time.DateOnly), Sex: sex}, ""
}

// maskIdentity shows place and check, and hides the birth: 110105********002X.
func maskIdentity(n string) string {
	if len(n) != 18 {
		return ""
	}
	return n[:6] + "********" + n[14:]
}

// maskPhone shows the first three and last four characters: 138****5678.
func maskPhone(p string) string {
	runes := []rune(p)
	if len(runes) < 8 {
		return strings.Repeat("*", len(runes))
	}
	return string(runes[:3]) + strings.Repeat("*", len(runes)-7) + string(runes[len(runes)-4:])
}

func masked(text string) bool { return strings.Contains(text, "*") }
