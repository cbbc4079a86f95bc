package api

import (
	"context"

	"qiming/exam/question"
	"qiming/policies"
)

type questionCountInput struct {
	Body struct {
		Rule   question.Rule `json:"rule"`
		OrgID  string        `json:"org_id,omitempty" maxLength:"64" doc:"The organisation whose quiz draws; by default one's own"`
		Except []string      `json:"except,omitempty" maxItems:"500" doc:"Questions that the paper has already: none stands in it twice"`
	}
}

// QuestionCount is how many items a rule may draw now.
type QuestionCount struct {
	Count   int `json:"count"`
	Expired int `json:"expired" doc:"Left out: what they ask no longer holds"`
}

func (a *API) questionCount(ctx context.Context, actor policies.Actor, in *questionCountInput) (*Answer[QuestionCount], error) {
	_, path, err := a.bankOf(ctx, actor, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	n, err := a.Bank.Count(ctx, in.Body.Rule, path, in.Body.Except...)
	if err != nil {
		return nil, err
	}
	expired, err := a.Bank.LeftOut(ctx, in.Body.Rule, path)
	if err != nil {
		return nil, err
	}
	return answer(QuestionCount{Count: n, Expired: expired}), nil
}
