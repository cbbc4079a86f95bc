package exam

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// maxComment is the longest comment or reason, in bytes.
const maxComment = 4000

// MarkAsk is an evaluator's mark of an answer.
type MarkAsk struct {
	Key     string // of the attempt, blind
	Slot    int
	Points  float64
	Comment string      // the member sees it along with the mark
	Rubric  []Judgement // criterion by criterion, sums to the points (see judge)
	Tab     string      // that holds the answer, see ClaimAsk
	Seen    int         // which mark the evaluator has seen there, as QueueAnswer or the mark before told; 0 = none
	Revise  bool        // decides alone about what several evaluators have marked
}

// Mark sets the mark of a slot and gives which it is (QueueAnswer.Seen); never of an own answer
// (fault.Forbidden, "mark.own"). The first mark of a waiting answer needs a claim (else what hands.check says); one
// that stands is replaced by who has seen it (else fault.Conflict, "mark.unseen", which tells it), and what several have marked only by
// the last of them, or with Revise (else fault.Conflict, "mark.already_marked"). The
// mark of an item that is marked automatically is changed only with a comment (else fault.Invalid,
// "mark.comment_required"), and that is recorded.
func (s *Marking) Mark(ctx context.Context, actor policies.Actor, quizID string, m MarkAsk) (seen int, err error) {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return 0, err
	}
	if len(m.Comment) > maxComment {
		return 0, fault.Bad("mark.invalid", []fault.Field{{Path: "comment", Key: "too_long", Params: map[string]any{"max": maxComment}}})
	}
	m.Comment = strings.TrimSpace(m.Comment)
	for a, err := range s.attempts.Find(ctx, store.Query[Attempt]{Index: "blind", Eq: map[string]any{"blind": m.Key}, Limit: 1}) {
		if err != nil {
			return 0, err
		}
		if a.QuizID != quizID {
			break
		}
		if isOwn(actor, a.MemberID) {
			return 0, fault.New(fault.Forbidden, "mark.own", "nobody marks an own answer")
		}
		return s.mark(ctx, actor, q, &a, m)
	}
	return 0, noAttempt(m.Key, nil)
}

func (s *Marking) mark(ctx context.Context, actor policies.Actor, q Quiz, a *Attempt, m MarkAsk) (seen int, err error) {
	f, err := s.factsOf(ctx, a)
	if err != nil {
		return 0, err
	}
	write := func(act func(*Attempt, sitting) error) error {
		a, err := s.judge(ctx, a.ID, func(a *Attempt, sit sitting) error {
			if again, err := a.unseen(sit, m, actor.AccountID); again || err != nil {
				return err
			}
			return act(a, sit)
		})
		if err == nil {
			if stands := Replay(a.Steps, len(f.paper.Slots)).stands(m.Slot-1, actor.AccountID); stands != nil {
				seen = stands.Seq
			}
		}
		return err
	}
	alone := func(a *Attempt, sit sitting) error {
		return a.mark(sit, m.Slot, m.Points, actor.AccountID, m.Comment, s.clock.Now(), m.Rubric...)
	}
	if m.Slot < 1 || m.Slot > len(f.paper.Slots) {
		return 0, write(alone) // refused there
	}
	id := f.paper.Slots[m.Slot-1].Version
	versions, err := s.bank.GetVersions(ctx, []string{id})
	if err != nil {
		return 0, err
	}
	v, ok := versions[id]
	switch {
	case !ok:
		return 0, fault.New(fault.Unavailable, "question.version_missing", "question version %s is not in the bank", id)
	case v.Content.Kind.ByHand():
		err = s.markByHand(ctx, actor, a, v.QuestionID, m, write)
	case m.Comment == "":
		return 0, fault.Bad("mark.comment_required", []fault.Field{{Path: "comment", Key: "mark.comment_required"}})
	default:
		err = s.trail.Act(ctx, actor, question.Act{Action: "mark.override", Object: "attempt:" + a.ID, Name: q.Title, Detail: map[string]string{
			"slot": strconv.Itoa(m.Slot), "mark": strconv.FormatFloat(m.Points, 'f', -1, 64), "comment": m.Comment}}, func() error { return write(alone) })
	}
	return seen, err
}

func (s *Marking) markByHand(ctx context.Context, actor policies.Actor, a *Attempt, questionID string, m MarkAsk, write func(func(*Attempt, sitting) error) error) error {
	held, err := s.hands(ctx, a.QuizID, questionID)
	if err != nil {
		return err
	}
	own := hand{actor.AccountID, m.Tab}
	lost := held.check(own, a.Blind, s.clock.Now())
	if err := write(func(a *Attempt, sit sitting) error {
		v := Replay(a.Steps, len(sit.paper.Slots))
		if v.Total == nil && a.State.Counts() && a.rounds(sit, v, m.Slot, questionID) {
			switch {
			case v.Marks[m.Slot-1] == nil || !m.Revise:
				return a.rate(sit, m.Slot, m.Points, actor.AccountID, m.Comment, lost, s.clock.Now(), m.Rubric...)
			case m.Comment == "":
				return fault.Bad("mark.comment_required", []fault.Field{{Path: "comment", Key: "mark.comment_required"}})
			}
		}
		if slices.Contains(a.Pending, questionID) && lost != nil { // an empty answer waits for nobody
			return lost
		}
		return a.mark(sit, m.Slot, m.Points, actor.AccountID, m.Comment, s.clock.Now(), m.Rubric...)
	}); err != nil || lost != nil {
		return err
	}
	return s.drop(ctx, held, func(l *lease) bool { return l.hand() == own && l.Key == a.Blind })
}

// stands gives the mark of a slot, from index 0, that an evaluator may know of: the one that counts, or the evaluator's own
// among those of several; nil = none. The view lacks marks that fell with a rubric (sitting.keyed).
func (v View) stands(i int, by string) *Step {
	if mark := v.Marks[i]; mark != nil && mark.Fraction != nil {
		return mark
	}
	if round := ratedBy(v.Ratings[i], by); round >= 0 {
		return v.Ratings[i][round]
	}
	return nil
}

// own gives the evaluator's act that the mark which stands came from: that mark, or the last of several; nil = another's.
func (v View) own(i int, by string) *Step {
	mark, given := v.stands(i, by), v.Ratings[i]
	switch {
	case mark == nil || mark.By == by:
		return mark
	case mark.By == "" && len(given) > 0 && given[len(given)-1].By == by:
		return given[len(given)-1]
	}
	return nil
}

// unseen refuses a mark in the place of one that its evaluator has not seen (fault.Conflict, "mark.unseen"), and tells that
// one. The evaluator's own that is sent once more, for the answer to it was lost, is there already (again). It is asked inside
// the write of the attempt, so that nothing comes between.
func (a *Attempt) unseen(s sitting, m MarkAsk, by string) (again bool, err error) {
	if !a.State.Counts() || m.Slot < 1 || m.Slot > len(s.paper.Slots) {
		return false, nil // refused by the act
	}
	v, i := Replay(a.Steps, len(s.paper.Slots)), m.Slot-1
	contents, err := s.keyed(v)
	if err != nil {
		return false, err
	}
	stands, own := v.stands(i, by), v.own(i, by)
	if stands == nil || stands.Seq == m.Seen {
		return false, nil
	}
	if own != nil {
		if sent, err := s.given(v, own.Kind, m.Slot, m.Points, by, m.Comment, m.Rubric); err == nil && sent.says(own) {
			return true, nil
		}
	}
	points := s.paper.Slots[i].Points
	refusal := fault.New(fault.Conflict, "mark.unseen", "slot %d has mark %d, seen is %d", m.Slot, stands.Seq, m.Seen).
		With("seen", stands.Seq).With("mark", hundredths(*stands.Fraction*points)).With("comment", stands.Note).With("own", own != nil)
	if lines := rubricLines(contents[i].Rubric, points, stands, true); lines != nil {
		refusal.With("rubric", lines)
	}
	return false, refusal
}

// says tells whether a mark says the same as another of its evaluator.
func (s *Step) says(other *Step) bool {
	return *s.Fraction == *other.Fraction && s.Note == other.Note && slices.Equal(s.Rubric, other.Rubric)
}
