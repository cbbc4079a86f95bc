package account

import (
	"context"
	"slices"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// Lockout says how many failures within the window refuse further tries, and for how long. One
// success takes back Forgiven failures.
type Lockout struct {
	Failures int
	Window   time.Duration
	Lock     time.Duration
	Forgiven int
}

// failures counts what went wrong under one name ("login:KEY") or from one address ("address:IP").
type failures struct {
	store.Meta  `bson:",inline"`
	Tries       []try     `bson:"tries" json:"tries"` // failures that count, oldest first
	Shut        []shut    `bson:"shut" json:"shut"`   // addresses from which the name is refused
	LockedUntil time.Time `bson:"locked_until" json:"locked_until"`
	Forget      time.Time `bson:"forget" json:"forget"` // nothing counts any more
}

type try struct {
	At      time.Time `bson:"at" json:"at"`
	Address string    `bson:"address" json:"address"`
}

type shut struct {
	Address string    `bson:"address" json:"address"`
	Until   time.Time `bson:"until" json:"until"`
}

// blocked gives how long the name or address is still refused to tries from the address.
func (s *Service) blocked(ctx context.Context, id, address string) (time.Duration, error) {
	f, err := s.failures.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	until := f.LockedUntil
	for _, x := range f.Shut {
		if x.Address == address && x.Until.After(until) {
			until = x.Until
		}
	}
	return max(0, until.Sub(s.clock.Now())), err
}

// recent drops what no longer counts.
func (f *failures) recent(now time.Time, window time.Duration) {
	f.Tries = slices.DeleteFunc(f.Tries, func(t try) bool { return now.Sub(t.At) >= window })
	f.Shut = slices.DeleteFunc(f.Shut, func(x shut) bool { return !x.Until.After(now) })
}

// failedFrom counts one failure from an address and says whether it was the one that locks it.
func (s *Service) failedFrom(ctx context.Context, address string) (bool, error) {
	limit := s.settings.ByAddress
	return s.failed(ctx, "address:"+address, limit, func(f *failures, now time.Time) bool {
		f.Tries = append(f.Tries, try{At: now})
		return f.full(len(f.Tries), limit, now)
	})
}

// failedAs counts one failure under a name from an address. The name is refused to that address
// first, so that nobody keeps others out from elsewhere; to all addresses only after many more.
func (s *Service) failedAs(ctx context.Context, byLogin, address string) (locked bool, wait time.Duration, err error) {
	here, anywhere := s.settings.ByLogin, s.settings.ByLoginAnywhere
	locked, err = s.failed(ctx, byLogin, anywhere, func(f *failures, now time.Time) bool {
		wait = here.Lock
		if slices.ContainsFunc(f.Shut, func(x shut) bool { return x.Address == address }) {
			return true // sent together with the one that shut it: one address does not lock the name for all
		}
		f.Tries = append(f.Tries, try{At: now, Address: address})
		if f.full(len(f.Tries), anywhere, now) {
			wait = anywhere.Lock
			return true
		}
		from := 0
		for _, t := range f.Tries {
			if t.Address == address && now.Sub(t.At) < here.Window {
				from++
			}
		}
		// The tries stay: they count for the name as a whole. What was shut once and is open again
		// begins anew, as the lock is no shorter than the window.
		if from < here.Failures {
			return false
		}
		f.Shut = append(f.Shut, shut{Address: address, Until: now.Add(here.Lock)})
		return true
	})
	return locked, wait, err
}

func (f *failures) full(count int, limit Lockout, now time.Time) bool {
	if count < limit.Failures {
		return false
	}
	f.Tries, f.LockedUntil = nil, now.Add(limit.Lock)
	return true
}

func (s *Service) failed(ctx context.Context, id string, limit Lockout, add func(*failures, time.Time) bool) (bool, error) {
	now := s.clock.Now()
	locked := false
	count := func(f *failures) error {
		f.recent(now, limit.Window)
		locked = add(f, now)
		f.Forget = now.Add(limit.Window + limit.Lock)
		return nil
	}
	for {
		_, err := s.failures.Update(ctx, id, count)
		if !fault.Is(err, fault.NotFound) {
			return locked, err
		}
		first := failures{Meta: store.Meta{ID: id}} // whole from the beginning: the sweep may look at any time
		if err := count(&first); err != nil {
			return false, err
		}
		if err := s.failures.Insert(ctx, &first); !fault.Is(err, fault.Exists) {
			return locked, err
		}
	}
}

// succeeded takes back failures: those under the name from this address, and a few of the address,
// so that an office behind one address is not refused for the slips of its many.
func (s *Service) succeeded(ctx context.Context, byLogin, address string) error {
	now := s.clock.Now()
	err := s.forgive(ctx, byLogin, func(f *failures) {
		f.recent(now, s.settings.ByLoginAnywhere.Window)
		f.Tries = slices.DeleteFunc(f.Tries, func(t try) bool { return t.Address == address })
	})
	if err != nil {
		return err
	}
	return s.forgive(ctx, "address:"+address, func(f *failures) {
		f.recent(now, s.settings.ByAddress.Window)
		f.Tries = f.Tries[min(len(f.Tries), s.settings.ByAddress.Forgiven):]
	})
}

// forgive writes only where failures stand: of thousands who sign in at once few have any.
func (s *Service) forgive(ctx context.Context, id string, change func(*failures)) error {
	f, err := s.failures.Get(ctx, id)
	if err == nil && len(f.Tries) > 0 {
		_, err = s.failures.Update(ctx, id, func(f *failures) error { change(f); return nil })
	}
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
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
