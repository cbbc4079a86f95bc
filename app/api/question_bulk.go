package api

import (
	"context"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
)

type questionBulkInput struct {
	Body struct {
		IDs  []string        `json:"ids" minItems:"1" maxItems:"1000"`
		To   question.Status `json:"to" enum:"draft,review,published,retired"`
		Note string          `json:"note,omitempty" maxLength:"2000" doc:"Why; the authors read it"`
	}
}

// questionBulk takes many questions to another state. The row asks for question:review; handing in and retiring are steps
// of authors and ask for question:write instead.
func (a *API) questionBulk(ctx context.Context, actor policies.Actor, in *questionBulkInput) (*Answer[question.BulkOutcome], error) {
	if in.Body.To == question.InReview || in.Body.To == question.Retired {
		if !a.Policies.Allowed(actor, policies.QuestionWrite) {
			return nil, fault.New(fault.Forbidden, "request.forbidden", "%s is an author's step", in.Body.To)
		}
		actor.Scope = a.Policies.Scope(actor, policies.QuestionWrite)
	}
	out, err := a.Bank.SetStatuses(ctx, actor, in.Body.IDs, in.Body.To, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return answer(out), nil
}
