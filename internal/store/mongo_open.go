package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/readpref"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/x/mongo/driver/connstring"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"

	"qiming/internal/fault"
)

// mongoEngine keeps every collection in a MongoDB collection of its name, its indexes as
// native indexes. Beside the document's own fields it keeps
//
//	_seq   timestamp that the server gives at every write; the change feed is an index on it
//	_v     the version of the collection that the document was written with
//	_gone  true in what is left of a deleted document: _id, _seq, _gone
//
// A deletion is an update in place. So it is atomic with its entry in the change feed and
// keeps its place among the document's other changes, without transactions; an insert of the
// same id takes the remains over.
type mongoEngine struct {
	client *mongo.Client
	db     *mongo.Database
	ferret bool // FerretDB v1: no partial indexes, other error codes
	group  bool // a replica set or a sharded cluster: reads may be asked of the majority
}

// Codes of MongoDB (error_codes.yml) that the engine tells apart.
const (
	mongoInternalError = 1
	mongoNoNamespace   = 26
	mongoNoIndex       = 27
	mongoDuplicateKey  = 11000
	mongoOutOfDisk     = 14031
)

func openMongo(ctx context.Context, url string) (engine, error) {
	cs, err := connstring.ParseAndValidate(url)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	name := cs.Database
	if name == "" {
		name = "qiming"
	}
	journal := true
	client, err := mongo.Connect(ctx, options.Client().ApplyURI(url).
		SetAppName("qiming").
		SetServerSelectionTimeout(10*time.Second).
		SetReadPreference(readpref.Primary()).
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal}))
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	e := &mongoEngine{client: client, db: client.Database(name)}
	var info struct {
		Ferret string `bson:"ferretdbVersion"`
	}
	if err := e.db.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&info); err != nil {
		return nil, errors.Join(mongoFault(err), client.Disconnect(context.WithoutCancel(ctx)))
	}
	e.ferret = info.Ferret != ""
	var hello struct {
		Set string `bson:"setName"`
		Msg string `bson:"msg"`
	}
	if err := e.db.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return nil, errors.Join(mongoFault(err), client.Disconnect(context.WithoutCancel(ctx)))
	}
	e.group = hello.Set != "" || hello.Msg == "isdbgrid"
	return e, nil
}

func (e *mongoEngine) ping(ctx context.Context) error {
	return mongoFault(e.client.Ping(ctx, readpref.Primary()))
}

func (e *mongoEngine) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	err := e.client.Disconnect(ctx)
	if errors.Is(err, mongo.ErrClientDisconnected) {
		return nil
	}
	return err
}

func (e *mongoEngine) coll(s *schema) *mongo.Collection { return e.db.Collection(s.Name) }

// settled is the collection as a majority of the replica set has it.
func (e *mongoEngine) settled(s *schema) *mongo.Collection {
	if !e.group {
		return e.coll(s)
	}
	return e.db.Collection(s.Name, options.Collection().SetReadConcern(readconcern.Majority()))
}

// mongoFault turns a driver's error into a fault where the database is away or full.
func mongoFault(err error) error {
	var command mongo.ServerError
	var selection topology.ServerSelectionError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, mongo.ErrClientDisconnected), errors.Is(err, topology.ErrTopologyClosed):
		return errClosed()
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &selection):
		return err
	case errors.As(err, &command) && command.HasErrorCode(mongoOutOfDisk):
		return fault.Wrap(fault.Unavailable, "store.full", err)
	case errors.As(err, &selection), mongo.IsNetworkError(err), mongo.IsTimeout(err),
		errors.As(err, &command) && (command.HasErrorLabel("RetryableWriteError") || command.HasErrorLabel("TransientTransactionError")):
		return fault.Wrap(fault.Unavailable, "store.down", err)
	}
	return err
}
