package knowledge

import (
	"context"
	"slices"

	"qiming/policies"
)

// Cited is an article as those see it that rest on it.
type Cited struct {
	Ref
	Standing   Standing `json:"standing,omitempty" enum:"upcoming,in_force,expired,replaced"` // of a regulation, today
	ReplacedBy []Ref    `json:"replaced_by"`                                                  // those that the reader may read
}

// Cite gives the articles among ids that a reader may read.
func (s *Articles) Cite(ctx context.Context, actor policies.Actor, ids []string) ([]Cited, error) {
	out := []Cited{}
	if len(ids) == 0 {
		return out, nil
	}
	tokens, err := s.reader(ctx, actor)
	if err != nil {
		return nil, err
	}
	found, err := s.catalogue.matching(ctx, func(h *head) bool {
		return h.Published != nil && slices.Contains(ids, h.ID) && Meet(h.tokens, tokens)
	}, publishedAt)
	if err != nil {
		return nil, err
	}
	for _, h := range found {
		page := Page{Content: h.Published.Content, ReplacedBy: []Ref{}}
		if page.Content.Law != nil {
			if err := s.relate(ctx, h.Article, tokens, &page); err != nil {
				return nil, err
			}
		}
		out = append(out, Cited{Ref: refs([]*head{h}, tokens)[0], Standing: page.Standing, ReplacedBy: page.ReplacedBy})
	}
	return out, nil
}

// Anchors gives the anchors of the headings of those among ids that a reader may read, by the article's id.
func (s *Articles) Anchors(ctx context.Context, actor policies.Actor, ids []string) (map[string][]string, error) {
	out := map[string][]string{}
	if len(ids) == 0 {
		return out, nil
	}
	tokens, err := s.reader(ctx, actor)
	if err != nil {
		return nil, err
	}
	articles, err := s.articles.GetMany(ctx, ids)
	for id, a := range articles {
		if a.Published == nil || !Meet(a.Published.Content.Audience.Tokens(a.OrgID), tokens) {
			continue
		}
		out[id] = []string{}
		for _, heading := range Render(a.Published.Content.Body).Headings {
			out[id] = append(out[id], heading.ID)
		}
	}
	return out, err
}
