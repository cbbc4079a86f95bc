package thesaurus

import (
	"context"
	"slices"
	"strings"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
	"qiming/search"
)

// Limits of a list. Every analysis of short answers reads whole lists.
const (
	MaxGroups = 500 // of an organisation's own
	MaxWords  = 20  // of a group
	MinWord   = 2   // characters: one is a part of too many words
	MaxWord   = 30  // characters
)

// Group is a set of words that mean the same. In a list no word stands in two groups.
type Group struct {
	ID    string    `bson:"id" json:"id"`
	Words []string  `bson:"words" json:"words"`
	Rev   int       `bson:"rev" json:"rev"` // rises with each change
	By    string    `bson:"by" json:"by"`   // name of who changed it last
	At    time.Time `bson:"at" json:"at"`
}

// book is the list of an organisation; its id is the organisation's.
type book struct {
	store.Meta `bson:",inline"`
	Groups     []Group `bson:"groups"`
}

// Trail records who did what; see audit.
type Trail interface {
	Record(ctx context.Context, actor policies.Actor, action, object, name string, do func() error) error
}

// Deps is what a Thesaurus needs.
type Deps struct {
	DB    *store.DB
	Clock ident.Clock
	Trail Trail
}

// Thesaurus keeps the lists.
type Thesaurus struct {
	books store.Collection[book]
	clock ident.Clock
	trail Trail
}

// New declares the collection; call it before the database starts.
func New(deps Deps) *Thesaurus {
	return &Thesaurus{books: store.Define[book](deps.DB, store.Spec{Name: "synonyms", Version: 1}), clock: deps.Clock, trail: deps.Trail}
}

// Groups gives what means the same in an organisation, at the end of the path from the root: its own groups and those
// of all above it, as search.NearestSynonyms puts them together.
func (t *Thesaurus) Groups(ctx context.Context, orgPath []string) ([][]string, error) {
	books, err := t.books.GetMany(ctx, orgPath)
	if err != nil {
		return nil, err
	}
	var lists [][][]string
	for _, id := range slices.Backward(orgPath) {
		var list [][]string
		for _, g := range books[id].Groups {
			list = append(list, g.Words)
		}
		lists = append(lists, list)
	}
	return search.NearestSynonyms(lists...), nil
}

// Listed is a group as an organisation sees it.
type Listed struct {
	Group
	OrgID string   `json:"org_id"`          // whose it is
	Own   bool     `json:"own"`             // of the organisation itself, not of one above
	Moot  []string `json:"moot,omitempty"`  // words that mean something else here: a nearer group has them
	Above []string `json:"above,omitempty"` // words that stand in a group of an organisation above, which has no say in them here
}

// List gives the groups that hold in an organisation, its own first and the newest first among them.
func (t *Thesaurus) List(ctx context.Context, orgPath []string) ([]Listed, error) {
	books, err := t.books.GetMany(ctx, orgPath)
	if err != nil {
		return nil, err
	}
	out := []Listed{}
	seen := map[string]int{} // by key: where in out it stands first
	for depth, id := range slices.Backward(orgPath) {
		groups := slices.Clone(books[id].Groups)
		slices.SortStableFunc(groups, func(a, b Group) int { return b.At.Compare(a.At) })
		for _, g := range groups {
			one := Listed{Group: g, OrgID: id, Own: depth == len(orgPath)-1}
			for _, word := range g.Words {
				key := search.SynonymKey(word)
				if near, ok := seen[key]; ok && out[near].OrgID != id {
					one.Moot = append(one.Moot, word)
					out[near].Above = append(out[near].Above, word)
				} else {
					seen[key] = len(out)
				}
			}
			out = append(out, one)
		}
	}
	return out, nil
}

// Outcome is what became of a group that somebody gave.
type Outcome string

// The outcomes.
const (
	Added   Outcome = "added"
	Known   Outcome = "known"   // all its words stand together in a group already
	Refused Outcome = "refused" // see Verdict.Key
)

// Verdict says what became of a group, or would.
type Verdict struct {
	Words   []string `json:"words"`
	Outcome Outcome  `json:"outcome" enum:"added,known,refused"`
	Key     string   `json:"key,omitempty" doc:"Why it is refused: synonym.alone, synonym.many, synonym.length, synonym.taken, synonym.full"`
	Word    string   `json:"word,omitempty" doc:"The word at fault"`
	Beside  []string `json:"beside,omitempty" doc:"The group that has it"`
}

// Add puts groups into an organisation's list, each by itself: one that cannot be does not keep the others from it.
// With dry nothing is written.
func (t *Thesaurus) Add(ctx context.Context, actor policies.Actor, orgID string, groups [][]string, dry bool) ([]Verdict, error) {
	verdicts := []Verdict{}
	now := t.clock.Now()
	if dry {
		b, err := t.books.Get(ctx, orgID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		return b.add(groups, actor.Name, now), nil
	}
	err := t.write(ctx, actor, orgID, "synonym.add", func(b *book) error {
		verdicts = b.add(groups, actor.Name, now)
		if !slices.ContainsFunc(verdicts, func(v Verdict) bool { return v.Outcome == Added }) {
			return store.ErrUnchanged
		}
		return nil
	})
	return verdicts, err
}

// Change gives a group other words. Refused: the keys of Verdict as fault.Invalid; "synonym.moved" where another has
// changed it since rev.
func (t *Thesaurus) Change(ctx context.Context, actor policies.Actor, orgID, id string, rev int, words []string) (Group, error) {
	var out Group
	err := t.write(ctx, actor, orgID, "synonym.change", func(b *book) error {
		i, err := b.find(id, rev)
		if err != nil {
			return err
		}
		words, v := b.judge(words, id)
		if v.Outcome == Refused {
			return fault.Bad("synonym.invalid", []fault.Field{{Path: "words", Key: v.Key, Params: map[string]any{"word": v.Word, "beside": strings.Join(v.Beside, "、")}}})
		}
		b.Groups[i] = Group{ID: id, Words: words, Rev: rev + 1, By: actor.Name, At: t.clock.Now()}
		out = b.Groups[i]
		return nil
	})
	return out, err
}

// Remove takes a group away.
func (t *Thesaurus) Remove(ctx context.Context, actor policies.Actor, orgID, id string, rev int) error {
	return t.write(ctx, actor, orgID, "synonym.remove", func(b *book) error {
		i, err := b.find(id, rev)
		if err == nil {
			b.Groups = slices.Delete(b.Groups, i, i+1)
		}
		return err
	})
}

func (t *Thesaurus) write(ctx context.Context, actor policies.Actor, orgID, action string, change func(*book) error) error {
	return t.trail.Record(ctx, actor, action, "synonyms:"+orgID, "", func() error {
		for {
			_, err := t.books.Update(ctx, orgID, change)
			if !fault.Is(err, fault.NotFound) || fault.KeyOf(err) == "synonym.not_found" {
				return err
			}
			fresh := book{Meta: store.Meta{ID: orgID}}
			if err := t.books.Insert(ctx, &fresh); err != nil && !fault.Is(err, fault.Exists) {
				return err
			}
		}
	})
}

func (b *book) find(id string, rev int) (int, error) {
	i := slices.IndexFunc(b.Groups, func(g Group) bool { return g.ID == id })
	if i < 0 {
		return i, fault.New(fault.NotFound, "synonym.not_found", "group %s", id)
	}
	if b.Groups[i].Rev != rev {
		return i, fault.New(fault.Conflict, "synonym.moved", "group %s is at %d, not %d", id, b.Groups[i].Rev, rev)
	}
	return i, nil
}

func (b *book) add(groups [][]string, by string, now time.Time) []Verdict {
	verdicts := []Verdict{}
	for _, given := range groups {
		words, v := b.judge(given, "")
		if v.Outcome == Added && len(b.Groups) >= MaxGroups {
			v.Outcome, v.Key = Refused, "synonym.full"
		}
		if v.Outcome == Added {
			b.Groups = append(b.Groups, Group{ID: ident.New(), Words: words, Rev: 1, By: by, At: now})
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}

// judge tidies the words of a group and says what becomes of it beside the others.
func (b *book) judge(given []string, except string) ([]string, Verdict) {
	var words []string
	var keys []string
	for _, word := range given {
		word = strings.Join(strings.Fields(word), " ")
		if key := search.SynonymKey(word); key != "" && !slices.Contains(keys, key) {
			words, keys = append(words, word), append(keys, key)
		}
	}
	v := Verdict{Words: words, Outcome: Added}
	refuse := func(key, word string, beside []string) ([]string, Verdict) {
		v.Outcome, v.Key, v.Word, v.Beside = Refused, key, word, beside
		return words, v
	}
	switch {
	case len(words) < 2:
		v.Words = append([]string{}, given...)
		return refuse("synonym.alone", "", nil)
	case len(words) > MaxWords:
		return refuse("synonym.many", "", nil)
	}
	for _, word := range words {
		if n := len([]rune(word)); n < MinWord || n > MaxWord {
			return refuse("synonym.length", word, nil)
		}
	}
	for i := range b.Groups {
		g := &b.Groups[i]
		if g.ID == except {
			continue
		}
		var shared []string
		for j, key := range keys {
			if slices.ContainsFunc(g.Words, func(w string) bool { return search.SynonymKey(w) == key }) {
				shared = append(shared, words[j])
			}
		}
		if len(shared) == len(words) && except == "" {
			v.Outcome, v.Beside = Known, g.Words
			return words, v
		}
		if len(shared) > 0 {
			return refuse("synonym.taken", shared[0], g.Words)
		}
	}
	return words, v
}
