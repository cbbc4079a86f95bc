package exam

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"qiming/exam/integrity"
	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
)

// SignalKind is a sign that deserves a person's look (exam-rules section 6). None changes a mark by itself.
type SignalKind string

// The signals.
const (
	SignalAway        SignalKind = "away"         // times that the page was left
	SignalAwaySeconds SignalKind = "away_seconds" // for how long in all
	SignalPastes      SignalKind = "pastes"       // times that text was pasted
	SignalDevices     SignalKind = "devices"      // times that another device or session went on
	SignalFast        SignalKind = "fast"         // share of items answered in less than a quarter of their norm
	SignalEven        SignalKind = "even"         // how alike the times of the items are, 0..1
	SignalSimilar     SignalKind = "similar"      // pairs with the same wrong answers
)

// marked is from which value a signal lists an attempt.
func (k SignalKind) marked() float64 {
	switch k {
	case SignalAway:
		return 3
	case SignalAwaySeconds:
		return 60
	case SignalFast:
		return 0.3
	case SignalEven:
		return 0.85
	}
	return 1
}

func signalKinds() []SignalKind {
	return []SignalKind{SignalAway, SignalAwaySeconds, SignalPastes, SignalDevices, SignalFast, SignalEven, SignalSimilar}
}

// Signal is one sign of an attempt with the measured rate of the same among all takers.
type Signal struct {
	Kind   SignalKind `json:"kind"`
	Value  float64    `json:"value"`
	Rate   float64    `json:"rate"`   // share of all attempts with at least this value, 0..1
	Marked bool       `json:"marked"` // reaches what lists an attempt
}

// SignalBase is how often a signal is met in a quiz.
type SignalBase struct {
	Kind   SignalKind `json:"kind"`
	From   float64    `json:"from"`   // the value that lists an attempt
	Marked int        `json:"marked"` // attempts that reach it
	Rate   float64    `json:"rate"`   // their share
	Median float64    `json:"median"`
}

// Evidenced is an attempt with its signals.
type Evidenced struct {
	AttemptID string   `json:"attempt_id"`
	MemberID  string   `json:"member_id"`
	Name      string   `json:"name"`
	OrgName   string   `json:"org_name"`
	Number    int      `json:"number"`
	Signals   []Signal `json:"signals"`
	path      []string
}

// SimilarPair is two attempts with the same wrong answers.
type SimilarPair struct {
	A        Evidenced `json:"a"`
	B        Evidenced `json:"b"`
	Both     int       `json:"both"`     // items that both got wrong
	Shared   int       `json:"shared"`   // with the same wrong answer
	Expected float64   `json:"expected"` // of these by chance
	Chance   float64   `json:"chance"`   // how many such pairs chance alone gives in the whole quiz
	SameOrg  bool      `json:"same_org"`
}

// Evidence is what a quiz shows of integrity.
type Evidence struct {
	Attempts int           `json:"attempts"` // that were looked at
	Compared int           `json:"compared"` // takers whose answers were compared
	Bases    []SignalBase  `json:"bases"`
	Rows     []Evidenced   `json:"rows"` // with a marked signal, the most signals first
	Pairs    []SimilarPair `json:"pairs"`
	all      map[string]Evidenced
}

const (
	evidenceAge   = 20 * time.Second
	heldEvidence  = 4
	similarChance = 0.05 // a pair is listed where chance gives fewer such pairs in the whole quiz
	mostPairs     = 200
)

// Integrity shows evidence to evaluators.
type Integrity struct {
	*desk
	mu   sync.Mutex
	held map[string]aged[*Evidence]
}

// Quiz gives the evidence of a quiz, as far as the actor reaches it.
func (s *Integrity) Quiz(ctx context.Context, actor policies.Actor, quizID string) (Evidence, error) {
	q, whole, err := s.watches(ctx, actor, quizID)
	if err != nil {
		return Evidence{}, err
	}
	e, err := s.gather(ctx, q.ID)
	if err != nil {
		return Evidence{}, err
	}
	out := *e
	out.Rows, out.Pairs = []Evidenced{}, []SimilarPair{}
	within := func(one Evidenced) bool { return whole || actor.Scope.Covers(one.path) }
	for _, row := range e.Rows {
		if within(row) {
			out.Rows = append(out.Rows, row)
		}
	}
	for _, p := range e.Pairs {
		if within(p.A) && within(p.B) {
			out.Pairs = append(out.Pairs, p)
		}
	}
	return out, nil
}

// Attempt gives the signals of one attempt, the unmarked too, and its pairs.
func (s *Integrity) Attempt(ctx context.Context, actor policies.Actor, quizID, attemptID string) (Evidence, error) {
	q, whole, err := s.watches(ctx, actor, quizID)
	if err != nil {
		return Evidence{}, err
	}
	e, err := s.gather(ctx, q.ID)
	if err != nil {
		return Evidence{}, err
	}
	one, ok := e.all[attemptID]
	if !ok || !whole && !actor.Scope.Covers(one.path) {
		return Evidence{}, noAttempt(attemptID, nil)
	}
	out := Evidence{Attempts: e.Attempts, Compared: e.Compared, Bases: e.Bases, Rows: []Evidenced{one}, Pairs: []SimilarPair{}}
	for _, p := range e.Pairs {
		if p.A.AttemptID == attemptID || p.B.AttemptID == attemptID {
			out.Pairs = append(out.Pairs, p)
		}
	}
	return out, nil
}

func (s *Integrity) gather(ctx context.Context, quizID string) (*Evidence, error) {
	now := s.clock.Now()
	s.mu.Lock()
	have, ok := s.held[quizID]
	s.mu.Unlock()
	if ok && have.fresh(now, evidenceAge) {
		return have.value, nil
	}
	got, err, _ := s.flight.Do("evidence "+quizID, func() (any, error) {
		e, err := s.look(context.WithoutCancel(ctx), quizID)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.held == nil || len(s.held) >= heldEvidence {
			s.held = map[string]aged[*Evidence]{}
		}
		s.held[quizID] = aged[*Evidence]{e, now}
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	return got.(*Evidence), nil
}

// sight is what is measured of one attempt.
type sight struct {
	attempt Attempt // without its steps
	times   []integrity.Timed
	values  map[SignalKind]float64
	wrong   map[string]string // wrong answers by question version
}

// look reads the attempts of a quiz once.
func (s *Integrity) look(ctx context.Context, quizID string) (*Evidence, error) {
	var sights []*sight
	kinds := map[string]question.Kind{}
	err := s.ofQuiz(ctx, quizID, "", func(a Attempt) error {
		if a.State == Void || a.Label != "" {
			return nil
		}
		f, err := s.factsOf(ctx, &a)
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
	out := &sight{values: map[SignalKind]float64{}, wrong: map[string]string{}}
	seen := make([]bool, len(p.Slots))
	last := a.StartedAt
	for i := range a.Steps {
		step := &a.Steps[i]
		switch step.Kind {
		case StepTakeover:
			out.values[SignalDevices]++
		case StepResume:
			last = step.At
		case StepAnswer:
			if step.Late || step.Slot < 1 || step.Slot > len(p.Slots) {
				continue
			}
			at := step.At
			if c := step.ClientAt; c != nil && !c.Before(a.StartedAt) && !c.After(step.At) {
				at = *c // answers that waited for the network come at once
			}
			if !seen[step.Slot-1] && at.After(last) {
				out.times = append(out.times, integrity.Timed{Item: p.Slots[step.Slot-1].Version, Seconds: at.Sub(last).Seconds()})
			}
			seen[step.Slot-1] = true
			if at.After(last) {
				last = at
			}
		}
	}
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

// weigh adds what only all attempts together say: norms, pairs, rates.
func (s *Integrity) weigh(ctx context.Context, quizID string, sights []*sight) (*Evidence, error) {
	reads, err := s.readingsOf(ctx, quizID)
	if err != nil {
		return nil, err
	}
	times := make([][]integrity.Timed, len(sights))
	for i, one := range sights {
		times[i] = one.times
	}
	norms := integrity.Norms(times)
	for _, one := range sights {
		seen := reads[one.attempt.ID].sum()
		for kind, value := range map[SignalKind]float64{SignalAway: float64(seen.Away), SignalAwaySeconds: float64(seen.Seconds), SignalPastes: float64(seen.Pastes),
			SignalFast: integrity.Fast(one.times, norms), SignalEven: integrity.Even(one.times)} {
			one.values[kind] = value
		}
	}
	compared, pairs := similar(sights)
	for _, p := range pairs {
		compared[p.A].values[SignalSimilar]++
		compared[p.B].values[SignalSimilar]++
	}
	e := &Evidence{Attempts: len(sights), Compared: len(compared), Rows: []Evidenced{}, Pairs: []SimilarPair{}, Bases: []SignalBase{}, all: map[string]Evidenced{}}
	sorted := map[SignalKind][]float64{}
	for _, kind := range signalKinds() {
		list := make([]float64, len(sights))
		for i, one := range sights {
			list[i] = one.values[kind]
		}
		slices.Sort(list)
		sorted[kind] = list
		base := SignalBase{Kind: kind, From: kind.marked(), Rate: rate(list, kind.marked())}
		if n := len(list); n > 0 {
			base.Median = (list[(n-1)/2] + list[n/2]) / 2
			base.Marked = n - below(list, kind.marked())
		}
		e.Bases = append(e.Bases, base)
	}
	if err := s.rows(ctx, e, sights, sorted); err != nil {
		return nil, err
	}
	for _, p := range pairs {
		a, b := e.all[compared[p.A].attempt.ID], e.all[compared[p.B].attempt.ID]
		e.Pairs = append(e.Pairs, SimilarPair{A: a, B: b, Both: p.Both, Shared: p.Shared, Expected: p.Expected, Chance: p.Chance, SameOrg: a.OrgName == b.OrgName})
	}
	return e, nil
}

// rows makes the rows of the attempts.
func (s *Integrity) rows(ctx context.Context, e *Evidence, sights []*sight, sorted map[SignalKind][]float64) error {
	for _, one := range sights {
		a := &one.attempt
		taker, err := s.taker(ctx, a.MemberID)
		if fault.Is(err, fault.NotFound) {
			taker, err = Taker{MemberID: a.MemberID, Path: a.OrgPath}, nil
		}
		if err != nil {
			return err
		}
		row := Evidenced{AttemptID: a.ID, MemberID: a.MemberID, Name: taker.Name, Number: a.Number, Signals: []Signal{}, path: taker.Path}
		if n := len(taker.Path); n > 0 {
			names, err := s.roster.Names(ctx, taker.Path[n-1:])
			if err != nil {
				return err
			}
			row.OrgName = names[taker.Path[n-1]]
		}
		marked := false
		for _, kind := range signalKinds() {
			signal := Signal{Kind: kind, Value: one.values[kind], Rate: rate(sorted[kind], one.values[kind]), Marked: one.values[kind] >= kind.marked()}
			marked = marked || signal.Marked
			row.Signals = append(row.Signals, signal)
		}
		e.all[a.ID] = row
		if marked {
			e.Rows = append(e.Rows, row)
		}
	}
	slices.SortStableFunc(e.Rows, func(a, b Evidenced) int {
		return cmp.Or(cmp.Compare(rarity(a), rarity(b)), cmp.Compare(a.Name, b.Name))
	})
	return nil
}

// rarity orders rows: those whose marked signals are met by the fewest takers come first.
func rarity(e Evidenced) float64 {
	p := 1.0
	for _, s := range e.Signals {
		if s.Marked {
			p *= s.Rate
		}
	}
	return p
}

// below counts the values of a sorted list below a value; rate gives the share that is not.
func below(sorted []float64, value float64) int {
	n, _ := slices.BinarySearch(sorted, value)
	return n
}

func rate(sorted []float64, value float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(len(sorted)-below(sorted, value)) / float64(len(sorted))
}

// similar compares the first attempts that count.
func similar(sights []*sight) ([]*sight, []integrity.Pair) {
	first := map[string]*sight{}
	for _, one := range sights {
		a := &one.attempt
		if have := first[a.MemberID]; a.State.Counts() && (have == nil || a.Number < have.attempt.Number) {
			first[a.MemberID] = one
		}
	}
	var compared []*sight
	items, answers := map[string]int{}, map[string]integrity.Response{}
	for _, one := range sights {
		if first[one.attempt.MemberID] == one {
			compared = append(compared, one)
			for version := range one.wrong {
				if _, ok := items[version]; !ok {
					items[version] = len(items)
				}
			}
		}
	}
	table := make([][]integrity.Response, len(compared))
	for t, one := range compared {
		table[t] = make([]integrity.Response, len(items))
		for version, hash := range one.wrong {
			key := version + hash
			if answers[key] == 0 {
				answers[key] = integrity.Response(len(answers) + 1)
			}
			table[t][items[version]] = answers[key]
		}
	}
	return compared, integrity.Similar(table, similarChance, mostPairs)
}
