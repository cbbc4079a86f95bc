package interchange

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"qiming/exam/question"
	"qiming/internal/spreadsheet"
)

// specimens are items that try every field and every character that a format treats specially.
func specimens() []Item {
	nasty := "甲~乙=丙#丁{戊}己:庚\\辛 // \\n ->"
	items := []Item{
		{Category: []string{"党史", "一/二", "a>b"}, Tags: []string{"示例", "a,b", "[x]"}, Points: 2.5, ExternalID: "Q-01 [a]\\",
			Content: question.Content{Kind: question.Single, Stem: nasty + "\n第二行\n\n第四行", KeepOrder: true, Difficulty: 4,
				Options:     []question.Option{{Text: "=1+1", Feedback: "对\n了：A"}, {Text: "'=2", Right: true, Feedback: nasty}, {Text: "-5"}, {Text: "@x"}},
				Explanation: "[html]<b>" + nasty, Source: "《党章》第一条", Feedback: "总反馈\n二"}},
		{Category: []string{"党史"}, Content: question.Content{Kind: question.Single, Stem: "血型是（ ）。",
			Options: []question.Option{{Text: "A"}, {Text: "B"}, {Text: "AB", Right: true}, {Text: "O"}}}},
		{Content: question.Content{Kind: question.Multiple, Stem: "[plain] // 多选", Partial: question.FixedShare, PartialShare: 0.3,
			Options: []question.Option{{Text: "甲", Right: true}, {Text: "乙", Right: true}, {Text: "丙"}, {Text: "丁", Right: true}, {Text: "戊"}}}},
		{Content: question.Content{Kind: question.Multiple, Stem: "按比例", Partial: question.ShareOfKey,
			Options: []question.Option{{Text: "甲", Right: true}, {Text: "乙", Right: true}, {Text: "丙", Right: true}, {Text: "[html]x"}}}},
		{Content: question.Content{Kind: question.Multiple, Stem: "全对得分", Partial: question.AllOrNothing,
			Options: []question.Option{{Text: "100%", Right: true}, {Text: "%50%乙"}, {Text: "丙", Right: true}}}},
		{Content: question.Content{Kind: question.Multiple, Stem: "只有一个正确", Partial: question.AllOrNothing,
			Options: []question.Option{{Text: "甲", Right: true}, {Text: "乙"}}}},
		{Content: question.Content{Kind: question.TrueFalse, Stem: "=1 预备期为一年。", Truth: true, Explanation: "见党章。"}},
		{Content: question.Content{Kind: question.TrueFalse, Stem: "-预备期为两年。", Source: "党章"}},
		{Content: question.Content{Kind: question.Blanks, Stem: "成立于____年，在____召开，速度单位____。", AnyOrder: true, MatchCase: true, Simplified: true,
			Blanks: []question.Blank{{Accept: []string{"1921", "一九二一"}, Weight: 2}, {Accept: []string{"上海；嘉兴", `\*星`}, Weight: 1}, {Accept: []string{"km/h", "a|b", `c\d`}, Weight: 1}}}},
		{Content: question.Content{Kind: question.Blanks, Stem: "圆周率约为____。", Blanks: []question.Blank{{Accept: []string{"3.14"}, Number: true, Tolerance: 0.005}}, Explanation: "四舍五入"}},
		{Content: question.Content{Kind: question.Blanks, Stem: "共____万亿元，占____。", Blanks: []question.Blank{
			{Accept: []string{"2.5", "二点五"}, Number: true, Tolerance: 0.5}, {Accept: []string{"百分之五十", "50%", "1,000"}, Number: true}}}},
		{Content: question.Content{Kind: question.Blanks, Stem: "____是首都", Blanks: []question.Blank{{Accept: []string{"北京", "Bei*"}}}}},
		{Content: question.Content{Kind: question.Blanks, Stem: "首都是 ____", Blanks: []question.Blank{{Accept: []string{"北京"}}}}},
		{Content: question.Content{Kind: question.Blanks, Stem: "多空____与____", Blanks: []question.Blank{{Accept: []string{"7"}, Number: true}, {Accept: []string{"=甲", "~乙"}}}}},
		{Content: question.Content{Kind: question.Single, Stem: "以上都对的固定", Options: []question.Option{{Text: "甲"}, {Text: "乙"}, {Text: "以上都对", Right: true, Pinned: true}}}},
		{Category: []string{"计算"}, Points: 3, Content: question.Content{Kind: question.Numerical, Stem: "全程多少？", UnitPenalty: 0.25, Explanation: "解",
			Ranges: []question.Range{{Min: 3.1, Max: 3.3}, {Min: -0.5, Max: 3.5, Weight: 0.5}, {Min: 1e-7, Max: 1e21, Weight: 0.125}}, Units: []question.Unit{{Name: "km", Factor: 1}, {Name: "m;=2", Factor: 0.001}}}},
		{Content: question.Content{Kind: question.Numerical, Stem: "恰好", Ranges: []question.Range{{Min: 1921, Max: 1921}}}},
		{Content: question.Content{Kind: question.Matching, Stem: "连线 -> 一", Partial: question.ShareOfKey, KeepOrder: true,
			Pairs: []question.Pair{{Left: "甲→=；" + nasty, Right: "1 -> 2"}, {Left: "乙\\", Right: "；2|—"}, {Right: "干扰=项"}}}},
		{Content: question.Content{Kind: question.Ordering, Stem: "先后", Partial: question.ShareOfKey, Source: "党史",
			Options: []question.Option{{Text: "=五四运动"}, {Text: "一大"}, {Text: nasty}}}},
		{Content: question.Content{Kind: question.Short, Stem: "什么是民主集中制？", Model: "民主基础上的集中\n和集中指导下的民主；相结合/统一。", Explanation: "第一行\n来源：这里不是来源\n第三行"}},
		{Content: question.Content{Kind: question.Short, Stem: "+没有参考答案"}},
		{Content: question.Content{Kind: question.Single, Stem: "单选按权重", Partial: question.ByWeight,
			Options: []question.Option{{Text: "甲", Weight: 1}, {Text: "乙", Weight: 0.5}, {Text: "丙", Weight: -0.25}, {Text: "丁", Weight: 1}}}},
		{Points: 4, Content: question.Content{Kind: question.Multiple, Stem: "多选按权重", Partial: question.ByWeight,
			Options: []question.Option{{Text: "甲", Weight: 0.5}, {Text: "乙", Weight: -0.5}, {Text: "丙", Weight: 0.5}, {Text: "丁"}}}},
		{Content: question.Content{Kind: question.Multiple, Stem: "三分之一", Partial: question.ByWeight,
			Options: []question.Option{{Text: "甲", Weight: 1.0 / 3}, {Text: "乙", Weight: 1.0 / 3}, {Text: "丙", Weight: 1.0 / 3, Feedback: "对"}, {Text: "丁", Weight: -0.1}}}},
		{Category: []string{"党史"}, Points: 3, Content: question.Content{Kind: question.Cloze, Stem: "党的____大，共____人，" + nasty + "____。", Explanation: "解\n析", Subs: []question.Sub{
			{Weight: 1, Content: question.Content{Kind: question.Single, Options: []question.Option{{Text: "*十九|[", Feedback: "错"}, {Text: "二十；]", Right: true}}}},
			{Weight: 2, Content: question.Content{Kind: question.Numerical, Ranges: []question.Range{{Min: 2296, Max: 2296}}, Units: []question.Unit{{Name: "人", Factor: 1}}}},
			{Weight: 3, Content: question.Content{Kind: question.Blanks, MatchCase: true, Blanks: []question.Blank{{Accept: []string{"#a/b；", "[c]"}}}}}}}},
		{Content: question.Content{Kind: question.Cloze, Stem: "简单的____与____与____", Subs: []question.Sub{
			{Content: question.Content{Kind: question.Single, Options: []question.Option{{Text: "甲", Right: true}, {Text: "乙"}}}},
			{Content: question.Content{Kind: question.Numerical, Ranges: []question.Range{{Min: 1, Max: 2}}}},
			{Content: question.Content{Kind: question.Blanks, Blanks: []question.Blank{{Accept: []string{"文字", "别名"}}}}}}}},
		{Category: []string{"党务"}, Content: question.Content{Kind: question.Essay, Stem: "论述" + nasty, Model: "一；二", Attachments: 3, Source: "党章",
			Rubric: []question.Criterion{{Name: "观点；=", Share: 0.35, Note: "切题\n即可"}, {Name: "实际", Share: 0.65, Levels: []question.Level{
				{Title: "充分；=", Share: 1, Note: "有做法\n有效果", Comment: nasty}, {Title: "一般", Share: 0.625}, {Title: "没有", Share: 0}}}}}},
		{Content: question.Content{Kind: question.Essay, Stem: "只有等级", Rubric: []question.Criterion{{Name: "观点", Share: 1, Levels: []question.Level{{Title: "好", Share: 1}, {Title: "差", Share: 0.5}}}}}},
		{Content: question.Content{Kind: question.Essay, Stem: "只有题目的论述"}},
		{Category: []string{"党务"}, Content: question.Content{Kind: question.Short, Stem: "得分点" + nasty, Model: "民主；集中", Synonyms: [][]string{{"中共", "中国共产党；="}},
			Points: []question.KeyPoint{{Text: "民主；=", Also: []string{"众议"}, Required: []string{"民"}, Forbidden: []string{"独断\""}, Share: 0.35}, {Text: "集中", Share: 0.65}}}},
		{Category: []string{"党务"}, Tags: []string{"材"}, Points: 10, ExternalID: "M1", Content: question.Content{Kind: question.Material, Stem: "材料一：" + nasty + "\n第二段", Explanation: "总解析", Difficulty: 2,
			Subs: []question.Sub{
				{Weight: 1, Content: question.Content{Kind: question.Single, Stem: "小题一", Options: []question.Option{{Text: "甲", Right: true}, {Text: "乙"}}, Explanation: "甲对"}},
				{Weight: 1.5, Content: question.Content{Kind: question.Cloze, Stem: "小题____二", Subs: []question.Sub{{Content: question.Content{Kind: question.Blanks, Blanks: []question.Blank{{Accept: []string{"x"}}}}}}}},
				{Weight: 2, Content: question.Content{Kind: question.Essay, Stem: "小题三"}}}}},
		{Content: question.Content{Kind: question.Material, Stem: "材料二", Subs: []question.Sub{
			{Content: question.Content{Kind: question.TrueFalse, Stem: "小题一", Truth: true}}, {Content: question.Content{Kind: question.Short, Stem: "小题二", Model: "略"}}}}},
		{Content: question.Content{Kind: question.Short, Stem: "$CATEGORY: 不是分类\n::也不是标题:: 来源：题干自己的", Source: "另有来源", Explanation: "解析"}},
	}
	for i := range items {
		question.Prepare(&items[i].Content)
		if p := question.Validate(items[i].Content); len(p) > 0 {
			panic(p)
		}
	}
	return items
}

// roundTrip exports, imports and exports again: the bytes are equal for JSON, the items for all.
func roundTrip(t *testing.T, f Format, items []Item) {
	t.Helper()
	var first bytes.Buffer
	if _, err := Write(&first, f, items, nil); err != nil {
		t.Fatal(err)
	}
	p := Read(Source{Name: "bank" + f.Extension(), Data: first.Bytes()})
	want := f
	if f == QTI22 || f == QTI30 {
		want = QTI
	}
	if p.Format != want {
		t.Fatalf("detected as %s: %v", p.Format, p.Problems)
	}
	back := make([]Item, len(p.Records))
	for i, r := range p.Records {
		if r.Refused() {
			t.Errorf("refused: %+v", r.Problems)
		}
		back[i] = r.Item
	}
	order := func(list []Item) []Item {
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b Item) int {
			return cmp.Or(strings.Compare(a.Content.Stem, b.Content.Stem), strings.Compare(optionsText(a), optionsText(b)))
		})
		return list
	}
	if d := gocmp.Diff(order(items), order(back), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Item{}, "Row", "Sheet")); d != "" {
		t.Errorf("%s changed the items (-out +back):\n%s", f, d)
	}
	var second bytes.Buffer
	if _, err := Write(&second, f, back, nil); err != nil {
		t.Fatal(err)
	}
	if f != XLSX && !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Errorf("%s: the second export differs from the first", f)
	}
}

func optionsText(i Item) string {
	var b strings.Builder
	for _, o := range i.Content.Options {
		b.WriteString(o.Text + "\x00")
	}
	return b.String()
}

// wholeFormats keep everything of every kind; Aiken is for other programs.
func wholeFormats() []Format {
	return slices.DeleteFunc(ExportFormats(), func(f Format) bool { return f == Aiken })
}

func TestRoundTrip(t *testing.T) {
	for _, f := range wholeFormats() {
		t.Run(string(f), func(t *testing.T) { roundTrip(t, f, specimens()) })
		for _, item := range specimens() {
			t.Run(string(f)+" "+shorten(item.Content.Stem), func(t *testing.T) { roundTrip(t, f, []Item{item}) })
		}
	}
}

// What a format cannot carry is named.
func TestExportNamesWhatIsLost(t *testing.T) {
	var b bytes.Buffer
	lost, err := Write(&b, GIFT, []Item{{Content: question.Content{Kind: question.Short, Stem: "简答", Model: "答案", Difficulty: 3}}}, nil)
	if err != nil || len(lost) != 1 || lost[0].Code != "export.own" || !strings.Contains(lost[0].Message, "难度、参考答案") {
		t.Errorf("%v %+v", err, lost)
	}
	if _, err := Write(&b, DOCX, nil, nil); err == nil {
		t.Error("a bank is exported as a Word paper")
	}
}

// No exported cell begins a formula.
func TestExportHasNoFormula(t *testing.T) {
	for _, s := range []string{"=1+1", "+1", "-1", "@x", "\t=1", "'=1", "＝1"} {
		if a := spreadsheet.Armour(s); !strings.HasPrefix(a, "'") || spreadsheet.Disarm(a) != s {
			t.Errorf("spreadsheet.Armour(%q) = %q, back %q", s, a, spreadsheet.Disarm(a))
		}
	}
	for _, s := range []string{"", "1", "'", "a=1", "''x", "'单引号'"} {
		if spreadsheet.Armour(s) != s || spreadsheet.Disarm(s) != s {
			t.Errorf("%q needs no armour", s)
		}
	}
}
