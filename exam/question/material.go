package question

import (
	"slices"

	"qiming/internal/fault"
)

// material is 材料题: a text, and items of any kind about it. It is drawn as one; in a paper each of its
// items is a place of its own (see SubVersion).
type material struct{ composite }

func (material) prepare(c *Content) {
	c.Subs = slices.Clone(c.Subs)
	for i := range c.Subs {
		sub := &c.Subs[i].Content
		sub.Difficulty = 0
		Prepare(sub)
	}
}

func (k material) validate(c Content) []fault.Field {
	p := k.composite.validate(c)
	for i, sub := range c.Subs {
		if sub.Content.Kind == Material {
			p = append(p, fault.Field{Path: at("subs", i, "content.kind"), Key: "question.material_kind"})
		}
	}
	return p
}
