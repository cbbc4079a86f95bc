package store

import (
	"context"
	"errors"
	"time"

	"qiming/internal/fault"
)

// followBatch is how many changes Follow hands over at once.
const followBatch = 256

// Head gives the present end of a collection's change feed, to follow from now on.
func Head[T any](ctx context.Context, c Collection[T]) (string, error) {
	h, ok := c.(interface {
		head(ctx context.Context) (string, error)
	})
	if !ok {
		return "", errors.New("store: Head of a collection that is not of this package")
	}
	return h.head(ctx)
}

// Follow reads the changes of a collection after since ("" = from the beginning), looks again
// every so often where there are none, and hands them to fn in order, at least once. fn gets
// the position to keep in the last Change's Seq. Follow ends with ctx, or with the first error
// of fn; a database that is away for a while (fault.Unavailable) is asked again. A change by
// another process shows after at most every plus, on MongoDB, the settle time of the engine.
func Follow[T any](ctx context.Context, c Collection[T], since string, every time.Duration, fn func(context.Context, []Change) error) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		for ctx.Err() == nil {
			changes, err := c.Changes(ctx, since, followBatch)
			if fault.Is(err, fault.Unavailable) && fault.KeyOf(err) != "store.closed" {
				break
			}
			if err != nil {
				return err
			}
			if len(changes) == 0 {
				break
			}
			if err := fn(ctx, changes); err != nil {
				return err
			}
			since = changes[len(changes)-1].Seq
		}
		timer.Reset(every)
	}
}
