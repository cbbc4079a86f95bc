package interchange

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"qiming/exam/question"
)

// This file is how tables hold numbers, pairs and sequences, in the answer cell:
//
//	计算题   3.1~3.3；2.9~3.5(50%)   a value, "value±tolerance" or a range each, and what it earns
//	连线题   一大→上海；古田会议→福建；→贵州   a pair each; without a left side a distractor
//	完形填空 [十九|*二十]；#100；强国/现代化强国   a gap each: a choice with * before what is right, a number, a text
//	排序题   BACD   the letters of the options in the right order; empty: as they stand

const pairSeps = ";；\n"

// arrow separates the sides of a pair. The export writes →.
var arrow = regexp.MustCompile(`→|->|=>|——|—|＝|=`)

// pairs reads the answer cell of a matching item.
func (d *draft) pairs(c *question.Content) {
	answer := d.values[FieldAnswer]
	if answer == "" {
		d.fail(FieldAnswer, "answer.missing", "hint", "配对，例如“甲→1；乙→2”", "hint_en", "pairs, such as a→1; b→2")
		return
	}
	for _, part := range splitEscaped(answer, pairSeps) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		left, right, ok := cutArrow(part)
		if !ok {
			d.fail(FieldAnswer, "answer.pair", "answer", shorten(part))
			return
		}
		c.Pairs = append(c.Pairs, question.Pair{Left: left, Right: right})
	}
}

// cutArrow cuts at the first arrow that no backslash stands before.
func cutArrow(s string) (left, right string, ok bool) {
	for from := 0; from < len(s); {
		m := arrow.FindStringIndex(s[from:])
		if m == nil {
			return "", "", false
		}
		start, end := from+m[0], from+m[1]
		if slashes := len(s[:start]) - len(strings.TrimRight(s[:start], `\`)); slashes%2 == 0 {
			const set = pairSeps + "→-=—＝n"
			left, right = unescape(strings.TrimSpace(s[:start]), set), unescape(strings.TrimSpace(s[end:]), set)
			return left, right, right != ""
		}
		from = end
	}
	return "", "", false
}

// pairsText writes pairs so that cutArrow reads them.
func pairsText(pairs []question.Pair) string {
	out := make([]string, len(pairs))
	for i, p := range pairs {
		out[i] = escape(p.Left, pairSeps+"→-=—＝") + "→" + escape(p.Right, pairSeps+"→-=—＝")
	}
	return strings.Join(out, "；")
}

// sequence reads the options and the order that the answer cell gives them.
func (d *draft) sequence(c *question.Content) {
	var places []int
	for i, o := range d.options {
		if o != "" {
			places = append(places, i)
		}
	}
	if len(places) < question.MinOptions {
		d.fail(optionField(0), "options.few", "count", len(places))
		return
	}
	if answer := d.values[FieldAnswer]; answer != "" {
		order := lettersInOrder(answer)
		seen := map[int]bool{}
		for _, i := range order {
			if i >= len(d.options) || d.options[i] == "" {
				d.fail(FieldAnswer, "answer.beyond", "letter", letter(i))
				return
			}
			seen[i] = true
		}
		if len(order) != len(places) || len(seen) != len(places) {
			d.fail(FieldAnswer, "answer.sequence", "answer", shorten(answer), "count", len(places))
			return
		}
		places = order
	}
	for _, i := range places {
		c.Options = append(c.Options, question.Option{Text: d.options[i]})
	}
}

// lettersInOrder gives the letters of a text as they stand; nil where there is anything else but separators.
func lettersInOrder(s string) []int {
	var out []int
	for _, r := range strings.ToUpper(norm.NFKC.String(s)) {
		switch {
		case r >= 'A' && r < 'A'+rune(question.MaxOptions):
			out = append(out, int(r-'A'))
		case strings.ContainsRune(" ,，、;；|+-—>→", r):
		default:
			return nil
		}
	}
	return out
}

var rangeForm = regexp.MustCompile(`^([+-]?[\d.]+(?:e[+-]?\d{1,2})?)(?:(±|\+/-|~|～|至|到|\.\.)([+-]?[\d.]+(?:e[+-]?\d{1,2})?))?(?:\((\d+(?:\.\d+)?)%\))?$`)

// numbers reads the answer cell of a numerical item.
func (d *draft) numbers(c *question.Content) {
	answer := d.values[FieldAnswer]
	if answer == "" {
		d.fail(FieldAnswer, "answer.missing", "hint", "数值或范围，例如 3.14、3.1~3.2、3.14±0.01", "hint_en", "a number or a range")
		return
	}
	for _, part := range splitList(answer, pairSeps) {
		r, ok := rangeOf(part)
		if !ok {
			d.fail(FieldAnswer, "answer.number", "answer", shorten(part))
			return
		}
		c.Ranges = append(c.Ranges, r)
	}
}

func rangeOf(s string) (question.Range, bool) {
	s = strings.ToLower(strings.ReplaceAll(norm.NFKC.String(strings.ReplaceAll(s, "−", "-")), " ", ""))
	m := rangeForm.FindStringSubmatch(s)
	if m == nil {
		return question.Range{}, false
	}
	low, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return question.Range{}, false
	}
	r := question.Range{Min: low, Max: low, Weight: 1}
	if m[2] != "" {
		second, err := strconv.ParseFloat(m[3], 64)
		if err != nil {
			return r, false
		}
		if m[2] == "±" || m[2] == "+/-" {
			if r, err = question.Around(m[1], m[3]); err != nil {
				return r, false
			}
		} else {
			r.Max = second
		}
	}
	if m[4] != "" {
		percent, err := strconv.ParseFloat(m[4], 64)
		if err != nil || percent <= 0 || percent > 100 {
			return r, false
		}
		r.Weight = percent / 100
	}
	return r, true
}

func rangesText(ranges []question.Range) string {
	out := make([]string, len(ranges))
	for i, r := range ranges {
		out[i] = number(r.Min)
		if r.Max != r.Min {
			out[i] += "~" + number(r.Max)
		}
		if r.Weight > 0 && r.Weight < 1 {
			out[i] += "(" + number(100*r.Weight) + "%)"
		}
	}
	return strings.Join(out, "；")
}

const (
	gapSeps    = ";；\n"
	choiceSeps = "|｜"
)

// cloze reads the answer cell of a cloze.
func (d *draft) cloze(c *question.Content) {
	c.Stem = withGaps(c.Stem)
	answer := d.values[FieldAnswer]
	if answer == "" {
		d.fail(FieldAnswer, "answer.missing", "hint", "各空的答案，例如“[甲|*乙]；#100；文字”", "hint_en", "the gaps, such as [a|*b]; #100; text")
		return
	}
	for _, part := range splitEscaped(answer, gapSeps) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		sub := question.Content{Stem: question.Gap}
		number, isNumber := strings.CutPrefix(norm.NFKC.String(part), "#")
		list, isList := strings.CutPrefix(part, "[")
		list, closed := strings.CutSuffix(list, "]")
		switch {
		case isNumber:
			r, ok := rangeOf(number)
			if !ok {
				d.fail(FieldAnswer, "answer.number", "answer", shorten(part))
				return
			}
			sub.Kind, sub.Ranges = question.Numerical, []question.Range{r}
		case isList && closed:
			sub.Kind = question.Single
			for _, text := range splitEscaped(list, choiceSeps) {
				text, right := strings.CutPrefix(strings.TrimSpace(text), "*")
				sub.Options = append(sub.Options, question.Option{Text: unescape(text, gapSeps+choiceSeps+"*[]#/n"), Right: right})
			}
		default:
			sub.Kind, sub.Blanks = question.Blanks, []question.Blank{{}}
			for _, alias := range splitEscaped(part, aliasSeps) {
				if alias = unescape(strings.TrimSpace(alias), aliasSeps+gapSeps+"[]#*n"); alias != "" {
					sub.Blanks[0].Accept = append(sub.Blanks[0].Accept, alias)
				}
			}
		}
		c.Subs = append(c.Subs, question.Sub{Content: sub})
	}
	if gaps := question.Gaps(c.Stem); gaps != len(c.Subs) {
		d.fail(FieldAnswer, "blanks.count", "gaps", gaps, "answers", len(c.Subs))
	}
}

// clozeText writes the gaps so that cloze reads them, as far as words can.
func clozeText(c question.Content) string {
	out := make([]string, len(c.Subs))
	for i, sub := range c.Subs {
		switch sub := sub.Content; sub.Kind {
		case question.Single:
			options := make([]string, len(sub.Options))
			for j, o := range sub.Options {
				if o.Right {
					options[j] = "*"
				}
				options[j] += escape(o.Text, gapSeps+choiceSeps+"*")
			}
			out[i] = "[" + strings.Join(options, "|") + "]"
		case question.Numerical:
			out[i] = "#" + rangesText(sub.Ranges[:min(1, len(sub.Ranges))])
		case question.Blanks:
			if len(sub.Blanks) == 1 {
				out[i] = joinEscaped(sub.Blanks[0].Accept, aliasSeps+gapSeps+"[#", "/")
			}
		}
	}
	return strings.Join(out, "；")
}
