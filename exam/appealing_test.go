package exam

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/policies"
)

func TestAppealTransitions(t *testing.T) {
	ways := map[AppealState][]AppealState{AppealOpen: {AppealUpheld, AppealRejected, AppealWithdrawn}, AppealWithdrawn: {AppealOpen}}
	for _, from := range AppealStates() {
		for _, to := range AppealStates() {
			if err := from.To(to); (err == nil) != slices.Contains(ways[from], to) {
				t.Errorf("%s -> %s: %v", from, to, err)
			}
		}
	}
}

// Both sides of both ends of the window.
func TestAppealWindow(t *testing.T) {
	day := 24 * time.Hour
	for _, c := range []struct {
		days int
		at   time.Duration // after the release
		key  string
	}{
		{0, 0, "appeal.none"}, {1, -time.Millisecond, "appeal.not_released"}, {1, 0, ""}, {1, day - time.Millisecond, ""}, {1, day, "appeal.over"},
		{7, 7*day - time.Millisecond, ""}, {7, 7 * day, "appeal.over"},
	} {
		a := Attempt{State: Released, ReleasedAt: when(monday)}
		err := a.appealable(c.days, monday.Add(c.at))
		w := world{TB: t}
		w.refused(err, c.key)
	}
	for _, state := range States() {
		a := Attempt{State: state, ReleasedAt: when(monday)}
		if err := a.appealable(1, monday); (err == nil) != (state == Released) {
			t.Errorf("%s: %v", state, err)
		}
	}
}

func TestAppealUpheld(t *testing.T) {
	w := newWorld(t)
	w.roll.graders = []string{"author", "chief"}
	ids := append(w.singles("一", 1), w.questions("简答", short("谈谈体会"))...)
	q := w.quiz(append(fixed(4, ids[0]), fixed(6, ids[1])...), func(d *Draft) { d.Settings.ManualRelease, d.Settings.AppealDays = true, 7 })
	m := w.start(q, "m1", "phone")
	slot := m.slotOf(ids[1])
	m.save(m.slotOf(ids[0]), choose("a"))
	m.save(slot, question.Response{Text: "体会"})
	m.submit()
	a := m.stored()
	_, err := w.Appeals.File(w.ctx, m.actor, a.ID, slot, "我写到了要点")
	w.refused(err, "appeal.not_released")
	w.ok(w.mark(q.ID, a.Blind, slot, 1, "要点不全"))
	_, err = w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{})
	w.ok(err)

	for _, c := range []struct {
		actor policies.Actor
		slot  int
		text  string
		key   string
	}{
		{as("m2", "phone"), slot, "x", "attempt.not_found"}, {m.actor, 0, "x", "attempt.no_slot"}, {m.actor, 3, "x", "attempt.no_slot"},
		{m.actor, slot, " \n", "text.invalid"}, {m.actor, slot, strings.Repeat("长", 1001), "text.invalid"}, {w.author(), slot, "x", "attempt.not_found"},
		{m.actor, m.slotOf(ids[0]), "x", "appeal.all_points"}, {m.actor, slot, strings.Repeat("长", 1000), ""}, {m.actor, slot, "再来", "appeal.exists"},
	} {
		_, err := w.Appeals.File(w.ctx, c.actor, a.ID, c.slot, c.text)
		w.refused(err, c.key)
	}
	_, err = w.Appeals.Withdraw(w.ctx, as("m2", "phone"), a.ID, slot)
	w.refused(err, "appeal.not_found")
	_, err = w.Appeals.Withdraw(w.ctx, m.actor, a.ID, slot)
	w.ok(err)
	_, err = w.Appeals.Add(w.ctx, m.actor, a.ID, slot, "还有")
	w.refused(err, "appeal.settled")
	p, err := w.Appeals.File(w.ctx, m.actor, a.ID, slot, "想好了")
	w.ok(err)

	page, counts, err := w.Appeals.List(w.ctx, w.chief(), AppealFilter{State: AppealOpen, QuizID: q.ID}, 50, "")
	w.ok(err)
	text, err := json.Marshal(page)
	w.ok(err)
	if len(page.Items) != 1 || counts[AppealOpen] != 1 || counts[AppealUpheld] != 0 || strings.Contains(string(text), `"m1"`) || strings.Contains(string(text), a.ID) {
		t.Fatalf("queue %s %v", text, counts)
	}
	if n, err := w.Appeals.Waiting(w.ctx, w.chief()); err != nil || n != 1 {
		t.Fatalf("%d wait, %v", n, err)
	}
	branch := policies.Actor{AccountID: "x", Scope: policies.Scope{branchA}}
	if page, _, err := w.Appeals.List(w.ctx, branch, AppealFilter{}, 50, ""); err != nil || len(page.Items) != 0 {
		t.Fatalf("a branch sees the committee's: %v %v", page, err)
	}
	_, err = w.Appeals.Get(w.ctx, branch, p.ID)
	w.refused(err, "appeal.not_found")
	itself := w.chief()
	itself.MemberID = "m1"
	_, err = w.Appeals.Get(w.ctx, itself, p.ID)
	w.refused(err, "appeal.not_found")

	_, err = w.Appeals.Answer(w.ctx, w.chief(), p.ID, "请说明是哪一点")
	w.ok(err)
	_, err = w.Appeals.Add(w.ctx, m.actor, a.ID, slot, "第二点")
	w.ok(err)
	seen, err := w.Appeals.Get(w.ctx, w.author(), p.ID)
	w.ok(err)
	if !seen.Marked || !seen.Others || len(seen.Given) != 1 || !seen.Given[0].Mine || *seen.Item.Mark != 1 || seen.Question != ids[1] || len(seen.Messages) != 4 || seen.Answered {
		t.Fatalf("%+v", seen)
	}
	for _, c := range []struct {
		actor   policies.Actor
		verdict AppealVerdict
		key     string
	}{
		{w.author(), AppealVerdict{Mark: ptr(3.0), Reason: "r"}, "appeal.own_mark"}, {w.chief(), AppealVerdict{Mark: ptr(3.0)}, "text.invalid"},
		{w.chief(), AppealVerdict{Mark: ptr(0.9), Reason: "r"}, "mark.out_of_range"}, {w.chief(), AppealVerdict{Mark: ptr(6.1), Reason: "r"}, "mark.out_of_range"},
		{branch, AppealVerdict{Reason: "r"}, "appeal.not_found"},
	} {
		_, err := w.Appeals.Decide(w.ctx, c.actor, p.ID, c.verdict)
		w.refused(err, c.key)
	}
	w.clock.Advance(8 * 24 * time.Hour) // the window is for filing, not for deciding
	_, err = w.Appeals.Decide(w.ctx, w.chief(), p.ID, AppealVerdict{Mark: ptr(5.0), Reason: "第二点成立"})
	w.ok(err)
	_, err = w.Appeals.Decide(w.ctx, w.chief(), p.ID, AppealVerdict{Reason: "改主意"})
	w.refused(err, "appeal.settled")
	after := m.stored()
	last := after.Steps[len(after.Steps)-1]
	if *after.Score != 9 || last.Kind != StepMark || last.About != p.ID || last.By != "chief" || after.State != Released {
		t.Fatalf("%v points by %+v", *after.Score, last)
	}
	review, err := w.Attempts.Review(w.ctx, m.actor, a.ID)
	w.ok(err)
	text, err = json.Marshal(review)
	w.ok(err)
	if len(review.Changes) != 1 || !review.Changes[0].Appeal || review.Appeals == nil || review.Appeals.Open || review.Appeals.List[0].State != AppealUpheld ||
		*review.Appeals.List[0].From != 1 || strings.Contains(string(text), "chief") || strings.Contains(string(text), `"author"`) {
		t.Fatalf("what the member sees: %s", text)
	}
	if !review.Items[slot-1].Appealed || review.Items[2-slot].Appealed {
		t.Error("whether the mark answers an appeal")
	}
	due, err := w.Attempts.Due(w.ctx, m.actor)
	w.ok(err)
	if !slices.ContainsFunc(due, func(d Due) bool { return d.Kind == "appeal_decided" && d.Detail["upheld"] == true }) || slices.ContainsFunc(due, func(d Due) bool { return d.Kind == "result_changed" }) {
		t.Errorf("home %+v", due)
	}
	if !slices.Contains(w.trail.acts, "appeal.file") || !slices.Contains(w.trail.acts, "appeal.decide") {
		t.Errorf("trail %v", w.trail.acts)
	}
}

// Where nobody else may, the one who marked decides, with a note.
func TestAppealDecidedAlone(t *testing.T) {
	w := newWorld(t)
	w.roll.graders = []string{"author"}
	ids := w.singles("一", 2)
	q := w.quiz(fixed(5, ids...), func(d *Draft) { d.Settings.AppealDays = 1 })
	m := w.sat(q, map[string]string{"m1": "b"})["m1"]
	a := m.stored()
	w.ok(w.mark(q.ID, a.Blind, 1, 1, "酌情"))
	p, err := w.Appeals.File(w.ctx, m.actor, a.ID, 1, "应得满分")
	w.ok(err)
	_, err = w.Appeals.Decide(w.ctx, w.author(), p.ID, AppealVerdict{Reason: "维持"})
	w.refused(err, "text.invalid")
	p, err = w.Appeals.Decide(w.ctx, w.author(), p.ID, AppealVerdict{Reason: "维持", Alone: "本单位只有一名阅卷人"})
	w.ok(err)
	if p.State != AppealRejected || p.Alone == "" || *m.stored().Score != 1 {
		t.Errorf("%+v", p)
	}
	// Whose answer it is decides no more than who marked it: with nobody else, the latter does.
	second, err := w.Appeals.File(w.ctx, m.actor, a.ID, 2, "第二题")
	w.ok(err)
	w.ok(w.mark(q.ID, a.Blind, 2, 2, "酌情"))
	w.roll.graders, w.roll.members = []string{"author", "appellant"}, map[string]string{"appellant": "m1"}
	_, err = w.Appeals.Decide(w.ctx, w.author(), second.ID, AppealVerdict{Reason: "维持", Alone: "另一名阅卷人是申诉人本人"})
	w.ok(err)
	_, err = w.Appeals.File(w.ctx, m.actor, a.ID, 1, "再议")
	w.refused(err, "appeal.exists")
	w.clock.Advance(24 * time.Hour)
	_, err = w.Appeals.File(w.ctx, m.actor, a.ID, 2, "第二题")
	w.refused(err, "appeal.over")
}

// An appeal against a mark along a rubric is upheld along it: the member sees the criteria that the new mark came from.
func TestAppealUpheldAlongARubric(t *testing.T) {
	w := newWorld(t)
	w.roll.graders = []string{"author", "second"}
	id := w.questions("论述", rubricEssay())[0]
	q := w.quiz(fixed(10, id), func(d *Draft) { d.Settings.AppealDays = 1 })
	m := w.start(q, "m1", "phone")
	m.save(1, question.Response{Text: "体会"})
	m.submit()
	a := m.stored()
	second := policies.Actor{AccountID: "second", Scope: policies.Scope{committee}}
	_, err := w.Marking.Claim(w.ctx, second, q.ID, id, ClaimAsk{Most: 1})
	w.ok(err)
	w.ok(w.marks(second, q.ID, MarkAsk{Key: a.Blind, Slot: 1, Points: 6.5, Rubric: []Judgement{{Level: 2}, {Points: ptr(3.33)}, {Points: ptr(1.5)}}}))
	p, err := w.Appeals.File(w.ctx, m.actor, a.ID, 1, "观点写明了")
	w.ok(err)
	seen, err := w.Appeals.Get(w.ctx, w.author(), p.ID)
	w.ok(err)
	if r := seen.Rubric; len(r) != 3 || r[0].Level != 2 || *r[2].Earned != 1.5 || r[0].Levels[0].Comment == "" {
		t.Fatalf("%+v", r)
	}
	up := []Judgement{{Level: 1, Comment: "第二段写明"}, {Points: ptr(3.33)}, {Points: ptr(1.5)}}
	_, err = w.Appeals.Decide(w.ctx, w.author(), p.ID, AppealVerdict{Mark: ptr(9.0), Rubric: up, Reason: "成立"})
	w.refused(err, "mark.invalid") // not their sum
	_, err = w.Appeals.Decide(w.ctx, w.author(), p.ID, AppealVerdict{Mark: ptr(8.17), Rubric: up, Reason: "成立"})
	w.ok(err)
	r, err := w.Attempts.Review(w.ctx, m.actor, a.ID)
	w.ok(err)
	if one := r.Items[0]; *one.Mark != 8.17 || len(one.Rubric) != 3 || one.Rubric[0].Level != 1 || one.Rubric[0].Comment != "第二段写明" {
		t.Errorf("%+v", one)
	}
}

// An upheld appeal takes nothing away: what the evaluator said of the answer stays with it, and the sheet has both marks.
func TestAppealKeepsWhatWasSaid(t *testing.T) {
	w := newWorld(t)
	w.roll.graders = []string{"author", "chief"}
	id := w.questions("论述", short("谈谈体会"))[0]
	q := w.quiz(fixed(10, id), func(d *Draft) { d.Settings.AppealDays = 1 })
	m := w.start(q, "m1", "phone")
	m.save(1, question.Response{Text: "体会"})
	m.submit()
	a := m.stored()
	w.ok(w.mark(q.ID, a.Blind, 1, 6, "论证再充分些"))
	p, err := w.Appeals.File(w.ctx, m.actor, a.ID, 1, "第二段有论证")
	w.ok(err)
	_, err = w.Appeals.Decide(w.ctx, w.chief(), p.ID, AppealVerdict{Mark: ptr(9.0), Reason: "成立"})
	w.ok(err)
	r, err := w.Attempts.Review(w.ctx, m.actor, a.ID)
	w.ok(err)
	if one := r.Items[0]; *one.Mark != 9 || one.Comment != "论证再充分些" || !one.Appealed {
		t.Errorf("%+v", one)
	}
	sheet, err := w.Results.Sheet(w.ctx, w.author(), q.ID, a.ID, w.all())
	w.ok(err)
	if l := sheet.Rounds; len(l) != 2 || l[0].Mark != 6 || !l[0].Before || l[0].Comment != "论证再充分些" || l[1].Mark != 9 || !l[1].Appeal || l[1].Before || l[1].Comment != "成立" {
		t.Errorf("%+v", l)
	}
	var given []float64
	for _, step := range sheet.Steps {
		if step.Mark != nil {
			given = append(given, *step.Mark)
		}
	}
	if !slices.Equal(given, []float64{6, 9}) {
		t.Errorf("%v", given)
	}
}

// Where a regrade gave the item all of its points before the appeal was decided, upholding it marks nothing anew.
func TestAppealUpheldAfterARegrade(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 1)
	q := w.quiz(fixed(5, ids...), func(d *Draft) { d.Settings.AppealDays = 1 })
	m := w.sat(q, map[string]string{"m1": "b"})["m1"]
	p, err := w.Appeals.File(w.ctx, m.actor, m.stored().ID, 1, "乙也对")
	w.ok(err)
	w.askAndApprove(q, RegradeWish{QuestionID: ids[0], Way: ForAll})
	before := m.stored()
	p, err = w.Appeals.Decide(w.ctx, w.chief(), p.ID, AppealVerdict{Mark: ptr(5.0), Reason: "已更正"})
	w.ok(err)
	_, err = w.Sweep(w.ctx)
	w.ok(err)
	if after := m.stored(); p.State != AppealUpheld || *p.From != 5 || *after.Score != 5 || len(after.Steps) != len(before.Steps) {
		t.Errorf("%+v, %d and %d steps", p, len(before.Steps), len(after.Steps))
	}
}

// What a crash left between the decision and the mark, the sweep finishes, once.
func TestAppealSurvivesCrash(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 1)
	q := w.quiz(fixed(5, ids...), func(d *Draft) { d.Settings.AppealDays = 1 })
	m := w.sat(q, map[string]string{"m1": "b"})["m1"]
	a := m.stored()
	p, err := w.Appeals.File(w.ctx, m.actor, a.ID, 1, "应得分")
	w.ok(err)
	_, err = w.desk.appeals.Update(w.ctx, p.ID, func(p *Appeal) error { return p.decide(ptr(0.0), ptr(4.0), Step{}, "成立", "", "chief", monday) })
	w.ok(err)
	for range 2 {
		_, err = w.Sweep(w.ctx)
		w.ok(err)
		if s := m.stored(); *s.Score != 4 || len(s.Steps) != len(a.Steps)+1 {
			t.Fatalf("%v points, %d steps", *s.Score, len(s.Steps))
		}
	}
	p.Unapplied = "yes"
	w.ok(w.desk.upheld(w.ctx, p)) // again: nothing
	if s := m.stored(); len(s.Steps) != len(a.Steps)+1 {
		t.Errorf("%d steps", len(s.Steps))
	}
	for len(p.Messages) < mostMessages {
		w.ok(p.say(true, "x", "y", monday))
	}
	w.refused(p.say(true, "x", "y", monday), "appeal.full")
}
