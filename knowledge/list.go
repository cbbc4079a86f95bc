package knowledge

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"qiming/internal/fault"
	"qiming/policies"
	"qiming/search"
)

// NoCategory as a filter's category means without one.
const NoCategory = "none"

// Filter narrows a listing. The zero value of a field means any.
type Filter struct {
	OrgID      string
	CategoryID string // with all below it
	Kinds      []Kind
	Statuses   []Status // of the desk
	Tag        string
	Official   bool
	Text       string // part of the title, the summary or the number; spaces, punctuation, width and case do not count
	ReviewBy   string // of the desk: waits for the review of this account, which did not write it
	TakenDown  bool   // of the desk: was withdrawn, and is not public again
	Once       bool   // of the desk: is public, or was
	AuthorID   string // of the desk
}

// Listing is a piece of a listing, the newest first.
type Listing[T any] struct {
	Items []T
	Next  string // cursor of the next piece; "" = the end
	Total int
}

// matcher gives the part of a filter that looks at a content.
func (s *Articles) matcher(ctx context.Context, f Filter) (func(orgID string, c Content) bool, error) {
	var below map[string]bool
	if f.CategoryID == NoCategory {
		below = map[string]bool{"": true}
	} else if f.CategoryID != "" {
		t, err := s.forest.of(ctx, f.CategoryID)
		if err != nil {
			return nil, err
		}
		below = t.below(f.CategoryID)
	}
	words := search.Bare(f.Text)
	return func(orgID string, c Content) bool {
		switch {
		case f.OrgID != "" && orgID != f.OrgID, below != nil && !below[c.CategoryID], len(f.Kinds) > 0 && !slices.Contains(f.Kinds, c.Kind),
			f.Tag != "" && !search.HasTag(c.Tags, f.Tag), f.Official && !c.Source.Official:
			return false
		}
		if words == "" {
			return true
		}
		number := ""
		if c.Law != nil {
			number = c.Law.Number
		}
		return slices.ContainsFunc(append([]string{c.Title, c.Summary, number}, c.Aliases...), func(s string) bool { return strings.Contains(search.Bare(s), words) })
	}, nil
}

// piece cuts a piece out of a listing: up to limit after the cursor.
func piece(found []*head, key func(*head) int64, limit int, after string) ([]*head, string, error) {
	from := 0
	if after != "" {
		moment, id, _ := strings.Cut(after, ".")
		at, err := strconv.ParseInt(moment, 10, 64)
		if err != nil || id == "" {
			return nil, "", fault.New(fault.Invalid, "store.cursor", "the cursor belongs to another listing")
		}
		for from < len(found) && (key(found[from]) > at || key(found[from]) == at && found[from].ID >= id) {
			from++
		}
	}
	to := min(len(found), from+min(max(limit, 1), 200))
	next := ""
	if to < len(found) {
		next = strconv.FormatInt(key(found[to-1]), 10) + "." + found[to-1].ID
	}
	return found[from:to], next, nil
}

// Desk gives a piece of the articles that the actor's permission reaches, without their texts, the last written first.
func (s *Articles) Desk(ctx context.Context, actor policies.Actor, f Filter, limit int, after string) (Listing[Article], error) {
	match, err := s.matcher(ctx, f)
	if err != nil {
		return Listing[Article]{}, err
	}
	found, err := s.catalogue.matching(ctx, func(h *head) bool {
		return actor.Scope.Covers(h.OrgPath) && match(h.OrgID, h.Draft) && (len(f.Statuses) == 0 || slices.Contains(f.Statuses, h.Status)) &&
			(f.ReviewBy == "" || h.Status == InReview && !slices.Contains(h.Writers, f.ReviewBy)) && (!f.TakenDown || h.Withdrawn != nil) &&
			(!f.Once || h.Once) && (f.AuthorID == "" || f.AuthorID == h.AuthorID)
	}, updatedAt)
	if err != nil {
		return Listing[Article]{}, err
	}
	part, next, err := piece(found, updatedAt, limit, after)
	out := Listing[Article]{Items: make([]Article, len(part)), Next: next, Total: len(found)}
	for i, h := range part {
		out.Items[i] = h.Article
	}
	return out, err
}

// List gives a piece of what a reader may read, without the texts, the last published first.
func (s *Articles) List(ctx context.Context, actor policies.Actor, f Filter, limit int, after string) (Listing[Page], error) {
	tokens, err := s.reader(ctx, actor)
	if err != nil {
		return Listing[Page]{}, err
	}
	match, err := s.matcher(ctx, f)
	if err != nil {
		return Listing[Page]{}, err
	}
	found, err := s.catalogue.matching(ctx, func(h *head) bool {
		return h.Published != nil && Meet(h.tokens, tokens) && match(h.OrgID, h.Published.Content)
	}, publishedAt)
	if err != nil {
		return Listing[Page]{}, err
	}
	part, next, err := piece(found, publishedAt, limit, after)
	if err != nil {
		return Listing[Page]{}, err
	}
	out := Listing[Page]{Items: make([]Page, len(part)), Next: next, Total: len(found)}
	for i, h := range part {
		if out.Items[i], err = s.listed(ctx, h, tokens); err != nil {
			return Listing[Page]{}, err
		}
	}
	return out, nil
}

// listed gives an article as a listing of a reader's shows it.
func (s *Articles) listed(ctx context.Context, h *head, tokens []string) (Page, error) {
	page := Page{ID: h.ID, OrgID: h.OrgID, Version: h.Published.Number, At: h.Published.At, Content: h.Published.Content, Excerpt: h.excerpt, Replaces: []Ref{}, ReplacedBy: []Ref{}}
	var err error
	if page.Content.Law != nil {
		err = s.relate(ctx, h.Article, tokens, &page)
	}
	return page, err
}
