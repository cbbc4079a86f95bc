package exam

import (
	"math"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/exam/shortanswer"
)

// What the analysis suggests follows the key points of the question, shows the words, and learns from marks.
func TestSuggestions(t *testing.T) {
	w := newWorld(t)
	ids := w.questions("简答", question.Content{Kind: question.Short, Stem: "什么是民主集中制？", Points: []question.KeyPoint{
		{Text: "民主基础上的集中", Share: 0.6}, {Text: "集中指导下的民主", Also: []string{"在集中指导下发扬民主"}, Share: 0.4}}})
	q := w.quiz(fixed(10, ids[0]))
	said := map[string]string{"m1": "民主基础上的集中", "m2": "少数服从多数", "m3": "少數服從多數。"}
	for member, text := range said {
		m := w.start(q, member, "phone")
		m.save(m.slotOf(ids[0]), question.Response{Text: text})
		m.submit()
	}
	byText := func(marked bool) map[string]QueueAnswer {
		page, err := w.Marking.Answers(w.ctx, w.author(), q.ID, ids[0], marked, 50, "")
		w.ok(err)
		out := map[string]QueueAnswer{}
		for _, one := range page.Items {
			out[one.Response.Text] = one
		}
		return out
	}
	first := byText(false)
	whole := first[said["m1"]].Suggested
	if whole == nil || *whole.Mark != 6 || len(whole.Points) != 2 || whole.Points[0].Text != "民主基础上的集中" || whole.Points[0].Earned != 1 || whole.Points[1].Earned == 1 {
		t.Fatalf("suggested %+v", whole)
	}
	if spans := whole.Points[0].Spans; len(spans) != 1 || spans[0].Start != 0 || spans[0].End != 8 {
		t.Errorf("words %+v", spans)
	}
	if none := first[said["m2"]].Suggested; *none.Mark != 0 || none.Like != 0 || len(none.Points[0].Spans) != 0 {
		t.Errorf("suggested %+v", none)
	}
	w.ok(w.mark(q.ID, first[said["m2"]].AttemptKey, first[said["m2"]].Slot, 3, ""))
	w.clock.Advance(suggestedAge + time.Second)
	if same := byText(false)[said["m3"]].Suggested; *same.Mark != 3 || same.Like != 1 || same.Confidence <= first[said["m3"]].Suggested.Confidence {
		t.Errorf("the same answer in traditional characters: %+v", same)
	}
	// A mark that learnt marks moved says so, one by the key alone does not; all are in steps of a half.
	if whole.Learnt != 0 || whole.Proposed {
		t.Errorf("by the key alone: %+v", whole)
	}
	for said, one := range byText(false) {
		if d := one.Suggested; *d.Mark != math.Round(2**d.Mark)/2 {
			t.Errorf("%q: suggested %v", said, *d.Mark)
		}
	}
}

// The mark is one that people give, and it says by what it was moved.
func TestSuggestedMarks(t *testing.T) {
	for _, c := range []struct {
		first, fraction float64
		like            int
		points, mark    float64
		learnt          int
	}{
		{0.3, 0.3, 0, 10, 3, 0}, {0.326, 0.326, 0, 10, 3.5, 0}, {0.324, 0.326, 0, 10, 3.5, 4}, {0.32, 0.31, 0, 10, 3, 0}, {0, 0.326, 0, 10, 3.5, 4},
		{0, 0.325, 2, 10, 3.25, 0}, {1, 1, 0, 3.3, 3.3, 0}, {0.99, 0.99, 0, 3.3, 3.3, 0}, {0, 0, 0, 10, 0, 0}, {0.5, 0.5, 0, 0.5, 0.5, 0},
	} {
		got := suggest(shortanswer.Estimate{First: c.first, Fraction: c.fraction, Like: c.like, Marked: 4}, nil, c.points)
		if *got.Mark != c.mark || got.Learnt != c.learnt {
			t.Errorf("%+v: mark %v, learnt from %d", c, *got.Mark, got.Learnt)
		}
	}
}

// A mark that is only guessed is not suggested to evaluators; what the answer says of the points is told.
func TestAGuessIsNoSuggestion(t *testing.T) {
	w := newWorld(t)
	id := w.questions("简答", question.Content{Kind: question.Short, Stem: "什么是民主集中制？", Model: "民主基础上的集中，集中指导下的民主"})[0]
	q := w.quiz(fixed(10, id))
	for member, text := range map[string]string{"m1": "民主基础上的集中，集中指导下的民主", "m2": "一切为了群众", "m3": "天气很好"} {
		m := w.start(q, member, "phone")
		m.save(1, question.Response{Text: text})
		m.submit()
	}
	page, err := w.Marking.Answers(w.ctx, w.author(), q.ID, id, false, 50, "")
	w.ok(err)
	guessed := 0
	for _, one := range page.Items {
		d := one.Suggested
		if d == nil || len(d.Points) != 2 || (d.Mark != nil) != (d.Confidence >= 0.1) {
			t.Fatalf("%q: %+v", one.Response.Text, d)
		}
		if d.Mark == nil {
			guessed++
		}
	}
	if guessed != 2 {
		t.Errorf("%d are guessed", guessed)
	}
}
