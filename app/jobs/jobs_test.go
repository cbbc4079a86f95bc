package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qiming/app/jobs"
	"qiming/internal/ident"
	"qiming/internal/store"
)

var noon = time.Date(2026, 3, 5, 4, 0, 0, 0, time.UTC)

// process opens the store as one more process does.
func process(t *testing.T, path, holder string, clock ident.Clock) *jobs.Runner {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+path, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	r := jobs.New(jobs.Deps{DB: db, Clock: clock, Holder: holder, Tick: time.Millisecond, Log: slog.New(slog.DiscardHandler)})
	if err := db.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTwoProcessesRunAJobOnceEachPeriod(t *testing.T) {
	clock := ident.NewManual(noon)
	path := filepath.Join(t.TempDir(), "db")
	a, b := process(t, path, "a", clock), process(t, path, "b", clock)
	var runs atomic.Int64
	for _, r := range []*jobs.Runner{a, b} {
		r.Add(jobs.Job{Name: "sweep", Every: time.Minute, Run: func(context.Context) error { runs.Add(1); return nil }})
	}
	for period := range 5 {
		var wg sync.WaitGroup
		wg.Go(func() { a.Tick(t.Context()) })
		wg.Go(func() { b.Tick(t.Context()) })
		wg.Wait()
		a.Tick(t.Context())
		b.Tick(t.Context())
		if got := runs.Load(); got != int64(period+1) {
			t.Fatalf("after %d periods it ran %d times", period+1, got)
		}
		clock.Advance(59999 * time.Millisecond)
		a.Tick(t.Context())
		b.Tick(t.Context())
		if got := runs.Load(); got != int64(period+1) {
			t.Fatalf("it ran before its time: %d", got)
		}
		clock.Advance(time.Millisecond)
	}
}

func TestALeaseOfADeadProcessEnds(t *testing.T) {
	clock := ident.NewManual(noon)
	path := filepath.Join(t.TempDir(), "db")
	a, b := process(t, path, "a", clock), process(t, path, "b", clock)
	hung, leave := make(chan struct{}), make(chan struct{})
	a.Add(jobs.Job{Name: "sweep", Every: time.Second, Timeout: time.Minute, Run: func(context.Context) error {
		close(hung)
		<-leave
		return nil
	}})
	var ran atomic.Int64
	b.Add(jobs.Job{Name: "sweep", Every: time.Second, Timeout: time.Minute, Run: func(context.Context) error { ran.Add(1); return nil }})
	done := make(chan struct{})
	go func() { a.Tick(t.Context()); close(done) }()
	<-hung
	clock.Advance(59999 * time.Millisecond)
	b.Tick(t.Context())
	if ran.Load() != 0 {
		t.Fatal("the lease was taken from a living process")
	}
	clock.Advance(time.Millisecond)
	b.Tick(t.Context())
	if ran.Load() != 1 {
		t.Fatal("the lease of a hung process did not end")
	}
	close(leave)
	<-done
	states, err := b.List(t.Context())
	if err != nil || states[0].LastHolder != "b" || states[0].Runs != 1 {
		t.Fatalf("%+v, %v", states, err)
	}
}

func TestTheLastRunIsVisible(t *testing.T) {
	clock := ident.NewManual(noon)
	r := process(t, filepath.Join(t.TempDir(), "db"), "a", clock)
	fail := errors.New("disk on fire")
	r.Add(jobs.Job{Name: "a.slow", Every: time.Hour, Run: func(context.Context) error { clock.Advance(1500 * time.Millisecond); return fail }})
	r.Add(jobs.Job{Name: "b.panics", Every: time.Hour, Run: func(context.Context) error { panic("oops") }})
	r.Add(jobs.Job{Name: "c.later", Every: time.Hour, Run: func(context.Context) error { return nil }})
	states, err := r.List(t.Context())
	if err != nil || len(states) != 3 || states[0].LastRun != nil {
		t.Fatalf("before any run: %+v, %v", states, err)
	}
	r.Tick(t.Context())
	states, err = r.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s := states[0]; s.LastError != fail.Error() || s.LastDuration < 1500 || s.LastHolder != "a" || s.LeaseHolder != "" || s.Every != 3600 {
		t.Errorf("%+v", s)
	}
	if s := states[1]; s.LastError != "panic: oops" {
		t.Errorf("%+v", s)
	}
	if s := states[2]; s.LastError != "" || s.Runs != 1 {
		t.Errorf("%+v", s)
	}
}

func TestRunStopsOnClose(t *testing.T) {
	clock := ident.NewManual(noon)
	r := process(t, filepath.Join(t.TempDir(), "db"), "a", clock)
	started := make(chan struct{})
	r.Add(jobs.Job{Name: "waits", Every: time.Second, Run: func(ctx context.Context) error {
		close(started)
		<-ctx.Done()
		return ctx.Err()
	}})
	go func() { _ = r.Run(t.Context()) }()
	<-started
	r.Close()
	states, err := r.List(t.Context())
	if err != nil || states[0].LeaseHolder != "" {
		t.Fatalf("the lease outlived a clean stop: %+v, %v", states, err)
	}
}
