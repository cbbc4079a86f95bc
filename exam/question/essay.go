package question

import (
	"slices"
	"strings"

	"qiming/internal/fault"
	"qiming/media"
)

// essay is 论述题: a long text, and files where the author allows them, marked by evaluators along a
// rubric.
type essay struct{ undivided }

func (essay) prepare(c *Content) { prepareRubric(c) }

func (essay) uses() fields { return usesModel | usesRubric }

func (essay) validate(c Content) []fault.Field {
	var p problems
	p.length("model", c.Model, MaxText)
	p.rubric(c.Rubric)
	if c.Attachments < 0 || c.Attachments > MaxFiles {
		p.addRange("attachments", 0, MaxFiles)
	}
	return p
}

func (essay) shuffled(Content) int { return 0 }

func (essay) present(c Content, _ []int, item *Item) {
	item.MaxLength, item.Attachments, item.Rubric = MaxEssay, c.Attachments, shownRubric(c.Rubric)
}

func (essay) reveal(c Content, key *Key) { key.Model = c.Model }
func (essay) right(c Content) Response   { return Response{Text: c.Model} }

func (essay) Check(c Content, r Response) error {
	var p problems
	p.length("text", r.Text, MaxEssay)
	if len(r.Files) > c.Attachments {
		p.addMax("files", "too_many", c.Attachments)
	}
	for i, id := range r.Files {
		if !media.IsID(id) || slices.Contains(r.Files[:i], id) {
			p.add(at("files", i, ""), "unknown")
		}
	}
	r.Text, r.Files = "", nil
	p.foreign(r)
	return p.refused()
}

func (essay) Answered(r Response) bool { return strings.TrimSpace(r.Text) != "" || len(r.Files) > 0 }

// Mark asks for an evaluator; an empty answer needs none.
func (e essay) Mark(_ Content, r Response) Mark { return Mark{Human: e.Answered(r)} }
