package printing

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"qiming/exam/question"
)

const (
	rule   = "________" // a line within a text
	choose = "（　　）"     // where a letter goes
)

// bracket is a place for a letter that the author made.
var bracket = regexp.MustCompile(`[（(][\s\x{00a0}\x{3000}_]*[)）]`)

// lay gives an item as it is printed: how it is answered follows from its kind.
func lay(slot Slot) Item {
	in := slot.Item
	out := Item{Number: slot.Number, Kind: in.Kind, Stem: in.Stem, Mark: OneLine}
	switch in.Kind {
	case question.Single, question.Multiple:
		out.Stem = bracketed(in.Stem)
		out.Options, out.Columns, out.Mark = lettered(in.Options), columns(in.Options), Letters
		out.Notes = partial(in)
	case question.TrueFalse:
		out.Stem, out.Mark = bracketed(in.Stem), Letters
	case question.Blanks:
		out.Stem, out.Places = strings.ReplaceAll(in.Stem, question.Gap, rule), in.Blanks
		if in.AnyOrder {
			out.Notes = []string{"各空答案不分先后。"}
		}
	case question.Numerical:
		out.Reply = "答：" + rule + rule
		if len(in.Units) > 0 {
			out.Reply += "　单位：" + rule
			out.Notes = []string{"单位可用：" + strings.Join(in.Units, "、")}
		}
	case question.Matching:
		for i, left := range in.Lefts {
			out.Lefts = append(out.Lefts, Line{circled(i), left.Text})
			out.Reply += circled(i) + choose + "　"
		}
		out.Rights, out.Mark = lettered(in.Rights), Letters
		out.Reply = "答：" + strings.TrimSpace(out.Reply)
		out.Notes = []string{"在括号内填写右列的字母。"}
	case question.Ordering:
		out.Options, out.Columns, out.Mark = lettered(in.Options), columns(in.Options), Letters
		out.Reply = "正确的顺序：" + rule + rule
	case question.Cloze:
		out.Stem, out.Gaps = gaps(in)
		out.Places = len(in.Subs)
	case question.Short, question.Essay:
		out.Lines, out.Mark = lines(in.Kind, slot.Points), Writing
		for _, criterion := range in.Rubric {
			out.Notes = append(out.Notes, fmt.Sprintf("评分项：%s（%s%%）", criterion.Name, number(100*criterion.Share)))
		}
		if in.Attachments > 0 {
			out.Notes = append(out.Notes, "附件请另附纸，写明姓名和题号。")
		}
	}
	if slot.Key != nil {
		key := keyOf(in, *slot.Key)
		out.Key = &key
	}
	return out
}

// bracketed gives a stem a place for the letter where the author made none.
func bracketed(stem string) string {
	if bracket.MatchString(stem) {
		return bracket.ReplaceAllString(stem, choose)
	}
	return strings.TrimRight(stem, " 　") + choose
}

func lettered(options []question.Choice) []Line {
	list := make([]Line, len(options))
	for i, o := range options {
		list[i] = Line{Letter(i), o.Text}
	}
	return list
}

// columns says how many options stand side by side on a line of about 40 Han characters.
func columns(options []question.Choice) int {
	longest := 0
	for _, o := range options {
		if strings.ContainsAny(o.Text, "\n") || len(Spans(o.Text)) > 1 || Spans(o.Text)[0].Media != "" {
			return 1
		}
		longest = max(longest, width(o.Text))
	}
	switch {
	case longest <= 7 && len(options)%4 == 0:
		return 4
	case longest <= 16:
		return 2
	}
	return 1
}

// width counts Han characters, half for Latin ones.
func width(text string) int {
	n := 0
	for _, r := range text {
		if n++; utf8.RuneLen(r) > 1 {
			n++
		}
	}
	return (n + 1) / 2
}

func partial(in question.Item) []string {
	if in.Kind != question.Multiple {
		return nil
	}
	switch in.Partial {
	case question.FixedShare:
		return []string{fmt.Sprintf("漏选得该题分值的%s%%，错选不得分。", number(100*in.PartialShare))}
	case question.ShareOfKey:
		return []string{"漏选按选对的比例得分，错选不得分。"}
	case question.ByWeight:
		return []string{"按所选选项的权重得分。"}
	}
	return nil
}

// circled numbers the left sides of a matching item: ① to ⑳.
func circled(i int) string { return string(rune('①' + i)) }

// gaps numbers the gaps of a cloze in its text and lists what to choose from.
func gaps(in question.Item) (string, []Gap) {
	var list []Gap
	pieces := strings.Split(in.Stem, question.Gap)
	var stem strings.Builder
	for i, piece := range pieces {
		stem.WriteString(piece)
		if i < len(pieces)-1 {
			fmt.Fprintf(&stem, "__(%d)____", i+1)
		}
	}
	for i, sub := range in.Subs {
		mark := "(" + strconv.Itoa(i+1) + ")"
		switch {
		case len(sub.Options) > 0:
			list = append(list, Gap{mark, lettered(sub.Options)})
		case len(sub.Units) > 0:
			list = append(list, Gap{mark, []Line{{"", "单位可用：" + strings.Join(sub.Units, "、")}}})
		}
	}
	return stem.String(), list
}

// lines says how many lines an answer gets: more where more is to be earned.
func lines(k question.Kind, points float64) int {
	n := int(math.Round(points))
	if k == question.Essay {
		return min(max(n, 14), 28)
	}
	return min(max(n, 4), 12)
}
