package api

import (
	"strconv"
	"strings"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// Paging is embedded in the input of every listing.
type Paging struct {
	Limit int    `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"How many at most"`
	After string `query:"after" maxLength:"512" doc:"The next of the piece before; empty for the first"`
}

// List is the body of every listing.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next piece; absent at the end"`
	Total *int   `json:"total,omitempty" doc:"How many there are in all, where that is cheap to say"`
}

// Listed is the output of a listing.
type Listed[T any] struct{ Body List[T] }

// list gives a whole listing in one piece.
func list[T any](items []T) *Listed[T] { return &Listed[T]{Body: List[T]{Items: items}} }

// listPage gives a piece of a listing, each item as show puts it.
func listPage[T, V any](page store.Page[T], show func(T) V) *Listed[V] {
	items := make([]V, len(page.Items))
	for i, item := range page.Items {
		items[i] = show(item)
	}
	return &Listed[V]{Body: List[V]{Items: items, Next: page.Next}}
}

// Answer is an output with a body and nothing else.
type Answer[T any] struct{ Body T }

// answer wraps a body.
func answer[T any](body T) *Answer[T] { return &Answer[T]{Body: body} }

// Revised is an output of a shared object: its revision is the ETag.
type Revised[T any] struct {
	ETag string `header:"ETag" doc:"The revision, for If-Match"`
	Body T
}

// revised wraps a body with its revision.
func revised[T any](rev int64, body T) *Revised[T] {
	return &Revised[T]{ETag: `"` + headerValue(rev) + `"`, Body: body}
}

// Nothing is an input or an output without content.
type Nothing struct{}

// ByID is the input of a row that names one object.
type ByID struct {
	ID string `path:"id" maxLength:"128"`
}

// IfMatch is embedded in the input of a write of a shared object.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"The revision that was seen, quoted, as the ETag gave it"`
}

// Rev gives the revision that the client saw. A write without one is refused
// (fault.Invalid, "request.if_match"): it would overwrite what nobody looked at.
func (m IfMatch) Rev() (int64, error) {
	text := strings.Trim(strings.TrimPrefix(strings.TrimSpace(m.IfMatch), "W/"), `"`)
	rev, err := strconv.ParseInt(text, 10, 64)
	if err != nil || rev < 1 {
		return 0, fault.New(fault.Invalid, "request.if_match", "If-Match must carry the revision that was read")
	}
	return rev, nil
}

// RevIfAny is Rev of a write that may come without what was seen: 0 then.
func (m IfMatch) RevIfAny() (int64, error) {
	if m.IfMatch == "" {
		return 0, nil
	}
	return m.Rev()
}

// Idempotent is embedded in the input of a write that must not happen twice.
type Idempotent struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"64" doc:"The same key for every try of the same act"`
}
