package store

import (
	"context"
	"database/sql/driver"
	"math"
	"strconv"
)

func (e *sqliteEngine) get(ctx context.Context, s *schema, ids []string, each func(record) error) error {
	// Records are handed on after the connection is back: each may be slow.
	found := make([]record, 0, len(ids))
	err := e.read(ctx, func(c *conn) error {
		sql := s.sql().get
		for _, id := range ids {
			err := c.query(func(row []driver.Value) error {
				found = append(found, record{id: id, seq: row[0].(int64), body: row[1].([]byte)})
				return nil
			}, sql, id)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, r := range found {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

// span is a plan as a range of SQLite's rows: from (k, id) up to but not including (k, id).
// Of a walk by id only the ids count.
type span struct {
	loKey, hiKey []byte
	loID, hiID   any
	open         bool // the lower bound itself is out
}

// endOfIDs is greater than any text to SQLite.
var endOfIDs = []byte{0xFF}

func (p *plan) span() (span, error) {
	prefix, err := p.prefix()
	if err != nil {
		return span{}, err
	}
	sp := span{loKey: prefix, hiKey: append(prefix, tagEnd), loID: "", hiID: ""}
	switch {
	case p.byID():
		sp.hiID = endOfIDs
		if p.index != nil {
			sp.hiKey = prefix
		}
		if p.from != nil {
			sp.loID = p.from
		}
		if p.to != nil {
			sp.hiID = p.to
		}
	case p.from != nil || p.to != nil:
		// A bound of one type keeps to that type, as MongoDB does.
		bound := p.from
		if bound == nil {
			bound = p.to
		}
		key, err := appendValue(prefix, bound)
		if err != nil {
			return span{}, err
		}
		first, last := sameType(key[len(prefix)])
		sp.loKey, sp.hiKey = append(prefix, first), append(prefix, last)
		if p.from != nil {
			sp.loKey = key
		}
		if p.to != nil {
			if sp.hiKey, err = appendValue(prefix, p.to); err != nil {
				return span{}, err
			}
		}
	}
	if p.after == "" {
		return sp, nil
	}
	key, id, ok := openCursor(p.after)
	if !ok || len(key) < len(prefix) || string(key[:len(prefix)]) != string(prefix) {
		return span{}, errCursor()
	}
	if p.desc {
		sp.hiKey, sp.hiID = key, id
	} else {
		sp.loKey, sp.loID, sp.open = key, id, true
	}
	return sp, nil
}

// sameType gives the tags between which values of the tag's type lie.
func sameType(tag byte) (first, last byte) {
	if tag == tagFalse || tag == tagTrue {
		return tagFalse, tagTrue + 1
	}
	return tag, tag + 1
}

func (p *plan) args(sp span) []any {
	if p.index == nil {
		return []any{sp.loID, sp.hiID}
	}
	return []any{sp.loKey, sp.loID, sp.hiKey, sp.hiID}
}

func (e *sqliteEngine) scan(ctx context.Context, p *plan, limit int) ([]record, error) {
	sp, err := p.span()
	if err != nil {
		return nil, err
	}
	q := p.schema.sql().scan(p.index, p.desc, sp.open)
	out := make([]record, 0, limit)
	err = e.read(ctx, func(c *conn) error {
		return c.query(func(row []driver.Value) error {
			r := record{id: row[0].(string), seq: row[1].(int64), body: row[2].([]byte)}
			var key []byte
			if p.index != nil {
				key = row[3].([]byte)
			}
			r.cursor = sealCursor(key, r.id)
			out = append(out, r)
			return nil
		}, q, append(p.args(sp), limit)...)
	})
	return out, err
}

func (e *sqliteEngine) count(ctx context.Context, p *plan) (int, error) {
	p.after = ""
	sp, err := p.span()
	if err != nil {
		return 0, err
	}
	var n int64
	err = e.read(ctx, func(c *conn) error {
		n, err = c.number(p.schema.sql().count(p.index), p.args(sp)...)
		return err
	})
	return int(n), err
}

func (e *sqliteEngine) changes(ctx context.Context, s *schema, since string, limit int) ([]Change, error) {
	after := int64(0)
	if since != "" {
		var err error
		if after, err = strconv.ParseInt(since, 10, 64); err != nil {
			return nil, errCursor()
		}
	}
	limit = min(limit, math.MaxInt32)
	var out []Change
	err := e.read(ctx, func(c *conn) error {
		return c.query(func(row []driver.Value) error {
			out = append(out, Change{Seq: strconv.FormatInt(row[0].(int64), 10), ID: row[1].(string), Deleted: row[2].(int64) == 1})
			return nil
		}, s.sql().changes, after, limit, after, limit, limit)
	})
	return out, err
}

func (e *sqliteEngine) head(ctx context.Context, s *schema) (string, error) {
	var n int64
	err := e.read(ctx, func(c *conn) (err error) {
		n, err = c.number(s.sql().head)
		return err
	})
	return strconv.FormatInt(n, 10), err
}
