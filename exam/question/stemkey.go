package question

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"unicode"
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
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) {
			return -1
		}
		return r
	}, Normalise(stem, NormalOptions{FoldCase: true}))
}
