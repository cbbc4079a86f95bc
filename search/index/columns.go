package index

import (
	"maps"
	"math"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
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

// part is a segment of a view. Its documents are numbered from 0, those of the view from first.
type part struct {
	*columns
	first   uint64
	n       int // documents, deleted ones too
	deleted *roaring.Bitmap
	id      uint64
	segment segment.Segment
	fields  map[string]segment.TermDictionary
}

// postings are the documents of a term in a segment.
type postings struct {
	list segment.PostingsList
	docs *roaring.Bitmap // nil of none, and of a single one
	one  uint32          // a single one; noDoc of none
}

const noDoc = math.MaxUint32

func (s *part) dictionary(field string) (segment.TermDictionary, error) {
	if d, known := s.fields[field]; known {
		return d, nil
	}
	d, err := s.segment.Dictionary(field)
	if err == nil {
		s.fields[field] = d
	}
	return d, err
}

// postings opens the documents of a term; deleted ones are among them.
func (s *part) postings(field, term string) (postings, error) {
	dictionary, err := s.dictionary(field)
	if err != nil || dictionary == nil {
		return postings{one: noDoc}, err
	}
	return postingsOf(dictionary, term)
}

func postingsOf(dictionary segment.TermDictionary, term string) (postings, error) {
	out := postings{one: noDoc}
	list, err := dictionary.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return out, err
	}
	it, ok := list.Iterator(false, false, false, nil).(segment.OptimizablePostingsIterator)
	if !ok {
		return out, nil // a field that no document has
	}
	if one, single := it.DocNum1Hit(); single {
		out.list, out.one = list, uint32(one)
	} else if docs := it.ActualBitmap(); docs != nil {
		out.list, out.docs = list, docs
	}
	return out, nil
}

// eachTerm gives all terms of a field.
func (s *part) eachTerm(field string, take func(term string, p postings)) error {
	dictionary, err := s.dictionary(field)
	if err != nil || dictionary == nil {
		return err
	}
	it := dictionary.AutomatonIterator(nil, nil, nil)
	for {
		entry, err := it.Next()
		if err != nil || entry == nil {
			return err
		}
		p, err := postingsOf(dictionary, entry.Term)
		if err != nil {
			return err
		}
		take(entry.Term, p)
	}
}

// live counts the documents that are not deleted.
func (p postings) live(deleted *roaring.Bitmap) (n uint64) {
	if p.one != noDoc && (deleted == nil || !deleted.Contains(p.one)) {
		n = 1
	}
	if p.docs != nil {
		n = p.docs.GetCardinality()
		if deleted != nil {
			n -= p.docs.AndCardinality(deleted)
		}
	}
	return n
}

// each gives the documents in rising order.
func (p postings) each(take func(doc uint32)) {
	if p.one != noDoc {
		take(p.one)
	}
	if p.docs != nil {
		var some [256]uint32
		for it := p.docs.ManyIterator(); ; {
			n := it.NextMany(some[:])
			if n == 0 {
				return
			}
			for _, doc := range some[:n] {
				take(doc)
			}
		}
	}
}

// has says whether a document is among them.
func (p postings) has(doc uint32) bool {
	return p.one == doc || p.docs != nil && p.docs.Contains(doc)
}

// among gives those of the documents that are in a set.
func (p postings) among(set *roaring.Bitmap) postings {
	if p.one != noDoc && !set.Contains(p.one) {
		p.one = noDoc
	}
	if p.docs != nil {
		p.docs = roaring.And(p.docs, set)
	}
	return p
}

// worthSkipping is how many times more than those that are wanted there must be for a walk that skips to be the quicker one.
const worthSkipping = 3

// frequencies gives at least those of the documents that are in a set, with how often the term stands in them.
func (p postings) frequencies(set *roaring.Bitmap, take func(doc uint32, frequency uint64)) error {
	if p.list == nil || p.one != noDoc && !set.Contains(p.one) {
		return nil
	}
	it := p.list.Iterator(true, true, false, nil)
	if p.docs != nil {
		both := roaring.And(p.docs, set)
		some := both.GetCardinality()
		if some == 0 {
			return nil
		}
		if some < p.docs.GetCardinality()/worthSkipping {
			it.(segment.OptimizablePostingsIterator).ReplaceActual(both)
		}
	}
	return eachFrequency(it, take)
}

func eachFrequency(it segment.PostingsIterator, take func(doc uint32, frequency uint64)) error {
	for {
		next, err := it.Next()
		if err != nil || next == nil {
			return err
		}
		take(uint32(next.Number()), next.Frequency())
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

// view is a state of the index while it is asked.
type view struct {
	snapshot  *scorch.IndexSnapshot
	parts     []*part
	documents float64
	average   map[string]float64 // lengths of the fields of text, in terms
}

// close lets the index forget the state.
func (v *view) close() error { return v.snapshot.Close() }

// part gives the segment of a document.
func (v *view) part(doc uint64) *part {
	at := 0
	for at+1 < len(v.parts) && v.parts[at+1].first <= doc {
		at++
	}
	return v.parts[at]
}

// view opens the state of the moment. Columns of segments that are new are read first.
func (x *Index) view() (*view, error) {
	reader, err := x.reader()
	if err != nil {
		return nil, err
	}
	v := &view{snapshot: reader.(*scorch.IndexSnapshot), average: map[string]float64{}}
	sums, first := map[string]lengths{}, uint64(0)
	for _, s := range v.snapshot.Segments() {
		p := &part{first: first, n: int(s.FullSize()), deleted: s.Deleted(), id: s.Id(), segment: s.Segment(), fields: map[string]segment.TermDictionary{}}
		first += uint64(p.n)
		if p.columns, err = x.columnsOf(p); err != nil {
			v.close()
			return nil, err
		}
		v.documents += float64(s.LiveSize())
		for field, l := range p.lengths {
			sums[field] = lengths{sum: sums[field].sum + l.sum, count: sums[field].count + l.count}
		}
		v.parts = append(v.parts, p)
	}
	for field, l := range sums {
		v.average[field] = l.sum / max(l.count, 1)
	}
	x.forget(v)
	return v, nil
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
