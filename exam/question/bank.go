package question

import (
	"context"
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// Act is one act for the audit trail.
type Act struct {
	Action string // "question.save"
	Object string // "question:ID"
	Name   string // for people: the beginning of the stem
	Detail map[string]string
}

// Trail records who did what: it does the act and records how it ended, and refuses the act where it
// cannot record.
type Trail interface {
	Act(ctx context.Context, actor policies.Actor, act Act, do func() error) error
}

// Orgs knows the organisation tree.
type Orgs interface {
	// OrgPath gives the ids from the root to the node, or fault.NotFound.
	OrgPath(ctx context.Context, orgID string) ([]string, error)
}

// Deps is what a bank needs.
type Deps struct {
	DB    *store.DB
	Clock ident.Clock
	Trail Trail
	Orgs  Orgs
	Files Files
	Zone  *time.Location // the organisation's: decides what day it is
}

// Files keeps what the texts of questions show; media.Library.
type Files interface {
	// Refer holds files for an object before it is written; one that is not kept is fault.Invalid.
	Refer(ctx context.Context, object string, ids []string) error
	// Release lets go of what an object showed.
	Release(ctx context.Context, object string) error
}

// cachedVersions bounds the cache of immutable versions (about 2 kB each).
const cachedVersions = 8192

// workers is how many writes of a bulk act are under way at once; the store commits them in groups.
const workers = 128

// Bank is the service of the question banks. Every organisation node may own one: its questions carry
// the node's OrgID and OrgPath. Who reaches a node (policies.Scope) reads and writes its bank; the
// published questions of the banks above are visible and may be drawn too.
type Bank struct {
	questions  store.Collection[Question]
	versions   store.Collection[Version]
	categories store.Collection[Category]
	settings   store.Collection[Settings]
	edits      store.Collection[EditBatch]
	editSteps  store.Collection[editStep]
	trail      Trail
	orgs       Orgs
	files      Files
	clock      ident.Clock
	zone       *time.Location
	cache      *lru.Cache[string, Version]
	catalogue  *catalogue
	tree       *tree
}

// New declares the bank's collections; call it before the database starts.
func New(deps Deps) *Bank {
	cache, err := lru.New[string, Version](cachedVersions)
	if err != nil {
		panic(err) // only a size below 1 is refused
	}
	b := &Bank{
		questions: store.Define[Question, *Question](deps.DB, store.Spec{Name: "questions", Version: 1, Indexes: []store.Index{
			{Name: "stem_key", Fields: []string{"stem_key"}},
			{Name: "batch", Fields: []string{"batch_id"}},
		}}),
		versions: store.Define[Version, *Version](deps.DB, store.Spec{Name: "question_versions", Version: 1, Indexes: []store.Index{
			{Name: "question", Fields: []string{"question_id", "number"}},
		}}),
		categories: store.Define[Category, *Category](deps.DB, store.Spec{Name: "categories", Version: 1, Indexes: []store.Index{
			{Name: "sibling", Fields: []string{"org_id", "parent_id", "name"}, Unique: true},
		}}),
		settings: store.Define[Settings, *Settings](deps.DB, store.Spec{Name: "bank_settings", Version: 1}),
		edits: store.Define[EditBatch, *EditBatch](deps.DB, store.Spec{Name: "question_edits", Version: 1, Indexes: []store.Index{
			{Name: "state", Fields: []string{"state"}},
		}}),
		editSteps: store.Define[editStep, *editStep](deps.DB, store.Spec{Name: "question_edit_steps", Version: 1, Indexes: []store.Index{
			{Name: "batch", Fields: []string{"batch_id"}},
		}}),
		trail: deps.Trail,
		orgs:  deps.Orgs,
		files: deps.Files,
		clock: deps.Clock,
		zone:  deps.Zone,
		cache: cache,
	}
	b.catalogue = newCatalogue(b.questions, deps.Clock)
	b.tree = newTree(b.categories, deps.Clock)
	return b
}

// Settings are what the owner of a bank decided; the id is the organisation node.
type Settings struct {
	store.Meta `bson:",inline"`
	OwnItems   bool `bson:"own_items" json:"own_items"` // who wrote an item may publish it alone (default: a second person must)
}

// Settings gives the settings of a node's bank; a bank without any has the defaults.
func (b *Bank) Settings(ctx context.Context, actor policies.Actor, orgID string) (Settings, error) {
	if _, err := b.owned(ctx, actor, orgID); err != nil {
		return Settings{}, err
	}
	return b.settingsOf(ctx, orgID)
}

func (b *Bank) settingsOf(ctx context.Context, orgID string) (Settings, error) {
	s, err := b.settings.Get(ctx, orgID)
	if fault.Is(err, fault.NotFound) {
		return Settings{Meta: store.Meta{ID: orgID}}, nil
	}
	return s, err
}

// SetSettings changes the settings of a node's bank.
func (b *Bank) SetSettings(ctx context.Context, actor policies.Actor, orgID string, ownItems bool) (Settings, error) {
	if _, err := b.owned(ctx, actor, orgID); err != nil {
		return Settings{}, err
	}
	var s Settings
	act := Act{Action: "bank.settings", Object: "org:" + orgID, Detail: map[string]string{"own_items": yesNo(ownItems)}}
	err := b.trail.Act(ctx, actor, act, func() error {
		fresh := Settings{Meta: store.Meta{ID: orgID}, OwnItems: ownItems}
		if err := b.settings.Insert(ctx, &fresh); !fault.Is(err, fault.Exists) {
			s = fresh
			return err
		}
		var err error
		s, err = b.settings.Update(ctx, orgID, func(s *Settings) error { s.OwnItems = ownItems; return nil })
		return err
	})
	return s, err
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// reach is what an actor sees: the banks of a scope and what the banks above it published.
type reach struct {
	scope policies.Scope
	above []string
}

func (b *Bank) reach(ctx context.Context, actor policies.Actor) (reach, error) {
	r := reach{scope: actor.Scope}
	if actor.Scope.Everywhere() {
		return r, nil
	}
	for _, id := range actor.Scope {
		path, err := b.orgs.OrgPath(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue // a grant on an abolished node reaches nothing above it
		}
		if err != nil {
			return r, err
		}
		for _, up := range path {
			if up != id && !slices.Contains(r.above, up) {
				r.above = append(r.above, up)
			}
		}
	}
	return r, nil
}

func (r reach) sees(orgID string, orgPath []string, drawable bool) bool {
	return r.scope.Covers(orgPath) || (drawable && slices.Contains(r.above, orgID))
}

// owned gives the path of an organisation node whose bank the actor may write, or fault.NotFound.
func (b *Bank) owned(ctx context.Context, actor policies.Actor, orgID string) ([]string, error) {
	path, err := b.orgs.OrgPath(ctx, orgID)
	if err != nil {
		return nil, err
	}
	if !actor.Scope.Covers(path) {
		return nil, fault.New(fault.NotFound, "org.not_found", "organisation %s is outside the scope", orgID)
	}
	return path, nil
}

func errNoQuestion(id string) error {
	return fault.New(fault.NotFound, "question.not_found", "no question %s", id)
}

func errStale(id string) error {
	return fault.New(fault.Conflict, "question.stale", "question %s was changed by somebody else", id)
}

// Get gives a question that the actor sees.
func (b *Bank) Get(ctx context.Context, actor policies.Actor, id string) (Question, error) {
	q, err := b.questions.Get(ctx, id)
	if err != nil || q.Gone {
		if err == nil || fault.Is(err, fault.NotFound) {
			err = errNoQuestion(id)
		}
		return Question{}, err
	}
	r, err := b.reach(ctx, actor)
	if err != nil {
		return Question{}, err
	}
	if !r.sees(q.OrgID, q.OrgPath, q.Drawable()) {
		return Question{}, errNoQuestion(id)
	}
	return q, nil
}

// editable gives a question of a bank that the actor may write.
func (b *Bank) editable(ctx context.Context, actor policies.Actor, id string) (Question, error) {
	q, err := b.Get(ctx, actor, id)
	if err == nil && !actor.Scope.Covers(q.OrgPath) {
		err = fault.New(fault.Forbidden, "question.other_bank", "question %s is of a bank above", id)
	}
	return q, err
}

const nameLength = 40 // characters of a stem in the audit trail

func actOn(action string, q Question) Act {
	name := []rune(q.Content.Stem)
	return Act{Action: action, Object: "question:" + q.ID, Name: string(name[:min(len(name), nameLength)])}
}
