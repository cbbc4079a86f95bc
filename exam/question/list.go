package question

import (
	"context"
	"iter"
	"slices"
	"strings"

	"qiming/internal/store"
	"qiming/policies"
	"qiming/search"
)

// Filter narrows a listing of questions. The zero value of a field means any.
type Filter struct {
	OrgID         string   // the bank of this node only
	CategoryID    string   // with its subtree; Uncategorised = those without one
	Kinds         []Kind   //
	Statuses      []Status //
	MinDifficulty int      // an unknown difficulty (0) is in the whole scale only
	MaxDifficulty int      //
	Tags          []string // all of them
	TagsAny       []string // one of them at least
	Text          string   // part of the stem; spaces, punctuation, width and case do not count
	AuthorID      string   //
	BatchID       string   //
	Origin        string   // the file's name, or "file.xlsx:12"
	ReviewBy      string   // waits for this account's review: handed in, and not written by it where the bank wants a second person
	ReturnedTo    string   // drafts of this account that a reviewer sent back
	ExpiresBy     string   // a date: what it asks holds until then at the latest; the listing goes by that date
	ExpiresFrom   string   // a date: they have a last day, and it is not before
	Basis         string   // part of the basis; spaces, punctuation, width and case do not count
	ArticleID     string   // rest on a passage of this article of the knowledge base
	ToCheck       bool     // somebody is to see whether they still hold
}

// Uncategorised is the CategoryID of a Filter that wants the questions without a category.
const Uncategorised = "none"

// Listing is a piece of a listing of questions, newest first.
type Listing struct {
	Items []Question
	Next  string // cursor of the next piece; "" = the end
	Total int    // matches in all
}

// List gives a piece of what the actor sees: up to limit (1..500) after the cursor.
func (b *Bank) List(ctx context.Context, actor policies.Actor, f Filter, limit int, after string) (Listing, error) {
	match, err := b.matcher(ctx, actor, f)
	if err != nil {
		return Listing{}, err
	}
	limit = min(max(limit, 1), 500)
	pick := b.catalogue.newest
	if f.ExpiresBy != "" {
		pick = b.catalogue.soonest
	}
	from, err := openPlace(after, f.ExpiresBy != "")
	if err != nil {
		return Listing{}, err
	}
	places, total, err := pick(ctx, match, from, limit+1)
	if err != nil {
		return Listing{}, err
	}
	out := Listing{Items: []Question{}, Total: total}
	if len(places) > limit {
		places = places[:limit]
		out.Next = places[limit-1].cursor()
	}
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = p.id
	}
	docs, err := b.questions.GetMany(ctx, ids)
	if err != nil {
		return Listing{}, err
	}
	for _, id := range ids {
		q, ok := docs[id]
		if !ok {
			b.catalogue.remove(id)
		}
		if ok && b.catalogue.still(q, match) {
			out.Items = append(out.Items, q)
		} else {
			out.Total-- // another process changed or deleted it a moment ago
		}
	}
	return out, nil
}

// still takes the document as read in and says whether it matches yet.
func (c *catalogue) still(q Question, match func(*entry) bool) bool {
	c.put(q)
	c.mu.RLock()
	defer c.mu.RUnlock()
	e := c.byID[q.ID]
	return e != nil && match(e)
}

// exportBatch is how many documents All reads at once.
const exportBatch = 256

// All iterates over everything that List would give, oldest first.
func (b *Bank) All(ctx context.Context, actor policies.Actor, f Filter) iter.Seq2[Question, error] {
	return func(yield func(Question, error) bool) {
		match, err := b.matcher(ctx, actor, f)
		if err != nil {
			yield(Question{}, err)
			return
		}
		ids, err := b.catalogue.matching(ctx, match)
		if err != nil {
			yield(Question{}, err)
			return
		}
		for part := range slices.Chunk(ids, exportBatch) {
			docs, err := b.questions.GetMany(ctx, part)
			if err != nil {
				yield(Question{}, err)
				return
			}
			for _, id := range part {
				if q, ok := docs[id]; ok && !q.Gone && !yield(q, nil) {
					return
				}
			}
		}
	}
}

// matcher gives the filter as a test of catalogue entries, with what the actor sees.
func (b *Bank) matcher(ctx context.Context, actor policies.Actor, f Filter) (func(*entry) bool, error) {
	r, err := b.reach(ctx, actor)
	if err != nil {
		return nil, err
	}
	var subtree map[string]bool
	if f.CategoryID != "" && f.CategoryID != Uncategorised {
		if subtree, err = b.tree.subtree(ctx, f.CategoryID); err != nil {
			return nil, err
		}
	}
	tags, anyOf := tagKeys(f.Tags), tagKeys(f.TagsAny)
	text, basis := search.Bare(f.Text), search.Bare(f.Basis)
	alone, err := b.alone(ctx, f)
	if err != nil {
		return nil, err
	}
	return func(e *entry) bool {
		switch {
		case f.OrgID != "" && e.orgID != f.OrgID,
			f.CategoryID == Uncategorised && e.categoryID != "",
			subtree != nil && !subtree[e.categoryID],
			len(f.Kinds) > 0 && !slices.Contains(f.Kinds, e.kind),
			len(f.Statuses) > 0 && !slices.Contains(f.Statuses, e.status),
			!inRange(e.difficulty, f.MinDifficulty, f.MaxDifficulty),
			f.AuthorID != "" && e.author != f.AuthorID,
			f.BatchID != "" && e.batch != f.BatchID,
			f.Origin != "" && e.origin != f.Origin && !strings.HasPrefix(e.origin, f.Origin+":"),
			!hasAll(e.tagKeys, tags), !hasAny(e.tagKeys, anyOf),
			f.ReviewBy != "" && (e.status != InReview || e.editor == f.ReviewBy && !alone[e.orgID]),
			f.ReturnedTo != "" && (!e.returned || e.editor != f.ReturnedTo),
			f.ExpiresBy != "" && (e.validUntil == "" || e.validUntil > f.ExpiresBy), e.validUntil < f.ExpiresFrom,
			f.ToCheck && !e.toCheck, f.ArticleID != "" && !e.rests(f.ArticleID),
			basis != "" && !strings.Contains(search.Bare(e.basis), basis),
			!strings.Contains(e.stem, text):
			return false
		}
		return r.sees(e.orgID, e.orgPath, e.drawable())
	}, nil
}

// inRange says whether a difficulty lies in low..high; 0 is no limit, and the whole scale takes the
// items of unknown difficulty too.
func inRange(difficulty, low, high int) bool {
	if low <= 1 && (high <= 0 || high >= MaxDifficulty) {
		return true
	}
	return difficulty > 0 && difficulty >= low && (high <= 0 || difficulty <= high)
}

// tagKeys gives tags as they are compared.
func tagKeys(tags []string) []string {
	keys := make([]string, len(tags))
	for i, tag := range tags {
		keys[i] = search.TagKey(tag)
	}
	return keys
}

// hasAny says whether tags hold one of those wanted; none wanted is no limit.
func hasAny(tags, want []string) bool {
	return len(want) == 0 || slices.ContainsFunc(want, func(tag string) bool { return slices.Contains(tags, tag) })
}

func hasAll(tags, want []string) bool {
	for _, tag := range want {
		if !slices.Contains(tags, tag) {
			return false
		}
	}
	return true
}

// alone says whose banks let an author publish own items, for a filter that asks what waits for a reviewer.
func (b *Bank) alone(ctx context.Context, f Filter) (map[string]bool, error) {
	out := map[string]bool{}
	if f.ReviewBy == "" {
		return out, nil
	}
	for s, err := range b.settings.Find(ctx, store.Query[Settings]{}) {
		if err != nil {
			return nil, err
		}
		out[s.ID] = s.OwnItems
	}
	return out, nil
}
