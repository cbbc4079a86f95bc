package store

import (
	"context"
	"database/sql/driver"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qiming/internal/ident"
)

type note struct {
	Meta `bson:",inline"`
	Kind string    `bson:"kind"`
	At   time.Time `bson:"at"`
	Code string    `bson:"code"`
}

func openNotes(t *testing.T) (*sqliteEngine, *schema) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "deep", "er", "q 党?.db")
	db, err := Open(t.Context(), "sqlite:"+path, ident.System{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	Define[note](db, Spec{Name: "note", Indexes: []Index{
		{Name: "kind", Fields: []string{"kind", "at"}}, {Name: "code", Fields: []string{"code"}, Unique: true}}})
	if err := db.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file at the path given: %v, %v", info, err)
	}
	return db.engine.(*sqliteEngine), db.schemas[0]
}

// TestDurablySet holds the writer to what a power loss needs: a log that is synced at every commit.
func TestDurablySet(t *testing.T) {
	e, _ := openNotes(t)
	for pragma, want := range map[string]any{"journal_mode": "wal", "synchronous": int64(2)} {
		err := e.writer.query(func(row []driver.Value) error {
			if row[0] != want {
				t.Errorf("PRAGMA %s is %v, want %v", pragma, row[0], want)
			}
			return nil
		}, "PRAGMA "+pragma)
		if err != nil {
			t.Error(err)
		}
	}
	err := e.read(t.Context(), func(c *conn) error {
		_, err := c.exec(`UPDATE qiming_counter SET seq = 0`)
		return err
	})
	if err == nil {
		t.Error("a reading connection wrote")
	}
}

// TestPlans asks SQLite how it would run each statement: no table is scanned, nothing is sorted.
func TestPlans(t *testing.T) {
	e, s := openNotes(t)
	st := s.sql()
	sqls := []string{st.get, st.replace, st.delete, st.head}
	for _, x := range append([]*index{nil}, s.indexes...) {
		of := st.of(x)
		sqls = append(sqls, of.count, of.scan[0][0], of.scan[0][1], of.scan[1][0], of.scan[1][1])
	}
	// The feed merges two short lists, each read along its index; the merge may sort.
	feed, _, _ := strings.Cut(strings.TrimPrefix(st.changes, "SELECT seq, id, gone FROM ("), " UNION ALL")
	for _, sql := range append(sqls, feed) {
		err := e.read(t.Context(), func(c *conn) error {
			args := make([]any, strings.Count(sql, "?"))
			for i := range args {
				args[i] = 1
			}
			return c.query(func(row []driver.Value) error {
				step := row[3].(string)
				if strings.Contains(step, "TEMP B-TREE") || strings.HasPrefix(step, "SCAN") && step != "SCAN CONSTANT ROW" && !strings.HasPrefix(step, "SCAN (subquery") {
					t.Errorf("%s\n\t%s", sql, step)
				}
				return nil
			}, "EXPLAIN QUERY PLAN "+sql, args...)
		})
		if err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// TestFaultySpecs: a mistake in the program shows when it starts, not when a query misses.
func TestFaultySpecs(t *testing.T) {
	type plain struct {
		Meta
		Name string `bson:"name"`
	}
	type lists struct {
		Meta `bson:",inline"`
		A    []string          `bson:"a"`
		B    []struct{ C int } `bson:"b"`
		M    map[string]int    `bson:"m"`
		Any  any               `bson:"any"`
	}
	one := func(fields ...string) Spec {
		return Spec{Name: "x", Indexes: []Index{{Name: "i", Fields: fields}}}
	}
	for name, spec := range map[string]Spec{
		"no name":             {},
		"a bad name":          {Name: "Quiz-1"},
		"a missing migration": {Name: "x", Version: 2},
		"an unknown field":    one("z"),
		"a field beyond":      one("a.x"),
		"two arrays":          one("a", "b.c"),
		"no field":            one(),
		"an index name twice": {Name: "x", Indexes: []Index{{Name: "i", Fields: []string{"m.k"}}, {Name: "i", Fields: []string{"a"}}}},
		"the name of the id":  {Name: "x", Indexes: []Index{{Name: "id", Fields: []string{"a"}}}},
	} {
		if _, err := newSchema[lists](spec); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	for _, good := range []Spec{one("b.c", "m.k"), one("any", "rev"), one("any.deep.path")} {
		if _, err := newSchema[lists](good); err != nil {
			t.Errorf("%v: %v", good.Indexes, err)
		}
	}
	if _, err := newSchema[plain](Spec{Name: "x"}); err == nil || !strings.Contains(err.Error(), "inline") {
		t.Errorf("a document whose Meta is not inline: %v", err)
	}
}

// TestLocksForget: the turns of a document are not kept after the last writer.
func TestLocksForget(t *testing.T) {
	var k keyLocks
	unlock, err := k.lock(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := k.lock(ctx, "a"); err == nil {
		t.Error("an ended context got the turn")
	}
	unlock()
	if len(k.held) != 0 {
		t.Errorf("%d locks are kept", len(k.held))
	}
}
