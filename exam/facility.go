package exam

import (
	"context"
	"slices"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
)

// itemRecord is how the items of a quiz did over first attempts when they were last counted; its id is the
// quiz. It spares whoever asks about many questions the reading of all attempts.
type itemRecord struct {
	store.Meta `bson:",inline"`
	AsOf       time.Time `bson:"as_of"`
	Items      []itemSum `bson:"items"`
}

type itemSum struct {
	Version string  `bson:"version"`
	N       int     `bson:"n"`
	Sum     float64 `bson:"sum"` // of the marks, each 0..1
}

// RecordItems counts the items of every quiz that may have changed since it was last counted: those that are
// published or closed, and archived ones never counted.
func (s *Results) RecordItems(ctx context.Context) error {
	for _, status := range []QuizStatus{QuizPublished, QuizClosed, QuizArchived} {
		var ids []string
		for q, err := range s.quizzes.Find(ctx, store.Query[Quiz]{Index: "status", Eq: map[string]any{"status": string(status)}}) {
			if err != nil {
				return err
			}
			ids = append(ids, q.ID)
		}
		if status == QuizArchived {
			known, err := s.records.GetMany(ctx, ids)
			if err != nil {
				return err
			}
			ids = slices.DeleteFunc(ids, func(id string) bool { _, ok := known[id]; return ok })
		}
		for _, id := range ids {
			if err := s.recordItems(ctx, id); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
		}
	}
	return nil
}

func (s *Results) recordItems(ctx context.Context, quizID string) error {
	now := s.clock.Now()
	t, err := s.count(ctx, quizID)
	if err != nil || len(t.taken) == 0 {
		return err
	}
	items := t.itemsBeside(t.told, WhichFirst, func([]string) bool { return true }) // tasks of authors, who are told no more
	fresh := itemRecord{Meta: store.Meta{ID: quizID}, AsOf: now}
	for _, item := range items {
		if item.Facility != nil {
			fresh.Items = append(fresh.Items, itemSum{Version: item.Version, N: item.N, Sum: *item.Facility * float64(item.N)})
		}
	}
	if err := s.records.Insert(ctx, &fresh); fault.Is(err, fault.Exists) {
		_, err = s.records.Update(ctx, quizID, func(r *itemRecord) error {
			r.AsOf, r.Items = now, fresh.Items
			return nil
		})
		if err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	return s.raise(ctx, t.quiz, items, now)
}

// measured is how a question did in all quizzes and versions together.
type measured struct {
	n   int
	sum float64
}

// measuredItems gives how questions did in the quizzes, by question (a sub-question of a material by itself).
func (d *desk) measuredItems(ctx context.Context, quizIDs []string) (map[string]measured, error) {
	out := map[string]measured{}
	records, err := d.records.GetMany(ctx, quizIDs)
	if err != nil {
		return nil, err
	}
	for _, quizID := range quizIDs { // not in the order of the map: sums of fractions depend on it
		for _, item := range records[quizID].Items {
			id := question.QuestionOf(item.Version)
			m := out[id]
			out[id] = measured{m.n + item.N, m.sum + item.Sum}
		}
	}
	return out, nil
}

// presumed is the facility that is presumed of an item nobody has taken, by its difficulty 1..5; at 0 that of
// an item whose difficulty nobody gave.
var presumed = [...]float64{0.65, 0.9, 0.8, 0.65, 0.5, 0.35}

// presumedWeight is how many takers the presumption counts for beside those who took the item.
const presumedWeight = 10

// expected gives the facility to expect of an item: what was measured, drawn towards what its difficulty says
// by as much as few takers prove little (the posterior mean of a beta prior worth presumedWeight takers).
func (m measured) expected(difficulty int) float64 {
	if difficulty < 0 || difficulty >= len(presumed) {
		difficulty = 0
	}
	return min(max((max(m.sum, 0)+presumedWeight*presumed[difficulty])/(float64(m.n)+presumedWeight), 0), 1)
}
