package interchange

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"qiming/exam/question"
)

// giftChoice is one answer of a block: "=%50%text#feedback" or "~text".
type giftChoice struct {
	right    bool // began with =
	weight   float64
	weighted bool
	text     string // raw
	feedback string // plain
}

var giftWeight = regexp.MustCompile(`^%(-?\d+(?:\.\d+)?)%`)

// giftChoices splits a block at unescaped = and ~. What stands before the first is head.
func giftChoices(s string) (head string, list []giftChoice) {
	start := -1
	add := func(end int) {
		if start < 0 {
			head = s[:end]
			return
		}
		c := giftChoice{right: s[start] == '='}
		body := strings.TrimSpace(s[start+1 : end])
		if m := giftWeight.FindStringSubmatch(body); m != nil {
			c.weight, _ = strconv.ParseFloat(m[1], 64) // the pattern is a number
			c.weighted, body = true, strings.TrimSpace(body[len(m[0]):])
		}
		if i := unescapedIndex(body, '#'); i >= 0 {
			c.feedback, body = giftPlain(body[i+1:]), body[:i]
		}
		c.text = strings.TrimSpace(body)
		list = append(list, c)
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '=', '~':
			add(i)
			start = i
		}
	}
	add(len(s))
	return head, list
}

// answer reads the only block of a question.
func (q *giftQuestion) answer(block string) {
	block = strings.TrimSpace(block)
	if i := unescapedPair(block, "####"); i >= 0 {
		q.content.Explanation = giftPlain(block[i+4:])
		block = strings.TrimSpace(block[:i])
	}
	switch {
	case block == "":
		q.content.Kind = question.Essay
		q.content.Stem = q.stem("")
	case strings.HasPrefix(block, "#"):
		q.content.Kind = question.Blanks
		q.content.Stem = q.gapStem()
		if b, ok := q.number(block[1:]); ok {
			q.content.Blanks = []question.Blank{b}
		}
	case q.trueFalse(block):
	default:
		q.choices(block)
	}
}

// stem joins the text around a block that stands inside it; a gap marks the place.
func (q *giftQuestion) stem(gap string) string {
	before, after := giftPlain(q.before), strings.TrimSpace(giftPlain(q.after))
	if after == "" {
		return before
	}
	format := ""
	if m := giftFormat.FindString(strings.TrimSpace(q.before)); m != "" {
		format = m
	}
	if gap == "" {
		gap = question.Gap
	}
	return giftPlain(format + strings.TrimPrefix(strings.TrimSpace(q.before), format) + gap + q.after)
}

// gapStem gives the stem of a fill-in: the gap is where the block is, unless the text marks one itself.
func (q *giftQuestion) gapStem() string {
	if strings.TrimSpace(q.after) == "" {
		before := giftPlain(q.before)
		if question.Gaps(before) == 1 {
			return before
		}
		if endsText(q.before) {
			return before + question.Gap
		}
		return before + " " + question.Gap
	}
	return q.stem(question.Gap)
}

// endsText says whether a block follows its text without a space: a gap within the sentence.
func endsText(s string) bool { return s != "" && strings.TrimRight(s, " \t\n") == s }

func (q *giftQuestion) trueFalse(block string) bool {
	word, rest, _ := strings.Cut(block, "#")
	switch strings.ToUpper(strings.TrimSpace(word)) {
	case "T", "TRUE":
		q.content.Truth = true
	case "F", "FALSE":
	default:
		truth, ok := judge(word) // {对}, {错误}: not Moodle's, but people write it
		if !ok || strings.ContainsAny(word, "=~10") {
			return false
		}
		q.content.Truth = truth
	}
	q.content.Kind = question.TrueFalse
	q.content.Stem = q.stem("")
	if rest = giftPlain(strings.ReplaceAll(rest, "#", " ")); rest != "" {
		q.warn(FieldFeedback.title(), "gift.feedback", "text", shorten(rest))
	}
	return true
}

// choices reads what is neither essay, number nor true/false: choice, short answer, matching.
func (q *giftQuestion) choices(block string) {
	head, list := giftChoices(block)
	tilde, pairs, rights := 0, 0, 0
	for _, c := range list {
		if !c.right {
			tilde++
		} else {
			rights++
			if strings.Contains(c.text, "->") {
				pairs++
			}
		}
	}
	switch {
	case len(list) == 0 || strings.TrimSpace(head) != "":
		q.content.Stem = q.stem("")
		q.fail(FieldAnswer.title(), "gift.mark", "answer", shorten(block))
	case tilde == 0 && pairs > 0 && pairs == rights:
		q.content.Kind, q.content.Partial = question.Matching, question.ShareOfKey
		q.content.Stem = q.stem("")
		for _, c := range list {
			left, right, _ := strings.Cut(c.text, "->")
			q.content.Pairs = append(q.content.Pairs, question.Pair{Left: giftPlain(left), Right: giftPlain(right)})
		}
	case tilde == 0:
		q.content.Kind = question.Blanks
		q.content.Stem = q.gapStem()
		if b, ok := q.texts(list); ok {
			q.content.Blanks = []question.Blank{b}
		}
	default:
		q.options(list, rights)
	}
}

// texts reads the accepted texts of a gap. Those that earn only a part are named and left out.
func (q *giftQuestion) texts(list []giftChoice) (b question.Blank, ok bool) {
	for _, c := range list {
		if c.weighted && c.weight < 100 {
			q.warn(FieldAnswer.title(), "gift.partial", "answer", shorten(giftPlain(c.text)), "weight", c.weight)
			continue
		}
		if c.feedback != "" {
			q.warn(FieldFeedback.title(), "gift.feedback", "text", shorten(c.feedback))
		}
		b.Accept = append(b.Accept, giftPlain(c.text))
	}
	if len(b.Accept) == 0 {
		q.fail(FieldAnswer.title(), "answer.missing", "hint", "可得满分的答案", "hint_en", "an answer that earns everything")
	}
	return b, len(b.Accept) > 0
}

// options reads a choice. One = is a single choice; positive weights without = are a multiple choice. Equal
// shares of the right options, and wrong ones that earn nothing or take all back, are our ShareOfKey; any
// other weights are kept as they are.
func (q *giftQuestion) options(list []giftChoice, rights int) {
	c := &q.content
	c.Stem = q.stem("")
	weights := make([]float64, len(list)) // in percent
	positive, zero, whole, part, least := 0, 0, 0, false, 0.0
	first, even := 0.0, true
	for i, o := range list {
		weights[i] = o.weight
		if o.right && !o.weighted {
			weights[i] = 100
		}
		switch w := weights[i]; {
		case w > 0:
			even = even && (first == 0 || math.Abs(first-w) <= 1)
			positive, first = positive+1, w
		case w == 0:
			zero++
		default:
			least, part = min(least, w), part || w > -100
		}
		if weights[i] >= 100 {
			whole++
		}
		c.Options = append(c.Options, question.Option{Text: giftPlain(o.text), Right: weights[i] > 0, Feedback: o.feedback})
	}
	byWeight := func() {
		c.Partial = question.ByWeight
		for i, w := range weights {
			c.Options[i].Weight = w / 100
		}
	}
	switch {
	case positive == 0:
		q.fail(FieldAnswer.title(), "answer.missing", "hint", "以“=”标出的正确选项", "hint_en", "an option marked =")
	case rights == 1 && whole > 0, rights == 0 && whole == 1: // what earns all alone
		c.Kind = question.Single
		if positive > 1 || least < 0 {
			byWeight()
		}
	case rights > 1:
		c.Kind = question.Multiple
		q.warn(FieldKind.title(), "gift.several_right", "count", rights)
	default:
		c.Kind = question.Multiple
		if even && (!part || zero > 0) {
			c.Partial = question.ShareOfKey
		} else {
			byWeight()
		}
	}
}

// number reads the numerical answers of a gap: "3:0.5", "1..5", "=3:0 =4:0".
func (q *giftQuestion) number(s string) (b question.Blank, ok bool) {
	head, list := giftChoices(s)
	if strings.TrimSpace(head) != "" {
		text := head
		if i := unescapedIndex(head, '#'); i >= 0 {
			text = head[:i]
			if note := giftPlain(head[i+1:]); note != "" {
				q.warn(FieldFeedback.title(), "gift.feedback", "text", shorten(note))
			}
		}
		list = append([]giftChoice{{right: true, text: text}}, list...)
	}
	b.Number = true
	for _, c := range list {
		if !c.right { // "~" holds the feedback of everything else
			continue
		}
		if c.weighted && c.weight < 100 {
			q.warn(FieldAnswer.title(), "gift.partial", "answer", shorten(c.text), "weight", c.weight)
			continue
		}
		if c.feedback != "" {
			q.warn(FieldFeedback.title(), "gift.feedback", "text", shorten(c.feedback))
		}
		value, tolerance, ok := giftNumber(c.text)
		if !ok {
			q.fail(FieldAnswer.title(), "blanks.number", "answer", shorten(c.text))
			return b, false
		}
		if len(b.Accept) > 0 && tolerance != b.Tolerance {
			q.fail(FieldAnswer.title(), "gift.tolerances")
			return b, false
		}
		b.Accept, b.Tolerance = append(b.Accept, value), tolerance
	}
	if len(b.Accept) == 0 {
		q.fail(FieldAnswer.title(), "answer.missing", "hint", "数值", "hint_en", "a number")
	}
	return b, len(b.Accept) > 0
}

// giftNumber reads "3", "3:0.5" or "1..5".
func giftNumber(s string) (value string, tolerance float64, ok bool) {
	s = strings.ReplaceAll(giftUnescapeColon(strings.TrimSpace(s)), " ", "")
	finite := func(f float64, err error) bool { return err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) }
	if low, high, found := strings.Cut(s, ".."); found {
		a, err1 := strconv.ParseFloat(low, 64)
		b, err2 := strconv.ParseFloat(high, 64)
		if !finite(a, err1) || !finite(b, err2) || b < a {
			return "", 0, false
		}
		return number(a + (b-a)/2), (b - a) / 2, finite(b-a, nil)
	}
	v, t, found := strings.Cut(s, ":")
	if n, err := strconv.ParseFloat(v, 64); !finite(n, err) {
		return "", 0, false
	}
	if found {
		n, err := strconv.ParseFloat(t, 64)
		if !finite(n, err) || n < 0 {
			return "", 0, false
		}
		tolerance = n
	}
	return v, tolerance, true
}

func giftUnescapeColon(s string) string { return strings.ReplaceAll(s, `\:`, ":") }

// several reads a text with several answer blocks as one question with several gaps.
func (q *giftQuestion) several(texts, answers []string) {
	q.content.Kind = question.Blanks
	format := giftFormat.FindString(strings.TrimSpace(texts[0]))
	var stem strings.Builder
	stem.WriteString(format + strings.TrimPrefix(strings.TrimSpace(texts[0]), format))
	for i, block := range answers {
		block = strings.TrimSpace(block)
		if j := unescapedPair(block, "####"); j >= 0 {
			q.content.Explanation = giftPlain(block[j+4:])
			block = strings.TrimSpace(block[:j])
		}
		var b question.Blank
		var ok bool
		if strings.HasPrefix(block, "#") {
			b, ok = q.number(block[1:])
		} else {
			head, list := giftChoices(block)
			for _, c := range list {
				if !c.right {
					head = "~"
				}
			}
			if len(list) == 0 || strings.TrimSpace(head) != "" {
				q.fail(FieldAnswer.title(), "gift.blocks")
				return
			}
			b, ok = q.texts(list)
		}
		if !ok {
			return
		}
		q.content.Blanks = append(q.content.Blanks, b)
		stem.WriteString(question.Gap + texts[i+1])
	}
	q.content.Stem = giftPlain(stem.String())
}
