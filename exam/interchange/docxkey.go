package interchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qiming/exam/question"
)

// docxKey is the key at the end of a paper: answers by the numbers of the questions, below the headings of the sections
// where it has them.
type docxKey struct {
	entries []*keyEntry
	section int                     // of the paper that the entries belong to; -1: any
	named   bool                    // the key has headings
	kinds   map[question.Kind][]int // sections of the paper that hold questions, by kind
	last    *keyEntry
}

type keyEntry struct {
	row, number, section int
	values               map[Field]string
	lastField            Field
	round                int // counts how often the numbers began anew
}

func newKey(p *paper) *docxKey {
	p.close()
	k := &docxKey{section: -1, kinds: map[question.Kind][]int{}}
	last := -1
	for _, q := range p.questions {
		if q.section != last {
			last = q.section
			kind, _ := kindOf(p.sections[last].kind)
			k.kinds[kind] = append(k.kinds[kind], last)
		}
	}
	return k
}

var (
	keyRange  = regexp.MustCompile(`(\d{1,4})\s*[-—–~～至]\s*(\d{1,4})\s*(?:题)?\s*[:：.、]?\s*((?:[A-La-lＡ-ＬTF√×✓✔✗✘对错]+[\s,，;；、]*)+)`)
	keyNumber = regexp.MustCompile(`(?:^|[\s,，;；。、])(?:第\s*)?[（(]?(\d{1,4})[)）]?\s*(?:题)?\s*[.．、:：)）]\s*`)
	keyDense  = regexp.MustCompile(`^(?:\d{1,4}\s*[A-La-l√×对错]+[\s,，;；、]*)+$`)
	keyPair   = regexp.MustCompile(`(\d{1,4})\s*([A-La-l√×对错]+)`)
)

func (k *docxKey) add(row, number int, answer string) {
	e := &keyEntry{row: row, number: number, section: k.section, values: map[Field]string{}, lastField: FieldAnswer}
	if k.last != nil {
		if e.round = k.last.round; number <= k.last.number && !k.named {
			e.round++
		}
	}
	list := pieces(answer)
	if list[0].field == "" {
		list[0].field = FieldAnswer
	}
	for _, piece := range list {
		e.lastField = piece.field
		e.values[piece.field] = grown(e.values[piece.field], piece.text)
	}
	k.entries, k.last = append(k.entries, e), e
}

// line reads a line of the key.
func (k *docxKey) line(p *paper, l docxLine) {
	if l.table != nil {
		k.table(*l.table)
		return
	}
	if markingNote.MatchString(l.text) {
		return
	}
	text := l.text
	if head, rest, found := cutKind(text); found { // 一、单选题：1-5 ABCDA
		if s, ok := sectionOf(docxLine{text: head}); ok {
			k.named, k.last = true, nil
			k.section = k.sectionLike(s)
			text, l.text = rest, rest
		}
	}
	if s, ok := sectionOf(l); ok {
		k.named, k.last = true, nil
		k.section = k.sectionLike(s)
		return
	}
	if found := keyRange.FindAllStringSubmatch(text, -1); found != nil {
		for _, m := range found {
			k.span(l.number, m)
		}
		return
	}
	if keyDense.MatchString(text) && !keyNumber.MatchString(text) {
		for _, m := range keyPair.FindAllStringSubmatch(text, -1) {
			n, _ := strconv.Atoi(m[1]) // digits
			k.add(l.number, n, m[2])
		}
		return
	}
	k.numbered(l.number, text)
}

// cutKind cuts "一、单选题：1-5 ABCDA" behind the heading: where it begins as one, or a colon ends it.
func cutKind(s string) (head, rest string, found bool) {
	begun := len(sectionStart.FindString(s))
	m := kindWord.FindStringIndex(s[begun:])
	if m == nil || m[0] > 6 {
		return "", "", false
	}
	end := begun + m[1]
	after := strings.TrimLeft(sectionNote.ReplaceAllString(s[end:], ""), "题 \t　")
	rest = strings.TrimLeft(after, " \t:：　")
	return s[:end], rest, rest != "" && (begun > 0 || m[0] == 0 && rest != after)
}

// span reads "1-5 ABCDA" and "6-8 AB CD ABC".
func (k *docxKey) span(row int, m []string) {
	from, _ := strconv.Atoi(m[1]) // digits
	to, _ := strconv.Atoi(m[2])
	answers := strings.FieldsFunc(m[3], func(r rune) bool { return strings.ContainsRune(" \t,，;；、\u3000", r) })
	if len(answers) != to-from+1 {
		answers = nil
		for _, r := range m[3] {
			if !strings.ContainsRune(" \t,，;；、\u3000", r) {
				answers = append(answers, string(r))
			}
		}
	}
	if to < from || len(answers) != to-from+1 {
		k.entries = append(k.entries, &keyEntry{row: row, section: k.section, values: map[Field]string{FieldAnswer: m[0]}})
		return
	}
	for i, a := range answers {
		k.add(row, from+i, a)
	}
}

// numbered reads "1.A 2.B" and "1. 1921；上海", or goes on with the last entry.
func (k *docxKey) numbered(row int, text string) {
	next := 0
	if k.last != nil {
		next = k.last.number
	}
	type mark struct{ from, to, number int }
	var marks []mark
	for start := 0; start < len(text); {
		m := keyNumber.FindStringSubmatchIndex(text[start:])
		if m == nil {
			break
		}
		n, _ := strconv.Atoi(text[start+m[2] : start+m[3]]) // digits
		if n == next+1 || len(marks) == 0 && start+m[0] == 0 {
			marks = append(marks, mark{start + m[0], start + m[1], n})
			next = n
		}
		start += max(m[1], 1)
	}
	if len(marks) == 0 || strings.TrimSpace(text[:marks[0].from]) != "" && k.last != nil {
		if k.last != nil {
			rest := text
			if len(marks) > 0 {
				rest = text[:marks[0].from]
			}
			k.last.goOn(strings.TrimSpace(rest))
		}
	}
	for i, m := range marks {
		to := len(text)
		if i+1 < len(marks) {
			to = marks[i+1].from
		}
		k.add(row, m.number, strings.TrimSpace(text[m.to:to]))
	}
}

func (e *keyEntry) goOn(text string) {
	for _, piece := range pieces(text) {
		if piece.field != "" {
			e.lastField = piece.field
		}
		e.values[e.lastField] = grown(e.values[e.lastField], piece.text)
	}
}

// isKeyTable says whether a table has numbers in one row or column and short answers beside them.
func isKeyTable(b docxBlock) bool { return len(keyCells(b)) >= 2 }

type keyCell struct {
	row, number int
	answer      string
}

// keyCells reads the answers of a table: below the numbers, or to their right.
func keyCells(b docxBlock) (out []keyCell) {
	number := func(s string) int {
		n, err := strconv.Atoi(strings.Trim(s, ".．、题第 "))
		if err != nil || n < 1 || n > 9999 {
			return 0
		}
		return n
	}
	answer := func(s string) bool { return s != "" && len([]rune(s)) <= 12 && settled(s) && number(s) == 0 }
	for i := 0; i+1 < len(b.rows); i++ {
		var found []keyCell
		bad := 0
		for j, c := range b.rows[i].cells {
			n := number(c)
			if n == 0 || j >= len(b.rows[i+1].cells) {
				continue
			}
			if a := b.rows[i+1].cells[j]; answer(a) {
				found = append(found, keyCell{b.rows[i+1].number, n, a})
			} else if a != "" {
				bad++
			}
		}
		if len(found) >= 2 && bad == 0 {
			out = append(out, found...)
			i++
		}
	}
	if out != nil {
		return out
	}
	for _, r := range b.rows {
		for j := 0; j+1 < len(r.cells); j += 2 {
			if n := number(r.cells[j]); n > 0 && answer(r.cells[j+1]) {
				out = append(out, keyCell{r.number, n, r.cells[j+1]})
			}
		}
	}
	return out
}

func (k *docxKey) table(b docxBlock) {
	cells := keyCells(b)
	slices.SortStableFunc(cells, func(x, y keyCell) int { return x.number - y.number })
	for _, c := range cells {
		k.add(c.row, c.number, c.answer)
	}
	if len(cells) == 0 {
		for _, r := range b.rows {
			k.numbered(r.number, strings.Join(r.cells, " "))
		}
	}
}

// sectionLike finds the section of the paper that a heading of the key means: the next of its kind.
func (k *docxKey) sectionLike(s docxSection) int {
	kind, _ := kindOf(s.kind)
	list := k.kinds[kind]
	i, found := slices.BinarySearch(list, k.section)
	if found {
		i++
	}
	if i < len(list) {
		return list[i]
	}
	return -1
}

// apply gives the questions their answers, and names what fits none.
func (k *docxKey) apply(p *paper) (out []Problem) {
	type spot struct{ within, number int }
	bySection, byRound := map[spot]*docxQuestion{}, map[spot]*docxQuestion{}
	byNumber := map[int][]*docxQuestion{}
	round, number := 0, 0
	for _, q := range p.questions {
		if q.number <= number && q.number > 0 {
			round++
		}
		number = q.number
		if at := (spot{q.section, q.number}); bySection[at] == nil {
			bySection[at] = q
		}
		byRound[spot{round, q.number}] = q
		byNumber[q.number] = append(byNumber[q.number], q)
	}
	var lost []string
	for _, e := range k.entries {
		if e.number == 0 {
			out = append(out, place{row: e.row, unit: DOCX.unit()}.problem(Warning, "", "docx.key_span", "text", shorten(e.values[FieldAnswer])))
			continue
		}
		q := byRound[spot{e.round, e.number}]
		if e.section >= 0 {
			q = bySection[spot{e.section, e.number}]
		}
		if only := byNumber[e.number]; q == nil && len(only) == 1 { // numbers that run through all sections
			q = only[0]
		}
		if q == nil {
			lost = append(lost, strconv.Itoa(e.number))
			continue
		}
		for f, v := range e.values {
			if v != "" && q.values[f] == "" {
				q.values[f] = v
			}
		}
	}
	if len(lost) > 0 {
		out = append(out, fileProblem(Warning, "docx.key", "count", len(lost), "numbers", strings.Join(lost[:min(len(lost), 10)], "、")))
	}
	return out
}
