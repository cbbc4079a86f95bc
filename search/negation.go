package search

import "strings"

// englishNegations as they are stemmed; words that end in n't are negations too.
var englishNegations = map[string]bool{"not": true, "no": true, "never": true, "cannot": true, "neither": true, "nor": true, "without": true, "none": true, "cant": true, "dont": true, "doesnt": true, "isnt": true, "arent": true, "wont": true}

// Denies says whether a term denies what follows it.
func Denies(term string) bool {
	return englishNegations[term] || strings.HasSuffix(term, "n't") || negativeCharacters[term]
}

var negativeCharacters = map[string]bool{"不": true, "没": true, "无": true, "未": true, "非": true, "勿": true, "莫": true, "否": true}

// harmless are the pairs in which a character that denies elsewhere denies nothing.
var harmless = map[string]bool{"不仅": true, "不但": true, "不断": true, "不同": true, "不论": true, "不管": true, "不只": true, "不光": true, "不妨": true, "不愧": true,
	"无论": true, "无非": true, "无数": true, "未来": true, "非常": true, "莫过": true, "除非": true, "差不": true, "不止": true, "不久": true, "不禁": true, "要不": true, "是否": true, "能否": true}

// denials counts what in the tokens denies something (denying).
func denials(tokens []Token, from, until int) int { return len(denying(tokens, from, until)) }

// denying gives what in the tokens denies something, from a place to another (code points). A second denial lifts the
// first: 不得不 denies nothing.
func denying(tokens []Token, from, until int) []Span {
	var spans []Span
	for i, t := range tokens {
		if t.Kind == Pair || t.Start < from || t.End > until || !Denies(t.Term) {
			continue
		}
		if !pairedHarmlessly(tokens, i) {
			spans = append(spans, Span{t.Start, t.End})
		}
	}
	return spans
}

// pairedHarmlessly looks at the pairs that the character at i stands in.
func pairedHarmlessly(tokens []Token, i int) bool {
	for j := max(0, i-2); j < min(len(tokens), i+3); j++ {
		if t := tokens[j]; t.Kind == Pair && harmless[t.Term] && t.Start <= tokens[i].Start && t.End >= tokens[i].End {
			return true
		}
	}
	return false
}
