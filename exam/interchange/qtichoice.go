package interchange

import (
	"regexp"
	"slices"
	"strings"

	"qiming/exam/question"
)

// ownID is how identifiers of this program carry the ids of options and pairs.
var ownID = regexp.MustCompile(`^[ol]-([A-Za-z0-9_.-]{1,40})$`)

func (it *qtiItem) idOf(n *xmlNode) string {
	if m := ownID.FindStringSubmatch(n.attr("identifier")); m != nil && it.ours {
		return m[1]
	}
	return ""
}

// choice reads a choiceInteraction.
func (it *qtiItem) choice(n *xmlNode, c *question.Content) {
	id, r := it.response(n)
	c.Kind = question.Single
	if r.cardinality == "multiple" && n.attr("maxChoices") != "1" || r.cardinality == "" && n.attr("maxChoices") != "1" && n.attr("maxChoices") != "" {
		c.Kind = question.Multiple
	}
	c.KeepOrder = n.attr("shuffle") == "false"
	var names []string
	for _, choice := range n.all("simpleChoice") {
		o := question.Option{ID: it.idOf(choice), Text: it.plain(choice), Pinned: choice.attr("fixed") == "true" && !c.KeepOrder}
		o.Feedback = it.plain(choice.within("feedbackInline")...)
		c.Options = append(c.Options, o)
		names = append(names, choice.attr("identifier"))
	}
	it.key(c, id, r, names)
	it.judgement(c)
}

// key marks the right options, or gives each its weight.
func (it *qtiItem) key(c *question.Content, id string, r *qtiResponse, names []string) {
	if len(names) > question.MaxOptions {
		it.fail("options.many", "max", question.MaxOptions)
		return
	}
	values := it.score.values[id]
	if it.score.byMap(id, r) {
		values = map[string]float64{}
		for _, name := range names {
			values[name] = r.other
		}
		for _, e := range r.entries {
			values[e.key] = e.value
		}
	}
	if len(values) > 0 {
		it.weights(c, names, values)
		return
	}
	found := 0
	for i, name := range names {
		if slices.Contains(r.correct, name) {
			c.Options[i].Right = true
			found++
		}
	}
	switch {
	case found == 0:
		it.fail("answer.missing", "hint", "正确选项（correctResponse）", "hint_en", "the right choice (correctResponse)")
	case c.Kind == question.Single && found > 1:
		c.Kind = question.Multiple
	case c.Kind == question.Multiple && found == 1:
		if !it.ours {
			it.once("multiple.one")
		}
	}
}

// weights turns the scores of options into a rule: right ones of equal score with wrong ones that take all of it are
// ShareOfKey, one right option is an ordinary single choice.
func (it *qtiItem) weights(c *question.Content, names []string, values map[string]float64) {
	most, sum, least, zero, right := 0.0, 0.0, 0.0, false, 0
	for _, name := range names {
		v := values[name]
		most, least = max(most, v), min(least, v)
		sum += max(v, 0)
		zero = zero || v == 0
		if v > 0 {
			right++
		}
	}
	if right == 0 {
		it.fail("answer.missing", "hint", "得分大于零的选项（mapping）", "hint_en", "a choice that scores (mapping)")
		return
	}
	even := true
	for i, name := range names {
		v := values[name]
		c.Options[i].Right = v > 0
		even = even && (v <= 0 || v == most) && (v >= 0 || v <= -sum)
	}
	whole := most
	switch {
	case c.Kind == question.Single && right == 1 && least == 0:
		return
	case c.Kind == question.Multiple && even && least < 0 && !zero:
		c.Partial = question.ShareOfKey
		return
	case c.Kind == question.Multiple:
		whole = sum
	}
	c.Partial = question.ByWeight
	for i, name := range names {
		c.Options[i].Weight = max(values[name]/whole, -1)
	}
}

// judgement makes a choice between right and wrong what it is.
func (it *qtiItem) judgement(c *question.Content) {
	if c.Kind != question.Single || c.Partial != "" || len(c.Options) != 2 || isLetter(c.Options[0].Text) {
		return
	}
	first, ok1 := judge(c.Options[0].Text)
	second, ok2 := judge(c.Options[1].Text)
	if !ok1 || !ok2 || first == second || c.Options[0].Feedback+c.Options[1].Feedback != "" {
		return
	}
	c.Kind, c.Truth = question.TrueFalse, c.Options[0].Right == first
	c.Options, c.KeepOrder = nil, false
}

// match reads a matchInteraction: each of the first set has one of the second.
func (it *qtiItem) match(n *xmlNode, c *question.Content) {
	id, r := it.response(n)
	c.Kind, c.Partial = question.Matching, question.AllOrNothing
	if it.score.byMap(id, r) {
		c.Partial = question.ShareOfKey
	}
	c.KeepOrder = n.attr("shuffle") == "false"
	sets := n.all("simpleMatchSet")
	if len(sets) != 2 {
		it.fail("qti.match_sets")
		return
	}
	rights := map[string]string{}
	for _, choice := range sets[1].all("simpleAssociableChoice") {
		rights[choice.attr("identifier")] = it.plain(choice)
	}
	targets := r.pairs()
	used := map[string]bool{}
	for _, choice := range sets[0].all("simpleAssociableChoice") {
		left, name := it.plain(choice), choice.attr("identifier")
		to := targets[name]
		if len(to) != 1 || rights[to[0]] == "" {
			it.fail("qti.pairs", "left", shorten(left), "count", len(to))
			return
		}
		used[to[0]] = true
		c.Pairs = append(c.Pairs, question.Pair{ID: it.idOf(choice), Left: left, Right: rights[to[0]]})
	}
	for _, choice := range sets[1].all("simpleAssociableChoice") {
		if name := choice.attr("identifier"); !used[name] {
			c.Pairs = append(c.Pairs, question.Pair{Right: rights[name]})
		}
	}
}

// pairs gives what each source of directed pairs belongs to: by the right answer, else by what scores.
func (r *qtiResponse) pairs() map[string][]string {
	out := map[string][]string{}
	add := func(pair string) {
		if f := strings.Fields(pair); len(f) == 2 && !slices.Contains(out[f[0]], f[1]) {
			out[f[0]] = append(out[f[0]], f[1])
		}
	}
	for _, v := range r.correct {
		add(v)
	}
	if len(r.correct) == 0 {
		for _, e := range r.entries {
			if e.value > 0 {
				add(e.key)
			}
		}
	}
	return out
}

// order reads an orderInteraction.
func (it *qtiItem) order(n *xmlNode, c *question.Content) {
	_, r := it.response(n)
	c.Kind, c.Partial = question.Ordering, question.AllOrNothing
	choices := map[string]question.Option{}
	for _, choice := range n.all("simpleChoice") {
		choices[choice.attr("identifier")] = question.Option{ID: it.idOf(choice), Text: it.plain(choice)}
	}
	seen := map[string]bool{}
	for _, name := range r.correct {
		o, known := choices[name]
		if !known || seen[name] {
			it.fail("qti.order", "count", len(choices))
			return
		}
		seen[name] = true
		c.Options = append(c.Options, o)
	}
	if len(c.Options) != len(choices) {
		it.fail("qti.order", "count", len(choices))
	}
}

// gapMatch reads a text whose gaps take words from a list: each gap is a choice among them. It gives the text.
func (it *qtiItem) gapMatch(n *xmlNode, c *question.Content) string {
	_, r := it.response(n)
	var names []string
	var words []question.Option
	rest := &xmlNode{}
	for _, k := range n.kids {
		switch k.name {
		case "gapText", "gapImg":
			names = append(names, k.attr("identifier"))
			words = append(words, question.Option{ID: it.idOf(k), Text: it.plain(k)})
		default:
			rest.kids = append(rest.kids, k)
		}
	}
	segments := it.body(rest)
	var gaps []*xmlNode
	for _, s := range segments {
		gaps = append(gaps, s.gaps...)
	}
	c.Kind = question.Cloze
	if len(words) > question.MaxOptions {
		it.fail("options.many", "max", question.MaxOptions)
		return joined(segments)
	}
	gaps = gaps[:min(len(gaps), question.MaxSubs+1)] // more are refused anyway
	targets := map[string][]string{}                 // gap: words; pairs name the word first
	for word, to := range r.pairs() {
		for _, gap := range to {
			targets[gap] = append(targets[gap], word)
		}
	}
	for _, gap := range gaps {
		to := targets[gap.attr("identifier")]
		if len(to) != 1 {
			it.fail("qti.gap", "number", len(c.Subs)+1, "count", len(to))
			break
		}
		sub := question.Content{Kind: question.Single, Stem: question.Gap, Options: slices.Clone(words)}
		for i, name := range names {
			sub.Options[i].Right = name == to[0]
		}
		c.Subs = append(c.Subs, question.Sub{Content: sub})
	}
	return joined(segments)
}
