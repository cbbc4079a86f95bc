package search

import "slices"

// dropScraps takes from points the words that they only share with points that the answer says better: those belong to
// another thought. A point that has next to nothing of its own left earns nothing, and shows no words.
func (m *Matcher) dropScraps(points []PointMatch, credits map[string]float64) {
	for i := range points {
		p := &points[i]
		if p.chosen == nil || p.Earned >= 1 {
			continue
		}
		whole, own := 0.0, 0.0
		for _, t := range p.chosen.terms {
			w := m.weights[t] * m.pool.popularity(t)
			whole += w
			if !saidBetter(points, i, t) {
				own += w * credits[t]
			}
		}
		if own <= sparse*whole {
			p.Earned, p.Spans, p.Negated, p.Denials = 0, nil, false, nil
		}
	}
}

// much is by how much more another point is said; sums of the same weights differ by the order of their terms.
const much = 1e-9

// saidBetter says whether a term of point i belongs to a point that the answer says more of.
func saidBetter(points []PointMatch, i int, term string) bool {
	for j := range points {
		if j != i && points[j].Coverage > points[i].Coverage+much {
			if _, has := slices.BinarySearch(points[j].chosen.terms, term); has {
				return true
			}
		}
	}
	return false
}
