package question

import (
	"context"
	"slices"
	"strings"
	"time"

	"qiming/internal/store"
	"qiming/policies"
)

// Document is a question as search takes it in.
type Document struct {
	ID       string
	OrgID    string
	Text     string   // all that it says, the key too
	Audience []string // tokens of those who see it in the bank
	Category []string // ids from the top to its own
	Tags     []string
	Source   string
	At       time.Time // of the last change
}

// Tokens of those who see questions: who reads the banks of a node and below, and who reads what the banks above a node
// published; the same as reach.sees says.
func bankToken(orgID string) string  { return "bank:" + orgID }
func aboveToken(orgID string) string { return "bank-above:" + orgID }

// ReaderTokens gives the tokens of an actor, whose scope is that of question:read.
func (b *Bank) ReaderTokens(ctx context.Context, actor policies.Actor) ([]string, error) {
	r, err := b.reach(ctx, actor)
	if err != nil {
		return nil, err
	}
	var tokens []string
	for _, id := range r.scope {
		tokens = append(tokens, bankToken(id))
	}
	for _, id := range r.above {
		tokens = append(tokens, aboveToken(id))
	}
	return tokens, nil
}

// Changes gives the ids of changed questions, as store.Collection does.
func (b *Bank) Changes(ctx context.Context, since string, limit int) ([]store.Change, error) {
	return b.questions.Changes(ctx, since, limit)
}

// Seen gives those of questions that an actor sees, whose scope is that of question:read.
func (b *Bank) Seen(ctx context.Context, actor policies.Actor, ids []string) (map[string]bool, error) {
	r, err := b.reach(ctx, actor)
	if err != nil {
		return nil, err
	}
	questions, err := b.questions.GetMany(ctx, ids)
	out := map[string]bool{}
	for id, q := range questions {
		out[id] = !q.Gone && r.sees(q.OrgID, q.OrgPath, q.Drawable())
	}
	return out, err
}

// SearchDocuments gives the questions among ids, as search takes them in.
func (b *Bank) SearchDocuments(ctx context.Context, ids []string) ([]Document, error) {
	questions, err := b.questions.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := []Document{}
	for _, id := range ids {
		q, ok := questions[id]
		if !ok || q.Gone {
			continue
		}
		d := Document{ID: id, OrgID: q.OrgID, Text: q.Content.Plain(), Category: q.CategoryPath, Tags: q.Tags, Source: q.Basis, At: q.UpdatedAt}
		for _, org := range q.OrgPath {
			d.Audience = append(d.Audience, bankToken(org))
		}
		d.Audience = append(d.Audience, bankToken(policies.Everywhere))
		if q.Drawable() {
			d.Audience = append(d.Audience, aboveToken(q.OrgID))
		}
		out = append(out, d)
	}
	return out, nil
}

// Plain gives what a question says, a line each: stem, options, sub-questions, key and explanation.
func (c Content) Plain() string {
	lines := []string{c.Stem}
	for _, o := range c.Options {
		lines = append(lines, o.Text)
	}
	for _, blank := range c.Blanks {
		lines = append(lines, blank.Accept...)
	}
	for _, p := range c.Pairs {
		lines = append(lines, p.Left, p.Right)
	}
	for _, p := range c.Points {
		lines = append(lines, p.Text)
	}
	lines = append(lines, c.Model)
	for _, sub := range c.Subs {
		lines = append(lines, sub.Content.Plain())
	}
	lines = append(lines, c.Explanation, c.Source)
	for i, line := range lines {
		lines[i] = strings.TrimSpace(reference.ReplaceAllString(line, "]"))
	}
	return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n")
}

// CategoryNames gives the names of categories; those that are gone are left out.
func (b *Bank) CategoryNames(ctx context.Context, ids []string) (map[string]string, error) {
	categories, err := b.categories.GetMany(ctx, ids)
	out := make(map[string]string, len(categories))
	for id, c := range categories {
		out[id] = c.Name
	}
	return out, err
}
