package interchange

import (
	"bytes"
	"strings"
	"testing"

	"qiming/exam/question"
)

func choice(stem string, right int, options ...string) question.Content {
	c := question.Content{Kind: question.Single, Stem: stem}
	for i, o := range options {
		c.Options = append(c.Options, question.Option{Text: o, Right: i == right})
	}
	question.Prepare(&c)
	return c
}

// Aiken as Moodle's documentation writes it.
func TestAikenExport(t *testing.T) {
	for name, c := range map[string]struct {
		item Item
		want string
		note string // code, and what it names
	}{
		"a choice":            {Item{Content: choice("党的根本宗旨是（ ）。", 1, "实现共产主义", "全心全意为人民服务")}, "党的根本宗旨是（ ）。\nA. 实现共产主义\nB. 全心全意为人民服务\nANSWER: B\n\n", ""},
		"lines become spaces": {Item{Content: choice("第一行\n第二行", 0, "甲\n乙", "丙")}, "第一行 第二行\nA. 甲 乙\nB. 丙\nANSWER: A\n\n", "export.lost 换行"},
		"a judgement":         {Item{Content: question.Content{Kind: question.TrueFalse, Stem: "预备期为一年。", Truth: false}}, "预备期为一年。\nA. 正确\nB. 错误\nANSWER: B\n\n", "export.lost 判断题型（写成单选题）"},
		"what stands beside": {Item{Category: []string{"党史"}, Tags: []string{"一大"}, Points: 2, Content: func() question.Content {
			c := choice("题", 0, "甲", "乙")
			c.Explanation, c.Difficulty = "解", 3
			return c
		}()}, "题\nA. 甲\nB. 乙\nANSWER: A\n\n", "export.lost 分类、标签、分值、难度、解析"},
		"several right":         {Item{Content: question.Content{Kind: question.Multiple, Stem: "多选", Options: []question.Option{{Text: "甲", Right: true}, {Text: "乙", Right: true}}}}, "", "export.left 多选题"},
		"a short answer":        {Item{Content: question.Content{Kind: question.Short, Stem: "简述", Model: "略"}}, "", "export.left 简答题"},
		"a stem like an option": {Item{Content: choice("A. 是哪一个选项？", 0, "甲", "乙")}, "", "export.left 单选题"},
		"a stem like an answer": {Item{Content: choice("答案：A", 0, "甲", "乙")}, "", "export.left 单选题"},
	} {
		var b bytes.Buffer
		lost, err := Write(&b, Aiken, []Item{c.item}, nil)
		note := ""
		for _, p := range lost {
			note += p.Code + " " + p.Params["what"].(string)
		}
		if err != nil || b.String() != c.want || note != c.note {
			t.Errorf("%s: %v %q %q", name, err, b.String(), note)
		}
	}
}

// Every real choice comes back with its options and its key; what is left out is named, once each.
func TestRealQuestionsThroughAiken(t *testing.T) {
	for _, name := range realNames {
		items := realItems(t, name)
		var b bytes.Buffer
		notes, err := Write(&b, Aiken, items, nil)
		if err != nil {
			t.Fatal(err)
		}
		left := codes(notes)["export.left"]
		back := Read(Source{Name: "bank.txt", Data: b.Bytes()})
		if back.Format != Aiken || len(back.Records)+left != len(items) || len(back.Records) < 400 {
			t.Fatalf("%s: %s, %d of %d came back, %d left out", name, back.Format, len(back.Records), len(items), left)
		}
		was := map[string]int{}
		for _, item := range items {
			if options, right := aikenOptions(item.Content); right >= 0 {
				was[oneLine(item.Content.Stem)+"\x00"+strings.Join(options, "\x00")] = right
			}
		}
		for _, r := range back.Records {
			options, right := aikenOptions(r.Item.Content)
			if want, ok := was[oneLine(r.Item.Content.Stem)+"\x00"+strings.Join(options, "\x00")]; !ok || r.Refused() || right != want {
				t.Errorf("%s: %+v", name, r)
			}
		}
	}
}
