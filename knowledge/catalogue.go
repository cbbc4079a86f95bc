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
)

// catalogue keeps all articles in memory without their texts: what lists, filters and counts need. Documents are read for what
// is shown whole.
type catalogue struct {
	mirror *replica.Mirror[Article]

	mu   sync.RWMutex
	byID map[string]*head
}

// head is an article without texts, with the tokens of who reads it.
type head struct {
	Article
	tokens      []string // of what is published; nil = nothing is
	excerpt     string   // of what is published
	withdrawals []Event
}

// title is what an article is called to those who look after it: as readers saw it, where they did.
func (h *head) title() string {
	switch {
	case h.Published != nil:
		return h.Published.Content.Title
	case h.Withdrawn != nil:
		return h.Withdrawn.Edition.Content.Title
	}
	return h.Draft.Title
}

// excerptSource and excerptLength bound what is read and what is shown of a text in a listing, in characters.
const (
	excerptSource = 600
	excerptLength = 120
)

// excerpt gives how a content begins: its summary, else its first words.
func (c Content) excerpt() string {
	if c.Summary != "" {
		return c.Summary
	}
	begin := []rune(c.Body[:min(len(c.Body), excerptSource*4)])
	words := []rune(strings.ReplaceAll(Plain(string(begin[:min(len(begin), excerptSource)])), "\n", " "))
	if len(words) > excerptLength {
		return string(words[:excerptLength]) + "…"
	}
	return string(words)
}

func newCatalogue(docs store.Collection[Article], clock ident.Clock) *catalogue {
	c := &catalogue{byID: map[string]*head{}}
	c.mirror = &replica.Mirror[Article]{Docs: docs, Clock: clock, Put: c.put, Remove: c.remove}
	return c
}

func (c *catalogue) put(a Article) {
	h := &head{Article: a}
	h.Draft.Body, h.Events = "", nil
	for _, e := range a.Events {
		if e.Step == Withdraw {
			h.withdrawals = append(h.withdrawals, e)
		}
	}
	if a.Published != nil {
		edition := *a.Published
		h.excerpt, h.tokens = edition.Content.excerpt(), edition.Content.Audience.Tokens(a.OrgID)
		edition.Content.Body, h.Published = "", &edition
	}
	if a.Withdrawn != nil {
		w := *a.Withdrawn
		w.Edition.Content.Body = ""
		h.Withdrawn = &w
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.byID[a.ID]; old == nil || old.Rev <= a.Rev {
		c.byID[a.ID] = h
	}
}

func (c *catalogue) remove(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.byID, id)
}

// heads gives those of articles that there are, by id. They are shared: do not change them.
func (c *catalogue) heads(ctx context.Context, ids []string) (map[string]*head, error) {
	if err := c.mirror.Refresh(ctx, false); err != nil {
		return nil, err
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	out := map[string]*head{}
	for _, id := range ids {
		if h := c.byID[id]; h != nil {
			out[id] = h
		}
	}
	return out, nil
}

// within gives a rule that says of an article whether a scope reaches it, and whether it is of an organisation or one below it
// ("" = any). One that there is not is reached by nobody.
func (c *catalogue) within(ctx context.Context, scope policies.Scope, orgID string) (func(articleID string) bool, error) {
	if err := c.mirror.Refresh(ctx, false); err != nil {
		return nil, err
	}
	return func(articleID string) bool {
		c.mu.RLock()
		defer c.mu.RUnlock()
		h := c.byID[articleID]
		return h != nil && scope.Covers(h.OrgPath) && (orgID == "" || slices.Contains(h.OrgPath, orgID))
	}, nil
}

// matching gives the heads that match, by a key that grows, the largest first and the id as tie-break. They are shared: do not change them.
func (c *catalogue) matching(ctx context.Context, match func(*head) bool, key func(*head) int64) ([]*head, error) {
	if err := c.mirror.Refresh(ctx, false); err != nil {
		return nil, err
	}
	c.mu.RLock()
	var found []*head
	for _, h := range c.byID {
		if match(h) {
			found = append(found, h)
		}
	}
	c.mu.RUnlock()
	slices.SortFunc(found, func(a, b *head) int { return cmp.Or(cmp.Compare(key(b), key(a)), cmp.Compare(b.ID, a.ID)) })
	return found, nil
}

// successors gives the published regulations that name one as replaced, as long as their owner may: the owner of the replaced one
// or an organisation above it.
func (c *catalogue) successors(ctx context.Context, a Article) ([]*head, error) {
	return c.matching(ctx, func(h *head) bool {
		return h.Published != nil && h.ID != a.ID && h.Published.Content.Law != nil && slices.Contains(a.OrgPath, h.OrgID) &&
			slices.Contains(h.Published.Content.Law.Replaces, a.ID)
	}, publishedAt)
}

func publishedAt(h *head) int64 { return h.Published.At.UnixMilli() }
func updatedAt(h *head) int64   { return h.UpdatedAt.UnixMilli() }
