package exam

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// entrance is a member before a quiz: all that decides whether an attempt may begin.
type entrance struct {
	state     quizState
	version   *QuizVersion
	taker     Taker
	allowance Allowance
	attempts  []Attempt      // settled, in the order of their numbers
	versions  []*QuizVersion // of the attempts
	used      int            // void ones left out
	open      *Attempt
	outside   bool // the quiz is not for the member now
}

// entrance loads it; a quiz that does not concern the member is fault.NotFound.
func (d *desk) entrance(ctx context.Context, actor policies.Actor, quizID string, now time.Time) (entrance, error) {
	none := fault.New(fault.NotFound, "quiz.not_found", "quiz %s is not addressed to member %s", quizID, actor.MemberID)
	if actor.MemberID == "" {
		return entrance{}, none
	}
	state, err := d.quiz(ctx, quizID)
	if err != nil {
		return entrance{}, err
	}
	attempts, err := d.ofMember(ctx, quizID, actor.MemberID)
	if err != nil {
		return entrance{}, err
	}
	e, concerned, err := d.enter(ctx, state, actor.MemberID, attempts, now)
	if err == nil && !concerned {
		err = none
	}
	return e, err
}

// enter says how a member stands to a quiz, and whether it concerns the member at all.
func (d *desk) enter(ctx context.Context, state quizState, memberID string, attempts []Attempt, now time.Time) (entrance, bool, error) {
	e := entrance{state: state, attempts: attempts}
	if state.quiz.Number == 0 || state.quiz.Status == QuizDraft || state.quiz.Status == QuizArchived && len(attempts) == 0 {
		return e, false, nil
	}
	b, err := d.blueprint(ctx, state.quiz.ID, state.quiz.Number)
	if err != nil {
		return e, false, err
	}
	e.version = &b.version
	if e.taker, err = d.taker(ctx, memberID); err != nil {
		return e, false, err
	}
	addressed, err := d.addresses(ctx, e.version, e.taker, now)
	if err != nil || len(attempts) == 0 && !addressed {
		return e, false, err
	}
	e.outside = !addressed
	e.allowance = Resolve(b.version.Settings.Timing, e.taker, state.overrides)
	for i := range attempts {
		b, err := d.blueprint(ctx, state.quiz.ID, attempts[i].Version)
		if err != nil {
			return e, false, err
		}
		e.versions = append(e.versions, &b.version)
		if attempts[i].State.Running() {
			if attempts[i], _, _, err = d.settled(ctx, attempts[i], now); err != nil {
				return e, false, err
			}
		}
		if attempts[i].State.Running() {
			e.open = &attempts[i]
		}
		if attempts[i].State != Void {
			e.used++
		}
	}
	return e, true, nil
}

// shut says whether the quiz is closed to the member.
func (e *entrance) shut(now time.Time) bool {
	return e.state.quiz.Status != QuizPublished || e.allowance.Over(now)
}

// refusal says why no new attempt may begin; nil = it may (a password is asked for apart).
func (e *entrance) refusal(now time.Time) error {
	quiz := e.state.quiz
	switch last := e.last(); {
	case e.open != nil:
		return nil
	case e.shut(now):
		f := fault.New(fault.Conflict, "exam.closed", "quiz %s is closed", quiz.ID)
		if e.allowance.Closes != nil {
			f.With("closed_at", *e.allowance.Closes)
		}
		return f
	case e.outside:
		return fault.New(fault.Conflict, "exam.not_addressed", "quiz %s is not addressed to member %s any more", quiz.ID, e.taker.MemberID)
	case !e.allowance.Opened(now):
		return fault.New(fault.Conflict, "exam.not_open", "quiz %s opens at %s", quiz.ID, e.allowance.Opens).With("opens_at", *e.allowance.Opens)
	case e.allowance.Attempts > 0 && e.used >= e.allowance.Attempts:
		return fault.New(fault.Conflict, "exam.no_attempts_left", "%d of %d attempts", e.used, e.allowance.Attempts).With("attempts", e.allowance.Attempts)
	case last != nil && last.EndedAt != nil && now.Before(last.EndedAt.Add(seconds(e.version.Settings.Wait))):
		return fault.New(fault.Conflict, "exam.wait", "the next attempt may begin later").With("until", last.EndedAt.Add(seconds(e.version.Settings.Wait)))
	}
	return nil
}

// last gives the last attempt that is not void.
func (e *entrance) last() *Attempt {
	for i := len(e.attempts) - 1; i >= 0; i-- {
		if e.attempts[i].State != Void {
			return &e.attempts[i]
		}
	}
	return nil
}

// AttemptSummary is an attempt as its taker may see it now.
type AttemptSummary struct {
	AttemptID string     `json:"attempt_id"`
	QuizID    string     `json:"quiz_id"`
	Title     string     `json:"title"`
	Number    int        `json:"number"`
	State     State      `json:"state"`
	Ending    State      `json:"ending,omitempty"`
	StartedAt time.Time  `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Score     *float64   `json:"score,omitempty"`
	Points    float64    `json:"points"`
	Percent   *float64   `json:"percent,omitempty"`
	Passed    *bool      `json:"passed,omitempty"`
	Pending   bool       `json:"pending"` // an evaluator has to mark items
	Late      int        `json:"late"`    // late answers that do not count
}

// summary hides what the review matrix does not show yet, and that an unreleased attempt is marked.
func (a *Attempt) summary(v *QuizVersion, closed bool, now time.Time) AttemptSummary {
	_, shows := v.Settings.Review.Shown(a, v.Settings.ManualRelease, closed, now)
	s := AttemptSummary{AttemptID: a.ID, QuizID: a.QuizID, Title: v.Title, Number: a.Number, State: a.State, Ending: a.Ending,
		StartedAt: a.StartedAt, EndedAt: a.EndedAt, Points: hundredths(v.Points - a.Dropped), Pending: a.State == Grading, Late: a.Late}
	if shows.Total {
		s.Score, s.Percent, s.Passed = a.Score, a.Percent, a.Passed
	}
	return s
}

// CardState is where a quiz stands for a member.
type CardState string

// The states of a card.
const (
	CardOpen   CardState = "open"   // an attempt may begin or go on
	CardComing CardState = "coming" // the window has not begun
	CardDone   CardState = "done"   // taken, and no attempt is open or may begin
	CardMissed CardState = "missed" // closed without an attempt
)

// Card is a quiz as it stands in a member's list.
type Card struct {
	QuizID           string          `json:"quiz_id"`
	Title            string          `json:"title"`
	OrgID            string          `json:"org_id"`
	OrgName          string          `json:"org_name"`
	Opens            *time.Time      `json:"opens,omitempty"`
	Closes           *time.Time      `json:"closes,omitempty"`
	Limit            int             `json:"limit"`                 // seconds, 0 = none
	TimedParts       bool            `json:"timed_parts,omitempty"` // a section has a limit of its own
	Items            int             `json:"items"`                 // that one answers; of a material each of its own
	ItemsMost        int             `json:"items_most,omitempty"`  // where papers differ: Items is the least
	Points           float64         `json:"points"`
	PassPercent      float64         `json:"pass_percent"`
	State            CardState       `json:"state"`
	AttemptsUsed     int             `json:"attempts_used"`
	AttemptsAllowed  int             `json:"attempts_allowed"` // 0 = any number
	OpenAttemptID    string          `json:"open_attempt_id,omitempty"`
	OpenDeadline     *time.Time      `json:"open_deadline,omitempty"`
	Last             *AttemptSummary `json:"last,omitempty"`
	MakeupOf         string          `json:"makeup_of,omitempty"` // of a make-up exam: the first quiz
	PasswordRequired bool            `json:"password_required"`

	waits bool // the next attempt may begin, but not yet
}

func (e *entrance) card(now time.Time) Card {
	v := e.version
	c := Card{QuizID: v.QuizID, Title: v.Title, OrgID: e.state.quiz.OrgID, Opens: e.allowance.Opens, Closes: e.allowance.Closes,
		Limit: int(v.limit(e.allowance) / time.Second), Points: v.Points, PassPercent: v.Settings.PassPercent,
		AttemptsUsed: e.used, AttemptsAllowed: e.allowance.Attempts, MakeupOf: v.MakeupOf, PasswordRequired: len(e.allowance.Passwords) > 0}
	for i := range v.Sections {
		_, most := v.Sections[i].answered()
		c.TimedParts = c.TimedParts || most > 0 && v.Sections[i].Limit > 0
	}
	c.Items, c.ItemsMost = span(v.answered())
	if at := e.state.quiz.ClosedAt; at != nil {
		c.Closes = earlier(c.Closes, *at)
	}
	for i := range e.attempts {
		if a := &e.attempts[i]; a.State.Ended() && a.State != Void {
			summary := a.summary(e.versions[i], e.shut(now), now)
			c.Last = &summary
		}
	}
	if e.open != nil {
		c.OpenAttemptID, c.OpenDeadline = e.open.ID, e.open.Deadline
	}
	c.waits = fault.KeyOf(e.refusal(now)) == "exam.wait"
	switch refused := e.refusal(now) != nil; {
	case e.open != nil, !refused, c.waits:
		c.State = CardOpen
	case e.used > 0:
		c.State = CardDone
	case !e.allowance.Opened(now) && !e.shut(now):
		c.State = CardComing
	default:
		c.State = CardMissed
	}
	return c
}

// span gives a count that may differ between papers: the least, and the most where it is not the same, else 0.
func span(least, most int) (int, int) {
	if least == most {
		most = 0
	}
	return least, most
}

// until orders open cards: those that run, then those that end first. In nanoseconds of Unix time.
func (c *Card) until() int64 {
	switch {
	case c.OpenAttemptID != "":
		return math.MinInt64
	case c.Closes == nil:
		return math.MaxInt64
	}
	return c.Closes.UnixNano()
}

// Cards gives the quizzes that concern the actor: open first (the first to end before others), then coming
// (the nearest first), then done and missed (the latest first).
func (s *Attempts) Cards(ctx context.Context, actor policies.Actor) ([]Card, error) {
	cards := []Card{}
	if actor.MemberID == "" {
		return cards, nil
	}
	now := s.clock.Now()
	quizzes, err := s.running(ctx)
	if err != nil {
		return nil, err
	}
	mine := map[string][]Attempt{}
	for a, err := range s.attempts.Find(ctx, store.Query[Attempt]{Index: "member", Eq: map[string]any{"member_id": actor.MemberID}}) {
		if err != nil {
			return nil, err
		}
		mine[a.QuizID] = append(mine[a.QuizID], a)
	}
	for _, q := range quizzes {
		state, err := s.quiz(ctx, q.ID)
		if err != nil {
			return nil, err
		}
		attempts := mine[q.ID]
		slices.SortFunc(attempts, func(a, b Attempt) int { return a.Number - b.Number })
		e, concerned, err := s.enter(ctx, state, actor.MemberID, attempts, now)
		if err != nil {
			return nil, err
		}
		if concerned {
			cards = append(cards, e.card(now))
		}
	}
	if err := s.nameCards(ctx, cards); err != nil {
		return nil, err
	}
	rank := map[CardState]int{CardOpen: 0, CardComing: 1, CardDone: 2, CardMissed: 3}
	slices.SortStableFunc(cards, func(a, b Card) int {
		if a.State != b.State {
			return rank[a.State] - rank[b.State]
		}
		switch {
		case a.State == CardComing:
			return a.Opens.Compare(*b.Opens)
		case a.State == CardOpen && a.until() != b.until():
			return cmp.Compare(a.until(), b.until())
		}
		return strings.Compare(b.QuizID, a.QuizID)
	})
	return cards, nil
}

func (s *Attempts) nameCards(ctx context.Context, cards []Card) error {
	var ids []string
	for _, c := range cards {
		if !slices.Contains(ids, c.OrgID) {
			ids = append(ids, c.OrgID)
		}
	}
	names, err := s.roster.Names(ctx, ids)
	if err != nil {
		return err
	}
	for i := range cards {
		cards[i].OrgName = names[cards[i].OrgID]
	}
	return nil
}

// Door is a card with what is read before beginning.
type Door struct {
	Card
	Intro      string           `json:"intro,omitempty"`
	Sections   []DoorSection    `json:"sections"`
	Rules      Rules            `json:"rules"`
	CanStart   bool             `json:"can_start"`
	Reason     string           `json:"reason,omitempty"` // key of the refusal
	Params     map[string]any   `json:"reason_params,omitempty"`
	Attempts   []AttemptSummary `json:"attempts"`
	ServerTime time.Time        `json:"server_time"`
}

// DoorSection sums a section up.
type DoorSection struct {
	Title        string  `json:"title"`
	Instructions string  `json:"instructions,omitempty"`
	Items        int     `json:"items"`
	ItemsMost    int     `json:"items_most,omitempty"` // as in Card
	Points       float64 `json:"points"`
	Limit        int     `json:"limit,omitempty"` // seconds of its own, 0 = none
}

// Rules are the rules of a quiz that its takers are told.
type Rules struct {
	Overdue       Overdue       `json:"overdue"`
	Grace         int           `json:"grace"` // seconds
	GradeBy       GradeBy       `json:"grade_by"`
	Wait          int           `json:"wait"` // seconds between attempts
	ManualRelease bool          `json:"manual_release"`
	NegativeMarks bool          `json:"negative_marks"`
	Behaviour     Behaviour     `json:"behaviour" enum:"deferred,immediate,retry"`
	Tries         int           `json:"tries,omitempty"`
	Penalty       float64       `json:"penalty,omitempty"` // share of an item that each try before costs
	Limits        []SignalLimit `json:"limits,omitempty"`
	Watermark     bool          `json:"watermark,omitempty"`
}

// Door gives what a member sees before a quiz.
func (s *Attempts) Door(ctx context.Context, actor policies.Actor, quizID string) (Door, error) {
	now := s.clock.Now()
	e, err := s.entrance(ctx, actor, quizID, now)
	if err != nil {
		return Door{}, err
	}
	cards := []Card{e.card(now)}
	if err := s.nameCards(ctx, cards); err != nil {
		return Door{}, err
	}
	v := e.version
	d := Door{Card: cards[0], Intro: v.Intro, Sections: []DoorSection{}, Attempts: []AttemptSummary{}, ServerTime: now,
		Rules: Rules{Overdue: v.Settings.Overdue, Grace: v.Settings.Grace, GradeBy: v.Settings.GradeBy, Wait: v.Settings.Wait, ManualRelease: v.Settings.ManualRelease,
			NegativeMarks: v.Settings.NegativeMarks, Behaviour: v.Settings.rule().Behaviour, Tries: v.Settings.rule().Tries, Penalty: v.Settings.rule().Penalty,
			Limits: v.Settings.Limits, Watermark: v.Settings.Watermark}}
	for i := range v.Sections {
		section := &v.Sections[i]
		sum := DoorSection{Title: section.Title, Instructions: section.Instructions, Limit: section.Limit}
		sum.Items, sum.ItemsMost = span(section.answered())
		for _, p := range section.Pools {
			sum.Points += float64(p.Count) * p.Points
		}
		d.Sections = append(d.Sections, sum)
	}
	for i := range e.attempts {
		d.Attempts = append(d.Attempts, e.attempts[i].summary(e.versions[i], e.shut(now), now))
	}
	if err := e.refusal(now); err != nil {
		d.Reason = fault.KeyOf(err)
		if f, ok := err.(*fault.Fault); ok {
			d.Params = f.Params
		}
	} else {
		d.CanStart = true
	}
	return d, nil
}

// Mine pages through the actor's attempts that have ended, the latest quiz first.
func (s *Attempts) Mine(ctx context.Context, actor policies.Actor, limit int, after string) (store.Page[AttemptSummary], error) {
	out := store.Page[AttemptSummary]{Items: []AttemptSummary{}}
	if actor.MemberID == "" {
		return out, nil
	}
	now := s.clock.Now()
	page, err := s.attempts.Page(ctx, store.Query[Attempt]{Index: "member", Eq: map[string]any{"member_id": actor.MemberID}, Desc: true, Limit: limit, After: after})
	if err != nil {
		return out, err
	}
	out.Next = page.Next
	for _, a := range page.Items {
		a, _, allowance, err := s.settled(ctx, a, now)
		if err != nil {
			return out, err
		}
		if !a.State.Ended() {
			continue
		}
		state, err := s.quiz(ctx, a.QuizID)
		if err != nil {
			return out, err
		}
		f, err := s.factsOf(ctx, &a)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, a.summary(&f.blueprint.version, closedTo(state.quiz, allowance, now), now))
	}
	return out, nil
}

// overTo says whether the quiz is closed to a member.
func (q quizState) overTo(settings Settings, t Taker, now time.Time) bool {
	return closedTo(q.quiz, Resolve(settings.Timing, t, q.overrides), now)
}

// closedTo says whether the quiz is closed to a member with the allowance.
func closedTo(q Quiz, a Allowance, now time.Time) bool {
	return q.Status != QuizPublished || a.Over(now)
}
