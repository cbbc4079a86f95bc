package exam

import (
	"slices"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/policies"
)

// doubled gives a quiz of one short answer that n members have answered and two evaluators mark, and the question.
func (w *world) doubled(n int, differs float64) (Quiz, string) {
	w.Helper()
	return w.handedIn(n, 10, func(d *Draft) { d.Settings.Second = &Second{Share: 1, Differs: differs} })
}

// marksAll lets an evaluator mark what waits for a round, one a minute, and gives the marks by the key of the attempt.
func (w *world) marksAll(who string, q Quiz, questionID string, round, most int, points func(key string) float64) map[string]float64 {
	w.Helper()
	given := map[string]float64{}
	held, err := w.Marking.Claim(w.ctx, evaluator(who), q.ID, questionID, ClaimAsk{Most: most, Round: round})
	w.ok(err)
	for _, a := range held.Items {
		w.clock.Advance(time.Minute)
		given[a.AttemptKey] = points(a.AttemptKey)
		w.ok(w.marks(evaluator(who), q.ID, MarkAsk{Key: a.AttemptKey, Slot: a.Slot, Points: given[a.AttemptKey]}))
	}
	return given
}

func (w *world) progress(q Quiz) Progress {
	w.Helper()
	w.clock.Advance(tallyAge)
	p, err := w.Results.Progress(w.ctx, w.author(), q.ID, Sight{Bank: w.author().Scope})
	w.ok(err)
	return p
}

func TestProgressOfMarking(t *testing.T) {
	w := newWorld(t)
	w.roll.graders = []string{"first", "second", "third"}
	q, id := w.doubled(4, 20)
	_, err := w.Results.Progress(w.ctx, policies.Actor{AccountID: "x", Scope: policies.Scope{branchA}}, q.ID, Sight{})
	w.refused(err, "quiz.not_found")

	p := w.progress(q)
	if i := p.Items[0]; len(p.Items) != 1 || i.Stem != "谈谈体会" || i.Answers != 4 || i.First != 4 || p.Left != 8 || !p.Second || p.Lacking != nil || len(p.Evaluators) != 0 {
		t.Fatalf("before: %+v", p)
	}
	if hidden, err := w.Results.Progress(w.ctx, w.author(), q.ID, Sight{}); err != nil || hidden.Items[0].Stem != "" {
		t.Fatalf("the stem of an open quiz is told: %v", err)
	}
	eight := func(string) float64 { return 8 }
	if held, err := w.Marking.Claim(w.ctx, evaluator("second"), q.ID, id, ClaimAsk{Most: 4}); err != nil || len(held.Items) != 4 {
		t.Fatalf("%v", err)
	}
	if got := w.marksAll("second", q, id, 2, 4, eight); len(got) != 0 { // and what is held of another round goes back
		t.Fatalf("nothing waits for a second, and %v is given out", got)
	}
	first := w.marksAll("first", q, id, 0, 3, eight)
	at := w.clock.Now()
	if got := w.marksAll("second", q, id, 3, 3, eight); len(got) != 0 {
		t.Fatalf("nothing waits for a third, and %v is given out", got)
	}
	held, err := w.Marking.Claim(w.ctx, evaluator("second"), q.ID, id, ClaimAsk{Most: 50, Round: 2})
	w.ok(err)
	if len(held.Items) != 3 || slices.ContainsFunc(held.Items, func(a QueueAnswer) bool { return first[a.AttemptKey] == 0 || a.Mark != nil }) {
		t.Fatalf("of those that wait for a second: %+v", held.Items)
	}
	until := held.Until
	p = w.progress(q)
	if i := p.Items[0]; i.First != 1 || i.Second != 3 || i.Third != 0 || i.Marked != 0 || p.Left != 5 {
		t.Fatalf("after three: %+v", i)
	}
	if c := p.Items[0].Claims; len(c) != 1 || c[0].By != "second" || c[0].Answers != 3 || !c[0].Until.Equal(until) {
		t.Fatalf("in hand: %+v", c)
	}
	if e := p.Evaluators; len(e) != 2 || e[0].By != "first" || e[0].First != 3 || e[0].LastHour != 3 || !e[0].LastAt.Equal(at) || *e[0].Gap != (Gap{2, 60}) || e[1].Held != 3 || e[1].Gap != nil || e[1].LastAt != nil {
		t.Fatalf("evaluators: %+v", e)
	}
	// 8 and 5 are apart, 8 and 7 are not.
	n := 0
	w.marksAll("second", q, id, 2, 3, func(string) float64 { n++; return []float64{5, 7, 7}[n-1] })
	p = w.progress(q)
	if i := p.Items[0]; i.First != 1 || i.Second != 0 || i.Third != 1 || i.Marked != 2 || p.Left != 3 || len(i.Claims) != 0 {
		t.Fatalf("one apart: %+v", i)
	}
	if got := w.marksAll("first", q, id, 3, 5, eight); len(got) != 0 {
		t.Fatal("one of the first two is the third")
	}
	if got := w.marksAll("third", q, id, 3, 5, eight); len(got) != 1 {
		t.Fatalf("to a third: %v", got)
	}
	p = w.progress(q)
	if i := p.Items[0]; i.Third != 0 || i.Marked != 3 || p.Left != 2 || p.Evaluators[2].Third != 1 || p.Evaluators[1].Second != 3 {
		t.Fatalf("decided: %+v %+v", i, p.Evaluators)
	}
	// A change of an own mark counts once; one of a settled mark by another is told apart.
	for key := range first {
		w.ok(w.marks(evaluator("first"), q.ID, MarkAsk{Key: key, Slot: 1, Points: 6, Comment: "复核", Revise: true}))
		w.ok(w.marks(evaluator("fourth"), q.ID, MarkAsk{Key: key, Slot: 1, Points: 7, Comment: "复核", Revise: true}))
		break
	}
	p = w.progress(q)
	if e := p.Evaluators; e[0].First != 3 || e[0].Revised != 0 || e[1].By != "fourth" || e[1].Revised != 1 || e[1].First != 0 {
		t.Fatalf("%+v", e)
	}
}

// A pace is told only where marking goes on and enough was given of late; it counts what is lacking at least.
func TestThePaceOfMarking(t *testing.T) {
	marks := func(n int, step time.Duration) (list []time.Time) {
		for i := range n {
			list = append(list, monday.Add(time.Duration(i)*step))
		}
		return list
	}
	last := func(list []time.Time) time.Time { return list[len(list)-1] }
	for what, c := range map[string]struct {
		times []time.Time
		left  int
		after time.Duration // since the last mark
		n     int
		takes time.Duration
	}{
		"nothing left":         {marks(30, time.Minute), 0, 0, 0, 0},
		"no marks":             {nil, 5, 0, 0, 0},
		"nine in ten minutes":  {marks(9, 75*time.Second), 5, 0, 0, 0},
		"ten in ten minutes":   {marks(10, 67*time.Second), 6, 0, 10, 6 * 9 * 67 * time.Second / 10},
		"ten at once":          {marks(10, time.Second), 5, 0, 0, 0},
		"an hour and more":     {marks(100, time.Minute), 30, 0, 60, 30 * time.Minute},
		"stopped 15 minutes":   {marks(100, time.Minute), 30, 15 * time.Minute, 45, 40 * time.Minute},
		"stopped 15 and a bit": {marks(100, time.Minute), 30, 15*time.Minute + 1, 0, 0},
	} {
		now := monday
		if len(c.times) > 0 {
			now = last(c.times).Add(c.after)
		}
		got := paceOf(c.times, c.left, now)
		if (got != nil) != (c.n > 0) || got != nil && (got.Marks != c.n || time.Duration(got.Takes)*time.Second != c.takes.Truncate(time.Second) || got.DoneAt.Sub(now).Truncate(time.Second) != c.takes.Truncate(time.Second)) {
			t.Errorf("%s: %+v, want %d and %v", what, got, c.n, c.takes)
		}
	}
	// A break is no gap: at Lease it is one, past it not.
	if g := gapOf([]time.Time{monday, monday.Add(Lease), monday.Add(2*Lease + 1)}); *g != (Gap{1, Lease.Seconds()}) {
		t.Errorf("%+v", g)
	}
	if g := gapOf([]time.Time{monday}); g != nil {
		t.Errorf("%+v", g)
	}
}

// Too few evaluators: it is said before publishing, in the queue and beside the progress; a second that is lacking leaves no pace.
func TestTooFewEvaluators(t *testing.T) {
	w := newWorld(t)
	q, id := w.doubled(1, 20)
	_ = id
	for n, need := range []int{2, 2, 3, 0} {
		w.roll.graders = []string{"a", "b", "c"}[:n]
		check, err := w.Quizzes.Check(w.ctx, w.author(), q.ID)
		w.ok(err)
		queue, err := w.Marking.Queue(w.ctx, w.author(), q.ID)
		w.ok(err)
		for where, got := range map[string]*Lacking{"check": check.Lacking, "queue": queue[0].Lacking, "progress": w.progress(q).Lacking} {
			if (got != nil) != (need > 0) || got != nil && (got.Need != need || got.Have != n) {
				t.Errorf("%d evaluators, %s: %+v, want %d", n, where, got, need)
			}
		}
		if need > 0 && len(check.Errors) != 0 {
			t.Errorf("%d evaluators keep a quiz from being published: %+v", n, check.Errors)
		}
	}
	w.roll.graders = []string{"a", "b"}
	for _, rule := range []*Second{nil, {Share: 0, Differs: 20}, {Share: 1, Differs: 100}} { // no mark is more than 100 percent away
		if got, err := w.desk.lacking(w.ctx, rule, &q); got != nil || err != nil {
			t.Errorf("%+v: %+v, %v", rule, got, err)
		}
	}
	// An evaluator who takes the quiz does not mark the own answer: one fewer are there for it.
	w.roll.members = map[string]string{"b": "m1"}
	for _, c := range []struct {
		graders int
		differs float64
		need    int
	}{{2, 100, 2}, {3, 100, 0}, {3, 20, 3}, {4, 20, 0}} {
		w.roll.graders = []string{"a", "b", "c", "d"}[:c.graders]
		got, err := w.desk.lacking(w.ctx, &Second{Share: 1, Differs: c.differs}, &q)
		w.ok(err)
		if (got != nil) != (c.need > 0) || got != nil && *got != (Lacking{c.graders, c.need, true}) {
			t.Errorf("%+v: %+v", c, got)
		}
	}
	w.roll.members = map[string]string{"b": "gone"}
	if got, err := w.desk.lacking(w.ctx, &Second{Share: 1, Differs: 100}, &q); got != nil || err != nil {
		t.Errorf("no member: %+v, %v", got, err)
	}
}

func TestConsistencyOfEvaluators(t *testing.T) {
	w := newWorld(t)
	q, id := w.doubled(4, 20)
	n := 0
	next := func(list ...float64) func(string) float64 {
		n = 0
		return func(string) float64 { n++; return list[n-1] }
	}
	one := w.marksAll("strict", q, id, 1, 50, next(4, 5, 6, 9))
	w.marksAll("mild", q, id, 2, 50, next(5, 7, 6, 5)) // by the same keys: 9 and 5 are apart
	if len(one) != 4 {
		t.Fatalf("%v", one)
	}
	look := func() Consistency {
		w.Helper()
		w.clock.Advance(tallyAge)
		c, err := w.Results.Consistency(w.ctx, w.author(), q.ID, Sight{Bank: w.author().Scope})
		w.ok(err)
		return c
	}
	c := look()
	if c.Answers != 4 || c.Apart != 1 || c.Differs != 20 || c.Quiz.N != 4 || *c.Quiz.Exact != 0.25 || *c.Quiz.Within != 0.75 || *c.Quiz.MeanPoints != 0.25 || c.Quiz.Grid != 1 || c.Third.N != 0 {
		t.Fatalf("%+v", c)
	}
	if c.Quiz.ICC.Value == nil || len(c.Pairs) != 1 || *c.Pairs[0].ICC.Value != *c.Quiz.ICC.Value || c.Items[0].Stem != "谈谈体会" || c.Items[0].Apart != 1 || *c.Items[0].ICC.Value != *c.Quiz.ICC.Value {
		t.Fatalf("the same two marked all: %+v", c)
	}
	// mild and strict stand a quarter of a point apart, on ten.
	if e := c.Evaluators; len(e) != 2 || e[0].By != "mild" || e[0].Severity.N != 4 || abs(*e[0].Severity.Mean+0.025) > 1e-9 || abs(*e[1].Severity.Mean-0.025) > 1e-9 || e[0].Marks != 4 || e[0].Apart != 1 || e[0].Decided != 0 {
		t.Fatalf("%+v", e)
	}
	w.marksAll("third", q, id, 3, 50, next(6)) // nearer to 5 than to 9
	c = look()
	if c.Third.N != 2 || c.Quiz.N != 4 || len(c.Pairs) != 1 || c.Quiz.ICC.Value == nil {
		t.Fatalf("%+v", c)
	}
	if e := c.Evaluators; e[0].Decided != 1 || e[0].Farther != 0 || e[1].Farther != 1 || e[2].By != "third" || e[2].Severity.N != 1 || abs(*e[2].Severity.Mean+0.1) > 1e-9 || e[2].Marks != 0 {
		t.Fatalf("%+v", e)
	}
	// A mark that is changed once the others can be seen changes no figure.
	for key, mark := range one {
		if mark == 4 {
			w.ok(w.marks(evaluator("mild"), q.ID, MarkAsk{Key: key, Slot: 1, Points: 4, Comment: "复核", Revise: true}))
		}
	}
	if again := look(); *again.Quiz.Exact != 0.25 || *again.Evaluators[0].Severity.Mean != *c.Evaluators[0].Severity.Mean {
		t.Fatalf("changed in sight of the other: %+v", again.Quiz)
	}
	// Another couple: the design is not crossed, each couple is by itself.
	w.member("late", branchB)
	m := w.start(q, "late", "phone")
	m.save(1, question.Response{Text: "体会"})
	m.submit()
	w.marksAll("strict", q, id, 1, 50, next(7))
	w.marksAll("fourth", q, id, 2, 50, next(7))
	c = look()
	if c.Quiz.N != 5 || c.Quiz.ICC.Why != "raters" || len(c.Pairs) != 2 || c.Pairs[0].N != 4 || c.Pairs[0].ICC.Value == nil || c.Pairs[1].ICC.Why != "few" {
		t.Fatalf("%+v %+v", c.Quiz, c.Pairs)
	}
}

func abs(x float64) float64 { return max(x, -x) }
