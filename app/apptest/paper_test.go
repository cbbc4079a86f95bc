package apptest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"qiming/app/audit"
	"qiming/internal/spreadsheet"
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

type paperRow struct {
	MemberID string `json:"member_id"`
	Name     string
	Number   int
	Rev      int64
	State    string
	Score    *float64
}

// Results of papers are entered by an evaluator, by hand and from a workbook, and taken back.
func TestPaperResults(t *testing.T) {
	c := newCollege(t)
	quiz := c.publish(func(s map[string]any) { s["shuffle_options"] = false },
		map[string]any{"question_id": c.single, "points": 4}, map[string]any{"question_id": c.short, "points": 6})
	path := "/quizzes/" + quiz + "/paper-results"
	c.Clock.Advance(time.Hour)
	evaluator := c.as("evaluator")
	var form struct {
		Papers []struct {
			Label string
			Slots []struct {
				Kind    string
				Letters bool
			}
		}
		Rows  []paperRow
		Total int
	}
	reply := evaluator.Do("GET", path, nil).Want(200).JSON(&form)
	if form.Total != 3 || len(form.Papers) != 6 || !form.Papers[0].Slots[0].Letters || strings.Contains(reply.Text, "党的根本宗旨") {
		t.Fatalf("form %s", reply.Text)
	}
	member := func(name string) string {
		for _, row := range form.Rows {
			if row.Name == name {
				return row.MemberID
			}
		}
		t.Fatalf("no row of %s", name)
		return ""
	}
	body := map[string]any{"label": "A", "sat_at": c.Clock.Now().Add(-time.Minute), "cells": []string{"A", "5"}}
	first := path + "/" + member("党员1") + "/1"
	for _, who := range []string{"trainer", "secretary", "member1"} {
		c.as(who).Do("PUT", first, body).WantProblem(403, "request.forbidden")
	}
	var row paperRow
	evaluator.Do("PUT", first, body).Want(200).JSON(&row)
	if row.State != "released" || *row.Score != 9 {
		t.Errorf("entered %+v", row)
	}
	evaluator.Do("PUT", first, body).Want(200) // a double click
	body["cells"] = []string{"E", "7"}
	bad := evaluator.Do("PUT", first, body, fmt.Sprintf(`If-Match: "%d"`, row.Rev)).WantProblem(422, "paper.invalid")
	if !strings.Contains(bad.Text, "cells[0]") || !strings.Contains(bad.Text, "cells[1]") {
		t.Errorf("fields %s", bad.Text)
	}
	body["cells"], body["reason"] = []string{"B", "5"}, "字母看错"
	evaluator.Do("PUT", first, body, fmt.Sprintf(`If-Match: "%d"`, row.Rev)).Want(200).JSON(&row)
	if *row.Score != 5 {
		t.Errorf("corrected %+v", row)
	}
	if results := evaluator.Do("GET", "/quizzes/"+quiz+"/results", nil).Want(200); !strings.Contains(results.Text, `"score":5`) {
		t.Errorf("results %s", results.Text)
	}
	// The member sees it among the own results, with receipts that hold.
	taker := c.as("member1")
	var mine struct {
		Items []struct {
			AttemptID string `json:"attempt_id"`
		}
	}
	taker.Do("GET", "/me/attempts", nil).Want(200).JSON(&mine)
	chain := taker.Do("GET", "/attempts/"+mine.Items[0].AttemptID+"/receipts", nil).Want(200)
	var receipts any
	chain.JSON(&receipts)
	if verdict := taker.Do("POST", "/receipts/verify", map[string]any{"chain": receipts}).Want(200); !strings.Contains(verdict.Text, `"ok":true`) || !strings.Contains(verdict.Text, `"kept":true`) {
		t.Errorf("verdict %s", verdict.Text)
	}
	taker.Do("POST", "/exams/"+quiz+"/attempts", map[string]any{"password": "先锋2026"}).WantProblem(409, "exam.no_attempts_left")

	// From the workbook.
	template := evaluator.Do("GET", path+"/template.xlsx", nil).Want(200)
	rows, err := spreadsheet.Read([]byte(template.Text))
	c.ok(err)
	table := make([][]any, len(rows))
	for i, cells := range rows {
		table[i] = make([]any, 9)
		for j := range cells {
			table[i][j] = cells[j]
		}
		switch {
		case i == 0:
		case cells[1] == "党员2":
			table[i][3], table[i][6], table[i][7] = "A", "A", 6
		case cells[1] == "党员3":
			table[i][3], table[i][6], table[i][7], table[i][8] = "A", "=B1", 7, "-"
		}
	}
	book, err := spreadsheet.XLSX("成绩", table)
	c.ok(err)
	type imported struct {
		ID                        string
		New, Same, Absent, Errors int
		Entered, Removed          int
		Problems                  []struct{ Code string }
		State                     string
	}
	var m imported
	evaluator.Upload("/quizzes/"+quiz+"/paper-imports", "成绩.xlsx", book, nil).Want(201).JSON(&m)
	if m.New != 1 || m.Absent != 1 || m.Errors != 1 || len(m.Problems) == 0 {
		t.Fatalf("dry run %+v", m)
	}
	evaluator.Do("POST", "/paper-imports/"+m.ID+"/confirm", nil).Want(200).JSON(&m)
	if m.Entered != 1 || m.State != "confirmed" {
		t.Errorf("confirmed %+v", m)
	}
	var again imported
	evaluator.Upload("/quizzes/"+quiz+"/paper-imports", "成绩.xlsx", book, nil).Want(201).JSON(&again)
	if again.New != 0 || again.Same != 1 {
		t.Errorf("twice %+v", again)
	}
	evaluator.Do("POST", "/paper-imports/"+m.ID+"/undo", nil).Want(200).JSON(&m)
	if m.Removed != 1 || m.State != "undone" {
		t.Errorf("undone %+v", m)
	}
	evaluator.Upload("/quizzes/"+quiz+"/paper-imports", "成绩.xlsx", []byte("a,b\nc,d\n"), nil).WantProblem(422, "paper_import.no_header")
	for action, n := range map[string]int{"paper.enter": 1, "paper.correct": 1, "paper_import.preview": 2, "paper_import.confirm": 1, "paper_import.undo": 1} {
		trail, err := c.Trail.List(t.Context(), audit.Filter{Action: action, Limit: 10})
		c.ok(err)
		if len(trail.Items) != n {
			t.Errorf("%s stands %d times in the trail, want %d", action, len(trail.Items), n)
		}
	}
}
