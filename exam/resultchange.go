package exam

import "time"

// ResultChange is what became of a result after the member could see it: derived from the steps, so that nobody has
// to remember to tell.
type ResultChange struct {
	Seq    int        `json:"seq"`
	At     time.Time  `json:"at"`
	Kind   StepKind   `json:"kind" enum:"mark,admit,regrade,auto"`
	Way    RegradeWay `json:"way,omitempty" enum:"key,full,drop"` // of a regrade
	Appeal bool       `json:"appeal"`                             // the mark answers an appeal
	Slot   int        `json:"slot"`
	Reason string     `json:"reason,omitempty"`
	From   Total      `json:"from"`
	To     Total      `json:"to"`
}

// changes gives what changed the result after the release, in order; steps that changed nothing are left out. The
// sitting's contents and keys are loaded.
func (a *Attempt) changes(s sitting) ([]ResultChange, error) {
	list := []ResultChange{}
	if a.ReleasedAt == nil || !a.State.Counts() {
		return list, nil
	}
	ended, shown := false, false // whether the result was out before the step at hand
	var known *Total             // what it was when it was last known
	var cause *Step              // took it away: since then an item waits for a mark
	for i := range a.Steps {
		step := &a.Steps[i]
		ended = ended || step.Kind == StepSubmit || step.Kind == StepExpire || step.Kind == StepPaper
		if !shown {
			shown = step.Kind == StepRelease
			if shown || ended && !s.manual && !step.At.Before(*a.ReleasedAt) { // out by itself, once all was marked
				var err error
				if known, err = s.totalOf(a.Steps[:i+1]); err != nil {
					return list, err
				}
				shown = shown || known != nil
			}
			continue
		}
		if step.Kind != StepMark && step.Kind != StepAdmit && step.Kind != StepRegrade && step.Kind != StepAuto {
			continue
		}
		to, err := s.totalOf(a.Steps[:i+1])
		if err != nil {
			return list, err
		}
		if cause == nil {
			cause = step
		}
		if to == nil {
			continue // what took the result away explains the one to come
		}
		if known != nil && *known != *to {
			c := ResultChange{Seq: step.Seq, At: step.At, Kind: cause.Kind, Slot: cause.Slot, Reason: cause.Note, Appeal: cause.Kind == StepMark && cause.About != "", From: *known, To: *to}
			if cause.Kind == StepRegrade {
				c.Way = cause.way()
			}
			list = append(list, c)
		}
		known, cause = to, nil
	}
	return list, nil
}

// totalOf gives the outcome of steps, nil while items wait for an evaluator.
func (s sitting) totalOf(steps []Step) (*Total, error) {
	v := Replay(steps, len(s.paper.Slots))
	contents, err := s.keyed(v)
	if err != nil {
		return nil, err
	}
	return GradePaper(s.paper, contents, v).total(s.pass), nil
}

// mayHaveChanged says whether anything was done to an attempt after its end and release that could change its result.
func (a *Attempt) mayHaveChanged(since time.Time) bool {
	if a.ReleasedAt == nil {
		return false
	}
	for i := len(a.Steps) - 1; i >= 0 && !a.Steps[i].At.Before(since); i-- {
		if s := &a.Steps[i]; (s.Kind == StepMark || s.Kind == StepAdmit || s.Kind == StepRegrade || s.Kind == StepAuto) && !s.At.Before(*a.ReleasedAt) {
			return true
		}
	}
	return false
}
