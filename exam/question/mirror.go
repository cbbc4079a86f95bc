package question

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"qiming/internal/ident"
	"qiming/internal/store"
)

// stale is how old a mirror may be on access; the writes of this process show at once.
const stale = 500 * time.Millisecond

// mirrorBatch is how many changes are read at once.
const mirrorBatch = 256

// mirror keeps a view of a collection in memory: it loads all documents at first use and follows the
// collection's changes on access, so that the writes of other processes show within stale.
type mirror[T any] struct {
	docs   store.Collection[T]
	clock  ident.Clock
	put    func(T)         // must ignore a document older than what it has
	remove func(id string) // must accept an unknown id

	following atomic.Bool // from the start of the load on

	mu     sync.Mutex
	loaded bool
	since  string
	at     time.Time
}

// wrote takes in a document that this process wrote. Before the load it is left to the load: what
// another process deletes meanwhile would stay for ever.
func (m *mirror[T]) wrote(doc T) {
	if m.following.Load() {
		m.put(doc)
	}
}

// refresh brings the view up to date: to the moment with now, else where it is older than stale.
func (m *mirror[T]) refresh(ctx context.Context, now bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.loaded {
		if err := m.load(ctx); err != nil {
			return err
		}
	} else if age := m.clock.Now().Sub(m.at); !now && age >= 0 && age < stale {
		return nil
	}
	at := m.clock.Now()
	for {
		changes, err := m.docs.Changes(ctx, m.since, mirrorBatch)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			break
		}
		var ids []string
		for _, c := range changes {
			if c.Deleted {
				m.remove(c.ID)
			} else {
				ids = append(ids, c.ID)
			}
		}
		docs, err := m.docs.GetMany(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if doc, ok := docs[id]; ok {
				m.put(doc)
			} else {
				m.remove(id)
			}
		}
		m.since = changes[len(changes)-1].Seq
	}
	m.at = at
	return nil
}

func (m *mirror[T]) load(ctx context.Context) error {
	head, err := store.Head(ctx, m.docs)
	if err != nil {
		return err
	}
	m.following.Store(true)
	for doc, err := range m.docs.Find(ctx, store.Query[T]{}) {
		if err != nil {
			return err
		}
		m.put(doc)
	}
	m.since, m.loaded = head, true
	return nil
}
