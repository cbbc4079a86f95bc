package api

import (
	"context"

	"qiming/exam/question"
	"qiming/policies"
)

type categoryPlanInput struct {
	ByID
	To    string `query:"to" maxLength:"64" doc:"The category; empty = the top"`
	Merge bool   `query:"merge" doc:"Become one with it; else move below it"`
}

// CategoryPlan is what moving or merging a category would do.
type CategoryPlan struct {
	question.CategoryPlan
	Quizzes int `json:"quizzes" doc:"Quizzes, not archived, with rules that name it or one below it"`
}

func (a *API) categoryPlan(ctx context.Context, actor policies.Actor, in *categoryPlanInput) (*Answer[CategoryPlan], error) {
	plan, err := a.Bank.PlanCategory(ctx, actor, in.ID, in.To, in.Merge)
	if err != nil {
		return nil, err
	}
	quizzes, err := a.Exams.Quizzes.Naming(ctx, plan.IDs)
	if err != nil {
		return nil, err
	}
	return answer(CategoryPlan{CategoryPlan: plan, Quizzes: quizzes}), nil
}

type categoryMergeInput struct {
	ByID
	IfMatch
	Body struct {
		Into string `json:"into" minLength:"1" maxLength:"64" doc:"The category that takes over"`
	}
}

func (a *API) categoryMerge(ctx context.Context, actor policies.Actor, in *categoryMergeInput) (*Revised[question.Category], error) {
	rev, err := in.Rev()
	if err != nil {
		return nil, err
	}
	c, err := a.Bank.MergeCategory(ctx, actor, in.ID, rev, in.Body.Into)
	if err != nil {
		return nil, err
	}
	return revised(c.Rev, c), nil
}
