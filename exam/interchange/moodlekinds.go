package interchange

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qiming/exam/question"
)

// fraction reads what an answer earns, in percent.
func (q *moodleQuestion) fraction(n *xmlNode) float64 {
	f, err := strconv.ParseFloat(n.attr("fraction"), 64)
	if err != nil || !(math.Abs(f) <= 1000) {
		return 0
	}
	return f
}

func flag(n *xmlNode, name string, otherwise bool) bool {
	switch strings.ToLower(n.value(name)) {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	return otherwise
}

// plain gives the text of an answer of a kind whose answers have no format.
func (q *moodleQuestion) plain(n *xmlNode) string { return tidyText(n.value("text")) }

func (q *moodleQuestion) multichoice(n *xmlNode) {
	c := &q.content
	single := n.attr("type") == "multichoice" && flag(n, "single", true)
	c.KeepOrder = !flag(n, "shuffleanswers", true)
	var weights []float64
	for _, a := range n.all("answer") {
		f := q.fraction(a)
		weights = append(weights, f)
		c.Options = append(c.Options, question.Option{Text: q.rich(a, FieldOptions), Right: f > 0, Feedback: q.rich(a.child("feedback"), FieldOptionNotes)})
	}
	if n.attr("type") == "multichoiceset" {
		c.Kind, c.Partial = question.Multiple, question.AllOrNothing
		return
	}
	weigh(c, weights, single)
}

// weigh decides the rule of a choice by the percents of its options: what is all or nothing for one option, or
// equal shares with all taken back by a wrong option, is a rule of ours; other weights are kept.
func weigh(c *question.Content, weights []float64, single bool) {
	positive, first, even, part, whole := 0, 0.0, true, false, 0
	for _, w := range weights {
		switch {
		case w > 0:
			even = even && (first == 0 || math.Abs(first-w) <= 1)
			positive, first = positive+1, w
			if w >= 100 {
				whole++
			}
		case w < 0:
			part = part || single || w > -100
		}
	}
	c.Kind = question.Multiple
	if single {
		c.Kind = question.Single
		part = part || positive != whole || positive > 1
	} else if part = part || !even; !part {
		c.Partial = question.ShareOfKey
	}
	if !part || positive == 0 {
		return
	}
	c.Partial = question.ByWeight
	for i, w := range weights {
		c.Options[i].Weight = w / 100
	}
}

func (q *moodleQuestion) trueFalse(n *xmlNode) {
	c := &q.content
	c.Kind = question.TrueFalse
	known := false
	for _, a := range n.all("answer") {
		truth, ok := judge(q.plain(a))
		if ok && q.fraction(a) > 0 {
			c.Truth, known = truth, true
		}
		q.lostNote(a)
	}
	if !known {
		q.fail(FieldAnswer.title(), "answer.judgement", "answer", "")
	}
}

// lostNote names the feedback of an answer that has no place with us.
func (q *moodleQuestion) lostNote(a *xmlNode) {
	if text := q.rich(a.child("feedback"), FieldFeedback); text != "" {
		q.warn(FieldFeedback.title(), "gift.feedback", "text", shorten(text))
	}
}

func (q *moodleQuestion) shortAnswer(n *xmlNode) {
	c := &q.content
	c.Kind = question.Blanks
	c.MatchCase = flag(n, "usecase", false)
	q.oneGap()
	var b question.Blank
	for _, a := range n.all("answer") {
		text, f := q.plain(a), q.fraction(a)
		switch {
		case f >= 100:
			b.Accept = append(b.Accept, text)
		case f > 0:
			q.warn(FieldAnswer.title(), "gift.partial", "answer", shorten(text), "weight", f)
		}
		q.lostNote(a)
	}
	if len(b.Accept) == 0 {
		q.fail(FieldAnswer.title(), "answer.missing", "hint", "可得满分的答案", "hint_en", "an answer that earns everything")
	}
	c.Blanks = []question.Blank{b}
}

// oneGap makes sure that the stem marks its one gap.
func (q *moodleQuestion) oneGap() {
	c := &q.content
	c.Stem = thinGap.ReplaceAllString(c.Stem, question.Gap)
	if gaps := question.Gaps(c.Stem); gaps == 0 && c.Stem != "" {
		c.Stem = strings.TrimRight(c.Stem, " ") + " " + question.Gap
	}
}

func (q *moodleQuestion) numerical(n *xmlNode) {
	c := &q.content
	c.Kind = question.Numerical
	for _, a := range n.all("answer") {
		f := q.fraction(a)
		note := q.rich(a.child("feedback"), FieldFeedback)
		r, ok := moodleRange(q.plain(a), a.value("tolerance"))
		switch {
		case f <= 0: // wrong answers with a feedback of their own
			if note != "" {
				q.warn(FieldFeedback.title(), "gift.feedback", "text", shorten(note))
			}
			continue
		case !ok:
			q.fail(FieldAnswer.title(), "answer.number", "answer", shorten(q.plain(a)))
			continue
		}
		r.Weight, r.Feedback = math.Min(f, 100)/100, note
		c.Ranges = append(c.Ranges, r)
	}
	if len(c.Ranges) == 0 {
		q.fail(FieldAnswer.title(), "answer.missing", "hint", "数值", "hint_en", "a number")
	}
	for _, u := range n.child("units").all("unit") {
		m, err := strconv.ParseFloat(u.value("multiplier"), 64)
		if err != nil || m == 0 {
			q.warn(FieldSettings.title(), "settings.unknown", "value", shorten(u.value("unit_name")))
			continue
		}
		c.Units = append(c.Units, question.Unit{Name: u.value("unit_name"), Factor: round12(1 / m)})
	}
	if kind := n.value("unitgradingtype"); len(c.Units) > 0 && (kind == "1" || kind == "2") {
		if p, err := strconv.ParseFloat(n.value("unitpenalty"), 64); err == nil {
			c.UnitPenalty = p
		}
	}
}

// round12 takes off what binary fractions add beyond twelve digits.
func round12(f float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 12, 64), 64)
	if err != nil {
		return f
	}
	return r
}

func moodleRange(value, tolerance string) (question.Range, bool) {
	value = strings.ReplaceAll(value, ",", ".")
	if tolerance == "" {
		tolerance = "0"
	}
	v, err1 := strconv.ParseFloat(value, 64)
	t, err2 := strconv.ParseFloat(tolerance, 64)
	if err1 != nil || err2 != nil || math.IsInf(v, 0) || math.IsNaN(v) || !(t >= 0) || math.IsInf(t, 0) {
		return question.Range{}, false
	}
	if t == 0 {
		return question.Range{Min: v, Max: v, Weight: 1}, true
	}
	if r, err := question.Around(value, tolerance); err == nil {
		return r, true
	}
	return question.Range{Min: v - t, Max: v + t, Weight: 1}, true
}

func (q *moodleQuestion) matching(n *xmlNode) {
	c := &q.content
	c.Kind, c.Partial = question.Matching, question.ShareOfKey
	c.KeepOrder = !flag(n, "shuffleanswers", true)
	for _, s := range n.all("subquestion") {
		right := s.child("answer")
		pair := question.Pair{Left: q.rich(s, FieldAnswer)}
		if right != nil {
			h := htmlText{q: q, files: s, field: FieldAnswer}
			pair.Right = tidyText(h.marks(right.value("text")))
		}
		c.Pairs = append(c.Pairs, pair)
	}
}

func (q *moodleQuestion) essay(n *xmlNode) {
	c := &q.content
	c.Kind = question.Essay
	c.Model = q.rich(n.child("graderinfo"), FieldAnswer)
	if text := q.rich(n.child("responsetemplate"), FieldAnswer); text != "" {
		q.warn(FieldAnswer.title(), "moodle.template", "text", shorten(text))
	}
	files, err := strconv.Atoi(n.value("attachments"))
	switch {
	case err != nil || files == 0:
	case files < 0 || files > question.MaxFiles: // -1: as many as one likes
		c.Attachments = question.MaxFiles
	default:
		c.Attachments = files
	}
}

func (q *moodleQuestion) ordering(n *xmlNode) {
	c := &q.content
	c.Kind, c.Partial = question.Ordering, question.ShareOfKey
	answers := n.all("answer")
	slices.SortStableFunc(answers, func(a, b *xmlNode) int { return int(q.fraction(a)*1000) - int(q.fraction(b)*1000) })
	for _, a := range answers {
		c.Options = append(c.Options, question.Option{Text: q.rich(a, FieldOptions)})
	}
	switch n.value("gradingtype") {
	case "ALL_OR_NOTHING", "-1":
		c.Partial = ""
	case "", "RELATIVE_NEXT_EXCLUDE_LAST", "1", "RELATIVE_NEXT_INCLUDE_LAST", "2":
	default:
		q.warn(FieldSettings.title(), "moodle.grading")
	}
}

var gapNumber = regexp.MustCompile(`\[\[(\d{1,3})\]\]`)

// gapSelect reads a text with [[n]] where the n-th choice belongs, as a cloze of choices.
func (q *moodleQuestion) gapSelect(n *xmlNode) {
	c := &q.content
	c.Kind = question.Cloze
	type choice struct{ text, group string }
	var choices []choice
	for _, name := range []string{"selectoption", "dragbox"} {
		for _, o := range n.all(name) {
			choices = append(choices, choice{q.plain(o), o.value("group")})
		}
	}
	keep := !flag(n, "shuffleanswers", true)
	c.Stem = gapNumber.ReplaceAllStringFunc(c.Stem, func(mark string) string {
		right, err := strconv.Atoi(mark[2 : len(mark)-2])
		if err != nil || right < 1 || right > len(choices) {
			q.fail(FieldAnswer.title(), "moodle.gap", "gap", mark)
			return question.Gap
		}
		sub := question.Content{Kind: question.Single, Stem: question.Gap, KeepOrder: keep}
		room := question.MaxOptions - 1 // of those that are wrong
		for i, o := range choices {
			if o.group != choices[right-1].group || i != right-1 && o.text == choices[right-1].text {
				continue
			}
			if i != right-1 {
				if room == 0 {
					q.warn(FieldOptions.title(), "moodle.choices", "max", question.MaxOptions)
					continue
				}
				room--
			}
			if slices.ContainsFunc(sub.Options, func(known question.Option) bool { return known.Text == o.text }) {
				continue // a choice that may be used several times stands there as often
			}
			sub.Options = append(sub.Options, question.Option{Text: o.text, Right: i == right-1})
		}
		c.Subs = append(c.Subs, question.Sub{Content: sub})
		return question.Gap
	})
}
