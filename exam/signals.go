package exam

import (
	"context"
	"maps"

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
	Away    int `bson:"away" json:"away" minimum:"0" maximum:"100000"`         // times that it was left
	Seconds int `bson:"seconds" json:"seconds" minimum:"0" maximum:"10000000"` // for how long in all
	Pastes  int `bson:"pastes" json:"pastes" minimum:"0" maximum:"100000"`     // times that text was pasted
}

// sum gives what all pages noticed.
func (r reading) sum() Noticed {
	var sum Noticed
	for _, p := range r.Pages {
		sum.Away, sum.Seconds, sum.Pastes = sum.Away+p.Away, sum.Seconds+p.Seconds, sum.Pastes+p.Pastes
	}
	return sum
}

// Notice notes what a page of the actor's running attempt noticed so far. It is idempotent; totals never fall.
func (s *Attempts) Notice(ctx context.Context, actor policies.Actor, id, page string, n Noticed) error {
	f, err := s.own(ctx, actor, id)
	if err != nil {
		return err
	}
	a, err := s.attempts.Get(ctx, id)
	if err != nil {
		return noAttempt(id, err)
	}
	if !a.State.Running() {
		return fault.New(fault.Conflict, "attempt.ended", "the attempt has ended")
	}
	_, err = s.readings.Update(ctx, id, func(r *reading) error {
		was, ok := r.Pages[page]
		next := Noticed{Away: max(was.Away, n.Away), Seconds: max(was.Seconds, n.Seconds), Pastes: max(was.Pastes, n.Pastes)}
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
		err = s.readings.Insert(ctx, &reading{Meta: store.Meta{ID: id}, QuizID: f.quizID, Pages: map[string]Noticed{page: n}})
		if fault.Is(err, fault.Exists) {
			err = nil // the page tells its totals again
		}
	}
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
