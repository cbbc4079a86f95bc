package exam

import (
	"crypto/subtle"
	"math"
	"slices"
	"time"
)

// Allowance is the timing that holds for one member: the quiz's own, changed by overrides.
type Allowance struct {
	Opens     *time.Time    // nil = always open
	Closes    *time.Time    // nil = never closes
	Limit     time.Duration // 0 = none; Extra is in it
	Attempts  int           // 0 = any number
	Passwords []string      // any of them lets in; none = no password
	Extra     float64       // multiplies limits, that of the sections too; 0 = as they are
	From      Sources       // where each field comes from
}

// Sources says where each field of an allowance comes from: "" is the quiz itself, else the Key of the override,
// or FromProfile. Where any of several groups' passwords lets in, their keys stand beside each other, with spaces.
type Sources struct {
	Opens    string `json:"opens,omitempty"`
	Closes   string `json:"closes,omitempty"`
	Limit    string `json:"limit,omitempty"`
	Attempts string `json:"attempts,omitempty"`
	Password string `json:"password,omitempty"`
	Extra    string `json:"extra,omitempty"`
}

// FromProfile is the source of extra time that a member has in every quiz.
const FromProfile = "profile"

// Resolve applies the overrides of a quiz for a member as it is now (exam-rules section 1): member, then group,
// then quiz, field by field. A member's override wins even when it is stricter. Of several groups the most lenient
// value counts, "none" being the most lenient; overrides of nodes outside the member's path are ignored. Extra
// multiplies the limit, before the window's close is applied: the override's where it has one, else that of the
// member's profile.
func Resolve(quiz Timing, member Taker, overrides []Override) Allowance {
	a := Allowance{Opens: given(quiz.Opens), Closes: given(quiz.Closes), Limit: seconds(quiz.Limit), Attempts: quiz.Attempts, Passwords: password(quiz.Password)}
	from := &a.From
	for i := range overrides {
		g := &overrides[i]
		if g.MemberID != "" || g.OrgID == "" || !slices.Contains(member.Path, g.OrgID) {
			continue
		}
		if g.Opens != nil && (from.Opens == "" || lenient(g.Opens, a.Opens, time.Time.Before)) {
			a.Opens, from.Opens = given(g.Opens), g.Key()
		}
		if g.Closes != nil && (from.Closes == "" || lenient(g.Closes, a.Closes, time.Time.After)) {
			a.Closes, from.Closes = given(g.Closes), g.Key()
		}
		if g.Limit != nil && (from.Limit == "" || a.Limit != 0 && (*g.Limit == 0 || seconds(*g.Limit) > a.Limit)) {
			a.Limit, from.Limit = seconds(*g.Limit), g.Key()
		}
		if g.Attempts != nil && (from.Attempts == "" || a.Attempts != 0 && (*g.Attempts == 0 || *g.Attempts > a.Attempts)) {
			a.Attempts, from.Attempts = *g.Attempts, g.Key()
		}
		if g.Password != nil {
			switch {
			case from.Password == "" || *g.Password == "" && len(a.Passwords) > 0:
				a.Passwords, from.Password = password(*g.Password), g.Key()
			case len(a.Passwords) > 0:
				a.Passwords = append(a.Passwords, *g.Password)
				from.Password += " " + g.Key()
			}
		}
	}
	if member.Extra > 0 {
		a.Extra, from.Extra = member.Extra, FromProfile
	}
	for i := range overrides {
		if own := &overrides[i]; own.MemberID != "" && own.MemberID == member.MemberID {
			a.own(own)
		}
	}
	if a.Extra > 0 {
		a.Limit = scaled(int(a.Limit/time.Second), a.Extra)
	}
	return a
}

// own lets a member's override win, field by field.
func (a *Allowance) own(o *Override) {
	key := o.Key()
	if o.Opens != nil {
		a.Opens, a.From.Opens = given(o.Opens), key
	}
	if o.Closes != nil {
		a.Closes, a.From.Closes = given(o.Closes), key
	}
	if o.Limit != nil {
		a.Limit, a.From.Limit = seconds(*o.Limit), key
	}
	if o.Attempts != nil {
		a.Attempts, a.From.Attempts = *o.Attempts, key
	}
	if o.Password != nil {
		a.Passwords, a.From.Password = password(*o.Password), key
	}
	if o.Extra > 0 {
		a.Extra, a.From.Extra = o.Extra, key
	}
}

// lenient says whether t allows more than than; the zero time and nil mean "none".
func lenient(t, than *time.Time, more func(time.Time, time.Time) bool) bool {
	switch {
	case than == nil:
		return false
	case t.IsZero():
		return true
	}
	return more(*t, *than)
}

func given(t *time.Time) *time.Time {
	if t == nil || t.IsZero() {
		return nil
	}
	u := t.UTC()
	return &u
}

func seconds(n int) time.Duration { return time.Duration(max(n, 0)) * time.Second }

// scaled gives a limit in seconds multiplied by extra (0 = as it is), in whole seconds, up.
func scaled(limit int, extra float64) time.Duration {
	if extra <= 0 {
		return seconds(limit)
	}
	return time.Duration(math.Ceil(float64(max(limit, 0))*extra-1e-6)) * time.Second
}

func password(p string) []string {
	if p == "" {
		return nil
	}
	return []string{p}
}

// Unlocks says whether the password lets in. It takes the same time for every wrong one of a length.
func (a Allowance) Unlocks(try string) bool {
	if len(a.Passwords) == 0 {
		return true
	}
	right := 0
	for _, p := range a.Passwords {
		right |= subtle.ConstantTimeCompare([]byte(p), []byte(try))
	}
	return right == 1
}

// Opened says whether the window has begun: at Opens itself it has.
func (a Allowance) Opened(now time.Time) bool { return a.Opens == nil || !now.Before(*a.Opens) }

// Over says whether the window has ended: at Closes itself it has.
func (a Allowance) Over(now time.Time) bool { return a.Closes != nil && !now.Before(*a.Closes) }

// Deadline gives the end of an attempt: min(closes, started + limit); nil = none. A late starter
// gets no time past the close of the window.
func (a Allowance) Deadline(started time.Time) *time.Time {
	end := a.Closes
	if a.Limit > 0 {
		end = earlier(end, started.Add(a.Limit))
	}
	return end
}

func earlier(a *time.Time, b time.Time) *time.Time {
	if a == nil || b.Before(*a) {
		b = b.UTC()
		return &b
	}
	return a
}

// Clock is when one attempt ends. The zero value never does.
type Clock struct {
	Deadline *time.Time // answers count before it
	GraceEnd *time.Time // until then an overdue attempt may still be handed in; nil without grace
	Overdue  Overdue
	grace    time.Duration
}

// ClockOf gives the ends of an attempt that began at started. closedAt is when the quiz was closed
// by hand, nil if it was not: it ends every attempt at that moment, whatever an override says, for
// it is the later decision.
func ClockOf(a Allowance, s Settings, started time.Time, closedAt *time.Time) Clock {
	c := Clock{Overdue: s.Overdue}
	if s.Overdue == OverdueGrace {
		c.grace = seconds(s.Grace)
	}
	if end := a.Deadline(started); end != nil {
		c = c.until(*end)
	}
	if closedAt != nil {
		c = c.until(*closedAt)
	}
	return c
}

// until gives the clock with an end that is not after end.
func (c Clock) until(end time.Time) Clock {
	c.Deadline = earlier(c.Deadline, end)
	if c.grace > 0 {
		graceEnd := c.Deadline.Add(c.grace)
		c.GraceEnd = &graceEnd
	}
	return c
}

// earlierOf gives t, or the deadline where that comes first.
func (c Clock) earlierOf(t time.Time) *time.Time { return earlier(c.Deadline, t) }

// Late says whether an answer that comes at now is late: at the deadline itself it is.
func (c Clock) Late(now time.Time) bool { return c.Deadline != nil && !now.Before(*c.Deadline) }

// Stands gives the state of a running attempt at now and, where it has ended, the moment that it
// ended: the deadline (with grace, the end of the grace), never now.
func (c Clock) Stands(now time.Time) (State, *time.Time) {
	if !c.Late(now) {
		return Open, nil
	}
	switch c.Overdue {
	case OverdueAbandon:
		return Abandoned, c.Deadline
	case OverdueGrace:
		if c.GraceEnd == nil {
			return Abandoned, c.Deadline
		}
		if now.Before(*c.GraceEnd) {
			return PastDue, nil
		}
		return Abandoned, c.GraceEnd
	}
	return Expired, c.Deadline
}

// Wakes gives the next moment at which the sweep has something to do, nil if never.
func (c Clock) Wakes(s State) *time.Time {
	if s == PastDue {
		return c.GraceEnd
	}
	return c.Deadline
}
