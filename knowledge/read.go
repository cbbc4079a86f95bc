package knowledge

import (
	"context"
	"slices"
	"time"

	"qiming/internal/fault"
	"qiming/policies"
)

// Ref names an article to readers.
type Ref struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Number    string `json:"number,omitempty"`    // of a regulation
	Effective string `json:"effective,omitempty"` //
}

// Page is an article as a reader sees it.
type Page struct {
	ID         string     `json:"id"`
	OrgID      string     `json:"org_id"`
	Version    int        `json:"version"`
	At         time.Time  `json:"at"` // when it was published
	FromOrgID  string     `json:"-"`  // of a copy: whose the source is
	Content    Content    `json:"content"`
	Excerpt    string     `json:"-"` // in a listing: how it begins
	Text       Rendered   `json:"-"`
	Path       []Category `json:"-"` // the categories from the top to its own
	Standing   Standing   `json:"standing,omitempty" enum:"upcoming,in_force,expired,replaced"`
	Replaces   []Ref      `json:"replaces"`    // those that the reader may read
	ReplacedBy []Ref      `json:"replaced_by"` // those that the reader may read; one that is replaced says so all the same
	Notice     *Notice    `json:"notice,omitempty"`
}

// Notice stands in the place of an article that was withdrawn, for those who could read it.
type Notice struct {
	Title  string    `json:"title"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// reader gives the tokens of an actor.
func (s *Articles) reader(ctx context.Context, actor policies.Actor) ([]string, error) {
	paths := map[string][]string{}
	for _, grant := range actor.Grants {
		path, err := s.Orgs.OrgPath(ctx, grant.OrgID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		paths[grant.OrgID] = path
	}
	return ReaderTokens(actor, paths), nil
}

// Read gives an article to a reader; one that the reader may not read is "article.not_found", as one that is not there.
func (s *Articles) Read(ctx context.Context, actor policies.Actor, id string) (Page, error) {
	tokens, err := s.reader(ctx, actor)
	if err != nil {
		return Page{}, err
	}
	a, err := s.articles.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return Page{}, errNoArticle(id)
	}
	if err != nil {
		return Page{}, err
	}
	if w := a.Withdrawn; a.Published == nil && w != nil && Meet(w.Edition.Content.Audience.Tokens(a.OrgID), tokens) {
		return Page{ID: id, OrgID: a.OrgID, Version: w.Edition.Number, At: w.Edition.At, Replaces: []Ref{}, ReplacedBy: []Ref{},
			Notice: &Notice{Title: w.Edition.Content.Title, At: w.At, Reason: w.Reason}}, nil
	}
	if a.Published == nil || !Meet(a.Published.Content.Audience.Tokens(a.OrgID), tokens) {
		return Page{}, errNoArticle(id)
	}
	c := a.Published.Content
	page := Page{ID: id, OrgID: a.OrgID, Version: a.Published.Number, At: a.Published.At, Content: c, Text: s.render(id, a.Published), Replaces: []Ref{}, ReplacedBy: []Ref{}}
	if a.Origin != nil {
		page.FromOrgID = a.Origin.OrgID
	}
	if page.Path, err = s.forest.trail(ctx, c.CategoryID); err != nil {
		return Page{}, err
	}
	if c.Law != nil {
		err = s.relate(ctx, a, tokens, &page)
	}
	return page, err
}

// relate adds how a regulation stands to others.
func (s *Articles) relate(ctx context.Context, a Article, tokens []string, page *Page) error {
	after, err := s.catalogue.successors(ctx, a)
	if err != nil {
		return err
	}
	page.ReplacedBy = refs(after, tokens)
	laws := make([]*Law, len(after))
	for i, h := range after {
		laws[i] = h.Published.Content.Law
	}
	law := page.Content.Law
	page.Standing = law.standing(s.Clock.Now().In(s.Zone).Format(time.DateOnly), laws)
	before, err := s.catalogue.matching(ctx, func(h *head) bool { return h.Published != nil && slices.Contains(law.Replaces, h.ID) }, publishedAt)
	page.Replaces = refs(before, tokens)
	return err
}

// refs names those that the reader may read.
func refs(heads []*head, tokens []string) []Ref {
	out := []Ref{}
	for _, h := range heads {
		if !Meet(h.tokens, tokens) {
			continue
		}
		ref := Ref{ID: h.ID, Title: h.Published.Content.Title}
		if law := h.Published.Content.Law; law != nil {
			ref.Number, ref.Effective = law.Number, law.Effective
		}
		out = append(out, ref)
	}
	return out
}

func (s *Articles) render(id string, e *Edition) Rendered {
	key := VersionID(id, e.Number)
	if r, ok := s.rendered.Get(key); ok {
		return r
	}
	r := Render(e.Content.Body)
	s.rendered.Add(key, r)
	return r
}

// Titles names the regulations that a content gives as replaced, for the desk; which of them may be named was checked when it was written.
func (s *Articles) Titles(ctx context.Context, c Content) ([]Ref, error) {
	out := []Ref{}
	if c.Law == nil || len(c.Law.Replaces) == 0 {
		return out, nil
	}
	articles, err := s.articles.GetMany(ctx, c.Law.Replaces)
	if err != nil {
		return nil, err
	}
	for _, id := range c.Law.Replaces {
		a, ok := articles[id]
		if !ok {
			continue
		}
		ref := Ref{ID: id, Title: a.Draft.Title}
		if a.Draft.Law != nil {
			ref.Number, ref.Effective = a.Draft.Law.Number, a.Draft.Law.Effective
		}
		out = append(out, ref)
	}
	return out, nil
}
