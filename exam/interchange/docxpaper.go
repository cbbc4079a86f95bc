package interchange

import (
	"slices"
	"strconv"
	"strings"

	"qiming/exam/question"
)

// docxQuestion is a question as the lines of the paper give it.
type docxQuestion struct {
	row      int // paragraph
	number   int // in the paper; 0 for none
	section  int
	style    string
	stem     []string
	options  []string
	values   map[Field]string
	last     Field // that a line without a mark goes on with; "" the stem, "option" the last option
	material *docxMaterial
	subs     []*docxQuestion // (1), (2) below it
}

type docxMaterial struct {
	row, from, to int
	open          bool // of all questions below its heading, of whatever kind
	text          []string
	category      []string
}

const lastOption Field = "option"

// paper reads the lines of a document.
type paper struct {
	sections  []docxSection
	questions []*docxQuestion
	cur       *docxQuestion
	material  *docxMaterial
	tables    []Record // of tables with a heading
	style     string   // of the numbers of stems in this section
	last      int      // the number of the last stem in this section
	key       *docxKey // once the key has begun
	category  []string // from chapters
	loose     []docxLine
	numbered  bool
}

const maxSettled = 100 // bytes: far more than the letters of an answer

// maxLine is what is read of a line, in bytes: more than a text may hold.
const maxLine = 4 * (MaxCell + 1)

// grown adds a line to a text, until it is longer than any may be.
func grown(text, line string) string {
	if len(text) > maxLine {
		return text
	}
	return joinLines(text, line)
}

// paperOf turns blocks into records.
func paperOf(blocks []docxBlock) Parsed {
	p := &paper{sections: []docxSection{{}}}
	var all []docxLine
	for _, b := range blocks {
		if b.rows != nil {
			all = append(all, docxLine{number: b.number, table: &b})
			continue
		}
		for i, text := range strings.Split(b.text, "\n") {
			if len(text) > maxLine { // refused with its question
				text = strings.ToValidUTF8(text[:maxLine], "")
			}
			if text = tidyText(text); text != "" {
				all = append(all, docxLine{number: b.number, text: text, auto: b.auto && i == 0, head: b.heading})
				if n, _, _ := numberOf(text); n > 0 {
					p.numbered = true
				}
			}
		}
	}
	for _, l := range all {
		p.line(l)
	}
	var out Parsed
	if p.key != nil {
		out.Problems = append(out.Problems, p.key.apply(p)...)
	}
	out.Records = append(p.records(), p.tables...)
	slices.SortStableFunc(out.Records, func(a, b Record) int { return a.Item.Row - b.Item.Row })
	if len(p.loose) > 0 && len(out.Records) > 0 {
		var where []string
		for _, l := range p.loose[:min(len(p.loose), 10)] {
			where = append(where, strconv.Itoa(l.number))
		}
		out.Problems = append(out.Problems, fileProblem(Warning, "docx.loose", "count", len(p.loose), "where", strings.Join(where, "、"), "text", shorten(p.loose[0].text)))
	}
	return out
}

// line files a line where it belongs.
func (p *paper) line(l docxLine) {
	if p.key != nil {
		p.key.line(p, l)
		return
	}
	if l.table != nil {
		p.table(*l.table)
		return
	}
	if len(p.questions) > 0 {
		if keyHeading.MatchString(l.text) && !p.wantsAnswer(l.text) {
			p.key = newKey(p)
			return
		}
		if m := keyBegin.FindStringSubmatch(l.text); m != nil {
			p.key = newKey(p)
			p.key.line(p, docxLine{number: l.number, text: m[1]})
			return
		}
	}
	if m := materialHead.FindStringSubmatch(l.text); m != nil && !fieldMark.MatchString(l.text) {
		from, _ := strconv.Atoi(m[1]) // digits
		to, _ := strconv.Atoi(m[2])
		if from < to && to-from < question.MaxSubs {
			p.close()
			p.material = &docxMaterial{row: l.number, from: from, to: to, category: p.category}
			return
		}
	}
	if s, ok := sectionOf(l); ok && !p.isOption(l.text) {
		p.open(s, l)
		return
	}
	if p.start(l) || p.option(l.text) {
		return
	}
	p.rest(l)
}

// wantsAnswer says whether "答案：" alone on its line begins the answer of the question above: it has none yet.
func (p *paper) wantsAnswer(text string) bool {
	return p.cur != nil && p.cur.values[FieldAnswer] == "" && strings.HasSuffix(strings.TrimSpace(text), "：") && !strings.Contains(text, "参考") && p.cur.last != FieldAnswer
}

func (p *paper) isOption(text string) bool {
	i, _ := optionOf(text)
	return i >= 0 && p.cur != nil && i == len(p.cur.options)
}

// open begins a section.
func (p *paper) open(s docxSection, l docxLine) {
	p.close()
	if s.kind == "" && s.points == 0 && l.head > 0 && kindWord.FindString(l.text) == "" { // a chapter
		title := strings.TrimSpace(sectionNote.ReplaceAllString(l.text, ""))
		if !strings.HasPrefix(title, "第") { // 第一章 is part of the name, 一、 is not
			title = strings.TrimSpace(sectionStart.ReplaceAllString(title, ""))
		}
		if len(p.category) >= l.head {
			p.category = p.category[:l.head-1]
		}
		if title != "" && len(p.category) < question.MaxDepth {
			p.category = append(slices.Clone(p.category), title)
		}
		s.category = p.category
	}
	if s.category == nil {
		s.category = p.category
	}
	p.sections = append(p.sections, s)
	p.style, p.last, p.material = "", 0, nil
}

func (p *paper) section() docxSection { return p.sections[len(p.sections)-1] }

// close ends the question at hand.
func (p *paper) close() { p.cur = nil }

// start begins a question where the line has a number that is due.
func (p *paper) start(l docxLine) bool {
	n, style, rest := numberOf(l.text)
	if n == 0 || rest == "" && !l.auto && p.style == "" {
		return p.startPlain(l)
	}
	inside := p.cur != nil && p.style != "" && style != p.style
	if inside {
		if style == "(" || style == ")" {
			return p.sub(l, n, rest)
		}
		return false
	}
	due := n == p.last+1 || n == 1 && p.answered() || p.last == 0 || n > p.last && n <= p.last+20
	if p.material != nil && n == p.material.from {
		due = true
	}
	if !due {
		return false
	}
	p.style, p.last = style, n
	q := &docxQuestion{row: l.number, number: n, section: len(p.sections) - 1, style: style, values: map[Field]string{}}
	if m := p.material; m != nil {
		if n >= m.from && n <= m.to {
			q.material = m
		} else if n > m.to {
			p.material = nil
		}
	}
	p.questions = append(p.questions, q)
	p.cur = q
	p.pieces(l.number, rest)
	return true
}

// answered says whether the question at hand is complete: a number 1 after it begins a new count.
func (p *paper) answered() bool {
	return p.cur == nil || p.cur.values[FieldAnswer] != "" || len(p.cur.options) >= 2
}

// startPlain begins a question in a paper without any numbers: after one that is answered.
func (p *paper) startPlain(l docxLine) bool {
	if p.numbered || fieldMark.MatchString(l.text) || p.isOption(l.text) || p.cur != nil && (p.cur.values[FieldAnswer] == "" || p.cur.last == FieldExplanation && len(p.sections) == 1 && len(p.cur.options) == 0) {
		return false
	}
	if p.cur == nil && len(p.sections) == 1 && len(p.questions) == 0 && !strings.ContainsAny(l.text, "（(?？。_") {
		return false // a title
	}
	q := &docxQuestion{row: l.number, section: len(p.sections) - 1, values: map[Field]string{}}
	p.questions = append(p.questions, q)
	p.cur = q
	p.pieces(l.number, l.text)
	return true
}

// sub begins a part （1） of the question at hand.
func (p *paper) sub(l docxLine, n int, rest string) bool {
	q := p.cur
	if n != len(q.subs)+1 || n == 1 && (len(q.options) > 0 || q.last == FieldAnswer || q.last == FieldExplanation) {
		return false
	}
	s := &docxQuestion{row: l.number, number: n, section: q.section, style: "(", values: map[Field]string{}}
	q.subs = append(q.subs, s)
	if i, _ := optionOf(rest); i == 0 { // the choices of a gap
		s.stem = []string{"第（" + strconv.Itoa(n) + "）空"}
		return p.option(rest)
	}
	p.piecesOf(s, rest)
	return true
}

// target gives what lines go on with: the last part of a question.
func (p *paper) target() *docxQuestion {
	if p.cur != nil && len(p.cur.subs) > 0 {
		return p.cur.subs[len(p.cur.subs)-1]
	}
	return p.cur
}

func (p *paper) pieces(row int, text string) { p.piecesOf(p.cur, text) }

// piecesOf files the parts of a line that begins or goes on with a question.
func (p *paper) piecesOf(q *docxQuestion, line string) {
	for _, piece := range pieces(line) {
		if piece.field == "" {
			q.goOn(piece.text)
			continue
		}
		if piece.field == FieldAnswer && writingSpace.MatchString(piece.text) {
			continue
		}
		q.last = piece.field
		if piece.text != "" {
			q.values[piece.field] = grown(q.values[piece.field], piece.text)
		}
	}
}

// goOn adds a line without a mark to what the question last said.
func (q *docxQuestion) goOn(text string) {
	switch {
	case q.last == lastOption:
		n := len(q.options) - 1
		q.options[n] = grown(q.options[n], text)
	case q.last == "":
		q.stem = append(q.stem, text)
	case q.last == FieldAnswer && settled(q.values[FieldAnswer]):
		q.last = FieldExplanation
		q.values[FieldExplanation] = grown(q.values[FieldExplanation], text)
	default:
		q.values[q.last] = grown(q.values[q.last], text)
	}
}

// settled says whether an answer is one that no text goes on with: letters, right or wrong.
func settled(answer string) bool {
	if len(answer) > maxSettled { // looked at again with every line of it
		return false
	}
	_, ok := judge(answer)
	return len(letters(answer)) > 0 || ok
}

// option takes a line with one or several options.
func (p *paper) option(text string) bool {
	q := p.target()
	if q == nil {
		return false
	}
	i, rest := optionOf(text)
	if i < 0 || i != len(q.options) || i > 0 && q.last != lastOption || q.values[FieldAnswer] != "" || i >= question.MaxOptions {
		return false
	}
	marked := pieces(rest)
	if marked[0].field == "" {
		q.options = append(q.options, optionsIn(marked[0].text, i)...)
		marked = marked[1:]
	} else {
		q.options = append(q.options, "")
	}
	q.options = q.options[:min(len(q.options), question.MaxOptions)]
	q.last = lastOption
	for _, piece := range marked {
		q.last = piece.field
		q.values[piece.field] = grown(q.values[piece.field], piece.text)
	}
	return true
}

// rest files what is neither heading, stem nor option.
func (p *paper) rest(l docxLine) {
	switch q := p.target(); {
	case p.material != nil && p.cur == nil:
		p.material.text = append(p.material.text, l.text)
	case q != nil && !markingNote.MatchString(l.text):
		p.piecesOf(q, l.text)
	case p.cur == nil && p.last == 0 && caseWord.MatchString(p.section().kind):
		p.material = &docxMaterial{row: l.number, from: 1, to: question.MaxSubs, open: true, text: []string{l.text}, category: p.category}
	default:
		if list := pieces(l.text); list[0].field == FieldCategory {
			p.category = splitList(list[0].text, `/>›→`)
			p.sections = append(p.sections, docxSection{kind: p.section().kind, points: p.section().points, perGap: p.section().perGap, category: p.category}) // from here on
			return
		}
		p.loose = append(p.loose, l)
	}
}

// table reads a table: one with a heading is a table of questions; one whose cells begin with letters holds the options
// of the question above; any other is part of its stem.
func (p *paper) table(b docxBlock) {
	s := sheet{}
	for _, r := range b.rows {
		s.rows = append(s.rows, row{number: r.number, cells: r.cells})
	}
	if at, columns := heading(s, nil); columns != nil {
		p.tables = append(p.tables, sheetRecords(s, at, columns, DOCX.unit())...)
		return
	}
	var cells []string
	for _, r := range b.rows {
		for _, c := range r.cells {
			if c != "" {
				cells = append(cells, c)
			}
		}
	}
	q := p.target()
	if q != nil && len(cells) >= 2 && len(q.options) < 2 && q.values[FieldAnswer] == "" {
		if i, _ := optionOf(cells[0]); i == len(q.options) {
			for _, c := range cells {
				if !p.option(c) {
					p.rest(docxLine{number: b.number, text: c})
				}
			}
			return
		}
	}
	if isKeyTable(b) && len(p.questions) > 0 {
		p.key = newKey(p)
		p.key.table(b)
		return
	}
	if len(b.rows) == 1 || len(cells) == len(b.rows) { // a frame around text
		for _, r := range b.rows {
			for _, c := range r.cells {
				for line := range strings.SplitSeq(c, "\n") {
					if line = tidyText(line); line != "" && p.key == nil {
						p.line(docxLine{number: r.number, text: line})
					}
				}
			}
		}
		return
	}
	text := b.rowsText()
	switch {
	case p.material != nil && p.cur == nil:
		p.material.text = append(p.material.text, text)
	case q != nil:
		q.goOn(text)
	default:
		p.loose = append(p.loose, docxLine{number: b.number, text: text})
	}
}
