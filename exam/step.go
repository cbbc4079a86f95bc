package exam

import (
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// sitting is what the rules of one attempt need to know besides its document, at one moment.
type sitting struct {
	clock    Clock      // without what the steps of the attempt and the closing by hand change of it; see Attempt.clock
	closedAt *time.Time // closed by hand
	paper    Paper
	stages   []stage                     // where sections have limits
	during   ReviewShows                 // of an item that was checked
	contents []question.Content          // parallel to the slots; needed where the attempt may end or has ended
	keys     map[string]question.Content // corrected keys by question version, as far as they were asked for; see keyed
	pass     float64                     // percent
	manual   bool                        // scores wait for the release
	awards   bool                        // the quiz gives certificates
	second   *Second                     // which answers several evaluators mark; nil = none
	auto     float64                     // confidence from which on the product marks short answers; 0 = never
	key      []byte                      // of the receipts
	limits   []SignalLimit
	origin   string // of the taker's act, see origin.go; "" = unknown
}

func (a *Attempt) add(key []byte, s Step) *Step {
	prev := ""
	if n := len(a.Steps); n > 0 {
		prev = a.Steps[n-1].Receipt
	}
	s.Seq = len(a.Steps) + 1
	s.At = s.At.UTC()
	s.Receipt = s.link(prev).receipt(key, a.ID)
	a.Steps = append(a.Steps, s)
	return &a.Steps[len(a.Steps)-1]
}

func (a *Attempt) move(next State) error {
	if err := a.State.To(next); err != nil {
		return err
	}
	a.State = next
	return nil
}

// start opens a fresh attempt.
func (a *Attempt) start(s sitting, session, device string, now time.Time) error {
	a.State, a.StartedAt, a.Session = Created, now, session
	if err := a.move(Open); err != nil {
		return err
	}
	a.Deadline = a.clock(s, now).Wakes(Open)
	a.add(s.key, Step{Kind: StepStart, At: now, Session: session, Note: device, About: s.origin})
	return nil
}

// settle brings the attempt to where it stands at now: whoever looks first, a save, a read or the
// sweep, finds the same end with the same time. It says whether anything changed.
func (a *Attempt) settle(s sitting, now time.Time) (bool, error) {
	if !a.State.Running() {
		return false, nil
	}
	clock := a.clock(s, now)
	state, end := clock.Stands(now)
	if state != a.State {
		// Abandoned after a grace that nobody noticed, and overdue before it, are one way each.
		if err := a.move(state); err != nil {
			return false, err
		}
	} else if same(a.Deadline, clock.Wakes(state)) {
		return false, nil
	}
	if state.Running() {
		a.Deadline = clock.Wakes(state)
		return true, nil
	}
	a.Ending, a.EndedAt = state, end
	a.add(s.key, Step{Kind: StepExpire, At: *end})
	return true, a.regrade(s)
}

func same(a, b *time.Time) bool { return a == b || a != nil && b != nil && a.Equal(*b) }

// otherSession is the refusal of a session that does not answer, with the one that does.
func (a *Attempt) otherSession() error {
	f := fault.New(fault.Conflict, "attempt.other_session", "another session answers")
	for i := len(a.Steps) - 1; i >= 0; i-- {
		if s := a.Steps[i]; s.Kind == StepStart || s.Kind == StepTakeover {
			return f.With("attempt_id", a.ID).With("device", s.Note).With("last_at", a.lastHeard())
		}
	}
	return f
}

func (a *Attempt) lastHeard() time.Time {
	for i := len(a.Steps) - 1; i >= 0; i-- {
		if s := a.Steps[i]; s.Kind == StepAnswer || s.Kind == StepStart || s.Kind == StepTakeover {
			return s.At
		}
	}
	return a.StartedAt
}

// lateTakeovers is how often an attempt that has ended may go to another session: a member who had to
// sign in again must still get the answers of the device to the server, late as they are.
const lateTakeovers = 5

// takeover gives the attempt to another session. It says whether anything changed.
func (a *Attempt) takeover(s sitting, session, device string, now time.Time) (bool, error) {
	if a.State == Void {
		return false, fault.New(fault.Conflict, "attempt.void", "the attempt is void")
	}
	if a.Label != "" {
		return false, fault.New(fault.Conflict, "attempt.on_paper", "the attempt was sat on paper")
	}
	if a.Session == session || a.takeoversSinceEnd() >= lateTakeovers {
		return false, nil
	}
	a.Session = session
	a.add(s.key, Step{Kind: StepTakeover, At: now, Session: session, Note: device})
	return true, nil
}

func (a *Attempt) takeoversSinceEnd() int {
	n := 0
	for _, step := range a.Steps {
		if step.Kind == StepTakeover && a.EndedAt != nil && !step.At.Before(*a.EndedAt) {
			n++
		}
	}
	return n
}

// submit hands the attempt in; it must be settled. Handing in what has ended changes nothing.
func (a *Attempt) submit(s sitting, session string, now time.Time) (bool, error) {
	if a.State.Ended() && a.State != Void {
		return false, nil
	}
	if a.State != Void && session != a.Session {
		return false, a.otherSession()
	}
	if held := a.held(); held != nil {
		return false, errHeld(held.At)
	}
	if err := a.move(Submitted); err != nil {
		return false, err
	}
	a.Ending, a.EndedAt = Submitted, &now
	a.add(s.key, Step{Kind: StepSubmit, At: now})
	return true, a.regrade(s)
}

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

// mark sets an evaluator's mark of a slot, in points; rubric is what it comes from, criterion by criterion, where there is one.
func (a *Attempt) mark(s sitting, slot int, points float64, by, comment string, now time.Time, rubric ...Judgement) error {
	if !a.State.Counts() {
		return fault.New(fault.Conflict, a.State.refusal(Graded), "an attempt that is %s has no result", a.State)
	}
	if slot < 1 || slot > len(s.paper.Slots) {
		return fault.New(fault.NotFound, "attempt.no_slot", "slot %d", slot).With("slot", slot)
	}
	v := Replay(a.Steps, len(s.paper.Slots))
	if v.Total != nil {
		return fault.New(fault.Conflict, "attempt.total_only", "only the total of the paper is known")
	}
	step, err := s.given(v, StepMark, slot, points, by, comment, rubric)
	if err != nil {
		return err
	}
	step.At = now
	a.add(s.key, step)
	return a.regrade(s)
}

// given makes the step of an evaluator's mark of a slot, in points.
func (s sitting) given(v View, kind StepKind, slot int, points float64, by, comment string, rubric []Judgement) (Step, error) {
	most := s.paper.Slots[slot-1].Points
	if !(points >= 0 && points <= most) { // also refuses NaN
		return Step{}, fault.Bad("mark.out_of_range", []fault.Field{{Path: "mark", Key: "out_of_range", Params: map[string]any{"min": 0, "max": most}}})
	}
	fraction := points / most
	step := Step{Kind: kind, Slot: slot, Fraction: &fraction, By: by, Note: comment}
	if len(rubric) == 0 {
		return step, nil
	}
	contents, err := s.keyed(v)
	if err != nil {
		return Step{}, err
	}
	step.Rubric, err = judge(contents[slot-1].Rubric, most, points, rubric)
	step.Version = s.holding(v, slot-1)
	return step, err
}

// release shows the result to the member.
func (a *Attempt) release(s sitting, by string, now time.Time) error {
	if err := a.move(Released); err != nil {
		return err
	}
	a.ReleasedAt = &now
	a.add(s.key, Step{Kind: StepRelease, At: now, By: by})
	a.outdate()
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
	a.Score, a.Percent, a.Passed, a.Marks, a.Pending, a.Marked, a.Auto, a.Estimate = nil, nil, nil, nil, nil, nil, nil, ""
	a.add(s.key, Step{Kind: StepVoid, At: now, By: by, Note: reason})
	a.outdate()
	return nil
}

// regrade replays the steps of an ended attempt and keeps the outcome beside them.
func (a *Attempt) regrade(s sitting) error {
	v := Replay(a.Steps, len(s.paper.Slots))
	a.Late = v.Unadmitted()
	contents, err := s.keyed(v)
	if err != nil {
		return err
	}
	g := GradePaper(s.paper, contents, v)
	a.Answered, a.Dropped = g.Answered, g.Dropped
	if a.State == Abandoned {
		return nil
	}
	a.Score, a.Percent, a.Passed, a.Pending, a.Marked, a.Auto = nil, nil, nil, nil, nil, nil
	a.estimable(s, contents)
	a.Marks = make([]float64, len(g.Items))
	for i, m := range g.Items {
		a.Marks[i] = m.Fraction
		id := question.QuestionOf(s.paper.Slots[i].Version)
		if m.Pending {
			a.Marks[i] = pendingMark
			a.Pending = append(a.Pending, id)
		}
		if m.Manual != nil {
			a.Marked = append(a.Marked, id)
		}
		if m.Auto != nil {
			a.Auto = append(a.Auto, id)
		}
	}
	if v.Total != nil {
		a.Marks = nil // items count nowhere
	}
	a.Awards = a.Awards || s.awards
	a.outdate()
	if g.Pending > 0 {
		if a.State == Grading {
			return nil
		}
		return a.move(Grading)
	}
	pass := Passes(g.Percent, s.pass)
	a.Score, a.Percent, a.Passed = &g.Score, &g.Percent, &pass
	if a.State == Released || a.State == Graded {
		return nil
	}
	if err := a.move(Graded); err != nil {
		return err
	}
	if s.manual && a.ReleasedAt == nil {
		return nil
	}
	if a.ReleasedAt == nil {
		a.ReleasedAt = a.Steps[len(a.Steps)-1].stamp()
	}
	return a.move(Released)
}

// certifyDue stands in Attempt.Certify.
const certifyDue = "due"

// outdate notes, in the write that changes the result, that the certificate may not agree with it any more.
func (a *Attempt) outdate() {
	if a.Awards {
		a.Certify = certifyDue
	}
}

func (s *Step) stamp() *time.Time { t := s.At; return &t }
