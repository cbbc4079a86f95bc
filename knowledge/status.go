package knowledge

import (
	"slices"
	"time"

	"qiming/internal/fault"
)

// Status is the state of what an author writes. What readers see is apart from it: an article that is being changed, or whose change
// is in review, stays as it was published.
type Status string

// The states.
const (
	Draft     Status = "draft"     // being written
	InReview  Status = "review"    // handed in; nobody changes it
	Scheduled Status = "scheduled" // approved, and waits for its moment
	Published Status = "published" // readers see it as it is
	Withdrawn Status = "withdrawn" // was public, and is no more
)

// Step is something that is done to an article and changes its state. Writing is no step: a save makes a draft of what may be written.
type Step string

// The steps.
const (
	HandIn   Step = "hand_in"  // an author: for review
	Recall   Step = "recall"   // an author: back from review, or from the schedule
	Discard  Step = "discard"  // an author: the changes, for what is public
	Approve  Step = "approve"  // a reviewer who did not write it
	Return   Step = "return"   // a reviewer: to its author, with a reason
	Publish  Step = "publish"  // the clock
	Withdraw Step = "withdraw" // a reviewer: from the readers, with a reason
)

// follows says what state a step leads to from another; what stands not here is no step of that state.
var follows = map[Step]map[Status]Status{
	HandIn:   {Draft: InReview, Withdrawn: InReview},
	Recall:   {InReview: Draft, Scheduled: Draft},
	Discard:  {Draft: Published},
	Approve:  {InReview: Scheduled},
	Return:   {InReview: Draft, Scheduled: Draft},
	Publish:  {Scheduled: Published},
	Withdraw: {Draft: Withdrawn, InReview: Withdrawn, Scheduled: Withdrawn, Published: Withdrawn},
}

// Steps gives every step there is.
func Steps() []Step { return []Step{HandIn, Recall, Discard, Approve, Return, Publish, Withdraw} }

// Reviewing says whether a step is a reviewer's; the others are an author's, and Publish the clock's.
func (s Step) Reviewing() bool { return s == Approve || s == Return || s == Withdraw }

// Statuses gives every state there is.
func Statuses() []Status { return []Status{Draft, InReview, Scheduled, Published, Withdrawn} }

// Writable says whether an author may write; what a reviewer looks at, or has approved, is recalled first.
func (s Status) Writable() bool { return s == Draft || s == Published || s == Withdrawn }

// standing is what a step asks of an article beside its state.
type standing struct {
	status  Status
	public  bool       // readers see a version
	writers []string   // who wrote on it, or handed it in, since it was last approved
	moment  *time.Time // when it is to be published; nil = once it is approved
}

// after gives the state that a step by somebody leads to. A step that the state does not have is fault.Conflict
// ("article.step", with from and step); who wrote it does not approve it (fault.Forbidden, "article.own"); the clock publishes
// nothing before its moment ("article.early").
func (s standing) after(step Step, by string, now time.Time) (Status, error) {
	to, ok := follows[step][s.status]
	if !ok || (step == Withdraw || step == Discard) && !s.public {
		return "", fault.New(fault.Conflict, "article.step", "%s is no step of %s", step, s.status).
			With("from", string(s.status)).With("step", string(step))
	}
	due := s.moment == nil || !now.Before(*s.moment)
	switch {
	case step == Approve && slices.Contains(s.writers, by):
		return "", fault.New(fault.Forbidden, "article.own", "account %s wrote on it and does not approve it", by)
	case step == Approve && due:
		return Published, nil
	case step == Publish && !due:
		return "", fault.New(fault.Conflict, "article.early", "it is published at %s", s.moment)
	}
	return to, nil
}
