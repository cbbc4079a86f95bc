package knowledge

import (
	"testing"

	"qiming/policies"
)

// Every reader against every audience of an article of the general branch gb, which has the branches b1 and b2 below it and the committee
// root above it.
func TestWhoReadsWhat(t *testing.T) {
	paths := map[string][]string{"root": {"root"}, "gb": {"root", "gb"}, "b1": {"root", "gb", "b1"}, "b2": {"root", "gb", "b2"}}
	member := func(org string) policies.Actor {
		return policies.Actor{AccountID: "a", MemberID: "m", OrgPath: paths[org]}
	}
	holder := func(role policies.Role, org string) policies.Actor {
		return policies.Actor{AccountID: "a", Grants: []policies.Grant{{Role: role, OrgID: org}}}
	}
	audiences := []struct {
		name string
		is   Audience
	}{
		{"nobody", Audience{}},
		{"public", Audience{Public: true}},
		{"members", Audience{Members: true}},
		{"gb", Audience{Orgs: []string{"gb"}}},
		{"b1", Audience{Orgs: []string{"b1"}}},
		{"secretaries", Audience{Roles: []policies.Role{policies.Secretary}}},
		{"b2 and leaders", Audience{Orgs: []string{"b2"}, Roles: []policies.Role{policies.Leader}}},
		{"public and b1", Audience{Public: true, Orgs: []string{"b1"}}},
	}
	readers := []struct {
		name  string
		actor policies.Actor
		reads string // one mark an audience
	}{
		{"the public", policies.Actor{}, ".x.....x"},
		{"an account of nobody", policies.Actor{AccountID: "a"}, ".x.....x"},
		{"grants without an account", policies.Actor{Grants: []policies.Grant{{Role: policies.Secretary, OrgID: "gb"}}}, ".x.....x"},
		{"a member of b1", member("b1"), ".xxxx..x"},
		{"a member of b2", member("b2"), ".xxx..xx"},
		{"a member of gb itself", member("gb"), ".xxx...x"},
		{"a member of the committee", member("root"), ".xx....x"},
		{"the secretary of b1", holder(policies.Secretary, "b1"), ".xxxxx.x"},
		{"the secretary of gb", holder(policies.Secretary, "gb"), ".xxx.x.x"},
		{"the secretary of the committee", holder(policies.Secretary, "root"), ".xx....x"},
		{"a leader at gb", holder(policies.Leader, "gb"), ".xxx..xx"},
		{"a leader at the committee", holder(policies.Leader, "root"), ".xx....x"},
		{"a group leader of b2", holder(policies.GroupLeader, "b2"), ".xxx..xx"},
		{"a clerk of b1", holder(policies.Clerk, "b1"), ".xxxx..x"},
		{"a trainer of gb", holder(policies.Trainer, "gb"), ".xxx...x"},
		{"an evaluator of gb", holder(policies.Evaluator, "gb"), ".xxx...x"},
		{"a mailbox officer of b1", holder(policies.Mailbox, "b1"), ".xxxx..x"},
		{"a system administrator", holder(policies.SystemAdmin, policies.Everywhere), ".x.....x"},
		{"a security administrator at gb", holder(policies.SecurityAdmin, "gb"), ".x.....x"},
		{"an audit administrator", holder(policies.AuditAdmin, policies.Everywhere), ".x.....x"},
		{"an office at an abolished node", holder(policies.Secretary, "gone"), ".x.....x"},
	}
	held := map[policies.Role]bool{}
	for _, r := range readers {
		for _, g := range r.actor.Grants {
			held[g.Role] = true
		}
		for i, a := range audiences {
			want := r.reads[i] == 'x'
			if got := Meet(a.is.Tokens("gb"), ReaderTokens(r.actor, paths)); got != want {
				t.Errorf("%s, for %s: %v", r.name, a.name, got)
			}
		}
	}
	for _, role := range policies.Roles() {
		if role.Grantable() && !held[role] {
			t.Errorf("no reader is %s", role)
		}
	}
}
