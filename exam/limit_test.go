package exam

import (
	"bytes"
	"slices"
	"sync"
	"testing"
	"time"

	"qiming/policies"
)

func limits(list ...SignalLimit) func(*Draft) {
	return func(d *Draft) { d.Settings.Limits = list }
}

// kinds gives the kinds of an attempt's steps after the start, answers left out.
func (t *taking) kinds() (list []string) {
	for _, s := range t.stored().Steps[1:] {
		switch s.Kind {
		case StepAnswer:
		case StepLimit:
			list = append(list, s.About+" "+s.Note)
		default:
			list = append(list, string(s.Kind))
		}
	}
	return list
}

func (t *taking) notice(page string, n Noticed) {
	t.Helper()
	t.ok(t.Attempts.Notice(t.ctx, t.actor, t.sheet.Attempt.ID, page, n))
}

func TestLimitsWarnFlagAndHandIn(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 4)...), limits(
		SignalLimit{SignalAway, 5, LimitHandIn}, SignalLimit{SignalAway, 3, LimitWarn}, SignalLimit{SignalAway, 4, ""}, SignalLimit{SignalPastes, 1, LimitFlag}))
	me := w.start(q, "m1", "phone")
	me.save(1, choose("a"))
	want := func(kinds ...string) {
		t.Helper()
		if got := me.kinds(); !slices.Equal(got, kinds) {
			t.Fatalf("steps %v, want %v", got, kinds)
		}
	}
	me.notice("page-1", Noticed{Away: 2, Seconds: 500})
	want()
	me.notice("page-1", Noticed{Away: 3, Seconds: 510})
	want("signal", "away warn")
	me.notice("page-1", Noticed{Away: 3, Seconds: 600}) // the same again
	want("signal", "away warn")
	standing, err := w.Attempts.Clock(w.ctx, me.actor, me.sheet.Attempt.ID)
	w.ok(err)
	if l := standing.Limits; len(l) != 1 || l[0].Act != LimitWarn || l[0].From != 3 || l[0].Seen != nil {
		t.Fatalf("the taker is told %+v", l)
	}
	w.clock.Advance(time.Minute)
	w.refused(w.Attempts.SeenWarning(w.ctx, me.actor, me.sheet.Attempt.ID, 1), "attempt.no_warning")
	for range 2 {
		w.ok(w.Attempts.SeenWarning(w.ctx, me.actor, me.sheet.Attempt.ID, standing.Limits[0].Seq))
	}
	want("signal", "away warn", "seen")
	other := &taking{world: w.process(), actor: me.actor, sheet: me.sheet} // another process, after a reload of the page
	other.notice("page-2", Noticed{Away: 1})
	want("signal", "away warn", "seen", "signal", "away flag", "away warn") // the last word before the hand-in
	standing, err = w.Attempts.Clock(w.ctx, me.actor, me.sheet.Attempt.ID)
	w.ok(err)
	if l := standing.Limits; len(l) != 2 || l[0].Seen == nil || !l[0].Seen.Equal(w.clock.Now()) || l[1].From != 4 || l[1].Seen != nil || l[1].HandIn != 5 {
		t.Fatalf("a flag is for evaluators; the first warning was seen: %+v", l)
	}
	w.clock.Advance(time.Minute)
	me.save(2, choose("a"))
	other.notice("page-2", Noticed{Away: 2, Pastes: 1})
	want("signal", "away warn", "seen", "signal", "away flag", "away warn", "signal", "signal", "away hand_in", "pastes flag", "collect")
	at := w.clock.Now()
	me.want(Released, &at)
	a := me.stored()
	if a.Ending != Submitted || *a.Score != 10 || a.Answered != 2 || a.Steps[len(a.Steps)-1].By != "" {
		t.Errorf("%s, %v points, %d answered, by %q", a.Ending, *a.Score, a.Answered, a.Steps[len(a.Steps)-1].By)
	}
	standing, err = w.Attempts.Clock(w.ctx, me.actor, me.sheet.Attempt.ID)
	w.ok(err)
	if l := standing.Limits; standing.Collected == nil || *standing.Collected != "" || len(l) != 3 || l[2].Act != LimitHandIn {
		t.Errorf("the page cannot say why: %+v", standing)
	}
	if h := me.submit(); h.Receipt != a.Steps[len(a.Steps)-1].Receipt || h.Ending != Submitted {
		t.Errorf("%+v", h)
	}
	// What still waited on the device is kept, late; what its page noticed is evidence and nothing else.
	if !me.save(3, choose("a")).Late {
		t.Error("not late")
	}
	me.notice("page-2", Noticed{Away: 30, Pastes: 9})
	if again := me.stored(); len(again.Steps) != len(a.Steps)+1 || again.Chain().Verify(w.keys.Key("receipt")) != 0 {
		t.Error("something was judged after the end")
	}
	e, err := w.Integrity.Attempt(w.ctx, w.author(), q.ID, a.ID)
	w.ok(err)
	if row := e.Rows[0]; len(row.Limits) != 5 || row.Signals[0].Value != 33 {
		t.Errorf("%+v", row)
	}
}

// Nobody is handed in without a word the time before; what a quiz says itself stays as it is.
func TestTheLastWordBeforeAHandIn(t *testing.T) {
	away := func(from int, act LimitAct) SignalLimit { return SignalLimit{SignalAway, from, act} }
	for _, c := range []struct{ has, want []SignalLimit }{
		{nil, nil},
		{[]SignalLimit{away(3, LimitFlag), away(1, LimitWarn)}, []SignalLimit{away(1, LimitWarn), away(3, LimitFlag)}},
		{[]SignalLimit{away(1, LimitHandIn)}, []SignalLimit{away(1, LimitHandIn)}},
		{[]SignalLimit{away(2, LimitHandIn)}, []SignalLimit{away(1, LimitWarn), away(2, LimitHandIn)}},
		{[]SignalLimit{away(3, LimitWarn), away(4, LimitHandIn)}, []SignalLimit{away(3, LimitWarn), away(4, LimitHandIn)}},
		{[]SignalLimit{away(1, LimitWarn), away(3, LimitFlag), away(4, LimitHandIn)}, []SignalLimit{away(1, LimitWarn), away(3, LimitFlag), away(3, LimitWarn), away(4, LimitHandIn)}},
		{[]SignalLimit{{SignalAwaySeconds, 60, LimitHandIn}}, []SignalLimit{{SignalAwaySeconds, 60, LimitHandIn}}},
		{[]SignalLimit{{SignalPastes, 3, LimitHandIn}, away(3, LimitHandIn)}, []SignalLimit{away(2, LimitWarn), away(3, LimitHandIn), {SignalPastes, 2, LimitWarn}, {SignalPastes, 3, LimitHandIn}}},
	} {
		if got := withLastWord(c.has); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.has, got, c.want)
		}
	}
}

// What the steps say decides: taken out and judged anew, step by step, the same limits come at the same places.
func TestLimitsFollowFromTheSteps(t *testing.T) {
	w := newWorld(t)
	list := []SignalLimit{{SignalAway, 2, LimitWarn}, {SignalAwaySeconds, 60, LimitFlag}, {SignalTakeovers, 1, LimitWarn}, {SignalDevices, 2, LimitFlag}, {SignalAddresses, 1, LimitFlag}, {SignalParallel, 1, LimitWarn}, {SignalTakeovers, 3, LimitHandIn}}
	q := w.quiz(fixed(5, w.singles("a", 4)...), limits(list...))
	phone := as("m1", "phone")
	phone.Address = "192.0.2.1"
	sheet, err := w.Attempts.Start(w.ctx, phone, q.ID, Begin{Device: "手机"})
	w.ok(err)
	me := &taking{world: w, actor: phone, sheet: sheet}
	me.notice("page-1", Noticed{Away: 7, Seconds: 59})
	me.notice("page-1", Noticed{Away: 8, Seconds: 60})
	for i, device := range []string{"电脑", "手机", "平板", "手机"} {
		w.clock.Advance(3 * time.Second)
		there := as("m1", device+string(rune('a'+i)))
		there.Address = []string{"192.0.2.1", "198.51.100.7", "2001:db8::1", "2001:db8::2"}[i]
		_, err := w.Attempts.Start(w.ctx, there, q.ID, Begin{Device: device})
		if i == 3 {
			w.refused(err, "exam.no_attempts_left") // the third take-over handed it in
			break
		}
		w.refused(err, "attempt.other_session")
		_, err = w.Attempts.Takeover(w.ctx, there, sheet.Attempt.ID, device)
		w.ok(err)
	}
	a := me.stored()
	if !a.State.Ended() {
		t.Fatalf("%s", a.State)
	}
	want := []string{"signal", "away warn", "signal", "away_seconds flag", "parallel", "parallel warn", "takeover", "takeovers warn", "parallel", "takeover", "address", "takeovers warn", "addresses flag",
		"parallel", "takeover", "address", "takeovers hand_in", "devices flag", "collect"}
	if got := me.kinds(); !slices.Equal(got, want) {
		t.Fatalf("steps\n%v, want\n%v", got, want)
	}
	// Anew.
	f, err := w.desk.facts(w.ctx, a.ID)
	w.ok(err)
	sit, _, err := w.desk.sitting(w.ctx, f, w.clock.Now(), true)
	w.ok(err)
	again := Attempt{Meta: metaOf(a.ID), QuizID: q.ID, MemberID: "m1", Number: 1, Session: a.Steps[0].Session, State: Open, StartedAt: a.StartedAt}
	for i, s := range a.Steps {
		if s.Kind == StepLimit || s.Kind == StepCollect {
			continue
		}
		again.add(sit.key, s)
		if next := i + 1; next < len(a.Steps) && a.Steps[next].Kind == StepAddress {
			continue // one write: a take-over from another network
		}
		if _, err := again.judge(sit, s.At); err != nil {
			t.Fatal(err)
		}
	}
	if len(again.Steps) != len(a.Steps) {
		t.Fatalf("%d steps, %d anew", len(a.Steps), len(again.Steps))
	}
	for i := range a.Steps {
		if a.Steps[i].Receipt != again.Steps[i].Receipt {
			t.Fatalf("step %d: %+v anew %+v", i+1, a.Steps[i], again.Steps[i])
		}
	}
	// No address stands anywhere in what is stored.
	for _, address := range []string{"192.0.2", "198.51", "2001:db8", "\xc0\x00\x02\x01", "\xc6\x33\x64\x07"} {
		if bytes.Contains(a.Log, []byte(address)) {
			t.Errorf("the log holds %q", address)
		}
	}
	if a.Steps[0].About == "" || a.Steps[0].About == w.desk.origin("another", "192.0.2.1") {
		t.Error("the hash must differ between attempts")
	}
	if w.desk.origin(a.ID, "2001:db8::1") != w.desk.origin(a.ID, "2001:db8::ffff:1") || w.desk.origin(a.ID, "::ffff:192.0.2.1") != a.Steps[0].About || w.desk.origin(a.ID, "") != "" {
		t.Error("networks")
	}
}

// Pages and processes tell at once: each limit stands once.
func TestLimitsStandOnce(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 2)...), limits(SignalLimit{SignalAway, 3, LimitWarn}, SignalLimit{SignalAway, 5, LimitFlag}, SignalLimit{SignalAwaySeconds, 30, LimitHandIn}))
	me := w.start(q, "m1", "phone")
	processes := []*world{w, w.process(), w.process()}
	me.notice("page-1", Noticed{Away: 1})
	var group sync.WaitGroup
	for i := range 24 {
		group.Add(1)
		go func() {
			defer group.Done()
			p := processes[i%3]
			if err := p.Attempts.Notice(p.ctx, me.actor, me.sheet.Attempt.ID, []string{"page-1", "page-2"}[i%2], Noticed{Away: 3, Seconds: 20}); err != nil {
				t.Error(err)
			}
		}()
	}
	group.Wait()
	all := map[string]int{}
	for _, k := range me.kinds() {
		all[k]++
	}
	if all["away warn"] != 1 || all["away flag"] != 1 || all["away_seconds hand_in"] != 1 || all["collect"] != 1 {
		t.Errorf("%v", me.kinds())
	}
}

// A session that opens the attempt while nobody is at it is no parallel one.
func TestParallelSessions(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 2)...))
	me := w.start(q, "m1", "phone")
	at := func(device string, idle time.Duration) {
		t.Helper()
		w.clock.Advance(idle)
		_, err := w.Attempts.Get(w.ctx, as("m1", device), me.sheet.Attempt.ID, false)
		w.refused(err, "attempt.other_session")
	}
	at("pc", quietAfter)
	if n := len(me.kinds()); n != 0 {
		t.Fatalf("%v", me.kinds())
	}
	me.save(1, choose("a"))
	at("pc", quietAfter-time.Second)
	at("pc", 0) // counts once
	_, err := w.Attempts.Clock(w.ctx, me.actor, me.sheet.Attempt.ID)
	w.ok(err)
	_, err = w.Attempts.Get(w.ctx, as("m1", "tablet"), me.sheet.Attempt.ID, true) // who only looks is another session too
	w.ok(err)
	if got := me.kinds(); !slices.Equal(got, []string{"parallel", "parallel"}) {
		t.Errorf("%v", got)
	}
	var stranger policies.Actor = as("m2", "pc")
	_, err = w.Attempts.Get(w.ctx, stranger, me.sheet.Attempt.ID, true)
	w.refused(err, "attempt.not_found")
}

func TestLimitsAreChecked(t *testing.T) {
	for _, c := range []struct {
		list []SignalLimit
		key  string
	}{
		{[]SignalLimit{{SignalAway, 1, LimitWarn}, {SignalAway, 2, LimitFlag}, {SignalAway, 2, LimitHandIn}, {SignalAwaySeconds, maxFrom, LimitFlag}}, ""},
		{[]SignalLimit{{SignalStill, 1, LimitFlag}}, "unknown"},
		{[]SignalLimit{{SignalEven, 1, LimitFlag}}, "unknown"},
		{[]SignalLimit{{SignalSimilar, 1, LimitHandIn}}, "unknown"},
		{[]SignalLimit{{SignalAway, 1, "expel"}}, "unknown"},
		{[]SignalLimit{{SignalAway, 0, LimitFlag}}, "out_of_range"},
		{[]SignalLimit{{SignalAway, maxFrom + 1, LimitFlag}}, "out_of_range"},
		{[]SignalLimit{{SignalAway, 3, LimitFlag}, {SignalAway, 3, LimitFlag}}, "quiz.limit_twice"},
		{make([]SignalLimit, maxLimits+1), "out_of_range"},
	} {
		fields := checkLimits(c.list)
		if (len(fields) > 0) != (c.key != "") || len(fields) > 0 && fields[0].Key != c.key {
			t.Errorf("%v: %+v, want %q", c.list, fields, c.key)
		}
	}
}

func TestNotesOnEvidence(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 2)...))
	me := w.start(q, "m1", "phone")
	me.submit()
	id := me.sheet.Attempt.ID
	add := func(actor policies.Actor, key string, decision EvidenceDecision, text string) error {
		_, err := w.Integrity.AddNote(w.ctx, actor, q.ID, id, key, decision, text)
		return err
	}
	second := w.author()
	second.AccountID, second.Name = "second", "阅卷人"
	w.refused(add(second, "", FollowUp, " "), "note.invalid")
	w.refused(add(second, "", "guilty", "x"), "note.invalid")
	w.ok(add(second, "k1", FollowUp, "离开页面较久，先了解情况"))
	w.clock.Advance(time.Hour)
	w.ok(add(second, "k1", FollowUp, "离开页面较久，先了解情况")) // sent again
	w.ok(add(w.author(), "k1", NoConcern, ""))
	branch := w.author()
	branch.Scope = policies.Scope{branchB}
	w.refused(add(branch, "", NoConcern, ""), "attempt.not_found")
	e, err := w.Integrity.Quiz(w.ctx, w.author(), q.ID)
	w.ok(err)
	if len(e.Rows) != 1 || len(e.Rows[0].Notes) != 1 || e.Rows[0].Notes[0].Decision != NoConcern || e.Rows[0].NotesAll != 2 {
		t.Fatalf("%+v", e.Rows)
	}
	e, err = w.Integrity.Attempt(w.ctx, w.author(), q.ID, id)
	w.ok(err)
	if n := e.Rows[0].Notes; len(n) != 2 || n[0].Name != "阅卷人" || !n[1].At.Equal(w.clock.Now()) {
		t.Errorf("%+v", n)
	}
	if a := me.stored(); a.Steps[len(a.Steps)-1].Kind != StepSubmit {
		t.Error("a note is no step")
	}
}

func TestWatermark(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 2)...), func(d *Draft) { d.Settings.Watermark = true })
	me := w.start(q, "m1", "phone")
	mark := w.desk.watermark(me.sheet.Attempt.ID)
	if got := me.sheet.Attempt.Watermark; got != "党员m1 "+mark || len(mark) != 6 {
		t.Errorf("%q", got)
	}
	again, err := w.Attempts.Get(w.ctx, me.actor, me.sheet.Attempt.ID, false)
	w.ok(err)
	over, err := w.Attempts.Takeover(w.ctx, as("m1", "pc"), me.sheet.Attempt.ID, "pc")
	w.ok(err)
	if again.Attempt.Watermark != me.sheet.Attempt.Watermark || over.Attempt.Watermark != me.sheet.Attempt.Watermark {
		t.Error("another mark on another page")
	}
	if plain := w.start(w.quiz(fixed(5, w.singles("b", 2)...)), "m1", "phone"); plain.sheet.Attempt.Watermark != "" {
		t.Error("a mark that nobody asked for")
	}
}
