package question

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// MaxCategoryName is in characters.
const MaxCategoryName = 60

// CategoryCount is a category with the number of questions in it and below it that the actor sees.
type CategoryCount struct {
	Category
	Count  int      `json:"count"`
	Merged []string `json:"merged,omitempty" doc:"Ids of categories that were merged into it: rules may name them still"`
}

// Categories gives the trees of the banks that the actor sees, parents before children; orgID narrows
// to one bank.
func (b *Bank) Categories(ctx context.Context, actor policies.Actor, orgID string) ([]CategoryCount, error) {
	r, err := b.reach(ctx, actor)
	if err != nil {
		return nil, err
	}
	all, err := b.tree.all(ctx)
	if err != nil {
		return nil, err
	}
	merged, err := b.tree.merged(ctx)
	if err != nil {
		return nil, err
	}
	own := map[string]int{}
	err = b.catalogue.each(ctx, false, func(e *entry) {
		if e.categoryID != "" && r.sees(e.orgID, e.orgPath, e.drawable()) {
			own[cmp.Or(merged[e.categoryID], e.categoryID)]++
		}
	})
	if err != nil {
		return nil, err
	}
	names := map[string][]string{}
	for _, id := range slices.Sorted(maps.Keys(merged)) {
		names[merged[id]] = append(names[merged[id]], id)
	}
	counts := map[string]int{}
	for _, c := range all {
		for _, id := range c.Path {
			counts[id] += own[c.ID]
		}
	}
	visible := map[string]bool{}
	out := []CategoryCount{}
	for _, c := range all {
		if orgID != "" && c.OrgID != orgID {
			continue
		}
		sees, known := visible[c.OrgID]
		if !known {
			path, err := b.orgs.OrgPath(ctx, c.OrgID)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return nil, err
			}
			sees = err == nil && r.sees(c.OrgID, path, true)
			visible[c.OrgID] = sees
		}
		if sees {
			out = append(out, CategoryCount{Category: c, Count: counts[c.ID], Merged: names[c.ID]})
		}
	}
	return out, nil
}

// CategoryDraft is what an author says about a category.
type CategoryDraft struct {
	Name     string
	ParentID string // "" = at the top
	Order    int
}

func (d *CategoryDraft) check() error {
	d.Name = tidy(d.Name)
	var p problems
	if d.Name == "" {
		p.add("name", "required")
	}
	if utf8.RuneCountInString(d.Name) > MaxCategoryName {
		p.addMax("name", "too_long", MaxCategoryName)
	}
	return fault.Bad("category.invalid", p)
}

// CreateCategory adds a category to a node's bank. A sibling of the same name is fault.Exists,
// "category.exists".
func (b *Bank) CreateCategory(ctx context.Context, actor policies.Actor, orgID string, d CategoryDraft) (Category, error) {
	if err := d.check(); err != nil {
		return Category{}, err
	}
	if _, err := b.owned(ctx, actor, orgID); err != nil {
		return Category{}, err
	}
	path, err := b.parentPath(ctx, orgID, d.ParentID)
	if err != nil {
		return Category{}, err
	}
	c := Category{Meta: store.Meta{ID: ident.New()}, OrgID: orgID, ParentID: last(path), Name: d.Name, Order: d.Order}
	c.Path = append(slices.Clone(path), c.ID)
	err = b.trail.Act(ctx, actor, Act{Action: "category.create", Object: "category:" + c.ID, Name: c.Name}, func() error {
		return sibling(b.categories.Insert(ctx, &c))
	})
	if err != nil {
		return Category{}, err
	}
	b.tree.mirror.Wrote(c)
	return c, nil
}

// parentPath gives the path of a parent for a new child of the bank.
func (b *Bank) parentPath(ctx context.Context, orgID, parentID string) ([]string, error) {
	if parentID == "" {
		return nil, nil
	}
	parent, ok, err := b.tree.find(ctx, parentID)
	switch {
	case err != nil:
		return nil, err
	case !ok || parent.OrgID != orgID:
		return nil, fault.New(fault.NotFound, "category.not_found", "no category %s in the bank of %s", parentID, orgID)
	case len(parent.Path) >= MaxDepth:
		return nil, fault.New(fault.Invalid, "category.too_deep", "category %s is at level %d", parentID, len(parent.Path)).
			With("max", strconv.Itoa(MaxDepth))
	}
	return parent.Path, nil
}

func sibling(err error) error {
	if fault.Is(err, fault.Exists) {
		return fault.New(fault.Exists, "category.exists", "a sibling of that name exists")
	}
	return err
}

// EnsureCategories gives the category at the end of a path of names (root first) in a node's bank and
// creates what is missing: how an import names categories. It is idempotent, also between processes.
func (b *Bank) EnsureCategories(ctx context.Context, actor policies.Actor, orgID string, names []string) (Category, error) {
	var at Category
	for _, name := range names {
		c, err := b.CreateCategory(ctx, actor, orgID, CategoryDraft{Name: name, ParentID: at.ID, Order: 0})
		if fault.Is(err, fault.Exists) {
			c, err = b.categoryNamed(ctx, orgID, at.ID, tidy(name))
		}
		if err != nil {
			return Category{}, err
		}
		at = c
	}
	return at, nil
}

// FindCategory gives the category at the end of a path of names; ok is false where there is none.
func (b *Bank) FindCategory(ctx context.Context, orgID string, names []string) (at Category, ok bool, err error) {
	for _, name := range names {
		at, err = b.categoryNamed(ctx, orgID, at.ID, tidy(name))
		if fault.Is(err, fault.NotFound) {
			return Category{}, false, nil
		}
		if err != nil {
			return Category{}, false, err
		}
	}
	return at, len(names) > 0, nil
}

func (b *Bank) categoryNamed(ctx context.Context, orgID, parentID, name string) (Category, error) {
	eq := map[string]any{"org_id": orgID, "parent_id": parentID, "name": name}
	for c, err := range b.categories.Find(ctx, store.Query[Category]{Index: "sibling", Eq: eq, Limit: 1}) {
		if err == nil {
			b.tree.mirror.Wrote(c)
		}
		return c, err
	}
	return Category{}, fault.New(fault.NotFound, "category.not_found", "no category %q", name)
}

// Category gives a category of a bank that the actor may write.
func (b *Bank) Category(ctx context.Context, actor policies.Actor, id string) (Category, error) {
	c, err := b.categories.Get(ctx, id)
	if err == nil {
		_, err = b.owned(ctx, actor, c.OrgID)
	}
	if err == nil && c.MergedInto != "" {
		err = fault.New(fault.NotFound, "", "")
	}
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "category.not_found", "no category %s", id)
	}
	return c, err
}

// UpdateCategory renames, reorders or moves a category (with all below it and their questions) inside
// its bank. rev is the revision that the author saw.
func (b *Bank) UpdateCategory(ctx context.Context, actor policies.Actor, id string, rev int64, d CategoryDraft) (Category, error) {
	if err := d.check(); err != nil {
		return Category{}, err
	}
	c, err := b.Category(ctx, actor, id)
	if err != nil {
		return Category{}, err
	}
	moved := c.ParentID != d.ParentID
	if moved {
		path, err := b.movePath(ctx, c, d.ParentID)
		if err != nil {
			return Category{}, err
		}
		d.ParentID = last(path)
	}
	act := Act{Action: "category.save", Object: "category:" + id, Name: d.Name}
	err = b.trail.Act(ctx, actor, act, func() error {
		c, err = b.categories.Update(ctx, id, func(c *Category) error {
			if c.Rev != rev || c.MergedInto != "" {
				return fault.New(fault.Conflict, "category.stale", "category %s was changed by somebody else", id)
			}
			c.Name, c.Order, c.ParentID = d.Name, d.Order, d.ParentID
			return nil
		})
		return sibling(err)
	})
	if err != nil {
		return Category{}, err
	}
	b.tree.mirror.Wrote(c)
	if moved {
		if err := b.repairBelow(ctx, id); err != nil {
			return Category{}, err
		}
	}
	c, _, err = b.tree.find(ctx, id)
	return c, err
}

// depthBelow gives how many levels a category and what is below it span.
func (b *Bank) depthBelow(ctx context.Context, id string) (int, error) {
	all, err := b.tree.all(ctx)
	depth := 1
	for _, c := range all {
		if at := slices.Index(c.Path, id); at >= 0 {
			depth = max(depth, len(c.Path)-at)
		}
	}
	return depth, err
}

// DeleteCategory removes an empty category; one with categories or questions in it is fault.Conflict,
// "category.not_empty".
func (b *Bank) DeleteCategory(ctx context.Context, actor policies.Actor, id string) error {
	c, err := b.Category(ctx, actor, id)
	if err != nil {
		return err
	}
	questions := 0
	err = b.catalogue.each(ctx, true, func(e *entry) {
		if e.categoryID == id {
			questions++
		}
	})
	if err != nil {
		return err
	}
	below, err := b.tree.subtree(ctx, id)
	if err != nil {
		return err
	}
	if questions > 0 || len(below) > 1 {
		return fault.New(fault.Conflict, "category.not_empty", "category %s has %d questions and %d categories", id, questions, len(below)-1).
			With("questions", questions).With("categories", max(len(below)-1, 0))
	}
	err = b.trail.Act(ctx, actor, Act{Action: "category.delete", Object: "category:" + id, Name: c.Name}, func() error {
		return b.categories.Delete(ctx, id)
	})
	if err == nil {
		b.tree.remove(id)
	}
	return err
}
