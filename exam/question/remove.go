package question

import (
	"context"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/media"
	"qiming/policies"
)

// Delete removes a draft that was never published nor used: anything else is fault.Conflict,
// "question.in_use", and may be retired instead.
func (b *Bank) Delete(ctx context.Context, actor policies.Actor, id string) error {
	old, err := b.editable(ctx, actor, id)
	if err != nil {
		return err
	}
	return b.trail.Act(ctx, actor, actOn("question.delete", old), func() error {
		return b.removeWhere(ctx, id, func(q Question) error {
			if q.Status != Draft || q.Live > 0 || q.Uses > 0 {
				return fault.New(fault.Conflict, "question.in_use", "question %s is %s, live %d, used by %d", id, q.Status, q.Live, q.Uses)
			}
			return nil
		})
	})
}

// removeWhere removes a question that may goes by. It is marked first, so that no quiz takes it between
// the decision and the deletion; Repair finishes what a crash leaves.
func (b *Bank) removeWhere(ctx context.Context, id string, may func(Question) error) error {
	_, err := b.questions.Update(ctx, id, func(q *Question) error {
		if !q.Gone {
			if err := may(*q); err != nil {
				return err
			}
		}
		q.Gone = true
		return nil
	})
	if err != nil {
		return err
	}
	return b.erase(ctx, id)
}

// erase removes the versions of a question that is marked as gone, then its head.
func (b *Bank) erase(ctx context.Context, id string) error {
	b.catalogue.remove(id)
	for v, err := range b.versions.Find(ctx, store.Query[Version]{Index: "question", Eq: map[string]any{"question_id": id}}) {
		if err != nil {
			return err
		}
		if err := ignoreMissing(b.versions.Delete(ctx, v.ID)); err != nil {
			return err
		}
		if len(media.In(v.Content.Texts()...)) > 0 {
			if err := b.files.Release(ctx, holderOf(v.ID)); err != nil {
				return err
			}
		}
		b.cache.Remove(v.ID)
	}
	return ignoreMissing(b.questions.Delete(ctx, id))
}
