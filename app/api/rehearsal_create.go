package api

import (
	"context"

	"qiming/app/demo"
	"qiming/internal/fault"
	"qiming/policies"
)

type rehearsalCreateInput struct {
	Body struct {
		Takers int    `json:"takers" minimum:"1" maximum:"20000"`
		Items  int    `json:"items" required:"false" minimum:"1" maximum:"60" default:"20"`
		QuizID string `json:"quiz_id" required:"false" maxLength:"20"`
	}
}

// rehearsalCreate prepares accounts and a quiz for qiming rehearse; only a demo server does.
func (a *API) rehearsalCreate(ctx context.Context, _ policies.Actor, in *rehearsalCreateInput) (*Answer[demo.Rehearsal], error) {
	if a.Rehearsals == nil {
		return nil, fault.New(fault.NotFound, "rehearsal.demo_only", "the server was not started with --demo")
	}
	made, err := a.Rehearsals.Rehearse(ctx, in.Body.Takers, in.Body.Items, in.Body.QuizID)
	if err != nil {
		return nil, err
	}
	return answer(made), nil
}
