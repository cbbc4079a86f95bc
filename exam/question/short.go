package question

import (
	"strings"

	"qiming/internal/fault"
)

// short is 简答题: text that an evaluator marks against the model answer and its key points.
type short struct{ undivided }

func (short) prepare(c *Content) { preparePoints(c) }

func (short) uses() fields { return usesModel | usesPoints }

func (short) validate(c Content) []fault.Field {
	var p problems
	p.length("model", c.Model, MaxText)
	p.points(c)
	return p
}

func (short) shuffled(Content) int                   { return 0 }
func (short) present(_ Content, _ []int, item *Item) { item.MaxLength = MaxAnswer }
func (short) reveal(c Content, key *Key)             { key.Model = c.Model }
func (short) right(c Content) Response {
	if text := []rune(c.Model); len(text) > MaxAnswer {
		return Response{Text: string(text[:MaxAnswer])}
	}
	return Response{Text: c.Model}
}

func (short) Check(_ Content, r Response) error {
	var p problems
	p.length("text", r.Text, MaxAnswer)
	r.Text = ""
	p.foreign(r)
	return p.refused()
}

func (short) Answered(r Response) bool { return strings.TrimSpace(r.Text) != "" }

// Mark asks for an evaluator; an empty answer needs none.
func (s short) Mark(_ Content, r Response) Mark { return Mark{Human: s.Answered(r)} }
