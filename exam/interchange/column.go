package interchange

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// Field is what a column of a table holds.
type Field string

// The fields. Options are option_a .. option_l.
const (
	FieldIgnore      Field = ""
	FieldNumber      Field = "number" // 题号: ignored, it is the file's own count
	FieldID          Field = "id"     // 编号: kept as ExternalID
	FieldKind        Field = "kind"
	FieldStem        Field = "stem"
	FieldOptions     Field = "options"      // all options in one cell
	FieldStemOptions Field = "stem_options" // the stem, then the options, separated by |
	FieldAnswer      Field = "answer"
	FieldExplanation Field = "explanation"
	FieldSource      Field = "source"
	FieldDifficulty  Field = "difficulty"
	FieldCategory    Field = "category"
	FieldTags        Field = "tags"
	FieldPoints      Field = "points"
	FieldValidUntil  Field = "valid_until" // 有效期至
	FieldBasis       Field = "basis"       // 依据法规
	FieldFeedback    Field = "feedback"
	FieldOptionNotes Field = "option_feedback"
	FieldSettings    Field = "settings" // 作答设置: rules of marking, in words
	FieldMaterial    Field = "material" // 材料: rows that follow each other with the same text, or 同上, are one material
	FieldWhole       Field = "whole"    // 完整数据: our own, see whole
)

// optionField gives option_a for 0.
func optionField(i int) Field { return Field("option_" + string(rune('a'+i))) }

// optionIndex gives 0 for option_a, or -1.
func (f Field) optionIndex() int {
	rest, ok := strings.CutPrefix(string(f), "option_")
	if !ok || len(rest) != 1 || rest[0] < 'a' || int(rest[0]-'a') >= question.MaxOptions {
		return -1
	}
	return int(rest[0] - 'a')
}

// title gives the Chinese heading of a field, as exports write it.
func (f Field) title() string {
	if i := f.optionIndex(); i >= 0 {
		return "选项" + letter(i)
	}
	switch f {
	case FieldNumber:
		return "题号"
	case FieldID:
		return "编号"
	case FieldKind:
		return "题型"
	case FieldStem:
		return "题干"
	case FieldOptions:
		return "选项"
	case FieldStemOptions:
		return "题干与选项"
	case FieldAnswer:
		return "答案"
	case FieldExplanation:
		return "解析"
	case FieldSource:
		return "来源"
	case FieldDifficulty:
		return "难度"
	case FieldCategory:
		return "分类"
	case FieldTags:
		return "标签"
	case FieldPoints:
		return "分值"
	case FieldValidUntil:
		return "有效期至"
	case FieldBasis:
		return "依据法规"
	case FieldFeedback:
		return "反馈"
	case FieldOptionNotes:
		return "选项反馈"
	case FieldSettings:
		return "作答设置"
	case FieldMaterial:
		return "材料"
	case FieldWhole:
		return "完整数据"
	}
	return string(f)
}

// Fields lists what a column may be mapped to, in the order of a menu.
func Fields() []Field {
	out := []Field{FieldStem, FieldKind, FieldAnswer}
	for i := range question.MaxOptions {
		out = append(out, optionField(i))
	}
	return append(out, FieldOptions, FieldStemOptions, FieldExplanation, FieldSource, FieldDifficulty, FieldCategory,
		FieldTags, FieldPoints, FieldValidUntil, FieldBasis, FieldFeedback, FieldOptionNotes, FieldSettings, FieldMaterial, FieldWhole, FieldID, FieldNumber)
}

// Mapping overrides the guessed field of columns. A key is a heading of the file, or "#n" for the n-th
// column (from 1); the value is a field, FieldIgnore to leave the column out.
type Mapping map[string]Field

// Check gives fault.Invalid where a value is no field.
func (m Mapping) Check() error {
	var bad []fault.Field
	known := Fields()
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if f := m[key]; f != FieldIgnore && !slices.Contains(known, f) {
			bad = append(bad, fault.Field{Path: "mapping." + key, Key: "unknown"})
		}
	}
	return fault.Bad("import.mapping", bad)
}

func (m Mapping) of(index int, heading string) (Field, bool) {
	if f, ok := m["#"+strconv.Itoa(index+1)]; ok {
		return f, true
	}
	f, ok := m[strings.TrimSpace(heading)]
	return f, ok
}

// Column is a column of a table: what its heading says, what it was taken for, and what stands in it.
type Column struct {
	Index    int      `bson:"index" json:"index"` // from 0
	Heading  string   `bson:"heading" json:"heading"`
	Field    Field    `bson:"field" json:"field"`
	Guessed  bool     `bson:"guessed" json:"guessed"`                       // by its heading; false where the user named the field
	Proposed Field    `bson:"proposed,omitempty" json:"proposed,omitempty"` // by its cells, where no heading tells; the user has yet to agree
	Samples  []string `bson:"samples" json:"samples"`                       // the first cells that are not empty
}

func letter(i int) string { return string(rune('A' + i)) }

// guess gives the field that a heading names, or FieldIgnore. Aliases as real files write them
// (domain notes, section 5).
func guess(heading string) Field {
	h := headingKey(heading)
	switch h {
	case "题号", "序号", "no", "no.", "number", "num", "#", "行号":
		return FieldNumber
	case "编号", "id", "题目id", "试题id", "试题编号", "题目编号", "externalid", "code":
		return FieldID
	case "题型", "类型", "试题类型", "题目类型", "题类", "类别", "kind", "type", "questiontype", "qtype":
		return FieldKind
	case "题干", "题目", "问题", "试题", "试题内容", "题目内容", "题干内容", "试题题干", "试题正文", "题目描述", "内容", "标题", "stem", "question", "questiontext", "title", "text", "content", "q":
		return FieldStem
	case "选项", "备选项", "备选答案", "候选项", "选项内容", "全部选项", "选择项", "options", "choices":
		return FieldOptions
	case "题干与选项", "题干|选项", "题干选项", "stemoptions", "stem|options":
		return FieldStemOptions
	case "答案", "正确答案", "标准答案", "参考答案", "试题答案", "正确选项", "答题答案", "关键字", "answer", "answers", "correct", "correctanswer", "key", "rightanswer":
		return FieldAnswer
	case "解析", "答案解析", "试题解析", "题目解析", "详解", "说明", "解释", "答案说明", "explanation", "analysis", "explain", "rationale":
		return FieldExplanation
	case "来源", "出处", "依据", "题目来源", "出题依据", "命题依据", "source", "reference":
		return FieldSource
	case "难度", "难易度", "难易程度", "难度等级", "难度系数", "难度值", "试题难度", "difficulty", "level":
		return FieldDifficulty
	case "章节", "知识点", "分类", "所属分类", "题目分类", "试题分类", "目录", "所属章节", "题库", "科目", "专题", "category", "chapter", "topic", "subject":
		return FieldCategory
	case "标签", "关键词", "tags", "tag", "labels", "keywords":
		return FieldTags
	case "分值", "分数", "题目分值", "每题分值", "得分", "points", "score", "mark", "marks":
		return FieldPoints
	case "有效期至", "有效期", "失效日期", "到期日期", "validuntil", "expires":
		return FieldValidUntil
	case "依据法规", "依据文件", "所依据法规", "basis":
		return FieldBasis
	case "反馈", "总体反馈", "feedback", "generalfeedback":
		return FieldFeedback
	case "选项反馈", "optionfeedback":
		return FieldOptionNotes
	case "作答设置", "评分设置", "settings":
		return FieldSettings
	case "材料", "材料内容", "所属材料", "阅读材料", "共用题干", "材料题干", "material", "passage":
		return FieldMaterial
	case "完整数据":
		return FieldWhole
	}
	if i := optionHeading(h); i >= 0 {
		return optionField(i)
	}
	return FieldIgnore
}

const maxHeading = 1000 // bytes

// headingKey drops what headings are decorated with: width, case, spaces, "(必填)", "*", ":".
// A text that is no heading by its length has none.
func headingKey(s string) string {
	if len(s) > maxHeading {
		return ""
	}
	s = strings.ToLower(norm.NFKC.String(s))
	if i := strings.IndexAny(s, "(【"); i > 0 {
		s = s[:i]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("*:_-﹡※", r) {
			return -1
		}
		return r
	}, s)
}

// optionHeading gives the option that a heading names: "选项A", "A选项", "A", "选项1", "选项一", "optA",
// "options[0]"; or -1.
func optionHeading(h string) int {
	zero := false
	for _, prefix := range []string{"options[", "options.", "choices[", "choices."} {
		if rest, ok := strings.CutPrefix(h, prefix); ok {
			h, zero = strings.TrimSuffix(rest, "]"), true
			break
		}
	}
	bare := true
	if !zero {
		for _, mark := range []string{"备选答案", "备选项", "选择项", "候选项", "选项", "答案选项", "option", "choice", "opt", "答案"} {
			if rest, ok := strings.CutPrefix(h, mark); ok {
				h, bare = rest, false
				break
			}
			if rest, ok := strings.CutSuffix(h, mark); ok {
				h, bare = rest, false
				break
			}
		}
	}
	h = strings.Trim(h, ".、．项")
	if len(h) == 1 && h[0] >= 'a' && int(h[0]-'a') < question.MaxOptions {
		return int(h[0] - 'a')
	}
	if zero {
		if n, err := strconv.Atoi(h); err == nil && n >= 0 && n < question.MaxOptions {
			return n
		}
		return -1
	}
	if bare {
		return -1 // a heading "1" is no option
	}
	n, err := strconv.Atoi(h)
	if err != nil {
		n = strings.Index("一二三四五六七八九", h)/len("一") + 1
		if h == "" || !strings.Contains("一二三四五六七八九", h) {
			return -1
		}
	}
	if n < 1 || n > question.MaxOptions {
		return -1
	}
	return n - 1
}
