package account

import (
	"context"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// Lockout says how many failures within the window refuse further tries, and for how long.
type Lockout struct {
	Failures int
	Window   time.Duration
	Lock     time.Duration
}

// failures counts what went wrong under one name ("login:KEY") or from one address ("address:IP").
type failures struct {
	store.Meta  `bson:",inline"`
	Times       []time.Time `bson:"times" json:"times"`
	LockedUntil time.Time   `bson:"locked_until" json:"locked_until"`
	Forget      time.Time   `bson:"forget" json:"forget"` // nothing counts any more
}

// blocked gives how long the name or address is still refused.
func (s *Service) blocked(ctx context.Context, id string) (time.Duration, error) {
	f, err := s.failures.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return max(0, f.LockedUntil.Sub(s.clock.Now())), err
}

// failed counts one failure and says whether it was the one that locks.
func (s *Service) failed(ctx context.Context, id string, limit Lockout) (bool, error) {
	now := s.clock.Now()
	locked := false
	count := func(f *failures) error {
		locked = false
		recent := f.Times[:0:0]
		for _, t := range f.Times {
			if now.Sub(t) < limit.Window {
				recent = append(recent, t)
			}
		}
		f.Times = append(recent, now)
		if len(f.Times) >= limit.Failures {
			locked = true
			f.Times, f.LockedUntil = nil, now.Add(limit.Lock)
		}
		f.Forget = now.Add(limit.Window + limit.Lock)
		return nil
	}
	_, err := s.failures.Update(ctx, id, count)
	if fault.Is(err, fault.NotFound) {
		first := failures{Meta: store.Meta{ID: id}}
		if err = s.failures.Insert(ctx, &first); err == nil || fault.Is(err, fault.Exists) {
			_, err = s.failures.Update(ctx, id, count)
		}
	}
	return locked, err
}

func (s *Service) forgetFailures(ctx context.Context, id string) error {
	if err := s.failures.Delete(ctx, id); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return nil
}

func errLocked(key string, wait time.Duration) error {
	seconds := int64((wait + time.Second - 1) / time.Second)
	return fault.New(fault.TooMany, key, "for %s", wait).With("retry_after", seconds).With("minutes", (seconds+59)/60)
}
