package index

import (
	"slices"
	"strings"

	bleveindex "github.com/blevesearch/bleve_index_api"

	"qiming/search"
)

// filter is what every hit must fulfil: of each demand a document has one term at least, and it is of these days.
type filter struct {
	demands  []demand
	tag      string // what terms of a tag begin with; "" asks for none
	from, to int32  // days of publication; undated documents have none
	dated    bool
}

type demand struct {
	field string
	terms []string
}

// filterOf gives what every hit of a request must fulfil, its audience before all.
func filterOf(q Request) *filter {
	f := &filter{demands: []demand{{fieldAudience, q.Audience}}, from: noDay + 1, to: 1<<31 - 1}
	add := func(field string, terms ...string) {
		if len(terms) > 0 && terms[0] != "" {
			f.demands = append(f.demands, demand{field, terms})
		}
	}
	add(fieldKind, q.Kinds...)
	add(fieldCategory, q.Category)
	if q.Tag != "" {
		f.tag = search.TagKey(q.Tag) + tagMark
	}
	add(fieldSource, q.Source)
	if q.Official {
		add(fieldOfficial, yes)
	}
	if !q.From.IsZero() {
		f.from, f.dated = dayOf(q.From), true
	}
	if !q.To.IsZero() {
		f.to, f.dated = dayOf(q.To), true
	}
	return f
}

// of gives the documents of a segment that pass.
func (f *filter) of(s *part) (bitset, error) {
	var out bitset
	demands := f.demands
	if f.tag != "" {
		values := s.facets[tagFacet].values
		from, _ := slices.BinarySearch(values, f.tag)
		to := from
		for to < len(values) && strings.HasPrefix(values[to], f.tag) {
			to++
		}
		demands = append(slices.Clip(demands), demand{fieldTag, values[from:to]})
	}
	for _, d := range demands {
		some := newBitset(s.n)
		for _, term := range d.terms {
			p, err := s.postings(d.field, term)
			if err != nil {
				return nil, err
			}
			p.each(some.add)
		}
		if out == nil {
			out = some
			continue
		}
		for i := range out {
			out[i] &= some[i]
		}
	}
	if s.deleted != nil {
		for it := s.deleted.Iterator(); it.HasNext(); {
			doc := it.Next()
			out[doc/64] &^= 1 << (doc % 64)
		}
	}
	if f.dated {
		out.each(func(doc uint32) bool {
			if day := s.day[doc]; day < f.from || day > f.to {
				out[doc/64] &^= 1 << (doc % 64)
			}
			return true
		})
	}
	return out, nil
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
