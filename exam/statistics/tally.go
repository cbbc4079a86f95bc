package statistics

import (
	"math"
	"slices"
)

// Mark is what an attempt got in one item of its paper.
type Mark struct {
	Item    int     // from 0; the caller numbers the items
	Place   int     // from 0: of the paper; where every paper has the same items it is the item
	Earned  float64 // points; below 0 only where options may cost
	Max     float64 // points that were to be had
	Answer  Answer
	Chosen  uint16  // of an item with options, 16 at most: bit i says that option i was chosen
	Options bool    // the item has options: Chosen is meant, also when it is 0
	Seconds float64 // spent on it; 0 = not known
}

// Answer says whether there was an answer.
type Answer bool

// The two.
const (
	NoAnswer Answer = false
	Answered Answer = true
)

// Attempt is one marked attempt. Without Marks only its total is known. Where some marks are not known yet, Partial is set and
// Marks holds those that are: they count for facility alone.
type Attempt struct {
	Total   float64
	Marks   []Mark
	Partial bool
}

// TotalOf gives the sum of marks, to the last digit the same in whatever order they are.
func TotalOf(marks []Mark) float64 {
	var total sum
	for i := range marks {
		total.add(marks[i].Earned)
	}
	return total.float()
}

// Tally takes attempts in one by one; the zero value is ready. It may be asked for figures at any time.
type Tally struct {
	totals []float64 // of whole attempts
	papers []float64 // of those, the totals of attempts with marks; items refer to it
	items  []itemSum
	places []pair
}

// itemSum is what is kept of one item.
type itemSum struct {
	n        int // attempts in which it is marked
	answered int
	share    sum  // of earned / max
	worth    bool // there were points to be had

	both    pair // over whole attempts
	marks   []float64
	at      []int32 // parallel: the attempt's place in Tally.papers
	chosen  []uint16
	options bool
	seconds []float32
}

// Add takes an attempt in. Marks is not kept.
func (t *Tally) Add(a Attempt) {
	if !a.Partial {
		t.totals = append(t.totals, a.Total)
		if len(a.Marks) > 0 {
			t.papers = append(t.papers, a.Total)
		}
	}
	for i := range a.Marks {
		m := &a.Marks[i]
		item := grown(&t.items, m.Item)
		item.count(m)
		if a.Partial {
			continue
		}
		grown(&t.places, m.Place).add(m.Earned, a.Total)
		item.both.add(m.Earned, a.Total)
		item.marks = append(item.marks, m.Earned)
		item.at = append(item.at, int32(len(t.papers)-1))
		if m.Options {
			item.options = true
			item.chosen = append(item.chosen, m.Chosen)
		}
	}
}

func grown[T any](list *[]T, i int) *T {
	for len(*list) <= i {
		var zero T
		*list = append(*list, zero)
	}
	return &(*list)[i]
}

func (s *itemSum) count(m *Mark) {
	s.n++
	if m.Answer {
		s.answered++
	}
	if m.Max != 0 {
		s.share.add(m.Earned / m.Max)
		s.worth = true
	}
	if m.Seconds > 0 {
		s.seconds = append(s.seconds, float32(m.Seconds))
	}
}

// Items says how many items were seen: the highest number of one, and one more.
func (t *Tally) Items() int { return len(t.items) }

// some gives a number as a figure that is known.
func some(x float64) *float64 { return &x }

// median gives the middle of a sorted list that is not empty.
// Median gives the median of a list that is not empty.
func Median(list []float64) float64 {
	list = slices.Clone(list)
	slices.Sort(list)
	return median(list)
}

func median(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// quantile gives the p-quantile of a sorted list that is not empty, between neighbours in proportion (Hyndman and Fan's type 7).
func quantile(sorted []float32, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return float64(sorted[len(sorted)-1])
	}
	return float64(sorted[i]) + (at-float64(i))*float64(sorted[i+1]-sorted[i])
}

// thirds says of each attempt with marks in which third of the totals it is: 0 the lowest, 2 the highest. Those with the same
// total are in the same third, that of the middle of their ranks, so that the order of attempts decides nothing.
func (t *Tally) thirds() []uint8 {
	order := make([]int32, len(t.papers))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		switch {
		case t.papers[a] < t.papers[b]:
			return -1
		case t.papers[a] > t.papers[b]:
			return 1
		}
		return 0
	})
	third := make([]uint8, len(order))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && same(t.papers[order[to]], t.papers[order[from]]) {
			to++
		}
		// The middle rank is (from+to)/2 of n; in whole numbers 3*(from+to) / 2n.
		which := uint8(min(3*(from+to)/(2*len(order)), 2))
		for _, i := range order[from:to] {
			third[i] = which
		}
		from = to
	}
	return third
}

// same says whether two totals are one but for the rounding of sums.
func same(a, b float64) bool {
	return math.Abs(a-b) <= 1e-12*math.Max(math.Abs(a), math.Abs(b))
}
