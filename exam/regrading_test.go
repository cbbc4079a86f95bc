package exam

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiming/exam/question"
	"qiming/policies"
)

// chief is an evaluator of the committee besides the author.
func (w *world) chief() policies.Actor {
	return policies.Actor{AccountID: "chief", Name: "阅卷组长", Scope: policies.Scope{committee}}
}

// correct makes and publishes the next version of a question.
func (w *world) correct(id string, change func(*question.Content)) {
	w.Helper()
	q, err := w.bank.Get(w.ctx, w.author(), id)
	w.ok(err)
	c := q.Content
	c.Options = slices.Clone(c.Options)
	change(&c)
	q, err = w.bank.Save(w.ctx, w.author(), id, q.Rev, question.Edit{Tags: q.Tags, Content: c})
	w.ok(err)
	for _, to := range []question.Status{question.InReview, question.Published} {
		_, err = w.bank.SetStatus(w.ctx, w.author(), id, to, "")
		w.ok(err)
	}
}

// keyIs makes an option the right one.
func keyIs(id string) func(*question.Content) {
	return func(c *question.Content) {
		for i := range c.Options {
			c.Options[i].Right = c.Options[i].ID == id
		}
	}
}

// sat lets members answer every item with their option and hand in.
func (w *world) sat(q Quiz, answers map[string]string) map[string]*taking {
	w.Helper()
	takings := map[string]*taking{}
	for member, option := range answers {
		t := w.start(q, member, "phone")
		for _, item := range t.sheet.Items {
			t.save(item.Slot, choose(option))
		}
		t.submit()
		takings[member] = t
	}
	return takings
}

func (w *world) askAndApprove(q Quiz, wish RegradeWish) Regrade {
	w.Helper()
	if wish.Reason == "" {
		wish.Reason = "原答案有误"
	}
	r, err := w.Regrades.Ask(w.ctx, w.author(), q.ID, wish)
	w.ok(err)
	r, err = w.Regrades.Approve(w.ctx, w.chief(), r.ID, r.Totals.Changed)
	w.ok(err)
	return r
}

func TestRegradeFromPreviewToApplication(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 2)
	q := w.quiz(fixed(5, ids...))
	took := w.sat(q, map[string]string{"m1": "a", "m2": "b"})
	running := w.start(q, "m3", "phone")
	running.save(1, choose("b"))
	wish := RegradeWish{QuestionID: ids[0], Way: ByKey, Reason: "第一题答案应为乙"}

	_, err := w.Regrades.Ask(w.ctx, w.author(), q.ID, wish)
	w.refused(err, "regrade.same") // nothing was corrected yet
	w.correct(ids[0], keyIs("b"))
	list, err := w.Regrades.Questions(w.ctx, w.author(), q.ID, "")
	w.ok(err)
	if len(list) != 2 || list[0].QuestionID != ids[0] || !list[0].Newer || list[0].Live != 2 || !slices.Equal(list[0].Used, []int{1}) || list[1].Newer {
		t.Fatalf("questions %+v", list)
	}
	before := took["m1"].stored()
	p, err := w.Regrades.Preview(w.ctx, w.author(), q.ID, wish, w.all())
	w.ok(err)
	if want := (RegradeTotals{Attempts: 3, Changed: 2, Up: 1, Down: 1, NowFail: 1, Running: 1, scored: 2}); p.Totals != want || len(p.Rows) != 2 || p.Version != question.VersionID(ids[0], 2) {
		t.Fatalf("preview %+v", p)
	}
	if row := p.Rows[0]; row.Name != "党员m1" || row.OrgName != "第一支部" || row.From.Percent != 100 || row.To.Percent != 50 || row.To.Passed || *row.MarkFrom != 5 || *row.MarkTo != 0 {
		t.Fatalf("who fails now comes first: %+v", row)
	}
	if after := took["m1"].stored(); after.Rev != before.Rev {
		t.Fatal("a preview wrote something")
	}

	for _, c := range []struct {
		wish RegradeWish
		key  string
	}{
		{RegradeWish{QuestionID: ids[0], Way: ByKey}, "text.invalid"},
		{RegradeWish{QuestionID: "other", Way: ByKey, Reason: "r"}, "regrade.question"},
		{RegradeWish{QuestionID: ids[0], Way: "?", Reason: "r"}, "regrade.invalid"},
		{RegradeWish{QuestionID: ids[0], Way: ByKey, Reason: string(make([]rune, 1001))}, "text.invalid"},
	} {
		_, err := w.Regrades.Ask(w.ctx, w.author(), q.ID, c.wish)
		w.refused(err, c.key)
	}
	r, err := w.Regrades.Ask(w.ctx, w.author(), q.ID, wish)
	w.ok(err)
	_, err = w.Regrades.Ask(w.ctx, w.author(), q.ID, RegradeWish{QuestionID: ids[0], Way: ForAll, Reason: "r"})
	w.refused(err, "regrade.open")
	_, err = w.Regrades.Approve(w.ctx, w.author(), r.ID, 2)
	w.refused(err, "regrade.own")
	_, err = w.Regrades.Decline(w.ctx, w.author(), r.ID, "不同意")
	w.refused(err, "regrade.own")
	_, err = w.Regrades.Withdraw(w.ctx, w.chief(), r.ID)
	w.refused(err, "regrade.not_own")
	_, err = w.Regrades.Approve(w.ctx, w.chief(), r.ID, 3)
	w.refused(err, "regrade.moved")
	_, err = w.Regrades.Approve(w.ctx, policies.Actor{AccountID: "x", Scope: policies.Scope{branchA}}, r.ID, 2)
	w.refused(err, "regrade.not_found")
	if waiting, err := w.Regrades.Waiting(w.ctx, w.author()); err != nil || len(waiting) != 0 {
		t.Fatalf("one's own wish waits for oneself: %v %v", waiting, err)
	}
	if waiting, err := w.Regrades.Waiting(w.ctx, w.chief()); err != nil || len(waiting) != 1 || waiting[0].QuizTitle != q.Title {
		t.Fatalf("%v %v", waiting, err)
	}

	w.clock.Advance(time.Minute)
	r, err = w.Regrades.Approve(w.ctx, w.chief(), r.ID, 2)
	w.ok(err)
	if r.State != RegradeApplied || r.DecidedBy != "chief" || r.AskedBy != "author" || r.AppliedAt == nil {
		t.Fatalf("%+v", r)
	}
	running.save(2, choose("a"))
	running.submit() // whose result came after it: none that it changed
	done, err := w.Regrades.Get(w.ctx, w.chief(), r.ID, w.all())
	w.ok(err)
	if done.Preview == nil || !reflect.DeepEqual(done.Preview.Rows, p.Rows) || done.Preview.Totals.Changed != 2 {
		t.Errorf("what it did: %+v, previewed %+v", done.Preview, p.Rows)
	}
	for member, want := range map[string]float64{"m1": 50, "m2": 50} {
		if a := took[member].stored(); *a.Percent != want || a.State != Released || *a.Passed {
			t.Errorf("%s has %v", member, *a.Percent)
		}
	}
	if a := running.stored(); *a.Percent != 100 {
		t.Errorf("who was still answering is marked by the corrected key: %v", *a.Percent)
	}
	review, err := w.Attempts.Review(w.ctx, took["m1"].actor, before.ID)
	w.ok(err)
	if len(review.Changes) != 1 || review.Changes[0].Way != ByKey || review.Changes[0].Reason != wish.Reason || review.Changes[0].From.Percent != 100 || review.Changes[0].To.Percent != 50 || !review.Changes[0].From.Passed {
		t.Fatalf("what the member is told: %+v", review.Changes)
	}
	if item := review.Items[0]; item.Regraded == nil || item.Regraded.Way != ByKey || *item.Mark != 0 || item.Correct != Wrong {
		t.Errorf("item %+v", item)
	}
	due, err := w.Attempts.Due(w.ctx, took["m1"].actor)
	w.ok(err)
	if !slices.ContainsFunc(due, func(d Due) bool {
		return d.Kind == "result_changed" && d.AttemptID == before.ID && d.Detail["to"] == 50.0
	}) {
		t.Errorf("home %+v", due)
	}
	if quiz, err := w.Quizzes.Get(w.ctx, w.author(), q.ID); err != nil || !quiz.Dirty {
		t.Errorf("publishing anew is not offered: %v", err)
	}
	_, err = w.Regrades.Ask(w.ctx, w.author(), q.ID, wish)
	w.refused(err, "regrade.same") // twice is once
	_, err = w.Regrades.Decline(w.ctx, w.chief(), r.ID, "晚了")
	w.refused(err, "regrade.settled")
}

func TestRegradeRefusesWhatDoesNotFit(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 1)
	q := w.quiz(fixed(5, ids...))
	w.sat(q, map[string]string{"m1": "d"})
	w.correct(ids[0], func(c *question.Content) { c.Options = c.Options[:3] })
	p, err := w.Regrades.Preview(w.ctx, w.author(), q.ID, RegradeWish{QuestionID: ids[0], Way: ByKey}, w.all())
	w.ok(err)
	if p.Totals.Unfit != 1 || !p.Rows[0].Unfit {
		t.Errorf("%+v", p)
	}
	_, err = w.Regrades.Ask(w.ctx, w.author(), q.ID, RegradeWish{QuestionID: ids[0], Way: ByKey, Reason: "r"})
	w.refused(err, "regrade.unfit")
	_, err = w.Regrades.Ask(w.ctx, w.author(), q.ID, RegradeWish{QuestionID: ids[0], Way: Without, Reason: "r"})
	w.refused(err, "regrade.empty")
	if r := w.askAndApprove(q, RegradeWish{QuestionID: ids[0], Way: ForAll}); r.Totals.NowPass != 1 {
		t.Errorf("%+v", r.Totals)
	}
}

// A regrade keeps the marks of evaluators and says which; attempts that are marked or released meanwhile are reached.
func TestRegradeKeepsManualMarks(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 2)
	q := w.quiz(fixed(5, ids...), func(d *Draft) { d.Settings.ManualRelease = true })
	took := w.sat(q, map[string]string{"m1": "a", "m2": "a"})
	w.ok(w.marks(w.chief(), q.ID, MarkAsk{Key: took["m1"].stored().Blind, Slot: 1, Points: 2, Comment: "过程有误"}))
	w.correct(ids[0], keyIs("b"))
	r, err := w.Regrades.Ask(w.ctx, w.author(), q.ID, RegradeWish{QuestionID: ids[0], Way: ByKey, Reason: "r"})
	w.ok(err)
	if r.Totals.Kept != 1 || r.Totals.Changed != 1 {
		t.Fatalf("%+v", r.Totals)
	}
	if _, err := w.Releases.Release(w.ctx, w.chief(), q.ID, WaveWish{}); err != nil {
		t.Fatal(err)
	}
	_, err = w.Regrades.Approve(w.ctx, w.chief(), r.ID, 1)
	w.ok(err)
	if a, b := took["m1"].stored(), took["m2"].stored(); *a.Score != 7 || *b.Score != 5 || a.State != Released || b.State != Released {
		t.Errorf("%v %v", *a.Score, *b.Score)
	}
}

// Whatever is regraded, twice is once, and back gives the first scores.
func TestRegradeIsIdempotentAndReversible(t *testing.T) {
	paper := Paper{}
	keys := map[string]question.Content{}
	for i := range 4 {
		id := "q" + strconv.Itoa(i)
		paper.Slots = append(paper.Slots, Slot{Number: i + 1, Version: id + "@1", Points: float64(i + 1)})
		for v, right := range []string{"a", "b", "c"} {
			c := single(id)
			keyIs(right)(&c)
			keys[question.VersionID(id, v+1)] = c
		}
	}
	sit := sitting{paper: paper, keys: keys, pass: 60}
	for _, slot := range paper.Slots {
		sit.contents = append(sit.contents, keys[slot.Version])
	}
	rapid.Check(t, func(t *rapid.T) {
		a := Attempt{Meta: metaOf("a"), State: Submitted}
		a.add(nil, Step{Kind: StepSubmit, At: monday})
		for slot := range 4 {
			if rapid.Bool().Draw(t, "answers") {
				r := choose(rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "option"))
				a.add(nil, Step{Kind: StepAnswer, At: monday, Slot: slot + 1, Response: &r})
			}
			if rapid.IntRange(0, 3).Draw(t, "marked") == 0 {
				a.add(nil, Step{Kind: StepMark, At: monday, Slot: slot + 1, Fraction: ptr(rapid.Float64Range(0, 1).Draw(t, "mark")), By: "e"})
			}
		}
		if err := a.regrade(sit); err != nil {
			t.Fatal(err)
		}
		first := *a.Score
		touched := map[int]bool{}
		for range rapid.IntRange(1, 8).Draw(t, "regrades") {
			slot := paper.Slots[rapid.IntRange(0, 3).Draw(t, "slot")]
			r := Regrade{Way: rapid.SampledFrom([]RegradeWay{ByKey, ForAll, Without}).Draw(t, "way")}
			if r.Way == ByKey {
				r.Version = question.VersionID(question.QuestionOf(slot.Version), rapid.IntRange(1, 3).Draw(t, "version"))
			}
			step := r.step(slot.Number, "e", monday)
			if _, err := a.rekey(sit, step); err != nil {
				t.Fatal(err)
			}
			touched[slot.Number] = true
			once, steps := *a.Score, len(a.Steps)
			if changed, err := a.rekey(sit, step); err != nil || changed || *a.Score != once || len(a.Steps) != steps {
				t.Fatalf("twice is not once: %v %v", changed, err)
			}
		}
		for slot := range touched {
			r := Regrade{Way: ByKey, Version: paper.Slots[slot-1].Version}
			if _, err := a.rekey(sit, r.step(slot, "e", monday)); err != nil {
				t.Fatal(err)
			}
		}
		if *a.Score != first || a.Dropped != 0 {
			t.Fatalf("back again: %v, at first %v", *a.Score, first)
		}
	})
}

// crashPath names the database of the process that TestRegradeSurvivesKill kills.
const crashPath = "QIMING_EXAM_CRASH"

// The process is killed in the middle of an application; the sweep of another finishes it, each attempt once.
func TestRegradeSurvivesKill(t *testing.T) {
	const takers = 300
	if path := os.Getenv(crashPath); path != "" {
		w := newWorld(t)
		w.path = path
		for i := range takers {
			w.member("n"+strconv.Itoa(i), branchA)
		}
		w.open()
		list, err := w.Regrades.Waiting(w.ctx, w.chief())
		w.ok(err)
		if _, err := os.Stdout.WriteString("ready\n"); err != nil {
			t.Fatal(err)
		}
		_, err = w.Regrades.Approve(w.ctx, w.chief(), list[0].ID, takers)
		w.ok(err)
		select {} // done too soon to be killed: wait for it
	}
	w := newWorld(t)
	ids := w.singles("一", 2)
	q := w.quiz(fixed(5, ids...), func(d *Draft) { d.Settings.Certificate = &Award{Title: "合格证书"}; d.Settings.PassPercent = 100 })
	for i := range takers {
		member := "n" + strconv.Itoa(i)
		w.member(member, branchA)
		w.sat(q, map[string]string{member: "a"})
	}
	_, err := w.Sweep(w.ctx)
	w.ok(err)
	w.correct(ids[0], keyIs("b"))
	r, err := w.Regrades.Ask(w.ctx, w.author(), q.ID, RegradeWish{QuestionID: ids[0], Way: ByKey, Reason: "r"})
	w.ok(err)

	self, err := os.Executable()
	w.ok(err)
	ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, self, "-test.run=^TestRegradeSurvivesKill$")
	child.Env = append(os.Environ(), crashPath+"="+filepath.Clean(w.path))
	w.ok(child.Start())
	steps := func() (with int) {
		w.ok(w.desk.ofQuiz(w.ctx, q.ID, "", func(a *Attempt) error {
			if slices.ContainsFunc(a.Steps, func(s Step) bool { return s.Kind == StepRegrade }) {
				with++
			}
			return nil
		}))
		return with
	}
	done := 0
	for done == 0 && ctx.Err() == nil {
		done = steps()
	}
	w.ok(child.Process.Kill())
	_ = child.Wait()
	done = steps()
	r, err = w.desk.regrades.Get(w.ctx, r.ID)
	w.ok(err)
	t.Logf("killed with %d of %d marked anew, the regrade %s", done, takers, r.State)
	if r.State != RegradeApproved || done == 0 {
		t.Fatalf("the kill came too late or too early: %s, %d", r.State, done)
	}
	_, err = w.Sweep(w.ctx)
	w.ok(err)
	w.ok(w.desk.ofQuiz(w.ctx, q.ID, "", func(a *Attempt) error {
		n := 0
		for _, s := range a.Steps {
			if s.Kind == StepRegrade {
				n++
			}
		}
		if n != 1 || *a.Percent != 50 || a.Chain().Verify(w.desk.receiptKey) != 0 {
			t.Errorf("%s: %d steps, %v percent", a.ID, n, *a.Percent)
		}
		return nil
	}))
	certificates, err := w.Awards.OfQuiz(w.ctx, w.chief(), q.ID)
	w.ok(err)
	for _, c := range certificates {
		if c.State != CertificateRevoked || c.Why != NotPassed {
			t.Fatalf("%s is %s", c.ID, c.State)
		}
	}
	if r, err = w.desk.regrades.Get(w.ctx, r.ID); err != nil || r.State != RegradeApplied || len(certificates) != takers {
		t.Errorf("%s, %d certificates, %v", r.State, len(certificates), err)
	}
}
