package exam

import (
	"context"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// How many wrong passwords a member may try on a quiz within the window, on all processes together.
const (
	passwordTries  = 10
	passwordWindow = 10 * time.Minute
)

// guessing counts the wrong passwords of a member on a quiz; its id is "QUIZ:MEMBER".
type guessing struct {
	store.Meta `bson:",inline"`
	Wrong      int       `bson:"wrong" json:"wrong"`
	Since      time.Time `bson:"since" json:"since"` // the first of the window
}

// spent says how long to wait; 0 = another try is free.
func (g *guessing) spent(now time.Time) time.Duration {
	if g.Wrong < passwordTries {
		return 0
	}
	return max(0, g.Since.Add(passwordWindow).Sub(now))
}

// unlock checks the password of a quiz. A wrong one is fault.Invalid ("exam.password"); after
// passwordTries of them even the right one is fault.TooMany ("exam.password_wait") until the window ends.
func (d *desk) unlock(ctx context.Context, e *entrance, try string, now time.Time) error {
	if len(e.allowance.Passwords) == 0 {
		return nil
	}
	id := e.state.quiz.ID + ":" + e.taker.MemberID
	g, err := d.guesses.Get(ctx, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if wait := g.spent(now); wait > 0 {
		return passwordWait(wait)
	}
	if e.allowance.Unlocks(try) {
		return nil
	}
	wrong := func(g *guessing) error {
		if g.Wrong == 0 || now.Sub(g.Since) >= passwordWindow {
			g.Wrong, g.Since = 0, now
		}
		if wait := g.spent(now); wait > 0 {
			return passwordWait(wait) // tries at the same moment
		}
		g.Wrong++
		return nil
	}
	_, err = d.guesses.Update(ctx, id, wrong)
	if fault.Is(err, fault.NotFound) {
		err = d.guesses.Insert(ctx, &guessing{Meta: store.Meta{ID: id}, Wrong: 1, Since: now})
		if fault.Is(err, fault.Exists) {
			_, err = d.guesses.Update(ctx, id, wrong)
		}
	}
	if err != nil {
		return err
	}
	return fault.Bad("exam.password", []fault.Field{{Path: "password", Key: "exam.password"}})
}

func passwordWait(wait time.Duration) error {
	seconds := int((wait + time.Second - 1) / time.Second)
	return fault.New(fault.TooMany, "exam.password_wait", "for %s", wait).With("retry_after", seconds).With("minutes", (seconds+59)/60)
}
