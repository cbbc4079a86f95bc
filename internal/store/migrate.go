package store

import (
	"encoding/json"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
)

// migrateBatch is how many documents one step of a migration or an index build takes.
const migrateBatch = 200

// migrated lifts one raw document by one version. Migrations see plain Go values:
// map[string]any, []any, string, int32, int64, float64, bool, time.Time. The revision goes
// up, so that whoever read the old form cannot write it back.
//
// A collection is lifted version by version, each to its end before the next begins, so
// that a mark (an id) and the version say exactly which document has which form, whichever
// program goes on.
func (s *schema) migrated(body []byte, from int) ([]byte, error) {
	var doc bson.M
	if err := decode(body, &doc); err != nil {
		return nil, err
	}
	id, rev := doc["_id"], doc["rev"]
	out := plain(doc).(map[string]any)
	for _, f := range []string{fieldSeq, fieldVersion, fieldGone} {
		delete(out, f) // the MongoDB engine's own
	}
	if err := s.Migrations[from-1](out); err != nil {
		return nil, fmt.Errorf("store: %s: document %v: migration from version %d: %w", s.Name, id, from, err)
	}
	out["_id"] = id
	if n, ok := rev.(int64); ok {
		out["rev"] = n + 1
	}
	return bson.Marshal(out)
}

// plain turns the driver's types into Go's.
func plain(v any) any {
	switch v := v.(type) {
	case bson.M:
		return plain(map[string]any(v))
	case map[string]any:
		for k, e := range v {
			v[k] = plain(e)
		}
		return v
	case primitive.A:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plain(e)
		}
		return out
	case primitive.DateTime:
		return v.Time().UTC().Truncate(time.Millisecond)
	default:
		return v
	}
}

// definition is what an index is made of; another definition means building it anew.
func (ix *index) definition() string {
	b, _ := json.Marshal(map[string]any{"fields": ix.Fields, "unique": ix.Unique, "keys": 1})
	return string(b)
}

func errNewer(s *schema, version int64) error {
	return fmt.Errorf("store: %s has version %d, this program knows %d: a newer program has been here", s.Name, version, s.Version)
}
