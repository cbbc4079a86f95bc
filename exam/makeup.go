package exam

import (
	"context"
	"slices"
	"strings"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// A make-up exam (补考) is a quiz of its own that names the first one. It is for those whom both audiences address and
// who were absent from the first, or failed it, and passed no other make-up of it: worked out whenever somebody looks,
// so that it follows regrades and late passes. A result that is not out yet is nobody's failure: its member waits. Who
// passes a make-up has passed, and the results of the first say so, marked as such.

// Makeup makes a make-up of a quiz as a draft: its questions, settings and audience, without its window. The make-up of
// a make-up is one of the first quiz too.
func (s *Quizzes) Makeup(ctx context.Context, actor policies.Actor, id, title string) (Quiz, error) {
	first, err := s.seen(ctx, actor, id)
	if err != nil {
		return Quiz{}, err
	}
	if first.Number == 0 {
		return Quiz{}, fault.New(fault.Conflict, "makeup.not_published", "quiz %s was never published", id)
	}
	title = strings.TrimSpace(title)
	if fields := checkTitle(title); fields != nil {
		return Quiz{}, fault.Bad("quiz.invalid", fields)
	}
	q := Quiz{Meta: store.Meta{ID: ident.New()}, OrgID: first.OrgID, OrgPath: first.OrgPath, Title: title, Intro: first.Intro, Status: QuizDraft,
		Settings: first.Settings, Sections: first.Sections, Audience: first.Audience, AuthorID: actor.AccountID, MakeupOf: first.ID}
	if first.MakeupOf != "" {
		q.MakeupOf = first.MakeupOf
	}
	q.Settings.Opens, q.Settings.Closes = nil, nil
	return q, s.recorded(ctx, actor, "quiz.makeup", &q, func() error { return s.quizzes.Insert(ctx, &q) }, "first", q.MakeupOf)
}

// wanting says whether a member's attempts on a quiz ask for a make-up; over = none of them may begin any more.
func wanting(by GradeBy, pass float64, attempts []AttemptResult, over bool) bool {
	out := make([]AttemptResult, 0, len(attempts))
	for _, a := range attempts {
		switch {
		case a.State == Void || a.State == Abandoned:
		case a.State != Released:
			return false // runs, or is not known yet
		default:
			out = append(out, a)
		}
	}
	o := Combine(by, pass, out)
	return over && (o.Passed == nil || !*o.Passed)
}

// settles says whether a member's attempts on another make-up stand against one more: passed, or not known yet.
func settles(by GradeBy, pass float64, attempts []AttemptResult) bool {
	return len(attempts) > 0 && !wanting(by, pass, attempts, true)
}

// needMakeup gives those of takers who need a make-up of the first quiz; except is the make-up at hand, whose own
// attempts do not count.
func (d *desk) needMakeup(ctx context.Context, first, except string, takers []Taker, now time.Time) ([]Taker, error) {
	state, err := d.quiz(ctx, first)
	if err != nil || state.quiz.Number == 0 || len(takers) == 0 {
		return nil, err
	}
	b, err := d.blueprint(ctx, first, state.quiz.Number)
	if err != nil {
		return nil, err
	}
	settings := b.version.Settings
	sat, err := d.byMember(ctx, first, takers)
	if err != nil {
		return nil, err
	}
	others, err := d.makeups(ctx, first, except, takers)
	if err != nil {
		return nil, err
	}
	var list []Taker
	for _, t := range takers {
		attempts := sat[t.MemberID]
		if len(attempts) == 0 && !b.version.Audience.Addresses(t) {
			continue
		}
		allowance := Resolve(settings.Timing, t, state.overrides)
		used := len(slices.DeleteFunc(slices.Clone(attempts), func(a AttemptResult) bool { return a.State == Void }))
		over := state.quiz.Status != QuizPublished || allowance.Over(now) || allowance.Attempts > 0 && used >= allowance.Attempts
		if wanting(settings.GradeBy, settings.PassPercent, attempts, over) &&
			!slices.ContainsFunc(others, func(m makeup) bool { return m.settles(t.MemberID) }) {
			list = append(list, t)
		}
	}
	return list, nil
}

// makeup is a make-up quiz with who sat it.
type makeup struct {
	quizState
	settings Settings
	attempts map[string][]AttemptResult // by member, in the order of their numbers
}

func (m makeup) settles(memberID string) bool {
	return settles(m.settings.GradeBy, m.settings.PassPercent, m.attempts[memberID])
}

// makeups gives the published make-ups of a quiz but one, with the attempts of the takers (nil = of everybody).
func (d *desk) makeups(ctx context.Context, first, except string, takers []Taker) ([]makeup, error) {
	var list []makeup
	for q, err := range d.quizzes.Find(ctx, store.Query[Quiz]{Index: "makeup", Eq: map[string]any{"makeup_of": first}}) {
		if err != nil {
			return nil, err
		}
		if q.ID == except || q.Number == 0 {
			continue
		}
		b, err := d.blueprint(ctx, q.ID, q.Number)
		if err != nil {
			return nil, err
		}
		attempts, err := d.byMember(ctx, q.ID, takers)
		if err != nil {
			return nil, err
		}
		state, err := d.quiz(ctx, q.ID)
		if err != nil {
			return nil, err
		}
		list = append(list, makeup{state, b.version.Settings, attempts})
	}
	return list, nil
}

// byMember gives the attempts on a quiz by member, in the order of their numbers: of one taker by its key, else of
// everybody in one pass.
func (d *desk) byMember(ctx context.Context, quizID string, takers []Taker) (map[string][]AttemptResult, error) {
	if len(takers) == 1 {
		list, err := d.ofMember(ctx, quizID, takers[0].MemberID)
		return map[string][]AttemptResult{takers[0].MemberID: resultsOf(list)}, err
	}
	all := map[string][]AttemptResult{}
	err := d.ofQuiz(ctx, quizID, "", func(a *Attempt) error {
		all[a.MemberID] = append(all[a.MemberID], a.result())
		return nil
	})
	for _, list := range all {
		slices.SortFunc(list, func(a, b AttemptResult) int { return a.Number - b.Number })
	}
	return all, err
}

// addresses says whether a version of a quiz is for a taker: its audience, and of a make-up the need.
func (d *desk) addresses(ctx context.Context, v *QuizVersion, t Taker, now time.Time) (bool, error) {
	if !v.Audience.Addresses(t) || v.MakeupOf == "" {
		return v.Audience.Addresses(t), nil
	}
	need, err := d.needMakeup(ctx, v.MakeupOf, v.QuizID, []Taker{t}, now)
	return len(need) > 0, err
}

// due gives whom a quiz is for.
func (d *desk) due(ctx context.Context, quizID, makeupOf string, a Audience, now time.Time) ([]Taker, error) {
	takers, err := d.roster.Due(ctx, a)
	if err != nil || makeupOf == "" {
		return takers, err
	}
	return d.needMakeup(ctx, makeupOf, quizID, takers, now)
}

// MadeUp is what make-ups of a quiz say of one member: of several the one that was passed, else the last that was sat,
// else the last that is open to the member.
type MadeUp struct {
	QuizID  string   `json:"quiz_id"`
	Title   string   `json:"title"`
	State   string   `json:"state"` // not_yet, absent, or the state of the attempt that counts or runs
	Percent *float64 `json:"percent,omitempty"`
	Passed  *bool    `json:"passed,omitempty"`
	Pending bool     `json:"pending"`
}

// Final is what a quiz and its make-ups come to for a member.
type Final string

// The ends.
const (
	FinalPassed  Final = "passed"
	FinalMadeUp  Final = "made_up" // passed by a make-up
	FinalFailed  Final = "failed"
	FinalAbsent  Final = "absent"  // from the first and every make-up
	FinalPending Final = "pending" // not known yet
)

// final combines the first result with what the make-ups say: a pass is a pass, a make-up's marked as such.
func (r *Row) final() Final {
	m := r.MadeUp
	switch {
	case r.taken && r.Passed != nil && *r.Passed:
		return FinalPassed
	case m != nil && m.Passed != nil && *m.Passed:
		return FinalMadeUp
	case r.State == NotYet, r.Pending || r.taken && r.Passed == nil || !r.taken && State(r.State).Running(), m != nil && (m.Pending || State(m.State).Running()):
		return FinalPending
	case r.taken || m != nil && m.State != Absent && m.State != NotYet:
		return FinalFailed
	}
	return FinalAbsent
}

// madeUp adds to the rows of a first quiz what its make-ups say; told are the same rows as they are told before the release.
func (s *Results) madeUp(ctx context.Context, q Quiz, list []makeup, rows, told []Row, now time.Time) error {
	open := map[string]bool{}
	if len(list) > 0 {
		var takers []Taker
		for i := range rows {
			if rows[i].Due {
				takers = append(takers, Taker{MemberID: rows[i].MemberID, Path: rows[i].OrgPath})
			}
		}
		need, err := s.needMakeup(ctx, q.ID, "", takers, now)
		if err != nil {
			return err
		}
		for _, t := range need {
			open[t.MemberID] = true
		}
	}
	for i := range rows {
		for _, m := range list {
			rows[i].add(m, m.attempts[rows[i].MemberID], open[rows[i].MemberID], now)
		}
		rows[i].Final = rows[i].final()
	}
	for i := range told {
		r := &told[i]
		for _, m := range list {
			attempts := m.attempts[r.MemberID]
			r.Veiled = r.Veiled || anyVeiled(attempts)
			r.add(m, toldOf(attempts), open[r.MemberID], now)
		}
		r.Final = r.final()
		r.Pending = rows[i].Pending // of evaluators: not of the release
	}
	return nil
}

func (m makeup) veiled() bool {
	for _, attempts := range m.attempts {
		if anyVeiled(attempts) {
			return true
		}
	}
	return false
}

// add takes in what a make-up says of the row's member; open = the member needs one.
func (r *Row) add(m makeup, attempts []AttemptResult, open bool, now time.Time) {
	if len(attempts) == 0 && !open || r.MadeUp != nil && r.MadeUp.Passed != nil && *r.MadeUp.Passed || len(attempts) == 0 && r.MadeUp != nil {
		return
	}
	taker := Taker{MemberID: r.MemberID, Path: r.OrgPath}
	row := rowOf(taker, true, m.overTo(m.settings, taker, now), m.settings.GradeBy, m.settings.PassPercent, attempts)
	r.MadeUp = &MadeUp{QuizID: m.quiz.ID, Title: m.quiz.Title, State: row.State, Percent: row.Percent, Passed: row.Passed, Pending: row.Pending}
}

// FinalCount counts what a quiz and its make-ups came to.
type FinalCount struct {
	Due     int `json:"due"`
	Passed  int `json:"passed"`
	MadeUp  int `json:"made_up"`
	Failed  int `json:"failed"`
	Absent  int `json:"absent"`
	Pending int `json:"pending"`
}

func (c *FinalCount) add(r *Row) {
	if r.Due {
		c.Due++
	}
	switch r.Final {
	case FinalPassed:
		c.Passed++
	case FinalMadeUp:
		c.MadeUp++
	case FinalFailed:
		c.Failed++
	case FinalAbsent:
		c.Absent++
	case FinalPending:
		c.Pending++
	}
}

// Finals counts a quiz with its make-ups for the actor's reach below org ("" = all of it): in all, and by organisation
// node with its subtree.
func (s *Results) Finals(ctx context.Context, actor policies.Actor, quizID, org string) (FinalCount, map[string]FinalCount, error) {
	var total FinalCount
	byOrg := map[string]FinalCount{}
	rows, err := s.All(ctx, actor, quizID, RowFilter{Org: org})
	for i := range rows {
		total.add(&rows[i])
		for _, id := range rows[i].OrgPath {
			c := byOrg[id]
			c.add(&rows[i])
			byOrg[id] = c
		}
	}
	return total, byOrg, err
}
