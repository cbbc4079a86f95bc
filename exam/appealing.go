package exam

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Appeals is what members object to, and what evaluators decide about it.
type Appeals struct{ *desk }

func appealID(blind string, slot int) string { return fmt.Sprintf("%s:%d", blind, slot) }

// AppealWindow says until when items of an attempt may be appealed, and what was.
type AppealWindow struct {
	Open  bool       `json:"open"` // now
	Until *time.Time `json:"until,omitempty"`
	List  []Appeal   `json:"list"`
}

// appealWindow gives it for an attempt; nil where nothing was or may be appealed. shows is what its taker sees.
func (d *desk) appealWindow(ctx context.Context, a *Attempt, q Quiz, shows ReviewShows, now time.Time) (*AppealWindow, error) {
	days, err := d.appealDays(ctx, q)
	if err != nil {
		return nil, err
	}
	w := AppealWindow{Open: shows.judged() && a.appealable(days, now) == nil, Until: a.appealUntil(days), List: []Appeal{}}
	for p, err := range d.appeals.Find(ctx, store.Query[Appeal]{Index: "attempt", Eq: map[string]any{"attempt_id": a.ID}}) {
		if err != nil {
			return nil, err
		}
		w.List = append(w.List, p)
	}
	if w.Until == nil && len(w.List) == 0 {
		return nil, nil
	}
	slices.SortFunc(w.List, func(a, b Appeal) int { return a.Slot - b.Slot })
	return &w, nil
}

// appealDays gives the window of the quiz as it is published now.
func (d *desk) appealDays(ctx context.Context, q Quiz) (int, error) {
	b, err := d.blueprint(ctx, q.ID, q.Number)
	if err != nil {
		return 0, err
	}
	return b.version.Settings.AppealDays, nil
}

// judged says whether a taker sees enough of the outcome to object to it.
func (s ReviewShows) judged() bool { return s.Marks || s.Total || s.Correctness }

// File appeals an item of an own attempt, or opens again what was withdrawn. Refused besides what appealable refuses:
// "appeal.hidden" (the result is not shown), "appeal.exists", "appeal.all_points" (nothing to gain, where the
// taker may know that), "attempt.no_slot", "attempt.total_only".
func (s *Appeals) File(ctx context.Context, actor policies.Actor, attemptID string, slot int, text string) (Appeal, error) {
	now := s.clock.Now()
	f, a, q, shows, err := s.ownResult(ctx, actor, attemptID, now)
	if err != nil {
		return Appeal{}, err
	}
	if text, err = required(text, "text"); err != nil {
		return Appeal{}, err
	}
	days, err := s.appealDays(ctx, q)
	if err != nil {
		return Appeal{}, err
	}
	if err := a.appealable(days, now); err != nil {
		return Appeal{}, err
	}
	v := Replay(a.Steps, len(f.paper.Slots))
	switch {
	case slot < 1 || slot > len(f.paper.Slots):
		return Appeal{}, fault.New(fault.NotFound, "attempt.no_slot", "slot %d", slot).With("slot", slot)
	case v.Total != nil:
		return Appeal{}, fault.New(fault.Conflict, "attempt.total_only", "only the total of the paper is known")
	}
	exists := fault.New(fault.Conflict, "appeal.exists", "slot %d was appealed", slot).With("slot", slot)
	there, err := s.appeals.Get(ctx, appealID(a.Blind, slot))
	switch {
	case err == nil && there.State != AppealWithdrawn:
		return there, exists
	case err != nil && !fault.Is(err, fault.NotFound):
		return there, err
	}
	sit, _, err := s.sitting(ctx, f, now, true)
	if err != nil {
		return Appeal{}, err
	}
	_, _, grade, err := s.marking(ctx, &a, sit)
	if err != nil {
		return Appeal{}, err
	}
	if m := grade.Items[slot-1]; !m.Pending && m.Fraction >= 1 && (shows.Marks || shows.Correctness) {
		return Appeal{}, fault.New(fault.Conflict, "appeal.all_points", "slot %d earned all of its points", slot).With("slot", slot)
	}
	p := Appeal{Meta: store.Meta{ID: appealID(a.Blind, slot)}, QuizID: q.ID, OrgPath: q.OrgPath, AttemptID: a.ID, MemberID: a.MemberID, Slot: slot, State: AppealOpen}
	if err := p.say(true, actor.AccountID, text, now); err != nil {
		return p, err
	}
	err = s.onAppeal(ctx, actor, "appeal.file", &p, q, nil, func() error {
		err := s.appeals.Insert(ctx, &p)
		if !fault.Is(err, fault.Exists) {
			return err
		}
		p, err = s.appeals.Update(ctx, p.ID, func(p *Appeal) error {
			if p.State != AppealWithdrawn {
				return exists
			}
			p.State = AppealOpen
			return p.say(true, actor.AccountID, text, now)
		})
		return err
	})
	return p, err
}

// ownResult gives an own attempt whose outcome its taker sees, and what of it.
func (s *Appeals) ownResult(ctx context.Context, actor policies.Actor, id string, now time.Time) (*facts, Attempt, Quiz, ReviewShows, error) {
	f, err := s.facts(ctx, id)
	if err == nil && (actor.MemberID == "" || f.memberID != actor.MemberID) {
		err = noAttempt(id, nil)
	}
	if err != nil {
		return nil, Attempt{}, Quiz{}, ReviewShows{}, err
	}
	a, err := s.attempts.Get(ctx, id)
	if err != nil {
		return nil, a, Quiz{}, ReviewShows{}, noAttempt(id, err)
	}
	a, _, allowance, err := s.settled(ctx, a, now)
	if err != nil {
		return nil, a, Quiz{}, ReviewShows{}, err
	}
	state, err := s.quiz(ctx, f.quizID)
	if err != nil {
		return nil, a, Quiz{}, ReviewShows{}, err
	}
	settings := f.blueprint.version.Settings
	_, shows := settings.Review.Shown(&a, settings.ManualRelease, closedTo(state.quiz, allowance, now), now)
	if !shows.judged() {
		err = fault.New(fault.Conflict, "appeal.hidden", "the outcome is not shown")
		if a.State != Released {
			err = fault.New(fault.Conflict, "appeal.not_released", "the result is not out")
		}
	}
	return f, a, state.quiz, shows, err
}

// mine gives an appeal of the actor's.
func (s *Appeals) mine(ctx context.Context, actor policies.Actor, attemptID string, slot int) (Appeal, error) {
	none := fault.New(fault.NotFound, "appeal.not_found", "slot %d of %s", slot, attemptID)
	f, err := s.facts(ctx, attemptID)
	if fault.Is(err, fault.NotFound) || err == nil && (actor.MemberID == "" || f.memberID != actor.MemberID) {
		return Appeal{}, none
	}
	if err != nil {
		return Appeal{}, err
	}
	p, err := s.appeals.Get(ctx, appealID(s.blind(attemptID), slot))
	if fault.Is(err, fault.NotFound) {
		err = none
	}
	return p, err
}

// Add writes to the thread of an own appeal.
func (s *Appeals) Add(ctx context.Context, actor policies.Actor, attemptID string, slot int, text string) (Appeal, error) {
	p, err := s.mine(ctx, actor, attemptID, slot)
	if err != nil {
		return p, err
	}
	return s.say(ctx, p.ID, true, actor.AccountID, text)
}

func (s *Appeals) say(ctx context.Context, id string, member bool, account, text string) (Appeal, error) {
	text, err := required(text, "text")
	if err != nil {
		return Appeal{}, err
	}
	return s.appeals.Update(ctx, id, func(p *Appeal) error { return p.say(member, account, text, s.clock.Now()) })
}

// Withdraw takes an own appeal back.
func (s *Appeals) Withdraw(ctx context.Context, actor policies.Actor, attemptID string, slot int) (Appeal, error) {
	p, err := s.mine(ctx, actor, attemptID, slot)
	if err != nil {
		return p, err
	}
	return s.appeals.Update(ctx, p.ID, func(p *Appeal) error {
		if err := p.State.To(AppealWithdrawn); err != nil {
			return err
		}
		p.State = AppealWithdrawn
		return nil
	})
}
