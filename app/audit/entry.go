package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Outcome is how an act ended.
type Outcome string

// The outcomes.
const (
	OK      Outcome = "ok"
	Refused Outcome = "refused" // a rule did not allow it
	Failed  Outcome = "failed"  // it broke
)

// Entry is one act of the trail. Object is "kind:id" ("member:d8k…"); Detail is for people and
// holds no secret: no password, no identity number.
type Entry struct {
	store.Meta `bson:",inline"`  // the id is the sequence number, 16 digits
	Seq        int64             `bson:"seq" json:"seq"`
	At         time.Time         `bson:"at" json:"at"`
	ActorID    string            `bson:"actor_id" json:"actor_id"` // account; "" for the public
	ActorName  string            `bson:"actor_name" json:"actor_name"`
	Address    string            `bson:"address" json:"address"`
	SessionID  string            `bson:"session_id" json:"-"`
	Action     string            `bson:"action" json:"action"` // "account.sign_in", "member.reveal"
	Object     string            `bson:"object" json:"object"`
	ObjectName string            `bson:"object_name" json:"object_name"`
	Outcome    Outcome           `bson:"outcome" json:"outcome"`
	Key        string            `bson:"key" json:"key,omitempty"` // the fault's key where the outcome is not ok
	Detail     map[string]string `bson:"detail,omitempty" json:"detail,omitempty"`
	Hash       string            `bson:"hash" json:"hash"` // hex HMAC-SHA256 over the hash before and this entry
}

// By starts an entry with who and from where.
func By(actor policies.Actor, action, object, objectName string) Entry {
	return Entry{ActorID: actor.AccountID, ActorName: actor.Name, Address: actor.Address, SessionID: actor.SessionID,
		Action: action, Object: object, ObjectName: objectName, Outcome: OK}
}

// With adds a detail and gives the entry.
func (e Entry) With(name, value string) Entry {
	detail := make(map[string]string, len(e.Detail)+1)
	for k, v := range e.Detail {
		detail[k] = v
	}
	detail[name] = value
	e.Detail = detail
	return e
}

// ended stamps the outcome that err means.
func (e Entry) ended(err error) Entry {
	switch code := fault.CodeOf(err); {
	case err == nil:
		e.Outcome = OK
	case code == "" || code == fault.Unavailable:
		e.Outcome, e.Key = Failed, fault.KeyOf(err)
	default:
		e.Outcome, e.Key = Refused, fault.KeyOf(err)
	}
	return e
}

func entryID(seq int64) string { return fmt.Sprintf("%016d", seq) }

// chain gives the hash of the entry that follows the one with hash prev.
func (e *Entry) chain(key []byte, prev string) string {
	// A fixed order of fields; encoding/json sorts the keys of Detail.
	text, err := json.Marshal([]any{prev, e.Seq, e.At.UTC().UnixMilli(), e.ActorID, e.ActorName, e.Address,
		e.SessionID, e.Action, e.Object, e.ObjectName, e.Outcome, e.Key, e.Detail})
	if err != nil {
		panic(err) // strings and numbers only
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}
