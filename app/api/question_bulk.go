package api

import (
	"context"

	"qiming/exam/question"
	"qiming/policies"
)

type questionBulkInput struct {
	Body struct {
		IDs  []string        `json:"ids" minItems:"1" maxItems:"1000"`
		To   question.Status `json:"to" enum:"draft,review,published,retired"`
		Note string          `json:"note,omitempty" maxLength:"2000" doc:"Why; the authors read it"`
	}
}

func (a *API) questionBulk(ctx context.Context, actor policies.Actor, in *questionBulkInput) (*Answer[question.BulkOutcome], error) {
	if in.Body.To == question.Published || in.Body.To == question.Draft {
		actor.Scope = a.Policies.Scope(actor, policies.QuestionReview)
	}
	out, err := a.Bank.SetStatuses(ctx, actor, in.Body.IDs, in.Body.To, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return answer(out), nil
}
