package finder

import (
	"cmp"
	"context"
	"os"
	"slices"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/search/index"
)

// Process is what a process says of its index.
type Process struct {
	store.Meta `bson:",inline" json:"-"`
	Host       string    `bson:"host" json:"host"`
	Documents  int       `bson:"documents" json:"documents" doc:"In the index that serves"`
	BuiltAt    time.Time `bson:"built_at" json:"built_at,omitzero" doc:"When the building of the index that serves began"`
	Building   *Building `bson:"building,omitempty" json:"building,omitempty" doc:"The index that is being built beside it"`
	Error      string    `bson:"error,omitempty" json:"error,omitempty" doc:"Of the last building"`
	SeenAt     time.Time `bson:"seen_at" json:"seen_at"`
}

// Building is how far a building has come.
type Building struct {
	Started time.Time `bson:"started" json:"started"`
	Done    int       `bson:"done" json:"done" doc:"Documents"`
	Of      int       `bson:"of" json:"of" doc:"About as many as there will be; 0 where that is not known"`
}

// order asks all processes for a new index.
type order struct {
	store.Meta `bson:",inline"`
	At         time.Time `bson:"at"`
	By         string    `bson:"by"`
}

const rebuildOrder = "rebuild"

// How often a process looks for orders and says how far it has come, how often it reports where nothing changes, after
// what silence it counts as gone, and when a building that failed is tried again.
const (
	attendEvery = time.Second
	reportEvery = 20 * time.Second
	processGone = time.Minute
	buildAgain  = time.Minute
)

// Builds is what administrators see of the indexes.
type Builds struct {
	clock     ident.Clock
	processes store.Collection[Process]
	orders    store.Collection[order]
}

func newBuilds(db *store.DB, clock ident.Clock) *Builds {
	return &Builds{
		clock:     clock,
		processes: store.Define[Process](db, store.Spec{Name: "search_processes", Version: 1}),
		orders:    store.Define[order](db, store.Spec{Name: "search_orders", Version: 1}),
	}
}

// List gives the processes that serve at this moment.
func (b *Builds) List(ctx context.Context) ([]Process, error) {
	out := []Process{}
	for p, err := range b.processes.Find(ctx, store.Query[Process]{}) {
		if err != nil {
			return nil, err
		}
		if b.clock.Now().Sub(p.SeenAt) < processGone {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Process) int { return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// Order has each process build its index anew beside the one that serves. What is under way already when the order
// comes is built once more: it may have begun with what is to be mended.
func (b *Builds) Order(ctx context.Context, by string) error {
	now := b.clock.Now()
	for {
		_, err := b.orders.Update(ctx, rebuildOrder, func(o *order) error { o.At, o.By = now, by; return nil })
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		if err = b.orders.Insert(ctx, &order{Meta: store.Meta{ID: rebuildOrder}, At: now, By: by}); !fault.Is(err, fault.Exists) {
			return err
		}
	}
}

// attend follows the orders and reports, until the context ends.
func (f *Finder) attend(ctx context.Context, live *index.Live) {
	host, _ := os.Hostname()
	process := Process{Meta: store.Meta{ID: ident.New()}, Host: host}
	if err := f.Builds.forgetGone(ctx); err != nil && ctx.Err() == nil {
		f.Log.Warn("processes that are gone stay listed", "error", err)
	}
	for {
		if err := f.Builds.report(ctx, &process, live); err != nil && ctx.Err() == nil {
			f.Log.Warn("the state of the search index is not reported", "error", err)
		}
		if err := f.Builds.obey(ctx, live, &process); err != nil && ctx.Err() == nil {
			f.Log.Warn("the search index is not built anew", "error", err)
		}
		select {
		case <-ctx.Done():
			bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), attendEvery)
			defer cancel()
			_ = f.Builds.processes.Delete(bye, process.ID) // else it is gone by its silence
			return
		case <-time.After(attendEvery):
		}
	}
}

// obey builds the index where it is ordered, and reports meanwhile.
func (b *Builds) obey(ctx context.Context, live *index.Live, process *Process) error {
	o, err := b.orders.Get(ctx, rebuildOrder)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	built, err := live.Built()
	if err != nil || !built.Before(o.At) {
		return nil //nolint:nilerr // the first index is being built
	}
	if p := live.Progress(); p != nil && (p.Ended.IsZero() || p.Err != nil && b.clock.Now().Sub(p.Ended) < buildAgain) {
		return nil
	}
	done := make(chan error, 1)
	go func() { done <- live.Rebuild(ctx) }()
	for {
		select {
		case err := <-done:
			return err
		case <-time.After(attendEvery):
			if err := b.report(ctx, process, live); err != nil && ctx.Err() == nil {
				process.SeenAt = time.Time{} // again next time
			}
		}
	}
}

// report writes what has changed of a process, and from time to time that it is there.
func (b *Builds) report(ctx context.Context, process *Process, live *index.Live) error {
	now := Process{Meta: process.Meta, Host: process.Host, SeenAt: b.clock.Now()}
	now.Documents, _ = live.Count() // nothing while the first is being built
	now.BuiltAt, _ = live.Built()
	if p := live.Progress(); p != nil {
		if p.Ended.IsZero() {
			now.Building = &Building{Started: p.Started, Done: p.Done, Of: now.Documents}
		}
		if p.Err != nil {
			now.Error = p.Err.Error()
		}
	}
	same := now.Documents == process.Documents && now.BuiltAt.Equal(process.BuiltAt) && now.Error == process.Error && now.Building == nil && process.Building == nil
	if same && now.SeenAt.Sub(process.SeenAt) < reportEvery {
		return nil
	}
	_, err := b.processes.Update(ctx, process.ID, func(p *Process) error {
		meta := p.Meta
		*p = now
		p.Meta = meta
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		fresh := now
		err = b.processes.Insert(ctx, &fresh)
	}
	if err == nil {
		*process = now
	}
	return err
}

// forgetGone removes processes that ended without a word.
func (b *Builds) forgetGone(ctx context.Context) error {
	var gone []string
	for p, err := range b.processes.Find(ctx, store.Query[Process]{}) {
		if err != nil {
			return err
		}
		if b.clock.Now().Sub(p.SeenAt) >= processGone {
			gone = append(gone, p.ID)
		}
	}
	for _, id := range gone {
		if err := b.processes.Delete(ctx, id); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
