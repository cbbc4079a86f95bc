package exam

import (
	"context"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/media"
	"qiming/policies"
)

// BehaviourRule is what a quiz lets its takers learn while they answer.
type BehaviourRule struct {
	Behaviour Behaviour
	Tries     int     // of an item
	Penalty   float64 // share of the item that each try before costs
}

func (s Settings) rule() BehaviourRule {
	switch s.Behaviour {
	case Immediate:
		return BehaviourRule{Behaviour: Immediate, Tries: 1}
	case Retry:
		return BehaviourRule{Behaviour: Retry, Tries: s.Tries, Penalty: s.Penalty}
	}
	return BehaviourRule{Behaviour: Deferred}
}

// after gives what an answer earns that tries came before: three tries at 1/3 give 1, 2/3, 1/3. What costs
// points costs no more for it (Moodle's interactive behaviour).
func (r BehaviourRule) after(fraction float64, tries int) float64 {
	if fraction <= 0 || tries == 0 {
		return fraction
	}
	return max(0, fraction-r.Penalty*float64(tries))
}

// done says whether the checks of an item settle it: all tries are spent, or the last was right.
func (r BehaviourRule) done(checks []*Step) bool {
	n := len(checks)
	if n == 0 || r.Tries == 0 {
		return false
	}
	last := checks[n-1].Fraction
	return n >= r.Tries || last != nil && *last >= 1-1e-9
}

// triesBefore counts the checks of other answers to the slot than the one that counts.
func (v View) triesBefore(slot int, answer *Step) int {
	n := 0
	for _, check := range v.Checks[slot] {
		if answer == nil || check.Ref != answer.Seq {
			n++
		}
	}
	return n
}

// settledSlot says whether the checks of a slot settle it: it takes no more answers.
func (a *Attempt) settledSlot(r BehaviourRule, slot int) bool {
	if r.Tries == 0 {
		return false
	}
	var checks []*Step
	for i := range a.Steps {
		if s := &a.Steps[i]; s.Kind == StepCheck && s.Slot == slot {
			checks = append(checks, s)
		}
	}
	return r.done(checks)
}

// check asks how the answer to a slot went; the attempt must be settled, the contents loaded. Asking again
// changes nothing. It says whether a step was added. Refused: "attempt.no_check" where the quiz, or people who
// mark the item, keep it to themselves; "attempt.check_" with what the answer lacks (question.Missing); "attempt.section_over".
func (a *Attempt) check(s sitting, session string, slot int, now time.Time) (bool, error) {
	switch {
	case a.State.Ended() || a.State == PastDue || a.clock(s, now).Late(now):
		return false, fault.New(fault.Conflict, "attempt.ended", "the attempt has ended")
	case session != a.Session:
		return false, a.otherSession()
	case a.held() != nil:
		return false, errHeld(a.held().At)
	case slot < 1 || slot > len(s.paper.Slots):
		return false, fault.New(fault.NotFound, "attempt.no_slot", "slot %d", slot).With("slot", slot)
	case s.paper.Rule.Tries == 0 || s.contents[slot-1].Kind.ByHand():
		return false, fault.New(fault.Invalid, "attempt.no_check", "slot %d is not checked while answering", slot)
	}
	if late, err := a.lateFor(s, slot, now); err != nil || late {
		if err == nil {
			err = fault.New(fault.Invalid, "attempt.section_over", "the section of slot %d is over", slot)
		}
		return false, err
	}
	v := Replay(a.Steps, len(s.paper.Slots))
	answer := v.Answers[slot-1]
	gap := question.NoAnswer
	if answer != nil && answer.Response != nil {
		gap = question.Lacks(s.contents[slot-1], *answer.Response)
	}
	if gap != question.Whole {
		return false, fault.New(fault.Invalid, "attempt.check_"+string(gap), "the answer to slot %d lacks a %s", slot, gap)
	}
	checks := v.Checks[slot]
	if n := len(checks); n > 0 && checks[n-1].Ref == answer.Seq || s.paper.Rule.done(checks) {
		return false, nil
	}
	if len(a.Steps) >= maxSteps {
		return false, fault.New(fault.TooMany, "attempt.too_many_saves", "the attempt has %d steps", len(a.Steps))
	}
	fraction := question.Grade(s.contents[slot-1], *answer.Response).Fraction
	a.add(s.key, Step{Kind: StepCheck, At: now, Slot: slot, Ref: answer.Seq, Fraction: &fraction})
	return true, nil
}

// Checked is what a taker learns of an item while answering.
type Checked struct {
	Slot  int  `json:"slot"`
	Seq   int  `json:"seq"`   // of the answer that was checked last; a newer one waits to be checked
	Tries int  `json:"tries"` // made
	Left  int  `json:"left"`  // that may still be made
	Done  bool `json:"done"`  // settled: it takes no more answers
	Shown
	Media media.Links `json:"media,omitempty"`
}

// checked gives what the checks of a slot told; nil = it was not checked. Until the item is settled the right
// answer and what explains it stay back.
func (a *Attempt) checked(s sitting, v View, slot int) *Checked {
	during := s.during
	checks := v.Checks[slot]
	if len(checks) == 0 {
		return nil
	}
	last := checks[len(checks)-1]
	c := Checked{Slot: slot, Seq: last.Ref, Tries: len(checks), Done: s.paper.Rule.done(checks)}
	if !c.Done {
		c.Left = s.paper.Rule.Tries - c.Tries
		during.RightAnswer, during.Explanation = false, false
	}
	// As it was when it was asked for: an answer given since is another try.
	answer := &a.Steps[last.Ref-1]
	one := Paper{Slots: s.paper.Slots[slot-1 : slot], Negative: s.paper.Negative, Rule: s.paper.Rule}
	only := View{Answers: []*Step{answer}, Marks: []*Step{nil}, Checks: map[int][]*Step{slot: checks}}
	c.Shown = shown(s.contents[slot-1], answer, GradePaper(one, s.contents[slot-1:slot], only).Items[0], during)
	return &c
}

// CheckItem tells how the answer to a slot went; see Attempt.check for its refusals.
func (s *Attempts) CheckItem(ctx context.Context, actor policies.Actor, id, session string, slot int) (Checked, error) {
	now := s.clock.Now()
	t, err := s.turn(ctx, actor, id, now, func(a *Attempt, sit sitting) (bool, error) { return a.check(sit, session, slot, now) })
	if err != nil {
		return Checked{}, err
	}
	return *t.checked(t.sit, Replay(t.Steps, len(t.sit.paper.Slots)), slot), nil
}
