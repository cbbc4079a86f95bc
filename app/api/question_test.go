package api_test

import (
	"fmt"
	"testing"

	"qiming/app/apptest"
	"qiming/app/org"
	"qiming/exam/question"
	"qiming/policies"
)

// bankWorld is a committee with a branch below it, and the people who keep the bank.
type bankWorld struct {
	*apptest.Server
	committee, branch               string
	trainer, clerk, evaluator, away *apptest.Client // away: a trainer of the branch
}

func newBankWorld(t *testing.T) *bankWorld {
	w := &bankWorld{Server: apptest.Start(t)}
	node := func(name string, kind org.Kind, parent string) string {
		t.Helper()
		n, err := w.Orgs.Create(t.Context(), apptest.Everywhere(), org.Draft{Name: name, Kind: kind, ParentID: parent})
		if err != nil {
			t.Fatal(err)
		}
		return n.ID
	}
	w.committee = node("测试集团党委", org.Committee, "")
	w.branch = node("第一党支部", org.Branch, w.committee)
	for login, grant := range map[string]policies.Grant{
		"trainer": {Role: policies.Trainer, OrgID: w.committee}, "clerk": {Role: policies.Clerk, OrgID: w.committee},
		"evaluator": {Role: policies.Evaluator, OrgID: w.committee}, "away": {Role: policies.Trainer, OrgID: w.branch},
	} {
		w.Account(t, login, grant)
	}
	w.trainer, w.clerk = w.SignIn(t, "trainer", apptest.Password), w.SignIn(t, "clerk", apptest.Password)
	w.evaluator, w.away = w.SignIn(t, "evaluator", apptest.Password), w.SignIn(t, "away", apptest.Password)
	return w
}

type object map[string]any

func singleChoice(stem string) object {
	return object{"kind": "single", "stem": stem, "explanation": "见党章总纲。", "source": "《中国共产党章程》", "options": []object{
		{"id": "", "text": "全心全意为人民服务", "right": true}, {"id": "", "text": "实现现代化", "right": false}}}
}

func rev(n int64) string { return fmt.Sprintf(`If-Match: "%d"`, n) }

type questionPage struct {
	Items []question.Question `json:"items"`
	Next  string              `json:"next"`
	Total int                 `json:"total"`
}

// TestBankOverHTTP is a trainer's and a reviewer's day with one question.
func TestBankOverHTTP(t *testing.T) {
	w := newBankWorld(t)
	var law, duty struct {
		ID string `json:"id"`
	}
	w.trainer.Do("POST", "/categories", object{"name": "党章"}).Want(201).JSON(&law)
	w.trainer.Do("POST", "/categories", object{"name": "党章"}).WantProblem(409, "category.exists")
	made := w.trainer.Do("POST", "/categories", object{"name": "义务", "parent_id": law.ID}).Want(201).JSON(&duty)

	// What is wrong shows by field, and nothing is kept.
	bad := singleChoice("党的根本宗旨是（）。")
	bad["options"].([]object)[1]["right"] = true
	reply := w.trainer.Do("POST", "/questions", object{"content": bad}).WantProblem(422, "question.invalid")
	if len(reply.Problem.Errors) != 1 || reply.Problem.Errors[0].Key != "question.single_right" {
		t.Errorf("%s", reply.Text)
	}
	var check struct {
		Errors     []object             `json:"errors"`
		Duplicates []question.Neighbour `json:"duplicates"`
		Preview    question.Item        `json:"preview"`
	}
	w.trainer.Do("POST", "/questions/check", object{"content": bad}).Want(200).JSON(&check)
	if len(check.Errors) != 1 || len(check.Preview.Options) != 2 || len(check.Duplicates) != 0 {
		t.Errorf("%+v", check)
	}

	var q question.Question
	r := w.trainer.Do("POST", "/questions", object{"category_id": duty.ID, "tags": []string{"必考"}, "content": singleChoice("党的根本宗旨是（）。")}).Want(201).JSON(&q)
	if q.Status != question.Draft || q.OrgID != w.committee || len(q.CategoryPath) != 2 || r.Rev() != 1 {
		t.Fatalf("%s", r.Text)
	}
	twin := singleChoice("党的根本宗旨是 ( ) ")
	twin["options"].([]object)[0]["right"], twin["options"].([]object)[1]["right"] = false, true
	w.trainer.Do("POST", "/questions/check", object{"content": twin}).Want(200).JSON(&check)
	if len(check.Duplicates) != 1 || check.Duplicates[0].ID != q.ID || check.Duplicates[0].SameAnswer {
		t.Errorf("duplicates: %+v", check.Duplicates)
	}
	w.trainer.Do("POST", "/questions/check", object{"content": twin, "except_id": q.ID}).Want(200).JSON(&check)
	if len(check.Duplicates) != 0 {
		t.Errorf("an item is its own duplicate: %+v", check.Duplicates)
	}

	// A save carries the revision that was seen.
	better := singleChoice("党的根本宗旨是什么？（）")
	path := "/questions/" + q.ID
	w.trainer.Do("PUT", path, object{"content": better}).WantProblem(422, "request.if_match")
	w.trainer.Do("PUT", path, object{"content": better}, rev(7)).WantProblem(409, "question.stale")
	r = w.trainer.Do("PUT", path, object{"category_id": duty.ID, "content": better, "note": "改问法"}, rev(r.Rev())).Want(200).JSON(&q)
	if q.Number != 2 || r.Rev() != 2 {
		t.Errorf("%s", r.Text)
	}
	var history struct {
		Items []question.Version `json:"items"`
	}
	w.trainer.Do("GET", path+"/versions", nil).Want(200).JSON(&history)
	if len(history.Items) != 2 || history.Items[0].Note != "改问法" {
		t.Errorf("%+v", history)
	}

	// Review: never one's own, and an evaluator neither writes nor hands in.
	w.evaluator.Do("POST", path+"/status", object{"to": "review"}).WantProblem(403, "request.forbidden")
	w.trainer.Do("POST", path+"/status", object{"to": "published"}).WantProblem(409, "question.transition")
	w.trainer.Do("POST", path+"/status", object{"to": "review"}).Want(200)
	w.trainer.Do("POST", path+"/status", object{"to": "published"}).WantProblem(403, "question.own")
	w.away.Do("GET", path, nil).WantProblem(404, "question.not_found")
	w.evaluator.Do("POST", path+"/status", object{"to": "published"}).Want(200).JSON(&q)
	if q.Status != question.Published || q.Live != 2 {
		t.Errorf("%+v", q)
	}
	w.evaluator.Do("PUT", path, object{"content": better}, rev(q.Rev)).Want(403)
	w.trainer.Do("DELETE", path, nil).WantProblem(409, "question.in_use")

	// The branch sees what the committee published, may draw it, and may not change it.
	var page questionPage
	w.away.Do("GET", "/questions", nil).Want(200).JSON(&page)
	if page.Total != 1 || len(page.Items) != 1 {
		t.Errorf("the branch sees %+v", page)
	}
	w.away.Do("PUT", path, object{"content": better}, rev(q.Rev)).WantProblem(403, "question.other_bank")
	w.away.Do("POST", "/questions", object{"content": better, "org_id": w.committee}).WantProblem(404, "org.not_found")
	var count struct{ Count int }
	w.away.Do("POST", "/questions/count", object{"rule": object{"category_ids": []string{law.ID}, "kinds": []string{"single"}}}).Want(200).JSON(&count)
	if count.Count != 1 {
		t.Errorf("the branch may draw %d", count.Count)
	}

	// Categories count what is in them and below, move with their questions, and go when empty.
	var tree struct {
		Items []question.CategoryCount `json:"items"`
	}
	w.trainer.Do("GET", "/categories", nil).Want(200).JSON(&tree)
	if len(tree.Items) != 2 || tree.Items[0].Name != "党章" || tree.Items[0].Count != 1 {
		t.Errorf("%+v", tree.Items)
	}
	w.trainer.Do("DELETE", "/categories/"+law.ID, nil).WantProblem(409, "category.not_empty")
	w.trainer.Do("PATCH", "/categories/"+duty.ID, object{"parent_id": ""}, rev(made.Rev())).Want(200)
	w.trainer.Do("DELETE", "/categories/"+law.ID, nil).Want(204)
	w.trainer.Do("GET", path, nil).Want(200).JSON(&q)
	if len(q.CategoryPath) != 1 {
		t.Errorf("path after the move: %v", q.CategoryPath)
	}
}

// TestBankListOverHTTP: filters, pieces, bulk acts.
func TestBankListOverHTTP(t *testing.T) {
	w := newBankWorld(t)
	var ids []string
	for i := range 5 {
		var q question.Question
		content := singleChoice(fmt.Sprintf("第%d题", i))
		content["difficulty"] = i + 1
		w.trainer.Do("POST", "/questions", object{"content": content}).Want(201).JSON(&q)
		ids = append(ids, q.ID)
	}
	var page questionPage
	seen := map[string]bool{}
	for after := ""; ; after = page.Next {
		page = questionPage{}
		w.trainer.Do("GET", "/questions?limit=2&after="+after, nil).Want(200).JSON(&page)
		for _, q := range page.Items {
			seen[q.ID] = true
		}
		if page.Total != 5 {
			t.Fatalf("total %d", page.Total)
		}
		if page.Next == "" {
			break
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d of 5 in the pieces", len(seen))
	}
	var out question.BulkOutcome
	w.trainer.Do("POST", "/questions/edits", object{"id": "0123456789abcdef", "ids": ids[:3], "change": object{"add_tags": []string{"必考"}}}).Want(200).JSON(&out)
	if out.Changed != 3 {
		t.Errorf("%+v", out)
	}
	w.trainer.Do("POST", "/questions/bulk", object{"ids": append(ids, "nobody"), "to": "review"}).Want(200).JSON(&out)
	if out.Changed != 5 || len(out.Refused) != 1 || out.Refused[0].Code != "question.not_found" {
		t.Errorf("%+v", out)
	}
	w.clerk.Do("POST", "/questions/bulk", object{"ids": ids[:2], "to": "published"}).Want(200).JSON(&out)
	if out.Changed != 2 {
		t.Errorf("%+v", out)
	}
	w.trainer.Do("POST", "/questions/bulk", object{"ids": ids[2:], "to": "published"}).Want(200).JSON(&out)
	if out.Changed != 0 || out.Refused[0].Code != "question.own" {
		t.Errorf("%+v", out)
	}
	w.trainer.Do("PUT", "/banks/"+w.committee+"/settings", object{"own_items": true}).Want(403)
	w.clerk.Do("PUT", "/banks/"+w.committee+"/settings", object{"own_items": true}).Want(200)
	w.trainer.Do("POST", "/questions/bulk", object{"ids": ids[2:], "to": "published"}).Want(200).JSON(&out)
	if out.Changed != 3 {
		t.Errorf("%+v", out)
	}
	for query, want := range map[string]int{
		"":                                      5,
		"?tag=%E5%BF%85%E8%80%83":               3,
		"?difficulty_min=2&difficulty_max=3":    2,
		"?status=published":                     5,
		"?status=draft,review":                  0,
		"?kind=multiple":                        0,
		"?kind=single,multiple":                 5,
		"?q=%E7%AC%AC3%E9%A2%98":                1,
		"?category=none":                        5,
		"?org=" + w.branch:                      0,
		"?difficulty_min=5&status=published":    1,
		"?author=nobody":                        0,
		"?tag=%E5%BF%85%E8%80%83&tag=%E6%97%A0": 0,
	} {
		w.trainer.Do("GET", "/questions"+query, nil).Want(200).JSON(&page)
		if page.Total != want {
			t.Errorf("%s: %d, want %d", query, page.Total, want)
		}
	}
	w.evaluator.Do("POST", "/questions/edits", object{"id": "0123456789abcdef", "ids": ids, "change": object{"add_tags": []string{"x"}}}).Want(403)
}
