package apptest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"qiming/app"
	"qiming/app/member"
	"qiming/app/org"
	"qiming/exam/question"
	"qiming/policies"
)

// college is an organisation with a trainer, an evaluator, a secretary and members, and a bank.
type college struct {
	*Server
	t         testing.TB
	committee string
	branches  [2]string
	members   []string
	single    string
	short     string
}

func newCollege(t testing.TB, change ...func(*app.Config)) *college {
	t.Helper()
	c := &college{Server: Start(t, change...), t: t}
	ctx, root := t.Context(), Everywhere()
	node := func(name string, kind org.Kind, parent string) string {
		n, err := c.Orgs.Create(ctx, root, org.Draft{Name: name, ShortName: name, Kind: kind, ParentID: parent})
		c.ok(err)
		return n.ID
	}
	c.committee = node("机关党委", org.Committee, "")
	c.branches = [2]string{node("第一党支部", org.Branch, c.committee), node("第二党支部", org.Branch, c.committee)}
	c.Account(t, "trainer", policies.Grant{Role: policies.Trainer, OrgID: c.committee})
	c.Account(t, "evaluator", policies.Grant{Role: policies.Evaluator, OrgID: c.committee})
	c.Account(t, "secretary", policies.Grant{Role: policies.Secretary, OrgID: c.branches[0]})
	for i := range 3 {
		m, err := c.Members.Create(ctx, root, member.Draft{Name: fmt.Sprintf("党员%d", i+1), Stage: member.Full, OrgID: c.branches[i%2]})
		c.ok(err)
		c.members = append(c.members, m.Member.ID)
		c.MemberAccount(t, fmt.Sprintf("member%d", i+1), m.Member.ID)
	}
	_, err := c.Bank.SetSettings(ctx, root, c.committee, true)
	c.ok(err)
	items := []question.NewQuestion{
		{Content: question.Content{Kind: question.Single, Stem: "党的根本宗旨是", Explanation: "见党章总纲。", Source: "《中国共产党章程》总纲",
			Options: []question.Option{{ID: "a", Text: "全心全意为人民服务", Right: true}, {ID: "b", Text: "其他一"}, {ID: "c", Text: "其他二"}}}},
		{Content: question.Content{Kind: question.Short, Stem: "谈谈主题党日的作用", Model: "要点：政治学习、组织生活。"}},
	}
	_, err = c.Bank.InsertBatch(ctx, root, question.Batch{ID: "batch", OrgID: c.committee, Status: question.Published}, items)
	c.ok(err)
	c.single, c.short = question.BatchItemID("batch", 0), question.BatchItemID("batch", 1)
	return c
}

func (c *college) ok(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *college) as(login string) *Client { return c.SignIn(c.t, login, Password) }

// queueNamesNobody walks what each route of the marking desk answers: nowhere is a member or an account, by id, login or name.
func (c *college) queueNamesNobody(evaluator *Client, queue, questionID string) {
	c.t.Helper()
	var me struct {
		AccountID string `json:"account_id"`
	}
	evaluator.Do("GET", "/session", nil).Want(200).JSON(&me)
	secrets := append([]string{me.AccountID, "evaluator", "member1", "党员1"}, c.members...)
	if me.AccountID == "" || len(c.members) == 0 {
		c.t.Fatal("nothing to look for")
	}
	marked := evaluator.Do("GET", queue+"/"+questionID+"?state=marked", nil).Want(200)
	if !strings.Contains(marked.Text, "要点齐全") {
		c.t.Fatalf("nothing is marked: %s", marked.Text)
	}
	for what, reply := range map[string]Reply{"queue": evaluator.Do("GET", queue, nil), "marked": marked,
		"pending": evaluator.Do("GET", queue+"/"+questionID, nil), "automatic": evaluator.Do("GET", queue+"/"+questionID+"?state=auto", nil),
		"claim": evaluator.Do("POST", queue+"/"+questionID+"/claim", map[string]any{})} {
		var all any
		reply.Want(200).JSON(&all)
		var walk func(at string, v any)
		walk = func(at string, v any) {
			switch v := v.(type) {
			case map[string]any:
				for key, one := range v {
					walk(at+"."+key, one)
				}
			case []any:
				for _, one := range v {
					walk(at+"[]", one)
				}
			case string:
				for _, secret := range secrets {
					if strings.Contains(v, secret) {
						c.t.Errorf("%s tells %q at %s", what, v, at)
					}
				}
			}
		}
		walk(what, all)
	}
}

type quizBody struct {
	ID       string         `json:"id"`
	Rev      int64          `json:"rev"`
	Status   string         `json:"status"`
	Settings map[string]any `json:"settings"`
	Audience map[string]any `json:"audience"`
}

// publish makes a quiz through the API and publishes it.
func (c *college) publish(set func(settings map[string]any), entries ...map[string]any) string {
	c.t.Helper()
	trainer := c.as("trainer")
	var q quizBody
	reply := trainer.Do("POST", "/quizzes", map[string]any{"title": "三月测试", "org_id": c.committee}).Want(201)
	reply.JSON(&q)
	q.Settings["opens"], q.Settings["closes"], q.Settings["limit"] = c.Clock.Now(), c.Clock.Now().Add(2*time.Hour), 1800
	q.Settings["password"] = "先锋2026"
	set(q.Settings)
	body := map[string]any{"title": "三月测试", "intro": "请独立完成。", "settings": q.Settings, "audience": q.Audience,
		"sections": []any{map[string]any{"id": "s1", "title": "一", "shuffle": false, "entries": entries}}}
	trainer.Do("PUT", "/quizzes/"+q.ID, body, "If-Match: "+reply.Header.Get("ETag")).Want(200).JSON(&q)
	trainer.Do("PUT", "/quizzes/"+q.ID, body, `If-Match: "1"`).WantProblem(409, "quiz.stale")
	var check struct {
		Items     int `json:"items"`
		Audience  int `json:"audience_count"`
		Shortages []any
		Errors    []any
	}
	trainer.Do("POST", "/quizzes/"+q.ID+"/check", nil).Want(200).JSON(&check)
	if check.Audience != 3 || len(check.Errors) != 0 {
		c.t.Fatalf("check %+v", check)
	}
	trainer.Do("POST", "/quizzes/"+q.ID+"/publish", nil).Want(200).JSON(&q)
	if q.Status != "published" {
		c.t.Fatalf("status %s", q.Status)
	}
	return q.ID
}

type sheetBody struct {
	Attempt struct{ ID, State string } `json:"attempt"`
	Session string                     `json:"session"`
	Items   []struct {
		Slot int `json:"slot"`
		Item struct {
			Kind    string
			Options []struct{ ID, Text string }
		} `json:"item"`
	} `json:"items"`
	Answers []struct {
		Slot    int
		Receipt string
	} `json:"answers"`
}

func answersBody(session string, seq, slot int, response map[string]any) map[string]any {
	return map[string]any{"session": session, "answers": []any{map[string]any{"client_seq": seq, "slot": slot, "response": response}}}
}

func TestAnExamFromQuizToResult(t *testing.T) {
	c := newCollege(t)
	quiz := c.publish(func(s map[string]any) { s["manual_release"] = true },
		map[string]any{"question_id": c.single, "points": 4}, map[string]any{"question_id": c.short, "points": 6})

	taker := c.as("member1")
	cards := taker.Do("GET", "/exams", nil).Want(200)
	if !strings.Contains(cards.Text, `"password_required":true`) || !strings.Contains(cards.Text, `"state":"open"`) {
		t.Fatalf("cards %s", cards.Text)
	}
	door := taker.Do("GET", "/exams/"+quiz, nil).Want(200)
	taker.Do("POST", "/exams/"+quiz+"/attempts", map[string]any{"password": "wrong"}).WantProblem(422, "exam.password")
	var sheet sheetBody
	begin := map[string]any{"password": "先锋2026"}
	started := taker.Do("POST", "/exams/"+quiz+"/attempts", begin).Want(201)
	started.JSON(&sheet)
	taker.Do("POST", "/exams/"+quiz+"/attempts", nil).Want(200)
	for what, text := range map[string]string{"cards": cards.Text, "door": door.Text, "sheet": started.Text} {
		for _, secret := range []string{"先锋2026", "见党章总纲", "要点：政治学习", `"right"`} {
			if strings.Contains(text, secret) {
				t.Errorf("%s tell %s: %s", what, secret, text)
			}
		}
	}

	path := "/attempts/" + url.PathEscape(sheet.Attempt.ID)
	save := func(seq, slot int, response map[string]any) Reply {
		return taker.Do("POST", path+"/answers", answersBody(sheet.Session, seq, slot, response))
	}
	first := save(1, 1, map[string]any{"choices": []string{"a"}}).Want(200)
	if again := save(1, 1, map[string]any{"choices": []string{"a"}}).Want(200); receiptsOf(t, again) != receiptsOf(t, first) {
		t.Errorf("a retry is another answer:\n%s\n%s", first.Text, again.Text)
	}
	save(1, 1, map[string]any{"choices": []string{"b"}}).WantProblem(409, "attempt.stale")
	save(2, 1, map[string]any{"choices": []string{"x"}}).WantProblem(422, "answer.invalid")
	save(3, 2, map[string]any{"text": "统一思想，增强党性。"}).Want(200)

	phone := c.as("member1")
	phone.Do("POST", "/exams/"+quiz+"/attempts", begin).WantProblem(409, "attempt.other_session")
	phone.Do("GET", path, nil).WantProblem(409, "attempt.other_session")
	phone.Do("GET", path+"?view=1", nil).Want(200)
	c.as("member2").Do("GET", path, nil).WantProblem(404, "attempt.not_found")

	c.Clock.Advance(10 * time.Minute)
	c.as("trainer").Do("PUT", "/quizzes/"+quiz+"/overrides/member:"+c.members[0], map[string]any{"extra": 1.5, "reason": "视力障碍"}).Want(200)
	var clock struct {
		Deadline time.Time `json:"deadline"`
		Active   bool      `json:"active_session"`
	}
	taker.Do("GET", path+"/clock", nil).Want(200).JSON(&clock)
	if left := clock.Deadline.Sub(c.Clock.Now()); left != 35*time.Minute || !clock.Active {
		t.Errorf("%v left after the extension", left)
	}

	taker.Do("POST", path+"/submit", map[string]any{"session": sheet.Session}, "Idempotency-Key: 1").Want(200)
	taker.Do("POST", path+"/submit", map[string]any{"session": sheet.Session}, "Idempotency-Key: 1").Want(200)
	review := taker.Do("GET", path+"/review", nil).Want(200)
	if strings.Contains(review.Text, `"total":{`) || strings.Contains(review.Text, "见党章总纲") || !strings.Contains(review.Text, `"phase":"not_released"`) {
		t.Errorf("before the release: %s", review.Text)
	}
	var chain map[string]any
	taker.Do("GET", path+"/receipts", nil).Want(200).JSON(&chain)
	verdict := taker.Do("POST", "/receipts/verify", map[string]any{"chain": chain}).Want(200)
	if !strings.Contains(verdict.Text, `"ok":true`) || !strings.Contains(verdict.Text, `"kept":true`) {
		t.Errorf("receipts: %s", verdict.Text)
	}

	evaluator := c.as("evaluator")
	var queue struct {
		Items []struct {
			QuestionID string `json:"question_id"`
			Pending    int    `json:"pending"`
		}
	}
	evaluator.Do("GET", "/quizzes/"+quiz+"/queue", nil).Want(200).JSON(&queue)
	if len(queue.Items) != 1 || queue.Items[0].Pending != 1 {
		t.Fatalf("queue %+v", queue)
	}
	var answers struct {
		Items []struct {
			Key  string `json:"attempt_key"`
			Slot int    `json:"slot"`
		}
	}
	page := evaluator.Do("GET", "/quizzes/"+quiz+"/queue/"+c.short, nil).Want(200)
	page.JSON(&answers)
	if strings.Contains(page.Text, c.members[0]) || strings.Contains(page.Text, "党员1") {
		t.Errorf("the queue names the member: %s", page.Text)
	}
	mark := map[string]any{"attempt_key": answers.Items[0].Key, "slot": answers.Items[0].Slot, "mark": 6.5}
	mark["mark"], mark["comment"] = 5, "要点齐全"
	evaluator.Do("POST", "/quizzes/"+quiz+"/marks", mark).WantProblem(409, "mark.not_claimed")
	claim := "/quizzes/" + quiz + "/queue/" + c.short + "/claim"
	held := evaluator.Do("POST", claim, map[string]any{}).Want(200)
	if !strings.Contains(held.Text, answers.Items[0].Key) || strings.Contains(held.Text, c.members[0]) || strings.Contains(held.Text, "党员1") {
		t.Errorf("claimed: %s", held.Text)
	}
	evaluator.Do("DELETE", claim+"?tab=other", nil).Want(204)
	if other := evaluator.Do("POST", claim, map[string]any{"tab": "other"}).Want(200); !strings.Contains(other.Text, `"items":[]`) || !strings.Contains(other.Text, `"elsewhere":1`) {
		t.Errorf("another tab: %s", other.Text)
	}
	evaluator.Do("POST", claim, map[string]any{"tab": "other", "take": true}).Want(200)
	evaluator.Do("POST", "/quizzes/"+quiz+"/marks", mark).WantProblem(409, "mark.claimed_elsewhere")
	evaluator.Do("DELETE", claim+"?tab=other", nil).Want(204)
	evaluator.Do("POST", "/quizzes/"+quiz+"/marks", mark).WantProblem(409, "mark.not_claimed")
	evaluator.Do("POST", claim, map[string]any{"most": 1}).Want(200)
	unreleased := func(want string) {
		t.Helper()
		for _, path := range []string{"/quizzes/" + quiz, "/quizzes?for=marking"} {
			if r := evaluator.Do("GET", path, nil).Want(200); !strings.Contains(r.Text, want) {
				t.Errorf("%s without %s: %s", path, want, r.Text)
			}
		}
	}
	unreleased(`"pending":1,"graded":0`)
	mark["mark"] = 6.5
	evaluator.Do("POST", "/quizzes/"+quiz+"/marks", mark).WantProblem(422, "mark.out_of_range")
	mark["mark"] = 5
	evaluator.Do("POST", "/quizzes/"+quiz+"/marks", mark).Want(200)
	evaluator.Do("POST", "/quizzes/"+quiz+"/marks", map[string]any{"attempt_key": mark["attempt_key"], "slot": mark["slot"], "mark": 4}).WantProblem(409, "mark.unseen")
	c.queueNamesNobody(evaluator, "/quizzes/"+quiz+"/queue", c.short)
	if r := taker.Do("GET", path+"/review", nil).Want(200); strings.Contains(r.Text, "要点齐全") {
		t.Errorf("the comment shows before the release: %s", r.Text)
	}
	unreleased(`"pending":0,"graded":1`)
	evaluator.Do("POST", "/quizzes/"+quiz+"/releases", map[string]any{}).Want(200)
	unreleased(`"pending":0,"graded":0`)
	review = taker.Do("GET", path+"/review", nil).Want(200)
	if !strings.Contains(review.Text, `"score":9`) || !strings.Contains(review.Text, "要点齐全") {
		t.Errorf("after the release: %s", review.Text)
	}
	if home := taker.Do("GET", "/home", nil).Want(200); !strings.Contains(home.Text, "result_released") {
		t.Errorf("home: %s", home.Text)
	}

	var results struct {
		Items []struct{ Name, State string }
		Total int
	}
	evaluator.Do("GET", "/quizzes/"+quiz+"/results", nil).Want(200).JSON(&results)
	if results.Total != 3 {
		t.Errorf("%d rows", results.Total)
	}
	c.as("secretary").Do("GET", "/quizzes/"+quiz+"/results", nil).Want(200).JSON(&results)
	if results.Total != 2 {
		t.Errorf("a secretary sees %d rows, the branch has 2 members", results.Total)
	}
	st := evaluator.Do("GET", "/quizzes/"+quiz+"/statistics", nil).Want(200)
	if !strings.Contains(st.Text, `"due":3,"taken":1,"not_yet":2,"absent":0,"marked":1,"passed":1`) {
		t.Errorf("statistics %s", st.Text)
	}
	for _, format := range []string{"csv", "xlsx"} {
		file := evaluator.Do("GET", "/quizzes/"+quiz+"/results/export?format="+format, nil).Want(200)
		if len(file.Text) < 100 || !strings.Contains(file.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %d bytes, %s", format, len(file.Text), file.Header.Get("Content-Disposition"))
		}
	}
	evaluator.Do("GET", "/quizzes/"+quiz+"/answer-sheets/"+url.PathEscape(sheet.Attempt.ID), nil).Want(200)
	evaluator.Do("POST", path+"/void", map[string]any{"reason": "替考"}).Want(200)
	taker.Do("POST", path+"/submit", map[string]any{"session": sheet.Session}).WantProblem(409, "attempt.void")
}

func receiptsOf(t *testing.T, r Reply) string {
	t.Helper()
	var body struct{ Receipts []struct{ Receipt string } }
	r.JSON(&body)
	return fmt.Sprint(body.Receipts)
}

func TestShortageIsExact(t *testing.T) {
	c := newCollege(t)
	trainer := c.as("trainer")
	var q quizBody
	reply := trainer.Do("POST", "/quizzes", map[string]any{"title": "短缺", "org_id": c.committee}).Want(201)
	reply.JSON(&q)
	body := map[string]any{"title": "短缺", "settings": q.Settings, "audience": q.Audience, "sections": []any{map[string]any{"id": "s1", "title": "", "shuffle": false,
		"entries": []any{map[string]any{"rule": map[string]any{"kinds": []string{"single"}}, "count": 10, "points": 1}}}}}
	trainer.Do("PUT", "/quizzes/"+q.ID, body, "If-Match: "+reply.Header.Get("ETag")).Want(200)
	refused := trainer.Do("POST", "/quizzes/"+q.ID+"/publish", nil).WantProblem(http.StatusUnprocessableEntity, "quiz.shortage")
	if refused.Problem.Params["wanted"] != 10.0 || refused.Problem.Params["have"] != 1.0 || refused.Problem.Params["rule"] != 1.0 {
		t.Errorf("params %v", refused.Problem.Params)
	}
}
