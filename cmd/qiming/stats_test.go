package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

const markTable = "\ufefflearner,a,b\nmax,1,5\n甲,1,3\n乙,0,\n丙,1,5\n丁,,\n"

func TestStatisticsOfATable(t *testing.T) {
	file := writeTemp(t, "marks.csv", markTable)
	status, out, errs := do(t, "exam", "stats", file, "--json")
	var report struct {
		Quiz  map[string]*float64
		Items []map[string]any
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || status != 0 {
		t.Fatalf("%d %v\n%s%s", status, err, out, errs)
	}
	if got, want := slices.Sorted(maps.Keys(report.Quiz)), strings.Fields("cic error_ratio kurtosis mean median n sd skewness standard_error"); !slices.Equal(got, want) {
		t.Errorf("keys of the quiz: %v", got)
	}
	want11 := strings.Fields("covariance covariance_max discrimination_index discriminative_efficiency effective_weight facility item mark_variance other_mark_variance random_guess sd")
	for _, item := range report.Items {
		if got := slices.Sorted(maps.Keys(item)); !slices.Equal(got, want11) {
			t.Errorf("keys of an item: %v", got)
		}
	}
	if *report.Quiz["n"] != 3 || report.Quiz["kurtosis"] != nil || report.Items[1]["facility"] != 8.0/15 {
		t.Errorf("%s", out)
	}
	if !strings.Contains(errs, "1 learner without any mark is left out\n") || !strings.Contains(errs, "1 empty cell counts") {
		t.Errorf("nothing is said of the empty cells: %s", errs)
	}
	if text := want(t, 0, "exam", "stats", file, "--blank", "missing"); !strings.Contains(text, "80.00") {
		t.Errorf("%s", text)
	}
}

func TestTableThatCannotBeUsed(t *testing.T) {
	text := want(t, 2, "exam", "stats", writeTemp(t, "m.csv", "learner,a,b\n甲,1,x\n乙,1,1\n丙,?,1\n"), "--json")
	for _, place := range []string{"row 2, column C (b)", "row 4, column B (a)"} {
		if !strings.Contains(text, place) {
			t.Errorf("%s is not named: %s", place, text)
		}
	}
	if strings.Contains(text, "{") {
		t.Errorf("figures of a table that cannot be used: %s", text)
	}
	if text := want(t, 2, "exam", "stats", writeTemp(t, "m.csv", "learner,a,b\n\"x,1,2\ny,1,1")); !strings.Contains(text, "row 2, column 1: a quotation mark") {
		t.Errorf("%s", text)
	}
	if _, _, errs := do(t, "exam", "stats", writeTemp(t, "m.csv", "learner,a,a\rx,1,2\rx,1,\rx,,1\r")); errs != "more than one item is called \"a\"\n2 rows name a learner again: each counts as an attempt\n2 empty cells count as no marks; --blank missing leaves them out\n" {
		t.Errorf("%s", errs)
	}
	tiny := -4e-14
	if got := figure(&tiny); got != "0.00" {
		t.Errorf("nearly 0 is %s", got)
	}
	want(t, 2, "exam", "stats", "/no/such/file")
	for content, mending := range map[string]string{
		"": "the file is empty: a first row has to name the items", " \n": "the file is empty", "PK\x03\x04no workbook": "save it as CSV or XLSX", "learner,a\nx,\x00\n": "save it as CSV or XLSX",
	} {
		if text := want(t, 2, "exam", "stats", writeTemp(t, "m", content)); !strings.Contains(text, mending) {
			t.Errorf("%q: %s", content, text)
		}
	}
	if _, _, errs := do(t, "exam", "stats", writeTemp(t, "m.csv", "x,1,0\ny,0,1\n")); !strings.Contains(errs, "they are called 1, 0: if it holds marks, put a row with names before it") {
		t.Errorf("%s", errs)
	}
	if _, _, errs := do(t, "exam", "stats", writeTemp(t, "m.csv", "learner,a,总分\nx,1,1\n")); !strings.Contains(errs, `"总分" counts as an item`) {
		t.Errorf("%s", errs)
	}
	want(t, misused, "exam", "stats")
}

func TestGradeEval(t *testing.T) {
	line := `{"qid":"1","question":"党的纪律有哪些？","model":"政治纪律、组织纪律","answer":"`
	file := writeTemp(t, "a.jsonl", line+`政治纪律、组织纪律","score":1,"max":1}`+"\n"+line+`政治纪律","score":0.5,"max":1}`+"\n"+line+`不清楚","score":0,"max":1}`)
	status, out, errs := do(t, "exam", "grade-eval", file, "--json")
	var report map[string]*float64
	if err := json.Unmarshal([]byte(out), &report); err != nil || status != 0 || errs != "" {
		t.Fatalf("%d %v\n%s%s", status, err, out, errs)
	}
	if got, want := slices.Sorted(maps.Keys(report)), strings.Fields("answers auto_rmse auto_share pearson rmse"); !slices.Equal(got, want) {
		t.Errorf("keys: %v", got)
	}
	if *report["answers"] != 3 || *report["pearson"] < 0.9 {
		t.Errorf("%s", out)
	}
	if text := want(t, 2, "exam", "grade-eval", writeTemp(t, "b.jsonl", line+`x","max":1}`)); !strings.Contains(text, `line 1: "score"`) {
		t.Errorf("%s", text)
	}
	want(t, 2, "exam", "grade-eval", file, "--marked-share", "1")
}
