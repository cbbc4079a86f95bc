package store

import (
	"context"
	"errors"

	"qiming/internal/ident"
)

// DB is an open database of either engine.
type DB struct{}

// Open opens "sqlite:PATH" or "mongodb://...". Define every collection, then Start.
func Open(ctx context.Context, url string, clock ident.Clock) (*DB, error) {
	return nil, errors.New("not built yet")
}

// Define registers a collection and gives it. It must be called before Start.
func Define[T any, P Document[T]](db *DB, spec Spec) Collection[T] { panic("not built yet") }

// Start makes tables and indexes and runs migrations.
func (db *DB) Start(ctx context.Context) error { return errors.New("not built yet") }

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return errors.New("not built yet") }

// Close finishes pending writes and closes.
func (db *DB) Close() error { return nil }
