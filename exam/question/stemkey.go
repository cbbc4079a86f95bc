package question

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// stemKeyLength is 160 bits in base32.
const stemKeyLength = 32

// StemKey gives what near-exact duplicates share: a hash of the kind and the stem without spaces,
// punctuation, width and case. Stems of nothing but punctuation keep it.
func StemKey(c Content) string {
	stem := StemText(c.Stem)
	if stem == "" {
		stem = Normalise(c.Stem, NormalOptions{})
	}
	sum := sha256.Sum256([]byte(string(c.Kind) + "\x00" + stem))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:stemKeyLength])
}

// StemText gives the stem as a text filter compares it: without spaces, punctuation, width and case.
func StemText(stem string) string {
	stem = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(strings.ToValidUTF8(stem, ""))))
	return strings.Map(func(r rune) rune {
		r = latin(r)
		if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.In(r, unicode.Cf, unicode.Cc) {
			return -1
		}
		return r
	}, stem)
}
