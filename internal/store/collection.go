package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/bsonrw"

	"qiming/internal/fault"
)

// maxDocument is the largest document in bytes of BSON; MongoDB takes 16 MiB.
const maxDocument = 15 << 20

// maxID is the longest id in bytes.
const maxID = 512

// collection is the typed layer over an engine.
type collection[T any, P Document[T]] struct {
	db     *DB
	schema *schema
}

func decode[T any](body []byte, into *T) error {
	dec, err := bson.NewDecoder(bsonrw.NewBSONDocumentReader(body))
	if err != nil {
		return err
	}
	dec.DefaultDocumentM()
	return dec.Decode(into)
}

func (c *collection[T, P]) decode(r record) (T, error) {
	var doc T
	if err := decode(r.body, &doc); err != nil {
		return doc, fmt.Errorf("store: %s %q: %w", c.schema.Name, r.id, err)
	}
	return doc, nil
}

func (c *collection[T, P]) encode(doc *T) ([]byte, error) {
	body, err := bson.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("store: %s: %w", c.schema.Name, err)
	}
	if len(body) > maxDocument {
		return nil, fault.New(fault.Invalid, "store.too_large", "%s: %d bytes", c.schema.Name, len(body)).
			With("collection", c.schema.Name)
	}
	return body, nil
}

// load gives the record of id, or fault.NotFound.
func (c *collection[T, P]) load(ctx context.Context, id string) (record, error) {
	var found record
	ok := false
	err := c.db.engine.get(ctx, c.schema, []string{id}, func(r record) error {
		found, ok = r, true
		return nil
	})
	if err == nil && !ok {
		err = errNotFound(c.schema, id)
	}
	return found, err
}

func (c *collection[T, P]) Get(ctx context.Context, id string) (T, error) {
	r, err := c.load(ctx, id)
	if err != nil {
		var none T
		return none, err
	}
	return c.decode(r)
}

func (c *collection[T, P]) GetMany(ctx context.Context, ids []string) (map[string]T, error) {
	out := make(map[string]T, len(ids))
	err := c.db.engine.get(ctx, c.schema, ids, func(r record) error {
		doc, err := c.decode(r)
		out[r.id] = doc
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (c *collection[T, P]) Insert(ctx context.Context, doc *T) error {
	meta := P(doc).StoreMeta()
	if meta.ID == "" || len(meta.ID) > maxID || !utf8.ValidString(meta.ID) || strings.ContainsRune(meta.ID, 0) {
		return fmt.Errorf("store: %s: id %q is empty, longer than %d bytes or no text", c.schema.Name, meta.ID, maxID)
	}
	before := *meta
	now := c.now()
	meta.Rev, meta.CreatedAt, meta.UpdatedAt = 1, now, now
	body, err := c.encode(doc)
	if err == nil {
		err = c.write(ctx, &write{schema: c.schema, id: meta.ID, body: body})
	}
	if err != nil {
		*meta = before
	}
	return err
}

// write hands a write to the engine and remembers how the document is now.
func (c *collection[T, P]) write(ctx context.Context, w *write) error {
	err := c.db.engine.write(ctx, w)
	if err == nil && w.body != nil {
		c.db.recent.put(c.key(w.id), record{id: w.id, body: w.body, seq: w.seq})
	} else {
		c.db.recent.forget(c.key(w.id))
	}
	return err
}

func (c *collection[T, P]) key(id string) string { return c.schema.Name + "/" + id }

func (c *collection[T, P]) Update(ctx context.Context, id string, fn func(*T) error) (T, error) {
	var none T
	unlock, err := c.db.locks.lock(ctx, c.key(id))
	if err != nil {
		return none, err
	}
	defer unlock()
	for first := true; ; first = false {
		var old record
		remembered := false
		if first {
			old, remembered = c.db.recent.get(c.key(id))
		}
		if !remembered {
			if old, err = c.load(ctx, id); err != nil {
				return none, err
			}
		}
		doc, err := c.decode(old)
		if err != nil {
			return none, err
		}
		meta := P(&doc).StoreMeta()
		was := *meta
		if err := fn(&doc); err != nil && remembered {
			continue // without a write nothing checks that what was remembered still holds
		} else if errors.Is(err, ErrUnchanged) {
			return c.decode(old)
		} else if err != nil {
			return none, err
		}
		*meta = Meta{ID: was.ID, Rev: was.Rev + 1, CreatedAt: was.CreatedAt, UpdatedAt: c.now()}
		body, err := c.encode(&doc)
		if err != nil {
			return none, err
		}
		err = c.write(ctx, &write{schema: c.schema, id: id, old: &old, body: body})
		if err == nil {
			return doc, nil
		}
		if !errors.Is(err, errStale) {
			return none, err
		}
	}
}

func (c *collection[T, P]) Delete(ctx context.Context, id string) error {
	unlock, err := c.db.locks.lock(ctx, c.key(id))
	if err != nil {
		return err
	}
	defer unlock()
	for {
		old, err := c.load(ctx, id)
		if err != nil {
			return err
		}
		err = c.write(ctx, &write{schema: c.schema, id: id, old: &old})
		if !errors.Is(err, errStale) {
			return err
		}
	}
}

func (c *collection[T, P]) Find(ctx context.Context, q Query[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := c.walk(ctx, q, func(doc T, _ string) bool { return yield(doc, nil) })
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

// The first piece of a walk is small, for most walks end there, and later ones are larger.
const (
	firstPiece   = 16
	largestPiece = 256
)

// piece is a part of a walk: documents in order, with their cursors.
type piece[T any] struct {
	docs    []T
	cursors []string
	more    bool // others may follow
	err     error
}

// piece reads up to n documents and moves the plan behind them.
func (c *collection[T, P]) piece(ctx context.Context, p *plan, n int) piece[T] {
	records, err := c.db.engine.scan(ctx, p, n)
	if err != nil {
		return piece[T]{err: err}
	}
	out := piece[T]{docs: make([]T, 0, len(records)), cursors: make([]string, 0, len(records)), more: len(records) == n}
	for _, r := range records {
		doc, err := c.decode(r)
		if err != nil {
			out.err = err
			return out
		}
		out.docs, out.cursors = append(out.docs, doc), append(out.cursors, r.cursor)
		p.after = r.cursor
	}
	return out
}

// walk calls each for the matches in order until it says no or q.Limit is reached. Without a limit it reads one piece ahead:
// decoding and what is done with the documents take about as long, and go on beside each other.
func (c *collection[T, P]) walk(ctx context.Context, q Query[T], each func(doc T, cursor string) bool) error {
	p, err := newPlan(c.schema, q)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var ahead chan piece[T]
	defer func() {
		if cancel(); ahead != nil {
			<-ahead
		}
	}()
	given, n := 0, firstPiece
	size := func() int {
		if q.Limit > 0 && q.Match == nil {
			return min(n, q.Limit-given)
		}
		return n
	}
	for at := c.piece(ctx, p, size()); ; {
		n = min(n*4, largestPiece)
		if at.more && at.err == nil && q.Limit == 0 {
			ahead = make(chan piece[T], 1)
			go func(n int) { ahead <- c.piece(ctx, p, n) }(n)
		}
		for i, doc := range at.docs {
			if q.Match != nil && !q.Match(&doc) {
				continue
			}
			if !each(doc, at.cursors[i]) {
				return nil
			}
			if given++; given == q.Limit {
				return nil
			}
		}
		switch {
		case at.err != nil || !at.more:
			return at.err
		case ahead != nil:
			at, ahead = <-ahead, nil
		default:
			at = c.piece(ctx, p, size())
		}
	}
}

func (c *collection[T, P]) Page(ctx context.Context, q Query[T]) (Page[T], error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, 500)
	page := Page[T]{Items: []T{}}
	cursor := ""
	q.Limit = limit + 1
	err := c.walk(ctx, q, func(doc T, at string) bool {
		if len(page.Items) == limit {
			page.Next = cursor
			return false
		}
		page.Items = append(page.Items, doc)
		cursor = at
		return true
	})
	if err != nil {
		return Page[T]{}, err
	}
	return page, nil
}

func (c *collection[T, P]) Count(ctx context.Context, q Query[T]) (int, error) {
	q.Limit = 0
	if q.Match == nil {
		p, err := newPlan(c.schema, q)
		if err != nil {
			return 0, err
		}
		return c.db.engine.count(ctx, p)
	}
	n := 0
	err := c.walk(ctx, q, func(T, string) bool { n++; return true })
	return n, err
}

func (c *collection[T, P]) Changes(ctx context.Context, since string, limit int) ([]Change, error) {
	if limit <= 0 {
		limit = 256
	}
	return c.db.engine.changes(ctx, c.schema, since, limit)
}

func (c *collection[T, P]) head(ctx context.Context) (string, error) {
	return c.db.engine.head(ctx, c.schema)
}

func (c *collection[T, P]) now() time.Time { return c.db.clock.Now().UTC().Truncate(time.Millisecond) }
