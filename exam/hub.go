package exam

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// A quiz that is watched has one hub a process, whatever the number of boards: it reads the attempts once, follows
// their change feed, and numbers what changes; each board asks for what is newer than it has.

const (
	boardEvery  = time.Second
	rosterEvery = 30 * time.Second
	renewEvery  = 10 * time.Second
)

func unchanged() error { return store.ErrUnchanged }

// parallel does each for every id, many at once, and counts those that it changed.
func parallel(ids []string, each func(id string) (bool, error)) (int, error) {
	var group errgroup.Group
	group.SetLimit(sweepers)
	var mu sync.Mutex
	var all []error
	n := 0
	for _, id := range ids {
		group.Go(func() error {
			changed, err := each(id)
			mu.Lock()
			defer mu.Unlock()
			if changed {
				n++
			}
			if err != nil && !fault.Is(err, fault.NotFound) {
				all = append(all, err)
			}
			return nil
		})
	}
	_ = group.Wait() // errors are in all
	return n, errors.Join(all...)
}

type hubs struct {
	mu   sync.Mutex
	live map[string]*hub
}

// hub is a quiz while it is watched.
type hub struct {
	desk   *desk
	quizID string
	epoch  string
	stop   context.CancelFunc

	mu       sync.Mutex
	boards   int
	seq      uint64
	rows     map[string]*numbered // by member
	attempts map[string]BoardRow  // by attempt, as the documents say
	due      map[string]Taker
	reads    map[string]reading // by attempt
	changed  chan struct{}      // closed and made anew at every change

	since, readSince    string
	rosterAt, renewedAt time.Time
}

type numbered struct {
	row  BoardRow
	seq  uint64
	gone bool
}

// BoardEvent is what a board is told: all rows, or those that changed.
type BoardEvent struct {
	ID    string     `json:"-"` // to go on from
	Whole bool       `json:"whole"`
	Now   time.Time  `json:"now"`
	Rows  []BoardRow `json:"rows"`
	Gone  []string   `json:"gone,omitempty"`  // members
	Title string     `json:"title,omitempty"` // with all rows
	Last  *Notice    `json:"last,omitempty"`  // with all rows: the newest message
}

// Board is one open board. It must be closed.
type Board struct {
	hub    *hub
	hubs   *hubs
	within func(path []string) bool
	title  string
	last   *Notice
	seq    uint64
	whole  bool // the next event is
	once   sync.Once
}

// Open opens a board of a quiz; lastID is the ID of the last event that a board before had, "" = none.
func (s *Boards) Open(ctx context.Context, actor policies.Actor, quizID, lastID string) (*Board, error) {
	q, whole, err := s.watches(ctx, actor, quizID)
	if err != nil {
		return nil, err
	}
	if q.Number == 0 {
		return nil, fault.New(fault.Conflict, "quiz.not_published", "quiz %s was never published", quizID)
	}
	state, err := s.quiz(ctx, quizID)
	if err != nil {
		return nil, err
	}
	var last *Notice
	if n := len(state.notices); n > 0 {
		last = &Notice{ID: state.notices[n-1].ID, Text: state.notices[n-1].Text, At: state.notices[n-1].At}
	}
	s.hubs.mu.Lock()
	defer s.hubs.mu.Unlock()
	h := s.hubs.live[quizID]
	if h == nil {
		h = &hub{desk: s.desk, quizID: quizID, epoch: ident.New(), rows: map[string]*numbered{}, attempts: map[string]BoardRow{}, reads: map[string]reading{}, changed: make(chan struct{})}
		run, stop := context.WithCancel(context.Background()) // ends with the last board
		h.stop = stop
		if s.hubs.live == nil {
			s.hubs.live = map[string]*hub{}
		}
		s.hubs.live[quizID] = h
		go h.run(run)
	}
	h.boards++
	b := &Board{title: q.Title, last: last, hub: h, hubs: &s.hubs, whole: true, within: func(path []string) bool { return whole || actor.Scope.Covers(path) }}
	if epoch, seq, ok := strings.Cut(lastID, "-"); ok && epoch == h.epoch {
		if n, err := strconv.ParseUint(seq, 10, 64); err == nil {
			b.seq, b.whole = n, false
		}
	}
	return b, nil
}

// Close closes the board; with the last one of a quiz its hub ends.
func (b *Board) Close() {
	b.once.Do(func() {
		b.hubs.mu.Lock()
		defer b.hubs.mu.Unlock()
		if b.hub.boards--; b.hub.boards == 0 {
			b.hub.stop()
			delete(b.hubs.live, b.hub.quizID)
		}
	})
}

// Next waits for a change and gives what the board does not have yet; ctx ends the waiting.
func (b *Board) Next(ctx context.Context) (BoardEvent, error) {
	for {
		event, ready, wait := b.take()
		if ready {
			return event, nil
		}
		select {
		case <-ctx.Done():
			return BoardEvent{}, ctx.Err()
		case <-wait:
		}
	}
}

func (b *Board) take() (BoardEvent, bool, <-chan struct{}) {
	h := b.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seq == 0 || h.seq == b.seq {
		return BoardEvent{}, false, h.changed
	}
	e := BoardEvent{Whole: b.whole, Now: h.desk.clock.Now(), Rows: []BoardRow{}, ID: fmt.Sprintf("%s-%d", h.epoch, h.seq)}
	for member, n := range h.rows {
		switch {
		case !b.whole && n.seq <= b.seq, !b.within(n.row.path):
		case n.gone && !b.whole:
			e.Gone = append(e.Gone, member)
		case !n.gone:
			e.Rows = append(e.Rows, n.row)
		}
	}
	first := b.whole
	if first {
		e.Title, e.Last = b.title, b.last
	}
	b.seq, b.whole = h.seq, false
	if !first && len(e.Rows)+len(e.Gone) == 0 {
		return BoardEvent{}, false, h.changed
	}
	slices.SortFunc(e.Rows, func(x, y BoardRow) int {
		return cmp.Or(slices.Compare(x.path, y.path), cmp.Compare(x.Name, y.Name), cmp.Compare(x.MemberID, y.MemberID))
	})
	return e, true, nil
}

func (h *hub) run(ctx context.Context) {
	ticker := time.NewTicker(boardEvery)
	defer ticker.Stop()
	for {
		if err := h.look(ctx); err != nil {
			h.since, h.readSince = "", "" // begin anew
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// look brings the rows up to date.
func (h *hub) look(ctx context.Context) error {
	d, now := h.desk, h.desk.clock.Now()
	if now.Sub(h.renewedAt) >= renewEvery || now.Before(h.renewedAt) {
		err := put(ctx, d.watching, h.quizID, &watched{Meta: store.Meta{ID: h.quizID}}, func(w *watched) { w.Until = now.Add(watchedFor) })
		if err != nil {
			return err
		}
		h.renewedAt = now
	}
	if h.due == nil || now.Sub(h.rosterAt) >= rosterEvery || now.Before(h.rosterAt) {
		if err := h.roll(ctx); err != nil {
			return err
		}
		h.rosterAt = now
	}
	if err := h.followAttempts(ctx); err != nil {
		return err
	}
	if err := h.followReadings(ctx); err != nil {
		return err
	}
	heard, err := d.heardOf(ctx, h.quizID, now)
	if err != nil {
		return err
	}
	return h.number(ctx, heard, now)
}

// roll reads who is due.
func (h *hub) roll(ctx context.Context) error {
	state, err := h.desk.quiz(ctx, h.quizID)
	if err != nil {
		return err
	}
	b, err := h.desk.blueprint(ctx, h.quizID, state.quiz.Number)
	if err != nil {
		return err
	}
	due, err := h.desk.roster.Due(ctx, b.version.Audience)
	if err != nil {
		return err
	}
	h.due = make(map[string]Taker, len(due))
	for _, t := range due {
		h.due[t.MemberID] = t
	}
	return nil
}

// feed reads the ids that changed since a position; all gives everything, from a position before it.
func feed[T any](ctx context.Context, c store.Collection[T], since *string, prefix string, all func() error, some func(ids []string) error) error {
	if *since == "" {
		head, err := store.Head(ctx, c)
		if err == nil {
			err = all()
		}
		if err == nil {
			*since = cmp.Or(head, "0")
		}
		return err
	}
	const most = 1000
	for {
		changes, err := c.Changes(ctx, *since, most)
		if err != nil || len(changes) == 0 {
			return err
		}
		var ids []string
		for _, change := range changes {
			if strings.HasPrefix(change.ID, prefix) {
				ids = append(ids, change.ID)
			}
		}
		if err := some(ids); err != nil {
			return err
		}
		*since = changes[len(changes)-1].Seq
		if len(changes) < most {
			return nil
		}
	}
}

func (h *hub) followAttempts(ctx context.Context) error {
	d := h.desk
	take := func(a Attempt) error {
		f, err := d.factsOf(ctx, &a)
		if err == nil {
			h.attempts[a.ID] = a.onBoard(len(f.paper.Slots))
		}
		return err
	}
	return feed(ctx, d.attempts.Collection, &h.since, h.quizID+":", func() error {
		clear(h.attempts)
		return d.ofQuiz(ctx, h.quizID, "", take)
	}, func(ids []string) error {
		found, err := d.attempts.GetMany(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			a, ok := found[id]
			if !ok {
				delete(h.attempts, id)
				continue
			}
			if err := a.unpack(); err != nil {
				return err
			}
			if err := take(a); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *hub) followReadings(ctx context.Context) error {
	d := h.desk
	return feed(ctx, d.readings, &h.readSince, h.quizID+":", func() error {
		for r, err := range d.readings.Find(ctx, store.Query[reading]{Index: "quiz", Eq: map[string]any{"quiz_id": h.quizID}}) {
			if err != nil {
				return err
			}
			h.reads[r.ID] = r
		}
		return nil
	}, func(ids []string) error {
		found, err := d.readings.GetMany(ctx, ids)
		for id, r := range found {
			h.reads[id] = r
		}
		return err
	})
}

// number compares the rows with those before and numbers what changed.
func (h *hub) number(ctx context.Context, heard map[string]time.Time, now time.Time) error {
	latest := make(map[string]BoardRow, len(h.due))
	number := func(id string) int { n, _ := strconv.Atoi(id[strings.LastIndexByte(id, ':')+1:]); return n }
	for id, row := range h.attempts {
		if row.State == BoardState(Void) {
			continue
		}
		if other, ok := latest[row.MemberID]; ok && number(other.AttemptID) > number(id) {
			continue
		}
		row.Read, row.Away = h.reads[id].Notice, h.reads[id].sum().Away
		row.touch(heard[id], now)
		latest[row.MemberID] = row
	}
	orgs := map[string]bool{}
	for member, t := range h.due {
		row, ok := latest[member]
		if !ok {
			row = BoardRow{MemberID: member, State: BoardAbsent}
		}
		row.Name, row.path = t.Name, t.Path
		latest[member] = row
	}
	for member, row := range latest {
		if _, ok := h.due[member]; !ok {
			if t, err := h.desk.taker(ctx, member); err == nil {
				row.Name, row.path = t.Name, t.Path
			}
		}
		if n := len(row.path); n > 0 {
			row.OrgID = row.path[n-1]
			orgs[row.OrgID] = true
		}
		latest[member] = row
	}
	ids := make([]string, 0, len(orgs))
	for id := range orgs {
		ids = append(ids, id)
	}
	names, err := h.desk.roster.Names(ctx, ids)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	next, any := h.seq+1, h.seq == 0
	for member, row := range latest {
		row.OrgName = names[row.OrgID]
		if have, ok := h.rows[member]; !ok || have.gone || !have.row.same(&row) {
			h.rows[member] = &numbered{row: row, seq: next}
			any = true
		}
	}
	for member, have := range h.rows {
		if _, ok := latest[member]; !ok && !have.gone {
			have.gone, have.seq, any = true, next, true
		}
	}
	if any {
		h.seq = next
		close(h.changed)
		h.changed = make(chan struct{})
	}
	return nil
}

// Run writes, while ctx lasts, what this process hears of takers for the boards of other processes.
func (s *Boards) Run(ctx context.Context) error {
	ticker := time.NewTicker(beatEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			// What fails is heard anew in two seconds.
			_ = s.beatOnce(ctx)
		}
	}
}
