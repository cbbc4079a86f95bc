package account

import (
	"context"
	"time"

	"qiming/app/audit"
	"qiming/internal/fault"
	"qiming/policies"
)

// Origin is where a sign-in comes from.
type Origin struct {
	Address   string
	UserAgent string
}

// SignedIn is a fresh session: Token goes to the client and is stored nowhere.
type SignedIn struct {
	Token   string
	Session Session
	Account Account
}

// SignIn checks name and password and begins a session. What is wrong is not told: an unknown
// name, a wrong password and a disabled account all give "sign_in.refused" after the same work.
// Five failures under a name from one address refuse the name to that address for a quarter of an
// hour, fifty from anywhere refuse it to all, whether it exists or not ("sign_in.locked"); an
// address is refused after two hundred, of which each success takes back five ("sign_in.address_locked").
func (s *Service) SignIn(ctx context.Context, login, password string, from Origin) (SignedIn, error) {
	key := loginKey(login)
	byAddress, byLogin := "address:"+from.Address, "login:"+key
	if wait, err := s.blocked(ctx, byAddress, from.Address); err != nil {
		return SignedIn{}, err
	} else if wait > 0 {
		return SignedIn{}, errLocked("sign_in.address_locked", wait)
	}
	if wait, err := s.blocked(ctx, byLogin, from.Address); err != nil {
		return SignedIn{}, err
	} else if wait > 0 {
		return SignedIn{}, errLocked("sign_in.locked", wait)
	}
	a, err := s.ByLogin(ctx, login)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return SignedIn{}, err
	}
	right, err := s.hasher.Verify(ctx, a.Hash, password)
	if err != nil {
		return SignedIn{}, err
	}
	if !right || a.Disabled {
		return SignedIn{}, s.refused(ctx, a, from, byLogin)
	}
	// Asked again: of a thousand tries sent at once, those that end after the fifth failure do not count.
	if wait, err := s.blocked(ctx, byLogin, from.Address); err != nil {
		return SignedIn{}, err
	} else if wait > 0 {
		return SignedIn{}, errLocked("sign_in.locked", wait)
	}
	if err := s.succeeded(ctx, byLogin, from.Address); err != nil {
		return SignedIn{}, err
	}
	now := s.clock.Now()
	rehash := ""
	if s.hasher.Outdated(a.Hash) {
		if rehash, err = s.hasher.Hash(ctx, password); err != nil {
			return SignedIn{}, err
		}
	}
	seen := a.Hash
	a, err = s.update(ctx, a.ID, func(a *Account) error {
		if a.Disabled || a.Hash != seen { // disabled or changed while we computed
			return fault.New(fault.Unauthenticated, "sign_in.refused", "changed meanwhile")
		}
		a.LastSignIn = &now
		if rehash != "" {
			a.Hash = rehash
		}
		return nil
	})
	if err != nil {
		return SignedIn{}, err
	}
	token, session, err := s.begin(ctx, &a, from)
	if err != nil {
		return SignedIn{}, err
	}
	actor := policies.Actor{AccountID: a.ID, Name: a.Name, Address: from.Address, SessionID: session.ID}
	if err := s.trail.Record(ctx, entry(actor, "session.sign_in", a.ID, a.Name).With("device", session.Device)); err != nil {
		return SignedIn{}, fault.Wrap(fault.Unavailable, "audit.unavailable", err)
	}
	return SignedIn{Token: token, Session: session, Account: a}, nil
}

// refused counts and records the failure. What was typed as a name is kept nowhere: people type
// their password there.
func (s *Service) refused(ctx context.Context, a Account, from Origin, byLogin string) error {
	locked, wait, err := s.failedAs(ctx, byLogin, from.Address)
	if err != nil {
		return err
	}
	if _, err := s.failedFrom(ctx, from.Address); err != nil {
		return err
	}
	name := a.Name
	if a.ID == "" {
		name = unknownName
	}
	e := audit.By(policies.Actor{Address: from.Address}, "session.sign_in", "account:"+a.ID, name)
	e.Outcome, e.Key = audit.Refused, "sign_in.refused"
	if locked {
		e.Key = "sign_in.locked"
	}
	if err := s.trail.Record(ctx, e); err != nil {
		return err
	}
	if locked {
		return errLocked("sign_in.locked", wait)
	}
	return fault.New(fault.Unauthenticated, "sign_in.refused", "account %q", a.ID)
}

// unknownName stands in the trail for a name that no account has.
const unknownName = "未知登录名"

// ChangePassword sets the actor's own password. The other sessions of the account end. A wrong
// present password counts as a failed sign-in.
func (s *Service) ChangePassword(ctx context.Context, actor policies.Actor, old, password string) (Account, error) {
	a, err := s.Get(ctx, actor.AccountID)
	if err != nil {
		return a, err
	}
	byLogin := "login:" + a.LoginKey
	if wait, err := s.blocked(ctx, byLogin, actor.Address); err != nil {
		return a, err
	} else if wait > 0 {
		return a, errLocked("sign_in.locked", wait)
	}
	right, err := s.hasher.Verify(ctx, a.Hash, old)
	if err != nil {
		return a, err
	}
	if !right {
		if _, _, err := s.failedAs(ctx, byLogin, actor.Address); err != nil {
			return a, err
		}
		return a, fault.Bad("password.wrong", []fault.Field{{Path: "old", Key: "password.wrong"}})
	}
	if err := fault.Bad("password.rules", s.settings.Rules.Check("new", password, a.Login, a.Name)); err != nil {
		return a, err
	}
	// Salted hashes can only be compared one by one.
	for _, hash := range append([]string{a.Hash}, a.History...) {
		used, err := s.hasher.Verify(ctx, hash, password)
		if err != nil {
			return a, err
		}
		if used {
			return a, fault.Bad("password.rules", []fault.Field{{Path: "new", Key: "password.used",
				Params: map[string]any{"count": s.settings.Rules.History}}})
		}
	}
	seen := a.Hash
	err = s.act(ctx, actor, "account.change_password", a.ID, a.Name, func() error {
		a, err = s.setPassword(ctx, a.ID, password, false, &seen)
		if err != nil {
			return err
		}
		return s.revokeAll(ctx, a.ID, actor.SessionID)
	})
	return a, err
}

// setPassword writes a new hash; seen, where given, is the hash that must still be there.
func (s *Service) setPassword(ctx context.Context, id, password string, mustChange bool, seen *string) (Account, error) {
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return Account{}, err
	}
	now := s.clock.Now()
	return s.update(ctx, id, func(a *Account) error {
		if seen != nil && a.Hash != *seen {
			return fault.New(fault.Conflict, "request.stale", "the password changed meanwhile")
		}
		a.setPassword(hash, now, mustChange, s.settings.Rules.History)
		return nil
	})
}

// SetPreferences changes how the actor's client looks.
func (s *Service) SetPreferences(ctx context.Context, actor policies.Actor, change func(*Preferences)) (Account, error) {
	return s.update(ctx, actor.AccountID, func(a *Account) error {
		change(&a.Preferences)
		return a.Preferences.check()
	})
}

// HashCost measures one password hash: what a sign-in costs of one core.
func (s *Service) HashCost(ctx context.Context) (time.Duration, error) {
	start := s.clock.Now()
	_, err := s.hasher.Hash(ctx, "what does it cost?")
	return s.clock.Now().Sub(start), err
}
