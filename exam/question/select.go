package question

import (
	"context"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// ExclusionPrefix begins a tag that items share which exclude each other in one paper: "互斥:党章总纲".
// It excludes along chains: with A and B sharing one such tag, and B and C another, a paper takes one of the three.
const ExclusionPrefix = "互斥:"

// Candidate is an item that a paper may take.
type Candidate struct {
	QuestionID string
	VersionID  string // the live version
	Kind       Kind
	Difficulty int
	Exclusions []string // tags beginning with ExclusionPrefix: at most one item of each in a paper
	UsedBy     []string // the quizzes that may draw it
	Expired    bool     // what it asks no longer holds: not for a new paper
}

// Select gives the items that a rule may draw for a quiz of the organisation node at the end of
// orgPath: live items of the node's own bank, of the banks of its subtree and of the banks above it.
// The order is by id, so that a draw of a frozen list is a pure function of its seed.
func (b *Bank) Select(ctx context.Context, rule Rule, orgPath []string) ([]Candidate, error) {
	var out []Candidate
	err := b.qualify(ctx, rule, orgPath, true, func(e *entry) { out = append(out, candidate(e)) })
	return out, err
}

// LeftOut says how many items a rule would draw besides, had they not expired.
func (b *Bank) LeftOut(ctx context.Context, rule Rule, orgPath []string) (int, error) {
	n := 0
	err := b.sift(ctx, rule, orgPath, false, true, func(*entry) { n++ })
	return n, err
}

// Count says how many items Select would give besides those excepted, from the catalogue (at most half a second old).
func (b *Bank) Count(ctx context.Context, rule Rule, orgPath []string, except ...string) (int, error) {
	n := 0
	err := b.qualify(ctx, rule, orgPath, false, func(e *entry) {
		if !slices.Contains(except, e.id) {
			n++
		}
	})
	return n, err
}

// Candidates gives the items of a list that a quiz at the end of orgPath may take as they are, those that have
// expired marked so; the others are absent.
func (b *Bank) Candidates(ctx context.Context, questionIDs, orgPath []string) (map[string]Candidate, error) {
	if err := b.catalogue.mirror.Refresh(ctx, true); err != nil {
		return nil, err
	}
	b.catalogue.mu.RLock()
	defer b.catalogue.mu.RUnlock()
	out := make(map[string]Candidate, len(questionIDs))
	for _, id := range questionIDs {
		if e := b.catalogue.byID[id]; e != nil && e.drawable() && within(e, orgPath) {
			one := candidate(e)
			one.Expired = e.expired(b.today())
			out[id] = one
		}
	}
	return out, nil
}

// UsedBy gives the quizzes that may draw any of the questions, each once, in the order of their ids.
func (b *Bank) UsedBy(ctx context.Context, questionIDs []string) ([]string, error) {
	if err := b.catalogue.mirror.Refresh(ctx, false); err != nil {
		return nil, err
	}
	b.catalogue.mu.RLock()
	defer b.catalogue.mu.RUnlock()
	seen := map[string]bool{}
	for _, id := range questionIDs {
		if e := b.catalogue.byID[id]; e != nil {
			for _, quiz := range e.usedBy {
				seen[quiz] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen)), nil
}

// qualify calls fn for every item that a rule takes and that has not expired.
func (b *Bank) qualify(ctx context.Context, rule Rule, orgPath []string, now bool, fn func(*entry)) error {
	return b.sift(ctx, rule, orgPath, now, false, fn)
}

// sift calls fn for the items that a rule takes: those that have expired, or those that have not.
func (b *Bank) sift(ctx context.Context, rule Rule, orgPath []string, now, expired bool, fn func(*entry)) error {
	today := b.today()
	var subtree map[string]bool
	for _, id := range rule.CategoryIDs {
		part, err := b.tree.subtree(ctx, id)
		if err != nil {
			return err
		}
		if subtree == nil {
			subtree = map[string]bool{}
		}
		for id := range part {
			subtree[id] = true
		}
	}
	all, anyOf := tagKeys(rule.TagsAll), tagKeys(rule.TagsAny)
	return b.catalogue.each(ctx, now, func(e *entry) {
		switch {
		case !e.drawable(), e.expired(today) != expired, !within(e, orgPath),
			subtree != nil && !subtree[e.categoryID],
			len(rule.Kinds) > 0 && !slices.Contains(rule.Kinds, e.kind),
			!inRange(e.difficulty, rule.MinDifficulty, rule.MaxDifficulty),
			!hasAll(e.tagKeys, all),
			!hasAny(e.tagKeys, anyOf):
			return
		}
		fn(e)
	})
}

// within says whether a quiz at the end of orgPath may draw from the entry's bank.
func within(e *entry, orgPath []string) bool {
	if len(orgPath) == 0 {
		return false
	}
	return slices.Contains(orgPath, e.orgID) || slices.Contains(e.orgPath, orgPath[len(orgPath)-1])
}

func candidate(e *entry) Candidate {
	c := Candidate{QuestionID: e.id, VersionID: VersionID(e.id, e.live), Kind: e.kind, Difficulty: e.difficulty, UsedBy: e.usedBy}
	for i, tag := range e.tags {
		if strings.HasPrefix(tag, ExclusionPrefix) {
			c.Exclusions = append(c.Exclusions, e.tagKeys[i])
		}
	}
	return c
}

// MarkUsed notes that a quiz may draw the questions: from now on they cannot be deleted. Call it before
// the quiz is published; it is idempotent. A question that has gone meanwhile is fault.Conflict,
// "question.gone", with Params["id"].
func (b *Bank) MarkUsed(ctx context.Context, quizID string, questionIDs []string) error {
	known, err := b.questions.GetMany(ctx, questionIDs)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for _, id := range questionIDs {
		if q, ok := known[id]; ok && !q.Gone && slices.Contains(q.UsedBy, quizID) {
			continue
		}
		group.Go(func() error {
			q, err := b.questions.Update(ctx, id, func(q *Question) error {
				if q.Gone {
					return errNoQuestion(id)
				}
				if slices.Contains(q.UsedBy, quizID) {
					return store.ErrUnchanged
				}
				q.UsedBy = append(q.UsedBy, quizID)
				q.Uses = len(q.UsedBy)
				return nil
			})
			if fault.Is(err, fault.NotFound) {
				return fault.New(fault.Conflict, "question.gone", "question %s was deleted", id).With("id", id)
			}
			if err == nil {
				b.catalogue.mirror.Wrote(q)
			}
			return err
		})
	}
	return group.Wait()
}
