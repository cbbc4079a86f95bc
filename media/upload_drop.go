package media

import (
	"context"
	"slices"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// forget removes the record first, so that nothing is added any more, then the parts.
func (l *Library) forget(ctx context.Context, id string) error {
	if err := l.unqueue(ctx, joinTask, id); err != nil {
		return err
	}
	if err := l.uploads.Delete(ctx, id); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return l.dropParts(ctx, id)
}

// dropParts removes objects and then documents of an upload's parts; it may stop anywhere and be called again.
func (l *Library) dropParts(ctx context.Context, id string) error {
	if err := l.removeAll(ctx, uploadKey(id)); err != nil {
		return err
	}
	var ids []string
	for p, err := range l.parts.Find(ctx, store.Query[part]{Index: "upload", Eq: map[string]any{"upload": id}}) {
		if err != nil {
			return err
		}
		ids = append(ids, p.ID)
	}
	for _, id := range slices.Backward(ids) { // from the end: what is left is always a beginning
		if err := l.parts.Delete(ctx, id); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// removeAll removes the objects below a prefix.
func (l *Library) removeAll(ctx context.Context, prefix string) error {
	var keys []string
	for object, err := range l.Bucket.List(ctx, prefix) {
		if err != nil {
			return err
		}
		keys = append(keys, object.Key)
	}
	for _, key := range keys {
		if err := l.Bucket.Delete(ctx, key); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// SweepUploads removes uploads that were not whole within their week, and records of those that are kept. What crashes
// left of a removal goes too.
func (l *Library) SweepUploads(ctx context.Context) (removed int, err error) {
	now := l.Clock.Now()
	var over []string
	for u, err := range l.uploads.Find(ctx, store.Query[Incoming]{}) {
		if err != nil {
			return 0, err
		}
		if !now.Before(u.Expires) {
			over = append(over, u.ID)
		} else if _, err := l.measured(ctx, u); err != nil {
			return 0, err
		}
	}
	for _, id := range over {
		if err := l.forget(ctx, id); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}
