package exam

import (
	"cmp"
	"context"
	"slices"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Certificates follow the results that are out: passed and none is held, one is issued; what it says changed, it is
// revoked and another names it; not passed any more, it is revoked. An attempt notes with every change of its result
// that the certificate may not agree (Attempt.Certify); who looks first, or the sweep, brings it in step.

// Certificates is who holds certificates.
type Certificates struct{ *desk }

// certify brings the certificate of a member and quiz in step with the results that are out. It is idempotent.
func (d *desk) certify(ctx context.Context, quizID, memberID string) error {
	q, err := d.quizzes.Get(ctx, quizID)
	if err != nil {
		return noQuiz(quizID, err)
	}
	b, err := d.blueprint(ctx, quizID, q.Number)
	if err != nil {
		return err
	}
	settings := b.version.Settings
	held, valid, last, err := d.held(ctx, quizID, memberID)
	if err != nil || settings.Certificate == nil && valid == nil {
		return err
	}
	attempts, err := d.ofMember(ctx, quizID, memberID)
	if err != nil {
		return err
	}
	out := slices.DeleteFunc(slices.Clone(attempts), func(a Attempt) bool { return a.State != Released })
	outcome := Combine(settings.GradeBy, settings.PassPercent, resultsOf(out))
	passed := outcome.Passed != nil && *outcome.Passed
	switch {
	case !passed && valid != nil:
		return d.revoke(ctx, valid.ID, NotPassed, "", "", "")
	case !passed, last != nil && last.Why == ByHand, settings.Certificate == nil && valid == nil:
		return nil
	}
	c, err := d.draftCertificate(ctx, q, b, memberID, outcome, out)
	if err != nil {
		return err
	}
	switch {
	case valid != nil && (settings.Certificate == nil || valid.says(&c)):
		return d.revokeOlder(ctx, held, valid)
	case valid != nil:
		c.Replaces = valid.ID
	case last != nil:
		c.Replaces = last.ID
	}
	if c.Number = 1; last != nil {
		c.Number = last.Number + 1
	}
	if err := d.issue(ctx, q, &c); err != nil {
		return err
	}
	return d.revokeOlder(ctx, append(held, c), &c)
}

// held gives a member's certificates of a quiz in the order of their numbers, the newest that is valid, and the last.
func (d *desk) held(ctx context.Context, quizID, memberID string) (list []Certificate, valid, last *Certificate, err error) {
	for c, err := range d.awarded.Find(ctx, store.Query[Certificate]{Index: "holder", Eq: map[string]any{"quiz_id": quizID, "member_id": memberID}}) {
		if err != nil {
			return nil, nil, nil, err
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Certificate) int { return a.Number - b.Number })
	for i := range list {
		if last = &list[i]; last.RevokedAt == nil {
			valid = last
		}
	}
	return list, valid, last, nil
}

// says says whether the certificate tells the same result. A title that changed is for those who are to come.
func (c *Certificate) says(o *Certificate) bool {
	return c.Score == o.Score && c.Points == o.Points
}

// draftCertificate says what a member's certificate is to say.
func (d *desk) draftCertificate(ctx context.Context, q Quiz, b *blueprint, memberID string, outcome Outcome, out []Attempt) (Certificate, error) {
	award := b.version.Settings.Certificate
	if award == nil { // taken out of the quiz: what was given stays
		award = &Award{}
	}
	c := Certificate{QuizID: q.ID, MemberID: memberID, AttemptID: outcome.AttemptID, OrgPath: q.OrgPath, Title: award.Title,
		QuizTitle: b.version.Title, Score: *outcome.Score, Makeup: q.MakeupOf != ""}
	for i := range out {
		if out[i].ID == outcome.AttemptID {
			f, err := d.factsOf(ctx, &out[i])
			if err != nil {
				return c, err
			}
			c.Points = hundredths(f.paper.Points() - out[i].Dropped)
		}
	}
	now := d.clock.Now().In(d.zone)
	c.IssuedOn, c.ValidUntil = now.Format(dayForm), lastDay(now, award.Months)
	return c, nil
}

// issue writes a certificate. Of two processes that issue the same one, one does.
func (d *desk) issue(ctx context.Context, q Quiz, c *Certificate) error {
	t, err := d.taker(ctx, c.MemberID)
	if fault.Is(err, fault.NotFound) {
		return nil // has left: nobody to certify
	}
	if err != nil {
		return err
	}
	nodes, err := d.roster.Nodes(ctx, []string{q.OrgID})
	if err != nil {
		return err
	}
	c.Name = t.Name
	code := ""
	for _, n := range nodes {
		if n.ID == q.OrgID {
			c.Issuer, code = n.FullName, n.Code
		}
	}
	year := d.clock.Now().In(d.zone).Year()
	for try := 0; ; try++ {
		c.Meta = store.Meta{ID: serial(d.keys.Key("certificate"), code, year, c.QuizID, c.MemberID, c.Number, try)}
		err := d.awarded.Insert(ctx, c)
		if !fault.Is(err, fault.Exists) {
			return err
		}
		there, err := d.awarded.Get(ctx, c.ID)
		if err != nil {
			return err
		}
		if there.QuizID == c.QuizID && there.MemberID == c.MemberID && there.Number == c.Number {
			*c = there // another process was quicker
			return nil
		}
	}
}

// revokeOlder revokes every valid certificate but the newest, which stands in their place.
func (d *desk) revokeOlder(ctx context.Context, held []Certificate, newest *Certificate) error {
	for _, c := range held {
		if c.ID != newest.ID && c.RevokedAt == nil {
			if err := d.revoke(ctx, c.ID, Corrected, "", "", newest.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *desk) revoke(ctx context.Context, id string, why Revocation, reason, by, replacedBy string) error {
	now := d.clock.Now()
	_, err := d.awarded.Update(ctx, id, func(c *Certificate) error {
		if c.RevokedAt != nil {
			return store.ErrUnchanged
		}
		c.RevokedAt, c.Why, c.Reason, c.RevokedBy, c.ReplacedBy = &now, why, reason, by, replacedBy
		return nil
	})
	return err
}

// certifyDue brings in step what attempts have noted. One that cannot be does not keep the others from it.
func (d *desk) certifyDue(ctx context.Context) error {
	var due []Attempt
	for a, err := range d.attempts.Find(ctx, store.Query[Attempt]{Index: "certify", Eq: map[string]any{"certify": certifyDue}, Limit: sweepMost}) {
		if err != nil {
			return err
		}
		due = append(due, a)
	}
	return d.certifyAll(ctx, due)
}

func (d *desk) certifyAll(ctx context.Context, due []Attempt) error {
	var failed error
	for _, a := range due {
		if err := d.certify(ctx, a.QuizID, a.MemberID); err != nil {
			failed = cmp.Or(failed, err)
			continue
		}
		rev := a.Rev
		_, err := d.attempts.Update(ctx, a.ID, func(a *Attempt) error {
			if a.Certify == "" || a.Rev != rev { // changed again meanwhile: the note stays
				return store.ErrUnchanged
			}
			a.Certify = ""
			return nil
		})
		failed = cmp.Or(failed, err)
	}
	return failed
}

// Held is a certificate as it stands today.
type Held struct {
	Certificate
	State CertificateState `json:"state" enum:"valid,expired,replaced,revoked"`
}

func (d *desk) shown(c Certificate, now time.Time) Held {
	return Held{Certificate: c, State: c.State(now, d.zone)}
}

// Mine gives the actor's certificates, the newest first.
func (s *Certificates) Mine(ctx context.Context, actor policies.Actor) ([]Held, error) {
	list := []Held{}
	if actor.MemberID == "" {
		return list, nil
	}
	if err := s.catchUp(ctx, actor.MemberID); err != nil {
		return nil, err
	}
	now := s.clock.Now()
	for c, err := range s.awarded.Find(ctx, store.Query[Certificate]{Index: "member", Eq: map[string]any{"member_id": actor.MemberID}}) {
		if err != nil {
			return nil, err
		}
		list = append(list, s.shown(c, now))
	}
	slices.SortFunc(list, func(a, b Held) int { return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), b.Number-a.Number) })
	return list, nil
}

// catchUp does for one member what the sweep does for all.
func (d *desk) catchUp(ctx context.Context, memberID string) error {
	var due []Attempt
	for a, err := range d.attempts.Find(ctx, store.Query[Attempt]{Index: "member", Eq: map[string]any{"member_id": memberID}, Match: func(a *Attempt) bool { return a.Certify != "" }}) {
		if err != nil {
			return err
		}
		due = append(due, a)
	}
	return d.certifyAll(ctx, due)
}

// Own gives a certificate of the actor's.
func (s *Certificates) Own(ctx context.Context, actor policies.Actor, id string) (Held, error) {
	c, err := s.awarded.Get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && (actor.MemberID == "" || c.MemberID != actor.MemberID) {
		return Held{}, errNoCertificate(id)
	}
	return s.shown(c, s.clock.Now()), err
}

func errNoCertificate(id string) error {
	return fault.New(fault.NotFound, "certificate.not_found", "certificate %s", id)
}

// OfQuiz gives the certificates of a quiz that the actor reaches, the newest first.
func (s *Certificates) OfQuiz(ctx context.Context, actor policies.Actor, quizID string) ([]Held, error) {
	if _, err := s.seen(ctx, actor, quizID); err != nil {
		return nil, err
	}
	list, now := []Held{}, s.clock.Now()
	for c, err := range s.awarded.Find(ctx, store.Query[Certificate]{Index: "holder", Eq: map[string]any{"quiz_id": quizID}}) {
		if err != nil {
			return nil, err
		}
		list = append(list, s.shown(c, now))
	}
	slices.SortFunc(list, func(a, b Held) int { return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), b.Number-a.Number) })
	return list, nil
}

// Issue brings the certificates of a quiz in step for everybody: also for those who passed before the quiz gave any.
// It gives how many are valid.
func (s *Certificates) Issue(ctx context.Context, actor policies.Actor, quizID string) (int, error) {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return 0, err
	}
	b, err := s.blueprint(ctx, quizID, max(q.Number, 1))
	if err != nil || b.version.Settings.Certificate == nil {
		return 0, fault.New(fault.Conflict, "certificate.none", "quiz %s gives no certificates", quizID)
	}
	valid := 0
	err = s.recorded(ctx, actor, "certificate.issue", &q, func() error {
		members := map[string]bool{}
		var ids []string
		if err := s.ofQuiz(ctx, quizID, "", func(a *Attempt) error {
			members[a.MemberID] = true
			if !a.Awards {
				ids = append(ids, a.ID)
			}
			return nil
		}); err != nil {
			return err
		}
		for _, id := range ids { // from here on certificates follow
			if _, err := s.attempts.Update(ctx, id, func(a *Attempt) error { a.Awards = true; return nil }); err != nil {
				return err
			}
		}
		for member := range members {
			if err := s.certify(ctx, quizID, member); err != nil {
				return err
			}
			_, held, _, err := s.held(ctx, quizID, member)
			if err != nil {
				return err
			}
			if held != nil {
				valid++
			}
		}
		return nil
	})
	return valid, err
}

// Revoke revokes a certificate by decision, with a reason; none is issued by itself in its place.
func (s *Certificates) Revoke(ctx context.Context, actor policies.Actor, id, reason string) (Held, error) {
	c, err := s.reachable(ctx, actor, id)
	if err != nil {
		return Held{}, err
	}
	if reason, err = required(reason, "reason"); err != nil {
		return Held{}, err
	}
	if c.RevokedAt != nil {
		return Held{}, fault.New(fault.Conflict, "certificate.revoked", "certificate %s is revoked", id)
	}
	err = s.onCertificate(ctx, actor, "certificate.revoke", &c, reason, func() error { return s.revoke(ctx, id, ByHand, reason, actor.AccountID, "") })
	if err != nil {
		return Held{}, err
	}
	c, err = s.awarded.Get(ctx, id)
	return s.shown(c, s.clock.Now()), err
}

// Correct issues a certificate anew with the name, organisation and score as they are now, with a reason, and revokes the old one: for
// a name that was wrong, or one that was revoked by mistake.
func (s *Certificates) Correct(ctx context.Context, actor policies.Actor, id, reason string) (Held, error) {
	old, err := s.reachable(ctx, actor, id)
	if err != nil {
		return Held{}, err
	}
	if reason, err = required(reason, "reason"); err != nil {
		return Held{}, err
	}
	q, err := s.quizzes.Get(ctx, old.QuizID)
	if err != nil {
		return Held{}, noQuiz(old.QuizID, err)
	}
	held, _, last, err := s.held(ctx, old.QuizID, old.MemberID)
	if err != nil {
		return Held{}, err
	}
	if last.ID != old.ID || last.Why == NotPassed {
		return Held{}, fault.New(fault.Conflict, "certificate.not_last", "certificate %s is not the last, or was not passed", id)
	}
	now := s.clock.Now()
	c := old
	c.Number, c.Replaces, c.ReplacedBy, c.RevokedAt, c.Why, c.Reason, c.RevokedBy = old.Number+1, old.ID, "", nil, "", "", ""
	c.IssuedOn = now.In(s.zone).Format(dayForm)
	err = s.onCertificate(ctx, actor, "certificate.correct", &old, reason, func() error {
		if err := s.issue(ctx, q, &c); err != nil {
			return err
		}
		return s.revokeOlder(ctx, append(held, c), &c)
	})
	return s.shown(c, now), err
}

func (s *Certificates) reachable(ctx context.Context, actor policies.Actor, id string) (Certificate, error) {
	c, err := s.awarded.Get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && !actor.Scope.Covers(c.OrgPath) {
		return c, errNoCertificate(id)
	}
	return c, err
}

func (s *Certificates) onCertificate(ctx context.Context, actor policies.Actor, action string, c *Certificate, reason string, do func() error) error {
	return s.trail.Act(ctx, actor, question.Act{Action: action, Object: "certificate:" + c.ID, Name: c.QuizTitle, Detail: map[string]string{"reason": reason}}, do)
}
