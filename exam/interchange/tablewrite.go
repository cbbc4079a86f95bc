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
	extra := map[Field]bool{}
	all := make([]map[Field]string, len(items))
	for i, item := range items {
		options = max(options, len(item.Content.Options))
		all[i] = valuesOf(item)
		for field, v := range all[i] {
			if v != "" {
				extra[field] = true
			}
		}
	}
	fields = []Field{FieldNumber, FieldKind, FieldStem}
	for i := range min(options, question.MaxOptions) {
		fields = append(fields, optionField(i))
	}
	fields = append(fields, FieldAnswer, FieldExplanation, FieldSource, FieldDifficulty, FieldCategory, FieldTags)
	for _, field := range []Field{FieldPoints, FieldFeedback, FieldOptionNotes, FieldSettings, FieldID} {
		if extra[field] {
			fields = append(fields, field)
		}
	}
	rows = make([][]string, len(items))
	for i, values := range all {
		at := place{row: i + 1, unit: "题"}
		values[FieldNumber] = number(float64(i + 1))
		rows[i] = make([]string, len(fields))
		for j, field := range fields {
			v := values[field]
			if utf8.RuneCountInString(v) > MaxCell-1 {
				lost = append(lost, at.problem(Warning, field.title(), "export.lost", "format", string(f), "what", field.title()+"的全部文字", "row", i+1))
				v = string([]rune(v)[:MaxCell-1])
			}
			rows[i][j] = v
		}
		for _, o := range items[i].Content.Options {
			if strings.ContainsRune(o.Text, '\u00a0') {
				lost = append(lost, at.problem(Warning, "选项", "export.lost", "format", string(f), "what", "不换行空格", "row", i+1))
				break
			}
		}
	}
	return fields, rows, lost
}

// valuesOf gives the cells of an item by field.
func valuesOf(item Item) map[Field]string {
	c := item.Content
	v := map[Field]string{
		FieldID:          item.ExternalID,
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
			if o.Right {
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
	case question.Short:
		v[FieldAnswer] = c.Model
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
