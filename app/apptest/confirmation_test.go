package apptest

import (
	"strings"
	"testing"

	"qiming/policies"
)

// Who confirmed, who is yet to, as the committee and as a branch see it; a reminder reaches home pages; files say the same.
func TestConfirmationsByOrganisation(t *testing.T) {
	onStores(t, func(t *testing.T, l *library) {
		l.Account(t, "secretary2", policies.Grant{Role: policies.Secretary, OrgID: l.branches[1]})
		a := l.publish(l.committee, essay("必读", map[string]any{"members": true}, map[string]any{"confirm": true}))
		l.as("member1").Do("POST", "/knowledge/"+a.ID+"/receipt", map[string]any{"version": 1}).Want(200)
		l.trainer.Do("POST", "/knowledge/"+a.ID+"/receipt", map[string]any{"version": 1}).Want(200) // nobody asked
		type body struct {
			Due, Confirmed, Total int
			Next                  string
			Items                 []struct{ ID, Name string }
			Orgs                  []struct{ Due, Confirmed int }
		}
		see := func(c *Client, query string) (out body) {
			t.Helper()
			c.Do("GET", "/articles/"+a.ID+"/confirmations"+query, nil).Want(200).JSON(&out)
			return out
		}
		if got := see(l.evaluator, "?limit=2"); got.Due != 3 || got.Confirmed != 1 || got.Total != 3 || len(got.Items) != 2 || got.Next == "" || len(got.Orgs) != 2 {
			t.Errorf("%+v", got)
		} else if rest := see(l.evaluator, "?limit=2&after="+got.Next); len(rest.Items) != 1 || rest.Next != "" || rest.Items[0].ID == got.Items[1].ID {
			t.Errorf("%+v", rest)
		}
		if got := see(l.evaluator, "?state=missing&org="+l.branches[0]); got.Total != 1 || got.Items[0].Name != "党员3" || got.Due != 2 {
			t.Errorf("%+v", got)
		}
		if got := see(l.evaluator, "?state=others"); got.Total != 1 || got.Items[0].Name != "测试 trainer" {
			t.Errorf("%+v", got)
		}
		branch := l.as("secretary2")
		if got := see(branch, ""); got.Due != 1 || got.Items[0].Name != "党员2" {
			t.Errorf("%+v", got)
		}
		for _, query := range []string{"", "?state=done", "?state=others"} {
			if r := branch.Do("GET", "/articles/"+a.ID+"/confirmations"+query, nil); strings.Contains(r.Text, "党员1") || strings.Contains(r.Text, "党员3") || strings.Contains(r.Text, "trainer") {
				t.Errorf("a branch sees others: %s", r.Text)
			}
		}
		branch.Do("GET", "/articles/"+a.ID+"/confirmations?org="+l.branches[0], nil).WantProblem(404, "org.not_found")
		l.as("member1").Do("GET", "/articles/"+a.ID+"/confirmations", nil).WantProblem(403, "request.forbidden")
		if r := branch.Do("GET", "/articles/confirmations", nil).Want(200); !strings.Contains(r.Text, `"due":1,"confirmed":0`) {
			t.Errorf("%s", r.Text)
		}
		csv := branch.Do("GET", "/articles/"+a.ID+"/confirmations/export?format=csv", nil).Want(200)
		if !strings.Contains(csv.Text, "第二党支部,党员2,是,未阅") || strings.Contains(csv.Text, "党员1") {
			t.Errorf("%s", csv.Text)
		}
		if sheet := l.evaluator.Do("GET", "/articles/"+a.ID+"/confirmations/export", nil).Want(200); !strings.HasPrefix(sheet.Text, "PK") {
			t.Errorf("%.20q", sheet.Text)
		}
		l.trainer.Do("GET", "/articles/"+a.ID+"/confirmations/export", nil).WantProblem(403, "request.forbidden")
		if r := branch.Do("POST", "/articles/"+a.ID+"/confirmations/remind", map[string]any{}).Want(200); !strings.Contains(r.Text, `"reminded":1`) {
			t.Errorf("%s", r.Text)
		}
		if home := l.as("member2").Do("GET", "/home", nil).Want(200); !strings.Contains(home.Text, `"article_confirm":1`) || !strings.Contains(home.Text, "必读") {
			t.Errorf("%s", home.Text)
		}
		if home := l.as("member3").Do("GET", "/home", nil).Want(200); strings.Contains(home.Text, "article_confirm") {
			t.Errorf("%s", home.Text)
		}
	})
}
