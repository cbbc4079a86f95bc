package audit

import (
	"context"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// Filter narrows a listing; empty fields do not. From is inclusive, To exclusive.
type Filter struct {
	Actor  string // account id
	Object string // "kind:id", or "kind:" for all of a kind
	Action string // "account.sign_in"
	From   time.Time
	To     time.Time
	Limit  int
	After  string
}

// List gives entries, newest first, by cursor.
func (t *Trail) List(ctx context.Context, f Filter) (store.Page[Entry], error) {
	q := store.Query[Entry]{Index: "at", Desc: true, Limit: f.Limit, After: f.After}
	if !f.From.IsZero() {
		q.From = f.From
	}
	if !f.To.IsZero() {
		q.To = f.To
	}
	wholeObject := f.Object != "" && f.Object[len(f.Object)-1] != ':'
	switch { // the narrowest index first, the rest as residue
	case wholeObject:
		q.Index, q.Eq = "object", map[string]any{"object": f.Object}
	case f.Actor != "":
		q.Index, q.Eq = "actor", map[string]any{"actor_id": f.Actor}
	case f.Action != "":
		q.Index, q.Eq = "action", map[string]any{"action": f.Action}
	}
	q.Match = func(e *Entry) bool {
		return (f.Actor == "" || e.ActorID == f.Actor) && (f.Action == "" || e.Action == f.Action) &&
			(f.Object == "" || e.Object == f.Object || !wholeObject && len(e.Object) > len(f.Object) && e.Object[:len(f.Object)] == f.Object)
	}
	return t.entries.Page(ctx, q)
}

// Report is what Verify found.
type Report struct {
	OK       bool   `json:"ok"`
	Entries  int64  `json:"entries"`             // checked before the first broken link
	BrokenAt int64  `json:"broken_at,omitempty"` // number of the first entry that does not fit; 0 = none
	Reason   string `json:"reason,omitempty"`    // altered, missing, inserted, cut
	Head     string `json:"head"`                // hash of the last entry: note it elsewhere to prove later that nothing was cut
}

// Verify recomputes the whole chain and gives the first broken link. It is not an error of the
// call that the chain is broken. Entries appended while it runs are left to the next time.
func (t *Trail) Verify(ctx context.Context) (Report, error) {
	h, err := t.settledHead(ctx)
	if err != nil {
		return Report{}, err
	}
	report := Report{Head: h.Hash}
	prev, last := "", int64(0)
	for e, err := range t.entries.Find(ctx, store.Query[Entry]{}) {
		if err != nil {
			return report, err
		}
		if e.Seq > h.Seq { // appended since, or beyond the end of the chain
			now, err := t.heads.Get(ctx, headID)
			if err != nil {
				return report, err
			}
			if e.Seq <= now.Seq {
				break
			}
			return report.broken(e.Seq, "inserted"), nil
		}
		if e.ID != entryID(e.Seq) {
			return report.broken(last+1, "altered"), nil
		}
		if e.Seq != last+1 {
			return report.broken(last+1, "missing"), nil
		}
		if e.chain(t.key, prev) != e.Hash {
			return report.broken(e.Seq, "altered"), nil
		}
		prev, last = e.Hash, e.Seq
		report.Entries++
	}
	if last != h.Seq {
		return report.broken(last+1, "cut"), nil
	}
	if prev != h.Hash {
		return report.broken(last, "altered"), nil
	}
	report.OK = true
	return report, nil
}

func (r Report) broken(seq int64, reason string) Report {
	r.OK, r.BrokenAt, r.Reason = false, seq, reason
	return r
}

// Get gives one entry by its id.
func (t *Trail) Get(ctx context.Context, id string) (Entry, error) {
	e, err := t.entries.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return e, fault.New(fault.NotFound, "audit.not_found", "%s", id)
	}
	return e, err
}
