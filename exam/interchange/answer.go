package interchange

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"qiming/exam/question"
)

// choice reads options and answer of a single or multiple choice.
func (d *draft) choice(c *question.Content) {
	last := -1
	for i, o := range d.options {
		if o != "" {
			last = i
		}
	}
	if last < 0 {
		d.fail(FieldOptions, "options.few", "count", 0)
		return
	}
	at := map[int]int{} // letter -> index among the options kept
	for i, o := range d.options[:last+1] {
		if o == "" {
			d.warn(optionField(i), "options.hole", "letter", letter(i))
			continue
		}
		at[i] = len(c.Options)
		c.Options = append(c.Options, question.Option{Text: o})
	}
	d.notes(c, at)
	answer := d.values[FieldAnswer]
	if answer == "" {
		d.fail(FieldAnswer, "answer.missing", "hint", "选项字母（A–"+letter(max(last, 1))+"）", "hint_en", "the letter of an option")
		return
	}
	chosen, code, what := d.chosen(answer, c.Kind == question.Single)
	switch {
	case code == "answer.beyond":
		d.fail(FieldAnswer, code, "letter", what)
		return
	case code != "":
		d.fail(FieldAnswer, code, "answer", shorten(answer))
		return
	case c.Kind == question.Single && len(chosen) > 1:
		d.fail(FieldAnswer, "answer.many", "count", len(chosen), "answer", shorten(answer))
		return
	case c.Kind == question.Multiple && len(chosen) == 1:
		d.warn(FieldAnswer, "multiple.one")
	}
	for _, i := range chosen {
		c.Options[at[i]].Right = true
	}
}

// notes reads the feedback of options: a line "A：text" each.
func (d *draft) notes(c *question.Content, at map[int]int) {
	for line := range strings.SplitSeq(d.values[FieldOptionNotes], "\n") {
		if len(line) < 2 {
			continue
		}
		if i, ok := at[int(line[0])-'A']; ok {
			c.Options[i].Feedback = unescapeLines(strings.TrimLeft(line[1:], "：:. "))
		}
	}
}

// chosen gives the options that an answer names, by letter, by text or by number. code is "" or
// answer.unknown, or answer.beyond with the letter.
func (d *draft) chosen(answer string, single bool) (chosen []int, code, what string) {
	byText := func(s string) int {
		key := sameKey(s)
		return slices.IndexFunc(d.options[:], func(o string) bool { return o != "" && (o == s || sameKey(o) == key) })
	}
	named := letters(answer)
	whole := byText(answer)
	switch {
	case len(named) > 0 && !(single && len(named) > 1 && whole >= 0): // AB may be the text of an option: blood groups
		for _, i := range named {
			if d.options[i] == "" {
				return nil, "answer.beyond", letter(i)
			}
		}
		return named, "", ""
	case whole >= 0:
		return []int{whole}, "", ""
	}
	for _, seps := range []string{"\n", "|", ";；", "、", ",，"} {
		parts := splitList(answer, seps)
		if len(parts) < 2 {
			continue
		}
		var list []int
		for _, p := range parts {
			if i := byText(p); i >= 0 && !slices.Contains(list, i) {
				list = append(list, i)
			}
		}
		if len(list) == len(parts) {
			slices.Sort(list)
			return list, "", ""
		}
	}
	var list []int
	for _, p := range strings.FieldsFunc(norm.NFKC.String(answer), func(r rune) bool { return strings.ContainsRune(" ,;|、/", r) }) {
		n, err := strconv.Atoi(p)
		if err != nil || n < 1 || n > question.MaxOptions || d.options[n-1] == "" || slices.Contains(list, n-1) {
			return nil, "answer.unknown", ""
		}
		list = append(list, n-1)
	}
	slices.Sort(list)
	return list, "", ""
}

// letters reads "ACD", "A,C,D", "a c d", "A|C|D", "A、C、D", "（A）", "答案：A" as indices in order, each once;
// nil where the text is anything else.
func letters(s string) []int {
	s = strings.ToUpper(strings.TrimSpace(norm.NFKC.String(s)))
	for _, prefix := range []string{"正确答案", "参考答案", "答案", "ANSWER", "选"} {
		s = strings.TrimPrefix(s, prefix)
	}
	var out []int
	for _, r := range s {
		switch {
		case r >= 'A' && int(r-'A') < question.MaxOptions:
			if i := int(r - 'A'); !slices.Contains(out, i) {
				out = append(out, i)
			}
		case strings.ContainsRune(" ,;|、/.。:()[]【】+&和\t\n，；", r):
		default:
			return nil
		}
	}
	slices.Sort(out)
	return out
}

// judge reads 正确 / 错误 in their many writings.
func judge(s string) (truth, ok bool) {
	s = strings.ToLower(strings.TrimRight(strings.TrimSpace(norm.NFKC.String(s)), "。.的"))
	switch strings.Trim(s, "()[]【】\"“”") {
	case "正确", "对", "√", "✓", "✔", "☑", "✅", "t", "true", "y", "yes", "是", "right", "correct", "v", "1":
		return true, true
	case "错误", "错", "×", "✗", "✘", "✕", "❌", "x", "f", "false", "n", "no", "否", "wrong", "incorrect", "不正确", "不对", "0", "╳", "非":
		return false, true
	}
	return false, false
}

// judgement reads a true/false question: by the option that the answer names, by word, by A or B.
func (d *draft) judgement(c *question.Content) {
	answer := d.values[FieldAnswer]
	if answer == "" {
		d.fail(FieldAnswer, "answer.missing", "hint", "“正确”或“错误”", "hint_en", "true or false")
		return
	}
	named := letters(answer)
	if len(named) == 1 && d.options[named[0]] != "" {
		if truth, ok := judge(d.options[named[0]]); ok && !isLetter(d.options[named[0]]) {
			c.Truth = truth
			return
		}
	}
	if truth, ok := judge(answer); ok && !(len(named) == 1 && named[0] <= 1) {
		c.Truth = truth
		return
	}
	if len(named) == 1 && named[0] <= 1 {
		c.Truth = named[0] == 0
		return
	}
	d.fail(FieldAnswer, "answer.judgement", "answer", shorten(answer))
}

const (
	blankSeps = ";；|"
	aliasSeps = "/"
)

// blanks reads the answers of the gaps: separated by ; ； or |, or where the number of gaps says so by
// lines, 、 , or spaces; aliases of one gap by /. Without an answer cell the option cells are the answers.
func (d *draft) blanks(c *question.Content) {
	c.Stem = withGaps(c.Stem)
	answer := d.values[FieldAnswer]
	var parts []string
	if answer == "" {
		for _, o := range d.options {
			if o != "" {
				parts = append(parts, o)
			}
		}
	}
	if answer == "" && len(parts) == 0 {
		d.fail(FieldAnswer, "answer.missing", "hint", "各空的答案，用“；”分隔", "hint_en", "the answer of each gap, separated by ;")
		return
	}
	gaps := question.Gaps(c.Stem)
	if len(parts) == 0 {
		parts = splitBlanks(answer, gaps)
	}
	if gaps == 0 {
		d.warn(FieldStem, "blanks.gap_added")
		c.Stem += strings.Repeat(" "+question.Gap, len(parts))
		gaps = len(parts)
	}
	if len(parts) != gaps {
		d.fail(FieldAnswer, "blanks.count", "gaps", gaps, "answers", len(parts))
		return
	}
	for _, p := range parts {
		var b question.Blank
		for _, alias := range splitEscaped(p, aliasSeps) {
			if alias = unescape(strings.TrimSpace(alias), aliasSeps+blankSeps+"n"); alias != "" {
				b.Accept = append(b.Accept, alias)
			}
		}
		c.Blanks = append(c.Blanks, b)
	}
}

func splitBlanks(answer string, gaps int) []string {
	trimmed := func(list []string) []string {
		for len(list) > 1 && strings.TrimSpace(list[len(list)-1]) == "" {
			list = list[:len(list)-1]
		}
		return list
	}
	parts := trimmed(splitEscaped(answer, blankSeps))
	if len(parts) == gaps || gaps < 2 || len(parts) > 1 {
		return parts
	}
	for _, seps := range []string{"\n", "、", ",，", " \t\u3000"} {
		list := trimmed(splitEscaped(answer, seps))
		if seps[0] == ' ' {
			list = strings.Fields(answer)
		}
		if len(list) == gaps {
			return list
		}
	}
	return parts
}

func escapeLines(s string) string { return strings.ReplaceAll(escape(s, ""), "\n", `\n`) }

func unescapeLines(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
			if s[i] == 'n' {
				b.WriteByte('\n')
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
