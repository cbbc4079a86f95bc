package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

var (
	noon = time.Date(2026, 3, 5, 4, 0, 0, 0, time.UTC)
	key  = bytes.Repeat([]byte{7}, 32)
	li   = policies.Actor{AccountID: "a-li", Name: "李明", Address: "10.0.0.7", SessionID: "s1"}
)

// process opens the store as one more process does.
func process(t *testing.T, path string, clock ident.Clock) *Trail {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+path, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	trail := New(Deps{DB: db, Clock: clock, Key: key})
	if err := db.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return trail
}

func verify(t *testing.T, trail *Trail) Report {
	t.Helper()
	report, err := trail.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestAnEmptyTrailIsWhole(t *testing.T) {
	trail := process(t, filepath.Join(t.TempDir(), "db"), ident.NewManual(noon))
	if r := verify(t, trail); !r.OK || r.Entries != 0 {
		t.Fatalf("%+v", r)
	}
}

func TestTwoProcessesAppendToOneChain(t *testing.T) {
	clock := ident.NewManual(noon)
	path := filepath.Join(t.TempDir(), "db")
	trails := []*Trail{process(t, path, clock), process(t, path, clock)}
	const each = 150
	var wg sync.WaitGroup
	for p, trail := range trails {
		for i := range each {
			wg.Go(func() {
				if err := trail.Record(t.Context(), By(li, "attempt.start", fmt.Sprintf("attempt:%d-%d", p, i), "")); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	for _, trail := range trails {
		if r := verify(t, trail); !r.OK || r.Entries != 2*each {
			t.Fatalf("%+v", r)
		}
	}
}

func TestARushIsAppendedInGroups(t *testing.T) {
	trail := process(t, filepath.Join(t.TempDir(), "db"), ident.NewManual(noon))
	const starts = 2000
	for i := range starts {
		trail.Note(By(li, "attempt.start", fmt.Sprintf("attempt:%d", i), ""))
	}
	if err := trail.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, trail); !r.OK || r.Entries != starts {
		t.Fatalf("%+v", r)
	}
	h, err := trail.heads.Get(t.Context(), headID)
	if err != nil {
		t.Fatal(err)
	}
	if h.Rev > starts/10 {
		t.Fatalf("%d writes of the head for %d entries: they are not grouped", h.Rev, starts)
	}
}

func TestVerifyFindsTheFirstBrokenLink(t *testing.T) {
	fill := func(t *testing.T) *Trail {
		trail := process(t, filepath.Join(t.TempDir(), "db"), ident.NewManual(noon))
		for i := range 10 {
			if err := trail.Record(t.Context(), By(li, "member.edit", fmt.Sprintf("member:%d", i), "王芳").With("field", "phone")); err != nil {
				t.Fatal(err)
			}
		}
		return trail
	}
	change := func(trail *Trail, seq int64, fn func(*Entry)) error {
		_, err := trail.entries.Update(t.Context(), entryID(seq), func(e *Entry) error { fn(e); return nil })
		return err
	}
	for _, tt := range []struct {
		name   string
		tamper func(*Trail) error
		at     int64
		reason string
	}{
		{"nothing", func(*Trail) error { return nil }, 0, ""},
		{"another name", func(tr *Trail) error { return change(tr, 4, func(e *Entry) { e.ActorName = "张三" }) }, 4, "altered"},
		{"another address", func(tr *Trail) error { return change(tr, 1, func(e *Entry) { e.Address = "" }) }, 1, "altered"},
		{"another detail", func(tr *Trail) error { return change(tr, 9, func(e *Entry) { e.Detail["field"] = "name" }) }, 9, "altered"},
		{"another outcome", func(tr *Trail) error { return change(tr, 2, func(e *Entry) { e.Outcome = Refused }) }, 2, "altered"},
		{"another time", func(tr *Trail) error {
			return change(tr, 5, func(e *Entry) { e.At = e.At.Add(time.Millisecond) })
		}, 5, "altered"},
		{"one taken out", func(tr *Trail) error { return tr.entries.Delete(t.Context(), entryID(6)) }, 6, "missing"},
		{"the end cut off", func(tr *Trail) error {
			_, err := tr.heads.Update(t.Context(), headID, func(h *head) error { h.Entries = nil; return nil })
			return errors.Join(err, tr.entries.Delete(t.Context(), entryID(10)))
		}, 10, "cut"},
		{"one put on", func(tr *Trail) error {
			e := By(li, "forged", "x:1", "")
			e.ID, e.Seq = entryID(11), 11
			return tr.entries.Insert(t.Context(), &e)
		}, 11, "inserted"},
		{"one that a crash left out is mended", func(tr *Trail) error { return tr.entries.Delete(t.Context(), entryID(10)) }, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			trail := fill(t)
			if err := tt.tamper(trail); err != nil {
				t.Fatal(err)
			}
			r := verify(t, trail)
			if r.OK != (tt.at == 0) || r.BrokenAt != tt.at || r.Reason != tt.reason {
				t.Fatalf("%+v, want %d %s", r, tt.at, tt.reason)
			}
		})
	}
}

func TestListFiltersByCursor(t *testing.T) {
	clock := ident.NewManual(noon)
	trail := process(t, filepath.Join(t.TempDir(), "db"), clock)
	wang := policies.Actor{AccountID: "a-wang", Name: "王芳"}
	for i := range 12 {
		actor := li
		if i%3 == 0 {
			actor = wang
		}
		if err := trail.Record(t.Context(), By(actor, []string{"member.edit", "member.reveal"}[i%2], fmt.Sprintf("member:%d", i%4), "")); err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Minute)
	}
	for _, tt := range []struct {
		name   string
		filter Filter
		want   []int64
	}{
		{"all", Filter{}, []int64{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
		{"actor", Filter{Actor: "a-wang"}, []int64{10, 7, 4, 1}},
		{"object", Filter{Object: "member:1"}, []int64{10, 6, 2}},
		{"kind of object", Filter{Object: "member:", Actor: "a-wang"}, []int64{10, 7, 4, 1}},
		{"another kind", Filter{Object: "quiz:"}, nil},
		{"action and actor", Filter{Actor: "a-wang", Action: "member.reveal"}, []int64{10, 4}},
		{"from is inclusive, to exclusive", Filter{From: noon.Add(2 * time.Minute), To: noon.Add(4 * time.Minute)}, []int64{4, 3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []int64
			f := tt.filter
			f.Limit = 2
			for {
				page, err := trail.List(t.Context(), f)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range page.Items {
					got = append(got, e.Seq)
				}
				if page.Next == "" {
					break
				}
				f.After = page.Next
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Fatalf("%v, want %v", got, tt.want)
			}
		})
	}
}

// refusing is a store that is full for a while.
type refusing struct {
	store.Collection[head]
	full bool
}

func (r *refusing) Update(ctx context.Context, id string, fn func(*head) error) (head, error) {
	if r.full {
		return head{}, fault.New(fault.Unavailable, "store.full", "no space")
	}
	return r.Collection.Update(ctx, id, fn)
}

func TestAdministrativeActsFailClosed(t *testing.T) {
	trail := process(t, filepath.Join(t.TempDir(), "db"), ident.NewManual(noon))
	disk := &refusing{Collection: trail.heads}
	trail.heads = disk
	acts := 0
	act := func() error {
		return trail.Act(t.Context(), By(li, "grant.write", "account:1", ""), func() error { acts++; return nil })
	}
	if err := act(); err != nil {
		t.Fatal(err)
	}
	disk.full = true
	if err := act(); fault.KeyOf(err) != "audit.unavailable" || acts != 2 {
		t.Fatalf("%v after %d acts: an act without a record must not look done", err, acts)
	}
	if err := act(); fault.KeyOf(err) != "audit.unavailable" || acts != 2 {
		t.Fatalf("%v after %d acts: no act may begin while the trail cannot be written", err, acts)
	}
	disk.full = false
	if err := act(); err != nil || acts != 3 {
		t.Fatalf("%v after %d acts", err, acts)
	}
	if r := verify(t, trail); !r.OK || r.Entries != 3 {
		t.Fatalf("every act is in the trail once space is back: %+v", r)
	}
}

func TestOutcomes(t *testing.T) {
	trail := process(t, filepath.Join(t.TempDir(), "db"), ident.NewManual(noon))
	broke := errors.New("broke")
	for _, err := range []error{nil, fault.New(fault.Conflict, "org.not_empty", ""), broke} {
		if got := trail.Act(t.Context(), By(li, "org.abolish", "org:1", ""), func() error { return err }); !errors.Is(got, err) {
			t.Fatalf("%v, want %v", got, err)
		}
	}
	page, err := trail.List(t.Context(), Filter{})
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintln(page.Items[2].Outcome, page.Items[1].Outcome, page.Items[1].Key, page.Items[0].Outcome)
	if got != "ok refused org.not_empty failed\n" {
		t.Fatal(got)
	}
}

// What an act under a rush costs: entries of many at once share the writes of the head.
func BenchmarkRecord(b *testing.B) {
	clock := ident.NewManual(noon)
	db, err := store.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "db"), clock)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	trail := New(Deps{DB: db, Clock: clock, Key: key})
	if err := db.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.SetParallelism(64)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := trail.Record(b.Context(), By(li, "attempt.start", "attempt:1", "")); err != nil {
				b.Error(err)
			}
		}
	})
	if err := trail.Close(b.Context()); err != nil {
		b.Fatal(err)
	}
}
