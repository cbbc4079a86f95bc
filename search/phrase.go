package search

import (
	"slices"
	"strings"
)

// maxVariants bounds how many phrasings synonyms make of one.
const maxVariants = 24

// tidySynonyms gives the groups in normal form, longer phrases first; groups of fewer than two are dropped.
func tidySynonyms(groups [][]string) [][]string {
	var out [][]string
	for _, group := range groups {
		var own []string
		for _, text := range group {
			if text = Normalise(text, alike); text != "" && !slices.Contains(own, text) {
				own = append(own, text)
			}
		}
		if len(own) > 1 {
			slices.SortStableFunc(own, func(a, b string) int { return len(b) - len(a) })
			out = append(out, own)
		}
	}
	return out
}

// variants gives a phrase with what it says by synonyms, itself first.
func variants(text string, synonyms [][]string) []string {
	out := []string{Normalise(text, alike)}
	for _, group := range synonyms {
		for _, one := range out {
			for _, member := range group {
				if !strings.Contains(one, member) {
					continue
				}
				for _, other := range group {
					if v := strings.ReplaceAll(one, member, other); other != member && !slices.Contains(out, v) && len(out) < maxVariants {
						out = append(out, v)
					}
				}
				break // of a group the longest member that stands there
			}
		}
	}
	return out
}

// plainTerms gives the words and characters of tokens in order, without pairs.
func plainTerms(tokens []Token) []string {
	var out []string
	for _, t := range tokens {
		if t.Kind != Pair {
			out = append(out, t.Term)
		}
	}
	return out
}

func bareTerms(sentences []Sentence) []string {
	var out []string
	for _, s := range sentences {
		out = append(out, plainTerms(s.Tokens)...)
	}
	return out
}

// stands gives the index in terms at which a text stands word for word, -1 if nowhere.
func stands(terms []string, text string) int {
	want := plainTerms(Tokens(text))
	if len(want) == 0 {
		return -1
	}
	for i := 0; i+len(want) <= len(terms); i++ {
		if slices.Equal(terms[i:i+len(want)], want) {
			return i
		}
	}
	return -1
}

// affirmed says whether a text stands somewhere and is not denied there.
func affirmed(sentences []Sentence, text string) bool {
	own := denials(Tokens(text), 0, len(text))
	for _, s := range sentences {
		at := stands(plainTerms(s.Tokens), text)
		if at < 0 {
			continue
		}
		for _, t := range s.Tokens { // the place of the first word
			if t.Kind == Pair {
				continue
			}
			if at == 0 {
				if denials(s.Tokens, s.Start, t.Start)%2 == 0 || own > 0 {
					return true
				}
				break
			}
			at--
		}
	}
	return false
}
