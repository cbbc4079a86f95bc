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

// limits of one attempt's history: a document must stay small.
const (
	maxSteps       = 4000
	maxAnswerBytes = 64 << 10 // of responses; above it superseded texts are dropped
	maxStepBytes   = 1 << 20  // of all responses that are kept
	maxLate        = 5        // late answers of a slot: what comes after the end is never pruned
)

// save takes answers of one session; the attempt must be settled. It gives a receipt for each and
// whether anything was added. All are taken or none; see take for what refuses one.
func (a *Attempt) save(s sitting, session string, answers []Answer, now time.Time) ([]Receipt, bool, error) {
	if a.State == Void {
		return nil, false, fault.New(fault.Conflict, "attempt.void", "the attempt is void")
	}
	if a.Label != "" {
		return nil, false, fault.New(fault.Conflict, "attempt.on_paper", "the attempt was sat on paper")
	}
	answers = slices.Clone(answers)
	slices.SortStableFunc(answers, func(x, y Answer) int { return int(x.ClientSeq - y.ClientSeq) })
	receipts, had := make([]Receipt, 0, len(answers)), len(a.Steps)
	over := !a.State.Running() || a.State == PastDue || a.clock(s, now).Late(now)
	for _, answer := range answers {
		step, err := a.take(s, session, answer, over, now)
		if err != nil {
			return nil, false, err
		}
		receipts = append(receipts, Receipt{ClientSeq: answer.ClientSeq, Slot: answer.Slot, Seq: step.Seq, Receipt: step.Receipt, At: step.At,
			Late: step.Late && answer.Section == 0})
	}
	added := len(a.Steps) > had
	if added {
		if total := a.prune(); total > maxStepBytes {
			return nil, false, fault.New(fault.Conflict, "attempt.too_large", "the answers have %d bytes", total).With("max", maxStepBytes)
		}
	}
	return receipts, added, nil
}

// take takes one answer of a session and gives the step that holds it; over = the attempt takes no answers any
// more.
//
// A repeated (session, client seq) gives the first step again, and so does what only repeats the answer of a
// slot after the end. An answer older than what the slot has from the same session, the same number with another
// content, or an answer of a session that no longer answers is fault.Conflict ("attempt.stale",
// "attempt.other_session"), and so are the late answers of a slot above maxLate ("attempt.late_full"): an answer
// that has a receipt is never dropped for a newer one. A slot that was checked takes no more ("attempt.checked").
func (a *Attempt) take(s sitting, session string, answer Answer, over bool, now time.Time) (*Step, error) {
	late := over
	if !over && answer.Section == 0 {
		var err error
		if late, err = a.lateFor(s, answer.Slot, now); err != nil {
			return nil, err
		}
	}
	step, err := a.known(session, answer, late)
	held := a.held()
	switch {
	case err != nil || step != nil:
		return step, err
	case session != a.Session:
		return nil, a.otherSession()
	case !over && held != nil:
		return nil, errHeld(held.At)
	case len(a.Steps) >= maxSteps:
		return nil, fault.New(fault.TooMany, "attempt.too_many_saves", "the attempt has %d steps", len(a.Steps))
	case answer.Section > 0:
		return a.goOn(s, answer, over, now)
	case !late && a.settledSlot(s.paper.Rule, answer.Slot):
		return nil, fault.New(fault.Invalid, "attempt.checked", "slot %d was checked", answer.Slot).With("slot", answer.Slot)
	case late && a.lateOf(answer.Slot) >= maxLate:
		return nil, fault.New(fault.Conflict, "attempt.late_full", "slot %d has %d late answers", answer.Slot, maxLate).
			With("slot", answer.Slot).With("max", maxLate)
	}
	if late {
		a.Late++
	}
	return a.add(s.key, Step{Kind: StepAnswer, At: now, Slot: answer.Slot, Response: &answer.Response,
		ClientSeq: answer.ClientSeq, ClientAt: answer.ClientAt, Late: late}), nil
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
