package printing

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"qiming/exam/question"
)

// Lay lays a paper out.
func Lay(src Source) Paper {
	p := Paper{Head: head(src), Sections: []Section{}}
	shown := 0
	for _, part := range src.Sections {
		if len(part.Items) == 0 {
			continue
		}
		shown++
		section := Section{Heading: heading(part, shown), Instructions: instructions(part), Items: []Item{}}
		_, same := each(part.Items)
		for i, slot := range part.Items {
			item := lay(slot)
			if !same {
				item.Points = "（" + number(slot.Points) + "分）"
			}
			if slot.Item.Passage != "" && (i == 0 || part.Items[i-1].Group != slot.Group) {
				item.Passage, item.PassageNote = slot.Item.Passage, passageNote(part.Items[i:])
			}
			section.Items = append(section.Items, item)
			p.Keyed = p.Keyed || item.Key != nil
		}
		p.Sections = append(p.Sections, section)
	}
	return p
}

func head(src Source) Head {
	h := Head{Organisation: src.Organisation, Title: src.Title, Label: src.Label + "卷", Facts: []string{}, Fields: []string{"单位", "姓名", "编号", "得分"}, Draft: src.Number == 0}
	if src.Opens != nil {
		at := src.Opens.In(src.Zone)
		h.Facts = append(h.Facts, "时间："+at.Format("2006年1月2日 15:04"))
	} else {
		h.Facts = append(h.Facts, "时间：　　年　月　日")
	}
	if src.Minutes > 0 {
		h.Facts = append(h.Facts, fmt.Sprintf("限时：%d分钟", src.Minutes))
	}
	h.Facts = append(h.Facts, "满分："+number(src.Points)+"分")
	h.Footer = fmt.Sprintf("%s %s", src.Title, h.Label)
	h.Name, h.KeyTitle = src.Title+"（"+h.Label+"）", "参考答案与评分要点"
	h.SheetTitle, h.SheetNote = "答题卡", "请在答题卡上作答。"
	if h.Draft {
		h.Name += "样卷"
		h.Footer += " 样卷"
	} else {
		h.Footer += fmt.Sprintf("（第%d版）", src.Number)
	}
	return h
}

// numbered is a title that has a number of its own: 一、 第一部分 1. Part I
var numbered = regexp.MustCompile(`^\s*([（(]?[一二三四五六七八九十]+[)）]?[、.．，]|第[一二三四五六七八九十\d]+[部大]|\d+[、.．]|(?i:part|section)\s)`)

// heading gives the title of a section with its sum: 一、单项选择题（共10题，每题2分，计20分）.
func heading(part Part, n int) string {
	title := part.Title
	if title == "" {
		title = kindsTitle(part.Items)
	}
	if !numbered.MatchString(title) {
		title = numeral(n) + "、" + title
	}
	sum := 0.0
	for _, slot := range part.Items {
		sum += slot.Points
	}
	facts := []string{fmt.Sprintf("共%d题", len(part.Items))}
	if points, same := each(part.Items); same && len(part.Items) > 1 {
		facts = append(facts, "每题"+number(points)+"分")
	}
	facts = append(facts, "计"+number(sum)+"分")
	if part.Limit > 0 {
		facts = append(facts, "限时"+number(float64(part.Limit)/60)+"分钟")
	}
	return title + "（" + strings.Join(facts, "，") + "）"
}

// each gives the points of an item where all of them are worth the same.
func each(items []Slot) (points float64, same bool) {
	for _, slot := range items {
		if slot.Points != items[0].Points {
			return 0, false
		}
	}
	return items[0].Points, true
}

func instructions(part Part) string {
	if part.Instructions != "" {
		return part.Instructions
	}
	for _, slot := range part.Items {
		if slot.Item.Kind != question.TrueFalse {
			return ""
		}
	}
	return "正确的在括号内打“√”，错误的打“×”。"
}

// kindsTitle names a section without a title after what it holds.
func kindsTitle(items []Slot) string {
	for _, slot := range items {
		if slot.Item.Kind != items[0].Item.Kind || slot.Item.Passage != "" {
			return "试题"
		}
	}
	return kindTitle(items[0].Item.Kind)
}

func kindTitle(k question.Kind) string {
	switch k {
	case question.Single:
		return "单项选择题"
	case question.Multiple:
		return "多项选择题"
	case question.TrueFalse:
		return "判断题"
	case question.Blanks:
		return "填空题"
	case question.Short:
		return "简答题"
	case question.Numerical:
		return "计算题"
	case question.Matching:
		return "连线题"
	case question.Ordering:
		return "排序题"
	case question.Cloze:
		return "完形填空"
	case question.Essay:
		return "论述题"
	}
	return "试题"
}

// passageNote says which items a material is for; items begin with the first of them.
func passageNote(items []Slot) string {
	last := 0
	for last+1 < len(items) && items[last+1].Group == items[0].Group {
		last++
	}
	if last == 0 {
		return fmt.Sprintf("阅读下面的材料，回答第%d题。", items[0].Number)
	}
	return fmt.Sprintf("阅读下面的材料，回答第%d～%d题。", items[0].Number, items[last].Number)
}

// numeral writes 1..99 in Chinese.
func numeral(n int) string {
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	tens, ones := n/10, n%10
	switch {
	case n < 1 || n > 99:
		return strconv.Itoa(n)
	case tens == 0:
		return digits[ones]
	case tens == 1:
		return "十" + digits[ones]
	}
	return digits[tens] + "十" + digits[ones]
}

// number writes points without trailing zeros, to two decimals.
func number(x float64) string {
	text := strconv.FormatFloat(x, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// Letter names the n-th option, from 0.
func Letter(n int) string { return string(rune('A' + n)) }
