package exam

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"qiming/internal/store"
)

// resumeRegrades goes on with what was approved and is not applied.
func (d *desk) resumeRegrades(ctx context.Context) error {
	for r, err := range d.regrades.Find(ctx, store.Query[Regrade]{Index: "state", Eq: map[string]any{"state": string(RegradeApproved)}}) {
		if err == nil {
			err = d.apply(ctx, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// apply adds the step of an approved regrade to every attempt that lacks it. It is idempotent, and safe in several
// processes at once: what is marked so already stays as it is.
func (d *desk) apply(ctx context.Context, r Regrade) error {
	var ids []string
	if err := d.ofQuiz(ctx, r.QuizID, "", func(a *Attempt) error { ids = append(ids, a.ID); return nil }); err != nil {
		return err
	}
	now := d.clock.Now()
	var mu sync.Mutex
	members := map[string]bool{}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(sweepers)
	for _, id := range ids {
		group.Go(func() error {
			member, err := d.applyTo(gctx, &r, id, now)
			if member != "" {
				mu.Lock()
				members[member] = true
				mu.Unlock()
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for member := range members {
		if err := d.certify(ctx, r.QuizID, member); err != nil {
			return err
		}
	}
	if r.Way == ByKey {
		if err := d.outdateQuiz(ctx, &r); err != nil {
			return err
		}
	}
	_, err := d.regrades.Update(ctx, r.ID, func(r *Regrade) error {
		if r.State == RegradeApplied {
			return store.ErrUnchanged // another process was quicker
		}
		if err := r.State.To(RegradeApplied); err != nil {
			return err
		}
		r.State, r.AppliedAt = RegradeApplied, &now
		return nil
	})
	return err
}

// applyTo adds the step to one attempt, and gives its member where the paper has the item.
func (d *desk) applyTo(ctx context.Context, r *Regrade, id string, now time.Time) (string, error) {
	f, err := d.facts(ctx, id)
	if err != nil {
		return "", err
	}
	slot := place(f.paper, r.QuestionID)
	if slot == 0 {
		return "", nil
	}
	sit, _, err := d.sitting(ctx, f, now, true)
	if err != nil {
		return "", err
	}
	_, err = d.rewrite(ctx, id, sit, func(a *Attempt) error {
		if _, err := a.settle(sit, now); err != nil {
			return err
		}
		changed, err := a.rekey(sit, r.step(slot, r.DecidedBy, now))
		if err == nil && !changed {
			return store.ErrUnchanged
		}
		return err
	})
	return f.memberID, err
}

// outdateQuiz marks a published quiz as edited: its frozen version still has the old key, and publishing anew takes
// the corrected one.
func (d *desk) outdateQuiz(ctx context.Context, r *Regrade) error {
	_, err := d.quizzes.Update(ctx, r.QuizID, func(q *Quiz) error {
		if q.Dirty || q.Status != QuizPublished {
			return store.ErrUnchanged
		}
		q.Dirty = true
		return nil
	})
	d.forget(r.QuizID)
	return err
}
