package search

import "slices"

// TagKey gives the form by which tags (标签) are one: letter case, width and spaces do not count.
func TagKey(tag string) string { return Normalise(tag, NormalOptions{FoldCase: true}) }

// HasTag says whether a list of tags has one, however it is spelt.
func HasTag(tags []string, tag string) bool {
	return slices.ContainsFunc(tags, func(one string) bool { return one == tag || TagKey(one) == TagKey(tag) })
}

// OneSpelling adds up how often tags are used that are one, under the spelling that is used most; of equal ones the first by code point.
func OneSpelling(counts map[string]int) map[string]int {
	sum, shown := map[string]int{}, map[string]string{}
	for tag, n := range counts {
		key := TagKey(tag)
		sum[key] += n
		if have, ok := shown[key]; !ok || n > counts[have] || n == counts[have] && tag < have {
			shown[key] = tag
		}
	}
	out := map[string]int{}
	for key, tag := range shown {
		out[tag] = sum[key]
	}
	return out
}
