package store_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
)

// The crash and the full-disk test run this test binary again as another process.
const (
	childRole = "QIMING_STORE_CHILD" // "crash", "limit" or "count"
	childPath = "QIMING_STORE_PATH"
	childRun  = "QIMING_STORE_RUN"
)

func TestMain(m *testing.M) {
	switch os.Getenv(childRole) {
	case "crash":
		exit(crashChild())
	case "limit":
		exit(limitChild())
	case "count":
		exit(countChild())
	}
	os.Exit(m.Run())
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// child gives this binary as a process of the role.
func child(t *testing.T, role, path, run string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childRole+"="+role, childPath+"="+path, childRun+"="+run)
	cmd.Stderr = os.Stderr
	return cmd
}

// Sheet is an answer sheet: Text is whole if it has its digest.
type Sheet struct {
	store.Meta `bson:",inline"`
	Run        string `bson:"run"`
	Count      int    `bson:"count"`
	Text       string `bson:"text"`
	Sum        string `bson:"sum"`
}

func (s *Sheet) fill(size int) {
	s.Text = strings.Repeat(fmt.Sprintf("%s %d|", s.ID, s.Count), size/16+1)
	s.Sum = fmt.Sprintf("%x", sha256.Sum256([]byte(s.Text)))
}

func (s *Sheet) whole() bool { return s.Sum == fmt.Sprintf("%x", sha256.Sum256([]byte(s.Text))) }

func openSheets(ctx context.Context, path string) (*store.DB, store.Collection[Sheet], error) {
	db, err := store.Open(ctx, "sqlite:"+path, ident.System{})
	if err != nil {
		return nil, nil, err
	}
	c := store.Define[Sheet](db, store.Spec{Name: "sheet", Indexes: []store.Index{
		{Name: "run", Fields: []string{"run", "count"}},
		{Name: "sum", Fields: []string{"sum"}, Unique: true},
	}})
	return db, c, db.Start(ctx)
}

// crashChild writes from eight goroutines until it is killed and prints what was acknowledged:
// "I id" for an insert, "U id count" for an update.
func crashChild() error {
	ctx := context.Background()
	_, c, err := openSheets(ctx, os.Getenv(childPath))
	if err != nil {
		return err
	}
	run := os.Getenv(childRun)
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			hot := fmt.Sprintf("hot-%d", w)
			s := Sheet{Meta: store.Meta{ID: hot}, Run: "hot"}
			s.fill(100)
			if err := c.Insert(ctx, &s); err != nil && !fault.Is(err, fault.Exists) {
				exit(err)
			}
			for i := 0; ; i++ {
				s := Sheet{Meta: store.Meta{ID: fmt.Sprintf("%s-%d-%d", run, w, i)}, Run: run, Count: i}
				s.fill(100 + (i*977+w*331)%12000)
				if err := c.Insert(ctx, &s); err != nil {
					exit(err)
				}
				fmt.Printf("I %s\n", s.ID)
				up, err := c.Update(ctx, hot, func(s *Sheet) error {
					s.Count++
					s.fill(100 + s.Count%9000)
					return nil
				})
				if err != nil {
					exit(err)
				}
				fmt.Printf("U %s %d\n", hot, up.Count)
			}
		})
	}
	wg.Wait()
	return errors.New("the writers ended")
}

// TestCrash kills a writing process with SIGKILL at random moments; after every new start
// all that it had reported is there, whole, and nothing else is halfway.
func TestCrash(t *testing.T) {
	rounds := 50
	if testing.Short() {
		rounds = 5
		t.Log("-short: killed 5 times, not 50")
	}
	path := filepath.Join(t.TempDir(), "crash.db")
	hot := map[string]int{}
	acknowledged := 0
	for round := range rounds {
		run := fmt.Sprintf("r%02d", round)
		cmd := child(t, "crash", path, run)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Every other round the clock runs from the start of the process, so that opening and
		// recovering are hit too; else from the first acknowledgement.
		var inserted []string
		var killer *time.Timer
		kill := func(within time.Duration) {
			killer = time.AfterFunc(rand.N(within), func() { _ = cmd.Process.Kill() })
		}
		if round%2 == 1 {
			kill(400 * time.Millisecond)
		}
		lines := bufio.NewReader(out)
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				break // a half line is not reported
			}
			if killer == nil {
				kill(150 * time.Millisecond)
			}
			acknowledged++
			var id string
			var count int
			if n, _ := fmt.Sscanf(line, "U %s %d", &id, &count); n == 2 {
				hot[id] = max(hot[id], count)
			} else if n, _ := fmt.Sscanf(line, "I %s", &id); n == 1 {
				inserted = append(inserted, id)
			}
		}
		_ = cmd.Wait()
		if killer == nil {
			t.Fatalf("round %d: the child died by itself", round)
		}
		killer.Stop()
		checkSheets(t, path, run, inserted, hot)
		if t.Failed() {
			t.Fatalf("after round %d", round)
		}
	}
	checkFile(t, path)
	t.Logf("killed %d times, %d acknowledged writes, all there", rounds, acknowledged)
}

func checkSheets(t *testing.T, path, run string, inserted []string, hot map[string]int) {
	t.Helper()
	ctx := t.Context()
	db, c, err := openSheets(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	there := map[string]bool{}
	for s, err := range c.Find(ctx, store.Query[Sheet]{Index: "run", Eq: map[string]any{"run": run}}) {
		if err != nil {
			t.Fatal(err)
		}
		if !s.whole() || s.Rev != 1 {
			t.Errorf("%s is not whole", s.ID)
		}
		there[s.ID] = true
	}
	got, err := c.GetMany(ctx, inserted)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range inserted {
		if _, ok := got[id]; !ok || !there[id] {
			t.Errorf("%s was acknowledged and is lost (document %v, index %v)", id, ok, there[id])
		}
	}
	for id, count := range hot {
		s, err := c.Get(ctx, id)
		if err != nil || s.Count < count || !s.whole() || s.Rev != int64(s.Count)+1 {
			t.Errorf("%s: count %d acknowledged, found %d at revision %d, whole %v, %v", id, count, s.Count, s.Rev, s.whole(), err)
		}
	}
}

// checkFile looks past the store: SQLite's own check, and documents, indexes and feed agree.
func checkFile(t *testing.T, path string) {
	t.Helper()
	db, c, err := openSheets(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	docs, sums := 0, map[string]bool{}
	for s, err := range c.Find(t.Context(), store.Query[Sheet]{}) {
		if err != nil || !s.whole() {
			t.Fatalf("%s: whole %v, %v", s.ID, s.whole(), err)
		}
		docs++
		sums[s.ID] = true
	}
	for _, index := range []string{"run", "sum"} {
		if n, err := c.Count(t.Context(), store.Query[Sheet]{Index: index}); n != docs || err != nil {
			t.Errorf("index %s has %d entries for %d documents, %v", index, n, docs, err)
		}
	}
	changes, err := c.Changes(t.Context(), "", 10*docs)
	if err != nil || len(changes) != docs {
		t.Errorf("the feed has %d changes for %d documents, %v", len(changes), docs, err)
	}
	for _, ch := range changes {
		if !sums[ch.ID] || ch.Deleted {
			t.Errorf("the feed has %+v", ch)
		}
	}
	raw, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	var verdict string
	if err := raw.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity_check: %s, %v", verdict, err)
	}
}
