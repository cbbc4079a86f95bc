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

// settle gives the mark that counts, a fraction of the item, once the marks in the order of the rounds suffice (ok), and whose
// mean it is. Two at most Differs apart: their mean. Three: the mean of the third and the nearer of the first two, the better one
// where both are as near (三评取与之接近的一评之平均, as in Chinese public examinations).
func (r *Second) settle(given []float64) (final float64, of [2]int, ok bool) {
	switch {
	case len(given) < 2:
		return 0, of, false
	case len(given) == 2:
		return (given[0] + given[1]) / 2, [2]int{0, 1}, !r.apart(given[0], given[1])
	}
	low, high := 0, 1
	if given[0] > given[1] {
		low, high = 1, 0
	}
	near := high
	if given[2]-given[low] < given[high]-given[2]-1e-9 {
		near = low
	}
	return (given[near] + given[2]) / 2, [2]int{near, 2}, true
}

// meanLines gives what two marks along the same rubric come to, criterion by criterion: the mean of the points, the level where both
// chose the same, the comments of both. Lines are hundredths and sum to the mean of the two as it is shown, half up. Nil where
// one was not given along the rubric of the other.
func meanLines(a, b *Step) []Judged {
	if len(a.Rubric) == 0 || len(a.Rubric) != len(b.Rubric) || a.Version != b.Version {
		return nil
	}
	list := make([]Judged, len(a.Rubric))
	up := true // of two halves one is rounded up
	for i, one := range a.Rubric {
		other := b.Rubric[i]
		twice := int(math.Round(one.Points*100)) + int(math.Round(other.Points*100))
		if twice%2 != 0 {
			if up {
				twice++
			}
			up = !up
		}
		list[i] = Judged{Points: float64(twice/2) / 100, Comment: one.Comment}
		if one.Level == other.Level {
			list[i].Level = one.Level
		}
		if other.Comment != "" && other.Comment != one.Comment {
			list[i].Comment = strings.TrimSpace(one.Comment + "\n" + other.Comment)
		}
	}
	return list
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
// waits, and the last one also after it, until the result is out; a further one needs a claim, and is refused with what was lost of it.
func (a *Attempt) rate(s sitting, slot int, points float64, by, comment string, lost error, now time.Time, rubric ...Judgement) error {
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
	case round < 0 && lost != nil:
		return lost
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
	if final, of, ok := s.second.settle(fractions); ok {
		settled := Step{Kind: StepMark, At: now, Slot: slot, Ref: len(given), Fraction: &final, Note: strings.Join(notes, "\n")}
		if settled.Rubric = meanLines(given[of[0]], given[of[1]]); settled.Rubric != nil {
			settled.Version = given[of[0]].Version
		}
		a.add(s.key, settled)
	} else if mark != nil { // the last mark was changed: now a third evaluator is needed
		a.add(s.key, Step{Kind: StepMark, At: now, Slot: slot, Ref: len(given)})
	}
	return a.regrade(s)
}

// outdates says whether marks of several evaluators fall by a regrade: one of them, or the mark that they came to, was given
// along a rubric that is not the one that marks now. Then all of that answer fall, and it is marked anew.
func (a *Attempt) outdates(s sitting, step Step) (bool, error) {
	v, i := Replay(a.Steps, len(s.paper.Slots)), step.Slot-1
	if len(v.Ratings[i]) == 0 {
		return false, nil
	}
	v.Keys[i] = &step
	given := v.Ratings[i]
	for _, one := range given {
		v.Marks[i] = one
		if _, err := s.keyed(v); err != nil {
			return false, err
		}
		if v.Marks[i] == nil {
			return true, nil
		}
	}
	return false, nil
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

// inRound says whether a waiting answer of the attempt to the question waits for a mark of the round; 0 = of any.
func (a *Attempt) inRound(paper Paper, questionID string, round int) bool {
	if round == 0 {
		return true
	}
	v := Replay(a.Steps, len(paper.Slots))
	for i, slot := range paper.Slots {
		if question.QuestionOf(slot.Version) == questionID {
			return min(len(v.Ratings[i]), 2)+1 == round
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
	Appeal  bool      `json:"appeal,omitempty"` // given on an upheld appeal
	Before  bool      `json:"before,omitempty"` // another has taken its place

	Rubric []RubricLine `json:"rubric,omitempty"` // where it was given along one; of the mark that counts what two came to
}

// trail gives the marks that evaluators gave, in order; contents are those that mark now. Of an answer that waits for another
// evaluator nothing is told.
func (v View) trail(steps []Step, paper Paper, contents []question.Content) []Round {
	list := []Round{}
	for i, slot := range paper.Slots {
		mark := v.Marks[i]
		if mark == nil || mark.Fraction == nil {
			continue
		}
		points := func(s *Step) float64 { return hundredths(*s.Fraction * slot.Points) }
		lines := func(s *Step) []RubricLine {
			if len(s.Rubric) == 0 || len(s.Rubric) != len(contents[i].Rubric) {
				return nil
			}
			return rubricLines(contents[i].Rubric, slot.Points, s, false)
		}
		for n, one := range v.Ratings[i] {
			list = append(list, Round{Slot: slot.Number, Round: n + 1, At: one.At, By: one.By, Mark: points(one), Comment: one.Note, Rubric: lines(one)})
		}
		for k := range steps {
			one := &steps[k]
			if one.Kind != StepMark || one.Slot != slot.Number || one.Fraction == nil || one.Seq > mark.Seq {
				continue
			}
			round := Round{Slot: slot.Number, At: one.At, By: one.By, Mark: points(one), Rubric: lines(one), Appeal: one.About != "", Before: one.Seq != mark.Seq}
			if one.By != "" {
				round.Comment = one.Note
			}
			list = append(list, round)
		}
	}
	return list
}
