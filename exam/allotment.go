package exam

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"qiming/internal/store"
	"qiming/policies"
)

// Allotment is what one member gets of a quiz, and why.
type Allotment struct {
	MemberID string     `json:"member_id"`
	Name     string     `json:"name"`
	OrgID    string     `json:"org_id"`
	OrgName  string     `json:"org_name"`
	Opens    *time.Time `json:"opens,omitempty"`
	Closes   *time.Time `json:"closes,omitempty"`
	Limit    int        `json:"limit"`    // seconds with extra time in it, 0 = none
	Attempts int        `json:"attempts"` // 0 = any number
	Password bool       `json:"password"` // one is asked for
	Extra    float64    `json:"extra,omitempty"`
	From     Sources    `json:"from"`
	orgPath  []string
}

// AllotmentFilter narrows the list.
type AllotmentFilter struct {
	Org  string // a node with its subtree
	Text string // in the name
	Only bool   // those alone for whom anything differs from the quiz
}

// Allotments says of everybody who is due what holds for them, by organisation and name. Of a quiz that was
// published the published version counts.
func (s *Quizzes) Allotments(ctx context.Context, actor policies.Actor, quizID string, f AllotmentFilter) ([]Allotment, error) {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return nil, err
	}
	timing, audience := q.Settings.Timing, q.Audience
	if q.Number > 0 {
		b, err := s.blueprint(ctx, quizID, q.Number)
		if err != nil {
			return nil, err
		}
		timing, audience = b.version.Settings.Timing, b.version.Audience
	}
	state, err := s.quiz(ctx, quizID)
	if err != nil {
		return nil, err
	}
	due, err := s.roster.Due(ctx, audience)
	if err != nil {
		return nil, err
	}
	list := []Allotment{}
	var orgs []string
	for _, t := range due {
		if len(t.Path) == 0 || f.Org != "" && !slices.Contains(t.Path, f.Org) || !strings.Contains(t.Name, strings.TrimSpace(f.Text)) {
			continue
		}
		a := Resolve(timing, t, state.overrides)
		if f.Only && a.From == (Sources{}) {
			continue
		}
		org := t.Path[len(t.Path)-1]
		orgs = append(orgs, org)
		if q.ClosedAt != nil {
			a.Closes = earlier(a.Closes, *q.ClosedAt)
		}
		list = append(list, Allotment{MemberID: t.MemberID, Name: t.Name, OrgID: org, Opens: a.Opens, Closes: a.Closes, Limit: int(a.Limit / time.Second),
			Attempts: a.Attempts, Password: len(a.Passwords) > 0, Extra: a.Extra, From: a.From, orgPath: t.Path})
	}
	slices.Sort(orgs)
	names, err := s.roster.Names(ctx, slices.Compact(orgs))
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].OrgName = names[list[i].OrgID]
	}
	slices.SortFunc(list, func(a, b Allotment) int {
		return cmp.Or(slices.Compare(a.orgPath, b.orgPath), cmp.Compare(a.Name, b.Name), cmp.Compare(a.MemberID, b.MemberID))
	})
	return list, nil
}

// AllotmentPage pages through Allotments and gives how many there are in all. A cursor whose row is not among
// them (any more) is fault.Invalid ("store.cursor").
func (s *Quizzes) AllotmentPage(ctx context.Context, actor policies.Actor, quizID string, f AllotmentFilter, limit int, after string) (store.Page[Allotment], int, error) {
	page := store.Page[Allotment]{Items: []Allotment{}}
	list, err := s.Allotments(ctx, actor, quizID, f)
	if err != nil {
		return page, 0, err
	}
	start := 0
	if after != "" {
		if start = slices.IndexFunc(list, func(a Allotment) bool { return a.MemberID == after }) + 1; start == 0 {
			return page, 0, noCursor()
		}
	}
	end := min(start+max(limit, 1), len(list))
	page.Items = append(page.Items, list[start:end]...)
	if end < len(list) && end > start {
		page.Next = list[end-1].MemberID
	}
	return page, len(list), nil
}

// Retime lets a member's running attempts follow what changed of the member: the extra time in the profile, the
// organisation. The rule itself decides at every call; this brings the ends that the sweep goes by up to date.
func (e *Engine) Retime(ctx context.Context, memberID string) error {
	d := e.desk
	d.takerCache.Remove(memberID)
	var list []Attempt
	for a, err := range d.attempts.Find(ctx, store.Query[Attempt]{Index: "member", Eq: map[string]any{"member_id": memberID}}) {
		if err != nil {
			return err
		}
		if a.State.Running() {
			list = append(list, a)
		}
	}
	_, err := d.settleAll(ctx, list)
	return err
}
