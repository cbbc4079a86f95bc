package api

import (
	"context"
	"slices"

	"qiming/exam"
	"qiming/policies"
)

// StatisticsOf says which statistics are meant.
type StatisticsOf struct {
	ByID
	Org      string `query:"org" maxLength:"64" doc:"With its subtree"`
	Attempts string `query:"attempts" enum:"first,all,best,last" default:"first" doc:"Which of a member's attempts count for quiz and items"`
}

func (in *StatisticsOf) ask() exam.StatisticsAsk {
	return exam.StatisticsAsk{Org: in.Org, Which: exam.Which(in.Attempts)}
}

// sight is what an actor may see besides statistics.
func (a *API) sight(actor policies.Actor) exam.Sight {
	return exam.Sight{
		Bank: a.Policies.Scope(actor, policies.QuestionRead), Rows: a.Policies.Scope(actor, policies.ResultRead),
		Unreleased: slices.Concat(a.Policies.Scope(actor, policies.AttemptGrade), a.Policies.Scope(actor, policies.AttemptRelease)),
	}
}

func (a *API) statisticsShow(ctx context.Context, actor policies.Actor, in *StatisticsOf) (*Answer[exam.Statistics], error) {
	st, err := a.Exams.Results.Statistics(ctx, actor, in.ID, in.ask(), a.sight(actor))
	if err != nil {
		return nil, err
	}
	return answer(st), nil
}

func (a *API) masteryShow(ctx context.Context, actor policies.Actor, in *StatisticsOf) (*Answer[exam.Mastery], error) {
	m, err := a.Exams.Results.Mastery(ctx, actor, in.ID, in.ask(), a.sight(actor))
	if err != nil {
		return nil, err
	}
	return answer(m), nil
}

type masteryListInput struct {
	StatisticsOf
	Paging
}

// MasteryList is a page of members with the topics that their shares are parallel to.
type MasteryList struct {
	Topics []exam.MasteryTopic `json:"topics"`
	Items  []exam.MasteryRow   `json:"items"`
	Next   string              `json:"next,omitempty"`
}

func (a *API) masteryList(ctx context.Context, actor policies.Actor, in *masteryListInput) (*Answer[MasteryList], error) {
	page, topics, err := a.Exams.Results.MasteryRows(ctx, actor, in.ID, in.ask(), a.sight(actor), in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	return answer(MasteryList{Topics: topics, Items: page.Items, Next: page.Next}), nil
}
