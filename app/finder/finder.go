package finder

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
	"qiming/search"
	"qiming/search/index"
)

// Shelf is a kind of things that are found. Tokens, Seen and the audiences of its documents are one rule.
type Shelf struct {
	index.Source
	// Also are further collections whose changes change the documents of this one.
	Also []index.Source
	// Tokens gives the tokens by which an actor sees things; none where the actor sees nothing here.
	Tokens func(context.Context, policies.Actor) ([]string, error)
	// Seen says of things whether an actor sees them at this moment: the index may be half a second behind.
	Seen func(ctx context.Context, actor policies.Actor, ids []string) (map[string]bool, error)
	// CategoryNames gives the names of categories of these things; others are left out.
	CategoryNames func(ctx context.Context, ids []string) (map[string]string, error)
}

// Orgs tells where nodes stand.
type Orgs interface {
	OrgPath(ctx context.Context, id string) ([]string, error)
}

// Synonyms are the words of organisations, see thesaurus.
type Synonyms interface {
	Groups(ctx context.Context, orgPath []string) ([][]string, error)
}

// Deps is what a Finder needs.
type Deps struct {
	DB       *store.DB
	Dir      string // where the indexes of the processes are
	Clock    ident.Clock
	Log      *slog.Logger
	Orgs     Orgs
	Synonyms Synonyms
	Shelves  []Shelf
}

// Finder finds. Until Run has built the index of this process it answers "search.building".
type Finder struct {
	Deps
	Builds *Builds
	live   atomic.Pointer[index.Live]
}

// New declares the collections; call it before the database starts. It opens no index.
func New(deps Deps) *Finder { return &Finder{Deps: deps, Builds: newBuilds(deps.DB, deps.Clock)} }

// openAgain is how long Run waits before it tries again to open an index that could not be opened.
const openAgain = 30 * time.Second

// Run opens the index of this process and follows what changes until the context ends. Where the index cannot be opened,
// as on a full disk, it says so and tries again: without the search the rest serves on.
func (f *Finder) Run(ctx context.Context) error {
	var sources []index.Source
	for _, shelf := range f.Shelves {
		sources = append(append(sources, shelf.Source), shelf.Also...)
	}
	for {
		live, err := index.OpenLive(f.Dir, f.Clock, f.Log, sources...)
		if err == nil {
			f.live.Store(live)
			var running sync.WaitGroup
			running.Go(func() { live.Run(ctx) })
			running.Go(func() { f.attend(ctx, live) })
			running.Wait()
			return live.Close()
		}
		f.Log.Error("the search index cannot be opened", "error", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(openAgain):
		}
	}
}

// Query is what somebody looks for.
type Query struct {
	Text     string
	Kinds    []string
	Category string
	Tag      string
	Source   string
	Official bool
	From, To time.Time
	Offset   int
	Limit    int
}

// Unfiltered says whether only words are asked for.
func (q Query) Unfiltered() bool {
	return len(q.Kinds) == 0 && q.Category == "" && q.Tag == "" && q.Source == "" && !q.Official && q.From.IsZero() && q.To.IsZero()
}

// Hit is something that was found.
type Hit struct {
	Document index.Document
	Title    []search.Span // marks of its title, code points
	Extract  index.Extract // of its text
}

// Found is the answer to a Query.
type Found struct {
	Total    int
	Hits     []Hit
	Facets   map[index.Facet]map[string]int
	Spelling string // what may have been meant, where nothing was found

	CategoryNames map[string]string // of the facet
}

// errBuilding is for the first minutes of a process.
func errBuilding() error {
	return fault.New(fault.Unavailable, "search.building", "the search index of this process is being built")
}

// Find gives what an actor may find.
func (f *Finder) Find(ctx context.Context, actor policies.Actor, q Query) (Found, error) {
	live := f.live.Load()
	if live == nil {
		return Found{}, errBuilding()
	}
	if q.Offset+q.Limit > index.MaxReach {
		return Found{}, fault.New(fault.Invalid, "search.too_far", "only the first %d hits are shown", index.MaxReach).With("max", index.MaxReach)
	}
	request, err := f.request(ctx, actor, q.Text)
	if err != nil {
		return Found{}, err
	}
	request.Kinds, request.Category, request.Tag, request.Source, request.Official = q.Kinds, q.Category, q.Tag, q.Source, q.Official
	request.From, request.To, request.Offset, request.Limit, request.Facets = q.From, q.To, q.Offset, q.Limit, true
	result, err := live.Search(ctx, request)
	if err != nil {
		return Found{}, translated(err)
	}
	out := Found{Total: result.Total, Facets: result.Facets}
	if out.CategoryNames, err = f.categoryNames(ctx, result.Facets[index.FacetCategory]); err != nil {
		return Found{}, err
	}
	if result.Total == 0 {
		if out.Spelling, err = live.Spell(ctx, request); err != nil {
			return Found{}, translated(err)
		}
	}
	documents := make([]index.Document, len(result.Hits))
	for i, hit := range result.Hits {
		documents[i] = hit.Document
	}
	seen, err := f.seen(ctx, actor, documents)
	if err != nil {
		return Found{}, err
	}
	words := index.WordsOf(request)
	for _, d := range documents {
		if !seen[index.Thing{Type: d.Type, ID: d.ID}] {
			out.Total--
			continue
		}
		out.Hits = append(out.Hits, Hit{Document: d, Title: words.Mark(d.Title), Extract: words.Extract(d.Text)})
	}
	return out, nil
}

// Suggest gives names for what an actor is typing.
func (f *Finder) Suggest(ctx context.Context, actor policies.Actor, text string, limit int) ([]index.Suggestion, error) {
	live := f.live.Load()
	if live == nil {
		return nil, errBuilding()
	}
	request, err := f.request(ctx, actor, text)
	if err != nil {
		return nil, err
	}
	request.Limit = limit
	found, err := live.Suggest(ctx, request)
	if err != nil {
		return nil, translated(err)
	}
	documents := make([]index.Document, len(found))
	for i, s := range found {
		documents[i] = index.Document{Type: s.Type, ID: s.ID}
	}
	seen, err := f.seen(ctx, actor, documents)
	if err != nil {
		return nil, err
	}
	out := []index.Suggestion{}
	for _, s := range found {
		if seen[index.Thing{Type: s.Type, ID: s.ID}] {
			out = append(out, s)
		}
	}
	return out, nil
}

func translated(err error) error {
	if errors.Is(err, index.ErrBuilding) {
		return errBuilding()
	}
	return err
}

// request gives a search with what the actor may see and the words of the actor's organisations.
func (f *Finder) request(ctx context.Context, actor policies.Actor, text string) (index.Request, error) {
	q := index.Request{Text: text, Now: f.Clock.Now()}
	for _, shelf := range f.Shelves {
		tokens, err := shelf.Tokens(ctx, actor)
		if err != nil {
			return q, err
		}
		q.Audience = append(q.Audience, tokens...)
	}
	path := actor.OrgPath
	if len(path) == 0 && len(actor.Grants) > 0 && actor.Grants[0].OrgID != policies.Everywhere {
		var err error
		if path, err = f.Orgs.OrgPath(ctx, actor.Grants[0].OrgID); err != nil && !fault.Is(err, fault.NotFound) {
			return q, err
		}
	}
	var err error
	q.Synonyms, err = f.Synonyms.Groups(ctx, path)
	return q, err
}

// seen says which of documents an actor sees at this moment.
func (f *Finder) seen(ctx context.Context, actor policies.Actor, documents []index.Document) (map[index.Thing]bool, error) {
	out := map[index.Thing]bool{}
	for _, shelf := range f.Shelves {
		var ids []string
		for _, d := range documents {
			if d.Type == shelf.Type {
				ids = append(ids, d.ID)
			}
		}
		if len(ids) == 0 {
			continue
		}
		seen, err := shelf.Seen(ctx, actor, ids)
		if err != nil {
			return nil, err
		}
		for id, may := range seen {
			out[index.Thing{Type: shelf.Type, ID: id}] = may
		}
	}
	return out, nil
}

// categoryNames names the categories of hits.
func (f *Finder) categoryNames(ctx context.Context, counts map[string]int) (map[string]string, error) {
	out := map[string]string{}
	ids := slices.Sorted(maps.Keys(counts))
	if len(ids) == 0 {
		return out, nil
	}
	for _, shelf := range f.Shelves {
		names, err := shelf.CategoryNames(ctx, ids)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, names)
	}
	return out, nil
}
