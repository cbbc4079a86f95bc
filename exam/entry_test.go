package exam

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/spreadsheet"
	"qiming/policies"
)

func TestCells(t *testing.T) {
	options := []question.Option{{ID: "a", Text: "甲", Right: true}, {ID: "b", Text: "乙", Right: true}, {ID: "c", Text: "丙"}}
	pairs := []question.Pair{{ID: "l1", Left: "一", Right: "甲"}, {ID: "l2", Left: "二", Right: "乙"}}
	contents := map[question.Kind]question.Content{
		question.Single:    {Options: options},
		question.Multiple:  {Options: options},
		question.TrueFalse: {},
		question.Ordering:  {Options: options},
		question.Matching:  {Pairs: pairs},
		question.Blanks:    {Stem: question.Gap, Blanks: []question.Blank{{Accept: []string{"x"}}}},
		question.Short:     {},
	}
	for _, c := range []struct {
		kind question.Kind
		text string
		want string // as the cell is written again, "empty", "waits", or the key of what is wrong
	}{
		{question.Single, "b", "B"}, {question.Single, "（Ｂ）", "B"}, {question.Single, "D", "paper.letter"}, {question.Single, "AB", "paper.letter"}, {question.Single, "", "empty"},
		{question.Single, "-", "empty"}, {question.Single, "=A1", "paper.letter"}, {question.Single, "2", "paper.letter"}, {question.Single, "2分", "2分"}, {question.Single, "2.01分", "out_of_range"},
		{question.Multiple, "C、A", "AC"}, {question.Multiple, "aa", "paper.twice_letter"}, {question.Multiple, "a，b", "AB"},
		{question.Multiple, "ABC", "ABC"}, {question.Multiple, "ABD", "paper.letters"}, {question.Multiple, "DD", "paper.letters"}, {question.Multiple, "A1", "paper.letters"},
		{question.TrueFalse, "√", "√"}, {question.TrueFalse, "对", "√"}, {question.TrueFalse, "x", "×"}, {question.TrueFalse, "F", "×"}, {question.TrueFalse, "A", "paper.truth"},
		{question.Ordering, "BCA", "BCA"}, {question.Ordering, "BC", "paper.order"}, {question.Ordering, "BCB", "paper.order"}, {question.Ordering, "BCAA", "paper.order"}, {question.Ordering, "BCD", "paper.order"},
		{question.Matching, "1B2A", "1B2A"}, {question.Matching, "BA", "1B2A"}, {question.Matching, "①B ②A", "1B2A"}, {question.Matching, "1-B", "1B"}, {question.Matching, "3A", "paper.pairs"}, {question.Matching, "1A1B", "paper.pairs"},
		{question.Matching, "B", "paper.pairs"}, {question.Matching, "BBB", "paper.pairs"}, {question.Matching, "BX", "paper.pairs"},
		{question.Blanks, "1.5", "1.5"}, {question.Blanks, "2", "2"}, {question.Blanks, "2.01", "out_of_range"}, {question.Blanks, "-1", "paper.points"}, {question.Blanks, "", "paper.points"}, {question.Blanks, "1.555", "paper.points"},
		{question.Short, "0", "0"}, {question.Short, "", "waits"}, {question.Short, "待评", "waits"}, {question.Short, "好", "paper.points"}, {question.Short, "1e9", "paper.points"},
	} {
		content := contents[c.kind]
		content.Kind = c.kind
		slot := Slot{Number: 1, Points: 2}
		w, bad := readCell(slot, content, c.text)
		got := ""
		switch {
		case bad != nil:
			got = bad.Key
		case w.fraction != nil:
			got = cell(slot, content, nil, &Step{Fraction: w.fraction})
		case w.response.Empty():
			got = "empty"
		case w.response.Text == waiting:
			got = "waits"
		default:
			if err := question.Check(content, *w.response); err != nil {
				t.Errorf("%s %q: %v", c.kind, c.text, err)
			}
			got = cell(slot, content, &Step{Response: w.response}, nil)
		}
		if got != c.want {
			t.Errorf("%s %q: %s, want %s", c.kind, c.text, got, c.want)
		}
	}
}

func FuzzCell(f *testing.F) {
	f.Add("1B2A", "=cmd()")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, c := range []question.Content{single("x"), short("y"), {Kind: question.Matching, Pairs: []question.Pair{{ID: "1", Left: a, Right: b}}}, {Kind: question.TrueFalse}} {
			w, bad := readCell(Slot{Number: 1, Points: 2}, c, a+b)
			if bad == nil && w.response != nil && question.Check(c, *w.response) != nil {
				t.Fatalf("%q gives a response that is refused: %+v", a+b, *w.response)
			}
		}
	})
}

// printedQuiz is a quiz of three choices of 4 points and a text of 8, with options in an order of the paper's own.
func (w *world) printedQuiz(set ...func(*Draft)) Quiz {
	w.Helper()
	ids := w.singles("纸", 3)
	return w.quiz(append(fixed(4, ids...), fixed(8, w.questions("纸", short("谈谈"))...)...), set...)
}

// right gives the letter of the right option, "a", of a slot of a paper, and a wrong one.
func (w *world) letters(q Quiz, label string, slot int) (right, wrong string) {
	w.Helper()
	p, err := w.Quizzes.Print(w.ctx, w.author(), q.ID, label, 0, false)
	w.ok(err)
	for i, option := range p.Item(slot - 1).Options {
		if option.ID == "a" {
			return string(rune('A' + i)), string(rune('A' + (i+1)%4))
		}
	}
	w.Fatal("no right option")
	return "", ""
}

func (w *world) evaluator(orgs ...string) policies.Actor {
	return policies.Actor{AccountID: "evaluator", Name: "阅卷人", Scope: orgs}
}

func TestAPaperIsAnAttempt(t *testing.T) {
	w := newWorld(t)
	q := w.printedQuiz(func(d *Draft) { d.Settings.Review.Open.Total = true })
	right1, _ := w.letters(q, "B", 1)
	_, wrong2 := w.letters(q, "B", 2)
	right3, _ := w.letters(q, "B", 3)
	w.clock.Set(monday.Add(3 * time.Hour)) // the window is over: it binds those on a screen
	by := w.evaluator(branchA)
	result := PaperResult{Label: "B", SatAt: monday.Add(time.Hour), Cells: []string{right1, wrong2, right3, ""}}
	row, err := w.Entries.Enter(w.ctx, by, q.ID, "m1", 1, 0, result)
	w.ok(err)
	if row.State != Grading || row.Score != nil || row.Cells[1] != wrong2 || row.Next != 0 || row.Blocked != "paper.no_attempts" {
		t.Fatalf("entered: %+v", row)
	}
	// The text waits in the queue as any other; marked there, the attempt has its result.
	queue, err := w.Marking.Answers(w.ctx, w.author(), q.ID, w.idOf(q, row.AttemptID, 4), false, 10, "")
	w.ok(err)
	if len(queue.Items) != 1 || queue.Items[0].Response.Text != waiting {
		t.Fatalf("queue %+v", queue.Items)
	}
	w.ok(w.mark(q.ID, queue.Items[0].AttemptKey, 4, 6, "不错"))
	a, err := w.desk.attempts.Get(w.ctx, row.AttemptID)
	w.ok(err)
	if a.State != Released || *a.Score != 14 || !a.StartedAt.Equal(monday.Add(time.Hour)) || !a.EndedAt.Equal(monday.Add(time.Hour)) || a.Label != "B" {
		t.Fatalf("marked: %+v", a)
	}
	// Entered again it changes nothing; another answer is a correction, with the revision that was seen and a reason.
	result.Cells[3] = "6"
	again, err := w.Entries.Enter(w.ctx, by, q.ID, "m1", 1, 0, result)
	w.ok(err)
	if again.Rev != a.Rev {
		t.Errorf("entering the same wrote revision %d over %d", again.Rev, a.Rev)
	}
	result.Cells[1] = ""
	_, err = w.Entries.Enter(w.ctx, by, q.ID, "m1", 1, 0, result)
	w.refused(err, "paper.stale")
	_, err = w.Entries.Enter(w.ctx, by, q.ID, "m1", 1, a.Rev, result)
	w.refused(err, "paper.invalid")
	right2, _ := w.letters(q, "B", 2)
	result.Cells[1], result.Reason = right2, "看错了字母"
	again, err = w.Entries.Enter(w.ctx, by, q.ID, "m1", 1, a.Rev, result)
	w.ok(err)
	if *again.Score != 18 || again.State != Released {
		t.Errorf("corrected: %+v", again)
	}
	sheet, err := w.Results.Sheet(w.ctx, by, q.ID, row.AttemptID, w.all())
	w.ok(err)
	if last := sheet.Steps[len(sheet.Steps)-1]; last.Kind != StepAnswer || last.By != "evaluator" || last.Note != "看错了字母" || len(sheet.Items) != 4 {
		t.Errorf("the history ends with %+v", last)
	}
	// It counts as any other, and its receipts hold.
	rows, err := w.Results.All(w.ctx, w.author(), q.ID, RowFilter{State: "taken"})
	w.ok(err)
	if len(rows) != 1 || rows[0].MemberID != "m1" || *rows[0].Score != 18 {
		t.Errorf("rows %+v", rows)
	}
	chain, err := w.Attempts.Receipts(w.ctx, as("m1", "phone"), row.AttemptID)
	w.ok(err)
	verdict, err := w.Attempts.VerifyChain(w.ctx, chain)
	w.ok(err)
	if !verdict.OK || !verdict.Kept || chain.Steps[0].Kind != StepPaper {
		t.Errorf("verdict %+v of %+v", verdict, chain.Steps[0])
	}
	_, err = w.Attempts.Save(w.ctx, as("m1", "phone"), row.AttemptID, "", []Answer{{ClientSeq: 1, Slot: 1, Response: choose("a")}})
	w.refused(err, "attempt.on_paper")
	_, err = w.Attempts.Takeover(w.ctx, as("m1", "phone"), row.AttemptID, "phone")
	w.refused(err, "attempt.on_paper")
	if got := strings.Join(w.trail.acts, " "); !strings.Contains(got, "paper.enter") || !strings.Contains(got, "paper.correct") {
		t.Errorf("trail %s", got)
	}
}

// idOf gives the question of a slot of an attempt.
func (w *world) idOf(q Quiz, attempt string, slot int) string {
	w.Helper()
	f, err := w.desk.facts(w.ctx, attempt)
	w.ok(err)
	return question.QuestionOf(f.paper.Slots[slot-1].Version)
}

func TestOnlyTheTotalIsKnown(t *testing.T) {
	w := newWorld(t)
	q := w.printedQuiz()
	by := w.evaluator(committee)

	w.clock.Advance(time.Hour)
	row, err := w.Entries.Enter(w.ctx, by, q.ID, "m1", 1, 0, PaperResult{Label: "A", SatAt: monday, Total: points(20)})
	w.ok(err)
	if *row.Score != 20 || *row.Percent != 100 || *row.Total != 20 || len(row.Cells) != 0 {
		t.Fatalf("%+v", row)
	}
	other := w.start(q, "m2", "pc")
	other.save(1, choose("a"))
	other.submit()
	st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{}, Sight{Bank: policies.Scope{committee}, Rows: policies.Scope{committee}})
	w.ok(err)
	if st.Taken != 2 {
		t.Errorf("%d taken", st.Taken)
	}
	for _, item := range st.Items {
		if item.N > 1 {
			t.Errorf("an item counts a paper of which only the total is known: %+v", item)
		}
	}
	review, err := w.Attempts.Review(w.ctx, as("m1", "pc"), row.AttemptID)
	w.ok(err)
	if len(review.Items) != 0 || review.Total == nil || review.Total.Score != 20 {
		t.Errorf("review %+v", review)
	}
	// The items become known later, and the total again.
	right, _ := w.letters(q, "A", 1)
	fix := PaperResult{Label: "A", SatAt: monday, Cells: []string{right, "", "", "5"}, Total: points(9), Reason: "补录各题"}
	row, err = w.Entries.Enter(w.ctx, by, q.ID, "m1", 1, row.Rev, fix)
	w.ok(err)
	if *row.Score != 9 || row.Total != nil || row.Cells[0] != right || row.Cells[3] != "5" {
		t.Errorf("items: %+v", row)
	}
	row, err = w.Entries.Enter(w.ctx, by, q.ID, "m1", 1, row.Rev, PaperResult{Label: "A", SatAt: monday, Total: points(0), Reason: "作弊"})
	w.ok(err)
	if *row.Score != 0 || *row.Total != 0 {
		t.Errorf("total: %+v", row)
	}
}

// A sheet says of an answer that only its mark was entered, and of one that is missing that there is none.
func TestAMarkHasItsAnswerOnPaper(t *testing.T) {
	w := newWorld(t)
	q := w.printedQuiz()
	right, _ := w.letters(q, "A", 1)
	w.clock.Advance(time.Hour)
	row, err := w.Entries.Enter(w.ctx, w.evaluator(branchA), q.ID, "m1", 1, 0, PaperResult{Label: "A", SatAt: monday, Cells: []string{right, "2分", "", "6"}})
	w.ok(err)
	sheet, err := w.Results.Sheet(w.ctx, w.author(), q.ID, row.AttemptID, w.all())
	w.ok(err)
	review, err := w.Attempts.Review(w.ctx, as("m1", "pc"), row.AttemptID)
	w.ok(err)
	for name, items := range map[string][]ReviewItem{"sheet": sheet.Items, "review": review.Items} {
		got := make([]bool, len(items))
		for i, item := range items {
			got[i] = item.OnPaper
		}
		if want := []bool{false, true, false, true}; !slices.Equal(got, want) {
			t.Errorf("%s: on paper %v, want %v", name, got, want)
		}
	}
}

func TestWhatIsNotEntered(t *testing.T) {
	w := newWorld(t)
	q := w.printedQuiz()
	right, _ := w.letters(q, "A", 1)
	w.clock.Advance(time.Hour)
	good := PaperResult{Label: "A", SatAt: monday, Cells: []string{right, "", "", "8"}}

	for name, c := range map[string]struct {
		change func(*PaperResult)
		path   string
		key    string
	}{
		"a label that is none":      {func(r *PaperResult) { r.Label = "G" }, "label", "paper.label"},
		"a version that is not":     {func(r *PaperResult) { r.Version = 9 }, "version", "unknown"},
		"no day":                    {func(r *PaperResult) { r.SatAt = time.Time{} }, "sat_at", "required"},
		"a day to come":             {func(r *PaperResult) { r.SatAt = monday.Add(14 * time.Hour) }, "sat_at", "paper.future"},
		"a day before the quiz":     {func(r *PaperResult) { r.SatAt = monday.Add(-25 * time.Hour) }, "sat_at", "paper.too_early"},
		"nothing":                   {func(r *PaperResult) { r.Cells = []string{"", " "} }, "total", "paper.nothing"},
		"a letter too far":          {func(r *PaperResult) { r.Cells = []string{"E", "", "", "8"} }, "cells[0]", "paper.letter"},
		"points above the maximum":  {func(r *PaperResult) { r.Cells = []string{right, "", "", "8.5"} }, "cells[3]", "out_of_range"},
		"more items than there are": {func(r *PaperResult) { r.Cells = []string{right, "", "", "8", "A"} }, "cells[4]", "paper.too_many"},
		"a total that differs":      {func(r *PaperResult) { r.Total = points(11) }, "total", "paper.total_differs"},
		"a total above the maximum": {func(r *PaperResult) { r.Cells, r.Total = nil, points(20.5) }, "total", "out_of_range"},
	} {
		r := good
		c.change(&r)
		_, err := w.Entries.Enter(w.ctx, w.evaluator(committee), q.ID, "m1", 1, 0, r)
		fields := fault.FieldsOf(err)
		if fault.KeyOf(err) != "paper.invalid" || len(fields) != 1 || fields[0].Path != c.path || fields[0].Key != c.key {
			t.Errorf("%s: %v %+v", name, err, fields)
		}
	}
	enter := func(by policies.Actor, member string, number int) error {
		_, err := w.Entries.Enter(w.ctx, by, q.ID, member, number, 0, good)
		return err
	}
	w.refused(enter(w.evaluator(branchB), "m1", 1), "paper.member_unknown")
	w.refused(enter(w.evaluator("elsewhere"), "m1", 1), "quiz.not_found")
	w.refused(enter(w.evaluator(committee), "nobody", 1), "paper.member_unknown")
	w.refused(enter(w.evaluator(committee), "m1", 2), "paper.stale")
	w.start(q, "m2", "pc")
	w.refused(enter(w.evaluator(committee), "m2", 2), "paper.running")
	done := w.start(q, "m3", "pc")
	done.submit()
	w.refused(enter(w.evaluator(committee), "m3", 2), "paper.no_attempts")
	w.refused(enter(w.evaluator(committee), "m3", 1), "paper.on_screen")
	draft := w.draft(fixed(1, w.singles("稿", 1)...))
	_, err := w.Entries.Enter(w.ctx, w.evaluator(committee), draft.ID, "m1", 1, 0, good)
	w.refused(err, "paper.quiz_state")
	w.ok(enter(w.evaluator(committee), "m1", 1))
	other := good
	other.Label = "B"
	_, err = w.Entries.Enter(w.ctx, w.evaluator(committee), q.ID, "m1", 1, 1, other)
	w.refused(err, "paper.other_label")
}

func TestAWorkbookOfResults(t *testing.T) {
	w := newWorld(t)
	w.roll.takers["m5"] = Taker{MemberID: "m5", Name: "党员m4", Path: []string{committee, branchB}, Stage: "full"}
	q := w.printedQuiz()
	by := w.evaluator(committee)
	w.clock.Advance(time.Hour)
	right, wrong := w.letters(q, "A", 1)
	_, wrong3 := w.letters(q, "A", 3) // items shuffle their options each for itself
	_, template, err := w.Entries.Template(w.ctx, by, q.ID, 0, branchA)
	w.ok(err)
	cells, err := spreadsheet.Read(template)
	w.ok(err)
	if len(cells) != 3 || cells[0][0] != "人员标识" || cells[0][6] != "第1题" || cells[0][10] != "总分" || cells[1][0] != "m1" || cells[2][2] != "第一支部" {
		t.Fatalf("template %q", cells)
	}
	done := w.start(q, "m3", "pc")
	done.submit()
	preview := func(rows ...[]any) PaperImport {
		t.Helper()
		table := append([][]any{{"姓名", "人员标识", "卷别", "考试日期", "缺考", "1", "2", "3", "4", "总分"}}, rows...)
		book, err := spreadsheet.XLSX("成绩", table)
		w.ok(err)
		m, err := w.Entries.Preview(w.ctx, by, q.ID, Upload{File: "成绩.xlsx", Data: book, Zone: time.UTC, SatOn: monday})
		w.ok(err)
		return m
	}
	good := [][]any{{"党员m1", "", "A卷", "2026-03-02", "", right, "", wrong3, 8, 12}, {"", "m2", "b", 46083, "", "", "", "", "", 15}, {"党员m4", "m4", "", "", "缺考"}}
	bad := [][]any{
		{"党员m1", "", "A", "", "", right, "", "", 8},         // the second row of m1
		{"=HYPERLINK(1)", "", "A", "", "", right},           // nobody
		{"党员m4", "", "A", "", "", right},                    // two have this name
		{"党员m1", "m5", "A", "", "", right},                  // another's identifier
		{"", "m5", "H", "昨天", "也许", "Z", "", "", 9, "=1+1"}, // five things at once
		{"", "m3", "A", "", "", right, "", "", 8},           // answered on a screen
	}
	m := preview(append(good, bad...)...)
	if m.Rows != 9 || m.New != 2 || m.Absent != 1 || m.Errors != 6 || m.New+m.Same+m.Absent+m.Errors != m.Rows {
		t.Fatalf("%+v", m)
	}
	var got []string
	for _, p := range m.Problems {
		got = append(got, fmt.Sprintf("%d %s %s", p.Row, p.Column, p.Code))
	}
	want := "5 姓名 paper.twice|6 姓名 paper.member_unknown|7 姓名 paper.member_ambiguous|8 姓名 paper.member_differs|" +
		"9 卷别 paper.label|9 考试日期 date.invalid|9 总分 paper.number|9 缺考 paper.absent_word|10 姓名 paper.no_attempts"
	if strings.Join(got, "|") != want {
		t.Errorf("problems %s", strings.Join(got, "|"))
	}
	if long := preview([]any{"", "m5", "A", "", "", strings.Repeat("A", 32000), "", "", "8"}); long.Errors != 1 || long.Problems[0].Code != "paper.letter" {
		t.Errorf("a cell without end: %+v", long)
	}
	if rows, err := w.Results.All(w.ctx, w.author(), q.ID, RowFilter{State: "taken"}); err != nil || len(rows) != 1 {
		t.Fatalf("the dry run entered something: %+v %v", rows, err)
	}
	_, err = w.Entries.Confirm(w.ctx, policies.Actor{AccountID: "other", Scope: policies.Scope{committee}}, m.ID)
	w.refused(err, "paper_import.not_found")
	m, err = w.Entries.Confirm(w.ctx, by, m.ID)
	w.ok(err)
	if m.State != PaperConfirmed || m.Entered != 2 || m.Lines != nil {
		t.Fatalf("confirmed %+v", m)
	}
	a, err := w.desk.attempts.Get(w.ctx, AttemptID(q.ID, "m2", 1))
	w.ok(err)
	if *a.Score != 15 || a.Label != "B" {
		t.Errorf("m2: %+v", a)
	}
	// Twice changes nothing; a difference is told, not written.
	again := preview(good...)
	if again.New != 0 || again.Same != 2 || again.Errors != 0 {
		t.Errorf("again %+v", again)
	}
	if again, err = w.Entries.Confirm(w.ctx, by, again.ID); err != nil || again.Entered != 0 {
		t.Errorf("again %+v %v", again, err)
	}
	other := preview([]any{"党员m1", "", "A", "", "", wrong, "", wrong, 8})
	if other.Errors != 1 || other.Problems[0].Code != "paper.entered" {
		t.Errorf("other %+v", other)
	}
	// Undone as a batch; what was corrected since stays and is named.
	w.clock.Advance(time.Minute)
	row, err := w.Entries.Enter(w.ctx, by, q.ID, "m2", 1, a.Rev, PaperResult{Label: "B", SatAt: monday, Total: points(16), Reason: "漏加一分"})
	w.ok(err)
	if *row.Score != 16 {
		t.Errorf("%+v", row)
	}
	m, err = w.Entries.UndoImport(w.ctx, by, m.ID)
	w.ok(err)
	if m.Removed != 1 || strings.Join(m.Kept, " ") != "党员m2" || m.State != PaperUndone {
		t.Errorf("undone %+v", m)
	}
	if m, err = w.Entries.UndoImport(w.ctx, by, m.ID); err != nil || m.Removed != 1 {
		t.Errorf("undone twice %+v %v", m, err)
	}
	if back := preview(good...); back.New != 1 || back.Errors != 1 { // m2 says another total now
		t.Errorf("after undoing %+v", back)
	}
	w.clock.Advance(25 * time.Hour)
	_, err = w.Repair(w.ctx)
	w.ok(err)
	left, err := w.Entries.Imports(w.ctx, by, q.ID)
	w.ok(err)
	if len(left) != 2 {
		t.Errorf("%d imports left, want the two that were confirmed", len(left))
	}
}

// points gives a total.
func points(x float64) *float64 { return &x }
