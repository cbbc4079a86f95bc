package apptest

import (
	"strings"
	"testing"

	"qiming/policies"
)

// What the committee shares downwards is received by a branch, taken over there, and read by its members under its own name.
func TestSharingBetweenOrganisations(t *testing.T) {
	onStores(t, func(t *testing.T, l *library) {
		l.Account(t, "clerk2", policies.Grant{Role: policies.Clerk, OrgID: l.branches[1]})
		l.Account(t, "trainer2", policies.Grant{Role: policies.Trainer, OrgID: l.branches[1]})
		clerk, trainer := l.as("clerk2"), l.as("trainer2")
		a := l.publish(l.branches[0], essay("支部做法", map[string]any{"orgs": []string{l.branches[0]}}))
		if r := clerk.Do("GET", "/shares", nil).Want(200); strings.Contains(r.Text, "支部做法") {
			t.Errorf("%s", r.Text)
		}
		clerk.Do("GET", "/shares/"+a.ID, nil).WantProblem(404, "share.not_found")
		clerk.Do("GET", "/articles/"+a.ID+"/share", nil).WantProblem(404, "article.not_found")
		l.trainer.Do("PUT", "/articles/"+a.ID+"/share", map[string]any{"peers": true}).WantProblem(403, "request.forbidden")
		l.evaluator.Do("PUT", "/articles/"+a.ID+"/share", map[string]any{"peers": true}).Want(200)
		if r := clerk.Do("GET", "/shares", nil).Want(200); !strings.Contains(r.Text, "支部做法") || !strings.Contains(r.Text, "第一党支部") {
			t.Errorf("%s", r.Text)
		}
		if r := clerk.Do("GET", "/shares/"+a.ID, nil).Want(200); !strings.Contains(r.Text, "支部做法的正文") || strings.Contains(r.Text, l.branches[0]) {
			t.Errorf("%s", r.Text)
		}
		l.as("member2").Do("GET", "/shares/"+a.ID, nil).WantProblem(403, "request.forbidden")
		trainer.Do("POST", "/shares/"+a.ID+"/take", map[string]any{"auto": true}).WantProblem(403, "share.review")
		var own struct {
			articleBody
			OriginName, OriginState string
		}
		clerk.Do("POST", "/shares/"+a.ID+"/take", map[string]any{"auto": true}).Want(201).JSON(&own)
		if own.Status != "published" {
			t.Fatalf("%+v", own)
		}
		trainer.Do("POST", "/shares/"+a.ID+"/take", map[string]any{}).WantProblem(409, "share.taken")
		member := l.as("member2")
		member.Do("GET", "/knowledge/"+a.ID, nil).WantProblem(404, "article.not_found") // the source is not theirs
		if r := member.Do("GET", "/knowledge/"+own.ID, nil).Want(200); !strings.Contains(r.Text, `"from":"第一党支部"`) || !strings.Contains(r.Text, `"org_name":"第二党支部"`) {
			t.Errorf("%s", r.Text)
		}
		l.as("member1").Do("GET", "/knowledge/"+own.ID, nil).WantProblem(404, "article.not_found")
		if r := l.trainer.Do("GET", "/articles/"+a.ID+"/share", nil).Want(200); !strings.Contains(r.Text, "第二党支部") || !strings.Contains(r.Text, `"peers":true`) {
			t.Errorf("%s", r.Text)
		}
		l.evaluator.Do("POST", "/articles/"+a.ID+"/withdraw", map[string]any{"note": "来源有误"}, ifMatch(a.Rev)).Want(200)
		if _, err := l.Knowledge.FollowSources(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r := member.Do("GET", "/knowledge/"+own.ID, nil).Want(200); !strings.Contains(r.Text, "来源有误") || strings.Contains(r.Text, "正文") {
			t.Errorf("%s", r.Text)
		}
		if r := clerk.Do("GET", "/articles/"+own.ID, nil).Want(200); !strings.Contains(r.Text, `"origin_state":"withdrawn"`) || !strings.Contains(r.Text, `"origin_name":"第一党支部"`) {
			t.Errorf("%s", r.Text)
		}
		if r := clerk.Do("GET", "/articles/takedowns", nil).Want(200); !strings.Contains(r.Text, "来源有误") {
			t.Errorf("%s", r.Text)
		}
	})
}
