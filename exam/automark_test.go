package exam

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
	"qiming/search"
)

// centralism is a short answer with key points; the whole of the first is said with a confidence above 0.8.
func centralism() question.Content {
	return question.Content{Kind: question.Short, Stem: "什么是民主集中制？", Model: "机密的参考答案", Points: []question.KeyPoint{
		{Text: "民主基础上的集中", Share: 0.6}, {Text: "集中指导下的民主", Share: 0.4}}}
}

const whole = "民主基础上的集中和集中指导下的民主相结合"

func confident(d *Draft) { d.Settings.AutoMark = 0.8 }

// answer hands in one short answer of a member.
func (w *world) answer(q Quiz, member, questionID, text string) string {
	w.Helper()
	s := w.start(q, member, "phone")
	s.save(s.slotOf(questionID), question.Response{Text: text})
	s.submit()
	return AttemptID(q.ID, member, 1)
}

func (w *world) sweep() {
	w.Helper()
	_, err := w.Sweep(w.ctx)
	w.ok(err)
}

func (w *world) attempt(id string) Attempt {
	w.Helper()
	a, err := w.desk.attempts.Get(w.ctx, id)
	w.ok(err)
	return a
}

// autos counts the product's marks among the steps.
func autos(a Attempt) int {
	n := 0
	for _, s := range a.Steps {
		if s.Kind == StepAuto {
			n++
		}
	}
	return n
}

// listed gives the answers to a question in a state of the queue (pending, marked, auto), by text.
func (w *world) listed(q Quiz, questionID, state string) map[string]QueueAnswer {
	w.Helper()
	list := func() (store.Page[QueueAnswer], error) {
		if state == "auto" {
			return w.Marking.Automatic(w.ctx, w.author(), q.ID, questionID, 50, "")
		}
		return w.Marking.Answers(w.ctx, w.author(), q.ID, questionID, state == "marked", 50, "")
	}
	page, err := list()
	w.ok(err)
	out := map[string]QueueAnswer{}
	for _, one := range page.Items {
		out[one.Response.Text] = one
	}
	return out
}

func TestConfidentAnswersAreMarkedByThemselves(t *testing.T) {
	w := newWorld(t)
	ids := w.questions("简答", centralism())
	q := w.quiz(fixed(10, ids[0]), confident)
	sure, doubtful := w.answer(q, "m1", ids[0], whole), w.answer(q, "m2", ids[0], "集中力量办大事")
	denied := w.answer(q, "m3", ids[0], "不是民主基础上的集中和集中指导下的民主")
	w.sweep()

	a := w.attempt(sure)
	step := a.Steps[len(a.Steps)-1]
	if a.State != Released || *a.Score != 10 || step.Kind != StepAuto || step.By != "" || step.Found.Confidence < 0.8 || step.Ref != 2 || step.Version != question.VersionID(ids[0], 1) {
		t.Fatalf("%s, last step %+v", a.State, step)
	}
	if got := step.Found.Points; len(got) != 2 || got[0].Earned != 1 || !slices.Contains(got[0].Spans, search.Span{Start: 0, End: 8}) {
		t.Errorf("found %+v", got)
	}
	for _, id := range []string{doubtful, denied} {
		if a := w.attempt(id); a.State != Grading || autos(a) != 0 || a.Estimate != "" {
			t.Errorf("%s is %s with %d automatic marks, due %q", id, a.State, autos(a), a.Estimate)
		}
	}
	queue, err := w.Marking.Queue(w.ctx, w.author(), q.ID)
	w.ok(err)
	if one := queue[0]; one.Pending != 2 || one.Auto != 1 || one.Marked != 0 {
		t.Errorf("queue %+v", one)
	}
	if got := w.listed(q, ids[0], "marked"); len(got) != 0 {
		t.Errorf("marked by evaluators: %+v", got)
	}
	seen := w.listed(q, ids[0], "auto")[whole]
	if !seen.Auto || *seen.Mark != 10 || seen.By != "" || seen.Suggested.Confidence != step.Found.Confidence || seen.Suggested.Points[1].Text != "集中指导下的民主" {
		t.Errorf("automatic mark in the queue: %+v", seen)
	}
	if d := w.listed(q, ids[0], "pending")["不是民主基础上的集中和集中指导下的民主"].Suggested; !d.Points[0].Negated || !slices.Equal(d.Points[0].Denials, []search.Span{{Start: 0, End: 1}}) {
		t.Errorf("denial %+v", d)
	}

	// Nothing happened: nothing is done again. The receipts hold.
	rev := a.Rev
	w.sweep()
	if a = w.attempt(sure); a.Rev != rev {
		t.Error("a second sweep wrote again")
	}
	if at := a.Chain().Verify(w.keys.Key("receipt")); at != 0 {
		t.Errorf("the chain breaks at %d", at)
	}
	forged := a.Chain()
	forged.Steps[len(forged.Steps)-1].ResponseHash = forged.Steps[0].ResponseHash
	if forged.Verify(w.keys.Key("receipt")) == 0 {
		t.Error("an automatic mark can be forged")
	}

	// An evaluator overrules; that is a mark like any other.
	w.ok(w.mark(q.ID, seen.AttemptKey, seen.Slot, 7, ""))
	if a = w.attempt(sure); *a.Score != 7 || len(a.Auto) != 0 || len(a.Marked) != 1 {
		t.Errorf("overruled: %v, auto %v, marked %v", *a.Score, a.Auto, a.Marked)
	}
	w.sweep()
	if a = w.attempt(sure); *a.Score != 7 || autos(a) != 1 {
		t.Error("the product marks over the evaluator")
	}
}

func TestWithoutAThresholdPeopleMark(t *testing.T) {
	w := newWorld(t)
	ids := w.questions("简答", centralism())
	q := w.quiz(fixed(10, ids[0]))
	id := w.answer(q, "m1", ids[0], whole)
	w.sweep()
	if a := w.attempt(id); a.State != Grading || autos(a) != 0 || a.Estimate != "" {
		t.Errorf("%s, %d automatic marks, due %q", a.State, autos(a), a.Estimate)
	}
	for _, bad := range []float64{-1, 0.49, 1.01} {
		d := Draft{Title: "x", Settings: DefaultSettings()}
		d.Settings.AutoMark = bad
		if !slices.ContainsFunc(d.check(), func(f fault.Field) bool { return f.Path == "settings.auto_mark" }) {
			t.Errorf("%v is taken", bad)
		}
	}
}

// Evaluators' marks make others sure; the product's own marks teach nothing. Without points of an author only an
// answer that says the same is a ground.
func TestMarksOfEvaluatorsMakeOthersSure(t *testing.T) {
	w := newWorld(t)
	ids := w.questions("简答", short("为什么"))
	q := w.quiz(fixed(10, ids[0]), func(d *Draft) { confident(d); d.Settings.AutoMark = 0.6; d.Settings.ManualRelease = true })
	same := []string{w.answer(q, "m1", ids[0], "少数服从多数"), w.answer(q, "m2", ids[0], "少數服從多數。"), w.answer(q, "m3", ids[0], "参考答案：为什么")}
	w.sweep()
	for _, id := range same {
		if autos(w.attempt(id)) != 0 {
			t.Errorf("%s is marked without a ground", id)
		}
	}
	one := w.listed(q, ids[0], "pending")["少数服从多数"]
	w.ok(w.mark(q.ID, one.AttemptKey, one.Slot, 3, ""))
	w.sweep()
	a := w.attempt(same[1])
	if a.State != Graded || *a.Score != 3 || a.Steps[len(a.Steps)-1].Found.Like != 1 || len(a.Steps[len(a.Steps)-1].Found.Points) != 0 {
		t.Fatalf("%s %+v", a.State, a.Steps[len(a.Steps)-1])
	}
	// The evaluator thinks better of it: what says the same follows, before the release.
	w.ok(w.mark(q.ID, one.AttemptKey, one.Slot, 5, ""))
	w.sweep()
	if a = w.attempt(same[1]); *a.Score != 5 || autos(a) != 2 {
		t.Errorf("%v after %d automatic marks", *a.Score, autos(a))
	}
	count, err := w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{})
	w.ok(err)
	if count.Released != 2 || count.Pending != 1 {
		t.Errorf("release %+v", count)
	}
	w.ok(w.mark(q.ID, one.AttemptKey, one.Slot, 1, ""))
	w.sweep()
	if a = w.attempt(same[1]); *a.Score != 5 {
		t.Error("a released mark changed by itself")
	}
}

// A crash between any two writes leaves the note; another process goes on, and two at once mark each answer once.
func TestEstimatesSurviveACrash(t *testing.T) {
	w := newWorld(t)
	ids := w.questions("简答", centralism())
	q := w.quiz(fixed(10, ids[0]), confident)
	id := w.answer(q, "m1", ids[0], whole)
	w.answer(q, "m2", ids[0], "不知道")
	// marked, and killed before the notes were taken away
	w.ok(w.desk.automarkQuestion(w.ctx, q.ID, ids[0]))
	if a := w.attempt(id); autos(a) != 1 || a.Estimate != estimateDue {
		t.Fatalf("%d marks, due %q", autos(a), a.Estimate)
	}
	other := w.process()
	done := make(chan error, 2)
	for _, one := range []*world{w, other} {
		go func() { _, err := one.Sweep(one.ctx); done <- err }()
	}
	w.ok(<-done)
	w.ok(<-done)
	if a := other.attempt(id); autos(a) != 1 || a.Estimate != "" {
		t.Errorf("%d marks, due %q", autos(a), a.Estimate)
	}
	// What happens between the reading and the taking away is due again.
	a := w.attempt(id)
	a.Estimate = estimateDue
	stale := []Attempt{a}
	_, err := w.desk.attempts.Update(w.ctx, id, func(a *Attempt) error { a.Estimate = estimateDue; return nil })
	w.ok(err)
	seen := w.listed(q, ids[0], "auto")[whole]
	w.ok(w.mark(q.ID, seen.AttemptKey, seen.Slot, 2, ""))
	w.ok(w.desk.automark(w.ctx, q.ID, stale))
	if w.attempt(id).Estimate != estimateDue {
		t.Error("a mark that came meanwhile is forgotten")
	}
}

// A corrected key takes the product's marks back and gives new ones; evaluators' marks stay.
func TestACorrectedKeyMarksAnew(t *testing.T) {
	w := newWorld(t)
	ids := w.questions("简答", centralism())
	q := w.quiz(fixed(10, ids[0]), confident)
	id, kept := w.answer(q, "m1", ids[0], whole), w.answer(q, "m2", ids[0], "民主基础上的集中和集中指导下的民主")
	w.sweep()
	early := w.exported(as("m1", "phone"), id)
	seen := w.listed(q, ids[0], "auto")["民主基础上的集中和集中指导下的民主"]
	w.ok(w.mark(q.ID, seen.AttemptKey, seen.Slot, 9, ""))

	w.correct(ids[0], func(c *question.Content) {
		c.Points = []question.KeyPoint{{Text: "民主基础上的集中", Share: 0.5}, {Text: "实行少数服从多数", Share: 0.5}}
	})
	wish := RegradeWish{QuestionID: ids[0], Way: ByKey, Reason: "得分点更正"}
	p, err := w.Regrades.Preview(w.ctx, w.author(), q.ID, wish, w.all())
	w.ok(err)
	if p.Totals.Again != 1 || p.Totals.Kept != 1 || !p.Rows[0].Again && !p.Rows[1].Again {
		t.Errorf("preview %+v", p)
	}
	w.askAndApprove(q, wish)
	a := w.attempt(id)
	if a.State != Grading || a.Score != nil || a.Estimate != estimateDue {
		t.Fatalf("after the new key: %s, due %q", a.State, a.Estimate)
	}
	w.sweep()
	if a := w.attempt(id); a.State != Grading { // half of the points: not sure enough
		t.Errorf("%s: marked by the product at %v", a.State, *a.Score)
	}
	if a := w.attempt(kept); *a.Score != 9 {
		t.Errorf("an evaluator's mark became %v", *a.Score)
	}
	// An evaluator marks it: the member reads why the result changed.
	one := w.listed(q, ids[0], "pending")[whole]
	w.ok(w.mark(q.ID, one.AttemptKey, one.Slot, 5, ""))
	r, err := w.Attempts.Review(w.ctx, as("m1", "phone"), id)
	w.ok(err)
	if len(r.Changes) != 1 || r.Changes[0].Kind != StepRegrade || r.Changes[0].From.Score != 10 || r.Changes[0].To.Score != 5 {
		t.Errorf("changes %+v", r.Changes)
	}

	// The member's receipts hold: those from before the new key, and those with it.
	late := w.exported(as("m1", "phone"), id)
	kinds := []StepKind{}
	for _, l := range late.Steps {
		kinds = append(kinds, l.Kind)
	}
	if want := []StepKind{StepStart, StepAnswer, StepSubmit, StepAuto, StepRegrade, StepMark}; !slices.Equal(kinds, want) {
		t.Fatalf("steps %v, want %v", kinds, want)
	}
	for name, c := range map[string]Chain{"before": early, "after": late} {
		if v, err := w.Attempts.VerifyChain(w.ctx, c); err != nil || !v.OK || !v.Kept {
			t.Errorf("receipts from %s the new key: %+v %v", name, v, err)
		}
	}
	// What a mark of the product or a new key says cannot be changed, nor can either be left out.
	stored := w.attempt(id)
	for i, change := range map[int]func(*Step){
		3: func(s *Step) { s.Found = &Found{Confidence: s.Found.Confidence, Points: s.Found.Points[:1]} },
		4: func(s *Step) { s.Version = question.VersionID(ids[0], 1) },
	} {
		forged := stored
		forged.Steps = slices.Clone(stored.Steps)
		change(&forged.Steps[i])
		if v, err := w.Attempts.VerifyChain(w.ctx, forged.Chain()); err != nil || v.OK || v.BrokenAt != i+1 {
			t.Errorf("step %d forged: %+v %v", i+1, v, err)
		}
		forged.Steps = slices.Delete(slices.Clone(stored.Steps), i, i+1)
		if v, err := w.Attempts.VerifyChain(w.ctx, forged.Chain()); err != nil || v.OK || v.BrokenAt != i+1 {
			t.Errorf("step %d left out: %+v %v", i+1, v, err)
		}
	}
}

// exported gives an attempt's receipts as the member's file has them.
func (w *world) exported(actor policies.Actor, id string) Chain {
	w.Helper()
	chain, err := w.Attempts.Receipts(w.ctx, actor, id)
	w.ok(err)
	text, err := json.Marshal(chain)
	w.ok(err)
	chain, err = ParseChain(text)
	w.ok(err)
	return chain
}

// The member sees the words that earned something where the matrix permits it, and nothing of the key before its time.
func TestWhatAMemberSeesOfAnAutomaticMark(t *testing.T) {
	w := newWorld(t)
	ids := w.questions("简答", centralism())
	shows := ReviewShows{Responses: true, Correctness: true, Marks: true, Total: true}
	q := w.quiz(fixed(10, ids[0]), confident, func(d *Draft) {
		d.Settings.Review.After, d.Settings.Review.Open = shows, ReviewShows{Responses: true, Marks: true}
		d.Settings.Review.Closed.RightAnswer = true
	})
	id := w.answer(q, "m1", ids[0], "民主基础上的集中，并且是集中指导下的民主")
	w.sweep()
	review := func() (ReviewItem, string) {
		r, err := w.Attempts.Review(w.ctx, as("m1", "phone"), id)
		w.ok(err)
		text, err := json.Marshal(r)
		w.ok(err)
		return r.Items[0], string(text)
	}
	item, text := review()
	if item.Auto == nil || len(item.Auto.Words) == 0 || item.Auto.Words[0].Start != 0 || len(item.Auto.Points) != 0 {
		t.Errorf("right after: %+v", item.Auto)
	}
	if strings.Contains(text, "机密") || strings.Contains(text, "confidence") || strings.Contains(text, "earned") {
		t.Errorf("the key leaks: %s", text)
	}
	w.clock.Advance(5 * time.Minute)
	if item, _ = review(); item.Auto == nil || len(item.Auto.Words) != 0 {
		t.Errorf("where correctness is not shown: %+v", item.Auto)
	}
	w.clock.Advance(3 * time.Hour)
	if item, _ = review(); len(item.Auto.Points) != 2 || item.Auto.Points[0].Text != "民主基础上的集中" || *item.Auto.Points[0].Earned != 1 {
		t.Errorf("after the close: %+v", item.Auto)
	}
}

// Words that an organisation calls equal are so in its quizzes, and in those of the organisations below it.
func TestSynonymsOfTheOrganisation(t *testing.T) {
	w := newWorld(t)
	c := centralism()
	c.Points = []question.KeyPoint{{Text: "人民群众", Share: 1}}
	ids := w.questions("简答", c)
	q := w.quiz(fixed(10, ids[0]), confident)
	id := w.answer(q, "m1", ids[0], "老百姓")
	w.sweep()
	if autos(w.attempt(id)) != 0 {
		t.Fatal("marked without the synonym")
	}
	_, err := w.words.Add(w.ctx, w.author(), committee, [][]string{{"人民群众", "老百姓"}}, false)
	w.ok(err)
	w.answer(q, "m2", ids[0], "不知道") // something happens
	w.sweep()
	if a := w.attempt(id); a.State != Released || *a.Score != 10 {
		t.Errorf("%s", a.State)
	}
}
