package question

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"qiming/internal/ident"
	"qiming/internal/replica"
	"qiming/internal/store"
)

// MaxDepth is how deep categories nest.
const MaxDepth = 8

// tree is the view of all categories in memory. Where a category stands follows from ParentID alone;
// Category.Path and Question.CategoryPath are copies that Repair mends. A parent that is missing, of
// another bank, or below its own child (two moves at once) counts as none. A category that was merged into another
// stands for that one wherever it is named.
type tree struct {
	mirror *replica.Mirror[Category]

	mu   sync.RWMutex
	byID map[string]Category
}

func newTree(docs store.Collection[Category], clock ident.Clock) *tree {
	t := &tree{byID: map[string]Category{}}
	t.mirror = &replica.Mirror[Category]{Docs: docs, Clock: clock, Put: t.put, Remove: t.remove}
	return t
}

func (t *tree) put(c Category) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if old, ok := t.byID[c.ID]; !ok || old.Rev <= c.Rev {
		t.byID[c.ID] = c
	}
}

func (t *tree) remove(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.byID, id)
}

// all gives every category with its true path, siblings in their order.
func (t *tree) all(ctx context.Context) ([]Category, error) {
	if err := t.mirror.Refresh(ctx, false); err != nil {
		return nil, err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := make([]Category, 0, len(t.byID))
	for _, c := range t.byID {
		if t.standing(c).ID == c.ID {
			c.Path = t.path(c)
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b Category) int {
		return cmp.Or(cmp.Compare(a.OrgID, b.OrgID), cmp.Compare(len(a.Path), len(b.Path)), cmp.Compare(a.Order, b.Order),
			cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// path derives the path of c from parents; the caller holds the lock.
func (t *tree) path(c Category) []string {
	c = t.standing(c)
	path := []string{c.ID}
	for at := c; at.ParentID != ""; {
		up, ok := t.byID[at.ParentID]
		up = t.standing(up)
		if !ok || up.OrgID != c.OrgID || slices.Contains(path, up.ID) || len(path) >= 2*MaxDepth {
			break
		}
		path = append(path, up.ID)
		at = up
	}
	slices.Reverse(path)
	return path
}

// standing gives the category that c was merged into, or c. Of those that were merged into each other at once, the
// smallest id stands for all. The caller holds the lock.
func (t *tree) standing(c Category) Category {
	seen := []string{c.ID}
	for c.MergedInto != "" {
		next, ok := t.byID[c.MergedInto]
		if !ok {
			break
		}
		if i := slices.Index(seen, next.ID); i >= 0 {
			return t.byID[slices.Min(seen[i:])]
		}
		seen, c = append(seen, next.ID), next
	}
	return c
}

// merged gives what each merged category was merged into in the end.
func (t *tree) merged(ctx context.Context) (map[string]string, error) {
	if err := t.mirror.Refresh(ctx, false); err != nil {
		return nil, err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := map[string]string{}
	for id, c := range t.byID {
		if into := t.standing(c).ID; into != id {
			out[id] = into
		}
	}
	return out, nil
}

// find gives a category with its true path; one that another process made a moment ago too.
func (t *tree) find(ctx context.Context, id string) (Category, bool, error) {
	for _, now := range []bool{false, true} {
		if err := t.mirror.Refresh(ctx, now); err != nil {
			return Category{}, false, err
		}
		if c, ok := t.known(id); ok {
			return c, true, nil
		}
	}
	return Category{}, false, nil
}

func (t *tree) known(id string) (Category, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	c, ok := t.byID[id]
	if ok {
		c = t.standing(c)
		c.Path = t.path(c)
	}
	return c, ok
}

// subtree gives the ids of a category and of all below it; an unknown one has none.
func (t *tree) subtree(ctx context.Context, id string) (map[string]bool, error) {
	if err := t.mirror.Refresh(ctx, false); err != nil {
		return nil, err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := map[string]bool{}
	root := t.standing(t.byID[id]).ID
	if root == "" {
		return out, nil
	}
	for _, c := range t.byID {
		if slices.Contains(t.path(c), root) {
			out[c.ID] = true
		}
	}
	return out, nil
}
