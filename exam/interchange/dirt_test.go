package interchange

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"qiming/exam/question"
)

func fixture(t *testing.T, name string) Parsed {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return Read(Source{Name: name, Data: data})
}

// lines gives each record in a line: row, outcome or codes, kind, stem, key.
func lines(p Parsed) []string {
	r, outcomes := account(p, book{}, question.MaxDepth)
	byRow := map[int][]string{}
	for _, list := range [][]Problem{r.Problems, r.Warnings} {
		for _, q := range list {
			byRow[q.Row] = append(byRow[q.Row], q.Code)
			for _, a := range q.Also {
				byRow[q.Row] = append(byRow[q.Row], a.Code)
			}
		}
	}
	var out []string
	for i, rec := range p.Records {
		c := rec.Item.Content
		line := fmt.Sprintf("%d %s", rec.Item.Row, outcomes[i])
		if codes := byRow[rec.Item.Row]; len(codes) > 0 {
			line += " (" + strings.Join(codes, " ") + ")"
		}
		if outcomes[i] == Fresh {
			line += fmt.Sprintf(" %s: %s = %s", c.Kind, strings.ReplaceAll(c.Stem, "\n", "⏎"), key(c))
		}
		out = append(out, line)
	}
	for _, q := range r.Problems {
		if q.Row == 0 {
			out = append(out, "file: "+q.Code)
		}
	}
	return out
}

func key(c question.Content) string {
	var parts []string
	for _, o := range c.Options {
		if o.Right || c.Kind == question.Ordering {
			parts = append(parts, o.Text)
		}
	}
	for _, p := range c.Pairs {
		parts = append(parts, p.Left+"→"+p.Right)
	}
	for _, b := range c.Blanks {
		s := strings.Join(b.Accept, "/")
		if b.Number {
			s += fmt.Sprintf("±%g", b.Tolerance)
		}
		parts = append(parts, s)
	}
	if c.Kind == question.TrueFalse {
		parts = append(parts, fmt.Sprint(c.Truth))
	}
	return strings.Join(append(parts, c.Model), ";")
}

func TestDirtyCSV(t *testing.T) {
	p := fixture(t, "dirty.csv")
	want := []string{
		"4 new single: 我们党的最高纲领是( )。 = 实现共产主义;",
		`5 new single: 题干里有"引号"和，逗号,的题 = 乙;`,
		"6 new multiple: 下列属于四项基本原则的有（ ） = 坚持社会主义道路;坚持人民民主专政;坚持党的领导;",
		"7 new multiple: 答案用空格 = 甲;丙;丁;",
		"8 new truefalse: 预备党员有表决权。 = false;",
		"9 new truefalse: 党员必须编入一个支部。 = true;",
		"10 new blanks: 党的一大于____年在____召开。 = 1921/一九二一;上海;",
		"11 problem (blanks.count)",
		"12 new short: 什么是“三会一课”？ = 支部党员大会等",
		"13 problem (answer.missing)",
		"14 problem (answer.beyond)",
		"15 problem (answer.many)",
		"16 new ordering: 排一排 = 甲;乙;",
		"17 problem (options.same)",
		"18 duplicate",
		"19 problem (duplicate.conflict)",
		"20 problem (stem.missing)",
		"21 problem (quote.open)",
		"22 new (difficulty.unknown) essay: 谈谈体会 = 略",
		"23 problem (answer.judgement)",
	}
	if d := cmp.Diff(want, lines(p)); d != "" {
		t.Error(d)
	}
	var levels []int
	for _, r := range p.Records[:7] {
		levels = append(levels, r.Item.Content.Difficulty)
	}
	if d := cmp.Diff([]int{2, 3, 4, 3, 0, 1, 2}, levels); d != "" {
		t.Error(d)
	}
	if p.Records[0].Item.Content.Explanation != "见党章总纲。" {
		t.Errorf("%+v", p.Records[0].Item)
	}
}

func TestDirtyGIFT(t *testing.T) {
	p := fixture(t, "dirty.gift")
	want := []string{
		"5 new (gift.feedback gift.partial) blanks: 中国共产党第一次全国代表大会在____召开。 = 上海/上海市;",
		"7 new single: 党的根本宗旨是“？”⏎请选择 = 全心全意为人民服务;",
		"16 new multiple: 多选 = 甲;乙;",
		"18 new multiple: 不等权重 = 甲;乙;",
		"20 new (gift.several_right) multiple: 两个等号 = 甲;乙;",
		"22 new (gift.feedback) truefalse: 判断：预备期为一年。 = true;",
		"24 new truefalse: 假的 = false;",
		"26 new (gift.feedback) blanks: 圆周率 ____ = 3.14±0.005;",
		"28 new blanks: 区间 ____ = 3±2;",
		"30 new (gift.partial) blanks: 几个数 ____ = 3/4±0;",
		"32 problem (gift.tolerances)",
		"34 problem (blanks.number)",
		"36 new matching: 匹配 = 甲→1;乙→2;",
		"38 new essay: 论述 = ",
		"40 problem (gift.no_answer)",
		"42 problem (gift.unclosed)",
		"44 new single: 后面的好题 = 甲;",
		"46 new blanks: 成立于____年，在____召开。 = 1921;上海;",
		"48 problem (answer.missing)",
		"50 new blanks: 转义 {} ~ = # ____ = {甲};",
		"52 new truefalse: 汉字判断 = false;",
		"54 problem (gift.mark)",
	}
	if d := cmp.Diff(want, lines(p)); d != "" {
		t.Error(d)
	}
	first, second := p.Records[0].Item, p.Records[1].Item
	if d := cmp.Diff([]string{"党史", "一大/二大"}, first.Category); d != "" || first.ExternalID != "Q1" || len(first.Tags) != 2 {
		t.Errorf("%s %+v", d, first)
	}
	if second.ExternalID != "单选 [带:冒号]" || second.Content.Explanation != "总纲里写着\n第二行" || second.Content.Options[1].Text != "改革=开放" || second.Content.Options[1].Feedback != "不对" {
		t.Errorf("%+v", second)
	}
	if p.Records[2].Item.Content.Partial != question.ShareOfKey {
		t.Error("equal weights are a share each")
	}
}

func TestDirtyAiken(t *testing.T) {
	p := fixture(t, "dirty.aiken")
	if p.Format != Aiken {
		t.Fatalf("detected as %s", p.Format)
	}
	want := []string{
		"1 new single: 党的根本宗旨是什么？ = 全心全意为人民服务;",
		"6 new single: 题干有⏎两行 = 乙;",
		"13 problem (aiken.option_first)",
		"17 problem (aiken.no_answer)",
		"21 problem (aiken.order)",
		"26 problem (answer.beyond)",
		"31 problem (aiken.stray)",
		"33 new multiple: 多个字母 = 甲;丙;",
		"39 problem (aiken.no_answer)",
	}
	if d := cmp.Diff(want, lines(p)); d != "" {
		t.Error(d)
	}
	if p.Records[1].Item.Content.Explanation != "因为乙" {
		t.Errorf("%+v", p.Records[1].Item)
	}
}

func TestDirtyPairs(t *testing.T) {
	p := fixture(t, "dirty_pairs.json")
	want := []string{
		"1 new single: 党的生日是____。 = 七月一日;",
		"2 new truefalse: 这种说法____。 = false;",
		"3 new single: 选择正确的词形____。 = 枯燥;",
		"4 new (duplicate.stem) single: 选择正确的词形____。 = 部署;",
		"5 duplicate",
		"6 problem (duplicate.variant)",
		"7 problem (duplicate.conflict)",
		"8 problem (text.cut answer.unknown)",
		"9 new single: 浓度是____%。 = 3%;",
		"10 problem (answer.missing)",
		"11 problem (options.few)",
		"12 problem (answer.unknown)",
	}
	if d := cmp.Diff(want, lines(p)); d != "" {
		t.Error(d)
	}
	if s := p.Records[0].Item.Content.Source; s != "《党史》（第一版）" {
		t.Errorf("source %q", s)
	}
}

// A workbook as people make it: a title over the heading, merged cells, a sheet a kind, notes.
func TestDirtyWorkbook(t *testing.T) {
	f := excelize.NewFile()
	put := func(sheet string, from string, rows ...[]any) {
		t.Helper()
		if i, _ := f.GetSheetIndex(sheet); i < 0 {
			if _, err := f.NewSheet(sheet); err != nil {
				t.Fatal(err)
			}
		}
		col, row, err := excelize.CellNameToCoordinates(from)
		if err != nil {
			t.Fatal(err)
		}
		for i, cells := range rows {
			axis, _ := excelize.CoordinatesToCellName(col, row+i)
			if err := f.SetSheetRow(sheet, axis, &cells); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.SetSheetName("Sheet1", "单选题"); err != nil {
		t.Fatal(err)
	}
	put("单选题", "A1", []any{"支部题库"}, []any{"知识点", "题目", "选项一", "选项二", "选项三", "答案", "分值"},
		[]any{"党章", "题一", "甲", "乙", "丙", "A", 2}, []any{nil, "题二", "甲", "乙", "丙", "乙", "2分"}, nil, []any{"党史", "题三", 1, 2, 3, 3, "x"})
	for _, r := range [][2]string{{"A1", "G1"}, {"A3", "A4"}} {
		if err := f.MergeCell("单选题", r[0], r[1]); err != nil {
			t.Fatal(err)
		}
	}
	put("判断题", "B2", []any{"题干", "正确答案"}, []any{"党员有选举权。", true}, []any{"党员可以不交党费。", "F"})
	put("多行", "A1", []any{"题型", "题干", "选项", "答案"},
		[]any{"多选", "选项分行写", "A.甲", "AB"}, []any{nil, nil, "B.乙", nil}, []any{nil, nil, "C.丙", nil}, []any{"单选", "写在一格里", "A、甲  B、乙  C、丙", "C"})
	for _, r := range [][2]string{{"A2", "A4"}, {"B2", "B4"}, {"D2", "D4"}} {
		if err := f.MergeCell("多行", r[0], r[1]); err != nil {
			t.Fatal(err)
		}
	}
	put("填写说明", "A1", []any{"请先阅读说明"}, []any{"一行一题"})
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	p := Read(Source{Name: "题库.xlsx", Data: b.Bytes()})
	want := []string{
		"3 new single: 题一 = 甲;",
		"4 new single: 题二 = 乙;",
		"6 new (points.unknown) single: 题三 = 3;",
		"3 new truefalse: 党员有选举权。 = true;",
		"4 new truefalse: 党员可以不交党费。 = false;",
		"2 new multiple: 选项分行写 = 甲;乙;",
		"5 new single: 写在一格里 = 丙;",
	}
	if d := cmp.Diff(want, lines(p)); d != "" {
		t.Error(d)
	}
	if a, b := p.Records[0].Item, p.Records[1].Item; a.Points != 2 || b.Points != 2 || len(b.Category) != 1 || b.Category[0] != "党章" || a.Sheet != "单选题" {
		t.Errorf("%+v\n%+v", a, b)
	}
	if codes(p.Problems)["sheet.skipped"] != 1 || !strings.Contains(p.Problems[0].Message, "填写说明") {
		t.Errorf("the notes are not named: %+v", p.Problems)
	}
}

// Each way to write one table is the same table.
func TestTablesAlike(t *testing.T) {
	plain := "题干,A,B,C,答案\n甲乙丙,一,二,三,AC\n\"有,逗号\n和换行\",一,二,三,B\n"
	want := lines(Read(Source{Name: "a.csv", Data: []byte(plain)}))
	if len(want) != 2 || !strings.Contains(want[0], "multiple") || !strings.Contains(want[1], "有,逗号⏎和换行") {
		t.Fatal(want)
	}
	gb := encode(t, plain)
	tests := map[string]string{
		"byte order mark": "\ufeff" + plain,
		"CRLF":            strings.ReplaceAll(plain, "\n", "\r\n"),
		"semicolons":      "题干;A;B;C;答案\n甲乙丙;一;二;三;A、C\n\"有,逗号\n和换行\";一;二;三;B\n",
		"tabs":            "题干\tA\tB\tC\t答案\n甲乙丙\t一\t二\t三\tA C\n\"有,逗号\n和换行\"\t一\t二\t三\tB\n",
		"GB18030":         gb,
		"UTF-16":          utf16(plain),
		"JSON objects":    `[{"题干":"甲乙丙","A":"一","B":"二","C":"三","答案":"AC"},{},{"题干":"有,逗号\n和换行","A":"一","B":"二","C":"三","答案":"b"}]`,
		"JSON lists":      `{"data":[{"question":"甲乙丙","options":["一","二","三"],"answer":["A","C"]},{"question":"x","options":{}},{"question":"有,逗号\n和换行","options":{"A":"一","B":"二","C":"三"},"answer":"B"}]}`,
	}
	strip := func(list []string) []string {
		var out []string
		for _, l := range list {
			if _, rest, ok := strings.Cut(l, " "); ok && strings.HasPrefix(rest, "new") {
				out = append(out, rest)
			}
		}
		return out
	}
	for name, data := range tests {
		if d := cmp.Diff(strip(want), strip(lines(Read(Source{Name: "a", Data: []byte(data)})))); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
