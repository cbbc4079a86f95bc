package exam

import (
	"testing"
	"time"

	"qiming/policies"
)

// Who needs a make-up, by what became of the first quiz and whether another attempt may begin.
func TestWanting(t *testing.T) {
	attempt := func(state State, percent float64) Attempt {
		pass := percent >= 60
		return Attempt{State: state, Percent: &percent, Passed: &pass, Score: &percent}
	}
	for name, c := range map[string]struct {
		attempts []Attempt
		over     bool
		want     bool
	}{
		"absent, still open":            {nil, false, false},
		"absent, over":                  {nil, true, true},
		"failed, another is left":       {[]Attempt{attempt(Released, 59.99)}, false, false},
		"failed, over":                  {[]Attempt{attempt(Released, 59.99)}, true, true},
		"passed, at the limit":          {[]Attempt{attempt(Released, 60)}, true, false},
		"failed, not released":          {[]Attempt{attempt(Graded, 10)}, true, false},
		"waits for an evaluator":        {[]Attempt{{State: Grading}}, true, false},
		"runs":                          {[]Attempt{{State: Open}}, true, false},
		"overdue":                       {[]Attempt{{State: PastDue}}, true, false},
		"void is no attempt":            {[]Attempt{attempt(Void, 100)}, true, true},
		"never handed in":               {[]Attempt{{State: Abandoned}}, true, true},
		"failed once, passed once":      {[]Attempt{attempt(Released, 10), attempt(Released, 90)}, true, false},
		"failed once, the second waits": {[]Attempt{attempt(Released, 10), {State: Grading}}, true, false},
	} {
		if got := wanting(GradeBest, 60, resultsOf(c.attempts), c.over); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestMakeup(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 2)
	q := w.quiz(fixed(5, ids...), func(d *Draft) { d.Settings.PassPercent = 100 })
	w.sat(q, map[string]string{"m1": "a", "m2": "b"}) // m1 passes, m2 fails, m3 and m4 stay away
	draft, err := w.Quizzes.Create(w.ctx, w.author(), "草稿", []string{committee})
	w.ok(err)
	_, err = w.Quizzes.Makeup(w.ctx, w.author(), draft.ID, "补考")
	w.refused(err, "makeup.not_published")
	_, err = w.Quizzes.Makeup(w.ctx, w.author(), q.ID, " ")
	w.refused(err, "quiz.invalid")
	_, err = w.Quizzes.Makeup(w.ctx, policies.Actor{Scope: policies.Scope{branchA}}, q.ID, "补考")
	w.refused(err, "quiz.not_found")
	m, err := w.Quizzes.Makeup(w.ctx, w.author(), q.ID, "党章知识测试（补考）")
	w.ok(err)
	if m.MakeupOf != q.ID || m.Settings.Closes != nil || m.Settings.PassPercent != 100 || len(m.Sections) != 1 {
		t.Fatalf("%+v", m)
	}
	m, err = w.Quizzes.Publish(w.ctx, w.author(), m.ID, m.Rev)
	w.ok(err)
	cards := func(member string) (makeups int) {
		t.Helper()
		list, err := w.Attempts.Cards(w.ctx, as(member, "phone"))
		w.ok(err)
		for _, c := range list {
			if c.MakeupOf == q.ID {
				makeups++
			}
		}
		return makeups
	}
	if cards("m1") != 0 || cards("m2") != 1 || cards("m3") != 0 {
		t.Fatal("while the first is open, only who failed for good needs the make-up")
	}
	_, err = w.tryStart(m, "m1", "phone", Begin{})
	w.refused(err, "quiz.not_found")
	w.clock.Advance(2 * time.Hour)
	if cards("m1") != 0 || cards("m2") != 1 || cards("m3") != 1 {
		t.Fatal("after its end, who was absent too")
	}
	check, err := w.Quizzes.Check(w.ctx, w.author(), m.ID)
	w.ok(err)
	if check.Audience != 3 || len(check.Errors) != 0 {
		t.Fatalf("%+v", check)
	}
	w.sat(m, map[string]string{"m2": "a", "m3": "b"})
	rows, err := w.Results.All(w.ctx, w.author(), q.ID, RowFilter{})
	w.ok(err)
	for _, r := range rows {
		want := map[string]Final{"m1": FinalPassed, "m2": FinalMadeUp, "m3": FinalFailed, "m4": FinalAbsent}[r.MemberID]
		if r.Final != want {
			t.Errorf("%s: %s, make-up %+v", r.MemberID, r.Final, r.MadeUp)
		}
		if (r.MadeUp == nil) != (r.MemberID == "m1") {
			t.Errorf("%s: make-up %+v", r.MemberID, r.MadeUp)
		}
	}
	st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{}, w.all())
	w.ok(err)
	if st.MadeUp != 1 || st.ByOrg[0].MadeUp != 1 || st.Passed != 1 {
		t.Errorf("coverage: %d made up, %d passed", st.MadeUp, st.Passed)
	}
	total, byOrg, err := w.Results.Finals(w.ctx, w.author(), q.ID, "")
	w.ok(err)
	if total != (FinalCount{Due: 4, Passed: 1, MadeUp: 1, Failed: 1, Absent: 1}) || byOrg[branchA] != (FinalCount{Due: 2, Passed: 1, Failed: 1}) {
		t.Errorf("%+v %+v", total, byOrg)
	}
	for state, want := range map[string]int{"made_up": 1, "not_passed": 2} {
		if rows, err := w.Results.All(w.ctx, w.author(), q.ID, RowFilter{State: state}); err != nil || len(rows) != want {
			t.Errorf("%s: %d, %v", state, len(rows), err)
		}
	}
	// A second make-up, made from the first make-up, is of the first quiz: for who still has not passed.
	again, err := w.Quizzes.Makeup(w.ctx, w.author(), m.ID, "第二次补考")
	w.ok(err)
	again, err = w.Quizzes.Publish(w.ctx, w.author(), again.ID, again.Rev)
	w.ok(err)
	if again.MakeupOf != q.ID || cards("m2") != 1 || cards("m3") != 2 || cards("m4") != 2 {
		t.Fatalf("of %s; %d %d %d", again.MakeupOf, cards("m2"), cards("m3"), cards("m4"))
	}
	// A regrade lets everybody pass who sat: m3 sat the make-up only, m2 passes the first now.
	for _, id := range ids {
		w.askAndApprove(q, RegradeWish{QuestionID: id, Way: ForAll})
	}
	w.clock.Advance(3 * time.Second)
	rows, err = w.Results.All(w.ctx, w.author(), q.ID, RowFilter{State: "passed"})
	w.ok(err)
	if len(rows) != 2 || cards("m4") != 2 {
		t.Errorf("%d pass", len(rows))
	}
}

// What a regrade changes, the make-up follows: who passes after all does not need it any more.
func TestMakeupFollowsRegrades(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 1)
	q := w.quiz(fixed(5, ids...))
	w.sat(q, map[string]string{"m1": "b"})
	m, err := w.Quizzes.Makeup(w.ctx, w.author(), q.ID, "补考")
	w.ok(err)
	m, err = w.Quizzes.Publish(w.ctx, w.author(), m.ID, m.Rev)
	w.ok(err)
	open, err := w.tryStart(m, "m1", "phone", Begin{})
	w.ok(err)
	w.askAndApprove(q, RegradeWish{QuestionID: ids[0], Way: ForAll})
	open.save(1, choose("a")) // what was begun goes on
	open.submit()
	_, err = w.tryStart(m, "m1", "phone", Begin{})
	w.refused(err, "exam.not_addressed")
}

// Nobody is absent who may still come: until the end of the window, each by the end that is theirs.
func TestAbsentOnlyAfterTheEnd(t *testing.T) {
	w := newWorld(t)
	end := w.clock.Now().Add(time.Hour)
	q := w.quiz(fixed(5, w.singles("一", 1)...), func(d *Draft) {
		d.Settings.Closes = &end
		d.Audience = Audience{Members: []string{"m1", "m2", "m3"}}
	})
	_, err := w.Quizzes.SetOverride(w.ctx, w.author(), q.ID, "member:m3", 0, Override{Closes: ptr(end.Add(time.Hour)), Reason: "值班"})
	w.ok(err)
	w.sat(q, map[string]string{"m1": "b"})
	check := func(when string, states map[string]string, finals map[string]Final, notYet, absent int) {
		t.Helper()
		w.clock.Advance(3 * time.Second)
		rows, err := w.Results.All(w.ctx, w.author(), q.ID, RowFilter{})
		w.ok(err)
		for _, r := range rows {
			if r.State != states[r.MemberID] || r.Final != finals[r.MemberID] {
				t.Errorf("%s: %s is %s, in the end %s", when, r.MemberID, r.State, r.Final)
			}
		}
		st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{}, w.all())
		w.ok(err)
		if st.NotYet != notYet || st.Absent != absent || st.ByOrg[0].NotYet != notYet || st.ByOrg[0].Absent != absent {
			t.Errorf("%s: %d not yet, %d absent; %+v", when, st.NotYet, st.Absent, st.ByOrg[0])
		}
	}
	check("open", map[string]string{"m1": "released", "m2": NotYet, "m3": NotYet}, map[string]Final{"m1": FinalFailed, "m2": FinalPending, "m3": FinalPending}, 2, 0)
	makeup, err := w.Quizzes.Makeup(w.ctx, w.author(), q.ID, "补考")
	w.ok(err)
	_, err = w.Quizzes.Publish(w.ctx, w.author(), makeup.ID, makeup.Rev)
	w.ok(err)
	w.clock.Advance(time.Hour)
	check("closed but to one", map[string]string{"m1": "released", "m2": Absent, "m3": NotYet}, map[string]Final{"m1": FinalFailed, "m2": FinalAbsent, "m3": FinalPending}, 1, 1)
	rows, err := w.Results.All(w.ctx, w.author(), q.ID, RowFilter{State: Absent})
	w.ok(err)
	if len(rows) != 1 || rows[0].MemberID != "m2" || rows[0].MadeUp == nil || rows[0].MadeUp.State != NotYet {
		t.Errorf("an open make-up was not missed: %+v", rows)
	}
	w.clock.Advance(time.Hour)
	check("closed", map[string]string{"m1": "released", "m2": Absent, "m3": Absent}, map[string]Final{"m1": FinalFailed, "m2": FinalAbsent, "m3": FinalAbsent}, 0, 2)
}
