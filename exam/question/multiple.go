package question

import (
	"math"
	"slices"

	"qiming/internal/fault"
)

// multiple is 多选题: a set of options. A wrong option earns nothing under every rule; an incomplete
// set of right ones earns what Content.Partial says; with ByWeight each option has its own weight.
type multiple struct{ undivided }

func (multiple) prepare(c *Content) {
	prepareOptions(c)
	if c.Partial == "" {
		c.Partial = AllOrNothing
	}
	if c.Partial != FixedShare {
		c.PartialShare = 0
	}
	prepareWeights(c, leastWeight)
}

func (multiple) uses() fields { return usesOptions | usesPartial }

func (multiple) validate(c Content) []fault.Field {
	p, right := validateOptions(c)
	if right == 0 {
		p.add("options", "question.multiple_right")
	}
	switch c.Partial {
	case "", AllOrNothing, ShareOfKey:
	case ByWeight:
		sum := 0.0
		for _, o := range c.Options {
			sum += max(o.Weight, 0)
		}
		if !(math.Abs(sum-1) <= weightSlack) {
			p = append(p, fault.Field{Path: "options", Key: "question.weights_sum", Params: map[string]any{"sum": math.Round(1e4*sum) / 100}})
		}
	case FixedShare:
		if !(c.PartialShare > 0 && c.PartialShare <= 1) { // also refuses NaN
			p.addRange("partial_share", 0, 1)
		}
	default:
		p.add("partial", "unknown")
	}
	return append(p, validateWeights(c)...)
}

func (multiple) shuffled(c Content) int { return len(c.Options) }
func (multiple) present(c Content, order []int, item *Item) {
	presentOptions(c, order, item)
	item.Partial, item.PartialShare = c.Partial, c.PartialShare
	if item.Partial == "" {
		item.Partial = AllOrNothing
	}
}

func (multiple) reveal(c Content, key *Key) { revealOptions(c, key) }
func (multiple) right(c Content) Response   { return Response{Choices: rightOptions(c)} }

func (multiple) Check(c Content, r Response) error { return checkChoices(c, r, len(c.Options)) }
func (multiple) Answered(r Response) bool          { return len(r.Choices) > 0 }

func (multiple) Mark(c Content, r Response) Mark {
	if c.Partial == ByWeight {
		return markByWeight(c, r)
	}
	right, hit := 0, 0
	for _, o := range c.Options {
		chosen := slices.Contains(r.Choices, o.ID)
		if chosen && !o.Right {
			return Mark{}
		}
		if o.Right {
			right++
			if chosen {
				hit++
			}
		}
	}
	for _, id := range r.Choices { // an option of another item is a wrong one
		if !slices.ContainsFunc(c.Options, func(o Option) bool { return o.ID == id }) {
			return Mark{}
		}
	}
	switch {
	case hit == 0:
		return Mark{}
	case hit == right:
		return Mark{Fraction: 1}
	case c.Partial == FixedShare:
		return Mark{Fraction: c.PartialShare}
	case c.Partial == ShareOfKey:
		return Mark{Fraction: float64(hit) / float64(right)}
	}
	return Mark{}
}
