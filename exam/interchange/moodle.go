package interchange

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"qiming/exam/question"
)

// moodle is Moodle's question bank as XML (docs.moodle.org, "Moodle XML format"), pictures included.
//
// Ours beyond Moodle: a comment <!-- qiming {…} --> within a question carries what Moodle has no place for (see
// whole); <!-- qiming-material N --> within a description makes it the text of a reading material whose items are
// the N questions that follow. Moodle passes over both.
type moodle struct{}

const moodleMaterial = "qiming-material "

func (moodle) name() Format { return Moodle }

func (moodle) detect(src Source) bool { return isMoodle(src.Data) }

// isMoodle looks for the root element in the beginning of a file.
func isMoodle(data []byte) bool {
	return isXML(data) && strings.Contains(decode(data[:min(len(data), 4096)]), "<quiz")
}

func (moodle) read(src Source) Parsed {
	r, err := readXML(src.Data)
	if err != nil {
		return xmlProblem(Moodle, err)
	}
	root, err := r.next()
	if err != nil {
		return xmlProblem(Moodle, r.because(err))
	}
	if root.Name.Local != "quiz" {
		return unreadable(Moodle, "moodle.root", "name", shorten(root.Name.Local))
	}
	m := moodleReader{}
	for {
		start, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return xmlProblem(Moodle, r.because(err))
		}
		if start.Name.Local != "question" {
			continue
		}
		n, err := r.element(start)
		if err != nil {
			return xmlProblem(Moodle, r.because(err))
		}
		if m.take(n); len(m.out.Records) > MaxRows {
			return unreadable(Moodle, "file.too_many_rows", "max", MaxRows)
		}
	}
	m.close()
	m.out.Files = m.files.files
	return m.out
}

// moodleReader turns question elements into records, in their order.
type moodleReader struct {
	out      Parsed
	files    embedded
	category []string
	ordinal  int        // of questions, from 1
	group    []*xmlNode // a material that is being read: its description, its items
	wanted   int        // items that the group still lacks
}

func (m *moodleReader) take(n *xmlNode) {
	if n.attr("type") == "category" {
		m.close()
		m.category = moodleCategory(n.value("category", "text"))
		if info := tidyText(n.value("info", "text")); info != "" && !strings.HasPrefix(info, "The default category") {
			m.out.Problems = append(m.out.Problems, fileProblem(Warning, "moodle.info", "name", strings.Join(m.category, "/"), "text", shorten(info)))
		}
		return
	}
	m.ordinal++
	if m.wanted > 0 {
		m.group = append(m.group, n)
		if m.wanted--; m.wanted == 0 {
			m.close()
		}
		return
	}
	if items := materialMark(n); items > 0 {
		m.group, m.wanted = []*xmlNode{n}, items
		return
	}
	m.out.Records = append(m.out.Records, moodleRecord([]*xmlNode{n}, m.ordinal, m.category, &m.files))
}

// close ends a material, whole or not.
func (m *moodleReader) close() {
	if len(m.group) > 0 {
		first := m.ordinal - len(m.group) + 1
		m.out.Records = append(m.out.Records, moodleRecord(m.group, first, m.category, &m.files))
	}
	m.group, m.wanted = nil, 0
}

// materialMark gives the number of items that follow a description of ours; 0 where it is none.
func materialMark(n *xmlNode) int {
	if n.attr("type") != "description" {
		return 0
	}
	for _, note := range n.notes(moodleMaterial) {
		if items, err := strconv.Atoi(note); err == nil && items > 0 && items <= question.MaxSubs {
			return items
		}
	}
	return 0
}

// moodleCategory reads a path: "//" is a slash within a name; the context ($course$) and its top are dropped.
func moodleCategory(s string) []string {
	const slash = "\x01"
	var out []string
	for i, name := range strings.Split(strings.ReplaceAll(s, "//", slash), "/") {
		name = strings.TrimSpace(strings.ReplaceAll(name, slash, "/"))
		context := i == 0 && len(name) > 1 && strings.HasPrefix(name, "$") && strings.HasSuffix(name, "$")
		if name != "" && !context && !(name == "top" && len(out) == 0 && i <= 1) {
			out = append(out, name)
		}
	}
	return out
}

// moodleQuestion is a question being read.
type moodleQuestion struct {
	at       place
	files    *embedded
	problems []Problem
	dropped  []string // markup
	content  question.Content

	attachments map[*xmlNode]map[string]*attachment // by element and name
}

func (q *moodleQuestion) fail(column, code string, params ...any) {
	q.problems = append(q.problems, q.at.problem(Error, column, code, params...))
}

func (q *moodleQuestion) warn(column, code string, params ...any) {
	q.problems = append(q.problems, q.at.problem(Warning, column, code, params...))
}

// moodleRecord reads a question, or a description with the items of its material.
func moodleRecord(group []*xmlNode, ordinal int, category []string, files *embedded) Record {
	n := group[0]
	q := moodleQuestion{at: place{row: ordinal, unit: Moodle.unit()}, files: files}
	item := Item{Row: ordinal, Category: category, ExternalID: n.value("idnumber")}
	for _, tag := range n.child("tags").all("tag") {
		item.Tags = append(item.Tags, tag.value("text"))
	}
	if grade := n.value("defaultgrade"); grade != "" {
		points, err := strconv.ParseFloat(grade, 64)
		if err != nil || !(points >= 0 && points <= 10_000) {
			q.warn(FieldPoints.title(), "points.unknown", "value", shorten(grade))
		} else {
			item.Points = points
		}
	}
	if n.value("hidden") == "1" {
		q.warn("", "moodle.hidden")
	}
	if len(group) > 1 || materialMark(n) > 0 {
		q.material(group, ordinal)
	} else {
		q.read(n)
	}
	if len(q.dropped) > 0 {
		q.warn("", "moodle.markup", "what", strings.Join(q.dropped, "、"))
	}
	item.Content = q.content
	for _, own := range n.notes(ownMark) {
		switch {
		case takeWhole(own, &item, groupTexts(group)...):
			q.problems = mediaProblems(q.problems)
		case json.Valid([]byte(own)):
			q.warn("", "whole.changed")
		}
	}
	return Record{Item: item, Problems: q.problems}
}

func groupTexts(group []*xmlNode) (out []string) {
	for _, n := range group {
		out = append(out, n.canonical())
	}
	return out
}

// material reads a description with the questions that follow as one.
func (q *moodleQuestion) material(group []*xmlNode, ordinal int) {
	q.common(group[0])
	c := q.content
	c.Kind = question.Material
	for i, n := range group[1:] {
		sub := moodleRecord([]*xmlNode{n}, ordinal+1+i, nil, q.files)
		q.problems = append(q.problems, sub.Problems...)
		c.Subs = append(c.Subs, question.Sub{Weight: sub.Item.Points, Content: sub.Item.Content})
	}
	q.content = c
}

// common reads what all kinds have.
func (q *moodleQuestion) common(n *xmlNode) {
	c := &q.content
	c.Stem = q.rich(n.child("questiontext"), FieldStem)
	c.Explanation, c.Source = explanationSource(q.rich(n.child("generalfeedback"), FieldExplanation))
	if c.Source == "" {
		if rest, source := splitSource(c.Stem); source != "" {
			c.Stem, c.Source = rest, source
		}
	}
	q.combined(n)
}

// combined reads the feedback of a whole answer. We have one for all answers.
func (q *moodleQuestion) combined(n *xmlNode) {
	var texts []string
	for _, name := range []string{"correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"} {
		text := q.rich(n.child(name), FieldFeedback)
		switch text {
		case "Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect.", "回答正确。", "部分正确。", "回答不正确。":
			text = ""
		}
		texts = append(texts, text)
	}
	if texts[0] == texts[1] && texts[1] == texts[2] {
		q.content.Feedback = texts[0]
		return
	}
	for _, text := range texts {
		if text != "" {
			q.warn(FieldFeedback.title(), "moodle.feedback", "text", shorten(text))
		}
	}
}

// read reads a question by its type.
func (q *moodleQuestion) read(n *xmlNode) {
	kind := n.attr("type")
	if kind == "multianswer" || kind == "cloze" {
		q.multianswer(n)
		return
	}
	q.common(n)
	switch kind {
	case "multichoice", "multichoiceset":
		q.multichoice(n)
	case "truefalse":
		q.trueFalse(n)
	case "shortanswer":
		q.shortAnswer(n)
	case "numerical":
		q.numerical(n)
	case "matching", "match":
		q.matching(n)
	case "essay":
		q.essay(n)
	case "ordering":
		q.ordering(n)
	case "gapselect", "ddwtos":
		q.gapSelect(n)
	case "description":
		q.fail("", "moodle.description")
	default:
		q.fail(FieldKind.title(), "moodle.kind", "kind", shorten(kind))
	}
}
