package exam

import (
	"context"
	"regexp"
	"strconv"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
)

// Several papers of a quiz for one room are told apart by a label: A卷, B卷. What paper a label means
// follows from the quiz, its version and the label, as an attempt's paper from the member and the number;
// there is nothing to prepare or to keep before somebody has sat it.

// labelForm is what a label may be.
var labelForm = regexp.MustCompile(`^[A-Z]$`)

// paperSeed gives the seed of a labelled paper. No member has such an id, for ids hold no space.
func paperSeed(key []byte, quizID, label string, number int) string {
	return Seed(key, quizID, "paper "+label, number)
}

// Print is a paper to be printed, with all that its items hold: what a reader may see of it the caller
// decides.
type Print struct {
	Quiz     Quiz // as published; a draft as it stands
	OrgName  string
	Label    string
	Number   int // version of the quiz; 0 = a draft
	Paper    Paper
	Contents []question.Content // parallel to the slots
}

// Item gives a slot, from index 0, as its taker sees it.
func (p Print) Item(i int) question.Item { return p.Paper.Slots[i].present(p.Contents[i]) }

// Print gives the paper of a label, drawn from a version of the quiz: 0 means the published one, or a
// draft as it stands. keys says that the right answers are to be shown, which is recorded.
func (s *Quizzes) Print(ctx context.Context, actor policies.Actor, id, label string, number int, keys bool) (Print, error) {
	q, err := s.seen(ctx, actor, id)
	if err != nil {
		return Print{}, err
	}
	if !labelForm.MatchString(label) {
		return Print{}, fault.Bad("paper.invalid", []fault.Field{{Path: "label", Key: "unknown"}})
	}
	var v QuizVersion
	if number == 0 {
		number = q.Number
	}
	if number == 0 {
		if _, v, err = s.assemble(ctx, q); err != nil {
			return Print{}, err
		}
		v.Number = 0
	} else {
		b, err := s.blueprint(ctx, id, number)
		if err != nil {
			return Print{}, err
		}
		v = b.version
	}
	p := Print{Quiz: q, Label: label, Number: v.Number, Paper: Draw(v, paperSeed(s.keys.Key("seed"), id, label, v.Number))}
	p.Quiz.Title, p.Quiz.Settings = v.Title, v.Settings
	if p.Contents, err = s.contents(ctx, p.Paper); err != nil {
		return Print{}, err
	}
	names, err := s.roster.Names(ctx, []string{q.OrgID})
	if err != nil {
		return Print{}, err
	}
	p.OrgName = names[q.OrgID]
	if keys {
		err = s.recorded(ctx, actor, "quiz.print_key", &q, func() error { return nil }, "label", label, "version", strconv.Itoa(v.Number))
	}
	return p, err
}
