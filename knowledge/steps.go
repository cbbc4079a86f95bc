package knowledge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/knowledge/wordlist"
	"qiming/policies"
)

// maxAhead is how many years ahead an article is scheduled at most: later is a slip of the pen.
const maxAhead = 5

// Order asks for a step. Rev is the revision that the actor saw.
type Order struct {
	Step      Step
	Rev       int64
	Note      string     // of handing in: what changed; of returning and withdrawing: why, and required
	PublishAt *time.Time // of handing in and approving: when; nil = once it is approved
}

// Take does a step of an author or a reviewer; which permission it asks for is the caller's to check. Faults beside those of the
// rules in status.go: "article.stale", "article.invalid" with what is lacking, "article.words_refused" with the hits in Params.
func (s *Articles) Take(ctx context.Context, actor policies.Actor, id string, o Order) (Article, error) {
	old, err := s.seen(ctx, actor, id, o.Rev)
	if err != nil {
		return Article{}, err
	}
	o.Note = tidy(o.Note)
	var p problems
	p.length("note", o.Note, maxReason)
	if (o.Step == Return || o.Step == Withdraw) && o.Note == "" {
		p.add("note", "required")
	}
	now := s.Clock.Now()
	if o.PublishAt != nil && o.PublishAt.After(now.AddDate(maxAhead, 0, 0)) {
		p.add("publish_at", "article.publish_at")
	}
	if o.Step == HandIn {
		p = append(p, old.Draft.lacking()...)
	}
	if o.Step == HandIn || o.Step == Approve { // another may have become public since the draft was saved
		circles, err := s.circles(ctx, id, old.Draft.Law)
		if err != nil {
			return Article{}, err
		}
		p = append(p, circles...)
	}
	if err := fault.Bad("article.invalid", p); err != nil {
		return Article{}, err
	}
	if o.Step == HandIn || o.Step == Approve {
		old.PublishAt = o.PublishAt
	}
	to, err := old.standing().after(o.Step, actor.AccountID, now)
	if err != nil {
		return Article{}, err
	}
	if o.Step == HandIn || o.Step == Approve {
		if err := s.pass(ctx, old); err != nil {
			return Article{}, err
		}
	}
	var out Article
	err = s.recorded(ctx, actor, "article."+string(o.Step), old, func() error {
		number := old.Number
		if o.Step == HandIn {
			old.wrote(actor.AccountID)
			if number, err = s.addVersion(ctx, old, o.Note); err != nil {
				return err
			}
		}
		out, err = s.articles.Update(ctx, id, func(a *Article) error {
			if a.Rev != o.Rev {
				return errStale(id)
			}
			a.PublishAt, a.Number = old.PublishAt, number
			a.step(o.Step, to, actor.AccountID, o.Note, now)
			return nil
		})
		return err
	})
	if err == nil {
		s.catalogue.mirror.Wrote(out)
	}
	return out, err
}

// standing gives what the rules ask of an article.
func (a Article) standing() standing {
	return standing{status: a.Status, public: a.Published != nil, writers: a.Writers, moment: a.PublishAt}
}

// StepsFor gives the steps that an account could do now, as far as the rules go; permissions are the caller's to check.
func (a Article) StepsFor(account string, now time.Time) []Step {
	out := []Step{}
	for _, step := range Steps() {
		if _, err := a.standing().after(step, account, now); err == nil && step != Publish {
			out = append(out, step)
		}
	}
	return out
}

// step changes the article as the rules allowed.
func (a *Article) step(step Step, to Status, by, note string, now time.Time) {
	version := a.Number
	if step == Withdraw {
		version = a.Published.Number // what readers saw, whatever is being written
	}
	a.Events = append(a.Events, Event{Step: step, At: now, By: by, Version: version, Note: note})
	a.Status, a.Note = to, ""
	switch step {
	case HandIn:
		a.wrote(by)
	case Discard:
		a.Draft, a.Writers, a.PublishAt = a.Published.Content, nil, nil
	case Recall:
		a.PublishAt = nil
	case Return:
		a.Note, a.PublishAt = note, nil
	case Withdraw:
		a.Withdrawn = &Withdrawal{At: now, By: by, Reason: note, Edition: *a.Published}
		a.Published, a.PublishAt, a.Note = nil, nil, note
	}
	if to == Published && step != Discard {
		a.Published, a.Withdrawn, a.Once = &Edition{Number: a.Number, At: now, Content: a.Draft}, nil, true
		a.Writers, a.PublishAt = nil, nil
	}
}

// Hits gives the places of a content where listed words stand.
func (s *Articles) Hits(ctx context.Context, actor policies.Actor, orgID string, c Content) ([]wordlist.Hit, error) {
	path, err := s.owned(ctx, actor, orgID)
	if err != nil {
		return nil, err
	}
	return s.Words.Check(ctx, path, c.Texts())
}

// pass refuses a draft in which a word stands that does not pass.
func (s *Articles) pass(ctx context.Context, a Article) error {
	hits, err := s.Words.Check(ctx, a.OrgPath, a.Draft.Texts())
	if err != nil || !wordlist.Refused(hits) {
		return err
	}
	return fault.New(fault.Invalid, "article.words_refused", "words of the list stand in article %s", a.ID).With("hits", hits)
}

// PublishDue publishes what is scheduled and due, and gives how many; a job calls it. What has a word in it that was listed
// since goes back to its author.
func (s *Articles) PublishDue(ctx context.Context) (int, error) {
	now, n := s.Clock.Now(), 0
	var errs []error
	due := store.Query[Article]{Index: "due", Eq: map[string]any{"status": string(Scheduled)}, To: now.Add(time.Millisecond)}
	for a, err := range s.articles.Find(ctx, due) {
		if err != nil {
			return n, err
		}
		done, err := s.publish(ctx, a, now)
		if err != nil {
			errs = append(errs, fmt.Errorf("article %s: %w", a.ID, err))
		}
		if done {
			n++
		}
	}
	return n, errors.Join(errs...)
}

func (s *Articles) publish(ctx context.Context, a Article, now time.Time) (bool, error) {
	step, note := Publish, ""
	if err := s.pass(ctx, a); err != nil {
		if fault.KeyOf(err) != "article.words_refused" {
			return false, err
		}
		step, note = Return, "article.words_refused"
	}
	did := false
	err := s.recorded(ctx, clock, "article.publish", a, func() error {
		saved, err := s.articles.Update(ctx, a.ID, func(live *Article) error {
			did = false
			if live.Rev != a.Rev {
				return store.ErrUnchanged // recalled, or published by another process
			}
			to, err := live.standing().after(step, "", now)
			if err != nil {
				return err
			}
			live.step(step, to, "", note, now)
			did = step == Publish
			return nil
		})
		if err == nil {
			s.catalogue.mirror.Wrote(saved)
		}
		return err
	})
	return did && err == nil, err
}
