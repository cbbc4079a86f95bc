package exam

import "time"

// Phase is when somebody looks at an attempt (Moodle's four review times).
type Phase string

// The phases. A closed window comes before "after": handing in at the last minute shows what the
// close shows.
const (
	DuringAttempt Phase = "during"
	RightAfter    Phase = "after"        // the first two minutes after the end
	WhileOpen     Phase = "open"         // later, while the quiz is open to the member
	AfterClose    Phase = "closed"       // after the close
	NotReleased   Phase = "not_released" // scores wait for the release: nothing but the responses
)

// rightAfter is how long "after" lasts.
const rightAfter = 2 * time.Minute

// DefaultReview shows responses, marks and the total at once, and all of it after the close.
func DefaultReview() ReviewMatrix {
	soon := ReviewShows{Responses: true, Marks: true, Total: true, Correctness: true}
	all := ReviewShows{Responses: true, Correctness: true, Marks: true, Feedback: true, Explanation: true, RightAnswer: true, Total: true}
	return ReviewMatrix{During: ReviewShows{Responses: true}, After: soon, Open: soon, Closed: all}
}

// PhaseOf says in which phase an attempt is at now. closed says whether the quiz is closed to the
// member (its window, or by hand).
func PhaseOf(a *Attempt, closed bool, now time.Time) Phase {
	switch {
	case !a.State.Ended():
		return DuringAttempt
	case closed:
		return AfterClose
	case a.EndedAt != nil && now.Before(a.EndedAt.Add(rightAfter)):
		return RightAfter
	}
	return WhileOpen
}

// resultsAt says when the member sees the total: "now"; "soon", once the first minutes are over;
// "when_marked"; "when_released"; "after_close"; "never", for the matrix shows none from now on; or
// "not_counted", for the attempt has none.
func resultsAt(a *Attempt, s Settings, closed bool, now time.Time) string {
	phase, unreleased := PhaseOf(a, closed, now), s.ManualRelease && a.ReleasedAt == nil
	if phase == RightAfter && (unreleased || a.State != Released) {
		phase = WhileOpen // the first minutes are over by then
	}
	m := s.Review
	due := phase == RightAfter && m.After.Total || phase == WhileOpen && m.Open.Total || phase == AfterClose && m.Closed.Total
	soon := phase == RightAfter && m.Open.Total
	switch {
	case !a.State.Counts():
		return "not_counted"
	case !due && !soon && (phase == AfterClose || !m.Closed.Total):
		return "never"
	case unreleased:
		return "when_released"
	case due && a.State != Released:
		return "when_marked"
	case due:
		return "now"
	case soon:
		return "soon"
	}
	return "after_close"
}

// Shown gives the phase as the member is told and what is shown in it. Until the release of a
// quiz that waits for one, an attempt shows its responses at most; an attempt that does not count
// shows no marks; the total is shown once all items are marked.
func (m ReviewMatrix) Shown(a *Attempt, manual, closed bool, now time.Time) (Phase, ReviewShows) {
	phase := PhaseOf(a, closed, now)
	shows := map[Phase]ReviewShows{DuringAttempt: m.During, RightAfter: m.After, WhileOpen: m.Open, AfterClose: m.Closed}[phase]
	if phase == DuringAttempt {
		return phase, ReviewShows{Responses: shows.Responses}
	}
	if manual && a.ReleasedAt == nil {
		return NotReleased, ReviewShows{Responses: shows.Responses}
	}
	if !a.State.Counts() {
		return phase, ReviewShows{Responses: shows.Responses}
	}
	shows.Total = shows.Total && a.State == Released
	return phase, shows
}
