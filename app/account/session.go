package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// Session is one device that is signed in. The id is the SHA-256 of the token.
type Session struct {
	store.Meta `bson:",inline"`
	AccountID  string    `bson:"account_id" json:"-"`
	Device     string    `bson:"device" json:"device"` // "Chrome, Windows", made of the user agent
	Address    string    `bson:"address" json:"address"`
	SeenAt     time.Time `bson:"seen_at" json:"seen_at"`
	ExpiresAt  time.Time `bson:"expires_at" json:"expires_at"` // whatever happens
	Current    bool      `bson:"-" json:"current"`             // in a listing: the one that asks
}

// Timeouts end sessions: Idle after the last request, Absolute after sign-in.
type Timeouts struct {
	Idle     time.Duration
	Absolute time.Duration
}

// touchEvery is how often a session's last request is written down.
const touchEvery = time.Minute

func sessionID(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func (s *Service) timeouts(a *Account) Timeouts {
	if a.administrator() {
		return s.settings.Administrators
	}
	return s.settings.Sessions
}

func errSession() error {
	return fault.New(fault.Unauthenticated, "session.required", "no session, or it ended")
}

// begin makes a session and gives its token.
func (s *Service) begin(ctx context.Context, a *Account, from Origin) (string, Session, error) {
	now := s.clock.Now()
	token := ident.Token()
	session := Session{Meta: store.Meta{ID: sessionID(token)}, AccountID: a.ID, Device: device(from.UserAgent),
		Address: from.Address, SeenAt: now, ExpiresAt: now.Add(s.timeouts(a).Absolute)}
	return token, session, s.sessions.Insert(ctx, &session)
}

// Identity is who holds a session.
type Identity struct {
	Actor      policies.Actor // without Scope
	Account    Account
	MustChange bool // the password must be changed before anything else
}

// Authenticate says who holds the session token; fault.Unauthenticated where nobody does: it
// ended, was revoked, idled too long, or the account was disabled. Session and account are held in
// memory: what this process ends has ended at once, what another one ends within a second.
func (s *Service) Authenticate(ctx context.Context, token, address string) (Identity, error) {
	session, err := s.live.Get(ctx, sessionID(token))
	if fault.Is(err, fault.NotFound) {
		return Identity{}, errSession()
	}
	if err != nil {
		return Identity{}, err
	}
	a, err := s.held.Get(ctx, session.AccountID)
	if fault.Is(err, fault.NotFound) {
		return Identity{}, errSession()
	}
	if err != nil {
		return Identity{}, err
	}
	now := s.clock.Now()
	if a.Disabled || !now.Before(session.ExpiresAt) || now.Sub(session.SeenAt) >= s.timeouts(&a).Idle {
		return Identity{}, errSession()
	}
	if now.Sub(session.SeenAt) >= touchEvery {
		_, err := s.sessions.Update(ctx, session.ID, func(x *Session) error {
			if now.Sub(x.SeenAt) < touchEvery {
				return store.ErrUnchanged
			}
			x.SeenAt, x.Address = now, address
			return nil
		})
		s.live.Forget(session.ID)
		if fault.Is(err, fault.NotFound) {
			return Identity{}, errSession() // revoked meanwhile
		} else if err != nil {
			return Identity{}, err
		}
	}
	identity := Identity{Account: a, MustChange: s.mustChange(&a, now), Actor: policies.Actor{AccountID: a.ID, MemberID: a.MemberID, Name: a.Name,
		SessionID: session.ID, Address: address, Grants: a.Grants}}
	if a.MemberID != "" {
		path, err := s.members.OrgPath(ctx, a.MemberID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return Identity{}, err
		}
		identity.Actor.OrgPath = path
	}
	return identity, nil
}

// MustChange says whether the password must be changed before anything else: it was given by
// somebody else, or is too old.
func (s *Service) MustChange(a Account) bool { return s.mustChange(&a, s.clock.Now()) }

func (s *Service) mustChange(a *Account, now time.Time) bool {
	if a.MustChange {
		return true
	}
	expiry := s.settings.PasswordExpiry
	return expiry > 0 && now.Sub(a.PasswordAt) >= expiry
}

// SignOut ends the actor's session.
func (s *Service) SignOut(ctx context.Context, actor policies.Actor) error {
	if err := s.end(ctx, actor.SessionID); err != nil {
		return err
	}
	return s.record(ctx, actor, "session.sign_out", actor.AccountID, actor.Name)
}

// Sessions gives the living sessions of the account, the newest first.
func (s *Service) Sessions(ctx context.Context, actor policies.Actor, accountID string) ([]Session, error) {
	a, err := s.Get(ctx, accountID)
	if err != nil {
		return nil, err
	}
	now, idle := s.clock.Now(), s.timeouts(&a).Idle
	var out []Session
	for x, err := range s.sessions.Find(ctx, store.Query[Session]{Index: "account", Eq: map[string]any{"account_id": accountID}, Desc: true}) {
		if err != nil {
			return nil, err
		}
		if now.Before(x.ExpiresAt) && now.Sub(x.SeenAt) < idle {
			x.Current = x.ID == actor.SessionID
			out = append(out, x)
		}
	}
	return out, nil
}

// Revoke ends one session of the account. One of another account is not found.
func (s *Service) Revoke(ctx context.Context, actor policies.Actor, accountID, id string) error {
	x, err := s.sessions.Get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && x.AccountID != accountID {
		return fault.New(fault.NotFound, "session.not_found", "%s of %s", id, accountID)
	}
	if err != nil {
		return err
	}
	return s.act(ctx, actor, "session.revoke", accountID, x.Device, func() error {
		return s.end(ctx, id)
	})
}

// end ends a session, if it has not ended already.
func (s *Service) end(ctx context.Context, id string) error {
	err := s.sessions.Delete(ctx, id)
	s.live.Forget(id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// revokeAll ends every session of the account but the one to keep.
func (s *Service) revokeAll(ctx context.Context, accountID, keep string) error {
	for x, err := range s.sessions.Find(ctx, store.Query[Session]{Index: "account", Eq: map[string]any{"account_id": accountID}}) {
		if err != nil {
			return err
		}
		if x.ID == keep {
			continue
		}
		if err := s.end(ctx, x.ID); err != nil {
			return err
		}
	}
	return nil
}

// Sweep forgets sessions that ended and failures that no longer count. It is a periodic job.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.clock.Now()
	for x, err := range s.sessions.Find(ctx, store.Query[Session]{Index: "expires", To: now}) {
		if err != nil {
			return err
		}
		if err := s.end(ctx, x.ID); err != nil {
			return err
		}
	}
	for f, err := range s.failures.Find(ctx, store.Query[failures]{Index: "forget", To: now}) {
		if err != nil {
			return err
		}
		if err := s.failures.Delete(ctx, f.ID); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// Device names the browser and the system of a user agent, for people to recognise.
func Device(agent string) string { return device(agent) }

// device names the browser and the system of a user agent, for people to recognise.
func device(agent string) string {
	pick := func(names [][2]string) string {
		for _, n := range names {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	browser := pick([][2]string{{"MicroMessenger", "WeChat"}, {"Edg", "Edge"}, {"HuaweiBrowser", "Huawei"}, {"UCBrowser", "UC"}, {"QQBrowser", "QQ"},
		{"Firefox", "Firefox"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}, {"qiming", "qiming"}})
	system := pick([][2]string{{"HarmonyOS", "HarmonyOS"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"},
		{"Mac OS X", "Mac"}, {"Linux", "Linux"}})
	switch {
	case browser == "" && system == "":
		return ""
	case browser == "" || system == "":
		return browser + system
	}
	return browser + ", " + system
}
