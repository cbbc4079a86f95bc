package interchange

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"qiming/exam/question"
)

// draft is a record under construction: the texts of its fields as a table holds them. Every tabular
// format, and JSON arrays of objects, go through it.
type draft struct {
	at       place
	headings map[Field]string // as the file writes them, for problems
	values   map[Field]string
	options  [question.MaxOptions]string
	section  string // kind from a section title or the sheet's name
	problems []Problem
}

func (d *draft) set(f Field, heading, value string) {
	d.headings[f] = heading
	value = tidyText(value)
	if i := f.optionIndex(); i >= 0 {
		d.options[i] = value
		return
	}
	if d.values == nil {
		d.values = map[Field]string{}
	}
	if f == FieldStemOptions {
		parts := strings.Split(value, "|")
		d.values[FieldStem] = tidyText(parts[0])
		d.headings[FieldStem] = heading
		for i, p := range parts[1:] {
			if i < question.MaxOptions {
				d.options[i] = tidyText(p)
				d.headings[optionField(i)] = heading
			} else if p != "" {
				d.fail(f, "options.many", "max", question.MaxOptions)
			}
		}
		return
	}
	d.values[f] = value
}

// empty says whether no field holds anything: a row with nothing but its number.
func (d *draft) empty() bool {
	for _, v := range d.values {
		if v != "" {
			return false
		}
	}
	for _, o := range d.options {
		if o != "" {
			return false
		}
	}
	return true
}

func (d *draft) column(f Field) string {
	if h := d.headings[f]; h != "" {
		return h
	}
	return f.title()
}

func (d *draft) fail(f Field, code string, params ...any) {
	d.problems = append(d.problems, d.at.problem(Error, d.column(f), code, params...))
}

func (d *draft) warn(f Field, code string, params ...any) {
	d.problems = append(d.problems, d.at.problem(Warning, d.column(f), code, params...))
}

// record reads the draft.
func (d *draft) record() Record {
	item := Item{Row: d.at.row, Sheet: d.at.sheet, ExternalID: d.values[FieldID]}
	stem, source := d.values[FieldStem], d.values[FieldSource]
	if source == "" {
		stem, source = splitSource(stem)
	}
	item.Content = question.Content{Stem: stem, Source: source, Explanation: d.values[FieldExplanation], Feedback: d.values[FieldFeedback]}
	item.Category = splitList(d.values[FieldCategory], `/>›→`)
	item.Tags = splitList(d.values[FieldTags], `,，;；、|`)
	item.Points = d.points()
	item.ValidUntil, item.Basis = d.values[FieldValidUntil], d.values[FieldBasis]
	item.Content.Difficulty = d.difficulty()

	d.spread()
	kind, ok := d.kind(stem)
	if stem == "" {
		d.fail(FieldStem, "stem.missing")
		return Record{Item: item, Problems: d.problems}
	}
	if ok {
		item.Content.Kind = kind
		switch kind {
		case question.Single, question.Multiple:
			d.choice(&item.Content)
		case question.TrueFalse:
			d.judgement(&item.Content)
		case question.Blanks:
			d.blanks(&item.Content)
		case question.Numerical:
			d.numbers(&item.Content)
		case question.Matching:
			d.pairs(&item.Content)
		case question.Ordering:
			d.sequence(&item.Content)
		case question.Short, question.Essay:
			item.Content.Model = d.values[FieldAnswer]
		case question.Cloze:
			d.cloze(&item.Content)
		case question.Material:
			d.fail(FieldKind, "material.rows")
		}
		d.settings(&item.Content)
	}
	return Record{Item: item, Problems: d.problems}
}

// kind gives the kind that the file names, or infers one from options, answer and gaps.
func (d *draft) kind(stem string) (question.Kind, bool) {
	named := d.values[FieldKind]
	field := FieldKind
	if named == "" {
		named = d.section
	}
	if named != "" {
		k, note := kindOf(named)
		switch {
		case note != "":
			d.fail(field, note, "kind", shorten(named))
			return "", false
		case k != "":
			return k, true
		}
	}
	n, answer := d.optionCount(), d.values[FieldAnswer]
	if n >= 1 {
		if d.optionsJudge() {
			return question.TrueFalse, true
		}
		if idx, code, _ := d.chosen(answer, false); code == "" && len(idx) > 1 {
			return question.Multiple, true
		}
		return question.Single, true
	}
	if _, ok := judge(answer); ok {
		return question.TrueFalse, true
	}
	if question.Gaps(withGaps(stem)) > 0 {
		return question.Blanks, true
	}
	if answer == "" {
		d.fail(FieldAnswer, "answer.missing", "hint", "正确答案", "hint_en", "the right answer")
		return "", false
	}
	if l := letters(answer); len(l) > 0 {
		d.fail(FieldAnswer, "options.few", "count", 0)
		return "", false
	}
	return question.Short, true
}

func (d *draft) optionCount() int {
	n := 0
	for _, o := range d.options {
		if o != "" {
			n++
		}
	}
	return n
}

// optionsJudge says whether the options are 正确 and 错误 in some writing.
func (d *draft) optionsJudge() bool {
	if d.optionCount() != 2 || d.options[0] == "" || d.options[1] == "" {
		return false
	}
	a, okA := judge(d.options[0])
	b, okB := judge(d.options[1])
	return okA && okB && a != b && utf8.RuneCountInString(d.options[0]) > 0 && !isLetter(d.options[0])
}

func isLetter(s string) bool { return len(s) == 1 && (s[0]|0x20) >= 'a' && (s[0]|0x20) <= 'l' }

var optionMark = regexp.MustCompile(`(?:^|[\s;；,，])[（(]?([A-La-l])[)）]?\s*[.．、:：)）]\s*`)

// spread takes apart options that stand in one cell, and drops the letters that the cells repeat.
func (d *draft) spread() {
	if all := d.values[FieldOptions]; all != "" && d.optionCount() == 0 {
		parts := splitOptions(all)
		if len(parts) > question.MaxOptions {
			d.fail(FieldOptions, "options.many", "max", question.MaxOptions)
			parts = parts[:question.MaxOptions]
		}
		copy(d.options[:], parts)
		for i := range parts {
			d.headings[optionField(i)] = d.headings[FieldOptions]
		}
		return
	}
	if d.optionCount() == 1 && d.options[0] != "" {
		text := d.options[0]
		if !strings.HasPrefix(strings.ToUpper(text), "A") {
			text = "A." + text
		}
		if parts := splitMarked(text); len(parts) >= 2 && len(parts) <= question.MaxOptions {
			copy(d.options[:], parts)
			d.warn(optionField(0), "options.split")
			return
		}
	}
	marked := d.optionCount() > 0
	for i, o := range d.options {
		m := optionMark.FindStringSubmatchIndex(o)
		if o != "" && (m == nil || m[0] != 0 || strings.ToUpper(o[m[2]:m[3]]) != letter(i) || m[1] == len(o)) {
			marked = false
		}
	}
	if marked {
		for i, o := range d.options {
			if o != "" {
				d.options[i] = strings.TrimSpace(o[optionMark.FindStringIndex(o)[1]:])
			}
		}
	}
}

// splitOptions takes apart a cell with all options: by letters, lines, | or ;.
func splitOptions(s string) []string {
	if parts := splitMarked(s); len(parts) >= 2 {
		return parts
	}
	for _, seps := range []string{"\n", "|", "；;", "、"} {
		if parts := splitList(s, seps); len(parts) >= 2 {
			return parts
		}
	}
	return []string{s}
}

// splitMarked splits "A.甲 B.乙 C.丙" where the letters run from A without a hole.
func splitMarked(s string) []string {
	marks := optionMark.FindAllStringSubmatchIndex(s, -1)
	var starts [][]int
	for _, m := range marks {
		if strings.ToUpper(s[m[2]:m[3]]) == letter(len(starts)) {
			starts = append(starts, m)
		}
	}
	if len(starts) == 0 || starts[0][0] != 0 {
		return nil
	}
	var parts []string
	for i, m := range starts {
		end := len(s)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		parts = append(parts, strings.TrimSpace(s[m[1]:end]))
	}
	return parts
}

func (d *draft) points() float64 {
	v := d.values[FieldPoints]
	if v == "" {
		return 0
	}
	n, err := strconv.ParseFloat(strings.TrimSuffix(norm.NFKC.String(v), "分"), 64)
	if err != nil || !(n > 0 && n <= 10_000) {
		d.warn(FieldPoints, "points.unknown", "value", shorten(v))
		return 0
	}
	return n
}

func (d *draft) difficulty() int {
	n, ok := difficultyOf(d.values[FieldDifficulty])
	if !ok {
		d.warn(FieldDifficulty, "difficulty.unknown", "value", shorten(d.values[FieldDifficulty]))
	}
	return n
}

// difficultyOf reads words, stars, 1-5, or a 难度系数 between 0 and 1, which in Chinese practice is the
// facility: the higher, the easier.
func difficultyOf(s string) (int, bool) {
	s = strings.ToLower(strings.TrimSpace(norm.NFKC.String(s)))
	switch strings.TrimRight(s, "度级题等") {
	case "", "无", "未知", "未定", "不限", "-", "none", "unknown", "null":
		return 0, true
	case "很易", "很容易", "非常容易", "非常简单", "极易", "very easy":
		return 1, true
	case "易", "容易", "简单", "较易", "较容易", "较简单", "低", "初", "初级", "基础", "easy":
		return 2, true
	case "中", "中等", "一般", "适中", "普通", "中级", "medium", "normal", "moderate":
		return 3, true
	case "难", "困难", "较难", "较困难", "高", "高级", "hard", "difficult":
		return 4, true
	case "很难", "非常难", "非常困难", "极难", "very hard":
		return 5, true
	}
	if stars := strings.Count(s, "★") + strings.Count(s, "⭐"); stars > 0 {
		return min(stars, question.MaxDifficulty), true
	}
	n, err := strconv.ParseFloat(strings.TrimRight(s, "星级颗"), 64)
	switch {
	case err != nil || !(n >= 0 && n <= question.MaxDifficulty):
		return 0, false
	case n == 0:
		return 0, true
	case n == float64(int(n)):
		return int(n), true
	case n > 1:
		return 0, false
	case n >= 0.85:
		return 1, true
	case n >= 0.7:
		return 2, true
	case n >= 0.5:
		return 3, true
	case n >= 0.3:
		return 4, true
	}
	return 5, true
}

// kindOf gives the kind that a text names; note is a problem code: kind.unknown, kind.unsupported. "" and ""
// mean: infer it (选择题).
func kindOf(s string) (k question.Kind, note string) {
	s = strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(s)), ""))
	if i := strings.IndexAny(s, "(【"); i > 0 {
		s = s[:i]
	}
	if i := strings.LastIndexAny(s, "、."); i >= 0 && i < 12 { // "一、单选题"
		s = strings.TrimLeft(s[i:], "、.")
	}
	s = strings.TrimSuffix(strings.TrimRight(s, ":"), "题")
	switch strings.NewReplacer("_", "", "-", "").Replace(s) {
	case "单选", "单项选择", "单项", "single", "singlechoice", "radio", "danxuan", "单":
		return question.Single, ""
	case "多选", "多项选择", "多项", "不定项", "不定项选择", "multiple", "multiplechoice", "multi", "checkbox", "multichoiceset", "多":
		return question.Multiple, ""
	case "判断", "判断正误", "是非", "对错", "判断选择", "truefalse", "true/false", "judge", "judgement", "judgment", "boolean", "tf", "判":
		return question.TrueFalse, ""
	case "填空", "blanks", "blank", "fill", "fillin", "fillblank", "fillintheblank", "fillintheblanks", "completion", "填":
		return question.Blanks, ""
	case "简答", "问答", "名词解释", "主观", "short", "shortanswer", "shorttext", "简":
		return question.Short, ""
	case "论述", "案例分析", "分析", "材料分析", "作文", "essay", "论述(案例)":
		return question.Essay, ""
	case "材料", "组合", "综合", "阅读理解", "阅读", "material", "reading", "passage":
		return question.Material, ""
	case "完形填空", "完形", "完型填空", "cloze", "选词填空":
		return question.Cloze, ""
	case "选择", "choice", "客观":
		return "", ""
	case "连线", "匹配", "配对", "matching", "match":
		return question.Matching, ""
	case "排序", "ordering", "order":
		return question.Ordering, ""
	case "计算", "数值", "numerical", "numeric", "number":
		return question.Numerical, ""
	case "编程", "操作":
		return "", "kind.unsupported"
	}
	return "", "kind.unknown"
}
