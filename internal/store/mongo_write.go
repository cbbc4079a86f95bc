package store

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// The engine's own fields.
const (
	fieldSeq     = "_seq"
	fieldVersion = "_v"
	fieldGone    = "_gone"
)

func own(field string) bool { return field == "_id" || field == fieldSeq || field == fieldGone }

func stampOf(seq int64) primitive.Timestamp {
	return primitive.Timestamp{T: uint32(uint64(seq) >> 32), I: uint32(uint64(seq))}
}

// stamp lets the server give _seq when it applies the write: the cluster time, which only grows.
func stamp() bson.E {
	return bson.E{Key: "$currentDate", Value: bson.D{{Key: fieldSeq, Value: bson.D{{Key: "$type", Value: "timestamp"}}}}}
}

func (e *mongoEngine) write(ctx context.Context, w *write) error {
	var set, unset bson.D
	var err error
	if w.body != nil {
		if set, err = e.fields(w); err != nil {
			return err
		}
	}
	switch {
	case w.old == nil:
		err = e.insert(ctx, w, set)
	case w.body != nil:
		set, unset = difference(w.old.body, set)
		err = e.replace(ctx, w, set, unset)
	default:
		_, unset = difference(w.old.body, nil)
		err = e.replace(ctx, w, bson.D{{Key: fieldGone, Value: true}}, unset)
	}
	if mongo.IsDuplicateKeyError(err) || e.ferret && hasCode(err, mongoInternalError) && strings.Contains(err.Error(), "UNIQUE") {
		return e.whichIndex(ctx, w, err)
	}
	return mongoFault(err)
}

func hasCode(err error, code int) bool {
	var s mongo.ServerError
	return errors.As(err, &s) && s.HasErrorCode(code)
}

// fields gives the document's fields but _id. What would be null or an empty array at the head
// of a unique index is left out: MongoDB's indexes take both for a value.
func (e *mongoEngine) fields(w *write) (bson.D, error) {
	body := bsoncore.Document(w.body)
	for _, ix := range w.schema.indexes {
		if !ix.Unique {
			continue
		}
		vals, err := valuesAt(body, ix.paths[0])
		if err != nil {
			return nil, err
		}
		if allNull(vals) {
			body = without(body, ix.paths[0])
		}
	}
	elems, err := body.Elements()
	if err != nil {
		return nil, err
	}
	set := make(bson.D, 0, len(elems)+1)
	for _, el := range elems {
		if key := el.Key(); !own(key) && key != fieldVersion {
			v := el.Value()
			set = append(set, bson.E{Key: key, Value: bson.RawValue{Type: v.Type, Value: v.Data}})
		}
	}
	return append(set, bson.E{Key: fieldVersion, Value: int32(w.schema.Version)}), nil
}

// without gives a copy of doc that lacks the field at path.
func without(doc bsoncore.Document, path []string) bsoncore.Document {
	elems, err := doc.Elements()
	if err != nil {
		return doc
	}
	at, out := bsoncore.AppendDocumentStart(nil)
	for _, el := range elems {
		switch {
		case el.Key() != path[0]:
			out = append(out, el...)
		case len(path) > 1 && el.Value().Type == bson.TypeEmbeddedDocument:
			out = bsoncore.AppendDocumentElement(out, path[0], without(el.Value().Document(), path[1:]))
		case len(path) > 1:
			out = append(out, el...)
		}
	}
	out, err = bsoncore.AppendDocumentEnd(out, at)
	if err != nil {
		return doc
	}
	return out
}

// difference gives of set what is not already in old, and the fields of old to take away.
func difference(old []byte, set bson.D) (changed, unset bson.D) {
	was := bsoncore.Document(old)
	keep := make(map[string]bool, len(set))
	for _, f := range set {
		keep[f.Key] = true
		v, err := was.LookupErr(f.Key)
		raw, isRaw := f.Value.(bson.RawValue)
		if err == nil && isRaw && v.Type == raw.Type && bytes.Equal(v.Data, raw.Value) {
			continue
		}
		changed = append(changed, f)
	}
	elems, _ := was.Elements()
	for _, el := range elems {
		if key := el.Key(); !own(key) && !keep[key] {
			unset = append(unset, bson.E{Key: key, Value: ""})
		}
	}
	return changed, unset
}

func (e *mongoEngine) insert(ctx context.Context, w *write, set bson.D) error {
	// Matches the remains of a deleted document, or nothing: then it inserts, which clashes
	// with a living one.
	_, err := e.coll(w.schema).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: w.id}, {Key: fieldGone, Value: true}},
		bson.D{{Key: "$set", Value: set}, {Key: "$unset", Value: bson.D{{Key: fieldGone, Value: ""}}}, stamp()},
		options.Update().SetUpsert(true))
	return err
}

// replace writes if the document is still the one that was read.
func (e *mongoEngine) replace(ctx context.Context, w *write, set, unset bson.D) error {
	update := bson.D{{Key: "$set", Value: set}, stamp()}
	if len(unset) > 0 {
		update = append(update, bson.E{Key: "$unset", Value: unset})
	}
	res, err := e.coll(w.schema).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: w.id}, {Key: fieldSeq, Value: stampOf(w.old.seq)}}, update)
	if err == nil && res.MatchedCount == 0 {
		return errStale
	}
	return err
}

// whichIndex names the index of a clash: as MongoDB's message does, else (FerretDB) by looking.
func (e *mongoEngine) whichIndex(ctx context.Context, w *write, err error) error {
	_, after, named := strings.Cut(err.Error(), " index: ")
	name, _, _ := strings.Cut(after, " ")
	if named && name == "_id_" {
		return errExists(w.schema, "id")
	}
	if named && w.schema.index(name) != nil {
		return errExists(w.schema, name)
	}
	if w.old == nil {
		n, err := e.coll(w.schema).CountDocuments(ctx, bson.D{{Key: "_id", Value: w.id}})
		if err != nil {
			return mongoFault(err)
		}
		if n > 0 {
			return errExists(w.schema, "id")
		}
	}
	for _, ix := range w.schema.indexes {
		if !ix.Unique {
			continue
		}
		filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$ne", Value: w.id}}}}
		for i, field := range ix.Fields {
			vals, err := valuesAt(w.body, ix.paths[i])
			if err != nil {
				return err
			}
			if len(vals) == 0 {
				filter = append(filter, bson.E{Key: field, Value: nil})
				continue
			}
			in := bson.A{}
			for _, v := range vals {
				in = append(in, bson.RawValue{Type: v.Type, Value: v.Data})
			}
			filter = append(filter, bson.E{Key: field, Value: bson.D{{Key: "$in", Value: in}}})
		}
		n, err := e.coll(w.schema).CountDocuments(ctx, filter)
		if err != nil {
			return mongoFault(err)
		}
		if n > 0 {
			return errExists(w.schema, ix.Name)
		}
	}
	return errExists(w.schema, "")
}
