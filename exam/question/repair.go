package question

import (
	"context"
	"errors"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// Repair mends the copies that one document keeps of another, and finishes what a crash left half
// done: category paths after a move, a merge, organisation paths after a node moved, a category that has gone,
// a deletion that stopped half-way. It makes ready what finds near-duplicates. It changes nothing where all is well; run it at start and daily.
func (b *Bank) Repair(ctx context.Context) error {
	if err := b.repairMerges(ctx); err != nil {
		return err
	}
	categories, err := b.tree.all(ctx)
	if err != nil {
		return err
	}
	paths := make(map[string][]string, len(categories))
	for _, c := range categories {
		paths[c.ID] = c.Path
		if err := b.repairCategory(ctx, c); err != nil {
			return err
		}
	}
	merged, err := b.tree.merged(ctx)
	if err != nil {
		return err
	}
	for id, into := range merged {
		paths[id] = paths[into]
	}
	type doubt struct {
		id, category string
		org          []string // as the document has it
		filed        []string
	}
	byOrg := map[string][]doubt{}
	err = b.catalogue.each(ctx, true, func(e *entry) {
		byOrg[e.orgID] = append(byOrg[e.orgID], doubt{e.id, e.categoryID, e.orgPath, e.filed})
	})
	if err != nil {
		return err
	}
	group, working := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for _, id := range b.catalogue.dying() {
		group.Go(func() error { return b.erase(working, id) })
	}
	for orgID, list := range byOrg {
		org, err := b.orgs.OrgPath(ctx, orgID)
		abolished := fault.Is(err, fault.NotFound) // its bank stays where it was
		if err != nil && !abolished {
			return errors.Join(err, group.Wait())
		}
		for _, q := range list {
			path, category := org, paths[q.category]
			if abolished {
				path = q.org
			}
			if !slices.Equal(q.org, path) || !slices.Equal(q.filed, category) || q.category != last(category) {
				group.Go(func() error { return b.repairQuestion(working, q.id, q.category, path, category) })
			}
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return b.catalogue.twins.settle(ctx)
}

// dying gives the questions whose deletion is not finished.
func (c *catalogue) dying() []string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return slices.Collect(maps.Keys(c.gone))
}

func (b *Bank) repairCategory(ctx context.Context, c Category) error {
	stored, err := b.categories.Get(ctx, c.ID)
	if err != nil || (slices.Equal(stored.Path, c.Path) && parentOf(c) == stored.ParentID) {
		return ignoreMissing(err)
	}
	stored, err = b.categories.Update(ctx, c.ID, func(d *Category) error {
		if d.ParentID != c.ParentID {
			return store.ErrUnchanged // moved again meanwhile: that move repairs
		}
		d.Path, d.ParentID = c.Path, parentOf(c)
		return nil
	})
	if err == nil {
		b.tree.mirror.Wrote(stored)
	}
	return ignoreMissing(err)
}

// repairBelow mends the copies of paths in a category that moved, and below it.
func (b *Bank) repairBelow(ctx context.Context, categoryID string) error {
	categories, err := b.tree.all(ctx)
	if err != nil {
		return err
	}
	paths := map[string][]string{}
	for _, c := range categories {
		if slices.Contains(c.Path, categoryID) {
			paths[c.ID] = c.Path
			if err := b.repairCategory(ctx, c); err != nil {
				return err
			}
		}
	}
	merged, err := b.tree.merged(ctx)
	if err != nil {
		return err
	}
	for id, into := range merged {
		if path := paths[into]; path != nil {
			paths[id] = path
		}
	}
	type filed struct {
		id, category string
		org          []string
	}
	var questions []filed
	err = b.catalogue.each(ctx, true, func(e *entry) {
		if paths[e.categoryID] != nil {
			questions = append(questions, filed{e.id, e.categoryID, e.orgPath})
		}
	})
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for _, q := range questions {
		group.Go(func() error { return b.repairQuestion(ctx, q.id, q.category, q.org, paths[q.category]) })
	}
	return group.Wait()
}

// parentOf gives the parent that the true path names.
func parentOf(c Category) string {
	if len(c.Path) < 2 {
		return ""
	}
	return c.Path[len(c.Path)-2]
}

func (b *Bank) repairQuestion(ctx context.Context, id, categoryID string, org, category []string) error {
	q, err := b.questions.Update(ctx, id, func(q *Question) error {
		if q.CategoryID != categoryID {
			return store.ErrUnchanged
		}
		q.CategoryID = last(category)
		q.OrgPath, q.CategoryPath = org, category
		return nil
	})
	if err == nil {
		b.catalogue.mirror.Wrote(q)
	}
	return ignoreMissing(err)
}

func ignoreMissing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
