package knowledge

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"qiming/policies"
)

// Who is due are the members of the owner and below whom the article addresses; a branch sees its own part.
func TestWhoIsDueToConfirm(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	w.readers["a"] = []Reader{{MemberID: "m", AccountID: "m", Name: "甲", Path: []string{"root", "a"}}, {MemberID: "n", Name: "乙", Path: []string{"root", "a"}},
		{MemberID: "s", AccountID: "s", Name: "丙", Path: []string{"root", "a"}, Grants: []policies.Grant{{Role: policies.Secretary, OrgID: "a"}}}}
	w.readers["b"] = []Reader{{MemberID: "o", AccountID: "o", Name: "丁", Path: []string{"root", "b"}}}
	ask := func(org string, a Audience) Article {
		c := essay("必读")
		c.Confirm, c.Audience = true, a
		return w.publish(w.create(org, c))
	}
	see := func(actor policies.Actor, a Article, want string) {
		t.Helper()
		c, err := w.Confirmations(ctx, actor, a.ID)
		got := fmt.Sprint(err)
		if err == nil {
			got = ""
			for _, one := range c.All {
				mark := map[bool]string{true: "+", false: "-"}[c.Done(one)]
				if !one.Due {
					mark = "?"
				}
				got += one.Name + mark
			}
		}
		if got != want && !(want == "not found" && strings.Contains(got, "article.not_found")) {
			t.Errorf("%s sees %q, want %q", actor.AccountID, got, want)
		}
	}
	all, ofA, offices := ask("root", Audience{Public: true}), ask("a", Audience{Members: true}), ask("root", Audience{Roles: []policies.Role{policies.Secretary}})
	branch := policies.Actor{AccountID: "s", MemberID: "s", OrgPath: []string{"root", "a"}, Scope: policies.Scope{"a"}, Grants: []policies.Grant{{Role: policies.Secretary, OrgID: "a"}}}
	see(author, all, "丙-乙-甲-丁-")
	see(author, ofA, "丙-乙-甲-") // others may read it, and are not asked
	see(author, offices, "丙-")
	see(branch, all, "丙-乙-甲-")
	see(branch, ofA, "丙-乙-甲-")
	see(stranger, all, "丁-") // everybody may read it
	see(stranger, offices, "not found")
	for _, id := range []string{"m", "o"} {
		if _, err := w.Confirm(ctx, memberOf(id, "root", map[string]string{"m": "a", "o": "b"}[id]), ofA.ID, 1); err != nil {
			t.Fatal(err)
		}
	}
	see(author, ofA, "丙-乙-甲+?") // who was not asked stands there by the account
	see(branch, ofA, "丙-乙-甲+?")
	see(stranger, ofA, "not found")
	plain := w.publish(w.create("root", essay("随意")))
	see(author, plain, "not found")

	asking, err := w.Asking(ctx, branch)
	got := ""
	for _, one := range asking {
		got += fmt.Sprintf("%s %d/%d ", one.OrgID, one.Confirmed, one.Due)
	}
	if err != nil || len(asking) != 3 || !strings.Contains(got, "a 1/3") || !strings.Contains(got, "root 0/3") || !strings.Contains(got, "root 0/1") {
		t.Errorf("%s %v", got, err)
	}
	again, err := w.Save(ctx, author, ofA.ID, ofA.Rev, func() Content { c := ofA.Draft; c.Body = "新版"; return c }())
	if err != nil {
		t.Fatal(err)
	}
	w.publish(again)
	see(author, ofA, "丙-乙-甲-?") // the new version is to be confirmed anew
}

func TestReminding(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	m := memberOf("m", "root", "a")
	w.readers["a"] = []Reader{{MemberID: "m", AccountID: "m", Name: "甲", Path: m.OrgPath}, {MemberID: "n", Name: "乙", Path: m.OrgPath}, {MemberID: "k", AccountID: "k", Name: "己", Path: m.OrgPath}}
	w.readers["b"] = []Reader{{MemberID: "o", AccountID: "o", Name: "丁", Path: []string{"root", "b"}}}
	c := essay("必读")
	c.Confirm = true
	a := w.publish(w.create("root", c))
	remind := func(actor policies.Actor, only []string, want Reminded) {
		t.Helper()
		if got, err := w.Remind(ctx, actor, a.ID, only); err != nil || got != want {
			t.Errorf("%+v %v, want %+v", got, err, want)
		}
	}
	home := func(actor policies.Actor, want int) {
		t.Helper()
		if got, err := w.RemindedOf(ctx, actor); err != nil || len(got) != want {
			t.Errorf("%+v %v, want %d", got, err, want)
		}
	}
	home(m, 0)
	remind(stranger, nil, Reminded{Reminded: 1}) // of its own branch
	home(m, 0)
	remind(reviewer, []string{"m", "n"}, Reminded{Reminded: 1, Without: 1})
	home(m, 1)
	remind(reviewer, nil, Reminded{Reminded: 1, Already: 2, Without: 1})
	w.clock.Advance(remindedFor)
	if _, err := w.Confirm(ctx, m, a.ID, 1); err != nil {
		t.Fatal(err)
	}
	home(m, 0)
	remind(reviewer, nil, Reminded{Reminded: 2, Without: 1})
	home(memberOf("k", "root", "a"), 1)
	w.take(reviewer, a, Order{Step: Withdraw, Note: "过时"})
	home(memberOf("k", "root", "a"), 0)
	_, err := w.Remind(ctx, reviewer, a.ID, nil)
	wantKey(t, err, "article.not_found")
	if last := w.trail.acts[len(w.trail.acts)-2]; !strings.Contains(last, "article.remind") {
		t.Errorf("%v", w.trail.acts)
	}
	w.clock.Advance(time.Hour)
}
