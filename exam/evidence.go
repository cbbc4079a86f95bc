package exam

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"qiming/policies"
)

// SignalKind is a sign that deserves a person's look (exam-rules section 6). None changes a mark by itself.
type SignalKind string

// The signals.
const (
	SignalAway        SignalKind = "away"         // times that the page was left
	SignalAwaySeconds SignalKind = "away_seconds" // for how long in all
	SignalPastes      SignalKind = "pastes"       // times that text was pasted
	SignalTakeovers   SignalKind = "takeovers"    // times that another session went on with the attempt
	SignalDevices     SignalKind = "devices"      // other devices that went on with it
	SignalAddresses   SignalKind = "addresses"    // other networks that answers came from
	SignalParallel    SignalKind = "parallel"     // other sessions that opened it while one was answering
	SignalFast        SignalKind = "fast"         // share of items answered in less than a quarter of their norm
	SignalEven        SignalKind = "even"         // how alike the times of the items are, 0..1
	SignalStill       SignalKind = "still"        // share of items answered though the page met no pointer, key, touch, focus or scrolling
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
	case SignalStill:
		return 0.9
	case SignalAddresses:
		return 3 // between home, office and the train one or two are usual
	}
	return 1
}

func signalKinds() []SignalKind {
	return []SignalKind{SignalAway, SignalAwaySeconds, SignalPastes, SignalTakeovers, SignalDevices, SignalAddresses, SignalParallel,
		SignalFast, SignalEven, SignalStill, SignalSimilar}
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
	AttemptID string         `json:"attempt_id"`
	MemberID  string         `json:"member_id"`
	Name      string         `json:"name"`
	OrgName   string         `json:"org_name"`
	Number    int            `json:"number"`
	Mark      string         `json:"mark"` // the short number in its watermark
	Signals   []Signal       `json:"signals"`
	Limits    []Reached      `json:"limits,omitempty"`
	Events    []SignalEvent  `json:"events,omitempty"`    // of one attempt alone
	Notes     []EvidenceNote `json:"notes,omitempty"`     // oldest first; in lists the last alone
	NotesAll  int            `json:"notes_all,omitempty"` // how many there are
	path      []string
	events    []SignalEvent
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

// Quiz gives the evidence of a quiz, as far as the actor reaches it, with the last note of each attempt.
func (s *Integrity) Quiz(ctx context.Context, actor policies.Actor, quizID string) (Evidence, error) {
	e, err := s.Export(ctx, actor, quizID)
	for i := range e.Rows {
		if notes := e.Rows[i].Notes; len(notes) > 1 {
			e.Rows[i].Notes = notes[len(notes)-1:]
		}
	}
	return e, err
}

// Title gives the title of a quiz whose evidence the actor reaches.
func (s *Integrity) Title(ctx context.Context, actor policies.Actor, quizID string) (string, error) {
	q, _, err := s.watches(ctx, actor, quizID)
	return q.Title, err
}

// Export gives the same with all notes.
func (s *Integrity) Export(ctx context.Context, actor policies.Actor, quizID string) (Evidence, error) {
	q, whole, err := s.watches(ctx, actor, quizID)
	if err != nil {
		return Evidence{}, err
	}
	e, err := s.gather(ctx, q.ID)
	if err != nil {
		return Evidence{}, err
	}
	notes, err := s.notesOf(ctx, q.ID)
	if err != nil {
		return Evidence{}, err
	}
	out := *e
	out.Rows, out.Pairs = []Evidenced{}, []SimilarPair{}
	within := func(one Evidenced) bool { return whole || actor.Scope.Covers(one.path) }
	add := func(row Evidenced) {
		row.Notes, row.NotesAll = notes[row.AttemptID], len(notes[row.AttemptID])
		if within(row) {
			out.Rows = append(out.Rows, row)
		}
	}
	listed := map[string]bool{}
	for _, row := range e.Rows {
		listed[row.AttemptID] = true
		add(row)
	}
	for _, id := range slices.Sorted(maps.Keys(notes)) { // somebody looked at it: it stays in the list
		if row, ok := e.all[id]; ok && !listed[id] {
			add(row)
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
	notes, err := s.notesOf(ctx, q.ID)
	if err != nil {
		return Evidence{}, err
	}
	one.Events, one.Notes, one.NotesAll = one.events, notes[attemptID], len(notes[attemptID])
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
