package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"qiming/internal/fault"
	"qiming/internal/store"
)

const (
	countWriters = 4
	countEach    = 50
)

// countChild counts in one document that other processes count in too, and fights with
// them for unique keys; it prints how many it got.
func countChild() error {
	ctx := context.Background()
	db, c, err := openSheets(ctx, os.Getenv(childPath))
	if err != nil {
		return err
	}
	run := os.Getenv(childRun)
	shared := Sheet{Meta: store.Meta{ID: "shared"}, Run: "shared"}
	shared.fill(50)
	if err := c.Insert(ctx, &shared); err != nil && !fault.Is(err, fault.Exists) {
		return err
	}
	errs := make([]error, countWriters)
	won := make([]int, countWriters)
	var wg sync.WaitGroup
	for w := range countWriters {
		wg.Go(func() {
			for i := range countEach {
				if _, err := c.Update(ctx, "shared", func(s *Sheet) error { s.Count++; s.fill(50); return nil }); err != nil {
					errs[w] = err
					return
				}
				s := Sheet{Meta: store.Meta{ID: fmt.Sprintf("%s-%d-%d", run, w, i)}, Run: run, Sum: fmt.Sprintf("seat %d-%d", w, i)}
				switch err := c.Insert(ctx, &s); {
				case err == nil:
					won[w]++
				case !fault.Is(err, fault.Exists):
					errs[w] = err
					return
				}
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range won {
		total += n
	}
	fmt.Println(total)
	return errors.Join(append(errs, db.Close())...)
}

// TestProcesses runs three processes on one new SQLite file: they start at once, lose no
// count, and each seat is taken once.
func TestProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.db")
	const processes = 3
	outs := make([]string, processes)
	var wg sync.WaitGroup
	for p := range processes {
		cmd := child(t, "count", path, fmt.Sprint("p", p))
		wg.Go(func() {
			out, err := cmd.Output()
			if err != nil {
				t.Errorf("process %d: %v", p, err)
			}
			outs[p] = string(out)
		})
	}
	wg.Wait()
	won := 0
	for _, out := range outs {
		n := 0
		if _, err := fmt.Sscan(out, &n); err != nil {
			t.Fatalf("a process printed %q", out)
		}
		won += n
	}
	if won != countWriters*countEach {
		t.Errorf("%d seats given, there are %d", won, countWriters*countEach)
	}
	db, c, err := openSheets(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s, err := c.Get(t.Context(), "shared")
	want := processes * countWriters * countEach
	if err != nil || s.Count != want || s.Rev != int64(want)+1 {
		t.Errorf("%d counts came to %d, revision %d, %v", want, s.Count, s.Rev, err)
	}
	changes, err := c.Changes(t.Context(), "", 10_000)
	if err != nil || len(changes) != 1+countWriters*countEach {
		t.Errorf("the feed has %d changes, %v", len(changes), err)
	}
}
