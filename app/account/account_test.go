package account_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qiming/app/account"
	"qiming/app/audit"
	"qiming/app/member"
	"qiming/app/org"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/keyring"
	"qiming/internal/store"
	"qiming/policies"
)

const (
	secret = "Hong-Qi 2026 hao"
	chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
)

// office is a 党委 with one 总支 and its 支部, and accounts on it.
type office struct {
	*account.Service
	t        testing.TB
	clock    *ident.Manual
	trail    *audit.Trail
	members  *member.Service
	root     string
	general  string
	branch   string
	security policies.Actor // scope everywhere
	hash     string
}

var cheap = account.Cost{Memory: 64, Passes: 1, Threads: 1}

// open opens the data as one more process does.
func open(t testing.TB, path string, clock *ident.Manual, change ...func(*account.Settings)) *office {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+path, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	keys, err := keyring.Parse(strings.Repeat("0f", 32))
	if err != nil {
		t.Fatal(err)
	}
	settings := account.DefaultSettings(2)
	settings.Cost = cheap
	for _, set := range change {
		set(&settings)
	}
	o := &office{t: t, clock: clock}
	o.trail = audit.New(audit.Deps{DB: db, Clock: clock, Key: keys.Key("audit")})
	orgs := org.New(org.Deps{DB: db, Clock: clock, Trail: o.trail, Zone: time.UTC})
	o.members = member.New(member.Deps{DB: db, Clock: clock, Keys: keys, Trail: o.trail, Orgs: orgs, Zone: time.UTC})
	o.Service = account.New(account.Deps{DB: db, Clock: clock, Trail: o.trail, Orgs: orgs, Members: o.members, Settings: settings})
	if err := db.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.security = policies.Actor{AccountID: "security", Name: "安全管理员", Scope: policies.Scope{policies.Everywhere}}
	if o.hash, err = o.Hash(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	tree, err := orgs.Tree(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if nodes := tree.All(); len(nodes) == 3 {
		o.root, o.general, o.branch = nodes[0].ID, nodes[1].ID, nodes[2].ID
		return o
	}
	for _, n := range []struct {
		id     *string
		kind   org.Kind
		parent *string
	}{{&o.root, org.Committee, new(string)}, {&o.general, org.GeneralBranch, &o.root}, {&o.branch, org.Branch, &o.general}} {
		node, err := orgs.Create(t.Context(), o.security, org.Draft{Name: string(n.kind), Kind: n.kind, ParentID: *n.parent})
		if err != nil {
			t.Fatal(err)
		}
		*n.id = node.ID
	}
	return o
}

func newOffice(t testing.TB, change ...func(*account.Settings)) *office {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "db"), ident.NewManual(time.Date(2026, 3, 5, 1, 0, 0, 0, time.UTC)), change...)
}

func (o *office) seed(login string, grants ...policies.Grant) account.Account {
	o.t.Helper()
	a, err := o.Seed(o.t.Context(), account.Draft{Login: login, Name: "李明", Grants: grants}, o.hash)
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

func (o *office) signIn(login, password string) (account.SignedIn, error) {
	return o.SignIn(o.t.Context(), login, password, account.Origin{Address: "10.0.0.7", UserAgent: chrome})
}

func (o *office) mustSignIn(login, password string) (string, policies.Actor) {
	o.t.Helper()
	signed, err := o.signIn(login, password)
	if err != nil {
		o.t.Fatal(err)
	}
	return signed.Token, o.who(signed.Token)
}

func (o *office) who(token string) policies.Actor {
	o.t.Helper()
	identity, err := o.Authenticate(o.t.Context(), token, "10.0.0.7")
	if err != nil {
		o.t.Fatal(err)
	}
	return identity.Actor
}

func (o *office) wantEnded(token, why string) {
	o.t.Helper()
	if _, err := o.Authenticate(o.t.Context(), token, "10.0.0.7"); !fault.Is(err, fault.Unauthenticated) {
		o.t.Errorf("%s: the session lives on (%v)", why, err)
	}
}

func TestSignIn(t *testing.T) {
	o := newOffice(t)
	o.seed("LiMing")
	for _, login := range []string{"LiMing", "liming", " LIMING ", "ＬｉＭｉｎｇ"} {
		if _, err := o.signIn(login, secret); err != nil {
			t.Errorf("%q: %v", login, err)
		}
	}
	for name, try := range map[string][2]string{"wrong password": {"liming", secret + "x"}, "unknown name": {"wangfang", secret}, "nothing": {"", ""}} {
		if _, err := o.signIn(try[0], try[1]); fault.KeyOf(err) != "sign_in.refused" || !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADisabledAccountIsRefusedAsAWrongPasswordIs(t *testing.T) {
	o := newOffice(t)
	a := o.seed("liming")
	token, _ := o.mustSignIn("liming", secret)
	if _, err := o.Disable(t.Context(), o.security, a.ID); err != nil {
		t.Fatal(err)
	}
	o.wantEnded(token, "disabled")
	if _, err := o.signIn("liming", secret); fault.KeyOf(err) != "sign_in.refused" {
		t.Fatal(err)
	}
	if _, err := o.Enable(t.Context(), o.security, a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.signIn("liming", secret); err != nil {
		t.Fatal(err)
	}
}

func TestFiveFailuresLockAName(t *testing.T) {
	o := newOffice(t)
	o.seed("liming")
	for _, login := range []string{"liming", "nobody"} { // the same for a name that does not exist
		for i := 1; i <= 5; i++ {
			want := "sign_in.refused"
			if i == 5 {
				want = "sign_in.locked"
			}
			if _, err := o.signIn(login, "wrong"); fault.KeyOf(err) != want {
				t.Fatalf("%s, try %d: %v, want %s", login, i, err, want)
			}
		}
	}
	o.clock.Advance(15*time.Minute - time.Millisecond)
	if _, err := o.signIn("liming", secret); fault.KeyOf(err) != "sign_in.locked" {
		t.Fatalf("a millisecond before the end: %v", err)
	}
	o.clock.Advance(time.Millisecond)
	if _, err := o.signIn("liming", secret); err != nil {
		t.Fatalf("at the end: %v", err)
	}
}

func TestFailuresAreForgottenAfterSuccessAndTime(t *testing.T) {
	o := newOffice(t)
	o.seed("liming")
	fail := func(n int) {
		t.Helper()
		for range n {
			if _, err := o.signIn("liming", "wrong"); fault.KeyOf(err) != "sign_in.refused" {
				t.Fatal(err)
			}
		}
	}
	fail(4)
	o.mustSignIn("liming", secret)
	fail(4)
	o.clock.Advance(15 * time.Minute)
	fail(4)
}

func TestUnlock(t *testing.T) {
	o := newOffice(t)
	a := o.seed("liming")
	for range 5 {
		_, _ = o.signIn("liming", "wrong")
	}
	if _, err := o.Unlock(t.Context(), o.security, a.ID); err != nil {
		t.Fatal(err)
	}
	o.mustSignIn("liming", secret)
}

func (o *office) from(address, login, password string) string {
	_, err := o.SignIn(o.t.Context(), login, password, account.Origin{Address: address})
	return fault.KeyOf(err)
}

func TestAnAddressIsRefusedAfterTwoHundredFailures(t *testing.T) {
	o := newOffice(t)
	o.seed("liming")
	for i := range 199 {
		if key := o.from("10.0.0.1", "guess"+strconv.Itoa(i), "x"); key != "sign_in.refused" {
			t.Fatalf("%d: %s", i, key)
		}
	}
	// One success takes five back: 194, and five more failures do not lock.
	if key := o.from("10.0.0.1", "liming", secret); key != "" {
		t.Fatalf("after 199: %s", key)
	}
	for i := range 6 {
		if key := o.from("10.0.0.1", "more"+strconv.Itoa(i), "x"); key != "sign_in.refused" {
			t.Fatalf("%d: %s", i, key)
		}
	}
	if key := o.from("10.0.0.1", "liming", secret); key != "sign_in.address_locked" {
		t.Fatalf("after 200: %q", key)
	}
	if key := o.from("10.0.0.2", "liming", secret); key != "" {
		t.Fatalf("another address: %s", key)
	}
	o.clock.Advance(15 * time.Minute)
	if key := o.from("10.0.0.1", "liming", secret); key != "" {
		t.Fatal(key)
	}
}

// Two hundred and fifty members of an office behind one address, one slip in each: nobody is refused.
func TestAnOfficeBehindOneAddress(t *testing.T) {
	o := newOffice(t)
	for i := range 250 {
		login := "m" + strconv.Itoa(i)
		o.seed(login)
		if key := o.from("10.0.0.1", login, "slip"); key != "sign_in.refused" {
			t.Fatalf("%d: %s", i, key)
		}
		if key := o.from("10.0.0.1", login, secret); key != "" {
			t.Fatalf("%d: %s", i, key)
		}
	}
}

// Who fails under another's name keeps only the own address out, until there are fifty failures.
func TestNobodyLocksOthersFromElsewhere(t *testing.T) {
	for _, login := range []string{"liming", "nobody"} { // the same for a name that does not exist
		o := newOffice(t)
		if login == "liming" {
			o.seed(login)
		}
		fail := func(address string, want string) {
			t.Helper()
			if key := o.from(address, login, "wrong"); key != want {
				t.Fatalf("%s from %s: %q, want %s", login, address, key, want)
			}
		}
		for i := range 49 { // five each from nine addresses, four from the tenth
			want := "sign_in.refused"
			if i%5 == 4 {
				want = "sign_in.locked"
			}
			fail("10.0.1."+strconv.Itoa(i/5), want)
		}
		fail("10.0.1.0", "sign_in.locked")
		if login == "liming" {
			if key := o.from("10.0.0.7", login, secret); key != "" {
				t.Fatalf("49 failures elsewhere keep the owner out: %s", key)
			}
		}
		fail("10.0.1.9", "sign_in.locked") // the fiftieth
		fail("10.0.0.7", "sign_in.locked")
		o.clock.Advance(15*time.Minute - time.Millisecond)
		fail("10.0.0.7", "sign_in.locked")
		o.clock.Advance(time.Millisecond)
		fail("10.0.0.7", "sign_in.refused")
	}
}

// People type their password where the name goes: no try leaves it in the trail.
func TestTheTypedNameIsNotInTheTrail(t *testing.T) {
	o := newOffice(t)
	a := o.seed("liming")
	_ = o.from("10.0.0.1", "Typed-Password 1", "x")
	_ = o.from("10.0.0.1", "LiMing", "x")
	page, err := o.trail.List(t.Context(), audit.Filter{Action: "session.sign_in"})
	if err != nil || len(page.Items) != 2 {
		t.Fatal(page, err)
	}
	if page.Items[0].Object != "account:"+a.ID || strings.Contains(fmt.Sprintf("%+v", page.Items), "Typed") {
		t.Errorf("%+v", page.Items)
	}
}

// A thousand guesses sent at once must not get more than the five.
func TestGuessesSentTogetherAreCounted(t *testing.T) {
	o := newOffice(t, func(s *account.Settings) { s.ByAddress.Failures = 1000 })
	o.seed("liming")
	var wg sync.WaitGroup
	var in atomic.Int64
	for range 50 {
		wg.Go(func() { _, _ = o.signIn("liming", "wrong") })
	}
	wg.Wait()
	if _, err := o.signIn("liming", secret); err == nil {
		in.Add(1)
	}
	if in.Load() != 0 {
		t.Fatal("fifty failures did not lock the name")
	}
	if key := o.from("10.0.0.8", "liming", secret); key != "" {
		t.Fatalf("fifty at once from one address lock the name for all: %s", key)
	}
}

func TestSessionsEnd(t *testing.T) {
	o := newOffice(t)
	o.seed("liming")
	o.seed("admin", policies.Grant{Role: policies.AuditAdmin, OrgID: policies.Everywhere})
	for _, tt := range []struct {
		login          string
		idle, absolute time.Duration
	}{{"liming", 12 * time.Hour, 7 * 24 * time.Hour}, {"admin", 30 * time.Minute, 12 * time.Hour}} {
		t.Run(tt.login, func(t *testing.T) {
			token, _ := o.mustSignIn(tt.login, secret)
			o.clock.Advance(tt.idle - time.Millisecond)
			o.who(token) // and that was a request
			o.clock.Advance(tt.idle - time.Millisecond)
			o.who(token)
			o.clock.Advance(tt.idle)
			o.wantEnded(token, "idle")

			token, _ = o.mustSignIn(tt.login, secret)
			start := o.clock.Now()
			for o.clock.Now().Sub(start) < tt.absolute-tt.idle/2 {
				o.who(token)
				o.clock.Advance(tt.idle / 2)
			}
			o.clock.Set(start.Add(tt.absolute - time.Millisecond))
			o.who(token)
			o.clock.Advance(time.Millisecond)
			o.wantEnded(token, "absolute")
		})
	}
	if err := o.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestSessionsAreListedAndRevoked(t *testing.T) {
	o := newOffice(t)
	a := o.seed("liming")
	o.seed("other")
	one, actor := o.mustSignIn("liming", secret)
	o.clock.Advance(time.Second)
	two, _ := o.mustSignIn("liming", secret)
	_, stranger := o.mustSignIn("other", secret)
	sessions, err := o.Sessions(t.Context(), actor, a.ID)
	if err != nil || len(sessions) != 2 || sessions[0].Current || !sessions[1].Current || sessions[0].Device != "Chrome, Windows" {
		t.Fatalf("%+v, %v", sessions, err)
	}
	if err := o.Revoke(t.Context(), stranger, stranger.AccountID, sessions[0].ID); fault.KeyOf(err) != "session.not_found" {
		t.Fatalf("a stranger ends a session: %v", err)
	}
	if err := o.Revoke(t.Context(), actor, a.ID, sessions[0].ID); err != nil {
		t.Fatal(err)
	}
	o.wantEnded(two, "revoked")
	if err := o.SignOut(t.Context(), o.who(one)); err != nil {
		t.Fatal(err)
	}
	o.wantEnded(one, "signed out")
}

func TestTheTokenIsNotStored(t *testing.T) {
	o := newOffice(t)
	a := o.seed("liming")
	token, actor := o.mustSignIn("liming", secret)
	sessions, err := o.Sessions(t.Context(), actor, a.ID)
	if err != nil || strings.Contains(sessions[0].ID, token) || len(sessions[0].ID) != 64 {
		t.Fatal(sessions, err)
	}
	o.wantEnded(sessions[0].ID, "the id of a session is no token")
}

func TestChangingThePasswordEndsTheOtherSessions(t *testing.T) {
	o := newOffice(t)
	o.seed("liming")
	one, actor := o.mustSignIn("liming", secret)
	two, _ := o.mustSignIn("liming", secret)
	if _, err := o.ChangePassword(t.Context(), actor, secret, "Xin-De 2026 mi"); err != nil {
		t.Fatal(err)
	}
	o.who(one)
	o.wantEnded(two, "changed")
	if _, err := o.signIn("liming", secret); fault.KeyOf(err) != "sign_in.refused" {
		t.Fatalf("the old password: %v", err)
	}
	o.mustSignIn("liming", "Xin-De 2026 mi")
}

func TestTheLastFivePasswordsDoNotComeAgain(t *testing.T) {
	o := newOffice(t)
	o.seed("liming")
	_, actor := o.mustSignIn("liming", secret)
	passwords := []string{secret, "Di-Er ge 2026", "Di-San ge 2026", "Di-Si ge 2026", "Di-Wu ge 2026"}
	present := secret
	change := func(to string) string {
		_, err := o.ChangePassword(t.Context(), actor, present, to)
		if err == nil {
			present = to
			return ""
		}
		f, ok := err.(*fault.Fault)
		if !ok || len(f.Fields) == 0 {
			t.Fatal(err)
		}
		return f.Fields[0].Key
	}
	for _, p := range passwords[1:] {
		if key := change(p); key != "" {
			t.Fatal(key)
		}
	}
	for _, p := range passwords {
		if key := change(p); key != "password.used" {
			t.Errorf("%s: %q", p, key)
		}
	}
	if key := change("Di-Liu ge 2026"); key != "" {
		t.Fatal(key)
	}
	if key := change(secret); key != "" {
		t.Errorf("the sixth last may come again: %q", key)
	}
}

func TestAWrongPresentPasswordCountsAsAFailure(t *testing.T) {
	o := newOffice(t)
	o.seed("liming")
	_, actor := o.mustSignIn("liming", secret)
	for range 5 {
		if _, err := o.ChangePassword(t.Context(), actor, "wrong", "Xin-De 2026 mi"); fault.KeyOf(err) != "password.wrong" {
			t.Fatal(err)
		}
	}
	if _, err := o.ChangePassword(t.Context(), actor, secret, "Xin-De 2026 mi"); fault.KeyOf(err) != "sign_in.locked" {
		t.Fatal(err)
	}
}

func TestPasswordRules(t *testing.T) {
	for _, tt := range []struct{ password, want string }{
		{"Hao2026mi!", ""}, // ten
		{"Hao2026mi", "password.too_short"},
		{"好好学习天天向上26A", ""},
		{"alllowercase", "password.classes"},
		{"lower1234567", "password.classes"},
		{"Lower1234567", ""},
		{"Liming-2026", "password.holds_name"},
		{"李明好好学习2026a", "password.holds_name"},
		{"李好好学习明2026a", ""},
		{"Password123!", "password.common"},
		{"P@ssw0rd2026", "password.common"},
		{"Qwertyuiop1!", "password.common"},
		{"aaaaAAAA1111", "password.common"},
		{"tab\tInside2026", "password.characters"},
		{strings.Repeat("Aa1-b", 25) + "xyz", ""}, // 128
		{strings.Repeat("Aa1-b", 25) + "xyzw", "password.too_long"},
	} {
		got := ""
		if fields := account.DefaultRules.Check("new", tt.password, "liming", "李明"); len(fields) > 0 {
			got = fields[0].Key
		}
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.password, got, tt.want)
		}
	}
}

func FuzzPasswordRules(f *testing.F) {
	f.Add("Hao2026mi!", "liming", "李明")
	f.Fuzz(func(t *testing.T, password, login, name string) {
		if len(account.DefaultRules.Check("new", password, login, name)) == 0 && len([]rune(password)) < 10 {
			t.Fatalf("%q was accepted", password)
		}
	})
}

func TestAOneTimePasswordMustBeChanged(t *testing.T) {
	o := newOffice(t)
	made, err := o.Create(t.Context(), o.security, account.Draft{Login: "wangfang", Name: "王芳"})
	if err != nil {
		t.Fatal(err)
	}
	if problems := account.DefaultRules.Check("", made.Password, "wangfang", "王芳"); len(problems) > 0 {
		t.Fatalf("%q breaks the rules: %+v", made.Password, problems)
	}
	signed, err := o.signIn("wangfang", made.Password)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := o.Authenticate(t.Context(), signed.Token, "")
	if err != nil || !identity.MustChange {
		t.Fatalf("%+v, %v", identity, err)
	}
	if _, err := o.ChangePassword(t.Context(), identity.Actor, made.Password, secret); err != nil {
		t.Fatal(err)
	}
	if identity, err = o.Authenticate(t.Context(), signed.Token, ""); err != nil || identity.MustChange {
		t.Fatalf("%+v, %v", identity, err)
	}
	reset, err := o.Reset(t.Context(), o.security, made.Account.ID)
	if err != nil || reset.Password == made.Password {
		t.Fatal(err)
	}
	o.wantEnded(signed.Token, "reset")
	if _, err := o.signIn("wangfang", secret); fault.KeyOf(err) != "sign_in.refused" {
		t.Fatal(err)
	}
}

func TestPasswordsExpire(t *testing.T) {
	o := newOffice(t, func(s *account.Settings) { s.PasswordExpiry = 90 * 24 * time.Hour })
	o.seed("liming")
	o.clock.Advance(90*24*time.Hour - time.Millisecond)
	token, _ := o.mustSignIn("liming", secret)
	if identity, _ := o.Authenticate(t.Context(), token, ""); identity.MustChange {
		t.Fatal("a millisecond early")
	}
	o.clock.Advance(time.Millisecond)
	if identity, _ := o.Authenticate(t.Context(), token, ""); !identity.MustChange {
		t.Fatal("an old password is not refused")
	}
}

func TestNamesAreUniqueWithoutRegardToCase(t *testing.T) {
	o := newOffice(t)
	o.seed("LiMing")
	for _, login := range []string{"liming", "ＬＩＭＩＮＧ"} {
		if _, err := o.Create(t.Context(), o.security, account.Draft{Login: login, Name: "x"}); !fault.Is(err, fault.Exists) {
			t.Errorf("%q: %v", login, err)
		}
	}
	for login, ok := range map[string]bool{"a": false, "ab": true, "李明": true, "-ab": false, "a b": false, "a@b.cn": true, strings.Repeat("a", 64): true, strings.Repeat("b", 65): false, "": false} {
		_, err := o.Create(t.Context(), o.security, account.Draft{Login: login, Name: "x"})
		if ok != (err == nil) {
			t.Errorf("%q: %v", login, err)
		}
	}
}

func TestGrants(t *testing.T) {
	o := newOffice(t)
	a := o.seed("liming", policies.Grant{Role: policies.Trainer, OrgID: o.root})
	self := policies.Actor{AccountID: a.ID, Scope: policies.Scope{policies.Everywhere}}
	local := policies.Actor{AccountID: "local", Scope: policies.Scope{o.general}}
	trainer := policies.Grant{Role: policies.Trainer, OrgID: o.root}
	g := func(role policies.Role, org string) policies.Grant { return policies.Grant{Role: role, OrgID: org} }
	for _, tt := range []struct {
		name   string
		actor  policies.Actor
		grants []policies.Grant
		want   string
	}{
		{"to oneself", self, []policies.Grant{trainer}, "account.self"},
		{"beyond the scope", local, []policies.Grant{trainer, g(policies.Clerk, o.root)}, "grant.beyond_scope"},
		{"everywhere beyond the scope", local, []policies.Grant{g(policies.SecurityAdmin, policies.Everywhere)}, "grant.beyond_scope"},
		{"taken away beyond the scope", local, nil, "grant.beyond_scope"},
		{"inside the scope, the rest kept", local, []policies.Grant{g(policies.Secretary, o.branch), trainer}, ""},
		{"an unknown node", o.security, []policies.Grant{g(policies.Clerk, "?")}, "org.not_found"},
		{"two administrators", o.security, []policies.Grant{g(policies.SystemAdmin, policies.Everywhere), g(policies.AuditAdmin, policies.Everywhere)}, "grant.exclusive"},
		{"administrator and trainer", o.security, []policies.Grant{trainer, g(policies.SystemAdmin, policies.Everywhere)}, "grant.exclusive"},
		{"member", o.security, []policies.Grant{g(policies.Member, o.branch)}, "grant.role_invalid"},
		{"one administrator", o.security, []policies.Grant{g(policies.SystemAdmin, policies.Everywhere)}, ""},
		{"nothing", o.security, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := o.SetGrants(t.Context(), tt.actor, a.ID, o.grants(a.ID), tt.grants)
			if fault.KeyOf(err) != tt.want {
				t.Fatalf("%v, want %q", err, tt.want)
			}
			if err == nil && len(got.Grants) != len(tt.grants) {
				t.Fatalf("%+v", got.Grants)
			}
		})
	}
}

func (o *office) grants(id string) []policies.Grant {
	o.t.Helper()
	a, err := o.Get(o.t.Context(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return a.Grants
}

func TestGrantsOfTwoAdministratorsDoNotUndoEachOther(t *testing.T) {
	o := newOffice(t)
	clerk, trainer := policies.Grant{Role: policies.Clerk, OrgID: o.root}, policies.Grant{Role: policies.Trainer, OrgID: o.root}
	a := o.seed("liming", clerk)
	if _, err := o.SetGrants(t.Context(), o.security, a.ID, a.Grants, []policies.Grant{trainer, clerk}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.SetGrants(t.Context(), o.security, a.ID, a.Grants, nil); fault.KeyOf(err) != "request.stale" {
		t.Fatalf("%v: who saw the clerk only took the trainer away too", err)
	}
	if got := o.grants(a.ID); len(got) != 2 {
		t.Fatalf("%+v", got)
	}
}

func TestAGrantCountsAtOnce(t *testing.T) {
	o := newOffice(t)
	a := o.seed("liming")
	token, _ := o.mustSignIn("liming", secret)
	if _, err := o.SetGrants(t.Context(), o.security, a.ID, nil, []policies.Grant{{Role: policies.Clerk, OrgID: o.general}}); err != nil {
		t.Fatal(err)
	}
	if actor := o.who(token); !actor.Has(policies.Clerk) {
		t.Fatalf("%+v", actor)
	}
}

func TestWhatAnotherProcessTookAwayEndsWithinASecond(t *testing.T) {
	clock := ident.NewManual(time.Date(2026, 3, 5, 1, 0, 0, 0, time.UTC))
	path := filepath.Join(t.TempDir(), "db")
	here := open(t, path, clock)
	there := open(t, path, clock)
	a := here.seed("liming", policies.Grant{Role: policies.Clerk, OrgID: here.root})
	token, _ := here.mustSignIn("liming", secret)
	if !there.who(token).Has(policies.Clerk) {
		t.Fatal("another process does not know the session")
	}
	if _, err := here.SetGrants(t.Context(), here.security, a.ID, a.Grants, nil); err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Second)
	if there.who(token).Has(policies.Clerk) {
		t.Fatal("the grant lives on in another process")
	}
	if _, err := here.Disable(t.Context(), here.security, a.ID); err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Second)
	there.wantEnded(token, "disabled elsewhere")
}

func TestNobodyActsOnTheOwnAccount(t *testing.T) {
	o := newOffice(t)
	a := o.seed("liming")
	self := policies.Actor{AccountID: a.ID, Scope: policies.Scope{policies.Everywhere}}
	for name, act := range map[string]func() error{
		"disable": func() error { _, err := o.Disable(t.Context(), self, a.ID); return err },
		"enable":  func() error { _, err := o.Enable(t.Context(), self, a.ID); return err },
		"unlock":  func() error { _, err := o.Unlock(t.Context(), self, a.ID); return err },
		"reset":   func() error { _, err := o.Reset(t.Context(), self, a.ID); return err },
	} {
		if err := act(); fault.KeyOf(err) != "account.self" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheFirstAdministrator(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	if needed, err := o.SetupNeeded(ctx); err != nil || !needed {
		t.Fatal(needed, err)
	}
	old, err := o.PrepareSetup(ctx)
	if err != nil || old == "" {
		t.Fatal(err)
	}
	run := func(token, password string) error {
		_, err := o.Setup(ctx, token, "anquan", "张三", password, account.Origin{Address: "10.0.0.9"})
		return err
	}
	if err := run("wrong", secret); fault.KeyOf(err) != "setup.link" {
		t.Fatal(err)
	}
	o.clock.Advance(24 * time.Hour)
	if err := run(old, secret); fault.KeyOf(err) != "setup.link" {
		t.Fatalf("a day later: %v", err)
	}
	token, err := o.PrepareSetup(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.PrepareSetup(ctx); err != nil { // another process prints its own; both count
		t.Fatal(err)
	}
	o.clock.Advance(24*time.Hour - time.Millisecond)
	if err := run(token, "weak"); fault.KeyOf(err) != "password.rules" {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var done atomic.Int64
	for range 5 {
		wg.Go(func() {
			if err := run(token, secret); err == nil {
				done.Add(1)
			} else if fault.KeyOf(err) != "setup.done" {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if done.Load() != 1 {
		t.Fatalf("%d first administrators", done.Load())
	}
	if token, err := o.PrepareSetup(ctx); err != nil || token != "" {
		t.Fatalf("a link after the set-up: %q %v", token, err)
	}
	a, err := o.ByLogin(ctx, "anquan")
	if err != nil || len(a.Grants) != 1 || a.Grants[0].Role != policies.SecurityAdmin {
		t.Fatalf("%+v, %v", a, err)
	}
}

func TestAccountsForMembers(t *testing.T) {
	o := newOffice(t)
	o.seed("taken")
	var people []account.Person
	for _, login := range []string{"2026001", "taken", "b a d", "2026002"} {
		saved, err := o.members.Create(t.Context(), o.security, member.Draft{Name: "党员" + login, Stage: member.Full, OrgID: o.branch})
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, account.Person{MemberID: saved.Member.ID, Login: login, Name: saved.Member.Name})
	}
	made, skipped, err := o.Provision(t.Context(), o.security, people)
	if err != nil || len(made) != 2 || len(skipped) != 2 || skipped[0].Code != "account.login_taken" || skipped[1].Code != "account.login" {
		t.Fatalf("%+v %+v %v", made, skipped, err)
	}
	signed, err := o.signIn("2026001", made[0].Password)
	if err != nil {
		t.Fatal(err)
	}
	actor := o.who(signed.Token)
	if actor.MemberID != people[0].MemberID || !slices.Equal(actor.OrgPath, []string{o.root, o.general, o.branch}) {
		t.Fatalf("%+v", actor)
	}
	if _, skipped, err := o.Provision(t.Context(), o.security, people[:1]); err != nil || skipped[0].Code != "account.has_one" {
		t.Fatal(skipped, err)
	}
	page, err := o.List(t.Context(), account.Filter{Org: o.branch})
	if err != nil || len(page.Items) != 2 {
		t.Fatalf("%+v, %v", page.Items, err)
	}
}

func TestLists(t *testing.T) {
	o := newOffice(t)
	o.seed("anna", policies.Grant{Role: policies.Clerk, OrgID: o.root})
	o.seed("bob", policies.Grant{Role: policies.Clerk, OrgID: o.branch}, policies.Grant{Role: policies.Trainer, OrgID: o.branch})
	o.seed("carl")
	for _, tt := range []struct {
		name   string
		filter account.Filter
		want   string
	}{
		{"all", account.Filter{}, "anna bob carl"}, {"name", account.Filter{Query: "AN"}, "anna"}, {"role", account.Filter{Role: policies.Clerk}, "anna bob"},
		{"place", account.Filter{Org: o.general}, "bob"}, {"role and place", account.Filter{Role: policies.Trainer, Org: o.root}, "bob"},
		{"a person's name", account.Filter{Query: "李"}, "anna bob carl"},
	} {
		page, err := o.List(t.Context(), tt.filter)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range page.Items {
			got = append(got, a.Login)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, got, tt.want)
		}
	}
}

func TestPreferences(t *testing.T) {
	o := newOffice(t)
	o.seed("liming")
	_, actor := o.mustSignIn("liming", secret)
	for scale, ok := range map[float64]bool{0: true, 1: true, 1.6: true, 0.99: false, 1.61: false} {
		_, err := o.SetPreferences(t.Context(), actor, func(p *account.Preferences) { p.FontScale = scale })
		if ok != (err == nil) {
			t.Errorf("%v: %v", scale, err)
		}
	}
	a, err := o.SetPreferences(t.Context(), actor, func(p *account.Preferences) { p.Elder, p.Language = true, "en" })
	if err != nil || !a.Preferences.Elder || a.Preferences.Language != "en" {
		t.Fatal(a, err)
	}
}

func TestSignInsAreInTheTrail(t *testing.T) {
	o := newOffice(t)
	o.seed("liming")
	_, _ = o.signIn("liming", "wrong")
	o.mustSignIn("liming", secret)
	page, err := o.trail.List(t.Context(), audit.Filter{Action: "session.sign_in"})
	if err != nil || len(page.Items) != 2 || page.Items[0].Outcome != audit.OK || page.Items[1].Outcome != audit.Refused || page.Items[1].Address != "10.0.0.7" {
		t.Fatalf("%+v, %v", page.Items, err)
	}
}

func TestAHashOfAnotherCostIsRenewedAtSignIn(t *testing.T) {
	clock := ident.NewManual(time.Date(2026, 3, 5, 1, 0, 0, 0, time.UTC))
	path := filepath.Join(t.TempDir(), "db")
	open(t, path, clock).seed("liming")
	dearer := open(t, path, clock, func(s *account.Settings) { s.Cost = account.Cost{Memory: 128, Passes: 1, Threads: 1} })
	dearer.mustSignIn("liming", secret)
	a, err := dearer.ByLogin(t.Context(), "liming")
	if err != nil || !strings.Contains(a.Hash, "$m=128,") {
		t.Fatalf("%s, %v", a.Hash, err)
	}
	dearer.mustSignIn("liming", secret)
}

func BenchmarkPasswordHash(b *testing.B) {
	h := account.NewHasher(account.DefaultCost, 2)
	for b.Loop() {
		if _, err := h.Hash(b.Context(), secret); err != nil {
			b.Fatal(err)
		}
	}
}

// What every request of a signed-in member costs: one read of the session.
func BenchmarkAuthenticate(b *testing.B) {
	o := newOffice(b)
	saved, err := o.members.Create(b.Context(), o.security, member.Draft{Name: "李明", Stage: member.Full, OrgID: o.branch})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := o.Seed(b.Context(), account.Draft{Login: "liming", Name: "李明", MemberID: saved.Member.ID}, o.hash); err != nil {
		b.Fatal(err)
	}
	token, _ := o.mustSignIn("liming", secret)
	for b.Loop() {
		if _, err := o.Authenticate(b.Context(), token, "10.0.0.7"); err != nil {
			b.Fatal(err)
		}
	}
}
