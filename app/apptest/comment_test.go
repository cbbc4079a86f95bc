package apptest

import (
	"regexp"
	"strings"
	"testing"

	"qiming/policies"
)

type commentBody struct {
	ID, Text, Name, State, Reason string
	OrgName                       string `json:"org_name"`
	Mine                          bool
	Replies                       []commentBody
}

// comment writes one, and steps with it as a reviewer where step is not empty.
func (l *library) comment(c *Client, articleID, text, to, step string) (out commentBody) {
	l.t.Helper()
	c.Do("POST", "/knowledge/"+articleID+"/comments", map[string]any{"text": text, "to": to}).Want(201).JSON(&out)
	l.Clock.Advance(10 * 60e9)
	if step != "" {
		l.decide(out.ID, step)
	}
	return out
}

func (l *library) decide(id, step string) {
	l.t.Helper()
	l.evaluator.Do("POST", "/comments/decide", map[string]any{"ids": []string{id}, "step": step, "reason": "理由"}).Want(200)
}

func (l *library) comments(c *Client, articleID string) (out []commentBody) {
	l.t.Helper()
	var list struct{ Items []commentBody }
	c.Do("GET", "/knowledge/"+articleID+"/comments", nil).Want(200).JSON(&list)
	return list.Items
}

var parameter = regexp.MustCompile(`\{[^}]+\}`)

// reads walks every GET route, each parameter filled with an id, and gives those whose answer holds a text.
func (l *library) reads(c *Client, id, text string) (found []string) {
	l.t.Helper()
	for _, route := range l.API.Routes() {
		if route.Method != "GET" {
			continue
		}
		path := parameter.ReplaceAllString(strings.TrimPrefix(route.Path, "/api/v1"), id)
		if reply := c.Do("GET", path, nil); strings.Contains(reply.Text, text) {
			found = append(found, route.Path)
		}
	}
	return found
}

// What is not passed is seen by its author and by the reviewers of the article's organisation, on no route by anybody else; names
// are for those who are signed in.
func TestCommentsBeforeTheirReviewAreSeenByNobodyElse(t *testing.T) {
	onStores(t, func(t *testing.T, l *library) {
		l.Account(t, "secretary2", policies.Grant{Role: policies.Secretary, OrgID: l.branches[1]})
		l.Account(t, "leader", policies.Grant{Role: policies.Leader, OrgID: l.committee})
		l.Account(t, "auditadmin", policies.Grant{Role: policies.AuditAdmin, OrgID: policies.Everywhere})
		a := l.publish(l.branches[0], essay("可评", everybody, map[string]any{"comments": true}))
		author, other, public := l.as("member1"), l.as("member2"), l.Client(t)
		first := l.comment(author, a.ID, "通过的话", "", "pass")
		waiting := l.comment(author, a.ID, "记号待审", "", "")
		l.comment(author, a.ID, "记号未过", "", "refuse")
		hidden := l.comment(author, a.ID, "记号隐藏", "", "pass")
		l.decide(hidden.ID, "hide")
		l.comment(author, a.ID, "记号回复", first.ID, "")
		removed := l.comment(other, a.ID, "别人删的", "", "pass")
		other.Do("DELETE", "/me/comments/"+removed.ID, nil).Want(204)

		if got := l.comments(author, a.ID); len(got) != 4 || !got[0].Mine || got[0].State != "hidden" || got[0].Reason != "理由" || len(got[3].Replies) != 1 {
			t.Errorf("its author sees %+v", got)
		}
		if got := l.comments(other, a.ID); len(got) != 1 || got[0].Text != "通过的话" || got[0].Name != "测试 member1" || got[0].OrgName != "第一党支部" || got[0].Mine || len(got[0].Replies) != 0 {
			t.Errorf("another sees %+v", got)
		}
		if got := l.comments(public, a.ID); len(got) != 1 || got[0].Name != "" || got[0].OrgName != "第一党支部" {
			t.Errorf("the public sees %+v", got)
		}
		const mark = "记号"
		readers := map[string]*Client{"": public, "member2": other, "trainer": l.trainer, "secretary2": l.as("secretary2"), "leader": l.as("leader"), "auditadmin": l.as("auditadmin")}
		for login, c := range readers {
			if found := l.reads(c, a.ID, mark); len(found) > 0 {
				t.Errorf("%q reads what is not passed: %v", login, found)
			}
			for _, query := range []string{"?state=refused", "?state=hidden", "?article=" + a.ID} {
				if r := c.Do("GET", "/comments"+query, nil); strings.Contains(r.Text, mark) || strings.Contains(r.Text, `"total":1`) {
					t.Errorf("%q: %s", login, r.Text)
				}
			}
			c.Do("POST", "/comments/decide", map[string]any{"ids": []string{waiting.ID}, "step": "pass"})
			if r := c.Do("POST", "/knowledge/"+a.ID+"/comments", map[string]any{"text": "抢答", "to": waiting.ID}); r.StatusCode < 400 {
				t.Errorf("%q answers what is not passed: %s", login, r.Text)
			}
		}
		if found := l.reads(author, a.ID, mark); len(found) != 2 { // under the article, and among one's own
			t.Errorf("its author reads it on %v", found)
		}
		for _, reviewer := range []*Client{l.evaluator, l.as("secretary"), l.as("clerk")} {
			if found := l.reads(reviewer, a.ID, mark); len(found) != 1 || found[0] != "/api/v1/comments" {
				t.Errorf("a reviewer reads it on %v", found)
			}
		}
		if got := l.comments(author, a.ID); got[2].ID == waiting.ID && got[2].State != "waiting" {
			t.Errorf("somebody passed it: %+v", got[2])
		}

		l.evaluator.Do("POST", "/articles/"+a.ID+"/withdraw", map[string]any{"note": "下架"}, ifMatch(a.Rev)).Want(200)
		other.Do("GET", "/knowledge/"+a.ID+"/comments", nil).WantProblem(404, "article.not_found")
		other.Do("POST", "/knowledge/"+a.ID+"/comments", map[string]any{"text": "晚了"}).WantProblem(404, "article.not_found")
	})
}

func TestDecidingOnManyComments(t *testing.T) {
	onStores(t, func(t *testing.T, l *library) {
		a := l.publish(l.committee, essay("可评", everybody, map[string]any{"comments": true}))
		one, two := l.comment(l.as("member1"), a.ID, "一", "", ""), l.comment(l.evaluator, a.ID, "二", "", "")
		var home struct{ Counts map[string]int }
		l.evaluator.Do("GET", "/home", nil).Want(200).JSON(&home)
		if home.Counts["comment_review"] != 2 {
			t.Errorf("%+v", home)
		}
		var out struct {
			Done   int
			Failed []struct{ ID, Code string }
		}
		l.evaluator.Do("POST", "/comments/decide", map[string]any{"ids": []string{one.ID, two.ID, "none"}, "step": "pass"}).Want(200).JSON(&out)
		if out.Done != 1 || len(out.Failed) != 2 || out.Failed[0].Code != "comment.own" || out.Failed[1].Code != "comment.not_found" {
			t.Errorf("%+v", out)
		}
		l.evaluator.Do("POST", "/comments/decide", map[string]any{"ids": []string{two.ID}, "step": "pass"}).WantProblem(403, "comment.own")
		l.evaluator.Do("POST", "/comments/decide", map[string]any{"ids": []string{two.ID}, "step": "refuse"}).WantProblem(422, "comment.invalid")
		l.as("clerk").Do("POST", "/comments/decide", map[string]any{"ids": []string{two.ID}, "step": "pass"}).Want(200)
		if got := l.comments(l.as("member2"), a.ID); len(got) != 2 {
			t.Errorf("%+v", got)
		}
		for range 5 {
			l.as("member3").Do("POST", "/knowledge/"+a.ID+"/comments", map[string]any{"text": "又一条"}).Want(201)
		}
		l.as("member3").Do("POST", "/knowledge/"+a.ID+"/comments", map[string]any{"text": "太多"}).WantProblem(429, "comment.too_many")
	})
}
