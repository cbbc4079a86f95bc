package exam

import (
	"cmp"
	"context"
	"slices"

	"qiming/internal/store"
	"qiming/policies"
)

// Automatic pages through the answers to a question that the product marked by itself: on each page those it was
// least sure of come first.
func (s *Marking) Automatic(ctx context.Context, actor policies.Actor, quizID, questionID string, limit int, after string) (store.Page[QueueAnswer], error) {
	out := store.Page[QueueAnswer]{Items: []QueueAnswer{}}
	if _, err := s.seen(ctx, actor, quizID); err != nil {
		return out, err
	}
	key, listing := s.keys.Key("marking"), "auto\x00"+quizID+"\x00"+questionID
	after, err := openCursor(key, listing, after)
	if err != nil {
		return out, err
	}
	page, err := s.attempts.Page(ctx, store.Query[Attempt]{Index: "auto", Eq: map[string]any{"quiz_id": quizID, "auto": questionID}, Limit: limit, After: after})
	if err != nil {
		return out, err
	}
	out.Next = sealCursor(key, listing, page.Next)
	for i := range page.Items {
		if isOwn(actor, page.Items[i].MemberID) {
			continue
		}
		one, err := s.automatic(ctx, &page.Items[i], questionID)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, one...)
	}
	slices.SortFunc(out.Items, func(a, b QueueAnswer) int {
		return cmp.Or(cmp.Compare(a.Suggested.Confidence, b.Suggested.Confidence), cmp.Compare(a.AttemptKey, b.AttemptKey))
	})
	return out, nil
}

// automatic gives an attempt's answers to a question that the product marked, with why.
func (s *Marking) automatic(ctx context.Context, a *Attempt, questionID string) ([]QueueAnswer, error) {
	answers, err := s.answersOf(ctx, a, questionID, "", nil)
	if err != nil {
		return nil, err
	}
	f, err := s.factsOf(ctx, a)
	if err != nil {
		return nil, err
	}
	v := Replay(a.Steps, len(f.paper.Slots))
	var out []QueueAnswer
	for _, one := range answers {
		slot := f.paper.Slots[one.Slot-1]
		step := v.auto(one.Slot-1, slot)
		if step == nil || step.Found == nil || v.Marks[one.Slot-1] != nil {
			continue
		}
		versions, err := s.bank.GetVersions(ctx, []string{step.Version})
		if err != nil {
			return nil, err
		}
		why := step.Found.explained(versions[step.Version].Content.Points, *step.Fraction, slot.Points)
		one.Auto, one.Suggested, one.Mark = true, &why, why.Mark
		out = append(out, one)
	}
	return out, nil
}
