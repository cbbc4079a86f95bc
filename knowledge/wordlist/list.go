package wordlist

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// Level is what follows where a word stands.
type Level string

// The levels.
const (
	Refuse Level = "refuse" // the text does not pass
	Warn   Level = "warn"   // it is shown to who writes and who reviews
)

// Limits, in characters unless said otherwise.
const (
	MaxEntries    = 5_000 // of an organisation
	MaxWord       = 50
	MaxWhy        = 200
	MaxExceptions = 20
	MaxException  = 100
)

// Entry is a word of a list.
type Entry struct {
	ID          string   `bson:"id" json:"id"`
	Word        string   `bson:"word" json:"word"`
	Level       Level    `bson:"level" json:"level" enum:"refuse,warn"`
	Why         string   `bson:"why,omitempty" json:"why,omitempty"`
	Replacement string   `bson:"replacement,omitempty" json:"replacement,omitempty"` // what to write instead
	Exceptions  []string `bson:"exceptions,omitempty" json:"exceptions"`             // wordings in which it is right
}

// book is the list of an organisation, whose id it has.
type book struct {
	store.Meta `bson:",inline"`
	Entries    []Entry `bson:"entries"`
}

// Trail records who did what: it does the act and records how it ended.
type Trail interface {
	Record(ctx context.Context, actor policies.Actor, action, object, name string, do func() error) error
}

// Deps is what a List needs.
type Deps struct {
	DB    *store.DB
	Trail Trail
}

// List keeps the lists of words, one of each organisation; those of the organisations above hold too.
type List struct {
	books store.Collection[book]
	trail Trail
}

// New declares the collection; call it before the database starts.
func New(deps Deps) *List {
	return &List{books: store.Define[book](deps.DB, store.Spec{Name: "word_lists", Version: 1}), trail: deps.Trail}
}

// Held is an entry with the organisation whose list it stands in.
type Held struct {
	Entry
	OrgID string `json:"org_id"`
}

// Entries gives what holds in an organisation at the end of a path from the root: its own entries first, then those of the
// organisations above it, the newest first.
func (l *List) Entries(ctx context.Context, orgPath []string) ([]Held, error) {
	books, err := l.books.GetMany(ctx, orgPath)
	if err != nil {
		return nil, err
	}
	out := []Held{}
	for _, org := range slices.Backward(orgPath) {
		for _, e := range slices.Backward(books[org].Entries) {
			out = append(out, Held{e, org})
		}
	}
	return out, nil
}

// Check scans texts by what holds in an organisation.
func (l *List) Check(ctx context.Context, orgPath []string, texts []Text) ([]Hit, error) {
	held, err := l.Entries(ctx, orgPath)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(held))
	for i, h := range held {
		entries[i] = h.Entry
	}
	return Scan(texts, entries), nil
}

// tidy trims and drops what cannot be seen.
func tidy(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
}

func (e *Entry) check() error {
	var bad []fault.Field
	length := func(path, s string, limit int) {
		if utf8.RuneCountInString(s) > limit {
			bad = append(bad, fault.Field{Path: path, Key: "too_long", Params: map[string]any{"max": limit}})
		}
	}
	e.Word, e.Why, e.Replacement = tidy(e.Word), tidy(e.Why), tidy(e.Replacement)
	folds := folder{}
	if folds.text(e.Word) == "" {
		bad = append(bad, fault.Field{Path: "word", Key: "required"})
	}
	if e.Level != Refuse && e.Level != Warn {
		bad = append(bad, fault.Field{Path: "level", Key: "unknown"})
	}
	length("word", e.Word, MaxWord)
	length("why", e.Why, MaxWhy)
	length("replacement", e.Replacement, MaxWord)
	var exceptions []string
	for i, x := range e.Exceptions {
		x = tidy(x)
		path := fmt.Sprintf("exceptions[%d]", i)
		length(path, x, MaxException)
		if x == "" || slices.Contains(exceptions, x) {
			continue
		}
		if !strings.Contains(folds.text(x), folds.text(e.Word)) {
			bad = append(bad, fault.Field{Path: path, Key: "word.exception_without"})
		}
		exceptions = append(exceptions, x)
	}
	if len(exceptions) > MaxExceptions {
		bad = append(bad, fault.Field{Path: "exceptions", Key: "too_many", Params: map[string]any{"max": MaxExceptions}})
	}
	e.Exceptions = exceptions
	return fault.Bad("word.invalid", bad)
}

// Add puts an entry into the list of an organisation. A word that stands there is fault.Exists ("word.exists").
func (l *List) Add(ctx context.Context, actor policies.Actor, orgID string, e Entry) (Entry, error) {
	if err := e.check(); err != nil {
		return Entry{}, err
	}
	e.ID = ident.New()
	err := l.recorded(ctx, actor, "word.add", orgID, e.Word, func() error {
		if err := l.books.Insert(ctx, &book{Meta: store.Meta{ID: orgID}}); err != nil && !fault.Is(err, fault.Exists) {
			return err
		}
		return l.change(ctx, orgID, func(b *book) error {
			if len(b.Entries) >= MaxEntries {
				return fault.New(fault.Invalid, "word.too_many", "the list of %s is full", orgID).With("max", MaxEntries)
			}
			b.Entries = append(b.Entries, e)
			return b.unique(e)
		})
	})
	return e, err
}

// Change gives an entry of an organisation's list another content.
func (l *List) Change(ctx context.Context, actor policies.Actor, orgID string, e Entry) (Entry, error) {
	if err := e.check(); err != nil {
		return Entry{}, err
	}
	err := l.recorded(ctx, actor, "word.change", orgID, e.Word, func() error {
		return l.change(ctx, orgID, func(b *book) error {
			i := slices.IndexFunc(b.Entries, func(old Entry) bool { return old.ID == e.ID })
			if i < 0 {
				return errNoWord(e.ID)
			}
			b.Entries[i] = e
			return b.unique(e)
		})
	})
	return e, err
}

// Remove takes an entry out of an organisation's list.
func (l *List) Remove(ctx context.Context, actor policies.Actor, orgID, id string) error {
	book, err := l.books.Get(ctx, orgID)
	i := slices.IndexFunc(book.Entries, func(e Entry) bool { return e.ID == id })
	if fault.Is(err, fault.NotFound) || err == nil && i < 0 {
		return errNoWord(id)
	}
	if err != nil {
		return err
	}
	return l.recorded(ctx, actor, "word.remove", orgID, book.Entries[i].Word, func() error { return l.without(ctx, orgID, id) })
}

func (l *List) without(ctx context.Context, orgID, id string) error {
	return l.change(ctx, orgID, func(b *book) error {
		b.Entries = slices.DeleteFunc(b.Entries, func(e Entry) bool { return e.ID == id })
		return nil
	})
}

func (l *List) change(ctx context.Context, orgID string, fn func(*book) error) error {
	_, err := l.books.Update(ctx, orgID, fn)
	if fault.Is(err, fault.NotFound) && fault.KeyOf(err) != "word.not_found" {
		return errNoWord(orgID)
	}
	return err
}

func (l *List) recorded(ctx context.Context, actor policies.Actor, action, orgID, word string, do func() error) error {
	return l.trail.Record(ctx, actor, action, "wordlist:"+orgID, word, do)
}

func (b *book) unique(e Entry) error {
	folds := folder{}
	form := folds.text(e.Word)
	if slices.ContainsFunc(b.Entries, func(other Entry) bool { return other.ID != e.ID && folds.text(other.Word) == form }) {
		return fault.New(fault.Exists, "word.exists", "%q stands in the list", e.Word)
	}
	return nil
}

func errNoWord(id string) error { return fault.New(fault.NotFound, "word.not_found", "no word %s", id) }
