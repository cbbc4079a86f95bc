package exam

import (
	"strings"
	"time"
	"unicode/utf8"

	"qiming/internal/fault"
)

// A proctor may hold a running attempt (its clock stands still, it takes no answers), let it go on, give it more
// time, or take it in. Each is a step with who and why. Time that an attempt was held for, or was given, moves its
// end and that of the section at hand, also past the close of the window: it was no choice of the taker's. Only
// closing the quiz by hand ends a held attempt.

// held gives since when the attempt is held, nil where it is not.
func (a *Attempt) held() *Step {
	for i := len(a.Steps) - 1; i >= 0; i-- {
		switch a.Steps[i].Kind {
		case StepPause:
			return &a.Steps[i]
		case StepResume:
			return nil
		}
	}
	return nil
}

// gained gives by how much the attempt's end has moved: for what it was held, and what it was given.
func (a *Attempt) gained() time.Duration {
	sum := time.Duration(0)
	var since *time.Time
	for i := range a.Steps {
		switch s := &a.Steps[i]; s.Kind {
		case StepPause:
			since = &s.At
		case StepResume:
			if since != nil {
				sum += s.At.Sub(*since)
			}
			since = nil
		case StepExtend:
			sum += seconds(s.Ref)
		}
	}
	return sum
}

// shift gives the clock with its ends moved by d.
func (c Clock) shift(d time.Duration) Clock {
	if c.Deadline == nil || d == 0 {
		return c
	}
	end := c.Deadline.Add(d)
	c.Deadline, c.GraceEnd = nil, nil
	return c.until(end)
}

// errHeld is the refusal of a held attempt.
func errHeld(since time.Time) error {
	return fault.New(fault.Conflict, "attempt.paused", "the attempt is held").With("since", since)
}

// Bounds of what a proctor gives at once, and of a reason or a message in runes.
const (
	maxExtension = 24 * 60 // minutes
	maxWords     = 500
)

// Order is what a proctor decides about running attempts.
type Order struct {
	Act     OrderKind
	Minutes int    // extend
	Reason  string // all but resume and message
	Text    string // message
	Target
}

// Target says whom an order is for: attempts by id, those of an organisation with its subtree, or all.
type Target struct {
	Attempts []string
	Org      string
	All      bool
}

// OrderKind is a kind of order.
type OrderKind string

// The orders.
const (
	OrderExtend  OrderKind = "extend"
	OrderPause   OrderKind = "pause"
	OrderResume  OrderKind = "resume"
	OrderCollect OrderKind = "collect" // take in: handed in now for the member
	OrderMessage OrderKind = "message"
)

func (o *Order) check() []fault.Field {
	var fields []fault.Field
	o.Reason, o.Text = strings.TrimSpace(o.Reason), strings.TrimSpace(o.Text)
	words := func(path, text string, needed bool) {
		switch n := utf8.RuneCountInString(text); {
		case n == 0 && needed:
			fields = append(fields, fault.Field{Path: path, Key: "required"})
		case n > maxWords:
			fields = append(fields, fault.Field{Path: path, Key: "too_long", Params: map[string]any{"max": maxWords}})
		}
	}
	words("reason", o.Reason, o.Act != OrderResume && o.Act != OrderMessage)
	words("text", o.Text, o.Act == OrderMessage)
	if o.Act == OrderExtend && (o.Minutes < 1 || o.Minutes > maxExtension) {
		fields = append(fields, fault.Field{Path: "minutes", Key: "out_of_range", Params: map[string]any{"min": 1, "max": maxExtension}})
	}
	targets := 0
	for _, given := range []bool{len(o.Attempts) > 0, o.Org != "", o.All} {
		if given {
			targets++
		}
	}
	if targets != 1 {
		fields = append(fields, fault.Field{Path: "target", Key: "required"})
	}
	return fields
}

// order carries out what a proctor decided; the attempt must be settled. It says whether anything changed: an
// attempt that has ended, or stands as the order wants it, stays as it is.
func (a *Attempt) order(s sitting, o Order, by string, now time.Time) (bool, error) {
	held := a.held() != nil
	switch {
	case !a.State.Running():
		return false, nil
	case len(a.Steps) >= maxSteps:
		return false, fault.New(fault.TooMany, "attempt.too_many_saves", "the attempt has %d steps", len(a.Steps))
	}
	switch o.Act {
	case OrderExtend:
		a.add(s.key, Step{Kind: StepExtend, At: now, Ref: o.Minutes * 60, By: by, Note: o.Reason})
	case OrderPause:
		if held || a.State != Open {
			return false, nil
		}
		a.add(s.key, Step{Kind: StepPause, At: now, By: by, Note: o.Reason})
	case OrderResume:
		if !held {
			return false, nil
		}
		a.add(s.key, Step{Kind: StepResume, At: now, By: by, Note: o.Reason})
	case OrderCollect:
		return true, a.collect(s, by, o.Reason, now)
	default:
		return false, fault.New(fault.Invalid, "order.unknown", "%q", o.Act)
	}
	_, err := a.settle(s, now) // the ends have moved
	return true, err
}

// collect hands the attempt in for the member; by is who decided, "" = a limit of the quiz.
func (a *Attempt) collect(s sitting, by, reason string, now time.Time) error {
	if err := a.move(Submitted); err != nil {
		return err
	}
	a.Ending, a.EndedAt = Submitted, &now
	a.add(s.key, Step{Kind: StepCollect, At: now, By: by, Note: reason})
	return a.regrade(s)
}

// Pause is what the taker of a held attempt is told.
type Pause struct {
	Since  time.Time `json:"since"`
	Reason string    `json:"reason,omitempty"`
}

func (a *Attempt) heldFor() *Pause {
	if step := a.held(); step != nil && a.State.Running() {
		return &Pause{Since: step.At, Reason: step.Note}
	}
	return nil
}

// collected gives why the attempt was taken in; nil where the member or the clock ended it.
func (a *Attempt) collected() *string {
	for i := len(a.Steps) - 1; i >= 0 && a.State.Ended(); i-- {
		switch s := &a.Steps[i]; s.Kind {
		case StepCollect:
			return &s.Note
		case StepSubmit, StepExpire:
			return nil
		}
	}
	return nil
}
