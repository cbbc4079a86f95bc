package exam

import (
	"slices"

	"qiming/internal/fault"
)

// transitions is every way of an attempt; what is not here is refused.
func (s State) transitions() []State {
	switch s {
	case Created:
		return []State{Open, Void}
	case Open:
		return []State{PastDue, Submitted, Expired, Abandoned, Void}
	case PastDue:
		return []State{Open /* extended */, Submitted, Abandoned, Void}
	case Submitted, Expired:
		return []State{Grading, Graded, Void}
	case Abandoned:
		return []State{Void}
	case Grading:
		return []State{Graded, Void}
	case Graded:
		return []State{Grading /* a late answer was admitted */, Released, Void}
	case Released:
		return []State{Grading, Graded, Void}
	}
	return nil
}

// States lists all states, in the order of a life.
func States() []State {
	return []State{Created, Open, PastDue, Submitted, Expired, Abandoned, Grading, Graded, Released, Void}
}

// To checks the way from s to next. A refused one says why: fault.Conflict with the key "attempt.…"
// of the reason and Params["from"], Params["to"].
func (s State) To(next State) error {
	if slices.Contains(s.transitions(), next) {
		return nil
	}
	return fault.New(fault.Conflict, s.refusal(next), "an attempt that is %s does not become %s", s, next).
		With("from", s).With("to", next)
}

func (s State) refusal(next State) string {
	switch {
	case !slices.Contains(States(), s) || !slices.Contains(States(), next):
		return "attempt.state_unknown"
	case s == Void:
		return "attempt.void"
	case s == next:
		return "attempt.unchanged"
	case s == Abandoned:
		return "attempt.abandoned"
	case next == Created, next == Open, next == PastDue:
		if s.Running() {
			return "attempt.running"
		}
		return "attempt.ended"
	case s.Running() || s == Created:
		return "attempt.not_ended"
	case next == Released:
		return "attempt.not_graded"
	}
	return "attempt.ended"
}

// Running says whether the attempt has not ended: its clock may still change its state.
func (s State) Running() bool { return s == Open || s == PastDue }

// Ended says whether the attempt has ended, by whatever way.
func (s State) Ended() bool { return s != Created && !s.Running() }

// Counts says whether the attempt can have a result.
func (s State) Counts() bool { return s.Ended() && s != Void && s != Abandoned }

// Marked says whether all items are marked.
func (s State) Marked() bool { return s == Graded || s == Released }

// To checks the way of a quiz from s to next: draft -> published -> closed -> archived, closed ->
// published (reopened), published -> published (a new version), published -> archived is refused
// while it runs. Refused: fault.Conflict, "quiz.transition".
func (s QuizStatus) To(next QuizStatus) error {
	ways := map[QuizStatus][]QuizStatus{
		QuizDraft:     {QuizPublished},
		QuizPublished: {QuizPublished, QuizClosed},
		QuizClosed:    {QuizPublished, QuizArchived},
	}
	if slices.Contains(ways[s], next) {
		return nil
	}
	return fault.New(fault.Conflict, "quiz.transition", "a quiz that is %s does not become %s", s, next).With("from", s).With("to", next)
}
