package shortanswer

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"qiming/search"
)

// manyAnswers are n answers of few words, the first marked of them marked by a rule of their own.
func manyAnswers(n, marked int, rule func(i int) float64) []Answer {
	words := []string{"民主", "集中", "基础", "指导", "相结合", "根本组织原则", "领导制度", "少数服从多数", "个人服从组织", "下级服从上级"}
	answers := make([]Answer, n)
	for i := range answers {
		for k := range 4 {
			answers[i].Text += words[(i*7+k*(i%9+1)+i/10)%len(words)] + "，"
		}
		if i < marked {
			answers[i].Mark = mark(rule(i))
		}
	}
	return answers
}

// same says whether two estimates agree but for rounding.
func same(a, b Estimate) bool {
	return math.Abs(a.Fraction-b.Fraction) < 1e-9 && math.Abs(a.Confidence-b.Confidence) < 1e-9 && a.Like == b.Like && a.Marked == b.Marked
}

func TestTheOrderOfManyMarksTellsNothing(t *testing.T) {
	answers := manyAnswers(maxTaught+60, maxTaught+30, func(i int) float64 { return float64(i*i%11) / 10 })
	few := Read(item, manyAnswers(30, 20, func(i int) float64 { return float64(i%3) / 2 })).Lesson()
	read := Read(item, answers)
	forward := read.Estimates([]*Lesson{read.Lesson(), few})
	slices.Reverse(answers)
	read = Read(item, answers)
	back := read.Estimates([]*Lesson{nil, few, read.Lesson()})
	slices.Reverse(back)
	for i := range back {
		if !same(forward[i], back[i]) {
			t.Fatalf("answer %d: %+v and %+v", i, forward[i], back[i])
		}
	}
}

// A question whose answers nobody has marked yet is marked as strictly as the others of the quiz, and as surely as marks
// followed the key there.
func TestMarksTeachAboutOtherQuestions(t *testing.T) {
	model := Item{Question: "货架可分为哪几类？", Model: "传统式货架、新型货架、重型货架、轻型货架"}
	answers := []Answer{{Text: "传统式货架"}, {Text: "新型货架、重型货架"}, {Text: "传统式货架、新型货架、重型货架"}, {Text: "货架有传统式的"}}
	untaught := Read(model, answers)
	alone := untaught.Estimates(nil)
	other := func(off float64) *Lesson {
		of := Item{Question: "党的纪律有哪些？", Model: "政治纪律、组织纪律、廉洁纪律、群众纪律"}
		var list []Answer
		for i := range 24 {
			var said []string
			for k, word := range []string{"政治纪律", "组织纪律", "廉洁纪律", "群众纪律", "工作纪律"} {
				if (i+1)>>k&1 == 1 {
					said = append(said, word)
				}
			}
			list = append(list, Answer{Text: strings.Join(said, "和")})
		}
		first := Read(of, list)
		for i, e := range first.Estimates(nil) {
			list[i].Mark = mark(min(max(e.First+off, 0), 1))
		}
		return Read(of, list).Lesson()
	}
	strict, as := untaught.Estimates([]*Lesson{other(-0.3)}), untaught.Estimates([]*Lesson{other(0)})
	for i := range answers {
		if !(strict[i].Fraction < alone[i].Fraction-0.05) || strict[i].Marked != 24 {
			t.Errorf("%q: %v alone, %v where the others are marked strictly (%d marks)", answers[i].Text, alone[i].Fraction, strict[i].Fraction, strict[i].Marked)
		}
		if math.Abs(as[i].Fraction-alone[i].Fraction) > 0.05 || as[i].Confidence < alone[i].Confidence {
			t.Errorf("%q: %+v alone, %+v where marks follow the key", answers[i].Text, alone[i], as[i])
		}
	}
	// What is marked by the author's points tells nothing about what is marked by a model answer.
	points := Read(item, manyAnswers(20, 20, func(int) float64 { return 0 })).Lesson()
	for i, e := range untaught.Estimates([]*Lesson{points}) {
		if math.Abs(e.Fraction-alone[i].Fraction) > 1e-9 {
			t.Errorf("%q: %v alone, %v by marks of another kind of key", answers[i].Text, alone[i].Fraction, e.Fraction)
		}
	}
}

// Better marks of the same answers make no estimate worse.
func TestBetterMarksMakeBetterEstimates(t *testing.T) {
	var last []Estimate
	for step := range 6 {
		now := estimate(item, manyAnswers(60, 20, func(int) float64 { return float64(step) / 5 }))
		for i := range last {
			if now[i].Fraction < last[i].Fraction-1e-9 {
				t.Errorf("all marked with %d/5: answer %d falls from %v to %v", step, i, last[i].Fraction, now[i].Fraction)
			}
		}
		last = now
	}
}

func TestFewMarksAreNoTrouble(t *testing.T) {
	if got := estimate(item, nil); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	blank := []Answer{{Text: "", Mark: mark(0)}, {Text: "……", Mark: mark(0)}, {Text: ""}}
	for name, answers := range map[string][]Answer{
		"one mark": manyAnswers(5, 1, func(int) float64 { return 1 }), "one answer": manyAnswers(1, 1, func(int) float64 { return 0.5 }),
		"all the same marks": manyAnswers(40, 40, func(int) float64 { return 1 }), "blank": blank,
		"one form": slices.Repeat([]Answer{{Text: "民主集中", Mark: mark(0.5)}}, 150),
	} {
		for _, of := range []Item{item, {Question: item.Question, Model: "民主基础上的集中"}, {}} {
			for i, e := range estimate(of, answers) {
				if !(e.Fraction >= 0 && e.Fraction <= 1 && e.Confidence >= 0 && e.Confidence <= 1) {
					t.Errorf("%s: answer %d %+v", name, i, e)
				}
			}
		}
	}
}

// Whatever is written and marked, estimates are within their bounds and the order of answers tells nothing.
func FuzzEstimates(f *testing.F) {
	f.Add("什么是民主集中制？", "民主基础上的集中；集中指导下的民主", "民主基础上的集中|不是集中|民主|集中", "9x05x")
	f.Add("", "", "a|a|A|b", "0")
	f.Add("Why?", "The terminals are in the same state.", "same state|not the same state||1", "90x9")
	f.Fuzz(func(t *testing.T, asked, model, said, marks string) {
		if len(said) > 400 || len(model) > 400 {
			t.Skip() // the work grows, what can happen does not
		}
		var answers []Answer
		for i, text := range strings.Split(said, "|") {
			a := Answer{Text: text}
			if len(marks) > 0 {
				if c := marks[i%len(marks)]; c >= '0' && c <= '9' {
					a.Mark = mark(float64(c-'0') / 9)
				}
			}
			answers = append(answers, a)
		}
		of := Item{Question: asked, Model: model, Points: []search.Point{{Phrases: []string{model}, Weight: 1}}}
		for _, of := range []Item{of, {Question: asked, Model: model}} {
			forward := estimate(of, answers)
			slices.Reverse(answers)
			back := estimate(of, answers)
			slices.Reverse(answers)
			slices.Reverse(back)
			forms := map[string]string{}
			for i, e := range forward {
				if !(e.Fraction >= 0 && e.Fraction <= 1 && e.Confidence >= 0 && e.Confidence <= 1) {
					t.Fatalf("%q: %+v", answers[i].Text, e)
				}
				if math.Abs(e.Fraction-back[i].Fraction) > 1e-6 || math.Abs(e.Confidence-back[i].Confidence) > 1e-6 {
					t.Fatalf("%q: %+v, in another order %+v", answers[i].Text, e, back[i])
				}
				form, got := form(search.Sentences(answers[i].Text)), fmt.Sprint(e.Fraction)
				if had, ok := forms[form]; ok && e.Like > 0 && had != got {
					t.Fatalf("%q: %s, another of the same form %s", answers[i].Text, got, had)
				}
				forms[form] = got
			}
		}
	})
}
