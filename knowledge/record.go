package knowledge

import (
	"context"
	"slices"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// MaxNote is how long a reader's note on an article may be, in characters.
const MaxNote = 5_000

// Record is what a reader keeps of an article: one document for each of both, which is the reader's alone but for the receipt.
type Record struct {
	store.Meta `bson:",inline"`
	ArticleID  string         `bson:"article_id" json:"article_id"`
	AccountID  string         `bson:"account_id" json:"-"`
	Favourite  *time.Time     `bson:"favourite,omitempty" json:"favourite,omitempty"` // since when (收藏)
	Note       string         `bson:"note,omitempty" json:"note,omitempty"`           // 笔记
	NotedAt    *time.Time     `bson:"noted_at,omitempty" json:"noted_at,omitempty"`
	ReadAt     *time.Time     `bson:"read_at,omitempty" json:"read_at,omitempty"` // the receipt (已阅): when it was confirmed
	Version    int            `bson:"version,omitempty" json:"version,omitempty"` // and of which version
	Pages      map[string]int `bson:"pages,omitempty" json:"pages,omitempty"`     // of its documents, by file: where the reader is
	Reminded   *time.Time     `bson:"reminded,omitempty" json:"-"`                // when the reader was last asked to confirm
	RemindedOf int            `bson:"reminded_of,omitempty" json:"-"`             // and which version
}

func recordID(articleID, accountID string) string { return articleID + ":" + accountID }

func defineRecords(db *store.DB) store.Collection[Record] {
	return store.Define[Record](db, store.Spec{Name: "article_records", Version: 1, Indexes: []store.Index{
		{Name: "article", Fields: []string{"article_id", "read_at"}}, {Name: "account", Fields: []string{"account_id"}}}})
}

// readable gives an article of which something is public that the reader may read, else "article.not_found".
func (s *Articles) readable(ctx context.Context, actor policies.Actor, id string) (Article, error) {
	tokens, err := s.reader(ctx, actor)
	if err != nil {
		return Article{}, err
	}
	a, err := s.articles.Get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && (a.Published == nil || !Meet(a.Published.Content.Audience.Tokens(a.OrgID), tokens)) {
		return Article{}, errNoArticle(id)
	}
	return a, err
}

// Mine gives what the reader keeps of an article; the zero record where that is nothing.
func (s *Articles) Mine(ctx context.Context, actor policies.Actor, id string) (Record, error) {
	r, err := s.records.Get(ctx, recordID(id, actor.AccountID))
	if fault.Is(err, fault.NotFound) {
		_, err = s.readable(ctx, actor, id)
		return Record{ArticleID: id}, err
	}
	return r, err // also of what was withdrawn: the note is the reader's
}

// Keep changes the favourite or the note of a reader; nil leaves it. The note of an article that is no longer there can be
// changed and emptied still.
func (s *Articles) Keep(ctx context.Context, actor policies.Actor, id string, favourite *bool, note *string) (Record, error) {
	if _, err := s.Mine(ctx, actor, id); err != nil {
		return Record{}, err
	}
	var p problems
	if note != nil {
		text := clean(*note)
		p.length("note", text, MaxNote)
		note = &text
	}
	if err := fault.Bad("article.note_invalid", p); err != nil {
		return Record{}, err
	}
	now := s.Clock.Now()
	return s.record(ctx, actor, id, func(r *Record) {
		switch {
		case favourite == nil:
		case !*favourite:
			r.Favourite = nil
		case r.Favourite == nil:
			r.Favourite = &now
		}
		if note != nil && *note != r.Note {
			r.Note, r.NotedAt = *note, &now
		}
	})
}

// Confirm is the reader's receipt for the version that was shown: that it was read. A version that is no longer the public one is
// fault.Conflict ("article.newer"): the new one is to be read first. What was confirmed keeps its time.
func (s *Articles) Confirm(ctx context.Context, actor policies.Actor, id string, version int) (Record, error) {
	a, err := s.readable(ctx, actor, id)
	if err != nil {
		return Record{}, err
	}
	if a.Published.Number != version {
		return Record{}, fault.New(fault.Conflict, "article.newer", "article %s is public as version %d", id, a.Published.Number)
	}
	now := s.Clock.Now()
	return s.record(ctx, actor, id, func(r *Record) {
		if r.Version < version {
			r.ReadAt, r.Version = &now, version
		}
	})
}

// Turn notes the page at which the reader is in a document of an article. A file that is none of it is "media.not_found".
func (s *Articles) Turn(ctx context.Context, actor policies.Actor, id, file string, page int) error {
	a, err := s.readable(ctx, actor, id)
	if err != nil {
		return err
	}
	if !slices.Contains(a.Published.Content.Files(), file) {
		return fault.New(fault.NotFound, "media.not_found", "article %s has no file %s", id, file)
	}
	_, err = s.record(ctx, actor, id, func(r *Record) {
		if r.Pages == nil {
			r.Pages = map[string]int{}
		}
		r.Pages[file] = page
	})
	return err
}

// record changes a reader's record, and makes it where there is none.
func (s *Articles) record(ctx context.Context, actor policies.Actor, id string, change func(*Record)) (Record, error) {
	key := recordID(id, actor.AccountID)
	for {
		r, err := s.records.Update(ctx, key, func(r *Record) error { change(r); return nil })
		if !fault.Is(err, fault.NotFound) {
			return r, err
		}
		r = Record{Meta: store.Meta{ID: key}, ArticleID: id, AccountID: actor.AccountID}
		change(&r)
		if err = s.records.Insert(ctx, &r); !fault.Is(err, fault.Exists) { // the reader has it open twice
			return r, err
		}
	}
}

// Kept is a record with the article as the reader sees it; nil where it is not to be read any more.
type Kept struct {
	Record
	Page *Page
}

// Shelf gives what a reader keeps, the latest first: favourites and notes.
func (s *Articles) Shelf(ctx context.Context, actor policies.Actor) ([]Kept, error) {
	tokens, err := s.reader(ctx, actor)
	if err != nil {
		return nil, err
	}
	kept := map[string]Record{}
	for r, err := range s.records.Find(ctx, store.Query[Record]{Index: "account", Eq: map[string]any{"account_id": actor.AccountID}}) {
		if err != nil {
			return nil, err
		}
		if r.Favourite != nil || r.Note != "" {
			kept[r.ArticleID] = r
		}
	}
	found, err := s.catalogue.matching(ctx, func(h *head) bool {
		_, ok := kept[h.ID]
		return ok && h.Published != nil && Meet(h.tokens, tokens)
	}, publishedAt)
	if err != nil {
		return nil, err
	}
	pages := map[string]*Page{}
	for _, h := range found {
		page, err := s.listed(ctx, h, tokens)
		if err != nil {
			return nil, err
		}
		pages[h.ID] = &page
	}
	out := []Kept{}
	for id, r := range kept {
		if pages[id] != nil || r.Note != "" {
			out = append(out, Kept{r, pages[id]})
		}
	}
	slices.SortFunc(out, func(a, b Kept) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	return out, nil
}
