package exam

import (
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// Appeal is a member's objection to how an item of an own attempt was marked. Its id is "BLIND:SLOT": of an item there
// is one, and it names nobody. Members do not learn which evaluator writes, nor evaluators which member.
type Appeal struct {
	store.Meta `bson:",inline"`
	QuizID     string          `bson:"quiz_id" json:"quiz_id"`
	OrgPath    []string        `bson:"org_path" json:"-"` // of the quiz
	AttemptID  string          `bson:"attempt_id" json:"-"`
	MemberID   string          `bson:"member_id" json:"-"`
	Slot       int             `bson:"slot" json:"slot"`
	State      AppealState     `bson:"state" json:"state" enum:"open,upheld,rejected,withdrawn"`
	Messages   []AppealMessage `bson:"messages" json:"messages"` // the first says why
	Answered   bool            `bson:"answered" json:"answered"` // the last message is an evaluator's
	From       *float64        `bson:"from,omitempty" json:"from,omitempty"`
	Mark       *float64        `bson:"mark,omitempty" json:"mark,omitempty"` // upheld: points of the item from then on
	Rubric     []Judged        `bson:"rubric,omitempty" json:"-"`            // upheld along a rubric: what of each criterion
	Version    string          `bson:"version,omitempty" json:"-"`           // whose rubric that is
	Reason     string          `bson:"reason,omitempty" json:"reason,omitempty"`
	DecidedBy  string          `bson:"decided_by,omitempty" json:"-"`
	DecidedAt  *time.Time      `bson:"decided_at,omitempty" json:"decided_at,omitempty"`
	Alone      string          `bson:"alone,omitempty" json:"-"`     // why the one who marked the answer decided: nobody else could
	Unapplied  string          `bson:"unapplied,omitempty" json:"-"` // "yes": upheld, and the mark is not in the attempt yet
}

// AppealMessage is one line of the thread.
type AppealMessage struct {
	At        time.Time `bson:"at" json:"at"`
	Member    bool      `bson:"member" json:"member"` // else an evaluator
	AccountID string    `bson:"account_id" json:"-"`
	Text      string    `bson:"text" json:"text"`
}

// mostMessages bounds a thread.
const mostMessages = 40

// say adds a message to the thread of an open appeal.
func (p *Appeal) say(member bool, account, text string, now time.Time) error {
	switch {
	case p.State != AppealOpen:
		return fault.New(fault.Conflict, "appeal.settled", "the appeal is %s", p.State).With("from", p.State)
	case len(p.Messages) >= mostMessages:
		return fault.New(fault.Conflict, "appeal.full", "the thread has %d messages", mostMessages).With("max", mostMessages)
	}
	p.Messages = append(p.Messages, AppealMessage{At: now, Member: member, AccountID: account, Text: text})
	p.Answered = !member
	return nil
}

// decide settles an appeal. from is what the item earned, mark what it earns from now on, in points; nil where the appeal is not
// upheld. along is what of the rubric the mark came from. Where both are the same, for a regrade was quicker, nothing is marked anew.
func (p *Appeal) decide(from, mark *float64, along Step, reason, alone, by string, now time.Time) error {
	to := AppealRejected
	if mark != nil {
		to = AppealUpheld
	}
	if err := p.State.To(to); err != nil {
		return err
	}
	p.State, p.From, p.Mark, p.Reason, p.Alone, p.DecidedBy, p.DecidedAt = to, from, mark, reason, alone, by, &now
	if mark != nil && (from == nil || hundredths(*from) != hundredths(*mark) || len(along.Rubric) > 0) {
		p.Rubric, p.Version, p.Unapplied = along.Rubric, along.Version, "yes"
	}
	return nil
}

// uphold sets the mark that an upheld appeal gives, once: the step names the appeal. It says whether anything changed.
func (a *Attempt) uphold(s sitting, p *Appeal, now time.Time) (bool, error) {
	for i := range a.Steps {
		if a.Steps[i].Kind == StepMark && a.Steps[i].About == p.ID {
			return false, nil
		}
	}
	if !a.State.Counts() || p.Mark == nil || p.Slot > len(s.paper.Slots) {
		return false, nil // taken out of the count meanwhile
	}
	fraction := *p.Mark / s.paper.Slots[p.Slot-1].Points
	a.add(s.key, Step{Kind: StepMark, At: now, Slot: p.Slot, Fraction: &fraction, By: p.DecidedBy, Note: p.Reason, Rubric: p.Rubric, Version: p.Version, About: p.ID})
	return true, a.regrade(s)
}

// markedBy says whether the account gave the item of a slot a mark.
func (a *Attempt) markedBy(slot int, account string) bool {
	for i := range a.Steps {
		if s := &a.Steps[i]; (s.Kind == StepMark || s.Kind == StepRating) && s.Slot == slot && s.By == account {
			return true
		}
	}
	return false
}

// commentBefore gives what an evaluator said of the answer with the mark that an upheld appeal changed.
func (a *Attempt) commentBefore(upheld *Step) string {
	said := ""
	for i := range a.Steps {
		if s := &a.Steps[i]; s.Kind == StepMark && s.Slot == upheld.Slot && s.Seq < upheld.Seq && s.About == "" {
			said = s.Note
		}
	}
	return said
}
