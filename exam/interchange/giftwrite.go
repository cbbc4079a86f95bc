package interchange

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"qiming/exam/question"
	"qiming/search"
)

// giftLost names what GIFT has no place for: other programs will not see it.
func giftLost(item Item) (words []string) {
	c := item.Content
	note := func(on bool, word string) {
		if on {
			words = append(words, word)
		}
	}
	note(item.Points > 0, "分值")
	note(item.ValidUntil != "", "有效期")
	note(item.Basis != "", "依据法规")
	note(len(item.Passages) > 0, "知识库出处")
	note(c.Difficulty > 0, "难度")
	note(c.Feedback != "", "反馈")
	note(c.Model != "", "参考答案")
	note(c.KeepOrder, "选项不打乱")
	note(c.AnyOrder, "不分顺序")
	note(c.MatchCase, "区分大小写")
	note(c.Simplified, "繁简相同")
	note(c.Kind == question.Multiple && c.Partial != question.ShareOfKey && c.Partial != question.ByWeight, "多选计分规则")
	note(slices.ContainsFunc(c.Blanks, func(b question.Blank) bool { return b.Weight > 0 }), "各空权重")
	note(slices.ContainsFunc(c.Blanks, func(b question.Blank) bool {
		return b.Number && slices.ContainsFunc(b.Accept, func(a string) bool { return giftDigits(a) != a })
	}), "数字的其他写法")
	note(len(c.Blanks) > 1, "多个空（其他软件不支持一题多空）")
	note(slices.ContainsFunc(c.Options, func(o question.Option) bool { return o.Pinned }), "位置不变的选项")
	note(len(c.Units) > 0, "单位")
	note(c.Kind == question.Matching && c.Partial != question.ShareOfKey, "连线题计分规则")
	note(c.Kind == question.Ordering, "排序题（其他软件显示为问答题）")
	note(c.Kind == question.Cloze, "完形填空（其他软件显示为问答题）")
	note(c.Kind == question.Material, "材料题（其他软件显示为问答题）")
	note(len(c.Points) > 0, "得分点")
	note(len(c.Rubric) > 0, "评分标准")
	note(hasLevels(c), "评分等级")
	note(c.Attachments > 0, "附件")
	return words
}

// write gives one block a question. What other programs will not see is named once a question.
func (f gift) write(w io.Writer, items []Item) ([]Problem, error) {
	out := bufio.NewWriter(w)
	var lost []Problem
	category := ""
	for i, item := range sorted(items) {
		if c := giftCategoryLine(item.Category); c != category {
			category = c
			fmt.Fprintf(out, "$CATEGORY: %s\n\n", c)
		}
		text, words := giftText(item)
		out.WriteString(text + "\n\n")
		if len(words) > 0 {
			at := place{row: i + 1, unit: "题"}
			lost = append(lost, at.problem(Warning, "", "export.own", "what", strings.Join(words, "、"), "row", i+1))
		}
	}
	return lost, out.Flush()
}

func giftCategoryLine(path []string) string {
	if len(path) == 0 {
		return "$course$/top"
	}
	names := make([]string, len(path))
	for i, p := range path {
		names[i] = strings.ReplaceAll(strings.ReplaceAll(p, "\n", " "), "/", "//")
	}
	return strings.Join(names, "/")
}

// giftText writes a question and reads it back: where that gives another question, a comment carries the
// whole, so that a round trip keeps everything to the letter.
func giftText(item Item) (text string, words []string) {
	head, body := giftCompose(item)
	text, words = head+body, giftLost(item)
	if back := giftBlocks(text); len(back) == 1 && alike(item, back[0].record().Item) {
		return text, words
	}
	return head + "// [qiming " + wholeText(item, body) + "]\n" + body, words
}

// giftCompose gives the comments before a question, and its text.
func giftCompose(item Item) (head, body string) {
	c := item.Content
	var b strings.Builder
	var marks []string
	if item.ExternalID != "" {
		marks = append(marks, "[id:"+giftComment(item.ExternalID)+"]")
	}
	for _, t := range item.Tags {
		marks = append(marks, "[tag:"+giftComment(t)+"]")
	}
	if len(marks) > 0 {
		b.WriteString("// " + strings.Join(marks, " ") + "\n")
	}
	head = b.String()
	b.Reset()
	general := ""
	if e := c.Explanation; e != "" || c.Source != "" {
		if c.Source != "" {
			e = strings.TrimPrefix(e+"\n来源："+c.Source, "\n")
		}
		general = "####" + giftEscape(e)
	}
	stem := giftEscape(c.Stem)
	if strings.HasPrefix(stem, "[") || strings.HasPrefix(stem, "//") || strings.HasPrefix(stem, "$") {
		stem = "[plain]" + stem
	}
	switch c.Kind {
	case question.Single, question.Multiple:
		b.WriteString(stem + " {\n" + giftOptions(c))
		if general != "" {
			b.WriteString("\t" + general + "\n")
		}
		b.WriteString("}")
	case question.TrueFalse:
		word := "FALSE"
		if c.Truth {
			word = "TRUE"
		}
		b.WriteString(stem + " {" + word + general + "}")
	case question.Short, question.Essay:
		b.WriteString(stem + " {" + general + "}")
	case question.Cloze, question.Material:
		lines := []string{stem}
		for _, sub := range c.Subs {
			if c.Kind == question.Material {
				lines = append(lines, giftEscape(sub.Content.Stem))
			}
		}
		b.WriteString(strings.Join(lines, `\n`) + " {" + general + "}")
	case question.Numerical:
		b.WriteString(stem + " {#\n")
		for _, r := range c.Ranges {
			fmt.Fprintf(&b, "\t=%%%s%%%s..%s\n", number(100*r.Weight), number(r.Min), number(r.Max))
		}
		b.WriteString(general + "}")
	case question.Matching:
		b.WriteString(stem + " {\n")
		for _, p := range c.Pairs {
			b.WriteString("\t=" + giftEscape(p.Left) + " -> " + giftEscape(p.Right) + "\n")
		}
		b.WriteString(general + "}")
	case question.Ordering:
		lines := stem
		for i := range c.Options { // the right order is the key: shown the other way round
			lines += `\n` + giftEscape(c.Options[len(c.Options)-1-i].Text)
		}
		b.WriteString(lines + " {" + general + "}")
	case question.Blanks:
		b.WriteString(giftGaps(stem, c, general))
	}
	return head, b.String()
}

func giftOptions(c question.Content) string {
	right := 0
	for _, o := range c.Options {
		if o.Right {
			right++
		}
	}
	var b strings.Builder
	for _, o := range c.Options {
		mark := "~"
		switch {
		case c.Partial == question.ByWeight && c.Kind == question.Single && o.Weight >= 1:
			mark = "="
		case c.Partial == question.ByWeight:
			mark = fmt.Sprintf("~%%%s%%", number(math.Round(1e7*o.Weight)/1e5))
		case c.Kind == question.Single && o.Right:
			mark = "="
		case c.Kind == question.Multiple && o.Right:
			mark = fmt.Sprintf("~%%%s%%", number(float64(10_000_000/max(right, 1))/100_000))
		case c.Kind == question.Multiple:
			mark = "~%-100%"
		}
		b.WriteString("\t" + mark + giftEscape(o.Text))
		if o.Feedback != "" {
			b.WriteString("#" + giftEscape(o.Feedback))
		}
		b.WriteString("\n")
	}
	return b.String()
}

var giftGap = regexp.MustCompile(`[_＿]{3,}`)

func giftGaps(stem string, c question.Content, general string) string {
	n := 0
	out := giftGap.ReplaceAllStringFunc(stem, func(gap string) string {
		if n >= len(c.Blanks) {
			return gap
		}
		blank := c.Blanks[n]
		n++
		var parts []string
		for _, a := range blank.Accept {
			part := "=" + giftEscape(a)
			if blank.Number {
				part = giftDigits(a)
				if part == "" {
					continue // a word beside the number: only our own comment carries it
				}
				part = "=" + part
				if blank.Tolerance > 0 {
					part += ":" + number(blank.Tolerance)
				}
				if slices.Contains(parts, part) {
					continue
				}
			}
			parts = append(parts, part)
		}
		block := strings.Join(parts, " ")
		if blank.Number {
			block = "#" + block
		}
		if n == len(c.Blanks) {
			block += general
		}
		return "{" + block + "}"
	})
	return out
}

// giftDigits writes an accepted number as GIFT reads it: 二点五 as 2.5, 百分之五十 as 0.5; "" where it is none.
func giftDigits(s string) string {
	if plainNumber.MatchString(s) {
		return s
	}
	text := search.Normalise(s, search.NormalOptions{FoldCase: true, Numerals: true})
	text = strings.ReplaceAll(text, " ", "")
	body, percent := strings.CutSuffix(text, "%")
	if !plainNumber.MatchString(body) {
		return ""
	}
	if percent {
		n, ok := new(big.Rat).SetString(body)
		if !ok {
			return ""
		}
		return strings.TrimRight(strings.TrimRight(n.Quo(n, big.NewRat(100, 1)).FloatString(20), "0"), ".")
	}
	return body
}

var plainNumber = regexp.MustCompile(`^[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})$`)

// giftEscape escapes the special characters; line breaks become \n, so that a question has no blank line.
func giftEscape(s string) string {
	if giftFormat.MatchString(s) { // a text that looks like a format mark
		return "[plain]" + strings.ReplaceAll(escape(s, giftSpecial), "\n", `\n`)
	}
	return strings.ReplaceAll(escape(s, giftSpecial), "\n", `\n`)
}

// giftComment keeps a text within a bracket of one comment line.
func giftComment(s string) string {
	return strings.NewReplacer("\n", " ", `\`, `\\`, "]", `\]`).Replace(s)
}
