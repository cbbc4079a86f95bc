package api_test

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"qiming/app/api"
	"qiming/exam/interchange"
	"qiming/exam/question"
)

const importedTable = "题型,题干,选项A,选项B,选项C,选项D,答案,分类\r\n" +
	"单选题,党的根本宗旨是（ ）。,全心全意为人民服务,改革开放,依法治国,从严治党,A,党章/总纲\r\n" +
	"多选题,“三会一课”中的三会包括（ ）。,支部党员大会,支部委员会会议,党小组会,民主生活会,A、B、C,党建\r\n" +
	"判断题,预备党员的预备期为一年。,,,,,√,党章\r\n" +
	"单选题,缺答案的题。,甲,乙,丙,丁,,党章\r\n" +
	"单选题,党的根本宗旨是(  )。,全心全意为人民服务,改革开放,依法治国,从严治党,A,党章\r\n"

// TestQuestionImportOverHTTP is a trainer's way with a file: upload, look, confirm, take back.
func TestQuestionImportOverHTTP(t *testing.T) {
	w := newBankWorld(t)
	var m api.QuestionImport
	w.trainer.Upload("/question-imports", "题库.csv", []byte(importedTable), map[string]string{"org_id": w.committee, "status": "review"}).Want(201).JSON(&m)
	if m.State != interchange.Previewed || m.Format != interchange.CSV || !m.Readable || m.Questions != 5 || m.New != 3 || m.Duplicates != 1 || len(m.Problems) != 1 {
		t.Fatalf("%+v", m)
	}
	if p := m.Problems[0]; p.Row != 5 || p.Column != "答案" || p.Code != "answer.missing" || !strings.HasPrefix(p.Message, "第 5 行：缺少正确答案。请在") {
		t.Errorf("%+v", p)
	}
	if len(m.Columns) != 8 || m.Columns[1].Field != interchange.FieldStem || len(m.Fields) == 0 || len(m.Sample) != 5 || m.ByKind[question.Single] != 1 {
		t.Errorf("%+v", m)
	}
	var page questionPage
	if w.trainer.Do("GET", "/questions", nil).Want(200).JSON(&page); page.Total != 0 {
		t.Fatal("the dry run wrote questions")
	}

	var items struct {
		Items []interchange.Entry `json:"items"`
		Next  string              `json:"next"`
	}
	w.trainer.Do("GET", "/question-imports/"+m.ID+"/items?limit=2", nil).Want(200).JSON(&items)
	if len(items.Items) != 2 || items.Next != "2" || items.Items[1].State != interchange.Fresh || items.Items[1].Content.Kind != question.Multiple {
		t.Fatalf("%+v", items)
	}
	w.trainer.Do("GET", "/question-imports/"+m.ID+"/items?state=problem", nil).Want(200).JSON(&items)
	if len(items.Items) != 1 || items.Items[0].Row != 5 || items.Items[0].Problems[0].Code != "answer.missing" {
		t.Fatalf("%+v", items)
	}
	// In the language of the reader, sheets of several errors too.
	const english = "Accept-Language: en-GB"
	var m2 api.QuestionImport
	w.trainer.Do("GET", "/question-imports/"+m.ID, nil, english).Want(200).JSON(&m2)
	w.trainer.Do("GET", "/question-imports/"+m.ID+"/items?state=problem", nil, english).Want(200).JSON(&items)
	for _, p := range []interchange.Problem{m2.Problems[0], items.Items[0].Problems[0]} {
		if !strings.HasPrefix(p.Message, "Row 5: ") || strings.ContainsFunc(strings.TrimPrefix(p.Message, "Row 5: "), func(r rune) bool { return unicode.Is(unicode.Han, r) && !strings.ContainsRune("答案", r) }) {
			t.Errorf("%+v", p)
		}
	}
	w.trainer.Do("GET", "/question-imports/"+m.ID+"/items?after=x", nil).WantProblem(422, "store.cursor")

	// A trainer of another node sees nothing of it.
	w.away.Do("GET", "/question-imports/"+m.ID, nil).WantProblem(404, "import.not_found")
	w.away.Do("POST", "/question-imports/"+m.ID+"/confirm", nil).WantProblem(404, "import.not_found")
	w.evaluator.Do("POST", "/question-imports/"+m.ID+"/confirm", nil).WantProblem(403, "request.forbidden")

	for range 2 { // a double click
		if w.trainer.Do("POST", "/question-imports/"+m.ID+"/confirm", nil).Want(200).JSON(&m); m.State != interchange.Confirmed || m.ConfirmedAt == nil || m.New != 3 {
			t.Fatalf("%+v", m)
		}
	}
	if w.trainer.Do("GET", "/questions?batch="+m.ID, nil).Want(200).JSON(&page); page.Total != 3 || page.Items[0].Status != question.InReview {
		t.Fatalf("%+v", page)
	}
	w.trainer.Do("POST", "/question-imports/"+m.ID+"/mapping", map[string]any{"mapping": map[string]string{"题干": "stem"}}).WantProblem(409, "import.state")

	var again api.QuestionImport
	w.trainer.Upload("/question-imports", "题库.csv", []byte(importedTable), map[string]string{"org_id": w.committee}).Want(201).JSON(&again)
	if again.New != 0 || again.Duplicates != 4 || again.Previous != m.ID {
		t.Errorf("the same file again: %+v", again)
	}
	var list struct {
		Items []api.QuestionImport `json:"items"`
	}
	if w.trainer.Do("GET", "/question-imports", nil).Want(200).JSON(&list); len(list.Items) != 2 || list.Items[0].ID != again.ID || list.Items[1].New != 3 {
		t.Errorf("%+v", list)
	}

	// Export: every format downloads; what comes back from JSON is all there already.
	for _, format := range []string{"xlsx", "csv", "gift", "json"} {
		reply := w.trainer.Do("GET", "/questions/export?format="+format+"&batch="+m.ID, nil).Want(200)
		if !strings.Contains(reply.Header.Get("Content-Disposition"), "attachment") || len(reply.Text) < 100 {
			t.Errorf("%s: %v", format, reply.Header)
		}
		if format == "gift" && (reply.Header.Get("X-Export-Notes") != "1" || !strings.Contains(unescaped(t, reply.Header.Get("X-Export-Note")), "多选计分规则")) {
			t.Errorf("the loss is not named: %v", reply.Header)
		}
		var left api.QuestionExportNotes
		w.trainer.Do("GET", "/questions/export/notes?format="+format+"&batch="+m.ID, nil).Want(200).JSON(&left)
		if strconv.Itoa(left.Count) != cmp.Or(reply.Header.Get("X-Export-Notes"), "0") || len(left.Notes) != left.Count {
			t.Errorf("%s: %+v beside %v", format, left, reply.Header)
		}
		var back api.QuestionImport
		w.trainer.Upload("/question-imports", "back."+format, []byte(reply.Text), map[string]string{"org_id": w.committee}).Want(201).JSON(&back)
		if string(back.Format) != format || back.Questions != 3 || back.Duplicates != 3 {
			t.Errorf("%s came back as %+v", format, back)
		}
	}
	w.away.Do("GET", "/questions/export?format=csv", nil).Want(200)
	template := w.trainer.Do("GET", "/question-imports/template.xlsx", nil).Want(200)
	var fromTemplate api.QuestionImport
	w.trainer.Upload("/question-imports", "模板.xlsx", []byte(template.Text), map[string]string{"org_id": w.committee}).Want(201).JSON(&fromTemplate)
	if n := len(question.Kinds); fromTemplate.Questions != n || fromTemplate.New+fromTemplate.Duplicates != n { // an example of every kind
		t.Errorf("the template does not import: %+v", fromTemplate)
	}

	var undone api.QuestionImportUndone
	w.trainer.Do("POST", "/question-imports/"+m.ID+"/undo", nil).Want(200).JSON(&undone)
	if undone.Removed != 3 || len(undone.Kept) != 0 || undone.Import.State != interchange.Undone {
		t.Errorf("%+v", undone)
	}
	if w.trainer.Do("GET", "/questions", nil).Want(200).JSON(&page); page.Total != 0 {
		t.Errorf("%d questions after the undo", page.Total)
	}
	w.trainer.Do("POST", "/question-imports/"+m.ID+"/confirm", nil).WantProblem(409, "import.state")
}

// A table without known headings is mapped by hand; a file that is none says why.
func TestQuestionImportMappingOverHTTP(t *testing.T) {
	w := newBankWorld(t)
	var m api.QuestionImport
	pairs := `{"党的生日是        。|七月一日|八月一日": "七月一日", "建军节是        。|七月一日|八月一日": "九月一日"}`
	w.trainer.Upload("/question-imports", "pairs.json", []byte(pairs), map[string]string{"org_id": w.committee}).Want(201).JSON(&m)
	if m.New != 1 || len(m.Problems) != 1 || m.Problems[0].Code != "answer.unknown" || m.Columns[0].Field != interchange.FieldStemOptions {
		t.Fatalf("%+v", m)
	}
	w.trainer.Upload("/question-imports", "表.csv", []byte("甲列,乙列\n预备期为一年。,对\n"), map[string]string{"org_id": w.committee, "format": "csv"}).Want(201).JSON(&m)
	if m.Readable || m.New != 0 || m.Problems[0].Code != "header.missing" {
		t.Fatalf("%+v", m)
	}
	w.trainer.Do("POST", "/question-imports/"+m.ID+"/confirm", nil).WantProblem(409, "import.nothing")
	w.trainer.Do("POST", "/question-imports/"+m.ID+"/mapping", map[string]any{"mapping": map[string]string{"甲列": "stem", "#2": "answer"}}).Want(200).JSON(&m)
	if !m.Readable || m.New != 1 || m.ByKind[question.TrueFalse] != 1 {
		t.Fatalf("%+v", m)
	}
	w.trainer.Do("POST", "/question-imports/"+m.ID+"/mapping", map[string]any{"mapping": map[string]string{"甲列": "nonsense"}}).WantProblem(422, "import.mapping")
	w.trainer.Upload("/question-imports", "x.pdf", []byte("%PDF-1.7"), map[string]string{"org_id": w.committee}).Want(201).JSON(&m)
	if m.Readable || m.Problems[0].Code != "file.unsupported" || !strings.Contains(m.Problems[0].Message, "PDF") {
		t.Fatalf("%+v", m)
	}
	// An author may not publish alone, not by a file either, unless the bank's settings say so.
	w.trainer.Upload("/question-imports", "a.csv", []byte(importedTable), map[string]string{"org_id": w.committee, "status": "published"}).WantProblem(403, "question.own")
}

func unescaped(t *testing.T, s string) string {
	t.Helper()
	out, err := url.PathUnescape(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
