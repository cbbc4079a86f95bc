package api

import (
	"context"

	"qiming/policies"
)

func (a *API) categoryDelete(ctx context.Context, actor policies.Actor, in *ByID) (*Nothing, error) {
	return &Nothing{}, a.Bank.DeleteCategory(ctx, actor, in.ID)
}
