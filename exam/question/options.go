package question

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"

	"qiming/internal/fault"
	"qiming/search"
)

// This file is what single and multiple choice share: options.

const optionIDLength = 6 // characters of base32: 30 bits, made unique within the item

func prepareOptions(c *Content) {
	c.Options = slices.Clone(c.Options)
	taken := make(map[string]bool, len(c.Options))
	for i := range c.Options {
		o := &c.Options[i]
		o.Text, o.Feedback, o.ID = tidy(o.Text), tidy(o.Feedback), strings.TrimSpace(o.ID)
		if o.ID != "" && taken[o.ID] {
			o.ID = "" // a copied row: the first keeps the id
		}
		taken[o.ID] = true
	}
	for i := range c.Options {
		o := &c.Options[i]
		if o.ID == "" {
			o.ID = optionID(o.Text, taken)
			taken[o.ID] = true
		}
	}
}

// optionID derives an id from the text alone, so that importing a file again gives the same ids and
// an id tells neither position nor key.
func optionID(text string, taken map[string]bool) string {
	base := search.Normalise(text, search.NormalOptions{FoldCase: true})
	for n := 0; ; n++ {
		salted := base
		if n > 0 {
			salted += "\x00" + strconv.Itoa(n)
		}
		sum := sha256.Sum256([]byte(salted))
		id := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:optionIDLength])
		if !taken[id] {
			return id
		}
	}
}

func validateOptions(c Content) (p problems, right int) {
	if len(c.Options) < MinOptions {
		p = append(p, fault.Field{Path: "options", Key: "too_few", Params: map[string]any{"min": MinOptions}})
	}
	if len(c.Options) > MaxOptions {
		p.addMax("options", "too_many", MaxOptions)
	}
	ids, texts := map[string]bool{}, map[string]bool{}
	for i, o := range c.Options {
		if o.Text == "" {
			p.add(at("options", i, "text"), "required")
		} else if texts[o.Text] {
			p.add(at("options", i, "text"), "duplicate")
		}
		p.length(at("options", i, "text"), o.Text, MaxOption)
		p.length(at("options", i, "feedback"), o.Feedback, MaxFeedback)
		if o.ID == "" || len(o.ID) > 40 || ids[o.ID] {
			p.add(at("options", i, "id"), "duplicate")
		}
		ids[o.ID], texts[o.Text] = true, true
		if o.Right {
			right++
		}
	}
	return p, right
}

func presentOptions(c Content, order []int, item *Item) {
	if c.KeepOrder {
		order = nil
	}
	for _, i := range pinned(c.Options, permutation(order, len(c.Options))) {
		item.Options = append(item.Options, Choice{ID: c.Options[i].ID, Text: c.Options[i].Text})
	}
}

// pinned puts pinned options back to the author's place; the others keep their order around them.
func pinned(options []Option, order []int) []int {
	rest := slices.DeleteFunc(order, func(i int) bool { return options[i].Pinned })
	out := make([]int, len(options))
	for place := range out {
		if options[place].Pinned {
			out[place] = place
		} else {
			out[place], rest = rest[0], rest[1:]
		}
	}
	return out
}

// permutation completes order to a permutation of 0..n-1: what is out of range or repeated is left
// out, what is missing follows in its own order.
func permutation(order []int, n int) []int {
	out, seen := make([]int, 0, n), make([]bool, n)
	for _, i := range order {
		if i >= 0 && i < n && !seen[i] {
			seen[i] = true
			out = append(out, i)
		}
	}
	for i := range n {
		if !seen[i] {
			out = append(out, i)
		}
	}
	return out
}

func rightOptions(c Content) []string {
	var ids []string
	for _, o := range c.Options {
		if o.Right {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

func revealOptions(c Content, key *Key) {
	key.Options = rightOptions(c)
	for _, o := range c.Options {
		if o.Feedback != "" {
			if key.OptionFeedback == nil {
				key.OptionFeedback = map[string]string{}
			}
			key.OptionFeedback[o.ID] = o.Feedback
		}
	}
}

func checkChoices(c Content, r Response, limit int) error {
	var p problems
	if len(r.Choices) > limit {
		p.addMax("choices", "too_many", limit)
	} else {
		for i, id := range r.Choices {
			switch {
			case !slices.ContainsFunc(c.Options, func(o Option) bool { return o.ID == id }):
				p.add(at("choices", i, ""), "unknown")
			case slices.Contains(r.Choices[:i], id):
				p.add(at("choices", i, ""), "duplicate")
			}
		}
	}
	r.Choices = nil
	p.foreign(r)
	return p.refused()
}

// foreign adds a problem for each field of r that is set; kinds clear their own first.
func (p *problems) foreign(r Response) {
	if len(r.Choices) > 0 {
		p.add("choices", "foreign")
	}
	if r.Truth != nil {
		p.add("truth", "foreign")
	}
	if len(r.Texts) > 0 {
		p.add("texts", "foreign")
	}
	if r.Text != "" {
		p.add("text", "foreign")
	}
	if r.Unit != "" {
		p.add("unit", "foreign")
	}
	if len(r.Pairs) > 0 {
		p.add("pairs", "foreign")
	}
	if len(r.Subs) > 0 {
		p.add("subs", "foreign")
	}
	if len(r.Files) > 0 {
		p.add("files", "foreign")
	}
}
