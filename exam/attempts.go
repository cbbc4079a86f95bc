package exam

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Attempts is what a taker does. Every call settles the attempt first: the server's clock decides.
type Attempts struct{ *desk }

// maxBatch is the most answers of one save.
const maxBatch = 200

// Begin is what a start brings along.
type Begin struct {
	Password string
	Takeover bool   // go on with an attempt that another session answers
	Device   string // for people: what the attempt is answered on
}

// answering gives the answering session of a signed-in session: a token that it alone is told, the
// same after a reload.
func (d *desk) answering(attemptID, sessionID string) string {
	mac := hmac.New(sha256.New, d.keys.Key("session"))
	mac.Write([]byte(attemptID + "\x00" + sessionID))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:12])
}

func (d *desk) blind(attemptID string) string {
	mac := hmac.New(sha256.New, d.keys.Key("marking"))
	mac.Write([]byte(attemptID))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:15])
}

// Start opens an attempt or goes on with the open one (Sheet.Resumed). Refused: "exam.not_open",
// "exam.closed", "exam.no_attempts_left", "exam.wait", "exam.password", "attempt.other_session"
// (each fault.Conflict but the password, which is fault.Invalid), "exam.password_wait"
// (fault.TooMany); a quiz that is not addressed to
// the member is fault.NotFound.
func (s *Attempts) Start(ctx context.Context, actor policies.Actor, quizID string, begin Begin) (Sheet, error) {
	now := s.clock.Now()
	for {
		e, err := s.entrance(ctx, actor, quizID, now)
		if err != nil {
			return Sheet{}, err
		}
		if e.open != nil {
			return s.resume(ctx, actor, *e.open, begin, now)
		}
		if err := e.refusal(now); err != nil {
			return Sheet{}, err
		}
		if err := s.unlock(ctx, &e, begin.Password, now); err != nil {
			return Sheet{}, err
		}
		sheet, err := s.open(ctx, actor, e, begin, now)
		if fault.Is(err, fault.Exists) { // a double click, another tab: go on with what it opened
			continue
		}
		return sheet, err
	}
}

func (s *Attempts) open(ctx context.Context, actor policies.Actor, e entrance, begin Begin, now time.Time) (Sheet, error) {
	number := 1
	if n := len(e.attempts); n > 0 {
		number = e.attempts[n-1].Number + 1
	}
	quiz := e.state.quiz
	id := AttemptID(quiz.ID, e.taker.MemberID, number)
	b, err := s.blueprint(ctx, quiz.ID, quiz.Number)
	if err != nil {
		return Sheet{}, err
	}
	a := Attempt{Meta: store.Meta{ID: id}, QuizID: quiz.ID, Version: quiz.Number, MemberID: e.taker.MemberID, OrgPath: e.taker.Path,
		Number: number, Seed: Seed(s.keys.Key("seed"), quiz.ID, e.taker.MemberID, number), Blind: s.blind(id)}
	sit := s.seat(b, b.draw(a.Seed), e.allowance, now, quiz.ClosedAt)
	if sit.contents, err = s.contents(ctx, sit.paper); err != nil {
		return Sheet{}, err
	}
	sit.origin = s.origin(id, actor.Address)
	session := s.answering(id, actor.SessionID)
	if err := a.start(sit, session, begin.Device, now); err != nil {
		return Sheet{}, err
	}
	if err := s.attempts.Insert(ctx, &a); err != nil {
		return Sheet{}, err
	}
	sheet := a.sheet(b.version.Title, sit, session, now)
	return sheet, s.marked(ctx, &sheet, b, a.MemberID)
}

func (s *Attempts) resume(ctx context.Context, actor policies.Actor, a Attempt, begin Begin, now time.Time) (Sheet, error) {
	session := s.answering(a.ID, actor.SessionID)
	if a.Session != session {
		if !begin.Takeover {
			if err := s.opened(ctx, a, session, begin.Device, now); err != nil {
				return Sheet{}, err
			}
			return Sheet{}, a.otherSession()
		}
		return s.Takeover(ctx, actor, a.ID, begin.Device)
	}
	return s.sheetOf(ctx, a, session, now)
}

func (s *Attempts) sheetOf(ctx context.Context, a Attempt, session string, now time.Time) (Sheet, error) {
	f, err := s.factsOf(ctx, &a)
	if err != nil {
		return Sheet{}, err
	}
	sit, allowance, err := s.sitting(ctx, f, now, true)
	if err != nil {
		return Sheet{}, err
	}
	sheet := a.sheet(f.blueprint.version.Title, sit, session, now)
	sheet.Resumed = true
	if !a.State.Ended() {
		return sheet, s.marked(ctx, &sheet, f.blueprint, a.MemberID)
	}
	state, err := s.quiz(ctx, f.quizID)
	if err != nil {
		return Sheet{}, err
	}
	settings := f.blueprint.version.Settings
	if _, shows := settings.Review.Shown(&a, settings.ManualRelease, closedTo(state.quiz, allowance, now), now); !shows.Responses {
		for i := range sheet.Answers {
			sheet.Answers[i].Response = question.Response{} // as in the review
		}
	}
	return sheet, nil
}

// own gives the facts of an attempt of the actor's; another's is fault.NotFound.
func (s *Attempts) own(ctx context.Context, actor policies.Actor, id string) (*facts, error) {
	f, err := s.facts(ctx, id)
	if err != nil {
		return nil, err
	}
	if actor.MemberID == "" || f.memberID != actor.MemberID {
		return nil, noAttempt(id, nil)
	}
	return f, nil
}

// act settles an attempt of the actor's and applies fn to it, both in one write; fn says whether it
// changed anything.
func (s *Attempts) act(ctx context.Context, f *facts, sit sitting, now time.Time, fn func(*Attempt) (bool, error)) (Attempt, error) {
	return s.rewrite(ctx, f.id, sit, func(a *Attempt) error {
		settled, err := a.settle(sit, now)
		if err != nil {
			return err
		}
		changed, err := fn(a)
		if err != nil {
			return err
		}
		moved := a.cameFrom(sit, now)
		judged, err := a.judge(sit, now)
		if err == nil && !settled && !changed && !moved && !judged {
			return store.ErrUnchanged
		}
		return err
	})
}

// Get gives the sheet of an attempt. Where another session answers it is refused
// ("attempt.other_session") unless view is set: then the sheet has no session.
func (s *Attempts) Get(ctx context.Context, actor policies.Actor, id string, view bool) (Sheet, error) {
	now := s.clock.Now()
	if _, err := s.own(ctx, actor, id); err != nil {
		return Sheet{}, err
	}
	a, err := s.attempts.Get(ctx, id)
	if err != nil {
		return Sheet{}, noAttempt(id, err)
	}
	if a, _, _, err = s.settled(ctx, a, now); err != nil {
		return Sheet{}, err
	}
	session := s.answering(id, actor.SessionID)
	if a.State.Running() && a.Session != session {
		if err := s.opened(ctx, a, session, "", now); err != nil {
			return Sheet{}, err
		}
		if !view {
			return Sheet{}, a.otherSession()
		}
	}
	return s.sheetOf(ctx, a, session, now)
}

// Standing is how an attempt stands by the server's clock.
type Standing struct {
	ServerTime    time.Time  `json:"server_time"`
	State         State      `json:"state"`
	Deadline      *time.Time `json:"deadline,omitempty"`
	GraceEnd      *time.Time `json:"grace_end,omitempty"`
	EndedAt       *time.Time `json:"ended_at,omitempty"`
	Ending        State      `json:"ending,omitempty"` // submitted, expired, abandoned: once it has ended
	ActiveSession bool       `json:"active_session"`   // this session still answers
	Held          *Pause     `json:"held,omitempty"`
	Collected     *string    `json:"collected,omitempty"` // why it was taken in, where it was
	Notices       []Notice   `json:"notices,omitempty"`   // of the proctor's, newest last
	Limits        []Reached  `json:"limits,omitempty"`    // warnings, and what handed the attempt in
	Here
}

func (a *Attempt) standing(s sitting, session string, now time.Time) Standing {
	clock := a.clock(s, now)
	return Standing{ServerTime: now, State: a.State, Deadline: clock.Deadline, GraceEnd: clock.GraceEnd, EndedAt: a.EndedAt, Ending: a.Ending,
		ActiveSession: a.Session == session, Held: a.heldFor(), Collected: a.collected(), Limits: a.told(s), Here: a.here(s, now)}
}

// Clock tells the time that is left; an extension shows here within a second of being given.
func (s *Attempts) Clock(ctx context.Context, actor policies.Actor, id string) (Standing, error) {
	now := s.clock.Now()
	if _, err := s.own(ctx, actor, id); err != nil {
		return Standing{}, err
	}
	a, err := s.attempts.Get(ctx, id)
	if err != nil {
		return Standing{}, noAttempt(id, err)
	}
	a, sit, _, err := s.settled(ctx, a, now)
	if err != nil {
		return Standing{}, err
	}
	standing := a.standing(sit, s.answering(id, actor.SessionID), now)
	if a.State.Running() {
		s.heard.hear(id, now)
		state, err := s.quiz(ctx, a.QuizID)
		if err != nil {
			return Standing{}, err
		}
		standing.Notices = noticesFor(state.notices, &a)
	}
	return standing, nil
}

// Saved acknowledges a save.
type Saved struct {
	ServerTime time.Time  `json:"server_time"`
	State      State      `json:"state"`
	Deadline   *time.Time `json:"deadline,omitempty"`
	GraceEnd   *time.Time `json:"grace_end,omitempty"`
	Receipts   []Receipt  `json:"receipts"`
	Here
}

// Save keeps answers durably and gives a receipt for each. What comes after the end is kept and
// marked late. It is idempotent; see Attempt.save for its refusals. Malformed answers are
// fault.Invalid ("answer.invalid"): none of the batch is kept then.
func (s *Attempts) Save(ctx context.Context, actor policies.Actor, id, session string, answers []Answer) (Saved, error) {
	now := s.clock.Now()
	f, err := s.own(ctx, actor, id)
	if err != nil {
		return Saved{}, err
	}
	if err := s.check(ctx, f, answers); err != nil {
		return Saved{}, err
	}
	sit, _, err := s.sitting(ctx, f, now, false)
	if err != nil {
		return Saved{}, err
	}
	sit.origin = s.origin(id, actor.Address)
	var receipts []Receipt
	a, err := s.act(ctx, f, sit, now, func(a *Attempt) (added bool, err error) {
		receipts, added, err = a.save(sit, session, answers, now)
		return added, err
	})
	if err != nil {
		return Saved{}, err
	}
	clock := a.clock(sit, now)
	return Saved{ServerTime: now, State: a.State, Deadline: clock.Deadline, GraceEnd: clock.GraceEnd, Receipts: receipts, Here: a.here(sit, now)}, nil
}

func (s *Attempts) check(ctx context.Context, f *facts, answers []Answer) error {
	if len(answers) == 0 || len(answers) > maxBatch {
		return fault.Bad("answer.invalid", []fault.Field{{Path: "answers", Key: "out_of_range", Params: map[string]any{"min": 1, "max": maxBatch}}})
	}
	ids := make([]string, 0, len(answers))
	for i, answer := range answers {
		outside := answer.Slot < 1 || answer.Slot > len(f.paper.Slots)
		if answer.Section > 0 { // no answer: the taker goes on
			outside = answer.Slot != 0
		}
		if outside {
			return fault.Bad("answer.invalid", []fault.Field{{Path: at(i, "slot"), Key: "out_of_range", Params: map[string]any{"min": 1, "max": len(f.paper.Slots)}}})
		}
		if answer.ClientSeq < 1 {
			return fault.Bad("answer.invalid", []fault.Field{{Path: at(i, "client_seq"), Key: "out_of_range", Params: map[string]any{"min": 1}}})
		}
		if answer.Section == 0 {
			ids = append(ids, f.paper.Slots[answer.Slot-1].Version)
		}
	}
	versions, err := s.bank.GetVersions(ctx, ids)
	if err != nil {
		return err
	}
	for i, answer := range answers {
		if answer.Section > 0 {
			continue
		}
		id := f.paper.Slots[answer.Slot-1].Version
		v, ok := versions[id]
		if !ok {
			return fault.New(fault.Unavailable, "question.version_missing", "question version %s is not in the bank", id)
		}
		if err := question.Check(v.Content, answer.Response); err != nil {
			return fault.Bad("answer.invalid", []fault.Field{{Path: at(i, "response"), Key: fault.KeyOf(err)}})
		}
		if len(answer.Response.Files) > 0 {
			if err := s.attached(ctx, f.id, answer.Response.Files); err != nil {
				return err
			}
		}
	}
	return nil
}

// turn is an attempt of the actor's after something was done to it.
type turn struct {
	Attempt
	facts     *facts
	sit       sitting
	allowance Allowance
}

// turn settles an attempt of the actor's, its contents loaded, and applies fn to it; see act.
func (s *Attempts) turn(ctx context.Context, actor policies.Actor, id string, now time.Time, fn func(*Attempt, sitting) (bool, error)) (t turn, err error) {
	if t.facts, err = s.own(ctx, actor, id); err != nil {
		return t, err
	}
	if t.sit, t.allowance, err = s.sitting(ctx, t.facts, now, true); err != nil {
		return t, err
	}
	t.sit.origin = s.origin(id, actor.Address)
	t.Attempt, err = s.act(ctx, t.facts, t.sit, now, func(a *Attempt) (bool, error) { return fn(a, t.sit) })
	return t, err
}

// Takeover lets the actor's session go on with the attempt; the other one is told by its next call.
func (s *Attempts) Takeover(ctx context.Context, actor policies.Actor, id, device string) (Sheet, error) {
	now := s.clock.Now()
	session := s.answering(id, actor.SessionID)
	t, err := s.turn(ctx, actor, id, now, func(a *Attempt, sit sitting) (bool, error) { return a.takeover(sit, session, device, now) })
	if err != nil {
		return Sheet{}, err
	}
	sheet := t.sheet(t.facts.blueprint.version.Title, t.sit, session, now)
	sheet.Resumed = true
	return sheet, s.marked(ctx, &sheet, t.facts.blueprint, t.MemberID)
}

// Handed acknowledges the end of an attempt.
type Handed struct {
	State      State      `json:"state"`
	Ending     State      `json:"ending"` // submitted; expired, abandoned where the end came first
	EndedAt    *time.Time `json:"ended_at,omitempty"`
	Receipt    string     `json:"receipt"` // of the step that ended it
	Answered   int        `json:"answered"`
	Unanswered int        `json:"unanswered"`
	ResultsAt  string     `json:"results_at"` // resultsAt
	ClosesAt   *time.Time `json:"closes_at,omitempty"`
}

// Submit hands in. It is idempotent: what has ended already is told as it is.
func (s *Attempts) Submit(ctx context.Context, actor policies.Actor, id, session string) (Handed, error) {
	now := s.clock.Now()
	t, err := s.turn(ctx, actor, id, now, func(a *Attempt, sit sitting) (bool, error) { return a.submit(sit, session, now) })
	if err != nil {
		return Handed{}, err
	}
	h := Handed{State: t.State, Ending: t.Ending, EndedAt: t.EndedAt, Answered: t.Answered, Unanswered: len(t.sit.paper.Slots) - t.Answered,
		ResultsAt: resultsAt(&t.Attempt, t.facts.blueprint.version.Settings, t.allowance.Over(now), now), ClosesAt: t.allowance.Closes}
	for _, step := range t.Steps {
		if step.Kind == StepSubmit || step.Kind == StepExpire || step.Kind == StepCollect {
			h.Receipt = step.Receipt
		}
	}
	return h, nil
}

// Receipts exports the receipts of an attempt.
func (s *Attempts) Receipts(ctx context.Context, actor policies.Actor, id string) (Chain, error) {
	if _, err := s.own(ctx, actor, id); err != nil {
		return Chain{}, err
	}
	a, err := s.attempts.Get(ctx, id)
	if err != nil {
		return Chain{}, noAttempt(id, err)
	}
	return a.Chain(), nil
}

// Verdict is what the server says of a chain.
type Verdict struct {
	OK       bool `json:"ok"`
	BrokenAt int  `json:"broken_at,omitempty"` // the first step whose receipt does not hold
	Kept     bool `json:"kept"`                // every step of the chain is in the server's history of the attempt
}

// VerifyChain checks a chain with the server's key and against the server's own history.
func (s *Attempts) VerifyChain(ctx context.Context, c Chain) (Verdict, error) {
	if broken := c.Verify(s.receiptKey); broken != 0 {
		return Verdict{BrokenAt: broken}, nil
	}
	a, err := s.attempts.Get(ctx, c.AttemptID)
	if fault.Is(err, fault.NotFound) {
		return Verdict{OK: true}, nil
	}
	if err != nil {
		return Verdict{}, err
	}
	kept := len(a.Steps) >= len(c.Steps)
	for i := 0; kept && i < len(c.Steps); i++ {
		kept = a.Steps[i].Receipt == c.Steps[i].Receipt
	}
	return Verdict{OK: true, Kept: kept}, nil
}
