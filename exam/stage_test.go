package exam

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// staged publishes a quiz of two items a section, with the limits in minutes.
func (w *world) staged(limits ...int) Quiz {
	return w.quiz(nil, func(d *Draft) {
		d.Settings.Limit = 0
		d.Sections = nil
		for i, limit := range limits {
			d.Sections = append(d.Sections, Section{ID: fmt.Sprint(i), Title: fmt.Sprint(i + 1), Limit: limit * 60,
				Entries: fixed(1, w.singles(fmt.Sprintf("第%d部分", i+1), 2)...)})
		}
	})
}

func (t *taking) goOn(section int) (Saved, error) {
	t.seq++
	return t.Attempts.Save(t.ctx, t.actor, t.sheet.Attempt.ID, t.sheet.Session, []Answer{{ClientSeq: t.seq, Section: section}})
}

func (t *taking) wantHere(section int, until time.Time) {
	t.Helper()
	st, err := t.Attempts.Clock(t.ctx, t.actor, t.sheet.Attempt.ID)
	t.ok(err)
	if st.Section != section || st.SectionDeadline == nil || !st.SectionDeadline.Equal(until) {
		t.Fatalf("want section %d until %v, got %+v", section, until, st.Here)
	}
}

// Sections with limits follow each other, by hand or by the clock; what is left takes late answers only.
func TestSectionLimits(t *testing.T) {
	w := newWorld(t)
	q := w.staged(10, 5)
	door, err := w.Attempts.Door(w.ctx, as("m1", "phone"), q.ID)
	w.ok(err)
	if door.Limit != 15*60 || !door.TimedParts || door.Sections[1].Limit != 5*60 {
		t.Errorf("door: limit %d, sections %+v", door.Limit, door.Sections)
	}
	m := w.start(q, "m1", "phone")
	if m.sheet.Attempt.Section != 1 || !m.sheet.Attempt.Deadline.Equal(monday.Add(15*time.Minute)) {
		t.Errorf("at the start: %+v", m.sheet.Attempt)
	}
	m.wantHere(1, monday.Add(10*time.Minute))
	if r := m.save(1, choose("a")); r.Late {
		t.Error("an answer in its section is late")
	}
	_, err = m.trySave(3, choose("a"))
	w.refused(err, "attempt.section_ahead")
	_, err = m.goOn(3)
	w.refused(err, "attempt.section_ahead")

	// By hand, after four minutes: the end comes nearer, and the first section is over.
	w.clock.Advance(4 * time.Minute)
	saved, err := m.goOn(2)
	w.ok(err)
	if saved.Section != 2 || !saved.Deadline.Equal(monday.Add(9*time.Minute)) || len(saved.Receipts) != 1 {
		t.Errorf("gone on: %+v", saved)
	}
	m.wantHere(2, monday.Add(9*time.Minute))
	seq := m.seq
	if again, err := m.Attempts.Save(w.ctx, m.actor, m.sheet.Attempt.ID, m.sheet.Session, []Answer{{ClientSeq: seq, Section: 2}}); err != nil || again.Receipts[0].Seq != saved.Receipts[0].Seq {
		t.Errorf("a repeated step: %+v %v", again, err)
	}
	if _, err := m.goOn(1); err != nil { // nothing happens
		t.Error(err)
	}
	m.wantHere(2, monday.Add(9*time.Minute))
	if a := m.stored(); len(a.Steps) != 3 { // the start, an answer, one going on
		t.Errorf("%d steps: going on to where one is, or was, is kept again", len(a.Steps))
	}
	if r := m.save(2, choose("a")); !r.Late {
		t.Error("an answer to a section that is over counts")
	}
	m.save(3, choose("a"))
	w.clock.Set(monday.Add(9*time.Minute - time.Millisecond))
	if r := m.save(4, choose("a")); r.Late {
		t.Error("in time, and late")
	}
	w.clock.Set(monday.Add(9 * time.Minute))
	if r := m.save(4, choose("b")); !r.Late {
		t.Error("at the end itself, and not late")
	}
	m.want(Released, when(monday.Add(9*time.Minute)))
	steps := len(m.stored().Steps)
	ended, err := m.goOn(2)
	w.ok(err)
	if r := ended.Receipts[0]; r.Slot != 0 || r.Late || r.Receipt == "" || len(m.stored().Steps) != steps {
		t.Errorf("going on after the end: %+v, %d steps", r, len(m.stored().Steps)-steps)
	}
	if a := m.stored(); *a.Score != 3 || a.Late != 2 {
		t.Errorf("score %v, late %d", *a.Score, a.Late)
	}
	_, err = w.Attempts.VerifyChain(w.ctx, func() Chain { a := m.stored(); return a.Chain() }())
	w.ok(err)
}

// Where nobody goes on, the clock does: the sweep, a save and a read find the same.
func TestSectionsGoOnByTheClock(t *testing.T) {
	for _, who := range []string{"save", "read", "sweep"} {
		w := newWorld(t)
		q := w.staged(10, 5)
		m := w.start(q, "m1", "phone")
		m.save(1, choose("a"))
		w.clock.Set(monday.Add(10*time.Minute - time.Millisecond))
		m.wantHere(1, monday.Add(10*time.Minute))
		w.clock.Set(monday.Add(10 * time.Minute))
		m.wantHere(2, monday.Add(15*time.Minute))
		if r := m.save(2, choose("a")); !r.Late {
			t.Error("the first section still takes answers")
		}
		m.save(3, choose("a"))
		w.clock.Set(monday.Add(time.Hour))
		switch who {
		case "save":
			m.save(4, choose("a"))
		case "read":
			_, err := w.Attempts.Clock(w.ctx, m.actor, m.sheet.Attempt.ID)
			w.ok(err)
		default:
			n, err := w.Sweep(w.ctx)
			w.ok(err)
			if n != 1 {
				t.Errorf("the sweep ended %d", n)
			}
		}
		m.want(Released, when(monday.Add(15*time.Minute)))
		if a := m.stored(); *a.Score != 2 {
			t.Errorf("%s: score %v", who, *a.Score)
		}
	}
}

// The window ends a section too, extra time stretches sections, and one without a limit waits for its taker.
func TestSectionLimitsMeetTheRest(t *testing.T) {
	w := newWorld(t)
	q := w.staged(10, 5)
	w.clock.Set(monday.Add(2*time.Hour - 7*time.Minute))
	late := w.start(q, "m1", "phone")
	late.wantHere(1, monday.Add(2*time.Hour))

	w.clock.Set(monday)
	_, err := w.Quizzes.SetOverride(w.ctx, w.author(), q.ID, "member:m2", 0, Override{Extra: 1.5, Reason: "值班"})
	w.ok(err)
	slow := w.start(q, "m2", "phone")
	slow.wantHere(1, monday.Add(15*time.Minute))
	w.clock.Set(monday.Add(15 * time.Minute))
	slow.wantHere(2, monday.Add(15*time.Minute+450*time.Second))

	w.clock.Set(monday)
	open := w.staged(10, 0)
	m := w.start(open, "m3", "phone")
	w.clock.Set(monday.Add(90 * time.Minute))
	st, err := w.Attempts.Clock(w.ctx, m.actor, m.sheet.Attempt.ID)
	w.ok(err)
	if st.Section != 2 || st.SectionDeadline != nil || !st.Deadline.Equal(monday.Add(2*time.Hour)) {
		t.Errorf("%+v", st)
	}
	free := w.start(w.staged(0, 0), "m4", "phone")
	if free.sheet.Attempt.Section != 0 {
		t.Error("sections without limits are taken in any order")
	}
	_, err = free.goOn(2)
	w.refused(err, "attempt.no_sections")
}

// Whatever the steps, one is in exactly one section, never goes back, and is in a limited one no longer than
// its limit.
func TestProgress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p Paper
		n := rapid.IntRange(1, 4).Draw(t, "sections")
		for i := range n {
			p.Parts = append(p.Parts, Part{From: i + 1, To: i + 1, Limit: rapid.SampledFrom([]int{0, 1, 5, 60}).Draw(t, "limit")})
			p.Slots = append(p.Slots, Slot{Number: i + 1})
		}
		stages := stagesOf(p, 0)
		a := Attempt{StartedAt: monday}
		now := monday
		last := progress{since: monday}
		for range rapid.IntRange(0, 12).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "seconds")) * time.Second)
			if stages == nil {
				continue
			}
			got := a.progress(stages, now)
			if got.at < last.at || got.at == last.at && !got.since.Equal(last.since) || got.since.After(now) {
				t.Fatalf("from %+v to %+v", last, got)
			}
			if end := stages[got.at].end(got.since); end != nil && got.at+1 < len(stages) && !now.Before(*end) {
				t.Fatalf("past the end of section %d", got.at)
			}
			last = got
			if rapid.Bool().Draw(t, "goes on") {
				a.Steps = append(a.Steps, Step{Kind: StepSection, At: now, Ref: rapid.IntRange(1, n).Draw(t, "to")})
				last = a.progress(stages, now)
			}
		}
	})
}
