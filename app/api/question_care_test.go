package api_test

import (
	"net/url"
	"slices"
	"testing"

	"qiming/app/api"
	"qiming/exam"
	"qiming/exam/question"
)

// TestBankCareOverHTTP is a trainer tidying the bank: tags, a bulk edit and its undo, what expires, categories.
func TestBankCareOverHTTP(t *testing.T) {
	w := newBankWorld(t)
	category := func(name string) (c question.Category) {
		w.trainer.Do("POST", "/categories", object{"name": name}).Want(201).JSON(&c)
		return c
	}
	a, b := category("甲"), category("乙")
	var q question.Question
	w.trainer.Do("POST", "/questions", object{"content": singleChoice("党的根本宗旨是什么？"), "category_id": a.ID, "tags": []string{"旧标签"},
		"valid_until": "2020-01-01", "basis": "《旧条例》"}).Want(201).JSON(&q)
	w.trainer.Do("POST", "/questions", object{"content": singleChoice("x"), "valid_until": "2020-13-01"}).Want(422)

	var tags api.List[question.TagCount]
	w.trainer.Do("GET", "/questions/tags", nil).Want(200).JSON(&tags)
	if len(tags.Items) != 1 || tags.Items[0] != (question.TagCount{Tag: "旧标签", Count: 1}) {
		t.Errorf("%+v", tags)
	}
	var v question.Validity
	w.trainer.Do("GET", "/questions/validity", nil).Want(200).JSON(&v)
	if v.Expired != 1 || len(v.Bases) != 1 || v.Bases[0].Basis != "《旧条例》" {
		t.Errorf("%+v", v)
	}
	var check api.QuestionCheck
	w.trainer.Do("POST", "/questions/check", object{"content": singleChoice("党的根本的宗旨是什么？")}).Want(200).JSON(&check)
	if len(check.Similar) != 1 || check.Similar[0].ID != q.ID || !slices.Equal(check.Similar[0].Differs, []string{"stem"}) {
		t.Errorf("%+v", check.Similar)
	}

	change := object{"drop_tags": []string{"旧标签"}, "rename_to": "新标签", "to_check": true}
	pick := object{"filter": object{"tag": []string{"旧标签"}}, "change": change}
	var preview question.EditPreview
	w.trainer.Do("POST", "/questions/edits/preview", pick).Want(200).JSON(&preview)
	if preview.Changed != 1 || len(preview.Lines[0].Parts) != 2 {
		t.Errorf("%+v", preview)
	}
	pick["id"] = "0123456789abcdef"
	var batch question.EditBatch
	w.trainer.Do("POST", "/questions/edits", pick).Want(200).JSON(&batch)
	if batch.Changed != 1 || batch.State != question.EditDone {
		t.Errorf("%+v", batch)
	}
	var page questionPage
	w.trainer.Do("GET", "/questions?to_check=true&expires_by=2020-06-01&basis="+url.QueryEscape("旧条例"), nil).Want(200).JSON(&page)
	if page.Total != 1 || !slices.Equal(page.Items[0].Tags, []string{"新标签"}) {
		t.Errorf("%+v", page)
	}
	w.trainer.Do("GET", "/questions?expires_from=2020-01-01&expires_by=2020-01-01", nil).Want(200).JSON(&page)
	later := questionPage{}
	w.trainer.Do("GET", "/questions?expires_from=2020-01-02&expires_by=2020-12-31", nil).Want(200).JSON(&later)
	if page.Total != 1 || later.Total != 0 {
		t.Errorf("%d and %d", page.Total, later.Total)
	}
	w.clerk.Do("GET", "/questions/edits/0123456789abcdef", nil).Want(404)
	w.trainer.Do("POST", "/questions/edits/0123456789abcdef/undo", nil).Want(200).JSON(&batch)
	if batch.Restored != 1 || batch.State != question.EditUndone {
		t.Errorf("%+v", batch)
	}
	w.trainer.Do("POST", "/questions/edits", object{"id": "0123456789abcdee", "ids": []string{}, "change": change}).Want(422)

	w.evaluator.Do("POST", "/questions/bulk", object{"ids": []string{q.ID}, "to": "review"}).Want(403) // an author's step
	var out question.BulkOutcome
	w.trainer.Do("POST", "/questions/bulk", object{"ids": []string{q.ID}, "to": "review"}).Want(200)
	w.evaluator.Do("GET", "/questions?waiting=true", nil).Want(200).JSON(&page)
	if page.Total != 1 {
		t.Errorf("%d wait for the evaluator", page.Total)
	}
	w.evaluator.Do("POST", "/questions/bulk", object{"ids": []string{q.ID}, "to": "draft", "note": "请核对依据"}).Want(200).JSON(&out)
	w.trainer.Do("GET", "/questions?returned=true", nil).Want(200).JSON(&page)
	if out.Changed != 1 || page.Total != 1 || page.Items[0].Note != "请核对依据" {
		t.Errorf("%+v %+v", out, page)
	}

	var usage exam.Usage
	w.trainer.Do("GET", "/questions/"+q.ID+"/usage", nil).Want(200).JSON(&usage)
	if usage.Hidden != 0 || len(usage.Quizzes) != 0 {
		t.Errorf("%+v", usage)
	}
	w.away.Do("GET", "/questions/"+q.ID+"/usage", nil).Want(404) // a draft of a bank above

	var plan api.CategoryPlan
	w.trainer.Do("GET", "/categories/"+a.ID+"/plan?merge=true&to="+b.ID, nil).Want(200).JSON(&plan)
	if plan.Questions != 1 || plan.Categories != 0 || plan.Quizzes != 0 {
		t.Errorf("%+v", plan)
	}
	w.trainer.Do("GET", "/categories/"+a.ID+"/plan?merge=true&to="+a.ID, nil).Want(422)
	w.evaluator.Do("POST", "/categories/"+a.ID+"/merge", object{"into": b.ID}, rev(a.Rev)).Want(403)
	w.trainer.Do("POST", "/categories/"+a.ID+"/merge", object{"into": b.ID}, rev(a.Rev+1)).Want(409)
	w.trainer.Do("POST", "/categories/"+a.ID+"/merge", object{"into": b.ID}, rev(a.Rev)).Want(200)
	w.trainer.Do("GET", "/questions?category="+a.ID, nil).Want(200).JSON(&page)
	if page.Total != 1 || page.Items[0].CategoryID != b.ID {
		t.Errorf("%+v", page)
	}
}
