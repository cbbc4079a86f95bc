package index

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	bleveindex "github.com/blevesearch/bleve_index_api"

	"qiming/search"
)

// Bounds of what is tried in the place of what was typed.
const (
	minSpelled  = 2  // characters of a Chinese word that may be misspelt
	minEdited   = 4  // letters of a Latin word that may be misspelt
	twoEdits    = 8  // letters from which two may be wrong
	maxSpelled  = 12 // characters that are looked at
	spelledLook = 40 // documents that are looked at for each word
)

// Spell gives what may have been meant by a query that finds nothing, or "": Chinese words that sound the same in a name
// that the reader may see, Latin words that differ by a letter or two. What it gives finds something for this reader.
func (x *Index) Spell(ctx context.Context, q Request) (string, error) {
	if len(q.Audience) == 0 {
		return "", errNoAudience
	}
	v, err := x.view()
	if err != nil {
		return "", err
	}
	defer v.close()
	var out strings.Builder
	changed := false
	for _, piece := range pieces(q.Text) {
		better, err := v.respell(ctx, q, piece)
		if err != nil {
			return "", err
		}
		if better != "" && search.SynonymKey(better) != search.SynonymKey(piece) {
			changed = true
			out.WriteString(better)
		} else {
			out.WriteString(piece)
		}
	}
	if !changed {
		return "", nil
	}
	again := q
	again.Text, again.Offset, again.Limit, again.Facets = out.String(), 0, 1, false
	found, err := x.Search(ctx, again)
	if err != nil || found.Total == 0 {
		return "", err
	}
	return again.Text, nil
}

// pieces cuts a text into runs of Chinese characters, Latin words, and what is between.
func pieces(text string) []string {
	class := func(r rune) int {
		switch {
		case unicode.Is(unicode.Han, r):
			return 1
		case r < 0x250 && unicode.IsLetter(r):
			return 2
		}
		return 0
	}
	var out []string
	start, last := 0, -1
	for i, r := range text {
		if c := class(r); c != last {
			if i > start {
				out = append(out, text[start:i])
			}
			start, last = i, c
		}
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

func (v *view) respell(ctx context.Context, q Request, piece string) (string, error) {
	form := []rune(spokenForm(piece))
	if len(form) == 0 {
		return "", nil
	}
	if unicode.Is(unicode.Han, form[0]) {
		if len(form) < minSpelled || len(form) > maxSpelled {
			return "", nil
		}
		return v.sameSound(ctx, q, form)
	}
	if len(form) < minEdited || !isLetters(string(form)) {
		return "", nil
	}
	return v.nearWord(q, string(form))
}

// sameSound finds a part of a visible name that sounds as the characters do.
func (v *view) sameSound(ctx context.Context, q Request, form []rune) (string, error) {
	for _, sound := range sounds(form) {
		var seen []uint64
		err := v.named(ctx, q, sound.syllables, func(s *part, doc uint32, _ uint8) bool {
			seen = append(seen, s.first+uint64(doc))
			return len(seen) < spelledLook
		})
		if err != nil {
			return "", err
		}
		for _, doc := range seen {
			d, _, err := v.load(doc)
			if err != nil {
				return "", err
			}
			for _, name := range append([]string{d.Title}, d.Names...) {
				if part := soundingPart([]rune(spokenForm(name)), len(form), sound.syllables); part != "" {
					return part, nil
				}
			}
		}
	}
	return "", nil
}

// soundingPart gives the n characters of a name that have the syllables.
func soundingPart(name []rune, n int, syllables string) string {
	for i := 0; i+n <= len(name); i++ {
		part := name[i : i+n]
		if slices.ContainsFunc(sounds(part), func(s sound) bool { return s.syllables == syllables }) {
			return string(part)
		}
	}
	return ""
}

// nearWord finds a word within a letter or two that stands in a document which the reader may see: the nearest, of
// several that of the most documents.
func (v *view) nearWord(q Request, word string) (string, error) {
	edits := 1
	if len(word) >= twoEdits {
		edits = 2
	}
	dict, err := v.snapshot.FieldDictFuzzy(fieldWords, word, edits, word[:1])
	if err != nil {
		return "", err
	}
	defer dict.Close()
	var near []bleveindex.DictEntry
	for {
		entry, err := dict.Next()
		if err != nil {
			return "", err
		}
		if entry == nil {
			break
		}
		near = append(near, *entry)
	}
	slices.SortStableFunc(near, func(a, b bleveindex.DictEntry) int {
		return cmp.Or(cmp.Compare(a.EditDistance, b.EditDistance), cmp.Compare(b.Count, a.Count))
	})
	for _, entry := range near {
		// where this reader may not see a document with it, the word does not exist
		if may, err := v.anyVisible(q, entry.Term); err != nil || may {
			return entry.Term, err
		}
	}
	return "", nil
}

// anyVisible says whether a word stands in a document of those that the request leaves.
func (v *view) anyVisible(q Request, word string) (bool, error) {
	f := filterOf(q)
	for _, s := range v.parts {
		p, err := s.postings(fieldWords, word)
		if err != nil {
			return false, err
		}
		if p.list == nil {
			continue
		}
		may, err := f.of(s)
		if err != nil {
			return false, err
		}
		seen := false
		p.each(func(doc uint32) { seen = seen || may.has(doc) })
		if seen {
			return true, nil
		}
	}
	return false, nil
}
