package index

import (
	"maps"
	"math"
	"sync"
	"time"
)

// columns are what a query asks of many documents, in memory: some 250 bytes a document. Those of a segment are read once
// and never change; what is deleted stays in them.
type columns struct {
	lengths map[string]*lengths // by field of text
	facets  []column            // as facetFields
	day     []int32             // of publication, days since 1970; noDay for none
	expires []int64             // when it ceases to hold, Unix seconds; 0 for never
	names   *names

	mu    sync.Mutex
	often map[textTerm][]uint8 // by document, how often a common term stands in it; nil of one that stands too often
}

// lengths are those of a field, in terms.
type lengths struct {
	of         []float32 // by document
	sum, count float64
}

// textTerm is a term in a field of text.
type textTerm struct{ field, text string }

// How often a common term stands in documents is kept in memory, a byte a document: else each query would read it of many.
const (
	oftenFrom  = 4_096 // documents of a segment from which it is worth it
	oftenShare = 8     // one in so many has the term
	oftenTerms = 256   // that are kept; then any gives way
)

// column is the values of a fact: those of a document are values[of[from[doc]:from[doc+1]]].
type column struct {
	values   []string
	from, of []uint32
}

const noDay = math.MinInt32

// has says whether a document has any value.
func (c *column) has(doc int) bool { return c.from[doc] < c.from[doc+1] }

func readColumns(s *part) (*columns, error) {
	c := &columns{lengths: map[string]*lengths{}, often: map[textTerm][]uint8{}, day: make([]int32, s.n), expires: make([]int64, s.n)}
	for _, field := range []string{fieldSingles, fieldPairs, fieldTitle} {
		l, err := s.readLengths(field)
		if err != nil {
			return nil, err
		}
		c.lengths[field] = l
	}
	for _, field := range facetFields {
		column, err := s.readColumn(field.name)
		if err != nil {
			return nil, err
		}
		c.facets = append(c.facets, column)
	}
	for i := range c.day {
		c.day[i] = noDay
	}
	err := s.eachTerm(fieldDate, func(term string, p postings) {
		if at, err := time.Parse(dayLayout, term); err == nil {
			p.each(func(doc uint32) { c.day[doc] = dayOf(at) })
		}
	})
	if err == nil {
		err = s.eachTerm(fieldExpires, func(term string, p postings) {
			if at, err := time.Parse(time.RFC3339, term); err == nil {
				p.each(func(doc uint32) { c.expires[doc] = at.Unix() })
			}
		})
	}
	if err == nil {
		c.names, err = readNames(s)
	}
	return c, err
}

// dayOf gives the days since 1970 of a day as it is called in its zone.
func dayOf(at time.Time) int32 {
	y, m, d := at.Date()
	return int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// readColumn reads the values of a field.
func (s *part) readColumn(field string) (column, error) {
	c := column{from: make([]uint32, s.n+1)}
	type value struct{ doc, of uint32 }
	var all []value
	err := s.eachTerm(field, func(term string, p postings) {
		p.each(func(doc uint32) {
			all = append(all, value{doc, uint32(len(c.values))})
			c.from[doc+1]++
		})
		c.values = append(c.values, term)
	})
	for doc := range s.n {
		c.from[doc+1] += c.from[doc]
	}
	c.of = make([]uint32, len(all))
	next := append([]uint32(nil), c.from...)
	for _, v := range all {
		c.of[next[v.doc]] = v.of
		next[v.doc]++
	}
	return c, err
}

func (s *part) readLengths(field string) (*lengths, error) {
	out := &lengths{of: make([]float32, s.n)}
	p, err := s.postings(field, everywhere)
	if err != nil || p.list == nil {
		return out, err
	}
	for it := p.list.Iterator(true, true, false, nil); ; {
		next, err := it.Next()
		if err != nil || next == nil {
			return out, err
		}
		n := math.Round(1 / (next.Norm() * next.Norm()))
		out.of[next.Number()] = float32(n)
		out.sum += n
		out.count++
	}
}

// common gives by document how often a common term stands in it; nil of other terms.
func (s *part) common(t textTerm, p postings) ([]uint8, error) {
	if s.n < oftenFrom || p.docs == nil || p.docs.GetCardinality() < uint64(s.n/oftenShare) {
		return nil, nil
	}
	s.mu.Lock()
	kept, known := s.often[t]
	s.mu.Unlock()
	if known {
		return kept, nil
	}
	out, most := make([]uint8, s.n), uint64(0)
	err := eachFrequency(p.list.Iterator(true, true, false, nil), func(doc uint32, frequency uint64) {
		out[doc], most = uint8(frequency), max(most, frequency)
	})
	if err != nil {
		return nil, err
	}
	if most > math.MaxUint8 {
		out = nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for other := range s.often {
		if len(s.often) < oftenTerms {
			break
		}
		delete(s.often, other)
	}
	s.often[t] = out
	return out, nil
}

// columnsOf gives the columns of a segment; one at a time reads them.
func (x *Index) columnsOf(s *part) (*columns, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if c := x.columns[s.id]; c != nil {
		return c, nil
	}
	c, err := readColumns(s)
	if err == nil {
		x.columns[s.id] = c
	}
	return c, err
}

// forget drops the columns of segments that were merged into others.
func (x *Index) forget(v *view) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.columns) == len(v.parts) {
		return
	}
	used := map[uint64]bool{}
	for _, s := range v.parts {
		used[s.id] = true
	}
	maps.DeleteFunc(x.columns, func(id uint64, _ *columns) bool { return !used[id] })
}

// Warm reads what queries will want of segments that are new, so that none waits for it.
func (x *Index) Warm() error {
	v, err := x.view()
	if err != nil {
		return err
	}
	return v.close()
}
