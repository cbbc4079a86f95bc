package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"modernc.org/sqlite"
)

// How long a read or a transaction waits for another process, and the writer's step: it asks
// again every lockStep.
const (
	lockWait = 15 * time.Second
	lockStep = time.Millisecond
)

// Page caches, KiB. They bound the engine's memory whatever the size of the database; the
// operating system's cache does the rest.
const (
	writerCache  = 12 << 10
	readersCache = 20 << 10 // of all readers together
)

// sqliteEngine keeps every collection in one SQLite file:
//
//	d_NAME(n, id, seq, body)   the documents
//	g_NAME(id, seq)            the deleted ids (a row stays when the id comes back: its seq is older)
//	i_NAME__INDEX(k, id)       index entries, k from key.go
//	qiming_*                   the change counter, versions, indexes that stand
//
// One goroutine writes (sqlite_write.go); reads take a connection from a small pool.
type sqliteEngine struct {
	path    string
	writer  *conn
	readers chan *conn
	nread   int

	queue chan *sqliteWrite
	done  chan struct{} // the writer goroutine ended

	mu     sync.RWMutex // held for reading while a write is being queued
	closed bool
}

func openSQLite(path string) (*sqliteEngine, error) {
	if path == "" {
		return nil, errors.New(`store: "sqlite:" needs a path`)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if err := makePrivate(path); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	// As every distribution's SQLite does: fsync would also journal the file's times, at twice
	// the cost and for nothing. Where there is no fdatasync, fsync stays.
	if _, err := sqlite.Fdatasync(true); err != nil && !errors.Is(err, sqlite.ErrFdatasyncUnavailable) {
		return nil, fmt.Errorf("store: %w", err)
	}
	var err error
	e := &sqliteEngine{path: path, nread: max(2, min(8, 2*runtime.GOMAXPROCS(0))),
		queue: make(chan *sqliteWrite, maxGroup), done: make(chan struct{})}
	e.readers = make(chan *conn, e.nread)
	if e.writer, err = dialSQLite(sqliteDSN(path, writerCache, false)); err != nil {
		return nil, fmt.Errorf("store: %s: %w", path, err)
	}
	// The writer waits for other processes by itself, in shorter steps than SQLite's.
	if _, err := e.writer.exec(`PRAGMA busy_timeout = 0`); err != nil {
		return nil, errors.Join(fmt.Errorf("store: %s: %w", path, err), e.writer.close())
	}
	for n := range e.nread {
		r, err := dialSQLite(sqliteDSN(path, readersCache/e.nread, true))
		if err != nil {
			e.nread = n
			return nil, errors.Join(fmt.Errorf("store: %s: %w", path, err), e.closeConns())
		}
		e.readers <- r
	}
	go e.writeLoop()
	return e, nil
}

// makePrivate makes the database file where there is none, for its owner only: SQLite would make it
// readable for all, and it holds personal data. A file that exists is not even opened: closing any
// descriptor of a file drops every POSIX lock that the process holds on it, those of another engine on the
// same database included (sqlite.org/howtocorrupt.html, section 2.2).
func makePrivate(path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}

func sqliteDSN(path string, cacheKiB int, readOnly bool) string {
	q := url.Values{}
	q.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", lockWait.Milliseconds()))
	q.Add("_pragma", "journal_mode(WAL)")
	q.Add("_pragma", "synchronous(FULL)")
	q.Add("_pragma", fmt.Sprintf("cache_size(-%d)", cacheKiB))
	q.Add("_pragma", "temp_store(MEMORY)")
	if readOnly {
		q.Add("_pragma", "query_only(1)")
	} else {
		q.Add("_pragma", "wal_autocheckpoint(4000)")
		q.Add("_pragma", fmt.Sprintf("journal_size_limit(%d)", 64<<20))
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// read lends a connection of the pool to fn.
func (e *sqliteEngine) read(ctx context.Context, fn func(*conn) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case c, ok := <-e.readers:
		if !ok {
			return errClosed()
		}
		defer func() { e.readers <- c }()
		return sqliteFault(fn(c))
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *sqliteEngine) ping(ctx context.Context) error {
	e.mu.RLock()
	closed := e.closed
	e.mu.RUnlock()
	if closed {
		return errClosed()
	}
	return e.read(ctx, func(c *conn) error {
		return c.query(func([]driver.Value) error { return nil }, `SELECT 1 FROM sqlite_master LIMIT 1`)
	})
}

func (e *sqliteEngine) close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	close(e.queue)
	e.mu.Unlock()
	<-e.done
	return e.closeConns()
}

// closeConns waits for the lent connections: reads are short.
func (e *sqliteEngine) closeConns() error {
	var errs []error
	for range e.nread {
		errs = append(errs, (<-e.readers).close())
	}
	close(e.readers)
	return errors.Join(append(errs, e.writer.close())...)
}
