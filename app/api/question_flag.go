package api

import (
	"context"

	"qiming/exam"
	"qiming/policies"
)

type flagListInput struct {
	Paging
	State    string `query:"state" enum:"open,closed" default:"open" doc:"closed: decided, or cleared by itself"`
	Mine     bool   `query:"mine" doc:"Of questions that one wrote, or nobody"`
	Question string `query:"question" maxLength:"64"`
	Org      string `query:"org" maxLength:"64" doc:"The bank of this organisation only"`
}

func (a *API) flagList(ctx context.Context, actor policies.Actor, in *flagListInput) (*Listed[exam.FlaggedItem], error) {
	filter := exam.FlagFilter{Closed: in.State == "closed", Mine: in.Mine, QuestionID: in.Question, OrgID: in.Org}
	page, total, err := a.Exams.Results.Flags(ctx, actor, filter, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	out := listPage(page, func(f exam.FlaggedItem) exam.FlaggedItem { return f })
	out.Body.Total = &total
	return out, nil
}

type flagDecideInput struct {
	ID   string `path:"id" maxLength:"200"`
	Body struct {
		State string `json:"state" enum:"open,handled,dismissed"`
		Note  string `json:"note,omitempty" maxLength:"500" doc:"What was done, or why nothing is to be done"`
	}
}

func (a *API) flagDecide(ctx context.Context, actor policies.Actor, in *flagDecideInput) (*Answer[exam.ItemFlag], error) {
	f, err := a.Exams.Results.Decide(ctx, actor, in.ID, exam.FlagState(in.Body.State), in.Body.Note)
	if err != nil {
		return nil, err
	}
	return answer(f), nil
}
