package index

import (
	"cmp"
	"container/heap"
	"context"
	"math"
	"slices"

	bleveindex "github.com/blevesearch/bleve_index_api"
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

// none is after the last document.
const none = math.MaxUint64

// cursor walks the postings of a term in a field.
type cursor struct {
	open     func(ctx context.Context, counted bool) (bleveindex.TermFieldReader, error)
	postings bleveindex.TermFieldReader
	doc      bleveindex.TermFieldDoc
	at       uint64  // the document where it stands; none at the end
	idf      float64 // what it counts for being a hit: inverse document frequency, of a synonym's terms in proportion
	weight   float64 // idf x (k1+1) x the field's weight: what no document exceeds
	average  float64 // of the field's length
	branch   int     // which way of saying the query's words; 0 is always counted, see ranking.groups
	counted  bool    // the postings tell how often the term stands in a document
	single   string  // the term, where it is a single of the text that always counts (fields of text have about the same length)
}

func (c *cursor) moved(doc *bleveindex.TermFieldDoc, err error) error {
	if err != nil {
		return err
	}
	if doc == nil {
		c.at = none
		return nil
	}
	c.at = doc.ID.Value()
	return nil
}

// count exchanges the postings for those with numbers. Those of the common terms are never read: that would be to walk
// through half the index for what hardly tells documents apart; among the first hits density makes up for it.
func (c *cursor) count(ctx context.Context) error {
	counted, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	c.postings.Close()
	c.postings, c.counted = counted, true
	return nil
}

func (c *cursor) next() error { return c.moved(c.postings.Next(&c.doc)) }

func (c *cursor) bm25(frequency, length float64) float64 {
	return c.weight * frequency / (frequency + saturation*(1-lengthShare+lengthShare*length/c.average))
}

// advance goes to a document or behind it.
func (c *cursor) advance(to uint64, id bleveindex.IndexInternalID) error {
	if c.at >= to {
		return nil
	}
	return c.moved(c.postings.Advance(id, &c.doc))
}

// score is BM25's for the term in the document where the cursor stands. Where nobody counted it is that of a term which
// stands once in a document of average length.
func (c *cursor) score() float64 {
	if !c.counted {
		return c.weight / (1 + saturation)
	}
	return c.bm25(float64(c.doc.Freq), 1/(c.doc.Norm*c.doc.Norm))
}

// branch is a way of saying some of the query's words. Of the branches of a group only the best counts.
type branch struct {
	group          int // 0 for what is always counted
	matched, score float64
}

// ranking finds the documents of a query, the best first.
type ranking struct {
	terms    []*cursor // by falling idf; count for whether a document is a hit
	bonus    []*cursor // only raise the score
	branches []branch  // the first is of what is always counted
	groups   int
	need     float64 // idf that makes a hit
	density  density
	sounds   *cursorUnion
	filter   *filter
	limit    int
	age      func(bleveindex.IndexInternalID) (float64, error) // the score of a search for nothing; nil of others
	each     func(bleveindex.IndexInternalID) error            // told of each hit; nil where nobody asks
}

// ranked is a document with its score.
type ranked struct {
	doc   uint64
	score float64
}

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

// worse orders by score; of equals the document that came first is better.
func worse(a, b ranked) bool {
	if a.score != b.score {
		return a.score < b.score
	}
	return a.doc > b.doc
}

// run walks the documents that may be hits. The common terms, whose idf together does not make a hit, never bring a
// document up by themselves: they are only asked about the documents that the others bring.
func (r *ranking) run(ctx context.Context) (hits []ranked, total int, err error) {
	slices.SortStableFunc(r.terms, func(a, b *cursor) int { return cmp.Compare(b.idf, a.idf) })
	rest := make([]float64, len(r.terms)+1) // idf of the terms from i on
	for i := len(r.terms) - 1; i >= 0; i-- {
		rest[i] = rest[i+1] + r.terms[i].idf
	}
	leading := len(r.terms)
	for leading > 0 && rest[leading-1] < r.need {
		leading--
	}
	for i, c := range r.terms {
		if i >= leading {
			r.density.recount(c)
		} else if err := c.count(ctx); err != nil {
			return nil, 0, err
		}
		if err := c.next(); err != nil {
			return nil, 0, err
		}
	}
	for _, c := range r.bonus {
		if err := c.next(); err != nil {
			return nil, 0, err
		}
	}
	top := make(best, 0, r.limit+1)
	var id bleveindex.IndexInternalID
	for steps := 0; ; steps++ {
		if steps%1024 == 0 && ctx.Err() != nil {
			return nil, 0, ctx.Err()
		}
		doc := uint64(none)
		for _, c := range r.terms[:leading] {
			doc = min(doc, c.at)
		}
		if r.sounds != nil {
			doc = min(doc, r.sounds.at())
		}
		if doc == none {
			break
		}
		id = bleveindex.NewIndexInternalID(id, doc)
		hit, score, err := r.judge(doc, id, leading, rest)
		if err != nil {
			return nil, 0, err
		}
		if hit {
			total++
			if r.age != nil {
				if score, err = r.age(id); err != nil {
					return nil, 0, err
				}
			}
			if r.each != nil {
				if err := r.each(id); err != nil {
					return nil, 0, err
				}
			}
			if this := (ranked{doc, score}); len(top) < r.limit {
				heap.Push(&top, this)
			} else if r.limit > 0 && worse(top[0], this) {
				top[0] = this
				heap.Fix(&top, 0)
			}
		}
		for _, c := range r.terms[:leading] {
			if c.at == doc {
				if err := c.next(); err != nil {
					return nil, 0, err
				}
			}
		}
		if r.sounds != nil {
			if err := r.sounds.pass(doc); err != nil {
				return nil, 0, err
			}
		}
	}
	slices.SortFunc(top, func(a, b ranked) int {
		if worse(b, a) {
			return -1
		}
		return 1
	})
	return top, total, nil
}

// judge says whether a document is a hit, and its score.
func (r *ranking) judge(doc uint64, id bleveindex.IndexInternalID, leading int, rest []float64) (bool, float64, error) {
	for i := range r.branches {
		r.branches[i].matched, r.branches[i].score = 0, 0
	}
	sounding := 0.0
	if r.sounds != nil && r.sounds.at() == doc {
		sounding = r.sounds.score
	}
	most := rest[leading]
	for _, c := range r.terms[:leading] {
		if c.at == doc {
			b := &r.branches[c.branch]
			b.matched += c.idf
			b.score += c.score()
			most += c.idf
		}
	}
	if most < r.need && sounding == 0 {
		return false, 0, nil
	}
	if seen, err := r.filter.has(doc, id); err != nil || !seen {
		return false, 0, err
	}
	for i := leading; i < len(r.terms); i++ {
		c := r.terms[i]
		if err := c.advance(doc, id); err != nil {
			return false, 0, err
		}
		if c.at == doc {
			b := &r.branches[c.branch]
			b.matched += c.idf
			b.score += c.score()
		} else if most -= c.idf; most < r.need && sounding == 0 {
			return false, 0, nil
		}
	}
	matched, score := r.together()
	if matched < r.need && sounding == 0 {
		return false, 0, nil
	}
	for _, c := range r.bonus {
		if err := c.advance(doc, id); err != nil {
			return false, 0, err
		}
		if c.at == doc {
			score += c.score()
		}
	}
	return true, score + sounding, nil
}

// together adds up what always counts and the best branch of each group.
func (r *ranking) together() (matched, score float64) {
	matched, score = r.branches[0].matched, r.branches[0].score
	for group := 1; group <= r.groups; group++ {
		bestMatched, bestScore := 0.0, 0.0
		for _, b := range r.branches {
			if b.group == group && b.score > bestScore {
				bestMatched, bestScore = b.matched, b.score
			}
		}
		matched, score = matched+bestMatched, score+bestScore
	}
	return matched, score
}

func (r *ranking) close() {
	for _, c := range slices.Concat(r.terms, r.bonus) {
		c.postings.Close()
	}
	if r.sounds != nil {
		r.sounds.close()
	}
	if r.filter != nil {
		r.filter.close()
	}
}

// cursorUnion walks the documents of several terms as one.
type cursorUnion struct {
	cursors []*cursor
	score   float64 // of each document
}

func (u *cursorUnion) at() uint64 {
	doc := uint64(none)
	for _, c := range u.cursors {
		doc = min(doc, c.at)
	}
	return doc
}

func (u *cursorUnion) pass(doc uint64) error {
	for _, c := range u.cursors {
		for c.at <= doc {
			if err := c.next(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (u *cursorUnion) close() {
	for _, c := range u.cursors {
		c.postings.Close()
	}
}
