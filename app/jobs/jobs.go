// Package jobs runs named periodic jobs. A job's lease is a document: of several processes on
// one database one runs it each time. What happened last (start, duration, error, by whom)
// stands in the same document for the operator to see.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
)

// Job is one thing that is done again and again. Run must be idempotent: it may be cut off at
// Timeout or by a crash, and is run again.
type Job struct {
	Name    string        // "account.sessions"; the id of the lease
	Every   time.Duration // from start to start
	Timeout time.Duration // the longest one run may take; 0 = one minute. The lease lasts that long.
	Run     func(ctx context.Context) error
}

// State is the lease and the last run of a job.
type State struct {
	store.Meta   `bson:",inline"` // the id is the name
	Every        int64            `bson:"every" json:"every"`                           // seconds, at least 1
	NextAt       time.Time        `bson:"next_at" json:"next_at"`                       // not before
	LeaseHolder  string           `bson:"lease_holder" json:"lease_holder,omitempty"`   // process that runs it now; "" = none
	LeaseUntil   time.Time        `bson:"lease_until" json:"lease_until"`               // after that another may take it
	LastRun      *time.Time       `bson:"last_run,omitempty" json:"last_run,omitempty"` // start
	LastHolder   string           `bson:"last_holder" json:"last_holder,omitempty"`     // process that ran it last
	LastDuration int64            `bson:"last_duration_ms" json:"last_duration_ms"`     // milliseconds
	LastError    string           `bson:"last_error" json:"last_error,omitempty"`       // "" = it went well
	Runs         int64            `bson:"runs" json:"runs"`
}

// Deps is what the runner needs. Holder names this process in the leases; Tick is how often it
// looks for due jobs (0 = every second).
type Deps struct {
	DB     *store.DB
	Clock  ident.Clock
	Holder string
	Tick   time.Duration
	Log    *slog.Logger
}

// Runner runs the jobs that were added.
type Runner struct {
	deps   Deps
	states store.Collection[State]

	mu      sync.Mutex
	jobs    []Job
	running map[string]bool
	nextAt  map[string]time.Time // what the lease said last: spares a read while nothing is due
	wg      sync.WaitGroup
	stop    context.CancelFunc
	done    chan struct{}
}

// New declares the collection; call it before the database starts.
func New(deps Deps) *Runner {
	if deps.Tick == 0 {
		deps.Tick = time.Second
	}
	return &Runner{deps: deps, running: map[string]bool{}, nextAt: map[string]time.Time{},
		states: store.Define[State](deps.DB, store.Spec{Name: "jobs", Version: 1})}
}

// Add adds a job. The name must be new.
func (r *Runner) Add(job Job) {
	if job.Timeout == 0 {
		job.Timeout = time.Minute
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.ContainsFunc(r.jobs, func(j Job) bool { return j.Name == job.Name }) {
		panic("jobs: " + job.Name + " was added twice")
	}
	r.jobs = append(r.jobs, job)
}

// Run looks for due jobs until ctx ends or Close is called, then waits for those that run.
func (r *Runner) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan struct{})
	defer close(done)
	r.mu.Lock()
	r.stop, r.done = stop, done
	r.mu.Unlock()
	ticker := time.NewTicker(r.deps.Tick)
	defer ticker.Stop()
	for {
		r.start(ctx)
		select {
		case <-ctx.Done():
			r.wg.Wait()
			return nil
		case <-ticker.C:
		}
	}
}

// Close stops Run and waits for the jobs that run; their contexts are cancelled.
func (r *Runner) Close() {
	r.mu.Lock()
	stop, done := r.stop, r.done
	r.mu.Unlock()
	if stop != nil {
		stop()
		<-done
	}
}

// Tick runs every due job whose lease is free and returns when they are done. Tests call it
// where Run would wait for the clock.
func (r *Runner) Tick(ctx context.Context) {
	r.start(ctx)
	r.wg.Wait()
}

func (r *Runner) start(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.deps.Clock.Now()
	for _, job := range r.jobs {
		if r.running[job.Name] || now.Before(r.nextAt[job.Name]) {
			continue
		}
		r.running[job.Name] = true
		r.wg.Go(func() {
			next, err := r.attempt(ctx, job)
			if err != nil && ctx.Err() == nil {
				r.deps.Log.Error("job lease", "job", job.Name, "error", err)
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			r.running[job.Name] = false
			r.nextAt[job.Name] = next
		})
	}
}

// errNotDue says that the job ran lately, or runs elsewhere.
var errNotDue = errors.New("jobs: not due")

// attempt takes the lease and runs the job. It gives when to look again.
func (r *Runner) attempt(ctx context.Context, job Job) (time.Time, error) {
	now := r.deps.Clock.Now()
	var look time.Time
	claim := func(s *State) error {
		if now.Before(s.NextAt) {
			look = s.NextAt
			return errNotDue
		}
		if s.LeaseHolder != "" && now.Before(s.LeaseUntil) {
			look = now
			return errNotDue
		}
		s.Every = max(1, int64(job.Every/time.Second))
		s.LeaseHolder, s.LeaseUntil = r.deps.Holder, now.Add(job.Timeout)
		s.LastRun, s.LastHolder = &now, r.deps.Holder
		return nil
	}
	_, err := r.states.Update(ctx, job.Name, claim)
	if fault.Is(err, fault.NotFound) {
		first := State{Meta: store.Meta{ID: job.Name}}
		if err = r.states.Insert(ctx, &first); err == nil || fault.Is(err, fault.Exists) {
			_, err = r.states.Update(ctx, job.Name, claim)
		}
	}
	if errors.Is(err, errNotDue) {
		return look, nil
	}
	if err != nil {
		return now, err
	}

	jobCtx, cancel := context.WithTimeout(ctx, job.Timeout)
	runErr := guarded(jobCtx, job)
	cancel()
	if runErr != nil {
		r.deps.Log.Warn("job failed", "job", job.Name, "error", runErr)
	}
	end := r.deps.Clock.Now()
	next := now.Add(job.Every)
	// Told even when ctx has ended: the lease must not outlive a clean stop.
	_, err = r.states.Update(context.WithoutCancel(ctx), job.Name, func(s *State) error {
		if s.LeaseHolder != r.deps.Holder || !s.LastRun.Equal(now) {
			return store.ErrUnchanged // it took too long, and another process has it
		}
		s.LeaseHolder, s.NextAt = "", next
		s.LastDuration, s.LastError = end.Sub(now).Milliseconds(), ""
		if runErr != nil {
			s.LastError = runErr.Error()
		}
		s.Runs++
		return nil
	})
	return next, err
}

// guarded turns a panic of a job into its error: one job must not take the process down.
func guarded(ctx context.Context, job Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return job.Run(ctx)
}

// List gives the state of every job of this process, by name. One that never ran has no last run.
func (r *Runner) List(ctx context.Context) ([]State, error) {
	r.mu.Lock()
	jobs := slices.Clone(r.jobs)
	r.mu.Unlock()
	names := make([]string, len(jobs))
	for i, job := range jobs {
		names[i] = job.Name
	}
	have, err := r.states.GetMany(ctx, names)
	if err != nil {
		return nil, err
	}
	states := make([]State, len(jobs))
	for i, job := range jobs {
		s, ok := have[job.Name]
		if !ok {
			s = State{Meta: store.Meta{ID: job.Name}, Every: max(1, int64(job.Every/time.Second))}
		}
		states[i] = s
	}
	slices.SortFunc(states, func(a, b State) int { return strings.Compare(a.ID, b.ID) })
	return states, nil
}
