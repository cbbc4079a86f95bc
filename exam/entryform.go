package exam

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
)

// PaperForm is what results of papers are entered into: the papers by label, and a page of members.
type PaperForm struct {
	QuizID    string         `json:"quiz_id"`
	Title     string         `json:"title"`
	Version   int            `json:"version"`   // that the papers are of
	Published int            `json:"published"` // now
	Versions  []PaperVersion `json:"versions"`  // papers may have been printed from, the newest first
	Papers    []PaperSlots   `json:"papers"`
	Rows      []PaperRow     `json:"rows"`
	Next      string         `json:"next,omitempty"`
	Total     int            `json:"total"` // members in reach
}

// PaperVersion is a version of a quiz.
type PaperVersion struct {
	Number int       `json:"number"`
	At     time.Time `json:"at"` // when it was published
}

// PaperSlots says how the slots of a paper are entered; it tells no item.
type PaperSlots struct {
	Label  string      `json:"label"`
	Points float64     `json:"points"`
	Slots  []PaperSlot `json:"slots"`
}

// PaperSlot is one place of a paper.
type PaperSlot struct {
	Number  int           `json:"number"`
	Kind    question.Kind `json:"kind"`
	Points  float64       `json:"points"`
	Letters bool          `json:"letters"`           // letters are entered; else points
	Options int           `json:"options,omitempty"` // how many letters there are
	Waits   bool          `json:"waits"`             // may be left to be marked later
}

// PaperRow is a member with the paper that was entered last, or with what is to be entered.
type PaperRow struct {
	MemberID  string     `json:"member_id"`
	Name      string     `json:"name"`
	OrgName   string     `json:"org_name"`
	Number    int        `json:"number"` // of the attempt that saving keeps; 0 = none may be
	Next      int        `json:"next"`   // of a further attempt; 0 = none may be
	Blocked   string     `json:"blocked,omitempty" doc:"Why no attempt may be added"`
	AttemptID string     `json:"attempt_id,omitempty"`
	Rev       int64      `json:"rev"`
	Screen    bool       `json:"screen"` // the last attempt was answered on a screen
	Label     string     `json:"label,omitempty"`
	Version   int        `json:"version,omitempty"`
	SatAt     *time.Time `json:"sat_at,omitempty"`
	Cells     []string   `json:"cells"`
	Total     *float64   `json:"total,omitempty"` // where only that is known
	State     State      `json:"state,omitempty"`
	Score     *float64   `json:"score,omitempty"`
	Percent   *float64   `json:"percent,omitempty"`
	Passed    *bool      `json:"passed,omitempty"`
}

// Form gives the papers of a quiz and a page of the members who are due and in the actor's reach, below org
// ("" = all) and with text in their names. The papers are those of a version, 0 = the published one.
func (s *Entries) Form(ctx context.Context, actor policies.Actor, quizID string, version int, org, text string, limit int, after string) (PaperForm, error) {
	hall, err := s.room(ctx, actor, quizID, version)
	if err != nil {
		return PaperForm{}, err
	}
	now := s.clock.Now()
	form := PaperForm{QuizID: quizID, Title: hall.version.Title, Version: hall.version.Number, Published: hall.quiz.Number, Versions: s.versions(ctx, hall.quiz), Papers: []PaperSlots{}, Rows: []PaperRow{}}
	for _, label := range Labels {
		paper, err := s.slots(ctx, quizID, label, hall.version.Number)
		if err != nil {
			return form, err
		}
		form.Papers = append(form.Papers, paper)
	}
	takers, err := s.reach(ctx, actor, hall, org, text)
	if err != nil {
		return form, err
	}
	form.Total = len(takers)
	start := 0
	if after != "" {
		if start = slices.IndexFunc(takers, func(t Taker) bool { return t.MemberID == after }) + 1; start == 0 {
			return form, noCursor()
		}
	}
	end := min(start+max(limit, 1), len(takers))
	for _, taker := range takers[start:end] {
		row, err := s.row(ctx, quizID, taker, now)
		if err != nil {
			return form, err
		}
		form.Rows = append(form.Rows, row)
	}
	if end < len(takers) {
		form.Next = takers[end-1].MemberID
	}
	return form, s.nameRows(ctx, form.Rows, takers[start:end])
}

// maxPaperVersions bounds the versions that papers are entered for.
const maxPaperVersions = 20

// versions gives the versions of a quiz; numbers may have holes.
func (s *Entries) versions(ctx context.Context, q Quiz) []PaperVersion {
	list := []PaperVersion{}
	for number := q.Number; number > 0 && len(list) < maxPaperVersions; number-- {
		if b, err := s.blueprint(ctx, q.ID, number); err == nil {
			list = append(list, PaperVersion{number, b.version.CreatedAt})
		}
	}
	return list
}

func (s *Entries) slots(ctx context.Context, quizID, label string, number int) (PaperSlots, error) {
	sit, _, err := s.printed(ctx, quizID, label, number)
	if err != nil {
		return PaperSlots{}, err
	}
	paper := PaperSlots{Label: label, Points: sit.paper.Points(), Slots: []PaperSlot{}}
	for i, slot := range sit.paper.Slots {
		c := sit.contents[i]
		item := slot.present(c)
		paper.Slots = append(paper.Slots, PaperSlot{Number: slot.Number, Kind: c.Kind, Points: slot.Points, Letters: byLetters(c.Kind),
			Options: max(len(item.Options), len(item.Rights)), Waits: c.Kind.ByHand()})
	}
	return paper, nil
}

// reach gives the members who are due and in the actor's reach, by organisation and name.
func (s *Entries) reach(ctx context.Context, actor policies.Actor, hall room, org, text string) ([]Taker, error) {
	due, err := s.due(ctx, hall.quiz.ID, hall.quiz.MakeupOf, hall.audience, s.clock.Now())
	if err != nil {
		return nil, err
	}
	takers := []Taker{}
	for _, t := range due {
		if actor.Scope.Covers(t.Path) && (org == "" || slices.Contains(t.Path, org)) && strings.Contains(t.Name, text) {
			takers = append(takers, t)
		}
	}
	slices.SortFunc(takers, func(a, b Taker) int {
		return cmp.Or(slices.Compare(a.Path, b.Path), cmp.Compare(a.Name, b.Name), cmp.Compare(a.MemberID, b.MemberID))
	})
	return takers, nil
}

func (s *Entries) nameRows(ctx context.Context, rows []PaperRow, takers []Taker) error {
	var orgs []string
	for _, t := range takers {
		if n := len(t.Path); n > 0 && !slices.Contains(orgs, t.Path[n-1]) {
			orgs = append(orgs, t.Path[n-1])
		}
	}
	names, err := s.roster.Names(ctx, orgs)
	for i, t := range takers {
		if n := len(t.Path); n > 0 {
			rows[i].OrgName = names[t.Path[n-1]]
		}
	}
	return err
}

// row gives a member as the form shows one.
func (s *Entries) row(ctx context.Context, quizID string, taker Taker, now time.Time) (PaperRow, error) {
	row := PaperRow{MemberID: taker.MemberID, Name: taker.Name, Cells: []string{}}
	attempts, err := s.ofMember(ctx, quizID, taker.MemberID)
	if err != nil {
		return row, err
	}
	row.Next, err = s.next(ctx, quizID, taker.MemberID, attempts, now)
	if fault.Is(err, fault.Conflict) {
		row.Blocked, err = fault.KeyOf(err), nil
	}
	if err != nil {
		return row, err
	}
	row.Number = row.Next
	last := -1
	for i := range attempts {
		if attempts[i].State != Void {
			last = i
		}
	}
	if last < 0 {
		return row, nil
	}
	a := &attempts[last]
	row.AttemptID, row.State, row.Score, row.Percent, row.Passed, row.Screen = a.ID, a.State, a.Score, a.Percent, a.Passed, a.Label == ""
	if row.Screen {
		return row, nil
	}
	row.Number, row.Rev, row.Label, row.Version, row.SatAt = a.Number, a.Rev, a.Label, a.Version, a.EndedAt
	sit, _, err := s.printed(ctx, quizID, a.Label, a.Version)
	if err != nil {
		return row, err
	}
	v := Replay(a.Steps, len(sit.paper.Slots))
	if v.Total != nil {
		total := hundredths(*v.Total.Fraction * sit.paper.Points())
		row.Total = &total
		return row, nil
	}
	for i, slot := range sit.paper.Slots {
		row.Cells = append(row.Cells, cell(slot, sit.contents[i], v.Answers[i], v.Marks[i]))
	}
	return row, nil
}
