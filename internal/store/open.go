package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"qiming/internal/fault"
	"qiming/internal/ident"
)

// DB is an open database of either engine.
type DB struct {
	engine engine
	clock  ident.Clock
	locks  keyLocks
	recent *recent

	mu      sync.Mutex
	schemas []*schema
	started bool
}

// Open opens "sqlite:PATH" or "mongodb://HOST/DATABASE" ("mongodb+srv://" too). Define every
// collection, then Start.
func Open(ctx context.Context, url string, clock ident.Clock) (*DB, error) {
	db := &DB{clock: clock, recent: newRecent()}
	var err error
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		db.engine, err = openSQLite(strings.TrimPrefix(url, "sqlite:"))
	case strings.HasPrefix(url, "mongodb://"), strings.HasPrefix(url, "mongodb+srv://"):
		db.engine, err = openMongo(ctx, url)
	default:
		err = errors.New(`store: a database URL is "sqlite:PATH" or "mongodb://HOST/DATABASE"`)
	}
	if err != nil {
		return nil, err
	}
	return db, nil
}

// Define registers a collection and gives it. It must be called before Start. A faulty spec
// (an index on a field that T lacks, a name taken) is a mistake in the program and panics.
func Define[T any, P Document[T]](db *DB, spec Spec) Collection[T] {
	s, err := newSchema[T](spec)
	if err != nil {
		panic(err)
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.started {
		panic(fmt.Sprintf("store: collection %s defined after Start", spec.Name))
	}
	for _, other := range db.schemas {
		if other.Name == spec.Name {
			panic(fmt.Sprintf("store: collection %s defined twice", spec.Name))
		}
	}
	db.schemas = append(db.schemas, s)
	return &collection[T, P]{db: db, schema: s}
}

// Start makes tables and indexes and runs migrations. A crash in between leaves nothing to
// repair: the next Start goes on where it stopped. It refuses a database that a newer
// program has written.
func (db *DB) Start(ctx context.Context) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.started {
		return errors.New("store: started twice")
	}
	if err := db.engine.start(ctx, db.schemas); err != nil {
		return err
	}
	db.started = true
	return nil
}

// Ping says whether the database answers: nil, or a fault.Unavailable.
func (db *DB) Ping(ctx context.Context) error { return db.engine.ping(ctx) }

// Close finishes pending writes and closes. Later calls of any collection are fault.Unavailable.
func (db *DB) Close() error { return db.engine.close() }

// engine is what a database must do: documents as BSON, checked and addressed by the typed layer.
type engine interface {
	start(ctx context.Context, schemas []*schema) error
	ping(ctx context.Context) error
	close() error
	// get calls each for the documents that exist, in any order.
	get(ctx context.Context, s *schema, ids []string, each func(record) error) error
	// write gives errStale where old is not the present state, fault.Exists for a clash.
	write(ctx context.Context, w *write) error
	// scan gives up to limit records of the plan's range in order.
	scan(ctx context.Context, p *plan, limit int) ([]record, error)
	count(ctx context.Context, p *plan) (int, error)
	changes(ctx context.Context, s *schema, since string, limit int) ([]Change, error)
	// head gives the position after the last change.
	head(ctx context.Context, s *schema) (string, error)
}

// record is a stored document. seq is new at every write of the collection, so that it
// also tells a document from its successor of the same id and revision.
type record struct {
	id     string
	body   []byte
	seq    int64
	cursor string // of scan only
}

// write is one change of one document: insert (old nil), replace, or delete (body nil).
type write struct {
	schema *schema
	id     string
	old    *record
	body   []byte
	seq    int64 // out: of the document as written; 0 where the engine does not tell
}

// errStale says that somebody wrote the document since it was read.
var errStale = errors.New("store: stale")

func errNotFound(s *schema, id string) error {
	return fault.New(fault.NotFound, "store.not_found", "%s %q", s.Name, id).With("collection", s.Name)
}

func errExists(s *schema, index string) error {
	return fault.New(fault.Exists, "store.exists", "%s: index %s", s.Name, index).
		With("collection", s.Name).With("index", index)
}

func errClosed() error {
	return fault.New(fault.Unavailable, "store.closed", "the database is closed")
}

// keyLocks lets the writers of one document in this process go one after the other, so that
// a hot document does not starve anyone with conflicts.
type keyLocks struct {
	mu   sync.Mutex
	held map[string]*keyLock
}

type keyLock struct {
	turn  chan struct{}
	users int
}

func (k *keyLocks) lock(ctx context.Context, key string) (unlock func(), err error) {
	k.mu.Lock()
	if k.held == nil {
		k.held = map[string]*keyLock{}
	}
	l := k.held[key]
	if l == nil {
		l = &keyLock{turn: make(chan struct{}, 1)}
		k.held[key] = l
	}
	l.users++
	k.mu.Unlock()
	leave := func() {
		k.mu.Lock()
		if l.users--; l.users == 0 {
			delete(k.held, key)
		}
		k.mu.Unlock()
	}
	select {
	case l.turn <- struct{}{}:
		return func() { <-l.turn; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
