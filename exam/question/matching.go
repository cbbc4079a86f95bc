package question

import (
	"slices"
	"strings"

	"qiming/internal/fault"
)

// matching is 连线题: to each left side belongs one of the right sides.
type matching struct{}

func (matching) prepare(c *Content) {
	c.Pairs = slices.Clone(c.Pairs)
	taken := make(map[string]bool, len(c.Pairs))
	for i := range c.Pairs {
		p := &c.Pairs[i]
		p.Left, p.Right, p.ID = tidy(p.Left), tidy(p.Right), strings.TrimSpace(p.ID)
		if p.Left == "" || taken[p.ID] {
			p.ID = ""
		}
		taken[p.ID] = true
	}
	for i := range c.Pairs {
		if p := &c.Pairs[i]; p.ID == "" && p.Left != "" {
			p.ID = optionID(p.Left, taken)
			taken[p.ID] = true
		}
	}
	preparePartial(c)
}

func (matching) uses() fields { return usesPairs | usesPartial | usesKeepOrder }

func (matching) validate(c Content) []fault.Field {
	p := problems(validatePartial(c))
	if len(c.Pairs) > MaxPairs {
		p.addMax("pairs", "too_many", MaxPairs)
		return p
	}
	lefts, ids := map[string]bool{}, map[string]bool{}
	for i, pair := range c.Pairs {
		if pair.Right == "" {
			p.add(at("pairs", i, "right"), "required")
		}
		if pair.Left != "" && lefts[pair.Left] {
			p.add(at("pairs", i, "left"), "duplicate")
		}
		if pair.Left != "" && (pair.ID == "" || len(pair.ID) > 40 || ids[pair.ID]) {
			p.add(at("pairs", i, "id"), "duplicate")
		}
		p.length(at("pairs", i, "left"), pair.Left, MaxOption)
		p.length(at("pairs", i, "right"), pair.Right, MaxOption)
		lefts[pair.Left], ids[pair.ID] = true, true
	}
	delete(lefts, "")
	if len(lefts) < MinPairs {
		p = append(p, fault.Field{Path: "pairs", Key: "too_few", Params: map[string]any{"min": MinPairs}})
	} else if len(rightSides(c)) < 2 {
		p.add("pairs", "question.one_right_side")
	}
	return p
}

// rightSides gives the right sides, each text once, in an order that tells nothing: by an id that
// follows from the text.
func rightSides(c Content) []Choice {
	var out []Choice
	taken := map[string]bool{}
	for _, pair := range c.Pairs {
		if slices.ContainsFunc(out, func(o Choice) bool { return o.Text == pair.Right }) {
			continue
		}
		id := optionID("→"+pair.Right, taken)
		taken[id] = true
		out = append(out, Choice{ID: id, Text: pair.Right})
	}
	slices.SortFunc(out, func(a, b Choice) int { return compareIDs(a.ID, b.ID) })
	return out
}

func compareIDs(a, b string) int { return strings.Compare(a, b) }

// solution gives the right id of each left id.
func solution(c Content) map[string]string {
	rights := map[string]string{}
	for _, side := range rightSides(c) {
		rights[side.Text] = side.ID
	}
	out := map[string]string{}
	for _, pair := range c.Pairs {
		if pair.Left != "" {
			out[pair.ID] = rights[pair.Right]
		}
	}
	return out
}

func (matching) shuffled(c Content) int { return len(c.Pairs) }

func (matching) present(c Content, order []int, item *Item) {
	lefts := order
	if c.KeepOrder {
		lefts = nil
	}
	for _, i := range permutation(lefts, len(c.Pairs)) {
		if pair := c.Pairs[i]; pair.Left != "" {
			item.Lefts = append(item.Lefts, Choice{ID: pair.ID, Text: pair.Left})
		}
	}
	rights := rightSides(c)
	for _, i := range permutation(order, len(rights)) {
		item.Rights = append(item.Rights, rights[i])
	}
	item.Partial = c.Partial
}

func (matching) reveal(c Content, key *Key) { key.Pairs = solution(c) }
func (matching) right(c Content) Response   { return Response{Pairs: solution(c)} }

func (matching) Check(c Content, r Response) error {
	var p problems
	known, rights := solution(c), rightSides(c)
	for left, right := range r.Pairs {
		if _, ok := known[left]; !ok || !slices.ContainsFunc(rights, func(o Choice) bool { return o.ID == right }) {
			p.add("pairs", "unknown")
			break
		}
	}
	r.Pairs = nil
	p.foreign(r)
	return p.refused()
}

func (matching) Answered(r Response) bool { return len(r.Pairs) > 0 }

func (matching) lacks(c Content, r Response) Missing {
	if len(r.Pairs) < len(solution(c)) {
		return PartsOpen
	}
	return Whole
}

// Mark gives the share of right pairs, or nothing unless all are right.
func (matching) Mark(c Content, r Response) Mark {
	want := solution(c)
	hit := 0
	for left, right := range want {
		if r.Pairs[left] == right {
			hit++
		}
	}
	switch {
	case len(want) == 0:
		return Mark{}
	case hit == len(want):
		return Mark{Fraction: 1}
	case c.Partial == ShareOfKey:
		return Mark{Fraction: float64(hit) / float64(len(want))}
	}
	return Mark{}
}

// preparePartial and validatePartial are for the kinds that know all or nothing, and a share.
func preparePartial(c *Content) {
	if c.Partial == "" {
		c.Partial = AllOrNothing
	}
	c.PartialShare = 0
}

func validatePartial(c Content) []fault.Field {
	if c.Partial == AllOrNothing || c.Partial == ShareOfKey {
		return nil
	}
	return []fault.Field{{Path: "partial", Key: "unknown"}}
}
