package app

import (
	"context"
	"errors"

	"qiming/app/demo"
	"qiming/internal/ident"
)

// Seed fills the data of a demo server with the demo organisation, where it is not there yet, and
// gives the accounts to sign in with. It opens the data on a clock of its own, so that two months of
// history come about; several processes may call it at once.
func Seed(ctx context.Context, config Config, deps Deps) (accounts []demo.Account, err error) {
	real := deps.Clock
	clock := ident.NewManual(real.Now())
	deps.Clock = clock
	a, err := New(ctx, config, deps)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.Trail.Close(context.WithoutCancel(ctx)), a.Close()) }()
	if err := a.Trail.Ready(ctx); err != nil {
		return nil, err
	}
	return a.Rehearsals.Listing(), a.Rehearsals.Seed(ctx, clock, real)
}
