package interchange

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qiming/exam/question"
)

// itemWriter builds one assessmentItem.
type itemWriter struct {
	*qtiWriter
	c         question.Content
	points    float64 // what the item earns in all; 1 where none are suggested
	responses []*xmlNode
	body      []*xmlNode
	process   []*xmlNode
	template  string // of the processing, while nothing needs more
	byHand    bool
	choice    bool // options have feedback
}

// node writes an item. points 0 means none suggested.
func (w *qtiWriter) item(id string, c question.Content, points float64, stimulus *xmlNode) *xmlNode {
	b := &itemWriter{qtiWriter: w, c: c, points: points}
	if points == 0 {
		b.points = 1
	}
	b.interaction()
	n := el("assessmentItem", []string{"identifier", id, "title", titleOf(c), "adaptive", "false", "timeDependent", "false", "toolName", ourTool, "toolVersion", "1"})
	n.add(b.responses...)
	outcome := el("outcomeDeclaration", []string{"identifier", "SCORE", "cardinality", "single", "baseType", "float"}, el("defaultValue", nil, el("value", nil, words("0"))))
	if b.byHand {
		outcome.attrs = append(outcome.attrs, attribute{"externalScored", "human"})
	}
	n.add(outcome)
	if points > 0 {
		n.add(el("outcomeDeclaration", []string{"identifier", "MAXSCORE", "cardinality", "single", "baseType", "float"}, el("defaultValue", nil, el("value", nil, words(number(points))))))
	}
	feedback := b.feedback()
	if len(feedback) > 0 || b.choice {
		n.add(el("outcomeDeclaration", []string{"identifier", "FEEDBACK", "cardinality", "multiple", "baseType", "identifier"}))
	}
	n.add(stimulus, el("itemBody", nil, b.body...), b.processing(feedback))
	return n.add(feedback...)
}

// titleOf gives the beginning of a stem: an item must have a title.
func titleOf(c question.Content) string {
	title := []rune(strings.Join(strings.Fields(mediaMark.ReplaceAllString(c.Stem, "$1")), " "))
	if len(title) > 60 {
		title = append(title[:59], '…')
	}
	if len(title) == 0 {
		return kindTitle(c.Kind)
	}
	return string(title)
}

func (b *itemWriter) interaction() {
	switch b.c.Kind {
	case question.Single, question.Multiple:
		b.options()
	case question.TrueFalse:
		b.judgement()
	case question.Matching:
		b.pairs()
	case question.Ordering:
		b.sequence()
	case question.Blanks, question.Cloze:
		b.gaps()
	case question.Numerical:
		b.number()
	case question.Short, question.Essay:
		b.free()
	}
}

func (b *itemWriter) declare(id, cardinality, base string, correct []string, mapping *xmlNode) {
	n := el("responseDeclaration", []string{"identifier", id, "cardinality", cardinality, "baseType", base})
	if len(correct) > 0 {
		c := el("correctResponse", nil)
		for _, v := range correct {
			c.add(el("value", nil, words(v)))
		}
		n.add(c)
	}
	b.responses = append(b.responses, n.add(mapping))
}

const response = "RESPONSE"

// optionName is the identifier of an option: its id, where that can stand in one.
func optionName(mark, id string, i int) string {
	if ownID.MatchString(mark + id) {
		return mark + id
	}
	return "c" + strconv.Itoa(i+1)
}

func (b *itemWriter) options() {
	c := b.c
	interaction := el("choiceInteraction", []string{"responseIdentifier", response, "shuffle", strconv.FormatBool(!c.KeepOrder), "maxChoices", "1"}, el("prompt", nil, b.xhtml(c.Stem)...))
	cardinality := "single"
	if c.Kind == question.Multiple {
		cardinality = "multiple"
		interaction.attrs[len(interaction.attrs)-1].value = "0"
	}
	var right []string
	mapping := el("mapping", []string{"defaultValue", "0"})
	for i, o := range c.Options {
		name := optionName("o-", o.ID, i)
		choice := el("simpleChoice", []string{"identifier", name}, b.xhtml(o.Text)...)
		if o.Pinned {
			choice.attrs = append(choice.attrs, attribute{"fixed", "true"})
		}
		if o.Feedback != "" {
			b.choice = true
			choice.add(el("feedbackInline", []string{"outcomeIdentifier", "FEEDBACK", "identifier", name, "showHide", "show"}, b.xhtml(o.Feedback)...))
		}
		interaction.add(choice)
		if o.Right {
			right = append(right, name)
		}
	}
	for i, o := range c.Options {
		name, value := optionName("o-", o.ID, i), o.Weight*b.points
		if c.Partial == question.ShareOfKey {
			if value = b.points / float64(max(len(right), 1)); !o.Right {
				value = -b.points * 2 // a wrong one takes back what the right ones earn
			}
		}
		mapping.add(el("mapEntry", []string{"mapKey", name, "mappedValue", number(value)}))
	}
	b.template = "match_correct"
	if c.Partial != question.ByWeight && !(c.Partial == question.ShareOfKey && c.Kind == question.Multiple) {
		mapping = nil
	} else {
		mapping.attrs = append(mapping.attrs, attribute{"upperBound", number(b.points)})
		if c.Partial == question.ShareOfKey {
			mapping.attrs = append(mapping.attrs, attribute{"lowerBound", "0"})
		}
		b.template = "map_response"
	}
	b.declare(response, cardinality, "identifier", right, mapping)
	b.body = append(b.body, interaction)
}

func (b *itemWriter) judgement() {
	right := "false"
	if b.c.Truth {
		right = "true"
	}
	b.declare(response, "single", "identifier", []string{right}, nil)
	b.template = "match_correct"
	b.body = append(b.body, el("choiceInteraction", []string{"responseIdentifier", response, "shuffle", "false", "maxChoices", "1"},
		el("prompt", nil, b.xhtml(b.c.Stem)...),
		el("simpleChoice", []string{"identifier", "true"}, words("正确")), el("simpleChoice", []string{"identifier", "false"}, words("错误"))))
}

func (b *itemWriter) pairs() {
	c := b.c
	lefts, rights := el("simpleMatchSet", nil), el("simpleMatchSet", nil)
	names := map[string]string{}
	for _, p := range c.Pairs {
		if _, known := names[p.Right]; !known {
			names[p.Right] = fmt.Sprintf("r%d", len(names)+1)
			rights.add(el("simpleAssociableChoice", []string{"identifier", names[p.Right], "matchMax", "0"}, b.xhtml(p.Right)...))
		}
	}
	var right []string
	mapping := el("mapping", []string{"defaultValue", "0"})
	for i, p := range c.Pairs {
		if p.Left == "" {
			continue
		}
		name := optionName("l-", p.ID, i)
		lefts.add(el("simpleAssociableChoice", []string{"identifier", name, "matchMax", "1"}, b.xhtml(p.Left)...))
		right = append(right, name+" "+names[p.Right])
	}
	b.template = "match_correct"
	if c.Partial == question.ShareOfKey {
		for _, pair := range right {
			mapping.add(el("mapEntry", []string{"mapKey", pair, "mappedValue", number(b.points / float64(len(right)))}))
		}
		b.template = "map_response"
	} else {
		mapping = nil
	}
	b.declare(response, "multiple", "directedPair", right, mapping)
	b.body = append(b.body, el("matchInteraction", []string{"responseIdentifier", response, "shuffle", strconv.FormatBool(!c.KeepOrder), "maxAssociations", strconv.Itoa(len(right))},
		el("prompt", nil, b.xhtml(c.Stem)...), lefts, rights))
}

func (b *itemWriter) sequence() {
	interaction := el("orderInteraction", []string{"responseIdentifier", response, "shuffle", "true"}, el("prompt", nil, b.xhtml(b.c.Stem)...))
	var right []string
	var choices []*xmlNode
	for i, o := range b.c.Options {
		name := optionName("o-", o.ID, i)
		right = append(right, name)
		choices = append(choices, el("simpleChoice", []string{"identifier", name}, b.xhtml(o.Text)...))
	}
	slices.SortStableFunc(choices, func(x, y *xmlNode) int { return strings.Compare(x.attr("identifier"), y.attr("identifier")) }) // not the key
	b.declare(response, "ordered", "identifier", right, nil)
	b.template = "match_correct"
	b.body = append(b.body, interaction.add(choices...))
}

func (b *itemWriter) free() {
	c := b.c
	b.byHand = true
	count := "3"
	if c.Kind == question.Essay {
		count = "15"
	}
	b.declare(response, "single", "string", nil, nil)
	b.body = append(b.body, el("extendedTextInteraction", []string{"responseIdentifier", response, "expectedLines", count}, el("prompt", nil, b.xhtml(c.Stem)...)))
	if c.Attachments > 0 {
		b.declare("FILE", "single", "file", nil, nil)
		b.body = append(b.body, el("uploadInteraction", []string{"responseIdentifier", "FILE"}))
	}
	if c.Model != "" {
		b.body = append(b.body, b.rubric(c.Model))
	}
	var criteria []string
	for _, r := range c.Rubric {
		criteria = append(criteria, strings.TrimSuffix(r.Name+"（"+percent(r.Share)+"）："+r.Note, "："))
		for _, l := range r.Levels {
			criteria = append(criteria, strings.TrimSuffix("· "+l.Title+"（"+percent(l.Share)+"）："+l.Note, "："))
		}
	}
	if len(criteria) > 0 {
		b.body = append(b.body, b.rubric(strings.Join(criteria, "\n")))
	}
}

func (b *itemWriter) rubric(text string) *xmlNode {
	return el("rubricBlock", []string{"view", "scorer", "use", "scoring"}, b.flow(text)...)
}

// flow wraps text as the version asks for it.
func (w *qtiWriter) flow(text string) []*xmlNode {
	p := w.paragraph(text)
	if w.version.kebab {
		return []*xmlNode{el("contentBody", nil, p)}
	}
	return []*xmlNode{p}
}
