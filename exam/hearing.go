package exam

import (
	"context"
	"strings"
	"sync"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// Every taker's page asks for the clock every four seconds; that is how a board knows who is connected. Nothing is
// written for it but while a board is open: then each process writes one document a quiz every two seconds,
// whatever the number of takers, for the processes that show boards.

const (
	beatEvery  = 2 * time.Second
	watchedFor = 30 * time.Second // a board that is open renews it
	heardFor   = 10 * time.Minute // what was heard before is dropped
)

// hearing is when attempts were heard of, in this process.
type hearing struct {
	mu sync.Mutex
	at map[string]map[string]time.Time // by quiz and attempt
}

func quizOf(attemptID string) string {
	quiz, _, _ := strings.Cut(attemptID, ":")
	return quiz
}

func (h *hearing) hear(attemptID string, now time.Time) {
	quiz := quizOf(attemptID)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.at == nil {
		h.at = map[string]map[string]time.Time{}
	}
	if h.at[quiz] == nil {
		h.at[quiz] = map[string]time.Time{}
	}
	h.at[quiz][attemptID] = now
}

// last gives when an attempt was heard of; zero = not lately.
func (h *hearing) last(attemptID string) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at[quizOf(attemptID)][attemptID]
}

// of gives what was heard of a quiz since a time.
func (h *hearing) of(quizID string, since time.Time) map[string]time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make(map[string]time.Time, len(h.at[quizID]))
	for id, at := range h.at[quizID] {
		if at.After(since) {
			out[id] = at
		}
	}
	return out
}

// drop forgets what was heard before a time, and gives the quizzes that are left.
func (h *hearing) drop(before time.Time) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var left []string
	for quiz, list := range h.at {
		for id, at := range list {
			if at.Before(before) {
				delete(list, id)
			}
		}
		if len(list) == 0 {
			delete(h.at, quiz)
			continue
		}
		left = append(left, quiz)
	}
	return left
}

// beat is what one process heard of a quiz's takers; its id is "QUIZ:PROCESS".
type beat struct {
	store.Meta `bson:",inline"`
	QuizID     string           `bson:"quiz_id" json:"quiz_id"`
	Heard      map[string]int64 `bson:"heard" json:"heard"` // by attempt, Unix seconds
}

// watched says that a board of a quiz is open somewhere; its id is the quiz.
type watched struct {
	store.Meta `bson:",inline"`
	Until      time.Time `bson:"until" json:"until"`
}

// put makes or replaces a document.
func put[T any](ctx context.Context, c store.Collection[T], id string, doc *T, set func(*T)) error {
	_, err := c.Update(ctx, id, func(d *T) error { set(d); return nil })
	if fault.Is(err, fault.NotFound) {
		set(doc)
		err = c.Insert(ctx, doc)
		if fault.Is(err, fault.Exists) {
			err = nil // somebody else just did
		}
	}
	return err
}

// beatOnce writes what this process heard for the boards of others.
func (d *desk) beatOnce(ctx context.Context) error {
	now := d.clock.Now()
	for _, quiz := range d.heard.drop(now.Add(-heardFor)) {
		w, err := d.watching.Get(ctx, quiz)
		if fault.Is(err, fault.NotFound) || err == nil && !now.Before(w.Until) {
			continue
		}
		if err != nil {
			return err
		}
		heard := map[string]int64{}
		for id, at := range d.heard.of(quiz, now.Add(-2*lostAfter)) {
			heard[id] = at.Unix()
		}
		id := quiz + ":" + d.process
		if err := put(ctx, d.beats, id, &beat{Meta: store.Meta{ID: id}, QuizID: quiz}, func(b *beat) { b.Heard = heard }); err != nil {
			return err
		}
	}
	return nil
}

// heardOf gives when the takers of a quiz were heard of last, by any process.
func (d *desk) heardOf(ctx context.Context, quizID string, now time.Time) (map[string]time.Time, error) {
	all := d.heard.of(quizID, now.Add(-heardFor))
	for b, err := range d.beats.Find(ctx, store.Query[beat]{Index: "quiz", Eq: map[string]any{"quiz_id": quizID}}) {
		if err != nil {
			return nil, err
		}
		for id, unix := range b.Heard {
			if at := time.Unix(unix, 0).UTC(); at.After(all[id]) {
				all[id] = at
			}
		}
	}
	return all, nil
}

// tidyBeats removes what processes left behind.
func (d *desk) tidyBeats(ctx context.Context) error {
	old := d.clock.Now().Add(-time.Hour)
	for b, err := range d.beats.Find(ctx, store.Query[beat]{}) {
		if err != nil {
			return err
		}
		if b.UpdatedAt.Before(old) {
			if err := d.beats.Delete(ctx, b.ID); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
		}
	}
	return nil
}
