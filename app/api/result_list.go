package api

import (
	"context"

	"qiming/exam"
	"qiming/policies"
)

type resultListInput struct {
	ByID
	Paging
	ResultFilter
}

// ResultFilter narrows the rows of a quiz.
type ResultFilter struct {
	Org   string `query:"org" maxLength:"64"`
	State string `query:"state" maxLength:"20" doc:"not_yet, absent, taken, passed, failed, pending, or a state of the attempt"`
	Q     string `query:"q" maxLength:"50" doc:"In the name"`
}

func (f ResultFilter) filter() exam.RowFilter {
	return exam.RowFilter{Org: f.Org, State: f.State, Text: f.Q}
}

func (a *API) resultList(ctx context.Context, actor policies.Actor, in *resultListInput) (*Listed[exam.Row], error) {
	page, total, err := a.Exams.Results.Rows(ctx, actor, in.ID, in.filter(), a.sight(actor), in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	out := listPage(page, func(r exam.Row) exam.Row { return r })
	out.Body.Total = &total
	return out, nil
}

type answerSheetInput struct {
	ByID
	Attempt string `path:"attempt" maxLength:"128"`
}

func (a *API) answerSheetShow(ctx context.Context, actor policies.Actor, in *answerSheetInput) (*Answer[exam.AnswerSheet], error) {
	sheet, err := a.Exams.Results.Sheet(ctx, actor, in.ID, in.Attempt, a.sight(actor))
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, round := range sheet.Rounds {
		ids = append(ids, round.By)
	}
	for _, step := range sheet.Steps {
		if step.By != "" {
			ids = append(ids, step.By)
		}
	}
	names, err := a.Accounts.Names(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for i := range sheet.Rounds {
		sheet.Rounds[i].Name = names[sheet.Rounds[i].By]
	}
	for i := range sheet.Steps {
		sheet.Steps[i].Name = names[sheet.Steps[i].By]
	}
	shown, responses := apart(sheet.Items)
	if sheet.Media, err = a.links(ctx, actor, a.mediaUntil(), shown, responses...); err != nil {
		return nil, err
	}
	return answer(sheet), nil
}
