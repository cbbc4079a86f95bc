package question

import "qiming/internal/fault"

// single is 单选题: one option of 2..12 is right and earns everything.
type single struct{}

func (single) prepare(c *Content) { prepareOptions(c) }

func (single) clear(c *Content) {
	clearPartial(c)
	clearBlanks(c)
	clearNumbers(c)
	c.Truth, c.Model, c.Pairs = false, "", nil
}

func (single) validate(c Content) []fault.Field {
	p, right := validateOptions(c)
	if right != 1 {
		p.add("options", "question.single_right")
	}
	return p
}

func (single) shuffled(c Content) int                     { return len(c.Options) }
func (single) present(c Content, order []int, item *Item) { presentOptions(c, order, item) }
func (single) reveal(c Content, key *Key)                 { revealOptions(c, key) }
func (single) right(c Content) Response                   { return Response{Choices: rightOptions(c)} }

func (single) Check(c Content, r Response) error { return checkChoices(c, r, 1) }
func (single) Answered(r Response) bool          { return len(r.Choices) > 0 }

func (single) Mark(c Content, r Response) Mark {
	if len(r.Choices) != 1 {
		return Mark{}
	}
	for _, o := range c.Options {
		if o.ID == r.Choices[0] && o.Right {
			return Mark{Fraction: 1}
		}
	}
	return Mark{}
}
