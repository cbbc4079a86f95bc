package exam

import (
	"slices"
	"testing"
	"time"
)

// at gives a time of the tests' day.
func clockAt(h, m int) *time.Time {
	t := time.Date(2026, 3, 2, h, m, 0, 0, time.UTC)
	return &t
}

func ptr[T any](v T) *T { return &v }

// Every field, with nothing, a member, one group, several groups, a group left, and both.
func TestResolve(t *testing.T) {
	quiz := Timing{Opens: clockAt(8, 0), Closes: clockAt(10, 0), Limit: 1800, Attempts: 2, Password: "quiz"}
	const me = "m1"
	path := []string{committee, branchA}
	forMe := func(o Override) Override { o.MemberID = me; return o }
	group := func(id string, o Override) Override { o.OrgID = id; return o }
	none := ptr(time.Time{})
	for _, c := range []struct {
		name      string
		overrides []Override
		want      func(*Allowance)
	}{
		{"nothing", nil, func(*Allowance) {}},
		{"an override of another member", []Override{{MemberID: "m2", Limit: ptr(9)}}, func(*Allowance) {}},
		{"a group the member is not in", []Override{group(branchB, Override{Closes: clockAt(12, 0), Limit: ptr(0), Attempts: ptr(0), Password: ptr("")})}, func(*Allowance) {}},

		{"member: opens later", []Override{forMe(Override{Opens: clockAt(9, 0)})}, func(a *Allowance) { a.Opens = clockAt(9, 0) }},
		{"member: no opening", []Override{forMe(Override{Opens: none})}, func(a *Allowance) { a.Opens = nil }},
		{"member: closes later", []Override{forMe(Override{Closes: clockAt(11, 0)})}, func(a *Allowance) { a.Closes = clockAt(11, 0) }},
		{"member: closes earlier wins too", []Override{forMe(Override{Closes: clockAt(9, 0)}), group(branchA, Override{Closes: clockAt(12, 0)})}, func(a *Allowance) { a.Closes = clockAt(9, 0) }},
		{"member: never closes", []Override{forMe(Override{Closes: none})}, func(a *Allowance) { a.Closes = nil }},
		{"member: stricter limit wins", []Override{forMe(Override{Limit: ptr(600)}), group(branchA, Override{Limit: ptr(0)})}, func(a *Allowance) { a.Limit = 10 * time.Minute }},
		{"member: no limit", []Override{forMe(Override{Limit: ptr(0)})}, func(a *Allowance) { a.Limit = 0 }},
		{"member: attempts", []Override{forMe(Override{Attempts: ptr(1)}), group(branchA, Override{Attempts: ptr(5)})}, func(a *Allowance) { a.Attempts = 1 }},
		{"member: any number of attempts", []Override{forMe(Override{Attempts: ptr(0)})}, func(a *Allowance) { a.Attempts = 0 }},
		{"member: password", []Override{forMe(Override{Password: ptr("mine")}), group(branchA, Override{Password: ptr("")})}, func(a *Allowance) { a.Passwords = []string{"mine"} }},
		{"member: no password", []Override{forMe(Override{Password: ptr("")})}, func(a *Allowance) { a.Passwords = nil }},

		{"one group: opens", []Override{group(branchA, Override{Opens: clockAt(9, 0)})}, func(a *Allowance) { a.Opens = clockAt(9, 0) }},
		{"one group: closes stricter than the quiz", []Override{group(branchA, Override{Closes: clockAt(9, 0)})}, func(a *Allowance) { a.Closes = clockAt(9, 0) }},
		{"one group: limit stricter than the quiz", []Override{group(branchA, Override{Limit: ptr(60)})}, func(a *Allowance) { a.Limit = time.Minute }},
		{"one group: attempts", []Override{group(committee, Override{Attempts: ptr(3)})}, func(a *Allowance) { a.Attempts = 3 }},
		{"one group: password", []Override{group(branchA, Override{Password: ptr("a")})}, func(a *Allowance) { a.Passwords = []string{"a"} }},

		{"groups: earliest opening", []Override{group(branchA, Override{Opens: clockAt(9, 0)}), group(committee, Override{Opens: clockAt(8, 30)})}, func(a *Allowance) { a.Opens = clockAt(8, 30) }},
		{"groups: no opening", []Override{group(branchA, Override{Opens: none}), group(committee, Override{Opens: clockAt(7, 0)})}, func(a *Allowance) { a.Opens = nil }},
		{"groups: latest close", []Override{group(committee, Override{Closes: clockAt(11, 0)}), group(branchA, Override{Closes: clockAt(10, 30)})}, func(a *Allowance) { a.Closes = clockAt(11, 0) }},
		{"groups: no close", []Override{group(committee, Override{Closes: none}), group(branchA, Override{Closes: clockAt(10, 30)})}, func(a *Allowance) { a.Closes = nil }},
		{"groups: no close, the other order", []Override{group(committee, Override{Closes: clockAt(10, 30)}), group(branchA, Override{Closes: none})}, func(a *Allowance) { a.Closes = nil }},
		{"groups: longest limit", []Override{group(committee, Override{Limit: ptr(600)}), group(branchA, Override{Limit: ptr(900)})}, func(a *Allowance) { a.Limit = 15 * time.Minute }},
		{"groups: no limit", []Override{group(committee, Override{Limit: ptr(0)}), group(branchA, Override{Limit: ptr(900)})}, func(a *Allowance) { a.Limit = 0 }},
		{"groups: most attempts", []Override{group(committee, Override{Attempts: ptr(3)}), group(branchA, Override{Attempts: ptr(4)})}, func(a *Allowance) { a.Attempts = 4 }},
		{"groups: any number", []Override{group(committee, Override{Attempts: ptr(0)}), group(branchA, Override{Attempts: ptr(4)})}, func(a *Allowance) { a.Attempts = 0 }},
		{"groups: any password lets in", []Override{group(committee, Override{Password: ptr("c")}), group(branchA, Override{Password: ptr("a")})}, func(a *Allowance) { a.Passwords = []string{"c", "a"} }},
		{"groups: no password", []Override{group(committee, Override{Password: ptr("c")}), group(branchA, Override{Password: ptr("")})}, func(a *Allowance) { a.Passwords = nil }},
		{"groups: no password, the other order", []Override{group(committee, Override{Password: ptr("")}), group(branchA, Override{Password: ptr("a")})}, func(a *Allowance) { a.Passwords = nil }},

		{"field by field: member's close, group's limit, quiz's attempts",
			[]Override{forMe(Override{Closes: clockAt(11, 0)}), group(branchA, Override{Limit: ptr(3600), Closes: clockAt(12, 0)})},
			func(a *Allowance) { a.Closes, a.Limit = clockAt(11, 0), time.Hour }},
		{"half as long again", []Override{forMe(Override{Extra: 1.5})}, func(a *Allowance) { a.Limit = 45 * time.Minute }},
		{"half as long again of the group's limit", []Override{forMe(Override{Extra: 1.5}), group(branchA, Override{Limit: ptr(2400)})}, func(a *Allowance) { a.Limit = time.Hour }},
		{"a multiple of no limit is none", []Override{forMe(Override{Extra: 2, Limit: ptr(0)})}, func(a *Allowance) { a.Limit = 0 }},
		{"a third more is rounded up to the second", []Override{forMe(Override{Extra: 1.3333, Limit: ptr(100)})}, func(a *Allowance) { a.Limit = 134 * time.Second }},
	} {
		want := Allowance{Opens: quiz.Opens, Closes: quiz.Closes, Limit: 30 * time.Minute, Attempts: 2, Passwords: []string{"quiz"}}
		c.want(&want)
		got := Resolve(quiz, Taker{MemberID: me, Path: path}, c.overrides)
		if !same(got.Opens, want.Opens) || !same(got.Closes, want.Closes) || got.Limit != want.Limit || got.Attempts != want.Attempts || !slices.Equal(got.Passwords, want.Passwords) {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, got, want)
		}
	}
}

func TestDeadline(t *testing.T) {
	for _, c := range []struct {
		name   string
		a      Allowance
		start  *time.Time
		closed *time.Time
		want   *time.Time
	}{
		{"no end at all", Allowance{}, clockAt(8, 0), nil, nil},
		{"the limit", Allowance{Limit: 30 * time.Minute}, clockAt(8, 0), nil, clockAt(8, 30)},
		{"the close", Allowance{Closes: clockAt(10, 0)}, clockAt(8, 0), nil, clockAt(10, 0)},
		{"in time for the whole limit", Allowance{Closes: clockAt(10, 0), Limit: 30 * time.Minute}, clockAt(9, 29), nil, clockAt(9, 59)},
		{"exactly in time", Allowance{Closes: clockAt(10, 0), Limit: 30 * time.Minute}, clockAt(9, 30), nil, clockAt(10, 0)},
		{"a late starter gets no time past the close", Allowance{Closes: clockAt(10, 0), Limit: 30 * time.Minute}, clockAt(9, 31), nil, clockAt(10, 0)},
		{"extra time neither", Resolve(Timing{Closes: clockAt(10, 0), Limit: 1800}, Taker{MemberID: "m"}, []Override{{MemberID: "m", Extra: 3}}), clockAt(9, 0), nil, clockAt(10, 0)},
		{"closed by hand", Allowance{Closes: clockAt(10, 0), Limit: 30 * time.Minute}, clockAt(8, 0), clockAt(8, 10), clockAt(8, 10)},
		{"closed by hand after the end", Allowance{Limit: 30 * time.Minute}, clockAt(8, 0), clockAt(9, 0), clockAt(8, 30)},
		{"closed by hand against an override", Resolve(Timing{}, Taker{MemberID: "m"}, []Override{{MemberID: "m", Closes: clockAt(20, 0)}}), clockAt(8, 0), clockAt(9, 0), clockAt(9, 0)},
	} {
		if got := ClockOf(c.a, Settings{}, *c.start, c.closed).Deadline; !same(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestStands(t *testing.T) {
	end := clockAt(9, 0)
	ms := time.Millisecond
	grace := clockAt(9, 2)
	for _, c := range []struct {
		overdue Overdue
		grace   int
		at      time.Time
		state   State
		ended   *time.Time
	}{
		{OverdueSubmit, 0, end.Add(-ms), Open, nil},
		{OverdueSubmit, 0, *end, Expired, end},
		{OverdueSubmit, 0, end.Add(72 * time.Hour), Expired, end},
		{OverdueSubmit, 120, *end, Expired, end}, // grace is for OverdueGrace only
		{OverdueAbandon, 0, end.Add(-ms), Open, nil},
		{OverdueAbandon, 0, *end, Abandoned, end},
		{OverdueGrace, 120, end.Add(-ms), Open, nil},
		{OverdueGrace, 120, *end, PastDue, nil},
		{OverdueGrace, 120, grace.Add(-ms), PastDue, nil},
		{OverdueGrace, 120, *grace, Abandoned, grace},
		{OverdueGrace, 0, *end, Abandoned, end},
		{"", 0, *end, Expired, end},
	} {
		clock := ClockOf(Allowance{Closes: end}, Settings{Overdue: c.overdue, Grace: c.grace}, end.Add(-time.Hour), nil)
		if state, ended := clock.Stands(c.at); state != c.state || !same(ended, c.ended) {
			t.Errorf("%s, grace %d, at %v: %s at %v", c.overdue, c.grace, c.at.Sub(*end), state, ended)
		}
	}
	if state, _ := (Clock{}).Stands(end.Add(10000 * time.Hour)); state != Open {
		t.Error("an attempt without an end ended")
	}
}

func TestUnlocks(t *testing.T) {
	for _, c := range []struct {
		passwords []string
		try       string
		want      bool
	}{{nil, "", true}, {nil, "x", true}, {[]string{"a"}, "", false}, {[]string{"a"}, "a", true}, {[]string{"a"}, "A", false},
		{[]string{"a", "b"}, "b", true}, {[]string{"a", "a"}, "a", true}, {[]string{"ab"}, "a", false}} {
		if got := (Allowance{Passwords: c.passwords}).Unlocks(c.try); got != c.want {
			t.Errorf("%v with %q: %v", c.passwords, c.try, got)
		}
	}
}
