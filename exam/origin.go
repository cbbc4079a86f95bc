package exam

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"time"
)

// Where a taker answers from is a sign when it changes. The address itself is kept nowhere: a step holds its keyed hash,
// which differs from attempt to attempt, so that it says "another than before" and nothing else.

const (
	maxOrigins  = 20 // networks that an attempt tells apart: a phone on the move has many
	maxParallel = 20
)

// origin gives the keyed hash of a network address; "" = unknown. Of an IPv6 address the network counts, for devices
// change the rest of it by themselves.
func (d *desk) origin(attemptID, address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		if network, err := ip.Prefix(64); err == nil {
			ip = network.Addr()
		}
	}
	mac := hmac.New(sha256.New, d.keys.Key("address"))
	mac.Write([]byte(attemptID + "\x00" + ip.String()))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:9])
}

// cameFrom notes the network that the taker's act came from, where the attempt met it never before. It says whether
// it did. An attempt that began from nowhere known cannot tell.
func (a *Attempt) cameFrom(s sitting, now time.Time) bool {
	if s.origin == "" || !a.State.Running() {
		return false
	}
	known := 0
	for i := range a.Steps {
		switch step := &a.Steps[i]; step.Kind {
		case StepStart, StepAddress:
			if step.About == s.origin || step.About == "" {
				return false
			}
			known++
		}
	}
	if known == 0 || known >= maxOrigins {
		return false
	}
	a.add(s.key, Step{Kind: StepAddress, At: now, About: s.origin})
	return true
}

// meets notes that another session opened the attempt while the answering one was at it. Each session counts once.
func (a *Attempt) meets(s sitting, session, device string, now time.Time) bool {
	if !a.State.Running() || session == a.Session {
		return false
	}
	n := 0
	for i := range a.Steps {
		if step := &a.Steps[i]; step.Kind == StepParallel {
			if step.Session == session {
				return false
			}
			n++
		}
	}
	if n >= maxParallel {
		return false
	}
	a.add(s.key, Step{Kind: StepParallel, At: now, Session: session, Note: device})
	return true
}

// alone says whether the answering session was not heard of lately.
func (d *desk) alone(a *Attempt, now time.Time) bool {
	heard := a.lastHeard()
	if at := d.heard.last(a.ID); at.After(heard) {
		heard = at
	}
	return now.Sub(heard) >= quietAfter
}

// opened notes, where a session meets another one at its attempt, that it did.
func (s *Attempts) opened(ctx context.Context, a Attempt, session, device string, now time.Time) error {
	if s.alone(&a, now) {
		return nil
	}
	f, err := s.factsOf(ctx, &a)
	if err != nil {
		return err
	}
	sit, _, err := s.sitting(ctx, f, now, false)
	if err != nil {
		return err
	}
	_, err = s.act(ctx, f, sit, now, func(a *Attempt) (bool, error) { return a.meets(sit, session, device, now), nil })
	return err
}
