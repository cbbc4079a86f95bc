package store

import (
	"bytes"
	"context"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// recordOf reads the engine's own fields; living is false for the remains of a deleted document.
func recordOf(raw bson.Raw) (r record, living bool) {
	doc := bsoncore.Document(raw)
	r.body = append([]byte(nil), raw...)
	r.id, _ = doc.Lookup("_id").StringValueOK()
	if t, i, ok := doc.Lookup(fieldSeq).TimestampOK(); ok {
		r.seq = int64(uint64(t)<<32 | uint64(i))
	}
	_, err := doc.LookupErr(fieldGone)
	return r, err != nil
}

func each(ctx context.Context, cur *mongo.Cursor, fn func(bson.Raw) error) error {
	defer cur.Close(context.WithoutCancel(ctx))
	for cur.Next(ctx) {
		if err := fn(cur.Current); err != nil {
			return err
		}
	}
	return mongoFault(cur.Err())
}

func (e *mongoEngine) get(ctx context.Context, s *schema, ids []string, hand func(record) error) error {
	if len(ids) == 0 {
		return nil
	}
	filter := bson.D{{Key: "_id", Value: ids[0]}}
	if len(ids) > 1 {
		filter = bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}
	}
	cur, err := e.coll(s).Find(ctx, filter)
	if err != nil {
		return mongoFault(err)
	}
	return each(ctx, cur, func(raw bson.Raw) error {
		if r, living := recordOf(raw); living {
			return hand(r)
		}
		return nil
	})
}

// sortFields are the fields that order the plan's range; the id makes the order total.
func (p *plan) sortFields() []string {
	if p.index == nil {
		return []string{"_id"}
	}
	rest := p.index.Fields[p.next:]
	if p.index.Unique && len(rest) > 0 {
		return rest
	}
	return append(rest[:len(rest):len(rest)], "_id")
}

// nothing says that the plan asks a unique index for what it leaves out.
func (p *plan) nothing() bool {
	return p.index != nil && p.index.Unique && len(p.eq) > 0 && p.eq[0] == nil
}

// filter is the plan in MongoDB's words.
func (p *plan) filter() (bson.A, error) {
	var all bson.A
	bound := false // no deleted document can match
	for i, v := range p.eq {
		all = append(all, bson.D{{Key: p.index.Fields[i], Value: v}})
		bound = bound || v != nil
	}
	field := "_id"
	if !p.byID() {
		field = p.index.Fields[p.next]
	}
	if p.from != nil {
		all = append(all, bson.D{{Key: field, Value: bson.D{{Key: "$gte", Value: p.from}}}})
	}
	if p.to != nil {
		all = append(all, bson.D{{Key: field, Value: bson.D{{Key: "$lt", Value: p.to}}}})
	}
	if !p.byID() {
		bound = bound || p.from != nil || p.to != nil
	}
	if p.index != nil && p.index.Unique && !bound {
		// Says to the planner that the partial index will do.
		all = append(all, bson.D{{Key: p.index.Fields[0], Value: bson.D{{Key: "$exists", Value: true}}}})
		bound = true
	}
	if !bound {
		all = append(all, bson.D{{Key: fieldGone, Value: bson.D{{Key: "$exists", Value: false}}}})
	}
	if p.after != "" {
		further, err := p.further()
		if err != nil {
			return nil, err
		}
		all = append(all, further)
	}
	if len(all) == 0 {
		all = append(all, bson.D{})
	}
	return all, nil
}

// seal makes the cursor of a record: the key that it has in the plan's index, as in the SQLite
// engine. Cursors come back from clients, and our own keys are safer to read than BSON, on
// which the driver can panic.
func (p *plan) seal(r record) (string, error) {
	key, err := p.prefix()
	if err != nil {
		return "", err
	}
	if p.index != nil {
		for _, path := range p.index.paths[p.next:] {
			vals, err := valuesAt(r.body, path)
			if err != nil {
				return "", err
			}
			v := bsoncore.Value{Type: bson.TypeNull}
			if len(vals) > 0 {
				v = vals[0]
			}
			if key, err = appendBSON(key, v); err != nil {
				return "", err
			}
		}
	}
	return sealCursor(key, r.id), nil
}

// further is what lies beyond the cursor: beyond in the first field, or equal there and
// beyond in the next, and so on. Null, which comes first, needs its own words: MongoDB
// compares within one type.
func (p *plan) further() (bson.D, error) {
	key, id, ok := openCursor(p.after)
	prefix, err := p.prefix()
	if err != nil {
		return nil, err
	}
	if !ok || !bytes.HasPrefix(key, prefix) || !utf8.ValidString(id) {
		return nil, errCursor()
	}
	var place []any
	fields := []string{"_id"}
	if p.index != nil {
		fields = append(p.index.Fields[p.next:len(p.index.Fields):len(p.index.Fields)], "_id")
	}
	for key = key[len(prefix):]; len(key) > 0; {
		var v any
		if v, key, ok = readValue(key); !ok {
			return nil, errCursor()
		}
		place = append(place, v)
	}
	if place = append(place, id); len(place) != len(fields) {
		return nil, errCursor()
	}
	op := "$gt"
	if p.desc {
		op = "$lt"
	}
	var ways bson.A
	same := bson.A{}
	for i, f := range fields {
		v := place[i]
		var beyond any
		switch null := v == nil; {
		case null && !p.desc:
			beyond = bson.D{{Key: f, Value: bson.D{{Key: "$ne", Value: nil}}}}
		case null:
		case p.desc && f != "_id":
			beyond = bson.D{{Key: "$or", Value: bson.A{
				bson.D{{Key: f, Value: bson.D{{Key: op, Value: v}}}}, bson.D{{Key: f, Value: nil}}}}}
		default:
			beyond = bson.D{{Key: f, Value: bson.D{{Key: op, Value: v}}}}
		}
		if beyond != nil {
			ways = append(ways, bson.D{{Key: "$and", Value: append(same[:len(same):len(same)], beyond)}})
		}
		same = append(same, bson.D{{Key: f, Value: v}})
	}
	return bson.D{{Key: "$or", Value: ways}}, nil
}

func (p *plan) hint() string {
	if p.index == nil {
		return "_id_"
	}
	return p.index.Name
}

func (e *mongoEngine) scan(ctx context.Context, p *plan, limit int) ([]record, error) {
	if p.nothing() {
		return nil, nil
	}
	filter, err := p.filter()
	if err != nil {
		return nil, err
	}
	way := 1
	if p.desc {
		way = -1
	}
	var sort bson.D
	for _, f := range p.sortFields() {
		sort = append(sort, bson.E{Key: f, Value: way})
	}
	opts := options.Find().SetSort(sort).SetLimit(int64(limit)).SetBatchSize(int32(limit))
	if !e.ferret {
		opts.SetHint(p.hint())
	}
	cur, err := e.coll(p.schema).Find(ctx, bson.D{{Key: "$and", Value: filter}}, opts)
	if err != nil {
		return nil, mongoFault(err)
	}
	var out []record
	err = each(ctx, cur, func(raw bson.Raw) error {
		r, _ := recordOf(raw)
		var err error
		r.cursor, err = p.seal(r)
		out = append(out, r)
		return err
	})
	return out, err
}

func (e *mongoEngine) count(ctx context.Context, p *plan) (int, error) {
	if p.nothing() {
		return 0, nil
	}
	p.after = ""
	filter, err := p.filter()
	if err != nil {
		return 0, err
	}
	opts := options.Count()
	if !e.ferret {
		opts.SetHint(p.hint())
	}
	n, err := e.coll(p.schema).CountDocuments(ctx, bson.D{{Key: "$and", Value: filter}}, opts)
	return int(n), mongoFault(err)
}
