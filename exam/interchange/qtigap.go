package interchange

import (
	"slices"
	"strings"
	"unicode"

	"qiming/exam/question"
)

// gaps reads the entries inside a text: words alone are a fill-in, one number a calculation, anything else a cloze.
// The stem of c marks each.
func (it *qtiItem) gaps(list []*xmlNode, c *question.Content) {
	list = list[:min(len(list), question.MaxBlanks+question.MaxSubs)] // more are refused anyway
	subs := make([]question.Sub, len(list))
	texts, most := true, 0.0
	for i, n := range list {
		id, r := it.response(n)
		sub := &subs[i].Content
		switch {
		case n.name == "inlineChoiceInteraction":
			it.inline(n, sub)
		case r.base == "float" || r.base == "integer" || len(it.score.ranges[id]) > 0:
			sub.Kind = question.Numerical
			it.number(id, r, sub)
		default:
			sub.Kind = question.Blanks
			it.words(r, it.score.byMap(id, r), sub)
		}
		texts = texts && sub.Kind == question.Blanks
		subs[i].Weight = it.worth(id, r)
		most = max(most, subs[i].Weight)
	}
	evenWeights(subs)
	if question.Gaps(c.Stem) != len(list) && !(len(list) == 1 && subs[0].Content.Kind == question.Numerical) {
		it.fail("blanks.count", "gaps", question.Gaps(c.Stem), "answers", len(list))
	}
	switch {
	case texts:
		c.Kind = question.Blanks
		for _, s := range subs {
			c.MatchCase = c.MatchCase || s.Content.MatchCase
			blank := question.Blank{Weight: s.Weight}
			if len(s.Content.Blanks) > 0 {
				blank.Accept = s.Content.Blanks[0].Accept
			}
			c.Blanks = append(c.Blanks, blank)
		}
	case len(subs) == 1 && subs[0].Content.Kind == question.Numerical:
		c.Kind, c.Ranges = question.Numerical, subs[0].Content.Ranges
		if stem := strings.TrimSpace(strings.TrimSuffix(c.Stem, question.Gap)); stem != "" {
			c.Stem = stem
		}
	default:
		c.Kind, c.Subs = question.Cloze, subs
	}
}

// worth gives the most that a response earns by itself, 0 where nothing says so.
func (it *qtiItem) worth(id string, r *qtiResponse) float64 {
	most := it.score.worths[id]
	for _, v := range it.score.values[id] {
		most = max(most, v)
	}
	for _, v := range it.score.ranges[id] {
		most = max(most, v.score)
	}
	if it.score.byMap(id, r) {
		for _, e := range r.entries {
			most = max(most, e.value)
		}
	}
	return most
}

// inline reads an inlineChoiceInteraction.
func (it *qtiItem) inline(n *xmlNode, c *question.Content) {
	id, r := it.response(n)
	c.Kind = question.Single
	c.KeepOrder = n.attr("shuffle") == "false"
	var names []string
	for _, choice := range n.all("inlineChoice") {
		o := question.Option{ID: it.idOf(choice), Text: it.plain(choice)}
		o.Feedback = it.plain(choice.within("feedbackInline")...)
		c.Options = append(c.Options, o)
		names = append(names, choice.attr("identifier"))
	}
	it.key(c, id, r, names)
}

// words reads the accepted texts of an entry. Those that earn only a part are named and left out.
func (it *qtiItem) words(r *qtiResponse, byMap bool, c *question.Content) {
	var b question.Blank
	accept := func(s string, matchCase bool) {
		if s = strings.NewReplacer("*", `\*`, "＊", `\＊`).Replace(s); s != "" && !slices.Contains(b.Accept, s) {
			b.Accept = append(b.Accept, s)
			c.MatchCase = c.MatchCase || matchCase
		}
	}
	if byMap {
		most := 0.0
		for _, e := range r.entries {
			most = max(most, e.value)
		}
		for _, e := range r.entries {
			switch {
			case e.value > 0 && e.value == most:
				accept(e.key, e.matchCase && (e.named || cased(e.key)))
			case e.value > 0:
				it.once("gift.partial", "answer", shorten(e.key), "weight", number(rounded(100*e.value/most)))
			}
		}
	} else {
		for _, s := range r.correct {
			accept(s, cased(s))
		}
	}
	if len(b.Accept) == 0 {
		it.fail("answer.missing", "hint", "填空的答案（correctResponse 或 mapping）", "hint_en", "the answer of the gap (correctResponse or mapping)")
	}
	c.Blanks = []question.Blank{b}
}

// cased says whether a text has letters of two cases.
func cased(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsLower(r) })
}

// number reads the accepted ranges of an entry.
func (it *qtiItem) number(id string, r *qtiResponse, c *question.Content) {
	add := func(low, high, weight float64) {
		if weight > 0 {
			c.Ranges = append(c.Ranges, question.Range{Min: low, Max: high, Weight: weight})
		}
	}
	whole := it.worth(id, r)
	switch ranges := it.score.ranges[id]; {
	case len(ranges) > 0:
		for _, v := range ranges {
			add(v.min, v.max, v.score/whole)
		}
	case it.score.byMap(id, r):
		for _, e := range r.entries {
			add(decimal(e.key), decimal(e.key), e.value/whole)
		}
	default:
		for _, s := range r.correct {
			low, high := decimal(s), decimal(s)
			if n := it.score.near[id]; n != nil {
				low, high = tolerance(n, low)
				if fields := strings.Fields(n.attr("tolerance")); len(fields) > 0 && n.attr("toleranceMode") == "absolute" && fields[0] == fields[len(fields)-1] && plainNumber.MatchString(s) && plainNumber.MatchString(fields[0]) {
					if exact, err := question.Around(s, fields[0]); err == nil {
						low, high = exact.Min, exact.Max
					}
				}
			}
			add(low, high, 1)
		}
	}
	if len(c.Ranges) == 0 {
		it.fail("answer.missing", "hint", "数值（correctResponse）", "hint_en", "a number (correctResponse)")
	}
}
