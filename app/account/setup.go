package account

import (
	"context"
	"slices"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// The first administrator is made once, by whoever holds the link that the server printed: there
// are no default passwords. It is a security administrator, who then makes the others.

const (
	setupID = "setup"
	firstID = "first-administrator" // the natural key: two set-ups at once make one account
)

// setup holds the hashes of the links that were printed; every process prints one at its start.
type setup struct {
	store.Meta `bson:",inline"`
	Links      []link `bson:"links" json:"links"`
}

type link struct {
	Hash    string    `bson:"hash" json:"hash"`
	Expires time.Time `bson:"expires" json:"expires"`
}

// maxLinks is how many links are valid at once, the newest.
const maxLinks = 8

// SetupNeeded says whether there is no account yet.
func (s *Service) SetupNeeded(ctx context.Context) (bool, error) {
	page, err := s.accounts.Page(ctx, store.Query[Account]{Limit: 1})
	return len(page.Items) == 0, err
}

// PrepareSetup gives a fresh one-time token where there is no account yet, else "". It is valid
// for a day; only its hash is stored.
func (s *Service) PrepareSetup(ctx context.Context) (string, error) {
	needed, err := s.SetupNeeded(ctx)
	if err != nil || !needed {
		return "", err
	}
	if err := s.setups.Insert(ctx, &setup{Meta: store.Meta{ID: setupID}}); err != nil && !fault.Is(err, fault.Exists) {
		return "", err
	}
	token := ident.Token()
	now := s.clock.Now()
	_, err = s.setups.Update(ctx, setupID, func(x *setup) error {
		x.Links = slices.DeleteFunc(x.Links, func(l link) bool { return !now.Before(l.Expires) })
		x.Links = append([]link{{Hash: sessionID(token), Expires: now.Add(s.settings.SetupFor)}}, x.Links...)
		x.Links = x.Links[:min(len(x.Links), maxLinks)]
		return nil
	})
	return token, err
}

// Setup makes the first administrator and signs in. Faults: "setup.link" for a wrong or old link,
// "setup.done" once there is an account, "account.invalid", "password.rules".
func (s *Service) Setup(ctx context.Context, token, login, name, password string, from Origin) (SignedIn, error) {
	if needed, err := s.SetupNeeded(ctx); err != nil {
		return SignedIn{}, err
	} else if !needed {
		return SignedIn{}, fault.New(fault.Conflict, "setup.done", "there is an account")
	}
	x, err := s.setups.Get(ctx, setupID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return SignedIn{}, err
	}
	now, hash := s.clock.Now(), sessionID(token)
	if !slices.ContainsFunc(x.Links, func(l link) bool { return l.Hash == hash && now.Before(l.Expires) }) {
		if _, err := s.failedFrom(ctx, from.Address); err != nil {
			return SignedIn{}, err
		}
		return SignedIn{}, fault.New(fault.Forbidden, "setup.link", "wrong or old link")
	}
	d := Draft{Login: login, Name: name, Grants: []policies.Grant{{Role: policies.SecurityAdmin, OrgID: policies.Everywhere}}}
	if err := d.prepare(); err != nil {
		return SignedIn{}, err
	}
	if err := fault.Bad("password.rules", s.settings.Rules.Check("password", password, d.Login, d.Name)); err != nil {
		return SignedIn{}, err
	}
	phc, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return SignedIn{}, err
	}
	a := d.account()
	a.ID = firstID
	a.setPassword(phc, now, false, s.settings.Rules.History)
	actor := policies.Actor{AccountID: a.ID, Name: a.Name, Address: from.Address}
	err = s.act(ctx, actor, "setup.run", a.ID, a.Name, func() error { return s.accounts.Insert(ctx, &a) })
	if fault.Is(err, fault.Exists) {
		return SignedIn{}, fault.New(fault.Conflict, "setup.done", "somebody was faster")
	}
	if err != nil {
		return SignedIn{}, err
	}
	_, _ = s.setups.Update(ctx, setupID, func(x *setup) error { x.Links = nil; return nil }) // useless from now on anyway
	return s.SignIn(ctx, login, password, from)
}
