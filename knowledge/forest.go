package knowledge

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"qiming/internal/ident"
	"qiming/internal/replica"
	"qiming/internal/store"
	"qiming/policies"
	"qiming/search"
)

// forest keeps the category trees of all organisations in memory.
type forest struct {
	mirror *replica.Mirror[tree]

	mu    sync.RWMutex
	trees map[string]tree   // by organisation
	home  map[string]string // the organisation of a category
}

func newForest(docs store.Collection[tree], clock ident.Clock) *forest {
	f := &forest{trees: map[string]tree{}, home: map[string]string{}}
	f.mirror = &replica.Mirror[tree]{Docs: docs, Clock: clock, Put: f.put, Remove: f.remove}
	return f
}

func (f *forest) put(t tree) {
	f.mu.Lock()
	defer f.mu.Unlock()
	old := f.trees[t.ID]
	if old.Rev > t.Rev {
		return
	}
	for _, c := range old.Categories {
		delete(f.home, c.ID)
	}
	f.trees[t.ID] = t
	for _, c := range t.Categories {
		f.home[c.ID] = t.ID
	}
}

func (f *forest) remove(orgID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.trees[orgID].Categories {
		delete(f.home, c.ID)
	}
	delete(f.trees, orgID)
}

// of gives the tree that a category stands in; an empty one where there is none. Trees are shared: do not change them.
func (f *forest) of(ctx context.Context, categoryID string) (tree, error) {
	if err := f.mirror.Refresh(ctx, false); err != nil {
		return tree{}, err
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.trees[f.home[categoryID]], nil
}

// names gives the names of categories; those that are gone are left out.
func (f *forest) names(ctx context.Context, ids []string) (map[string]string, error) {
	if err := f.mirror.Refresh(ctx, false); err != nil {
		return nil, err
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	out := map[string]string{}
	for _, id := range ids {
		t := f.trees[f.home[id]]
		if i := t.find(id); i >= 0 {
			out[id] = t.Categories[i].Name
		}
	}
	return out, nil
}

// all gives every tree, by organisation.
func (f *forest) all(ctx context.Context) ([]tree, error) {
	if err := f.mirror.Refresh(ctx, false); err != nil {
		return nil, err
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	out := make([]tree, 0, len(f.trees))
	for _, t := range f.trees {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b tree) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// trail gives the categories from the top to one; none of one that is not there.
func (f *forest) trail(ctx context.Context, categoryID string) ([]Category, error) {
	t, err := f.of(ctx, categoryID)
	if err != nil || categoryID == "" {
		return []Category{}, err
	}
	path := t.path(categoryID)
	out := make([]Category, len(path))
	for i, id := range path {
		out[i] = t.Categories[t.find(id)]
	}
	return out, nil
}

// CategoryCount is a category of an organisation with how many articles are in it and below.
type CategoryCount struct {
	Category
	OrgID string `json:"org_id"`
	Count int    `json:"count"`
}

// TagCount is a tag with how many articles have it.
type TagCount struct {
	Tag   string `json:"tag"`
	Count int    `json:"count"`
}

// Overview is what a reader may choose from: categories, kinds and tags in which there is something to read.
type Overview struct {
	Categories []CategoryCount `json:"categories"` // parents before children, siblings in their order
	Kinds      map[Kind]int    `json:"kinds"`
	Tags       []TagCount      `json:"tags"` // the most used first
}

// maxTags bounds the tags of an overview.
const maxTags = 50

// counted gives the categories of trees with how many of the contents are in them and below.
func counted(trees []tree, contents []Content) []CategoryCount {
	direct := map[string]int{}
	for _, c := range contents {
		direct[c.CategoryID]++
	}
	out := []CategoryCount{}
	for _, t := range trees {
		count := map[string]int{}
		for _, c := range t.Categories {
			if n := direct[c.ID]; n > 0 {
				for _, id := range t.path(c.ID) {
					count[id] += n
				}
			}
		}
		for _, c := range t.sorted() {
			out = append(out, CategoryCount{Category: c, OrgID: t.ID, Count: count[c.ID]})
		}
	}
	return out
}

// sorted gives the categories, parents before children, siblings in their order.
func (t *tree) sorted() []Category {
	depth := map[string]int{}
	for _, c := range t.Categories {
		depth[c.ID] = len(t.path(c.ID))
	}
	out := append([]Category{}, t.Categories...)
	slices.SortFunc(out, func(a, b Category) int {
		return cmp.Or(cmp.Compare(depth[a.ID], depth[b.ID]), cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// Overview gives a reader what there is to choose from. It counts nothing that the reader may not read, and names no category or
// tag that only such articles have.
func (s *Articles) Overview(ctx context.Context, actor policies.Actor) (Overview, error) {
	tokens, err := s.reader(ctx, actor)
	if err != nil {
		return Overview{}, err
	}
	found, err := s.catalogue.matching(ctx, func(h *head) bool { return h.Published != nil && Meet(h.tokens, tokens) }, publishedAt)
	if err != nil {
		return Overview{}, err
	}
	trees, err := s.forest.all(ctx)
	if err != nil {
		return Overview{}, err
	}
	out := Overview{Kinds: map[Kind]int{}, Tags: []TagCount{}}
	contents, tags := make([]Content, len(found)), map[string]int{}
	for i, h := range found {
		contents[i] = h.Published.Content
		out.Kinds[contents[i].Kind]++
		for _, tag := range contents[i].Tags {
			tags[tag]++
		}
	}
	out.Categories = slices.DeleteFunc(counted(trees, contents), func(c CategoryCount) bool { return c.Count == 0 })
	for tag, n := range search.OneSpelling(tags) {
		out.Tags = append(out.Tags, TagCount{tag, n})
	}
	slices.SortFunc(out.Tags, func(a, b TagCount) int { return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Tag, b.Tag)) })
	out.Tags = out.Tags[:min(len(out.Tags), maxTags)]
	return out, nil
}

// Categories gives the desk the categories of an organisation ("" = of all that the actor's permission reaches), with how many
// articles stand in them, whatever their state.
func (s *Articles) Categories(ctx context.Context, actor policies.Actor, orgID string) ([]CategoryCount, error) {
	trees, err := s.forest.all(ctx)
	if err != nil {
		return nil, err
	}
	var reached []tree
	for _, t := range trees {
		if orgID != "" && t.ID != orgID {
			continue
		}
		if _, err := s.owned(ctx, actor, t.ID); err == nil {
			reached = append(reached, t)
		}
	}
	found, err := s.catalogue.matching(ctx, func(h *head) bool { return actor.Scope.Covers(h.OrgPath) }, updatedAt)
	if err != nil {
		return nil, err
	}
	contents := make([]Content, len(found))
	for i, h := range found {
		contents[i] = h.Draft
	}
	return counted(reached, contents), nil
}
