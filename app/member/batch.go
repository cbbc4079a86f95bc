package member

import (
	"context"
	"encoding/json"
	"sync"

	"golang.org/x/sync/errgroup"

	"qiming/app/audit"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Batch gives an import of the actor.
func (s *Service) Batch(ctx context.Context, actor policies.Actor, id string) (Batch, error) {
	b, err := s.batches.Get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && b.ActorID != actor.AccountID {
		return Batch{}, fault.New(fault.NotFound, "member_import.not_found", "%s", id)
	}
	return b, err
}

// Batches gives the actor's imports, the newest first.
func (s *Service) Batches(ctx context.Context, actor policies.Actor, limit int, after string) (store.Page[Batch], error) {
	return s.batches.Page(ctx, store.Query[Batch]{Index: "created", Desc: true, Limit: limit, After: after,
		Match: func(b *Batch) bool { return b.ActorID == actor.AccountID }})
}

// Confirm writes the rows of a dry run, each once: a call that was cut is made again and goes on.
// Rows that somebody else entered meanwhile become problems. Faults: "member_import.old" a day
// after the dry run, "member_import.state" for one that was undone.
func (s *Service) Confirm(ctx context.Context, actor policies.Actor, id string) (Batch, error) {
	b, err := s.Batch(ctx, actor, id)
	if err != nil || b.State == Confirmed {
		return b, err
	}
	if b.State == Undone {
		return b, fault.New(fault.Conflict, "member_import.state", "undone")
	}
	if s.clock.Now().Sub(b.CreatedAt) >= rowsFor {
		return b, fault.New(fault.Conflict, "member_import.old", "the rows are gone")
	}
	err = s.trail.Act(ctx, audit.By(actor, "member_import.confirm", "member_import:"+id, b.File), func() error {
		b, err = s.confirm(ctx, actor, b)
		return err
	})
	return b, err
}

func (s *Service) confirm(ctx context.Context, actor policies.Actor, b Batch) (Batch, error) {
	b, err := s.batches.Update(ctx, b.ID, func(b *Batch) error {
		if b.State == Undone {
			return fault.New(fault.Conflict, "member_import.state", "undone")
		}
		if b.State == Previewed {
			b.State = Confirming
		}
		return nil
	})
	if err != nil {
		return b, err
	}
	tree, err := s.orgs.Tree(ctx)
	if err != nil {
		return b, err
	}
	var mu sync.Mutex
	imported := 0
	var late []Problem
	g, rowCtx := errgroup.WithContext(ctx)
	g.SetLimit(16)
	for r, err := range s.rows.Find(ctx, store.Query[row]{Index: "batch", Eq: map[string]any{"batch": b.ID}}) {
		if err != nil {
			return b, err
		}
		g.Go(func() error {
			code, err := func() (string, error) {
				text, err := s.keys.Unseal("identity", r.ID, r.Sealed)
				if err != nil {
					return "", err
				}
				var d Draft
				if err := json.Unmarshal([]byte(text), &d); err != nil {
					return "", err
				}
				path, err := place(tree, actor, d.OrgID)
				if err != nil {
					return fault.KeyOf(err), nil
				}
				m := Member{Meta: store.Meta{ID: r.ID}, Batch: b.ID}
				s.write(&m, d, path)
				err = s.members.Insert(rowCtx, &m)
				if !fault.Is(err, fault.Exists) {
					return "", err
				}
				if have, gerr := s.members.Get(rowCtx, r.ID); gerr == nil && have.Batch == b.ID {
					return "", nil // written by an earlier call
				} else if gerr != nil && !fault.Is(gerr, fault.NotFound) {
					return "", gerr
				}
				return "member_import.taken", nil
			}()
			mu.Lock()
			defer mu.Unlock()
			if err == nil && code == "" {
				imported++
			} else if code != "" {
				late = append(late, Problem{Row: r.Row, Code: code})
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return b, err
	}
	b, err = s.batches.Update(ctx, b.ID, func(b *Batch) error {
		if b.State != Confirming {
			return store.ErrUnchanged
		}
		b.State, b.Imported = Confirmed, imported
		b.Errors += len(late)
		b.Problems = append(b.Problems, late[:min(len(late), max(0, maxProblems-len(b.Problems)))]...)
		return nil
	})
	if err != nil {
		return b, err
	}
	return b, s.dropRows(ctx, b.ID)
}

// Kept is a member that undoing left, and why: "edited", or what a Referrer says.
type Kept struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// Undo takes back what a confirmed import wrote: members that nobody has touched since and nothing
// refers to. The others stay and are listed. It may be called again.
func (s *Service) Undo(ctx context.Context, actor policies.Actor, id string) (Batch, []Kept, error) {
	b, err := s.Batch(ctx, actor, id)
	if err != nil {
		return b, nil, err
	}
	if b.State != Confirmed && b.State != Undone {
		return b, nil, fault.New(fault.Conflict, "member_import.state", "%s", b.State)
	}
	var kept []Kept
	err = s.trail.Act(ctx, audit.By(actor, "member_import.undo", "member_import:"+id, b.File), func() error {
		removed := 0
		for m, err := range s.members.Find(ctx, store.Query[Member]{Index: "batch", Eq: map[string]any{"batch": id}}) {
			if err != nil {
				return err
			}
			reason, err := s.keepFor(ctx, m)
			if err != nil {
				return err
			}
			if reason != "" {
				kept = append(kept, Kept{ID: m.ID, Name: m.Name, Reason: reason})
				continue
			}
			if err := s.members.Delete(ctx, m.ID); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			s.held.Forget(m.ID)
			removed++
		}
		b, err = s.batches.Update(ctx, id, func(b *Batch) error {
			b.State = Undone
			b.Removed += removed
			return nil
		})
		return err
	})
	return b, kept, err
}

// keepFor says why a member must stay; "" where nothing speaks against taking it back.
func (s *Service) keepFor(ctx context.Context, m Member) (string, error) {
	if m.Edits > 0 {
		return "edited", nil
	}
	for _, r := range s.referrers {
		if reason, err := r(ctx, m.ID); err != nil || reason != "" {
			return reason, err
		}
	}
	return "", nil
}

func (s *Service) dropRows(ctx context.Context, batch string) error {
	for r, err := range s.rows.Find(ctx, store.Query[row]{Index: "batch", Eq: map[string]any{"batch": batch}}) {
		if err != nil {
			return err
		}
		if err := s.rows.Delete(ctx, r.ID); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// SweepImports removes the rows of dry runs that were not confirmed within a day: personal data is
// not kept longer than it is needed (PIPL §19). It is a periodic job.
func (s *Service) SweepImports(ctx context.Context) error {
	limit := s.clock.Now().Add(-rowsFor)
	for b, err := range s.batches.Find(ctx, store.Query[Batch]{Index: "created", To: limit,
		Match: func(b *Batch) bool { return b.State == Previewed || b.State == Confirming }}) {
		if err != nil {
			return err
		}
		if err := s.dropRows(ctx, b.ID); err != nil {
			return err
		}
	}
	return nil
}
