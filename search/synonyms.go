package search

import "slices"

// SynonymKey gives the form in which words of synonym groups are compared: two words of one key are one word.
func SynonymKey(word string) string { return Normalise(word, alike) }

// NearestSynonyms puts lists of synonym groups together, the nearest first: an item's own before its organisation's,
// a branch's before that of the committee above it. A word means what the nearest list says: a farther group loses it, and
// with fewer than two words left says nothing.
func NearestSynonyms(lists ...[][]string) [][]string {
	var out [][]string
	taken := map[string]bool{}
	for _, groups := range lists {
		var mine []string
		for _, group := range groups {
			var left []string
			var keys []string
			for _, word := range group {
				if key := SynonymKey(word); key != "" && !taken[key] && !slices.Contains(keys, key) {
					left, keys = append(left, word), append(keys, key)
				}
			}
			if len(left) > 1 {
				out = append(out, left)
				mine = append(mine, keys...)
			}
		}
		for _, key := range mine {
			taken[key] = true
		}
	}
	return out
}
