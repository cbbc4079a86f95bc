package question

import (
	"context"
	"slices"
	"sync"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"qiming/internal/fault"
	"qiming/policies"
)

// next says which states may follow a state.
func (s Status) next() []Status {
	switch s {
	case Draft:
		return []Status{InReview}
	case InReview:
		return []Status{Published, Draft}
	case Published:
		return []Status{Retired}
	case Retired:
		return []Status{Draft}
	}
	return nil
}

// Reviewing says whether going from s to another state is the act of a reviewer (publish, return) and
// not of an author (hand in, retire, take up again).
func (s Status) Reviewing() bool { return s == InReview }

// SetStatus takes a question to another state; note says why, for its author. A step that the life of
// a question does not have is fault.Conflict, "question.transition". Publishing makes the latest
// version live; who wrote that version may not do it (fault.Forbidden, "question.own"), unless the
// bank's settings allow it.
func (b *Bank) SetStatus(ctx context.Context, actor policies.Actor, id string, to Status, note string) (Question, error) {
	note = tidy(note)
	if utf8.RuneCountInString(note) > maxNote {
		return Question{}, fault.Bad("question.invalid", []fault.Field{{Path: "note", Key: "too_long", Params: map[string]any{"max": maxNote}}})
	}
	old, err := b.editable(ctx, actor, id)
	if err != nil {
		return Question{}, err
	}
	settings, err := b.settingsOf(ctx, old.OrgID)
	if err != nil {
		return Question{}, err
	}
	var q Question
	act := actOn("question.status", old)
	act.Detail = map[string]string{"from": string(old.Status), "to": string(to), "version": versionNumber(old.Number)}
	err = b.trail.Act(ctx, actor, act, func() error {
		q, err = b.questions.Update(ctx, id, func(q *Question) error {
			if q.Gone {
				return errNoQuestion(id)
			}
			if q.Number != old.Number {
				return errStale(id) // what is published is what the reviewer looked at
			}
			return q.move(to, actor.AccountID, note, settings)
		})
		return err
	})
	if err != nil {
		return Question{}, err
	}
	b.catalogue.mirror.Wrote(q)
	return q, nil
}

// move is the one place where the state of a question changes, but for an edit, which makes a draft.
func (q *Question) move(to Status, by, note string, settings Settings) error {
	if !slices.Contains(q.Status.next(), to) {
		return fault.New(fault.Conflict, "question.transition", "question %s cannot go from %s to %s", q.ID, q.Status, to).
			With("from", string(q.Status)).With("to", string(to))
	}
	switch {
	case to == Published:
		if err := mayPublish(q.EditorID, by, settings); err != nil {
			return err
		}
		q.Live, q.ReviewerID = q.Number, by
	case q.Status == InReview:
		q.ReviewerID = by // returned
	}
	q.Status, q.Note = to, note
	return nil
}

// mayPublish refuses that an author publishes an own item alone (domain 2.13). The command line, which
// acts without an account, is trusted.
func mayPublish(editor, by string, settings Settings) error {
	if by != "" && by == editor && !settings.OwnItems {
		return fault.New(fault.Forbidden, "question.own", "account %s wrote the version and may not publish it alone", by)
	}
	return nil
}

// Refusal names a question that an act left as it was, and why.
type Refusal struct {
	ID   string `json:"id"`
	Code string `json:"code"`           // the fault's key
	Stem string `json:"stem,omitempty"` // its beginning, where it is told
}

// BulkOutcome is what a bulk act did.
type BulkOutcome struct {
	Changed int       `json:"changed"`
	Refused []Refusal `json:"refused"`
}

// SetStatuses takes many questions to another state, each by itself: what is refused does not stop the rest.
func (b *Bank) SetStatuses(ctx context.Context, actor policies.Actor, ids []string, to Status, note string) (BulkOutcome, error) {
	out := BulkOutcome{Refused: []Refusal{}}
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		group.Go(func() error {
			_, err := b.SetStatus(ctx, actor, id, to, note)
			key := fault.KeyOf(err)
			if err != nil && (key == "" || fault.Is(err, fault.Unavailable)) {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				out.Refused = append(out.Refused, Refusal{ID: id, Code: key})
			} else {
				out.Changed++
			}
			return nil
		})
	}
	err := group.Wait()
	slices.SortFunc(out.Refused, func(x, y Refusal) int { return slices.Index(ids, x.ID) - slices.Index(ids, y.ID) })
	return out, err
}
