package interchange

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"qiming/exam/question"
)

// records turns the questions of the paper into records; those of one material are one.
func (p *paper) records() (out []Record) {
	for i := 0; i < len(p.questions); i++ {
		q := p.questions[i]
		if q.material == nil {
			out = append(out, p.record(q))
			continue
		}
		var drafts []draft
		m := q.material
		for ; i < len(p.questions) && p.questions[i].material == m; i++ {
			drafts = append(drafts, p.draft(p.questions[i], joinLines(m.text...)))
			if m.open {
				drafts[len(drafts)-1].section = ""
			}
		}
		i--
		drafts[0].at.row = m.row
		out = append(out, recordOf(drafts))
	}
	return out
}

// record makes one of a question. Parts （1）（2） that are answered one by one make it a material; others are its text.
func (p *paper) record(q *docxQuestion) Record {
	parts := 0
	for _, s := range q.subs {
		if s.values[FieldAnswer] != "" || len(s.options) > 1 || inBrackets(joinLines(s.stem...)) != "" {
			parts++
		}
	}
	if parts == 0 || parts < len(q.subs) || parts > question.MaxSubs {
		p.fold(q)
		return recordOf([]draft{p.draft(q, "")})
	}
	var drafts []draft
	for i, s := range q.subs {
		d := p.draft(s, joinLines(q.stem...))
		d.section = ""
		if i == 0 {
			d.at.row = q.row
			for _, f := range []Field{FieldCategory, FieldTags, FieldDifficulty} {
				if q.values[f] != "" {
					d.set(f, "", q.values[f])
				}
			}
		}
		drafts = append(drafts, d)
	}
	return recordOf(drafts)
}

// fold puts the parts of a question back into its text and answer.
func (p *paper) fold(q *docxQuestion) {
	for _, s := range q.subs {
		text := "（" + number(float64(s.number)) + "）" + joinLines(s.stem...)
		q.stem = append(q.stem, text)
		for f, v := range s.values {
			q.values[f] = grown(q.values[f], v)
		}
		q.options = append(q.options, s.options...)
	}
	q.subs = nil
}

var (
	markedPart = regexp.MustCompile(`(?:^|[\s；;，,])(?:[①②③④⑤⑥⑦⑧⑨⑩]|[（(]\d{1,2}[)）])\s*`)
	bracketed  = regexp.MustCompile(`[（(]([^（）()]{1,40})[）)]`)
	underlined = regexp.MustCompile(string(underOpen) + `([^` + string(underClose) + `]*)` + string(underClose))
	unmark     = strings.NewReplacer(string(underOpen), "", string(underClose), "")
)

// draft gives the fields of a question as a row of a table would.
func (p *paper) draft(q *docxQuestion, material string) draft {
	section := p.sections[q.section]
	d := draft{at: place{row: q.row, unit: DOCX.unit()}, headings: map[Field]string{}, section: section.kind}
	stem := joinLines(q.stem...)
	if m := kindNote.FindStringSubmatch(stem); m != nil {
		d.set(FieldKind, "", m[1])
		stem = stem[len(m[0]):]
	}
	if m := pointsNote.FindStringSubmatchIndex(stem); m != nil {
		q.values[FieldPoints] = first(q.values[FieldPoints], stem[m[2]:m[3]])
		stem = strings.TrimSpace(stem[:m[0]] + stem[m[1]:])
	}
	for _, m := range valueNote.FindAllStringSubmatch(stem, -1) {
		f := fieldOf(m[1])
		q.values[f] = first(q.values[f], m[2])
	}
	stem = strings.TrimSpace(valueNote.ReplaceAllString(stem, ""))
	options := q.options
	if len(options) == 0 {
		stem, options = stemOptions(stem)
	}
	answer := q.values[FieldAnswer]
	kind, _ := kindOf(first(q.values[FieldKind], d.values[FieldKind], section.kind))
	if note := inBrackets(stem); note != "" && (answer == "" || sameAnswer(answer, note)) && (len(options) >= 2 || isJudgement(note)) && kind != question.Blanks {
		answer = first(answer, note)
		stem = blankBrackets(stem)
	}
	if kind == question.Blanks || kind == "" && len(options) == 0 && !settled(answer) {
		stem, answer = fillIn(stem, answer, kind == question.Blanks)
	}
	if section.points > 0 && q.values[FieldPoints] == "" {
		points := section.points
		if gaps := question.Gaps(stem); section.perGap && gaps > 0 {
			points *= float64(gaps)
		}
		q.values[FieldPoints] = number(points)
	}
	d.set(FieldStem, "", unmark.Replace(stem))
	for i, o := range options {
		if i < question.MaxOptions {
			d.set(optionField(i), "", unmark.Replace(o))
		}
	}
	for f, v := range q.values {
		if f != FieldAnswer {
			d.set(f, "", unmark.Replace(v))
		}
	}
	d.set(FieldAnswer, "", unmark.Replace(answer))
	if d.values[FieldCategory] == "" && len(section.category) > 0 {
		d.set(FieldCategory, "", joinEscaped(section.category, `/>›→`, "/"))
	}
	for f, v := range d.values {
		if tooLong(v) {
			d.fail(f, "cell.long", "max", MaxCell)
		}
	}
	if material != "" {
		d.set(FieldMaterial, "", unmark.Replace(material))
	}
	return d
}

// inBrackets gives the answer that stands in the last brackets of a stem that hold one: "（ A ）", "（√）".
func inBrackets(stem string) string {
	found := answerNote.FindAllStringSubmatch(stem, -1)
	if len(found) == 0 {
		return ""
	}
	return strings.ToUpper(norm.NFKC.String(found[len(found)-1][1]))
}

func blankBrackets(stem string) string {
	found := answerNote.FindAllStringSubmatchIndex(stem, -1)
	last := found[len(found)-1]
	rest := stem[last[1]:]
	if strings.TrimLeft(rest, "。.！!？?") == "" && isJudgement(stem[last[2]:last[3]]) { // 判断题 end with their brackets
		return strings.TrimSpace(stem[:last[0]]) + rest
	}
	if last[0] == 0 && isJudgement(stem[last[2]:last[3]]) { // or begin with them
		return strings.TrimSpace(rest)
	}
	return stem[:last[0]] + "（　）" + rest
}

func isJudgement(s string) bool { _, ok := judge(s); return ok && !isLetterOption(s) }

func isLetterOption(s string) bool { return len(s) == 1 && s[0] >= 'A' && s[0] <= 'E' }

func sameAnswer(a, b string) bool {
	x, y := letters(a), letters(b)
	if len(x) > 0 || len(y) > 0 {
		return strings.EqualFold(strings.Join(strings.Fields(a), ""), strings.Join(strings.Fields(b), "")) || slices.Equal(x, y)
	}
	truth1, ok1 := judge(a)
	truth2, ok2 := judge(b)
	return ok1 && ok2 && truth1 == truth2
}

// fillIn reads a fill-in whose underlined words are its answers, and answers that are numbered ①②. Where it is sure to be
// one, what stands in brackets is an answer too.
func fillIn(stem, answer string, sure bool) (string, string) {
	if answer == "" && underlined.MatchString(stem) && question.Gaps(withGaps(unmark.Replace(underlined.ReplaceAllString(stem, "")))) == 0 {
		var parts []string
		stem = underlined.ReplaceAllStringFunc(stem, func(s string) string {
			parts = append(parts, escape(strings.TrimSpace(unmark.Replace(s)), aliasSeps+blankSeps))
			return question.Gap
		})
		return stem, strings.Join(parts, "；")
	}
	if sure && answer == "" && question.Gaps(withGaps(stem)) == 0 { // answers in the brackets of their gaps
		var parts []string
		stem = bracketed.ReplaceAllStringFunc(stem, func(s string) string {
			parts = append(parts, escape(strings.TrimSpace(bracketed.FindStringSubmatch(s)[1]), aliasSeps+blankSeps))
			return question.Gap
		})
		return stem, strings.Join(parts, "；")
	}
	if len(markedPart.FindAllString(answer, -1)) >= 2 {
		var parts []string
		for _, part := range markedPart.Split(answer, -1) {
			if part = strings.Trim(part, " \t；;，,\n"); part != "" {
				parts = append(parts, part)
			}
		}
		answer = strings.Join(parts, "；")
	}
	return stem, answer
}
