package question

import (
	"cmp"
	"context"
	"slices"
)

// Cell counts the items of a topic that a quiz may draw, by kind and difficulty.
type Cell struct {
	CategoryID string `json:"category_id"` // the topic: a category with its subtree
	Kind       Kind   `json:"kind"`
	Difficulty int    `json:"difficulty"` // 1..5; 0 = unknown
	Count      int    `json:"count"`
}

// Table counts what a blueprint of topic x kind x difficulty has to draw from: the items that rule takes, of
// each topic. Cells without items are left out; an item stands in every topic whose subtree has it. A topic
// that is no category counts nothing.
func (b *Bank) Table(ctx context.Context, rule Rule, topics, orgPath []string) ([]Cell, error) {
	trees := make([]map[string]bool, len(topics))
	for i, id := range topics {
		var err error
		if trees[i], err = b.tree.subtree(ctx, id); err != nil {
			return nil, err
		}
	}
	counts := map[Cell]int{}
	err := b.qualify(ctx, rule, orgPath, false, func(e *entry) {
		for i, tree := range trees {
			if tree[e.categoryID] {
				counts[Cell{CategoryID: topics[i], Kind: e.kind, Difficulty: e.difficulty}]++
			}
		}
	})
	cells := make([]Cell, 0, len(counts))
	for cell, n := range counts {
		cell.Count = n
		cells = append(cells, cell)
	}
	slices.SortFunc(cells, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(slices.Index(topics, a.CategoryID), slices.Index(topics, b.CategoryID)),
			cmp.Compare(a.Kind, b.Kind), a.Difficulty-b.Difficulty)
	})
	return cells, err
}
