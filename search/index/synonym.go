package index

import (
	"slices"
	"strings"

	"qiming/search"
)

// synonyms takes the words that have others of the same meaning out of the query and makes a branch of each way of
// saying them.
func (b *builder) synonyms(q Request, singles, pairs *[]string) error {
	text := search.SynonymKey(q.Text)
	own := map[string]bool{}
	phrases := 0
	for _, group := range q.Synonyms {
		at := slices.IndexFunc(group, func(word string) bool { return said(text, search.SynonymKey(word)) })
		if at < 0 {
			continue
		}
		if phrases += len(group); phrases > maxPhrases {
			break
		}
		number := b.ranking.groups[len(b.ranking.groups)-1] + 1
		group = append([]string{group[at]}, slices.Delete(slices.Clone(group), at, at+1)...) // what was written first
		written := 0.0
		for i, word := range group {
			s, p := search.Cut(word)
			s, p = unique(s), unique(p)
			b.ranking.groups = append(b.ranking.groups, number)
			idf, units, from := b.idf, b.units, len(b.ranking.terms)
			b.written = i == 0
			if err := b.text(len(b.ranking.groups)-1, s, p); err != nil {
				return err
			}
			whole := b.idf - idf
			if b.written {
				written = whole
				for _, term := range slices.Concat(s, p) {
					own[term] = true
				}
				continue
			}
			b.idf, b.units = idf, units // only what was written is wanted
			for _, t := range b.ranking.terms[from:] {
				t.idf *= written / whole // who says it in other words says as much of the query
			}
		}
	}
	for _, list := range []*[]string{singles, pairs} {
		*list = slices.DeleteFunc(*list, func(term string) bool { return own[term] })
	}
	return nil
}

// said says whether a word stands in a text; a Latin one as a whole word.
func said(text, word string) bool {
	if word == "" {
		return false
	}
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		if !(latinAt(text, start-1) && latinAt(text, start)) && !(latinAt(text, end-1) && latinAt(text, end)) {
			return true
		}
		from = end
	}
}

func latinAt(s string, i int) bool {
	return i >= 0 && i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= '0' && s[i] <= '9')
}
