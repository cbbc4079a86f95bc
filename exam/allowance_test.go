package exam

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"qiming/internal/fault"
)

// A value of one field in the table below, by name: "quiz" is the quiz's own, "strict" and "strict2" are stricter,
// "mild" and "mild2" more lenient (the second more so), "none" is no limit: the zero time, 0, the empty password.
var fieldValues = map[string]map[string]any{
	"opens":    {"quiz": clockAt(8, 0), "strict": clockAt(9, 0), "strict2": clockAt(9, 30), "mild": clockAt(7, 0), "mild2": clockAt(6, 0), "none": &time.Time{}},
	"closes":   {"quiz": clockAt(12, 0), "strict": clockAt(11, 0), "strict2": clockAt(10, 30), "mild": clockAt(13, 0), "mild2": clockAt(14, 0), "none": &time.Time{}},
	"limit":    {"quiz": 1800, "strict": 900, "strict2": 600, "mild": 2400, "mild2": 3600, "none": 0},
	"attempts": {"quiz": 3, "strict": 2, "strict2": 1, "mild": 4, "mild2": 5, "none": 0},
	"password": {"quiz": "quiz", "strict": "jia", "strict2": "yi", "mild": "bing", "mild2": "ding", "none": ""}, // no password is milder than another
}

// set puts a value into the field of an override.
func set(o *Override, field string, value any) {
	switch field {
	case "opens":
		o.Opens = value.(*time.Time)
	case "closes":
		o.Closes = value.(*time.Time)
	case "limit":
		o.Limit = ptr(value.(int))
	case "attempts":
		o.Attempts = ptr(value.(int))
	case "password":
		o.Password = ptr(value.(string))
	}
}

// The table of exam-rules section 1: every field x member, one group, several groups, none.
func TestEveryFieldFromEverySource(t *testing.T) {
	const me = "m1"
	rows := []struct {
		name       string
		member     string   // value of the member's override, "" = none
		groups     []string // values of the overrides of the member's groups, committee and then branch A
		left       string   // value of the override of a group the member has left
		want       string   // value that holds
		from       string   // its source
		anyOfThose bool     // of passwords: each of the groups' lets in
	}{
		{name: "none", want: "quiz"},
		{name: "a group left, milder", left: "mild", want: "quiz"},
		{name: "a group left, without a limit", left: "none", want: "quiz"},
		{name: "a group left beside one that holds", groups: []string{"", "strict"}, left: "none", want: "strict", from: "org:" + branchA},

		{name: "member stricter", member: "strict", want: "strict", from: "member:m1"},
		{name: "member milder", member: "mild", want: "mild", from: "member:m1"},
		{name: "member without a limit", member: "none", want: "none", from: "member:m1"},
		{name: "member the same as the quiz", member: "quiz", want: "quiz", from: "member:m1"},
		{name: "member stricter than a group", member: "strict", groups: []string{"", "mild"}, want: "strict", from: "member:m1"},
		{name: "member stricter than a stricter group", member: "strict2", groups: []string{"", "strict"}, want: "strict2", from: "member:m1"},
		{name: "member limited, a group not", member: "strict", groups: []string{"none", ""}, want: "strict", from: "member:m1"},
		{name: "member stricter than several groups", member: "strict", groups: []string{"mild", "mild2"}, want: "strict", from: "member:m1"},
		{name: "member not limited, groups are", member: "none", groups: []string{"strict", "mild"}, want: "none", from: "member:m1"},

		{name: "one group stricter", groups: []string{"", "strict"}, want: "strict", from: "org:" + branchA},
		{name: "one group milder", groups: []string{"", "mild"}, want: "mild", from: "org:" + branchA},
		{name: "one group without a limit", groups: []string{"", "none"}, want: "none", from: "org:" + branchA},
		{name: "one group above", groups: []string{"strict", ""}, want: "strict", from: "org:" + committee},
		{name: "one group the same as the quiz", groups: []string{"", "quiz"}, want: "quiz", from: "org:" + branchA},

		{name: "several groups, the first stricter", groups: []string{"strict", "mild"}, want: "mild", from: "org:" + branchA, anyOfThose: true},
		{name: "several groups, the second stricter", groups: []string{"mild", "strict"}, want: "mild", from: "org:" + committee, anyOfThose: true},
		{name: "several groups, both stricter than the quiz", groups: []string{"strict2", "strict"}, want: "strict", from: "org:" + branchA, anyOfThose: true},
		{name: "several groups, both milder", groups: []string{"mild2", "mild"}, want: "mild2", from: "org:" + committee, anyOfThose: true},
		{name: "several groups, the first without a limit", groups: []string{"none", "mild2"}, want: "none", from: "org:" + committee},
		{name: "several groups, the second without a limit", groups: []string{"strict", "none"}, want: "none", from: "org:" + branchA},
		{name: "several groups, all without a limit", groups: []string{"none", "none"}, want: "none", from: "org:" + committee},
	}
	for field, values := range fieldValues {
		for _, row := range rows {
			t.Run(field+"/"+row.name, func(t *testing.T) {
				var overrides []Override
				add := func(o Override, value string) {
					if value != "" {
						set(&o, field, values[value])
						overrides = append(overrides, o)
					}
				}
				for i, value := range row.groups {
					add(Override{OrgID: []string{committee, branchA}[i]}, value)
				}
				add(Override{OrgID: branchB}, row.left)
				add(Override{MemberID: "m2"}, "none") // somebody else's
				add(Override{MemberID: me}, row.member)
				var quiz Override
				for f, v := range fieldValues {
					set(&quiz, f, v["quiz"])
				}
				timing := Timing{Opens: quiz.Opens, Closes: quiz.Closes, Limit: *quiz.Limit, Attempts: *quiz.Attempts, Password: *quiz.Password}
				a := Resolve(timing, Taker{MemberID: me, Path: []string{committee, branchA}}, overrides)
				for f := range fieldValues {
					want, from := any(fieldValues[f]["quiz"]), ""
					if f == field {
						want, from = values[row.want], row.from
					}
					if f == "password" && f == field && row.anyOfThose {
						for _, value := range row.groups {
							holds(t, a, f, values[value])
						}
						from = "org:" + committee + " org:" + branchA
					} else {
						holds(t, a, f, want)
					}
					got := map[string]string{"opens": a.From.Opens, "closes": a.From.Closes, "limit": a.From.Limit, "attempts": a.From.Attempts, "password": a.From.Password}[f]
					if got != from {
						t.Errorf("%s comes from %q, want %q", f, got, from)
					}
				}
			})
		}
	}
}

// holds stands on both sides of the limit that a value of a field is.
func holds(t *testing.T, a Allowance, field string, value any) {
	t.Helper()
	const ms = time.Millisecond
	long := 1000 * time.Hour
	check := func(what string, got, want bool) {
		t.Helper()
		if got != want {
			t.Errorf("%s %v: %s is %v", field, value, what, got)
		}
	}
	switch field {
	case "opens":
		if at := *value.(*time.Time); at.IsZero() {
			check("open long before", a.Opened(monday.Add(-long)), true)
		} else {
			check("open just before", a.Opened(at.Add(-ms)), false)
			check("open at it", a.Opened(at), true)
		}
	case "closes":
		if at := *value.(*time.Time); at.IsZero() {
			check("over long after", a.Over(monday.Add(long)), false)
		} else {
			check("over just before", a.Over(at.Add(-ms)), false)
			check("over at it", a.Over(at), true)
		}
	case "limit":
		a.Closes = nil // the limit by itself
		clock := ClockOf(a, Settings{}, monday, nil)
		if n := value.(int); n == 0 {
			check("late long after", clock.Late(monday.Add(long)), false)
		} else {
			end := monday.Add(time.Duration(n) * time.Second)
			check("late just before", clock.Late(end.Add(-ms)), false)
			check("late at it", clock.Late(end), true)
		}
	case "attempts":
		a.Opens, a.Closes = nil, nil // the number by itself
		refused := func(used int) bool {
			e := entrance{state: quizState{quiz: Quiz{Status: QuizPublished}}, version: &QuizVersion{Audience: Audience{Members: []string{"m1"}}}, taker: Taker{MemberID: "m1"}, allowance: a, used: used}
			return fault.KeyOf(e.refusal(monday)) == "exam.no_attempts_left"
		}
		if n := value.(int); n == 0 {
			check("refused after a thousand", refused(1000), false)
		} else {
			check("refused the last", refused(n-1), false)
			check("refused one more", refused(n), true)
		}
	case "password":
		if word := value.(string); word == "" {
			check("without one", a.Unlocks(""), true)
			check("with any", a.Unlocks("x"), true)
		} else {
			check("with it", a.Unlocks(word), true)
			check("without one", a.Unlocks(""), false)
			check("with more", a.Unlocks(word+"x"), false)
			check("with less", a.Unlocks(strings.TrimSuffix(word, word[len(word)-1:])), false)
		}
	}
}

// Extra time: of the profile in every quiz, of an override in this one.
func TestExtraTime(t *testing.T) {
	const me = "m1"
	for _, c := range []struct {
		name     string
		profile  float64
		override *Override
		limit    time.Duration
		from     string
	}{
		{"none", 0, nil, 30 * time.Minute, ""},
		{"profile", 1.5, nil, 45 * time.Minute, FromProfile},
		{"an override of other fields keeps the profile's", 1.5, &Override{MemberID: me, Attempts: ptr(5)}, 45 * time.Minute, FromProfile},
		{"the profile's on the member's own limit", 1.5, &Override{MemberID: me, Limit: ptr(600)}, 15 * time.Minute, FromProfile},
		{"the profile's on the group's limit", 1.5, &Override{OrgID: branchA, Limit: ptr(600)}, 15 * time.Minute, FromProfile},
		{"the override's wins, stricter", 2, &Override{MemberID: me, Extra: 1.2}, 36 * time.Minute, "member:m1"},
		{"the override's wins, milder", 1.2, &Override{MemberID: me, Extra: 2}, time.Hour, "member:m1"},
		{"the override's 1 takes the profile's back", 2, &Override{MemberID: me, Extra: 1}, 30 * time.Minute, "member:m1"},
		{"no limit stays none", 2, &Override{MemberID: me, Limit: ptr(0)}, 0, FromProfile},
	} {
		var overrides []Override
		if c.override != nil {
			overrides = append(overrides, *c.override)
		}
		a := Resolve(Timing{Limit: 1800}, Taker{MemberID: me, Path: []string{committee, branchA}, Extra: c.profile}, overrides)
		if a.Limit != c.limit || a.From.Extra != c.from {
			t.Errorf("%s: %v from %q, want %v from %q", c.name, a.Limit, a.From.Extra, c.limit, c.from)
		}
	}
	closes := monday.Add(10 * time.Minute)
	a := Resolve(Timing{Limit: 1800, Closes: &closes}, Taker{MemberID: me, Extra: 3}, nil)
	if end := a.Deadline(monday); !end.Equal(closes) {
		t.Errorf("extra time goes past the close: %v", end)
	}
}

// A profile's extra time reaches a running attempt, and taken back it ends there where it would have.
func TestExtraTimeReachesRunningAttempts(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 2)...))
	me := w.start(q, "m1", "phone")
	change := func(times float64) {
		taker := w.roll.takers["m1"]
		taker.Extra = times
		w.roll.takers["m1"] = taker
		w.ok(w.Retime(w.ctx, "m1"))
	}
	ends := func(after time.Duration) {
		t.Helper()
		standing, err := w.Attempts.Clock(w.ctx, me.actor, me.sheet.Attempt.ID)
		w.ok(err)
		if want := monday.Add(after); standing.Deadline == nil || !standing.Deadline.Equal(want) {
			t.Fatalf("ends at %v, want %v", standing.Deadline, want)
		}
		if kept := me.stored().Deadline; !same(kept, standing.Deadline) {
			t.Fatalf("the sweep goes by %v", kept)
		}
	}
	ends(30 * time.Minute)
	change(1.5)
	ends(45 * time.Minute)
	w.clock.Advance(40 * time.Minute)
	me.save(1, choose("a"))
	change(0)
	me.want(Released, when(monday.Add(30*time.Minute)))
}

// The list of who gets what says where each value comes from.
func TestAllotments(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 2)...))
	taker := w.roll.takers["m3"]
	taker.Extra = 1.5
	w.roll.takers["m3"] = taker
	_, err := w.Quizzes.SetOverride(w.ctx, w.author(), q.ID, "org:"+branchB, 0, Override{Limit: ptr(3600), Reason: "值班"})
	w.ok(err)
	_, err = w.Quizzes.SetOverride(w.ctx, w.author(), q.ID, "member:m2", 0, Override{Attempts: ptr(2), Reason: "值班"})
	w.ok(err)
	words := func(f AllotmentFilter) string {
		list, err := w.Quizzes.Allotments(w.ctx, w.author(), q.ID, f)
		w.ok(err)
		var out []string
		for _, one := range list {
			out = append(out, fmt.Sprintf("%s %d%s x%g%s %d%s", one.MemberID, one.Limit/60, bracket(one.From.Limit), one.Extra, bracket(one.From.Extra), one.Attempts, bracket(one.From.Attempts)))
		}
		return strings.Join(out, "; ")
	}
	all := "m1 30 x0 1; m3 45 x1.5[profile] 1; m2 60[org:branch-b] x0 2[member:m2]; m4 60[org:branch-b] x0 1"
	if got := words(AllotmentFilter{}); got != all {
		t.Errorf("got  %s\nwant %s", got, all)
	}
	if got := words(AllotmentFilter{Only: true}); got != all[len("m1 30 x0 1; "):] {
		t.Errorf("only exceptions: %s", got)
	}
	if got := words(AllotmentFilter{Org: branchA, Text: "m3"}); got != "m3 45 x1.5[profile] 1" {
		t.Errorf("filtered: %s", got)
	}
	page, total, err := w.Quizzes.AllotmentPage(w.ctx, w.author(), q.ID, AllotmentFilter{}, 3, "")
	w.ok(err)
	rest, _, err := w.Quizzes.AllotmentPage(w.ctx, w.author(), q.ID, AllotmentFilter{}, 3, page.Next)
	w.ok(err)
	if total != 4 || len(page.Items) != 3 || len(rest.Items) != 1 || rest.Next != "" {
		t.Errorf("pages of %d and %d, total %d", len(page.Items), len(rest.Items), total)
	}
	outsider := w.author()
	outsider.Scope = []string{branchB}
	_, err = w.Quizzes.Allotments(w.ctx, outsider, q.ID, AllotmentFilter{})
	w.refused(err, "quiz.not_found")
}

func bracket(from string) string {
	if from == "" {
		return ""
	}
	return "[" + from + "]"
}
