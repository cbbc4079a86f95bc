package exam

import (
	"testing"

	"qiming/exam/question"
)

// TestMarksheet: every mark of every attempt, in the order of the paper whatever order the takers had, with what people did.
func TestMarksheet(t *testing.T) {
	w := newWorld(t)
	ids := append(w.singles("一", 2), w.questions("论述", question.Content{Kind: question.Essay, Stem: "谈谈体会"})...)
	q := w.quiz(append(fixed(2, ids[0], ids[1]), fixed(6, ids[2])...), func(d *Draft) {
		d.Settings.Attempts, d.Settings.Closes, d.Sections[0].Shuffle = 2, nil, true
	})
	take := func(member, one, two, essay string) *taking {
		m := w.start(q, member, "phone")
		m.save(m.slotOf(ids[0]), choose(one))
		m.save(m.slotOf(ids[1]), choose(two))
		if essay != "" {
			m.save(m.slotOf(ids[2]), question.Response{Text: essay})
		}
		m.submit()
		return m
	}
	mark := func(m *taking, points float64) {
		_, err := w.desk.judge(w.ctx, m.sheet.Attempt.ID, func(a *Attempt, s sitting) error {
			return a.mark(s, m.slotOf(ids[2]), points, "author", "言之有物", w.clock.Now())
		})
		w.ok(err)
	}
	first := take("m1", "a", "b", "体会")
	mark(first, 3)
	second := take("m1", "a", "a", "体会二")
	mark(second, 4.5)
	take("m2", "b", "a", "没有阅")
	take("m3", "b", "b", "")
	w.correct(ids[1], keyIs("b"))
	w.askAndApprove(q, RegradeWish{QuestionID: ids[1], Way: ByKey})
	w.clock.Advance(tallyAge)

	sheet, err := w.Results.Marksheet(w.ctx, w.author(), q.ID, RowFilter{}, WhichAll, w.all())
	w.ok(err)
	if len(sheet.Columns) != 3 || sheet.Columns[0].Points != 2 || sheet.Columns[2] != (MarkColumn{"谈谈体会", 6}) {
		t.Fatalf("columns %+v", sheet.Columns)
	}
	none := -1.0
	want := []struct {
		name    string
		attempt int
		marks   [3]float64
		pending int
		score   float64
	}{
		{"党员m1", 1, [3]float64{2, 2, 3}, 0, 7}, {"党员m1", 2, [3]float64{2, 0, 4.5}, 0, 6.5},
		{"党员m3", 1, [3]float64{0, 2, 0}, 0, 2}, {"党员m2", 1, [3]float64{0, 0, none}, 1, none},
	}
	if len(sheet.Rows) != len(want) {
		t.Fatalf("rows %+v", sheet.Rows)
	}
	or := func(p *float64) float64 {
		if p == nil {
			return none
		}
		return *p
	}
	for i, line := range want {
		row := sheet.Rows[i]
		got := [3]float64{or(row.Marks[0]), or(row.Marks[1]), or(row.Marks[2])}
		if row.Name != line.name || row.Attempt != line.attempt || got != line.marks || row.Pending != line.pending || or(row.Score) != line.score {
			t.Errorf("row %d: %s %d %v pending %d score %v", i, row.Name, row.Attempt, got, row.Pending, or(row.Score))
		}
	}
	records := sheet.Rows[0].Records
	if len(records) != 2 || records[0].Column != 2 || records[0].By != "author" || *records[0].Points != 3 || records[0].Note != "言之有物" ||
		records[1].Kind != StepRegrade || records[1].Column != 1 || records[1].Points != nil || records[1].By != "chief" {
		t.Errorf("records %+v", records)
	}

	for which, score := range map[Which]float64{WhichFirst: 7, WhichBest: 7, WhichLast: 6.5} {
		sheet, err := w.Results.Marksheet(w.ctx, w.author(), q.ID, RowFilter{Text: "m1"}, which, w.all())
		w.ok(err)
		if len(sheet.Rows) != 1 || *sheet.Rows[0].Score != score {
			t.Errorf("%s: %+v", which, sheet.Rows)
		}
	}
	branch := w.author()
	branch.Scope = branch.Scope[:0]
	_, err = w.Results.Marksheet(w.ctx, branch, q.ID, RowFilter{}, WhichAll, Sight{})
	w.refused(err, "quiz.not_found")
	sheet, err = w.Results.Marksheet(w.ctx, w.author(), q.ID, RowFilter{}, WhichAll, Sight{})
	w.ok(err)
	if sheet.Columns[2].Stem != "" {
		t.Errorf("a stem is told while the quiz is open")
	}
}
