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

// Run writes, while ctx lasts, what this process hears of takers for the boards of other processes.
func (s *Boards) Run(ctx context.Context) error {
	ident.Every(ctx, beatEvery, func() bool {
		_ = s.beatOnce(ctx) // what fails is heard anew in two seconds
		return false
	})
	return nil
}
