package querylog

import (
	"context"
	"slices"
	"strings"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
)

// Limits of what is kept of an account: the oldest recent search gives way, a kept one never does.
const (
	MaxRecent = 30
	MaxKept   = 50
)

// Asked is a search: words and filters, as the page has them in its address.
type Asked struct {
	Q        string `bson:"q" json:"q,omitempty" maxLength:"200" doc:"Words; none for everything within the filters"`
	Kind     string `bson:"kind,omitempty" json:"kind,omitempty" enum:"article,regulation,faq,term,question"`
	Category string `bson:"category,omitempty" json:"category,omitempty" maxLength:"64"`
	Tag      string `bson:"tag,omitempty" json:"tag,omitempty" maxLength:"40"`
	Source   string `bson:"source,omitempty" json:"source,omitempty" maxLength:"200"`
	Official bool   `bson:"official,omitempty" json:"official,omitempty"`
	From     string `bson:"from,omitempty" json:"from,omitempty" maxLength:"10" doc:"A day, 2026-12-31"`
	To       string `bson:"to,omitempty" json:"to,omitempty" maxLength:"10"`
}

// Recent is something an account looked for.
type Recent struct {
	Q  string    `bson:"q" json:"q"`
	At time.Time `bson:"at" json:"at"`
}

// Kept is a search that an account keeps.
type Kept struct {
	ID    string    `bson:"id" json:"id"`
	Asked Asked     `bson:"asked" json:"asked"`
	At    time.Time `bson:"at" json:"at"` // since when
}

// Searches is what an account looks for, the latest first; its id is the account's.
type Searches struct {
	store.Meta `bson:",inline" json:"-"`
	Recent     []Recent `bson:"recent" json:"recent"`
	Kept       []Kept   `bson:"kept" json:"kept"`
}

// Deps is what a Log needs.
type Deps struct {
	DB    *store.DB
	Clock ident.Clock
}

// Log keeps what people look for. It is safe for concurrent use.
type Log struct {
	clock    ident.Clock
	searches store.Collection[Searches]
	missed   store.Collection[missed]
}

// New declares the collections; call it before the database starts.
func New(deps Deps) *Log {
	return &Log{
		clock:    deps.Clock,
		searches: store.Define[Searches](deps.DB, store.Spec{Name: "searches", Version: 1}),
		missed:   store.Define[missed](deps.DB, store.Spec{Name: "searches_missed", Version: 1, Indexes: []store.Index{{Name: "last", Fields: []string{"last"}}}}),
	}
}

// Of gives what an account looked for and keeps.
func (l *Log) Of(ctx context.Context, accountID string) (Searches, error) {
	s, err := l.searches.Get(ctx, accountID)
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	s.Recent, s.Kept = append([]Recent{}, s.Recent...), append([]Kept{}, s.Kept...)
	return s, err
}

// Note puts words at the head of what an account looked for; fresh is false where they were there already: the page was
// loaded again, or filters were tried.
func (l *Log) Note(ctx context.Context, accountID, q string) (fresh bool, err error) {
	q = words(q)
	if q == "" {
		return false, nil
	}
	now := l.clock.Now()
	_, err = l.change(ctx, accountID, func(s *Searches) error {
		if len(s.Recent) > 0 && s.Recent[0].Q == q {
			fresh = false
			return store.ErrUnchanged
		}
		fresh = true
		s.Recent = slices.DeleteFunc(s.Recent, func(r Recent) bool { return r.Q == q })
		s.Recent = slices.Insert(s.Recent, 0, Recent{q, now})
		s.Recent = s.Recent[:min(len(s.Recent), MaxRecent)]
		return nil
	})
	return fresh, err
}

// Forget takes words out of what an account looked for; "" takes all.
func (l *Log) Forget(ctx context.Context, accountID, q string) (Searches, error) {
	q = words(q)
	return l.change(ctx, accountID, func(s *Searches) error {
		s.Recent = slices.DeleteFunc(s.Recent, func(r Recent) bool { return q == "" || r.Q == q })
		return nil
	})
}

// Keep keeps a search; one that is kept stays where it is. A search that asks nothing is fault.Invalid ("search.empty"),
// one more than MaxKept "search.kept_full".
func (l *Log) Keep(ctx context.Context, accountID string, asked Asked) (Searches, error) {
	asked.Q = words(asked.Q)
	if asked == (Asked{}) {
		return Searches{}, fault.New(fault.Invalid, "search.empty", "a search without words and filters is not kept")
	}
	now := l.clock.Now()
	return l.change(ctx, accountID, func(s *Searches) error {
		if slices.ContainsFunc(s.Kept, func(k Kept) bool { return k.Asked == asked }) {
			return store.ErrUnchanged
		}
		if len(s.Kept) >= MaxKept {
			return fault.New(fault.Invalid, "search.kept_full", "an account keeps %d searches at most", MaxKept).With("max", MaxKept)
		}
		s.Kept = slices.Insert(s.Kept, 0, Kept{ident.New(), asked, now})
		return nil
	})
}

// Drop no longer keeps a search; fault.NotFound ("search.not_kept") where it is not kept.
func (l *Log) Drop(ctx context.Context, accountID, id string) (Searches, error) {
	return l.change(ctx, accountID, func(s *Searches) error {
		left := slices.DeleteFunc(slices.Clone(s.Kept), func(k Kept) bool { return k.ID == id })
		if len(left) == len(s.Kept) {
			return fault.New(fault.NotFound, "search.not_kept", "search %s is not kept", id)
		}
		s.Kept = left
		return nil
	})
}

// change changes what is kept of an account, and makes it where there is nothing.
func (l *Log) change(ctx context.Context, accountID string, fn func(*Searches) error) (Searches, error) {
	for {
		s, err := l.searches.Update(ctx, accountID, fn)
		if fault.Is(err, fault.NotFound) && fault.KeyOf(err) != "search.not_kept" {
			fresh := Searches{Meta: store.Meta{ID: accountID}}
			if err = l.searches.Insert(ctx, &fresh); err == nil || fault.Is(err, fault.Exists) {
				continue
			}
		}
		s.Recent, s.Kept = append([]Recent{}, s.Recent...), append([]Kept{}, s.Kept...)
		return s, err
	}
}

// words tidies what was typed.
func words(q string) string { return strings.Join(strings.Fields(q), " ") }
