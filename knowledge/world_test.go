package knowledge

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/knowledge/wordlist"
	"qiming/policies"
)

type orgTree map[string][]string

func (o orgTree) OrgPath(_ context.Context, id string) ([]string, error) {
	if path, ok := o[id]; ok {
		return path, nil
	}
	return nil, fault.New(fault.NotFound, "org.not_found", "no node %s", id)
}

// diary is the audit trail of the tests.
type diary struct {
	mu   sync.Mutex
	acts []string
}

func (d *diary) Record(_ context.Context, actor policies.Actor, action, object, _ string, do func() error) error {
	err := do()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.acts = append(d.acts, fmt.Sprintf("%s %s %q", actor.AccountID, action, fault.KeyOf(err)))
	return err
}

// shelf keeps what objects show; files that begin with "gone" are not kept.
type shelf struct {
	mu   sync.Mutex
	held map[string][]string
}

func (s *shelf) Refer(_ context.Context, object string, ids []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(ids) > 0 {
		s.held[object] = ids
	}
	return nil
}

func (s *shelf) Release(_ context.Context, object string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.held, object)
	return nil
}

// roll is the members of the tests, by the node that they are of.
type roll map[string][]Reader

func (r roll) Below(_ context.Context, orgID string) ([]Reader, error) {
	var out []Reader
	for _, one := range slices.Sorted(maps.Keys(r)) {
		for _, reader := range r[one] {
			if slices.Contains(reader.Path, orgID) {
				out = append(out, reader)
			}
		}
	}
	return out, nil
}

// world is a knowledge base in a database of its own: a committee with two branches.
type world struct {
	t testing.TB
	*Articles
	clock   *ident.Manual
	trail   *diary
	files   *shelf
	readers roll
	path    string
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, trail: &diary{}, files: &shelf{held: map[string][]string{}}, readers: roll{}, path: filepath.Join(t.TempDir(), "knowledge.db"),
		clock: ident.NewManual(time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC))}
	w.Articles = w.open()
	return w
}

// open gives another process on the same database.
func (w *world) open() *Articles {
	w.t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, "sqlite:"+w.path, w.clock)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if err := db.Close(); err != nil {
			w.t.Error(err)
		}
	})
	words := wordlist.New(wordlist.Deps{DB: db, Trail: w.trail})
	s := New(Deps{DB: db, Clock: w.clock, Trail: w.trail, Files: w.files, Readers: w.readers, Words: words, Zone: time.UTC,
		Orgs: orgTree{"root": {"root"}, "a": {"root", "a"}, "b": {"root", "b"}}})
	if err := db.Start(ctx); err != nil {
		w.t.Fatal(err)
	}
	return s
}

func who(account, org string) policies.Actor {
	return policies.Actor{AccountID: account, Name: account, Scope: policies.Scope{org}}
}

var author, second, reviewer, stranger = who("author", "root"), who("second", "root"), who("reviewer", "root"), who("stranger", "b")

func essay(title string) Content {
	return Content{Kind: Essay, Title: title, Body: title + "的正文", Audience: Audience{Public: true}}
}

func (w *world) create(org string, c Content) Article {
	w.t.Helper()
	a, err := w.Create(context.Background(), author, org, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) take(actor policies.Actor, a Article, o Order) Article {
	w.t.Helper()
	o.Rev = a.Rev
	out, err := w.Take(context.Background(), actor, a.ID, o)
	if err != nil {
		w.t.Fatalf("%s by %s: %v", o.Step, actor.AccountID, err)
	}
	return out
}

func (w *world) publish(a Article) Article {
	w.t.Helper()
	return w.take(reviewer, w.take(author, a, Order{Step: HandIn}), Order{Step: Approve})
}

func wantKey(t testing.TB, err error, key string) {
	t.Helper()
	if fault.KeyOf(err) != key {
		t.Errorf("%v, want %q", err, key)
	}
}
