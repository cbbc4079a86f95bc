package index

import (
	"cmp"
	"container/heap"
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// BM25's parameters (Robertson and Zaragoza 2009, The Probabilistic Relevance Framework) and the weight of the title on
// top of its being part of the text.
const (
	saturation  = 1.2  // k1
	lengthShare = 0.75 // b
	titleWeight = 0.2
)

// A document is a hit when the terms that it has carry this share of the query's inverse document frequencies; of a short
// query more is wanted. The doc of the package has the figures.
const (
	needLong  = 0.2
	needShort = 0.5
	shortEnd  = 2 // units (characters and words) up to which needShort holds
	longBegin = 8 // from which needLong holds
)

func neededShare(units int) float64 {
	at := float64(units-shortEnd) / (longBegin - shortEnd)
	return needShort + (needLong-needShort)*min(max(at, 0), 1)
}

// term is a term in a field, with its documents.
type term struct {
	textTerm
	idf     float64    // what it counts for being a hit: inverse document frequency, of a synonym's terms in proportion
	weight  float64    // idf x (k1+1) x the field's weight: what no document exceeds
	average float64    // of the field's length
	branch  int        // which way of saying the query's words; 0 is always counted, see ranking.groups
	counted bool       // how often it stands in a document counts
	single  string     // the term, where it is a single of the text that always counts (fields of text have about the same length)
	in      []postings // by segment
}

func (t *term) bm25(frequency, length float64) float64 {
	return t.weight * frequency / (frequency + saturation*(1-lengthShare+lengthShare*length/t.average))
}

// uncounted is BM25's for a term that stands once in a document of average length. It is that of the common terms: to
// count them would be to read half the index for what hardly tells documents apart; among the first hits density makes
// up for it.
func (t *term) uncounted() float64 { return t.weight / (1 + saturation) }

// ranking finds the documents of a query, the best first.
type ranking struct {
	terms   []*term // by falling idf; count for whether a document is a hit
	bonus   []*term // only raise the score
	groups  []int   // by branch: 0 for what is always counted. Of the branches of another group only the best counts
	need    float64 // idf that makes a hit
	density density
	sounds  []bitset // by segment: documents that are hits by how a name sounds; nil where none is
	loud    float64  // score of those
	filter  *filter
	limit   int
	newest  bool    // every document is a hit, the newest is the best
	counts  counter // of the facts of hits; nil where nobody asks
}

// ranked is a document with its score.
type ranked struct {
	doc   uint64
	score float64
}

// compareRanked orders by score; of equals the document that came first is better.
func compareRanked(a, b ranked) int {
	return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(b.doc, a.doc))
}

func worse(a, b ranked) bool { return compareRanked(a, b) < 0 }

// best is a heap with the worst on top.
type best []ranked

func (b best) Len() int           { return len(b) }
func (b best) Less(i, j int) bool { return worse(b[i], b[j]) }
func (b best) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b *best) Push(x any)        { *b = append(*b, x.(ranked)) }
func (b *best) Pop() any {
	last := (*b)[len(*b)-1]
	*b = (*b)[:len(*b)-1]
	return last
}

// keep takes one of the best n.
func (b *best) keep(one ranked, n int) {
	if len(*b) < n {
		heap.Push(b, one)
	} else if n > 0 && worse((*b)[0], one) {
		(*b)[0] = one
		heap.Fix(b, 0)
	}
}

// run finds the best documents and counts all hits, segment by segment and term by term: which documents are hits is
// told by the postings alone; how often terms stand in them is read of the hits.
func (r *ranking) run(ctx context.Context, v *view, x *Index) (hits []ranked, total int, err error) {
	slices.SortStableFunc(r.terms, func(a, b *term) int { return cmp.Compare(b.idf, a.idf) })
	rest := 0.0 // idf of the common terms, which together do not make a hit
	for i := len(r.terms) - 1; i >= 0; i-- {
		rest += r.terms[i].idf
		if r.terms[i].counted = rest >= r.need; !r.terms[i].counted {
			r.density.recount(r.terms[i])
		}
	}
	work := x.scratch.Get().(*scratch)
	defer x.scratch.Put(work)
	top := make(best, 0, r.limit+1)
	for i, s := range v.parts {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		work.room(s.n)
		may, err := r.filter.of(s)
		if err != nil {
			return nil, 0, err
		}
		r.match(i, s, may, work)
		if err := r.score(i, s, work); err != nil {
			return nil, 0, err
		}
		total += len(work.hits)
		if r.counts != nil {
			r.counts.add(s, work.hits)
		}
		for _, doc := range work.hits {
			top.keep(ranked{s.first + uint64(doc), work.scores[doc]}, r.limit)
		}
	}
	slices.SortFunc(top, func(a, b ranked) int { return -compareRanked(a, b) })
	return top, total, nil
}

// scratch is the room that a query works in.
type scratch struct {
	matched, scores, branch, best []float64 // by document
	hits                          []uint32
}

func (w *scratch) room(n int) {
	for _, list := range []*[]float64{&w.matched, &w.scores, &w.branch, &w.best} {
		if cap(*list) < n {
			*list = make([]float64, n)
		}
		*list = (*list)[:n]
	}
	w.hits = w.hits[:0]
}

// match finds the hits of a segment among the documents that may be.
func (r *ranking) match(at int, s *part, may bitset, w *scratch) {
	if r.newest {
		may.each(func(doc uint32) bool { w.hits = append(w.hits, doc); return true })
		return
	}
	clear(w.matched)
	r.together(w.matched, w, clearAll, false, func(t *term, sum []float64) error {
		t.in[at].each(func(doc uint32) { sum[doc] += t.idf })
		return nil
	})
	always := r.always()
	rest := make([]float64, len(always)+1) // idf of the terms from i on
	for i := len(always) - 1; i >= 0; i-- {
		rest[i] = rest[i+1] + always[i].idf
	}
	i := 0
	for ; i < len(always) && rest[i] >= r.need; i++ {
		idf := always[i].idf
		always[i].in[at].each(func(doc uint32) { w.matched[doc] += idf })
	}
	// the others together do not make a hit: they are only asked about the documents that the first ones brought
	var sounding bitset
	if r.sounds != nil {
		sounding = r.sounds[at]
	}
	const rounding = 1e-9
	may.each(func(doc uint32) bool {
		if m := w.matched[doc]; m > 0 && m+rest[i] >= r.need-rounding || sounding != nil && sounding.has(doc) {
			w.hits = append(w.hits, doc)
		}
		return true
	})
	for ; i < len(always); i++ {
		p, idf, left := always[i].in[at], always[i].idf, w.hits[:0]
		for _, doc := range w.hits {
			if p.has(doc) {
				w.matched[doc] += idf
			} else if w.matched[doc]+rest[i+1] < r.need-rounding && !(sounding != nil && sounding.has(doc)) {
				continue
			}
			left = append(left, doc)
		}
		w.hits = left
	}
	w.hits = slices.DeleteFunc(w.hits, func(doc uint32) bool {
		return w.matched[doc] < r.need && !(sounding != nil && sounding.has(doc))
	})
}

// always gives the terms that are always counted.
func (r *ranking) always() (out []*term) {
	for _, t := range r.terms {
		if t.branch == 0 {
			out = append(out, t)
		}
	}
	return out
}

func clearAll(list []float64) { clear(list) }

// together adds up by document the best branch of each group, and what always counts if that is wanted.
func (r *ranking) together(sum []float64, w *scratch, reset func([]float64), always bool, add func(t *term, sum []float64) error) error {
	for branch, group := range r.groups {
		if group == 0 && !always {
			continue
		}
		into := sum
		if group > 0 {
			into = w.branch
			reset(w.branch)
			if r.groups[branch-1] != group {
				reset(w.best)
			}
		}
		for _, t := range r.terms {
			if t.branch == branch {
				if err := add(t, into); err != nil {
					return err
				}
			}
		}
		if group == 0 {
			continue
		}
		for doc, score := range w.branch {
			w.best[doc] = max(w.best[doc], score)
		}
		if branch+1 == len(r.groups) || r.groups[branch+1] != group {
			for doc, score := range w.best {
				sum[doc] += score
			}
		}
	}
	return nil
}

// score scores the hits of a segment.
func (r *ranking) score(at int, s *part, w *scratch) error {
	if r.newest {
		for _, doc := range w.hits {
			w.scores[doc] = float64(max(s.day[doc], 0))
		}
		return nil
	}
	if len(w.hits) == 0 {
		return nil
	}
	hits := roaring.New()
	hits.AddMany(w.hits)
	reset := func(list []float64) {
		for _, doc := range w.hits {
			list[doc] = 0
		}
	}
	add := func(t *term, sum []float64) error {
		if t.counted {
			return r.count(at, s, t, w.hits, hits, sum)
		}
		t.in[at].among(hits).each(func(doc uint32) { sum[doc] += t.uncounted() })
		return nil
	}
	reset(w.scores)
	if err := r.together(w.scores, w, reset, true, add); err != nil {
		return err
	}
	for _, t := range r.bonus {
		if err := add(t, w.scores); err != nil {
			return err
		}
	}
	if r.sounds != nil {
		for _, doc := range w.hits {
			if r.sounds[at].has(doc) {
				w.scores[doc] += r.loud
			}
		}
	}
	return nil
}

// count adds to hits what BM25 gives them for a term.
func (r *ranking) count(at int, s *part, t *term, hits []uint32, set *roaring.Bitmap, sum []float64) error {
	length := s.lengths[t.field].of
	often, err := s.common(t.textTerm, t.in[at])
	if err != nil {
		return err
	}
	if often == nil {
		return t.in[at].frequencies(set, func(doc uint32, frequency uint64) {
			sum[doc] += t.bm25(float64(frequency), float64(length[doc]))
		})
	}
	for _, doc := range hits {
		if often[doc] > 0 {
			sum[doc] += t.bm25(float64(often[doc]), float64(length[doc]))
		}
	}
	return nil
}
