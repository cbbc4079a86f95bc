package exam

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"qiming/policies"
)

// next waits for the next event of a board.
func (w *world) next(b *Board) BoardEvent {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second)
	defer cancel()
	e, err := b.Next(ctx)
	w.ok(err)
	return e
}

func TestBoard(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 2)...))
	me := w.start(q, "m1", "phone")
	other := w.process() // a board in another process sees the same
	board, err := other.Boards.Open(w.ctx, w.author(), q.ID, "")
	w.ok(err)
	defer board.Close()
	e := w.next(board)
	if !e.Whole || len(e.Rows) != 4 {
		t.Fatalf("%+v", e)
	}
	find := func(e BoardEvent, member string) *BoardRow {
		for i := range e.Rows {
			if e.Rows[i].MemberID == member {
				return &e.Rows[i]
			}
		}
		return nil
	}
	if r := find(e, "m1"); r.State != BoardState(Open) || r.Total != 2 || r.Answered != 0 || r.Contact != ContactLive {
		t.Errorf("%+v", r)
	}
	if r := find(e, "m2"); r.State != BoardAbsent {
		t.Errorf("%+v", r)
	}
	me.save(1, choose("a"))
	e = w.next(board)
	if e.Whole || len(e.Rows) != 1 || e.Rows[0].Answered != 1 {
		t.Fatalf("only what changed: %+v", e)
	}
	w.order(q, Order{Act: OrderPause, Reason: "停电", Target: only(me)})
	if e = w.next(board); e.Rows[0].State != BoardPaused || e.Rows[0].Deadline != nil {
		t.Fatalf("%+v", e)
	}

	// The connection: quiet after 12 seconds, live again when the page asks, heard by the other process.
	w.clock.Advance(quietAfter)
	if e = w.next(board); e.Rows[0].Contact != ContactQuiet || e.Rows[0].HeardAt == nil {
		t.Fatalf("%+v", e)
	}
	me.standing()
	w.ok(w.desk.beatOnce(w.ctx))
	if e = w.next(board); e.Rows[0].Contact != ContactLive {
		t.Fatalf("%+v", e)
	}
	w.clock.Advance(lostAfter)
	if e = w.next(board); e.Rows[0].Contact != ContactLost {
		t.Fatalf("%+v", e)
	}

	// A board that comes back goes on from its last event.
	last := e.ID
	w.order(q, Order{Act: OrderResume, Target: only(me)})
	w.next(board)
	again, err := other.Boards.Open(w.ctx, w.author(), q.ID, last)
	w.ok(err)
	defer again.Close()
	if e = w.next(again); e.Whole || len(e.Rows) != 1 || e.Rows[0].State != BoardState(Open) {
		t.Fatalf("%+v", e)
	}
	fresh, err := other.Boards.Open(w.ctx, w.author(), q.ID, "elsewhere-3")
	w.ok(err)
	defer fresh.Close()
	if e = w.next(fresh); !e.Whole {
		t.Error("an unknown place begins anew")
	}

	// A secretary of a branch sees the branch.
	branch, err := other.Boards.Open(w.ctx, policies.Actor{AccountID: "b", Scope: policies.Scope{branchB}}, q.ID, "")
	w.ok(err)
	defer branch.Close()
	if e = w.next(branch); len(e.Rows) != 2 || find(e, "m1") != nil {
		t.Errorf("%+v", e)
	}
	_, err = other.Boards.Open(w.ctx, policies.Actor{AccountID: "x", Scope: policies.Scope{"elsewhere"}}, q.ID, "")
	w.refused(err, "quiz.not_found")
}

// With the last board its hub ends, and nothing is left behind.
func TestBoardsClose(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("a", 1)...))
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			b, err := w.Boards.Open(w.ctx, w.author(), q.ID, "")
			if err != nil {
				t.Error(err)
				return
			}
			defer b.Close()
			if i%2 == 0 {
				w.next(b)
			}
		}()
	}
	wg.Wait()
	w.Boards.hubs.mu.Lock()
	defer w.Boards.hubs.mu.Unlock()
	if n := len(w.Boards.hubs.live); n != 0 {
		t.Errorf("%d hubs are left", n)
	}
}

// BenchmarkBoard is a second of 2,000 takers of whom a hundred saved, for one hub and three boards.
func BenchmarkBoard(b *testing.B) {
	w := newWorld(b)
	const takers = 2000
	for i := range takers {
		w.member(fmt.Sprintf("t%d", i), branchA)
	}
	q := w.quiz(fixed(1, w.singles("a", 50)...))
	all := make([]*taking, takers)
	for i := range all {
		all[i] = w.start(q, fmt.Sprintf("t%d", i), "phone")
	}
	h := &hub{desk: w.desk, quizID: q.ID, epoch: "e", rows: map[string]*numbered{}, attempts: map[string]BoardRow{}, reads: map[string]reading{}, changed: make(chan struct{})}
	if err := h.look(w.ctx); err != nil {
		b.Fatal(err)
	}
	boards := make([]*Board, 3)
	for i := range boards {
		boards[i] = &Board{hub: h, whole: true, within: func([]string) bool { return true }}
		boards[i].take()
	}
	b.ResetTimer()
	rows := 0
	for n := range b.N {
		b.StopTimer()
		for i := range 100 {
			all[(n*100+i)%takers].save(1+n%50, choose("a"))
		}
		w.clock.Advance(time.Second)
		for _, t := range all {
			w.desk.heard.hear(t.sheet.Attempt.ID, w.clock.Now())
		}
		b.StartTimer()
		if err := h.look(w.ctx); err != nil {
			b.Fatal(err)
		}
		for _, board := range boards {
			e, _, _ := board.take()
			rows += len(e.Rows)
		}
	}
	b.ReportMetric(float64(rows)/float64(b.N)/3, "rows/board")
}
