package presence_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"qiming/app/presence"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

func open(t *testing.T, path string, clock ident.Clock) *presence.Service {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+path, clock)
	if err != nil {
		t.Fatal(err)
	}
	s := presence.New(presence.Deps{DB: db, Clock: clock})
	if err := db.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return s
}

func TestTwoAuthorsLearnOfEachOther(t *testing.T) {
	clock := ident.NewManual(time.Date(2026, 3, 5, 1, 0, 0, 0, time.UTC))
	path := filepath.Join(t.TempDir(), "db")
	s, elsewhere := open(t, path, clock), open(t, path, clock)
	chen, wang := policies.Actor{AccountID: "1", Name: "陈晨"}, policies.Actor{AccountID: "2", Name: "王建国"}
	want := func(p *presence.Service, actor policies.Actor, leaving bool, names ...string) []presence.Editor {
		t.Helper()
		got, err := p.Report(t.Context(), actor, "question:q", leaving)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(names) {
			t.Fatalf("%+v, want %v", got, names)
		}
		for i, name := range names {
			if got[i].Name != name {
				t.Fatalf("%+v, want %v", got, names)
			}
		}
		return got
	}
	begun := clock.Now()
	want(s, chen, false)
	want(s, chen, false) // a second window of the same account
	clock.Advance(presence.Beat)
	if got := want(elsewhere, wang, false, "陈晨"); !got[0].Since.Equal(begun) {
		t.Fatalf("since %v", got[0].Since)
	}
	want(s, chen, false, "王建国")
	want(elsewhere, wang, true, "陈晨") // closed
	want(s, chen, false)
	clock.Advance(presence.Stale - time.Millisecond)
	want(elsewhere, wang, false, "陈晨")
	clock.Advance(time.Millisecond) // a browser that was killed reports no more
	want(elsewhere, wang, false)
	if got, err := s.Report(t.Context(), chen, "question:other", true); err != nil || len(got) != 0 {
		t.Fatalf("%v %v", got, err)
	}
}

func TestWhatNobodyEditsIsForgotten(t *testing.T) {
	clock := ident.NewManual(time.Date(2026, 3, 5, 1, 0, 0, 0, time.UTC))
	s := open(t, filepath.Join(t.TempDir(), "db"), clock)
	var wg sync.WaitGroup
	for _, id := range []string{"1", "2", "3", "4"} { // all at once: nobody is lost
		wg.Go(func() {
			if _, err := s.Report(context.Background(), policies.Actor{AccountID: id, Name: id}, "quiz:q", false); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got, err := s.Report(t.Context(), policies.Actor{AccountID: "5"}, "quiz:q", false); err != nil || len(got) != 4 {
		t.Fatalf("%+v %v", got, err)
	}
	clock.Advance(presence.Stale + time.Second)
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Report(t.Context(), policies.Actor{AccountID: "6"}, "quiz:q", true); err != nil || len(got) != 0 {
		t.Fatalf("%+v %v", got, err)
	}
}
