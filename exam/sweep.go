package exam

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// sweepMost bounds what one sweep ends; the rest waits for the next. sweepers is how many writes
// are under way at once: the store commits them in groups.
const (
	sweepMost = 5000
	sweepers  = 64
)

// Sweep ends attempts whose time is over and nobody looked at, stamped with their own end, and
// finishes what a crash left half done. It is safe in several processes at once. It gives the
// number of attempts that it changed.
func (e *Engine) Sweep(ctx context.Context) (int, error) {
	d := e.desk
	var failed error
	for q, err := range d.retimings.Find(ctx, store.Query[retiming]{Index: "n", From: int64(1)}) {
		if err != nil {
			return 0, err
		}
		failed = errors.Join(failed, d.retime(ctx, q.ID))
	}
	changed, err := d.settleDue(ctx)
	return changed, errors.Join(failed, err, d.resumeRegrades(ctx), d.resumeAppeals(ctx), d.automarkDue(ctx), d.resumeWaves(ctx), d.certifyDue(ctx))
}

// settleDue ends the attempts whose time is over, and says how many changed. What cannot be ended keeps nothing else back.
func (d *desk) settleDue(ctx context.Context) (int, error) {
	now, changed := d.clock.Now(), 0
	var errs []error
	for _, state := range []State{Open, PastDue} {
		var ids []Attempt
		q := store.Query[Attempt]{Index: "due", Eq: map[string]any{"state": string(state)}, To: now.Add(time.Millisecond), Limit: sweepMost - changed}
		if q.Limit <= 0 {
			break
		}
		for a, err := range d.attempts.Find(ctx, q) {
			if err != nil {
				return changed, errors.Join(append(errs, err)...)
			}
			ids = append(ids, a)
		}
		n, err := d.settleAll(ctx, ids)
		changed += n
		errs = append(errs, err)
	}
	return changed, errors.Join(errs...)
}

// settleAll brings attempts to where they stand now. One that cannot be settled does not keep the
// others from it.
func (d *desk) settleAll(ctx context.Context, list []Attempt) (int, error) {
	now := d.clock.Now()
	var group errgroup.Group
	group.SetLimit(sweepers)
	errs := make([]error, len(list))
	changed := make([]bool, len(list))
	for i, a := range list {
		group.Go(func() error {
			after, _, _, err := d.settled(ctx, a, now)
			if !fault.Is(err, fault.NotFound) {
				errs[i] = err
			}
			changed[i] = err == nil && after.Rev != a.Rev
			return nil
		})
	}
	_ = group.Wait() // errors are in errs
	n := 0
	for _, c := range changed {
		if c {
			n++
		}
	}
	return n, errors.Join(errs...)
}

// retimed does a change of closing or overrides: the quiz is marked before, so that a crash after
// the change leaves the mark for the sweep, and its running attempts are timed anew after.
func (d *desk) retimed(ctx context.Context, quizID string, change func() error) error {
	for {
		_, err := d.retimings.Update(ctx, quizID, func(r *retiming) error { r.N++; return nil })
		if fault.Is(err, fault.NotFound) {
			err = d.retimings.Insert(ctx, &retiming{Meta: store.Meta{ID: quizID}, N: 1})
		}
		if fault.Is(err, fault.Exists) {
			continue
		}
		if err != nil {
			return err
		}
		break
	}
	err := change()
	d.forget(quizID)
	return errors.Join(err, d.retime(ctx, quizID))
}

// retime brings the running attempts of a quiz to where they stand, and takes the mark away unless
// another change came meanwhile.
func (d *desk) retime(ctx context.Context, quizID string) error {
	mark, err := d.retimings.Get(ctx, quizID)
	if err != nil || mark.N == 0 {
		return err
	}
	for _, state := range []State{Open, PastDue} {
		var list []Attempt
		for a, err := range d.attempts.Find(ctx, quizQuery(quizID, state)) {
			if err != nil {
				return err
			}
			list = append(list, a)
		}
		if _, err := d.settleAll(ctx, list); err != nil {
			return err
		}
	}
	_, err = d.retimings.Update(ctx, quizID, func(now *retiming) error {
		if now.N != mark.N {
			return store.ErrUnchanged
		}
		now.N = 0
		return nil
	})
	return err
}
