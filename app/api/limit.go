package api

import (
	"math"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"qiming/internal/fault"
	"qiming/internal/ident"
)

// RateLimits are requests per second; a bucket holds ten seconds' worth. An account's limit
// leaves room for an exam on a fast hand and a client that catches up after a dead network.
// An address counts only requests without a session: a whole office shares one address, and
// all of it signs in at nine.
type RateLimits struct {
	Account float64
	Address float64
}

const (
	bucketSeconds = 10
	bucketsKept   = 50_000 // of each kind; the least used are forgotten, that is: full again
)

// limiter keeps token buckets in memory. They are per process and hold no truth: losing them
// makes the limit laxer for a moment.
type limiter struct {
	limits    RateLimits
	clock     ident.Clock
	accounts  *lru.Cache[string, *rate.Limiter]
	addresses *lru.Cache[string, *rate.Limiter]
	lookups   *lru.Cache[string, *rate.Limiter]
	reports   *lru.Cache[string, *rate.Limiter]
}

// lookupsPerSecond bounds how fast one address may ask about certificates: fast enough for a pile of paper, too slow
// to try serials.
const lookupsPerSecond = 2

// reportsPerSecond bounds the reports of one address from which nobody is signed in: one in twenty seconds.
const reportsPerSecond = 0.05

func newLimiter(limits RateLimits, clock ident.Clock) *limiter {
	accounts, _ := lru.New[string, *rate.Limiter](bucketsKept) // fails only for a size below 1
	addresses, _ := lru.New[string, *rate.Limiter](bucketsKept)
	lookups, _ := lru.New[string, *rate.Limiter](bucketsKept)
	reports, _ := lru.New[string, *rate.Limiter](bucketsKept)
	return &limiter{limits: limits, clock: clock, accounts: accounts, addresses: addresses, lookups: lookups, reports: reports}
}

func (l *limiter) account(id string) error {
	return take(l.accounts, id, l.limits.Account, l.clock.Now())
}

func (l *limiter) address(address string) error {
	return take(l.addresses, address, l.limits.Address, l.clock.Now())
}

func (l *limiter) lookup(address string) error {
	return take(l.lookups, address, lookupsPerSecond, l.clock.Now())
}

func (l *limiter) report(address string) error {
	return take(l.reports, address, reportsPerSecond, l.clock.Now())
}

func take(buckets *lru.Cache[string, *rate.Limiter], key string, perSecond float64, now time.Time) error {
	if perSecond <= 0 { // no limit
		return nil
	}
	bucket, found := buckets.Get(key)
	if !found {
		fresh := rate.NewLimiter(rate.Limit(perSecond), int(math.Ceil(perSecond*bucketSeconds)))
		if earlier, raced, _ := buckets.PeekOrAdd(key, fresh); raced {
			bucket = earlier
		} else {
			bucket = fresh
		}
	}
	if bucket.AllowN(now, 1) {
		return nil
	}
	return fault.New(fault.TooMany, "request.too_many", "rate limit").With("retry_after", int(math.Ceil(1/perSecond)))
}
