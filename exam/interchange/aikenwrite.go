package interchange

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"qiming/exam/question"
)

// write gives what every program reads of Aiken: choices with one right option. A judgement is written as one.
// Questions of other kinds are left out and named, and so is what a choice loses.
func (aiken) write(w io.Writer, items []Item) ([]Problem, error) {
	out := bufio.NewWriter(w)
	var lost []Problem
	for i, item := range sorted(items) {
		at := place{row: i + 1, unit: "题"}
		text, ok := aikenText(item.Content)
		if !ok {
			lost = append(lost, at.problem(Warning, "", "export.left", "format", "Aiken", "what", kindTitle(item.Content.Kind), "row", i+1))
			continue
		}
		out.WriteString(text + "\n")
		if words := aikenLost(item); len(words) > 0 {
			lost = append(lost, at.problem(Warning, "", "export.lost", "format", "Aiken", "what", strings.Join(words, "、"), "row", i+1))
		}
	}
	return lost, out.Flush()
}

// aikenText writes a question; ok is false where Aiken cannot say it, or where it would be read as another.
func aikenText(c question.Content) (text string, ok bool) {
	options, right := aikenOptions(c)
	if right < 0 {
		return "", false
	}
	var b strings.Builder
	stem := oneLine(c.Stem)
	b.WriteString(stem + "\n")
	for i, o := range options {
		fmt.Fprintf(&b, "%s. %s\n", letter(i), o)
	}
	fmt.Fprintf(&b, "ANSWER: %s\n", letter(right))
	back := aiken{}.read(Source{Data: []byte(b.String())})
	if len(back.Records) != 1 || back.Records[0].Refused() {
		return "", false
	}
	read := back.Records[0].Item.Content
	seen, at := aikenOptions(read)
	return b.String(), oneLine(read.Stem) == stem && slices.Equal(seen, options) && at == right
}

// aikenOptions gives the options of a choice, or of a judgement, and the index of the one that is right; -1 where
// there is not exactly one.
func aikenOptions(c question.Content) (options []string, right int) {
	if c.Kind == question.TrueFalse {
		if c.Truth {
			return []string{"正确", "错误"}, 0
		}
		return []string{"正确", "错误"}, 1
	}
	right = -1
	if c.Kind != question.Single {
		return nil, -1
	}
	for i, o := range c.Options {
		options = append(options, oneLine(o.Text))
		if o.Right {
			if right >= 0 {
				return nil, -1
			}
			right = i
		}
	}
	return options, right
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// aikenLost names what Aiken has no place for.
func aikenLost(item Item) (words []string) {
	c := item.Content
	for _, one := range []struct {
		on   bool
		word string
	}{
		{c.Kind == question.TrueFalse, "判断题型（写成单选题）"},
		{item.ExternalID != "", "编号"},
		{len(item.Category) > 0, "分类"},
		{len(item.Tags) > 0, "标签"},
		{item.Points > 0, "分值"},
		{item.ValidUntil != "", "有效期"},
		{item.Basis != "", "依据法规"},
		{len(item.Passages) > 0, "知识库出处"},
		{c.Difficulty > 0, "难度"},
		{c.Explanation != "", "解析"},
		{c.Source != "", "来源"},
		{c.Feedback != "", "反馈"},
		{c.Partial == question.ByWeight, "选项权重"},
		{c.KeepOrder, "选项不打乱"},
		{slices.ContainsFunc(c.Options, func(o question.Option) bool { return o.Pinned }), "位置不变的选项"},
		{slices.ContainsFunc(c.Options, func(o question.Option) bool { return o.Feedback != "" }), "选项反馈"},
		{strings.Contains(c.Stem, "\n") || slices.ContainsFunc(c.Options, func(o question.Option) bool { return strings.Contains(o.Text, "\n") }), "换行"},
	} {
		if one.on {
			words = append(words, one.word)
		}
	}
	return words
}
