package apptest

import (
	"strings"
	"testing"

	"qiming/app/audit"
)

// A paper is the same whenever it is printed; its keys go only to those who read the bank.
func TestPapersToPrint(t *testing.T) {
	c := newCollege(t)
	trainer, evaluator := c.as("trainer"), c.as("evaluator")
	var q quizBody
	reply := trainer.Do("POST", "/quizzes", map[string]any{"title": "三月测试", "org_id": c.committee}).Want(201).JSON(&q)
	sections := []any{map[string]any{"id": "s1", "title": "一、单项选择题", "shuffle": false, "entries": []any{map[string]any{"question_id": c.single, "points": 4}}},
		map[string]any{"id": "s2", "title": "", "shuffle": false, "entries": []any{map[string]any{"question_id": c.short, "points": 6}}}}
	trainer.Do("PUT", "/quizzes/"+q.ID, map[string]any{"title": "三月测试", "settings": q.Settings, "audience": q.Audience, "sections": sections},
		"If-Match: "+reply.Header.Get("ETag")).Want(200)
	draft := trainer.Do("GET", "/quizzes/"+q.ID+"/paper", nil).Want(200)
	if !strings.Contains(draft.Text, `"draft":true`) || !strings.Contains(draft.Text, "二、简答题（共1题，计6分）") || !strings.Contains(draft.Text, "机关党委") {
		t.Errorf("draft %s", draft.Text)
	}
	trainer.Do("POST", "/quizzes/"+q.ID+"/publish", nil).Want(200)
	paths := []string{"/quizzes/" + q.ID + "/paper?label=", "/quizzes/" + q.ID + "/paper-key?label="}
	for _, label := range []string{"A", "B"} {
		first := trainer.Do("GET", paths[0]+label, nil).Want(200)
		if again := trainer.Do("GET", paths[0]+label, nil).Want(200); first.Text != again.Text {
			t.Errorf("paper %s is another the second time: %s, %s", label, first.Text, again.Text)
		}
		for _, secret := range []string{"见党章总纲", "要点：政治学习", "中国共产党章程", `"key"`} {
			if strings.Contains(first.Text, secret) {
				t.Errorf("paper %s tells %s", label, secret)
			}
		}
		key := evaluator.Do("GET", paths[1]+label, nil).Want(200)
		if !strings.Contains(key.Text, "要点：政治学习") || !strings.Contains(key.Text, "见党章总纲") {
			t.Errorf("key %s", key.Text)
		}
	}
	word := trainer.Do("GET", "/quizzes/"+q.ID+"/paper-key.docx?keys=end&sheet=true", nil).Want(200)
	if !strings.HasPrefix(word.Text, "PK") || !strings.Contains(word.Header.Get("Content-Type"), "wordprocessingml") {
		t.Errorf("word %s", word.Header)
	}
	evaluator.Do("GET", paths[0]+"A", nil).WantProblem(403, "request.forbidden")
	c.as("secretary").Do("GET", paths[1]+"A", nil).WantProblem(403, "request.forbidden")
	c.as("member1").Do("GET", paths[0]+"A", nil).WantProblem(403, "request.forbidden")
	trainer.Do("GET", paths[0]+"AB", nil).Want(422)
	trail, err := c.Trail.List(t.Context(), audit.Filter{Action: "quiz.print_key", Limit: 10})
	c.ok(err)
	if len(trail.Items) != 3 || trail.Items[0].Object != "quiz:"+q.ID {
		t.Errorf("the trail has %+v, want 3 keys that were printed", trail.Items)
	}
}
