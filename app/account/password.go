package account

import (
	"crypto/rand"
	_ "embed"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"qiming/internal/fault"
)

//go:embed common.txt
var commonText string

// Rules say what a password must be (GB/T 22239 8.1.4.1: complex, and changed).
type Rules struct {
	MinLength   int // characters
	MaxLength   int
	MinClasses  int // of: lower case, upper case, digit, anything else
	MinDistinct int // different characters
	History     int // the last n, the present one included, may not come again
}

// DefaultRules are ours.
var DefaultRules = Rules{MinLength: 10, MaxLength: 128, MinClasses: 3, MinDistinct: 5, History: 5}

// Check gives the problems of a password for an account; path names the form field.
func (r Rules) Check(path, password, login, name string) []fault.Field {
	var fields []fault.Field
	bad := func(key string, params map[string]any) {
		fields = append(fields, fault.Field{Path: path, Key: key, Params: params})
	}
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		bad("password.characters", nil)
	case n < r.MinLength:
		bad("password.too_short", map[string]any{"min": r.MinLength})
	case n > r.MaxLength:
		bad("password.too_long", map[string]any{"max": r.MaxLength})
	}
	if classes(password) < r.MinClasses {
		bad("password.classes", map[string]any{"min": r.MinClasses})
	}
	if holdsName(password, login, name) {
		bad("password.holds_name", nil)
	}
	if common(password) || distinct(password) < r.MinDistinct {
		bad("password.common", nil)
	}
	return fields
}

func classes(s string) int {
	var lower, upper, digit, other int
	for _, c := range s {
		switch {
		case unicode.IsLower(c):
			lower = 1
		case unicode.IsUpper(c):
			upper = 1
		case unicode.IsDigit(c):
			digit = 1
		default:
			other = 1
		}
	}
	return lower + upper + digit + other
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, c := range s {
		seen[c] = true
	}
	return len(seen)
}

// holdsName says whether the password contains the sign-in name, or a word of either name of three
// letters, or two Han characters, or more.
func holdsName(password, login, name string) bool {
	password = strings.ToLower(password)
	words := strings.FieldsFunc(strings.ToLower(login+" "+name), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c)
	})
	for _, word := range append(words, strings.ToLower(login)) {
		least := 3
		if first, _ := utf8.DecodeRuneInString(word); unicode.Is(unicode.Han, first) {
			least = 2
		}
		if utf8.RuneCountInString(word) >= least && strings.Contains(password, word) {
			return true
		}
	}
	return false
}

// common says whether nothing but digits and signs was put around a word that everybody tries.
func common(password string) bool {
	plain := strings.NewReplacer("@", "a", "0", "o", "1", "l", "3", "e", "$", "s", "5", "s", "!", "i").
		Replace(strings.ToLower(password))
	core := func(s string) string {
		return strings.TrimFunc(s, func(c rune) bool { return !unicode.IsLetter(c) })
	}
	candidates := []string{strings.ToLower(password), plain, core(strings.ToLower(password)), core(plain)}
	for line := range strings.Lines(commonText) {
		word := strings.TrimSpace(line)
		for _, c := range candidates {
			if c == word {
				return true
			}
		}
	}
	return false
}

// oneTimeAlphabet leaves out what people mistake for one another: 0O 1lI.
const oneTimeAlphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

// oneTimePassword gives 12 random characters in three groups (69 bits) that keep the rules:
// "kT7p-Wm3x-Qz9d".
func oneTimePassword(rules Rules) string {
	for {
		var b strings.Builder
		for i := range 12 {
			if i > 0 && i%4 == 0 {
				b.WriteByte('-')
			}
			n, err := rand.Int(rand.Reader, big.NewInt(int64(len(oneTimeAlphabet))))
			if err != nil {
				panic(err) // never fails since Go 1.24
			}
			b.WriteByte(oneTimeAlphabet[n.Int64()])
		}
		if s := b.String(); len(rules.Check("", s, "", "")) == 0 {
			return s
		}
	}
}
