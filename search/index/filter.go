package index

import (
	"context"

	bleveindex "github.com/blevesearch/bleve_index_api"
)

// filter is what every hit must fulfil: of each list of terms a document has one at least.
type filter struct{ all []*cursorUnion }

// has says whether a document passes. Documents are asked about in rising order.
func (f *filter) has(doc uint64, id bleveindex.IndexInternalID) (bool, error) {
	for _, any := range f.all {
		found := false
		for _, c := range any.cursors {
			if err := c.advance(doc, id); err != nil {
				return false, err
			}
			if c.at == doc {
				found = true
				break
			}
		}
		if !found {
			return false, nil
		}
	}
	return true, nil
}

func (f *filter) close() {
	for _, u := range f.all {
		u.close()
	}
}

// add demands one of terms in a field.
func (f *filter) add(ctx context.Context, reader bleveindex.IndexReader, field string, terms ...string) error {
	union := &cursorUnion{}
	f.all = append(f.all, union) // at once: close gives free what an error leaves open
	return union.open(ctx, reader, field, terms...)
}

// open opens the postings of terms in a field that has no frequencies.
func (u *cursorUnion) open(ctx context.Context, reader bleveindex.IndexReader, field string, terms ...string) error {
	for _, term := range terms {
		postings, err := reader.TermFieldReader(ctx, []byte(term), field, false, false, false)
		if err != nil {
			return err
		}
		c := &cursor{postings: postings}
		u.cursors = append(u.cursors, c)
		if err := c.next(); err != nil {
			return err
		}
	}
	return nil
}

// termsBetween gives the terms of a field that lie between two, both included.
func termsBetween(reader bleveindex.IndexReader, field, from, to string) ([]string, error) {
	dict, err := reader.FieldDictRange(field, []byte(from), []byte(to))
	if err != nil {
		return nil, err
	}
	defer dict.Close()
	var out []string
	for {
		entry, err := dict.Next()
		if err != nil || entry == nil {
			return out, err
		}
		out = append(out, entry.Term)
	}
}
