package member

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"qiming/app/audit"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Bounds of extra time.
const (
	leastExtra     = 1
	mostExtra      = 5
	maxExtraReason = 200 // runes
)

// SetExtraTime lets a member have times as long in every quiz (1.5 = half as long again; 0 or 1 = no extra time),
// with a reason; the trail has both. Running attempts follow. Faults: "member.invalid" with fields.
func (s *Service) SetExtraTime(ctx context.Context, actor policies.Actor, id string, times float64, reason string) (Member, error) {
	reason = strings.TrimSpace(reason)
	var fields []fault.Field
	if times != 0 && !(times >= leastExtra && times <= mostExtra) {
		fields = append(fields, fault.Field{Path: "times", Key: "out_of_range", Params: map[string]any{"min": leastExtra, "max": mostExtra}})
	}
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		fields = append(fields, fault.Field{Path: "reason", Key: "required"})
	case n > maxExtraReason:
		fields = append(fields, fault.Field{Path: "reason", Key: "too_long", Params: map[string]any{"max": maxExtraReason}})
	}
	if err := fault.Bad("member.invalid", fields); err != nil {
		return Member{}, err
	}
	before, err := s.Get(ctx, actor, id)
	if err != nil {
		return Member{}, err
	}
	if times == leastExtra {
		times = 0
	}
	words := func(times float64) string { return strconv.FormatFloat(max(times, leastExtra), 'g', -1, 64) }
	var m Member
	entry := audit.By(actor, "member.extra_time", object(id), before.Name).With("from", words(before.ExtraTime)).With("to", words(times)).With("reason", reason)
	err = s.trail.Act(ctx, entry, func() error {
		m, err = s.members.Update(ctx, id, func(m *Member) error {
			if !actor.Scope.Covers(m.OrgPath) {
				return notFound(id)
			}
			if m.ExtraTime == times && m.ExtraReason == reason {
				return store.ErrUnchanged
			}
			m.ExtraTime, m.ExtraReason = times, reason
			if times == 0 {
				m.ExtraReason = ""
			}
			m.Edits++
			return nil
		})
		return err
	})
	s.held.Forget(id)
	if err == nil && s.retime != nil {
		err = s.retime(ctx, id)
	}
	return m, err
}
