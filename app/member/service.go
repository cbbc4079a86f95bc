package member

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"qiming/app/audit"
	"qiming/app/org"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/keyring"
	"qiming/internal/replica"
	"qiming/internal/store"
	"qiming/policies"
)

// Trail is what the package needs of the audit trail.
type Trail interface {
	Act(ctx context.Context, e audit.Entry, fn func() error) error
}

// Orgs is what the package needs of the organisation tree.
type Orgs interface {
	Tree(ctx context.Context) (*org.Tree, error)
	Existing(ctx context.Context, id string) (org.Node, error)
}

// Referrer says why a member may not be taken back: "account", "attempt"; "" where nothing refers.
type Referrer func(ctx context.Context, memberID string) (reason string, err error)

// Deps is what the service needs.
type Deps struct {
	DB    *store.DB
	Clock ident.Clock
	Keys  *keyring.Ring
	Trail Trail
	Orgs  Orgs
	Zone  *time.Location // the organisation's: decides what day it is
}

// Service keeps the register. It is safe for concurrent use.
type Service struct {
	clock ident.Clock
	keys  *keyring.Ring
	trail Trail
	orgs  Orgs
	zone  *time.Location

	members   store.Collection[Member]
	paths     store.Collection[pathRepair]
	batches   store.Collection[Batch]
	rows      store.Collection[row]
	held      *replica.Replica[Member]
	referrers []Referrer
	retime    func(ctx context.Context, memberID string) error
}

// heldMembers: about a kilobyte each.
const heldMembers = 12000

// New declares the collections; call it before the database starts.
func New(deps Deps) *Service {
	s := &Service{
		clock: deps.Clock, keys: deps.Keys, trail: deps.Trail, orgs: deps.Orgs, zone: deps.Zone,
		members: store.Define[Member](deps.DB, store.Spec{Name: "members", Version: 1, Indexes: []store.Index{
			{Name: "identity", Fields: []string{"identity_blind"}, Unique: true},
			{Name: "number", Fields: []string{"number"}, Unique: true},
			{Name: "name", Fields: []string{"name"}},
			{Name: "org", Fields: []string{"org_path", "name"}},
			{Name: "org_stage", Fields: []string{"org_path", "stage", "name"}},
			{Name: "at", Fields: []string{"org_id"}},
			{Name: "batch", Fields: []string{"batch"}},
		}}),
		paths: store.Define[pathRepair](deps.DB, store.Spec{Name: "member_paths", Version: 1}),
		batches: store.Define[Batch](deps.DB, store.Spec{Name: "member_imports", Version: 1, Indexes: []store.Index{
			{Name: "created", Fields: []string{"created_at"}},
		}}),
		rows: store.Define[row](deps.DB, store.Spec{Name: "member_import_rows", Version: 1, Indexes: []store.Index{
			{Name: "batch", Fields: []string{"batch", "row"}},
		}}),
	}
	s.held = replica.New(s.members, deps.Clock, time.Second, heldMembers)
	return s
}

// Refer registers who may hold on to members. It is called while the application is put together.
func (s *Service) Refer(r Referrer) { s.referrers = append(s.referrers, r) }

// Retime registers what follows a change of a member's extra time. It is called while the application is put together.
func (s *Service) Retime(fn func(ctx context.Context, memberID string) error) { s.retime = fn }

func (s *Service) today() string { return s.clock.Now().In(s.zone).Format(time.DateOnly) }

func object(id string) string { return "member:" + id }

func notFound(id string) error { return fault.New(fault.NotFound, "member.not_found", "%s", id) }

// Get gives the file where the actor's scope reaches it.
func (s *Service) Get(ctx context.Context, actor policies.Actor, id string) (Member, error) {
	m, err := s.members.Get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && !actor.Scope.Covers(m.OrgPath) {
		return Member{}, notFound(id)
	}
	return m, err
}

// Own gives the actor's own file.
func (s *Service) Own(ctx context.Context, actor policies.Actor) (Member, error) {
	if actor.MemberID == "" {
		return Member{}, notFound("")
	}
	m, err := s.members.Get(ctx, actor.MemberID)
	if fault.Is(err, fault.NotFound) {
		return m, notFound(actor.MemberID)
	}
	return m, err
}

// OrgPath gives the organisation nodes of a member, root first; from memory.
func (s *Service) OrgPath(ctx context.Context, id string) ([]string, error) {
	m, err := s.Held(ctx, id)
	return m.OrgPath, err
}

// Held gives a member for other packages' rules; from memory, at most a second old.
func (s *Service) Held(ctx context.Context, id string) (Member, error) {
	m, err := s.held.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return m, notFound(id)
	}
	return m, err
}

// Many gives the members that exist, by id, for other packages to show names.
func (s *Service) Many(ctx context.Context, ids []string) (map[string]Member, error) {
	return s.members.GetMany(ctx, ids)
}

// CountAt counts the present members right at a node: who keeps it from being abolished.
func (s *Service) CountAt(ctx context.Context, orgID string) (int, error) {
	return s.members.Count(ctx, store.Query[Member]{Index: "at", Eq: map[string]any{"org_id": orgID},
		Match: func(m *Member) bool { return m.Standing.Present() }})
}

// CountIn counts the members at a node and below it.
func (s *Service) CountIn(ctx context.Context, orgID string) (int, error) {
	return s.members.Count(ctx, store.Query[Member]{Index: "org", Eq: map[string]any{"org_path": orgID}})
}

// Filter narrows a listing. Query is the beginning of a name or of a number.
type Filter struct {
	Org      string
	Query    string
	Stage    Stage
	Standing Standing
	Limit    int
	After    string
}

// List gives the members of the actor's scope, by name.
func (s *Service) List(ctx context.Context, actor policies.Actor, f Filter) (store.Page[Member], error) {
	q, err := s.query(ctx, actor, f)
	if err != nil {
		return store.Page[Member]{}, err
	}
	return s.members.Page(ctx, q)
}

// Count counts what List gives.
func (s *Service) Count(ctx context.Context, actor policies.Actor, f Filter) (int, error) {
	q, err := s.query(ctx, actor, f)
	if err != nil {
		return 0, err
	}
	q.Limit, q.After = 0, ""
	return s.members.Count(ctx, q)
}

// Each walks over what List gives, page by page.
func (s *Service) Each(ctx context.Context, actor policies.Actor, f Filter, fn func(Member) error) error {
	q, err := s.query(ctx, actor, f)
	if err != nil {
		return err
	}
	q.Limit, q.After = 0, ""
	for m, err := range s.members.Find(ctx, q) {
		if err != nil {
			return err
		}
		if err := fn(m); err != nil {
			return err
		}
	}
	return nil
}

// beyond follows every text that begins with a prefix.
const beyond = "\U0010FFFF"

func (s *Service) query(ctx context.Context, actor policies.Actor, f Filter) (store.Query[Member], error) {
	tree, err := s.orgs.Tree(ctx)
	if err != nil {
		return store.Query[Member]{}, err
	}
	q := store.Query[Member]{Index: "name", Limit: f.Limit, After: f.After}
	root := f.Org
	if root != "" && !tree.Covers(actor.Scope, root) {
		return q, fault.New(fault.NotFound, "org.not_found", "%s", root)
	}
	if outer := outermost(tree, actor.Scope); root == "" && len(outer) == 1 && !actor.Scope.Everywhere() {
		root = outer[0]
	}
	if root != "" {
		q.Index, q.Eq = "org", map[string]any{"org_path": root}
		if f.Stage != "" {
			q.Index = "org_stage"
			q.Eq["stage"] = string(f.Stage)
		}
	}
	byNumber := f.Query != "" && f.Query[0] < 0x80
	if byNumber { // numbers are unique: few match, wherever they are
		q.Index, q.Eq = "number", nil
	}
	if f.Query != "" {
		q.From, q.To = f.Query, f.Query+beyond
	}
	if root != "" && !byNumber && f.Standing == "" { // the index alone answers
		return q, nil
	}
	q.Match = func(m *Member) bool {
		return actor.Scope.Covers(m.OrgPath) && (f.Org == "" || slices.Contains(m.OrgPath, f.Org)) &&
			(f.Stage == "" || m.Stage == f.Stage) && (f.Standing == "" || m.Standing == f.Standing)
	}
	return q, nil
}

// outermost gives the nodes of the scope that no other one reaches.
func outermost(tree *org.Tree, scope policies.Scope) []string {
	var out []string
	for _, id := range scope {
		path := tree.Path(id)
		if path == nil {
			continue
		}
		if !scope.Covers(path[:len(path)-1]) {
			out = append(out, id)
		}
	}
	return out
}

func (s *Service) blind(identity string) string {
	return hex.EncodeToString(s.keys.MAC("blind", []byte(identity)))
}
