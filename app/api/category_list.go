package api

import (
	"context"

	"qiming/exam/question"
	"qiming/policies"
)

type categoryListInput struct {
	Org string `query:"org" maxLength:"64" doc:"The bank of this organisation only"`
}

func (a *API) categoryList(ctx context.Context, actor policies.Actor, in *categoryListInput) (*Listed[question.CategoryCount], error) {
	items, err := a.Bank.Categories(ctx, actor, in.Org)
	if err != nil {
		return nil, err
	}
	return list(items), nil
}
