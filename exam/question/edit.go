package question

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// EditState is the life of a bulk edit: running -> done -> undoing -> undone.
type EditState string

// The states.
const (
	EditRunning EditState = "running"
	EditDone    EditState = "done"
	EditUndoing EditState = "undoing"
	EditUndone  EditState = "undone"
)

// EditBatch is a bulk edit: one change to many questions, applied to each by itself, that can be taken back.
// How each question was stands in its step.
type EditBatch struct {
	store.Meta `bson:",inline"`
	AccountID  string    `bson:"account_id" json:"-"`
	Author     string    `bson:"author" json:"author"`
	Scope      []string  `bson:"scope" json:"-"` // that the author reached then; a crash is finished with it
	Change     Change    `bson:"change" json:"change"`
	Note       string    `bson:"note,omitempty" json:"note,omitempty"`
	IDs        []string  `bson:"ids" json:"-"`
	AsOf       time.Time `bson:"as_of" json:"-"`
	State      EditState `bson:"state" json:"state" enum:"running,done,undoing,undone"`
	All        int       `bson:"all" json:"all"`
	Seen       int       `bson:"seen" json:"seen" doc:"How many of all are seen to, in the direction that the state names"`
	Changed    int       `bson:"changed" json:"changed"`
	Refused    []Refusal `bson:"refused" json:"refused" doc:"Left as they were: up to a thousand, with the reason"`
	RefusedN   int       `bson:"refused_n" json:"refused_count"`
	Restored   int       `bson:"restored" json:"restored" doc:"After an undo: are as they were"`
	Kept       []Refusal `bson:"kept" json:"kept" doc:"After an undo: changed since, so left alone"`
}

// editStep is what a bulk edit did to one question; its id is BATCH:QUESTION.
type editStep struct {
	store.Meta `bson:",inline"`
	BatchID    string `bson:"batch_id"`
	QuestionID string `bson:"question_id"`
	Before     state  `bson:"before"`
	After      state  `bson:"after"`
	Live       int    `bson:"live"` // of the question then
	Done       bool   `bson:"done"` // After holds
	Undone     bool   `bson:"undone,omitempty"`
}

// editLife is how long a bulk edit can be looked at and taken back.
const editLife = 30 * 24 * time.Hour

// progressEvery is after how many questions the progress is written down, and how often at most.
const progressEvery = 50

// Edit applies a change to many questions as the batch of an id that the caller chose: the same id again goes
// on with what was begun, or gives what was done. Each question is changed by itself; what is refused, or was changed
// by somebody after it was looked at, does not stop the rest. Changed contents are new versions, as in Save.
func (b *Bank) Edit(ctx context.Context, actor policies.Actor, id string, p Picked, change Change, note string) (EditBatch, error) {
	if batch, err := b.EditBatch(ctx, actor, id); err == nil || !fault.Is(err, fault.NotFound) {
		if err != nil || batch.State != EditRunning {
			return batch, err
		}
		return b.runEdit(ctx, actor, batch)
	}
	if err := change.check(); err != nil {
		return EditBatch{}, err
	}
	note = tidy(note)
	var bad problems
	if bad.length("note", note, maxNote); len(bad) > 0 {
		return EditBatch{}, fault.Bad("question.invalid", bad)
	}
	ids, err := b.picked(ctx, actor, p)
	if err != nil {
		return EditBatch{}, err
	}
	batch := EditBatch{Meta: store.Meta{ID: id}, AccountID: actor.AccountID, Author: actor.Name, Scope: actor.Scope, Change: change, Note: note,
		IDs: ids, AsOf: p.AsOf, State: EditRunning, All: len(ids), Refused: []Refusal{}, Kept: []Refusal{}}
	act := Act{Action: "question.edit", Object: "edit:" + id, Name: note, Detail: map[string]string{"questions": strconv.Itoa(len(ids))}}
	err = b.trail.Act(ctx, actor, act, func() error { return b.edits.Insert(ctx, &batch) })
	if err != nil {
		return EditBatch{}, err
	}
	return b.runEdit(ctx, actor, batch)
}

// EditBatch gives a bulk edit of the actor's own.
func (b *Bank) EditBatch(ctx context.Context, actor policies.Actor, id string) (EditBatch, error) {
	batch, err := b.edits.Get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && batch.AccountID != actor.AccountID {
		return EditBatch{}, fault.New(fault.NotFound, "edit.not_found", "no bulk edit %s", id)
	}
	return batch, err
}

// sweep does one thing to every question of a batch and writes the progress down. do says whether it did
// something; faults are gathered, with the beginnings of the stems.
func (b *Bank) sweep(ctx context.Context, batch EditBatch, do func(ctx context.Context, id string) (bool, error)) (changed int, refused []Refusal, err error) {
	var mu sync.Mutex
	seen := 0
	group, working := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for _, id := range batch.IDs {
		group.Go(func() error {
			did, err := do(working, id)
			key := fault.KeyOf(err)
			if err != nil && (key == "" || fault.Is(err, fault.Unavailable)) {
				return err
			}
			mu.Lock()
			if did {
				changed++
			}
			if err != nil {
				refused = append(refused, Refusal{ID: id, Code: key})
			}
			seen++
			n := seen
			mu.Unlock()
			if n%max(progressEvery, batch.All/progressEvery) != 0 {
				return nil
			}
			_, err = b.edits.Update(working, batch.ID, func(e *EditBatch) error { e.Seen = max(e.Seen, n); return nil })
			return err
		})
	}
	err = group.Wait()
	place := make(map[string]int, len(batch.IDs))
	for i, id := range batch.IDs {
		place[id] = i
	}
	slices.SortFunc(refused, func(x, y Refusal) int { return place[x.ID] - place[y.ID] })
	if err == nil {
		err = b.named(ctx, refused)
	}
	return changed, refused, err
}

func (b *Bank) runEdit(ctx context.Context, actor policies.Actor, batch EditBatch) (EditBatch, error) {
	changed, refused, err := b.sweep(ctx, batch, func(ctx context.Context, id string) (bool, error) { return b.editOne(ctx, actor, batch, id) })
	if err != nil {
		return batch, err
	}
	return b.edits.Update(ctx, batch.ID, func(e *EditBatch) error {
		if e.State != EditRunning {
			return store.ErrUnchanged
		}
		e.State, e.Seen, e.Changed, e.RefusedN = EditDone, e.All, changed, len(refused)
		e.Refused = append([]Refusal{}, refused[:min(len(refused), maxLines)]...)
		return nil
	})
}

// named adds the stems to what was refused.
func (b *Bank) named(ctx context.Context, refused []Refusal) error {
	ids := make([]string, len(refused))
	for i, r := range refused {
		ids[i] = r.ID
	}
	heads, err := b.questions.GetMany(ctx, ids[:min(len(ids), maxLines)])
	if err != nil {
		return err
	}
	for i, r := range refused {
		stem := []rune(heads[r.ID].Content.Stem)
		refused[i].Stem = string(stem[:min(len(stem), nameLength)])
	}
	return nil
}

// editOne changes one question: how it was is written before, how it became after, so that a crash in between is
// told from a question that was not reached.
func (b *Bank) editOne(ctx context.Context, actor policies.Actor, batch EditBatch, id string) (bool, error) {
	old, err := b.editable(ctx, actor, id)
	if err != nil {
		return false, err
	}
	step := editStep{Meta: store.Meta{ID: batch.ID + ":" + id}, BatchID: batch.ID, QuestionID: id, Before: stateOf(old), Live: old.Live}
	if begun, err := b.editSteps.Get(ctx, step.ID); err == nil {
		if begun.Done {
			return true, nil
		}
		if over, err := b.editedBefore(ctx, actor, begun, old, batch.Change); err != nil || over {
			return over, err
		}
		step = begun
	} else if !fault.Is(err, fault.NotFound) {
		return false, err
	}
	if !batch.AsOf.IsZero() && old.UpdatedAt.After(batch.AsOf) {
		return false, fault.New(fault.Conflict, "question.changed_meanwhile", "question %s was changed after the preview", id)
	}
	next, changed, err := b.edited(ctx, actor, old, batch.Change)
	if err != nil || !changed {
		return false, err
	}
	if err := b.editSteps.Insert(ctx, &step); err != nil && !fault.Is(err, fault.Exists) {
		return false, err
	}
	number := old.Number
	if next.Number != old.Number {
		d := Edit{Content: next.Content, Note: batch.Note}
		if number, err = b.addVersion(ctx, actor, old, d); err != nil {
			return false, err
		}
	}
	saved, err := b.questions.Update(ctx, id, func(q *Question) error {
		if q.Rev != old.Rev || q.Gone {
			return errStale(id)
		}
		meta := q.Meta
		*q = next
		q.Meta, q.Number = meta, number
		return nil
	})
	if err != nil {
		return false, err
	}
	b.catalogue.mirror.Wrote(saved)
	return true, b.stepDone(ctx, step.ID, saved)
}

func (b *Bank) stepDone(ctx context.Context, id string, q Question) error {
	_, err := b.editSteps.Update(ctx, id, func(s *editStep) error {
		s.After, s.Done = stateOf(q), true
		return nil
	})
	return err
}

// editedBefore says whether a step that a crash cut off had reached the question: the question is then what the
// change makes of how it was.
func (b *Bank) editedBefore(ctx context.Context, actor policies.Actor, step editStep, now Question, change Change) (bool, error) {
	if stateOf(now).equal(step.Before) {
		return false, nil
	}
	versions, err := b.GetVersions(ctx, []string{VersionID(now.ID, step.Before.Number)})
	if err != nil {
		return false, err
	}
	was := now
	was.restore(step.Before, versions[VersionID(now.ID, step.Before.Number)].Content)
	want, _, err := b.edited(ctx, actor, was, change)
	if err != nil {
		return false, err
	}
	want.Number = now.Number
	if !stateOf(want).equal(stateOf(now)) || !sameContent(want.Content, now.Content) {
		return false, errStale(now.ID)
	}
	return true, b.stepDone(ctx, step.ID, now)
}

// restore puts a state back; content is that of its version.
func (q *Question) restore(s state, content Content) {
	q.CategoryID, q.Tags, q.Points, q.ValidUntil, q.Basis, q.ToCheck = s.CategoryID, s.Tags, s.Points, s.ValidUntil, s.Basis, s.ToCheck
	q.Number, q.Status, q.EditorID, q.ReviewerID, q.Note = s.Number, s.Status, s.EditorID, s.ReviewerID, s.Note
	q.Content, q.StemKey = content, StemKey(content)
}

// UndoEdit gives every question of a bulk edit back what it had, unless it was changed since: those are named
// ("question.changed_since"). A version that the edit made leaves the history with it. Undoing again changes nothing.
func (b *Bank) UndoEdit(ctx context.Context, actor policies.Actor, id string) (EditBatch, error) {
	batch, err := b.EditBatch(ctx, actor, id)
	if err != nil || batch.State == EditUndone {
		return batch, err
	}
	if batch.State == EditRunning {
		return batch, fault.New(fault.Conflict, "edit.running", "bulk edit %s is not done yet", id)
	}
	act := Act{Action: "question.undo_edit", Object: "edit:" + id, Name: batch.Note, Detail: map[string]string{"questions": strconv.Itoa(batch.Changed)}}
	err = b.trail.Act(ctx, actor, act, func() error {
		batch, err = b.edits.Update(ctx, id, func(e *EditBatch) error {
			if e.State == EditDone {
				e.State, e.Seen = EditUndoing, 0
			}
			return nil
		})
		return err
	})
	if err != nil {
		return batch, err
	}
	return b.runUndo(ctx, actor, batch)
}

func (b *Bank) runUndo(ctx context.Context, actor policies.Actor, batch EditBatch) (EditBatch, error) {
	restored, kept, err := b.sweep(ctx, batch, func(ctx context.Context, id string) (bool, error) { return b.undoOne(ctx, actor, batch.ID+":"+id) })
	if err != nil {
		return batch, err
	}
	return b.edits.Update(ctx, batch.ID, func(e *EditBatch) error {
		if e.State != EditUndoing {
			return store.ErrUnchanged
		}
		e.State, e.Seen, e.Restored = EditUndone, e.All, restored
		e.Kept = append([]Refusal{}, kept[:min(len(kept), maxLines)]...)
		return nil
	})
}

func (b *Bank) undoOne(ctx context.Context, actor policies.Actor, stepID string) (bool, error) {
	step, err := b.editSteps.Get(ctx, stepID)
	if fault.Is(err, fault.NotFound) || err == nil && !step.Done {
		return false, nil // was not changed
	}
	if err != nil || step.Undone {
		return step.Undone, err
	}
	old, err := b.editable(ctx, actor, step.QuestionID)
	if err != nil {
		return false, err
	}
	if !stateOf(old).equal(step.Before) { // a crash after the restoring
		path, err := b.categoryPath(ctx, old.OrgID, step.Before.CategoryID)
		if err != nil {
			return false, err
		}
		versions, err := b.GetVersions(ctx, []string{VersionID(old.ID, step.Before.Number)})
		if err != nil {
			return false, err
		}
		saved, err := b.questions.Update(ctx, old.ID, func(q *Question) error {
			if !stateOf(*q).equal(step.After) || q.Live != step.Live || q.Gone {
				return fault.New(fault.Conflict, "question.changed_since", "question %s was changed after the bulk edit", q.ID)
			}
			q.restore(step.Before, versions[VersionID(old.ID, step.Before.Number)].Content)
			q.CategoryID, q.CategoryPath = last(path), path
			return nil
		})
		if err != nil {
			return false, err
		}
		b.catalogue.mirror.Wrote(saved)
	}
	_, err = b.editSteps.Update(ctx, stepID, func(s *editStep) error { s.Undone = true; return nil })
	return true, err
}

// ResumeEdits finishes bulk edits that a crash cut off, and forgets those that are older than editLife; a job calls
// it.
func (b *Bank) ResumeEdits(ctx context.Context) error {
	var errs []error
	now := b.clock.Now()
	for _, at := range []EditState{EditRunning, EditUndoing, EditDone, EditUndone} {
		for batch, err := range b.edits.Find(ctx, store.Query[EditBatch]{Index: "state", Eq: map[string]any{"state": string(at)}}) {
			if err != nil {
				return err
			}
			actor := policies.Actor{AccountID: batch.AccountID, Name: batch.Author, Scope: batch.Scope}
			switch age := now.Sub(batch.UpdatedAt); {
			case (at == EditDone || at == EditUndone) && age > editLife:
				err = b.forgetEdit(ctx, batch)
			case at == EditRunning && age > time.Minute: // nobody is at it: progress is written down
				_, err = b.runEdit(ctx, actor, batch)
			case at == EditUndoing && age > time.Minute:
				_, err = b.runUndo(ctx, actor, batch)
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("bulk edit %s: %w", batch.ID, err))
			}
		}
	}
	return errors.Join(errs...)
}

func (b *Bank) forgetEdit(ctx context.Context, batch EditBatch) error {
	for step, err := range b.editSteps.Find(ctx, store.Query[editStep]{Index: "batch", Eq: map[string]any{"batch_id": batch.ID}}) {
		if err != nil {
			return err
		}
		if err := ignoreMissing(b.editSteps.Delete(ctx, step.ID)); err != nil {
			return err
		}
	}
	return ignoreMissing(b.edits.Delete(ctx, batch.ID))
}
