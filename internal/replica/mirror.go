package replica

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"qiming/internal/ident"
	"qiming/internal/store"
)

// Stale is how old a mirror may be on access; the writes of this process show at once.
const Stale = 500 * time.Millisecond

// mirrorBatch is how many changes are read at once.
const mirrorBatch = 256

// Mirror keeps a view of a collection in memory: it loads all documents at first use and follows the
// collection's changes on access, so that the writes of other processes show within Stale.
type Mirror[T any] struct {
	Docs   store.Collection[T]
	Clock  ident.Clock
	Put    func(T)         // must ignore a document older than what it has
	Remove func(id string) // must accept an unknown id

	following atomic.Bool // from the start of the load on

	mu     sync.Mutex
	loaded bool
	since  string
	at     time.Time
}

// Wrote takes in a document that this process wrote. Before the load it is left to the load: what
// another process deletes meanwhile would stay for ever.
func (m *Mirror[T]) Wrote(doc T) {
	if m.following.Load() {
		m.Put(doc)
	}
}

// Refresh brings the view up to date: to the moment with now, else where it is older than stale.
func (m *Mirror[T]) Refresh(ctx context.Context, now bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.loaded {
		if err := m.load(ctx); err != nil {
			return err
		}
	} else if age := m.Clock.Now().Sub(m.at); !now && age >= 0 && age < Stale {
		return nil
	}
	at := m.Clock.Now()
	for {
		changes, err := m.Docs.Changes(ctx, m.since, mirrorBatch)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			break
		}
		var ids []string
		for _, c := range changes {
			if c.Deleted {
				m.Remove(c.ID)
			} else {
				ids = append(ids, c.ID)
			}
		}
		docs, err := m.Docs.GetMany(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if doc, ok := docs[id]; ok {
				m.Put(doc)
			} else {
				m.Remove(id)
			}
		}
		m.since = changes[len(changes)-1].Seq
	}
	m.at = at
	return nil
}

func (m *Mirror[T]) load(ctx context.Context) error {
	head, err := store.Head(ctx, m.Docs)
	if err != nil {
		return err
	}
	m.following.Store(true)
	for doc, err := range m.Docs.Find(ctx, store.Query[T]{}) {
		if err != nil {
			return err
		}
		m.Put(doc)
	}
	m.since, m.loaded = head, true
	return nil
}
