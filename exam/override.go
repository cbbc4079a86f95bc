package exam

import (
	"context"
	"strings"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Key names the override within its quiz: "member:ID" or "org:ID".
func (o Override) Key() string {
	if o.MemberID != "" {
		return "member:" + o.MemberID
	}
	return "org:" + o.OrgID
}

// target reads a key.
func target(key string) (memberID, orgID string, ok bool) {
	kind, id, found := strings.Cut(key, ":")
	switch {
	case !found || id == "" || strings.ContainsAny(id, ":\x00"):
		return "", "", false
	case kind == "member":
		return id, "", true
	case kind == "org":
		return "", id, true
	}
	return "", "", false
}

// Overrides gives the overrides of a quiz.
func (s *Quizzes) Overrides(ctx context.Context, actor policies.Actor, quizID string) ([]Override, error) {
	if _, err := s.seen(ctx, actor, quizID); err != nil {
		return nil, err
	}
	list := []Override{}
	for o, err := range s.overrides.Find(ctx, store.Query[Override]{Index: "quiz", Eq: map[string]any{"quiz_id": quizID}}) {
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

// SetOverride makes or replaces the override of a member or an organisation node. rev is the revision of
// the one that the actor saw, 0 where there was none; another one is fault.Conflict ("override.stale").
// Running attempts follow within a second in this process and two in others.
func (s *Quizzes) SetOverride(ctx context.Context, actor policies.Actor, quizID, key string, rev int64, o Override) (Override, error) {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return Override{}, err
	}
	memberID, orgID, ok := target(key)
	if !ok {
		return Override{}, fault.New(fault.NotFound, "override.not_found", "key %q", key)
	}
	o.Meta, o.QuizID, o.MemberID, o.OrgID = store.Meta{ID: quizID + ":" + key}, quizID, memberID, orgID
	o.Reason = strings.TrimSpace(o.Reason)
	if err := fault.Bad("override.invalid", o.check()); err != nil {
		return Override{}, err
	}
	if err := s.exists(ctx, actor, q, o); err != nil {
		return Override{}, err
	}
	err = s.recorded(ctx, actor, "override.set", &q, func() error {
		return s.retimed(ctx, quizID, func() error {
			if rev == 0 {
				err := s.overrides.Insert(ctx, &o)
				if fault.Is(err, fault.Exists) {
					err = errOverrideStale(key)
				}
				return err
			}
			now, err := s.overrides.Update(ctx, o.ID, func(old *Override) error {
				if old.Rev != rev {
					return errOverrideStale(key)
				}
				meta := old.Meta
				*old = o
				old.Meta = meta
				return nil
			})
			if fault.Is(err, fault.NotFound) { // taken back meanwhile
				err = errOverrideStale(key)
			}
			o = now
			return err
		})
	}, "for", key, "reason", o.Reason)
	return o, err
}

func errOverrideStale(key string) error {
	return fault.New(fault.Conflict, "override.stale", "the override of %s is not the one that was seen", key)
}

// DeleteOverride takes an override back.
func (s *Quizzes) DeleteOverride(ctx context.Context, actor policies.Actor, quizID, key string) error {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return err
	}
	if _, _, ok := target(key); !ok {
		return fault.New(fault.NotFound, "override.not_found", "key %q", key)
	}
	return s.recorded(ctx, actor, "override.delete", &q, func() error {
		return s.retimed(ctx, quizID, func() error {
			err := s.overrides.Delete(ctx, quizID+":"+key)
			if fault.Is(err, fault.NotFound) {
				return fault.New(fault.NotFound, "override.not_found", "key %q", key)
			}
			return err
		})
	}, "for", key)
}

func (o Override) check() []fault.Field {
	var fields []fault.Field
	between := func(path string, value, low, high float64) {
		if !(value >= low && value <= high) {
			fields = append(fields, fault.Field{Path: path, Key: "out_of_range", Params: map[string]any{"min": low, "max": high}})
		}
	}
	if o.Limit != nil {
		between("limit", float64(*o.Limit), 0, maxLimit)
	}
	if o.Attempts != nil {
		between("attempts", float64(*o.Attempts), 0, 1000)
	}
	if o.Extra != 0 {
		between("extra", o.Extra, 1, 10)
		if o.MemberID == "" {
			fields = append(fields, fault.Field{Path: "extra", Key: "override.extra_member_only"})
		}
	}
	if o.Opens != nil && o.Closes != nil && !o.Opens.IsZero() && !o.Closes.IsZero() && !o.Closes.After(*o.Opens) {
		fields = append(fields, fault.Field{Path: "closes", Key: "quiz.closes_before_opens"})
	}
	if o.Opens == nil && o.Closes == nil && o.Limit == nil && o.Attempts == nil && o.Password == nil && o.Extra == 0 {
		fields = append(fields, fault.Field{Path: "", Key: "override.empty"})
	}
	if o.Reason == "" { // who gets what, and why: exam-rules sections 1 and 5. Older ones may lack it.
		fields = append(fields, fault.Field{Path: "reason", Key: "required"})
	}
	return fields
}

// exists checks that the target is there and within the actor's reach.
func (s *Quizzes) exists(ctx context.Context, actor policies.Actor, q Quiz, o Override) error {
	none := fault.New(fault.NotFound, "override.target", "%s", o.Key())
	if o.MemberID != "" {
		t, err := s.roster.Taker(ctx, o.MemberID)
		if fault.Is(err, fault.NotFound) || err == nil && !actor.Scope.Covers(t.Path) && !q.Audience.Addresses(t) {
			return none
		}
		return err
	}
	nodes, err := s.roster.Nodes(ctx, []string{o.OrgID})
	if err == nil && len(nodes) == 0 {
		return none
	}
	return err
}
