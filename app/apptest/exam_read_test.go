package apptest

import (
	"strings"
	"testing"
	"time"

	"qiming/policies"
)

// Who reads a quiz without writing it may be due to take it: no paper, no password, and no stems
// before the close.
func TestReadersOfAQuizDoNotSeeThePaperBeforehand(t *testing.T) {
	c := newCollege(t)
	c.Account(t, "leader", policies.Grant{Role: policies.Leader, OrgID: c.committee})
	quiz := c.publish(func(map[string]any) {}, map[string]any{"question_id": c.single, "points": 4})
	const secret, stem = "先锋2026", "党的根本宗旨是"

	taker := c.as("member1")
	var sheet sheetBody
	taker.Do("POST", "/exams/"+quiz+"/attempts", map[string]any{"password": secret}).Want(201).JSON(&sheet)
	taker.Do("POST", "/attempts/"+sheet.Attempt.ID+"/submit", map[string]any{"session": sheet.Session}, "Idempotency-Key: 1").Want(200)

	lists := []string{"/quizzes", "/quizzes?for=marking", "/quizzes/" + quiz}
	for _, login := range []string{"leader", "evaluator"} {
		reader := c.as(login)
		for _, path := range lists {
			if r := reader.Do("GET", path, nil).Want(200); !strings.Contains(r.Text, "三月测试") || strings.Contains(r.Text, secret) {
				t.Errorf("%s reads %s: %s", login, path, r.Text)
			}
		}
		reader.Do("GET", "/quizzes/"+quiz+"/preview", nil).WantProblem(403, "request.forbidden")
	}
	trainer := c.as("trainer")
	for _, path := range lists {
		if r := trainer.Do("GET", path, nil).Want(200); !strings.Contains(r.Text, secret) {
			t.Errorf("the author reads %s without the password: %s", path, r.Text)
		}
	}
	if r := trainer.Do("GET", "/quizzes/"+quiz+"/preview", nil).Want(200); !strings.Contains(r.Text, stem) {
		t.Errorf("preview %s", r.Text)
	}
	// What an author reads can be saved as it is.
	var q map[string]any
	reply := trainer.Do("GET", "/quizzes/"+quiz, nil).Want(200)
	reply.JSON(&q)
	draft := map[string]any{"title": q["title"], "settings": q["settings"], "sections": q["sections"], "audience": q["audience"]}
	if r := trainer.Do("PUT", "/quizzes/"+quiz, draft, "If-Match: "+reply.Header.Get("ETag")).Want(200); !strings.Contains(r.Text, secret) {
		t.Errorf("saved without the password: %s", r.Text)
	}

	for login, tells := range map[string]bool{"secretary": false, "evaluator": true, "trainer": true} {
		if r := c.as(login).Do("GET", "/quizzes/"+quiz+"/statistics", nil).Want(200); strings.Contains(r.Text, stem) != tells || !strings.Contains(r.Text, c.single) {
			t.Errorf("%s while it is open: %s", login, r.Text)
		}
	}
	// Three members are too few for somebody who may not see their results by name.
	if r := c.as("leader").Do("GET", "/quizzes/"+quiz+"/statistics", nil).Want(200); !strings.Contains(r.Text, `"hidden":true`) || strings.Contains(r.Text, `"due":3`) || strings.Contains(r.Text, c.single) {
		t.Errorf("a leader of three: %s", r.Text)
	}
	c.Clock.Advance(2*time.Hour + time.Second)
	if r := c.as("secretary").Do("GET", "/quizzes/"+quiz+"/statistics", nil).Want(200); !strings.Contains(r.Text, stem) {
		t.Errorf("after the close: %s", r.Text)
	}
}
