package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"qiming/internal/ident"
	"qiming/internal/store"
)

// shelf is a source in memory.
type shelf struct {
	mu        sync.Mutex
	documents map[string]*Document
	changes   []store.Change
}

func (s *shelf) set(id, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.documents == nil {
		s.documents = map[string]*Document{}
	}
	s.documents[id] = &Document{Type: "article", ID: id, Title: text, Text: text, Audience: []string{"public"}}
	if text == "" {
		delete(s.documents, id)
	}
	s.changes = append(s.changes, store.Change{Seq: fmt.Sprintf("%09d", len(s.changes)+1), ID: id, Deleted: text == ""})
}

func (s *shelf) source() Source {
	return Source{
		Name: "shelf", Type: "article",
		Changes: func(_ context.Context, since string, limit int) ([]store.Change, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			at, _ := strconv.Atoi(since)
			return slices.Clone(s.changes[at:min(at+limit, len(s.changes))]), nil
		},
		Documents: func(_ context.Context, ids []string) ([]*Document, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			var out []*Document
			for _, id := range ids {
				if d := s.documents[id]; d != nil && !slices.Contains(out, d) {
					out = append(out, d)
				}
			}
			return out, nil
		},
	}
}

func openLive(t testing.TB, dir string, sources ...Source) *Live {
	t.Helper()
	l, err := OpenLive(dir, ident.System{}, slog.New(slog.DiscardHandler), sources...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func shutLive(t testing.TB, l *Live) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

func finds(t testing.TB, l *Live, text string) int {
	t.Helper()
	r, err := l.Search(context.Background(), Request{Text: text, Audience: []string{"public"}, Limit: 5, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return r.Total
}

func TestProcessesFollowTheirSources(t *testing.T) {
	dir, s := t.TempDir(), &shelf{}
	s.set("a", "党费工作")
	one, two := openLive(t, dir, s.source()), openLive(t, dir, s.source())
	if one.dir == two.dir {
		t.Fatal("two processes write into one directory")
	}
	if _, err := one.Search(t.Context(), Request{Text: "党费", Audience: []string{"public"}}); !errors.Is(err, ErrBuilding) {
		t.Errorf("before the first index is built: %v", err)
	}
	for _, l := range []*Live{one, two} {
		if err := l.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		if finds(t, l, "党费") != 1 {
			t.Error("what was there before is not found")
		}
	}
	s.set("b", "党费收缴")
	s.set("a", "换届选举")
	for i := range 3 * followBatch {
		s.set(fmt.Sprint("x", i), "其他内容")
	}
	s.set("x0", "")
	for _, l := range []*Live{one, two} {
		if err := l.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := finds(t, l, "党费"); n != 1 {
			t.Errorf("%d hits after a change", n)
		}
		if n := finds(t, l, "其他内容"); n != 3*followBatch-1 {
			t.Errorf("%d of many", n)
		}
	}
	home := one.dir
	shutLive(t, one)
	s.set("c", "党费减免")
	again := openLive(t, dir, s.source())
	defer shutLive(t, again)
	defer shutLive(t, two)
	if again.dir != home {
		t.Errorf("a process that starts again does not take up the index left there: %s, %s", again.dir, home)
	}
	if finds(t, again, "党费") != 1 {
		t.Error("the index of the process before is not there")
	}
	if err := again.Refresh(t.Context()); err != nil || finds(t, again, "党费") != 2 {
		t.Errorf("what changed while nobody followed is not found, %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); again.Run(ctx) }()
	s.set("d", "党费公示")
	for range 1000 {
		if finds(t, again, "党费") == 3 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	<-ended
	if finds(t, again, "党费") != 3 {
		t.Error("Run does not follow")
	}
}

func TestRebuildServesMeanwhile(t *testing.T) {
	dir, s := t.TempDir(), &shelf{}
	for i := range 2 * followBatch {
		s.set(fmt.Sprint(i), "学习材料")
	}
	source := s.source()
	documents := source.Documents
	var live *Live
	during := 0
	source.Documents = func(ctx context.Context, ids []string) ([]*Document, error) {
		if live != nil && !live.empty() {
			if n := finds(t, live, "学习材料"); n < 2*followBatch {
				return nil, fmt.Errorf("only %d are found meanwhile", n)
			}
			if p := live.Progress(); p == nil || !p.Ended.IsZero() {
				return nil, fmt.Errorf("progress %+v", p)
			}
			if err := live.Rebuild(ctx); err != nil {
				return nil, err
			}
			if during++; during == 2 {
				s.set("late", "学习材料")
			}
		}
		return documents(ctx, ids)
	}
	live = openLive(t, dir, source)
	defer func() { shutLive(t, live) }()
	if err := live.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := live.now.path
	if err := live.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	if during < 3 || live.now.path == first || finds(t, live, "学习材料") != 2*followBatch+1 {
		t.Errorf("%d batches, %s after %s", during, live.now.path, first)
	}
	if p := live.Progress(); p.Ended.IsZero() || p.Err != nil || p.Done != 2*followBatch+1 {
		t.Errorf("progress %+v", p)
	}
	if entries, err := os.ReadDir(live.dir); err != nil || len(entries) != 2 {
		t.Errorf("left over: %v, %v", entries, err)
	}
	broken := errors.New("broken")
	live.sources[0].Documents = func(context.Context, []string) ([]*Document, error) { return nil, broken }
	if err := live.Rebuild(t.Context()); !errors.Is(err, broken) {
		t.Errorf("a rebuilding that fails says %v", err)
	}
	if p := live.Progress(); !errors.Is(p.Err, broken) {
		t.Errorf("and its progress %+v", p)
	}
	if entries, _ := os.ReadDir(live.dir); len(entries) != 2 || finds(t, live, "学习材料") == 0 {
		t.Errorf("and leaves %v", entries)
	}
}

func TestABrokenIndexIsBuiltAnew(t *testing.T) {
	dir, s := t.TempDir(), &shelf{}
	s.set("a", "党费工作")
	l := openLive(t, dir, s.source())
	if err := l.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	path := l.now.path
	shutLive(t, l)
	if err := os.WriteFile(filepath.Join(path, "index_meta.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	l = openLive(t, dir, s.source())
	defer shutLive(t, l)
	if !l.empty() {
		t.Fatal("a broken index serves")
	}
	if err := l.Rebuild(t.Context()); err != nil || finds(t, l, "党费") != 1 {
		t.Error(err)
	}
}

const crashDir = "QIMING_TEST_SEARCH_CRASH"

// The child writes batches of five documents, each with its number as the mark, until it is killed.
func TestCrashChild(t *testing.T) {
	dir := os.Getenv(crashDir)
	if dir == "" {
		return // only for TestKilledWhileIndexing
	}
	x, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	last, err := x.Mark("n")
	if err != nil {
		t.Fatal(err)
	}
	n, _ := strconv.Atoi(last)
	for {
		n++
		change := Change{Marks: map[string]string{"n": strconv.Itoa(n)}}
		for i := range 5 {
			change.Put = append(change.Put, &Document{Type: "article", ID: fmt.Sprint(n, "-", i), Text: strings.Repeat("党费收缴工作", 50), Audience: []string{"public"}})
		}
		if err := x.Apply(change); err != nil {
			t.Fatal(err)
		}
		fmt.Println(n)
	}
}

func TestKilledWhileIndexing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	confirmed := 0
	for round := range 6 {
		child := exec.Command(os.Args[0], "-test.run=^TestCrashChild$")
		child.Env = append(os.Environ(), crashDir+"="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		var n int
		for range 3 + 2*round {
			if _, err := fmt.Fscan(out, &n); err != nil {
				t.Fatal(err)
			}
		}
		confirmed = n
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		child.Wait() //nolint:errcheck // it was killed
		x, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		mark, err := x.Mark("n")
		if err != nil {
			t.Fatal(err)
		}
		kept, _ := strconv.Atoi(mark)
		documents, err := x.Count()
		if err != nil {
			t.Fatal(err)
		}
		if kept < confirmed || documents != 5*kept {
			t.Errorf("round %d: %d batches were confirmed, the mark says %d, there are %d documents", round, confirmed, kept, documents)
		}
		if r, err := x.Search(t.Context(), Request{Text: "党费", Audience: []string{"public"}, Now: now}); err != nil || r.Total != documents {
			t.Errorf("round %d: %d of %d are found, %v", round, r.Total, documents, err)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if confirmed < 20 {
		t.Errorf("only %d batches were written", confirmed)
	}
}
