package exam

import "time"

// eachSpent tells how long a taker was busy before each accepted answer, in order: from one answer to the next the time
// belongs to the slot, from 1, that was answered at its end. Held time belongs to no slot. Answers that came late count for
// nothing, and an attempt on paper has none.
func (a *Attempt) eachSpent(slots int, tell func(slot int, spent time.Duration)) {
	if a.Label != "" {
		return
	}
	last := a.StartedAt
	for i := range a.Steps {
		step := &a.Steps[i]
		switch step.Kind {
		case StepStart, StepTakeover, StepResume:
			last = step.At
		case StepSection:
			last = step.given(last)
		case StepAnswer:
			if step.Late || step.Slot < 1 || step.Slot > slots {
				continue
			}
			at := step.given(last)
			tell(step.Slot, at.Sub(last))
			last = at
		}
	}
}

// given says when a step was given: by the taker's clock, for what waited for the network comes at once, but only where
// the server's clock allows it: not before what came before, nor after it arrived. Else it was given when it arrived.
func (s *Step) given(last time.Time) time.Time {
	at := s.At
	if c := s.ClientAt; c != nil && !c.Before(last) && !c.After(at) {
		at = *c
	}
	if at.Before(last) {
		return last
	}
	return at
}

// secondsBySlot adds up how long a taker was busy with each slot, by index. A slot that was never answered gets none.
func (a *Attempt) secondsBySlot(seconds []float32) {
	a.eachSpent(len(seconds), func(slot int, spent time.Duration) { seconds[slot-1] += float32(spent.Seconds()) })
}
