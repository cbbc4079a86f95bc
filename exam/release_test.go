package exam

import (
	"qiming/exam/question"
	"sync"
	"testing"
	"time"
)

// Results are shown in waves: one branch now, a member by name, the rest at its time; what is shown stays shown.
func TestReleaseInWaves(t *testing.T) {
	w := newWorld(t)
	ids := append(w.singles("一", 1), w.questions("简答", short("谈谈体会"))...)
	q := w.quiz(append(fixed(4, ids[0]), fixed(6, ids[1])...), func(d *Draft) { d.Settings.ManualRelease, d.Settings.PassPercent = true, 40 })
	for i, member := range []string{"m1", "m2", "m3", "m4"} { // m1 and m3 are of branch A
		m := w.start(q, member, "phone")
		m.save(m.slotOf(ids[0]), choose([]string{"a", "b", "a", "a"}[i]))
		if member == "m3" {
			m.save(m.slotOf(ids[1]), question.Response{Text: "体会"})
		}
		m.submit()
	}
	shown := func() (members string) {
		t.Helper()
		w.clock.Advance(time.Minute) // a tally may be old
		rows, err := w.Results.All(w.ctx, w.author(), q.ID, RowFilter{State: string(Released)})
		w.ok(err)
		for _, r := range rows {
			members += r.MemberID + " "
		}
		return members
	}
	branch := WaveWish{Orgs: []string{branchA}}

	p, err := w.Releases.Preview(w.ctx, w.author(), q.ID, WaveWish{})
	w.ok(err)
	if p.WaveCount != (WaveCount{Ready: 3, Passed: 2, Pending: 1}) || len(p.ByOrg) != 2 || p.ByOrg[0].Name != "第一支部" || p.ByOrg[0].WaveCount != (WaveCount{Ready: 1, Passed: 1, Pending: 1}) {
		t.Fatalf("preview %+v", p)
	}
	if p, err = w.Releases.Preview(w.ctx, w.author(), q.ID, branch); err != nil || p.WaveCount != (WaveCount{Ready: 1, Passed: 1, Pending: 1}) || len(p.ByOrg) != 1 {
		t.Fatalf("preview of a branch %+v, %v", p, err)
	}
	if shown() != "" {
		t.Fatal("a preview releases nothing")
	}

	wave, err := w.Releases.Release(w.ctx, w.author(), q.ID, branch)
	w.ok(err)
	if wave.State != WaveDone || wave.Released != 1 || wave.Pending != 1 || shown() != "m1 " {
		t.Fatalf("%+v, shown %s", wave, shown())
	}
	at := w.clock.Now().Add(time.Hour)
	planned, err := w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{Orgs: []string{branchB}, Members: []string{"m3"}, At: &at})
	w.ok(err)
	if planned.State != WavePlanned || shown() != "m1 " {
		t.Fatalf("before its time %+v, shown %s", planned, shown())
	}
	past := monday.Add(-time.Second)
	_, err = w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{At: &past})
	w.refused(err, "release.invalid")
	_, err = w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{Members: []string{"nobody"}})
	w.refused(err, "release.invalid")
	_, err = w.Releases.Release(w.ctx, w.evaluator("elsewhere"), q.ID, WaveWish{})
	w.refused(err, "quiz.not_found")

	// Marked in between, so it goes out with the rest; several processes carry the wave out once.
	page, err := w.Marking.Answers(w.ctx, w.author(), q.ID, ids[1], false, 50, "")
	w.ok(err)
	w.ok(w.mark(q.ID, page.Items[0].AttemptKey, page.Items[0].Slot, 6, ""))
	w.clock.Advance(time.Hour)
	var wg sync.WaitGroup
	for range 4 {
		other := w.process()
		wg.Go(func() {
			if _, err := other.Sweep(w.ctx); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if shown() != "m1 m3 m2 m4 " {
		t.Fatalf("shown %s", shown())
	}
	for _, key := range []string{q.ID + ":m3:1", q.ID + ":m4:1"} {
		a, err := w.desk.attempts.Get(w.ctx, key)
		w.ok(err)
		n := 0
		for _, step := range a.Steps {
			if step.Kind == StepRelease {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("%s was released %d times", key, n)
		}
	}
	list, err := w.Releases.List(w.ctx, w.author(), q.ID)
	w.ok(err)
	if len(list) != 2 || list[0].ID != planned.ID || list[0].State != WaveDone || list[1].ID != wave.ID {
		t.Fatalf("%+v", list)
	}
}

// A wave is called off before its time only, and never carried out then.
func TestAWaveIsCalledOff(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(4, w.singles("一", 1)...), func(d *Draft) { d.Settings.ManualRelease = true })
	w.sat(q, map[string]string{"m1": "a"})
	at := monday.Add(time.Hour)
	wave, err := w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{At: &at})
	w.ok(err)
	_, err = w.Releases.Cancel(w.ctx, w.author(), q.ID, "none")
	w.refused(err, "release.not_found")
	_, err = w.Releases.Cancel(w.ctx, w.evaluator("elsewhere"), q.ID, wave.ID)
	w.refused(err, "quiz.not_found")
	wave, err = w.Releases.Cancel(w.ctx, w.author(), q.ID, wave.ID)
	w.ok(err)
	_, err = w.Releases.Cancel(w.ctx, w.author(), q.ID, wave.ID)
	w.refused(err, "release.settled")
	late, err := w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{At: &at})
	w.ok(err)
	w.clock.Advance(2 * time.Hour)
	_, err = w.Releases.Cancel(w.ctx, w.author(), q.ID, late.ID)
	w.refused(err, "release.settled")
	_, err = w.Sweep(w.ctx)
	w.ok(err)
	list, err := w.Releases.List(w.ctx, w.author(), q.ID)
	w.ok(err)
	states := map[string]WaveState{}
	for _, one := range list {
		states[one.ID] = one.State
	}
	if states[wave.ID] != WaveCancelled || states[late.ID] != WaveDone {
		t.Fatalf("%+v", states)
	}
}

// Every pair of states: a settled wave stays what it is.
func TestWaveStates(t *testing.T) {
	for _, from := range WaveStates() {
		for _, to := range WaveStates() {
			if ok := from.To(to) == nil; ok != (from == WavePlanned && to != WavePlanned) {
				t.Errorf("%s -> %s: %v", from, to, ok)
			}
		}
	}
}
