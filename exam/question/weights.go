package question

import (
	"math"
	"slices"
)

// This file is what single and multiple choice share where each option has a weight of its own.

const (
	leastWeight = 1e-9 // a weight above 0: a right option of a multiple choice
	weightSlack = 1e-3 // three times 33.33 % are all
)

// prepareWeights makes Right follow from the weights, or drops weights that no rule uses. An option is
// right from least on.
func prepareWeights(c *Content, least float64) {
	for i := range c.Options {
		o := &c.Options[i]
		if c.Partial != ByWeight {
			o.Weight = 0
			continue
		}
		o.Right = o.Weight >= least-weightSlack*least
	}
}

func validateWeights(c Content) (p problems) {
	for i, o := range c.Options {
		if !(o.Weight >= -1 && o.Weight <= 1) { // also refuses NaN
			p.addRange(at("options", i, "weight"), -100, 100)
		}
	}
	return p
}

// markByWeight gives the sum of the weights of what was chosen, at most 1. What costs is not bought off by
// what earns: with an option of negative weight the sum is at most 0. So of A 0.5, C 0.5, B -0.5 the
// answer AC earns 1, A 0.5 and ABC 0 (exam-rules section 2; Moodle would give 0.5 for ABC).
func markByWeight(c Content, r Response) Mark {
	sum, costs := 0.0, false
	for _, id := range r.Choices {
		i := slices.IndexFunc(c.Options, func(o Option) bool { return o.ID == id })
		if i < 0 { // an option of another item is a wrong one
			return Mark{}
		}
		sum += c.Options[i].Weight
		costs = costs || c.Options[i].Weight < 0
	}
	switch {
	case costs:
		sum = min(sum, 0)
	case math.Abs(sum-1) <= weightSlack:
		sum = 1
	}
	return Mark{Fraction: min(max(sum, -1), 1)}
}
