package api

import (
	"context"

	"qiming/exam/question"
	"qiming/policies"
)

func (a *API) questionShow(ctx context.Context, actor policies.Actor, in *ByID) (*Revised[question.Question], error) {
	q, err := a.Bank.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return revised(q.Rev, q), nil
}

func (a *API) questionVersions(ctx context.Context, actor policies.Actor, in *ByID) (*Listed[question.Version], error) {
	versions, err := a.Bank.Versions(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return list(versions), nil
}
