package exam

import (
	"context"
	"slices"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// WaveState is where a wave of a release stands.
type WaveState string

// The states of a wave.
const (
	WavePlanned   WaveState = "planned" // its time has not come, or it is being carried out
	WaveDone      WaveState = "done"
	WaveCancelled WaveState = "cancelled"
)

// WaveStates lists all states.
func WaveStates() []WaveState { return []WaveState{WavePlanned, WaveDone, WaveCancelled} }

// To checks the way of a wave from s to next: planned -> done, planned -> cancelled. A refused one is fault.Conflict,
// "release.settled".
func (s WaveState) To(next WaveState) error {
	if s == WavePlanned && next != WavePlanned {
		return nil
	}
	return fault.New(fault.Conflict, "release.settled", "a release that is %s does not become %s", s, next).With("state", s)
}

// WaveWish is whose results are to be shown, and when.
type WaveWish struct {
	Orgs    []string   // organisation nodes with all below them
	Members []string   // and these; with neither it is everybody
	At      *time.Time // nil = now
}

func (w WaveWish) whole() bool { return len(w.Orgs) == 0 && len(w.Members) == 0 }

// takes says whether the wave takes in a member whose place is path.
func (w WaveWish) takes(member string, path []string) bool {
	return w.whole() || slices.Contains(w.Members, member) || slices.ContainsFunc(w.Orgs, func(org string) bool { return slices.Contains(path, org) })
}

// Wave is one release of results: of all that is marked by its time among those whom it takes in.
type Wave struct {
	store.Meta `bson:",inline"`
	QuizID     string     `bson:"quiz_id" json:"quiz_id"`
	Orgs       []string   `bson:"orgs,omitempty" json:"orgs,omitempty"`
	Members    []string   `bson:"members,omitempty" json:"members,omitempty"`
	At         time.Time  `bson:"at" json:"at"`
	State      WaveState  `bson:"state" json:"state" enum:"planned,done,cancelled"`
	By         string     `bson:"by" json:"by"` // account
	ByName     string     `bson:"by_name" json:"by_name"`
	DoneAt     *time.Time `bson:"done_at,omitempty" json:"done_at,omitempty"`
	Released   int        `bson:"released" json:"released"` // attempts that it showed
	Pending    int        `bson:"pending" json:"pending"`   // attempts of the same people that waited for marks then
}

func (w *Wave) wish() WaveWish { return WaveWish{Orgs: w.Orgs, Members: w.Members} }

// WaveCount counts attempts by what a release does to them.
type WaveCount struct {
	Ready    int `json:"ready"`    // marked: would be shown
	Passed   int `json:"passed"`   // of those
	Pending  int `json:"pending"`  // wait for marks
	Released int `json:"released"` // are shown already
}

func (c *WaveCount) add(a *Attempt) {
	switch a.State {
	case Graded:
		c.Ready++
		if a.Passed != nil && *a.Passed {
			c.Passed++
		}
	case Grading:
		c.Pending++
	case Released:
		c.Released++
	}
}

// WaveOrg is the count of the members of one organisation node, without those below it.
type WaveOrg struct {
	OrgID string `json:"org_id"`
	Name  string `json:"name"`
	WaveCount
}

// WavePreview is what a release would do now.
type WavePreview struct {
	WaveCount
	ByOrg []WaveOrg `json:"by_org"`
}

// place gives where a member is now; who has left is where the attempt began.
func (d *desk) place(ctx context.Context, a *Attempt) ([]string, error) {
	taker, err := d.taker(ctx, a.MemberID)
	if fault.Is(err, fault.NotFound) {
		return a.OrgPath, nil
	}
	return taker.Path, err
}
