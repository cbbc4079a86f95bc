package exam

import (
	"context"
	"maps"
	"slices"
	"time"

	"qiming/internal/store"
)

// news tells a member on the home page what changed results that were out, which appeals were decided and which
// certificates were revoked by decision, within 14 days. It is derived from the attempts, appeals and certificates
// themselves.
func (s *Attempts) news(ctx context.Context, memberID string, now time.Time) ([]Due, error) {
	if memberID == "" {
		return nil, nil
	}
	since := now.Add(-recent)
	var list []Due
	last := map[string]Certificate{} // by quiz
	for c, err := range s.awarded.Find(ctx, store.Query[Certificate]{Index: "member", Eq: map[string]any{"member_id": memberID}}) {
		if err != nil {
			return nil, err
		}
		if c.Number > last[c.QuizID].Number {
			last[c.QuizID] = c
		}
	}
	for _, id := range slices.Sorted(maps.Keys(last)) {
		c := last[id]
		if c.RevokedAt != nil && c.Why == ByHand && !c.RevokedAt.Before(since) {
			list = append(list, Due{Kind: "certificate_revoked", Title: c.QuizTitle, At: c.RevokedAt, QuizID: c.QuizID, Detail: map[string]any{"certificate": c.ID, "name": c.Title}})
		}
	}
	for a, err := range s.attempts.Find(ctx, store.Query[Attempt]{Index: "member", Eq: map[string]any{"member_id": memberID}, Match: func(a *Attempt) bool { return a.ReleasedAt != nil }}) {
		if err != nil {
			return nil, err
		}
		due, err := s.changed(ctx, &a, last[a.QuizID], since, now)
		if err != nil {
			return nil, err
		}
		if due != nil {
			list = append(list, *due)
		}
	}
	for _, state := range []AppealState{AppealUpheld, AppealRejected} {
		for p, err := range s.appeals.Find(ctx, store.Query[Appeal]{Index: "member", Eq: map[string]any{"member_id": memberID, "state": string(state)}}) {
			if err != nil {
				return nil, err
			}
			if p.DecidedAt == nil || p.DecidedAt.Before(since) {
				continue
			}
			quiz, err := s.quiz(ctx, p.QuizID)
			if err != nil {
				return nil, err
			}
			list = append(list, Due{Kind: "appeal_decided", Title: quiz.quiz.Title, At: p.DecidedAt, QuizID: p.QuizID, AttemptID: p.AttemptID,
				Detail: map[string]any{"slot": p.Slot, "upheld": state == AppealUpheld}})
		}
	}
	return list, nil
}

// changed gives what changed of a result since a moment, with what it made of the certificate; nil where nothing did or
// its taker does not see the total.
func (s *Attempts) changed(ctx context.Context, a *Attempt, held Certificate, since, now time.Time) (*Due, error) {
	if !a.mayHaveChanged(since) {
		return nil, nil
	}
	f, err := s.factsOf(ctx, a)
	if err != nil {
		return nil, err
	}
	sit, allowance, err := s.sitting(ctx, f, now, true)
	if err != nil {
		return nil, err
	}
	state, err := s.quiz(ctx, a.QuizID)
	if err != nil {
		return nil, err
	}
	settings := f.blueprint.version.Settings
	if _, shows := settings.Review.Shown(a, settings.ManualRelease, closedTo(state.quiz, allowance, now), now); !shows.Total {
		return nil, nil
	}
	if err := s.loadKeys(ctx, sit, versionsOf(a.Steps)); err != nil {
		return nil, err
	}
	changes, err := a.changes(sit)
	if err != nil {
		return nil, err
	}
	changes = slices.DeleteFunc(changes, func(c ResultChange) bool { return c.Appeal || c.At.Before(since) }) // an appeal tells of itself
	if len(changes) == 0 {
		return nil, nil
	}
	first, last := changes[0], changes[len(changes)-1]
	return &Due{Kind: "result_changed", Title: f.blueprint.version.Title, At: &last.At, QuizID: a.QuizID, AttemptID: a.ID,
		Detail: map[string]any{"from": first.From.Percent, "to": last.To.Percent, "score_from": first.From.Score, "score_to": last.To.Score, "passed": last.To.Passed,
			"passed_from": first.From.Passed, "certificate": held.fate(first.At)}}, nil
}

// fate says what a change of the result has made of the member's last certificate: issued, corrected, revoked; "" where
// it left it as it was, or is not done yet.
func (c Certificate) fate(changed time.Time) string {
	switch {
	case c.Why == NotPassed && !c.RevokedAt.Before(changed):
		return "revoked"
	case c.Number == 0, c.RevokedAt != nil, c.CreatedAt.Before(changed):
		return ""
	case c.Replaces != "":
		return "corrected"
	}
	return "issued"
}
