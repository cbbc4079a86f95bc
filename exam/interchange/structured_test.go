package interchange

import (
	"fmt"
	"testing"

	"qiming/exam/question"
)

func TestTablesOfNumbersPairsAndSequences(t *testing.T) {
	for _, tt := range []struct{ kind, a, b, c, answer, want string }{
		{"计算题", "", "", "", "3.14", "[{3.14 3.14 1 }]"},
		{"数值题", "", "", "", "3.1～3.3；2.9至3.5（50%）", "[{3.1 3.3 1 } {2.9 3.5 0.5 }]"},
		{"计算题", "", "", "", "0.3±0.1", "[{0.2 0.4 1 }]"},
		{"计算题", "", "", "", "-5..-3", "[{-5 -3 1 }]"},
		{"计算题", "", "", "", "5~3", "field.invalid"},
		{"计算题", "", "", "", "约三", "answer.number"},
		{"计算题", "", "", "", "", "answer.missing"},
		{"连线题", "", "", "", "一大→上海；古田会议->福建\n遵义会议=贵州；→河北", "一大|上海 古田会议|福建 遵义会议|贵州 |河北 "},
		{"匹配题", "", "", "", "一大；二大", "answer.pair"},
		{"连线题", "", "", "", "一大→上海", "field.invalid"},
		{"排序题", "甲", "乙", "丙", "CAB", "丙 甲 乙 "},
		{"排序题", "甲", "乙", "丙", "c、a、b", "丙 甲 乙 "},
		{"排序题", "甲", "乙", "丙", "", "甲 乙 丙 "},
		{"排序题", "甲", "乙", "丙", "CA", "answer.sequence"},
		{"排序题", "甲", "乙", "丙", "CAA", "answer.sequence"},
		{"排序题", "甲", "乙", "丙", "CABD", "answer.beyond"},
		{"排序题", "甲", "乙", "丙", "先甲", "answer.sequence"},
		{"排序题", "甲", "", "", "A", "options.few"},
		{"单选题", "", "", "", "A", "options.few"}, // not a wrong answer
	} {
		t.Run(tt.kind+" "+tt.answer, func(t *testing.T) {
			quote := func(s string) string { return `"` + s + `"` }
			text := "题型,题干,选项A,选项B,选项C,答案\n" + tt.kind + ",题干如下," + tt.a + "," + tt.b + "," + tt.c + "," + quote(tt.answer) + "\n"
			p := Read(Source{Name: "a.csv", Data: []byte(text)})
			if len(p.Records) != 1 {
				t.Fatalf("%+v", p)
			}
			r := p.Records[0]
			c, got := r.Item.Content, ""
			for _, problem := range r.Problems {
				if problem.Severity == Error {
					got = problem.Code
					break
				}
			}
			switch {
			case got != "":
			case c.Kind == question.Numerical:
				got = fmt.Sprint(c.Ranges)
			case c.Kind == question.Matching:
				for _, pair := range c.Pairs {
					got += pair.Left + "|" + pair.Right + " "
				}
			default:
				for _, o := range c.Options {
					got += o.Text + " "
				}
			}
			if got != tt.want {
				t.Errorf("%q, want %q (%+v)", got, tt.want, r.Problems)
			}
		})
	}
}
