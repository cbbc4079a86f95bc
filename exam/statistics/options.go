package statistics

import (
	"math/bits"
	"slices"
)

// Thirds is a count by thirds of the takers, by their totals: the lowest first.
type Thirds [3]int

// All gives the count of the three together.
func (t Thirds) All() int { return t[0] + t[1] + t[2] }

// Choices says who chose what of an item with options, over whole attempts whose paper had it.
type Choices struct {
	Takers  Thirds   `json:"takers"`  // how many there are
	Options []Thirds `json:"options"` // by option: how many chose it
	None    Thirds   `json:"none"`    // chose nothing
}

// Choices gives the option analysis of the items, parallel to Figures; nil for items without options.
func (t *Tally) Choices() []*Choices {
	list := make([]*Choices, len(t.items))
	var third []uint8
	for i := range t.items {
		s := &t.items[i]
		if !s.options {
			continue
		}
		if third == nil {
			third = t.thirds()
		}
		c := &Choices{}
		for j, chosen := range s.chosen {
			in := third[s.at[j]]
			c.Takers[in]++
			if chosen == 0 {
				c.None[in]++
			}
			for ; chosen != 0; chosen &= chosen - 1 {
				grown(&c.Options, bits.TrailingZeros16(chosen))[in]++
			}
		}
		list[i] = c
	}
	return list
}

// Times are the seconds that takers spent on an item, of those of whom it is known.
type Times struct {
	N      int     `json:"n"`
	Lower  float64 `json:"lower"` // a quarter took less
	Median float64 `json:"median"`
	Upper  float64 `json:"upper"` // a quarter took more
}

// Times gives the times of the items, parallel to Figures; nil where none is known.
func (t *Tally) Times() []*Times {
	list := make([]*Times, len(t.items))
	for i := range t.items {
		list[i] = TimesOf(t.items[i].seconds)
	}
	return list
}

// TimesOf sums up how long something took each; nil for none.
func TimesOf(seconds []float32) *Times {
	if len(seconds) == 0 {
		return nil
	}
	sorted := slices.Clone(seconds)
	slices.Sort(sorted)
	return &Times{N: len(sorted), Lower: quantile(sorted, 0.25), Median: quantile(sorted, 0.5), Upper: quantile(sorted, 0.75)}
}

// Count says over how many attempts an item is measured: N in which it is marked, of those Answered with an answer, and Paired
// whose total is known too.
type Count struct{ N, Answered, Paired int }

// Counts gives the counts of the items, parallel to Figures.
func (t *Tally) Counts() []Count {
	list := make([]Count, len(t.items))
	for i := range t.items {
		s := &t.items[i]
		list[i] = Count{s.n, s.answered, s.both.n}
	}
	return list
}
