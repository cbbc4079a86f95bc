package store_test

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"qiming/internal/ident"
	"qiming/internal/store"
)

// The benchmarks set the store beside bare SQLite that does the same work in the same run:
// the same driver, durability (WAL, synchronous=FULL), page cache and grouping of writes, the
// same secondary index; but no revision, change feed or encoding (it is handed bytes).

const (
	writers  = 128
	rounds   = 6 // the two take turns, so that a busy moment of the machine meets both
	bodySize = 1000
)

// Entry is the benchmarks' document, about a kilobyte.
type Entry struct {
	store.Meta `bson:",inline"`
	Branch     string `bson:"branch"`
	Age        int    `bson:"age"`
	Text       string `bson:"text"`
}

func entry(n int, size int) Entry {
	return Entry{Meta: store.Meta{ID: fmt.Sprintf("e%08d", n)}, Branch: fmt.Sprintf("/%d", n%50), Age: n % 90, Text: strings.Repeat("x", size)}
}

func openEntries(b *testing.B, path string) (*store.DB, store.Collection[Entry]) {
	b.Helper()
	db, err := store.Open(b.Context(), "sqlite:"+path, ident.System{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	c := store.Define[Entry](db, store.Spec{Name: "entry", Indexes: []store.Index{{Name: "branch_age", Fields: []string{"branch", "age"}}}})
	if err := db.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	return db, c
}

// bare is SQLite without the store.
type bare struct {
	write *sql.Conn
	reads *sql.DB
	queue chan *bareWrite
	get   *sql.Stmt
}

type bareWrite struct {
	update bool
	id     string
	branch string
	age    int
	body   []byte
	done   chan error
}

func openBare(b *testing.B, path string) *bare {
	b.Helper()
	dsn := "file:" + path + "?_pragma=busy_timeout(15000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(4000)&_pragma=cache_size(-%d)"
	wdb, err := sql.Open("sqlite", fmt.Sprintf(dsn, 12<<10))
	if err != nil {
		b.Fatal(err)
	}
	conn, err := wdb.Conn(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, q := range []string{
		`CREATE TABLE docs (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, branch TEXT NOT NULL, age INTEGER NOT NULL, body BLOB NOT NULL)`,
		`CREATE INDEX docs_branch_age ON docs (branch, age, id)`,
	} {
		if _, err := conn.ExecContext(b.Context(), q); err != nil {
			b.Fatal(err)
		}
	}
	rdb, err := sql.Open("sqlite", fmt.Sprintf(dsn, 5<<10))
	if err != nil {
		b.Fatal(err)
	}
	rdb.SetMaxOpenConns(4)
	rdb.SetMaxIdleConns(4)
	get, err := rdb.Prepare(`SELECT body FROM docs WHERE id = ?`)
	if err != nil {
		b.Fatal(err)
	}
	x := &bare{write: conn, reads: rdb, queue: make(chan *bareWrite, 512), get: get}
	ended := make(chan struct{})
	go func() { defer close(ended); x.loop(b) }()
	b.Cleanup(func() { close(x.queue); <-ended; _ = conn.Close(); _ = wdb.Close(); _ = rdb.Close() })
	return x
}

func (x *bare) loop(b *testing.B) {
	ctx := context.Background()
	prep := func(q string) *sql.Stmt {
		st, err := x.write.PrepareContext(ctx, q)
		if err != nil {
			b.Error(err)
		}
		return st
	}
	begin, commit := prep(`BEGIN IMMEDIATE`), prep(`COMMIT`)
	insert := prep(`INSERT INTO docs (id, branch, age, body) VALUES (?, ?, ?, ?)`)
	update := prep(`UPDATE docs SET body = ? WHERE id = ?`)
	for first := range x.queue {
		group := []*bareWrite{first}
	gather:
		for len(group) < 512 {
			select {
			case w, ok := <-x.queue:
				if !ok {
					break gather
				}
				group = append(group, w)
			default:
				break gather
			}
		}
		_, err := begin.ExecContext(ctx)
		for _, w := range group {
			if err != nil {
				break
			}
			if w.update {
				_, err = update.ExecContext(ctx, w.body, w.id)
			} else {
				_, err = insert.ExecContext(ctx, w.id, w.branch, w.age, w.body)
			}
		}
		if err == nil {
			_, err = commit.ExecContext(ctx)
		}
		for _, w := range group {
			w.done <- err
		}
	}
}

func (x *bare) do(w *bareWrite) error {
	w.done = make(chan error, 1)
	x.queue <- w
	return <-w.done
}

// perSecond runs n calls from as many goroutines as given and gives the rate.
func perSecond(b *testing.B, goroutines, n int, call func(i int) error) float64 {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for range goroutines {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := call(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(n) / time.Since(start).Seconds()
}

// duel lets the two take turns and reports the medians and their ratio.
func duel(b *testing.B, unit string, goal float64, store, bare func(round, n int) float64) {
	b.Helper()
	n := max(b.N/rounds, 1)
	var ours, theirs []float64
	b.ResetTimer()
	for r := range rounds {
		if r%2 == 0 {
			ours = append(ours, store(r, n))
			theirs = append(theirs, bare(r, n))
		} else {
			theirs = append(theirs, bare(r, n))
			ours = append(ours, store(r, n))
		}
	}
	b.StopTimer()
	slices.Sort(ours)
	slices.Sort(theirs)
	o, t := ours[rounds/2], theirs[rounds/2]
	b.ReportMetric(o, unit)
	b.ReportMetric(t, "bare_"+unit)
	b.ReportMetric(o/t, "ratio")
	b.ReportMetric(goal, "goal_ratio")
}

func BenchmarkInsert(b *testing.B) {
	_, c := openEntries(b, filepath.Join(b.TempDir(), "store.db"))
	x := openBare(b, filepath.Join(b.TempDir(), "bare.db"))
	body, err := bson.Marshal(entry(0, bodySize))
	if err != nil {
		b.Fatal(err)
	}
	duel(b, "writes/s", 0.6,
		func(r, n int) float64 {
			return perSecond(b, writers, n, func(i int) error {
				e := entry(r*n+i, bodySize)
				return c.Insert(b.Context(), &e)
			})
		},
		func(r, n int) float64 {
			return perSecond(b, writers, n, func(i int) error {
				e := entry(r*n+i, 0)
				return x.do(&bareWrite{id: e.ID, branch: e.Branch, age: e.Age, body: body})
			})
		})
}

// BenchmarkUpdate reads, changes and writes; bare SQLite reads the bytes and writes others.
func BenchmarkUpdate(b *testing.B) {
	_, c := openEntries(b, filepath.Join(b.TempDir(), "store.db"))
	x := openBare(b, filepath.Join(b.TempDir(), "bare.db"))
	body, err := bson.Marshal(entry(0, bodySize))
	if err != nil {
		b.Fatal(err)
	}
	const docs = 5000
	perSecond(b, writers, docs, func(i int) error {
		e := entry(i, bodySize)
		return c.Insert(b.Context(), &e)
	})
	perSecond(b, writers, docs, func(i int) error {
		e := entry(i, 0)
		return x.do(&bareWrite{id: e.ID, branch: e.Branch, age: e.Age, body: body})
	})
	duel(b, "writes/s", 0.6,
		func(r, n int) float64 {
			return perSecond(b, writers, n, func(i int) error {
				_, err := c.Update(b.Context(), entry(i*37%docs, 0).ID, func(e *Entry) error { e.Text = e.Text[1:] + "y"; return nil })
				return err
			})
		},
		func(r, n int) float64 {
			return perSecond(b, writers, n, func(i int) error {
				id := entry(i*37%docs, 0).ID
				var was []byte
				if err := x.get.QueryRow(id).Scan(&was); err != nil {
					return err
				}
				// Other bytes than before: SQLite leaves a page alone that would not change.
				now := slices.Clone(was)
				binary.LittleEndian.PutUint64(now[len(now)-16:], uint64(r*n+i))
				return x.do(&bareWrite{update: true, id: id, body: now})
			})
		})
}

func BenchmarkGet(b *testing.B) {
	_, c := openEntries(b, filepath.Join(b.TempDir(), "store.db"))
	x := openBare(b, filepath.Join(b.TempDir(), "bare.db"))
	body, err := bson.Marshal(entry(0, bodySize))
	if err != nil {
		b.Fatal(err)
	}
	const docs = 10000
	perSecond(b, writers, docs, func(i int) error {
		e := entry(i, bodySize)
		return c.Insert(b.Context(), &e)
	})
	perSecond(b, writers, docs, func(i int) error {
		e := entry(i, 0)
		return x.do(&bareWrite{id: e.ID, branch: e.Branch, age: e.Age, body: body})
	})
	duel(b, "reads/s", 0.5,
		func(r, n int) float64 {
			return perSecond(b, 16, n, func(i int) error {
				_, err := c.Get(b.Context(), entry(i*7919%docs, 0).ID)
				return err
			})
		},
		func(r, n int) float64 {
			return perSecond(b, 16, n, func(i int) error {
				var got []byte
				return x.get.QueryRow(entry(i*7919%docs, 0).ID).Scan(&got)
			})
		})
}

// BenchmarkFlat compares the median cost of one operation at 1,000 and at 1,000,000 small documents; the
// goal is a ratio below 1.5. The two take turns operation by operation, so that whatever else the machine
// does meets both. It takes a few minutes, whatever b.N.
func BenchmarkFlat(b *testing.B) {
	if testing.Short() {
		b.Skip("-short: the cost at 1,000,000 documents was not measured")
	}
	few, many := openFlat(b, 1_000), openFlat(b, 1_000_000)
	for _, name := range []string{"get", "page", "update", "insert"} {
		const warm, n = 2000, 4000
		var small, large []time.Duration
		for i := range warm + n {
			s, l := few.time(b, name), many.time(b, name)
			if i >= warm {
				small, large = append(small, s), append(large, l)
			}
		}
		slices.Sort(small)
		slices.Sort(large)
		b.ReportMetric(float64(large[n/2])/float64(small[n/2]), name+"_p50_ratio")
		b.ReportMetric(float64(large[n/2].Microseconds()), name+"_p50_us")
	}
	b.ReportMetric(1.5, "goal_below")
}

// flat is a database of docs entries and what was inserted since.
type flat struct {
	c           store.Collection[Entry]
	docs, extra int
}

func openFlat(b *testing.B, docs int) *flat {
	_, c := openEntries(b, filepath.Join(b.TempDir(), "flat.db"))
	perSecond(b, 512, docs, func(i int) error {
		e := entry(i, 20)
		return c.Insert(b.Context(), &e)
	})
	return &flat{c: c, docs: docs}
}

func (f *flat) time(b *testing.B, name string) time.Duration {
	id := entry(rand.IntN(f.docs), 0).ID
	var err error
	start := time.Now()
	switch name {
	case "get":
		_, err = f.c.Get(b.Context(), id)
	case "update":
		_, err = f.c.Update(b.Context(), id, func(e *Entry) error { e.Text = e.Text[1:] + "y"; return nil })
	case "insert":
		f.extra++
		e := entry(50_000_000+f.extra, 20)
		err = f.c.Insert(b.Context(), &e)
	case "page":
		_, err = f.c.Page(b.Context(), store.Query[Entry]{Index: "branch_age",
			Eq: map[string]any{"branch": fmt.Sprintf("/%d", rand.IntN(50))}, From: rand.IntN(80), Limit: 10})
	}
	took := time.Since(start)
	if err != nil {
		b.Fatal(err)
	}
	return took
}
