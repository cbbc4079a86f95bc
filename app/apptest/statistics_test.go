package apptest

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"qiming/app/member"
	"qiming/exam/statistics"
	"qiming/policies"
)

// TestStatisticsFromAnswersToTasks: members take a quiz, officers read its figures each within their permission, what is wrong with
// an item becomes a task of its author, who decides it.
func TestStatisticsFromAnswersToTasks(t *testing.T) {
	c := newCollege(t)
	c.Account(t, "leader", policies.Grant{Role: policies.Leader, OrgID: c.committee})
	trainer := c.as("trainer")
	var written struct{ ID string }
	trainer.Do("POST", "/questions", map[string]any{"org_id": c.committee, "content": map[string]any{"kind": "single", "stem": "党的最高领导机关是",
		"options": []any{map[string]any{"id": "", "text": "全国代表大会", "right": true}, map[string]any{"id": "", "text": "其他一", "right": false}, map[string]any{"id": "", "text": "其他二", "right": false}}}}).Want(201).JSON(&written)
	for _, status := range []string{"review", "published"} {
		trainer.Do("POST", "/questions/"+written.ID+"/status", map[string]any{"to": status}).Want(200)
	}
	quiz := c.publish(func(settings map[string]any) { settings["attempts"] = 2 }, map[string]any{"question_id": written.ID, "points": 4})
	const secret = "先锋2026"
	for _, login := range []string{"member1", "member2", "member3"} {
		taker := c.as(login)
		var sheet sheetBody
		taker.Do("POST", "/exams/"+quiz+"/attempts", map[string]any{"password": secret}).Want(201).JSON(&sheet)
		options := sheet.Items[0].Item.Options
		wrong := slices.IndexFunc(options, func(o struct{ ID, Text string }) bool { return o.Text == "其他一" })
		taker.Do("POST", "/attempts/"+url.PathEscape(sheet.Attempt.ID)+"/answers", answersBody(sheet.Session, 1, 1, map[string]any{"choices": []string{options[wrong].ID}})).Want(200)
		taker.Do("POST", "/attempts/"+url.PathEscape(sheet.Attempt.ID)+"/submit", map[string]any{"session": sheet.Session}, "Idempotency-Key: "+login).Want(200)
	}
	c.Clock.Advance(3 * time.Second)
	var st struct {
		Attempts string
		Quiz     map[string]any
		Items    []map[string]any
		Hidden   bool
	}
	path := "/quizzes/" + quiz
	c.as("trainer").Do("GET", path+"/statistics", nil).Want(200).JSON(&st)
	if st.Attempts != "first" || st.Quiz["n"] != 3.0 || len(st.Items) != 1 || st.Items[0]["discrimination_index"] != nil || st.Items[0]["random_guess"] == nil {
		t.Errorf("%+v", st)
	}
	c.as("trainer").Do("GET", path+"/statistics?attempts=never", nil).Want(422)
	for _, attempts := range []string{"all", "best", "last"} {
		if r := c.as("trainer").Do("GET", path+"/statistics?attempts="+attempts, nil).Want(200); !strings.Contains(r.Text, `"attempts":"`+attempts+`"`) {
			t.Errorf("%s: %s", attempts, r.Text)
		}
	}
	// Three are too few for a leader; members by name are for those who see results.
	c.as("leader").Do("GET", path+"/statistics", nil).Want(200).JSON(&st)
	if !st.Hidden {
		t.Errorf("a leader sees three: %+v", st)
	}
	if r := c.as("leader").Do("GET", path+"/mastery", nil).Want(200); !strings.Contains(r.Text, `"hidden":true`) {
		t.Errorf("topics of three: %s", r.Text)
	}
	c.as("leader").Do("GET", path+"/mastery/members", nil).WantProblem(403, "request.forbidden")
	c.as("member1").Do("GET", path+"/statistics", nil).WantProblem(403, "request.forbidden")
	var mastery struct {
		Topics []struct{ N int }
		Items  []struct {
			Name   string
			Shares []*float64
		}
		Next string
	}
	c.as("evaluator").Do("GET", path+"/mastery/members?limit=2", nil).Want(200).JSON(&mastery)
	if len(mastery.Topics) != 1 || mastery.Topics[0].N != 3 || len(mastery.Items) != 2 || mastery.Items[0].Shares[0] == nil || mastery.Next == "" {
		t.Errorf("%+v", mastery)
	}
	for format, sign := range map[string]string{"csv": "区分度", "xlsx": "PK"} {
		file := c.as("trainer").Do("GET", path+"/statistics/export?format="+format, nil).Want(200)
		if !strings.Contains(file.Text, sign) || !strings.Contains(file.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %d bytes", format, len(file.Text))
		}
	}
	// The table of marks gives the same figures from the command line.
	file := c.as("evaluator").Do("GET", path+"/marks/export?format=csv&attempts=first", nil).Want(200)
	table, err := statistics.ReadTable(strings.NewReader(file.Text), statistics.BlankIsMissing)
	if err != nil {
		t.Fatalf("%v of %s", err, file.Text)
	}
	report := table.Report()
	if len(report.Items) != 1 || report.Quiz.N != 3 || *report.Items[0].Facility != 0 {
		t.Errorf("%+v of %s", report, file.Text)
	}
	if file := c.as("evaluator").Do("GET", path+"/marks/export", nil).Want(200); !strings.HasPrefix(file.Text, "PK") {
		t.Errorf("%.200s", file.Text)
	}
	c.as("member1").Do("GET", path+"/marks/export", nil).WantProblem(403, "request.forbidden")
	if r := c.as("leader").Do("GET", path+"/statistics/export?format=csv", nil).Want(200); strings.Count(r.Text, "\n") != 1 {
		t.Errorf("the leader's file: %s", r.Text)
	}

	// Three more, without an answer: nobody has it right, and a wrong option beats the key.
	if r := c.as("trainer").Do("GET", "/question-flags", nil).Want(200); !strings.Contains(r.Text, `"total":0`) {
		t.Errorf("three prove nothing: %s", r.Text)
	}
	for i := range 3 {
		login := fmt.Sprintf("more%d", i)
		m, err := c.Members.Create(t.Context(), Everywhere(), member.Draft{Name: login, Stage: member.Full, OrgID: c.branches[0]})
		c.ok(err)
		c.MemberAccount(t, login, m.Member.ID)
		taker := c.as(login)
		var sheet sheetBody
		taker.Do("POST", "/exams/"+quiz+"/attempts", map[string]any{"password": secret}).Want(201).JSON(&sheet)
		taker.Do("POST", "/attempts/"+url.PathEscape(sheet.Attempt.ID)+"/submit", map[string]any{"session": sheet.Session}, "Idempotency-Key: "+login).Want(200)
	}
	c.Clock.Advance(3 * time.Second)
	if err := c.Exams.Results.RecordItems(t.Context()); err != nil {
		t.Fatal(err)
	}
	var flags struct {
		Total int
		Items []struct{ ID, State, Flag, Stem string }
	}
	c.as("trainer").Do("GET", "/question-flags?mine=true", nil).Want(200).JSON(&flags)
	if flags.Total == 0 || flags.Items[0].Stem == "" || flags.Items[0].State != "open" {
		t.Fatalf("%+v", flags)
	}
	if home := c.as("trainer").Do("GET", "/home", nil).Want(200); !strings.Contains(home.Text, `"kind":"item_flags"`) {
		t.Errorf("home: %s", home.Text)
	}
	flag := "/question-flags/" + url.PathEscape(flags.Items[0].ID)
	c.as("evaluator").Do("POST", flag, map[string]any{"state": "handled", "note": "x"}).WantProblem(403, "request.forbidden")
	c.as("trainer").Do("POST", flag, map[string]any{"state": "handled"}).WantProblem(422, "flag.invalid")
	c.as("trainer").Do("POST", flag, map[string]any{"state": "handled", "note": "答案已核对"}).Want(200)
	c.as("trainer").Do("POST", flag, map[string]any{"state": "handled", "note": "答案已核对"}).WantProblem(409, "flag.decided")
	c.as("trainer").Do("GET", "/question-flags?state=closed", nil).Want(200).JSON(&flags)
	if !slices.ContainsFunc(flags.Items, func(f struct{ ID, State, Flag, Stem string }) bool { return f.State == "handled" }) {
		t.Errorf("closed: %+v", flags)
	}
	if r := c.as("trainer").Do("GET", "/questions/"+written.ID+"/usage", nil).Want(200); !strings.Contains(r.Text, `"versions":[{"number":1,"quizzes":1,"n":6`) {
		t.Errorf("usage: %s", r.Text)
	}
}
