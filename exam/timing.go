package exam

import "time"

// secondsBySlot estimates how long a taker was busy with each slot, by index: from one accepted answer to the next the time
// belongs to the slot that was answered at its end, by the taker's clock where both have it. A slot that was never answered has
// none (0), an attempt on paper has none at all. Answers that came late count for nothing.
func secondsBySlot(a *Attempt, slots int) []float32 {
	seconds := make([]float32, slots)
	if a.Label != "" {
		return seconds
	}
	var before *Step
	for i := range a.Steps {
		step := &a.Steps[i]
		switch step.Kind {
		case StepStart, StepTakeover, StepSection:
			before = step
		case StepAnswer:
			if step.Late || step.Slot < 1 || step.Slot > slots {
				continue
			}
			if spent := step.since(before); spent > 0 {
				seconds[step.Slot-1] += float32(spent.Seconds())
			}
			before = step
		}
	}
	return seconds
}

// since gives the time from one step to another; nil = 0.
func (s *Step) since(before *Step) time.Duration {
	switch {
	case before == nil:
		return 0
	case s.ClientAt != nil && before.ClientAt != nil:
		return s.ClientAt.Sub(*before.ClientAt)
	}
	return s.At.Sub(before.At)
}
