package exam

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"qiming/internal/fault"
	"qiming/policies"
)

// A quiz may set limits on signals. Reaching one is decided by the server, from the steps of the attempt alone, in the
// write that records what reaches it: each limit once, the same again from the same steps, on any process. What a
// page noticed without a network reaches the server late; it counts from then on, and a hand-in that follows bears that
// time, never an earlier one: the page sends its answers first, so that they count.

// LimitAct is what follows when a limit is reached.
type LimitAct string

// The acts, from the mildest.
const (
	LimitFlag   LimitAct = "flag"    // evaluators see it (default)
	LimitWarn   LimitAct = "warn"    // the taker is told besides, and acknowledges it
	LimitHandIn LimitAct = "hand_in" // the attempt is handed in
)

// SignalLimit is one limit of a quiz; a signal may have several with differing acts.
type SignalLimit struct {
	Signal SignalKind `bson:"signal" json:"signal"`
	From   int        `bson:"from" json:"from"` // how often, for SignalAwaySeconds how many seconds, until it is reached
	Act    LimitAct   `bson:"act" json:"act" enum:"flag,warn,hand_in"`
}

const (
	maxLimits = 20
	maxFrom   = 100_000
)

// limitable are the signals that a limit may stand on: what happened, not what was inferred. Pace, likeness and
// stillness are met by honest people too, some of them with assistive technology.
func limitable() []SignalKind {
	return []SignalKind{SignalAway, SignalAwaySeconds, SignalPastes, SignalTakeovers, SignalDevices, SignalAddresses, SignalParallel}
}

func sortLimits(list []SignalLimit) {
	rank := func(l SignalLimit) int { return slices.Index([]LimitAct{LimitFlag, LimitWarn, LimitHandIn}, l.Act) }
	slices.SortStableFunc(list, func(a, b SignalLimit) int {
		return cmp.Or(slices.Index(limitable(), a.Signal)-slices.Index(limitable(), b.Signal), a.From-b.From, rank(a)-rank(b))
	})
}

// withLastWord adds to the limits of a quiz that nobody is handed in without having been warned the time before. Seconds
// have no time before.
func withLastWord(list []SignalLimit) []SignalLimit {
	out := slices.Clone(list)
	for _, l := range list {
		word := SignalLimit{Signal: l.Signal, From: l.From - 1, Act: LimitWarn}
		if l.Act == LimitHandIn && l.Signal != SignalAwaySeconds && word.From > 0 && !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	sortLimits(out)
	return out
}

func checkLimits(list []SignalLimit) (fields []fault.Field) {
	if len(list) > maxLimits {
		return []fault.Field{{Path: "settings.limits", Key: "out_of_range", Params: map[string]any{"min": 0, "max": maxLimits}}}
	}
	for i, l := range list {
		path := func(name string) string { return fmt.Sprintf("settings.limits[%d].%s", i, name) }
		switch {
		case !slices.Contains(limitable(), l.Signal):
			fields = append(fields, fault.Field{Path: path("signal"), Key: "unknown"})
		case !slices.Contains([]LimitAct{LimitFlag, LimitWarn, LimitHandIn}, l.Act):
			fields = append(fields, fault.Field{Path: path("act"), Key: "unknown"})
		case l.From < 1 || l.From > maxFrom:
			fields = append(fields, fault.Field{Path: path("from"), Key: "out_of_range", Params: map[string]any{"min": 1, "max": maxFrom}})
		case slices.Contains(list[:i], l):
			fields = append(fields, fault.Field{Path: path("from"), Key: "quiz.limit_twice"})
		}
	}
	return fields
}

// counted gives how often the signals with limits stand in the steps of an attempt until its end: who goes on elsewhere
// afterwards only brings answers that were left behind.
func counted(steps []Step) map[SignalKind]int {
	n := map[SignalKind]int{}
	devices := map[string]bool{}
	for i := range steps {
		switch s := &steps[i]; s.Kind {
		case StepStart:
			devices[s.Note] = true
		case StepTakeover:
			n[SignalTakeovers]++
			if !devices[s.Note] {
				n[SignalDevices]++
			}
			devices[s.Note] = true
		case StepAddress:
			n[SignalAddresses]++
		case StepParallel:
			n[SignalParallel]++
		case StepSignal:
			n[SignalKind(s.About)] = max(n[SignalKind(s.About)], s.Ref)
		case StepSubmit, StepExpire, StepCollect:
			return n
		}
	}
	return n
}

// limited says whether the steps hold that a limit was reached.
func (a *Attempt) limited(l SignalLimit) bool {
	return slices.ContainsFunc(a.Steps, func(s Step) bool {
		return s.Kind == StepLimit && s.About == string(l.Signal) && s.Ref == l.From && s.Note == string(l.Act)
	})
}

// measure records what the pages noticed so far, where it reaches a limit that was not reached before. It says whether
// it did.
func (a *Attempt) measure(s sitting, sum Noticed, now time.Time) bool {
	if !a.State.Running() || len(s.limits) == 0 {
		return false
	}
	had, added := counted(a.Steps), false
	for _, is := range []struct {
		kind  SignalKind
		value int
	}{{SignalAway, sum.Away}, {SignalAwaySeconds, sum.Seconds}, {SignalPastes, sum.Pastes}} {
		if slices.ContainsFunc(s.limits, func(l SignalLimit) bool { return l.Signal == is.kind && had[is.kind] < l.From && l.From <= is.value }) {
			a.add(s.key, Step{Kind: StepSignal, At: now, About: string(is.kind), Ref: is.value})
			added = true
		}
	}
	return added
}

// judge records the limits that the steps have reached, each once, and hands in where one says so; the contents are
// loaded then. It says whether anything changed.
func (a *Attempt) judge(s sitting, now time.Time) (bool, error) {
	if !a.State.Running() || len(s.limits) == 0 {
		return false, nil
	}
	n, changed, end := counted(a.Steps), false, false
	for _, l := range s.limits {
		if n[l.Signal] < l.From || a.limited(l) {
			continue
		}
		a.add(s.key, Step{Kind: StepLimit, At: now, About: string(l.Signal), Ref: l.From, Note: string(l.Act)})
		changed, end = true, end || l.Act == LimitHandIn
	}
	if end {
		return true, a.collect(s, "", "", now)
	}
	return changed, nil
}

// Reached is a limit that an attempt reached.
type Reached struct {
	Seq    int        `json:"seq"` // of its step
	Signal SignalKind `json:"signal"`
	From   int        `json:"from"`
	Act    LimitAct   `json:"act" enum:"flag,warn,hand_in"`
	At     time.Time  `json:"at"`
	Seen   *time.Time `json:"seen,omitempty"`    // when the taker acknowledged the warning
	HandIn int        `json:"hand_in,omitempty"` // told to takers: from where on the same signal hands the attempt in, 0 = nowhere
}

// reached gives the limits that the attempt reached, in order.
func (a *Attempt) reached() []Reached {
	var list []Reached
	for i := range a.Steps {
		switch s := &a.Steps[i]; s.Kind {
		case StepLimit:
			list = append(list, Reached{Seq: s.Seq, Signal: SignalKind(s.About), From: s.Ref, Act: LimitAct(s.Note), At: s.At})
		case StepSeen:
			for j := range list {
				if list[j].Seq == s.Ref {
					list[j].Seen = s.stamp()
				}
			}
		}
	}
	return list
}

// told gives the limits that the taker is told of: warnings, and what handed the attempt in.
func (a *Attempt) told(s sitting) []Reached {
	list := slices.DeleteFunc(a.reached(), func(r Reached) bool { return r.Act == LimitFlag })
	for i := range list {
		for _, l := range s.limits {
			if l.Signal == list[i].Signal && l.Act == LimitHandIn && (list[i].HandIn == 0 || l.From < list[i].HandIn) {
				list[i].HandIn = l.From
			}
		}
	}
	return list
}

// acknowledge notes that the taker has seen a warning. It says whether that is new; the warning must be there
// ("attempt.no_warning").
func (a *Attempt) acknowledge(s sitting, seq int, now time.Time) (bool, error) {
	list := a.told(s)
	i := slices.IndexFunc(list, func(r Reached) bool { return r.Seq == seq })
	if i < 0 {
		return false, fault.New(fault.NotFound, "attempt.no_warning", "step %d is no warning", seq).With("seq", seq)
	}
	if list[i].Seen != nil {
		return false, nil
	}
	a.add(s.key, Step{Kind: StepSeen, At: now, Ref: seq})
	return true, nil
}

// SeenWarning notes that the actor has seen a warning of an own attempt. It is idempotent.
func (s *Attempts) SeenWarning(ctx context.Context, actor policies.Actor, id string, seq int) error {
	now := s.clock.Now()
	_, err := s.turn(ctx, actor, id, now, func(a *Attempt, sit sitting) (bool, error) { return a.acknowledge(sit, seq, now) })
	return err
}

// handsIn says whether a limit may end an attempt.
func (s Settings) handsIn() bool {
	return slices.ContainsFunc(s.Limits, func(l SignalLimit) bool { return l.Act == LimitHandIn })
}
