package question

import (
	"slices"

	"qiming/internal/fault"
)

// cloze is 完形填空: a text whose gaps ("____") are items of their own, each a choice from a list, a text
// or a number. It earns the sum of its parts.
type cloze struct{ composite }

func (cloze) prepare(c *Content) {
	c.Stem = gapPattern.ReplaceAllString(c.Stem, Gap)
	c.Subs = slices.Clone(c.Subs)
	for i := range c.Subs {
		sub := &c.Subs[i].Content
		sub.Stem, sub.Explanation, sub.Source, sub.Feedback, sub.Difficulty = Gap, "", "", "", 0
		Prepare(sub)
	}
}

func (k cloze) validate(c Content) []fault.Field {
	p := k.composite.validate(c)
	if gaps := Gaps(c.Stem); gaps != len(c.Subs) {
		p = append(p, fault.Field{Path: "subs", Key: "question.gaps", Params: map[string]any{"gaps": gaps, "blanks": len(c.Subs)}})
	}
	for i, sub := range c.Subs {
		if k := sub.Content.Kind; k != Single && k != Blanks && k != Numerical {
			p = append(p, fault.Field{Path: at("subs", i, "content.kind"), Key: "question.cloze_kind"})
		}
	}
	return p
}
