package ident

import (
	"context"
	"time"
)

// Every calls do, first after d, until ctx ends or do says that it is enough.
func Every(ctx context.Context, d time.Duration, do func() (enough bool)) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if do() {
			return
		}
	}
}
