package exam

import (
	"context"
	"time"

	"qiming/exam/question"
)

// tally is a quiz counted once: reading several pages or charts costs one pass over its attempts.
type tally struct {
	quiz     Quiz
	rows     []Row       // by organisation and name
	taken    []taken     // attempts that count, those of a member together and in their order
	places   []tallyItem // what slots of papers are; slotFact refers to it
	marks    []float64   // each fraction that a slot was marked with, or pendingMark, once; slotFact refers to it
	versions []string    // the items, by the number that places and the statistics give them
	contents map[string]question.Content
	numbers  []int            // of the items in the paper, parallel to versions; nil where papers differ
	keys     map[string]keyed // the last regrade of an item, by its version
	told     *tally           // as it is told before the release; the tally itself where all results are out
	cost     time.Duration    // of counting
}

// keyed is a regrade that holds: the version whose key marks an item, "" = everybody earns it.
type keyed struct {
	version string
	at      time.Time
}

// tallyItem is what a slot of a paper is: an item, in a place, for points.
type tallyItem struct {
	item   int // index into tally.versions
	place  int // of the paper, whatever item a draw put there
	points float64
}

// taken is what the statistics need of an attempt that counts.
type taken struct {
	memberID          string
	path              []string
	first, best, last bool     // of the member's
	released          bool     // the result is out
	score             *float64 // points; nil = not marked to the end
	points            float64  // of the paper, without what counts nowhere any more
	slots             []slotFact
	took              float32 // seconds from the start to the end; 0 = sat on paper
}

// slotFact is what is known of a slot; see keep for what is left out. There are millions of them.
type slotFact struct {
	place    int32   // index into tally.places
	mark     int32   // index into tally.marks
	seconds  float32 // 0 = not known
	chosen   uint16  // options, by their index
	answered bool
}

// How old a tally may be, and how many are kept. One that was costly may be older: counting takes at most a
// tenth of the time.
const (
	tallyAge    = 2 * time.Second
	tallyWorth  = 10
	heldTallies = 4
)

// as gives the tally as far as it is told.
func (t *tally) as(sight Sight) *tally {
	if sight.veils(t.quiz) {
		return t.told
	}
	return t
}

// share is the score as a share of the paper's points, below 0 where it is not known.
func (a *taken) share() float64 {
	if a.score == nil || a.points == 0 {
		return -1
	}
	return *a.score / a.points
}

// tell makes the tally as it is told before the release: with rows as they are told, and of the attempts those whose result is out.
func (t *tally) tell(rows []Row) {
	told := *t
	told.rows, told.taken = rows, nil
	told.told = &told
	t.told = &told
	for from, to := 0, 0; from < len(t.taken); from = to {
		first, best := len(told.taken), len(told.taken)
		for to = from; to < len(t.taken) && t.taken[to].memberID == t.taken[from].memberID; to++ {
			a := t.taken[to]
			if !a.released {
				continue
			}
			a.first, a.best, a.last = false, false, false
			if told.taken = append(told.taken, a); a.share() > told.taken[best].share() {
				best = len(told.taken) - 1
			}
		}
		if n := len(told.taken); n > first {
			told.taken[first].first, told.taken[best].best, told.taken[n-1].last = true, true, true
		}
	}
}

func (s *Results) count(ctx context.Context, quizID string) (*tally, error) {
	now := s.clock.Now()
	s.mu.Lock()
	held, ok := s.tally[quizID]
	s.mu.Unlock()
	if ok && held.fresh(now, max(tallyAge, tallyWorth*held.value.cost)) {
		return held.value, nil
	}
	got, err, _ := s.flight.Do("tally "+quizID, func() (any, error) {
		t, err := s.gather(context.WithoutCancel(ctx), quizID, now)
		if err != nil {
			return nil, err
		}
		t.cost = s.clock.Now().Sub(now)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.tally == nil || len(s.tally) >= heldTallies {
			s.tally = map[string]aged[*tally]{}
		}
		s.tally[quizID] = aged[*tally]{t, now}
		return t, nil
	})
	if err != nil {
		return nil, err
	}
	return got.(*tally), nil
}
