package exam

import (
	"context"
	"slices"
	"time"

	"qiming/exam/integrity"
	"qiming/exam/question"
)

// sight is what is measured of one attempt.
type sight struct {
	attempt  Attempt // without its steps
	times    []integrity.Timed
	values   map[SignalKind]float64
	wrong    map[string]string // wrong answers by question version
	answered int               // items
	limits   []Reached
	events   []SignalEvent
}

// look reads the attempts of a quiz once.
func (s *Integrity) look(ctx context.Context, quizID string) (*Evidence, error) {
	var sights []*sight
	kinds := map[string]question.Kind{}
	err := s.ofQuiz(ctx, quizID, "", func(a *Attempt) error {
		if a.State == Void || a.Label != "" {
			return nil
		}
		f, err := s.factsOf(ctx, a)
		if err != nil {
			return err
		}
		if err := s.kindsOf(ctx, f.paper, kinds); err != nil {
			return err
		}
		sights = append(sights, a.sight(f.paper, kinds))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.weigh(ctx, quizID, sights)
}

// kindsOf adds the kinds of a paper's items.
func (s *Integrity) kindsOf(ctx context.Context, p Paper, kinds map[string]question.Kind) error {
	var missing []string
	for _, slot := range p.Slots {
		if _, ok := kinds[slot.Version]; !ok {
			missing = append(missing, slot.Version)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	versions, err := s.bank.GetVersions(ctx, missing)
	for _, id := range missing {
		kinds[id] = versions[id].Content.Kind
	}
	return err
}

// sight measures an attempt by its steps.
func (a *Attempt) sight(p Paper, kinds map[string]question.Kind) *sight {
	out := &sight{values: map[SignalKind]float64{}, wrong: map[string]string{}, limits: a.reached(), events: a.events()}
	n := counted(a.Steps)
	for _, kind := range []SignalKind{SignalTakeovers, SignalDevices, SignalAddresses, SignalParallel} {
		out.values[kind] = float64(n[kind])
	}
	seen := make([]bool, len(p.Slots))
	a.eachSpent(len(p.Slots), func(slot int, spent time.Duration) {
		if seen[slot-1] {
			return
		}
		seen[slot-1] = true
		out.answered++
		if spent > 0 {
			out.times = append(out.times, integrity.Timed{Item: p.Slots[slot-1].Version, Seconds: spent.Seconds()})
		}
	})
	if a.State.Counts() {
		v := Replay(a.Steps, len(p.Slots))
		for i, slot := range p.Slots {
			kind := kinds[slot.Version]
			if i >= len(a.Marks) || a.Marks[i] < 0 || a.Marks[i] > 1-1e-9 || kind.ByHand() {
				continue
			}
			if answer := v.Answers[i]; answer != nil && answer.Response != nil && !answer.Response.Empty() {
				r := *answer.Response
				if kind == question.Multiple {
					r.Choices = slices.Sorted(slices.Values(r.Choices))
				}
				out.wrong[slot.Version] = HashResponse(r)
			}
		}
	}
	out.attempt = *a
	out.attempt.Steps, out.attempt.Log = nil, nil
	return out
}

// SignalEvent is something that happened to an attempt, with its time.
type SignalEvent struct {
	Signal SignalKind `json:"signal" enum:"takeovers,addresses,parallel"`
	At     time.Time  `json:"at"`
	Device string     `json:"device,omitempty"` // that went on, or opened it
}

// mostEvents is how many events of an attempt are listed.
const mostEvents = 60

func (a *Attempt) events() []SignalEvent {
	var list []SignalEvent
	for i := range a.Steps {
		s := &a.Steps[i]
		kind, ok := map[StepKind]SignalKind{StepTakeover: SignalTakeovers, StepAddress: SignalAddresses, StepParallel: SignalParallel}[s.Kind]
		if ok && len(list) < mostEvents {
			list = append(list, SignalEvent{Signal: kind, At: s.At, Device: s.Note})
		}
	}
	return list
}
