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

// BoardState is where a member stands on a board: absent, or a state of the attempt; a held attempt is paused.
type BoardState string

// The states of a board beside those of attempts.
const (
	BoardAbsent BoardState = "absent"
	BoardPaused BoardState = "paused"
)

// Contact says how lately a taker's page was heard of. It asks every four seconds.
type Contact string

// The contacts, and after how long they begin.
const (
	ContactLive  Contact = "live"
	ContactQuiet Contact = "quiet"
	ContactLost  Contact = "lost"

	quietAfter = 12 * time.Second
	lostAfter  = time.Minute
)

func contactOf(heard, now time.Time) Contact {
	switch age := now.Sub(heard); {
	case age >= lostAfter:
		return ContactLost
	case age >= quietAfter:
		return ContactQuiet
	}
	return ContactLive
}

// BoardRow is a member on a board.
type BoardRow struct {
	MemberID  string     `json:"member_id"`
	AttemptID string     `json:"attempt_id,omitempty"`
	Name      string     `json:"name"`
	OrgID     string     `json:"org_id"`
	OrgName   string     `json:"org_name"`
	State     BoardState `json:"state"`
	Answered  int        `json:"answered"`
	Total     int        `json:"total"`
	Deadline  *time.Time `json:"deadline,omitempty"` // nil = none, or held
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Contact   Contact    `json:"contact,omitempty"`  // of a running attempt
	HeardAt   *time.Time `json:"heard_at,omitempty"` // when the contact was not live any more
	Takeovers int        `json:"takeovers,omitempty"`
	Away      int        `json:"away,omitempty"`     // times that the page was left
	Extended  int        `json:"extended,omitempty"` // seconds given by proctors
	Told      string     `json:"told,omitempty"`     // the newest message for the taker
	Read      string     `json:"read,omitempty"`     // the message that was read last
	path      []string
	started   time.Time
	stepped   time.Time // of the last step, by which it was heard of too
}

func (r *BoardRow) same(o *BoardRow) bool {
	return r.AttemptID == o.AttemptID && r.Name == o.Name && r.OrgID == o.OrgID && r.OrgName == o.OrgName && r.State == o.State &&
		r.Answered == o.Answered && r.Total == o.Total && same(r.Deadline, o.Deadline) && same(r.EndedAt, o.EndedAt) &&
		r.Contact == o.Contact && same(r.HeardAt, o.HeardAt) && r.Takeovers == o.Takeovers && r.Extended == o.Extended && r.Away == o.Away && r.Told == o.Told && r.Read == o.Read
}

// onBoard gives the row of an attempt, as far as its document says.
func (a *Attempt) onBoard(slots int) BoardRow {
	row := BoardRow{MemberID: a.MemberID, AttemptID: a.ID, State: BoardState(a.State), Total: slots, Deadline: a.Deadline, EndedAt: a.EndedAt, path: a.OrgPath, started: a.StartedAt}
	if a.State.Running() && a.held() != nil {
		row.State = BoardPaused
	}
	for _, step := range Replay(a.Steps, slots).Answers {
		if step != nil && step.Response != nil && !step.Response.Empty() {
			row.Answered++
		}
	}
	for i := range a.Steps {
		switch s := &a.Steps[i]; s.Kind {
		case StepTakeover:
			row.Takeovers++
		case StepExtend:
			row.Extended += s.Ref
		}
	}
	if n := len(a.Steps); n > 0 {
		row.stepped = a.Steps[n-1].At
	}
	return row
}

// touch sets the contact of a row at now, heard being when the taker's page was heard of last.
func (r *BoardRow) touch(heard, now time.Time) {
	r.Contact, r.HeardAt = "", nil
	if !State(r.State).Running() && r.State != BoardPaused {
		return
	}
	if heard.Before(r.stepped) {
		heard = r.stepped
	}
	if r.Contact = contactOf(heard, now); r.Contact != ContactLive {
		r.HeardAt = &heard
	}
}

// Ordered is what became of an order.
type Ordered struct {
	Done   int     `json:"done"`             // attempts that it changed; takers that a message is for
	Left   int     `json:"left"`             // attempts that had ended or stood so already
	Notice *Notice `json:"notice,omitempty"` // the message
}

// Boards is what proctors do and see.
type Boards struct {
	*desk
	hubs hubs
}

// Order carries out a decision of a proctor's about running attempts. Those outside the actor's reach are left out;
// where none is left the answer is fault.NotFound.
func (s *Boards) Order(ctx context.Context, actor policies.Actor, quizID string, o Order) (Ordered, error) {
	if err := fault.Bad("order.invalid", o.check()); err != nil {
		return Ordered{}, err
	}
	q, whole, err := s.watches(ctx, actor, quizID)
	if err != nil {
		return Ordered{}, err
	}
	var ids []string
	for _, state := range []State{Open, PastDue} {
		err := s.ofQuiz(ctx, quizID, state, func(a *Attempt) error {
			switch {
			case !whole && !actor.Scope.Covers(a.OrgPath), o.Org != "" && !slices.Contains(a.OrgPath, o.Org), len(o.Attempts) > 0 && !slices.Contains(o.Attempts, a.ID):
			default:
				ids = append(ids, a.ID)
			}
			return nil
		})
		if err != nil {
			return Ordered{}, err
		}
	}
	if len(o.Attempts) > 0 && len(ids) == 0 {
		return Ordered{}, fault.New(fault.Conflict, "order.none_running", "none of %d attempts runs", len(o.Attempts))
	}
	if o.Act == OrderMessage && !whole && len(o.Attempts) == 0 {
		o.Attempts, o.Org, o.All = ids, "", false
	}
	act := question.Act{Action: "attempt." + string(o.Act), Object: "quiz:" + quizID, Name: q.Title,
		Detail: map[string]string{"for": o.words(), "reason": cmp.Or(o.Reason, o.Text)}}
	var done Ordered
	err = s.trail.Act(ctx, actor, act, func() error {
		if o.Act == OrderMessage {
			done.Done = len(ids)
			done.Notice, err = s.tell(ctx, actor, quizID, o)
			return err
		}
		changed, err := s.orderAll(ctx, ids, o, actor.AccountID)
		done = Ordered{Done: changed, Left: max(len(ids), len(o.Attempts)) - changed}
		return err
	})
	return done, err
}

func (o Order) words() string {
	switch {
	case o.All:
		return "all"
	case o.Org != "":
		return "org:" + o.Org
	}
	return strings.Join(o.Attempts[:min(len(o.Attempts), 20)], " ")
}

// watches gives a quiz that the actor may watch, and whether all of it: an organisation sees its own members also
// in a quiz of an organisation above it.
func (d *desk) watches(ctx context.Context, actor policies.Actor, quizID string) (Quiz, bool, error) {
	q, err := d.quizzes.Get(ctx, quizID)
	if err != nil {
		return q, false, noQuiz(quizID, err)
	}
	if actor.Scope.Covers(q.OrgPath) {
		return q, true, nil
	}
	concerned, err := d.concerns(ctx, actor.Scope, q.Audience)
	if err == nil && !concerned {
		err = noQuiz(quizID, fault.New(fault.NotFound, "", ""))
	}
	return q, false, err
}

// orderAll carries out an order on attempts, many at once.
func (d *desk) orderAll(ctx context.Context, ids []string, o Order, by string) (int, error) {
	now := d.clock.Now()
	return parallel(ids, func(id string) (bool, error) {
		f, err := d.facts(ctx, id)
		if err != nil {
			return false, err
		}
		sit, _, err := d.sitting(ctx, f, now, true)
		if err != nil {
			return false, err
		}
		changed := false
		_, err = d.attempts.Update(ctx, id, func(a *Attempt) error {
			settled, err := a.settle(sit, now)
			if err != nil {
				return err
			}
			if changed, err = a.order(sit, o, by, now); err != nil {
				return err
			}
			if !settled && !changed {
				return unchanged()
			}
			return nil
		})
		return changed, err
	})
}
