package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"qiming/internal/store"
)

// migrations lifts 450 documents by two versions, is stopped in the middle, goes on, and
// ends with every document lifted exactly once and found by the new index.
func migrations(t *testing.T, s server) {
	at := s.fresh(t)
	docs := 450
	if s.ferret {
		docs = 210
	}
	db, c := opened(t, at)
	for i := range docs {
		if err := c.Insert(t.Context(), &Member{Meta: store.Meta{ID: fmt.Sprintf("m%03d", i)}, Branch: "old", Age: i, Tags: []string{"x"}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	crash := errors.New("the power went")
	lifted, fail := 0, docs-docs/4
	var mu sync.Mutex
	spec := memberSpec()
	spec.Version = 3
	spec.Migrations = []func(map[string]any) error{
		func(m map[string]any) error {
			mu.Lock()
			defer mu.Unlock()
			if lifted++; lifted == fail {
				return crash
			}
			m["branch"] = m["branch"].(string) + "/2"
			return nil
		},
		func(m map[string]any) error {
			m["branch"] = m["branch"].(string) + "/3"
			m["tags"] = append(m["tags"].([]any), "new")
			return nil
		},
	}
	spec.Indexes = append(spec.Indexes, store.Index{Name: "age", Fields: []string{"age"}})
	start := func(spec store.Spec) (store.Collection[Member], error) {
		db, err := store.Open(t.Context(), at, noon())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		c := store.Define[Member](db, spec)
		return c, db.Start(t.Context())
	}
	if _, err := start(spec); !errors.Is(err, crash) {
		t.Fatalf("the first start ended with %v", err)
	}
	if lifted < fail {
		t.Fatalf("the first start lifted %d", lifted)
	}
	fail = 0

	// Two processes go on at once.
	var wg sync.WaitGroup
	var colls [2]store.Collection[Member]
	for i := range colls {
		if s.ferret && i == 1 {
			t.Log("NOT CHECKED on FerretDB v1.24.2: of promise 8, two processes that migrate at once; its updates are not atomic")
			break
		}
		wg.Go(func() {
			var err error
			if colls[i], err = start(spec); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	c = colls[0]
	n := 0
	for m, err := range c.Find(t.Context(), store.Query[Member]{}) {
		if err != nil {
			t.Fatal(err)
		}
		if m.Branch != "old/2/3" || strings.Join(m.Tags, " ") != "x new" || m.Rev != 3 {
			t.Fatalf("%s came out as %q %q, revision %d", m.ID, m.Branch, m.Tags, m.Rev)
		}
		n++
	}
	if n != docs {
		t.Errorf("%d of %d documents", n, docs)
	}
	for _, q := range []store.Query[Member]{
		{Index: "age"},
		{Index: "tag_joined", Eq: map[string]any{"tags": "new"}},
		{Index: "branch_age", Eq: map[string]any{"branch": "old/2/3"}},
	} {
		if got, err := c.Count(t.Context(), q); got != docs || err != nil {
			t.Errorf("index %s holds %d of %d, %v", q.Index, got, docs, err)
		}
	}
	if got, _ := c.Count(t.Context(), store.Query[Member]{Index: "branch_age", Eq: map[string]any{"branch": "old"}}); got != 0 {
		t.Errorf("%d entries of the old form", got)
	}
	if _, err := start(memberSpec()); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("an older program was let in: %v", err)
	}

	// A unique index that the documents do not bear is refused by name, and the rest stands.
	clash := spec
	clash.Indexes = append(clash.Indexes[:len(clash.Indexes):len(clash.Indexes)], store.Index{Name: "one_branch", Fields: []string{"branch"}, Unique: true})
	if _, err := start(clash); err == nil {
		t.Error("a unique index over equal values was built")
	}
	if _, err := start(spec); err != nil {
		t.Errorf("after the refused index: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Get(ctx, "m000"); !errors.Is(err, context.Canceled) {
		t.Errorf("Get with an ended context: %v", err)
	}
}
