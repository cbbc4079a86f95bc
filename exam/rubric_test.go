package exam

import (
	"errors"
	"math"
	"strings"
	"testing"

	"qiming/exam/question"
	"qiming/internal/fault"
)

func rubricEssay() question.Content {
	return question.Content{Kind: question.Essay, Stem: "谈谈体会", Rubric: []question.Criterion{
		{Name: "观点", Share: 0.3333, Levels: []question.Level{{Title: "鲜明", Share: 1, Comment: "观点鲜明"}, {Title: "含糊", Share: 0.5}, {Title: "没有"}}},
		{Name: "实际", Share: 0.3333}, {Name: "文字", Share: 0.3333}}}
}

// Both sides of every limit of a judgement; what is kept sums to the mark to the last hundredth.
func TestJudgementsAreChecked(t *testing.T) {
	rubric := rubricEssay().Rubric // of 10 points: 3.34, 3.33, 3.33
	level := func(n int) Judgement { return Judgement{Level: n} }
	points := func(p float64) Judgement { return Judgement{Points: &p} }
	for name, c := range map[string]struct {
		mark float64
		said []Judgement
		path string // of the one problem; "" = taken
	}{
		"full":               {10, []Judgement{level(1), points(3.33), points(3.33)}, ""},
		"nothing":            {0, []Judgement{level(3), points(0), points(0)}, ""},
		"half a level":       {1.67, []Judgement{level(2), points(0), points(0)}, ""},
		"another mark":       {1.68, []Judgement{level(2), points(0), points(0)}, "mark"},
		"too few":            {0, []Judgement{level(3), points(0)}, "rubric"},
		"too many":           {0, []Judgement{level(3), points(0), points(0), points(0)}, "rubric"},
		"level 0":            {0, []Judgement{level(0), points(0), points(0)}, "rubric[0].level"},
		"level 4 of 3":       {0, []Judgement{level(4), points(0), points(0)}, "rubric[0].level"},
		"points for a level": {3, []Judgement{points(3), points(0), points(0)}, "rubric[0].level"},
		"level for points":   {0, []Judgement{level(3), level(1), points(0)}, "rubric[1].points"},
		"nothing said":       {0, []Judgement{level(3), {}, points(0)}, "rubric[1].points"},
		"above":              {3.34, []Judgement{level(3), points(3.34), points(0)}, "rubric[1].points"},
		"below":              {0, []Judgement{level(3), points(-0.01), points(0)}, "rubric[1].points"},
		"a comment":          {0, []Judgement{{Level: 3, Comment: strings.Repeat("字", 500)}, points(0), points(0)}, ""},
		"a long comment":     {0, []Judgement{{Level: 3, Comment: strings.Repeat("字", 501)}, points(0), points(0)}, "rubric[0].comment"},
		"no number":          {0, []Judgement{level(3), points(math.NaN()), points(0)}, "rubric[1].points"},
	} {
		_, err := judge(rubric, 10, c.mark, c.said)
		var f *fault.Fault
		var fields []fault.Field
		if errors.As(err, &f) {
			fields = f.Fields
		}
		if c.path == "" && err != nil || c.path != "" && (len(fields) != 1 || fields[0].Path != c.path) {
			t.Errorf("%s: %v %+v, want %q", name, err, fields, c.path)
		}
	}
}

// An evaluator chooses levels, the queue gives them back, and the member sees them with the marks and not before.
func TestMarkingAlongARubric(t *testing.T) {
	w := newWorld(t)
	id := w.questions("论述", rubricEssay())[0]
	q := w.quiz(fixed(10, id), func(d *Draft) { d.Settings.ManualRelease = true })
	m := w.start(q, "m1", "phone")
	m.save(1, question.Response{Text: "体会"})
	m.submit()
	held, err := w.Marking.Claim(w.ctx, w.author(), q.ID, id, ClaimAsk{Most: 1})
	w.ok(err)
	one := held.Items[0]
	if len(one.Rubric) != 3 || one.Rubric[0].Points != 3.34 || one.Rubric[0].Levels[1].Points != 1.67 || one.Rubric[0].Levels[0].Comment == "" || one.Rubric[0].Earned != nil {
		t.Fatalf("%+v", one.Rubric)
	}
	said := []Judgement{{Level: 2, Comment: " 观点不清 "}, {Points: ptr(3.33)}, {Points: ptr(1.5)}}
	w.refused(w.marks(w.author(), q.ID, MarkAsk{Key: one.AttemptKey, Slot: 1, Points: 7, Rubric: said}), "mark.invalid")
	w.ok(w.marks(w.author(), q.ID, MarkAsk{Key: one.AttemptKey, Slot: 1, Points: 6.5, Comment: "评语", Rubric: said}))
	marked, err := w.Marking.Answers(w.ctx, w.author(), q.ID, id, true, 50, "")
	w.ok(err)
	if r := marked.Items[0].Rubric; *marked.Items[0].Mark != 6.5 || r[0].Level != 2 || r[0].Comment != "观点不清" || *r[0].Earned != 1.67 || *r[2].Earned != 1.5 {
		t.Errorf("%+v", r)
	}
	review := func() ReviewItem {
		r, err := w.Attempts.Review(w.ctx, m.actor, m.sheet.Attempt.ID)
		w.ok(err)
		return r.Items[0]
	}
	if r := review(); r.Rubric != nil {
		t.Errorf("before the release: %+v", r.Rubric)
	}
	_, err = w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{})
	w.ok(err)
	if r := review(); len(r.Rubric) != 3 || r.Rubric[0].Level != 2 || r.Rubric[0].Comment != "观点不清" || r.Rubric[0].Levels[0].Comment != "" || *r.Mark != 6.5 {
		t.Errorf("%+v", r.Rubric)
	}
	// A mark without the rubric leaves no levels of the mark before.
	w.ok(w.marks(w.author(), q.ID, MarkAsk{Key: one.AttemptKey, Slot: 1, Points: 8, Comment: "重评"}))
	if r := review(); r.Rubric != nil || *r.Mark != 8 {
		t.Errorf("%+v", r)
	}
	chain, err := w.Attempts.Receipts(w.ctx, m.actor, m.sheet.Attempt.ID)
	w.ok(err)
	if bad := chain.Verify(w.keys.Key("receipt")); bad != 0 {
		t.Errorf("link %d of the receipts does not hold", bad)
	}
}

// A corrected rubric asks for new marks of what was marked along the former one, and of nothing else.
func TestACorrectedRubricAsksForNewMarks(t *testing.T) {
	w := newWorld(t)
	id := w.questions("论述", rubricEssay())[0]
	q := w.quiz(fixed(10, id))
	takings := map[string]*taking{}
	for _, member := range []string{"m1", "m2", "m3"} {
		m := w.start(q, member, "phone")
		if member != "m3" {
			m.save(1, question.Response{Text: "体会"})
		}
		m.submit()
		takings[member] = m
	}
	mark := func(member string, points float64, said ...Judgement) {
		t.Helper()
		w.ok(w.marks(w.author(), q.ID, MarkAsk{Key: takings[member].stored().Blind, Slot: 1, Points: points, Rubric: said}))
	}
	review := func(member string) Review {
		t.Helper()
		r, err := w.Attempts.Review(w.ctx, takings[member].actor, takings[member].sheet.Attempt.ID)
		w.ok(err)
		return r
	}
	_, err := w.Marking.Claim(w.ctx, w.author(), q.ID, id, ClaimAsk{Most: MaxClaim})
	w.ok(err)
	mark("m1", 6.5, Judgement{Level: 2}, Judgement{Points: ptr(3.33)}, Judgement{Points: ptr(1.5)})
	mark("m2", 7) // as a whole
	wish := RegradeWish{QuestionID: id, Way: ByKey}

	// What only evaluators read changes no mark.
	w.correct(id, func(c *question.Content) {
		c.Rubric = rubricEssay().Rubric
		c.Rubric[0].Levels[0].Comment = "立场鲜明"
	})
	p, err := w.Regrades.Preview(w.ctx, w.author(), q.ID, wish, w.all())
	w.ok(err)
	if p.Totals.Attempts != 3 || p.Totals.Again != 0 || p.Totals.Kept != 2 {
		t.Fatalf("%+v", p.Totals)
	}
	w.correct(id, func(c *question.Content) {
		c.Rubric = rubricEssay().Rubric
		c.Rubric[0].Share, c.Rubric[1].Share, c.Rubric[2].Share = 0.5, 0.25, 0.25
	})
	p, err = w.Regrades.Preview(w.ctx, w.author(), q.ID, wish, w.all())
	w.ok(err)
	if p.Totals.Again != 1 || p.Totals.Kept != 1 || p.Totals.Changed != 0 || len(p.Rows) != 2 || !p.Rows[0].Again || p.Rows[0].AttemptID != takings["m1"].sheet.Attempt.ID || p.Rows[0].To != nil {
		t.Fatalf("%+v %+v", p.Totals, p.Rows)
	}
	w.askAndApprove(q, wish)
	takings["m1"].want(Grading, takings["m1"].stored().EndedAt)
	if got := takings["m2"].stored(); got.State != Released || *got.Score != 7 {
		t.Errorf("%s %v", got.State, *got.Score)
	}
	if r := review("m1"); r.Total != nil || r.Items[0].Mark != nil || r.Items[0].Rubric != nil {
		t.Errorf("%+v", r.Items[0])
	}
	waiting, err := w.Marking.Answers(w.ctx, w.author(), q.ID, id, false, 50, "")
	w.ok(err)
	if len(waiting.Items) != 1 || waiting.Items[0].Mark != nil || waiting.Items[0].Rubric[0].Points != 5 || waiting.Items[0].Rubric[0].Earned != nil {
		t.Fatalf("%+v", waiting.Items)
	}
	// Along the rubric that holds now, by whoever takes it in hand; the member sees from where to where it went.
	anew := func(points float64, said ...Judgement) error {
		return w.marks(w.chief(), q.ID, MarkAsk{Key: takings["m1"].stored().Blind, Slot: 1, Points: points, Rubric: said})
	}
	now := []Judgement{{Level: 1}, {Points: ptr(2.0)}, {Points: ptr(1.0)}}
	w.refused(anew(8, now...), "mark.not_claimed")
	_, err = w.Marking.Claim(w.ctx, w.chief(), q.ID, id, ClaimAsk{Most: 1})
	w.ok(err)
	w.refused(anew(8.34, Judgement{Level: 1}, Judgement{Points: ptr(3.33)}, Judgement{Points: ptr(1.67)}), "mark.invalid")
	w.ok(anew(8, now...))
	r := review("m1")
	if len(r.Items[0].Rubric) != 3 || r.Items[0].Rubric[0].Points != 5 || r.Items[0].Rubric[0].Level != 1 || r.Total.Score != 8 {
		t.Errorf("%+v %+v", r.Items[0], r.Total)
	}
	if n := len(r.Changes); n != 1 || r.Changes[0].From.Score != 6.5 || r.Changes[0].To.Score != 8 {
		t.Errorf("%+v", r.Changes)
	}
}
