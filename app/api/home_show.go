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
			if q.Pending == 0 {
				continue
			}
			home.Due = append(home.Due, exam.Due{Kind: "marking", Title: q.Title, QuizID: q.ID, Detail: map[string]any{"pending": q.Pending}})
			home.Counts["marking"] += q.Pending
		}
	}
	return answer(home), nil
}
