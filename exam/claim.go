package exam

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Lease is how long a claim of answers stands without being renewed.
const Lease = 10 * time.Minute

// MaxClaim is how many answers to one question an evaluator holds at most in one tab.
const MaxClaim = 50

// hand is who holds an answer: an account, in one tab of the queue.
type hand struct{ by, tab string }

// lease is an answer in the hands of an evaluator; its id is quiz:question:key:n. An answer is taken by writing the
// next n, which one alone can do on every engine: a taken id is refused. A lease is written by its holder only; others
// delete it at most, once it has run out. Who has written looks again, and lets go where another holds the answer too:
// of two who write at once the second to look sees the first (Dekker), so that two never both believe that they hold it.
type lease struct {
	store.Meta `bson:",inline"`
	Place      string    `bson:"place" json:"place"` // quiz:question
	Key        string    `bson:"key" json:"key"`     // of the attempt, blind
	Attempt    string    `bson:"attempt" json:"attempt"`
	N          int       `bson:"n" json:"n"`
	By         string    `bson:"by" json:"by"`   // account
	Tab        string    `bson:"tab" json:"tab"` // see ClaimAsk
	Until      time.Time `bson:"until" json:"until"`
}

func (l *lease) hand() hand { return hand{l.By, l.Tab} }

func (l *lease) stands(now time.Time) bool { return now.Before(l.Until) }

func placeOf(quizID, questionID string) string { return quizID + ":" + questionID }

// hands are the leases of a question.
type hands []lease

// held says whether anyone holds the answer.
func (h hands) held(key string, now time.Time) bool {
	return slices.ContainsFunc(h, func(l lease) bool { return l.Key == key && l.stands(now) })
}

// check refuses where the hand does not hold the answer, or not alone (fault.Conflict): "mark.not_claimed" where nobody does, for the
// lease is over or was given back; "mark.claimed_elsewhere" where another tab of the account has it, "mark.claimed_by_other" where
// another account.
func (h hands) check(own hand, key string, now time.Time) error {
	holds, cause := false, "mark.not_claimed"
	for i := range h {
		switch l := &h[i]; {
		case l.Key != key || !l.stands(now):
		case l.By != own.by:
			return fault.New(fault.Conflict, "mark.claimed_by_other", "%s holds answer %s", l.By, key)
		case l.Tab != own.tab:
			cause = "mark.claimed_elsewhere"
		default:
			holds = true
		}
	}
	if holds && own.by != "" && cause == "mark.not_claimed" {
		return nil
	}
	return fault.New(fault.Conflict, cause, "%s does not hold answer %s in tab %q", own.by, key, own.tab)
}

// next gives what the following lease of an answer is numbered.
func (h hands) next(key string) int {
	n := 0
	for i := range h {
		if h[i].Key == key {
			n = max(n, h[i].N+1)
		}
	}
	return n
}

// others counts the answers in the hands of each other account.
func (h hands) others(by string, now time.Time) map[string]int {
	count := map[string]int{}
	for i := range h {
		if h[i].By != by && h[i].stands(now) {
			count[h[i].By]++
		}
	}
	return count
}

func (d *desk) hands(ctx context.Context, quizID, questionID string) (hands, error) {
	var h hands
	for l, err := range d.leases.Find(ctx, store.Query[lease]{Index: "place", Eq: map[string]any{"place": placeOf(quizID, questionID)}}) {
		if err != nil {
			return nil, err
		}
		h = append(h, l)
	}
	return h, nil
}

// drop ends the leases that the function picks.
func (d *desk) drop(ctx context.Context, h hands, pick func(*lease) bool) error {
	for i := range h {
		if !pick(&h[i]) {
			continue
		}
		if err := d.leases.Delete(ctx, h[i].ID); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// ClaimAsk says which answers to a question an evaluator wants to hold.
type ClaimAsk struct {
	Most  int    // 1..MaxClaim
	Round int    // those that wait for a first (1), second or third mark alone; 0 = for any
	Tab   string // of the queue, named by itself: tabs of one evaluator hold different answers
	Take  bool   // what other tabs of the evaluator hold goes to this one
}

// Claimed is what an evaluator holds of a question in one tab.
type Claimed struct {
	Items     []QueueAnswer  `json:"items"`
	Until     time.Time      `json:"until"`     // when the claim runs out unless it is renewed
	Elsewhere int            `json:"elsewhere"` // answers that other tabs of the evaluator hold
	Others    map[string]int `json:"-"`         // answers in the hands of others, by account
}

// Claim renews what the actor holds in the tab of the waiting answers to a question and adds free ones, in the order of their
// keys, until it is Most of them. What is not renewed for Lease goes back, and what the tab holds of other rounds. It tells
// nothing of the marks before.
func (s *Marking) Claim(ctx context.Context, actor policies.Actor, quizID, questionID string, ask ClaimAsk) (Claimed, error) {
	out := Claimed{Items: []QueueAnswer{}}
	if _, err := s.seen(ctx, actor, quizID); err != nil {
		return out, err
	}
	if actor.AccountID == "" {
		return out, fault.New(fault.Forbidden, "mark.not_claimed", "only an account holds answers")
	}
	now, own := s.clock.Now(), hand{actor.AccountID, ask.Tab}
	before, err := s.hands(ctx, quizID, questionID)
	if err != nil {
		return out, err
	}
	if before, err = s.ofRound(ctx, own, questionID, ask, before); err != nil {
		return out, err
	}
	out.Until = now.Add(Lease)
	held, err := s.renew(ctx, own, ask.Take, before, now)
	if err != nil {
		return out, err
	}
	if err := s.takeFree(ctx, actor, quizID, questionID, ask, before, max(1, min(ask.Most, MaxClaim))-held, now); err != nil {
		return out, err
	}
	after, err := s.hands(ctx, quizID, questionID)
	if err != nil {
		return out, err
	}
	out.Others = after.others(actor.AccountID, now)
	suggested, err := s.suggestions(ctx, quizID, questionID)
	if err != nil {
		return out, err
	}
	lost, given := map[string]bool{}, map[string]bool{} // the own leases by id, and by answer
	for _, l := range after {
		if l.hand() != own {
			if l.By == own.by && l.stands(now) {
				out.Elsewhere++
			}
			continue
		}
		if lost[l.ID] = given[l.Key] || after.check(own, l.Key, now) != nil; lost[l.ID] {
			continue
		}
		given[l.Key] = true
		// Read after the claim: what was marked meanwhile is not given out again.
		a, err := s.attempts.Get(ctx, l.Attempt)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return out, err
		}
		if lost[l.ID] = err != nil; lost[l.ID] {
			continue
		}
		f, err := s.factsOf(ctx, &a)
		if err != nil {
			return out, err
		}
		if lost[l.ID] = !a.waitsFor(f.paper, questionID, actor.AccountID) || !a.inRound(f.paper, questionID, ask.Round); lost[l.ID] {
			continue
		}
		answers, err := s.answersOf(ctx, &a, questionID, actor.AccountID, suggested)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, answers...)
	}
	slices.SortFunc(out.Items, func(a, b QueueAnswer) int { return strings.Compare(a.AttemptKey, b.AttemptKey) })
	return out, s.drop(ctx, after, func(l *lease) bool { return lost[l.ID] })
}

// ofRound gives back what the tab holds of other rounds, and the leases without what the evaluator holds of those.
func (s *Marking) ofRound(ctx context.Context, own hand, questionID string, ask ClaimAsk, h hands) (hands, error) {
	if ask.Round == 0 {
		return h, nil
	}
	other := map[string]bool{}
	for _, l := range h {
		if l.hand() != own && !(ask.Take && l.By == own.by) {
			continue
		}
		a, err := s.attempts.Get(ctx, l.Attempt)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		f, err := s.factsOf(ctx, &a)
		if err != nil {
			return nil, err
		}
		other[l.ID] = !a.inRound(f.paper, questionID, ask.Round)
	}
	if err := s.drop(ctx, h, func(l *lease) bool { return other[l.ID] && l.hand() == own }); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(h, func(l lease) bool { return other[l.ID] }), nil
}

// renew prolongs the leases of the tab that still stand, takes those of the account's other tabs where it says so, and says how many.
func (s *Marking) renew(ctx context.Context, own hand, take bool, before hands, now time.Time) (int, error) {
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(sweepers)
	n := 0
	for _, l := range before {
		if l.By != own.by || l.Tab != own.tab && !take || !l.stands(now) {
			continue
		}
		n++
		group.Go(func() error {
			_, err := s.leases.Update(gctx, l.ID, func(l *lease) error {
				if l.Tab == own.tab || take { // another tab may have taken it since
					l.Tab, l.Until = own.tab, now.Add(Lease)
				}
				return nil
			})
			if fault.Is(err, fault.NotFound) {
				return nil // marked meanwhile
			}
			return err
		})
	}
	return n, group.Wait()
}

// takeFree writes leases of up to n waiting answers of others that nobody holds.
func (s *Marking) takeFree(ctx context.Context, actor policies.Actor, quizID, questionID string, ask ClaimAsk, before hands, n int, now time.Time) error {
	if n <= 0 {
		return nil
	}
	place := placeOf(quizID, questionID)
	var free []lease
	var taken atomic.Int64
	take := func() error {
		group, gctx := errgroup.WithContext(ctx)
		group.SetLimit(sweepers)
		for _, l := range free {
			group.Go(func() error {
				switch err := s.leases.Insert(gctx, &l); {
				case fault.Is(err, fault.Exists):
					return nil // another was faster
				case err != nil:
					return err
				}
				taken.Add(1)
				return s.drop(gctx, before, func(old *lease) bool { return old.Key == l.Key }) // all have run out
			})
		}
		free = free[:0]
		return group.Wait()
	}
	for a, err := range s.attempts.Find(ctx, store.Query[Attempt]{Index: "pending", Eq: map[string]any{"quiz_id": quizID, "pending": questionID}}) {
		if err != nil {
			return err
		}
		if before.held(a.Blind, now) || isOwn(actor, a.MemberID) {
			continue
		}
		f, err := s.factsOf(ctx, &a)
		if err != nil {
			return err
		}
		if !a.waitsFor(f.paper, questionID, actor.AccountID) || !a.inRound(f.paper, questionID, ask.Round) {
			continue
		}
		number := before.next(a.Blind)
		free = append(free, lease{Meta: store.Meta{ID: place + ":" + a.Blind + ":" + strconv.Itoa(number)}, Place: place, Key: a.Blind, Attempt: a.ID,
			N: number, By: actor.AccountID, Tab: ask.Tab, Until: now.Add(Lease)})
		if len(free) < n-int(taken.Load()) {
			continue
		}
		if err := take(); err != nil {
			return err
		}
		if int(taken.Load()) >= n {
			return nil
		}
	}
	return take()
}

// Unclaim lets go of all that the actor holds of a question in a tab (see ClaimAsk).
func (s *Marking) Unclaim(ctx context.Context, actor policies.Actor, quizID, questionID, tab string) error {
	if _, err := s.seen(ctx, actor, quizID); err != nil {
		return err
	}
	h, err := s.hands(ctx, quizID, questionID)
	if err != nil {
		return err
	}
	own := hand{actor.AccountID, tab}
	return s.drop(ctx, h, func(l *lease) bool { return l.hand() == own })
}

// answersOf gives an attempt's answers to a question as an evaluator may know them, without the name.
func (d *desk) answersOf(ctx context.Context, a *Attempt, questionID, by string, suggested map[string]Suggestion) ([]QueueAnswer, error) {
	f, err := d.factsOf(ctx, a)
	if err != nil {
		return nil, err
	}
	v, contents, err := d.asMarked(ctx, a, f.paper)
	if err != nil {
		return nil, err
	}
	list := []QueueAnswer{}
	for i, slot := range f.paper.Slots {
		if question.QuestionOf(slot.Version) != questionID {
			continue
		}
		answer := QueueAnswer{AttemptKey: a.Blind, Slot: slot.Number, Points: slot.Points}
		if step := v.Answers[i]; step != nil && step.Response != nil {
			answer.Response, answer.Admitted = *step.Response, step.Late
		}
		stands := v.stands(i, by)
		if stands != nil {
			mark := hundredths(*stands.Fraction * slot.Points)
			answer.Mark, answer.Comment, answer.By, answer.Seen = &mark, stands.Note, stands.By, stands.Seq
		}
		answer.Rubric = rubricLines(contents[i].Rubric, slot.Points, stands, true)
		if one, ok := suggested[answerKey(a.Blind, slot.Number)]; ok {
			answer.Suggested = &one
		}
		list = append(list, answer)
	}
	return list, nil
}
