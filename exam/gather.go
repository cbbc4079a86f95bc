package exam

import (
	"cmp"
	"context"
	"slices"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// gathering is a tally in the making.
type gathering struct {
	*tally
	placeOf map[placeKey]int32
	itemOf  map[string]int
	nthOf   map[[2]int]int // places of pools
	markOf  map[float64]int32
	shown   []question.Content // of the items, as papers show them; parallel to versions
	laid    map[*blueprint]*layout
	drawn   bool // papers of takers may differ
	veiled  bool // there are results that are not out

	attempts map[string][]met // by member
	kept     []taken
	facts    []slotFact // the last piece of what taken.slots are cut from
	view     View       // of the attempt at hand
	seconds  []float32
}

// met is an attempt that was met: one that counts is kept, at-1 in gathering.kept.
type met struct {
	AttemptResult
	at int
}

// layout is a paper as it is counted.
type layout struct {
	slots   []Slot
	points  float64
	nth     []int   // of its pool, from 1
	places  []int32 // in the tally; -1 = not met yet
	unknown []string
}

// lay gives the paper of an attempt. Where all have the same questions in the same order one stands for all: the order of
// options plays no part here.
func (g *gathering) lay(b *blueprint, seed string) *layout {
	if l := g.laid[b]; l != nil {
		return l
	}
	paper := b.draw(seed)
	l := &layout{slots: paper.Slots, points: paper.Points(), nth: make([]int, len(paper.Slots)), places: make([]int32, len(paper.Slots)), unknown: paper.Versions()}
	met := map[int]int{}
	for i, slot := range paper.Slots {
		met[slot.pool]++
		l.nth[i], l.places[i] = met[slot.pool], -1
	}
	if b.fixed() {
		g.laid[b] = l
	} else {
		g.drawn = true
	}
	return l
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
	t := &tally{quiz: q, contents: map[string]question.Content{}, keys: map[string]keyed{}}
	t.told = t
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
	g := gathering{tally: t, placeOf: map[placeKey]int32{}, itemOf: map[string]int{}, nthOf: map[[2]int]int{}, markOf: map[float64]int32{},
		laid: map[*blueprint]*layout{}, attempts: map[string][]met{}}
	err = s.ofQuiz(ctx, quizID, "", func(a *Attempt) error {
		if a.State.Running() && a.Deadline != nil && !now.Before(*a.Deadline) {
			var err error
			if *a, _, _, err = s.settled(ctx, *a, now); err != nil {
				return err
			}
		}
		one := met{AttemptResult: a.result()}
		if a.State.Counts() {
			g.veiled = g.veiled || a.State != Released
			if err := s.keep(ctx, &g, a); err != nil {
				return err
			}
			one.at = len(g.kept)
		}
		g.attempts[a.MemberID] = append(g.attempts[a.MemberID], one)
		return nil
	})
	if err != nil {
		return nil, err
	}
	settings := b.version.Settings
	t.rows, t.taken = make([]Row, 0, len(due)), make([]taken, 0, len(g.kept))
	makeups, err := s.makeups(ctx, q.ID, "", nil)
	if err != nil {
		return nil, err
	}
	g.veiled = g.veiled || slices.ContainsFunc(makeups, makeup.veiled)
	var told []Row
	add := func(taker Taker, isDue bool) {
		list := g.join(taker)
		over := state.overTo(settings, taker, now)
		t.rows = append(t.rows, rowOf(taker, isDue, over, settings.GradeBy, settings.PassPercent, list))
		if g.veiled {
			told = append(told, toldRow(taker, isDue, over, settings.GradeBy, settings.PassPercent, list))
		}
	}
	for _, taker := range due {
		add(taker, true)
	}
	for memberID := range g.attempts { // took it, not due any more
		taker, err := s.taker(ctx, memberID)
		if fault.Is(err, fault.NotFound) {
			taker, err = s.gone(ctx, quizID, memberID)
		}
		if err != nil {
			return nil, err
		}
		add(taker, false)
	}
	if g.drawn {
		t.numbers = nil
	}
	for _, rows := range [][]Row{t.rows, told} {
		if err := s.order(ctx, rows); err != nil {
			return nil, err
		}
	}
	if err := s.madeUp(ctx, q, makeups, t.rows, told, now); err != nil {
		return nil, err
	}
	if g.veiled {
		t.tell(told)
	}
	return t, nil
}

// gone gives a taker whom the roster does not know any more, in the place of the first attempt.
func (s *Results) gone(ctx context.Context, quizID, memberID string) (Taker, error) {
	list, err := s.ofMember(ctx, quizID, memberID)
	if err != nil || len(list) == 0 {
		return Taker{MemberID: memberID}, err
	}
	return Taker{MemberID: memberID, Path: list[0].OrgPath}, nil
}

// order names the organisations of the rows and sorts these.
func (s *Results) order(ctx context.Context, rows []Row) error {
	orgs := map[string]bool{}
	var ids []string
	for i := range rows {
		if id := rows[i].OrgID; !orgs[id] {
			orgs[id] = true
			ids = append(ids, id)
		}
	}
	names, err := s.roster.Names(ctx, ids)
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].OrgName = names[rows[i].OrgID]
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(slices.Compare(a.OrgPath, b.OrgPath), cmp.Compare(a.Name, b.Name), cmp.Compare(a.MemberID, b.MemberID))
	})
	return nil
}

// join puts the kept attempts of a member, in their order, into the tally. It gives all that were met.
func (g *gathering) join(taker Taker) []AttemptResult {
	all := g.attempts[taker.MemberID]
	delete(g.attempts, taker.MemberID)
	slices.SortFunc(all, func(a, b met) int { return a.Number - b.Number })
	list := make([]AttemptResult, len(all))
	from, best, at := len(g.taken), -1.0, -1
	for i, one := range all {
		if list[i] = one.AttemptResult; one.at == 0 {
			continue
		}
		kept := g.kept[one.at-1]
		kept.memberID, kept.path = taker.MemberID, taker.Path
		if p := one.Percent; p != nil && *p > best {
			best, at = *p, len(g.taken)
		}
		g.taken = append(g.taken, kept)
	}
	if len(g.taken) > from {
		if at < 0 {
			at = from // none is marked yet
		}
		g.taken[from].first, g.taken[at].best, g.taken[len(g.taken)-1].last = true, true, true
	}
	return list
}

// keep takes of an attempt that counts what the statistics need. Slots that count nowhere, by a regrade, are left
// out, and all of them where only the total of a paper is known.
func (s *Results) keep(ctx context.Context, g *gathering, a *Attempt) error {
	b, err := s.blueprint(ctx, a.QuizID, a.Version)
	if err != nil {
		return err
	}
	paper := g.lay(b, a.Seed)
	one := taken{released: a.State == Released, score: a.Score, points: hundredths(paper.points - a.Dropped)}
	if a.Label == "" && a.EndedAt != nil {
		one.took = float32(a.EndedAt.Sub(a.StartedAt).Seconds())
	}
	if len(a.Marks) == len(paper.slots) {
		if err := s.know(ctx, g, append(paper.unknown, versionsOf(a.Steps)...)); err != nil {
			return err
		}
		paper.unknown = nil
		one.slots = g.read(a, paper)
	}
	g.kept = append(g.kept, one)
	return nil
}

// factsAtOnce is of how many slots room is taken at once.
const factsAtOnce = 1 << 14

// read gives what is known of the slots of an attempt.
func (g *gathering) read(a *Attempt, paper *layout) []slotFact {
	n := len(paper.slots)
	g.view.replay(a.Steps, n)
	g.seconds = emptied(g.seconds, n)
	a.secondsBySlot(g.seconds)
	if cap(g.facts)-len(g.facts) < n {
		g.facts = make([]slotFact, 0, max(n, factsAtOnce))
	}
	from := len(g.facts)
	for i := range paper.slots {
		slot := &paper.slots[i]
		if key := g.view.key(i); key != nil {
			if key.Version == "" && key.Fraction == nil {
				continue
			}
			if last, ok := g.keys[slot.Version]; !ok || last.at.Before(key.At) {
				g.keys[slot.Version] = keyed{key.Version, key.At}
			}
		}
		if paper.places[i] < 0 {
			paper.places[i] = g.place(*slot, paper.nth[i])
		}
		fact := slotFact{place: paper.places[i], mark: g.mark(a.Marks[i]), seconds: g.seconds[i]}
		if answer := g.view.Answers[i]; answer != nil && answer.Response != nil && !answer.Response.Empty() {
			fact.answered, fact.chosen = true, chosenBits(&g.shown[g.places[fact.place].item], answer.Response)
		}
		g.facts = append(g.facts, fact)
	}
	return g.facts[from:len(g.facts):len(g.facts)]
}

// mark numbers a fraction.
func (g *gathering) mark(fraction float64) int32 {
	n, ok := g.markOf[fraction]
	if !ok {
		n = int32(len(g.marks))
		g.markOf[fraction] = n
		g.marks = append(g.marks, fraction)
	}
	return n
}

// know loads the contents of versions that are not known yet.
func (s *Results) know(ctx context.Context, g *gathering, ids []string) error {
	var fresh []string
	for _, id := range ids {
		if _, ok := g.contents[id]; !ok {
			fresh = append(fresh, id)
		}
	}
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
		g.versions, g.numbers, g.shown = append(g.versions, slot.Version), append(g.numbers, slot.Number), append(g.shown, g.contents[slot.Version])
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
func chosenBits(c *question.Content, r *question.Response) uint16 {
	bits := uint16(0)
	switch c.Kind {
	case question.Single, question.Multiple:
		for i := range c.Options {
			if slices.Contains(r.Choices, c.Options[i].ID) {
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
