package question

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// NewQuestion is one question of a batch.
type NewQuestion struct {
	CategoryID string
	Tags       []string
	Content    Content
	Origin     string // "file.xlsx:12"
	ExternalID string
	Points     float64 // suggested; 0 = none
	ValidUntil string  // 2026-12-31; "" = for good
	Basis      string
	Passages   []Passage
}

// Batch is where the questions of an import go. Their ids are "ID-NUMBER", the number being the place
// in the batch, so that a batch that is inserted again changes nothing.
type Batch struct {
	ID     string // ident.New()
	OrgID  string
	Status Status // of the questions: Draft ("" too), InReview or Published
	// Progress is told how many are done so far, from several goroutines; nil = nobody wants to know.
	Progress func(done int)
}

// BatchOutcome counts what a batch did.
type BatchOutcome struct {
	Inserted int // new in this run
	Existed  int // there already from an earlier run of the batch
}

// BatchItemID names the n-th question (from 0) of a batch.
func BatchItemID(batchID string, n int) string { return fmt.Sprintf("%s-%05d", batchID, n) }

// InsertBatch writes many questions at once. It refuses the whole batch where one is not valid
// (fault.Invalid, "question.invalid", fields "items[3].options") and writes nothing then; it is
// idempotent and finishes what an earlier run left. Publishing at once needs a bank whose settings let
// authors publish their own items.
func (b *Bank) InsertBatch(ctx context.Context, actor policies.Actor, batch Batch, items []NewQuestion) (BatchOutcome, error) {
	orgPath, err := b.owned(ctx, actor, batch.OrgID)
	if err != nil {
		return BatchOutcome{}, err
	}
	if batch.Status == "" {
		batch.Status = Draft
	}
	if !slices.Contains([]Status{Draft, InReview, Published}, batch.Status) || batch.ID == "" {
		return BatchOutcome{}, fault.Bad("question.invalid", []fault.Field{{Path: "status", Key: "unknown"}})
	}
	if batch.Status == Published {
		settings, err := b.settingsOf(ctx, batch.OrgID)
		if err == nil {
			err = mayPublish(actor.AccountID, actor.AccountID, settings)
		}
		if err != nil {
			return BatchOutcome{}, err
		}
	}
	questions, err := b.prepareBatch(ctx, actor, batch, orgPath, items)
	if err != nil {
		return BatchOutcome{}, err
	}
	var inserted, done atomic.Int64
	act := Act{Action: "question.import", Object: "batch:" + batch.ID, Detail: map[string]string{"questions": strconv.Itoa(len(items))}}
	err = b.trail.Act(ctx, actor, act, func() error {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(workers)
		for i := range questions {
			group.Go(func() error {
				fresh, err := b.insertOne(ctx, &questions[i])
				if err != nil {
					return err
				}
				if fresh {
					inserted.Add(1)
					b.catalogue.mirror.Wrote(questions[i])
				}
				if n := done.Add(1); batch.Progress != nil {
					batch.Progress(int(n))
				}
				return nil
			})
		}
		return group.Wait()
	})
	out := BatchOutcome{Inserted: int(inserted.Load())}
	if err == nil {
		out.Existed = len(items) - out.Inserted
	}
	return out, err
}

func (b *Bank) prepareBatch(ctx context.Context, actor policies.Actor, batch Batch, orgPath []string, items []NewQuestion) ([]Question, error) {
	var p problems
	paths := map[string][]string{}
	out := make([]Question, len(items))
	for i, item := range items {
		d := Edit{CategoryID: item.CategoryID, Tags: item.Tags, Content: item.Content, ValidUntil: item.ValidUntil, Basis: item.Basis, Passages: item.Passages}
		if err := d.check(); err != nil {
			p.nest(at("items", i, ""), err)
			continue
		}
		path, ok := paths[item.CategoryID]
		if !ok {
			var err error
			if path, err = b.categoryPath(ctx, batch.OrgID, item.CategoryID); err != nil {
				if !fault.Is(err, fault.Invalid) {
					return nil, err
				}
				p.nest(at("items", i, ""), err)
				continue
			}
			paths[item.CategoryID] = path
		}
		out[i] = Question{Meta: store.Meta{ID: BatchItemID(batch.ID, i)}, OrgID: batch.OrgID, OrgPath: orgPath,
			CategoryID: last(path), CategoryPath: path, Tags: d.Tags, Status: batch.Status, Number: 1, Content: d.Content,
			StemKey: StemKey(d.Content), AuthorID: actor.AccountID, EditorID: actor.AccountID, BatchID: batch.ID, Origin: item.Origin,
			ExternalID: item.ExternalID, Points: item.Points, ValidUntil: d.ValidUntil, Basis: d.Basis, Passages: d.Passages}
		if batch.Status == Published {
			out[i].Live, out[i].ReviewerID = 1, actor.AccountID
		}
	}
	return out, fault.Bad("question.invalid", p)
}

// nest takes the fields of an error in, below a path.
func (p *problems) nest(path string, err error) {
	if f, ok := err.(*fault.Fault); ok {
		for _, field := range f.Fields {
			field.Path = path + "." + field.Path
			*p = append(*p, field)
		}
	}
}

// insertOne writes version and head; fresh is false where an earlier run had written the head.
func (b *Bank) insertOne(ctx context.Context, q *Question) (fresh bool, err error) {
	v := firstVersion(*q, "")
	if err := b.insertVersion(ctx, &v); err != nil && !fault.Is(err, fault.Exists) {
		return false, err
	}
	err = b.questions.Insert(ctx, q)
	if fault.Is(err, fault.Exists) {
		return false, nil
	}
	return err == nil, err
}

// UndoOutcome is what undoing a batch did.
type UndoOutcome struct {
	Removed int       `json:"removed"`
	Kept    []Refusal `json:"kept"` // "question.touched" or "question.in_use"
}

// UndoBatch removes the questions of a batch that nobody changed and no quiz uses, and names the rest.
// It is idempotent. progress is told how many were looked at, from several goroutines; nil = nobody wants to know.
func (b *Bank) UndoBatch(ctx context.Context, actor policies.Actor, batchID string, progress func(done, all int)) (UndoOutcome, error) {
	out := UndoOutcome{Kept: []Refusal{}}
	if batchID == "" {
		return out, fault.New(fault.NotFound, "batch.not_found", "a batch has an id")
	}
	var ids []string
	for q, err := range b.questions.Find(ctx, store.Query[Question]{Index: "batch", Eq: map[string]any{"batch_id": batchID}}) {
		if err != nil {
			return out, err
		}
		if actor.Scope.Covers(q.OrgPath) {
			ids = append(ids, q.ID)
		}
	}
	kept := make([]string, len(ids))
	var done atomic.Int64
	act := Act{Action: "question.undo_import", Object: "batch:" + batchID, Detail: map[string]string{"questions": strconv.Itoa(len(ids))}}
	err := b.trail.Act(ctx, actor, act, func() error {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(workers)
		for i, id := range ids {
			group.Go(func() error {
				err := b.removeWhere(ctx, id, untouched)
				if n := done.Add(1); progress != nil {
					progress(int(n), len(ids))
				}
				if fault.Is(err, fault.Conflict) {
					kept[i] = fault.KeyOf(err)
					return nil
				}
				return ignoreMissing(err)
			})
		}
		return group.Wait()
	})
	if err != nil {
		return out, err
	}
	for i, id := range ids {
		if kept[i] != "" {
			out.Kept = append(out.Kept, Refusal{ID: id, Code: kept[i]})
		}
	}
	out.Removed = len(ids) - len(out.Kept)
	return out, nil
}

func untouched(q Question) error {
	if q.Uses > 0 {
		return fault.New(fault.Conflict, "question.in_use", "question %s is used by %d quizzes", q.ID, q.Uses)
	}
	if q.Number > 1 {
		return fault.New(fault.Conflict, "question.touched", "question %s was changed after the import", q.ID)
	}
	return nil
}

// FindByStemKeys gives the questions with any of the stem keys that a bank at the end of orgPath has
// or sees above it, by stem key, oldest first: the near-exact duplicates of an import.
func (b *Bank) FindByStemKeys(ctx context.Context, orgPath, keys []string) (map[string][]Question, error) {
	if err := b.catalogue.mirror.Refresh(ctx, true); err != nil {
		return nil, err
	}
	var ids []string
	b.catalogue.mu.RLock()
	for _, key := range keys {
		for _, id := range b.catalogue.stems[key] {
			if slices.Contains(orgPath, b.catalogue.byID[id].orgID) {
				ids = append(ids, id)
			}
		}
	}
	b.catalogue.mu.RUnlock()
	slices.Sort(ids)
	ids = slices.Compact(ids)
	out := map[string][]Question{}
	for part := range slices.Chunk(ids, exportBatch) {
		docs, err := b.questions.GetMany(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, id := range part {
			if q, ok := docs[id]; ok && !q.Gone {
				out[q.StemKey] = append(out[q.StemKey], q)
			}
		}
	}
	return out, nil
}
