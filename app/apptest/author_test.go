package apptest

import (
	"strings"
	"testing"
	"time"

	"qiming/app/presence"
	"qiming/policies"
)

func TestATrainerNamesMembersWithoutReadingTheRegister(t *testing.T) {
	c := newCollege(t)
	c.Account(t, "branch-trainer", policies.Grant{Role: policies.Trainer, OrgID: c.branches[0]})
	trainer := c.as("branch-trainer")
	trainer.Do("GET", "/members", nil).WantProblem(403, "request.forbidden")
	var found struct {
		Items []map[string]string `json:"items"`
	}
	trainer.Do("GET", "/roster?q=党员", nil).Want(200).JSON(&found)
	if len(found.Items) != 2 { // the third is of another branch
		t.Fatalf("%+v", found)
	}
	for _, one := range found.Items {
		if len(one) != 3 || one["org_name"] != "第一党支部" || !strings.HasPrefix(one["name"], "党员") {
			t.Errorf("more, or less, than name and branch: %v", one)
		}
	}
	trainer.Do("GET", "/roster?id="+c.members[0]+"&id="+c.members[1]+"&id="+c.members[0]+"&id=nobody", nil).Want(200).JSON(&found)
	if len(found.Items) != 1 || found.Items[0]["id"] != c.members[0] {
		t.Fatalf("%+v", found)
	}
	trainer.Do("GET", "/roster", nil).Want(200).JSON(&found)
	if len(found.Items) != 0 {
		t.Fatalf("the whole register: %+v", found)
	}
	c.as("member1").Do("GET", "/roster?q=党员", nil).WantProblem(403, "request.forbidden")
}

func TestQuizzesOfAnOrganisationAndThoseBelow(t *testing.T) {
	c := newCollege(t)
	trainer := c.as("trainer")
	for title, org := range map[string]string{"党委的": c.committee, "一支部的": c.branches[0], "二支部的": c.branches[1]} {
		trainer.Do("POST", "/quizzes", object{"title": title, "org_id": org}).Want(201)
	}
	for org, want := range map[string]int{"": 3, c.committee: 3, c.branches[0]: 1} {
		var found struct{ Items []quizBody }
		trainer.Do("GET", "/quizzes?org="+org, nil).Want(200).JSON(&found)
		if len(found.Items) != want {
			t.Errorf("%q: %d quizzes, want %d", org, len(found.Items), want)
		}
	}
}

func TestEditorsOfOneThingLearnOfEachOther(t *testing.T) {
	c := newCollege(t)
	c.Account(t, "colleague", policies.Grant{Role: policies.Trainer, OrgID: c.committee})
	trainer, colleague := c.as("trainer"), c.as("colleague")
	var others struct{ Items []presence.Editor }
	path := "/questions/" + c.single + "/editing"
	trainer.Do("POST", path, object{}).Want(200).JSON(&others)
	if len(others.Items) != 0 {
		t.Fatalf("%+v", others)
	}
	colleague.Do("POST", path, object{}).Want(200).JSON(&others)
	if len(others.Items) != 1 || others.Items[0].Name != "测试 trainer" {
		t.Fatalf("%+v", others)
	}
	trainer.Do("POST", path, object{"leaving": true}).Want(200)
	c.Clock.Advance(time.Second)
	colleague.Do("POST", path, object{}).Want(200).JSON(&others)
	if len(others.Items) != 0 {
		t.Fatalf("still there: %+v", others)
	}
	trainer.Do("POST", "/questions/none/editing", object{}).WantProblem(404, "question.not_found")
	trainer.Do("POST", "/quizzes/none/editing", object{}).WantProblem(404, "quiz.not_found")
	c.as("evaluator").Do("POST", path, object{}).WantProblem(403, "request.forbidden")
}

func TestAnOverrideReplacesOnlyWhatWasSeen(t *testing.T) {
	c := newCollege(t)
	quiz := c.publish(func(map[string]any) {}, map[string]any{"question_id": c.single, "points": 4})
	trainer := c.as("trainer")
	path := "/quizzes/" + quiz + "/overrides/member:" + c.members[0]
	var made struct{ Rev int64 }
	for _, reason := range []string{"", " \t"} { // who gets what, and why
		if p := trainer.Do("PUT", path, object{"limit": 600, "reason": reason}).WantProblem(422, "override.invalid").Problem; len(p.Errors) != 1 || p.Errors[0].Path != "reason" || p.Errors[0].Key != "required" {
			t.Errorf("without a reason: %+v", p)
		}
	}
	trainer.Do("PUT", path, object{"limit": 600, "reason": "值班"}).Want(200).JSON(&made)
	trainer.Do("PUT", path, object{"limit": 900, "reason": "值班"}).WantProblem(409, "override.stale") // who thinks there is none
	trainer.Do("PUT", path, object{"limit": 900, "reason": "值班"}, `If-Match: "1"`).Want(200).JSON(&made)
	trainer.Do("PUT", path, object{"limit": 60, "reason": "值班"}, `If-Match: "1"`).WantProblem(409, "override.stale")
	if made.Rev != 2 {
		t.Fatalf("revision %d", made.Rev)
	}
	trainer.Do("DELETE", path, nil).Want(204)
	trainer.Do("PUT", path, object{"limit": 60, "reason": "值班"}, `If-Match: "2"`).WantProblem(409, "override.stale") // taken back meanwhile
	trainer.Do("PUT", path, object{"limit": 60, "reason": "值班"}).Want(200)
}

func TestAQuestionNamesItsAuthors(t *testing.T) {
	c := newCollege(t)
	trainer := c.as("trainer")
	var q struct {
		ID         string
		AuthorName string `json:"author_name"`
		EditorName string `json:"editor_name"`
	}
	trainer.Do("POST", "/questions", object{"org_id": c.committee, "content": object{"kind": "truefalse", "stem": "党的根本宗旨是全心全意为人民服务。", "truth": true}}).Want(201).JSON(&q)
	trainer.Do("GET", "/questions/"+q.ID, nil).Want(200).JSON(&q)
	if q.AuthorName != "测试 trainer" || q.EditorName != "测试 trainer" {
		t.Fatalf("%+v", q)
	}
	var versions struct {
		Items []struct {
			AuthorName string `json:"author_name"`
		}
	}
	trainer.Do("GET", "/questions/"+q.ID+"/versions", nil).Want(200).JSON(&versions)
	if len(versions.Items) != 1 || versions.Items[0].AuthorName != "测试 trainer" {
		t.Fatalf("%+v", versions)
	}
}
