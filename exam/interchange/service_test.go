package interchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/media"
	"qiming/policies"
)

// workshop is a service over a real database.
type workshop struct {
	*Service
	bank  *question.Bank
	clock *ident.Manual
	db    *store.DB
	trail *acts
	media *media.Library
}

type acts struct {
	mu   sync.Mutex
	list []string
	fail string // refuses this action: a crash before it
}

func (a *acts) Act(_ context.Context, _ policies.Actor, act question.Act, do func() error) error {
	a.mu.Lock()
	if a.fail != "" && act.Action == a.fail {
		a.mu.Unlock()
		return errors.New("crash")
	}
	a.list = append(a.list, act.Action)
	a.mu.Unlock()
	return do()
}

// originals keeps files in a real bucket, as the application does.
type originals struct{ files media.Bucket }

func (o originals) Keep(ctx context.Context, _ string, data []byte) (string, error) {
	key := "imports/" + ident.New()
	_, err := o.files.Put(ctx, key, bytes.NewReader(data), int64(len(data)), "application/octet-stream")
	return key, err
}

func (o originals) Load(ctx context.Context, key string) ([]byte, error) {
	r, _, err := o.files.Get(ctx, key, media.Range{})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func (o originals) Drop(ctx context.Context, key string) error { return o.files.Delete(ctx, key) }

type tree map[string][]string

func (o tree) OrgPath(_ context.Context, id string) ([]string, error) {
	if p, ok := o[id]; ok {
		return p, nil
	}
	return nil, fault.New(fault.NotFound, "org.not_found", "no %s", id)
}

func open(t testing.TB, path string) workshop {
	t.Helper()
	clock := ident.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	db, err := store.Open(t.Context(), "sqlite:"+path, clock)
	if err != nil {
		t.Fatal(err)
	}
	files, err := media.Open(t.Context(), "dir:"+filepath.Join(filepath.Dir(path), "media"))
	if err != nil {
		t.Fatal(err)
	}
	trail := &acts{}
	orgs := tree{"root": {"root"}, "branch": {"root", "branch"}, "other": {"root", "other"}}
	library := media.New(media.Deps{DB: db, Bucket: files, Clock: clock, Key: []byte("key"), Path: "/files/", Quota: 1 << 20, Log: slog.New(slog.DiscardHandler)})
	bank := question.New(question.Deps{DB: db, Clock: clock, Trail: trail, Orgs: orgs, Files: library, Zone: time.UTC})
	s := New(Deps{DB: db, Bank: bank, Keeper: originals{files}, Files: library, Orgs: orgs, Clock: clock, Trail: trail})
	if err := db.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return workshop{s, bank, clock, db, trail, library}
}

func newWorkshop(t testing.TB) workshop { return open(t, filepath.Join(t.TempDir(), "q.db")) }

var trainer = policies.Actor{AccountID: "acc-trainer", Name: "命题员", Scope: policies.Scope{"branch"}}

const threeRows = "题型,题干,A,B,C,D,答案,分类,标签,分值,编号\n" +
	"单选题,党的根本宗旨是什么？,全心全意为人民服务,实现共产主义,改革开放,共同富裕,A,党章/总纲,宗旨,2,Q1\n" +
	"判断题,预备期为一年。,,,,,对,党章,,,\n" +
	"单选题,没有答案的题,甲,乙,丙,丁,,党史,,,\n"

func (w workshop) count(t *testing.T, f question.Filter) int {
	t.Helper()
	list, err := w.bank.List(t.Context(), policies.Actor{Scope: policies.Scope{policies.Everywhere}}, f, 500, "")
	if err != nil {
		t.Fatal(err)
	}
	return list.Total
}

func TestImportLife(t *testing.T) {
	w, ctx := newWorkshop(t), t.Context()
	base, err := w.bank.CreateCategory(ctx, trainer, "branch", question.CategoryDraft{Name: "题库"})
	if err != nil {
		t.Fatal(err)
	}
	ask := Ask{File: "党章.csv", Data: []byte(threeRows), OrgID: "branch", CategoryID: base.ID}
	m, err := w.Preview(ctx, trainer, ask)
	if err != nil {
		t.Fatal(err)
	}
	if m.State != Previewed || m.Report.Questions != 3 || m.Report.Imported != 2 || len(m.Report.Problems) != 1 || !m.Report.Accounted() {
		t.Fatalf("%+v", m)
	}
	if want := "第 4 行：缺少正确答案。请在“答案”处填写选项字母（A–D），或将该行删去后重新导入。"; m.Report.Problems[0].Message != want {
		t.Errorf("message %q", m.Report.Problems[0].Message)
	}
	if n := w.count(t, question.Filter{}); n != 0 {
		t.Fatalf("a preview wrote %d questions", n)
	}
	if list, _ := w.bank.Categories(ctx, trainer, "branch"); len(list) != 1 {
		t.Errorf("a preview made categories: %v", list)
	}

	for range 2 { // a double click
		if m, err = w.Confirm(ctx, trainer, m.ID, nil); err != nil || m.State != Confirmed || m.ConfirmedAt == nil {
			t.Fatalf("%v %+v", err, m)
		}
	}
	if n := w.count(t, question.Filter{BatchID: m.ID}); n != 2 {
		t.Fatalf("%d questions of the batch", n)
	}
	all, err := w.bank.List(ctx, trainer, question.Filter{Kinds: []question.Kind{question.Single}}, 10, "")
	if err != nil || len(all.Items) != 1 {
		t.Fatal(err)
	}
	q := all.Items[0]
	if q.Origin != "党章.csv:2" || q.Points != 2 || q.ExternalID != "Q1" || len(q.CategoryPath) != 3 || q.CategoryPath[0] != base.ID || q.Status != question.Draft || q.Tags[0] != "宗旨" {
		t.Errorf("%+v", q)
	}

	again, err := w.Preview(ctx, trainer, ask)
	if err != nil || again.Previous != m.ID || again.Report.Imported != 0 || again.Report.Duplicates != 2 {
		t.Fatalf("the same file again: %v %+v", err, again.Report)
	}
	if again.Report.DuplicateRows[0].QuestionID != q.ID {
		t.Errorf("duplicate of %+v, want question %s", again.Report.DuplicateRows[0], q.ID)
	}
	if _, err = w.Confirm(ctx, trainer, again.ID, nil); err != nil {
		t.Fatal(err)
	}
	if n := w.count(t, question.Filter{}); n != 2 {
		t.Errorf("%d questions after importing twice", n)
	}

	// One question was changed since: undo keeps it and says so.
	changed := q.Content
	changed.Stem = "党的宗旨是什么？"
	if _, err := w.bank.Save(ctx, trainer, q.ID, q.Rev, question.Edit{CategoryID: q.CategoryID, Content: changed}); err != nil {
		t.Fatal(err)
	}
	m, out, err := w.Undo(ctx, trainer, m.ID)
	if err != nil || m.State != Undone || out.Removed != 1 || len(out.Kept) != 1 || out.Kept[0].ID != q.ID || m.Removed != 1 || m.Kept != 1 {
		t.Fatalf("%v %+v %+v", err, out, m)
	}
	if _, out, err = w.Undo(ctx, trainer, m.ID); err != nil || out.Removed != 0 {
		t.Errorf("undo twice: %v %+v", err, out)
	}
	if _, err := w.Confirm(ctx, trainer, m.ID, nil); fault.KeyOf(err) != "import.state" {
		t.Errorf("an undone import was confirmed: %v", err)
	}
	// What was undone can be imported again.
	if r, err := w.ImportFile(ctx, trainer, ask, false, nil); err != nil || r.Imported != 2 {
		t.Errorf("%v %+v", err, r)
	}
}

// What one may not see is not there, and a bank out of reach is not written.
func TestImportScope(t *testing.T) {
	w, ctx := newWorkshop(t), t.Context()
	m, err := w.Preview(ctx, trainer, Ask{File: "a.csv", Data: []byte(threeRows), OrgID: "branch"})
	if err != nil {
		t.Fatal(err)
	}
	stranger := policies.Actor{AccountID: "x", Scope: policies.Scope{"other"}}
	if _, err := w.Get(ctx, stranger, m.ID); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if _, err := w.Confirm(ctx, stranger, m.ID, nil); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if _, _, err := w.Undo(ctx, stranger, m.ID); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if _, err := w.Preview(ctx, stranger, Ask{File: "a.csv", Data: []byte(threeRows), OrgID: "branch"}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if page, err := w.List(ctx, stranger, 10, ""); err != nil || len(page.Items) != 0 {
		t.Errorf("%v %v", err, page)
	}
	if page, err := w.List(ctx, trainer, 10, ""); err != nil || len(page.Items) != 1 {
		t.Errorf("%v %v", err, page)
	}
	if _, err := w.Preview(ctx, trainer, Ask{File: "a.csv", Data: []byte(threeRows), OrgID: "branch", CategoryID: "nowhere"}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if _, err := w.Preview(ctx, trainer, Ask{File: "a.csv", Data: []byte(threeRows), OrgID: "branch", Mapping: Mapping{"题干": "nonsense"}}); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

// A crash between the decision and the end: the confirm goes on where it was, and what another import
// brought meanwhile does not shift it.
func TestConfirmAfterCrash(t *testing.T) {
	w, ctx := newWorkshop(t), t.Context()
	m, err := w.Preview(ctx, trainer, Ask{File: "a.csv", Data: []byte(threeRows), OrgID: "branch"})
	if err != nil {
		t.Fatal(err)
	}
	w.trail.fail = "question.import"
	if _, err := w.Confirm(ctx, trainer, m.ID, nil); err == nil {
		t.Fatal("no crash")
	}
	if m, _ = w.Get(ctx, trainer, m.ID); m.State != Confirming {
		t.Fatalf("state %s", m.State)
	}
	// The lock of a dead process is in the way of others until it runs out.
	if _, err := w.locks.Update(ctx, "branch", func(l *lock) error {
		l.ImportID, l.Until = m.ID, w.clock.Now().Add(lockLife)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	other, err := w.Preview(ctx, trainer, Ask{File: "b.csv", Data: []byte(threeRows), OrgID: "branch"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Confirm(ctx, trainer, other.ID, nil); fault.KeyOf(err) != "import.busy" {
		t.Errorf("two imports at once: %v", err)
	}
	w.trail.fail = ""
	if err := w.Resume(ctx); err != nil {
		t.Fatal(err)
	}
	if m, _ = w.Get(ctx, trainer, m.ID); m.State != Confirming {
		t.Fatal("an import that may still be running was taken over")
	}
	w.clock.Advance(lockLife)
	for range 2 {
		if err := w.Resume(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if m, _ = w.Get(ctx, trainer, m.ID); m.State != Confirmed {
		t.Fatalf("state %s", m.State)
	}
	if other, err = w.Confirm(ctx, trainer, other.ID, nil); err != nil || other.Report.Imported != 0 || other.Report.Duplicates != 2 {
		t.Errorf("%v %+v", err, other.Report)
	}
	if n := w.count(t, question.Filter{}); n != 2 {
		t.Errorf("%d questions", n)
	}
}

func TestRemapAndEntries(t *testing.T) {
	w, ctx := newWorkshop(t), t.Context()
	table := "要问的,第一,第二,标答\n党的生日是哪天？,七月一日,八月一日,A\n建军节是哪天？,七月一日,八月一日,C\n"
	m, err := w.Preview(ctx, trainer, Ask{File: "x.csv", Data: []byte(table), OrgID: "branch", Format: CSV})
	if err != nil {
		t.Fatal(err)
	}
	if m.Report.Exit() != ExitUnreadable || m.Report.Problems[0].Code != "header.missing" || len(m.Columns) != 4 || m.Columns[0].Heading != "要问的" {
		t.Fatalf("%+v %+v", m.Report, m.Columns)
	}
	if _, err := w.Confirm(ctx, trainer, m.ID, nil); fault.KeyOf(err) != "import.nothing" {
		t.Errorf("confirmed nothing: %v", err)
	}
	m, err = w.Remap(ctx, trainer, m.ID, Mapping{"要问的": FieldStem, "#2": "option_a", "#3": "option_b", "标答": FieldAnswer})
	if err != nil || m.Report.Imported != 1 || len(m.Report.Problems) != 1 || m.Report.Problems[0].Column != "标答" {
		t.Fatalf("%v %+v", err, m.Report)
	}
	list, next, err := w.Entries(ctx, trainer, m.ID, Excerpt{Limit: 1})
	if err != nil || len(list) != 1 || next != 1 || list[0].State != Fresh || !list[0].Item.Content.Options[0].Right {
		t.Fatalf("%v %d %+v", err, next, list)
	}
	list, next, err = w.Entries(ctx, trainer, m.ID, Excerpt{Outcome: Refused, Limit: 10})
	if err != nil || next != -1 || len(list) != 1 || list[0].Problems[0].Code != "answer.beyond" {
		t.Fatalf("%v %d %+v", err, next, list)
	}
}

func TestTidy(t *testing.T) {
	w, ctx := newWorkshop(t), t.Context()
	ask := Ask{File: "a.csv", Data: []byte(threeRows), OrgID: "branch"}
	forgotten, err := w.Preview(ctx, trainer, ask)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := w.Preview(ctx, trainer, ask)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Confirm(ctx, trainer, kept.ID, nil); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(previewLife - time.Second)
	if err := w.Tidy(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Get(ctx, trainer, forgotten.ID); err != nil {
		t.Error("tidied too early:", err)
	}
	w.clock.Advance(2 * time.Second)
	if err := w.Tidy(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Get(ctx, trainer, forgotten.ID); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	if _, err := w.keeper.Load(ctx, forgotten.FileKey); !fault.Is(err, fault.NotFound) {
		t.Error("the file of a forgotten preview is still there:", err)
	}
	if data, err := w.keeper.Load(ctx, kept.FileKey); err != nil || string(data) != threeRows {
		t.Error(err)
	}
}

// The whole way of the real banks, as the command line goes it: twice.
func TestImportRealFiles(t *testing.T) {
	w, ctx := newWorkshop(t), t.Context()
	for _, tt := range []struct {
		file     string
		imported int
	}{{"exam_master_881.csv", 850}, {"xxqg_mixed_2861.json", 2580}} {
		ask := Ask{File: tt.file, Data: realFile(t, tt.file), OrgID: "branch", Status: question.InReview}
		dry, err := w.ImportFile(ctx, trainer, ask, true, nil)
		if err != nil || dry.Imported != tt.imported {
			t.Fatalf("%v %d", err, dry.Imported)
		}
		first, err := w.ImportFile(ctx, trainer, ask, false, nil)
		if err != nil || first.Imported != tt.imported || !first.Accounted() {
			t.Fatalf("%v %d", err, first.Imported)
		}
		again, err := w.ImportFile(ctx, trainer, ask, false, nil)
		if err != nil || again.Imported != 0 || !again.Accounted() {
			t.Fatalf("%v %d", err, again.Imported)
		}
		if again.Duplicates != first.Imported+first.Duplicates || again.Refused() != first.Refused() {
			t.Errorf("again: %d duplicates, %d refused; first: %d imported, %d duplicates, %d refused",
				again.Duplicates, again.Refused(), first.Imported, first.Duplicates, first.Refused())
		}
		t.Logf("%s: %d questions, %d imported, %d duplicates, problems %v, warnings %v", tt.file, first.Questions, first.Imported, first.Duplicates, codes(first.Problems), codes(first.Warnings))
	}
	if n := w.count(t, question.Filter{}); n != 850+2580 {
		t.Errorf("%d questions in the bank", n)
	}
}

// An exported bank, imported into another one and exported again, is the same file to the byte.
func TestExportOfABank(t *testing.T) {
	w, ctx := newWorkshop(t), t.Context()
	var file strings.Builder
	if _, err := Write(&file, JSON, specimens(), nil); err != nil {
		t.Fatal(err)
	}
	export := func(w workshop) string {
		var b strings.Builder
		if _, err := w.Export(ctx, trainer, question.Filter{OrgID: "branch"}, JSON, &b); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(w.trail.list, "question.export") {
			t.Fatalf("the export is not on record: %v", w.trail.list)
		}
		return b.String()
	}
	r, err := w.ImportFile(ctx, trainer, Ask{File: "x.json", Data: []byte(file.String()), OrgID: "branch"}, false, nil)
	if err != nil || r.Imported != len(specimens()) {
		t.Fatalf("%v %+v", err, r.Problems)
	}
	first := export(w)
	other := newWorkshop(t)
	if r, err := other.ImportFile(ctx, trainer, Ask{File: "x.json", Data: []byte(first), OrgID: "branch"}, false, nil); err != nil || r.Imported != len(specimens()) {
		t.Fatalf("%v %+v", err, r.Problems)
	}
	if second := export(other); second != first {
		t.Error("the second export differs from the first")
	}
	if !strings.Contains(first, `"category": [`) || !strings.Contains(first, `"points": 2.5`) {
		t.Error("the export lost categories or points")
	}
}

func TestUnreadableFiles(t *testing.T) {
	w, ctx := newWorkshop(t), t.Context()
	for name, data := range map[string]string{
		"empty": "", "blank": " \n\t", "pdf": "%PDF-1.7 …", "zip": "PK\x03\x04 nothing", "xls": "\xd0\xcf\x11\xe0\xa1\xb1", "noise": "随便写的一段话", "xml": "<?xml version='1.0'?><quiz/>",
		"json": `{"a": 1`, "shape": `{"a": 1}`, "big": strings.Repeat("题", MaxFile/3+1),
	} {
		r, err := w.ImportFile(ctx, trainer, Ask{File: name, Data: []byte(data), OrgID: "branch"}, false, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r.Exit() != ExitUnreadable || len(r.Problems) == 0 || r.Imported != 0 {
			t.Errorf("%s: exit %d, %+v", name, r.Exit(), r.Problems)
		}
		var b strings.Builder
		if err := r.WriteJSON(&b); err != nil || !strings.Contains(b.String(), `"problems": [`) {
			t.Error(b.String(), err)
		}
	}
}

// BenchmarkImport10000 imports 10,000 questions through SQLite, as the command line does.
func BenchmarkImport10000(b *testing.B) {
	var file strings.Builder
	file.WriteString("题型,题干,A,B,C,D,答案,分类\n")
	for i := range 10_000 {
		fmt.Fprintf(&file, "单选题,第 %d 题：下列说法正确的是（ ）。,甲说 %d,乙说,丙说,丁说,%s,第 %d 章\n", i, i, letter(i%4), i%50)
	}
	for b.Loop() {
		w := newWorkshop(b)
		r, err := w.ImportFile(b.Context(), trainer, Ask{File: "bench.csv", Data: []byte(file.String()), OrgID: "branch"}, false, nil)
		if err != nil || r.Imported != 10_000 {
			b.Fatal(err, r.Imported)
		}
	}
}

// An import follows its node: who reaches the new place sees it, who reaches only the old one does not.
func TestAnImportMovesWithItsNode(t *testing.T) {
	w := newWorkshop(t)
	m, err := w.Preview(t.Context(), trainer, Ask{File: "a.csv", Data: []byte(threeRows), OrgID: "branch"})
	if err != nil {
		t.Fatal(err)
	}
	reader := policies.Actor{AccountID: "reader", Scope: policies.Scope{"other"}}
	if _, err := w.Get(t.Context(), reader, m.ID); !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	w.orgs.(tree)["branch"] = []string{"root", "other", "branch"}
	if _, err := w.Get(t.Context(), reader, m.ID); err != nil {
		t.Fatal(err)
	}
	if page, err := w.List(t.Context(), reader, 10, ""); err != nil || len(page.Items) != 1 {
		t.Fatal(page, err)
	}
}

// A record that says nearly the same as a question of the bank is imported, with a warning that names it.
func TestNearDuplicatesAreNamed(t *testing.T) {
	w := newWorkshop(t)
	file := func(stem string) []byte {
		return []byte("题型,题干,A,B,C,答案\n单选题," + stem + ",5,4,3,A\n")
	}
	if _, err := w.ImportFile(t.Context(), trainer, Ask{File: "a.csv", Data: file("根据《化妆品监督管理条例》，化妆品生产许可证有效期为____年。"), OrgID: "branch"}, false, nil); err != nil {
		t.Fatal(err)
	}
	m, err := w.Preview(t.Context(), trainer, Ask{File: "b.csv", Data: file("化妆品生产许可证的有效期为____年。"), OrgID: "branch"})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Report.Warnings) != 1 || m.Report.Warnings[0].Code != "duplicate.similar" || m.Report.Warnings[0].Params["question_id"] == "" || m.Report.Imported != 1 {
		t.Fatalf("%+v", m.Report)
	}
	m, err = w.Preview(t.Context(), trainer, Ask{File: "c.csv", Data: file("世界上最长的河流在哪个洲？"), OrgID: "branch"})
	if err != nil || len(m.Report.Warnings) != 0 {
		t.Fatalf("%+v %v", m.Report, err)
	}
}
