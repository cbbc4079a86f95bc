package exam

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Regrades is how an item is marked anew for all who had it: somebody asks, having seen whose result changes;
// another person approves; then it is applied. A new attempt still gets the item as the published version of the quiz
// froze it, so that the quiz is to be published anew.
type Regrades struct{ *desk }

// Ask asks for a regrade. Refused: "regrade.open" (one of the question is not settled), "regrade.unfit" with the
// number of answers that do not fit, "regrade.empty" (papers without any point left), "regrade.same" (nothing to do).
func (s *Regrades) Ask(ctx context.Context, actor policies.Actor, quizID string, wish RegradeWish) (Regrade, error) {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return Regrade{}, err
	}
	reason, err := required(wish.Reason, "reason")
	if err != nil {
		return Regrade{}, err
	}
	r, err := s.wished(ctx, q, wish)
	if err != nil {
		return r, err
	}
	p, err := s.preview(ctx, &r, false)
	if err != nil {
		return r, err
	}
	if err := p.Totals.refusal(); err != nil {
		return r, err
	}
	earlier := 0
	for old, err := range s.regrades.Find(ctx, store.Query[Regrade]{Index: "quiz", Eq: map[string]any{"quiz_id": quizID}}) {
		if err != nil {
			return r, err
		}
		if old.QuestionID != r.QuestionID {
			continue
		}
		earlier++
		if old.State.Open() {
			return r, errRegradeOpen(r.QuestionID)
		}
	}
	r.Meta = store.Meta{ID: fmt.Sprintf("%s:%s:%d", quizID, r.QuestionID, earlier+1)}
	r.Reason, r.Totals, r.AskedBy, r.AskedName = reason, p.Totals, actor.AccountID, actor.Name
	err = s.onRegrade(ctx, actor, "regrade.ask", &r, func() error {
		err := s.regrades.Insert(ctx, &r)
		if fault.Is(err, fault.Exists) {
			err = errRegradeOpen(r.QuestionID)
		}
		return err
	})
	return r, err
}

func errRegradeOpen(questionID string) error {
	return fault.New(fault.Conflict, "regrade.open", "a regrade of question %s is not settled", questionID)
}

// required gives a text that must be given, of at most maxReason characters.
func required(text, path string) (string, error) {
	text = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", fault.Bad("text.invalid", []fault.Field{{Path: path, Key: "required"}})
	case n > maxReason:
		return "", fault.Bad("text.invalid", []fault.Field{{Path: path, Key: "too_long", Params: map[string]any{"max": maxReason}}})
	}
	return text, nil
}

// maxReason is the longest reason or message, in characters.
const maxReason = 1000

// refusal says why what was weighed cannot be asked for.
func (t RegradeTotals) refusal() error {
	switch {
	case t.Unfit > 0:
		return fault.New(fault.Conflict, "regrade.unfit", "%d answers do not fit", t.Unfit).With("count", t.Unfit)
	case t.Empty > 0:
		return fault.New(fault.Conflict, "regrade.empty", "%d papers would have no points", t.Empty).With("count", t.Empty)
	case t.Attempts == 0:
		return fault.New(fault.Conflict, "regrade.same", "no attempt would be marked otherwise")
	}
	return nil
}

func (s *Regrades) onRegrade(ctx context.Context, actor policies.Actor, action string, r *Regrade, do func() error) error {
	detail := map[string]string{"question": r.QuestionID, "way": string(r.Way), "reason": r.Reason, "changed": fmt.Sprint(r.Totals.Changed),
		"now_pass": fmt.Sprint(r.Totals.NowPass), "now_fail": fmt.Sprint(r.Totals.NowFail)}
	if r.Version != "" {
		detail["version"] = r.Version
	}
	return s.trail.Act(ctx, actor, question.Act{Action: action, Object: "quiz:" + r.QuizID, Name: r.Stem, Detail: detail}, do)
}

// RegradeSeen is a regrade with what it does, or did.
type RegradeSeen struct {
	Regrade
	QuizTitle string          `json:"quiz_title"`
	Mine      bool            `json:"mine"`              // the actor asked for it, and so does not decide
	Preview   *RegradePreview `json:"preview,omitempty"` // while it is open: as things are now; once it is applied: what it did
}

// Told gives a regrade without the counts that tell of scores which are not released, where sight does not see these.
func (s *Regrades) Told(ctx context.Context, r Regrade, sight Sight) (Regrade, error) {
	q, err := s.quizzes.Get(ctx, r.QuizID)
	if err != nil {
		return r, noQuiz(r.QuizID, err)
	}
	list := []RegradeSeen{{Regrade: r}}
	err = s.tell(ctx, q, list, sight)
	return list[0].Regrade, err
}

// tell takes from the regrades of a quiz the counts that tell of scores which are not released, where sight does not see these.
func (s *Regrades) tell(ctx context.Context, q Quiz, list []RegradeSeen, sight Sight) error {
	if !sight.veils(q) {
		return nil
	}
	n, err := s.sheets(ctx, q.ID)
	if err != nil || n.Pending+n.Graded == 0 {
		return err
	}
	for i := range list {
		list[i].Totals = list[i].Totals.veil()
	}
	return nil
}

// Get gives a regrade; while it is open with a preview as things are now, once it is applied with what it did.
func (s *Regrades) Get(ctx context.Context, actor policies.Actor, id string, sight Sight) (RegradeSeen, error) {
	r, q, err := s.reachable(ctx, actor, id)
	if err != nil {
		return RegradeSeen{}, err
	}
	list := []RegradeSeen{{Regrade: r, QuizTitle: q.Title, Mine: r.AskedBy == actor.AccountID}}
	if err := s.tell(ctx, q, list, sight); err != nil {
		return list[0], err
	}
	out := list[0]
	if r.State.Open() || r.State == RegradeApplied {
		p, err := s.preview(ctx, &r, sight.veils(q))
		if err != nil {
			return out, err
		}
		out.Preview = &p
	}
	return out, nil
}

func (s *Regrades) reachable(ctx context.Context, actor policies.Actor, id string) (Regrade, Quiz, error) {
	none := fault.New(fault.NotFound, "regrade.not_found", "regrade %s", id)
	r, err := s.regrades.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return r, Quiz{}, none
	}
	if err != nil {
		return r, Quiz{}, err
	}
	q, err := s.seen(ctx, actor, r.QuizID)
	if fault.Is(err, fault.NotFound) {
		err = none
	}
	return r, q, err
}

// List gives the regrades of a quiz, the newest first.
func (s *Regrades) List(ctx context.Context, actor policies.Actor, quizID string, sight Sight) ([]RegradeSeen, error) {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return nil, err
	}
	list, err := s.find(ctx, store.Query[Regrade]{Index: "quiz", Eq: map[string]any{"quiz_id": quizID}, Desc: true}, actor, func(string) (Quiz, error) { return q, nil })
	if err != nil {
		return nil, err
	}
	return list, s.tell(ctx, q, list, sight)
}

// Waiting gives the regrades that wait for the actor's decision: asked for by others.
func (s *Regrades) Waiting(ctx context.Context, actor policies.Actor) ([]RegradeSeen, error) {
	list, err := s.find(ctx, store.Query[Regrade]{Index: "state", Eq: map[string]any{"state": string(RegradeAsked)}}, actor, func(id string) (Quiz, error) {
		return s.seen(ctx, actor, id)
	})
	return slices.DeleteFunc(list, func(r RegradeSeen) bool { return r.Mine }), err
}

func (s *Regrades) find(ctx context.Context, query store.Query[Regrade], actor policies.Actor, quiz func(id string) (Quiz, error)) ([]RegradeSeen, error) {
	list := []RegradeSeen{}
	for r, err := range s.regrades.Find(ctx, query) {
		if err != nil {
			return nil, err
		}
		q, err := quiz(r.QuizID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, RegradeSeen{Regrade: r, QuizTitle: q.Title, Mine: r.AskedBy == actor.AccountID})
	}
	slices.SortStableFunc(list, func(a, b RegradeSeen) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return list, nil
}

// Withdraw takes a regrade back; only who asked for it may.
func (s *Regrades) Withdraw(ctx context.Context, actor policies.Actor, id string) (Regrade, error) {
	r, _, err := s.reachable(ctx, actor, id)
	if err != nil {
		return r, err
	}
	if r.AskedBy != actor.AccountID {
		return r, fault.New(fault.Forbidden, "regrade.not_own", "asked for by another")
	}
	return s.settle(ctx, actor, r, RegradeWithdrawn, "", nil)
}

// Decline refuses a regrade that another asked for, with a reason.
func (s *Regrades) Decline(ctx context.Context, actor policies.Actor, id, reason string) (Regrade, error) {
	r, err := s.decidable(ctx, actor, id)
	if err != nil {
		return r, err
	}
	if reason, err = required(reason, "reason"); err != nil {
		return r, err
	}
	return s.settle(ctx, actor, r, RegradeDeclined, reason, nil)
}

// decidable gives a regrade on which the actor may decide: who asked for it may not ("regrade.own").
func (s *Regrades) decidable(ctx context.Context, actor policies.Actor, id string) (Regrade, error) {
	r, _, err := s.reachable(ctx, actor, id)
	if err == nil && r.AskedBy == actor.AccountID {
		err = fault.New(fault.Forbidden, "regrade.own", "who asks for a regrade does not approve it")
	}
	return r, err
}

func (s *Regrades) settle(ctx context.Context, actor policies.Actor, r Regrade, to RegradeState, note string, totals *RegradeTotals) (Regrade, error) {
	now := s.clock.Now()
	actions := map[RegradeState]string{RegradeApproved: "regrade.approve", RegradeDeclined: "regrade.decline", RegradeWithdrawn: "regrade.withdraw"}
	err := s.onRegrade(ctx, actor, actions[to], &r, func() error {
		var err error
		r, err = s.regrades.Update(ctx, r.ID, func(r *Regrade) error {
			if err := r.State.To(to); err != nil {
				return err
			}
			r.State, r.Note = to, note
			if totals != nil {
				r.Totals = *totals
			}
			r.DecidedBy, r.DecidedName, r.DecidedAt = actor.AccountID, actor.Name, &now
			return nil
		})
		return err
	})
	return r, err
}

// Approve approves a regrade that another asked for, and applies it. changed is how many results the approver saw
// change; where it is another number by now, nothing is done: fault.Conflict, "regrade.moved". A crash leaves it
// approved, and the sweep goes on.
func (s *Regrades) Approve(ctx context.Context, actor policies.Actor, id string, changed int) (Regrade, error) {
	r, err := s.decidable(ctx, actor, id)
	if err != nil {
		return r, err
	}
	if err := r.State.To(RegradeApproved); err != nil {
		return r, err
	}
	p, err := s.preview(ctx, &r, false)
	if err != nil {
		return r, err
	}
	if err := p.Totals.refusal(); err != nil {
		return r, err
	}
	if p.Totals.Changed != changed {
		return r, fault.New(fault.Conflict, "regrade.moved", "%d results change, %d seen", p.Totals.Changed, changed).With("count", p.Totals.Changed)
	}
	if r, err = s.settle(ctx, actor, r, RegradeApproved, "", &p.Totals); err != nil {
		return r, err
	}
	if err := s.apply(ctx, r); err != nil {
		return r, err
	}
	return s.regrades.Get(ctx, r.ID)
}
