package exam

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
)

func TestTakeAQuiz(t *testing.T) {
	w := newWorld(t)
	q := w.quiz([]Entry{drawn(5, 2, "党章")}, func(d *Draft) { w.singles("党章", 12) })
	m := w.start(q, "m1", "phone")
	if len(m.sheet.Items) != 5 || m.sheet.Attempt.Points != 10 || !m.sheet.Attempt.Deadline.Equal(monday.Add(30*time.Minute)) {
		t.Fatalf("sheet %+v", m.sheet.Attempt)
	}
	m.answer(3)
	w.clock.Advance(10 * time.Minute)
	h := m.submit()
	if h.State != Released || h.Ending != Submitted || h.Answered != 5 || h.Unanswered != 0 || h.ResultsAt != "now" || h.Receipt == "" {
		t.Fatalf("handed %+v", h)
	}
	r, err := w.Attempts.Review(w.ctx, m.actor, m.sheet.Attempt.ID)
	w.ok(err)
	if r.Phase != RightAfter || r.Total == nil || r.Total.Score != 6 || r.Total.Percent != 60 || !r.Total.Passed {
		t.Fatalf("review %+v %+v", r.Phase, r.Total)
	}
	if r.Items[0].RightAnswer != nil || r.Items[0].Explanation != "" || r.Items[0].Feedback != "" {
		t.Fatal("key or explanation shown before the close")
	}
	w.clock.Set(monday.Add(2 * time.Hour))
	r, err = w.Attempts.Review(w.ctx, m.actor, m.sheet.Attempt.ID)
	w.ok(err)
	if r.Phase != AfterClose || r.Items[0].RightAnswer == nil || r.Items[0].RightAnswer.Choices[0] != "a" || r.Items[0].Explanation == "" {
		t.Fatalf("after the close %+v", r.Items[0])
	}
}

func TestHundredStartsAreOneAttempt(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 3)
	q := w.quiz(fixed(1, ids...))
	other := w.process()
	var wg sync.WaitGroup
	sheets := make([]Sheet, 100)
	for i := range sheets {
		wg.Go(func() {
			engine := w.Engine
			if i%2 == 1 {
				engine = other.Engine
			}
			var err error
			if sheets[i], err = engine.Attempts.Start(w.ctx, as("m1", "phone"), q.ID, Begin{}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, s := range sheets {
		if s.Attempt.ID != AttemptID(q.ID, "m1", 1) || s.Session != sheets[0].Session {
			t.Fatalf("another attempt: %s", s.Attempt.ID)
		}
	}
	list, err := w.desk.ofMember(w.ctx, q.ID, "m1")
	w.ok(err)
	if len(list) != 1 || len(list[0].Steps) != 1 {
		t.Fatalf("%d attempts", len(list))
	}
}

func TestParallelSavesAreIdempotent(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(1, w.singles("一", 20)...))
	m := w.start(q, "m1", "phone")
	other := w.process()
	receipts := make([][]Receipt, 200)
	var wg sync.WaitGroup
	for i := range receipts {
		wg.Go(func() {
			engine := []*Engine{w.Engine, other.Engine}[i/20%2]
			saved, err := engine.Attempts.Save(w.ctx, m.actor, m.sheet.Attempt.ID, m.sheet.Session,
				[]Answer{{ClientSeq: int64(i%20 + 1), Slot: i%20 + 1, Response: choose("a")}})
			if err != nil {
				t.Error(err)
			}
			receipts[i] = saved.Receipts
		})
	}
	wg.Wait()
	for i := range receipts {
		if receipts[i][0] != receipts[i%20][0] {
			t.Fatalf("try %d of answer %d got another receipt", i/20, i%20+1)
		}
	}
	a := m.stored()
	if len(a.Steps) != 21 || a.Chain().Verify(w.keys.Key("receipt")) != 0 {
		t.Fatalf("%d steps, broken at %d", len(a.Steps), a.Chain().Verify(w.keys.Key("receipt")))
	}
}

func TestStaleTab(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(1, w.singles("一", 3)...))
	m := w.start(q, "m1", "phone")
	tab := *m // the same session in a second tab
	m.save(1, choose("a"))
	if _, err := tab.trySave(2, choose("b")); fault.KeyOf(err) != "attempt.stale" {
		t.Fatalf("two tabs with one number: %v", err)
	}
	m.save(1, choose("c"))
	m.save(1, choose("d"))
	_, err := w.Attempts.Save(w.ctx, m.actor, m.sheet.Attempt.ID, m.sheet.Session, []Answer{{ClientSeq: 2, Slot: 1, Response: choose("b")}})
	w.refused(err, "attempt.stale")
	// The very same save again is no conflict, though a newer answer stands.
	saved, err := w.Attempts.Save(w.ctx, m.actor, m.sheet.Attempt.ID, m.sheet.Session, []Answer{{ClientSeq: 2, Slot: 1, Response: choose("c")}})
	w.ok(err)
	if saved.Receipts[0].Seq != 3 {
		t.Fatalf("seq %d", saved.Receipts[0].Seq)
	}
	// An answer that only repeats what is there is newer all the same: what was given before it, and was
	// held up on the way, does not replace it.
	m.save(1, choose("d"))
	m.seq++ // never arrived
	m.save(1, choose("d"))
	_, err = w.Attempts.Save(w.ctx, m.actor, m.sheet.Attempt.ID, m.sheet.Session, []Answer{{ClientSeq: m.seq - 1, Slot: 1, Response: choose("b")}})
	w.refused(err, "attempt.stale")
}

func TestTakeover(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(1, w.singles("一", 3)...))
	phone := w.start(q, "m1", "phone")
	kept := phone.save(1, choose("a"))
	_, err := w.tryStart(q, "m1", "pc", Begin{Device: "pc"})
	w.refused(err, "attempt.other_session")
	_, err = w.Attempts.Get(w.ctx, as("m1", "pc"), phone.sheet.Attempt.ID, false)
	w.refused(err, "attempt.other_session")
	view, err := w.Attempts.Get(w.ctx, as("m1", "pc"), phone.sheet.Attempt.ID, true)
	w.ok(err)
	if view.Session != "" || len(view.Answers) != 1 {
		t.Fatalf("a viewer got session %q", view.Session)
	}
	pc, err := w.tryStart(q, "m1", "pc", Begin{Takeover: true, Device: "pc"})
	w.ok(err)
	if len(pc.sheet.Answers) != 1 || pc.sheet.LastClientSeq != 0 {
		t.Fatalf("taken over %+v", pc.sheet)
	}
	pc.save(2, choose("b"))
	_, err = phone.trySave(3, choose("c"))
	w.refused(err, "attempt.other_session")
	again, err := w.Attempts.Save(w.ctx, phone.actor, phone.sheet.Attempt.ID, phone.sheet.Session, []Answer{{ClientSeq: 1, Slot: 1, Response: choose("a")}})
	w.ok(err)
	if again.Receipts[0] != kept {
		t.Fatal("what was acknowledged before the takeover is not acknowledged again")
	}
	clock, err := w.Attempts.Clock(w.ctx, phone.actor, phone.sheet.Attempt.ID)
	w.ok(err)
	if clock.ActiveSession {
		t.Fatal("the phone still answers")
	}
	_, err = w.Attempts.Submit(w.ctx, phone.actor, phone.sheet.Attempt.ID, phone.sheet.Session)
	w.refused(err, "attempt.other_session")
	pc.submit()
	_, err = w.Attempts.Get(w.ctx, as("m2", "pc"), phone.sheet.Attempt.ID, true)
	w.refused(err, "attempt.not_found")
}

// Whoever notices the end first, a save, a read or the sweep: the attempt ends with its deadline.
func TestEndIsTheDeadlineWhoeverNotices(t *testing.T) {
	notice := map[string]func(*taking){
		"save":   func(m *taking) { m.save(2, choose("a")) },
		"read":   func(m *taking) { _, err := m.Attempts.Get(m.ctx, m.actor, m.sheet.Attempt.ID, false); m.ok(err) },
		"clock":  func(m *taking) { _, err := m.Attempts.Clock(m.ctx, m.actor, m.sheet.Attempt.ID); m.ok(err) },
		"submit": func(m *taking) { m.submit() },
		"sweep":  func(m *taking) { _, err := m.Sweep(m.ctx); m.ok(err) },
		"results": func(m *taking) {
			_, err := m.Results.Statistics(m.ctx, m.author(), m.sheet.Attempt.QuizID, StatisticsAsk{}, Sight{Bank: policies.Scope{committee}, Rows: policies.Scope{committee}})
			m.ok(err)
		},
		"cards": func(m *taking) { _, err := m.Attempts.Cards(m.ctx, m.actor); m.ok(err) },
	}
	for name, look := range notice {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			q := w.quiz(fixed(1, w.singles("一", 2)...))
			m := w.start(q, "m1", "phone")
			m.save(1, choose("a"))
			deadline := monday.Add(30 * time.Minute)
			w.clock.Set(deadline.Add(-time.Millisecond))
			look2 := m.stored()
			if look2.State != Open {
				t.Fatal("ended early")
			}
			w.clock.Set(deadline.Add(7 * time.Second))
			look(m)
			m.want(Released, &deadline)
			a := m.stored()
			if a.Ending != Expired || *a.Score != 1 || a.Steps[2].Kind != StepExpire || !a.Steps[2].At.Equal(deadline) {
				t.Fatalf("ended %s with %v", a.Ending, *a.Score)
			}
		})
	}
}

func TestSavesAroundTheDeadline(t *testing.T) {
	for _, c := range []struct {
		at   time.Duration
		late bool
	}{{-time.Second, false}, {-time.Millisecond, false}, {0, true}, {time.Millisecond, true}, {time.Hour, true}} {
		t.Run(c.at.String(), func(t *testing.T) {
			w := newWorld(t)
			q := w.quiz(fixed(1, w.singles("一", 2)...))
			m := w.start(q, "m1", "phone")
			w.clock.Set(monday.Add(30*time.Minute + c.at))
			r := m.save(1, choose("a"))
			if r.Late != c.late || r.Receipt == "" {
				t.Fatalf("receipt %+v", r)
			}
			a := m.stored()
			if c.late && (a.Late != 1 || *a.Score != 0) {
				t.Fatalf("late answer counts: %d late, score %v", a.Late, *a.Score)
			}
		})
	}
}

func TestLateAnswerIsAdmitted(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(1, w.singles("一", 2)...))
	m := w.start(q, "m1", "phone")
	m.save(1, choose("b"))
	w.clock.Advance(31 * time.Minute)
	late := m.save(1, choose("a"))
	id := m.sheet.Attempt.ID
	_, err := w.Marking.Admit(w.ctx, w.author(), id, late.Seq, " ")
	w.refused(err, "attempt.admit_invalid")
	_, err = w.Marking.Admit(w.ctx, w.author(), id, 2, "断网")
	w.refused(err, "attempt.no_late_answer")
	a, err := w.Marking.Admit(w.ctx, w.author(), id, late.Seq, "考场断网，监考人证明")
	w.ok(err)
	if *a.Score != 1 || a.Late != 0 || a.State != Released {
		t.Fatalf("score %v, late %d", *a.Score, a.Late)
	}
	_, err = w.Marking.Admit(w.ctx, w.author(), id, late.Seq, "again")
	w.refused(err, "attempt.admitted")
	r, err := w.Attempts.Review(w.ctx, m.actor, id)
	w.ok(err)
	if len(r.Late) != 1 || !r.Late[0].Admitted || r.Late[0].Reason == "" {
		t.Fatalf("late %+v", r.Late)
	}
}

func TestGrace(t *testing.T) {
	grace := func(d *Draft) { d.Settings.Overdue, d.Settings.Grace = OverdueGrace, 60 }
	end := monday.Add(30 * time.Minute)
	t.Run("handed in", func(t *testing.T) {
		w := newWorld(t)
		m := w.start(w.quiz(fixed(1, w.singles("一", 2)...), grace), "m1", "phone")
		m.save(1, choose("a"))
		w.clock.Set(end.Add(59*time.Second + 999*time.Millisecond))
		if r := m.save(2, choose("a")); !r.Late {
			t.Fatal("answered in grace")
		}
		m.want(PastDue, nil)
		h := m.submit()
		at := w.clock.Now()
		m.want(Released, &at)
		if h.Ending != Submitted || *m.stored().Score != 1 {
			t.Fatalf("handed %+v", h)
		}
	})
	t.Run("not handed in", func(t *testing.T) {
		w := newWorld(t)
		m := w.start(w.quiz(fixed(1, w.singles("一", 2)...), grace), "m1", "phone")
		w.clock.Set(end)
		n, err := w.Sweep(w.ctx)
		w.ok(err)
		if n != 1 {
			t.Fatalf("swept %d", n)
		}
		m.want(PastDue, nil)
		w.clock.Set(end.Add(time.Minute))
		_, err = w.Sweep(w.ctx)
		w.ok(err)
		graceEnd := end.Add(time.Minute)
		m.want(Abandoned, &graceEnd)
		if h := m.submit(); h.State != Abandoned || h.ResultsAt != "not_counted" {
			t.Fatalf("%+v", h)
		}
	})
	t.Run("extended in grace", func(t *testing.T) {
		w := newWorld(t)
		q := w.quiz(fixed(1, w.singles("一", 2)...), grace)
		m := w.start(q, "m1", "phone")
		w.clock.Set(end.Add(10 * time.Second))
		_, err := w.Sweep(w.ctx)
		w.ok(err)
		limit := 40 * 60
		_, err = w.Quizzes.SetOverride(w.ctx, w.author(), q.ID, "member:m1", 0, Override{Limit: &limit, Reason: "值班"})
		w.ok(err)
		m.want(Open, nil)
		if r := m.save(2, choose("a")); r.Late {
			t.Fatal("late in spite of the extension")
		}
	})
}

func TestAbandon(t *testing.T) {
	w := newWorld(t)
	m := w.start(w.quiz(fixed(1, w.singles("一", 1)...), func(d *Draft) { d.Settings.Overdue = OverdueAbandon }), "m1", "phone")
	m.save(1, choose("a"))
	w.clock.Advance(30 * time.Minute)
	_, err := w.Sweep(w.ctx)
	w.ok(err)
	end := monday.Add(30 * time.Minute)
	m.want(Abandoned, &end)
	if m.stored().Score != nil {
		t.Fatal("an abandoned attempt has a score")
	}
}

// An extension reaches a running attempt within five seconds, also in another process.
func TestExtensionReachesRunningAttempt(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(1, w.singles("一", 2)...))
	m := w.start(q, "m1", "phone")
	other := w.process()
	if _, err := other.Attempts.Clock(w.ctx, m.actor, m.sheet.Attempt.ID); err != nil {
		t.Fatal(err)
	}
	limit := 45 * 60
	_, err := w.Quizzes.SetOverride(w.ctx, w.author(), q.ID, "org:"+branchA, 0, Override{Limit: &limit, Reason: "网络故障"})
	w.ok(err)
	want := monday.Add(45 * time.Minute)
	for name, p := range map[string]*world{"here": w, "other process": other} {
		w.clock.Advance(time.Second)
		c, err := p.Attempts.Clock(w.ctx, m.actor, m.sheet.Attempt.ID)
		w.ok(err)
		if !c.Deadline.Equal(want) {
			t.Errorf("%s: deadline %v", name, c.Deadline)
		}
	}
	if a := m.stored(); !a.Deadline.Equal(want) {
		t.Fatal("the sweep would look at the old deadline")
	}
	// The member leaves the branch: the group's extension is gone.
	w.member("m1", branchB)
	w.clock.Advance(5 * time.Second)
	c, err := other.Attempts.Clock(w.ctx, m.actor, m.sheet.Attempt.ID)
	w.ok(err)
	if !c.Deadline.Equal(monday.Add(30 * time.Minute)) {
		t.Fatalf("deadline %v after leaving the group", c.Deadline)
	}
	for _, extra := range []float64{-1, 0.99, 10.01} { // extra time never takes time away
		if _, err := w.Quizzes.SetOverride(w.ctx, w.author(), q.ID, "member:m1", 0, Override{Extra: extra, Reason: "值班"}); fault.KeyOf(err) != "override.invalid" {
			t.Errorf("%v times as long: %v", extra, err)
		}
	}
	_, err = w.Quizzes.SetOverride(w.ctx, w.author(), q.ID, "member:m1", 0, Override{Extra: 1.5, Reason: "值班"})
	w.ok(err)
	c, err = w.Attempts.Clock(w.ctx, m.actor, m.sheet.Attempt.ID)
	w.ok(err)
	if !c.Deadline.Equal(want) {
		t.Fatalf("deadline %v with half as long again", c.Deadline)
	}
	w.ok(w.Quizzes.DeleteOverride(w.ctx, w.author(), q.ID, "member:m1"))
	if a := m.stored(); !a.Deadline.Equal(monday.Add(30 * time.Minute)) {
		t.Fatalf("deadline %v after the override went", a.Deadline)
	}
}

func TestClosingByHandEndsRunningAttempts(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(1, w.singles("一", 2)...))
	m := w.start(q, "m1", "phone")
	m.save(1, choose("a"))
	w.clock.Advance(5 * time.Minute)
	_, err := w.Quizzes.Close(w.ctx, w.author(), q.ID, q.Rev+7) // somebody closes what is not what stands
	w.refused(err, "quiz.stale")
	m.want(Open, nil)
	_, err = w.Quizzes.Close(w.ctx, w.author(), q.ID, q.Rev)
	w.ok(err)
	at := monday.Add(5 * time.Minute)
	m.want(Released, &at)
	_, err = w.tryStart(q, "m2", "phone", Begin{})
	w.refused(err, "exam.closed")
	_, err = w.Quizzes.Close(w.ctx, w.author(), q.ID, 0)
	w.refused(err, "quiz.transition")
	_, err = w.Quizzes.Reopen(w.ctx, w.author(), q.ID, 0)
	w.ok(err)
	w.start(q, "m2", "phone")
}

// A crash between the change and the timing anew is finished by the sweep.
func TestSweepFinishesRetiming(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(1, w.singles("一", 1)...))
	m := w.start(q, "m1", "phone")
	closed := monday.Add(time.Minute)
	w.clock.Set(closed)
	w.ok(w.desk.retimings.Insert(w.ctx, &retiming{Meta: metaOf(q.ID), N: 1}))
	_, err := w.desk.quizzes.Update(w.ctx, q.ID, func(q *Quiz) error { q.Status, q.ClosedAt = QuizClosed, &closed; return nil })
	w.ok(err)
	w.clock.Advance(time.Minute)
	_, err = w.Sweep(w.ctx)
	w.ok(err)
	m.want(Released, &closed)
	mark, err := w.desk.retimings.Get(w.ctx, q.ID)
	w.ok(err)
	if mark.N != 0 {
		t.Fatal("still marked")
	}
}

func TestWhoMayStartWhen(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 2)
	wrong := []struct {
		name, key string
		at        time.Time
		set       func(*Draft)
		begin     Begin
	}{
		{"a moment early", "exam.not_open", monday.Add(-time.Millisecond), nil, Begin{}},
		{"at the opening", "", monday, nil, Begin{}},
		{"the last moment", "", monday.Add(2*time.Hour - time.Millisecond), nil, Begin{}},
		{"at the close", "exam.closed", monday.Add(2 * time.Hour), nil, Begin{}},
		{"no password", "exam.password", monday, func(d *Draft) { d.Settings.Password = "先锋" }, Begin{}},
		{"wrong password", "exam.password", monday, func(d *Draft) { d.Settings.Password = "先锋" }, Begin{Password: "先烽"}},
		{"right password", "", monday, func(d *Draft) { d.Settings.Password = "先锋" }, Begin{Password: "先锋"}},
		{"not addressed", "quiz.not_found", monday, func(d *Draft) { d.Audience = Audience{Orgs: []string{branchB}} }, Begin{}},
		{"by name", "", monday, func(d *Draft) { d.Audience = Audience{Members: []string{"m1"}} }, Begin{}},
		{"other stage", "quiz.not_found", monday, func(d *Draft) { d.Audience.Stages = []string{"probationary"} }, Begin{}},
	}
	for _, c := range wrong {
		w.clock.Set(monday)
		set := c.set
		if set == nil {
			set = func(*Draft) {}
		}
		q := w.quiz(fixed(1, ids...), set)
		w.clock.Set(c.at)
		if _, err := w.tryStart(q, "m1", "phone", c.begin); fault.KeyOf(err) != c.key {
			t.Errorf("%s: want %q, got %v", c.name, c.key, err)
		}
	}
}

func TestAttemptLimitAndWait(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(1, w.singles("一", 1)...), func(d *Draft) { d.Settings.Attempts, d.Settings.Wait = 2, 600 })
	w.start(q, "m1", "phone").submit()
	w.clock.Advance(10*time.Minute - time.Millisecond)
	_, err := w.tryStart(q, "m1", "phone", Begin{})
	w.refused(err, "exam.wait")
	w.clock.Advance(time.Millisecond)
	second := w.start(q, "m1", "phone")
	if second.sheet.Attempt.Number != 2 {
		t.Fatal("resumed the first")
	}
	second.submit()
	w.clock.Advance(time.Hour)
	_, err = w.tryStart(q, "m1", "phone", Begin{})
	w.refused(err, "exam.no_attempts_left")
	_, err = w.Marking.Void(w.ctx, w.author(), second.sheet.Attempt.ID, "设备故障")
	w.ok(err)
	if third := w.start(q, "m1", "phone"); third.sheet.Attempt.Number != 3 {
		t.Fatalf("number %d after a void attempt", third.sheet.Attempt.Number)
	}
}

func TestRunningAttemptKeepsItsVersion(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 3)
	q := w.quiz(fixed(1, ids[0], ids[1]))
	m := w.start(q, "m1", "phone")
	q2, err := w.Quizzes.Save(w.ctx, w.author(), q.ID, q.Rev, Draft{Title: q.Title, Settings: q.Settings, Audience: q.Audience,
		Sections: []Section{{ID: "s1", Entries: fixed(5, ids[2])}}})
	w.ok(err)
	if !q2.Dirty {
		t.Fatal("an edited published quiz is not dirty")
	}
	_, err = w.Quizzes.Publish(w.ctx, w.author(), q.ID, q2.Rev)
	w.ok(err)
	m.save(1, choose("a"))
	m.save(2, choose("a"))
	m.submit()
	if a := m.stored(); a.Version != 1 || *a.Score != 2 {
		t.Fatalf("version %d, score %v", a.Version, *a.Score)
	}
	fresh := w.start(q, "m2", "phone")
	if len(fresh.sheet.Items) != 1 || fresh.sheet.Items[0].Points != 5 {
		t.Fatal("a new attempt does not get the new version")
	}
}

// The answers of a long essay, saved every few seconds, must not grow the document without end; the
// receipts of what was dropped still hold.
func TestLongTextIsSavedOften(t *testing.T) {
	w := newWorld(t)
	ids := w.questions("简答", short("谈谈认识"))
	m := w.start(w.quiz(fixed(10, ids...)), "m1", "phone")
	var last string
	for i := range 100 {
		last = fmt.Sprintf("%03d", i)
		for range 300 {
			last += "学习"
		}
		m.save(1, question.Response{Text: last})
	}
	a := m.stored()
	total := 0
	for _, s := range a.Steps {
		total += s.size()
	}
	if total > maxAnswerBytes || len(a.Steps) != 101 {
		t.Fatalf("%d bytes in %d steps", total, len(a.Steps))
	}
	if a.Chain().Verify(w.keys.Key("receipt")) != 0 {
		t.Fatal("the chain is broken")
	}
	if v := Replay(a.Steps, 1); v.Answers[0].Response.Text != last {
		t.Fatal("the last answer is not the current one")
	}
}
