// Package replica keeps decoded documents in memory, for those that every request needs:
// accounts, the organisation nodes of members. It follows the collection's change feed, so that
// a write of another process is seen within the interval; a write of this process is seen at
// once where the writer calls Forget.
package replica

import (
	"context"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"qiming/internal/ident"
	"qiming/internal/store"
)

// batch is how many changes are read at once.
const batch = 500

// Replica holds up to a number of documents of one collection. It is safe for concurrent use.
type Replica[T any] struct {
	coll  store.Collection[T]
	clock ident.Clock
	every time.Duration

	mu      sync.Mutex
	docs    *lru.Cache[string, T]
	epoch   uint64 // +1 whenever something is forgotten: a load that began before is not kept
	since   string
	follows bool // since is set
	polled  time.Time
	polling bool
}

// New makes a replica of at most size documents that asks for changes at most once an interval.
func New[T any](coll store.Collection[T], clock ident.Clock, every time.Duration, size int) *Replica[T] {
	docs, err := lru.New[string, T](size)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &Replica[T]{coll: coll, clock: clock, every: every, docs: docs}
}

// Get gives the document, from memory where it is held; fault.NotFound where there is none.
// The value shares slices and maps with the held one: callers must not change them.
func (r *Replica[T]) Get(ctx context.Context, id string) (T, error) {
	if err := r.follow(ctx); err != nil {
		var none T
		return none, err
	}
	r.mu.Lock()
	epoch := r.epoch
	doc, ok := r.docs.Get(id)
	r.mu.Unlock()
	if ok {
		return doc, nil
	}
	doc, err := r.coll.Get(ctx, id)
	if err != nil {
		return doc, err
	}
	r.mu.Lock()
	if r.epoch == epoch {
		r.docs.Add(id, doc)
	}
	r.mu.Unlock()
	return doc, nil
}

// Forget drops the document: call it after every write.
func (r *Replica[T]) Forget(ids ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.epoch++
	for _, id := range ids {
		r.docs.Remove(id)
	}
}

// follow reads the change feed where the interval has passed. One caller reads, the others go on.
func (r *Replica[T]) follow(ctx context.Context) error {
	now := r.clock.Now()
	r.mu.Lock()
	if r.polling || r.follows && now.Sub(r.polled) < r.every && !now.Before(r.polled) {
		r.mu.Unlock()
		return nil
	}
	r.polling = true
	since, follows := r.since, r.follows
	r.mu.Unlock()

	since, changed, err := r.changes(ctx, since, follows)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.polling = false
	if err != nil {
		return err
	}
	r.since, r.follows, r.polled = since, true, now
	if len(changed) > 0 || !follows {
		r.epoch++
	}
	if !follows {
		r.docs.Purge()
	}
	for _, id := range changed {
		r.docs.Remove(id)
	}
	return nil
}

func (r *Replica[T]) changes(ctx context.Context, since string, follows bool) (string, []string, error) {
	if !follows {
		since, err := store.Head(ctx, r.coll)
		return since, nil, err
	}
	var ids []string
	for {
		changes, err := r.coll.Changes(ctx, since, batch)
		if err != nil {
			return since, nil, err
		}
		for _, c := range changes {
			since = c.Seq
			ids = append(ids, c.ID)
		}
		if len(changes) < batch {
			return since, ids, nil
		}
	}
}
