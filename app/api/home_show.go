package api

import (
	"context"

	"qiming/exam"
	"qiming/policies"
)

// Home is what waits for whoever is signed in.
type Home struct {
	Due    []exam.Due     `json:"due"`
	Counts map[string]int `json:"counts" doc:"How many of each kind"`
}

func (a *API) homeShow(ctx context.Context, actor policies.Actor, _ *Nothing) (*Answer[Home], error) {
	due, err := a.Exams.Attempts.Due(ctx, actor)
	if err != nil {
		return nil, err
	}
	home := Home{Due: due, Counts: map[string]int{}}
	for _, d := range due {
		home.Counts[d.Kind]++
	}
	if a.Policies.Allowed(actor, policies.AttemptGrade) {
		actor.Scope = a.Policies.Scope(actor, policies.AttemptGrade)
		quizzes, err := a.Exams.Marking.Quizzes(ctx, actor)
		if err != nil {
			return nil, err
		}
		for _, q := range quizzes {
			if !q.Own || q.Pending == 0 {
				continue
			}
			home.Due = append(home.Due, exam.Due{Kind: "marking", Title: q.Title, QuizID: q.ID, Detail: map[string]any{"pending": q.Pending}})
			home.Counts["marking"] += q.Pending
		}
	}
	if err := a.homeOutcomes(ctx, actor, &home); err != nil {
		return nil, err
	}
	if a.Policies.Allowed(actor, policies.QuestionWrite) {
		actor.Scope = a.Policies.Scope(actor, policies.QuestionWrite)
		_, flags, err := a.Exams.Results.Flags(ctx, actor, exam.FlagFilter{Mine: true}, 1, "")
		if err != nil {
			return nil, err
		}
		if flags > 0 {
			home.Due = append(home.Due, exam.Due{Kind: "item_flags", Detail: map[string]any{"flags": flags}})
			home.Counts["item_flags"] = flags
		}
	}
	if err := a.homeKnowledge(ctx, actor, &home); err != nil {
		return nil, err
	}
	return answer(home), nil
}

// homeOutcomes adds the appeals and regrades that wait for the actor.
func (a *API) homeOutcomes(ctx context.Context, actor policies.Actor, home *Home) error {
	if a.Policies.Allowed(actor, policies.AppealDecide) {
		actor.Scope = a.Policies.Scope(actor, policies.AppealDecide)
		n, err := a.Exams.Appeals.Waiting(ctx, actor)
		if err != nil {
			return err
		}
		if n > 0 {
			home.Due = append(home.Due, exam.Due{Kind: "appeals", Detail: map[string]any{"pending": n}})
			home.Counts["appeals"] = n
		}
	}
	if a.Policies.Allowed(actor, policies.AttemptApprove) {
		actor.Scope = a.Policies.Scope(actor, policies.AttemptApprove)
		list, err := a.Exams.Regrades.Waiting(ctx, actor)
		if err != nil {
			return err
		}
		for _, r := range list {
			home.Due = append(home.Due, exam.Due{Kind: "regrade", Title: r.QuizTitle, QuizID: r.QuizID, Detail: map[string]any{"regrade": r.ID, "stem": r.Stem, "changed": r.Totals.Changed}})
			home.Counts["regrade"]++
		}
	}
	return nil
}
