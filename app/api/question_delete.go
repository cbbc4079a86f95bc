package api

import (
	"context"

	"qiming/policies"
)

func (a *API) questionDelete(ctx context.Context, actor policies.Actor, in *ByID) (*Nothing, error) {
	return &Nothing{}, a.Bank.Delete(ctx, actor, in.ID)
}
