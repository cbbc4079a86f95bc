package api

import (
	"context"

	"qiming/exam"
	"qiming/knowledge"
	"qiming/policies"
)

// homeKnowledge adds what waits in the knowledge base: for its reviewers, and what readers are told of.
func (a *API) homeKnowledge(ctx context.Context, actor policies.Actor, home *Home) error {
	add := func(kind string, n int) {
		if n > 0 {
			home.Due = append(home.Due, exam.Due{Kind: kind, Detail: map[string]any{"pending": n}})
			home.Counts[kind] = n
		}
	}
	if a.Policies.Allowed(actor, policies.ArticleReview) {
		actor.Scope = a.Policies.Scope(actor, policies.ArticleReview)
		articles, err := a.Knowledge.Desk(ctx, actor, knowledge.Filter{ReviewBy: actor.AccountID}, 1, "")
		if err != nil {
			return err
		}
		comments, err := a.Knowledge.CountComments(ctx, actor, knowledge.CommentFilter{State: knowledge.CommentWaiting})
		if err != nil {
			return err
		}
		reports, err := a.Knowledge.CountReports(ctx, actor, knowledge.ReportFilter{Open: true})
		if err != nil {
			return err
		}
		add("article_review", articles.Total)
		add("comment_review", comments)
		add("report_review", reports)
	}
	refused, err := a.Knowledge.RefusedComments(ctx, actor)
	if err != nil {
		return err
	}
	for _, c := range refused {
		home.Due = append(home.Due, exam.Due{Kind: "comment_refused", Title: c.Title, At: &c.Decision.At, Detail: map[string]any{"article": c.ArticleID, "reason": c.Decision.Reason}})
		home.Counts["comment_refused"]++
	}
	reminded, err := a.Knowledge.RemindedOf(ctx, actor)
	if err != nil {
		return err
	}
	for _, r := range reminded {
		home.Due = append(home.Due, exam.Due{Kind: "article_confirm", Title: r.Title, At: &r.At, Detail: map[string]any{"article": r.ID}})
		home.Counts["article_confirm"]++
	}
	answers, err := a.Knowledge.ReportAnswers(ctx, actor)
	if err != nil {
		return err
	}
	for _, r := range answers {
		home.Due = append(home.Due, exam.Due{Kind: "report_handled", Title: r.Title, At: r.HandledAt, Detail: map[string]any{"article": r.ArticleID, "outcome": r.Outcome, "note": r.Note}})
		home.Counts["report_handled"]++
	}
	return nil
}
