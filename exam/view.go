package exam

import "slices"

// View is what the steps of an attempt come to.
type View struct {
	Answers []*Step   // by slot, from index 0: the answer that counts; nil = none
	Marks   []*Step   // by slot: the evaluator's mark that counts; nil = none
	Ratings [][]*Step // by slot: the marks of several evaluators, by round
	Autos   []*Step   // by slot: the product's mark, which counts as long as what it was given for does (auto)
	Late    []*Step   // late answers, in order
	Admits  map[int]*Step
	Checks  map[int][]*Step // by slot, from 1, in order; nil = none
	Keys    []*Step         // by slot: the regrade that holds; nil = as the paper was made
	Total   *Step           // only the total of a paper is known; then Answers and Marks hold nothing
}

// Replay derives the current answers and marks. A late answer counts once it is admitted; of
// several admitted for one slot the last that was given. A mark counts for the answer it was given
// to: an answer admitted after it asks for a new mark.
func Replay(steps []Step, slots int) View {
	var v View
	v.replay(steps, slots)
	return v
}

// replay makes the view that of other steps, in the memory that it has.
func (v *View) replay(steps []Step, slots int) {
	*v = View{Answers: emptied(v.Answers, slots), Marks: emptied(v.Marks, slots), Ratings: emptied(v.Ratings, slots), Autos: emptied(v.Autos, slots), Keys: emptied(v.Keys, slots)}
	for i := range steps {
		s := &steps[i]
		switch s.Kind {
		case StepAnswer:
			if s.Late {
				v.Late = append(v.Late, s)
			} else if s.Slot >= 1 && s.Slot <= slots {
				v.Answers[s.Slot-1], v.Total = s, nil
			}
		case StepMark:
			if s.Slot >= 1 && s.Slot <= slots {
				v.Marks[s.Slot-1], v.Total = s, nil
				if s.Ref > 0 && s.Fraction == nil {
					v.Marks[s.Slot-1] = nil
				}
			}
		case StepRating:
			if s.Slot >= 1 && s.Slot <= slots {
				v.rate(s)
			}
		case StepAuto:
			if s.Slot >= 1 && s.Slot <= slots {
				v.Autos[s.Slot-1] = s
			}
		case StepRegrade:
			if s.Slot >= 1 && s.Slot <= slots {
				v.Keys[s.Slot-1] = s
				if s.Ref > 0 {
					v.fall(s.Slot - 1)
				}
			}
		case StepCheck:
			if v.Checks == nil {
				v.Checks = map[int][]*Step{}
			}
			v.Checks[s.Slot] = append(v.Checks[s.Slot], s)
		case StepTotal:
			v.Total = s
			clear(v.Answers)
			clear(v.Marks)
			clear(v.Ratings)
			clear(v.Autos)
		case StepAdmit:
			if s.Ref < 1 || s.Ref > len(steps) {
				continue
			}
			late := &steps[s.Ref-1]
			if late.Kind != StepAnswer || !late.Late || late.Slot < 1 || late.Slot > slots {
				continue
			}
			if v.Admits == nil {
				v.Admits = map[int]*Step{}
			}
			v.Admits[s.Ref] = s
			if now := v.Answers[late.Slot-1]; now == nil || !now.Late || now.Seq < late.Seq {
				v.Answers[late.Slot-1] = late
				v.Marks[late.Slot-1], v.Ratings[late.Slot-1] = nil, nil
			}
		}
	}
}

// emptied gives a list of n zero values, in the memory of another where that is enough.
func emptied[T any](list []T, n int) []T {
	list = slices.Grow(list[:0], n)[:n]
	clear(list)
	return list
}

// rate puts an evaluator's mark in its round, in place of the evaluator's former one.
func (v View) rate(s *Step) {
	given := v.Ratings[s.Slot-1]
	switch {
	case s.Ref >= 1 && s.Ref <= len(given):
		given[s.Ref-1] = s
	case s.Ref == len(given)+1:
		v.Ratings[s.Slot-1] = append(given, s)
	}
}

// fall takes away what several evaluators gave to a slot, from index 0: the rubric that they marked along holds no more. A mark
// that one of them decided alone, not along a rubric, stays.
func (v View) fall(i int) {
	v.Ratings[i] = nil
	if mark := v.Marks[i]; mark != nil && (mark.By == "" || len(mark.Rubric) > 0) {
		v.Marks[i] = nil
	}
}

// key gives the regrade of a slot, from index 0; nil = none.
func (v View) key(i int) *Step {
	if i < len(v.Keys) {
		return v.Keys[i]
	}
	return nil
}

// itemised gives the slots of which anything is known.
func (v View) itemised(slots []Slot) []Slot {
	if v.Total != nil {
		return nil
	}
	return slots
}

// Unadmitted counts the late answers that do not count.
func (v View) Unadmitted() int { return len(v.Late) - len(v.Admits) }
