package question

import (
	"context"
	"fmt"
	"slices"

	"qiming/policies"
	"qiming/search"
)

// SameAnswer says whether two items of one kind have the same key, however their options stand: what
// tells a harmless duplicate from a contradiction.
func SameAnswer(a, b Content) bool {
	if a.Kind != b.Kind {
		return false
	}
	return slices.EqualFunc(answerTexts(a), answerTexts(b), slices.Equal[[]string])
}

// answerTexts gives the key as normalised texts: one set of the right options, one set per blank.
func answerTexts(c Content) [][]string {
	set := func(texts []string) []string {
		out := make([]string, 0, len(texts))
		for _, text := range texts {
			out = append(out, search.Bare(text))
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	var out [][]string
	key := Reveal(c)
	var right []string
	for _, o := range c.Options {
		if slices.Contains(key.Options, o.ID) {
			right = append(right, o.Text)
		}
	}
	out = append(out, set(right), set([]string{key.Model}))
	if key.Truth != nil {
		out = append(out, []string{yesNo(*key.Truth)})
	}
	for _, accepted := range key.Accepted {
		out = append(out, set(accepted))
	}
	if c.Kind == Ordering {
		for _, o := range c.Options {
			out = append(out, []string{search.Bare(o.Text)})
		}
	}
	var parts []string
	for _, pair := range c.Pairs {
		parts = append(parts, pair.Left+"→"+pair.Right)
	}
	for _, x := range c.Ranges {
		parts = append(parts, fmt.Sprint(x.Min, "..", x.Max, " ", x.Weight))
	}
	for _, u := range c.Units {
		parts = append(parts, fmt.Sprint(u.Name, " ", u.Factor))
	}
	slices.Sort(parts)
	out = append(out, parts)
	for _, sub := range c.Subs {
		out = append(out, []string{string(sub.Content.Kind), search.Bare(sub.Content.Stem)})
		out = append(out, answerTexts(sub.Content)...)
	}
	return out
}

// Neighbour is a question of the bank with the same stem, or one that says nearly the same.
type Neighbour struct {
	ID         string   `json:"id"`
	Stem       string   `json:"stem"`
	Kind       Kind     `json:"kind"`
	Status     Status   `json:"status"`
	SameAnswer bool     `json:"same_answer"`
	Score      float64  `json:"score"`   // how like: 1 = the same stem
	Differs    []string `json:"differs"` // kind, stem, options, answer, explanation, source
}

func neighbour(q Question, c Content, score float64) Neighbour {
	return Neighbour{ID: q.ID, Stem: q.Content.Stem, Kind: q.Content.Kind, Status: q.Status, SameAnswer: SameAnswer(q.Content, c), Score: score,
		Differs: Differs(q.Content, c)}
}

// vantage gives the path of a bank that the actor writes, and what the actor sees from there.
func (b *Bank) vantage(ctx context.Context, actor policies.Actor, orgID string) ([]string, reach, error) {
	path, err := b.owned(ctx, actor, orgID)
	if err != nil {
		return nil, reach{}, err
	}
	r, err := b.reach(ctx, actor)
	return path, r, err
}

// Neighbours gives the questions with the stem of c that a bank has, or sees above it; except leaves
// out the question that is being edited.
func (b *Bank) Neighbours(ctx context.Context, actor policies.Actor, orgID string, c Content, except string) ([]Neighbour, error) {
	path, r, err := b.vantage(ctx, actor, orgID)
	if err != nil {
		return nil, err
	}
	found, err := b.FindByStemKeys(ctx, path, []string{StemKey(c)})
	if err != nil {
		return nil, err
	}
	out := []Neighbour{}
	for _, q := range found[StemKey(c)] {
		if q.ID != except && r.sees(q.OrgID, q.OrgPath, q.Drawable()) {
			out = append(out, neighbour(q, c, 1))
		}
	}
	return out, nil
}

// Heads gives questions by id as they are, whoever may see them; those that have gone are absent.
func (b *Bank) Heads(ctx context.Context, ids ...string) (map[string]Question, error) {
	docs, err := b.questions.GetMany(ctx, ids)
	for id, q := range docs {
		if q.Gone {
			delete(docs, id)
		}
	}
	return docs, err
}
