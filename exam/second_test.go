package exam

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"qiming/exam/question"
)

func TestSettlingSeveralMarks(t *testing.T) {
	rule := Second{Share: 1, Differs: 20}
	for _, c := range []struct {
		given []float64
		final float64
		ok    bool
	}{
		{nil, 0, false}, {[]float64{0.5}, 0, false},
		{[]float64{0.5, 0.7}, 0.6, true}, {[]float64{0.5, 0.701}, 0, false}, {[]float64{0.701, 0.5}, 0, false},
		{[]float64{0.2, 1, 0.5}, 0.35, true}, {[]float64{0.2, 1, 0.7}, 0.85, true},
		{[]float64{0.2, 1, 0.6}, 0.8, true}, {[]float64{1, 0.2, 0.6}, 0.8, true}, // as near to both: the better one
		{[]float64{0.2, 1, 0}, 0.1, true}, {[]float64{0.3, 0.7, 1}, 0.85, true},
	} {
		if final, _, ok := rule.settle(c.given); ok != c.ok || ok && math.Abs(final-c.final) > 1e-9 {
			t.Errorf("%v: %v, %v; want %v, %v", c.given, final, ok, c.final, c.ok)
		}
	}
}

// Whatever evaluators give: the order of the first two changes nothing, a settled mark lies among those given, two settle
// exactly within the difference, three always, and a higher third mark never lowers what counts.
func TestPropertiesOfSettling(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		rule := Second{Differs: float64(r.IntN(101))}
		points := func() float64 { return float64(r.IntN(21)) / 20 }
		a, b, c, d := points(), points(), points(), points()
		two, _, ok := rule.settle([]float64{a, b})
		if twice, _, again := rule.settle([]float64{b, a}); again != ok || twice != two {
			t.Fatalf("%v %v: the order matters", a, b)
		}
		if within := math.Abs(a-b)*100 <= rule.Differs+1e-6; ok != within || ok && (math.Abs(two-a)*200 > rule.Differs+1e-6 || two < min(a, b) || two > max(a, b)) {
			t.Fatalf("%v %v within %v: %v, %v", a, b, rule.Differs, two, ok)
		}
		three, of, ok := rule.settle([]float64{a, b, c})
		if other, _, _ := rule.settle([]float64{b, a, c}); !ok || of[1] != 2 || math.Abs(([]float64{a, b}[of[0]]+c)/2-three) > 1e-12 || other != three || three < min(a, b, c)-1e-9 || three > max(a, b, c)+1e-9 {
			t.Fatalf("%v %v %v: %v, %v", a, b, c, three, ok)
		}
		if more, _, _ := rule.settle([]float64{a, b, max(c, d)}); more < three-1e-9 {
			t.Fatalf("%v %v: a third of %v gives %v, of %v gives %v", a, b, c, three, max(c, d), more)
		}
	}
}

func TestAShareIsPicked(t *testing.T) {
	for _, share := range []float64{0, 0.3, 1} {
		rule, n := &Second{Share: share}, 0
		for i := range 4000 {
			if rule.picks(fmt.Sprint("seed", i), 1) {
				n++
			}
		}
		if got := float64(n) / 4000; math.Abs(got-share) > 0.03 || share == 1 && n != 4000 {
			t.Errorf("share %v picks %v", share, got)
		}
	}
	var none *Second
	if none.picks("seed", 1) {
		t.Error("a quiz without second marks picks one")
	}
}

// rating claims the one answer to a question for an evaluator and marks it.
func (w *world) rating(who, quizID, questionID string, points float64, comment string) error {
	w.Helper()
	c := w.claim(who, quizID, questionID, 1)
	if len(c.Items) != 1 || c.Items[0].Mark != nil || c.Items[0].Comment != "" || c.Items[0].By != "" {
		w.Fatalf("%s holds %+v", who, c.Items)
	}
	return w.marks(evaluator(who), quizID, MarkAsk{Key: c.Items[0].AttemptKey, Slot: c.Items[0].Slot, Points: points, Comment: comment})
}

func TestTwoEvaluatorsAndAThird(t *testing.T) {
	w := newWorld(t)
	ids := w.questions("简答", short("谈谈体会"))
	q := w.quiz(fixed(10, ids...), func(d *Draft) { d.Settings.Second = &Second{Share: 1, Differs: 20} })
	m := w.start(q, "m1", "phone")
	m.save(1, question.Response{Text: "我的体会"})
	m.submit()
	waits := func(who string) int { w.Helper(); return len(w.claim(who, q.ID, ids[0], 5).Items) }

	w.ok(w.rating("first", q.ID, ids[0], 8, "要点齐全"))
	if a := m.stored(); a.State != Grading || a.Score != nil || len(a.Pending) != 1 || len(a.Marked) != 0 {
		t.Fatalf("after one of two: %s, %v", a.State, a.Score)
	}
	if waits("first") != 0 {
		t.Fatal("one evaluator marks an answer twice")
	}
	queue, err := w.Marking.Queue(w.ctx, evaluator("first"), q.ID)
	w.ok(err)
	if other, _ := w.Marking.Queue(w.ctx, evaluator("second"), q.ID); queue[0].Rated != 1 || other[0].Rated != 0 || other[0].Pending != 1 || other[0].Marked != 0 {
		t.Fatalf("first sees %+v, second %+v", queue[0], other[0])
	}
	// Neither the queue nor the sheet tells the second that there is a first.
	listed, err := w.Marking.Answers(w.ctx, evaluator("second"), q.ID, ids[0], false, 10, "")
	w.ok(err)
	sheet, err := w.Results.Sheet(w.ctx, evaluator("second"), q.ID, m.stored().ID, w.all())
	w.ok(err)
	if listed.Items[0].Mark != nil || listed.Items[0].Comment != "" || len(sheet.Rounds) != 0 || slices.ContainsFunc(sheet.Steps, func(s SheetStep) bool { return s.Kind == StepRating || s.Kind == StepMark }) {
		t.Fatalf("told: %+v, %+v", listed.Items[0], sheet.Steps)
	}
	key := m.stored().Blind
	w.refused(w.marks(evaluator("second"), q.ID, MarkAsk{Key: key, Slot: 1, Points: 5}), "mark.not_claimed")
	w.refused(w.marks(evaluator("second"), q.ID, MarkAsk{Key: key, Slot: 1, Points: 5, Comment: "改", Revise: true}), "mark.not_claimed")
	w.ok(w.marks(evaluator("first"), q.ID, MarkAsk{Key: key, Slot: 1, Points: 9, Comment: "要点齐全"})) // a slip of the hand is mended
	w.refused(w.rating("second", q.ID, ids[0], 10.5, ""), "mark.out_of_range")

	// 9 and 4 are more than 2 apart: a third decides, and the first two have nothing more to do.
	w.ok(w.rating("second", q.ID, ids[0], 4, "缺第二点"))
	if a := m.stored(); a.State != Grading || waits("first")+waits("second") != 0 {
		t.Fatalf("apart: %s", a.State)
	}
	release, err := w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{})
	w.ok(err)
	if a := m.stored(); a.State != Grading || release.Released != 0 {
		t.Fatalf("released before the third mark: %+v", release)
	}
	w.ok(w.rating("third", q.ID, ids[0], 5, ""))
	a := m.stored()
	if *a.Score != 4.5 || a.State != Released || len(a.Marked) != 1 { // the third with the nearer: (4 + 5) / 2
		t.Fatalf("score %v, %s", *a.Score, a.State)
	}
	sheet, err = w.Results.Sheet(w.ctx, w.author(), q.ID, a.ID, w.all())
	w.ok(err)
	var told []string
	for _, r := range sheet.Rounds {
		told = append(told, fmt.Sprint(r.Round, r.By, r.Mark))
	}
	if want := []string{"1first9", "2second4", "3third5", "04.5"}; !slices.Equal(told, want) {
		t.Fatalf("rounds %v, want %v", told, want)
	}
	if v := Replay(a.Steps, 1); v.Marks[0].Note != "要点齐全\n缺第二点" || a.Chain().Verify(w.desk.receiptKey) != 0 {
		t.Fatalf("comment %q", v.Marks[0].Note)
	}
	// It is out: what counts is changed only by one who has seen it, and says why.
	w.refused(w.marks(evaluator("third"), q.ID, MarkAsk{Key: key, Slot: 1, Points: 6}), "mark.already_marked")
	w.refused(w.marks(evaluator("third"), q.ID, MarkAsk{Key: key, Slot: 1, Points: 6, Revise: true}), "mark.comment_required")
	w.ok(w.marks(evaluator("third"), q.ID, MarkAsk{Key: key, Slot: 1, Points: 6, Comment: "复核", Revise: true}))
	if a := m.stored(); *a.Score != 6 {
		t.Fatalf("decided %v", *a.Score)
	}
}

// The last of two changes the mark before the result is out: what counts follows, or waits for a third after all.
func TestTheLastMarkIsChanged(t *testing.T) {
	w := newWorld(t)
	ids := w.questions("简答", short("谈谈体会"))
	q := w.quiz(fixed(10, ids...), func(d *Draft) {
		d.Settings.Second, d.Settings.ManualRelease = &Second{Share: 1, Differs: 20}, true
	})
	m := w.start(q, "m1", "phone")
	m.save(1, question.Response{Text: "我的体会"})
	m.submit()
	w.ok(w.rating("first", q.ID, ids[0], 6, ""))
	w.ok(w.rating("second", q.ID, ids[0], 8, ""))
	a := m.stored()
	if a.State != Graded || *a.Score != 7 {
		t.Fatalf("%s, %v", a.State, a.Score)
	}
	w.refused(w.marks(evaluator("first"), q.ID, MarkAsk{Key: a.Blind, Slot: 1, Points: 0}), "mark.already_marked")
	w.ok(w.marks(evaluator("second"), q.ID, MarkAsk{Key: a.Blind, Slot: 1, Points: 5}))
	if a := m.stored(); *a.Score != 5.5 {
		t.Fatalf("changed: %v", *a.Score)
	}
	w.ok(w.marks(evaluator("second"), q.ID, MarkAsk{Key: a.Blind, Slot: 1, Points: 10}))
	if a := m.stored(); a.State != Grading || a.Score != nil || len(a.Pending) != 1 {
		t.Fatalf("apart after all: %s", a.State)
	}
	w.ok(w.rating("third", q.ID, ids[0], 9, ""))
	if a := m.stored(); a.State != Graded || *a.Score != 9.5 {
		t.Fatalf("third: %s, %v", a.State, a.Score)
	}
}

// along claims the one answer to a question for an evaluator and marks it along its rubric.
func (w *world) along(who, quizID, questionID string, points float64, said ...Judgement) {
	w.Helper()
	c := w.claim(who, quizID, questionID, 1)
	if len(c.Items) != 1 || c.Items[0].Rubric[0].Earned != nil {
		w.Fatalf("%s holds %+v", who, c.Items)
	}
	w.ok(w.marks(evaluator(who), quizID, MarkAsk{Key: c.Items[0].AttemptKey, Slot: 1, Points: points, Rubric: said}))
}

// earned gives the points of lines.
func earned(lines []RubricLine) []float64 {
	var list []float64
	for _, l := range lines {
		list = append(list, *l.Earned)
	}
	return list
}

// Two who marked along the rubric: each criterion earns the mean, and the lines sum to the mark.
func TestTheRubricOfTwoEvaluators(t *testing.T) {
	w := newWorld(t)
	id := w.questions("论述", rubricEssay())[0]
	q := w.quiz(fixed(10, id), func(d *Draft) { d.Settings.Second = &Second{Share: 1, Differs: 20} })
	m := w.start(q, "m1", "phone")
	m.save(1, question.Response{Text: "体会"})
	m.submit()
	w.along("first", q.ID, id, 6.5, Judgement{Level: 2, Comment: "含糊"}, Judgement{Points: ptr(3.33)}, Judgement{Points: ptr(1.5)})  // 1.67 for the level
	w.along("second", q.ID, id, 8.3, Judgement{Level: 1}, Judgement{Points: ptr(3.0), Comment: "尚可"}, Judgement{Points: ptr(1.96)}) // 3.34
	r, err := w.Attempts.Review(w.ctx, m.actor, m.sheet.Attempt.ID)
	w.ok(err)
	lines := r.Items[0].Rubric
	// 2.505, 3.165 and 1.73 are 7.4: of the two halves one goes up.
	if got := earned(lines); !slices.Equal(got, []float64{2.51, 3.16, 1.73}) || *r.Items[0].Mark != 7.4 {
		t.Fatalf("%v of %v", got, *r.Items[0].Mark)
	}
	if lines[0].Level != 0 || lines[0].Comment != "含糊" || lines[1].Comment != "尚可" || !lines[0].Mean {
		t.Errorf("%+v", lines)
	}
	sheet, err := w.Results.Sheet(w.ctx, w.author(), q.ID, m.stored().ID, w.all())
	w.ok(err)
	if n := len(sheet.Rounds); n != 3 || sheet.Rounds[0].Rubric[0].Level != 2 || *sheet.Rounds[1].Rubric[2].Earned != 1.96 || sheet.Rounds[1].Rubric[0].Mean || *sheet.Rounds[2].Rubric[1].Earned != 3.16 {
		t.Errorf("%+v", sheet.Rounds)
	}
	// Another rubric holds: both marks fall, and both may mark anew.
	w.correct(id, func(c *question.Content) {
		c.Rubric = rubricEssay().Rubric
		c.Rubric[0].Share, c.Rubric[1].Share, c.Rubric[2].Share = 0.5, 0.25, 0.25
	})
	w.askAndApprove(q, RegradeWish{QuestionID: id, Way: ByKey})
	if a := m.stored(); a.State != Grading || len(a.Pending) != 1 {
		t.Fatalf("%s", a.State)
	}
	w.along("first", q.ID, id, 8, Judgement{Level: 1}, Judgement{Points: ptr(2.0)}, Judgement{Points: ptr(1.0)})
	w.along("third", q.ID, id, 9, Judgement{Level: 1}, Judgement{Points: ptr(2.5)}, Judgement{Points: ptr(1.5)})
	r, err = w.Attempts.Review(w.ctx, m.actor, m.sheet.Attempt.ID)
	w.ok(err)
	if got := earned(r.Items[0].Rubric); !slices.Equal(got, []float64{5, 2.25, 1.25}) || r.Items[0].Rubric[0].Level != 1 || *r.Items[0].Mark != 8.5 {
		t.Errorf("anew: %v of %v", got, *r.Items[0].Mark)
	}
	if a := m.stored(); a.Chain().Verify(w.desk.receiptKey) != 0 {
		t.Error("the receipts do not hold")
	}
}

// A third decides with the nearer of two: the lines are those of these two. One who marked as a whole leaves none.
func TestTheRubricOfAThirdEvaluator(t *testing.T) {
	w := newWorld(t)
	id := w.questions("论述", rubricEssay())[0]
	q := w.quiz(fixed(10, id), func(d *Draft) { d.Settings.Second = &Second{Share: 1, Differs: 10} })
	lines := func(member string, third ...Judgement) []RubricLine {
		w.Helper()
		m := w.start(q, member, "phone")
		m.save(1, question.Response{Text: "体会"})
		m.submit()
		w.along("first", q.ID, id, 2, Judgement{Level: 2}, Judgement{Points: ptr(0.33)}, Judgement{Points: ptr(0.0)})
		w.along("second", q.ID, id, 9.34, Judgement{Level: 1}, Judgement{Points: ptr(3.0)}, Judgement{Points: ptr(3.0)})
		w.along("third", q.ID, id, 9, third...)
		r, err := w.Attempts.Review(w.ctx, m.actor, m.sheet.Attempt.ID)
		w.ok(err)
		if *r.Items[0].Mark != 9.17 {
			w.Fatalf("%v", *r.Items[0].Mark)
		}
		return r.Items[0].Rubric
	}
	if got := lines("m1", Judgement{Level: 1}, Judgement{Points: ptr(2.66)}, Judgement{Points: ptr(3.0)}); !slices.Equal(earned(got), []float64{3.34, 2.83, 3}) || got[0].Level != 1 {
		t.Errorf("%+v", got)
	}
	if got := lines("m2"); got != nil {
		t.Errorf("%+v", got)
	}
}

// Whatever two give along a rubric: the lines are hundredths, none is a half-hundredth and more from the mean, and they sum to
// the mark as it is shown.
func TestLinesOfTwoSumToTheMark(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		var a, b Step
		sum := 0.0
		for range 1 + r.IntN(10) {
			x, y := float64(r.IntN(500))/100, float64(r.IntN(500))/100
			a.Rubric, b.Rubric = append(a.Rubric, Judged{Points: x}), append(b.Rubric, Judged{Points: y})
			sum += (x + y) / 2
		}
		got := 0.0
		for i, line := range meanLines(&a, &b) {
			if math.Abs(line.Points-(a.Rubric[i].Points+b.Rubric[i].Points)/2) > 0.005+1e-9 || hundredths(line.Points) != line.Points {
				t.Fatalf("%v of %v and %v", line.Points, a.Rubric[i].Points, b.Rubric[i].Points)
			}
			got += line.Points
		}
		if hundredths(got) != hundredths(sum) {
			t.Fatalf("%v, the mark is %v", got, sum)
		}
	}
}
