package interchange

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"qiming/exam/question"
)

// clozeGap is the beginning of a gap of Moodle's embedded answers: {1:MULTICHOICE:
var clozeGap = regexp.MustCompile(`\{(\d{0,4}):(SHORTANSWER_C|SHORTANSWER|SAC|SA|MWC|MW|NUMERICAL|NM|MULTICHOICE_VS|MULTICHOICE_HS|MULTICHOICE_S|MULTICHOICE_V|MULTICHOICE_H|MULTICHOICE|MCVS|MCHS|MCS|MCV|MCH|MC|MULTIRESPONSE_HS|MULTIRESPONSE_S|MULTIRESPONSE_H|MULTIRESPONSE|MRHS|MRS|MRH|MR):`)

// clozePart is one answer of a gap, raw.
type clozePart struct {
	text, feedback string
	percent        float64
}

// multianswer reads a text with embedded answers: gaps of text alone are a fill-in, all others a cloze.
func (q *moodleQuestion) multianswer(n *xmlNode) {
	body := n.child("questiontext")
	raw := n.value("questiontext", "text")
	var subs []question.Sub
	var stem strings.Builder
	broken := false
	for {
		m := clozeGap.FindStringSubmatchIndex(raw)
		if m == nil {
			break
		}
		end := clozeEnd(raw[m[1]:])
		if end < 0 {
			broken = true
			break
		}
		weight, err := strconv.Atoi(raw[m[2]:m[3]])
		if err != nil {
			weight = 1
		}
		sub := q.clozeSub(raw[m[4]:m[5]], clozeParts(raw[m[1]:m[1]+end]), body)
		subs = append(subs, question.Sub{Weight: float64(weight), Content: sub})
		stem.WriteString(raw[:m[0]] + question.Gap)
		raw = raw[m[1]+end+1:]
	}
	stem.WriteString(raw)
	plain := &xmlNode{name: n.name, attrs: n.attrs}
	for _, kid := range n.kids {
		if kid != body {
			plain.kids = append(plain.kids, kid)
		}
	}
	if body != nil {
		text := &xmlNode{name: "questiontext", attrs: body.attrs, kids: []*xmlNode{{name: "text", kids: []*xmlNode{{text: stem.String()}}}}}
		text.kids = append(text.kids, body.all("file")...)
		plain.kids = append(plain.kids, text)
	}
	q.common(plain)
	switch {
	case broken:
		q.fail(FieldAnswer.title(), "gift.unclosed")
	case len(subs) == 0:
		q.fail(FieldAnswer.title(), "gift.no_answer")
	}
	q.embed(subs)
}

// embed makes a question of gaps.
func (q *moodleQuestion) embed(subs []question.Sub) {
	c := &q.content
	even, texts, matchCase := true, true, 0
	for _, sub := range subs {
		even = even && sub.Weight == subs[0].Weight
		texts = texts && sub.Content.Kind == question.Blanks
		if sub.Content.MatchCase {
			matchCase++
		}
	}
	for i := range subs {
		if even {
			subs[i].Weight = 0
		}
	}
	if texts && (matchCase == 0 || matchCase == len(subs)) {
		c.Kind, c.MatchCase = question.Blanks, matchCase > 0
		for _, sub := range subs {
			b := sub.Content.Blanks[0]
			b.Weight = sub.Weight
			c.Blanks = append(c.Blanks, b)
		}
		return
	}
	c.Kind, c.Subs = question.Cloze, subs
}

// clozeEnd gives the place of the brace that ends a gap.
func clozeEnd(s string) int { return unescapedIndex(s, '}') }

// clozeParts splits a gap at ~, a part at # and its weight off.
func clozeParts(s string) (out []clozePart) {
	for _, part := range clozeSplit(s, '~') {
		p := clozePart{text: part}
		if rest, ok := strings.CutPrefix(p.text, "="); ok {
			p.text, p.percent = rest, 100
		} else if m := giftWeight.FindStringSubmatch(p.text); m != nil {
			p.percent, _ = strconv.ParseFloat(m[1], 64) // the pattern is a number
			p.text = p.text[len(m[0]):]
		}
		if pieces := clozeSplit(p.text, '#'); len(pieces) > 1 {
			p.text, p.feedback = pieces[0], strings.Join(pieces[1:], "#")
		}
		if strings.TrimSpace(p.text) != "" || len(out) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// clozeSplit splits at a sign that no backslash stands before; the # of &#39; is none.
func clozeSplit(s string, sign byte) (out []string) {
	start := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == sign && !(sign == '#' && i > 0 && s[i-1] == '&'):
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[start:])
}

var clozeEscape = regexp.MustCompile(`\\([}#~/"\\{=])`)

// clozeSub reads a gap.
func (q *moodleQuestion) clozeSub(kind string, parts []clozePart, body *xmlNode) question.Content {
	text := func(raw string) string {
		h := htmlText{q: q, files: body, field: FieldAnswer}
		return tidyText(h.read(clozeEscape.ReplaceAllString(raw, "$1")))
	}
	note := func(p clozePart) {
		if t := text(p.feedback); t != "" {
			q.warn(FieldFeedback.title(), "gift.feedback", "text", shorten(t))
		}
	}
	sub := question.Content{Stem: question.Gap}
	switch {
	case strings.HasPrefix(kind, "S") || strings.HasPrefix(kind, "MW"):
		sub.Kind, sub.MatchCase = question.Blanks, strings.HasSuffix(kind, "C")
		b := question.Blank{}
		for _, p := range parts {
			switch {
			case p.percent >= 100:
				b.Accept = append(b.Accept, text(p.text))
			case p.percent > 0:
				q.warn(FieldAnswer.title(), "gift.partial", "answer", shorten(text(p.text)), "weight", p.percent)
			}
			note(p)
		}
		sub.Blanks = []question.Blank{b}
		if len(b.Accept) == 0 {
			q.fail(FieldAnswer.title(), "answer.missing", "hint", "可得满分的答案", "hint_en", "an answer that earns everything")
		}
	case strings.HasPrefix(kind, "N"):
		sub.Kind = question.Numerical
		for _, p := range parts {
			if p.percent <= 0 {
				note(p)
				continue
			}
			value, tolerance, _ := strings.Cut(strings.TrimSpace(text(p.text)), ":")
			r, ok := moodleRange(value, tolerance)
			if !ok {
				q.fail(FieldAnswer.title(), "answer.number", "answer", shorten(text(p.text)))
				continue
			}
			r.Weight, r.Feedback = math.Min(p.percent, 100)/100, text(p.feedback)
			sub.Ranges = append(sub.Ranges, r)
		}
		if len(sub.Ranges) == 0 {
			q.fail(FieldAnswer.title(), "answer.missing", "hint", "数值", "hint_en", "a number")
		}
	case strings.HasPrefix(kind, "MULTIR") || strings.HasPrefix(kind, "MR"):
		q.fail(FieldAnswer.title(), "moodle.several")
		sub.Kind = question.Single
	default:
		sub.KeepOrder = !strings.HasSuffix(kind, "S")
		var weights []float64
		for _, p := range parts {
			weights = append(weights, p.percent)
			sub.Options = append(sub.Options, question.Option{Text: text(p.text), Right: p.percent > 0, Feedback: text(p.feedback)})
		}
		weigh(&sub, weights, true)
	}
	return sub
}
