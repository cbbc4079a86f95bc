package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// changeFeed is promise 6.
func changeFeed(t *testing.T, s server) {
	at := s.fresh(t)
	_, c := opened(t, at)
	_, other := opened(t, at)
	ctx := t.Context()
	for _, id := range []string{"a", "b", "c"} {
		if err := c.Insert(ctx, &Member{Meta: store.Meta{ID: id}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := other.Update(ctx, "a", func(m *Member) error { m.Age = 1; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := other.Delete(ctx, "b"); err != nil {
		t.Fatal(err)
	}
	seen := drain(t, c, "", func(ch []store.Change) bool { return ch[len(ch)-1].ID == "b" && ch[len(ch)-1].Deleted })
	if got := lastOf(seen); got != "c a b-" {
		t.Errorf("the feed's last word: %q", got)
	}
	mark := seen[len(seen)-1].Seq
	if more, err := c.Changes(ctx, mark, 10); len(more) != 0 || err != nil {
		t.Errorf("after the end: %v, %v", more, err)
	}
	head, err := store.Head(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	// The same id comes back; one is skipped for a failed write; limits cut between changes.
	if err := c.Insert(ctx, &Member{Meta: store.Meta{ID: "b"}}); err != nil {
		t.Fatal(err)
	}
	if err := c.Insert(ctx, &Member{Meta: store.Meta{ID: "a"}}); err == nil {
		t.Fatal("a taken id")
	}
	if _, err := c.Update(ctx, "c", func(*Member) error { return store.ErrUnchanged }); err != nil {
		t.Fatal(err)
	}
	if err := c.Delete(ctx, "c"); err != nil {
		t.Fatal(err)
	}
	seen = drain(t, other, mark, func(ch []store.Change) bool { return ch[len(ch)-1].ID == "c" })
	if got := lastOf(seen); got != "b c-" {
		t.Errorf("after the mark: %q", got)
	}
	if got := lastOf(drain(t, other, head, func(ch []store.Change) bool { return ch[len(ch)-1].ID == "c" })); !strings.HasSuffix(got, "b c-") {
		t.Errorf("from the head: %q", got)
	}
	one, err := c.Changes(ctx, mark, 1)
	if err != nil || len(one) != 1 || one[0].ID != "b" {
		t.Errorf("one change: %v, %v", one, err)
	}
	if _, err := c.Changes(ctx, "nonsense", 1); fault.KeyOf(err) != "store.cursor" {
		t.Errorf("a mark that is none: %v", err)
	}

	// Two processes write at once while a third follows: every last state arrives.
	writers, each := 8, 40
	if s.ferret {
		writers, each = 2, 12 // it writes one at a time and answers others with SQLITE_BUSY
	}
	var wg sync.WaitGroup
	for w := range writers {
		via := c
		if w%2 == 1 {
			via = other
		}
		wg.Go(func() {
			for i := range each {
				id := fmt.Sprintf("w%d-%d", w, i)
				if err := via.Insert(ctx, &Member{Meta: store.Meta{ID: id}}); err != nil {
					t.Error(err)
				}
				if i%4 == 0 {
					if err := via.Delete(ctx, id); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	state := map[string]bool{}
	drain(t, c, seen[len(seen)-1].Seq, func(ch []store.Change) bool {
		for _, x := range ch {
			state[x.ID] = !x.Deleted
		}
		living := 0
		for _, l := range state {
			if l {
				living++
			}
		}
		return len(state) == writers*each && living == writers*each*3/4
	})
	wg.Wait()
}

// lastOf gives the ids of a feed in the order of their last entries, deleted ones with a dash.
func lastOf(changes []store.Change) string {
	var out []string
	for i, c := range changes {
		later := slices.ContainsFunc(changes[i+1:], func(x store.Change) bool { return x.ID == c.ID })
		if later {
			continue
		}
		if c.Deleted {
			c.ID += "-"
		}
		out = append(out, c.ID)
	}
	return strings.Join(out, " ")
}

// TestFollow: it hands over what is there, what comes, and ends with its context or its function.
func TestFollow(t *testing.T) {
	_, c := opened(t, "sqlite:"+filepath.Join(t.TempDir(), "q.db"))
	ctx, cancel := context.WithCancel(t.Context())
	for i := range 300 { // more than a batch
		if err := c.Insert(ctx, &Member{Meta: store.Meta{ID: fmt.Sprintf("m%03d", i)}}); err != nil {
			t.Fatal(err)
		}
	}
	got := make(chan store.Change, 1000)
	ended := make(chan error, 1)
	go func() {
		ended <- store.Follow(ctx, c, "", 5*time.Millisecond, func(_ context.Context, changes []store.Change) error {
			for _, ch := range changes {
				got <- ch
			}
			return nil
		})
	}()
	var last store.Change
	for i := range 300 {
		if last = <-got; last.ID != fmt.Sprintf("m%03d", i) || last.Deleted {
			t.Fatalf("change %d is %+v", i, last)
		}
	}
	if err := c.Delete(ctx, "m007"); err != nil {
		t.Fatal(err)
	}
	if ch := <-got; ch.ID != "m007" || !ch.Deleted {
		t.Errorf("then came %+v", ch)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Follow ended with %v", err)
	}
	full := errors.New("no more")
	n := 0
	err := store.Follow(t.Context(), c, last.Seq, time.Hour, func(_ context.Context, changes []store.Change) error {
		n += len(changes)
		return full
	})
	if !errors.Is(err, full) || n != 1 {
		t.Errorf("Follow after a mark gave %d changes and ended with %v", n, err)
	}
}
