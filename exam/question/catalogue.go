package question

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/replica"
	"qiming/internal/store"
	"qiming/search"
)

// catalogue is a light view of all questions in memory: what filters and counts need, so that they
// answer in milliseconds on 100,000 questions. Documents are read for what is shown.
type catalogue struct {
	mirror *replica.Mirror[Question]
	twins  *twins

	mu    sync.RWMutex
	byID  map[string]*entry
	order []*entry            // by id, so oldest first
	stems map[string][]string // ids by stem key
	words map[string]string   // one copy of each repeated text
	paths map[string][]string // one copy of each path, by its node or category
	gone  map[string]bool     // marked as deleted, and still there
}

// entry is what the catalogue keeps of a question.
type entry struct {
	id         string
	rev        int64
	orgID      string
	orgPath    []string
	categoryID string
	filed      []string // CategoryPath as the document has it
	kind       Kind
	status     Status
	difficulty int
	number     int
	live       int
	tags       []string
	tagKeys    []string // of tags, in their order: search.TagKey
	author     string
	editor     string
	returned   bool // a draft that a reviewer sent back
	validUntil string
	basis      string
	passages   []Passage
	toCheck    bool
	batch      string
	origin     string
	stem       string // search.Bare of it
	stemKey    string
	usedBy     []string
}

func (e *entry) drawable() bool { return e.live > 0 && e.status != Retired }

func newCatalogue(docs store.Collection[Question], clock ident.Clock) *catalogue {
	c := &catalogue{twins: newTwins(), byID: map[string]*entry{}, stems: map[string][]string{}, words: map[string]string{}, paths: map[string][]string{}, gone: map[string]bool{}}
	c.mirror = &replica.Mirror[Question]{Docs: docs, Clock: clock, Put: c.put, Remove: c.remove}
	return c
}

// put takes a question in, unless the catalogue knows a later revision.
func (c *catalogue) put(q Question) {
	if q.Gone {
		c.remove(q.ID)
		c.mu.Lock()
		c.gone[q.ID] = true
		c.mu.Unlock()
		return
	}
	e := &entry{id: q.ID, rev: q.Rev, kind: q.Content.Kind, status: q.Status, difficulty: q.Content.Difficulty, number: q.Number, live: q.Live,
		returned: q.Status == Draft && q.Note != "", validUntil: q.ValidUntil, passages: q.Passages, toCheck: q.ToCheck, origin: q.Origin, stem: search.Bare(q.Content.Stem), stemKey: q.StemKey}
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.byID[q.ID]
	if old != nil && old.rev > q.Rev {
		return
	}
	e.editor, e.basis = c.word(q.EditorID), c.word(q.Basis)
	e.orgID, e.categoryID, e.author, e.batch = c.word(q.OrgID), c.word(q.CategoryID), c.word(q.AuthorID), c.word(q.BatchID)
	e.orgPath, e.filed = c.path(q.OrgID, q.OrgPath), c.path(q.CategoryID, q.CategoryPath)
	for _, tag := range q.Tags {
		e.tags, e.tagKeys = append(e.tags, c.word(tag)), append(e.tagKeys, c.word(search.TagKey(tag)))
	}
	for _, quiz := range q.UsedBy {
		e.usedBy = append(e.usedBy, c.word(quiz))
	}
	at, found := c.find(q.ID)
	if found {
		c.order[at] = e
	} else {
		c.order = slices.Insert(c.order, at, e)
	}
	c.byID[q.ID] = e
	if old == nil || old.number != q.Number {
		c.twins.put(q.ID, textOf(q.Content))
	}
	if old == nil || old.stemKey != e.stemKey {
		c.unstem(old)
		c.stems[e.stemKey] = append(c.stems[e.stemKey], e.id)
	}
}

func (c *catalogue) remove(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.gone, id)
	if at, found := c.find(id); found {
		c.unstem(c.order[at])
		c.order = slices.Delete(c.order, at, at+1)
		delete(c.byID, id)
		c.twins.put(id, twinText{gone: true})
	}
}

func (c *catalogue) unstem(e *entry) {
	if e == nil {
		return
	}
	left := slices.DeleteFunc(c.stems[e.stemKey], func(id string) bool { return id == e.id })
	if len(left) == 0 {
		delete(c.stems, e.stemKey)
	} else {
		c.stems[e.stemKey] = left
	}
}

// find gives the place of an id in the order.
func (c *catalogue) find(id string) (int, bool) {
	if n := len(c.order); n == 0 || c.order[n-1].id < id {
		return n, false // new ids are the largest
	}
	return slices.BinarySearchFunc(c.order, id, func(e *entry, id string) int { return cmp.Compare(e.id, id) })
}

func (c *catalogue) word(s string) string {
	if known, ok := c.words[s]; ok {
		return known
	}
	c.words[s] = s
	return s
}

func (c *catalogue) path(id string, path []string) []string {
	if known, ok := c.paths[id]; ok && slices.Equal(known, path) {
		return known
	}
	c.paths[id] = path
	return path
}

// A place is where a piece of a listing ends. The date is the last day of what the listing goes by;
// a listing that goes by age has none.
type place struct{ date, id string }

func (p place) cursor() string { return p.date + "." + p.id }

// openPlace gives the place of a cursor (nil of ""). One of another order is fault.Invalid ("store.cursor").
func openPlace(cursor string, dated bool) (*place, error) {
	if cursor == "" {
		return nil, nil
	}
	date, id, ok := strings.Cut(cursor, ".")
	if !ok || id == "" || (date != "") != dated {
		return nil, fault.New(fault.Invalid, "store.cursor", "the cursor belongs to another listing")
	}
	return &place{date: date, id: id}, nil
}

// newest gives the places of the entries that match, newest first, after a place (nil = from the
// start), up to limit, and how many match in all.
func (c *catalogue) newest(ctx context.Context, match func(*entry) bool, after *place, limit int) (found []place, total int, err error) {
	if err := c.mirror.Refresh(ctx, false); err != nil {
		return nil, 0, err
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, e := range slices.Backward(c.order) {
		if !match(e) {
			continue
		}
		total++
		if (after == nil || e.id < after.id) && len(found) < limit {
			found = append(found, place{id: e.id})
		}
	}
	return found, total, nil
}

// each calls fn for every entry, oldest first; fn must not keep the entry nor call the catalogue.
func (c *catalogue) each(ctx context.Context, now bool, fn func(*entry)) error {
	if err := c.mirror.Refresh(ctx, now); err != nil {
		return err
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, e := range c.order {
		fn(e)
	}
	return nil
}

// soonest is newest in the order of what expires first.
func (c *catalogue) soonest(ctx context.Context, match func(*entry) bool, after *place, limit int) (found []place, total int, err error) {
	if err := c.mirror.Refresh(ctx, false); err != nil {
		return nil, 0, err
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, e := range c.order {
		if match(e) {
			total++
			if p := (place{date: e.validUntil, id: e.id}); after == nil || comparePlaces(p, *after) > 0 {
				found = append(found, p)
			}
		}
	}
	slices.SortFunc(found, comparePlaces)
	return found[:min(limit, len(found))], total, nil
}

// matching gives the ids of all entries that match, oldest first.
func (c *catalogue) matching(ctx context.Context, match func(*entry) bool) (ids []string, err error) {
	err = c.each(ctx, false, func(e *entry) {
		if match(e) {
			ids = append(ids, e.id)
		}
	})
	return ids, err
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.date, b.date), cmp.Compare(a.id, b.id))
}
