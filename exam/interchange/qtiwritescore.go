package interchange

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qiming/exam/question"
)

// gaps writes a fill-in or a cloze: an entry a gap, each worth its share.
func (b *itemWriter) gaps() {
	c := b.c
	subs := c.Subs
	for _, blank := range c.Blanks {
		subs = append(subs, question.Sub{Weight: blank.Weight, Content: question.Content{Kind: question.Blanks, MatchCase: c.MatchCase, Blanks: []question.Blank{blank}}})
	}
	shares := question.SubShares(question.Content{Subs: subs})
	var inline []*xmlNode
	for i, sub := range subs {
		id := response
		if len(subs) > 1 {
			id += strconv.Itoa(i + 1)
		}
		worth := shares[i] * b.points
		switch sub := sub.Content; sub.Kind {
		case question.Single:
			inline = append(inline, b.inlineChoice(id, sub, worth))
		case question.Numerical:
			b.ranges(id, sub, worth)
			inline = append(inline, el("textEntryInteraction", []string{"responseIdentifier", id, "expectedLength", "10"}))
		default:
			inline = append(inline, b.entry(id, sub, worth))
		}
	}
	b.body = append(b.body, b.withGaps(c.Stem, inline))
}

func (b *itemWriter) inlineChoice(id string, c question.Content, worth float64) *xmlNode {
	n := el("inlineChoiceInteraction", []string{"responseIdentifier", id, "shuffle", strconv.FormatBool(!c.KeepOrder)})
	right := ""
	for i, o := range c.Options {
		name := optionName("o-", o.ID, i)
		n.add(el("inlineChoice", []string{"identifier", name}, b.xhtml(o.Text)...))
		if o.Right && right == "" {
			right = name
		}
	}
	b.declare(id, "single", "identifier", []string{right}, nil)
	b.process = append(b.process, el("responseCondition", nil, el("responseIf", nil, matches(id), addScore(worth))))
	return n
}

// literal gives an accepted text without our wildcards: those stand for what they look like elsewhere.
func literal(accept string) string {
	return strings.NewReplacer(`\*`, "*", `\＊`, "＊").Replace(accept)
}

func (b *itemWriter) entry(id string, c question.Content, worth float64) *xmlNode {
	var accept []string
	length := 0
	if len(c.Blanks) > 0 {
		accept = c.Blanks[0].Accept
	}
	mapping := el("mapping", []string{"defaultValue", "0"})
	for _, a := range accept {
		a = literal(a)
		length = max(length, len([]rune(a)))
		mapping.add(el("mapEntry", []string{"mapKey", a, "mappedValue", number(worth), "caseSensitive", strconv.FormatBool(c.MatchCase)}))
	}
	first := ""
	if len(accept) > 0 {
		first = literal(accept[0])
	}
	b.declare(id, "single", "string", []string{first}, mapping)
	b.process = append(b.process, el("responseCondition", nil, el("responseIf", nil, el("not", nil, el("isNull", nil, variable(id))),
		el("setOutcomeValue", []string{"identifier", "SCORE"}, el("sum", nil, variable("SCORE"), el("mapResponse", []string{"identifier", id}))))))
	return el("textEntryInteraction", []string{"responseIdentifier", id, "expectedLength", strconv.Itoa(max(length, 2) + 4)})
}

// number writes a calculation: its entry stands below the text.
func (b *itemWriter) number() {
	b.ranges(response, b.c, b.points)
	p := el("p", nil, el("textEntryInteraction", []string{"responseIdentifier", response, "expectedLength", "10"}))
	var units []string
	for _, u := range b.c.Units {
		units = append(units, u.Name)
	}
	if len(units) > 0 {
		p.add(words(" " + strings.Join(units, "/")))
	}
	b.body = append(b.body, b.paragraph(b.c.Stem), p)
}

// ranges declares a number and marks it: the first range that holds it counts, the best ones first.
func (b *itemWriter) ranges(id string, c question.Content, worth float64) {
	answer := question.RightAnswer(c).Text
	b.declare(id, "single", "float", []string{answer}, nil)
	sorted := slices.Clone(c.Ranges)
	slices.SortStableFunc(sorted, func(x, y question.Range) int { return cmp.Compare(y.Weight, x.Weight) })
	condition := el("responseCondition", nil)
	for i, r := range sorted {
		name := "responseIf"
		if i > 0 {
			name = "responseElseIf"
		}
		condition.add(el(name, nil, el("and", nil, el("gte", nil, variable(id), float(r.Min)), el("lte", nil, variable(id), float(r.Max))), addScore(worth*r.Weight)))
	}
	b.process = append(b.process, condition)
}

func variable(id string) *xmlNode { return el("variable", []string{"identifier", id}) }

func matches(id string) *xmlNode {
	return el("match", nil, variable(id), el("correct", []string{"identifier", id}))
}

func float(f float64) *xmlNode {
	return el("baseValue", []string{"baseType", "float"}, words(number(f)))
}

func addScore(f float64) *xmlNode {
	return el("setOutcomeValue", []string{"identifier", "SCORE"}, el("sum", nil, variable("SCORE"), float(f)))
}

// processing writes the marking: by a template where that says all of it.
func (b *itemWriter) processing(feedback []*xmlNode) *xmlNode {
	show := len(feedback) > 0 || b.choice
	switch {
	case b.template != "" && !show && (b.points == 1 || b.template == "map_response"):
		return el("responseProcessing", []string{"template", b.version.templates + b.template + b.version.suffix})
	case b.template == "match_correct":
		b.process = append(b.process, el("responseCondition", nil, el("responseIf", nil, matches(response), el("setOutcomeValue", []string{"identifier", "SCORE"}, float(b.points)))))
	case b.template == "map_response":
		b.process = append(b.process, el("responseCondition", nil, el("responseIf", nil, el("not", nil, el("isNull", nil, variable(response))),
			el("setOutcomeValue", []string{"identifier", "SCORE"}, el("mapResponse", []string{"identifier", response})))))
	}
	if show {
		all := el("multiple", nil)
		for _, f := range feedback {
			all.add(el("baseValue", []string{"baseType", "identifier"}, words(f.attr("identifier"))))
		}
		if b.choice {
			all.add(variable(response))
		}
		b.process = append(b.process, el("setOutcomeValue", []string{"identifier", "FEEDBACK"}, all))
	}
	if len(b.process) == 0 {
		return nil
	}
	return el("responseProcessing", nil, b.process...)
}

// feedback writes what is shown after an answer.
func (b *itemWriter) feedback() (out []*xmlNode) {
	for _, f := range []struct{ id, title, text string }{{"EXPLANATION", "解析", b.c.Explanation}, {"FEEDBACK", "反馈", b.c.Feedback}} {
		if f.text != "" {
			out = append(out, el("modalFeedback", []string{"outcomeIdentifier", "FEEDBACK", "identifier", f.id, "showHide", "show", "title", f.title}, b.flow(f.text)...))
		}
	}
	return out
}

// qtiLost names what QTI has no place for: other programs will not see it.
func qtiLost(c question.Content) (words []string) {
	note := func(on bool, word string) {
		if on && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	wild := func(b question.Blank) bool {
		return slices.ContainsFunc(b.Accept, func(a string) bool {
			return strings.ContainsAny(strings.ReplaceAll(literalStars.Replace(a), "＊", "*"), "*")
		})
	}
	note(c.Partial == question.FixedShare, "漏选得固定分的规则")
	note(c.Kind == question.Ordering && c.Partial == question.ShareOfKey, "排序题部分得分的规则")
	note(c.AnyOrder, "不分顺序")
	note(c.Simplified, "繁简相同")
	note(slices.ContainsFunc(c.Blanks, func(b question.Blank) bool { return b.Number }), "按数值评判的空")
	note(slices.ContainsFunc(c.Blanks, wild), "答案中的通配符")
	note(len(c.Units) > 0, "单位")
	note(len(c.Points) > 0, "得分点")
	note(len(c.Rubric) > 0, "评分标准（其他软件只显示文字）")
	note(hasLevels(c), "评分等级（其他软件只显示文字）")
	note(c.Attachments > 1, "附件个数")
	note(slices.ContainsFunc(c.Ranges, func(r question.Range) bool { return r.Feedback != "" }), "数值范围的反馈")
	for _, sub := range c.Subs {
		if c.Kind == question.Cloze {
			note(sub.Content.Partial == question.ByWeight, "空内选项的权重")
			note(slices.ContainsFunc(sub.Content.Options, func(o question.Option) bool { return o.Feedback != "" }), "空内选项的反馈")
		}
		for _, word := range qtiLost(sub.Content) {
			note(true, word)
		}
	}
	return words
}

var literalStars = strings.NewReplacer(`\*`, "", `\＊`, "")

func qtiName(i int) string { return fmt.Sprintf("Q%05d", i+1) }
