package index

import (
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
	form := []rune(startForm(piece))
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
				if part := soundingPart([]rune(startForm(name)), len(form), sound.syllables); part != "" {
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

// nearWord finds a word within a letter or two, as it is written in a document that the reader may see. Of several it is
// that of the most documents.
func (x *Index) nearWord(ctx context.Context, reader bleveindex.IndexReader, q Request, word string) (string, error) {
	fuzzy, ok := reader.(bleveindex.IndexReaderFuzzy)
	singles, _ := search.Cut(word)
	if !ok || len(singles) != 1 {
		return "", nil
	}
	stem := singles[0]
	edits := 1
	if len(stem) >= twoEdits {
		edits = 2
	}
	dict, err := fuzzy.FieldDictFuzzy(fieldSingles, stem, edits, stem[:1])
	if err != nil {
		return "", err
	}
	defer dict.Close()
	best, count := "", uint64(0)
	for {
		entry, err := dict.Next()
		if err != nil || entry == nil {
			return best, err
		}
		if entry.Count <= count && entry.Term != stem {
			continue
		}
		document, err := x.firstWith(ctx, reader, q, entry.Term)
		if err != nil {
			return "", err
		}
		if document == nil {
			continue // where this reader may not see a document with it, the word does not exist
		}
		if entry.Term == stem {
			return "", nil // as it is written it is a word
		}
		if written := writtenWord(document, entry.Term); written != "" {
			best, count = written, entry.Count
		}
	}
}

// writtenWord gives a word as a document writes it.
func writtenWord(d *Document, term string) string {
	for _, text := range append([]string{d.Title, d.Text}, d.Names...) {
		for _, t := range search.Tokens(text) {
			if t.Term == term {
				return strings.ToLower(string([]rune(text)[t.Start:t.End]))
			}
		}
	}
	return ""
}

// firstWith gives a document with a term of those that the request leaves; nil where there is none.
func (x *Index) firstWith(ctx context.Context, reader bleveindex.IndexReader, q Request, term string) (*Document, error) {
	f, err := filterOf(ctx, reader, q)
	if err != nil {
		return nil, err
	}
	defer f.close()
	union := &cursorUnion{}
	defer union.close()
	if err := union.open(ctx, reader, fieldSingles, term); err != nil {
		return nil, err
	}
	var id bleveindex.IndexInternalID
	for doc := union.at(); doc != none; doc = union.at() {
		id = bleveindex.NewIndexInternalID(id, doc)
		may, err := f.has(doc, id)
		if err != nil {
			return nil, err
		}
		if may {
			document, _, err := load(reader, doc)
			return document, err
		}
		if err := union.pass(doc); err != nil {
			return nil, err
		}
	}
	return nil, nil
}
