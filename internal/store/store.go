// Package store keeps documents: typed collections over embedded SQLite or MongoDB.
//
// The eight promises of the contract stand in contract_test.go, which runs against
// every engine:
//
//  1. Collection[T] has Get, GetMany, Insert, Update, Delete, Find, Page, Count, Changes.
//  2. Durable: an acknowledged write survives kill -9 and power loss.
//  3. One aggregate is one document; Update never loses an update.
//  4. Uniqueness comes from the id or a declared unique index; a clash is fault.Exists.
//  5. Queries use declared indexes only; one without is refused. Pages are by cursor.
//  6. Changes gives changed ids in order, at least once, deletions included.
//  7. No rule needs two documents at once.
//  8. Each collection has a version and forward migrations, run at start, resumable.
package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/bsontype"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// Meta is embedded in every document as its first field, with the tag `bson:",inline"`.
type Meta struct {
	ID        string    `bson:"_id" json:"id"`                // natural key where there is one, else ident.New()
	Rev       int64     `bson:"rev" json:"rev"`               // 1 after Insert, +1 at every Update
	CreatedAt time.Time `bson:"created_at" json:"created_at"` // UTC, milliseconds; set by the store
	UpdatedAt time.Time `bson:"updated_at" json:"updated_at"` // UTC, milliseconds; set by the store
}

// Document is what a collection holds: a pointer to a struct that embeds Meta.
type Document[T any] interface {
	*T
	StoreMeta() *Meta
}

// StoreMeta gives the store access to the embedded Meta.
func (m *Meta) StoreMeta() *Meta { return m }

// Index declares what a collection can be queried by: equality on a prefix of Fields, then
// range or order on the next field. Field names are bson paths ("org_path", "content.kind").
// A field that holds an array is indexed by each element (at most one such field an index).
// Every index ends with the id, so order is total and cursors are stable.
type Index struct {
	Name   string
	Fields []string
	Unique bool // a clash is fault.Exists with Params["index"] = Name; documents lacking the first field are left out
}

// Spec declares a collection. Version starts at 1; Migrations[i] lifts documents from
// version i+1 to i+2 and is applied to raw documents, in id order, resumably.
type Spec struct {
	Name       string
	Version    int
	Indexes    []Index
	Migrations []func(doc map[string]any) error
}

// Query asks by one declared index. Eq must cover a prefix of the index's fields; Order or
// From/To refer to the field after that prefix (or to the id where the prefix is the whole index,
// or Index is "" and the query walks the collection by id).
type Query[T any] struct {
	Index string         // name of the declared index; "" walks by id
	Eq    map[string]any // equality on a prefix of the index's fields
	From  any            // inclusive lower bound on the next field; nil = none
	To    any            // exclusive upper bound on the next field; nil = none
	Desc  bool           // newest/largest first
	Limit int            // 0 = no limit for Find; Page takes 1..500, default 50
	After string         // cursor from an earlier Page; "" = start
	Match func(*T) bool  // residual filter on decoded documents, applied within the indexed range; nil = all
}

// Page is a piece of a listing.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"` // cursor for Query.After; "" = the end
}

// Change is one entry of a collection's change feed.
type Change struct {
	Seq     string // opaque position, to be passed to Changes as since
	ID      string
	Deleted bool
}

// Collection is a typed collection. All times are UTC milliseconds.
type Collection[T any] interface {
	// Get gives the document or fault.NotFound.
	Get(ctx context.Context, id string) (T, error)
	// GetMany gives the documents that exist, by id.
	GetMany(ctx context.Context, ids []string) (map[string]T, error)
	// Insert writes a new document; its id must be set. A taken id or unique key is fault.Exists
	// (Params["index"], "id" for the id). Sets Rev, CreatedAt, UpdatedAt in doc.
	Insert(ctx context.Context, doc *T) error
	// Update loads the document, applies fn and writes it if nobody wrote in between, else
	// again; fn may run several times and must not keep state. An error of fn ends it unwritten.
	// ErrUnchanged from fn ends it without a write and without an error. Gives the document as written.
	// Writers of one document take turns in fn: fn must not update or delete the same document.
	Update(ctx context.Context, id string, fn func(*T) error) (T, error)
	// Delete removes the document; fault.NotFound where there is none.
	Delete(ctx context.Context, id string) error
	// Find iterates over all matches in index order. The range is read in batches: it is no snapshot.
	Find(ctx context.Context, q Query[T]) iter.Seq2[T, error]
	// Page gives up to q.Limit matches and the cursor of the next piece.
	Page(ctx context.Context, q Query[T]) (Page[T], error)
	// Count counts matches (without Match it reads the index only).
	Count(ctx context.Context, q Query[T]) (int, error)
	// Changes gives up to limit changed ids after since ("" = from the beginning), oldest first,
	// each at least once, of all processes. A document changed twice may appear once, at its later place.
	Changes(ctx context.Context, since string, limit int) ([]Change, error)
}

// Floats is a list of numbers in a document. It reads itself: by reflection a list of fifty took half as long as all the rest of an
// attempt.
type Floats []float64

// UnmarshalBSONValue reads an array.
func (f *Floats) UnmarshalBSONValue(t bsontype.Type, data []byte) error {
	if t == bson.TypeNull {
		*f = nil
		return nil
	}
	list, ok := bsoncore.Value{Type: t, Data: data}.ArrayOK()
	if !ok || len(list) < 5 {
		return fmt.Errorf("store: %v is no list of numbers", t)
	}
	out := make(Floats, 0, len(list)/11) // a number takes that much at least
	for rest := list[4:]; len(rest) > 1; {
		var e bsoncore.Element
		if e, rest, ok = bsoncore.ReadElement(rest); !ok {
			return errors.New("store: a list of numbers is cut off")
		}
		v := e.Value()
		x, ok := v.DoubleOK()
		if whole, is := v.AsInt64OK(); !ok && is {
			x, ok = float64(whole), true
		}
		if !ok {
			return fmt.Errorf("store: %v in a list of numbers", v.Type)
		}
		out = append(out, x)
	}
	*f = out
	return nil
}

// ErrUnchanged, returned by the function of Update, ends the update without a write.
var ErrUnchanged = errors.New("store: unchanged")
