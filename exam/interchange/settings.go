package interchange

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"qiming/exam/question"
)

// The column 作答设置 keeps in words what other programs have no column for:
//
//	漏选得0.5；漏选按比例；部分得分；选项不打乱；A固定；不分顺序；区分大小写；繁简相同；空1权重2；空1数值；空1误差0.5；
//	单位km=1000；单位错漏扣0.25；A权重50%；评分观点=40%；附件2
//
// Notes and levels of 评分 stand in 完整数据 alone.
const settingSeps = ";；\n"

// settings reads the column; unknown words are a warning.
func (d *draft) settings(c *question.Content) {
	for _, word := range splitList(d.values[FieldSettings], settingSeps) {
		if !applySetting(c, word) {
			d.warn(FieldSettings, "settings.unknown", "value", shorten(word))
		}
	}
}

func applySetting(c *question.Content, word string) bool {
	switch word {
	case "全对得分":
		c.Partial = question.AllOrNothing
	case "漏选按比例", "部分得分":
		c.Partial = question.ShareOfKey
	case "选项不打乱":
		c.KeepOrder = true
	case "不分顺序":
		c.AnyOrder = true
	case "区分大小写":
		c.MatchCase = true
	case "繁简相同":
		c.Simplified = true
	default:
		if share, ok := strings.CutPrefix(word, "漏选得"); ok {
			n, err := strconv.ParseFloat(share, 64)
			c.Partial, c.PartialShare = question.FixedShare, n
			return err == nil
		}
		if penalty, ok := strings.CutPrefix(word, "单位错漏扣"); ok {
			n, err := strconv.ParseFloat(penalty, 64)
			c.UnitPenalty = n
			return err == nil
		}
		if unit, ok := strings.CutPrefix(word, "单位"); ok {
			name, factor, _ := cutLast(unit, "=")
			n, err := strconv.ParseFloat(factor, 64)
			c.Units = append(c.Units, question.Unit{Name: name, Factor: n})
			return err == nil && name != ""
		}
		if name, ok := strings.CutPrefix(word, "评分"); ok {
			name, share, _ := cutLast(name, "=")
			n, err := percentOf(share)
			c.Rubric = append(c.Rubric, question.Criterion{Name: name, Share: n})
			return err == nil && name != ""
		}
		if files, ok := strings.CutPrefix(word, "附件"); ok {
			n, err := strconv.Atoi(files)
			c.Attachments = n
			return err == nil
		}
		if option, weight, ok := strings.Cut(word, "权重"); ok && len(option) == 1 {
			i := int(option[0]) - 'A'
			n, err := percentOf(weight)
			if i < 0 || i >= len(c.Options) || err != nil {
				return false
			}
			c.Partial, c.Options[i].Weight = question.ByWeight, n
			return true
		}
		if pinned, ok := strings.CutSuffix(word, "固定"); ok && len(pinned) == 1 {
			i := int(pinned[0]) - 'A'
			if i < 0 || i >= len(c.Options) {
				return false
			}
			c.Options[i].Pinned = true
			return true
		}
		return applyBlank(c, word)
	}
	return true
}

// percentOf reads "50%" as 0.5.
func percentOf(s string) (float64, error) {
	n, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
	return n / 100, err
}

func percent(f float64) string { return number(math.Round(1e10*f)/1e8) + "%" }

func cutLast(s, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(s, separator); i >= 0 {
		return s[:i], s[i+len(separator):], true
	}
	return s, "", false
}

func applyBlank(c *question.Content, word string) bool {
	rest, ok := strings.CutPrefix(word, "空")
	if !ok {
		return false
	}
	digits := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if digits <= 0 {
		return false
	}
	n, err := strconv.Atoi(rest[:digits])
	if err != nil || n < 1 || n > len(c.Blanks) {
		return false
	}
	b, rest := &c.Blanks[n-1], rest[digits:]
	if rest == "数值" {
		b.Number = true
		return true
	}
	for name, target := range map[string]*float64{"权重": &b.Weight, "误差": &b.Tolerance} {
		if v, ok := strings.CutPrefix(rest, name); ok {
			*target, err = strconv.ParseFloat(v, 64)
			return err == nil
		}
	}
	return false
}

// hasLevels says whether evaluators choose levels, which other programs do not know.
func hasLevels(c question.Content) bool {
	return slices.ContainsFunc(c.Rubric, func(r question.Criterion) bool { return len(r.Levels) > 0 })
}

// settingsOf writes the column.
func settingsOf(c question.Content) string {
	var out []string
	switch {
	case (c.Kind == question.Matching || c.Kind == question.Ordering) && c.Partial == question.ShareOfKey:
		out = append(out, "部分得分")
	case c.Kind != question.Multiple:
	case c.Partial == question.ShareOfKey:
		out = append(out, "漏选按比例")
	case c.Partial == question.FixedShare:
		out = append(out, "漏选得"+number(c.PartialShare))
	}
	for _, flag := range []struct {
		on   bool
		word string
	}{{c.KeepOrder, "选项不打乱"}, {c.AnyOrder, "不分顺序"}, {c.MatchCase, "区分大小写"}, {c.Simplified, "繁简相同"}} {
		if flag.on {
			out = append(out, flag.word)
		}
	}
	for i, o := range c.Options {
		if o.Pinned && i < question.MaxOptions {
			out = append(out, letter(i)+"固定")
		}
	}
	for i, o := range c.Options {
		if c.Partial == question.ByWeight && o.Weight != 0 && i < question.MaxOptions {
			out = append(out, letter(i)+"权重"+percent(o.Weight))
		}
	}
	for _, criterion := range c.Rubric {
		out = append(out, escape("评分"+criterion.Name+"="+percent(criterion.Share), settingSeps))
	}
	if c.Attachments != 0 {
		out = append(out, "附件"+strconv.Itoa(c.Attachments))
	}
	for _, u := range c.Units {
		out = append(out, escape("单位"+u.Name+"="+number(u.Factor), settingSeps))
	}
	if c.UnitPenalty != 0 {
		out = append(out, "单位错漏扣"+number(c.UnitPenalty))
	}
	for i, b := range c.Blanks {
		if b.Weight != 0 {
			out = append(out, fmt.Sprintf("空%d权重%s", i+1, number(b.Weight)))
		}
		if b.Number {
			out = append(out, fmt.Sprintf("空%d数值", i+1))
		}
		if b.Tolerance != 0 {
			out = append(out, fmt.Sprintf("空%d误差%s", i+1, number(b.Tolerance)))
		}
	}
	return strings.Join(out, "；")
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
