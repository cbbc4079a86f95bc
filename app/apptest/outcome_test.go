package apptest

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"qiming/app"
	"qiming/exam/question"
	"qiming/policies"
)

// After a result, over the wire: who may do what, what each sees, and what is refused.
func TestAfterAResult(t *testing.T) {
	c := newCollege(t, func(config *app.Config) { config.RateAddress = 0 })
	c.Account(t, "clerk", policies.Grant{Role: policies.Clerk, OrgID: c.committee})
	c.Account(t, "stranger", policies.Grant{Role: policies.Evaluator, OrgID: c.branches[1]})
	quiz := c.publish(func(s map[string]any) {
		s["password"], s["appeal_days"], s["certificate"] = "", 3, map[string]any{"title": "合格证书", "months": 6}
		s["review"].(map[string]any)["open"] = map[string]any{"responses": true, "correctness": true, "marks": true, "feedback": true, "explanation": true, "right_answer": true, "total": true}
	}, map[string]any{"question_id": c.single, "points": 10})

	take := func(login, option string) string {
		taker := c.as(login)
		var sheet sheetBody
		taker.Do("POST", "/exams/"+quiz+"/attempts", nil).Want(201).JSON(&sheet)
		path := "/attempts/" + url.PathEscape(sheet.Attempt.ID)
		taker.Do("POST", path+"/answers", answersBody(sheet.Session, 1, 1, map[string]any{"choices": []string{option}})).Want(200)
		taker.Do("POST", path+"/submit", map[string]any{"session": sheet.Session}).Want(200)
		return path
	}
	right, wrong := take("member1", "a"), take("member2", "b")
	trainer, evaluator, member, other := c.as("trainer"), c.as("evaluator"), c.as("member1"), c.as("member2")

	// Appeals.
	file := func(who *Client, path string, slot int, text string) Reply {
		return who.Do("POST", path+"/appeals", map[string]any{"slot": slot, "text": text})
	}
	file(other, right, 1, "不是我的").WantProblem(404, "attempt.not_found")
	file(trainer, right, 1, "没有权限").WantProblem(403, "request.forbidden")
	file(other, wrong, 1, strings.Repeat("长", 1001)).WantProblem(422, "text.invalid")
	file(other, wrong, 1, "乙也对").Want(201)
	file(other, wrong, 1, "再来").WantProblem(409, "appeal.exists")
	other.Do("POST", wrong+"/appeals/1/messages", map[string]any{"text": "补充"}).Want(200)
	other.Do("POST", wrong+"/appeals/2/messages", map[string]any{"text": "没有"}).WantProblem(404, "appeal.not_found")
	trainer.Do("GET", "/appeals", nil).WantProblem(403, "request.forbidden")
	var queue struct {
		Items  []struct{ ID string }
		Counts map[string]int
	}
	list := evaluator.Do("GET", "/appeals?state=open", nil).Want(200)
	list.JSON(&queue)
	if len(queue.Items) != 1 || queue.Counts["open"] != 1 || strings.Contains(list.Text, c.members[1]) || strings.Contains(list.Text, "党员2") {
		t.Fatalf("queue %s", list.Text)
	}
	appeal := "/appeals/" + url.PathEscape(queue.Items[0].ID)
	if shown := evaluator.Do("GET", appeal, nil).Want(200); strings.Contains(shown.Text, c.members[1]) || strings.Contains(shown.Text, "党员2") || !strings.Contains(shown.Text, "乙也对") {
		t.Errorf("appeal %s", shown.Text)
	}
	c.as("stranger").Do("GET", appeal, nil).WantProblem(404, "appeal.not_found")
	if home := evaluator.Do("GET", "/home", nil).Want(200); !strings.Contains(home.Text, `"kind":"appeals"`) {
		t.Errorf("home %s", home.Text)
	}
	evaluator.Do("POST", appeal+"/decision", map[string]any{"mark": 11, "reason": "r"}).WantProblem(422, "mark.out_of_range")
	evaluator.Do("POST", appeal+"/decision", map[string]any{"reason": "答案无误，请等待更正"}).Want(200)
	evaluator.Do("POST", appeal+"/decision", map[string]any{"reason": "又"}).WantProblem(409, "appeal.settled")
	if review := other.Do("GET", wrong+"/review", nil).Want(200); !strings.Contains(review.Text, `"state":"rejected"`) || strings.Contains(review.Text, "evaluator") {
		t.Errorf("review %s", review.Text)
	}

	// A certificate, and what a stranger learns of it.
	var mine struct {
		Items []struct{ ID, State, Name string }
	}
	member.Do("GET", "/me/certificates", nil).Want(200).JSON(&mine)
	if len(mine.Items) != 1 || mine.Items[0].State != "valid" {
		t.Fatalf("certificates %+v", mine)
	}
	serial := mine.Items[0].ID
	printed := member.Do("GET", "/me/certificates/"+serial+"?origin="+url.QueryEscape("https://example.org"), nil).Want(200)
	if !strings.Contains(printed.Text, "https://example.org/verify/"+serial) || !strings.Contains(printed.Text, `"path":"M0 0h7v1h-7z`) {
		t.Errorf("printed %s", printed.Text)
	}
	member.Do("GET", "/me/certificates/"+serial+"?origin=javascript:alert(1)", nil).WantProblem(422, "request.origin")
	other.Do("GET", "/me/certificates/"+serial+"?origin=https://example.org", nil).WantProblem(404, "certificate.not_found")
	public := c.Client(t)
	seen := public.Do("GET", "/verify/"+strings.ToLower(serial), nil).Want(200)
	if !strings.Contains(seen.Text, `"name":"党*1"`) || !strings.Contains(seen.Text, `"state":"valid"`) || strings.Contains(seen.Text, "党员1") || strings.Contains(seen.Text, c.members[0]) {
		t.Errorf("public %s", seen.Text)
	}
	if again := public.Do("GET", "/verify/"+url.PathEscape(strings.ReplaceAll(serial, "-", " ")), nil).Want(200); again.Text != seen.Text {
		t.Errorf("with blanks: %s", again.Text)
	}
	end := "A"
	if strings.HasSuffix(serial, end) {
		end = "B"
	}
	if wrong := public.Do("GET", "/verify/"+serial[:len(serial)-1]+end, nil).Want(200); wrong.Text != `{"state":"mistyped"}` {
		t.Errorf("mistyped: %q", wrong.Text)
	}
	var last Reply
	for range 40 {
		if last = public.Do("GET", "/verify/QM-2026-AAAA", nil); last.StatusCode == 429 {
			break
		}
	}
	last.WantProblem(429, "request.too_many")
	c.Clock.Advance(time.Minute)

	// The key was wrong: b is right.
	q, err := c.Bank.Get(t.Context(), Everywhere(), c.single)
	c.ok(err)
	content := q.Content
	content.Options = []question.Option{{ID: "a", Text: "全心全意为人民服务"}, {ID: "b", Text: "其他一", Right: true}, {ID: "c", Text: "其他二"}}
	_, err = c.Bank.Save(t.Context(), Everywhere(), c.single, q.Rev, question.Edit{Content: content})
	c.ok(err)
	for _, to := range []question.Status{question.InReview, question.Published} {
		_, err = c.Bank.SetStatus(t.Context(), Everywhere(), c.single, to, "")
		c.ok(err)
	}
	wish := map[string]any{"question_id": c.single, "way": "key", "reason": "答案更正为“其他一”"}
	c.as("secretary").Do("POST", "/quizzes/"+quiz+"/regrades", wish).WantProblem(403, "request.forbidden")
	c.as("stranger").Do("POST", "/quizzes/"+quiz+"/regrades", wish).WantProblem(404, "quiz.not_found")
	trainer.Do("POST", "/quizzes/"+quiz+"/regrades/preview", map[string]any{"question_id": c.single, "way": "burn"}).Want(422)
	var asked struct {
		ID     string
		Totals struct{ Changed int }
	}
	trainer.Do("POST", "/quizzes/"+quiz+"/regrades", wish).Want(201).JSON(&asked)
	regrade := "/regrades/" + url.PathEscape(asked.ID)
	trainer.Do("POST", regrade+"/approve", map[string]any{"changed": asked.Totals.Changed}).WantProblem(403, "request.forbidden")
	if home := c.as("clerk").Do("GET", "/home", nil).Want(200); !strings.Contains(home.Text, `"kind":"regrade"`) {
		t.Errorf("home %s", home.Text)
	}
	c.as("clerk").Do("POST", regrade+"/approve", map[string]any{"changed": asked.Totals.Changed}).Want(200)
	if review := member.Do("GET", right+"/review", nil).Want(200); !strings.Contains(review.Text, `"changes":[{`) || !strings.Contains(review.Text, "答案更正为") || !strings.Contains(review.Text, `"score":0`) {
		t.Errorf("review %s", review.Text)
	}
	if home := member.Do("GET", "/home", nil).Want(200); !strings.Contains(home.Text, `"kind":"result_changed"`) {
		t.Errorf("home %s", home.Text)
	}
	if seen := public.Do("GET", "/verify/"+serial, nil).Want(200); !strings.Contains(seen.Text, `"state":"revoked"`) {
		t.Errorf("public %s", seen.Text)
	}
	var theirs struct{ Items []struct{ ID, State string } }
	other.Do("GET", "/me/certificates", nil).Want(200).JSON(&theirs)
	if len(theirs.Items) != 1 || theirs.Items[0].State != "valid" {
		t.Errorf("who passes now: %+v", theirs)
	}
	trainer.Do("POST", "/certificates/"+theirs.Items[0].ID+"/revoke", map[string]any{"reason": "r"}).WantProblem(403, "request.forbidden")
	evaluator.Do("POST", "/certificates/"+theirs.Items[0].ID+"/revoke", map[string]any{"reason": "替考"}).Want(200)

	// The make-up is for who failed; the results of the first tell how it went.
	member.Do("POST", "/quizzes/"+quiz+"/makeup", map[string]any{"title": "补考"}).WantProblem(403, "request.forbidden")
	var makeup quizBody
	trainer.Do("POST", "/quizzes/"+quiz+"/makeup", map[string]any{"title": "三月测试（补考）"}).Want(201).JSON(&makeup)
	trainer.Do("POST", "/quizzes/"+makeup.ID+"/publish", nil).Want(200)
	c.Clock.Advance(3 * time.Second)
	if cards := member.Do("GET", "/exams", nil).Want(200); !strings.Contains(cards.Text, `"makeup_of":"`+quiz+`"`) {
		t.Errorf("who failed: %s", cards.Text)
	}
	other.Do("POST", "/exams/"+makeup.ID+"/attempts", nil).WantProblem(404, "quiz.not_found")
	quiz = makeup.ID
	take("member1", "b")
	c.Clock.Advance(3 * time.Second)
	first := asked.ID[:strings.Index(asked.ID, ":")]
	if rows := evaluator.Do("GET", "/quizzes/"+first+"/results?state=made_up", nil).Want(200); !strings.Contains(rows.Text, `"final":"made_up"`) {
		t.Errorf("results %s", rows.Text)
	}
	file(other, wrong, 1, "晚了").WantProblem(409, "appeal.exists")
	c.Clock.Advance(3 * 24 * time.Hour)
	file(c.as("member1"), right, 1, "晚了").WantProblem(409, "appeal.over")
}
