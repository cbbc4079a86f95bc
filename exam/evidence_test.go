package exam

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// A quiz of forty takers: one copies, one leaves the page, one goes on elsewhere, one answers at a beat.
func TestEvidence(t *testing.T) {
	w := newWorld(t)
	const takers, items = 40, 40
	q := w.quiz(fixed(1, w.singles("a", items)...))
	r := rand.New(rand.NewPCG(1, 2))
	wrong := []string{"b", "c", "d"}
	given := map[string][]string{}
	all := map[string]*taking{}
	for n := range takers {
		id := fmt.Sprintf("t%02d", n)
		w.member(id, []string{branchA, branchB}[n%2])
		w.clock.Set(monday)
		me := w.start(q, id, "phone")
		all[id] = me
		if id == "t05" {
			other, err := w.tryStart(q, id, "pc", Begin{Takeover: true, Device: "pc"})
			w.ok(err)
			me = other
		}
		if id == "t04" {
			w.ok(w.Attempts.Notice(w.ctx, me.actor, me.sheet.Attempt.ID, "page-1", Noticed{Away: 4, Seconds: 50, Pastes: 1}))
			w.ok(w.Attempts.Notice(w.ctx, me.actor, me.sheet.Attempt.ID, "page-1", Noticed{Away: 6, Seconds: 90, Pastes: 1})) // so far
			w.ok(w.Attempts.Notice(w.ctx, me.actor, me.sheet.Attempt.ID, "page-1", Noticed{Away: 5, Seconds: 80}))            // an old one
			w.ok(w.Attempts.Notice(w.ctx, me.actor, me.sheet.Attempt.ID, "page-2", Noticed{Away: 1, Seconds: 5}))
		}
		for i := range items {
			wait := time.Duration(5+r.IntN(40)) * time.Second
			if id == "t06" {
				wait = 30 * time.Second
			}
			w.clock.Advance(wait)
			choice := "a"
			if r.Float64() < 0.6 {
				choice = wrong[r.IntN(3)]
			}
			if id == "t09" && i < 38 {
				choice = given["t03"][i]
			}
			given[id] = append(given[id], choice)
			me.save(i+1, choose(choice))
		}
		w.clock.Advance(time.Second)
		me.submit()
	}
	w.clock.Advance(noticedFor) // what a page noticed without a network is evidence for a day
	w.ok(w.Attempts.Notice(w.ctx, all["t39"].actor, all["t39"].sheet.Attempt.ID, "page-1", Noticed{Away: 2, Seconds: 20}))
	w.clock.Advance(time.Second)
	w.refused(w.Attempts.Notice(w.ctx, all["t04"].actor, all["t04"].sheet.Attempt.ID, "page-1", Noticed{Away: 9}), "attempt.ended")

	e, err := w.Integrity.Quiz(w.ctx, w.author(), q.ID)
	w.ok(err)
	if e.Attempts != takers || e.Compared != takers {
		t.Fatalf("%d attempts, %d compared", e.Attempts, e.Compared)
	}
	if len(e.Pairs) != 1 || e.Pairs[0].A.MemberID != "t03" || e.Pairs[0].B.MemberID != "t09" || e.Pairs[0].Chance > similarChance || e.Pairs[0].Shared < 8 {
		t.Errorf("pairs %+v", e.Pairs)
	}
	value := func(member string, kind SignalKind) Signal {
		t.Helper()
		for _, row := range e.Rows {
			for _, s := range row.Signals {
				if row.MemberID == member && s.Kind == kind {
					return s
				}
			}
		}
		t.Fatalf("%s is not listed", member)
		return Signal{}
	}
	one := 1.0 / takers
	for _, c := range []struct {
		member string
		kind   SignalKind
		value  float64
		rate   float64
	}{
		{"t04", SignalAway, 7, one}, {"t04", SignalAwaySeconds, 95, one}, {"t04", SignalPastes, 1, one},
		{"t05", SignalTakeovers, 1, one}, {"t05", SignalDevices, 1, one}, {"t03", SignalSimilar, 1, 2 * one}, {"t09", SignalSimilar, 1, 2 * one}, {"t06", SignalEven, 1, one},
	} {
		if s := value(c.member, c.kind); s.Value != c.value || s.Rate != c.rate || !s.Marked {
			t.Errorf("%s %s: %+v", c.member, c.kind, s)
		}
	}
	if len(e.Rows) != 5 {
		t.Errorf("%d rows", len(e.Rows))
	}
	for _, b := range e.Bases {
		if b.Kind == SignalAway && (b.Marked != 1 || b.Rate != one || b.Median != 0) {
			t.Errorf("%+v", b)
		}
	}
	for _, me := range all { // nothing changed a mark
		if a := me.stored(); a.State != Released || a.Steps[len(a.Steps)-1].Kind != StepSubmit {
			t.Fatalf("%s: %s", a.ID, a.Steps[len(a.Steps)-1].Kind)
		}
	}

	attempt := all["t09"].sheet.Attempt.ID
	own, err := w.Integrity.Attempt(w.ctx, w.author(), q.ID, attempt)
	w.ok(err)
	if len(own.Rows) != 1 || len(own.Pairs) != 1 || len(own.Rows[0].Signals) != len(signalKinds()) {
		t.Errorf("%+v", own)
	}
	branch := w.author()
	branch.Scope = []string{branchA}
	_, err = w.Integrity.Attempt(w.ctx, branch, q.ID, attempt) // of branch B
	w.refused(err, "attempt.not_found")
	theirs, err := w.Integrity.Quiz(w.ctx, branch, q.ID)
	w.ok(err)
	if len(theirs.Pairs) != 0 {
		t.Error("a branch sees a pair with another")
	}
}

// Stillness is a sign where few have it; where most do, their pages could not tell.
func TestStillnessIsRare(t *testing.T) {
	w := newWorld(t)
	const items = 12
	q := w.quiz(fixed(1, w.singles("a", items)...))
	take := func(id string, touched int) {
		w.member(id, branchA)
		w.clock.Advance(time.Minute)
		me := w.start(q, id, "phone")
		for i := range items {
			me.save(i+1, choose("a"))
		}
		me.notice("page-1", Noticed{Touched: touched})
		me.submit()
	}
	value := func(id string) float64 {
		t.Helper()
		w.clock.Advance(evidenceAge)
		e, err := w.Integrity.Attempt(w.ctx, w.author(), q.ID, AttemptID(q.ID, id, 1))
		w.ok(err)
		for _, s := range e.Rows[0].Signals {
			if s.Kind == SignalStill {
				return s.Value
			}
		}
		return -1
	}
	take("t1", 0)
	take("t2", items)
	if got := value("t1"); got != 0 {
		t.Errorf("one of two: %v", got)
	}
	take("t3", items-1)
	if got := value("t1"); got != 1 {
		t.Errorf("one of three: %v", got)
	}
	if got := value("t3"); got < 0.08 || got > 0.09 {
		t.Errorf("one item of twelve: %v", got)
	}
}
