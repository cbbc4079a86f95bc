package exam

import (
	"context"
	"maps"
	"slices"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// What the exam page notices beside the answers is kept in a document of its own beside the attempt: a save never
// waits for it, meets it or grows by it, and a rush of starts writes none. A page tells its totals so far, so that
// telling twice counts once.

// maxPages bounds how many pages (reloads, devices) of an attempt are told apart.
const maxPages = 40

// Noticed is what one page noticed so far.
type Noticed struct {
	Away    int `bson:"away" json:"away" minimum:"0" maximum:"100000"`                           // times that it was left
	Seconds int `bson:"seconds" json:"seconds" minimum:"0" maximum:"10000000"`                   // for how long in all
	Pastes  int `bson:"pastes" json:"pastes" minimum:"0" maximum:"100000"`                       // times that text was pasted
	Touched int `bson:"touched,omitempty" json:"touched,omitempty" minimum:"0" maximum:"100000"` // items answered after a pointer, key, touch, focus or scrolling was met
}

// sum gives what all pages noticed.
func (r reading) sum() Noticed {
	var sum Noticed
	for _, p := range r.Pages {
		sum.Away, sum.Seconds, sum.Pastes, sum.Touched = sum.Away+p.Away, sum.Seconds+p.Seconds, sum.Pastes+p.Pastes, sum.Touched+p.Touched
	}
	return sum
}

// noticedFor is how long after the end of an attempt its pages may tell what they noticed without a network. It is
// evidence then and reaches no limit any more.
const noticedFor = 24 * time.Hour

// Notice notes what a page of an attempt of the actor's noticed so far. It is idempotent; totals never fall. Limits
// that they reach are judged in the same call, and again by the next one where that failed half way.
func (s *Attempts) Notice(ctx context.Context, actor policies.Actor, id, page string, n Noticed) error {
	f, err := s.own(ctx, actor, id)
	if err != nil {
		return err
	}
	a, err := s.attempts.Get(ctx, id)
	if err != nil {
		return noAttempt(id, err)
	}
	now := s.clock.Now()
	if a.State == Void || a.EndedAt != nil && now.Sub(*a.EndedAt) > noticedFor {
		return fault.New(fault.Conflict, "attempt.ended", "the attempt has ended")
	}
	r, err := s.readings.Update(ctx, id, func(r *reading) error {
		was, ok := r.Pages[page]
		next := Noticed{Away: max(was.Away, n.Away), Seconds: max(was.Seconds, n.Seconds), Pastes: max(was.Pastes, n.Pastes), Touched: max(was.Touched, n.Touched)}
		if next == was || !ok && len(r.Pages) >= maxPages {
			return store.ErrUnchanged
		}
		r.Pages = maps.Clone(r.Pages)
		if r.Pages == nil {
			r.Pages = map[string]Noticed{}
		}
		r.Pages[page] = next
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		r = reading{Meta: store.Meta{ID: id}, QuizID: f.quizID, Pages: map[string]Noticed{page: n}}
		err = s.readings.Insert(ctx, &r)
		if fault.Is(err, fault.Exists) {
			return fault.New(fault.Conflict, "attempt.busy", "another page told at the same time") // it tells its totals again
		}
	}
	if err != nil || !a.State.Running() || len(f.blueprint.version.Settings.Limits) == 0 {
		return err
	}
	return s.measure(ctx, f, a, r.sum(), now)
}

// measure judges what the pages of a running attempt noticed so far.
func (s *Attempts) measure(ctx context.Context, f *facts, a Attempt, sum Noticed, now time.Time) error {
	probe := a
	probe.Steps = slices.Clip(a.Steps)
	sit, _, err := s.sitting(ctx, f, now, false)
	if err != nil || !probe.measure(sit, sum, now) {
		return err
	}
	_, err = s.act(ctx, f, sit, now, func(a *Attempt) (bool, error) { return a.measure(sit, sum, now), nil })
	return err
}

// readingsOf gives what was noticed and read in a quiz, by attempt.
func (d *desk) readingsOf(ctx context.Context, quizID string) (map[string]reading, error) {
	all := map[string]reading{}
	for r, err := range d.readings.Find(ctx, store.Query[reading]{Index: "quiz", Eq: map[string]any{"quiz_id": quizID}}) {
		if err != nil {
			return nil, err
		}
		all[r.ID] = r
	}
	return all, nil
}
