package index

import (
	"cmp"
	"context"
	"slices"

	bleveindex "github.com/blevesearch/bleve_index_api"

	"qiming/search"
)

// Bounds of suggestions.
const (
	maxSuggestions = 10
	wideLook       = 400 // beginnings that are looked at
	deepLook       = 200 // documents that are looked at
)

// Suggestion is a name that begins, or goes on somewhere, with what was typed.
type Suggestion struct {
	Type  string
	Kind  string
	ID    string
	Title string
}

// Suggest gives names for what somebody types, in characters, pinyin or initials, of what that reader may see: those that
// begin with it before others, what is official and newer first.
func (x *Index) Suggest(ctx context.Context, q Request) ([]Suggestion, error) {
	if len(q.Audience) == 0 {
		return nil, errNoAudience
	}
	form := startForm(q.Text)
	if form == "" {
		return nil, nil
	}
	reader, err := x.reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	seen, err := visible(ctx, reader, q, form, wideLook, deepLook)
	if err != nil {
		return nil, err
	}
	rank := func(d *Document) int {
		if begins(d.Title, cutStart(form)) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(seen, func(a, b *Document) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(standing(b, q.Now), standing(a, q.Now)), cmp.Compare(a.Title, b.Title))
	})
	var out []Suggestion
	titles := map[string]bool{}
	for _, d := range seen {
		if key := search.SynonymKey(d.Title); d.Title != "" && !titles[key] && len(out) < min(max(q.Limit, 1), maxSuggestions) {
			titles[key] = true
			out = append(out, Suggestion{d.Type, d.Kind, d.ID, d.Title})
		}
	}
	return out, nil
}

// cutStart is a form as far as the index keeps it.
func cutStart(form string) string {
	if isLetters(form) {
		return cutBytes(form, startLetters)
	}
	runes := []rune(form)
	return string(runes[:min(len(runes), startRunes)])
}

// visible gives the documents that have a name with a part which begins with form, of those that the request leaves.
func visible(ctx context.Context, reader bleveindex.IndexReader, q Request, form string, wide, deep int) ([]*Document, error) {
	terms, err := beginnings(reader, cutStart(form), wide)
	if err != nil || len(terms) == 0 {
		return nil, err
	}
	f, err := filterOf(ctx, reader, q)
	if err != nil {
		return nil, err
	}
	defer f.close()
	union := &cursorUnion{}
	defer union.close()
	if err := union.open(ctx, reader, fieldStarts, terms...); err != nil {
		return nil, err
	}
	var out []*Document
	var id bleveindex.IndexInternalID
	for doc := union.at(); doc != none && len(out) < deep; doc = union.at() {
		id = bleveindex.NewIndexInternalID(id, doc)
		may, err := f.has(doc, id)
		if err != nil {
			return nil, err
		}
		if may {
			document, _, err := load(reader, doc)
			if err != nil {
				return nil, err
			}
			out = append(out, document)
		}
		if err := union.pass(doc); err != nil {
			return nil, err
		}
	}
	return out, nil
}
