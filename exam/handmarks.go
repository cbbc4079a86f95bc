package exam

import (
	"context"
	"slices"
	"strings"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// survey is what evaluators did in a quiz and what they have still to do, out of one pass over its attempts. It is not changed
// once it is made.
type survey struct {
	answers  []handAnswer
	contents map[string]question.Content // by question, as the last paper that was read had it
	cost     time.Duration
}

// handAnswer is an answer that people mark.
type handAnswer struct {
	question string
	points   float64
	waits    bool
	auto     bool      // marked by the product
	second   *Second   // the rule where several evaluators mark it; nil = one does
	given    int       // how many of several have marked it
	acts     []markAct // what evaluators did, in order
	blind    []blindMark
}

// markAct is an evaluator's first mark of an answer.
type markAct struct {
	by     string
	round  int // from 1; 0 = a change of what another had marked
	at     time.Time
	lastAt time.Time // of the evaluator's changes of it
}

// blindMark is a mark as it was while its evaluator could not know those of the others, in points; by round, from index 0.
type blindMark struct {
	by     string
	points float64
}

// needs gives how many marks the answer lacks at least: whether two will be apart nobody knows.
func (h *handAnswer) needs() int {
	switch {
	case !h.waits:
		return 0
	case h.second == nil:
		return 1
	}
	return max(1, 2-h.given)
}

// survey gives what is known of the marking of a quiz, at most a few seconds old.
func (d *desk) survey(ctx context.Context, quizID string) (*survey, error) {
	now := d.clock.Now()
	if held, ok := d.surveys.Get(quizID); ok && held.fresh(now, max(tallyAge, tallyWorth*held.value.cost)) {
		return held.value, nil
	}
	got, err, _ := d.flight.Do("survey "+quizID, func() (any, error) {
		s, err := d.readMarks(context.WithoutCancel(ctx), quizID)
		if err != nil {
			return nil, err
		}
		s.cost = d.clock.Now().Sub(now)
		d.surveys.Add(quizID, aged[*survey]{s, now})
		return s, nil
	})
	if err != nil {
		return nil, err
	}
	return got.(*survey), nil
}

func (d *desk) readMarks(ctx context.Context, quizID string) (*survey, error) {
	s := &survey{contents: map[string]question.Content{}}
	known, names := map[string]question.Content{}, interned{}
	var v View
	err := d.ofQuiz(ctx, quizID, "", func(a *Attempt) error {
		if !a.State.Counts() || len(a.Pending)+len(a.Marked)+len(a.Auto) == 0 {
			return nil
		}
		b, err := d.blueprint(ctx, a.QuizID, a.Version)
		if err != nil {
			return err
		}
		paper := b.draw(a.Seed) // not kept: a great quiz would drive the facts of takers out
		var lack []string
		for _, slot := range paper.Slots {
			if _, ok := known[slot.Version]; !ok {
				lack = append(lack, slot.Version)
			}
		}
		if len(lack) > 0 {
			versions, err := d.bank.GetVersions(ctx, lack)
			if err != nil {
				return fault.Wrap(fault.Unavailable, "question.version_missing", err)
			}
			for id, v := range versions {
				known[id] = v.Content
			}
		}
		v.replay(a.Steps, len(paper.Slots))
		if v.Total != nil {
			return nil
		}
		for i, slot := range paper.Slots {
			id := question.QuestionOf(slot.Version)
			h := handAnswer{question: id, points: slot.Points, waits: slices.Contains(a.Pending, id), auto: slices.Contains(a.Auto, id)}
			if !known[slot.Version].Kind.ByHand() || !h.waits && !h.auto && !slices.Contains(a.Marked, id) {
				continue
			}
			s.contents[id] = known[slot.Version]
			if rule := b.version.Settings.Second; rule.picks(a.Seed, slot.Number) {
				h.second, h.given = rule, len(v.Ratings[i])
			}
			if a.Label == "" { // marks on paper were given there, nobody knows when
				h.read(a.Steps, slot, names)
			}
			s.answers = append(s.answers, h)
		}
		return nil
	})
	return s, err
}

// interned are texts that are kept once, and not with the log that they were read from.
type interned map[string]string

func (n interned) of(text string) string {
	kept, ok := n[text]
	if !ok {
		kept = strings.Clone(text)
		n[kept] = kept
	}
	return kept
}

// read goes through the steps of an attempt for what evaluators did with a slot. An answer that was admitted late and another
// rubric begin anew.
func (h *handAnswer) read(steps []Step, slot Slot, names interned) {
	settled := false
	for i := range steps {
		s := &steps[i]
		if s.Slot != slot.Number {
			continue
		}
		switch s.Kind {
		case StepAdmit:
			h.blind, settled = nil, false
		case StepRegrade:
			if s.Ref > 0 {
				h.blind, settled = nil, false
			}
		case StepRating:
			if s.Fraction == nil || s.Ref < 1 || s.Ref > len(h.blind)+1 {
				continue
			}
			one := blindMark{by: names.of(s.By), points: hundredths(*s.Fraction * slot.Points)}
			switch {
			case s.Ref == len(h.blind)+1:
				h.blind = append(h.blind, one)
				h.acts = append(h.acts, markAct{by: one.by, round: s.Ref, at: s.At, lastAt: s.At})
				continue
			case !settled: // a slip mended; once the mark that counts is there, the sheet tells those of the others
				h.blind[s.Ref-1] = one
			}
			h.again(s)
		case StepMark:
			if s.By == "" {
				settled = s.Fraction != nil
			} else if s.About == "" && !h.again(s) { // not upon an appeal
				round := 1
				if len(h.acts) > 0 {
					round = 0
				}
				h.acts = append(h.acts, markAct{by: names.of(s.By), round: round, at: s.At, lastAt: s.At})
			}
		}
	}
}

// again notes a change by the one who marked last, and says whether it was one.
func (h *handAnswer) again(s *Step) bool {
	for i := len(h.acts) - 1; i >= 0; i-- {
		if act := &h.acts[i]; act.by == s.By {
			act.lastAt = s.At
			return true
		}
	}
	return false
}

// Lacking says that a quiz wants more evaluators for an answer than there are who may mark it: what waits for them waits for ever.
type Lacking struct {
	Have int  `json:"have"` // evaluators who may mark
	Need int  `json:"need" doc:"2 where every answer of the share waits for ever; 3 where those do that two mark too far apart"`
	Own  bool `json:"own,omitempty" doc:"Only for the answers of evaluators who take the quiz: nobody marks an own answer"`
}

// lacking says whether the rule wants more evaluators than may mark answers to the quiz; nil = there are enough.
func (d *desk) lacking(ctx context.Context, rule *Second, q *Quiz) (*Lacking, error) {
	if rule == nil || rule.Share <= 0 {
		return nil, nil
	}
	graders, err := d.roster.Graders(ctx, q.OrgPath)
	if err != nil {
		return nil, err
	}
	need := func(have int) int {
		switch {
		case have < 2:
			return 2
		case have < 3 && rule.Differs < 100:
			return 3
		}
		return 0
	}
	have := len(graders)
	if n := need(have); n > 0 {
		return &Lacking{Have: have, Need: n}, nil
	}
	n := need(have - 1)
	if n == 0 {
		return nil, nil
	}
	for _, g := range graders {
		if g.MemberID == "" {
			continue
		}
		switch taker, err := d.taker(ctx, g.MemberID); {
		case fault.Is(err, fault.NotFound):
		case err != nil:
			return nil, err
		case q.Audience.Addresses(taker):
			return &Lacking{Have: have, Need: n, Own: true}, nil
		}
	}
	return nil, nil
}
