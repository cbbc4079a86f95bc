package api

import (
	"context"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
)

type questionStatusInput struct {
	ByID
	Body struct {
		To   question.Status `json:"to" enum:"draft,review,published,retired"`
		Note string          `json:"note,omitempty" maxLength:"2000" doc:"Why; its author reads it"`
	}
}

// questionStatus takes a question to another state. The row asks for question:review; a step of
// authors (hand in, retire, take up again) asks for question:write instead.
func (a *API) questionStatus(ctx context.Context, actor policies.Actor, in *questionStatusInput) (*Revised[question.Question], error) {
	q, err := a.Bank.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if !q.Status.Reviewing() {
		if !a.Policies.Allowed(actor, policies.QuestionWrite) {
			return nil, fault.New(fault.Forbidden, "request.forbidden", "%s to %s is an author's step", q.Status, in.Body.To)
		}
		actor.Scope = a.Policies.Scope(actor, policies.QuestionWrite)
	}
	q, err = a.Bank.SetStatus(ctx, actor, in.ID, in.Body.To, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return revised(q.Rev, q), nil
}
