package audit

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
)

// group is the most entries that one write of the head acknowledges.
const group = 256

// retries bounds how often one group is tried against other processes.
const retries = 200

const headID = "head"

// head is the end of the chain. Entries lists the last group: it may not be in the collection yet.
type head struct {
	store.Meta `bson:",inline"`
	Seq        int64   `bson:"seq" json:"seq"`
	Hash       string  `bson:"hash" json:"hash"`
	Entries    []Entry `bson:"entries" json:"entries"`
}

// Deps is what the trail needs. Key chains the entries: the ring's key "audit".
type Deps struct {
	DB    *store.DB
	Clock ident.Clock
	Key   []byte
}

// Trail is the audit trail. It is safe for concurrent use, in one process and in several.
type Trail struct {
	clock   ident.Clock
	key     []byte
	entries store.Collection[Entry]
	heads   store.Collection[head]

	mu      sync.Mutex
	waiting []*waiter
	leading bool          // somebody is writing groups
	idle    chan struct{} // closed when nobody is; for Close
	broken  []Entry       // acknowledged to nobody: the store refused them; tried again before the next act
}

type waiter struct {
	entry Entry
	done  chan error // nil for Note
}

// New declares the collections; call it before the database starts.
func New(deps Deps) *Trail {
	return &Trail{
		clock: deps.Clock,
		key:   deps.Key,
		entries: store.Define[Entry](deps.DB, store.Spec{Name: "audit", Version: 1, Indexes: []store.Index{
			{Name: "at", Fields: []string{"at"}},
			{Name: "actor", Fields: []string{"actor_id", "at"}},
			{Name: "object", Fields: []string{"object", "at"}},
			{Name: "action", Fields: []string{"action", "at"}},
		}}),
		heads: store.Define[head](deps.DB, store.Spec{Name: "audit_heads", Version: 1}),
		idle:  closed(),
	}
}

func closed() chan struct{} { c := make(chan struct{}); close(c); return c }

// Record appends the entry and returns when it is durable. Entries that arrive together are
// appended together: under a rush the cost is a share of one write.
func (t *Trail) Record(ctx context.Context, e Entry) error {
	w := &waiter{entry: t.stamp(e), done: make(chan error, 1)}
	t.enqueue(w)
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done(): // it is appended all the same
		return ctx.Err()
	}
}

// Note appends the entry soon, without waiting: for acts that must not wait for the trail, such
// as the start of an exam by thousands. Close waits for it.
func (t *Trail) Note(e Entry) { t.enqueue(&waiter{entry: t.stamp(e)}) }

// Act does fn and records how it ended. It fails closed: while the trail cannot be written no act
// begins (fault.Unavailable, "audit.unavailable"), and an act whose record failed reports so; its
// entry is kept and written before any later act.
func (t *Trail) Act(ctx context.Context, e Entry, fn func() error) error {
	if err := t.recover(ctx); err != nil {
		return err
	}
	acted := fn()
	if err := t.Record(ctx, e.ended(acted)); err != nil && acted == nil {
		return fault.Wrap(fault.Unavailable, "audit.unavailable", err)
	}
	return acted
}

// Ready says whether the trail can be written: an error means that entries are waiting for it.
func (t *Trail) Ready(ctx context.Context) error { return t.recover(ctx) }

// recover writes the entries that the store refused earlier.
func (t *Trail) recover(ctx context.Context) error {
	t.mu.Lock()
	broken := t.broken
	t.broken = nil
	t.mu.Unlock()
	if len(broken) == 0 {
		return nil
	}
	for len(broken) > 0 {
		n := min(group, len(broken))
		if err := t.append(ctx, broken[:n]); err != nil {
			t.mu.Lock()
			t.broken = append(broken, t.broken...)
			t.mu.Unlock()
			return fault.Wrap(fault.Unavailable, "audit.unavailable", err)
		}
		broken = broken[n:]
	}
	return nil
}

func (t *Trail) stamp(e Entry) Entry {
	if e.At.IsZero() {
		e.At = t.clock.Now()
	}
	e.At = e.At.UTC().Truncate(time.Millisecond)
	if e.Outcome == "" {
		e.Outcome = OK
	}
	return e
}

// enqueue hands the entry to the one who leads; where nobody does, a leader starts.
func (t *Trail) enqueue(w *waiter) {
	t.mu.Lock()
	t.waiting = append(t.waiting, w)
	if t.leading {
		t.mu.Unlock()
		return
	}
	t.leading = true
	t.idle = make(chan struct{})
	t.mu.Unlock()
	go t.lead()
}

// lead writes group after group until nothing waits.
func (t *Trail) lead() {
	for {
		t.mu.Lock()
		n := min(group, len(t.waiting))
		if n == 0 {
			t.leading = false
			close(t.idle)
			t.mu.Unlock()
			return
		}
		batch := t.waiting[:n:n]
		t.waiting = t.waiting[n:]
		t.mu.Unlock()

		entries := make([]Entry, n)
		for i, w := range batch {
			entries[i] = w.entry
		}
		// Not the caller's context: a caller who left must not take the others' entries along.
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		err := t.append(ctx, entries)
		cancel()
		if err != nil {
			t.mu.Lock()
			t.broken = append(t.broken, entries...)
			t.mu.Unlock()
		}
		for _, w := range batch {
			if w.done != nil {
				w.done <- err
			}
		}
	}
}

// errMoved says that another process appended in between.
var errMoved = errors.New("audit: the head moved")

// append puts the entries at the end of the chain: once durable in the head, then one by one.
func (t *Trail) append(ctx context.Context, entries []Entry) error {
	for range retries {
		h, err := t.settledHead(ctx)
		if err != nil {
			return err
		}
		seq, hash := h.Seq, h.Hash
		chained := make([]Entry, len(entries))
		for i, e := range entries {
			seq++
			e.ID, e.Seq = entryID(seq), seq
			e.Hash = e.chain(t.key, hash)
			hash = e.Hash
			chained[i] = e
		}
		_, err = t.heads.Update(ctx, headID, func(now *head) error {
			if now.Seq != h.Seq || now.Hash != h.Hash {
				return errMoved
			}
			now.Seq, now.Hash, now.Entries = seq, hash, chained
			return nil
		})
		if errors.Is(err, errMoved) {
			continue
		}
		if err != nil {
			return err
		}
		// Acknowledged by the head. What fails here is written by the next append or by Verify.
		_ = t.settle(ctx, chained)
		return nil
	}
	return fault.New(fault.Unavailable, "audit.unavailable", "the head moved %d times", retries)
}

// settledHead gives the head once its last group stands in the collection.
func (t *Trail) settledHead(ctx context.Context) (head, error) {
	h, err := t.heads.Get(ctx, headID)
	if fault.Is(err, fault.NotFound) {
		first := head{Meta: store.Meta{ID: headID}}
		if err = t.heads.Insert(ctx, &first); err != nil && !fault.Is(err, fault.Exists) {
			return h, err
		}
		h, err = t.heads.Get(ctx, headID)
	}
	if err != nil {
		return h, err
	}
	return h, t.settle(ctx, h.Entries)
}

// settle writes the entries that the collection does not hold yet.
func (t *Trail) settle(ctx context.Context, entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	ids := make([]string, len(entries))
	for i := range entries {
		ids[i] = entries[i].ID
	}
	have, err := t.entries.GetMany(ctx, ids)
	if err != nil {
		return err
	}
	var g errgroup.Group
	for _, e := range entries {
		if _, ok := have[e.ID]; ok {
			continue
		}
		g.Go(func() error {
			doc := e
			if err := t.entries.Insert(ctx, &doc); err != nil && !fault.Is(err, fault.Exists) {
				return err
			}
			return nil
		})
	}
	return g.Wait()
}

// Close waits until everything handed in is written, and says what the store still refuses.
func (t *Trail) Close(ctx context.Context) error {
	t.mu.Lock()
	idle := t.idle
	t.mu.Unlock()
	select {
	case <-idle:
		return t.recover(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}
