package knowledge

import (
	"context"
	"errors"
	"fmt"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Follow is the step of the clock that brings what its source shows into a copy that follows by itself.
const Follow Step = "follow"

// adapted gives a content as a copy of it begins: what is a decision of the organisation that has it stays behind, and the source is
// named.
func (c Content) adapted(o Origin) Content {
	c.Audience, c.CategoryID, c.Confirm, c.Comments = Audience{Orgs: []string{}}, "", false, false
	if c.Source.Label == "" {
		c.Source.Label = o.Label
	}
	if c.Law != nil {
		law := *c.Law
		law.Replaces = nil
		c.Law = &law
	}
	return c
}

// within gives a content of a source with the decisions of the copy.
func (c Content) within(own Content, o Origin) Content {
	c = c.adapted(o)
	c.Audience, c.CategoryID, c.Confirm, c.Comments = own.Audience, own.CategoryID, own.Confirm, own.Comments
	if c.Law != nil && own.Law != nil {
		c.Law.Replaces = own.Law.Replaces
	}
	return c
}

// TakeOver makes a copy of what is shared with an organisation of the actor's: a draft, which is handed in as any; with auto it is public
// at once, as the source reviewed it, and follows its versions. label names the source. One that is there already is fault.Exists
// ("share.taken").
func (s *Articles) TakeOver(ctx context.Context, actor policies.Actor, orgID, id, label string, auto bool) (Article, error) {
	path, err := s.owned(ctx, actor, orgID)
	if err != nil {
		return Article{}, err
	}
	source, err := s.received(ctx, path, id)
	if err != nil {
		return Article{}, err
	}
	o := Origin{ArticleID: id, OrgID: source.OrgID, Version: source.Published.Number, Label: label, Auto: auto}
	c := source.Published.Content.adapted(o)
	c.Audience = Audience{Orgs: []string{orgID}}
	if err := s.writable(ctx, orgID, "", &c); err != nil {
		return Article{}, err
	}
	a := Article{Meta: store.Meta{ID: copyID(id, orgID)}, OrgID: orgID, OrgPath: path, Status: Draft, Draft: c, AuthorID: actor.AccountID,
		EditorID: actor.AccountID, Writers: []string{actor.AccountID}, Events: []Event{}, Saves: 1, Origin: &o}
	if auto {
		if err := s.pass(ctx, a); err != nil {
			return Article{}, err
		}
	}
	err = s.recorded(ctx, actor, "article.take_over", a, func() error {
		if err := s.Files.Refer(ctx, holder(a.ID, a.Saves), c.Files()); err != nil {
			return err
		}
		err := s.articles.Insert(ctx, &a)
		if fault.Is(err, fault.Exists) {
			err = fault.New(fault.Exists, "share.taken", "article %s is a copy of it", a.ID).With("id", a.ID)
		}
		return err
	})
	if err != nil {
		return Article{}, err
	}
	s.catalogue.mirror.Wrote(a)
	if auto {
		return s.follow(ctx, actor, a, source)
	}
	return a, nil
}

// Adopt brings the version that its source shows into the draft of a copy, with the copy's own audience, category and questions to
// readers; it is handed in as any.
func (s *Articles) Adopt(ctx context.Context, actor policies.Actor, id string, rev int64) (Article, error) {
	a, err := s.seen(ctx, actor, id, rev)
	if err != nil {
		return Article{}, err
	}
	if a.Origin == nil {
		return Article{}, fault.New(fault.NotFound, "share.not_found", "article %s is no copy", id)
	}
	source, err := s.received(ctx, a.OrgPath, a.Origin.ArticleID)
	if err != nil {
		return Article{}, err
	}
	if a, err = s.Save(ctx, actor, id, rev, source.Published.Content.within(a.Draft, *a.Origin)); err != nil {
		return Article{}, err
	}
	// A crash in between leaves the copy with the newer text, said to be older: it is adopted again, which changes nothing.
	return s.originate(ctx, a, func(o *Origin) { o.Version = source.Published.Number })
}

// SetFollowing says whether a copy follows its source by itself.
func (s *Articles) SetFollowing(ctx context.Context, actor policies.Actor, id string, auto bool) (Article, error) {
	a, err := s.Get(ctx, actor, id)
	if err != nil {
		return Article{}, err
	}
	if a.Origin == nil {
		return Article{}, fault.New(fault.NotFound, "share.not_found", "article %s is no copy", id)
	}
	var out Article
	err = s.recorded(ctx, actor, "article.follow", a, func() error {
		out, err = s.originate(ctx, a, func(o *Origin) { o.Auto = auto })
		return err
	})
	return out, err
}

func (s *Articles) originate(ctx context.Context, a Article, change func(*Origin)) (Article, error) {
	out, err := s.articles.Update(ctx, a.ID, func(a *Article) error {
		if a.Origin == nil {
			return store.ErrUnchanged
		}
		o := *a.Origin
		change(&o)
		a.Origin = &o
		return nil
	})
	if err == nil {
		s.catalogue.mirror.Wrote(out)
	}
	return out, err
}

// FollowSources brings what sources show into the copies that follow by themselves, and takes down those whose source was taken down;
// it gives how many changed. A job calls it. A copy that was changed here waits for its organisation, as one does in which a word
// stands that does not pass there.
func (s *Articles) FollowSources(ctx context.Context) (int, error) {
	copies, err := s.catalogue.matching(ctx, func(h *head) bool { return h.Origin != nil && h.Origin.Auto }, updatedAt)
	if err != nil {
		return 0, err
	}
	n := 0
	var errs []error
	for _, h := range copies {
		changed, err := s.catchUp(ctx, h.ID)
		if err != nil {
			errs = append(errs, fmt.Errorf("article %s: %w", h.ID, err))
		}
		if changed {
			n++
		}
	}
	return n, errors.Join(errs...)
}

func (s *Articles) catchUp(ctx context.Context, id string) (bool, error) {
	a, err := s.articles.Get(ctx, id)
	if err != nil || a.Origin == nil || !a.Origin.Auto {
		return false, err
	}
	source, err := s.articles.Get(ctx, a.Origin.ArticleID)
	if err != nil {
		return false, err
	}
	if source.Published == nil && source.Withdrawn != nil && a.Published != nil {
		_, err := s.advance(ctx, clock, a, Withdraw, Withdrawn, source.Withdrawn.Reason, nil)
		return done(err)
	}
	if _, err := s.received(ctx, a.OrgPath, source.ID); err != nil {
		if fault.Is(err, fault.NotFound) { // shared no more
			err = nil
		}
		return false, err
	}
	back := a.Status == Withdrawn && a.Withdrawn != nil && a.Withdrawn.By == "" // was taken down with its source
	if a.Status == Published && source.Published.Number == a.Origin.Version || a.Status != Published && !back && !a.fresh() {
		return false, nil
	}
	same, err := s.unchanged(ctx, a)
	if err != nil || !same {
		return false, err
	}
	_, err = s.follow(ctx, clock, a, source)
	return done(err)
}

// clock is who does what nobody asks for.
var clock = policies.Actor{Scope: policies.Scope{policies.Everywhere}}

// done says whether a step of the clock was done. One in which a word stands is left to its organisation, and one that was changed
// meanwhile to the next time.
func done(err error) (bool, error) {
	if key := fault.KeyOf(err); key == "article.words_refused" || key == "article.stale" {
		return false, nil
	}
	return err == nil, err
}

// fresh says of a copy that it was made to follow, and that a crash kept it from being public.
func (a Article) fresh() bool { return a.Status == Draft && a.Number == 0 && a.Saves == 1 }

// unchanged says whether a copy reads as the version of the source that it has, but for what is its organisation's to decide.
func (s *Articles) unchanged(ctx context.Context, a Article) (bool, error) {
	v, err := s.versions.Get(ctx, VersionID(a.Origin.ArticleID, a.Origin.Version))
	if err != nil {
		return false, err
	}
	return a.Draft.same(v.Content.within(a.Draft, *a.Origin)), nil
}

// follow publishes what a source shows as a version of the copy.
func (s *Articles) follow(ctx context.Context, actor policies.Actor, a, source Article) (Article, error) {
	next := a
	next.Draft, next.Saves = source.Published.Content.within(a.Draft, *a.Origin), a.Saves+1
	if err := s.pass(ctx, next); err != nil {
		return Article{}, err
	}
	if err := s.Files.Refer(ctx, holder(a.ID, next.Saves), next.Draft.Files()); err != nil {
		return Article{}, err
	}
	number, err := s.addVersion(ctx, next, "")
	if err != nil {
		return Article{}, err
	}
	out, err := s.advance(ctx, actor, a, Follow, Published, "", func(a *Article) {
		o := *a.Origin
		o.Version = source.Published.Number
		a.Origin, a.Draft, a.Saves, a.Number = &o, next.Draft, next.Saves, number
	})
	if err == nil {
		err = s.Files.Release(ctx, holder(a.ID, a.Saves))
	}
	return out, err
}

// advance takes a step of a copy that its source made, on the revision that was read.
func (s *Articles) advance(ctx context.Context, actor policies.Actor, a Article, step Step, to Status, note string, change func(*Article)) (Article, error) {
	now := s.Clock.Now()
	var out Article
	err := s.recorded(ctx, actor, "article."+string(step), a, func() (err error) {
		out, err = s.articles.Update(ctx, a.ID, func(live *Article) error {
			if live.Rev != a.Rev {
				return errStale(a.ID)
			}
			if change != nil {
				change(live)
			}
			live.step(step, to, actor.AccountID, note, now)
			return nil
		})
		return err
	})
	if err == nil {
		s.catalogue.mirror.Wrote(out)
	}
	return out, err
}
