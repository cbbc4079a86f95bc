package exam

import (
	"sync"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/policies"
)

func (w *world) order(q Quiz, o Order) Ordered {
	w.Helper()
	done, err := w.Boards.Order(w.ctx, w.author(), q.ID, o)
	w.ok(err)
	return done
}

func (t *taking) standing() Standing {
	t.Helper()
	s, err := t.Attempts.Clock(t.ctx, t.actor, t.sheet.Attempt.ID)
	t.ok(err)
	return s
}

func only(t *taking) Target { return Target{Attempts: []string{t.sheet.Attempt.ID}} }

// A held attempt takes no answers, its clock stands still, and its end moves by as long, past the close too.
func TestHold(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 2)...), func(d *Draft) { d.Settings.Closes = when(monday.Add(30 * time.Minute)) })
	me := w.start(q, "m1", "phone")
	me.save(1, choose("a"))
	w.clock.Advance(10 * time.Minute)
	if done := w.order(q, Order{Act: OrderPause, Reason: "停电", Target: only(me)}); done.Done != 1 || done.Left != 0 {
		t.Fatalf("%+v", done)
	}
	if done := w.order(q, Order{Act: OrderPause, Reason: "停电", Target: only(me)}); done.Done != 0 || done.Left != 1 {
		t.Fatalf("holding twice: %+v", done)
	}
	if s := me.standing(); s.Held == nil || s.Held.Reason != "停电" || s.Deadline != nil || s.State != Open {
		t.Fatalf("%+v", s)
	}
	rev := me.stored().Rev
	me.standing()
	if me.stored().Rev != rev {
		t.Error("looking at a held attempt writes it")
	}
	_, err := me.trySave(2, choose("a"))
	w.refused(err, "attempt.paused")
	if !fault.Is(err, fault.Conflict) {
		t.Error("the page must keep the answer and try again")
	}
	_, err = w.Attempts.Submit(w.ctx, me.actor, me.sheet.Attempt.ID, me.sheet.Session)
	w.refused(err, "attempt.paused")
	saved, err := w.Attempts.Save(w.ctx, me.actor, me.sheet.Attempt.ID, me.sheet.Session, []Answer{{ClientSeq: 1, Slot: 1, Response: choose("a")}})
	w.ok(err) // a retry of what the server has
	if len(saved.Receipts) != 1 {
		t.Error("no receipt for what was saved before")
	}

	w.clock.Advance(3 * time.Hour) // long past the end and the close
	if n, err := w.Sweep(w.ctx); err != nil || n != 0 {
		t.Fatalf("the sweep ended a held attempt: %d, %v", n, err)
	}
	me.want(Open, nil)
	w.order(q, Order{Act: OrderResume, Target: only(me)})
	end := monday.Add(3*time.Hour + 30*time.Minute)
	if s := me.standing(); s.Held != nil || s.Deadline == nil || !s.Deadline.Equal(end) {
		t.Fatalf("%+v, want %v", s, end)
	}
	me.save(2, choose("a"))
	w.clock.Set(end.Add(-time.Millisecond))
	me.want(Open, nil)
	if s := me.standing(); s.State != Open {
		t.Fatal("ended too early")
	}
	w.clock.Set(end)
	if _, err := w.Sweep(w.ctx); err != nil {
		t.Fatal(err)
	}
	me.want(Released, when(end))
	if a := me.stored(); a.Percent == nil || *a.Percent != 100 {
		t.Errorf("%+v", a.Percent)
	}
	chain, err := w.Attempts.Receipts(w.ctx, me.actor, me.sheet.Attempt.ID)
	w.ok(err)
	if broken := chain.Verify(w.keys.Key("receipt")); broken != 0 {
		t.Errorf("the receipts break at %d", broken)
	}
}

// Closing the quiz by hand is the later decision: it ends a held attempt at that moment.
func TestHeldAttemptEndsWithTheQuiz(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 1)...))
	me := w.start(q, "m1", "phone")
	w.order(q, Order{Act: OrderPause, Reason: "停电", Target: Target{All: true}})
	w.clock.Advance(time.Hour)
	_, err := w.Quizzes.Close(w.ctx, w.author(), q.ID, q.Rev)
	w.ok(err)
	me.want(Released, when(monday.Add(time.Hour)))
}

// More time moves the end by as much whatever bound it: the limit, the close, the limit of a section.
func TestExtend(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 1)...))
	early := w.start(q, "m1", "phone") // ends by its limit, 8:30
	w.clock.Set(monday.Add(20 * time.Minute))
	other := w.start(q, "m2", "phone") // branch B
	w.order(q, Order{Act: OrderExtend, Minutes: 10, Reason: "网络故障", Target: Target{Org: branchA}})
	if s := early.standing(); !s.Deadline.Equal(monday.Add(40 * time.Minute)) {
		t.Errorf("by the limit: %v", s.Deadline)
	}
	if s := other.standing(); !s.Deadline.Equal(monday.Add(50 * time.Minute)) {
		t.Errorf("another branch: %v", s.Deadline)
	}
	w.clock.Set(monday.Add(110 * time.Minute))
	late := w.start(q, "m3", "phone") // ends by the close, 10:00
	w.order(q, Order{Act: OrderExtend, Minutes: 5, Reason: "网络故障", Target: only(late)})
	w.order(q, Order{Act: OrderExtend, Minutes: 5, Reason: "网络故障", Target: only(late)})
	if s := late.standing(); !s.Deadline.Equal(monday.Add(130 * time.Minute)) {
		t.Errorf("by the close: %v", s.Deadline)
	}
	early.standing()
	early.want(Released, when(monday.Add(40*time.Minute)))
}

func TestHoldAndExtendInSections(t *testing.T) {
	w := newWorld(t)
	q := w.staged(10, 20)
	me := w.start(q, "m1", "phone")
	here := func(section int, after time.Duration) {
		t.Helper()
		s := me.standing()
		if s.Section != section || s.SectionDeadline == nil || !s.SectionDeadline.Equal(monday.Add(after)) {
			t.Fatalf("section %d until %v, want %d until %v", s.Section, s.SectionDeadline, section, monday.Add(after))
		}
	}
	w.clock.Set(monday.Add(4 * time.Minute))
	w.order(q, Order{Act: OrderPause, Reason: "火警", Target: only(me)})
	w.clock.Set(monday.Add(34 * time.Minute))
	if s := me.standing(); s.Section != 1 || s.SectionDeadline != nil {
		t.Fatalf("held in the first section: %+v", s.Here)
	}
	w.order(q, Order{Act: OrderResume, Target: only(me)})
	here(1, 40*time.Minute)
	w.clock.Set(monday.Add(41 * time.Minute))
	here(2, 60*time.Minute)
	w.order(q, Order{Act: OrderExtend, Minutes: 5, Reason: "火警", Target: only(me)})
	here(2, 65*time.Minute) // never back to the first
	if s := me.standing(); !s.Deadline.Equal(monday.Add(65 * time.Minute)) {
		t.Errorf("ends at %v", s.Deadline)
	}
}

// Taking in hands in for the member, with a reason that the member reads; marks follow as always.
func TestCollect(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 2)...))
	me := w.start(q, "m1", "phone")
	me.save(1, choose("a"))
	w.clock.Advance(5 * time.Minute)
	w.order(q, Order{Act: OrderCollect, Reason: "违反考场纪律", Target: only(me)})
	at := monday.Add(5 * time.Minute)
	me.want(Released, &at)
	if s := me.standing(); s.Collected == nil || *s.Collected != "违反考场纪律" || s.Ending != Submitted {
		t.Errorf("%+v", s)
	}
	if a := me.stored(); *a.Percent != 50 || a.Steps[len(a.Steps)-1].By != "author" {
		t.Errorf("%+v", a)
	}
	r, err := me.trySave(2, choose("a"))
	w.ok(err)
	if !r.Receipts[0].Late {
		t.Error("what comes after is kept, and late")
	}
	if h := me.submit(); h.Receipt == "" {
		t.Error("no receipt")
	}
	if got := w.trail.acts[len(w.trail.acts)-1]; got != "attempt.collect" {
		t.Errorf("the trail has %q", got)
	}
}

func TestOrderIsChecked(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 1)...))
	me := w.start(q, "m1", "phone")
	for name, o := range map[string]Order{
		"no reason":     {Act: OrderPause, Target: only(me)},
		"no target":     {Act: OrderPause, Reason: "停电"},
		"two targets":   {Act: OrderPause, Reason: "停电", Target: Target{All: true, Org: branchA}},
		"no minutes":    {Act: OrderExtend, Reason: "停电", Target: only(me)},
		"many minutes":  {Act: OrderExtend, Reason: "停电", Minutes: 1441, Target: only(me)},
		"empty message": {Act: OrderMessage, Text: "  ", Target: only(me)},
	} {
		_, err := w.Boards.Order(w.ctx, w.author(), q.ID, o)
		if fault.KeyOf(err) != "order.invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
	stranger := policies.Actor{AccountID: "x", Scope: policies.Scope{"elsewhere"}}
	_, err := w.Boards.Order(w.ctx, stranger, q.ID, Order{Act: OrderPause, Reason: "停电", Target: only(me)})
	w.refused(err, "quiz.not_found")
	branch := policies.Actor{AccountID: "b", Scope: policies.Scope{branchB}}
	_, err = w.Boards.Order(w.ctx, branch, q.ID, Order{Act: OrderPause, Reason: "停电", Target: only(me)})
	w.refused(err, "order.none_running") // of branch A
	if me.standing().Held != nil {
		t.Error("held by a stranger")
	}
}

// A message is shown to those whom it is for and who were in when it was sent, and its reading comes back.
func TestNotices(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 1)...))
	a, b := w.start(q, "m1", "phone"), w.start(q, "m2", "phone")
	w.clock.Advance(time.Minute)
	w.order(q, Order{Act: OrderMessage, Text: "第 3 题“不”字漏印", Target: Target{All: true}})
	w.order(q, Order{Act: OrderMessage, Text: "请坐回座位", Target: only(a)})
	w.clock.Advance(time.Minute)
	gone := w.start(q, "m4", "phone") // of branch B too
	gone.submit()
	w.clock.Advance(time.Minute)
	w.order(q, Order{Act: OrderMessage, Text: "二支部提前五分钟收卷", Target: Target{Org: branchB}})
	late := w.start(q, "m3", "phone")
	texts := func(t *taking) string {
		out := ""
		for _, n := range t.standing().Notices {
			out += n.Text + ";"
		}
		return out
	}
	if got := texts(a); got != "第 3 题“不”字漏印;请坐回座位;" {
		t.Errorf("a: %s", got)
	}
	if got := texts(b); got != "第 3 题“不”字漏印;二支部提前五分钟收卷;" {
		t.Errorf("b: %s", got)
	}
	if got := texts(late); got != "" {
		t.Errorf("who came later: %s", got)
	}
	list := a.standing().Notices
	for _, n := range []Notice{list[1], list[0], list[1]} { // backwards and again changes nothing
		w.ok(w.Attempts.ReadNotice(w.ctx, a.actor, a.sheet.Attempt.ID, n.ID))
	}
	w.refused(w.Attempts.ReadNotice(w.ctx, a.actor, a.sheet.Attempt.ID, "none"), "notice.not_found")
	w.refused(w.Attempts.ReadNotice(w.ctx, b.actor, a.sheet.Attempt.ID, list[0].ID), "attempt.not_found")
	got, err := w.desk.readings.Get(w.ctx, a.sheet.Attempt.ID)
	w.ok(err)
	if got.Notice != list[0].ID && got.Notice != list[1].ID {
		t.Errorf("%+v", got)
	}
	// The board knows for whom a message is: who came later (m3) or had handed in (m4) is not among those that have not read it.
	board, err := w.Boards.Open(w.ctx, w.author(), q.ID, "")
	w.ok(err)
	defer board.Close()
	e, told := w.next(board), map[string]string{}
	for _, row := range e.Rows {
		told[row.MemberID] = row.Told
	}
	if of := b.standing().Notices; e.Last == nil || told["m1"] != list[1].ID || told["m2"] != of[1].ID || e.Last.ID != of[1].ID || told["m3"]+told["m4"] != "" {
		t.Errorf("told %v, newest %+v", told, e.Last)
	}
}

// Orders and saves at once: no answer is lost, none is taken while held.
func TestOrdersAmongSaves(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 8)...))
	me := w.start(q, "m1", "phone")
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for range 10 {
			w.order(q, Order{Act: OrderPause, Reason: "停电", Target: only(me)})
			w.order(q, Order{Act: OrderResume, Target: only(me)})
		}
	}()
	acknowledged := map[string]bool{}
	for i := range 60 {
		saved, err := me.trySave(1+i%8, choose([]string{"a", "b"}[i%2]))
		switch {
		case err == nil:
			acknowledged[saved.Receipts[0].Receipt] = true
		case fault.KeyOf(err) != "attempt.paused":
			t.Errorf("%v", err)
		}
	}
	wg.Wait()
	held := false
	for _, s := range me.stored().Steps {
		switch s.Kind {
		case StepPause:
			held = true
		case StepResume:
			held = false
		case StepAnswer:
			if held {
				t.Error("an answer was taken while held")
			}
			delete(acknowledged, s.Receipt)
		}
	}
	if len(acknowledged) != 0 {
		t.Errorf("%d acknowledged answers are absent", len(acknowledged))
	}
}
