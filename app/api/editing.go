package api

import (
	"context"

	"qiming/app/presence"
	"qiming/policies"
)

type editingInput struct {
	ByID
	Body struct {
		Leaving bool `json:"leaving,omitempty" doc:"The editor is being closed"`
	}
}

func (a *API) questionEditing(ctx context.Context, actor policies.Actor, in *editingInput) (*Listed[presence.Editor], error) {
	if _, err := a.Bank.Get(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return a.editing(ctx, actor, "question:"+in.ID, in.Body.Leaving)
}

func (a *API) quizEditing(ctx context.Context, actor policies.Actor, in *editingInput) (*Listed[presence.Editor], error) {
	if _, err := a.Exams.Quizzes.Get(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return a.editing(ctx, actor, "quiz:"+in.ID, in.Body.Leaving)
}

func (a *API) editing(ctx context.Context, actor policies.Actor, object string, leaving bool) (*Listed[presence.Editor], error) {
	others, err := a.Presence.Report(ctx, actor, object, leaving)
	if err != nil {
		return nil, err
	}
	return list(others), nil
}
