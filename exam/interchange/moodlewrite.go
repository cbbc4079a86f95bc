package interchange

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// moodleLost names what Moodle has no place for: it stands in a comment that Moodle passes over.
func moodleLost(item Item) (words []string) {
	c := item.Content
	note := func(on bool, word string) {
		if on {
			words = append(words, word)
		}
	}
	combined := slices.Contains([]question.Kind{question.Single, question.Multiple, question.Matching, question.Ordering}, c.Kind)
	note(c.Difficulty > 0, "难度")
	note(c.Feedback != "" && !combined, "反馈")
	note(c.AnyOrder, "不分顺序")
	note(c.Simplified, "繁简相同")
	note(c.Kind == question.Multiple && c.Partial != question.ShareOfKey && c.Partial != question.ByWeight, "多选计分规则")
	note(c.Kind == question.Matching && c.Partial != question.ShareOfKey, "连线题计分规则")
	note(slices.ContainsFunc(c.Options, func(o question.Option) bool { return o.Pinned }), "位置不变的选项")
	note(c.Kind == question.Blanks && len(c.Blanks) > 1 && c.Explanation == "" && slices.ContainsFunc(c.Blanks, func(b question.Blank) bool { return b.Weight != math.Trunc(b.Weight) }), "各空权重的小数")
	note(len(c.Points) > 0, "得分点")
	note(len(c.Rubric) > 0, "评分标准")
	note(hasLevels(c), "评分等级")
	note(c.Kind == question.Short, "简答题（其他软件显示为作文题）")
	note(c.Kind == question.Material, "材料题（其他软件显示为说明和各小题）")
	return words
}

// pack gives a <quiz> of the items, by category, with the files that they show.
func (moodle) pack(w io.Writer, items []Item, open Opener) ([]Problem, error) {
	out := bufio.NewWriter(w)
	out.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n")
	mw := moodleWriter{open: open, files: map[string]File{}}
	var lost []Problem
	category := ""
	for i, item := range sorted(items) {
		if c := moodleCategoryPath(item.Category); i == 0 || c != category {
			category = c
			out.WriteString("<question type=\"category\"><category><text>" + xmlText(c) + "</text></category></question>\n")
		}
		mw.at, mw.lost = place{row: i + 1, unit: "题"}, nil
		text, err := mw.question(item)
		if err != nil {
			return nil, err
		}
		out.WriteString(text)
		lost = append(lost, mw.lost...)
		if words := moodleLost(item); len(words) > 0 {
			lost = append(lost, mw.at.problem(Warning, "", "export.own", "what", strings.Join(words, "、"), "row", i+1))
		}
	}
	out.WriteString("</quiz>\n")
	return lost, out.Flush()
}

func moodleCategoryPath(path []string) string {
	names := []string{"$course$", "top"}
	for _, name := range path {
		names = append(names, strings.ReplaceAll(strings.Join(strings.Fields(name), " "), "/", "//"))
	}
	return strings.Join(names, "/")
}

// moodleWriter writes questions; the files are opened once.
type moodleWriter struct {
	open  Opener
	files map[string]File
	at    place
	lost  []Problem
	b     strings.Builder
}

// question writes an item and reads it back: where that gives another question, a comment carries the whole.
func (w *moodleWriter) question(item Item) (string, error) {
	w.b.Reset()
	if err := w.elements(item, ""); err != nil {
		return "", err
	}
	text := w.b.String()
	group, err := moodleGroup(text)
	if err != nil {
		return "", err
	}
	files := embedded{files: w.files}
	read := moodleRecord(group, 1, nil, &files)
	if alike(item, read.Item) {
		return text, nil
	}
	own := strings.ReplaceAll(wholeText(item, groupTexts(group)...), "--", `-\u002d`) // within JSON the same, within a comment allowed
	w.b.Reset()
	if err := w.elements(item, "<!-- "+ownMark+own+" -->\n"); err != nil {
		return "", err
	}
	return w.b.String(), nil
}

// moodleGroup reads the elements of one item back.
func moodleGroup(text string) (group []*xmlNode, err error) {
	r := newXMLReader(text)
	for {
		start, err := r.next()
		if err == io.EOF {
			return group, nil
		}
		if err != nil {
			return nil, err
		}
		n, err := r.element(start)
		if err != nil {
			return nil, err
		}
		group = append(group, n)
	}
}

// elements writes an item: one question, or a description and the items of a material.
func (w *moodleWriter) elements(item Item, comment string) error {
	c := item.Content
	if c.Kind != question.Material {
		return w.element(moodleType(c), item, comment)
	}
	mark := fmt.Sprintf("<!-- %s%d -->\n", moodleMaterial, len(c.Subs))
	if err := w.element("description", item, mark+comment); err != nil {
		return err
	}
	for _, sub := range c.Subs {
		if err := w.element(moodleType(sub.Content), Item{Points: sub.Weight, Content: sub.Content}, ""); err != nil {
			return err
		}
	}
	return nil
}

// moodleType gives the type that carries a content best.
func moodleType(c question.Content) string {
	switch c.Kind {
	case question.Single, question.Multiple:
		return "multichoice"
	case question.TrueFalse:
		return "truefalse"
	case question.Numerical:
		return "numerical"
	case question.Matching:
		return "matching"
	case question.Ordering:
		return "ordering"
	case question.Short, question.Essay:
		return "essay"
	case question.Blanks:
		if len(c.Blanks) == 1 && !c.Blanks[0].Number {
			return "shortanswer"
		}
	}
	return "multianswer"
}

func (w *moodleWriter) element(kind string, item Item, comment string) error {
	c := item.Content
	fmt.Fprintf(&w.b, "<question type=%q>\n%s", kind, comment)
	name := item.ExternalID
	if name == "" {
		name = shorten(mediaMark.ReplaceAllString(c.Stem, ""))
	}
	w.b.WriteString("<name><text>" + xmlText(name) + "</text></name>\n")
	stem := c.Stem
	if kind == "multianswer" {
		if err := w.cloze(c); err != nil {
			return err
		}
	} else if err := w.text("questiontext", stem); err != nil {
		return err
	}
	explanation := c.Explanation
	if c.Source != "" {
		explanation = strings.TrimPrefix(explanation+"\n来源："+c.Source, "\n")
	}
	if err := w.text("generalfeedback", explanation); err != nil {
		return err
	}
	if item.Points > 0 {
		w.value("defaultgrade", number(item.Points))
	}
	w.value("penalty", "0.3333333")
	w.value("hidden", "0")
	if item.ExternalID != "" {
		w.value("idnumber", item.ExternalID)
	}
	if err := w.answers(kind, c); err != nil {
		return err
	}
	if len(item.Tags) > 0 {
		w.b.WriteString("<tags>")
		for _, tag := range item.Tags {
			w.b.WriteString("<tag><text>" + xmlText(tag) + "</text></tag>")
		}
		w.b.WriteString("</tags>\n")
	}
	w.b.WriteString("</question>\n")
	return nil
}

// answers writes what the type has of its own.
func (w *moodleWriter) answers(kind string, c question.Content) error {
	switch kind {
	case "multichoice":
		w.value("single", strconv.FormatBool(c.Kind == question.Single))
		w.value("shuffleanswers", strconv.FormatBool(!c.KeepOrder))
		w.value("answernumbering", "ABCD")
		if err := w.combined(c.Feedback); err != nil {
			return err
		}
		fractions := moodleFractions(c)
		for i, o := range c.Options {
			if err := w.answer(fractions[i], o.Text, o.Feedback, ""); err != nil {
				return err
			}
		}
	case "truefalse":
		for _, truth := range []bool{true, false} {
			f := 0.0
			if truth == c.Truth {
				f = 100
			}
			w.plainAnswer(f, strconv.FormatBool(truth), "")
		}
	case "shortanswer":
		w.value("usecase", map[bool]string{true: "1", false: "0"}[c.MatchCase])
		for _, a := range c.Blanks[0].Accept {
			w.plainAnswer(100, a, "")
		}
	case "numerical":
		return w.numbers(c)
	case "matching":
		w.value("shuffleanswers", strconv.FormatBool(!c.KeepOrder))
		if err := w.combined(c.Feedback); err != nil {
			return err
		}
		for _, p := range c.Pairs {
			if err := w.pair(p); err != nil {
				return err
			}
		}
	case "ordering":
		grading := "RELATIVE_NEXT_EXCLUDE_LAST"
		if c.Partial != question.ShareOfKey {
			grading = "ALL_OR_NOTHING"
		}
		for _, pair := range [][2]string{{"layouttype", "VERTICAL"}, {"selecttype", "ALL"}, {"selectcount", "0"}, {"gradingtype", grading}, {"showgrading", "SHOW"}, {"numberingstyle", "none"}} {
			w.value(pair[0], pair[1])
		}
		if err := w.combined(c.Feedback); err != nil {
			return err
		}
		for i, o := range c.Options {
			if err := w.answer(float64(i+1), o.Text, "", ""); err != nil {
				return err
			}
		}
	case "essay":
		for _, pair := range [][2]string{{"responseformat", "editor"}, {"responserequired", "1"}, {"responsefieldlines", "10"}, {"attachments", strconv.Itoa(c.Attachments)}, {"attachmentsrequired", "0"}} {
			w.value(pair[0], pair[1])
		}
		return w.text("graderinfo", c.Model)
	}
	return nil
}

// moodleFractions gives what each option earns, in percent.
func moodleFractions(c question.Content) []float64 {
	right := 0
	for _, o := range c.Options {
		if o.Right {
			right++
		}
	}
	out := make([]float64, len(c.Options))
	for i, o := range c.Options {
		switch {
		case c.Partial == question.ByWeight:
			out[i] = math.Round(1e7*o.Weight) / 1e5
		case o.Right:
			out[i] = math.Round(1e7/float64(max(right, 1))) / 1e5
		case c.Kind == question.Multiple:
			out[i] = -100
		}
	}
	return out
}

func (w *moodleWriter) numbers(c question.Content) error {
	for _, r := range c.Ranges {
		middle, tolerance := rangeMiddle(r)
		f := 100.0
		if r.Weight > 0 {
			f = math.Round(1e7*r.Weight) / 1e5
		}
		if err := w.answer(f, "", r.Feedback, "<text>"+middle+"</text><tolerance>"+tolerance+"</tolerance>"); err != nil {
			return err
		}
	}
	if len(c.Units) == 0 {
		w.value("unitgradingtype", "0")
		w.value("showunits", "3")
		return nil
	}
	w.b.WriteString("<units>")
	for _, u := range c.Units {
		w.b.WriteString("<unit><multiplier>" + number(round12(1/u.Factor)) + "</multiplier><unit_name>" + xmlText(u.Name) + "</unit_name></unit>")
	}
	w.b.WriteString("</units>\n")
	grading := "0"
	if c.UnitPenalty > 0 {
		grading = "1"
	}
	w.value("unitgradingtype", grading)
	w.value("unitpenalty", number(c.UnitPenalty))
	w.value("showunits", "0")
	w.value("unitsleft", "0")
	return nil
}

func rangeMiddle(r question.Range) (middle, tolerance string) {
	return number(round12(r.Min + (r.Max-r.Min)/2)), number(round12((r.Max - r.Min) / 2))
}

// pair writes a line of a matching item; Moodle's right sides are plain, so pictures stand there as marks.
func (w *moodleWriter) pair(p question.Pair) error {
	body, files, err := w.html(p.Left)
	if err != nil {
		return err
	}
	right, more, err := w.marked(p.Right)
	w.b.WriteString("<subquestion format=\"html\"><text>" + cdata(body) + "</text>" + files + more + "<answer><text>" + xmlText(right) + "</text></answer></subquestion>\n")
	return err
}

// combined writes the feedback of a whole answer: the same for every answer.
func (w *moodleWriter) combined(feedback string) error {
	for _, name := range []string{"correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"} {
		if err := w.text(name, feedback); err != nil {
			return err
		}
	}
	return nil
}

// answer writes an answer with formatted text, or with a body of its own.
func (w *moodleWriter) answer(fraction float64, text, feedback, body string) error {
	format, files := "html", ""
	if body == "" {
		html, attached, err := w.html(text)
		if err != nil {
			return err
		}
		body, files = "<text>"+cdata(html)+"</text>", attached
	} else {
		format = "moodle_auto_format"
	}
	fmt.Fprintf(&w.b, "<answer fraction=%q format=%q>%s%s", number(fraction), format, body, files)
	if err := w.text("feedback", feedback); err != nil {
		return err
	}
	w.b.WriteString("</answer>\n")
	return nil
}

func (w *moodleWriter) plainAnswer(fraction float64, text, feedback string) {
	fmt.Fprintf(&w.b, "<answer fraction=%q format=\"moodle_auto_format\"><text>%s</text><feedback format=\"html\"><text>%s</text></feedback></answer>\n",
		number(fraction), xmlText(text), xmlText(feedback))
}

func (w *moodleWriter) value(name, value string) {
	w.b.WriteString("<" + name + ">" + xmlText(value) + "</" + name + ">\n")
}

// text writes a formatted text with the files that it shows.
func (w *moodleWriter) text(name, s string) error {
	body, files, err := w.html(s)
	if err != nil {
		return err
	}
	w.b.WriteString("<" + name + " format=\"html\"><text>" + cdata(body) + "</text>" + files + "</" + name + ">\n")
	return nil
}

// file opens a file once; one that is not kept any more is named, and its ID is empty.
func (w *moodleWriter) file(id string) (File, error) {
	if f, ok := w.files[id]; ok {
		return f, nil
	}
	f, err := openFile(w.open, id)
	if fault.Is(err, fault.NotFound) {
		w.lost = append(w.lost, w.at.refusedFile("", id, err))
		return File{}, nil
	}
	if err == nil {
		w.files[id] = f
	}
	return f, err
}
