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
	reader, err := x.reader()
	if err != nil {
		return "", err
	}
	defer reader.Close()
	var out strings.Builder
	changed := false
	for _, piece := range pieces(q.Text) {
		better, err := x.respell(ctx, reader, q, piece)
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

func (x *Index) respell(ctx context.Context, reader bleveindex.IndexReader, q Request, piece string) (string, error) {
	form := []rune(spokenForm(piece))
	if len(form) == 0 {
		return "", nil
	}
	if unicode.Is(unicode.Han, form[0]) {
		if len(form) < minSpelled || len(form) > maxSpelled {
			return "", nil
		}
		return x.sameSound(ctx, reader, q, form)
	}
	if len(form) < minEdited || !isLetters(string(form)) {
		return "", nil
	}
	return x.nearWord(ctx, reader, q, string(form))
}

// sameSound finds a part of a visible name that sounds as the characters do.
func (x *Index) sameSound(ctx context.Context, reader bleveindex.IndexReader, q Request, form []rune) (string, error) {
	for _, sound := range sounds(form) {
		documents, err := visible(ctx, reader, q, sound.syllables, spelledLook, spelledLook)
		if err != nil {
			return "", err
		}
		for _, d := range documents {
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
func (x *Index) nearWord(ctx context.Context, reader bleveindex.IndexReader, q Request, word string) (string, error) {
	fuzzy, ok := reader.(bleveindex.IndexReaderFuzzy)
	if !ok {
		return "", nil
	}
	edits := 1
	if len(word) >= twoEdits {
		edits = 2
	}
	dict, err := fuzzy.FieldDictFuzzy(fieldWords, word, edits, word[:1])
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
		if may, err := x.anyVisible(ctx, reader, q, entry.Term); err != nil || may {
			return entry.Term, err
		}
	}
	return "", nil
}

// anyVisible says whether a word stands in a document of those that the request leaves.
func (x *Index) anyVisible(ctx context.Context, reader bleveindex.IndexReader, q Request, word string) (bool, error) {
	f, err := filterOf(ctx, reader, q)
	if err != nil {
		return false, err
	}
	defer f.close()
	union := &cursorUnion{}
	defer union.close()
	if err := union.open(ctx, reader, fieldWords, word); err != nil {
		return false, err
	}
	var id bleveindex.IndexInternalID
	for doc := union.at(); doc != none; doc = union.at() {
		id = bleveindex.NewIndexInternalID(id, doc)
		if may, err := f.has(doc, id); err != nil || may {
			return may, err
		}
		if err := union.pass(doc); err != nil {
			return false, err
		}
	}
	return false, nil
}
