package presence

import (
	"context"
	"slices"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// Beat is how often an open editor reports, Stale how long after its last report it counts as closed:
// a report may come late on a bad line.
const (
	Beat  = 20 * time.Second
	Stale = 50 * time.Second
)

// maxEditors bounds what is kept of one object.
const maxEditors = 50

// Editor is somebody who has the object open.
type Editor struct {
	AccountID string    `bson:"account_id" json:"account_id"`
	Name      string    `bson:"name" json:"name"`
	Since     time.Time `bson:"since" json:"since"`
	SeenAt    time.Time `bson:"seen_at" json:"-"`
}

// desk is an object with its open editors; its id is "question:ID".
type desk struct {
	store.Meta `bson:",inline"`
	Editors    []Editor  `bson:"editors"`
	Until      time.Time `bson:"until"` // when the last of them is stale
}

// Deps is what the service needs.
type Deps struct {
	DB    *store.DB
	Clock ident.Clock
}

// Service keeps who edits what, for all processes. It is safe for concurrent use.
type Service struct {
	clock ident.Clock
	desks store.Collection[desk]
}

// New declares the collection; call it before the database starts.
func New(deps Deps) *Service {
	return &Service{clock: deps.Clock, desks: store.Define[desk](deps.DB, store.Spec{Name: "editing", Version: 1, Indexes: []store.Index{
		{Name: "until", Fields: []string{"until"}},
	}})}
}

// Report notes that the actor has the object open, or (leaving) no longer has it, and gives the others
// who have. The caller has checked that the actor may edit the object. Two windows of one account are
// one editor.
func (s *Service) Report(ctx context.Context, actor policies.Actor, object string, leaving bool) ([]Editor, error) {
	now := s.clock.Now()
	d, err := s.desks.Update(ctx, object, func(d *desk) error { d.report(actor, now, leaving); return nil })
	if fault.Is(err, fault.NotFound) {
		if leaving {
			return []Editor{}, nil
		}
		d = desk{Meta: store.Meta{ID: object}}
		d.report(actor, now, false)
		if err = s.desks.Insert(ctx, &d); fault.Is(err, fault.Exists) { // two open it at once
			return s.Report(ctx, actor, object, leaving)
		}
	}
	if err != nil {
		return nil, err
	}
	others := []Editor{}
	for _, e := range d.Editors {
		if e.AccountID != actor.AccountID {
			others = append(others, e)
		}
	}
	return others, nil
}

func (d *desk) report(actor policies.Actor, now time.Time, leaving bool) {
	since := now
	d.Editors = slices.DeleteFunc(d.Editors, func(e Editor) bool {
		own := e.AccountID == actor.AccountID
		if own && now.Sub(e.SeenAt) < Stale {
			since = e.Since
		}
		return own || now.Sub(e.SeenAt) >= Stale
	})
	if !leaving && len(d.Editors) < maxEditors {
		d.Editors = append(d.Editors, Editor{AccountID: actor.AccountID, Name: actor.Name, Since: since, SeenAt: now})
	}
	d.Until = now.Add(Stale)
}

// Sweep forgets objects that nobody has open any more. It is a periodic job.
func (s *Service) Sweep(ctx context.Context) error {
	for d, err := range s.desks.Find(ctx, store.Query[desk]{Index: "until", To: s.clock.Now()}) {
		if err != nil {
			return err
		}
		if err := s.desks.Delete(ctx, d.ID); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
