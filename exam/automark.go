package exam

import (
	"context"
	"errors"
	"math"
	"time"

	"golang.org/x/sync/errgroup"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
)

// Confident short answers are marked by the product, where the quiz says from which confidence on
// (Settings.AutoMark); the others wait for evaluators. Such a mark is a step of its own kind, with what it rests on.
// It counts as long as the answer, and the key that marks it, are those that it was given to (View.auto), and no evaluator
// marks the answer: a corrected key asks for a new one. It teaches nothing: estimates learn from evaluators only.
//
// An attempt whose answers or marks changed notes, in the same write, that estimates are due (Attempt.Estimate); the
// sweep of any process makes them and takes the note away. Nothing else is kept, so that a crash leaves nothing half done.

// estimateDue stands in Attempt.Estimate.
const estimateDue = "due"

// leastAuto is the lowest confidence that a quiz may ask for: the expected error is a fifth of the item then.
const leastAuto = 0.5

// autoRest is how many times as long as an estimation took, the next one of the same quiz waits.
const autoRest = 10

// auto gives the product's mark of a slot, from index 0, where it counts: for the answer and the key of now.
func (v View) auto(i int, slot Slot) *Step {
	if i >= len(v.Autos) || len(v.Ratings[i]) > 0 {
		return nil
	}
	s := v.Autos[i]
	if s == nil || s.Fraction == nil || v.Answers[i] == nil || v.Answers[i].Seq != s.Ref || s.Version != v.keyOf(i, slot) {
		return nil
	}
	return s
}

// keyOf gives the question version whose key marks a slot, from index 0.
func (v View) keyOf(i int, slot Slot) string {
	if key := v.key(i); key != nil && key.Version != "" {
		return key.Version
	}
	return slot.Version
}

// estimable notes that the answers of a paper may be marked by the product, or tell how others are.
func (a *Attempt) estimable(s sitting, contents []question.Content) {
	if s.auto == 0 {
		return
	}
	for i := range contents {
		if contents[i].Kind == question.Short {
			a.Estimate = estimateDue
		}
	}
}

// autoMark is a mark that the product gives. Fraction nil takes the one that stands back.
type autoMark struct {
	slot, answer int // the answer's seq
	version      string
	fraction     *float64
	found        *Found
}

// automark adds the product's mark, unless the answer, the key or the marks are not any more those that it was
// made for. It says whether it did.
func (a *Attempt) automark(s sitting, m autoMark, now time.Time) (bool, error) {
	if !a.State.Counts() || m.slot < 1 || m.slot > len(s.paper.Slots) {
		return false, nil
	}
	i, v := m.slot-1, Replay(a.Steps, len(s.paper.Slots))
	slot := s.paper.Slots[i]
	if v.Total != nil || v.Marks[i] != nil || len(v.Ratings[i]) > 0 || v.Answers[i] == nil || v.Answers[i].Seq != m.answer || v.keyOf(i, slot) != m.version {
		return false, nil
	}
	if key := v.key(i); key != nil && key.Version == "" { // everybody has the same
		return false, nil
	}
	if had := v.auto(i, slot); had == nil && m.fraction == nil || had != nil && (a.ReleasedAt != nil || m.fraction != nil && *m.fraction == *had.Fraction) {
		return false, nil
	}
	a.add(s.key, Step{Kind: StepAuto, At: now, Slot: m.slot, Ref: m.answer, Version: m.version, Fraction: m.fraction, Found: m.found})
	return true, a.regrade(s)
}

// verdict is what the product makes of an analysed answer: its mark where that is sure enough, nothing where it is
// not. A mark that it gave before stays, unless evaluators marked an answer that says the same otherwise. Points that
// no author accepted are no ground for a mark: then only such an answer is.
func (one *analysed) verdict() (m autoMark, ok bool) {
	if one.threshold == 0 || one.mark != nil {
		return m, false
	}
	e := one.estimate
	m = autoMark{slot: one.slot.Number, answer: one.answer, version: one.version, found: foundIn(e, one.content.Points)}
	points := markOf(e, one.slot.Points)
	fraction := points / one.slot.Points
	if e.Confidence >= one.threshold && (e.Like > 0 || len(one.content.Points) > 0) {
		m.fraction = &fraction
	}
	if one.auto == nil {
		return m, m.fraction != nil
	}
	otherwise := e.Like > 0 && math.Abs(points-hundredths(*one.auto.Fraction*one.slot.Points)) >= 0.01
	return m, otherwise && !one.released
}

// automarkDue makes the estimates that are due. What cannot be done for one quiz does not keep the others from it.
func (d *desk) automarkDue(ctx context.Context) error {
	due := map[string][]Attempt{}
	for a, err := range d.attempts.Find(ctx, store.Query[Attempt]{Index: "estimate", Eq: map[string]any{"estimate": estimateDue}, Limit: sweepMost}) {
		if err != nil {
			return err
		}
		due[a.QuizID] = append(due[a.QuizID], a)
	}
	var errs []error
	for quizID, list := range due {
		began := d.clock.Now()
		if d.resting.before(quizID, began) {
			continue
		}
		errs = append(errs, d.automark(ctx, quizID, list))
		d.resting.until(quizID, began.Add(autoRest*d.clock.Now().Sub(began)))
	}
	return errors.Join(errs...)
}

// automark marks what is sure of the questions that the due attempts have in common with others, and takes their notes away.
func (d *desk) automark(ctx context.Context, quizID string, due []Attempt) error {
	questions, err := d.shortQuestions(ctx, due)
	if err != nil {
		return err
	}
	for _, id := range questions {
		if err := d.automarkQuestion(ctx, quizID, id); err != nil {
			return err
		}
	}
	return d.each(ctx, len(due), func(ctx context.Context, i int) error {
		seen := len(due[i].Steps)
		_, err := d.attempts.Update(ctx, due[i].ID, func(a *Attempt) error {
			for _, s := range a.Steps[min(seen, len(a.Steps)):] {
				if s.Kind != StepAuto {
					return store.ErrUnchanged // more has happened: it is due again
				}
			}
			if a.Estimate == "" {
				return store.ErrUnchanged
			}
			a.Estimate = ""
			return nil
		})
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		return err
	})
}

// shortQuestions gives the short-answer questions that stand in the papers of attempts.
func (d *desk) shortQuestions(ctx context.Context, list []Attempt) ([]string, error) {
	var ids []string
	versions := map[string]bool{}
	for i := range list {
		f, err := d.factsOf(ctx, &list[i])
		if err != nil {
			return nil, err
		}
		for _, slot := range f.paper.Slots {
			if !versions[slot.Version] {
				versions[slot.Version] = true
				ids = append(ids, slot.Version)
			}
		}
	}
	contents, err := d.bank.GetVersions(ctx, ids)
	if err != nil {
		return nil, err
	}
	var questions []string
	known := map[string]bool{}
	for _, id := range ids {
		if of := question.QuestionOf(id); contents[id].Content.Kind == question.Short && !known[of] {
			known[of] = true
			questions = append(questions, of)
		}
	}
	return questions, nil
}

func (d *desk) automarkQuestion(ctx context.Context, quizID, questionID string) error {
	list, err := d.analyse(ctx, quizID, questionID, 0)
	if err != nil {
		return err
	}
	type given struct {
		id string
		autoMark
	}
	var marks []given
	for i := range list {
		if m, ok := list[i].verdict(); ok {
			marks = append(marks, given{list[i].id, m})
		}
	}
	now := d.clock.Now()
	return d.each(ctx, len(marks), func(ctx context.Context, i int) error {
		f, err := d.facts(ctx, marks[i].id)
		if err != nil {
			return err
		}
		sit, _, err := d.sitting(ctx, f, now, true)
		if err != nil {
			return err
		}
		_, err = d.rewrite(ctx, marks[i].id, sit, func(a *Attempt) error {
			noted := a.Estimate
			changed, err := a.automark(sit, marks[i].autoMark, now)
			a.Estimate = noted // a mark of the product tells nothing of others
			if err == nil && !changed {
				return store.ErrUnchanged
			}
			return err
		})
		return err
	})
}

// each does n things, some at a time.
func (d *desk) each(ctx context.Context, n int, do func(context.Context, int) error) error {
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(sweepers)
	for i := range n {
		group.Go(func() error { return do(gctx, i) })
	}
	return group.Wait()
}
