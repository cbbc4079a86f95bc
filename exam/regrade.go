package exam

import (
	"math"
	"time"

	"qiming/internal/store"
)

// Regrade is the decision to mark an item of a quiz otherwise than by the key that its papers were made with, for
// all who had it (exam-rules section 4). Its id is "QUIZ:QUESTION:NUMBER": of one question one is open at most.
type Regrade struct {
	store.Meta  `bson:",inline"`
	QuizID      string        `bson:"quiz_id" json:"quiz_id"`
	QuestionID  string        `bson:"question_id" json:"question_id"` // of a material's item: of its own
	Stem        string        `bson:"stem" json:"stem"`               // its beginning
	Way         RegradeWay    `bson:"way" json:"way" enum:"key,full,drop"`
	Version     string        `bson:"version,omitempty" json:"version,omitempty"` // ByKey: the question version that marks from here on
	Reason      string        `bson:"reason" json:"reason"`                       // those affected read it
	State       RegradeState  `bson:"state" json:"state" enum:"asked,approved,applied,declined,withdrawn"`
	Totals      RegradeTotals `bson:"totals" json:"totals"` // as they were when it was asked for, then approved
	AskedBy     string        `bson:"asked_by" json:"asked_by"`
	AskedName   string        `bson:"asked_name" json:"asked_name"`
	DecidedBy   string        `bson:"decided_by,omitempty" json:"decided_by,omitempty"`
	DecidedName string        `bson:"decided_name,omitempty" json:"decided_name,omitempty"`
	DecidedAt   *time.Time    `bson:"decided_at,omitempty" json:"decided_at,omitempty"`
	AppliedAt   *time.Time    `bson:"applied_at,omitempty" json:"applied_at,omitempty"`
	Note        string        `bson:"note,omitempty" json:"note,omitempty"` // of the decision
}

// RegradeTotals sums up what a regrade does.
type RegradeTotals struct {
	Attempts  int     `bson:"attempts" json:"attempts"`     // that it reaches: with the item, not yet marked so
	Changed   int     `bson:"changed" json:"changed"`       // of those: the score or the percentage changes
	Up        int     `bson:"up" json:"up"`                 // the percentage rises
	Down      int     `bson:"down" json:"down"`             // it falls
	NowPass   int     `bson:"now_pass" json:"now_pass"`     // failed, and passes
	NowFail   int     `bson:"now_fail" json:"now_fail"`     // passed, and fails
	Kept      int     `bson:"kept" json:"kept"`             // the mark of an evaluator stays
	Again     int     `bson:"again,omitempty" json:"again"` // the mark falls: the product's own with its key, one along a rubric with that rubric; marked anew
	Running   int     `bson:"running" json:"running"`       // still being answered: marked so at their end
	TotalOnly int     `bson:"total_only" json:"total_only"` // papers of which only the total is known: they stay as they are
	Unfit     int     `bson:"unfit" json:"unfit"`           // the answer does not fit the corrected version: nothing can be asked for
	Empty     int     `bson:"empty" json:"empty"`           // nothing of the paper would be left: nothing can be asked for
	Mean      float64 `bson:"mean" json:"mean"`             // change of the percentage, over the attempts with a result
	Veiled    int     `bson:"-" json:"veiled,omitempty"`    // attempts whose result is not released, and not told: in no mean and no count of passes
	sum       float64
	scored    int
}

// RegradeRow is an attempt whose result changes, or that stands in the way.
type RegradeRow struct {
	AttemptID string   `json:"attempt_id"`
	MemberID  string   `json:"member_id"`
	Name      string   `json:"name"`
	OrgName   string   `json:"org_name"`
	State     State    `json:"state"`
	MarkFrom  *float64 `json:"mark_from,omitempty"` // points of the item; absent while it waits for an evaluator
	MarkTo    *float64 `json:"mark_to,omitempty"`
	From      *Total   `json:"from,omitempty"` // absent while items wait for an evaluator
	To        *Total   `json:"to,omitempty"`
	Again     bool     `json:"again,omitempty"` // the mark falls: marked anew
	Kept      bool     `json:"kept"`            // the mark of an evaluator stays
	Unfit     bool     `json:"unfit"`           // the answer does not fit the corrected version

	Veiled bool     `json:"veiled,omitempty" doc:"The result is not released: neither score nor pass is told"`
	Change *float64 `json:"change,omitempty" doc:"Of a veiled row: points by which the score changes; absent where that would tell the mark of an evaluator"`
}

// veil leaves of a row by how much the score changes, where the answer and the key say that much to whoever may read them. What
// people marked, or the product by itself, they do not say.
func (r *RegradeRow) veil(byKey bool) {
	if byKey && r.From != nil && r.To != nil {
		change := hundredths(r.To.Score - r.From.Score)
		r.Change = &change
	}
	r.MarkFrom, r.MarkTo, r.From, r.To, r.Veiled = nil, nil, nil, nil, true
}

// veil leaves of stored totals what tells nothing of scores.
func (t RegradeTotals) veil() RegradeTotals {
	t.Up, t.Down, t.NowPass, t.NowFail, t.Mean, t.Veiled = 0, 0, 0, 0, 0, t.Attempts-t.Running
	return t
}

// step gives what is added to each attempt.
func (r *Regrade) step(slot int, by string, at time.Time) Step {
	s := Step{Kind: StepRegrade, At: at, Slot: slot, By: by, Note: r.Reason, About: r.ID}
	switch r.Way {
	case ByKey:
		s.Version = r.Version
	case ForAll:
		all := 1.0
		s.Fraction = &all
	}
	return s
}

// already says whether a slot of the paper is marked by the step already.
func (s *Step) already(key *Step, slot Slot) bool {
	if key == nil {
		return s.Version == slot.Version
	}
	return key.Version == s.Version && (key.Fraction == nil) == (s.Fraction == nil)
}

// rekey marks a slot anew. It says whether anything changed: an attempt that is marked so already, that does not
// count, or of which only the total is known stays as it is. One that is running is graded at its end.
func (a *Attempt) rekey(s sitting, step Step) (bool, error) {
	if a.State == Created || a.State == Void || a.State == Abandoned {
		return false, nil
	}
	v := Replay(a.Steps, len(s.paper.Slots))
	if v.Total != nil || step.already(v.Keys[step.Slot-1], s.paper.Slots[step.Slot-1]) {
		return false, nil
	}
	if !a.State.Running() {
		outdated, err := a.outdates(s, step)
		if err != nil {
			return false, err
		}
		if outdated {
			step.Ref = 1
		}
	}
	a.add(s.key, step)
	if a.State.Running() {
		return true, nil
	}
	return true, a.regrade(s)
}

// rewind takes an attempt back to before a regrade; false where that did not change a result that was there.
func (a *Attempt) rewind(regradeID string) bool {
	ended := false
	for i := range a.Steps {
		switch s := &a.Steps[i]; {
		case s.Kind == StepSubmit || s.Kind == StepExpire || s.Kind == StepPaper:
			ended = true
		case s.Kind == StepRegrade && s.About == regradeID:
			a.Steps = a.Steps[:i]
			return ended
		}
	}
	return false
}

// weigh says what a step would do to an attempt, without doing it: the row, and whether it changes the result.
// The sitting's keys are loaded. Of a veiled attempt no score is told.
func (t *RegradeTotals) weigh(a *Attempt, s sitting, step Step, veiled bool) (row RegradeRow, shown bool, err error) {
	v := Replay(a.Steps, len(s.paper.Slots))
	switch {
	case a.State == Created || a.State == Void || a.State == Abandoned:
		return row, false, nil
	case v.Total != nil:
		t.TotalOnly++
		return row, false, nil
	case step.already(v.Keys[step.Slot-1], s.paper.Slots[step.Slot-1]):
		return row, false, nil
	}
	t.Attempts++
	if a.State.Running() {
		t.Running++
		return row, false, nil
	}
	i := step.Slot - 1
	row = RegradeRow{AttemptID: a.ID, MemberID: a.MemberID, State: a.State}
	contents, err := s.keyed(v)
	if err != nil {
		return row, false, err
	}
	before := GradePaper(s.paper, contents, v)
	step.Seq = len(a.Steps) + 1
	v.Keys[i] = &step
	if contents, err = s.keyed(v); err != nil {
		return row, false, err
	}
	after := GradePaper(s.paper, contents, v)
	if step.Version != "" && step.Version != s.paper.Slots[i].Version && !fits(s.contents[i], s.keys[step.Version], v.Answers[i]) {
		t.Unfit++
		row.Unfit = true
	}
	if after.Points == 0 {
		t.Empty++
	}
	if row.Kept = step.Version != "" && after.Items[i].Manual != nil; row.Kept {
		t.Kept++
	}
	if row.Again = (before.Items[i].Auto != nil || before.Items[i].Manual != nil) && after.Items[i].Pending; row.Again {
		t.Again++
	}
	row.MarkFrom, row.MarkTo = before.Items[i].points(), after.Items[i].points()
	row.From, row.To = before.total(s.pass), after.total(s.pass)
	known := row.From != nil && row.To != nil
	changed := known && (row.From.Score != row.To.Score || math.Abs(row.From.Percent-row.To.Percent) > 1e-9)
	if changed {
		t.Changed++
	}
	byKey := before.Items[i].Auto == nil && before.Items[i].Manual == nil
	// A veiled row that is not there would tell as well: that an evaluator gave all, or nothing.
	shown = changed || row.Unfit || row.Again || known && (row.Kept || veiled && !byKey)
	switch {
	case veiled:
		t.Veiled++
		row.veil(byKey)
	case known:
		t.compare(row.From, row.To)
	}
	return row, shown, nil
}

// compare takes in a result before and after.
func (t *RegradeTotals) compare(from, to *Total) {
	t.scored++
	t.sum += to.Percent - from.Percent
	t.Mean = exact(t.sum / float64(t.scored))
	switch {
	case to.Percent > from.Percent:
		t.Up++
	case to.Percent < from.Percent:
		t.Down++
	}
	switch {
	case to.Passed && !from.Passed:
		t.NowPass++
	case from.Passed && !to.Passed:
		t.NowFail++
	}
}

// points gives what an item earned; nil while it waits for an evaluator, or where it counts nowhere.
func (m ItemMark) points() *float64 {
	if m.Pending || m.Dropped {
		return nil
	}
	earned := hundredths(m.Earned)
	return &earned
}

// total gives the outcome, nil while items wait for an evaluator.
func (g Grade) total(pass float64) *Total {
	if g.Pending > 0 {
		return nil
	}
	return &Total{Score: g.Score, Points: g.Points, Percent: g.Percent, Passed: Passes(g.Percent, pass)}
}
