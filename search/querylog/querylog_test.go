package querylog

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/peer"
	"qiming/internal/store"
)

func open(t *testing.T, url string) (*Log, *ident.Manual) {
	t.Helper()
	clock := ident.NewManual(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC))
	db, err := store.Open(t.Context(), url, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	log := New(Deps{DB: db, Clock: clock})
	if err := db.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return log, clock
}

// onBoth runs a test on both engines.
func onBoth(t *testing.T, test func(*testing.T, *Log, *ident.Manual)) {
	t.Run("sqlite", func(t *testing.T) {
		log, clock := open(t, "sqlite:"+filepath.Join(t.TempDir(), "log.db"))
		test(t, log, clock)
	})
	t.Run("mongodb", func(t *testing.T) {
		if testing.Short() {
			t.Skip("-short: not checked on a MongoDB-wire server")
		}
		log, clock := open(t, peer.MongoDB(t))
		test(t, log, clock)
	})
}

func recent(s Searches) (out []string) {
	for _, r := range s.Recent {
		out = append(out, r.Q)
	}
	return out
}

func TestRecent(t *testing.T) {
	onBoth(t, func(t *testing.T, log *Log, _ *ident.Manual) {
		for _, q := range []string{"党费", "  三会  一课 ", "党费", "党费", "", "  "} {
			if _, err := log.Note(t.Context(), "a", q); err != nil {
				t.Fatal(err)
			}
		}
		s, err := log.Of(t.Context(), "a")
		if want := []string{"党费", "三会 一课"}; err != nil || !slices.Equal(recent(s), want) {
			t.Errorf("%v %v, want %v", recent(s), err, want)
		}
		if other, err := log.Of(t.Context(), "b"); err != nil || len(other.Recent) != 0 {
			t.Errorf("another account reads %v %v", other, err)
		}
		if s, err = log.Forget(t.Context(), "a", "党费"); err != nil || !slices.Equal(recent(s), []string{"三会 一课"}) {
			t.Errorf("one forgotten: %v %v", recent(s), err)
		}
		for i := range MaxRecent + 5 {
			if _, err := log.Note(t.Context(), "a", fmt.Sprint("第", i)); err != nil {
				t.Fatal(err)
			}
		}
		if s, _ = log.Of(t.Context(), "a"); len(s.Recent) != MaxRecent || s.Recent[0].Q != fmt.Sprint("第", MaxRecent+4) {
			t.Errorf("%d kept, the first %q", len(s.Recent), s.Recent[0].Q)
		}
		if s, err = log.Forget(t.Context(), "a", ""); err != nil || len(s.Recent) != 0 {
			t.Errorf("all forgotten: %v %v", recent(s), err)
		}
	})
}

func TestKept(t *testing.T) {
	onBoth(t, func(t *testing.T, log *Log, _ *ident.Manual) {
		if _, err := log.Keep(t.Context(), "a", Asked{Q: "  "}); fault.KeyOf(err) != "search.empty" {
			t.Errorf("nothing is kept: %v", err)
		}
		dues := Asked{Q: "党费", Kind: "regulation"}
		for range 2 {
			if s, err := log.Keep(t.Context(), "a", dues); err != nil || len(s.Kept) != 1 || s.Kept[0].Asked != dues {
				t.Fatalf("%+v %v", s, err)
			}
		}
		s, err := log.Keep(t.Context(), "a", Asked{Tag: "党课"})
		if err != nil || len(s.Kept) != 2 || s.Kept[0].Asked.Tag != "党课" {
			t.Fatalf("the latest is not first: %+v %v", s, err)
		}
		if _, err := log.Drop(t.Context(), "b", s.Kept[0].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another drops it: %v", err)
		}
		if s, err = log.Drop(t.Context(), "a", s.Kept[0].ID); err != nil || len(s.Kept) != 1 || s.Kept[0].Asked != dues {
			t.Errorf("dropped: %+v %v", s, err)
		}
		for i := range MaxKept - 1 {
			if _, err := log.Keep(t.Context(), "a", Asked{Q: fmt.Sprint(i)}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := log.Keep(t.Context(), "a", Asked{Q: "one more"}); fault.KeyOf(err) != "search.kept_full" {
			t.Errorf("one more than fits: %v", err)
		}
		if _, err := log.Keep(t.Context(), "a", dues); err != nil {
			t.Errorf("one that is kept, in a full list: %v", err)
		}
	})
}

func TestMissed(t *testing.T) {
	onBoth(t, func(t *testing.T, log *Log, clock *ident.Manual) {
		miss := func(org, q string) {
			t.Helper()
			if err := log.Miss(t.Context(), org, q); err != nil {
				t.Fatal(err)
			}
		}
		all := func(string) (bool, error) { return true, nil }
		branch := func(org string) (bool, error) { return org == "branch", nil }
		ask := func(since time.Time, within func(string) (bool, error)) []Missed {
			t.Helper()
			got, err := log.Missed(t.Context(), since, within)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		start := clock.Now()
		var together sync.WaitGroup
		for range 8 {
			together.Go(func() { _ = log.Miss(t.Context(), "branch", "積分 兌換") })
		}
		together.Wait()
		clock.Advance(time.Hour)
		miss("branch", "积分兑换") // the same in other characters
		miss("other", "积分兑换")
		miss("other", "流动党员")
		miss("other", "？！")
		got := ask(start, all)
		if len(got) != 2 || got[0].Times != 10 || got[0].Q != "积分兑换" || !got[0].First.Equal(start) || got[1].Times != 1 {
			t.Fatalf("%+v", got)
		}
		if mine := ask(start, branch); len(mine) != 1 || mine[0].Times != 9 {
			t.Errorf("of the branch: %+v", mine)
		}
		if none := ask(clock.Now().Add(time.Second), all); len(none) != 0 {
			t.Errorf("since later: %+v", none)
		}
		if err := log.Settle(t.Context(), got[0].Key, branch); err != nil {
			t.Fatal(err)
		}
		if left := ask(start, all); len(left) != 2 || left[0].Times != 1 {
			t.Errorf("after the branch settled it: %+v", left)
		}
		clock.Advance(missedFor + time.Minute)
		miss("branch", "新的")
		if err := log.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left := ask(time.Time{}, all); len(left) != 1 || left[0].Q != "新的" {
			t.Errorf("after the sweep: %+v", left)
		}
	})
}
