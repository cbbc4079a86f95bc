package exam

import (
	"testing"
	"time"

	"qiming/internal/spreadsheet"
)

// Papers that were printed before a quiz was published anew are entered by the version in their foot.
func TestPapersOfAnEarlierVersion(t *testing.T) {
	w := newWorld(t)
	q := w.printedQuiz()
	by := w.evaluator(committee)
	right, _ := w.letters(q, "A", 1)
	w.clock.Advance(time.Hour)
	again, err := w.Quizzes.Get(w.ctx, w.author(), q.ID)
	w.ok(err)
	draft := Draft{Title: again.Title, Intro: again.Intro, Settings: again.Settings, Audience: again.Audience,
		Sections: []Section{{ID: "s1", Title: "一", Entries: fixed(1, w.singles("新", 2)...)}}}
	again, err = w.Quizzes.Save(w.ctx, w.author(), q.ID, again.Rev, draft)
	w.ok(err)
	again, err = w.Quizzes.Publish(w.ctx, w.author(), q.ID, again.Rev)
	w.ok(err)

	for version, want := range map[int]struct {
		number, slots int
		points        float64
	}{0: {2, 2, 2}, 1: {1, 4, 20}, 2: {2, 2, 2}} {
		form, err := w.Entries.Form(w.ctx, by, q.ID, version, "", "", 10, "")
		w.ok(err)
		if form.Version != want.number || form.Published != 2 || len(form.Versions) != 2 || form.Versions[0].Number != 2 || form.Versions[1].At.After(form.Versions[0].At) ||
			len(form.Papers[0].Slots) != want.slots || form.Papers[0].Points != want.points {
			t.Errorf("version %d: %+v", version, form)
		}
	}
	_, err = w.Entries.Form(w.ctx, by, q.ID, 3, "", "", 10, "")
	w.refused(err, "paper.invalid")
	row, err := w.Entries.Enter(w.ctx, by, q.ID, "m1", 1, 0, PaperResult{Label: "A", Version: 1, SatAt: monday.Add(time.Hour), Cells: []string{right, "", "", "8"}})
	w.ok(err)
	if row.Version != 1 || *row.Score != 12 {
		t.Errorf("by hand: %+v", row)
	}

	book, err := spreadsheet.XLSX("成绩", [][]any{{"姓名", "人员标识", "卷别", "1", "2", "3", "4"}, {"", "m2", "A", right, "", "", 8}})
	w.ok(err)
	up := Upload{File: "成绩.xlsx", Data: book, Zone: time.UTC, SatOn: monday.Add(time.Hour), Version: 1}
	m, err := w.Entries.Preview(w.ctx, by, q.ID, up)
	w.ok(err)
	if m.New != 1 || m.Version != 1 {
		t.Fatalf("%+v", m)
	}
	_, err = w.Entries.Confirm(w.ctx, by, m.ID)
	w.ok(err)
	if a, err := w.desk.attempts.Get(w.ctx, AttemptID(q.ID, "m2", 1)); err != nil || a.Version != 1 || *a.Score != 12 {
		t.Errorf("from a workbook: %+v %v", a, err)
	}
	up.Version = 0
	if m, err = w.Entries.Preview(w.ctx, by, q.ID, up); err != nil || m.New != 0 || m.Errors != 1 {
		t.Errorf("the same file for the newer version: %+v %v", m, err)
	}
	up.Version = 3
	_, err = w.Entries.Preview(w.ctx, by, q.ID, up)
	w.refused(err, "paper.invalid")
}
