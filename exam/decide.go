package exam

import (
	"time"

	"qiming/internal/fault"
)

// What evaluators decide about an attempt that has ended.

// admit lets a late answer count, with a reason.
func (a *Attempt) admit(s sitting, seq int, by, reason string, now time.Time) error {
	switch {
	case !a.State.Counts():
		return fault.New(fault.Conflict, a.State.refusal(Graded), "an attempt that is %s has no result", a.State)
	case reason == "":
		return fault.Bad("attempt.admit_invalid", []fault.Field{{Path: "reason", Key: "required"}})
	case seq < 1 || seq > len(a.Steps) || a.Steps[seq-1].Kind != StepAnswer || !a.Steps[seq-1].Late:
		return fault.New(fault.NotFound, "attempt.no_late_answer", "step %d is no late answer", seq).With("seq", seq)
	case Replay(a.Steps, len(s.paper.Slots)).Admits[seq] != nil:
		return fault.New(fault.Conflict, "attempt.admitted", "step %d is admitted", seq).With("seq", seq)
	}
	a.add(s.key, Step{Kind: StepAdmit, At: now, Slot: a.Steps[seq-1].Slot, Ref: seq, By: by, Note: reason})
	return a.regrade(s)
}

// mark sets an evaluator's mark of a slot, in points.
func (a *Attempt) mark(s sitting, slot int, points float64, by, comment string, now time.Time) error {
	if !a.State.Counts() {
		return fault.New(fault.Conflict, a.State.refusal(Graded), "an attempt that is %s has no result", a.State)
	}
	if slot < 1 || slot > len(s.paper.Slots) {
		return fault.New(fault.NotFound, "attempt.no_slot", "slot %d", slot).With("slot", slot)
	}
	if Replay(a.Steps, len(s.paper.Slots)).Total != nil {
		return fault.New(fault.Conflict, "attempt.total_only", "only the total of the paper is known")
	}
	most := s.paper.Slots[slot-1].Points
	if !(points >= 0 && points <= most) { // also refuses NaN
		return fault.Bad("mark.out_of_range", []fault.Field{{Path: "mark", Key: "out_of_range", Params: map[string]any{"min": 0, "max": most}}})
	}
	fraction := points / most
	a.add(s.key, Step{Kind: StepMark, At: now, Slot: slot, Fraction: &fraction, By: by, Note: comment})
	return a.regrade(s)
}

// release shows the result to the member.
func (a *Attempt) release(s sitting, by string, now time.Time) error {
	if err := a.move(Released); err != nil {
		return err
	}
	a.ReleasedAt = &now
	a.add(s.key, Step{Kind: StepRelease, At: now, By: by})
	return nil
}

// void takes the attempt out of the count, with a reason.
func (a *Attempt) void(s sitting, by, reason string, now time.Time) error {
	if reason == "" {
		return fault.Bad("attempt.void_invalid", []fault.Field{{Path: "reason", Key: "required"}})
	}
	if err := a.move(Void); err != nil {
		return err
	}
	if a.EndedAt == nil {
		a.EndedAt = &now
	}
	a.Score, a.Percent, a.Passed, a.Marks, a.Pending, a.Marked = nil, nil, nil, nil, nil, nil
	a.add(s.key, Step{Kind: StepVoid, At: now, By: by, Note: reason})
	return nil
}
