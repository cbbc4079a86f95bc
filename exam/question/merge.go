package question

import (
	"context"
	"slices"
	"strconv"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// CategoryPlan is what moving or merging a category would do.
type CategoryPlan struct {
	Questions  int      `json:"questions"`  // in it and below it; they follow
	Categories int      `json:"categories"` // below it; they follow
	Same       []string `json:"same"`       // merging: names that both have below them; they are merged too
	IDs        []string `json:"-"`          // of it and all below
}

// PlanCategory says what a move below another category ("" = to the top), or a merge into it, would do, and
// refuses as the act would.
func (b *Bank) PlanCategory(ctx context.Context, actor policies.Actor, id, to string, merge bool) (CategoryPlan, error) {
	c, err := b.Category(ctx, actor, id)
	if err != nil {
		return CategoryPlan{}, err
	}
	if merge {
		_, err = b.mergeTarget(ctx, c, to)
	} else {
		_, err = b.movePath(ctx, c, to)
	}
	if err != nil {
		return CategoryPlan{}, err
	}
	plan := CategoryPlan{Same: []string{}}
	below, err := b.tree.subtree(ctx, id)
	if err != nil {
		return plan, err
	}
	all, err := b.tree.all(ctx)
	if err != nil {
		return plan, err
	}
	there := map[string]bool{}
	for _, one := range all {
		if below[one.ID] {
			plan.IDs = append(plan.IDs, one.ID)
		}
		if one.ParentID == to && one.ID != id {
			there[one.Name] = true
		}
	}
	for _, one := range all {
		if merge && one.ParentID == id && there[one.Name] {
			plan.Same = append(plan.Same, one.Name)
		}
	}
	plan.Categories = len(plan.IDs) - 1
	err = b.catalogue.each(ctx, false, func(e *entry) {
		if below[e.categoryID] {
			plan.Questions++
		}
	})
	return plan, err
}

// movePath gives the path of a new parent of c; c and all below it must fit there.
func (b *Bank) movePath(ctx context.Context, c Category, parentID string) ([]string, error) {
	path, err := b.parentPath(ctx, c.OrgID, parentID)
	if err != nil {
		return nil, err
	}
	return path, b.fits(ctx, c.ID, path, 0)
}

// fits refuses a place below path for a category that contains it, and one that would be too deep; less is how
// many of the category's own levels go.
func (b *Bank) fits(ctx context.Context, id string, path []string, less int) error {
	if slices.Contains(path, id) {
		return fault.New(fault.Invalid, "category.cycle", "category %s cannot move below itself", id)
	}
	depth, err := b.depthBelow(ctx, id)
	if err == nil && len(path)+depth-less > MaxDepth {
		err = fault.New(fault.Invalid, "category.too_deep", "category %s with %d levels", id, depth).With("max", strconv.Itoa(MaxDepth))
	}
	return err
}

// mergeTarget gives the category that c may be merged into.
func (b *Bank) mergeTarget(ctx context.Context, c Category, into string) (Category, error) {
	target, ok, err := b.tree.find(ctx, into)
	switch {
	case err != nil:
		return target, err
	case !ok || target.OrgID != c.OrgID:
		return target, fault.New(fault.NotFound, "category.not_found", "no category %s in the bank of %s", into, c.OrgID)
	}
	return target, b.fits(ctx, c.ID, target.Path, 1)
}

// MergeCategory makes a category one with another of its bank: its questions and the categories below it go there,
// those of the same name become one, and rules that name it mean the other from now on. It cannot be taken back. The
// mark on the category is the act; Repair finishes what a crash leaves of the rest.
func (b *Bank) MergeCategory(ctx context.Context, actor policies.Actor, id string, rev int64, into string) (Category, error) {
	c, err := b.Category(ctx, actor, id)
	if err != nil {
		return Category{}, err
	}
	target, err := b.mergeTarget(ctx, c, into)
	if err != nil {
		return Category{}, err
	}
	act := Act{Action: "category.merge", Object: "category:" + id, Name: c.Name, Detail: map[string]string{"into": target.ID, "name": target.Name}}
	err = b.trail.Act(ctx, actor, act, func() error { return b.merge(ctx, id, target.ID, rev) })
	if err != nil {
		return Category{}, err
	}
	if err := b.repairMerges(ctx); err != nil {
		return Category{}, err
	}
	if err := b.repairBelow(ctx, target.ID); err != nil {
		return Category{}, err
	}
	target, _, err = b.tree.find(ctx, target.ID)
	return target, err
}

// merge marks a category as merged into another. Its name becomes free: the mark stands among siblings of its own.
func (b *Bank) merge(ctx context.Context, id, into string, rev int64) error {
	c, err := b.categories.Update(ctx, id, func(c *Category) error {
		if c.Rev != rev {
			return fault.New(fault.Conflict, "category.stale", "category %s was changed by somebody else", id)
		}
		c.MergedInto, c.ParentID = into, mergedPlace+id
		return nil
	})
	if err == nil {
		b.tree.mirror.Wrote(c)
	}
	return err
}

// mergedPlace begins the parent of a merged category, which is no category.
const mergedPlace = "merged:"

// repairMerges takes the categories below merged ones to where those went; one whose name is taken there is merged
// into its namesake. What was merged in a circle stands at the top again.
func (b *Bank) repairMerges(ctx context.Context) error {
	for range MaxDepth {
		merged, err := b.tree.merged(ctx)
		if err != nil {
			return err
		}
		all, err := b.tree.all(ctx)
		if err != nil {
			return err
		}
		done := true
		for _, c := range all {
			into, moved := merged[c.ParentID]
			if !moved && c.MergedInto == "" { // one that stands for itself all the same: see standing
				continue
			}
			done = false
			if err := b.follow(ctx, c, into); err != nil {
				return err
			}
		}
		if done {
			return nil
		}
	}
	return nil
}

// follow puts a category below another, or merges it into the one of its name there.
func (b *Bank) follow(ctx context.Context, c Category, parentID string) error {
	saved, err := b.categories.Update(ctx, c.ID, func(d *Category) error {
		if d.ParentID != c.ParentID {
			return store.ErrUnchanged // moved by hand meanwhile
		}
		d.ParentID, d.MergedInto = parentID, ""
		return nil
	})
	switch {
	case fault.Is(err, fault.Exists):
		twin, err := b.categoryNamed(ctx, c.OrgID, parentID, c.Name)
		if err != nil {
			return ignoreMissing(err)
		}
		return b.merge(ctx, c.ID, twin.ID, c.Rev)
	case err != nil:
		return ignoreMissing(err)
	}
	b.tree.mirror.Wrote(saved)
	return nil
}
