package knowledge

import (
	"context"
	"fmt"
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/knowledge/wordlist"
	"qiming/policies"
)

// Article is what the knowledge base holds: one document with what is being written and what readers see.
type Article struct {
	store.Meta `bson:",inline"`
	OrgID      string      `bson:"org_id" json:"org_id"`
	OrgPath    []string    `bson:"org_path" json:"-"`
	Status     Status      `bson:"status" json:"status" enum:"draft,review,scheduled,published,withdrawn"`
	Draft      Content     `bson:"draft" json:"draft"`                               // what is written; in review, what was handed in
	Number     int         `bson:"number" json:"number"`                             // of the latest version; 0 = none was handed in
	PublishAt  *time.Time  `bson:"publish_at,omitempty" json:"publish_at,omitempty"` // when it is to be published; nil = once it is approved
	Published  *Edition    `bson:"published,omitempty" json:"published,omitempty"`   // what readers see
	Withdrawn  *Withdrawal `bson:"withdrawn,omitempty" json:"withdrawn,omitempty"`   // until it is published again
	Once       bool        `bson:"once,omitempty" json:"once,omitempty"`             // was public once: it is never removed
	AuthorID   string      `bson:"author_id" json:"author_id"`
	EditorID   string      `bson:"editor_id" json:"editor_id"` // who wrote last
	Writers    []string    `bson:"writers" json:"writers"`     // who wrote on it or handed it in since it was last approved
	Note       string      `bson:"note,omitempty" json:"note,omitempty"`
	Events     []Event     `bson:"events" json:"events"`
	Origin     *Origin     `bson:"origin,omitempty" json:"origin,omitempty"` // of a copy of what another organisation shares
	Saves      int64       `bson:"saves" json:"-"`                           // names the draft to those who keep its files
}

// Edition is a version that readers see.
type Edition struct {
	Number  int       `bson:"number" json:"number"`
	At      time.Time `bson:"at" json:"at"`
	Content Content   `bson:"content" json:"content"`
}

// Withdrawal is the trace that a withdrawn article leaves: those who could read it see when and why.
type Withdrawal struct {
	At      time.Time `bson:"at" json:"at"`
	By      string    `bson:"by" json:"by"` // account
	Reason  string    `bson:"reason" json:"reason"`
	Edition Edition   `bson:"edition" json:"-"` // what was withdrawn
}

// Event is a step of the article's life, with who and why. They are kept for good: those of withdrawing are the log of takedowns.
type Event struct {
	Step    Step      `bson:"step" json:"step" enum:"hand_in,recall,discard,approve,return,publish,withdraw,follow"`
	At      time.Time `bson:"at" json:"at"`
	By      string    `bson:"by,omitempty" json:"by,omitempty"` // account; "" = the clock
	Version int       `bson:"version" json:"version"`
	Note    string    `bson:"note,omitempty" json:"note,omitempty"`
}

// Version is an immutable content of an article; its id is VersionID.
type Version struct {
	store.Meta `bson:",inline"`
	ArticleID  string   `bson:"article_id" json:"article_id"`
	Number     int      `bson:"number" json:"number"`
	Follows    int      `bson:"follows" json:"follows"` // the version before it; 0 = none
	Content    Content  `bson:"content" json:"content"`
	Writers    []string `bson:"writers" json:"writers"`
	Note       string   `bson:"note,omitempty" json:"note,omitempty"` // what changed and why
}

// VersionID names a version of an article.
func VersionID(articleID string, number int) string { return fmt.Sprintf("%s/%04d", articleID, number) }

// Trail records who did what: it does the act and records how it ended, and refuses the act where it cannot record.
type Trail interface {
	Record(ctx context.Context, actor policies.Actor, action, object, name string, do func() error) error
}

// Orgs knows the organisation tree.
type Orgs interface {
	// OrgPath gives the ids from the root to the node, or fault.NotFound.
	OrgPath(ctx context.Context, orgID string) ([]string, error)
}

// Files keeps what articles show; media.Library.
type Files interface {
	// Refer holds files for an object before it is written; one that is not kept is fault.Invalid.
	Refer(ctx context.Context, object string, ids []string) error
	// Release lets go of what an object showed.
	Release(ctx context.Context, object string) error
}

// Deps is what Articles need.
type Deps struct {
	DB      *store.DB
	Clock   ident.Clock
	Trail   Trail
	Orgs    Orgs
	Files   Files
	Readers Readers
	Words   *wordlist.List
	Zone    *time.Location // the organisation's: decides what day it is
}

// Articles is the service of the knowledge base.
type Articles struct {
	Deps
	articles  store.Collection[Article]
	versions  store.Collection[Version]
	rendered  *lru.Cache[string, Rendered] // by version
	catalogue *catalogue
	trees     store.Collection[tree]
	forest    *forest
	records   store.Collection[Record]
	comments  store.Collection[Comment]
	reports   store.Collection[Report]
	shares    store.Collection[Share]
}

// cachedTexts bounds the rendered versions in memory (about 40 kB each).
const cachedTexts = 512

// New declares the collections; call it before the database starts.
func New(deps Deps) *Articles {
	cache, err := lru.New[string, Rendered](cachedTexts)
	if err != nil {
		panic(err) // only a size below 1 is refused
	}
	s := &Articles{Deps: deps, rendered: cache,
		articles: store.Define[Article](deps.DB, store.Spec{Name: "articles", Version: 1, Indexes: []store.Index{
			{Name: "due", Fields: []string{"status", "publish_at"}}}}),
		versions: store.Define[Version](deps.DB, store.Spec{Name: "article_versions", Version: 1, Indexes: []store.Index{
			{Name: "article", Fields: []string{"article_id", "number"}}}}),
	}
	s.trees = store.Define[tree](deps.DB, store.Spec{Name: "article_categories", Version: 1})
	s.records, s.comments, s.reports = defineRecords(deps.DB), defineComments(deps.DB), defineReports(deps.DB)
	s.shares = defineShares(deps.DB)
	s.catalogue, s.forest = newCatalogue(s.articles, deps.Clock), newForest(s.trees, deps.Clock)
	return s
}

func errNoArticle(id string) error {
	return fault.New(fault.NotFound, "article.not_found", "no article %s", id)
}

func errStale(id string) error {
	return fault.New(fault.Conflict, "article.stale", "article %s was changed by somebody else", id)
}

// Get gives an article of an organisation that the actor's permission reaches: for the desk.
func (s *Articles) Get(ctx context.Context, actor policies.Actor, id string) (Article, error) {
	a, err := s.articles.Get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && !actor.Scope.Covers(a.OrgPath) {
		return Article{}, errNoArticle(id)
	}
	return a, err
}

// seen gives an article at the revision that the actor saw.
func (s *Articles) seen(ctx context.Context, actor policies.Actor, id string, rev int64) (Article, error) {
	a, err := s.Get(ctx, actor, id)
	if err == nil && a.Rev != rev {
		err = errStale(id)
	}
	return a, err
}

func (s *Articles) recorded(ctx context.Context, actor policies.Actor, action string, a Article, do func() error) error {
	return s.Trail.Record(ctx, actor, action, "article:"+a.ID, a.Draft.Title, do)
}

// owned gives the path of an organisation whose articles the actor may write, or fault.NotFound.
func (s *Articles) owned(ctx context.Context, actor policies.Actor, orgID string) ([]string, error) {
	path, err := s.Orgs.OrgPath(ctx, orgID)
	if err == nil && !actor.Scope.Covers(path) {
		err = fault.New(fault.NotFound, "org.not_found", "organisation %s is outside the scope", orgID)
	}
	return path, err
}

// outside notes what a content names beyond its organisation: an audience is of the owner's subtree, and a regulation takes the
// place of those that its owner, or one below, published.
func (s *Articles) outside(ctx context.Context, owner, self string, c Content) (problems, error) {
	var p problems
	for i, org := range c.Audience.Orgs {
		path, err := s.Orgs.OrgPath(ctx, org)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if err != nil || !slices.Contains(path, owner) {
			p.add(fmt.Sprintf("audience.orgs[%d]", i), "org.not_found")
		}
	}
	if c.CategoryID != "" {
		t, err := s.treeOf(ctx, owner)
		if err != nil {
			return nil, err
		}
		if t.find(c.CategoryID) < 0 {
			p.add("category_id", "category.not_found")
		}
	}
	if c.Law == nil || len(c.Law.Replaces) == 0 {
		return p, nil
	}
	replaced, err := s.articles.GetMany(ctx, c.Law.Replaces)
	if err != nil {
		return nil, err
	}
	for i, id := range c.Law.Replaces {
		a, ok := replaced[id]
		if !ok || id == self || !a.Once || a.Draft.Kind != Regulation || !slices.Contains(a.OrgPath, owner) {
			p.add(fmt.Sprintf("law.replaces[%d]", i), "article.not_replaceable")
		}
	}
	circles, err := s.circles(ctx, self, c.Law)
	return append(p, circles...), err
}

// circles notes the regulations that a law takes the place of while they, by themselves or by others, take the place of it: both
// would be replaced, and none would hold.
func (s *Articles) circles(ctx context.Context, self string, law *Law) (problems, error) {
	var p problems
	if law == nil || self == "" {
		return p, nil
	}
	for i, id := range law.Replaces {
		reached := []string{id}
		for from := 0; from < len(reached); {
			heads, err := s.catalogue.heads(ctx, reached[from:])
			if err != nil {
				return nil, err
			}
			from = len(reached)
			for _, h := range heads {
				if h.Published == nil || h.Published.Content.Law == nil {
					continue
				}
				for _, before := range h.Published.Content.Law.Replaces {
					if !slices.Contains(reached, before) {
						reached = append(reached, before)
					}
				}
			}
		}
		if id != self && slices.Contains(reached, self) {
			p.add(fmt.Sprintf("law.replaces[%d]", i), "article.replaces_circle")
		}
	}
	return p, nil
}
