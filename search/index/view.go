package index

import (
	"math"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

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
