package store

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"qiming/internal/fault"
)

// maxGroup is how many writes one transaction takes at most, maxGroupBytes how much.
const (
	maxGroup      = 512
	maxGroupBytes = 8 << 20
)

// sqliteWrite is a queued write with its index entries, worked out by the caller's goroutine.
type sqliteWrite struct {
	*write
	put, drop []entry
	unique    bool // a put may clash
	err       error
	done      chan struct{}
}

type entry struct {
	ix  *index
	key []byte
}

func (e *sqliteEngine) write(ctx context.Context, w *write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q := &sqliteWrite{write: w, done: make(chan struct{})}
	if err := q.entries(); err != nil {
		return err
	}
	e.mu.RLock()
	if e.closed {
		e.mu.RUnlock()
		return errClosed()
	}
	e.queue <- q
	e.mu.RUnlock()
	// Not ended by ctx: a queued write happens, and its caller must know how it went.
	<-q.done
	return q.err
}

// entries finds what changes in the indexes. Most writes leave most indexes alone: those whose fields
// did not change are not looked at further.
func (q *sqliteWrite) entries() error {
	changed, err := q.changed()
	if err != nil {
		return err
	}
	for _, ix := range q.schema.indexes {
		if !slices.ContainsFunc(ix.paths, func(path []string) bool { return changed == nil || changed[path[0]] }) {
			continue
		}
		var now, was []string
		var err error
		if q.body != nil {
			if now, err = indexKeys(ix, q.body); err != nil {
				return err
			}
		}
		if q.old != nil {
			if was, err = indexKeys(ix, q.old.body); err != nil {
				return err
			}
		}
		for _, k := range now {
			if !has(was, k) {
				q.put = append(q.put, entry{ix, []byte(k)})
				q.unique = q.unique || ix.Unique
			}
		}
		for _, k := range was {
			if !has(now, k) {
				q.drop = append(q.drop, entry{ix, []byte(k)})
			}
		}
	}
	return nil
}

// changed gives the top-level fields of the indexes that a replacement changes; nil means any may have.
func (q *sqliteWrite) changed() (map[string]bool, error) {
	if q.body == nil || q.old == nil {
		return nil, nil
	}
	was, err := q.schema.indexed(q.old.body)
	if err != nil {
		return nil, err
	}
	now, err := q.schema.indexed(q.body)
	if err != nil {
		return nil, err
	}
	changed := make(map[string]bool, len(now))
	for i, field := range q.schema.heads {
		if was[i].Type != now[i].Type || !bytes.Equal(was[i].Data, now[i].Data) {
			changed[field] = true
		}
	}
	return changed, nil
}

// indexed gives the values of the schema's indexed top-level fields, in the order of heads, in one pass.
func (s *schema) indexed(doc bsoncore.Document) ([]bsoncore.Value, error) {
	values := make([]bsoncore.Value, len(s.heads))
	length, rest, ok := bsoncore.ReadLength(doc)
	if !ok || int(length) > len(doc) {
		return nil, errors.New("store: a document is cut short")
	}
	for len(rest) > 1 {
		element, left, ok := bsoncore.ReadElement(rest)
		if !ok {
			return nil, errors.New("store: a document has a broken element")
		}
		key, err := element.KeyBytesErr()
		if err != nil {
			return nil, err
		}
		for i, field := range s.heads {
			if string(key) == field {
				if values[i], err = element.ValueErr(); err != nil {
					return nil, err
				}
			}
		}
		rest = left
	}
	return values, nil
}

func has(keys []string, k string) bool {
	for _, other := range keys {
		if other == k {
			return true
		}
	}
	return false
}

// writeLoop drains the queue: all that waits goes into one transaction, then all are told.
// While it commits, the next group gathers.
func (e *sqliteEngine) writeLoop() {
	defer close(e.done)
	var l lull
	timer := time.NewTimer(0)
	<-timer.C
	group := make([]*sqliteWrite, 0, maxGroup)
	for first := range e.queue {
		group = append(group[:0], first)
		group = e.gather(group, nil)
		if n := len(group); l.wait(n) {
			timer.Reset(lullWait)
			group = e.gather(group, timer.C)
			l.gained(len(group) - n)
			timer.Stop()
		}
		e.commit(group)
		for i, q := range group {
			close(q.done)
			group[i] = nil
		}
	}
}

// gather adds what waits in the queue, or what comes until a time.
func (e *sqliteEngine) gather(group []*sqliteWrite, until <-chan time.Time) []*sqliteWrite {
	size := 0
	for _, q := range group {
		size += len(q.body)
	}
	for len(group) < maxGroup && size < maxGroupBytes {
		var q *sqliteWrite
		ok := false
		select {
		case q, ok = <-e.queue:
		default:
			if until == nil {
				return group
			}
			select {
			case q, ok = <-e.queue:
			case <-until:
			}
		}
		if !ok { // the time came, or the queue was closed
			return group
		}
		group = append(group, q)
		size += len(q.body)
	}
	return group
}

// A commit costs as much processor time as five writes. At a few hundred writes a second,
// too few to gather by themselves, waiting lullWait for company halves the cost of a write.
// A single writer, who comes back only when he is told, gains nothing by it; so waiting goes
// on only while it pays, and is tried again every lullProbe groups.
const (
	lullWait  = 10 * time.Millisecond
	lullProbe = 128
	lullGroup = 8 // a group of this size needs no more company
)

type lull struct {
	groups int
	gain   float64 // writes that came while waiting, of late
}

func (l *lull) wait(group int) bool {
	l.groups++
	return group < lullGroup && (l.gain > 0.4 || l.groups%lullProbe == 0)
}

func (l *lull) gained(n int) { l.gain = (l.gain + float64(n)) / 2 }

// commit writes a group in one transaction. A clash or a stale revision is that write's own
// outcome and leaves no trace; anything unexpected undoes the transaction, and where it may
// be the fault of one write, each is tried on its own.
func (e *sqliteEngine) commit(group []*sqliteWrite) {
	err := e.transaction(group)
	if err == nil {
		return
	}
	if len(group) > 1 && !fault.Is(err, fault.Unavailable) {
		for i := range group {
			e.commit(group[i : i+1])
		}
		return
	}
	for _, q := range group {
		q.err = err
	}
}

func (e *sqliteEngine) transaction(group []*sqliteWrite) error {
	return e.inTransaction(func(c *conn) error {
		seq, err := c.nextSeqs(len(group))
		if err != nil {
			return err
		}
		for i, q := range group {
			q.err = e.apply(c, q, seq+int64(i))
			if q.err != nil && !errors.Is(q.err, errStale) && !fault.Is(q.err, fault.Exists) {
				return q.err
			}
		}
		return nil
	})
}

// nextSeqs takes n change numbers and gives the first. Those of failed writes stay unused.
func (c *conn) nextSeqs(n int) (int64, error) {
	last, err := c.number(`UPDATE qiming_counter SET seq = seq + ? RETURNING seq`, n)
	return last - int64(n) + 1, err
}

// inTransaction runs fn in one transaction of the writer's connection. It is only called by
// the writer goroutine, and by start before that has work.
func (e *sqliteEngine) inTransaction(fn func(c *conn) error) error {
	c := e.writer
	_, err := c.exec(`BEGIN IMMEDIATE`)
	for n := 0; isBusy(err) && n < int(lockWait/lockStep); n++ {
		time.Sleep(lockStep)
		_, err = c.exec(`BEGIN IMMEDIATE`)
	}
	if err != nil {
		return sqliteFault(err)
	}
	err = fn(c)
	if err == nil {
		_, err = c.exec(`COMMIT`)
	}
	if err != nil {
		// SQLite has undone the transaction itself after some errors; then this fails, rightly.
		_, _ = c.exec(`ROLLBACK`)
		return sqliteFault(err)
	}
	return nil
}

// apply does one write. errStale and fault.Exists leave the transaction as it was.
func (e *sqliteEngine) apply(c *conn, q *sqliteWrite, seq int64) error {
	if !q.unique {
		return e.applyAll(c, q, seq)
	}
	if _, err := c.exec(`SAVEPOINT one`); err != nil {
		return err
	}
	err := e.applyAll(c, q, seq)
	if err != nil {
		if !errors.Is(err, errStale) && !fault.Is(err, fault.Exists) {
			return err // the whole transaction goes
		}
		if _, undo := c.exec(`ROLLBACK TO one`); undo != nil {
			return undo
		}
	}
	if _, release := c.exec(`RELEASE one`); release != nil {
		return release
	}
	return err
}

func (e *sqliteEngine) applyAll(c *conn, q *sqliteWrite, seq int64) error {
	st := q.schema.sql()
	var n int64
	var err error
	switch {
	case q.old == nil:
		if n, err = c.exec(st.insert, q.id, seq, q.body); err == nil && n == 0 {
			return errExists(q.schema, "id")
		}
		q.seq = seq
	case q.body != nil:
		if n, err = c.exec(st.replace, seq, q.body, q.id, q.old.seq); err == nil && n == 0 {
			return errStale
		}
		q.seq = seq
	default:
		if n, err = c.exec(st.delete, q.id, q.old.seq); err == nil && n == 0 {
			return errStale
		}
		if err == nil {
			_, err = c.exec(st.bury, q.id, seq)
		}
	}
	if err != nil {
		return err
	}
	for _, d := range q.drop {
		if _, err := c.exec(st.indexes[d.ix].drop, d.key, q.id); err != nil {
			return err
		}
	}
	for _, p := range q.put {
		n, err := c.exec(st.indexes[p.ix].put, p.key, q.id)
		if err != nil {
			return err
		}
		if n == 0 && p.ix.Unique {
			return errExists(q.schema, p.ix.Name)
		}
	}
	return nil
}
