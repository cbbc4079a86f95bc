package interchange

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"qiming/exam/question"
)

// giftExtra is what a comment of ours carries beside a question: other programs ignore it.
type giftExtra struct {
	Points       float64              `json:"points,omitempty"`
	Difficulty   int                  `json:"difficulty,omitempty"`
	Source       string               `json:"source,omitempty"`
	Explanation  string               `json:"explanation,omitempty"` // where #### would not give it back as it is
	Feedback     string               `json:"feedback,omitempty"`
	Model        string               `json:"model,omitempty"`
	KeepOrder    bool                 `json:"keep_order,omitempty"`
	Partial      question.PartialRule `json:"partial,omitempty"`
	PartialShare float64              `json:"partial_share,omitempty"`
	AnyOrder     bool                 `json:"any_order,omitempty"`
	MatchCase    bool                 `json:"match_case,omitempty"`
	Simplified   bool                 `json:"simplified,omitempty"`
	Stem         string               `json:"stem,omitempty"`    // where the text would not give it back as it is
	Weights      []float64            `json:"weights,omitempty"` // of the gaps
	Kind         question.Kind        `json:"kind,omitempty"`    // where the block says another kind
	Accept       [][]string           `json:"accept,omitempty"`  // of the gaps, where numbers are written otherwise
	Pinned       []int                `json:"pinned,omitempty"`  // places of options, from 0
	Content      *question.Content    `json:"content,omitempty"` // numbers, pairs and sequences: the whole
}

// extraOf gives what GIFT cannot carry, in words for the report.
func extraOf(item Item) (x giftExtra, words []string) {
	c := item.Content
	x = giftExtra{Points: item.Points, Difficulty: c.Difficulty, Feedback: c.Feedback, Model: c.Model, KeepOrder: c.KeepOrder,
		AnyOrder: c.AnyOrder, MatchCase: c.MatchCase, Simplified: c.Simplified}
	note := func(on bool, word string) {
		if on {
			words = append(words, word)
		}
	}
	note(item.Points > 0, "分值")
	note(c.Difficulty > 0, "难度")
	note(c.Feedback != "", "反馈")
	note(c.Model != "", "参考答案")
	note(c.KeepOrder, "选项不打乱")
	note(c.AnyOrder, "不分顺序")
	note(c.MatchCase, "区分大小写")
	note(c.Simplified, "繁简相同")
	if c.Kind == question.Multiple && c.Partial != question.ShareOfKey {
		x.Partial, x.PartialShare = c.Partial, c.PartialShare
		if x.Partial == "" {
			x.Partial = question.AllOrNothing
		}
		note(true, "多选计分规则")
	}
	if slices.ContainsFunc(c.Blanks, func(b question.Blank) bool { return b.Weight > 0 }) {
		for _, b := range c.Blanks {
			x.Weights = append(x.Weights, b.Weight)
		}
		note(true, "各空权重")
	}
	if slices.ContainsFunc(c.Blanks, func(b question.Blank) bool {
		return b.Number && slices.ContainsFunc(b.Accept, func(a string) bool { return giftDigits(a) != a })
	}) {
		for _, b := range c.Blanks {
			x.Accept = append(x.Accept, b.Accept)
		}
		note(true, "数字的其他写法")
	}
	note(len(c.Blanks) > 1, "多个空（其他软件不支持一题多空）")
	for i, o := range c.Options {
		if o.Pinned {
			x.Pinned = append(x.Pinned, i)
		}
	}
	note(len(x.Pinned) > 0, "位置不变的选项")
	switch c.Kind {
	case question.Numerical:
		note(len(c.Units) > 0, "单位")
		x = giftExtra{Points: item.Points, Content: &c}
	case question.Matching:
		note(c.Partial != question.ShareOfKey, "连线题计分规则")
		x = giftExtra{Points: item.Points, Content: &c}
	case question.Ordering:
		note(true, "排序题（其他软件显示为问答题）")
		x = giftExtra{Points: item.Points, Content: &c}
	}
	return x, words
}

func applyGiftExtra(raw string, item *Item, c *question.Content) {
	var x giftExtra
	if json.Unmarshal([]byte(raw), &x) != nil {
		return // a comment is only a comment
	}
	item.Points = max(0, min(x.Points, 10_000))
	if x.Content != nil && slices.Contains([]question.Kind{question.Numerical, question.Matching, question.Ordering}, x.Content.Kind) {
		*c = *x.Content
		return
	}
	for _, i := range x.Pinned {
		if i >= 0 && i < len(c.Options) {
			c.Options[i].Pinned = true
		}
	}
	c.Difficulty, c.KeepOrder, c.AnyOrder, c.MatchCase, c.Simplified = x.Difficulty, x.KeepOrder, x.AnyOrder, x.MatchCase, x.Simplified
	for _, f := range []struct {
		to   *string
		from string
	}{{&c.Source, x.Source}, {&c.Explanation, x.Explanation}, {&c.Feedback, x.Feedback}, {&c.Model, x.Model}, {&c.Stem, x.Stem}} {
		if f.from != "" {
			*f.to = f.from
		}
	}
	if x.Partial != "" && c.Kind == question.Multiple {
		c.Partial, c.PartialShare = x.Partial, x.PartialShare
	}
	if x.Kind == question.Multiple && c.Kind == question.Single {
		c.Kind = x.Kind
	}
	if len(x.Accept) == len(c.Blanks) {
		for i := range c.Blanks {
			c.Blanks[i].Accept = x.Accept[i]
		}
	}
	if len(x.Weights) == len(c.Blanks) {
		for i := range c.Blanks {
			c.Blanks[i].Weight = x.Weights[i]
		}
	}
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

// giftText writes a question and reads it back: what came back differently goes into the comment, so
// that a round trip keeps every text to the letter.
func giftText(item Item) (text string, words []string) {
	x, words := extraOf(item)
	text = giftCompose(item, x)
	back := giftBlocks(text)
	if len(back) != 1 {
		return text, words
	}
	r := back[0].record()
	question.Prepare(&r.Item.Content)
	want, got := item.Content, r.Item.Content
	question.Prepare(&want)
	if got.Stem != want.Stem {
		x.Stem = want.Stem
	}
	if got.Explanation != want.Explanation {
		x.Explanation = want.Explanation
	}
	if got.Source != want.Source {
		x.Source = want.Source
	}
	if got.Kind != want.Kind && want.Kind == question.Multiple {
		x.Kind = want.Kind
	}
	return giftCompose(item, x), words
}

func giftCompose(item Item, x giftExtra) string {
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
	if own, err := json.Marshal(x); err == nil && string(own) != "{}" {
		b.WriteString("// [qiming " + string(own) + "]\n")
	}
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
	case question.Short:
		b.WriteString(stem + " {" + general + "}")
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
	return b.String()
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
	text := question.Normalise(s, question.NormalOptions{FoldCase: true, Numerals: true})
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
