package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// start makes collections and indexes and migrates. Every step can be done again and by
// several processes at once.
func (e *mongoEngine) start(ctx context.Context, schemas []*schema) error {
	for _, s := range schemas {
		if err := e.prepare(ctx, s); err != nil {
			return fmt.Errorf("store: %s: %w", s.Name, mongoFault(err))
		}
	}
	return nil
}

// progress is how far a collection is, kept in the collection qiming_collections.
type progress struct {
	Version int    `bson:"version"`
	After   string `bson:"after"`
}

func (e *mongoEngine) prepare(ctx context.Context, s *schema) error {
	marks := e.db.Collection("qiming_collections")
	mark := bson.D{{Key: "_id", Value: s.Name}}
	_, err := marks.UpdateOne(ctx, mark, bson.D{{Key: "$setOnInsert", Value: bson.D{
		{Key: "version", Value: s.Version}, {Key: "after", Value: ""}}}}, options.Update().SetUpsert(true))
	if err != nil && !mongo.IsDuplicateKeyError(err) {
		return err
	}
	var at progress
	if err := marks.FindOne(ctx, mark).Decode(&at); err != nil {
		return err
	}
	if at.Version > s.Version {
		return errNewer(s, int64(at.Version))
	}
	standing, err := e.dropOldIndexes(ctx, s)
	if err != nil {
		return err
	}
	for at.Version < s.Version {
		last, err := e.migrateSome(ctx, s, at.After)
		if err != nil {
			return err
		}
		at.After = last
		if last == "" {
			at.Version = s.Version
		}
		if _, err := marks.UpdateOne(ctx, mark, bson.D{{Key: "$set", Value: bson.D{
			{Key: "version", Value: at.Version}, {Key: "after", Value: at.After}}}}); err != nil {
			return err
		}
	}
	return e.makeIndexes(ctx, s, standing)
}

// migrateSome lifts the next documents after an id; "" is the end. Each document carries its
// version, so one that another process has lifted is left alone.
func (e *mongoEngine) migrateSome(ctx context.Context, s *schema, after string) (last string, err error) {
	cur, err := e.coll(s).Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(migrateBatch))
	if err != nil {
		return "", err
	}
	var batch []record
	err = each(ctx, cur, func(raw bson.Raw) error {
		r, living := recordOf(raw)
		last = r.id
		if living {
			batch = append(batch, r)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	for _, r := range batch {
		for err = e.lift(ctx, s, r); errors.Is(err, errStale); err = e.lift(ctx, s, r) {
			found := false
			if err := e.get(ctx, s, []string{r.id}, func(now record) error { r, found = now, true; return nil }); err != nil {
				return "", err
			}
			if !found {
				break
			}
		}
		if err != nil && !errors.Is(err, errStale) {
			return "", err
		}
	}
	return last, nil
}

func (e *mongoEngine) lift(ctx context.Context, s *schema, r record) error {
	version, ok := bson.Raw(r.body).Lookup(fieldVersion).Int32OK()
	if !ok {
		version = 1
	}
	body := r.body
	var err error
	for v := int(version); v < s.Version; v++ {
		if body, err = s.migrated(body, v); err != nil {
			return err
		}
	}
	if int(version) >= s.Version {
		return nil
	}
	return e.write(ctx, &write{schema: s, id: r.id, old: &r, body: body})
}

// keys gives an index in MongoDB's words. A unique one holds its fields only and just the
// documents that have the first; any other ends with the id, for a total order.
func (ix *index) keys() bson.D {
	var d bson.D
	for _, f := range ix.Fields {
		d = append(d, bson.E{Key: f, Value: int32(1)})
	}
	if !ix.Unique {
		d = append(d, bson.E{Key: "_id", Value: int32(1)})
	}
	return d
}

func (e *mongoEngine) makeIndexes(ctx context.Context, s *schema, standing map[string]bool) error {
	var models []mongo.IndexModel
	if !standing[feedIndex] {
		models = append(models, mongo.IndexModel{
			Keys:    bson.D{{Key: fieldSeq, Value: int32(1)}, {Key: "_id", Value: int32(1)}},
			Options: options.Index().SetName(feedIndex),
		})
	}
	for _, ix := range s.indexes {
		if standing[ix.Name] {
			continue
		}
		opts := options.Index().SetName(ix.Name)
		if ix.Unique {
			opts.SetUnique(true)
			if !e.ferret {
				opts.SetPartialFilterExpression(bson.D{{Key: ix.Fields[0], Value: bson.D{{Key: "$exists", Value: true}}}})
			}
		}
		models = append(models, mongo.IndexModel{Keys: ix.keys(), Options: opts})
	}
	if len(models) == 0 {
		return nil
	}
	_, err := e.coll(s).Indexes().CreateMany(ctx, models)
	return err
}

// dropOldIndexes drops what is no longer declared, or declared otherwise, and gives the
// names of the indexes that stand.
func (e *mongoEngine) dropOldIndexes(ctx context.Context, s *schema) (map[string]bool, error) {
	standing := map[string]bool{}
	indexes := e.coll(s).Indexes()
	cur, err := indexes.List(ctx)
	if err != nil {
		if hasCode(err, mongoNoNamespace) {
			return standing, nil
		}
		return nil, err
	}
	var have []struct {
		Name   string `bson:"name"`
		Key    bson.D `bson:"key"`
		Unique bool   `bson:"unique"`
	}
	if err := cur.All(ctx, &have); err != nil {
		return nil, err
	}
	for _, h := range have {
		ix := s.index(h.Name)
		if h.Name == "_id_" || h.Name == feedIndex ||
			ix != nil && ix.Unique == h.Unique && reflect.DeepEqual(ix.keys(), h.Key) {
			standing[h.Name] = true
			continue
		}
		if _, err := indexes.DropOne(ctx, h.Name); err != nil && !hasCode(err, mongoNoIndex) {
			return nil, err
		}
	}
	return standing, nil
}
