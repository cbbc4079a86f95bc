package shortanswer

import (
	"math"

	"qiming/search"
)

// likeness says how alike answers are by their terms, function words and denials included.
type likeness struct {
	single []map[string]bool // words and characters
	pairs  []map[string]bool // neighbouring ones
	mean   float64           // of the single terms of an answer
	known  map[[2]int]alike  // compared before
}

type alike struct{ terms, surplus float64 }

// pairShare is how much pairs count beside single terms.
const pairShare = 0.35

func newLikeness(texts []string) *likeness {
	l := &likeness{single: make([]map[string]bool, len(texts)), pairs: make([]map[string]bool, len(texts)), known: map[[2]int]alike{}}
	sum := 0
	for i, text := range texts {
		single, pairs, last := map[string]bool{}, map[string]bool{}, ""
		for _, t := range search.Tokens(text) {
			if t.Kind == search.Pair {
				pairs[t.Term] = true
				continue
			}
			single[t.Term] = true
			if last != "" {
				pairs[last+" "+t.Term] = true
			}
			last = t.Term
		}
		l.single[i], l.pairs[i] = single, pairs
		sum += len(single)
	}
	l.mean = max(float64(sum)/float64(max(len(texts), 1)), 1)
	return l
}

// of gives the likeness of two answers, 0..1: the Jaccard index (terms of both by terms of either), and by the share
// surplus a Gaussian of how many terms only one has, which tells short answers apart by what one says besides.
func (l *likeness) of(i, j int, surplus float64) float64 {
	if i > j {
		i, j = j, i
	}
	a, ok := l.known[[2]int{i, j}]
	if !ok {
		a = l.compare(i, j)
		l.known[[2]int{i, j}] = a
	}
	return (1-surplus)*a.terms + surplus*a.surplus
}

func (l *likeness) compare(i, j int) alike {
	single, differ := jaccard(l.single[i], l.single[j])
	pairs, _ := jaccard(l.pairs[i], l.pairs[j])
	return alike{(1-pairShare)*single + pairShare*pairs, math.Exp(-float64(differ) / (2 * l.mean))}
}

// jaccard gives the share of terms that both have, and how many only one has.
func jaccard(a, b map[string]bool) (share float64, differ int) {
	if len(a) > len(b) {
		a, b = b, a
	}
	shared := 0
	for t := range a {
		if b[t] {
			shared++
		}
	}
	either := len(a) + len(b) - shared
	if either == 0 {
		return 1, 0
	}
	return float64(shared) / float64(either), either - shared
}
