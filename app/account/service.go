package account

import (
	"context"
	"strings"
	"time"

	"qiming/app/audit"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/replica"
	"qiming/internal/store"
	"qiming/policies"
)

// Trail is what the package needs of the audit trail.
type Trail interface {
	Record(ctx context.Context, e audit.Entry) error
	Act(ctx context.Context, e audit.Entry, fn func() error) error
}

// Orgs tells where a node stands.
type Orgs interface {
	Path(ctx context.Context, id string) ([]string, error)
}

// Members tells where the member of an account belongs.
type Members interface {
	OrgPath(ctx context.Context, memberID string) ([]string, error)
}

// Settings are the rules that an installation may change.
type Settings struct {
	Rules          Rules
	Cost           Cost
	Hashing        int // passwords at once; the number of cores
	Sessions       Timeouts
	Administrators Timeouts
	PasswordExpiry time.Duration // 0 = never
	ByLogin        Lockout       // under one name from one address

	ByLoginAnywhere Lockout // under one name from all addresses together
	ByAddress       Lockout // a whole office may share one address
	SetupFor        time.Duration
}

// DefaultSettings are ours; cores is the number of processors.
func DefaultSettings(cores int) Settings {
	return Settings{
		Rules: DefaultRules, Cost: DefaultCost, Hashing: cores,
		Sessions:       Timeouts{Idle: 12 * time.Hour, Absolute: 7 * 24 * time.Hour},
		Administrators: Timeouts{Idle: 30 * time.Minute, Absolute: 12 * time.Hour},
		ByLogin:        Lockout{Failures: 5, Window: 15 * time.Minute, Lock: 15 * time.Minute},

		ByLoginAnywhere: Lockout{Failures: 50, Window: 15 * time.Minute, Lock: 15 * time.Minute},
		ByAddress:       Lockout{Failures: 200, Window: 15 * time.Minute, Lock: 15 * time.Minute, Forgiven: 5},
		SetupFor:        24 * time.Hour,
	}
}

// Deps is what the service needs.
type Deps struct {
	DB       *store.DB
	Clock    ident.Clock
	Trail    Trail
	Orgs     Orgs
	Members  Members
	Settings Settings
}

// Service keeps accounts and sessions. It is safe for concurrent use.
type Service struct {
	clock    ident.Clock
	trail    Trail
	orgs     Orgs
	members  Members
	settings Settings
	hasher   *Hasher

	accounts store.Collection[Account]
	sessions store.Collection[Session]
	failures store.Collection[failures]
	setups   store.Collection[setup]
	held     *replica.Replica[Account]
	live     *replica.Replica[Session]
}

// held accounts and sessions: a few hundred bytes each.
const heldAccounts = 20000

// New declares the collections; call it before the database starts.
func New(deps Deps) *Service {
	s := &Service{
		clock: deps.Clock, trail: deps.Trail, orgs: deps.Orgs, members: deps.Members, settings: deps.Settings,
		hasher: NewHasher(deps.Settings.Cost, deps.Settings.Hashing),
		accounts: store.Define[Account](deps.DB, store.Spec{Name: "accounts", Version: 1, Indexes: []store.Index{
			{Name: "login", Fields: []string{"login_key"}, Unique: true},
			{Name: "member", Fields: []string{"member_id"}, Unique: true},
			{Name: "role", Fields: []string{"grant_keys", "login_key"}},
		}}),
		sessions: store.Define[Session](deps.DB, store.Spec{Name: "sessions", Version: 1, Indexes: []store.Index{
			{Name: "account", Fields: []string{"account_id", "created_at"}},
			{Name: "expires", Fields: []string{"expires_at"}},
		}}),
		failures: store.Define[failures](deps.DB, store.Spec{Name: "sign_in_failures", Version: 1, Indexes: []store.Index{
			{Name: "forget", Fields: []string{"forget"}},
		}}),
		setups: store.Define[setup](deps.DB, store.Spec{Name: "setups", Version: 1}),
	}
	s.held = replica.New(s.accounts, deps.Clock, time.Second, heldAccounts)
	s.live = replica.New(s.sessions, deps.Clock, time.Second, heldAccounts)
	return s
}

// Get gives an account.
func (s *Service) Get(ctx context.Context, id string) (Account, error) {
	a, err := s.accounts.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return a, fault.New(fault.NotFound, "account.not_found", "%s", id)
	}
	return a, err
}

// Names gives the names of the accounts that exist, by id; from memory, at most a second old.
func (s *Service) Names(ctx context.Context, ids ...string) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	for _, id := range ids {
		if _, done := names[id]; done || id == "" {
			continue
		}
		a, err := s.held.Get(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		names[id] = a.Name
	}
	return names, nil
}

// ByLogin gives the account of a sign-in name.
func (s *Service) ByLogin(ctx context.Context, login string) (Account, error) {
	return s.first(ctx, "login", "login_key", loginKey(login))
}

// ByMember gives the account of a member.
func (s *Service) ByMember(ctx context.Context, memberID string) (Account, error) {
	return s.first(ctx, "member", "member_id", memberID)
}

func (s *Service) first(ctx context.Context, index, field, value string) (Account, error) {
	for a, err := range s.accounts.Find(ctx, store.Query[Account]{Index: index, Eq: map[string]any{field: value}, Limit: 1}) {
		return a, err
	}
	return Account{}, fault.New(fault.NotFound, "account.not_found", "%s %s", field, value)
}

// update changes an account and forgets the held copy.
func (s *Service) update(ctx context.Context, id string, fn func(*Account) error) (Account, error) {
	a, err := s.accounts.Update(ctx, id, fn)
	s.held.Forget(id)
	if fault.Is(err, fault.NotFound) {
		return a, fault.New(fault.NotFound, "account.not_found", "%s", id)
	}
	return a, err
}

// Filter narrows a listing. Query is the beginning of a sign-in name, or a part of a name. Orgs
// keeps accounts granted something, or whose member belongs, at or below the nodes.
type Filter struct {
	Query string
	Role  policies.Role
	Org   string
	Limit int
	After string
}

// List gives accounts by sign-in name.
func (s *Service) List(ctx context.Context, f Filter) (store.Page[Account], error) {
	q := store.Query[Account]{Index: "login", Limit: f.Limit, After: f.After}
	if f.Role != "" {
		q.Index, q.Eq = "role", map[string]any{"grant_keys": string(f.Role)}
	}
	var failure error
	key := loginKey(f.Query)
	q.Match = func(a *Account) bool {
		if key != "" && !strings.HasPrefix(a.LoginKey, key) && !strings.Contains(strings.ToLower(a.Name), key) {
			return false
		}
		if f.Org == "" {
			return true
		}
		in, err := s.within(ctx, a, f.Org)
		if err != nil {
			failure = err
		}
		return in
	}
	page, err := s.accounts.Page(ctx, q)
	if err == nil {
		err = failure
	}
	return page, err
}

func (s *Service) within(ctx context.Context, a *Account, org string) (bool, error) {
	scope := policies.Scope{org}
	for _, g := range a.Grants {
		path, err := s.orgs.Path(ctx, g.OrgID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return false, err
		}
		if scope.Covers(path) {
			return true, nil
		}
	}
	if a.MemberID == "" {
		return false, nil
	}
	path, err := s.members.OrgPath(ctx, a.MemberID)
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return scope.Covers(path), err
}

func entry(actor policies.Actor, action, accountID, name string) audit.Entry {
	return audit.By(actor, action, "account:"+accountID, name)
}

func (s *Service) record(ctx context.Context, actor policies.Actor, action, accountID, name string) error {
	return s.trail.Record(ctx, entry(actor, action, accountID, name))
}

func (s *Service) act(ctx context.Context, actor policies.Actor, action, accountID, name string, fn func() error) error {
	return s.trail.Act(ctx, entry(actor, action, accountID, name), fn)
}
