package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"qiming/internal/ident"
	"qiming/internal/store"
)

// Source is a collection whose things are found.
type Source struct {
	Name string // of the collection, as the index keeps its position by
	Type string // of its documents
	// Changes gives changed ids, as store.Collection does.
	Changes func(ctx context.Context, since string, limit int) ([]store.Change, error)
	// Documents gives what is to be found of things; those without a document leave the index.
	Documents func(ctx context.Context, ids []string) ([]*Document, error)
}

const (
	followBatch = 200                    // changes that are asked for at once
	pileThings  = 2_000                  // things that are written at once
	pileBytes   = 8 << 20                // text that is written at once
	followEvery = 500 * time.Millisecond // how often a source is asked for changes
	maxSlots    = 256                    // processes on one directory
)

// Names of marks: markPrefix keeps those of positions apart from what Bleve keeps for itself, builtMark is when the
// building began.
const (
	markPrefix = "source/"
	builtMark  = "built"
)

// Live is the index of a process: it follows its sources, and is built anew while the old one serves.
type Live struct {
	dir     string // of this process
	lock    *os.File
	sources []Source
	clock   ident.Clock
	log     *slog.Logger

	writing sync.Mutex // one takes in changes at a time

	mu       sync.RWMutex // for reading while the index is searched, for writing while it is exchanged
	now      *Index
	progress atomic.Pointer[Progress]
	done     atomic.Int64
}

// Progress is how far a rebuilding has come.
type Progress struct {
	Started time.Time
	Done    int // documents
	Ended   time.Time
	Err     error
}

// ErrBuilding is what searches get until the first index of a process is built.
var ErrBuilding = errors.New("search: the index is being built")

// OpenLive takes a directory of its own below dir, where each process has one, and opens what a process before left there.
func OpenLive(dir string, clock ident.Clock, log *slog.Logger, sources ...Source) (*Live, error) {
	l := &Live{sources: sources, clock: clock, log: log}
	for slot := range maxSlots {
		l.dir = filepath.Join(dir, strconv.Itoa(slot))
		if err := os.MkdirAll(l.dir, 0o700); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		lock, err := os.OpenFile(filepath.Join(l.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			lock.Close()
			continue
		}
		l.lock = lock
		break
	}
	if l.lock == nil {
		return nil, fmt.Errorf("search: %d processes use %s already", maxSlots, dir)
	}
	if name := l.finished(); name != "" {
		x, err := Open(filepath.Join(l.dir, name))
		if err != nil {
			log.Warn("the search index cannot be read and is built anew", "error", err)
		} else {
			l.now = x
		}
	}
	if err := l.clean(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// versionPrefix begins the names of the directories of finished indexes of this version; a number follows. Those that
// are being built have another beginning until they are complete.
const (
	versionPrefix  = "v" + Version + "-"
	buildingPrefix = "building-"
)

// finished gives the newest finished index of this version; "" where there is none.
func (l *Live) finished() string {
	entries, err := os.ReadDir(l.dir)
	if err != nil {
		return ""
	}
	newest, name := -1, ""
	for _, entry := range entries {
		if n, err := strconv.Atoi(strings.TrimPrefix(entry.Name(), versionPrefix)); strings.HasPrefix(entry.Name(), versionPrefix) && err == nil && n > newest {
			newest, name = n, entry.Name()
		}
	}
	return name
}

// clean removes what is not the index in use.
func (l *Live) clean() error {
	entries, err := os.ReadDir(l.dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		path := filepath.Join(l.dir, entry.Name())
		if !entry.IsDir() || l.now != nil && path == l.now.path {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// Close ends the use of the index.
func (l *Live) Close() error {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	var err error
	if l.now != nil {
		err = l.now.Close()
		l.now = nil
	}
	return errors.Join(err, l.lock.Close())
}

// Run follows the sources until the context ends; it builds the index first where there is none.
func (l *Live) Run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		var err error
		if l.empty() {
			err = l.Rebuild(ctx)
		} else {
			err = l.Refresh(ctx)
		}
		if err == nil {
			_, err = use(l, func(x *Index) (bool, error) { return true, x.Warm() })
		}
		wait := followEvery
		if err != nil && ctx.Err() == nil {
			l.log.Warn("the search index does not follow and tries again", "error", err)
			wait = 10 * followEvery
		}
		timer.Reset(wait)
	}
}

func (l *Live) empty() bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.now == nil
}

// Refresh takes in what changed.
func (l *Live) Refresh(ctx context.Context) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	if l.now == nil {
		return ErrBuilding
	}
	return l.follow(ctx, l.now, nil)
}

// follow brings an index to the end of all sources. Positions are kept with the documents, so that a crash between loses
// nothing and repeats little.
func (l *Live) follow(ctx context.Context, x *Index, done func(int)) error {
	for _, source := range l.sources {
		since, err := x.Mark(markPrefix + source.Name)
		if err != nil {
			return err
		}
		var pending pile
		for more := true; more; {
			changes, err := source.Changes(ctx, since, followBatch)
			if err != nil {
				return fmt.Errorf("search: changes of %s: %w", source.Name, err)
			}
			if more = len(changes) > 0; more {
				ids, gone := make([]string, len(changes)), make([]Thing, len(changes))
				for i, c := range changes {
					ids[i], gone[i] = c.ID, Thing{source.Type, c.ID}
				}
				put, err := source.Documents(ctx, ids)
				if err != nil {
					return fmt.Errorf("search: documents of %s: %w", source.Name, err)
				}
				since = changes[len(changes)-1].Seq
				pending.add(put, gone)
			}
			if pending.enough() || !more && len(pending.Gone) > 0 {
				pending.Marks = map[string]string{markPrefix + source.Name: since}
				if err := x.Apply(pending.Change); err != nil {
					return err
				}
				if done != nil {
					done(len(pending.Put))
				}
				pending = pile{}
			}
		}
	}
	return nil
}

// pile is what is written at once: a segment for each page of changes would be merged again and again.
type pile struct {
	Change
	bytes int
}

// add puts the documents of things on the pile, in the place of what was there of them.
func (p *pile) add(put []*Document, gone []Thing) {
	if len(p.Put) > 0 {
		newer := make(map[Thing]bool, len(gone))
		for _, thing := range gone {
			newer[thing] = true
		}
		p.Put = slices.DeleteFunc(p.Put, func(d *Document) bool { return newer[Thing{d.Type, d.ID}] })
	}
	p.Put, p.Gone = append(p.Put, put...), append(p.Gone, gone...)
	for _, d := range put {
		p.bytes += len(d.Text)
	}
}

func (p *pile) enough() bool { return len(p.Gone) >= pileThings || p.bytes >= pileBytes }

// Rebuild builds the index anew beside the one that serves, and puts it in its place. Changes meanwhile are taken in at
// the end. One is built at a time.
func (l *Live) Rebuild(ctx context.Context) (err error) {
	p := &Progress{Started: l.clock.Now()}
	if old := l.progress.Load(); old != nil && old.Ended.IsZero() || !l.progress.CompareAndSwap(old, p) {
		return nil // it is under way
	}
	l.done.Store(0)
	defer func() {
		l.progress.Store(&Progress{p.Started, int(l.done.Load()), l.clock.Now(), err})
	}()
	building := filepath.Join(l.dir, buildingPrefix+strconv.FormatInt(p.Started.UnixNano(), 10))
	x, err := Open(building)
	if err != nil {
		return err
	}
	ended := false
	defer func() {
		if !ended {
			x.Close()
			os.RemoveAll(building)
		}
	}()
	count := func(n int) { l.done.Add(int64(n)) }
	if err := l.follow(ctx, x, count); err != nil {
		return err
	}
	if err := x.Compact(ctx); err != nil {
		return err
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := l.follow(ctx, x, count); err != nil { // what changed meanwhile
		return err
	}
	if err := x.Apply(Change{Marks: map[string]string{builtMark: p.Started.Format(time.RFC3339Nano)}}); err != nil {
		return err
	}
	if err := x.Close(); err != nil {
		return err
	}
	ended = true
	next := 0
	if n, err := strconv.Atoi(strings.TrimPrefix(l.finished(), versionPrefix)); err == nil {
		next = n + 1
	}
	path := filepath.Join(l.dir, versionPrefix+strconv.Itoa(next))
	if err := os.Rename(building, path); err != nil {
		return err
	}
	if x, err = Open(path); err != nil {
		return err
	}
	if err := x.Warm(); err != nil {
		return errors.Join(err, x.Close())
	}
	l.mu.Lock()
	old := l.now
	l.now = x
	l.mu.Unlock()
	if old != nil {
		if err := old.Close(); err != nil {
			return err
		}
	}
	return l.clean()
}

// Progress tells of the last rebuilding; nil where this process has made none.
func (l *Live) Progress() *Progress {
	p := l.progress.Load()
	if p == nil {
		return nil
	}
	copied := *p
	copied.Done = int(l.done.Load())
	return &copied
}

// use searches the index of the moment.
func use[T any](l *Live, fn func(*Index) (T, error)) (T, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.now == nil {
		var nothing T
		return nothing, ErrBuilding
	}
	return fn(l.now)
}

// Search is Index.Search on the index of the moment.
func (l *Live) Search(ctx context.Context, q Request) (Result, error) {
	return use(l, func(x *Index) (Result, error) { return x.Search(ctx, q) })
}

// Suggest is Index.Suggest on the index of the moment.
func (l *Live) Suggest(ctx context.Context, q Request) ([]Suggestion, error) {
	return use(l, func(x *Index) ([]Suggestion, error) { return x.Suggest(ctx, q) })
}

// Spell is Index.Spell on the index of the moment.
func (l *Live) Spell(ctx context.Context, q Request) (string, error) {
	return use(l, func(x *Index) (string, error) { return x.Spell(ctx, q) })
}

// Count is the number of documents of the index of the moment.
func (l *Live) Count() (int, error) {
	return use(l, func(x *Index) (int, error) { return x.Count() })
}

// Built tells when the building of the index of the moment began.
func (l *Live) Built() (time.Time, error) {
	return use(l, func(x *Index) (time.Time, error) {
		mark, err := x.Mark(builtMark)
		if err != nil || mark == "" {
			return time.Time{}, err
		}
		return time.Parse(time.RFC3339Nano, mark)
	})
}
