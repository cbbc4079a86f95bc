package exam

import (
	"fmt"
	"math"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/exam/shortanswer"
)

// answers to two questions: each says some of the key, with words of its own.
func taughtAnswers(stem string) []string {
	return []string{
		stem + "的参考答案", "参考答案", stem + "是参考", "不知道", "按照参考答案的要求办", "答案在书上", "参考文件精神", "这是" + stem + "的全部参考答案",
	}
}

// Marks of one question teach about the others of the quiz, as "qiming exam grade-eval" measures it: the same answers and
// marks have the same estimates there and here.
func TestTheQuestionsOfAQuizTeachEachOther(t *testing.T) {
	w := newWorld(t)
	stems := []string{"民主集中制", "群众路线"}
	ids := w.questions("简答", short(stems[0]), short(stems[1]), centralism())
	q := w.quiz(fixed(10, ids...))
	for i := range taughtAnswers("") {
		member := fmt.Sprintf("m%d", i+1)
		w.member(member, branchA)
		s := w.start(q, member, "phone")
		for k, stem := range stems {
			s.save(s.slotOf(ids[k]), question.Response{Text: taughtAnswers(stem)[i]})
		}
		s.submit()
	}
	w.clock.Advance(lessonAge)
	before := w.listed(q, ids[1], "pending")
	for text, one := range before {
		if one.Suggested.Learnt != 0 {
			t.Errorf("%q: learnt from %d without marks", text, one.Suggested.Learnt)
		}
	}

	// One question is marked, half as much as its key says; the other is not marked at all.
	marks := map[string]float64{}
	for text, one := range w.listed(q, ids[0], "pending") {
		marks[text] = math.Round(suggested(one.Suggested.Mark)) / 2
		w.ok(w.mark(q.ID, one.AttemptKey, one.Slot, marks[text], ""))
	}
	w.clock.Advance(suggestedAge)
	w.listed(q, ids[0], "marked") // analysed anew, its lesson too
	read := func(k int, marked bool) *shortanswer.Reading {
		c := short(stems[k])
		var list []shortanswer.Answer
		for _, text := range taughtAnswers(stems[k]) {
			a := shortanswer.Answer{Text: text}
			if marked {
				fraction := marks[text] / 10
				a.Mark = &fraction
			}
			list = append(list, a)
		}
		return shortanswer.Read(shortanswer.Item{Question: c.Stem, Model: c.Model}, list)
	}
	teacher, taught := read(0, true), read(1, false)
	want := taught.Estimates([]*shortanswer.Lesson{teacher.Lesson()})
	after := w.listed(q, ids[1], "pending")
	moved := false
	for i, text := range taughtAnswers(stems[1]) {
		got := after[text].Suggested
		if math.Abs(got.Confidence-want[i].Confidence) > 1e-9 || want[i].Confidence >= leastConfidence && (got.Mark == nil || *got.Mark != markOf(want[i], 10)) {
			t.Errorf("%q: %v points, confidence %v; estimated %v and %v", text, suggested(got.Mark), got.Confidence, 10*want[i].Fraction, want[i].Confidence)
		}
		if suggested(got.Mark) != suggested(before[text].Suggested.Mark) {
			moved = true
			if got.Learnt != len(marks) {
				t.Errorf("%q went from %v to %v and says that it learnt from %d", text, suggested(before[text].Suggested.Mark), suggested(got.Mark), got.Learnt)
			}
		}
	}
	if !moved {
		t.Error("the marks of a question teach nothing about the other")
	}
}

// What other questions teach is read once in a while, not for every look at a question.
func TestLessonsAreKeptForAWhile(t *testing.T) {
	w := newWorld(t)
	ids := w.questions("简答", short("民主集中制"), short("群众路线"))
	q := w.quiz(fixed(10, ids...))
	s := w.start(q, "m1", "phone")
	for _, id := range ids {
		s.save(s.slotOf(id), question.Response{Text: "参考答案"})
	}
	s.submit()
	count := func() int {
		lessons, err := w.desk.lessons(w.ctx, &q)
		w.ok(err)
		return len(lessons)
	}
	if n := count(); n != 0 {
		t.Fatalf("%d lessons without marks", n)
	}
	for _, one := range w.listed(q, ids[0], "pending") {
		w.ok(w.mark(q.ID, one.AttemptKey, one.Slot, 3, ""))
	}
	w.clock.Advance(lessonAge - time.Second)
	if n := count(); n != 0 {
		t.Errorf("%d lessons of what is kept", n)
	}
	w.clock.Advance(time.Second)
	if n := count(); n != 1 {
		t.Errorf("%d lessons when they are read again", n)
	}
}

// suggested gives the marks that are suggested; a guess counts as none.
func suggested(mark *float64) float64 {
	if mark == nil {
		return 0
	}
	return *mark
}
