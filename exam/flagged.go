package exam

import (
	"cmp"
	"context"
	"slices"
	"time"

	"qiming/exam/question"
	"qiming/exam/statistics"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// FlagState is where a flag stands. Transitions: open -> handled or dismissed, by the author; these -> open by hand or by new
// evidence; any -> cleared where the item is not flagged any more or was replaced by a new version, and back.
type FlagState string

// The states.
const (
	FlagOpen      FlagState = "open"
	FlagHandled   FlagState = "handled"   // something was done about it
	FlagDismissed FlagState = "dismissed" // it is right as it is
	FlagCleared   FlagState = "cleared"   // by itself
)

// ItemFlag is a reason to look at a question version in a quiz: a task for its author. Its id is "QUIZ:VERSION:FLAG", so that
// counting again raises nothing twice.
type ItemFlag struct {
	store.Meta     `bson:",inline"`
	QuizID         string          `bson:"quiz_id" json:"quiz_id"`
	QuizTitle      string          `bson:"quiz_title" json:"quiz_title"`
	QuestionID     string          `bson:"question_id" json:"question_id"` // of the bank
	Version        string          `bson:"version" json:"version"`
	Number         int             `bson:"number" json:"number"` // of the question's version
	Flag           statistics.Flag `bson:"flag" json:"flag" enum:"negative,too_hard,too_easy,distractor"`
	AuthorID       string          `bson:"author_id" json:"-"` // account that wrote the version; "" = nobody's
	State          FlagState       `bson:"state" json:"state" enum:"open,handled,dismissed,cleared"`
	RaisedAt       time.Time       `bson:"raised_at" json:"raised_at"` // when it was opened last
	N              int             `bson:"n" json:"n"`                 // first attempts
	Facility       *float64        `bson:"facility,omitempty" json:"facility,omitempty"`
	Discrimination *float64        `bson:"discrimination,omitempty" json:"discrimination,omitempty"` // percent
	Wrong          string          `bson:"wrong,omitempty" json:"wrong,omitempty"`                   // distractor: the label of the wrong option
	WrongN         int             `bson:"wrong_n,omitempty" json:"wrong_n,omitempty"`               // how many chose it
	RightN         int             `bson:"right_n,omitempty" json:"right_n,omitempty"`               // how many chose the right option that fewest chose
	Notes          []FlagNote      `bson:"notes,omitempty" json:"notes"`
}

// FlagNote is what somebody decided about a flag.
type FlagNote struct {
	State FlagState `bson:"state" json:"state"`
	Note  string    `bson:"note,omitempty" json:"note,omitempty"`
	By    string    `bson:"by" json:"by"` // name
	At    time.Time `bson:"at" json:"at"`
	N     int       `bson:"n" json:"n"` // first attempts at that time
}

const (
	flagFrom  = 5 // attempts: fewer prove nothing
	flagAgain = 2 // times as many as when it was decided are new evidence
	flagNotes = 20
)

// raise opens, updates and clears the flags of a quiz by its figures. What a newer version has answered is not raised, unless that
// version marks the item now and its figures are no better. It changes nothing where nothing has changed.
func (s *Results) raise(ctx context.Context, quiz Quiz, items []ItemFigures, now time.Time) error {
	var questions, versions []string
	for i := range items {
		questions = append(questions, items[i].QuestionID)
		versions = append(versions, question.WholeOf(items[i].Version))
	}
	heads, err := s.bank.Heads(ctx, questions...)
	if err != nil {
		return err
	}
	written, err := s.bank.GetVersions(ctx, versions)
	if err != nil {
		return err
	}
	held := map[string]bool{}
	for i := range items {
		item := &items[i]
		head, ok := heads[item.QuestionID]
		if !ok || head.Status == question.Retired || head.Live > max(item.Number, item.Key) {
			continue
		}
		for _, flag := range item.Flags {
			f := ItemFlag{Meta: store.Meta{ID: quiz.ID + ":" + item.Version + ":" + string(flag)}, QuizID: quiz.ID, QuizTitle: quiz.Title, QuestionID: item.QuestionID,
				Version: item.Version, Number: item.Number, Flag: flag, AuthorID: written[question.WholeOf(item.Version)].AuthorID, State: FlagOpen, RaisedAt: now,
				N: item.N, Facility: item.Facility, Discrimination: item.Discrimination}
			if flag == statistics.Distractor {
				f.Wrong, f.WrongN, f.RightN = item.Choices.beaten()
			}
			held[f.ID] = true
			if err := s.flag(ctx, f); err != nil {
				return err
			}
		}
	}
	for f, err := range s.flags.Find(ctx, store.Query[ItemFlag]{Index: "quiz", Eq: map[string]any{"quiz_id": quiz.ID}}) {
		if err != nil {
			return err
		}
		if held[f.ID] || f.State != FlagOpen {
			continue
		}
		_, err := s.flags.Update(ctx, f.ID, func(f *ItemFlag) error {
			if f.State != FlagOpen {
				return store.ErrUnchanged
			}
			f.State = FlagCleared
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// flag writes a flag that holds.
func (s *Results) flag(ctx context.Context, fresh ItemFlag) error {
	if err := s.flags.Insert(ctx, &fresh); !fault.Is(err, fault.Exists) {
		return err
	}
	_, err := s.flags.Update(ctx, fresh.ID, func(f *ItemFlag) error {
		again := f.State == FlagCleared
		if n := len(f.Notes); n > 0 && f.State != FlagOpen && fresh.N >= flagAgain*f.Notes[n-1].N {
			again = true
		}
		if !again && f.N == fresh.N && same64(f.Facility, fresh.Facility) && same64(f.Discrimination, fresh.Discrimination) && f.QuizTitle == fresh.QuizTitle &&
			f.WrongN == fresh.WrongN && f.RightN == fresh.RightN && f.Wrong == fresh.Wrong {
			return store.ErrUnchanged
		}
		meta, notes, state, raised := f.Meta, f.Notes, f.State, f.RaisedAt
		if again {
			state, raised = FlagOpen, fresh.RaisedAt
		}
		*f = fresh
		f.Meta, f.Notes, f.State, f.RaisedAt = meta, notes, state, raised
		return nil
	})
	return err
}

func same64(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }

// beaten gives the wrong option that most chose, and how many chose the right one that fewest chose.
func (c *ItemChoices) beaten() (label string, wrong, right int) {
	right = -1
	for _, option := range c.Options {
		n := option.Chosen.All()
		switch {
		case option.Right && (right < 0 || n < right):
			right = n
		case !option.Right && n > wrong:
			label, wrong = option.Label, n
		}
	}
	return label, wrong, max(right, 0)
}

// FlagFilter narrows the flags.
type FlagFilter struct {
	Closed     bool   // those that were decided or cleared, else those that are open
	Mine       bool   // of versions that the actor wrote, or nobody
	QuestionID string // of one question
	OrgID      string // of the bank of a node
}

// FlaggedItem is a flag with its question as it is now.
type FlaggedItem struct {
	ItemFlag
	Stem   string        `json:"stem"`
	Kind   question.Kind `json:"kind"`
	Mine   bool          `json:"mine"`
	Latest int           `json:"latest"` // version of the question: a later one may be a draft that answers the flag
}

// Flags pages through the flags of the questions in the actor's reach, the latest raised first. It gives how many there are in all.
func (s *Results) Flags(ctx context.Context, actor policies.Actor, f FlagFilter, limit int, after string) (store.Page[FlaggedItem], int, error) {
	page := store.Page[FlaggedItem]{Items: []FlaggedItem{}}
	states := []FlagState{FlagOpen}
	if f.Closed {
		states = []FlagState{FlagHandled, FlagDismissed, FlagCleared}
	}
	var list []ItemFlag
	questions := map[string]bool{}
	for _, state := range states {
		for one, err := range s.flags.Find(ctx, store.Query[ItemFlag]{Index: "state", Eq: map[string]any{"state": string(state)}}) {
			if err != nil {
				return page, 0, err
			}
			if f.Mine && one.AuthorID != actor.AccountID && one.AuthorID != "" || f.QuestionID != "" && f.QuestionID != one.QuestionID {
				continue
			}
			list = append(list, one)
			questions[one.QuestionID] = true
		}
	}
	ids := make([]string, 0, len(questions))
	for id := range questions {
		ids = append(ids, id)
	}
	heads, err := s.bank.Heads(ctx, ids...)
	if err != nil {
		return page, 0, err
	}
	list = slices.DeleteFunc(list, func(one ItemFlag) bool {
		head, ok := heads[one.QuestionID]
		return !ok || !actor.Scope.Covers(head.OrgPath) || f.OrgID != "" && head.OrgID != f.OrgID
	})
	slices.SortFunc(list, func(a, b ItemFlag) int { return cmp.Or(b.RaisedAt.Compare(a.RaisedAt), cmp.Compare(a.ID, b.ID)) })
	start := 0
	if after != "" {
		if start = slices.IndexFunc(list, func(one ItemFlag) bool { return one.ID == after }) + 1; start == 0 {
			return page, 0, noCursor()
		}
	}
	end := min(start+max(limit, 1), len(list))
	var versions []string
	for _, one := range list[start:end] {
		versions = append(versions, one.Version)
	}
	contents, err := s.bank.GetVersions(ctx, versions)
	if err != nil {
		return page, 0, err
	}
	for _, one := range list[start:end] {
		c := contents[one.Version].Content
		page.Items = append(page.Items, FlaggedItem{ItemFlag: one.told(), Stem: c.Stem, Kind: c.Kind, Mine: one.AuthorID == actor.AccountID, Latest: heads[one.QuestionID].Number})
	}
	if end < len(list) && end > start {
		page.Next = list[end-1].ID
	}
	return page, len(list), nil
}

func (f ItemFlag) told() ItemFlag {
	if f.Notes == nil {
		f.Notes = []FlagNote{}
	}
	return f
}

// Decide closes a flag with a note, or opens it again. It is recorded. Refused: "flag.not_found", "flag.invalid" without a note,
// "flag.decided" where it stands so already or was cleared.
func (s *Results) Decide(ctx context.Context, actor policies.Actor, id string, state FlagState, note string) (ItemFlag, error) {
	gone := func() error { return fault.New(fault.NotFound, "flag.not_found", "flag %s", id) }
	f, err := s.flags.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return f, gone()
	}
	if err != nil {
		return f, err
	}
	heads, err := s.bank.Heads(ctx, f.QuestionID)
	if err != nil {
		return f, err
	}
	head, ok := heads[f.QuestionID]
	if !ok || !actor.Scope.Covers(head.OrgPath) {
		return f, gone()
	}
	if note == "" && state != FlagOpen {
		return f, fault.Bad("flag.invalid", []fault.Field{{Path: "note", Key: "required"}})
	}
	now := s.clock.Now()
	act := question.Act{Action: "question.flag", Object: "question:" + f.QuestionID, Name: f.QuizTitle, Detail: map[string]string{"flag": string(f.Flag), "state": string(state), "note": note}}
	err = s.trail.Act(ctx, actor, act, func() error {
		f, err = s.flags.Update(ctx, id, func(f *ItemFlag) error {
			if f.State == state || f.State == FlagCleared {
				return fault.New(fault.Conflict, "flag.decided", "the flag is %s", f.State).With("state", f.State)
			}
			f.State = state
			f.Notes = append(f.Notes, FlagNote{State: state, Note: note, By: actor.Name, At: now, N: f.N})
			f.Notes = f.Notes[max(0, len(f.Notes)-flagNotes):]
			return nil
		})
		return err
	})
	return f.told(), err
}
