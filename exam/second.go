package exam

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// Double marking (双评): where the quiz says so, an answer that people mark is marked by two evaluators who do not know of
// each other, and by a third where the two are too far apart. Each of their marks is a step (StepRating, Ref is the round);
// once they suffice, the mark that counts follows as a step of its own (StepMark without By), so that whatever reads
// marks finds it there and nowhere before. Until then the answer waits.

// Second says which answers of a quiz are marked twice.
type Second struct {
	Share   float64 `bson:"share" json:"share"`     // of the answers that people mark, 0..1, picked by the seed of the attempt
	Differs float64 `bson:"differs" json:"differs"` // percent of the item's points; two marks further apart than this go to a third evaluator
}

// picks says whether an answer is marked twice: the same answer always, and no one can foresee it without the seed.
func (r *Second) picks(seed string, slot int) bool {
	if r == nil || r.Share <= 0 {
		return false
	}
	sum := sha256.Sum256([]byte("qiming second 1\x00" + seed + "\x00" + strconv.Itoa(slot)))
	return float64(binary.BigEndian.Uint64(sum[:8])>>11)/(1<<53) < r.Share
}

// settle gives the mark that counts, a fraction of the item, once the marks in the order of the rounds suffice (ok). Two at
// most Differs apart: their mean. Three: the mean of the third and the nearer of the first two, the better one where both are
// as near (三评取与之接近的一评之平均, as in Chinese public examinations).
func (r *Second) settle(given []float64) (final float64, ok bool) {
	switch {
	case len(given) < 2:
		return 0, false
	case len(given) == 2:
		return (given[0] + given[1]) / 2, !r.apart(given[0], given[1])
	}
	low, high, third := min(given[0], given[1]), max(given[0], given[1]), given[2]
	if third-low < high-third-1e-9 {
		return (low + third) / 2, true
	}
	return (high + third) / 2, true
}

func (r *Second) apart(a, b float64) bool { return math.Abs(a-b)*100 > r.Differs+1e-6 }

// ratedBy gives the place of an account's mark among those of the rounds, -1 = none.
func ratedBy(given []*Step, by string) int {
	return slices.IndexFunc(given, func(s *Step) bool { return s.By == by })
}

// rounds says whether a mark of the slot is one of several: the answer is picked and nobody has decided about it alone.
func (a *Attempt) rounds(s sitting, v View, slot int, questionID string) bool {
	if !s.second.picks(a.Seed, slot) {
		return false
	}
	mark := v.Marks[slot-1]
	return mark == nil && slices.Contains(a.Pending, questionID) || mark != nil && mark.By == "" && mark.Ref > 0
}

// rate adds an evaluator's mark of an answer that several mark. Who has marked it may change that mark as long as the answer
// waits, and the last one also after it, until the result is out.
func (a *Attempt) rate(s sitting, slot int, points float64, by, comment string, holds bool, now time.Time, rubric ...Judgement) error {
	v := Replay(a.Steps, len(s.paper.Slots))
	step, err := s.given(v, StepRating, slot, points, by, comment, rubric)
	if err != nil {
		return err
	}
	given, mark := v.Ratings[slot-1], v.Marks[slot-1]
	round := ratedBy(given, by)
	switch {
	case mark != nil && (a.ReleasedAt != nil || round < 0 || round != len(given)-1):
		return fault.New(fault.Conflict, "mark.already_marked", "slot %d is marked by %d", slot, len(given))
	case round < 0 && !holds:
		return fault.New(fault.Conflict, "mark.not_claimed", "slot %d is not claimed by %s", slot, by)
	case round < 0:
		round = len(given)
	}
	step.At, step.Ref = now, round+1
	a.add(s.key, step)
	given = Replay(a.Steps, len(s.paper.Slots)).Ratings[slot-1]
	fractions, notes := make([]float64, len(given)), []string{}
	for i, one := range given {
		fractions[i] = *one.Fraction
		if one.Note != "" && !slices.Contains(notes, one.Note) {
			notes = append(notes, one.Note)
		}
	}
	if final, ok := s.second.settle(fractions); ok {
		a.add(s.key, Step{Kind: StepMark, At: now, Slot: slot, Ref: len(given), Fraction: &final, Note: strings.Join(notes, "\n")})
	} else if mark != nil { // the last mark was changed: now a third evaluator is needed
		a.add(s.key, Step{Kind: StepMark, At: now, Slot: slot, Ref: len(given)})
	}
	return a.regrade(s)
}

// waitsFor says whether an answer of the attempt to the question waits for a mark of the account.
func (a *Attempt) waitsFor(paper Paper, questionID, by string) bool {
	if !slices.Contains(a.Pending, questionID) {
		return false
	}
	if !slices.ContainsFunc(a.Steps, func(s Step) bool { return s.Kind == StepRating && s.By == by }) {
		return true
	}
	v := Replay(a.Steps, len(paper.Slots))
	for i, slot := range paper.Slots {
		if question.QuestionOf(slot.Version) == questionID && v.Marks[i] == nil && ratedBy(v.Ratings[i], by) < 0 {
			return true
		}
	}
	return false
}

// Round is an evaluator's mark among those that an answer got, as the sheet shows it.
type Round struct {
	Slot    int       `json:"slot"`
	Round   int       `json:"round"` // from 1; 0 = the mark that counts
	At      time.Time `json:"at"`
	By      string    `json:"-"`              // account
	Name    string    `json:"name,omitempty"` // of the account
	Mark    float64   `json:"mark"`           // points
	Comment string    `json:"comment,omitempty"`
}

// trail gives the marks that evaluators gave, in order. Of an answer that waits for another evaluator nothing is told.
func (v View) trail(paper Paper) []Round {
	list := []Round{}
	for i, slot := range paper.Slots {
		mark := v.Marks[i]
		if mark == nil || mark.Fraction == nil {
			continue
		}
		points := func(s *Step) float64 { return hundredths(*s.Fraction * slot.Points) }
		for n, one := range v.Ratings[i] {
			list = append(list, Round{Slot: slot.Number, Round: n + 1, At: one.At, By: one.By, Mark: points(one), Comment: one.Note})
		}
		final := Round{Slot: slot.Number, At: mark.At, By: mark.By, Mark: points(mark)}
		if mark.By != "" {
			final.Comment = mark.Note
		}
		list = append(list, final)
	}
	return list
}
