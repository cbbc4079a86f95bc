package exam

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"qiming/internal/store"
)

// Certificate proves that a member passed a quiz. Its id is the serial: "ORG-2026-XXXX-XXXX-XXXXC", the code of the
// organisation, the year, twelve signs that nobody can guess (60 bits of an HMAC over quiz, member and number, so that
// two processes issue the same one and the id keeps it once), and a check sign. It is never changed but to be
// revoked: what was wrong is revoked, and a new one names it.
type Certificate struct {
	store.Meta `bson:",inline"`
	QuizID     string     `bson:"quiz_id" json:"quiz_id"`
	MemberID   string     `bson:"member_id" json:"member_id"`
	Number     int        `bson:"number" json:"number"` // of the member's certificates of the quiz, from 1
	AttemptID  string     `bson:"attempt_id" json:"attempt_id"`
	OrgPath    []string   `bson:"org_path" json:"-"` // of the quiz
	Issuer     string     `bson:"issuer" json:"issuer"`
	Name       string     `bson:"name" json:"name"`
	Title      string     `bson:"title" json:"title"` // 合格证书
	QuizTitle  string     `bson:"quiz_title" json:"quiz_title"`
	Score      float64    `bson:"score" json:"score"`
	Points     float64    `bson:"points" json:"points"`
	Makeup     bool       `bson:"makeup,omitempty" json:"makeup"`                     // passed in a make-up exam
	IssuedOn   string     `bson:"issued_on" json:"issued_on"`                         // 2026-03-05, of the organisation's zone
	ValidUntil string     `bson:"valid_until,omitempty" json:"valid_until,omitempty"` // the last day; absent = for good
	Replaces   string     `bson:"replaces,omitempty" json:"replaces,omitempty"`       // the serial that this one corrects
	ReplacedBy string     `bson:"replaced_by,omitempty" json:"replaced_by,omitempty"`
	RevokedAt  *time.Time `bson:"revoked_at,omitempty" json:"revoked_at,omitempty"`
	Why        Revocation `bson:"why,omitempty" json:"why,omitempty" enum:"corrected,failed,by_hand"`
	Reason     string     `bson:"reason,omitempty" json:"reason,omitempty"` // of a revocation by hand
	RevokedBy  string     `bson:"revoked_by,omitempty" json:"-"`            // account, of a revocation by hand
}

// Revocation is why a certificate does not hold any more.
type Revocation string

// The reasons.
const (
	Corrected Revocation = "corrected" // another one stands in its place
	NotPassed Revocation = "failed"    // the result was corrected, or taken out of the count
	ByHand    Revocation = "by_hand"   // by decision; none is issued by itself any more
)

// CertificateState is how a certificate stands.
type CertificateState string

// The states.
const (
	CertificateValid    CertificateState = "valid"
	CertificateExpired  CertificateState = "expired"
	CertificateReplaced CertificateState = "replaced"
	CertificateRevoked  CertificateState = "revoked"
)

const dayForm = "2006-01-02"

// State says how the certificate stands on the day of now; zone is the organisation's. On its last day it is valid.
func (c *Certificate) State(now time.Time, zone *time.Location) CertificateState {
	switch {
	case c.RevokedAt != nil && c.Why == Corrected:
		return CertificateReplaced
	case c.RevokedAt != nil:
		return CertificateRevoked
	case c.ValidUntil != "" && now.In(zone).Format(dayForm) > c.ValidUntil:
		return CertificateExpired
	}
	return CertificateValid
}

// lastDay gives the last day of a certificate that is issued at a moment and holds for months (0 = for good): the
// same day of a later month, or the month's last where it has no such day.
func lastDay(issued time.Time, months int) string {
	if months == 0 {
		return ""
	}
	y, m, d := issued.Date()
	first := time.Date(y, m+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(d, last)-1).Format(dayForm)
}

// masked hides all of a name but its first and last sign: 王*明; of two signs the first: 王*.
func masked(name string) string {
	signs := []rune(name)
	switch n := len(signs); {
	case n == 0:
		return ""
	case n <= 2:
		return string(signs[:1]) + "*"
	default:
		return string(signs[:1]) + strings.Repeat("*", n-2) + string(signs[n-1:])
	}
}

// signs are those of serials: digits, and letters that are not mistaken for each other (Crockford's base 32).
const serialSigns = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// serial makes the serial of a member's certificate; try is 0 but where the serial of another member is taken.
func serial(key []byte, orgCode string, year int, quizID, memberID string, number, try int) string {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "certificate\x00%s\x00%s\x00%d\x00%d", quizID, memberID, number, try)
	bits := binary.BigEndian.Uint64(mac.Sum(nil))
	random := make([]byte, 12)
	for i := range random {
		random[i] = serialSigns[bits&31]
		bits >>= 5
	}
	body := fmt.Sprintf("%s-%04d-%s-%s-%s", serialCode(orgCode), year, random[:4], random[4:8], random[8:])
	return body + string(checkSign(body))
}

// serialCode makes the code of an organisation fit for a serial: up to 12 letters and digits; QM where it has none.
func serialCode(code string) string {
	code = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, strings.ToUpper(code))
	if code == "" {
		return "QM"
	}
	return code[:min(len(code), 12)]
}

// checkAlphabet is that of ISO/IEC 7064, MOD 37,36.
const checkAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// checkSign gives the check sign of a serial by ISO/IEC 7064, MOD 37,36: it finds every wrong sign and every two
// that changed places, but for one in 37 of the latter. Dashes do not count.
func checkSign(body string) byte {
	check := len(checkAlphabet)
	for _, r := range body {
		n := strings.IndexRune(checkAlphabet, r)
		if n < 0 {
			continue
		}
		check = (check + n) % 36
		if check == 0 {
			check = 36
		}
		check = check * 2 % 37
	}
	return checkAlphabet[(37-check)%36]
}

// TidySerial brings a serial as people type it to its form: upper case, half-width, without blanks. ok is false where the check
// sign does not agree: it was typed wrongly.
func TidySerial(typed string) (tidy string, ok bool) {
	if utf8.RuneCountInString(typed) > 64 {
		return "", false
	}
	tidy = strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\u3000' || r == '\t' || r == '\n':
			return -1
		case r >= '！' && r <= '～': // full width
			r -= '！' - '!'
		case r == '—' || r == '–' || r == '−':
			r = '-'
		}
		return r
	}, typed)
	tidy = strings.ToUpper(tidy)
	n := len(tidy)
	if n < 10 || strings.Trim(tidy, checkAlphabet+"-") != "" {
		return tidy, false
	}
	return tidy, checkSign(tidy[:n-1]) == tidy[n-1]
}
