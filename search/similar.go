package search

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// Grams are the terms of a short text in two parts, each a set: what it is about (of a question the stem),
// and what goes with it (the options), which alone makes nothing alike.
type Grams struct{ main, rest []string }

// GramsOf analyses a text; rest may be empty.
func GramsOf(main, rest string) Grams { return Grams{gramSet(main), gramSet(rest)} }

func gramSet(text string) []string {
	set := Terms(text)
	slices.Sort(set)
	return slices.Compact(set)
}

// Similar is an index of short texts in memory that finds those that say nearly the same. Two texts are
// compared by the weighted Jaccard index of their grams: the weight of what they share by the weight of what
// either has, a gram weighing the more the fewer texts have it (inverse document frequency). It is safe for
// concurrent use. Memory is about 2 kB a text of 40 characters with four options.
type Similar struct {
	mu       sync.RWMutex
	grams    map[string]uint32
	count    []uint32   // by gram: texts whose main part has it
	postings [][]uint32 // by gram: places in texts, dead ones too
	texts    []printed
	places   map[string]uint32
	dead     int
}

// printed is a text as it is kept.
type printed struct {
	id         string // "" = removed
	main, rest []uint32
}

// NewSimilar makes an empty index.
func NewSimilar() *Similar { return &Similar{grams: map[string]uint32{}, places: map[string]uint32{}} }

// Near is a text that is like another.
type Near struct {
	ID    string
	Score float64 // 0..1; 1 = the same grams
}

// How much the main part counts where both texts have a rest, and how alike main parts must be at least for
// the rest to count at all.
const (
	mainShare = 0.75
	restShare = 1 - mainShare
)

// Put takes a text in, in place of an earlier one of the same id.
func (s *Similar) Put(id string, g Grams) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(id)
	t := printed{id: id, main: s.numbers(g.main), rest: s.numbers(g.rest)}
	place := uint32(len(s.texts))
	s.texts = append(s.texts, t)
	s.places[id] = place
	for _, gram := range t.main {
		s.count[gram]++
		s.postings[gram] = append(s.postings[gram], place)
	}
}

// Remove forgets a text; an unknown id is no error.
func (s *Similar) Remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(id)
}

// Len counts the texts.
func (s *Similar) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.places)
}

func (s *Similar) remove(id string) {
	place, ok := s.places[id]
	if !ok {
		return
	}
	for _, gram := range s.texts[place].main {
		s.count[gram]--
	}
	s.texts[place] = printed{}
	delete(s.places, id)
	if s.dead++; s.dead > 1024 && s.dead > len(s.texts)/2 {
		s.compact()
	}
}

// compact drops the dead places from the postings.
func (s *Similar) compact() {
	live := make([]printed, 0, len(s.places))
	for _, t := range s.texts {
		if t.id != "" {
			live = append(live, t)
		}
	}
	for gram := range s.postings {
		s.postings[gram] = nil
	}
	for place, t := range live {
		s.places[t.id] = uint32(place)
		for _, gram := range t.main {
			s.postings[gram] = append(s.postings[gram], uint32(place))
		}
	}
	s.texts, s.dead = live, 0
}

// numbers gives the grams as sorted numbers, new ones for those not met before.
func (s *Similar) numbers(grams []string) []uint32 {
	out := make([]uint32, len(grams))
	for i, gram := range grams {
		n, ok := s.grams[gram]
		if !ok {
			n = uint32(len(s.grams))
			s.grams[gram] = n
			s.count, s.postings = append(s.count, 0), append(s.postings, nil)
		}
		out[i] = n
	}
	slices.Sort(out)
	return out
}

// Find gives the texts that are like g by at least least (above 0, to 1), the most alike first, up to limit,
// of those that keep takes. keep must not call the index.
func (s *Similar) Find(g Grams, least float64, limit int, keep func(id string) bool) []Near {
	s.mu.RLock()
	defer s.mu.RUnlock()
	q := s.query(g)
	leastMain := least
	if len(g.rest) > 0 {
		leastMain = (least - restShare) / mainShare
	}
	out := []Near{}
	for _, place := range q.candidates(leastMain, func(place uint32) bool { return s.texts[place].id != "" && keep(s.texts[place].id) }) {
		t := s.texts[place]
		score := q.jaccard(q.main, q.mainUnknown, t.main)
		if len(g.rest) > 0 && len(t.rest) > 0 {
			score = mainShare*score + restShare*q.jaccard(q.rest, q.restUnknown, t.rest)
		}
		if score >= least {
			out = append(out, Near{t.id, score})
		}
	}
	slices.SortFunc(out, func(a, b Near) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), limit)]
}

// query is a text being looked for: the grams that the index knows, and the weight of the others.
type query struct {
	index                    *Similar
	texts                    float64
	main, rest               []uint32
	mainUnknown, restUnknown float64
}

func (s *Similar) query(g Grams) *query {
	q := &query{index: s, texts: math.Log(float64(len(s.places) + 2))}
	split := func(grams []string) (known []uint32, unknown float64) {
		for _, gram := range grams {
			if n, ok := s.grams[gram]; ok {
				known = append(known, n)
			} else {
				unknown += q.texts
			}
		}
		slices.Sort(known)
		return known, unknown
	}
	q.main, q.mainUnknown = split(g.main)
	q.rest, q.restUnknown = split(g.rest)
	return q
}

// weight is the inverse document frequency of a gram.
func (q *query) weight(gram uint32) float64 {
	return q.texts - logOf(q.index.count[gram]+1)
}

// candidates gives the places of all texts that may be alike by least. A text that is shares at least the
// share least of the weight of the query, so it has one of the rarest grams, as many of them as leave less
// than that share behind; and what it shares of all grams adds up to that share. Of very many (a bank of
// questions from one mould) those that share most are given.
func (q *query) candidates(least float64, keep func(place uint32) bool) []uint32 {
	grams := slices.Clone(q.main)
	left, total := 0.0, q.mainUnknown
	for _, gram := range grams {
		left += q.weight(gram)
	}
	total += left
	need := least*total - 1e-4 // sums of many small numbers
	slices.SortFunc(grams, func(a, b uint32) int { return cmp.Compare(q.index.count[a], q.index.count[b]) })
	shared := make([]float32, len(q.index.texts))
	var seen []uint32
	for _, gram := range grams {
		w, fresh := q.weight(gram), left >= need
		for _, place := range q.index.postings[gram] {
			if shared[place] == 0 {
				if !fresh {
					continue
				}
				seen = append(seen, place)
			}
			shared[place] += float32(w)
		}
		left -= w
	}
	seen = slices.DeleteFunc(seen, func(place uint32) bool { return float64(shared[place]) < need || !keep(place) })
	if len(seen) <= maxCompared {
		return seen
	}
	var steps [101]int // texts by the percentage that they share
	percent := func(place uint32) int { return min(max(int(100*float64(shared[place])/total), 0), 100) }
	for _, place := range seen {
		steps[percent(place)]++
	}
	from, n := 100, steps[100]
	for ; from > 0 && n+steps[from-1] <= maxCompared; from-- {
		n += steps[from-1]
	}
	if n == 0 {
		return seen[:maxCompared]
	}
	return slices.DeleteFunc(seen, func(place uint32) bool { return percent(place) < from })
}

// maxCompared is how many texts are compared whole.
const maxCompared = 256

// jaccard compares a set of the query with one of a text, both sorted.
func (q *query) jaccard(a []uint32, unknown float64, b []uint32) float64 {
	shared, all := 0.0, unknown
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			all += q.weight(a[0])
			a = a[1:]
		case a[0] > b[0]:
			all += q.weight(b[0])
			b = b[1:]
		default:
			w := q.weight(a[0])
			shared, all = shared+w, all+w
			a, b = a[1:], b[1:]
		}
	}
	for _, gram := range a {
		all += q.weight(gram)
	}
	for _, gram := range b {
		all += q.weight(gram)
	}
	if all == 0 {
		return 0
	}
	return shared / all
}

// logs are the natural logarithms of small numbers: every comparison takes some hundred.
var logs = func() (table [4096]float64) {
	for n := range table {
		table[n] = math.Log(float64(max(n, 1)))
	}
	return table
}()

func logOf(n uint32) float64 {
	if n < uint32(len(logs)) {
		return logs[n]
	}
	return math.Log(float64(n))
}
