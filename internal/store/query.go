package store

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"qiming/internal/fault"
)

// ErrNoIndex is wrapped by the error of a query that no declared index can answer.
var ErrNoIndex = errors.New("no declared index answers this query")

// plan is a checked query: equality on a prefix of an index, a range on the next field.
type plan struct {
	schema   *schema
	index    *index // nil: by id
	eq       []any  // values of the prefix
	next     int    // position of the range field; len(index.Fields) means the id
	from, to any
	desc     bool
	after    string
}

// byID says whether the range is on the document's id.
func (p *plan) byID() bool { return p.index == nil || p.next == len(p.index.Fields) }

func newPlan[T any](s *schema, q Query[T]) (*plan, error) {
	p := &plan{schema: s, from: q.From, to: q.To, desc: q.Desc, after: q.After}
	if q.Index != "" {
		if p.index = s.index(q.Index); p.index == nil {
			return nil, fmt.Errorf("store: %s: index %q is not declared: %w", s.Name, q.Index, ErrNoIndex)
		}
		for _, f := range p.index.Fields {
			v, ok := q.Eq[f]
			if !ok {
				break
			}
			p.eq = append(p.eq, v)
		}
		p.next = len(p.eq)
		if p.index.array >= p.next {
			return nil, fmt.Errorf("store: %s: index %s: field %s may hold arrays and needs equality: %w",
				s.Name, q.Index, p.index.Fields[p.index.array], ErrNoIndex)
		}
	}
	if len(p.eq) != len(q.Eq) {
		return nil, fmt.Errorf("store: %s: equality on %v is no prefix of index %q: %w", s.Name, keysOf(q.Eq), q.Index, ErrNoIndex)
	}
	if p.byID() {
		for _, bound := range []any{q.From, q.To} {
			if _, ok := bound.(string); bound != nil && !ok {
				return nil, fmt.Errorf("store: %s: bound %v of an id is no string: %w", s.Name, bound, ErrNoIndex)
			}
		}
	}
	return p, nil
}

// prefix is the key of the values that equality gives, with no room to grow into. It is not
// nil: to SQLite that would be NULL, and no key compares to it.
func (p *plan) prefix() ([]byte, error) {
	prefix := []byte{}
	var err error
	for _, v := range p.eq {
		if prefix, err = appendValue(prefix, v); err != nil {
			return nil, err
		}
	}
	return prefix[:len(prefix):len(prefix)], nil
}

func keysOf(m map[string]any) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

func errCursor() error {
	return fault.New(fault.Invalid, "store.cursor", "the cursor belongs to another listing")
}

// A cursor is the length of the key, the key, the id.
func sealCursor(key []byte, id string) string {
	b := binary.AppendUvarint(make([]byte, 0, len(key)+len(id)+2), uint64(len(key)))
	return base64.RawURLEncoding.EncodeToString(append(append(b, key...), id...))
}

func openCursor(s string) (key []byte, id string, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, "", false
	}
	n, used := binary.Uvarint(b)
	if used <= 0 || n >= uint64(len(b)-used) {
		return nil, "", false
	}
	return b[used : used+int(n)], string(b[used+int(n):]), true
}
