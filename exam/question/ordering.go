package question

import (
	"slices"

	"qiming/internal/fault"
)

// ordering is 排序题: the options are brought into the right order, which is the order in which the content
// holds them. A taker never sees them in that order.
type ordering struct{ undivided }

func (ordering) prepare(c *Content) {
	prepareOptions(c)
	for i := range c.Options {
		c.Options[i].Right, c.Options[i].Pinned = false, false
	}
	c.KeepOrder = false
	preparePartial(c)
}

func (ordering) uses() fields { return usesOptions | usesPartial }

func (ordering) validate(c Content) []fault.Field {
	p, _ := validateOptions(c)
	return append(p, validatePartial(c)...)
}

func (ordering) shuffled(c Content) int { return len(c.Options) }

func (ordering) present(c Content, order []int, item *Item) {
	places := permutation(order, len(c.Options))
	if slices.IsSorted(places) { // the right order, by chance or for want of a seed
		slices.SortFunc(places, func(i, j int) int { return compareIDs(c.Options[i].ID, c.Options[j].ID) })
		if slices.IsSorted(places) {
			slices.Reverse(places)
		}
	}
	for _, i := range places {
		item.Options = append(item.Options, Choice{ID: c.Options[i].ID, Text: c.Options[i].Text})
	}
	item.Partial = c.Partial
}

func (ordering) reveal(c Content, key *Key) {
	revealOptions(c, key)
	key.Options = sequence(c)
}

func (ordering) right(c Content) Response { return Response{Choices: sequence(c)} }

func sequence(c Content) []string {
	ids := make([]string, len(c.Options))
	for i, o := range c.Options {
		ids[i] = o.ID
	}
	return ids
}

// Check takes all options, each once, or none.
func (ordering) Check(c Content, r Response) error {
	if n := len(r.Choices); n != 0 && n != len(c.Options) {
		var p problems
		p.addRange("choices", len(c.Options), len(c.Options))
		return p.refused()
	}
	return checkChoices(c, r, len(c.Options))
}

func (ordering) Answered(r Response) bool { return len(r.Choices) > 0 }

// Mark gives all for the right order; under ShareOfKey else the share of neighbours that follow each
// other as they should.
func (ordering) Mark(c Content, r Response) Mark {
	right := sequence(c)
	if slices.Equal(r.Choices, right) && len(right) > 0 {
		return Mark{Fraction: 1}
	}
	if c.Partial != ShareOfKey || len(r.Choices) != len(right) || len(right) < 2 {
		return Mark{}
	}
	follows := make(map[string]string, len(right))
	for i := range len(right) - 1 {
		follows[right[i]] = right[i+1]
	}
	hit := 0
	for i := range len(r.Choices) - 1 {
		if next, ok := follows[r.Choices[i]]; ok && next == r.Choices[i+1] {
			hit++
		}
	}
	return Mark{Fraction: float64(hit) / float64(len(right)-1)}
}
