package printing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qiming/exam/question"
)

// keyOf writes the key of c in the letters of this paper, with what the marking rules say of answers that
// are right in part, in brackets: imports of questions pass over such a note.
func keyOf(in question.Item, c question.Content) Key {
	key := question.Reveal(c)
	k := Key{Answer: answer(in, key)}
	k.Lines = []string{"答案：" + k.Answer}
	if rules := marking(in, c); len(rules) > 0 {
		k.Lines = append(k.Lines, "（评分："+strings.Join(rules, "；")+"）")
	}
	if key.Explanation != "" {
		k.Lines = append(k.Lines, "解析："+key.Explanation)
	}
	if key.Source != "" {
		k.Lines = append(k.Lines, "依据："+key.Source)
	}
	return k
}

func answer(in question.Item, key question.Key) string {
	switch in.Kind {
	case question.Single, question.Multiple:
		letters := lettersOf(in.Options, key.Options)
		slices.Sort(letters)
		return strings.Join(letters, "")
	case question.Ordering:
		return strings.Join(lettersOf(in.Options, key.Options), "")
	case question.TrueFalse:
		if key.Truth != nil && *key.Truth {
			return "√"
		}
		return "×"
	case question.Blanks:
		blanks := make([]string, len(key.Accepted))
		for i, accepted := range key.Accepted {
			blanks[i] = strings.Join(accepted, "/")
		}
		return strings.Join(blanks, "；")
	case question.Numerical:
		return ranges(key)
	case question.Matching:
		pairs := []string{}
		for i, left := range in.Lefts {
			for j, right := range in.Rights {
				if right.ID == key.Pairs[left.ID] {
					pairs = append(pairs, circled(i)+Letter(j))
				}
			}
		}
		return strings.Join(pairs, " ")
	case question.Cloze:
		parts := []string{}
		for i := range min(len(in.Subs), len(key.Subs)) {
			parts = append(parts, fmt.Sprintf("(%d) %s", i+1, answer(in.Subs[i], key.Subs[i])))
		}
		return strings.Join(parts, "；")
	}
	return key.Model
}

// lettersOf gives the letters of options, in the order of ids.
func lettersOf(options []question.Choice, ids []string) []string {
	var letters []string
	for _, id := range ids {
		if i := slices.IndexFunc(options, func(o question.Choice) bool { return o.ID == id }); i >= 0 {
			letters = append(letters, Letter(i))
		}
	}
	return letters
}

// ranges writes the accepted numbers, in the unit of factor 1.
func ranges(key question.Key) string {
	unit := ""
	for _, u := range key.Units {
		if u.Factor == 1 {
			unit = " " + u.Name
		}
	}
	parts := []string{}
	for _, r := range key.Ranges {
		text := plain(r.Min)
		if r.Max != r.Min {
			text += "～" + plain(r.Max)
		}
		text += unit
		if r.Weight > 0 && r.Weight < 1 {
			text += fmt.Sprintf("（得%s%%）", number(100*r.Weight))
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "；")
}

func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// marking says how answers are marked that are not simply right or wrong, for whoever marks on paper. The
// rules themselves are those of package question.
func marking(in question.Item, c question.Content) []string {
	var rules []string
	switch c.Kind {
	case question.Single, question.Multiple:
		return choiceRules(in, c)
	case question.Blanks:
		return blankRules(c)
	case question.Numerical:
		return unitRules(c)
	case question.Matching, question.Ordering:
		if c.Partial == question.ShareOfKey {
			what := map[question.Kind]string{question.Matching: "连对的比例", question.Ordering: "前后相邻正确的比例"}[c.Kind]
			return []string{"按" + what + "得分"}
		}
		return []string{"全对才得分"}
	case question.Cloze:
		shares := question.SubShares(c)
		for i := range min(len(in.Subs), len(c.Subs)) {
			rule := fmt.Sprintf("第%d空，占%s", i+1, percent(shares[i]))
			if more := marking(in.Subs[i], c.Subs[i].Content); len(more) > 0 {
				rule += "，" + strings.Join(more, "，")
			}
			rules = append(rules, rule)
		}
	case question.Essay:
		for _, criterion := range c.Rubric {
			rule := criterion.Name + " " + percent(criterion.Share)
			if criterion.Note != "" {
				rule += "：" + criterion.Note
			}
			if levels := levelWords(criterion.Levels); levels != "" {
				rule += "（" + levels + "）"
			}
			rules = append(rules, rule)
		}
	}
	return rules
}

func levelWords(levels []question.Level) string {
	words := make([]string, len(levels))
	for i, level := range levels {
		words[i] = level.Title + " " + percent(level.Share)
	}
	return strings.Join(words, "，")
}

func choiceRules(in question.Item, c question.Content) []string {
	switch {
	case c.Partial == question.ByWeight:
		var rules []string
		for i, shown := range in.Options {
			at := slices.IndexFunc(c.Options, func(o question.Option) bool { return o.ID == shown.ID })
			if at >= 0 && c.Options[at].Weight != 0 {
				rules = append(rules, Letter(i)+" "+percent(c.Options[at].Weight))
			}
		}
		if c.Kind == question.Single {
			return append(rules, "其余不得分")
		}
		rules = append(rules, "所选各项相加")
		if slices.ContainsFunc(c.Options, func(o question.Option) bool { return o.Weight < 0 }) {
			rules = append(rules, "选了扣分项的，合计不超过 0")
		}
		return rules
	case c.Kind == question.Single:
		return nil
	case c.Partial == question.FixedShare:
		return []string{"漏选得" + percent(c.PartialShare), "错选不得分"}
	case c.Partial == question.ShareOfKey:
		return []string{"漏选按选对的比例得分", "错选不得分"}
	}
	return []string{"全对才得分"}
}

func blankRules(c question.Content) []string {
	var rules []string
	shares := question.BlankShares(c.Blanks)
	weighed := slices.ContainsFunc(c.Blanks, func(b question.Blank) bool { return b.Weight > 0 })
	for i, blank := range c.Blanks {
		rule := ""
		if weighed {
			rule = "，占" + percent(shares[i])
		}
		if blank.Tolerance > 0 {
			rule += "，误差±" + plain(blank.Tolerance) + "以内算对"
		}
		if rule != "" {
			rules = append(rules, fmt.Sprintf("第%d空%s", i+1, rule))
		}
	}
	if c.AnyOrder {
		rules = append(rules, "各空不分先后")
	}
	if c.MatchCase {
		rules = append(rules, "区分大小写")
	}
	return rules
}

// unitRules says what other units stand for and what a wrong one costs.
func unitRules(c question.Content) []string {
	if len(c.Units) == 0 {
		return nil
	}
	base, rules := "", []string{}
	for _, unit := range c.Units {
		if unit.Factor == 1 {
			base = unit.Name
		}
	}
	for _, unit := range c.Units {
		if unit.Name != base {
			rules = append(rules, fmt.Sprintf("也可用%s，1%s＝%s%s", unit.Name, unit.Name, plain(unit.Factor), base))
		}
	}
	if c.UnitPenalty > 0 {
		return append(rules, "数对而单位缺或错的扣"+percent(c.UnitPenalty))
	}
	return append(rules, "单位缺或错不扣分")
}

func percent(share float64) string { return number(100*share) + "%" }
