package knowledge

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// holder names a draft to those who keep files.
func holder(id string, saves int64) string {
	return "article:" + id + "#" + strconv.FormatInt(saves, 10)
}

// OfHolder gives the article by which a file is held, as media names its holders; "" where it is none.
func OfHolder(object string) string {
	id, found := strings.CutPrefix(object, "article:")
	if !found {
		return ""
	}
	if end := strings.IndexAny(id, "#/"); end >= 0 {
		id = id[:end]
	}
	return id
}

// writable checks a content as a draft of an organisation.
func (s *Articles) writable(ctx context.Context, owner, self string, c *Content) error {
	p := c.prepare()
	more, err := s.outside(ctx, owner, self, *c)
	if err != nil {
		return err
	}
	return fault.Bad("article.invalid", append(p, more...))
}

// Create adds a draft to the articles of an organisation.
func (s *Articles) Create(ctx context.Context, actor policies.Actor, orgID string, c Content) (Article, error) {
	path, err := s.owned(ctx, actor, orgID)
	if err != nil {
		return Article{}, err
	}
	if err := s.writable(ctx, orgID, "", &c); err != nil {
		return Article{}, err
	}
	a := Article{Meta: store.Meta{ID: ident.New()}, OrgID: orgID, OrgPath: path, Status: Draft, Draft: c, AuthorID: actor.AccountID,
		EditorID: actor.AccountID, Writers: []string{actor.AccountID}, Events: []Event{}, Saves: 1}
	err = s.recorded(ctx, actor, "article.create", a, func() error {
		if err := s.Files.Refer(ctx, holder(a.ID, a.Saves), c.Files()); err != nil {
			return err
		}
		return s.articles.Insert(ctx, &a)
	})
	if err == nil {
		s.catalogue.mirror.Wrote(a)
	}
	return a, err
}

// Save writes the draft anew. rev is the revision that the author saw: a later one is fault.Conflict, "article.stale". What is in
// review or scheduled is recalled first ("article.locked"). A content that did not change is not written.
func (s *Articles) Save(ctx context.Context, actor policies.Actor, id string, rev int64, c Content) (Article, error) {
	old, err := s.seen(ctx, actor, id, rev)
	if err != nil {
		return Article{}, err
	}
	if !old.Status.Writable() {
		return Article{}, fault.New(fault.Conflict, "article.locked", "article %s is in %s", id, old.Status).With("status", string(old.Status))
	}
	if err := s.writable(ctx, old.OrgID, id, &c); err != nil {
		return Article{}, err
	}
	if old.Draft.same(c) {
		return old, nil
	}
	var saved Article
	write := func() error {
		if err := s.Files.Refer(ctx, holder(id, old.Saves+1), c.Files()); err != nil {
			return err
		}
		saved, err = s.articles.Update(ctx, id, func(a *Article) error {
			if a.Rev != rev {
				return errStale(id)
			}
			a.Draft, a.EditorID, a.Saves = c, actor.AccountID, a.Saves+1
			if a.Status != Draft {
				a.Status, a.Note = Draft, ""
			}
			a.wrote(actor.AccountID)
			return nil
		})
		return err
	}
	// An editor saves by itself every few seconds: the first save of a writer stands in the trail, those that go on with it do not.
	if old.Status == Draft && slices.Contains(old.Writers, actor.AccountID) && old.EditorID == actor.AccountID {
		err = write()
	} else {
		err = s.recorded(ctx, actor, "article.save", old, write)
	}
	if err != nil {
		return Article{}, err
	}
	s.catalogue.mirror.Wrote(saved)
	for _, n := range []int64{old.Saves, old.Saves - 1} { // the one before, if a crash left it
		if err := s.Files.Release(ctx, holder(id, n)); err != nil {
			return Article{}, err
		}
	}
	return saved, nil
}

func (a *Article) wrote(account string) {
	if !slices.Contains(a.Writers, account) {
		a.Writers = append(a.Writers, account)
	}
}

// Restore makes the content of a version the draft; it is handed in as any other.
func (s *Articles) Restore(ctx context.Context, actor policies.Actor, id string, rev int64, number int) (Article, error) {
	if _, err := s.seen(ctx, actor, id, rev); err != nil {
		return Article{}, err
	}
	v, err := s.Version(ctx, actor, id, number)
	if err != nil {
		return Article{}, err
	}
	return s.Save(ctx, actor, id, rev, v.Content)
}

// Remove deletes an article that was never public, with its versions. One that was is fault.Conflict, "article.was_public".
func (s *Articles) Remove(ctx context.Context, actor policies.Actor, id string) error {
	a, err := s.Get(ctx, actor, id)
	if err != nil {
		return err
	}
	if a.Once || !a.Status.Writable() {
		return fault.New(fault.Conflict, "article.was_public", "article %s was public, or is in review", id)
	}
	return s.recorded(ctx, actor, "article.remove", a, func() error {
		for n := range a.Number + lostRaces {
			v := VersionID(id, n+1)
			if err := s.versions.Delete(ctx, v); err != nil {
				if fault.Is(err, fault.NotFound) {
					continue
				}
				return err
			}
			if err := s.Files.Release(ctx, "article:"+v); err != nil {
				return err
			}
		}
		if err := s.articles.Delete(ctx, id); err != nil {
			return err
		}
		s.catalogue.remove(id)
		return s.Files.Release(ctx, holder(id, a.Saves))
	})
}
