package exam

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/policies"
)

func TestMarkingAndRelease(t *testing.T) {
	w := newWorld(t)
	ids := append(w.singles("一", 1), w.questions("简答", short("谈谈体会"))...)
	q := w.quiz(append(fixed(4, ids[0]), fixed(6, ids[1])...), func(d *Draft) { d.Settings.ManualRelease = true })
	for i, member := range []string{"m1", "m2", "m3"} {
		m := w.start(q, member, "phone")
		m.save(m.slotOf(ids[0]), choose("a"))
		if i < 2 {
			m.save(m.slotOf(ids[1]), question.Response{Text: "体会" + member})
		}
		m.submit()
	}
	queue, err := w.Marking.Queue(w.ctx, w.author(), q.ID)
	w.ok(err)
	if len(queue) != 1 || queue[0].Pending != 2 || queue[0].Marked != 0 || queue[0].Points != 6 {
		t.Fatalf("queue %+v", queue)
	}
	page, err := w.Marking.Answers(w.ctx, w.author(), q.ID, ids[1], false, 50, "")
	w.ok(err)
	text, err := json.Marshal(page)
	w.ok(err)
	if len(page.Items) != 2 || strings.Contains(string(text), "党员") || strings.Contains(string(text), q.ID) {
		t.Fatalf("answers %s", text)
	}
	first := page.Items[0]
	for _, c := range []struct {
		points float64
		key    string
	}{{-0.01, "mark.out_of_range"}, {6.01, "mark.out_of_range"}, {6, ""}, {0, ""}, {4.5, ""}} {
		err := w.mark(q.ID, first.AttemptKey, first.Slot, c.points, "评语")
		w.refused(err, c.key)
	}
	w.refused(w.mark("other", first.AttemptKey, first.Slot, 1, ""), "quiz.not_found")
	w.refused(w.mark(q.ID, "unknown", 1, 1, ""), "attempt.not_found")
	w.refused(w.mark(q.ID, first.AttemptKey, 3, 1, ""), "attempt.no_slot")
	marked, err := w.Marking.Answers(w.ctx, w.author(), q.ID, ids[1], true, 50, "")
	w.ok(err)
	if len(marked.Items) != 1 || *marked.Items[0].Mark != 4.5 || marked.Items[0].By != "author" {
		t.Fatalf("marked %+v", marked.Items)
	}

	count, err := w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{})
	w.ok(err)
	if count.Released != 2 || count.Pending != 1 { // the marked one, and the one that left the item empty
		t.Fatalf("release %+v", count)
	}
	day, err := w.Quizzes.Get(w.ctx, w.author(), q.ID)
	w.ok(err)
	w.clock.Advance(time.Minute)
	count, err = w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{})
	w.ok(err)
	if count.Released != 0 || count.Pending != 1 {
		t.Fatalf("again %+v", count)
	}
	if again, err := w.Quizzes.Get(w.ctx, w.author(), q.ID); err != nil || !again.ReleasedAt.Equal(*day.ReleasedAt) {
		t.Errorf("a release of nothing moved the day from %v to %v", day.ReleasedAt, again.ReleasedAt)
	}
	rest, err := w.Marking.Answers(w.ctx, w.author(), q.ID, ids[1], false, 50, "")
	w.ok(err)
	w.ok(w.mark(q.ID, rest.Items[0].AttemptKey, rest.Items[0].Slot, 6, ""))
	if _, err := w.Marking.Queue(w.ctx, policies.Actor{Scope: policies.Scope{branchA}}, q.ID); err == nil {
		t.Fatal("an evaluator of a branch reaches the committee's quiz")
	}
}

// Nothing leaks before it is due: for each phase, what the member's review says.
func TestReviewMatrix(t *testing.T) {
	only := func(set func(*ReviewShows)) ReviewShows { var s ReviewShows; set(&s); return s }
	columns := map[string]ReviewShows{
		"responses":    only(func(s *ReviewShows) { s.Responses = true }),
		"correctness":  only(func(s *ReviewShows) { s.Correctness = true }),
		"marks":        only(func(s *ReviewShows) { s.Marks = true }),
		"feedback":     only(func(s *ReviewShows) { s.Feedback = true }),
		"explanation":  only(func(s *ReviewShows) { s.Explanation = true }),
		"right_answer": only(func(s *ReviewShows) { s.RightAnswer = true }),
		"total":        only(func(s *ReviewShows) { s.Total = true }),
		"nothing":      {},
	}
	signs := map[string]string{"responses": `"response":`, "correctness": `"correct":`, "marks": `"mark":`, "feedback": `"feedback":"`,
		"explanation": `"explanation":"`, "right_answer": `"right_answer":{`, "total": `"total":{`}
	phases := map[Phase]func(*ReviewMatrix, ReviewShows){
		RightAfter: func(m *ReviewMatrix, s ReviewShows) { m.After = s },
		WhileOpen:  func(m *ReviewMatrix, s ReviewShows) { m.Open = s },
		AfterClose: func(m *ReviewMatrix, s ReviewShows) { m.Closed = s },
	}
	w := newWorld(t)
	ids := w.singles("一", 2)
	for phase, put := range phases {
		for _, manual := range []bool{false, true} {
			for name, shows := range columns {
				w.clock.Set(monday)
				q := w.quiz(fixed(1, ids...), func(d *Draft) {
					d.Settings.Review = ReviewMatrix{}
					put(&d.Settings.Review, shows)
					d.Settings.ManualRelease = manual
				})
				m := w.start(q, "m1", "phone")
				m.answer(1)
				m.submit()
				look := func() string {
					r, err := w.Attempts.Review(w.ctx, m.actor, m.sheet.Attempt.ID)
					w.ok(err)
					want := phase
					if manual && m.stored().ReleasedAt == nil {
						want = NotReleased
					}
					if r.Phase != want {
						t.Fatalf("phase %s, want %s", r.Phase, want)
					}
					r.Shows = ReviewShows{}
					text, err := json.Marshal(r)
					w.ok(err)
					return string(text)
				}
				switch phase {
				case RightAfter:
					w.clock.Advance(2*time.Minute - time.Millisecond)
				case WhileOpen:
					w.clock.Advance(2 * time.Minute)
				case AfterClose:
					w.clock.Set(monday.Add(2 * time.Hour))
				}
				text := look()
				for column, sign := range signs {
					due := column == name && (!manual || column == "responses")
					if strings.Contains(text, sign) != due {
						t.Errorf("%s, manual %v, only %s: %s is %v", phase, manual, name, column, !due)
					}
				}
				if strings.Contains(text, `"score":`) != (name == "total" && !manual) {
					t.Errorf("%s, manual %v, only %s: score in %s", phase, manual, name, text)
				}
			}
		}
	}
}

func TestResultsAndStatistics(t *testing.T) {
	w := newWorld(t)
	for i := 5; i <= 8; i++ {
		w.member(fmt.Sprintf("m%d", i), []string{branchA, branchB}[(i+1)%2]) // odd: A, even: B
	}
	ids := w.singles("一", 4)
	q := w.quiz(fixed(1, ids...), func(d *Draft) { d.Settings.Attempts = 2 })
	take := func(member string, right int) *taking {
		m := w.start(q, member, "phone")
		m.answer(right)
		m.submit()
		return m
	}
	take("m1", 4) // A 100
	take("m3", 2) // A 50
	take("m3", 3) // A 75, the best counts
	take("m2", 0) // B 0
	take("m4", 1) // B 25
	void := take("m6", 4)
	_, err := w.Marking.Void(w.ctx, w.author(), void.sheet.Attempt.ID, "替考")
	w.ok(err)
	w.start(q, "m5", "phone") // A, running
	w.clock.Advance(3 * time.Second)
	st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{}, Sight{Bank: policies.Scope{committee}, Rows: policies.Scope{committee}})
	w.ok(err)
	if st.Due != 8 || st.Taken != 4 || st.Absent != 0 || st.NotYet != 3 || st.Passed != 2 || *st.Mean != 50 || *st.Median != 50 || *st.Min != 0 || *st.Max != 100 {
		t.Fatalf("%+v mean %v median %v", st, *st.Mean, *st.Median)
	}
	if len(st.ByOrg) != 3 {
		t.Fatalf("by org %+v", st.ByOrg)
	}
	for i, want := range []OrgCount{{OrgID: committee, Due: 8, Taken: 4, NotYet: 3, Passed: 2}, {OrgID: branchA, Due: 4, Taken: 2, NotYet: 1, Passed: 2}, {OrgID: branchB, Due: 4, Taken: 2, NotYet: 2, Passed: 0}} {
		got := st.ByOrg[i]
		if got.OrgID != want.OrgID || got.Due != want.Due || got.Taken != want.Taken || got.NotYet != want.NotYet || got.Absent != want.Absent || got.Passed != want.Passed {
			t.Errorf("%s: %+v", want.OrgID, got)
		}
	}
	if *st.ByOrg[1].Mean != 87.5 || *st.ByOrg[2].Mean != 12.5 {
		t.Errorf("means %v %v", *st.ByOrg[1].Mean, *st.ByOrg[2].Mean)
	}
	counts := map[float64]int{}
	for _, b := range st.Distribution {
		counts[b.From] = b.Count
	}
	if counts[0] != 1 || counts[20] != 1 || counts[70] != 1 || counts[90] != 1 {
		t.Errorf("distribution %+v", st.Distribution)
	}
	// First attempts: m1 4, m3 2, m2 0, m4 1 right, of the items in order.
	want := map[string]float64{ids[0]: 0.75, ids[1]: 0.5, ids[2]: 0.25, ids[3]: 0.25}
	for _, item := range st.Items {
		if item.N != 4 || item.Answered != 4 || *item.Facility != want[item.QuestionID] || item.Stem == "" {
			t.Errorf("item %+v facility %v", item, *item.Facility)
		}
	}

	rows, total, err := w.Results.Rows(w.ctx, w.author(), q.ID, RowFilter{Org: branchA}, w.all(), 3, "")
	w.ok(err)
	if total != 4 || len(rows.Items) != 3 || rows.Next == "" {
		t.Fatalf("%d rows, next %q", total, rows.Next)
	}
	rest, _, err := w.Results.Rows(w.ctx, w.author(), q.ID, RowFilter{Org: branchA}, w.all(), 3, rows.Next)
	w.ok(err)
	if len(rest.Items) != 1 || rest.Next != "" {
		t.Fatalf("the rest %+v", rest)
	}
	for state, n := range map[string]int{"not_yet": 3, "absent": 0, "taken": 4, "passed": 2, "failed": 2, "open": 1, "pending": 0} {
		if _, total, err := w.Results.Rows(w.ctx, w.author(), q.ID, RowFilter{State: state}, w.all(), 50, ""); err != nil || total != n {
			t.Errorf("%s: %d, %v", state, total, err)
		}
	}
	// A branch sees its own members in the committee's quiz; a stranger sees no quiz at all.
	branch := policies.Actor{Scope: policies.Scope{branchB}}
	all, err := w.Results.All(w.ctx, branch, q.ID, RowFilter{})
	w.ok(err)
	if len(all) != 4 || slices.ContainsFunc(all, func(r Row) bool { return r.OrgID != branchB }) {
		t.Fatalf("the branch sees %d rows", len(all))
	}
	st, err = w.Results.Statistics(w.ctx, branch, q.ID, StatisticsAsk{}, Sight{Bank: policies.Scope{committee}, Rows: policies.Scope{committee}})
	w.ok(err)
	if st.Due != 4 || len(st.ByOrg) != 1 || st.Items[0].N != 2 {
		t.Fatalf("the branch's statistics %+v", st)
	}
	for scope, want := range map[string]string{committee: "1 true 1", branchB: "1 false 0", "elsewhere": "0"} {
		quizzes, err := w.Marking.Quizzes(w.ctx, policies.Actor{Scope: policies.Scope{scope}})
		w.ok(err)
		got := fmt.Sprint(len(quizzes))
		if len(quizzes) > 0 {
			got = fmt.Sprint(len(quizzes), quizzes[0].Own, len(quizzes[0].Sections))
		}
		if got != want {
			t.Errorf("%s sees %s, want %s", scope, got, want)
		}
	}
	_, err = w.Results.All(w.ctx, policies.Actor{Scope: policies.Scope{"elsewhere"}}, q.ID, RowFilter{})
	w.refused(err, "quiz.not_found")
}

// Two processes sweep at once: each attempt ends once, with its own deadline.
func TestTwoProcessesSweep(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		w.member(fmt.Sprintf("n%d", i), branchA)
	}
	q := w.quiz(fixed(1, w.singles("一", 2)...))
	for i := range 60 {
		m := w.start(q, fmt.Sprintf("n%d", i), "phone")
		m.save(1, choose("a"))
		w.clock.Advance(time.Second)
	}
	other := w.process()
	w.clock.Set(monday.Add(30*time.Minute + 30*time.Second))
	var wg sync.WaitGroup
	for _, p := range []*world{w, other} {
		wg.Go(func() {
			if _, err := p.Sweep(w.ctx); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	ended := 0
	err := w.desk.ofQuiz(w.ctx, q.ID, "", func(a *Attempt) error {
		end := a.StartedAt.Add(30 * time.Minute)
		if a.State == Released {
			ended++
			if !a.EndedAt.Equal(end) || len(a.Steps) != 3 {
				t.Errorf("%s ended at %v with %d steps", a.ID, a.EndedAt, len(a.Steps))
			}
		} else if !w.clock.Now().Before(end) {
			t.Errorf("%s is %s after its deadline", a.ID, a.State)
		}
		return nil
	})
	w.ok(err)
	if ended != 31 { // those that started in the first 30 seconds, both ends
		t.Errorf("%d ended", ended)
	}
}

func TestCards(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 1)
	titled := func(title string, opens, closes time.Time) func(*Draft) {
		return func(d *Draft) {
			d.Title, d.Settings.Opens, d.Settings.Closes = title, &opens, &closes
			d.Settings.Password = "秘密口令"
		}
	}
	w.quiz(fixed(1, ids...), titled("今天", monday, monday.Add(time.Hour)))
	w.quiz(fixed(1, ids...), titled("今天早些", monday, monday.Add(30*time.Minute)))
	w.quiz(fixed(1, ids...), func(d *Draft) { d.Title = "不限" })
	w.quiz(fixed(1, ids...), titled("明天", monday.Add(24*time.Hour), monday.Add(25*time.Hour)))
	missed := w.quiz(fixed(1, ids...), titled("昨天", monday.Add(-time.Hour), monday))
	closed := w.quiz(fixed(1, ids...), titled("提前结束", monday, monday.Add(time.Hour)))
	_, err := w.Quizzes.Close(w.ctx, w.author(), closed.ID, 0)
	w.ok(err)
	archived := w.quiz(fixed(1, ids...), titled("归档", monday, monday.Add(time.Hour)))
	_, err = w.Quizzes.Archive(w.ctx, w.author(), archived.ID, 0)
	w.refused(err, "quiz.transition")
	_, err = w.Quizzes.Close(w.ctx, w.author(), archived.ID, 0)
	w.ok(err)
	_, err = w.Quizzes.Archive(w.ctx, w.author(), archived.ID, 0)
	w.ok(err)
	w.draft(fixed(1, ids...))
	w.quiz(fixed(1, ids...), func(d *Draft) { d.Audience = Audience{Orgs: []string{branchB}} })
	cards, err := w.Attempts.Cards(w.ctx, as("m1", "phone"))
	w.ok(err)
	var got []string
	for _, c := range cards {
		got = append(got, string(c.State)+" "+c.Title)
		if c.OrgName != "机关党委" {
			t.Errorf("organisation %q", c.OrgName)
		}
	}
	want := []string{"open 今天早些", "open 今天", "open 不限", "coming 明天", "missed 提前结束", "missed 昨天"}
	if !slices.Equal(got, want) {
		t.Errorf("cards %v", got)
	}
	door, err := w.Attempts.Door(w.ctx, as("m1", "phone"), missed.ID)
	w.ok(err)
	text, err := json.Marshal([]any{cards, door})
	w.ok(err)
	if strings.Contains(string(text), "秘密口令") || door.CanStart || door.Reason != "exam.closed" {
		t.Errorf("door %s", text)
	}
	due, err := w.Attempts.Due(w.ctx, as("m1", "phone"))
	w.ok(err)
	if len(due) != 4 || due[0].Kind != "exam_open" || due[0].Detail["again"] != false || due[3].Kind != "exam_coming" {
		t.Errorf("due %+v", due)
	}
}

// A failed exam is due again while an attempt is left and the pause is over; a passed one is not.
func TestDueAgain(t *testing.T) {
	kinds := func(w *world, member string) []string {
		t.Helper()
		due, err := w.Attempts.Due(w.ctx, as(member, "phone"))
		w.ok(err)
		list := []string{}
		for _, d := range due {
			if d.Detail["again"] == true {
				d.Kind += " again"
			}
			list = append(list, d.Kind)
		}
		return list
	}
	w := newWorld(t)
	quiz := w.quiz(fixed(1, w.singles("一", 2)...), func(d *Draft) {
		d.Settings.Attempts, d.Settings.Wait, d.Settings.PassPercent = 2, 60, 60
	})
	expect := func(step, member string, want ...string) {
		t.Helper()
		if got := kinds(w, member); !slices.Equal(got, want) {
			t.Errorf("%s: due %v, want %v", step, got, want)
		}
	}
	passed := w.start(quiz, "m1", "phone")
	expect("running", "m1", "exam_resume")
	passed.answer(2)
	passed.submit()
	failed := w.start(quiz, "m2", "phone")
	failed.answer(0)
	failed.submit()
	expect("failed, pause", "m2", "result_released")
	w.clock.Advance(time.Minute)
	expect("passed", "m1", "result_released")
	expect("failed, pause over", "m2", "exam_open again", "result_released")
	again := w.start(quiz, "m2", "phone")
	expect("second attempt", "m2", "exam_resume", "result_released")
	again.answer(0)
	again.submit()
	w.clock.Advance(time.Minute)
	expect("no attempt left", "m2", "result_released")
}

func TestPublishing(t *testing.T) {
	w := newWorld(t)
	w.singles("一", 7)
	q := w.draft([]Entry{drawn(10, 1, "一")})
	_, err := w.Quizzes.Publish(w.ctx, w.author(), q.ID, q.Rev)
	w.refused(err, "quiz.shortage")
	check, err := w.Quizzes.Check(w.ctx, w.author(), q.ID)
	w.ok(err)
	if len(check.Shortages) != 1 || check.Shortages[0] != (Shortage{1, 1, 1, 10, 7, 7, 7}) || check.Audience != 4 || check.Items != 10 {
		t.Fatalf("check %+v", check)
	}
	w.singles("一", 3)
	q, err = w.Quizzes.Publish(w.ctx, w.author(), q.ID, q.Rev)
	w.ok(err)
	if q.Status != QuizPublished || q.Number != 1 || q.Dirty {
		t.Fatalf("%+v", q)
	}
	w.refused(w.Quizzes.Delete(w.ctx, w.author(), q.ID), "quiz.published")

	// A version that a crash left behind is not touched.
	v, err := w.desk.versions.Get(w.ctx, versionID(q.ID, 1))
	w.ok(err)
	v.Meta, v.Number = metaOf(versionID(q.ID, 2)), 2
	w.ok(w.desk.versions.Insert(w.ctx, &v))
	q, err = w.Quizzes.Save(w.ctx, w.author(), q.ID, q.Rev, Draft{Title: "第二版", Settings: q.Settings, Sections: q.Sections, Audience: q.Audience})
	w.ok(err)
	q, err = w.Quizzes.Publish(w.ctx, w.author(), q.ID, 0)
	w.ok(err)
	if q.Number != 3 {
		t.Fatalf("number %d", q.Number)
	}
	_, err = w.Quizzes.Save(w.ctx, w.author(), q.ID, q.Rev-1, Draft{Title: "x"})
	w.refused(err, "quiz.stale")

	empty := w.draft(nil, func(d *Draft) { d.Audience = Audience{} })
	_, err = w.Quizzes.Publish(w.ctx, w.author(), empty.ID, 0)
	w.refused(err, "quiz.not_ready")
	twice := w.singles("二", 1)
	_, err = w.Quizzes.Publish(w.ctx, w.author(), w.draft(fixed(1, twice[0], twice[0])).ID, 0)
	w.refused(err, "quiz.not_ready")
	_, err = w.Quizzes.Get(w.ctx, policies.Actor{Scope: policies.Scope{branchA}}, q.ID)
	w.refused(err, "quiz.not_found")
	sheet, err := w.Quizzes.Preview(w.ctx, w.author(), q.ID, "1")
	w.ok(err)
	other, err := w.Quizzes.Preview(w.ctx, w.author(), q.ID, "2")
	w.ok(err)
	if len(sheet.Items) != 10 || fmt.Sprint(sheet.Items) == fmt.Sprint(other.Items) {
		t.Fatal("every seed gives the same preview")
	}
}
