package interchange

import (
	"slices"
	"strings"
	"unicode/utf8"

	"qiming/exam/question"
)

// tableOf lays items out as a table: only the columns that something stands in, the usual ones always.
// Texts that a cell cannot hold are cut and named.
func tableOf(f Format, items []Item) (fields []Field, rows [][]string, lost []Problem) {
	options := 4
	used := map[Field]bool{}
	type line struct {
		item   int // from 0
		values map[Field]string
	}
	var lines []line
	for i, item := range items {
		for _, values := range rowsOf(item) {
			lines = append(lines, line{i, values})
			for field, v := range values {
				if v != "" {
					used[field] = true
					options = max(options, field.optionIndex()+1)
				}
			}
		}
	}
	fields = []Field{FieldNumber, FieldKind}
	if used[FieldMaterial] {
		fields = append(fields, FieldMaterial)
	}
	fields = append(fields, FieldStem)
	for i := range min(options, question.MaxOptions) {
		fields = append(fields, optionField(i))
	}
	fields = append(fields, FieldAnswer, FieldExplanation, FieldSource, FieldDifficulty, FieldCategory, FieldTags)
	for _, field := range []Field{FieldPoints, FieldValidUntil, FieldBasis, FieldFeedback, FieldOptionNotes, FieldSettings, FieldID, FieldWhole} {
		if used[field] {
			fields = append(fields, field)
		}
	}
	rows = make([][]string, len(lines))
	for n, l := range lines {
		at := place{row: l.item + 1, unit: "题"}
		l.values[FieldNumber] = number(float64(l.item + 1))
		rows[n] = make([]string, len(fields))
		spaces := false
		for j, field := range fields {
			v := l.values[field]
			if utf8.RuneCountInString(v) > MaxCell-1 {
				lost = append(lost, at.problem(Warning, field.title(), "export.lost", "format", string(f), "what", field.title()+"的全部文字", "row", l.item+1))
				v = string([]rune(v)[:MaxCell-1])
			}
			spaces = spaces || field.optionIndex() >= 0 && strings.ContainsRune(v, '\u00a0')
			rows[n][j] = v
		}
		if spaces {
			lost = append(lost, at.problem(Warning, "选项", "export.lost", "format", string(f), "what", "不换行空格", "row", l.item+1))
		}
	}
	return fields, rows, lost
}

// valuesOf gives the cells of an item by field.
func valuesOf(item Item) map[Field]string {
	c := item.Content
	v := map[Field]string{
		FieldID:          item.ExternalID,
		FieldValidUntil:  item.ValidUntil,
		FieldBasis:       item.Basis,
		FieldKind:        kindTitle(c.Kind),
		FieldStem:        c.Stem,
		FieldExplanation: c.Explanation,
		FieldSource:      c.Source,
		FieldFeedback:    c.Feedback,
		FieldCategory:    joinEscaped(item.Category, `/>›→`, "/"),
		FieldTags:        joinEscaped(item.Tags, `,，;；、|`, "，"),
		FieldSettings:    settingsOf(c),
	}
	if c.Difficulty > 0 {
		v[FieldDifficulty] = number(float64(c.Difficulty))
	}
	if item.Points > 0 {
		v[FieldPoints] = number(item.Points)
	}
	switch c.Kind {
	case question.Single, question.Multiple:
		var key, notes strings.Builder
		for i, o := range c.Options {
			if i >= question.MaxOptions {
				break
			}
			v[optionField(i)] = o.Text
			if o.Right && (c.Kind == question.Multiple || key.Len() == 0) {
				key.WriteString(letter(i))
			}
			if o.Feedback != "" {
				notes.WriteString(letter(i) + "：" + escapeLines(o.Feedback) + "\n")
			}
		}
		v[FieldAnswer], v[FieldOptionNotes] = key.String(), strings.TrimSpace(notes.String())
	case question.TrueFalse:
		v[FieldAnswer] = "错误"
		if c.Truth {
			v[FieldAnswer] = "正确"
		}
	case question.Blanks:
		parts := make([]string, len(c.Blanks))
		for i, b := range c.Blanks {
			parts[i] = joinEscaped(b.Accept, aliasSeps+blankSeps, "/")
		}
		v[FieldAnswer] = strings.Join(parts, "；")
	case question.Numerical:
		v[FieldAnswer] = rangesText(c.Ranges)
	case question.Matching:
		v[FieldAnswer] = pairsText(c.Pairs)
	case question.Ordering:
		var order strings.Builder
		for i, o := range c.Options {
			v[optionField(i)] = o.Text
			order.WriteString(letter(i))
		}
		v[FieldAnswer] = order.String()
	case question.Short, question.Essay:
		v[FieldAnswer] = c.Model
	case question.Cloze:
		v[FieldAnswer] = clozeText(c)
	}
	return v
}

func joinEscaped(list []string, set, sep string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = escape(s, set)
	}
	return strings.Join(out, sep)
}

func kindTitle(k question.Kind) string {
	switch k {
	case question.Single:
		return "单选题"
	case question.Multiple:
		return "多选题"
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
	case question.Material:
		return "材料题"
	}
	return string(k)
}

// templateItems are the examples of the template that users download.
func templateItems() []Item {
	return []Item{
		{Category: []string{"党章党规", "党章"}, Tags: []string{"示例"}, Content: question.Content{Kind: question.Single, Stem: "中国共产党的最高理想和最终目标是（ ）。",
			Options:     []question.Option{{Text: "实现共产主义", Right: true}, {Text: "实现小康社会"}, {Text: "实现国家富强"}, {Text: "实现民族复兴"}},
			Explanation: "党章总纲规定，党的最高理想和最终目标是实现共产主义。", Source: "《中国共产党章程》总纲", Difficulty: 1}},
		{Category: []string{"党章党规", "党章"}, Content: question.Content{Kind: question.Multiple, Stem: "“三会一课”中的“三会”是指（ ）。",
			Options: []question.Option{{Text: "支部党员大会", Right: true}, {Text: "支部委员会会议", Right: true}, {Text: "党小组会", Right: true}, {Text: "民主生活会"}},
			Source:  "《中国共产党支部工作条例（试行）》", Difficulty: 2, Partial: question.ShareOfKey}},
		{Category: []string{"党章党规"}, Content: question.Content{Kind: question.TrueFalse, Stem: "预备党员的预备期为一年。", Truth: true, Difficulty: 1}},
		{Category: []string{"党史"}, Content: question.Content{Kind: question.Blanks, Stem: "中国共产党成立于" + question.Gap + "年，一大在" + question.Gap + "召开。",
			Blanks: []question.Blank{{Accept: []string{"1921", "一九二一"}}, {Accept: []string{"上海"}}}, Difficulty: 1}},
		{Category: []string{"党务"}, Content: question.Content{Kind: question.Numerical, Stem: "某支部有表决权的党员20人，到会16人，到会率是多少（填小数）？", Ranges: []question.Range{{Min: 0.8, Max: 0.8, Weight: 1}}}},
		{Category: []string{"党史"}, Content: question.Content{Kind: question.Matching, Stem: "将会议与召开的地点连线。", Partial: question.ShareOfKey,
			Pairs: []question.Pair{{Left: "古田会议", Right: "福建上杭"}, {Left: "遵义会议", Right: "贵州遵义"}, {Right: "陕西延安"}}}},
		{Category: []string{"党史"}, Content: question.Content{Kind: question.Ordering, Stem: "按时间先后排列。",
			Options: []question.Option{{Text: "五四运动"}, {Text: "中国共产党成立"}, {Text: "南昌起义"}}}},
		{Category: []string{"党史"}, Content: question.Content{Kind: question.Short, Stem: "请简要回答：什么是民主集中制？",
			Model: "民主集中制是民主基础上的集中和集中指导下的民主相结合，是党的根本组织原则和领导制度。", Difficulty: 3}},
		{Category: []string{"党史"}, Content: question.Content{Kind: question.Cloze, Stem: "中国共产党第____次全国代表大会于____年在北京召开，大会的主题词包括“____”。", Subs: []question.Sub{
			{Content: question.Content{Kind: question.Single, Options: []question.Option{{Text: "十九"}, {Text: "二十", Right: true}}}},
			{Content: question.Content{Kind: question.Numerical, Ranges: []question.Range{{Min: 2022, Max: 2022, Weight: 1}}}},
			{Content: question.Content{Kind: question.Blanks, Blanks: []question.Blank{{Accept: []string{"踔厉奋发", "勇毅前行"}}}}}}}},
		{Category: []string{"党务"}, Content: question.Content{Kind: question.Essay, Stem: "结合本职工作，谈谈怎样发挥党员的先锋模范作用。", Model: "可从学习、本职、服务、纪律等方面展开。",
			Rubric: []question.Criterion{{Name: "观点", Share: 0.4}, {Name: "联系实际", Share: 0.6}}}},
		{Category: []string{"党务"}, Content: question.Content{Kind: question.Material, Stem: "某支部有正式党员18人、预备党员2人，召开支部党员大会讨论预备党员转正，到会正式党员15人。", Subs: []question.Sub{
			{Content: question.Content{Kind: question.TrueFalse, Stem: "本次大会到会人数符合要求。", Truth: true, Explanation: "有表决权的到会党员超过应到会有表决权党员的半数。"}},
			{Content: question.Content{Kind: question.Single, Stem: "有表决权的应到会党员是（ ）。", Options: []question.Option{{Text: "15人"}, {Text: "18人", Right: true}, {Text: "20人"}}}}}}},
	}
}

// sorted gives a copy of items ordered by category, so that formats with category marks repeat none.
func sorted(items []Item) []Item {
	out := slices.Clone(items)
	slices.SortStableFunc(out, func(a, b Item) int {
		return strings.Compare(strings.Join(a.Category, "\x00"), strings.Join(b.Category, "\x00"))
	})
	return out
}
