package exam

import (
	"slices"

	"qiming/internal/fault"
)

// RegradeWay is how a regrade marks an item.
type RegradeWay string

// The ways.
const (
	ByKey   RegradeWay = "key"  // by the key of a corrected version of the question
	ForAll  RegradeWay = "full" // 全体给分: everybody who had the item earns all of it
	Without RegradeWay = "drop" // 剔除本题: the item counts nowhere, the paper has fewer points
)

// Regraded says how an item is marked that a regrade touched.
type Regraded struct {
	Way    RegradeWay `json:"way" enum:"key,full,drop"`
	Reason string     `json:"reason"`
}

// way gives what a step of a regrade does.
func (s *Step) way() RegradeWay {
	switch {
	case s.Version != "":
		return ByKey
	case s.Fraction != nil:
		return ForAll
	}
	return Without
}

// RegradeState is where a regrade stands.
type RegradeState string

// The states of a regrade. What is approved is being applied: a job goes on after a crash.
const (
	RegradeAsked     RegradeState = "asked"
	RegradeApproved  RegradeState = "approved"
	RegradeApplied   RegradeState = "applied"
	RegradeDeclined  RegradeState = "declined"
	RegradeWithdrawn RegradeState = "withdrawn"
)

// RegradeStates lists all states.
func RegradeStates() []RegradeState {
	return []RegradeState{RegradeAsked, RegradeApproved, RegradeApplied, RegradeDeclined, RegradeWithdrawn}
}

// Open says whether the regrade is not settled: a question of a quiz has one such at most.
func (s RegradeState) Open() bool { return s == RegradeAsked || s == RegradeApproved }

// To checks the way of a regrade from s to next: asked -> approved -> applied; asked -> declined, by who may
// approve; asked -> withdrawn, by who asked. A refused one is fault.Conflict, "regrade.settled".
func (s RegradeState) To(next RegradeState) error {
	ways := map[RegradeState][]RegradeState{
		RegradeAsked:    {RegradeApproved, RegradeDeclined, RegradeWithdrawn},
		RegradeApproved: {RegradeApplied},
	}
	if slices.Contains(ways[s], next) {
		return nil
	}
	return fault.New(fault.Conflict, "regrade.settled", "a regrade that is %s does not become %s", s, next).With("from", s).With("to", next)
}
