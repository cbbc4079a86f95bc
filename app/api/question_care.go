package api

import (
	"context"

	"qiming/exam"
	"qiming/exam/question"
	"qiming/policies"
)

type ofBank struct {
	Org string `query:"org" maxLength:"64" doc:"The bank of this organisation only"`
}

func (a *API) questionTags(ctx context.Context, actor policies.Actor, in *ofBank) (*Listed[question.TagCount], error) {
	tags, err := a.Bank.Tags(ctx, actor, in.Org)
	if err != nil {
		return nil, err
	}
	return list(tags), nil
}

func (a *API) questionValidity(ctx context.Context, actor policies.Actor, in *ofBank) (*Answer[question.Validity], error) {
	v, err := a.Bank.Validity(ctx, actor, in.Org)
	if err != nil {
		return nil, err
	}
	return answer(v), nil
}

// questionUsage names the quizzes that the actor may read, and counts where it may see statistics.
func (a *API) questionUsage(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.Usage], error) {
	q, err := a.Bank.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	statistics := a.Policies.Scope(actor, policies.StatisticsRead)
	sight := a.sight(actor)
	actor.Scope = a.Policies.Scope(actor, policies.QuizRead)
	usage, err := a.Exams.Results.Usage(ctx, actor, statistics, sight, q)
	if err != nil {
		return nil, err
	}
	return answer(usage), nil
}
