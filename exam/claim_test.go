package exam

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
)

// evaluator is an evaluator of the committee.
func evaluator(name string) policies.Actor {
	return policies.Actor{AccountID: name, Name: name, Scope: policies.Scope{committee}}
}

// handedIn gives a quiz of one short answer that n members have answered, and the question.
func (w *world) handedIn(n int, points float64, change ...func(*Draft)) (Quiz, string) {
	w.Helper()
	ids := w.questions("简答", short("谈谈体会"))
	q := w.quiz(fixed(points, ids...), change...)
	for i := range n {
		id := fmt.Sprintf("taker%03d", i)
		w.member(id, branchA)
		m := w.start(q, id, "phone")
		m.save(1, question.Response{Text: "体会" + id})
		m.submit()
	}
	return q, ids[0]
}

func (w *world) claim(who, quizID, questionID string, n int) Claimed {
	w.Helper()
	c, err := w.Marking.Claim(w.ctx, evaluator(who), quizID, questionID, ClaimAsk{Most: n})
	w.ok(err)
	return c
}

func keysOf(c Claimed) []string {
	var keys []string
	for _, a := range c.Items {
		keys = append(keys, a.AttemptKey)
	}
	return keys
}

func TestAClaimStandsForItsLease(t *testing.T) { onEngines(t, aClaimStandsForItsLease) }

func aClaimStandsForItsLease(w *world) {
	t := w.TB
	q, id := w.handedIn(3, 6)
	first := w.claim("first", q.ID, id, 2)
	second := w.claim("second", q.ID, id, 2)
	if len(first.Items) != 2 || len(second.Items) != 1 || second.Others["first"] != 2 || slices.Contains(keysOf(first), keysOf(second)[0]) {
		t.Fatalf("first %v, second %v", first, second)
	}
	if third := w.claim("third", q.ID, id, 2); len(third.Items) != 0 || third.Others["first"] != 2 || third.Others["second"] != 1 {
		t.Fatalf("third %v", third)
	}
	queue, err := w.Marking.Queue(w.ctx, evaluator("first"), q.ID)
	w.ok(err)
	if queue[0].Claimed != 1 || queue[0].Pending != 3 {
		t.Fatalf("queue %+v", queue)
	}
	mark := func(who, key string) error {
		return w.marks(evaluator(who), q.ID, MarkAsk{Key: key, Slot: 1, Points: 4})
	}
	one, two := first.Items[0].AttemptKey, first.Items[1].AttemptKey
	w.refused(mark("second", one), "mark.claimed_by_other")
	w.refused(mark("", one), "mark.claimed_by_other")

	// Renewed just before its end it goes on; at its end, not a moment earlier, it goes back.
	w.clock.Advance(Lease - time.Millisecond)
	if again := w.claim("first", q.ID, id, 2); !slices.Equal(keysOf(again), keysOf(first)) {
		t.Fatalf("renewed %v", again)
	}
	w.clock.Advance(Lease - time.Millisecond)
	w.ok(mark("first", one))
	w.ok(mark("first", one)) // one's own mark may be changed
	w.clock.Advance(time.Millisecond)
	w.refused(mark("first", two), "mark.not_claimed")
	if other := w.claim("second", q.ID, id, MaxClaim); len(other.Items) != 2 || !slices.Contains(keysOf(other), two) || slices.Contains(keysOf(other), one) {
		t.Fatalf("what has run out: %v", other)
	}
	w.ok(mark("second", two))
	w.ok(mark("first", two)) // who comes late, and has seen the mark
	w.ok(w.Marking.Unclaim(w.ctx, evaluator("second"), q.ID, id, ""))
	if rest := w.claim("third", q.ID, id, 2); len(rest.Items) != 1 || len(rest.Others) != 0 {
		t.Fatalf("given back: %v", rest)
	}
	w.refused(w.Marking.Unclaim(w.ctx, policies.Actor{AccountID: "x", Scope: policies.Scope{branchA}}, q.ID, id, ""), "quiz.not_found")
	_, err = w.Marking.Claim(w.ctx, policies.Actor{AccountID: "x", Scope: policies.Scope{branchA}}, q.ID, id, ClaimAsk{Most: 1})
	w.refused(err, "quiz.not_found")
}

// Two tabs of an evaluator hold different answers: leaving one gives back its own alone, and what one takes over the other no longer
// marks. What the claim was lost to is told.
func TestAClaimIsATabs(t *testing.T) { onEngines(t, aClaimIsATabs) }

func aClaimIsATabs(w *world) {
	t := w.TB
	q, id := w.handedIn(5, 6)
	claim := func(who, tab string, most int, take bool) Claimed {
		t.Helper()
		c, err := w.Marking.Claim(w.ctx, evaluator(who), q.ID, id, ClaimAsk{Most: most, Tab: tab, Take: take})
		w.ok(err)
		return c
	}
	mark := func(who, tab, key string) error {
		return w.marks(evaluator(who), q.ID, MarkAsk{Key: key, Slot: 1, Points: 4, Tab: tab})
	}
	left, right := claim("first", "left", 2, false), claim("first", "right", 2, false)
	if len(left.Items) != 2 || len(right.Items) != 2 || left.Elsewhere != 0 || right.Elsewhere != 2 || len(right.Others) != 0 || slices.Contains(keysOf(left), keysOf(right)[0]) || slices.Contains(keysOf(left), keysOf(right)[1]) {
		t.Fatalf("left %v, right %+v", keysOf(left), right)
	}
	w.refused(mark("first", "right", keysOf(left)[0]), "mark.claimed_elsewhere")
	w.refused(mark("first", "", keysOf(left)[0]), "mark.claimed_elsewhere")
	w.refused(mark("second", "left", keysOf(left)[0]), "mark.claimed_by_other")
	w.ok(w.Marking.Unclaim(w.ctx, evaluator("first"), q.ID, id, "right"))
	w.refused(mark("first", "right", keysOf(right)[0]), "mark.not_claimed")
	w.ok(mark("first", "left", keysOf(left)[0]))

	taken := claim("first", "right", 1, true)
	if !slices.Equal(keysOf(taken), keysOf(left)[1:]) || taken.Elsewhere != 0 {
		t.Fatalf("taken over: %+v", taken)
	}
	w.refused(mark("first", "left", keysOf(left)[1]), "mark.claimed_elsewhere")
	if again := claim("first", "left", 1, false); len(again.Items) != 1 || again.Elsewhere != 1 || slices.Contains(keysOf(again), keysOf(taken)[0]) {
		t.Fatalf("the tab that lost it: %+v", again)
	}
	w.ok(mark("first", "right", keysOf(taken)[0]))
	w.clock.Advance(Lease)
	if other := claim("second", "left", MaxClaim, false); len(other.Items) != 3 || other.Elsewhere != 0 {
		t.Fatalf("what has run out: %+v", other)
	}
}

// A tab that takes over for a round leaves what waits for another where it is.
func TestTakingOverKeepsToTheRound(t *testing.T) {
	w := newWorld(t)
	q, id := w.doubled(3, 20)
	w.marksAll("second", q, id, 1, 1, func(string) float64 { return 5 })
	claim := func(tab string, ask ClaimAsk) Claimed {
		t.Helper()
		ask.Tab, ask.Most = tab, 3
		c, err := w.Marking.Claim(w.ctx, evaluator("first"), q.ID, id, ask)
		w.ok(err)
		return c
	}
	claim("left", ClaimAsk{})
	if right := claim("right", ClaimAsk{Round: 2, Take: true}); len(right.Items) != 1 || right.Elsewhere != 2 {
		t.Fatalf("%+v", right)
	}
	if left := claim("left", ClaimAsk{}); len(left.Items) != 2 || left.Elsewhere != 1 {
		t.Fatalf("%+v", left)
	}
}

// Evaluators on two processes claim and mark all at once: every answer is marked by one of them, once.
func TestEvaluatorsAtOnceNeverMarkTheSameAnswer(t *testing.T) { onEngines(t, evaluatorsAtOnce) }

func evaluatorsAtOnce(w *world) {
	t := w.TB
	const takers, evaluators = 24, 6
	q, id := w.handedIn(takers, 6)
	processes := []*world{w, w.process()}
	var mu sync.Mutex
	marked := map[string]string{}
	var group sync.WaitGroup
	for n := range evaluators {
		p, me := processes[n%2], fmt.Sprintf("evaluator%d", n)
		group.Go(func() {
			for {
				c, err := p.Marking.Claim(p.ctx, evaluator(me), q.ID, id, ClaimAsk{Most: 3})
				if err != nil {
					t.Error(err)
					return
				}
				if len(c.Items) == 0 {
					return
				}
				for _, a := range c.Items {
					if err := p.marks(evaluator(me), q.ID, MarkAsk{Key: a.AttemptKey, Slot: a.Slot, Points: 3, Comment: me}); err != nil {
						t.Errorf("%s holds %s and may not mark it: %v", me, a.AttemptKey, fault.KeyOf(err))
						return
					}
					mu.Lock()
					if other := marked[a.AttemptKey]; other != "" {
						t.Errorf("%s and %s marked %s", other, me, a.AttemptKey)
					}
					marked[a.AttemptKey] = me
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	if len(marked) != takers {
		t.Fatalf("%d of %d answers are marked", len(marked), takers)
	}
}

// Who took the quiz does not meet the own answer: not in counts, claims or listings; marking, admitting, taking out or noting on
// it are refused.
func TestNobodyMarksAnOwnAnswer(t *testing.T) {
	w := newWorld(t)
	id := w.questions("论述", short("谈谈体会"))[0]
	q := w.quiz(fixed(10, id))
	own, other := w.start(q, "m1", "phone"), w.start(q, "m2", "phone")
	for _, m := range []*taking{own, other} {
		m.save(1, question.Response{Text: "体会"})
		m.submit()
	}
	me := w.author()
	me.MemberID = "m1"
	queue, err := w.Marking.Queue(w.ctx, me, q.ID)
	w.ok(err)
	if len(queue) != 1 || queue[0].Pending != 1 {
		t.Errorf("%+v", queue)
	}
	held, err := w.Marking.Claim(w.ctx, me, q.ID, id, ClaimAsk{Most: 9})
	w.ok(err)
	if len(held.Items) != 1 || held.Items[0].AttemptKey != other.stored().Blind {
		t.Fatalf("%+v", held.Items)
	}
	mine := own.stored()
	w.refused(w.marks(me, q.ID, MarkAsk{Key: mine.Blind, Slot: 1, Points: 10, Revise: true}), "mark.own")
	w.ok(w.marks(me, q.ID, MarkAsk{Key: held.Items[0].AttemptKey, Slot: 1, Points: 8}))
	w.ok(w.mark(q.ID, mine.Blind, 1, 6, "")) // by another
	w.refused(w.marks(me, q.ID, MarkAsk{Key: mine.Blind, Slot: 1, Points: 10, Comment: "更正", Revise: true}), "mark.own")
	marked, err := w.Marking.Answers(w.ctx, me, q.ID, id, true, 9, "")
	w.ok(err)
	queue, err = w.Marking.Queue(w.ctx, me, q.ID)
	w.ok(err)
	if len(marked.Items) != 1 || queue[0].Marked != 1 || *own.stored().Score != 6 {
		t.Errorf("%+v %+v", marked.Items, queue)
	}
	_, err = w.Marking.Void(w.ctx, me, mine.ID, "重考")
	w.refused(err, "mark.own")
	_, err = w.Integrity.AddNote(w.ctx, me, q.ID, mine.ID, "k", NoConcern, "")
	w.refused(err, "mark.own")
}

// A mark replaces only one that its evaluator has seen: not one of another meanwhile, nor one's own out of another window. The
// refusal tells what stands, and a mark that is sent once more says that it is there.
func TestAMarkReplacesNoneUnseen(t *testing.T) {
	w := newWorld(t)
	q, id := w.handedIn(1, 6)
	one := w.claim("first", q.ID, id, 1).Items[0]
	mark := func(who string, points float64, comment string, seen int) (int, error) {
		return w.Marking.Mark(w.ctx, evaluator(who), q.ID, MarkAsk{Key: one.AttemptKey, Slot: 1, Points: points, Comment: comment, Seen: seen})
	}
	told := func(err error, seen int, points float64, comment string, own bool) {
		t.Helper()
		w.refused(err, "mark.unseen")
		var f *fault.Fault
		if errors.As(err, &f); f.Code != fault.Conflict || f.Params["seen"] != seen || f.Params["mark"] != points || f.Params["comment"] != comment || f.Params["own"] != own || f.Params["rubric"] != nil {
			t.Fatalf("told %+v", f.Params)
		}
	}
	first, err := mark("first", 4, "尚可", 0)
	w.ok(err)
	for _, seen := range []int{0, first - 1, first + 1} { // the same evaluator in another window, and another
		_, err = mark("first", 2, "", seen)
		told(err, first, 4, "尚可", true)
		_, err = mark("second", 2, "", seen)
		told(err, first, 4, "尚可", false)
	}
	if again, err := mark("first", 4, "尚可", 0); err != nil || again != first {
		t.Fatalf("sent once more: %d, %v", again, err)
	}
	_, err = mark("second", 4, "尚可", 0) // as much, but another's
	told(err, first, 4, "尚可", false)
	listed, err := w.Marking.Answers(w.ctx, evaluator("second"), q.ID, id, true, 9, "")
	w.ok(err)
	if listed.Items[0].Seen != first {
		t.Fatalf("listed %+v, want %d", listed.Items[0], first)
	}
	second, err := mark("second", 5, "", first)
	w.ok(err)
	_, err = mark("first", 3, "", first)
	told(err, second, 5, "", false)
	if score := *w.byKey(one.AttemptKey).Score; score != 5 {
		t.Fatalf("a refused mark counts: %v", score)
	}
}

// Of several evaluators each replaces the own mark only as seen, and learns of no other's while the answer waits; the mark that
// they come to is replaced by who has seen that.
func TestAMarkOfSeveralReplacesNoneUnseen(t *testing.T) {
	w := newWorld(t)
	q, id := w.handedIn(1, 10, func(d *Draft) { d.Settings.Second, d.Settings.ManualRelease = &Second{Share: 1, Differs: 20}, true })
	key := w.claim("third", q.ID, id, 1).Items[0].AttemptKey
	w.ok(w.Marking.Unclaim(w.ctx, evaluator("third"), q.ID, id, ""))
	mark := func(who string, points float64, seen int) (int, error) {
		w.claim(who, q.ID, id, 1)
		n, err := w.Marking.Mark(w.ctx, evaluator(who), q.ID, MarkAsk{Key: key, Slot: 1, Points: points, Seen: seen})
		w.ok(w.Marking.Unclaim(w.ctx, evaluator(who), q.ID, id, ""))
		return n, err
	}
	one, err := mark("first", 8, 0)
	w.ok(err)
	_, err = mark("first", 6, 0)
	w.refused(err, "mark.unseen")
	one, err = mark("first", 6, one)
	w.ok(err)
	two, err := mark("second", 8, 0) // knows of none
	w.ok(err)
	if again, err := mark("second", 8, 0); err != nil || again != two {
		t.Fatalf("sent once more: %d, %v", again, err)
	}
	for _, who := range []string{"first", "second", "third"} {
		_, err = mark(who, 1, one)
		w.refused(err, "mark.unseen")
		var f *fault.Fault
		if errors.As(err, &f); f.Params["mark"] != 7.0 || f.Params["seen"] != two || f.Params["own"] != (who == "second") {
			t.Fatalf("%s is told %+v", who, f.Params)
		}
	}
	_, err = mark("second", 5, two)
	w.ok(err)
	if score := *w.byKey(key).Score; score != 5.5 {
		t.Fatalf("changed: %v", score)
	}
}

// A mark along a rubric is told with its lines.
func TestAnUnseenMarkTellsItsRubric(t *testing.T) {
	w := newWorld(t)
	id := w.questions("论述", rubricEssay())[0]
	q := w.quiz(fixed(10, id))
	m := w.start(q, "m1", "phone")
	m.save(1, question.Response{Text: "体会"})
	m.submit()
	w.along("first", q.ID, id, 6.5, Judgement{Level: 2}, Judgement{Points: ptr(3.33)}, Judgement{Points: ptr(1.5)})
	_, err := w.Marking.Mark(w.ctx, evaluator("first"), q.ID, MarkAsk{Key: m.stored().Blind, Slot: 1, Points: 6})
	w.refused(err, "mark.unseen")
	var f *fault.Fault
	errors.As(err, &f)
	if lines, _ := f.Params["rubric"].([]RubricLine); len(lines) != 3 || lines[0].Level != 2 || *lines[2].Earned != 1.5 {
		t.Fatalf("told %+v", f.Params)
	}
}
