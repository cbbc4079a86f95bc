package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// The change feed of the MongoDB engine works on any server, without change streams.
//
// Every write lets the server stamp the document with _seq when it applies the write: the
// cluster time, which grows from write to write and over a change of primary. The feed walks
// the index on (_seq, _id). So a document appears once, at its last change, and deletions are
// in it, because a deleted document leaves its remains in place.
//
// Two writes may become visible in the other order than they were stamped; the time between
// is that of the storage engine's commit and of the majority's acknowledgement. A reader that
// had gone past the later one would lose the earlier. The feed therefore gives only what is
// older than settleSeconds by the server's own clock, read before the walk: up to there
// nothing can turn up any more. The clocks of the application's processes play no part.
const settleSeconds = 3

// feedIndex is the index of the change feed.
const feedIndex = "qiming_seq"

func (e *mongoEngine) changes(ctx context.Context, s *schema, since string, limit int) ([]Change, error) {
	horizon, err := e.horizon(ctx)
	if err != nil {
		return nil, err
	}
	filter := bson.A{bson.D{{Key: fieldSeq, Value: bson.D{{Key: "$lt", Value: horizon}}}}}
	if since != "" {
		at, id, err := openSeq(since)
		if err != nil {
			return nil, err
		}
		filter = append(filter, bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: fieldSeq, Value: bson.D{{Key: "$gt", Value: at}}}},
			bson.D{{Key: fieldSeq, Value: at}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: id}}}},
		}}})
	}
	opts := options.Find().SetLimit(int64(limit)).
		SetSort(bson.D{{Key: fieldSeq, Value: 1}, {Key: "_id", Value: 1}}).
		SetProjection(bson.D{{Key: "_id", Value: 1}, {Key: fieldSeq, Value: 1}, {Key: fieldGone, Value: 1}})
	if !e.ferret {
		opts.SetHint(feedIndex)
	}
	cur, err := e.settled(s).Find(ctx, bson.D{{Key: "$and", Value: filter}}, opts)
	if err != nil {
		return nil, mongoFault(err)
	}
	var out []Change
	err = each(ctx, cur, func(raw bson.Raw) error {
		r, living := recordOf(raw)
		out = append(out, Change{Seq: sealSeq(stampOf(r.seq), r.id), ID: r.id, Deleted: !living})
		return nil
	})
	return out, err
}

// horizon is the stamp before which no change can turn up any more.
func (e *mongoEngine) horizon(ctx context.Context) (primitive.Timestamp, error) {
	var hello struct {
		Now time.Time `bson:"localTime"`
	}
	if err := e.db.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return primitive.Timestamp{}, mongoFault(err)
	}
	return primitive.Timestamp{T: uint32(hello.Now.Unix() - settleSeconds + 1)}, nil
}

// head gives the place just before the horizon: changes that have not settled come after it.
func (e *mongoEngine) head(ctx context.Context, _ *schema) (string, error) {
	horizon, err := e.horizon(ctx)
	return sealSeq(horizon, ""), err
}

func sealSeq(t primitive.Timestamp, id string) string { return fmt.Sprintf("%d.%d.%s", t.T, t.I, id) }

func openSeq(s string) (t primitive.Timestamp, id string, err error) {
	parts := strings.SplitN(s, ".", 3)
	if len(parts) != 3 {
		return t, "", errCursor()
	}
	if _, err := fmt.Sscanf(parts[0]+" "+parts[1], "%d %d", &t.T, &t.I); err != nil {
		return t, "", errCursor()
	}
	return t, parts[2], nil
}
