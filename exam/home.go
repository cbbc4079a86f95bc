package exam

import (
	"context"
	"slices"
	"time"

	"qiming/policies"
)

// Due is one thing that waits for a member on the home page.
type Due struct {
	Kind      string         `json:"kind"` // exam_resume, exam_open, exam_coming, result_changed, certificate_revoked, appeal_decided, result_released
	Title     string         `json:"title"`
	At        *time.Time     `json:"at,omitempty"` // when it ends (resume, open), begins (coming), or was released
	QuizID    string         `json:"quiz_id,omitempty"`
	AttemptID string         `json:"attempt_id,omitempty"`
	Detail    map[string]any `json:"detail"`
}

// recent is how long a released result stands on the home page.
const recent = 14 * 24 * time.Hour

// takeable says whether an attempt is due: none was taken, or another may begin now and the last was not passed.
func (c *Card) takeable() bool {
	return c.State == CardOpen && !c.waits && (c.AttemptsUsed == 0 || c.Last != nil && c.Last.Passed != nil && !*c.Last.Passed)
}

// Due gives what waits for the actor: attempts to go on with, exams to take (again, where the last
// attempt failed and one is left), those coming within 30 days, results that changed, appeals that were decided and results
// released within 14 days.
// Which results were looked at only the taker's device knows.
func (s *Attempts) Due(ctx context.Context, actor policies.Actor) ([]Due, error) {
	now := s.clock.Now()
	cards, err := s.Cards(ctx, actor)
	if err != nil {
		return nil, err
	}
	list := []Due{}
	for _, c := range cards {
		detail := map[string]any{"items": c.Items, "points": c.Points, "limit": c.Limit, "org_name": c.OrgName, "makeup": c.MakeupOf != ""}
		switch {
		case c.OpenAttemptID != "":
			list = append(list, Due{Kind: "exam_resume", Title: c.Title, At: c.OpenDeadline, QuizID: c.QuizID, AttemptID: c.OpenAttemptID, Detail: detail})
		case c.takeable():
			detail["again"] = c.AttemptsUsed > 0
			list = append(list, Due{Kind: "exam_open", Title: c.Title, At: c.Closes, QuizID: c.QuizID, Detail: detail})
		case c.State == CardComing && c.Opens.Sub(now) < 30*24*time.Hour:
			list = append(list, Due{Kind: "exam_coming", Title: c.Title, At: c.Opens, QuizID: c.QuizID, Detail: detail})
		}
		if last := c.Last; last != nil && last.Percent != nil && last.EndedAt != nil && now.Sub(*last.EndedAt) < recent {
			detail := map[string]any{"score": last.Score, "points": last.Points, "percent": *last.Percent, "passed": last.Passed}
			list = append(list, Due{Kind: "result_released", Title: c.Title, At: last.EndedAt, QuizID: c.QuizID, AttemptID: last.AttemptID, Detail: detail})
		}
	}
	news, err := s.news(ctx, actor.MemberID, now)
	if err != nil {
		return nil, err
	}
	for _, one := range news {
		list = slices.DeleteFunc(list, func(d Due) bool { // told once, by what is newer
			return one.Kind == "result_changed" && d.Kind == "result_released" && d.AttemptID == one.AttemptID
		})
	}
	list = append(list, news...)
	rank := map[string]int{"exam_resume": 0, "exam_open": 1, "result_changed": 2, "certificate_revoked": 3, "appeal_decided": 4, "exam_coming": 5, "result_released": 6}
	slices.SortStableFunc(list, func(a, b Due) int { return rank[a.Kind] - rank[b.Kind] })
	return list, nil
}
