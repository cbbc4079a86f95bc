package index

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"qiming/search"
)

// Extract is a piece of a text with the words that were looked for.
type Extract struct {
	Text  string        `json:"text"`
	Marks []search.Span `json:"marks"` // code points of Text, in order, apart from one another
	At    int           `json:"-"`     // where the longest mark, else Text, stands in the whole: code point
}

// Lengths of extracts, in characters.
const (
	extractLength = 110
	extractLead   = 20 // before the first word that was found
	functionWorth = 0.1
)

// Words are what is marked in texts: the words of a query and their synonyms.
type Words struct {
	terms   map[string]float64 // what each is worth
	letters map[rune]bool      // with which a word begins
}

// WordsOf gives the words of a request.
func WordsOf(q Request) Words {
	w := Words{map[string]float64{}, map[rune]bool{}}
	w.add(q.Text)
	text := search.SynonymKey(q.Text)
	for _, group := range q.Synonyms {
		if slices.ContainsFunc(group, func(word string) bool { return said(text, search.SynonymKey(word)) }) {
			for _, word := range group {
				w.add(word)
			}
		}
	}
	return w
}

func (w Words) add(text string) {
	for _, t := range search.Tokens(text) {
		w.terms[t.Term] = 1
		first, _ := utf8.DecodeRuneInString(t.Term)
		w.letters[first] = true
		if t.Kind == search.Function {
			w.terms[t.Term] = functionWorth
		}
	}
}

// Mark marks the words in a short text. A single character is marked where its neighbour is looked for too, or where the
// query has no pairs: 的 is nothing by itself.
func (w Words) Mark(text string) []search.Span {
	tokens := search.Tokens(text)
	pairs := false
	for term := range w.terms {
		pairs = pairs || isPair(term)
	}
	var spans []search.Span
	for _, t := range tokens {
		worth, wanted := w.terms[t.Term]
		if !wanted || worth < 1 || t.Kind == search.Character && pairs {
			continue
		}
		spans = append(spans, search.Span{Start: t.Start, End: t.End})
	}
	return joinSpans(spans)
}

func isPair(term string) bool {
	runes := []rune(term)
	return len(runes) == 2 && unicode.Is(unicode.Han, runes[0])
}

func joinSpans(spans []search.Span) []search.Span {
	slices.SortFunc(spans, func(a, b search.Span) int { return a.Start - b.Start })
	out := []search.Span{}
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// Extract gives the stretch of a text that says most of the words, its beginning where none stands in it.
func (w Words) Extract(text string) Extract {
	runes := []rune(text)
	from := w.densest(runes)
	from = sentenceBegin(runes, from)
	piece := string(runes[from:min(from+extractLength, len(runes))])
	lead, tail := from > 0, from+extractLength < len(runes)
	cut := Extract{Text: piece}
	if lead {
		cut.Text = "…" + cut.Text
	}
	if tail {
		cut.Text += "…"
	}
	cut.Marks, cut.At = w.Mark(cut.Text), from
	if len(cut.Marks) > 0 {
		longest := slices.MaxFunc(cut.Marks, func(a, b search.Span) int { return (a.End - a.Start) - (b.End - b.Start) })
		cut.At += longest.Start
		if lead {
			cut.At--
		}
	}
	return cut
}

// densest gives where the stretch with the most words begins. It looks at each character by itself: texts are long.
func (w Words) densest(runes []rune) int {
	type found struct {
		at    int
		term  string
		worth float64
	}
	var all []found
	for i := 0; i < len(runes); i++ {
		r := search.Fold(runes[i])
		if unicode.Is(unicode.Han, r) {
			if worth, wanted := w.terms[string(r)]; wanted {
				all = append(all, found{i, string(r), worth})
			}
			if i+1 < len(runes) {
				pair := string([]rune{r, search.Fold(runes[i+1])})
				if worth, wanted := w.terms[pair]; wanted {
					all = append(all, found{i, pair, 2 * worth})
				}
			}
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		end := i
		for end < len(runes) && end-i < maxWord && !unicode.Is(unicode.Han, runes[end]) && (unicode.IsLetter(runes[end]) || unicode.IsDigit(runes[end])) {
			end++
		}
		if !w.letters[r] {
			i = max(end, i+1) - 1
			continue
		}
		if singles, _ := search.Cut(string(runes[i:end])); len(singles) == 1 {
			if worth, wanted := w.terms[singles[0]]; wanted {
				all = append(all, found{i, singles[0], 2 * worth})
			}
		}
		i = max(end, i+1) - 1
	}
	counts := map[string]int{}
	best, sum, first, from := 0.0, 0.0, 0, 0
	for _, f := range all {
		if counts[f.term]++; counts[f.term] == 1 {
			sum += f.worth
		}
		for all[first].at <= f.at-extractLength+extractLead {
			old := all[first]
			if counts[old.term]--; counts[old.term] == 0 {
				sum -= old.worth
			}
			first++
		}
		if sum > best+1e-9 {
			best, from = sum, all[first].at
		}
	}
	return from
}

// maxWord is the length of the longest run of letters that is taken for a word.
const maxWord = 40

// sentenceBegin goes back from a word to where its sentence begins, if that is not far, else a little.
func sentenceBegin(runes []rune, from int) int {
	for i := from; i > max(from-extractLead, 0); i-- {
		switch runes[i-1] {
		case '。', '！', '？', '；', '\n', '.', '!', '?':
			return i
		}
	}
	return max(from-extractLead/2, 0)
}
