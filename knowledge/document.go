package knowledge

import (
	"context"
	"time"

	"qiming/internal/store"
	"qiming/policies"
)

// Document is a published article as search takes it in. Dates of a regulation are days, 2026-12-31.
type Document struct {
	ID          string
	Kind        Kind
	OrgID       string
	Title       string
	Aliases     []string // other names of a term
	Text        string   // summary and text without Markdown
	Audience    []string // tokens: who has one of them may know that it exists
	Category    []string // ids from the top to its own
	Tags        []string
	Source      string
	Official    bool
	PublishedAt time.Time
	Files       []Attachment // that readers are shown, by the author's names, the cover left out
	Number      string       // of a regulation
	EffectiveAt string
	ExpiresAt   string
}

// SearchDocuments gives the published articles among ids, as search takes them in; the others have no place in an index.
func (s *Articles) SearchDocuments(ctx context.Context, ids []string) ([]Document, error) {
	articles, err := s.articles.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := []Document{}
	for _, id := range ids {
		a, ok := articles[id]
		if !ok || a.Published == nil {
			continue
		}
		c := a.Published.Content
		d := Document{ID: id, Kind: c.Kind, OrgID: a.OrgID, Title: c.Title, Aliases: c.Aliases, Text: Plain(c.Body), Audience: c.Audience.Tokens(a.OrgID),
			Category: []string{}, Tags: c.Tags, Source: c.Source.Label, Official: c.Source.Official, PublishedAt: a.Published.At}
		for _, file := range c.Files() {
			if file != c.Cover {
				d.Files = append(d.Files, Attachment{ID: file, Name: c.nameOf(file)})
			}
		}
		if c.Summary != "" {
			d.Text = c.Summary + "\n" + d.Text
		}
		path, err := s.forest.trail(ctx, c.CategoryID)
		if err != nil {
			return nil, err
		}
		for _, category := range path {
			d.Category = append(d.Category, category.ID)
		}
		if c.Law != nil {
			d.Number, d.EffectiveAt, d.ExpiresAt = c.Law.Number, c.Law.Effective, c.Law.Expires
		}
		out = append(out, d)
	}
	return out, nil
}

// Changes gives the ids of changed articles, as store.Collection does.
func (s *Articles) Changes(ctx context.Context, since string, limit int) ([]store.Change, error) {
	return s.articles.Changes(ctx, since, limit)
}

// Tokens gives the tokens of a reader: who has one of an article's audience may read it.
func (s *Articles) Tokens(ctx context.Context, actor policies.Actor) ([]string, error) {
	return s.reader(ctx, actor)
}

// Seen gives those of articles that a reader may read at this moment.
func (s *Articles) Seen(ctx context.Context, actor policies.Actor, ids []string) (map[string]bool, error) {
	tokens, err := s.reader(ctx, actor)
	if err != nil {
		return nil, err
	}
	articles, err := s.articles.GetMany(ctx, ids)
	out := map[string]bool{}
	for id, a := range articles {
		out[id] = a.Published != nil && Meet(a.Published.Content.Audience.Tokens(a.OrgID), tokens)
	}
	return out, err
}

// CategoryNames gives the names of categories; those that are gone are left out.
func (s *Articles) CategoryNames(ctx context.Context, ids []string) (map[string]string, error) {
	return s.forest.names(ctx, ids)
}

// nameOf gives how the author calls an attachment; "" of what the text shows.
func (c Content) nameOf(file string) string {
	for _, a := range c.Attachments {
		if a.ID == file {
			return a.Name
		}
	}
	return ""
}
