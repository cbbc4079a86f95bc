package apptest

import (
	"strings"
	"testing"

	"qiming/app/account"
	"qiming/app/audit"
	"qiming/app/member"
	"qiming/app/org"
	"qiming/policies"
)

const roll = "姓名,公民身份号码,人员类别,所在党支部,编号\n" +
	"李明,11010519491231002X,正式党员,第一党支部,2026001\n" +
	"王芳,110101199003070011,预备党员,第一党支部,2026002\n" +
	"赵六,110105194912310021,正式党员,第一党支部,2026003\n"

type object = map[string]any

// refresh takes over the CSRF token, as a reloaded page does.
func (c *Client) refresh(t *testing.T) {
	t.Helper()
	var me struct {
		CSRF string `json:"csrf"`
	}
	c.Do("GET", "/session", nil).Want(200).JSON(&me)
	c.csrf = me.CSRF
}

// From an empty database to a member who reads the own file, each step by whom it belongs to.
func TestFromTheSetupLinkToAMember(t *testing.T) {
	s := Start(t)
	token, err := s.Accounts.PrepareSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	// The first administrator comes with the link, and only once.
	security := s.Client(t)
	var state struct {
		Needed bool `json:"needed"`
	}
	if r := s.Client(t).Do("GET", "/setup", nil).Want(200); !strings.Contains(r.Text, `"signed_in":false`) {
		t.Errorf("%s", r.Text)
	}
	if security.Do("GET", "/setup", nil).Want(200).JSON(&state); !state.Needed {
		t.Fatal("an empty database needs no set-up")
	}
	first := object{"token": "wrong", "login": "anquan", "name": "安全员", "password": Password}
	security.Do("POST", "/setup", first).WantProblem(403, "setup.link")
	first["token"], first["password"] = token, "short"
	security.Do("POST", "/setup", first).WantProblem(422, "password.rules")
	first["password"] = Password
	security.Do("POST", "/setup", first).Want(204)
	s.Client(t).Do("POST", "/setup", first).WantProblem(409, "setup.done")
	security.refresh(t)

	// Administrators see no business data; each makes only what is theirs.
	security.Do("GET", "/members", nil).WantProblem(403, "request.forbidden")
	security.Do("POST", "/orgs", object{"name": "某校党委", "kind": "committee"}).WantProblem(403, "request.forbidden")
	made := func(login string, grants ...policies.Grant) account.Created {
		t.Helper()
		var created account.Created
		security.Do("POST", "/accounts", object{"login": login, "name": "经办" + login, "grants": grants}).Want(201).JSON(&created)
		return created
	}
	system := made("xitong", policies.Grant{Role: policies.SystemAdmin, OrgID: policies.Everywhere})
	security.Do("POST", "/accounts", object{"login": "XITONG", "name": "x"}).Want(409)

	// A one-time password opens nothing but the way to change it.
	builder := s.SignIn(t, "xitong", system.Password)
	builder.Do("GET", "/orgs", nil).WantProblem(403, "account.must_change_password")
	builder.Do("POST", "/session/password", object{"old": "x", "new": Password}).WantProblem(422, "password.wrong")
	builder.Do("POST", "/session/password", object{"old": system.Password, "new": "xitong-2026-Aa"}).WantProblem(422, "password.rules")
	builder.Do("POST", "/session/password", object{"old": system.Password, "new": Password}).Want(200)
	nodes := map[string]string{}
	for _, n := range [][3]string{{"某校党委", "committee", ""}, {"机关党总支", "general_branch", "某校党委"}, {"第一党支部", "branch", "机关党总支"}} {
		var node org.Node
		builder.Do("POST", "/orgs", object{"name": n[0], "kind": n[1], "parent_id": nodes[n[2]]}).Want(201).JSON(&node)
		nodes[n[0]] = node.ID
	}

	// The clerk imports the members: a dry run, once, and once only.
	made("dangwu", policies.Grant{Role: policies.Clerk, OrgID: nodes["机关党总支"]})
	made("shenji", policies.Grant{Role: policies.AuditAdmin, OrgID: policies.Everywhere})
	enter := func(login string) *Client {
		t.Helper()
		var found struct{ Items []account.Account }
		security.Do("GET", "/accounts?q="+login, nil).Want(200).JSON(&found)
		var reset account.Created
		security.Do("POST", "/accounts/"+found.Items[0].ID+"/reset", nil).Want(200).JSON(&reset)
		c := s.SignIn(t, login, reset.Password)
		c.Do("POST", "/session/password", object{"old": reset.Password, "new": Password}).Want(200)
		return c
	}
	clerk := enter("dangwu")
	var batch member.Batch
	clerk.Upload("/member-imports", "名册.csv", []byte(roll), nil).Want(201).JSON(&batch)
	if batch.New != 2 || len(batch.Problems) != 1 || batch.Problems[0].Row != 4 || batch.Problems[0].Code != "identity.checksum" {
		t.Fatalf("%+v", batch)
	}
	clerk.Do("POST", "/member-imports/"+batch.ID+"/confirm", nil).Want(200).JSON(&batch)
	clerk.Do("POST", "/member-imports/"+batch.ID+"/confirm", nil).Want(200).JSON(&batch)
	if batch.State != member.Confirmed || batch.Imported != 2 {
		t.Fatalf("%+v", batch)
	}
	clerk.Upload("/member-imports", "名册.csv", []byte(roll), nil).Want(201).JSON(&batch)
	if batch.New != 0 || batch.Same != 2 {
		t.Fatalf("the same file again: %+v", batch)
	}
	reply := clerk.Do("GET", "/members?q=李明", nil).Want(200)
	if strings.Contains(reply.Text, "19491231002") || !strings.Contains(reply.Text, "110105********002X") {
		t.Fatalf("the identity number is not masked: %s", reply.Text)
	}

	// Accounts for all of them; the list with the passwords comes once.
	var list struct {
		Items   []account.Provisioned
		Skipped []account.Skipped
	}
	clerk.Do("POST", "/accounts/for-members", object{"org_id": nodes["机关党总支"]}).Want(200).JSON(&list)
	if len(list.Items) != 2 || list.Items[0].Login != "2026001" {
		t.Fatalf("%+v", list)
	}
	clerk.Do("POST", "/accounts/for-members", object{"org_id": nodes["某校党委"]}).WantProblem(404, "org.not_found")

	// The member changes the password and sees the own file, and nobody else's.
	self := s.SignIn(t, "2026001", list.Items[0].Password)
	self.Do("POST", "/session/password", object{"old": list.Items[0].Password, "new": Password}).Want(200)
	if profile := self.Do("GET", "/me/profile", nil).Want(200); !strings.Contains(profile.Text, "李明") || strings.Contains(profile.Text, "19491231002X") {
		t.Fatal(profile.Text)
	}
	self.Do("GET", "/members", nil).WantProblem(403, "request.forbidden")
	self.Do("POST", "/members/"+list.Items[1].MemberID+"/identity", object{"reason": "好奇"}).WantProblem(403, "request.forbidden")

	// A whole number is shown to whom may see it, with a reason, and it is in the trail.
	clerk.Do("POST", "/members/"+list.Items[0].MemberID+"/identity", object{"reason": ""}).Want(422)
	var revealed member.Revealed
	clerk.Do("POST", "/members/"+list.Items[0].MemberID+"/identity", object{"reason": "核对档案"}).Want(200).JSON(&revealed)
	if revealed.Identity != "11010519491231002X" {
		t.Fatalf("%+v", revealed)
	}
	auditor := enter("shenji")
	var trail struct{ Items []audit.Entry }
	auditor.Do("GET", "/audit?action=member.reveal&object=member:"+list.Items[0].MemberID, nil).Want(200).JSON(&trail)
	if len(trail.Items) != 1 || trail.Items[0].Detail["reason"] != "核对档案" || trail.Items[0].Address == "" {
		t.Fatalf("%+v", trail)
	}
	var report audit.Report
	auditor.Do("POST", "/audit/verify", nil).Want(200).JSON(&report)
	if !report.OK || report.Entries < 20 {
		t.Fatalf("%+v", report)
	}
	auditor.Do("GET", "/members", nil).WantProblem(403, "request.forbidden")

	// An import with accounts on it is not taken back.
	var undone struct{ Kept []member.Kept }
	var batches struct{ Items []member.Batch }
	clerk.Do("GET", "/member-imports", nil).Want(200).JSON(&batches)
	clerk.Do("POST", "/member-imports/"+batches.Items[len(batches.Items)-1].ID+"/undo", nil).Want(200).JSON(&undone)
	if len(undone.Kept) != 2 || undone.Kept[0].Reason != "account" {
		t.Fatalf("%+v", undone)
	}
}

// A school with two 总支, a branch each, a member each, and a clerk of the first.
func school(t *testing.T) (s *Server, ids map[string]string) {
	t.Helper()
	s, ids = Start(t), map[string]string{}
	for _, n := range []struct {
		name   string
		kind   org.Kind
		parent string
	}{{"党委", org.Committee, ""}, {"一总支", org.GeneralBranch, "党委"}, {"二总支", org.GeneralBranch, "党委"}, {"甲支部", org.Branch, "一总支"}, {"乙支部", org.Branch, "二总支"}} {
		node, err := s.Orgs.Create(t.Context(), Everywhere(), org.Draft{Name: n.name, Kind: n.kind, ParentID: ids[n.parent]})
		if err != nil {
			t.Fatal(err)
		}
		ids[n.name] = node.ID
	}
	for name, branch := range map[string]string{"李明": "甲支部", "王芳": "乙支部"} {
		saved, err := s.Members.Create(t.Context(), Everywhere(), member.Draft{Name: name, Stage: member.Full, OrgID: ids[branch]})
		if err != nil {
			t.Fatal(err)
		}
		ids[name] = saved.Member.ID
	}
	s.Account(t, "clerk", policies.Grant{Role: policies.Clerk, OrgID: ids["一总支"]})
	s.Account(t, "security", policies.Grant{Role: policies.SecurityAdmin, OrgID: policies.Everywhere})
	return s, ids
}

func TestAClerkSeesTheOwnSubtreeOnly(t *testing.T) {
	s, ids := school(t)
	clerk := s.SignIn(t, "clerk", Password)
	var members struct {
		Items []member.Member
		Total int
	}
	clerk.Do("GET", "/members", nil).Want(200).JSON(&members)
	if len(members.Items) != 1 || members.Items[0].Name != "李明" || members.Total != 1 {
		t.Fatalf("%+v", members)
	}
	clerk.Do("GET", "/members/"+ids["王芳"], nil).WantProblem(404, "member.not_found")
	clerk.Do("GET", "/members?org="+ids["二总支"], nil).WantProblem(404, "org.not_found")
	clerk.Do("POST", "/members", object{"name": "新人", "stage": "full", "org_id": ids["乙支部"]}).WantProblem(404, "org.not_found")
	clerk.Do("POST", "/members", object{"name": "新人", "stage": "full", "org_id": ids["甲支部"]}).Want(201)
	clerk.Do("POST", "/members", object{"name": "", "stage": "full", "org_id": ids["甲支部"]}).WantProblem(422, "member.invalid")
	clerk.Do("POST", "/members", object{"name": "新人", "salary": 1}).WantProblem(422, "request.invalid")
	var tree struct {
		Items []struct {
			Name    string
			InScope bool `json:"in_scope"`
			Members *int
		}
	}
	clerk.Do("GET", "/orgs?counts=true", nil).Want(200).JSON(&tree)
	if len(tree.Items) != 3 || tree.Items[0].Name != "党委" || tree.Items[0].InScope || !tree.Items[2].InScope || *tree.Items[1].Members != 2 {
		t.Fatalf("%+v", tree)
	}
	clerk.Do("GET", "/orgs/"+ids["二总支"], nil).WantProblem(404, "org.not_found")
	clerk.Do("POST", "/orgs", object{"name": "又一党委", "kind": "committee"}).WantProblem(403, "org.root")
	clerk.Do("POST", "/orgs/"+ids["甲支部"]+"/move", object{"parent_id": ids["二总支"]}, "If-Match: \"1\"").WantProblem(404, "org.not_found")
}

func TestWritesOfSharedObjectsCarryTheRevision(t *testing.T) {
	s, ids := school(t)
	clerk := s.SignIn(t, "clerk", Password)
	path := "/members/" + ids["李明"]
	body := object{"name": "李明", "stage": "full", "org_id": ids["甲支部"], "post": "教师"}
	clerk.Do("PUT", path, body).WantProblem(422, "request.if_match")
	rev := clerk.Do("GET", path, nil).Want(200).Header.Get("ETag")
	clerk.Do("PUT", path, body, "If-Match: "+rev).Want(200)
	clerk.Do("PUT", path, body, "If-Match: "+rev).WantProblem(409, "request.stale")

	path = "/orgs/" + ids["甲支部"]
	rev = clerk.Do("GET", path, nil).Want(200).Header.Get("ETag")
	clerk.Do("PUT", path, object{"name": "甲党支部", "kind": "branch"}, "If-Match: "+rev).Want(200)
	clerk.Do("PUT", path, object{"name": "甲党支部", "kind": "branch"}, "If-Match: "+rev).WantProblem(409, "request.stale")
}

func TestMovingANodeTakesItsMembersAlong(t *testing.T) {
	s, ids := school(t)
	s.Account(t, "system", policies.Grant{Role: policies.SystemAdmin, OrgID: policies.Everywhere})
	system, clerk := s.SignIn(t, "system", Password), s.SignIn(t, "clerk", Password)
	move := func(node, to, rev string) Reply {
		return system.Do("POST", "/orgs/"+ids[node]+"/move", object{"parent_id": ids[to]}, "If-Match: "+rev)
	}
	rev := system.Do("GET", "/orgs/"+ids["乙支部"], nil).Want(200).Header.Get("ETag")
	system.Do("POST", "/orgs/"+ids["乙支部"]+"/move", object{"parent_id": ids["一总支"]}).WantProblem(422, "request.if_match")
	move("一总支", "甲支部", rev).WantProblem(409, "org.cycle")
	move("乙支部", "一总支", rev).Want(200)
	move("乙支部", "二总支", rev).WantProblem(409, "request.stale")
	clerk.Do("GET", "/members/"+ids["王芳"], nil).Want(200)
	system.Do("POST", "/orgs/"+ids["乙支部"]+"/abolish", nil).WantProblem(409, "org.not_empty")
	system.Do("POST", "/orgs/"+ids["二总支"]+"/abolish", nil).Want(200)
	move("乙支部", "二总支", `"2"`).WantProblem(409, "org.abolished")
	var states struct{ Items []object }
	system.Do("GET", "/jobs", nil).Want(200).JSON(&states)
	if len(states.Items) < 4 {
		t.Fatalf("%+v", states)
	}
}

func TestDevicesAreListedAndSignedOut(t *testing.T) {
	s, _ := school(t)
	here, there := s.SignIn(t, "clerk", Password), s.SignIn(t, "clerk", Password)
	security := s.SignIn(t, "security", Password)
	var own struct{ Items []account.Session }
	here.Do("GET", "/me/sessions", nil).Want(200).JSON(&own)
	if len(own.Items) != 2 {
		t.Fatalf("%+v", own)
	}
	for _, x := range own.Items {
		if !x.Current {
			security.Do("DELETE", "/me/sessions/"+x.ID, nil).WantProblem(404, "session.not_found")
			here.Do("DELETE", "/me/sessions/"+x.ID, nil).Want(204)
		}
	}
	there.Do("GET", "/session", nil).WantProblem(401, "session.required")

	clerk, err := s.Accounts.ByLogin(t.Context(), "clerk")
	if err != nil {
		t.Fatal(err)
	}
	security.Do("GET", "/accounts/"+clerk.ID+"/sessions", nil).Want(200).JSON(&own)
	if len(own.Items) != 1 {
		t.Fatalf("%+v", own)
	}
	security.Do("DELETE", "/accounts/"+clerk.ID+"/sessions/"+own.Items[0].ID, nil).Want(204)
	here.Do("GET", "/session", nil).WantProblem(401, "session.required")
}

func TestGrantsAndStatusOfAccounts(t *testing.T) {
	s, ids := school(t)
	security, clerk := s.SignIn(t, "security", Password), s.SignIn(t, "clerk", Password)
	acc, err := s.Accounts.ByLogin(t.Context(), "clerk")
	if err != nil {
		t.Fatal(err)
	}
	grants := func(role, org string) object {
		return object{"seen": acc.Grants, "grants": []object{{"role": role, "org_id": org}}}
	}
	path := "/accounts/" + acc.ID
	clerk.Do("PUT", path+"/grants", grants("clerk", ids["党委"])).WantProblem(403, "request.forbidden")
	security.Do("PUT", path+"/grants", grants("king", ids["党委"])).WantProblem(422, "grant.role_invalid")
	security.Do("PUT", path+"/grants", grants("clerk", "*")).WantProblem(422, "grant.org_required")
	security.Do("PUT", path+"/grants", grants("clerk", ids["党委"])).Want(200)
	security.Do("PUT", path+"/grants", grants("clerk", ids["一总支"])).WantProblem(409, "request.stale") // what was seen is gone
	clerk.Do("GET", "/members/"+ids["王芳"], nil).Want(200)                                             // at once
	own, err := s.Accounts.ByLogin(t.Context(), "security")
	if err != nil {
		t.Fatal(err)
	}
	security.Do("PUT", "/accounts/"+own.ID+"/grants", grants("clerk", ids["党委"])).WantProblem(403, "account.self")
	security.Do("POST", path+"/status", object{"status": "gone"}).Want(422)
	security.Do("POST", path+"/status", object{"status": "disabled"}).Want(200)
	clerk.Do("GET", "/session", nil).WantProblem(401, "session.required")
	known := s.Client(t).Do("POST", "/session", object{"login": "clerk", "password": Password}).WantProblem(401, "sign_in.refused")
	unknown := s.Client(t).Do("POST", "/session", object{"login": "nosuch", "password": Password}).WantProblem(401, "sign_in.refused")
	if known.Problem.Detail != "" || unknown.Problem.Detail != "" {
		t.Errorf("the answer tells who has an account: %q %q", known.Problem.Detail, unknown.Problem.Detail)
	}
	security.Do("POST", path+"/status", object{"status": "active"}).Want(200)
	s.SignIn(t, "clerk", Password)
	for i := 1; i <= 5; i++ {
		reply := s.Client(t).Do("POST", "/session", object{"login": "clerk", "password": "wrong"})
		if i < 5 {
			reply.WantProblem(401, "sign_in.refused")
		} else if reply.WantProblem(429, "sign_in.locked").Header.Get("Retry-After") != "900" {
			t.Errorf("Retry-After %q", reply.Header.Get("Retry-After"))
		}
	}
	security.Do("POST", path+"/status", object{"status": "unlocked"}).Want(200)
	s.SignIn(t, "clerk", Password)

	var roles struct{ Items []object }
	security.Do("GET", "/roles", nil).Want(200).JSON(&roles)
	if len(roles.Items) != 12 {
		t.Fatalf("%d roles", len(roles.Items))
	}
}

func TestPreferencesAreKept(t *testing.T) {
	s, _ := school(t)
	c := s.SignIn(t, "clerk", Password)
	c.Do("PATCH", "/me/preferences", object{"elder": true, "font_scale": 1.4}).Want(200)
	c.Do("PATCH", "/me/preferences", object{"language": "en"}).Want(200)
	c.Do("PATCH", "/me/preferences", object{"language": "fr"}).Want(422)
	c.Do("PATCH", "/me/preferences", object{"font_scale": 0.5}).WantProblem(422, "preferences.invalid")
	var me struct{ Preferences account.Preferences }
	s.SignIn(t, "clerk", Password).Do("GET", "/session", nil).Want(200).JSON(&me)
	if want := (account.Preferences{Language: "en", Elder: true, FontScale: 1.4}); me.Preferences != want {
		t.Fatalf("%+v", me.Preferences)
	}
}
