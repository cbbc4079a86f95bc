package exam

import (
	"slices"
	"testing"

	"qiming/internal/fault"
)

// The whole table: what is not a way is refused with a reason.
func TestTransitions(t *testing.T) {
	ways := map[State][]State{
		Created: {Open, Void}, Open: {PastDue, Submitted, Expired, Abandoned, Void}, PastDue: {Open, Submitted, Abandoned, Void},
		Submitted: {Grading, Graded, Void}, Expired: {Grading, Graded, Void}, Abandoned: {Void}, Grading: {Graded, Void},
		Graded: {Grading, Released, Void}, Released: {Grading, Graded, Void}, Void: nil,
	}
	reasons := map[string]int{}
	for _, from := range States() {
		for _, to := range States() {
			err := from.To(to)
			if slices.Contains(ways[from], to) != (err == nil) {
				t.Errorf("%s -> %s: %v", from, to, err)
			}
			if err != nil {
				reasons[fault.KeyOf(err)]++
				if fault.CodeOf(err) != fault.Conflict {
					t.Errorf("%s -> %s: %v", from, to, err)
				}
			}
		}
	}
	for _, key := range []string{"attempt.void", "attempt.unchanged", "attempt.abandoned", "attempt.running", "attempt.ended", "attempt.not_ended", "attempt.not_graded"} {
		if reasons[key] == 0 {
			t.Errorf("nothing is refused with %s", key)
		}
	}
	if key := fault.KeyOf(State("?").To(Open)); key != "attempt.state_unknown" {
		t.Errorf("unknown state: %s", key)
	}
}

func TestQuizTransitions(t *testing.T) {
	all := []QuizStatus{QuizDraft, QuizPublished, QuizClosed, QuizArchived}
	ways := map[QuizStatus][]QuizStatus{QuizDraft: {QuizPublished}, QuizPublished: {QuizPublished, QuizClosed}, QuizClosed: {QuizPublished, QuizArchived}}
	for _, from := range all {
		for _, to := range all {
			if err := from.To(to); slices.Contains(ways[from], to) != (err == nil) {
				t.Errorf("%s -> %s: %v", from, to, err)
			}
		}
	}
}
