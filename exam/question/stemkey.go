package question

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"qiming/search"
)

// stemKeyLength is 160 bits in base32.
const stemKeyLength = 32

// StemKey gives what near-exact duplicates share: a hash of the kind and the stem without spaces,
// punctuation, width and case. Stems of nothing but punctuation keep it.
func StemKey(c Content) string {
	stem := search.Bare(c.Stem)
	if stem == "" {
		stem = search.Normalise(c.Stem, search.NormalOptions{})
	}
	sum := sha256.Sum256([]byte(string(c.Kind) + "\x00" + stem))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:stemKeyLength])
}
