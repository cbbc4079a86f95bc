package account

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// Draft is a new account.
type Draft struct {
	Login    string
	Name     string
	MemberID string
	Grants   []policies.Grant
}

// Created is a new account, or one whose password was reset, with the password that is shown once.
type Created struct {
	Account  Account `json:"account"`
	Password string  `json:"one_time_password"`
}

func (d *Draft) prepare() error {
	d.Login, d.Name = strings.TrimSpace(d.Login), strings.TrimSpace(d.Name)
	return fault.Bad("account.invalid", checkIdentity(d.Login, d.Name))
}

func (d *Draft) account() Account {
	a := Account{Meta: store.Meta{ID: ident.New()}, Login: d.Login, LoginKey: loginKey(d.Login), Name: d.Name, MemberID: d.MemberID}
	a.setGrants(d.Grants)
	return a
}

// Create makes an account with a one-time password that must be changed at the first sign-in.
// The grants are checked as in SetGrants. Faults: "account.invalid", Exists with index "login" or
// "member", those of SetGrants.
func (s *Service) Create(ctx context.Context, actor policies.Actor, d Draft) (Created, error) {
	if err := d.prepare(); err != nil {
		return Created{}, err
	}
	if err := s.checkGrants(ctx, actor, nil, d.Grants); err != nil {
		return Created{}, err
	}
	a := d.account()
	password := oneTimePassword(s.settings.Rules)
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return Created{}, err
	}
	a.setPassword(hash, s.clock.Now(), true, s.settings.Rules.History)
	err = s.act(ctx, actor, "account.create", a.ID, a.Name, func() error { return s.accounts.Insert(ctx, &a) })
	return Created{Account: a, Password: password}, err
}

// Reset gives the account a one-time password, shown once, and ends all its sessions. Nobody
// resets the own account: that is what changing the password is for.
func (s *Service) Reset(ctx context.Context, actor policies.Actor, id string) (Created, error) {
	if actor.AccountID == id {
		return Created{}, errSelf()
	}
	a, err := s.Get(ctx, id)
	if err != nil {
		return Created{}, err
	}
	password := oneTimePassword(s.settings.Rules)
	err = s.act(ctx, actor, "account.reset", id, a.Name, func() error {
		if a, err = s.setPassword(ctx, id, password, true, nil); err != nil {
			return err
		}
		if err := s.forgetFailures(ctx, "login:"+a.LoginKey); err != nil {
			return err
		}
		return s.revokeAll(ctx, id, "")
	})
	return Created{Account: a, Password: password}, err
}

// Disable refuses the account from now on and ends its sessions.
func (s *Service) Disable(ctx context.Context, actor policies.Actor, id string) (Account, error) {
	return s.status(ctx, actor, "account.disable", id, func(Account) (Account, error) {
		a, err := s.update(ctx, id, func(a *Account) error { a.Disabled = true; return nil })
		if err != nil {
			return a, err
		}
		return a, s.revokeAll(ctx, id, "")
	})
}

// Enable allows a disabled account again.
func (s *Service) Enable(ctx context.Context, actor policies.Actor, id string) (Account, error) {
	return s.status(ctx, actor, "account.enable", id, func(Account) (Account, error) {
		return s.update(ctx, id, func(a *Account) error { a.Disabled = false; return nil })
	})
}

// Unlock forgets the failures under the account's sign-in name.
func (s *Service) Unlock(ctx context.Context, actor policies.Actor, id string) (Account, error) {
	return s.status(ctx, actor, "account.unlock", id, func(a Account) (Account, error) {
		return a, s.forgetFailures(ctx, "login:"+a.LoginKey)
	})
}

func (s *Service) status(ctx context.Context, actor policies.Actor, action, id string, fn func(Account) (Account, error)) (Account, error) {
	if actor.AccountID == id {
		return Account{}, errSelf()
	}
	a, err := s.Get(ctx, id)
	if err != nil {
		return a, err
	}
	err = s.act(ctx, actor, action, id, a.Name, func() error { a, err = fn(a); return err })
	return a, err
}

func errSelf() error {
	return fault.New(fault.Forbidden, "account.self", "not on the own account")
}

// SetGrants replaces what the account was granted. The actor changes only grants within the own
// scope, never on the own account; what lies outside the scope must stay as it is. seen is what the
// actor saw granted, so that nobody undoes what another did meanwhile. Faults: "account.self",
// "grant.beyond_scope", "request.stale", and those of policies.CheckGrants.
func (s *Service) SetGrants(ctx context.Context, actor policies.Actor, id string, seen, grants []policies.Grant) (Account, error) {
	if actor.AccountID == id {
		return Account{}, errSelf()
	}
	a, err := s.Get(ctx, id)
	if err != nil {
		return a, err
	}
	grants, seen = sorted(grants), sorted(seen)
	var parts []string
	for _, g := range grants {
		parts = append(parts, string(g.Role)+"@"+g.OrgID)
	}
	err = s.trail.Act(ctx, entry(actor, "grant.write", id, a.Name).With("grants", strings.Join(parts, " ")), func() error {
		if err := s.checkGrants(ctx, actor, a.Grants, grants); err != nil {
			return err
		}
		a, err = s.update(ctx, id, func(a *Account) error {
			if !slices.Equal(sorted(a.Grants), seen) {
				return fault.New(fault.Conflict, "request.stale", "the grants changed meanwhile")
			}
			a.setGrants(grants)
			return nil
		})
		return err
	})
	return a, err
}

func sorted(grants []policies.Grant) []policies.Grant {
	return slices.Compact(slices.SortedFunc(slices.Values(grants), func(x, y policies.Grant) int {
		return cmp.Or(strings.Compare(string(x.Role), string(y.Role)), strings.Compare(x.OrgID, y.OrgID))
	}))
}

// checkGrants says whether the actor may change the grants from before to after.
func (s *Service) checkGrants(ctx context.Context, actor policies.Actor, before, after []policies.Grant) error {
	if err := policies.CheckGrants(after); err != nil {
		return err
	}
	changed := func(from, to []policies.Grant) error {
		for _, g := range from {
			if slices.Contains(to, g) {
				continue
			}
			path, err := s.orgs.Path(ctx, g.OrgID)
			if g.OrgID == policies.Everywhere {
				path, err = nil, nil
			}
			if err != nil && !(fault.Is(err, fault.NotFound) && slices.Contains(before, g)) { // a node that is gone may be taken away
				return err
			}
			if !actor.Scope.Covers(path) {
				return fault.New(fault.Forbidden, "grant.beyond_scope", "%s at %s", g.Role, g.OrgID).With("role", g.Role)
			}
		}
		return nil
	}
	if err := changed(before, after); err != nil {
		return err
	}
	return changed(after, before)
}

// Person is a member who gets an account.
type Person struct {
	MemberID string
	Login    string // the member number
	Name     string
}

// Provisioned is one row of the list that is handed out once.
type Provisioned struct {
	MemberID string `json:"member_id"`
	Login    string `json:"login"`
	Name     string `json:"name"`
	Password string `json:"one_time_password"`
}

// Skipped is a member who got no account, and why.
type Skipped struct {
	MemberID string `json:"member_id"`
	Name     string `json:"name"`
	Code     string `json:"code"` // "account.has_one", "account.login_taken", "account.login"
}

// ProvisionLimit is the most members of one call: each costs a password hash.
const ProvisionLimit = 200

// Provision makes accounts for members, each with its own one-time password. Members who have
// one are skipped, so that a cut call can be made again.
func (s *Service) Provision(ctx context.Context, actor policies.Actor, people []Person) ([]Provisioned, []Skipped, error) {
	if len(people) > ProvisionLimit {
		return nil, nil, fault.New(fault.Invalid, "account.too_many", "%d members", len(people)).With("max", ProvisionLimit)
	}
	var made []Provisioned
	var skipped []Skipped
	for _, p := range people {
		skip := func(code string) {
			skipped = append(skipped, Skipped{MemberID: p.MemberID, Name: p.Name, Code: code})
		}
		if _, err := s.ByMember(ctx, p.MemberID); err == nil {
			skip("account.has_one")
			continue
		} else if !fault.Is(err, fault.NotFound) {
			return made, skipped, err
		}
		created, err := s.Create(ctx, actor, Draft{Login: p.Login, Name: p.Name, MemberID: p.MemberID})
		switch {
		case err == nil:
			made = append(made, Provisioned{MemberID: p.MemberID, Login: created.Account.Login, Name: p.Name, Password: created.Password})
		case fault.Is(err, fault.Exists):
			skip("account.login_taken")
		case fault.Is(err, fault.Invalid):
			skip("account.login")
		default:
			return made, skipped, err
		}
	}
	return made, skipped, nil
}

// Hash gives the hash of a password, for Seed: many accounts may share one on a demo server.
func (s *Service) Hash(ctx context.Context, password string) (string, error) {
	return s.hasher.Hash(ctx, password)
}

// Seed makes an account with a given hash and no forced change: for the demo organisation, for
// rehearsals and for the command line, never for the interface. It is idempotent by sign-in name.
func (s *Service) Seed(ctx context.Context, d Draft, hash string) (Account, error) {
	if err := d.prepare(); err != nil {
		return Account{}, err
	}
	if err := policies.CheckGrants(d.Grants); err != nil {
		return Account{}, err
	}
	a := d.account()
	a.setPassword(hash, s.clock.Now(), false, s.settings.Rules.History)
	err := s.accounts.Insert(ctx, &a)
	if fault.Is(err, fault.Exists) {
		if have, ferr := s.ByLogin(ctx, d.Login); ferr == nil {
			return have, nil
		}
	}
	return a, err
}
