package replica_test

import (
	"path/filepath"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/replica"
	"qiming/internal/store"
)

type note struct {
	store.Meta `bson:",inline"`
	Text       string `bson:"text" json:"text"`
}

func open(t *testing.T, path string, clock ident.Clock) store.Collection[note] {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+path, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	coll := store.Define[note](db, store.Spec{Name: "notes", Version: 1})
	if err := db.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return coll
}

func TestAWriteOfAnotherProcessIsSeenWithinTheInterval(t *testing.T) {
	clock := ident.NewManual(time.Date(2026, 3, 5, 4, 0, 0, 0, time.UTC))
	path := filepath.Join(t.TempDir(), "db")
	here, there := open(t, path, clock), open(t, path, clock)
	if err := there.Insert(t.Context(), &note{Meta: store.Meta{ID: "1"}, Text: "old"}); err != nil {
		t.Fatal(err)
	}
	r := replica.New(here, clock, time.Second, 10)
	read := func(want string) {
		t.Helper()
		if doc, err := r.Get(t.Context(), "1"); err != nil || doc.Text != want {
			t.Fatalf("%q, %v; want %q", doc.Text, err, want)
		}
	}
	set := func(text string) {
		t.Helper()
		if _, err := there.Update(t.Context(), "1", func(n *note) error { n.Text = text; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	read("old")
	set("new")
	read("old") // held in memory: no read of the store
	clock.Advance(999 * time.Millisecond)
	read("old")
	clock.Advance(time.Millisecond)
	read("new")

	set("newer")
	r.Forget("1")
	read("newer")

	if err := there.Delete(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Second)
	if _, err := r.Get(t.Context(), "1"); !fault.Is(err, fault.NotFound) {
		t.Fatalf("%v, want not found", err)
	}
}

func BenchmarkGet(b *testing.B) {
	db, err := store.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "db"), ident.System{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	coll := store.Define[note](db, store.Spec{Name: "notes", Version: 1})
	if err := db.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := coll.Insert(b.Context(), &note{Meta: store.Meta{ID: "1"}}); err != nil {
		b.Fatal(err)
	}
	r := replica.New(coll, ident.System{}, time.Second, 10)
	for b.Loop() {
		if _, err := r.Get(b.Context(), "1"); err != nil {
			b.Fatal(err)
		}
	}
}
