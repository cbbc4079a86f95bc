package exam

import (
	"cmp"
	"context"
	"slices"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// tally is a quiz counted once: reading several pages or charts costs one pass over its attempts.
type tally struct {
	quiz     Quiz
	rows     []Row       // by organisation and name
	taken    []taken     // attempts that count, those of a member together and in their order
	places   []tallyItem // what slots of papers are; taken.slots refers to it
	versions []string    // the items, by the number that places and the statistics give them
	contents map[string]question.Content
	numbers  []int           // of the items in the paper, parallel to versions; nil where papers differ
	keys     map[string]Step // the last regrade of an item, by its version
	cost     time.Duration   // of counting
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
	score             *float64 // points; nil = not marked to the end
	points            float64  // of the paper, without what counts nowhere any more
	slots             []slotFact
	took              float32 // seconds from the start to the end; 0 = sat on paper
}

// slotFact is what is known of a slot; see keep for what is left out.
type slotFact struct {
	place    int32   // index into tally.places
	mark     float64 // fraction, or pendingMark
	chosen   uint64  // options, by their index
	seconds  float32 // 0 = not known
	answered bool
}

// How old a tally may be, and how many are kept. One that was costly may be older: counting takes at most a
// tenth of the time.
const (
	tallyAge    = 2 * time.Second
	tallyWorth  = 10
	heldTallies = 4
)

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

// gathering is a tally in the making.
type gathering struct {
	*tally
	placeOf map[placeKey]int32
	itemOf  map[string]int
	nthOf   map[[2]int]int // places of pools
	byID    map[string]taken
	drawn   bool // papers of takers may differ
}

type placeKey struct {
	version   string
	pool, nth int
	points    float64
}

// gather reads the attempts of a quiz once.
func (s *Results) gather(ctx context.Context, quizID string, now time.Time) (*tally, error) {
	q, err := s.quizzes.Get(ctx, quizID)
	if err != nil {
		return nil, noQuiz(quizID, err)
	}
	t := &tally{quiz: q, contents: map[string]question.Content{}, keys: map[string]Step{}}
	if q.Number == 0 {
		return t, nil
	}
	b, err := s.blueprint(ctx, quizID, q.Number)
	if err != nil {
		return nil, err
	}
	due, err := s.due(ctx, quizID, b.version.MakeupOf, b.version.Audience, now)
	if err != nil {
		return nil, err
	}
	state, err := s.quiz(ctx, quizID)
	if err != nil {
		return nil, err
	}
	g := gathering{tally: t, placeOf: map[placeKey]int32{}, itemOf: map[string]int{}, nthOf: map[[2]int]int{}, byID: map[string]taken{}}
	attempts := map[string][]Attempt{}
	err = s.ofQuiz(ctx, quizID, "", func(a Attempt) error {
		if a.State.Running() && a.Deadline != nil && !now.Before(*a.Deadline) {
			var err error
			if a, _, _, err = s.settled(ctx, a, now); err != nil {
				return err
			}
		}
		if a.State.Counts() {
			if err := s.keep(ctx, &g, &a); err != nil {
				return err
			}
		}
		a.Steps, a.Log, a.Marks = nil, nil, nil
		attempts[a.MemberID] = append(attempts[a.MemberID], a)
		return nil
	})
	if err != nil {
		return nil, err
	}
	settings := b.version.Settings
	add := func(taker Taker, isDue bool) {
		list := attempts[taker.MemberID]
		slices.SortFunc(list, func(a, b Attempt) int { return a.Number - b.Number })
		t.rows = append(t.rows, rowOf(taker, isDue, state.overTo(settings, taker, now), settings.GradeBy, settings.PassPercent, list))
		g.join(taker, list)
		delete(attempts, taker.MemberID)
	}
	for _, taker := range due {
		add(taker, true)
	}
	for memberID, list := range attempts { // took it, not due any more
		taker, err := s.taker(ctx, memberID)
		if fault.Is(err, fault.NotFound) {
			taker, err = Taker{MemberID: memberID, Path: list[0].OrgPath}, nil
		}
		if err != nil {
			return nil, err
		}
		add(taker, false)
	}
	if g.drawn {
		t.numbers = nil
	}
	if err := s.order(ctx, t); err != nil {
		return nil, err
	}
	return t, s.madeUp(ctx, q, t.rows, now)
}

// order names the organisations of the rows and sorts these.
func (s *Results) order(ctx context.Context, t *tally) error {
	orgs := map[string]bool{}
	var ids []string
	for i := range t.rows {
		if id := t.rows[i].OrgID; !orgs[id] {
			orgs[id] = true
			ids = append(ids, id)
		}
	}
	names, err := s.roster.Names(ctx, ids)
	if err != nil {
		return err
	}
	for i := range t.rows {
		t.rows[i].OrgName = names[t.rows[i].OrgID]
	}
	slices.SortFunc(t.rows, func(a, b Row) int {
		return cmp.Or(slices.Compare(a.OrgPath, b.OrgPath), cmp.Compare(a.Name, b.Name), cmp.Compare(a.MemberID, b.MemberID))
	})
	return nil
}

// join puts the kept attempts of a member, which are in their order, into the tally.
func (g *gathering) join(taker Taker, list []Attempt) {
	from, best := len(g.taken), -1.0
	at := -1
	for i := range list {
		one, ok := g.byID[list[i].ID]
		if !ok {
			continue
		}
		one.memberID, one.path = taker.MemberID, taker.Path
		if p := list[i].Percent; p != nil && *p > best {
			best, at = *p, len(g.taken)
		}
		g.taken = append(g.taken, one)
	}
	if len(g.taken) == from {
		return
	}
	if at < 0 {
		at = from // none is marked yet
	}
	g.taken[from].first, g.taken[at].best, g.taken[len(g.taken)-1].last = true, true, true
}

// keep takes of an attempt that counts what the statistics need. Slots that count nowhere, by a regrade, are left
// out, and all of them where only the total of a paper is known.
func (s *Results) keep(ctx context.Context, g *gathering, a *Attempt) error {
	b, err := s.blueprint(ctx, a.QuizID, a.Version)
	if err != nil {
		return err
	}
	paper := b.draw(a.Seed)
	g.drawn = g.drawn || !b.fixed()
	one := taken{score: a.Score, points: hundredths(paper.Points() - a.Dropped)}
	if a.Label == "" && a.EndedAt != nil {
		one.took = float32(a.EndedAt.Sub(a.StartedAt).Seconds())
	}
	if len(a.Marks) == len(paper.Slots) {
		if err := s.know(ctx, g, append(paper.Versions(), versionsOf(a.Steps)...)); err != nil {
			return err
		}
		view := Replay(a.Steps, len(paper.Slots))
		seconds := secondsBySlot(a, len(paper.Slots))
		one.slots = make([]slotFact, 0, len(paper.Slots))
		nth := map[int]int{}
		for i, slot := range paper.Slots {
			nth[slot.pool]++
			if key := view.key(i); key != nil {
				if key.Version == "" && key.Fraction == nil {
					continue
				}
				if last, ok := g.keys[slot.Version]; !ok || last.At.Before(key.At) {
					g.keys[slot.Version] = *key
				}
			}
			fact := slotFact{place: g.place(slot, nth[slot.pool]), mark: a.Marks[i], seconds: seconds[i]}
			if answer := view.Answers[i]; answer != nil && answer.Response != nil && !answer.Response.Empty() {
				fact.answered, fact.chosen = true, chosenBits(g.contents[slot.Version], answer.Response)
			}
			one.slots = append(one.slots, fact)
		}
	}
	g.byID[a.ID] = one
	return nil
}

// know loads the contents of versions that are not known yet.
func (s *Results) know(ctx context.Context, g *gathering, ids []string) error {
	fresh := slices.DeleteFunc(ids, func(id string) bool { _, ok := g.contents[id]; return ok })
	if len(fresh) == 0 {
		return nil
	}
	versions, err := s.bank.GetVersions(ctx, fresh)
	if err != nil {
		return err
	}
	for _, id := range fresh {
		g.contents[id] = versions[id].Content
	}
	return nil
}

// place numbers what a slot is: the nth of its pool, from 1.
func (g *gathering) place(slot Slot, nth int) int32 {
	key := placeKey{slot.Version, slot.pool, nth, slot.Points}
	if n, ok := g.placeOf[key]; ok {
		return n
	}
	item, ok := g.itemOf[slot.Version]
	if !ok {
		item = len(g.versions)
		g.itemOf[slot.Version] = item
		g.versions, g.numbers = append(g.versions, slot.Version), append(g.numbers, slot.Number)
	}
	g.drawn = g.drawn || g.numbers[item] != slot.Number
	place, ok := g.nthOf[[2]int{slot.pool, nth}]
	if !ok {
		place = len(g.nthOf)
		g.nthOf[[2]int{slot.pool, nth}] = place
	}
	n := int32(len(g.places))
	g.placeOf[key] = n
	g.places = append(g.places, tallyItem{item: item, place: place, points: slot.Points})
	return n
}

// chosenBits gives the options of a choice, or of true and false, that a response names.
func chosenBits(c question.Content, r *question.Response) uint64 {
	bits := uint64(0)
	switch c.Kind {
	case question.Single, question.Multiple:
		for i, option := range c.Options {
			if slices.Contains(r.Choices, option.ID) {
				bits |= 1 << i
			}
		}
	case question.TrueFalse:
		if r.Truth != nil && *r.Truth {
			bits = 1
		} else if r.Truth != nil {
			bits = 2
		}
	}
	return bits
}
