package exam

import (
	"slices"
	"time"

	"qiming/internal/fault"
)

// AppealState is where an appeal (申诉) stands.
type AppealState string

// The states of an appeal.
const (
	AppealOpen      AppealState = "open"
	AppealUpheld    AppealState = "upheld"    // the mark was changed
	AppealRejected  AppealState = "rejected"  // it stays, with a reason
	AppealWithdrawn AppealState = "withdrawn" // by the member, who may open it again within the window
)

// AppealStates lists all states.
func AppealStates() []AppealState {
	return []AppealState{AppealOpen, AppealUpheld, AppealRejected, AppealWithdrawn}
}

// To checks the way of an appeal from s to next: open -> upheld, rejected or withdrawn; withdrawn -> open. A decision is
// final. A refused way is fault.Conflict, "appeal.settled".
func (s AppealState) To(next AppealState) error {
	ways := map[AppealState][]AppealState{
		AppealOpen:      {AppealUpheld, AppealRejected, AppealWithdrawn},
		AppealWithdrawn: {AppealOpen},
	}
	if slices.Contains(ways[s], next) {
		return nil
	}
	return fault.New(fault.Conflict, "appeal.settled", "an appeal that is %s does not become %s", s, next).With("from", s).With("to", next)
}

// Decided says whether an evaluator has decided.
func (s AppealState) Decided() bool { return s == AppealUpheld || s == AppealRejected }

// appealUntil gives the end of the window in which an attempt's items may be appealed: days of 24 hours after its
// release; nil = there is none. At the end itself it is over.
func (a *Attempt) appealUntil(days int) *time.Time {
	if days < 1 || a.ReleasedAt == nil || a.State != Released {
		return nil
	}
	until := a.ReleasedAt.Add(time.Duration(days) * 24 * time.Hour)
	return &until
}

// appealable says whether an attempt's items may be appealed at now. Refused: "appeal.none" where the quiz takes no
// appeals, "appeal.not_released" before the release, "appeal.over" after the window.
func (a *Attempt) appealable(days int, now time.Time) error {
	until := a.appealUntil(days)
	switch {
	case days < 1:
		return fault.New(fault.Conflict, "appeal.none", "the quiz takes no appeals")
	case until == nil || now.Before(*a.ReleasedAt):
		return fault.New(fault.Conflict, "appeal.not_released", "the result is not out")
	case !now.Before(*until):
		return fault.New(fault.Conflict, "appeal.over", "the window ended at %s", until).With("until", *until)
	}
	return nil
}
