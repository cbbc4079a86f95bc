package integrity

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// Two takers who both got an item wrong chose, each by himself, among its wrong answers; some are popular, so that
// they agree now and then by chance. Similarity conditions on which items both got wrong (as the K-index conditions
// on the number wrong), so that weak takers are not taken for copiers, and asks how probable it is that they agree
// as often as they do. A rare shared wrong answer weighs more, for its share enters the probability. The share of a
// wrong answer is counted among takers of about the same ability, smoothed by all (as ω conditions on ability).

// Response is what a taker gave to an item: 0 = right or nothing, else a number that stands for a wrong answer of
// that item, the same for the same answer.
type Response = uint32

// Pair is two takers who share more wrong answers than chance explains.
type Pair struct {
	A, B     int     // indexes of the takers, A < B
	Both     int     // items that both got wrong
	Shared   int     // of these with the same wrong answer
	Expected float64 // of these by chance
	P        float64 // probability that chance alone gives so many, for this pair
	Chance   float64 // how many such pairs chance alone would give among all that were compared
	Items    []int   // the shared items
}

// abilityGroups is in how many groups of about the same number wrong takers are counted; smoothing is how many
// answers of everybody stand in for each group's own.
const (
	abilityGroups = 3
	smoothing     = 8.0
)

// leastShared is how many shared wrong answers a pair needs at least to be looked at.
const leastShared = 3

// Similar gives the pairs of takers of which chance alone would give at most chance among all pairs (0.05: in one
// exam of twenty without copying a pair is named at all), the least probable first, at most most of them.
// answers[t][i] is the response of taker t to item i; all rows have the same length.
func Similar(answers [][]Response, chance float64, most int) []Pair {
	n := len(answers)
	if n < 2 || len(answers[0]) == 0 {
		return nil
	}
	items := len(answers[0])
	s := newShares(answers, items)
	pairs := float64(n) * float64(n-1) / 2
	bound := chance / pairs
	words := (items + 63) / 64
	wrong := make([]uint64, n*words) // bitset of the items that each got wrong
	for t, row := range answers {
		for i, r := range row {
			if r != 0 {
				wrong[t*words+i/64] |= 1 << (i % 64)
			}
		}
	}
	// Who gave the same wrong answer to the same item: counts against each taker, one taker at a time, so that the
	// memory is that of a row and not of a matrix.
	lists := make([]map[Response]*sharers, items)
	for i := range lists {
		lists[i] = map[Response]*sharers{}
		for t, row := range answers {
			r := row[i]
			if r == 0 {
				continue
			}
			if lists[i][r] == nil {
				lists[i][r] = &sharers{log: s.leastLog(i, r)}
			}
			lists[i][r].takers = append(lists[i][r].takers, int32(t))
		}
	}
	probable := make([]float64, n*items*abilityGroups) // of each taker's wrong answers, in each group
	for t, row := range answers {
		for i, r := range row {
			if r == 0 {
				continue
			}
			for g := range abilityGroups {
				probable[(t*items+i)*abilityGroups+g] = s.of(i, r, g)
			}
		}
	}
	var found []Pair
	shared := make([]uint16, n)
	logs := make([]float64, n) // of the chance that all shared answers are the same: the tail is no less
	sure := math.Log(bound)
	chances := make([]float64, 0, items)
	for a := range n {
		clear(shared[a:])
		clear(logs[a:])
		for i, r := range answers[a] {
			if r == 0 {
				continue
			}
			list := lists[i][r]
			from, _ := slices.BinarySearch(list.takers, int32(a+1))
			for _, b := range list.takers[from:] {
				shared[b]++
				logs[b] += list.log
			}
		}
		for b := a + 1; b < n; b++ {
			m := int(shared[b])
			if m < leastShared || logs[b] > sure {
				continue
			}
			// Both ways: given the answers of the one, how probable are those of the other. The larger counts.
			p, expected, both := 0.0, 0.0, 0
			for _, way := range [2][2]int{{a, b}, {b, a}} {
				mean := 0.0
				chances = chances[:0]
				for w := range words {
					for set := wrong[a*words+w] & wrong[b*words+w]; set != 0; set &= set - 1 {
						i := w*64 + bits.TrailingZeros64(set)
						q := probable[(way[0]*items+i)*abilityGroups+s.group[way[1]]]
						mean += q
						chances = append(chances, q)
					}
				}
				both = len(chances)
				if float64(m) <= mean { // no more than expected: as probable as not
					p = 1
					break
				}
				if tail := atLeast(chances, m, bound); tail >= p {
					p, expected = tail, mean
				}
				if p > bound {
					break
				}
			}
			if p > bound {
				continue
			}
			pair := Pair{A: a, B: b, Both: both, Shared: m, Expected: expected, P: p, Chance: p * pairs}
			for i, r := range answers[a] {
				if r != 0 && r == answers[b][i] {
					pair.Items = append(pair.Items, i)
				}
			}
			found = append(found, pair)
		}
	}
	slices.SortFunc(found, func(x, y Pair) int { return cmp.Or(cmp.Compare(x.P, y.P), x.A-y.A, x.B-y.B) })
	return found[:min(len(found), most)]
}

// sharers is who gave one wrong answer to one item, in order.
type sharers struct {
	takers []int32
	log    float64 // of the least probability of it, in any group
}

// atLeast gives the probability that at least m of independent events with the chances come true (the
// Poisson-binomial tail), exactly where it is at most enough; else it is more than enough, and no more is asked: the
// tail only grows with each event.
func atLeast(chances []float64, m int, enough float64) float64 {
	if m > len(chances) {
		return 0
	}
	var room [65]float64
	dist := room[:] // of how many came true, up to m-1; what is above is the tail
	if m > len(room) {
		dist = make([]float64, m)
	}
	dist = dist[:m]
	dist[0] = 1
	tail := 0.0
	for n, q := range chances {
		if tail += dist[m-1] * q; tail > enough {
			return tail
		}
		for k := min(m-1, n+1); k > 0; k-- {
			dist[k] = dist[k]*(1-q) + dist[k-1]*q
		}
		dist[0] *= 1 - q
	}
	return tail
}

// shares says how popular each wrong answer is among those who got the item wrong, by group of ability.
type shares struct {
	group []int // of each taker
	all   []map[Response]float64
	total []float64
	by    [][abilityGroups]map[Response]float64
	sum   [][abilityGroups]float64
}

func newShares(answers [][]Response, items int) *shares {
	n := len(answers)
	wrong := make([]int, n)
	order := make([]int, n)
	for t, row := range answers {
		order[t] = t
		for _, r := range row {
			if r != 0 {
				wrong[t]++
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return wrong[a] - wrong[b] })
	s := &shares{group: make([]int, n), all: make([]map[Response]float64, items), total: make([]float64, items),
		by: make([][abilityGroups]map[Response]float64, items), sum: make([][abilityGroups]float64, items)}
	for place, t := range order {
		s.group[t] = place * abilityGroups / n
	}
	for i := range items {
		s.all[i] = map[Response]float64{}
		for g := range abilityGroups {
			s.by[i][g] = map[Response]float64{}
		}
	}
	for t, row := range answers {
		for i, r := range row {
			if r == 0 {
				continue
			}
			g := s.group[t]
			s.all[i][r]++
			s.total[i]++
			s.by[i][g][r]++
			s.sum[i][g]++
		}
	}
	return s
}

// of gives the probability that a taker of the group who got the item wrong gave this wrong answer. Nothing is ever
// sure or impossible: one imagined answer more counts for it.
func (s *shares) of(item int, r Response, group int) float64 {
	overall := (s.all[item][r] + 1) / (s.total[item] + 2)
	return min(0.999, (s.by[item][group][r]+smoothing*overall)/(s.sum[item][group]+smoothing))
}

// leastLog gives the logarithm of the least of the probabilities of a wrong answer, over the groups.
func (s *shares) leastLog(item int, r Response) float64 {
	least := 1.0
	for g := range abilityGroups {
		least = min(least, s.of(item, r, g))
	}
	return math.Log(least)
}
