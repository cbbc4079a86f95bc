package store

import (
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
