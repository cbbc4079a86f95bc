package interchange

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"qiming/exam/question"
)

func readCSV(t *testing.T, rows ...string) Parsed {
	t.Helper()
	return Read(Source{Name: "a.csv", Data: []byte(strings.Join(rows, "\n") + "\n")})
}

func codesOf(r Record) (out []string) {
	for _, p := range r.Problems {
		out = append(out, p.Code)
	}
	return out
}

// Rows that follow each other with one text in 材料 are one question.
func TestMaterialsInTables(t *testing.T) {
	p := readCSV(t, "题型,材料,题干,选项A,选项B,答案,分值,分类",
		"材料题,某支部有党员20人,能开会吗,能,不能,A,2,党务",
		"判断题,同上,须过半数,,,对,2,",
		"简答题,某支部有党员20人,谈谈体会,,,略,4,",
		"单选题,,另一题,甲,乙,B,1,",
		",材料二,____年,,,1921,,",
		",材料三,对吗,,,错,,")
	if len(p.Records) != 4 {
		t.Fatalf("%d records: %+v", len(p.Records), p)
	}
	for _, r := range p.Records {
		if r.Refused() {
			t.Errorf("%v", r.Problems)
		}
	}
	first := p.Records[0].Item
	if c := first.Content; c.Kind != question.Material || c.Stem != "某支部有党员20人" || len(c.Subs) != 3 || first.Points != 8 || first.Row != 2 ||
		c.Subs[0].Content.Kind != question.Single || c.Subs[1].Content.Kind != question.TrueFalse || c.Subs[2].Content.Kind != question.Short ||
		c.Subs[2].Weight != 4 || !slices.Equal(first.Category, []string{"党务"}) {
		t.Errorf("%+v", first)
	}
	if p.Records[1].Item.Content.Kind != question.Single || p.Records[2].Item.Content.Subs[0].Content.Kind != question.Blanks || p.Records[3].Item.Content.Stem != "材料三" {
		t.Errorf("%+v", p.Records[1:])
	}
	bad := readCSV(t, "题型,材料,题干,选项A,选项B,答案", "材料题,,没有材料列的材料题,,,", "单选题,材料,能开会吗,能,不能,A", "单选题,同上,小题二,能,不能,D")
	if len(bad.Records) != 2 || !slices.Contains(codesOf(bad.Records[0]), "material.rows") || !slices.Contains(codesOf(bad.Records[1]), "answer.beyond") || bad.Records[1].Problems[0].Row != 4 {
		t.Errorf("%+v", bad.Records)
	}
}

func TestClozeAndWeightsInTables(t *testing.T) {
	p := readCSV(t, "题型,题干,选项A,选项B,选项C,答案,作答设置",
		`完形填空,党的（ ）大共（ ）人通过（ ）,,,,"[十九|*二十]；#2296；报告/工作报告",`,
		`完形填空,一个（ ）两个（ ）,,,,"甲",`,
		`多选题,权重,甲,乙,丙,AC,A权重50%；B权重-50%；C权重50%`,
		`多选题,权重不对,甲,乙,丙,AC,A权重50%；C权重40%`,
		`论述题,谈谈,,,,略,评分观点=40%；评分实际=60%；附件2`)
	var got []string
	for _, r := range p.Records {
		c := r.Item.Content
		text := strings.Join(codesOf(r), " ")
		for _, sub := range c.Subs {
			text += " " + string(sub.Content.Kind)
		}
		for _, o := range c.Options {
			text += " " + number(o.Weight)
		}
		for _, criterion := range c.Rubric {
			text += " " + criterion.Name + number(criterion.Share)
		}
		got = append(got, text)
	}
	want := []string{" single numerical blanks", "blanks.count blanks", " 0.5 -0.5 0.5", "weights.sum 0.5 0 0.4", " 观点0.4 实际0.6"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if c := p.Records[0].Item.Content; question.Grade(c, question.RightAnswer(c)).Fraction != 1 || !c.Subs[0].Content.Options[1].Right {
		t.Errorf("%+v", c)
	}
}

// An exported row that was edited counts as it stands; the whole beside it is named and left.
func TestAnEditedRowWins(t *testing.T) {
	item := Item{Content: question.Content{Kind: question.Cloze, Stem: "党的____大", Subs: []question.Sub{{Content: question.Content{
		Kind: question.Single, Options: []question.Option{{Text: "十九", Feedback: "错"}, {Text: "二十", Right: true}}}}}}}
	question.Prepare(&item.Content)
	var out bytes.Buffer
	if _, err := Write(&out, CSV, []Item{item}, nil); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if !strings.Contains(text, "完整数据") {
		t.Fatalf("feedback within a gap needs the whole: %s", text)
	}
	back := Read(Source{Name: "a.csv", Data: []byte(text)}).Records[0]
	if back.Item.Content.Subs[0].Content.Options[0].Feedback != "错" || len(back.Problems) > 0 {
		t.Errorf("%+v", back)
	}
	edited := Read(Source{Name: "a.csv", Data: []byte(strings.Replace(text, "[十九|*二十]", "[*十九|二十]", 1))}).Records[0]
	if !edited.Item.Content.Subs[0].Content.Options[0].Right || !slices.Equal(codesOf(edited), []string{"whole.edited"}) || edited.Refused() {
		t.Errorf("%+v", edited)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Errorf("%v %q", err, rows)
	}
}

// The same with the comment of GIFT.
func TestAnEditedGIFTBlockWins(t *testing.T) {
	item := Item{Points: 2, Content: question.Content{Kind: question.TrueFalse, Stem: "预备期一年", Truth: true, Difficulty: 3}}
	text, _ := giftText(item)
	back := giftBlocks(text)[0].record()
	if back.Item.Points != 2 || back.Item.Content.Difficulty != 3 {
		t.Errorf("%+v", back)
	}
	edited := giftBlocks(strings.Replace(text, "{TRUE", "{FALSE", 1))[0].record()
	if edited.Item.Content.Truth || edited.Item.Points != 0 || edited.Item.Content.Stem != "预备期一年" {
		t.Errorf("%+v", edited)
	}
}

// Weights of GIFT as Moodle's documentation writes them.
func TestGIFTWeights(t *testing.T) {
	for _, c := range []struct {
		text    string
		kind    question.Kind
		partial question.PartialRule
		weights string
	}{
		{"q{=a ~b ~c}", question.Single, "", "0 0 0"},
		{"q{=a ~%50%b ~c}", question.Single, question.ByWeight, "1 0.5 0"},
		{"q{=a ~%-50%b ~c}", question.Single, question.ByWeight, "1 -0.5 0"},
		{"q{~%100%a ~%50%b ~c}", question.Single, question.ByWeight, "1 0.5 0"},
		{"q{=a ~%100%b ~c}", question.Single, question.ByWeight, "1 1 0"},
		{"q{~%50%a ~%50%b ~c}", question.Multiple, question.ShareOfKey, "0 0 0"},
		{"q{~%50%a ~%50%b ~%-100%c}", question.Multiple, question.ShareOfKey, "0 0 0"},
		{"q{~%50%a ~%50%b ~%-50%c}", question.Multiple, question.ByWeight, "0.5 0.5 -0.5"},
		{"q{~%70%a ~%30%b ~c}", question.Multiple, question.ByWeight, "0.7 0.3 0"},
		{"q{~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-100%d}", question.Multiple, question.ShareOfKey, "0 0 0 0"},
	} {
		r := Read(Source{Name: "a.gift", Data: []byte(c.text)}).Records[0]
		var weights []string
		for _, o := range r.Item.Content.Options {
			weights = append(weights, number(o.Weight))
		}
		if r.Refused() || r.Item.Content.Kind != c.kind || r.Item.Content.Partial != c.partial || strings.Join(weights, " ") != c.weights {
			t.Errorf("%s: %+v", c.text, r)
		}
	}
}
