package exam

import (
	"math"

	"qiming/exam/question"
)

// ItemMark is the mark of one slot.
type ItemMark struct {
	Fraction float64         // 0..1 of the points; down to -1 where the paper allows negative marks
	Earned   float64         // points, never above the slot's
	Answered bool            // there is an answer that counts
	Pending  bool            // waits for an evaluator
	Manual   *Step           // the evaluator's mark where one counts
	Auto     *Step           // the product's mark of what people mark, where that counts
	Parts    []question.Part // of an automatic mark
	Tries    int             // checks of other answers before this one
	Dropped  bool            // counts nowhere, by a regrade
	Own      float64         // fraction of the answer by itself, without what tries cost
}

// Grade is the marking of a whole attempt.
type Grade struct {
	Items    []ItemMark // by slot
	Pending  int        // slots that wait for an evaluator
	Answered int
	Score    float64 // points, without what is pending; never below 0
	Points   float64 // of the paper, without what is dropped
	Dropped  float64 // points of items that count nowhere
	Percent  float64 // 0..100, not rounded: who shows it rounds it, once
}

// GradePaper marks what the steps come to. Contents are parallel to the slots, those of corrected keys in
// their place (see sitting.keyed). An evaluator's mark overrides the automatic one, and what everybody was given
// where it came later. An item that people mark and nobody answered earns 0 without them.
func GradePaper(paper Paper, contents []question.Content, v View) Grade {
	g := Grade{Items: make([]ItemMark, len(paper.Slots))}
	for i, slot := range paper.Slots {
		m := &g.Items[i]
		var r question.Response
		if a := v.Answers[i]; a != nil && a.Response != nil {
			r = *a.Response
		}
		m.Answered = question.Answered(contents[i], r)
		if mark := v.Marks[i]; mark != nil && mark.Fraction != nil {
			m.Manual, m.Fraction = mark, *mark.Fraction
		} else if m.Answered {
			auto := question.Grade(contents[i], r)
			m.Tries, m.Own = v.triesBefore(slot.Number, v.Answers[i]), auto.Fraction
			m.Fraction, m.Parts, m.Pending = paper.Rule.after(auto.Fraction, m.Tries), auto.Parts, auto.Human
			if m.Pending {
				m.Auto = v.auto(i, slot)
			}
			if m.Auto != nil {
				m.Fraction, m.Pending = *m.Auto.Fraction, false
			}
		}
		if key := v.key(i); key != nil && key.Version == "" && v.Total == nil {
			switch {
			case key.Fraction == nil:
				m.Dropped, m.Pending, m.Auto = true, false, nil
			case m.Manual == nil || m.Manual.Seq < key.Seq:
				m.Fraction, m.Parts, m.Pending, m.Auto = *key.Fraction, nil, false, nil
			}
		}
		floor := 0.0
		if paper.Negative {
			floor = -1
		}
		m.Fraction = min(max(m.Fraction, floor), 1)
		m.Earned = m.Fraction * slot.Points
		if m.Answered {
			g.Answered++
		}
		if m.Pending {
			g.Pending++
			m.Fraction, m.Earned = 0, 0
		}
		if m.Dropped {
			g.Dropped += slot.Points
			continue
		}
		g.Score += m.Earned
		g.Points += slot.Points
	}
	g.Points, g.Dropped = hundredths(g.Points), hundredths(g.Dropped)
	if v.Total != nil {
		g.Score = *v.Total.Fraction * g.Points
	}
	g.Score = max(g.Score, 0)
	if g.Points > 0 {
		g.Percent = exact(100 * g.Score / g.Points)
	}
	g.Score = hundredths(g.Score)
	return g
}

// hundredths rounds half up to two decimals, as scores are shown.
func hundredths(x float64) float64 { return math.Floor(x*100+0.5+1e-7) / 100 }

// exact takes away what binary fractions add to a share of points, which have two decimals, and nothing else: far below
// the tenth that is shown, and finer than one share of any paper differs from the half of that tenth.
func exact(percent float64) float64 { return math.Round(percent*1e8) / 1e8 }

// Hundredths gives a percentage as files and the comparison with the passing mark have it: two decimals, half up.
func Hundredths(percent float64) float64 { return hundredths(percent) }

// Passes says whether a percentage passes: that of two thirds of the points is 66.67.
func Passes(percent, pass float64) bool { return hundredths(percent) >= pass }

// Outcome is what several attempts of a member come to.
type Outcome struct {
	AttemptID string // whose score it is; for the average the last one
	State     State
	Score     *float64 // points; nil = not known yet
	Percent   *float64
	Passed    *bool
	Pending   bool // an attempt that may change it waits for an evaluator
}

// AttemptResult is what an attempt says of its member's result.
type AttemptResult struct {
	ID      string
	Number  int
	State   State
	Late    int      // late answers that nobody admitted
	Score   *float64 // points; nil until all marked
	Percent *float64
}

func (a *Attempt) result() AttemptResult {
	return AttemptResult{ID: a.ID, Number: a.Number, State: a.State, Late: a.Late, Score: a.Score, Percent: a.Percent}
}

func resultsOf(attempts []Attempt) []AttemptResult {
	list := make([]AttemptResult, len(attempts))
	for i := range attempts {
		list[i] = attempts[i].result()
	}
	return list
}

// Combine gives the outcome of a member's attempts, in the order of their numbers. Running, void
// and abandoned ones do not count. best, last, first, average: by percent, for versions of a quiz
// may have different totals.
func Combine(by GradeBy, pass float64, attempts []AttemptResult) Outcome {
	var counting []*AttemptResult
	for i := range attempts {
		if attempts[i].State.Counts() {
			counting = append(counting, &attempts[i])
		}
	}
	if len(counting) == 0 {
		return Outcome{}
	}
	var chosen *AttemptResult
	o := Outcome{}
	switch by {
	case GradeFirst:
		chosen = counting[0]
	case GradeLast:
		chosen = counting[len(counting)-1]
	case GradeAverage:
		return average(counting, pass)
	default:
		for _, a := range counting {
			o.Pending = o.Pending || a.Percent == nil
			if chosen == nil || a.Percent != nil && (chosen.Percent == nil || *a.Percent > *chosen.Percent) {
				chosen = a
			}
		}
	}
	o.AttemptID, o.State, o.Score, o.Percent = chosen.ID, chosen.State, chosen.Score, chosen.Percent
	o.Pending = o.Pending || chosen.Percent == nil
	o.Passed = passed(o.Percent, pass)
	return o
}

func average(counting []*AttemptResult, pass float64) Outcome {
	last := counting[len(counting)-1]
	o := Outcome{AttemptID: last.ID, State: last.State}
	score, percent, n := 0.0, 0.0, 0.0
	for _, a := range counting {
		if a.Percent == nil || a.Score == nil {
			o.Pending = true
			continue
		}
		score, percent, n = score+*a.Score, percent+*a.Percent, n+1
	}
	if n > 0 {
		score, percent = hundredths(score/n), exact(percent/n)
		o.Score, o.Percent, o.Passed = &score, &percent, passed(&percent, pass)
	}
	return o
}

func passed(percent *float64, pass float64) *bool {
	if percent == nil {
		return nil
	}
	p := Passes(*percent, pass)
	return &p
}
