package exam

import (
	"slices"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// Answer is what a client hands in for one slot.
type Answer struct {
	ClientSeq int64             `json:"client_seq" minimum:"1"`                     // the client's own number, rising within its session
	Slot      int               `json:"slot" minimum:"0"`                           // from 1; 0 with Section
	Section   int               `json:"section,omitempty" minimum:"0" maximum:"50"` // no answer: the taker goes on to this section, from 1
	Response  question.Response `json:"response"`                                   // the zero response clears the slot
	ClientAt  *time.Time        `json:"client_at,omitempty"`
}

// Receipt acknowledges one answer: the server has it, durably.
type Receipt struct {
	ClientSeq int64     `json:"client_seq"`
	Slot      int       `json:"slot"`
	Seq       int       `json:"seq"`
	Receipt   string    `json:"receipt"`
	At        time.Time `json:"at"`
	Late      bool      `json:"late"` // came after the end: kept, but it counts only if an evaluator admits it
}

// sitting is what the rules of one attempt need to know besides its document, at one moment.
type sitting struct {
	clock    Clock
	paper    Paper
	stages   []stage            // where sections have limits
	during   ReviewShows        // of an item that was checked
	contents []question.Content // parallel to the slots; needed where the attempt may end or has ended
	pass     float64            // percent
	manual   bool               // scores wait for the release
	key      []byte             // of the receipts
}

// limits of one attempt's history: a document must stay small.
const (
	maxSteps       = 4000
	maxAnswerBytes = 64 << 10 // of responses; above it superseded texts are dropped
	maxStepBytes   = 1 << 20  // of all responses that are kept
	maxLate        = 5        // late answers of a slot: what comes after the end is never pruned
)

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
	a.add(s.key, Step{Kind: StepStart, At: now, Session: session, Note: device})
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

// save takes answers of one session; the attempt must be settled. It gives a receipt for each and
// whether anything was added. All are taken or none.
//
// A repeated (session, client seq) gives the first receipt again. What
// only repeats the answer of a slot after the end is acknowledged without a new step. An answer older than what the slot
// has from the same session, the same number with another content, or an answer of a session that
// no longer answers is fault.Conflict ("attempt.stale", "attempt.other_session"), and so are the
// late answers of a slot above maxLate ("attempt.late_full") and what does not fit
// ("attempt.too_large"): an answer that has a receipt is never dropped for a newer one.
func (a *Attempt) save(s sitting, session string, answers []Answer, now time.Time) ([]Receipt, bool, error) {
	if a.State == Void {
		return nil, false, fault.New(fault.Conflict, "attempt.void", "the attempt is void")
	}
	answers = slices.Clone(answers)
	slices.SortStableFunc(answers, func(x, y Answer) int { return int(x.ClientSeq - y.ClientSeq) })
	receipts, added := make([]Receipt, 0, len(answers)), false
	over := !a.State.Running() || a.State == PastDue || a.clock(s, now).Late(now)
	for _, answer := range answers {
		late := over
		if !over && answer.Section == 0 {
			var err error
			if late, err = a.lateFor(s, answer.Slot, now); err != nil {
				return nil, false, err
			}
		}
		step, err := a.known(session, answer, late)
		if err != nil {
			return nil, false, err
		}
		if step == nil {
			if session != a.Session {
				return nil, false, a.otherSession()
			}
			if len(a.Steps) >= maxSteps {
				return nil, false, fault.New(fault.TooMany, "attempt.too_many_saves", "the attempt has %d steps", len(a.Steps))
			}
			if answer.Section > 0 {
				if step, err = a.goOn(s, answer, now); err != nil {
					return nil, false, err
				}
				receipts, added = append(receipts, step.acknowledged(answer)), true
				continue
			}
			if !late && a.settledSlot(s.paper.Rule, answer.Slot) {
				return nil, false, fault.New(fault.Invalid, "attempt.checked", "slot %d was checked", answer.Slot).With("slot", answer.Slot)
			}
			if late && a.lateOf(answer.Slot) >= maxLate {
				return nil, false, fault.New(fault.Conflict, "attempt.late_full", "slot %d has %d late answers", answer.Slot, maxLate).
					With("slot", answer.Slot).With("max", maxLate)
			}
			response := answer.Response
			step = a.add(s.key, Step{Kind: StepAnswer, At: now, Slot: answer.Slot, Response: &response,
				ClientSeq: answer.ClientSeq, ClientAt: answer.ClientAt, Late: late})
			added = true
			if late {
				a.Late++
			}
		}
		receipts = append(receipts, step.acknowledged(answer))
	}
	if added {
		if total := a.prune(); total > maxStepBytes {
			return nil, false, fault.New(fault.Conflict, "attempt.too_large", "the answers have %d bytes", total).With("max", maxStepBytes)
		}
	}
	return receipts, added, nil
}

func (s *Step) acknowledged(answer Answer) Receipt {
	return Receipt{ClientSeq: answer.ClientSeq, Slot: s.Slot, Seq: s.Seq, Receipt: s.Receipt, At: s.At, Late: s.Late}
}

// lateOf counts the late answers of a slot.
func (a *Attempt) lateOf(slot int) (n int) {
	for i := range a.Steps {
		if s := &a.Steps[i]; s.Kind == StepAnswer && s.Late && s.Slot == slot {
			n++
		}
	}
	return n
}

// known finds the step that already holds the answer; nil = none. An answer that only repeats what the slot
// has is a step all the same, for its number says that what was given before it is older; but what is only
// repeated after the end came in time.
func (a *Attempt) known(session string, answer Answer, late bool) (*Step, error) {
	current := ""
	var last, newest *Step // of the slot: at all, and of this session by its own number
	for i := range a.Steps {
		step := &a.Steps[i]
		if step.Kind == StepStart || step.Kind == StepTakeover {
			current = step.Session
		}
		if step.Kind != StepAnswer && step.Kind != StepSection {
			continue
		}
		if current == session && step.ClientSeq == answer.ClientSeq {
			if step.Slot == answer.Slot && (step.Kind == StepSection && step.Ref == answer.Section || answer.Section == 0 && step.holds(answer.Response)) {
				return step, nil
			}
			return nil, stale(answer, step)
		}
		if step.Slot == answer.Slot && step.Kind == StepAnswer {
			last = step
			if current == session && (newest == nil || step.ClientSeq > newest.ClientSeq) {
				newest = step
			}
		}
	}
	if newest != nil && newest.ClientSeq > answer.ClientSeq {
		return nil, stale(answer, newest)
	}
	if last != nil && late && session == a.Session && last.holds(answer.Response) {
		return last, nil
	}
	return nil, nil
}

func stale(answer Answer, have *Step) error {
	return fault.New(fault.Conflict, "attempt.stale", "client seq %d of slot %d meets %d", answer.ClientSeq, answer.Slot, have.ClientSeq).
		With("slot", answer.Slot).With("client_seq", have.ClientSeq).With("seq", have.Seq)
}

func (s *Step) holds(r question.Response) bool {
	if s.Response == nil {
		return s.Hash != "" && s.Hash == HashResponse(r)
	}
	return s.Response.Equal(r)
}

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

// prune drops long texts that a newer answer replaced, oldest first, once the responses together
// are large: typing is saved every few seconds. Their hashes stay, so the receipts still hold.
// It gives the bytes that are left.
func (a *Attempt) prune() int {
	total := 0
	for i := range a.Steps {
		total += a.Steps[i].size()
	}
	if total <= maxAnswerBytes {
		return total
	}
	last := map[int]int{}
	for i, s := range a.Steps {
		if s.Kind == StepAnswer && !s.Late {
			last[s.Slot] = i
		}
	}
	checked := map[int]bool{}
	for _, s := range a.Steps {
		if s.Kind == StepCheck {
			checked[s.Ref] = true
		}
	}
	for i := range a.Steps {
		s := &a.Steps[i]
		if total <= maxAnswerBytes/2 {
			return total
		}
		if s.Kind == StepAnswer && !s.Late && s.size() > 100 && last[s.Slot] != i && !checked[s.Seq] {
			total -= s.size()
			s.Hash, s.Response = s.contentHash(), nil
			a.packed = 0 // the log is written anew
		}
	}
	return total
}

// size gives the bytes of a step's response.
func (s *Step) size() int {
	if s.Response == nil {
		return 0
	}
	return s.Response.Size()
}

// lateTakeovers is how often an attempt that has ended may go to another session: a member who had to
// sign in again must still get the answers of the device to the server, late as they are.
const lateTakeovers = 5

// takeover gives the attempt to another session. It says whether anything changed.
func (a *Attempt) takeover(s sitting, session, device string, now time.Time) (bool, error) {
	if a.State == Void {
		return false, fault.New(fault.Conflict, "attempt.void", "the attempt is void")
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

// mark sets an evaluator's mark of a slot, in points.
func (a *Attempt) mark(s sitting, slot int, points float64, by, comment string, now time.Time) error {
	if !a.State.Counts() {
		return fault.New(fault.Conflict, a.State.refusal(Graded), "an attempt that is %s has no result", a.State)
	}
	if slot < 1 || slot > len(s.paper.Slots) {
		return fault.New(fault.NotFound, "attempt.no_slot", "slot %d", slot).With("slot", slot)
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

// regrade replays the steps of an ended attempt and keeps the outcome beside them.
func (a *Attempt) regrade(s sitting) error {
	v := Replay(a.Steps, len(s.paper.Slots))
	a.Late = v.Unadmitted()
	g := GradePaper(s.paper, s.contents, v)
	a.Answered = g.Answered
	if a.State == Abandoned {
		return nil
	}
	a.Score, a.Percent, a.Passed, a.Pending, a.Marked = nil, nil, nil, nil, nil
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
	}
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

func (s *Step) stamp() *time.Time { t := s.At; return &t }
