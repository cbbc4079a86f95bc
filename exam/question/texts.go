package question

// EachText gives every text of a content that may show files to do, which may change it.
func (c *Content) EachText(do func(text *string)) {
	for _, text := range []*string{&c.Stem, &c.Model, &c.Explanation, &c.Feedback} {
		do(text)
	}
	for i := range c.Options {
		do(&c.Options[i].Text)
		do(&c.Options[i].Feedback)
	}
	for i := range c.Pairs {
		do(&c.Pairs[i].Left)
		do(&c.Pairs[i].Right)
	}
	for i := range c.Subs {
		c.Subs[i].Content.EachText(do)
	}
}

// Texts gives every text of a content that may show files.
func (c Content) Texts() []string {
	var out []string
	c.EachText(func(text *string) { out = append(out, *text) })
	return out
}
