package question

import "context"

// Topic is a category as statistics name it.
type Topic struct {
	ID   string
	Name string
}

// Topics gives the categories of questions from the top down, as they stand now, whoever may see them; none for a question
// without a category or one that has gone.
func (b *Bank) Topics(ctx context.Context, questionIDs []string) (map[string][]Topic, error) {
	heads, err := b.Heads(ctx, questionIDs...)
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
	byID := make(map[string]Category, len(all))
	for _, c := range all {
		byID[c.ID] = c
	}
	out := make(map[string][]Topic, len(heads))
	for id, q := range heads {
		own := q.CategoryID
		if into, ok := merged[own]; ok {
			own = into
		}
		for _, up := range byID[own].Path {
			out[id] = append(out[id], Topic{up, byID[up].Name})
		}
	}
	return out, nil
}
