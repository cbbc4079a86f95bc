package question

import "qiming/internal/fault"

// single is 单选题: one option of 2..12 is right and earns everything; with ByWeight others may earn a part.
type single struct{ undivided }

func (single) prepare(c *Content) {
	prepareOptions(c)
	if c.Partial != ByWeight {
		c.Partial = ""
	}
	c.PartialShare = 0
	prepareWeights(c, 1)
}

func (single) uses() fields { return usesOptions | usesPartial }

func (single) validate(c Content) []fault.Field {
	p, right := validateOptions(c)
	switch {
	case c.Partial == ByWeight && right == 0:
		p.add("options", "question.weights_single")
	case c.Partial != ByWeight && right != 1:
		p.add("options", "question.single_right")
	}
	return append(p, validateWeights(c)...)
}

func (single) shuffled(c Content) int { return len(c.Options) }
func (single) present(c Content, order []int, item *Item) {
	presentOptions(c, order, item)
	item.Partial = c.Partial
}
func (single) reveal(c Content, key *Key) { revealOptions(c, key) }
func (single) right(c Content) Response {
	return Response{Choices: rightOptions(c)[:min(1, len(rightOptions(c)))]}
}

func (single) Check(c Content, r Response) error { return checkChoices(c, r, 1) }
func (single) Answered(r Response) bool          { return len(r.Choices) > 0 }

func (single) Mark(c Content, r Response) Mark {
	if len(r.Choices) != 1 {
		return Mark{}
	}
	if c.Partial == ByWeight {
		return markByWeight(c, r)
	}
	for _, o := range c.Options {
		if o.ID == r.Choices[0] && o.Right {
			return Mark{Fraction: 1}
		}
	}
	return Mark{}
}
