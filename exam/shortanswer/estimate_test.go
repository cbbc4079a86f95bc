package shortanswer

import (
	"math"
	"strings"
	"testing"

	"qiming/search"
)

func mark(x float64) *float64 { return &x }

var item = Item{Question: "什么是民主集中制？", Points: []search.Point{
	{Phrases: []string{"民主基础上的集中"}, Weight: 0.5},
	{Phrases: []string{"集中指导下的民主"}, Weight: 0.3},
	{Phrases: []string{"党的根本组织原则"}, Weight: 0.2},
}}

// estimate marks one question by itself.
func estimate(item Item, answers []Answer) []Estimate {
	r := Read(item, answers)
	return r.Estimates([]*Lesson{r.Lesson()})
}

func TestMarksByTheKeyFollowItsWeights(t *testing.T) {
	for text, want := range map[string]float64{
		"民主基础上的集中和集中指导下的民主相结合，是党的根本组织原则": 1,
		"党的根本组织原则": 0.2, "": 0, "不知道": 0,
	} {
		got := estimate(item, []Answer{{Text: text}})[0]
		if math.Abs(got.Fraction-want) > 1e-9 {
			t.Errorf("%q gets %v, want %v", text, got.Fraction, want)
		}
		if len(got.Points) != 3 {
			t.Errorf("%q: %d points", text, len(got.Points))
		}
	}
}

// Without a key nothing is known of an answer, but that one without content earns nothing.
func TestAnAnswerWithoutContent(t *testing.T) {
	got := estimate(Item{Question: "谈谈体会"}, []Answer{{Text: "……"}, {Text: "很有体会"}})
	if got[0].Fraction != 0 || got[1].Fraction == 0 {
		t.Errorf("%+v", got)
	}
}

func TestADenialLowersConfidence(t *testing.T) {
	got := estimate(item, []Answer{{Text: "是党的根本组织原则"}, {Text: "不是党的根本组织原则"}})
	if !got[1].Points[2].Negated || !(got[1].Confidence < got[0].Confidence) {
		t.Errorf("%+v", got)
	}
}

func TestTheSameFormGetsTheSameMark(t *testing.T) {
	got := estimate(item, []Answer{
		{Text: "少数服从多数", Mark: mark(0.7)},
		{Text: "少數服從多數。"}, {Text: "  少数服从多数  "}, {Text: "多数服从少数"}, {Text: "不知道"},
	})
	for _, i := range []int{1, 2} {
		if got[i].Fraction != 0.7 || got[i].Like != 1 || got[i].Confidence < 0.7 {
			t.Errorf("answer %d: %+v", i, got[i])
		}
	}
	if got[3].Like != 0 || got[3].Confidence >= got[1].Confidence {
		t.Errorf("another order of words is taken for the same: %+v", got[3])
	}
}

func TestNearFormsRaiseConfidence(t *testing.T) {
	near := "少数要服从多数，下级要服从上级"
	alone := estimate(item, []Answer{{Text: near}})[0]
	answers := []Answer{{Text: near}}
	for range 6 {
		answers = append(answers, Answer{Text: "少数服从多数，下级服从上级", Mark: mark(0.6)})
	}
	taught := estimate(item, answers)[0]
	if taught.Confidence <= alone.Confidence || math.Abs(taught.Fraction-0.6) >= math.Abs(alone.Fraction-0.6) {
		t.Errorf("alone %+v, with six marks of near answers %+v", alone, taught)
	}
}

// The order of the answers changes nothing, and all figures stay within 0..1.
func TestTheOrderOfAnswersTellsNothing(t *testing.T) {
	answers := []Answer{{Text: "民主"}, {Text: "集中", Mark: mark(0.2)}, {Text: "民主集中", Mark: mark(0.4)}, {Text: "组织原则", Mark: mark(0.9)}, {Text: ""}}
	forward := estimate(item, answers)
	back := make([]Answer, len(answers))
	for i, a := range answers {
		back[len(answers)-1-i] = a
	}
	for i, e := range estimate(item, back) {
		f := forward[len(answers)-1-i]
		if math.Abs(e.Fraction-f.Fraction) > 1e-9 || math.Abs(e.Confidence-f.Confidence) > 1e-9 {
			t.Errorf("%d: %+v and %+v", i, e, f)
		}
		if !(e.Fraction >= 0 && e.Fraction <= 1 && e.Confidence >= 0 && e.Confidence <= 1) {
			t.Errorf("%+v", e)
		}
	}
}

func TestEvaluate(t *testing.T) {
	set := `{"qid":"1","question":"货架可分为哪几类？","model":"传统式货架、新型货架","answer":"传统式货架、新型货架","score":1,"max":1}
{"qid":"1","question":"货架可分为哪几类？","model":"传统式货架、新型货架","answer":"传统式货架","score":0.5,"max":1}
{"qid":"1","question":"货架可分为哪几类？","model":"传统式货架、新型货架","answer":"中式货架","score":0,"max":1}

{"qid":"2","question":"党的纪律有哪些？","model":"政治纪律、组织纪律","answer":"政治纪律、组织纪律","score":2,"max":2}
{"qid":"2","question":"党的纪律有哪些？","model":"政治纪律、组织纪律","answer":"不清楚","score":0,"max":2}`
	records, err := ReadRecords(strings.NewReader(set))
	if err != nil {
		t.Fatal(err)
	}
	all := Evaluate(records, 0, DefaultThreshold)
	if all.Answers != 5 || all.Pearson == nil || *all.Pearson < 0.9 || *all.RMSE > 0.35 || all.AutoShare <= 0 {
		t.Errorf("%+v", all)
	}
	if part := Evaluate(records, 0.34, DefaultThreshold); part.Answers != 4 { // one of three, none of two
		t.Errorf("%d answers are scored", part.Answers)
	}
}

// A question in an exam of a thousand members, a fifth of whom are marked.
func BenchmarkEstimates(b *testing.B) {
	words := []string{"民主", "集中", "基础", "指导", "相结合", "根本组织原则", "领导制度", "少数服从多数", "个人服从组织", "下级服从上级"}
	answers := make([]Answer, 1000)
	for i := range answers {
		for k := range 5 {
			answers[i].Text += words[(i*7+k*(i%9+1))%len(words)] + "，"
		}
		if i%5 == 0 {
			answers[i].Mark = mark(float64(i%11) / 10)
		}
	}
	for b.Loop() {
		estimate(item, answers)
	}
}
