package knowledge

import (
	"context"
	"slices"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// MaxDepth is how deep categories nest.
const MaxDepth = 5

const (
	maxCategoryName = 60    // characters
	maxCategories   = 1_000 // of an organisation
)

// Category is a place in the tree of an organisation's knowledge.
type Category struct {
	ID       string `bson:"id" json:"id"`
	ParentID string `bson:"parent_id,omitempty" json:"parent_id"` // "" = at the top
	Name     string `bson:"name" json:"name"`
	Order    int    `bson:"order" json:"order"` // among its siblings
}

// tree is all categories of an organisation, whose id it has: one document, so that no two moves make a circle.
type tree struct {
	store.Meta `bson:",inline"`
	Categories []Category `bson:"categories"`
}

func (t *tree) find(id string) int {
	return slices.IndexFunc(t.Categories, func(c Category) bool { return c.ID == id })
}

// path gives the ids from the top to a category; nil of one that is not there.
func (t *tree) path(id string) (path []string) {
	for i := t.find(id); i >= 0 && len(path) <= maxCategories; i = t.find(t.Categories[i].ParentID) {
		path = append(path, t.Categories[i].ID)
	}
	slices.Reverse(path)
	return path
}

// depth gives how many levels a category and what is below it span.
func (t *tree) depth(id string) int {
	deepest := 0
	for _, c := range t.Categories {
		if path := t.path(c.ID); slices.Contains(path, id) {
			deepest = max(deepest, len(path)-slices.Index(path, id))
		}
	}
	return deepest
}

// below gives a category and all below it.
func (t *tree) below(id string) map[string]bool {
	out := map[string]bool{}
	for _, c := range t.Categories {
		if slices.Contains(t.path(c.ID), id) {
			out[c.ID] = true
		}
	}
	return out
}

// put adds a category or changes it.
func (t *tree) put(c Category) error {
	at := t.find(c.ID)
	height := 1
	if at >= 0 {
		height = t.depth(c.ID)
	}
	up := t.path(c.ParentID)
	switch {
	case c.ParentID != "" && up == nil:
		return fault.Bad("category.invalid", []fault.Field{{Path: "parent_id", Key: "category.not_found"}})
	case slices.Contains(up, c.ID):
		return fault.Bad("category.invalid", []fault.Field{{Path: "parent_id", Key: "category.circle"}})
	case len(up)+height > MaxDepth:
		return fault.New(fault.Invalid, "category.too_deep", "category %s would be too deep", c.ID).With("max", MaxDepth)
	case at < 0 && len(t.Categories) >= maxCategories:
		return fault.Bad("category.invalid", []fault.Field{{Path: "name", Key: "too_many", Params: map[string]any{"max": maxCategories}}})
	case slices.ContainsFunc(t.Categories, func(o Category) bool { return o.ID != c.ID && o.ParentID == c.ParentID && o.Name == c.Name }):
		return fault.New(fault.Exists, "category.exists", "a sibling of that name exists")
	}
	if at < 0 {
		t.Categories = append(t.Categories, c)
	} else {
		t.Categories[at] = c
	}
	return nil
}

// treeOf gives the categories of an organisation; one without any has an empty tree.
func (s *Articles) treeOf(ctx context.Context, orgID string) (tree, error) {
	t, err := s.trees.Get(ctx, orgID)
	if fault.Is(err, fault.NotFound) {
		return tree{Meta: store.Meta{ID: orgID}, Categories: []Category{}}, nil
	}
	return t, err
}

// PutCategory adds a category (without an id) to an organisation's tree, or renames, reorders or moves one.
func (s *Articles) PutCategory(ctx context.Context, actor policies.Actor, orgID string, c Category) (Category, error) {
	if _, err := s.owned(ctx, actor, orgID); err != nil {
		return Category{}, err
	}
	var p problems
	if c.Name = tidy(c.Name); c.Name == "" {
		p.add("name", "required")
	}
	p.length("name", c.Name, maxCategoryName)
	if err := fault.Bad("category.invalid", p); err != nil {
		return Category{}, err
	}
	fresh := c.ID == ""
	if fresh {
		c.ID = ident.New()
	}
	err := s.Trail.Record(ctx, actor, "knowledge.category", "category:"+c.ID, c.Name, func() error {
		if err := s.trees.Insert(ctx, &tree{Meta: store.Meta{ID: orgID}}); err != nil && !fault.Is(err, fault.Exists) {
			return err
		}
		saved, err := s.trees.Update(ctx, orgID, func(t *tree) error {
			if !fresh && t.find(c.ID) < 0 {
				return errNoCategory(c.ID)
			}
			return t.put(c)
		})
		if err == nil {
			s.forest.mirror.Wrote(saved)
		}
		return err
	})
	return c, err
}

// RemoveCategory takes an empty category out of an organisation's tree; one with categories or articles in it is fault.Conflict,
// "category.holds_articles". An article that comes in at the same moment stands without a category then.
func (s *Articles) RemoveCategory(ctx context.Context, actor policies.Actor, orgID, id string) error {
	if _, err := s.owned(ctx, actor, orgID); err != nil {
		return err
	}
	filed, err := s.catalogue.matching(ctx, func(h *head) bool {
		return h.Draft.CategoryID == id || h.Published != nil && h.Published.Content.CategoryID == id
	}, updatedAt)
	if err != nil {
		return err
	}
	return s.Trail.Record(ctx, actor, "knowledge.category_remove", "category:"+id, "", func() error {
		saved, err := s.trees.Update(ctx, orgID, func(t *tree) error {
			at := t.find(id)
			if at < 0 {
				return errNoCategory(id)
			}
			if below := len(t.below(id)) - 1; below > 0 || len(filed) > 0 {
				return fault.New(fault.Conflict, "category.holds_articles", "category %s has %d articles and %d categories", id, len(filed), below).
					With("articles", len(filed)).With("categories", below)
			}
			t.Categories = slices.Delete(t.Categories, at, at+1)
			return nil
		})
		if err == nil {
			s.forest.mirror.Wrote(saved)
		}
		return err
	})
}

func errNoCategory(id string) error {
	return fault.New(fault.NotFound, "category.not_found", "no category %s", id)
}
