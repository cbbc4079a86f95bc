package store_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qiming/internal/ident"
	"qiming/internal/peer"
	"qiming/internal/store"
)

// server is an engine under test: each database is fresh, and can be opened again.
type server struct {
	name   string
	ferret bool // FerretDB v1: no atomic updates
	fresh  func(t *testing.T) string
}

// servers gives the engines of the contract: SQLite and a MongoDB-wire server.
func servers(t *testing.T) []server {
	t.Helper()
	out := []server{{name: "sqlite", fresh: func(t *testing.T) string {
		return "sqlite:" + filepath.Join(t.TempDir(), "q.db")
	}}}
	if at := os.Getenv("QIMING_TEST_MONGODB"); at != "" {
		return append(out, server{name: "mongodb", fresh: mongoDatabases(t, at)})
	}
	if testing.Short() {
		t.Log("NOT CHECKED because of -short: the contract on a MongoDB-wire server, all eight promises")
		return out
	}
	return append(out, server{name: "ferretdb", ferret: true, fresh: mongoDatabases(t, peer.FerretDB(t))})
}

// mongoDatabases names a new database on a server for every test.
func mongoDatabases(t *testing.T, at string) func(t *testing.T) string {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatalf("QIMING_TEST_MONGODB: %v", err)
	}
	return func(*testing.T) string {
		d := *u
		d.Path = "/qiming_test_" + ident.New()
		return d.String()
	}
}

// noon is where the tests' clock stands.
func noon() *ident.Manual { return ident.NewManual(time.Date(2026, 7, 1, 4, 0, 0, 0, time.UTC)) }

// Member is a document of the tests: a member of a branch.
type Member struct {
	store.Meta `bson:",inline"`
	Name       string       `bson:"name" json:"name"`
	Branch     string       `bson:"branch" json:"branch"`
	Age        int          `bson:"age" json:"age"`
	Email      *string      `bson:"email" json:"email"`
	Tags       []string     `bson:"tags" json:"tags"`
	Joined     time.Time    `bson:"joined" json:"joined"`
	Card       card         `bson:"card" json:"card"`
	Count      int          `bson:"count" json:"count"`
	Scores     store.Floats `bson:"scores,omitempty" json:"scores"`
}

type card struct {
	Serial string         `bson:"serial,omitempty" json:"serial"`
	Extra  map[string]any `bson:"extra,omitempty" json:"extra"`
}

func memberSpec() store.Spec {
	return store.Spec{Name: "member", Version: 1, Indexes: []store.Index{
		{Name: "branch_age", Fields: []string{"branch", "age"}},
		{Name: "tag_joined", Fields: []string{"tags", "joined"}},
		{Name: "joined", Fields: []string{"joined"}},
		{Name: "email", Fields: []string{"email"}, Unique: true},
		{Name: "serial", Fields: []string{"card.serial"}, Unique: true},
		{Name: "nickname", Fields: []string{"email", "name"}},
	}}
}

// opened opens a database with the member collection.
func opened(t *testing.T, at string) (*store.DB, store.Collection[Member]) {
	t.Helper()
	return openedWith(t, at, noon(), memberSpec())
}

func openedWith(t *testing.T, at string, clock ident.Clock, spec store.Spec) (*store.DB, store.Collection[Member]) {
	t.Helper()
	db, err := store.Open(t.Context(), at, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil { // once more does no harm
			t.Error(err)
		}
	})
	c := store.Define[Member](db, spec)
	if err := db.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db, c
}

// all collects an iteration.
func all(t *testing.T, c store.Collection[Member], q store.Query[Member]) []Member {
	t.Helper()
	var out []Member
	for m, err := range c.Find(t.Context(), q) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

func ids(members []Member) string {
	var out []string
	for _, m := range members {
		out = append(out, m.ID)
	}
	return strings.Join(out, " ")
}

// drain follows the feed until want has been seen in the shape of the last change of each id.
func drain(t *testing.T, c store.Collection[Member], since string, enough func([]store.Change) bool) []store.Change {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var seen []store.Change
	done := context.Canceled
	err := store.Follow(ctx, c, since, 50*time.Millisecond, func(_ context.Context, changes []store.Change) error {
		seen = append(seen, changes...)
		if enough(seen) {
			return done
		}
		return nil
	})
	if err != done {
		t.Fatalf("the feed ended with %v after %v", err, seen)
	}
	return seen
}
