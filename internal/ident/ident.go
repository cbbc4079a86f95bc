// Package ident makes ids and tells the time.
//
// Ids are 20 lower-case characters that sort by creation second. Nothing but cmd and
// this package calls time.Now: services take a Clock, rules take now as a value.
package ident

import (
	"crypto/rand"
	"encoding/base32"
	"sync"
	"time"

	"github.com/rs/xid"
)

// New gives a fresh id: 20 characters of 0-9a-v, sorted by creation second, not secret.
func New() string { return xid.New().String() }

var tokenEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// Token gives a secret of 32 characters (160 bits) from the system's random source.
func Token() string {
	var b [20]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return tokenEncoding.EncodeToString(b[:])
}

// Clock tells the time. Now is UTC and truncated to milliseconds, the precision of the store.
type Clock interface{ Now() time.Time }

// System is the machine's clock.
type System struct{}

// Now gives the machine's time in UTC, to the millisecond.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// Manual is a clock that tests set. The zero value is not ready; use NewManual.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// NewManual gives a clock that stands at t.
func NewManual(t time.Time) *Manual { return &Manual{now: t.UTC().Truncate(time.Millisecond)} }

// Now gives the set time.
func (m *Manual) Now() time.Time { m.mu.Lock(); defer m.mu.Unlock(); return m.now }

// Advance moves the clock on by d.
func (m *Manual) Advance(d time.Duration) { m.mu.Lock(); m.now = m.now.Add(d); m.mu.Unlock() }

// Set moves the clock to t.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	m.now = t.UTC().Truncate(time.Millisecond)
	m.mu.Unlock()
}
