package integrity

import (
	"math"
	"slices"
)

// leastTimes is how many takers' times make a norm; leastItems how many items with a norm make a share of fast
// ones, and how many gaps a measure of evenness.
const (
	leastTimes = 5
	leastItems = 10
	fastShare  = 0.25 // of an item's norm
)

// Timed is how long a taker took until an item was answered first, in seconds.
type Timed struct {
	Item    string
	Seconds float64
}

// Norms gives the median time of each item that enough takers answered.
func Norms(takers [][]Timed) map[string]float64 {
	times := map[string][]float64{}
	for _, list := range takers {
		for _, one := range list {
			times[one.Item] = append(times[one.Item], one.Seconds)
		}
	}
	norms := make(map[string]float64, len(times))
	for item, list := range times {
		if len(list) >= leastTimes {
			slices.Sort(list)
			norms[item] = (list[(len(list)-1)/2] + list[len(list)/2]) / 2
		}
	}
	return norms
}

// Fast gives the share of a taker's items that were answered in less than a quarter of their norm; 0 where too few
// have one.
func Fast(list []Timed, norms map[string]float64) float64 {
	fast, all := 0, 0
	for _, one := range list {
		if norm, ok := norms[one.Item]; ok && norm > 0 {
			all++
			if one.Seconds < fastShare*norm {
				fast++
			}
		}
	}
	if all < leastItems {
		return 0
	}
	return float64(fast) / float64(all)
}

// Even says how alike a taker's times are: 1 less their coefficient of variation, at least 0. People think longer
// about some items than about others, and come to about 0 to 0.5; a program that clicks at a beat comes near 1.
// 0 where there are too few times.
func Even(list []Timed) float64 {
	if len(list) < leastItems {
		return 0
	}
	sum, squares := 0.0, 0.0
	for _, one := range list {
		sum += one.Seconds
	}
	mean := sum / float64(len(list))
	if mean <= 0 {
		return 0
	}
	for _, one := range list {
		squares += (one.Seconds - mean) * (one.Seconds - mean)
	}
	return max(0, 1-math.Sqrt(squares/float64(len(list)-1))/mean)
}

// Still says which share of a taker's answered items was answered though the page met no pointer, no key, no touch, no
// focus and no scrolling before, 0..1; 0 where too few were answered. Assistive technology moves the focus or scrolls; what
// answers for its taker without doing either is rare. A sign beside its rate, never a ground by itself.
func Still(answered, touched int) float64 {
	if answered < leastItems {
		return 0
	}
	return max(0, 1-float64(touched)/float64(answered))
}
