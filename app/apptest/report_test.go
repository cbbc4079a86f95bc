package apptest

import (
	"strings"
	"testing"
)

// Reports are read by reviewers of the organisation and by nobody else, and nowhere is who reported; a reporter is told how it ended.
func TestReportsAreReadByThoseWhoHandleThem(t *testing.T) {
	onStores(t, func(t *testing.T, l *library) {
		a := l.publish(l.branches[0], essay("甲材料", everybody, map[string]any{"comments": true}))
		member, public, secretary := l.as("member2"), l.Client(t), l.as("secretary")
		c := l.comment(l.as("member1"), a.ID, "一句不当的话", "", "pass")
		member.Do("POST", "/knowledge/"+a.ID+"/reports", map[string]any{"comment": c.ID, "reason": "inappropriate", "words": "记号一"}).Want(204)
		member.Do("POST", "/knowledge/"+a.ID+"/reports", map[string]any{"comment": c.ID, "reason": "wrong"}).WantProblem(409, "report.exists")
		public.Do("POST", "/knowledge/"+a.ID+"/reports", map[string]any{"reason": "quote", "words": "记号二"}).Want(204)
		public.Do("POST", "/knowledge/"+a.ID+"/reports", map[string]any{"reason": "quote"}).WantProblem(429, "request.too_many")
		l.Clock.Advance(20e9)
		public.Do("POST", "/knowledge/"+a.ID+"/reports", map[string]any{"reason": "other"}).WantProblem(422, "report.invalid")
		inside := l.publish(l.branches[0], essay("乙材料", map[string]any{"members": true}))
		l.Clock.Advance(20e9)
		public.Do("POST", "/knowledge/"+inside.ID+"/reports", map[string]any{"reason": "wrong"}).WantProblem(404, "article.not_found")

		const mark = "记号"
		for login, reader := range map[string]*Client{"": public, "member1": l.as("member1"), "member2": member, "trainer": l.trainer} {
			if found := l.reads(reader, a.ID, mark); len(found) > 0 {
				t.Errorf("%q reads reports: %v", login, found)
			}
		}
		if found := l.reads(secretary, a.ID, mark); len(found) != 1 || found[0] != "/api/v1/reports" {
			t.Errorf("the secretary reads them on %v", found)
		}
		listing := secretary.Do("GET", "/reports", nil).Want(200)
		var me struct {
			AccountID string `json:"account_id"`
		}
		member.Do("GET", "/session", nil).Want(200).JSON(&me)
		for _, name := range []string{me.AccountID, "member2", l.members[1]} {
			if name == "" || strings.Contains(listing.Text, name) {
				t.Errorf("who reported stands in %s", listing.Text)
			}
		}
		var list struct {
			Items []struct {
				ID, Words, Comment, Title string
				SignedIn                  bool `json:"signed_in"`
			}
			Total int
		}
		listing.JSON(&list)
		if list.Total != 2 || list.Items[0].Comment != "一句不当的话" || !list.Items[0].SignedIn || list.Items[1].SignedIn || list.Items[1].Title != "甲材料" {
			t.Fatalf("%s", listing.Text)
		}
		secretary.Do("POST", "/reports/handle", map[string]any{"ids": []string{list.Items[0].ID}, "outcome": "upheld", "note": "已隐藏", "take_down": true}).Want(200)
		secretary.Do("POST", "/reports/handle", map[string]any{"ids": []string{list.Items[1].ID}, "outcome": "upheld", "note": "引文有误", "take_down": true}).Want(200)
		if page := member.Do("GET", "/knowledge/"+a.ID, nil).Want(200); !strings.Contains(page.Text, "引文有误") {
			t.Errorf("%s", page.Text)
		}
		home := member.Do("GET", "/home", nil).Want(200)
		if !strings.Contains(home.Text, "report_handled") || !strings.Contains(home.Text, "已隐藏") || strings.Contains(home.Text, "引文有误") {
			t.Errorf("%s", home.Text)
		}
	})
}
