package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"qiming/exam"
	"qiming/internal/fault"
	"qiming/policies"
)

// signs are what a few takers did besides answering. All of it goes through the service as a page would tell it, so
// that a newcomer sees what evidence looks like, and how rare it is.
type signs struct {
	noticed   exam.Noticed
	roams     bool // from one network to another
	goesOn    bool // on another device
	elsewhere bool // has the exam open there too
	hurries   bool
	noted     bool // an officer wrote down what was found
}

// signsOf gives the signs of the nth taker of the named exam, from 1: most have none.
func signsOf(name string, n int) signs {
	switch {
	case n == 7:
		return signs{noticed: exam.Noticed{Away: 7, Seconds: 214}, noted: name == "marking"}
	case n == 12:
		return signs{noticed: exam.Noticed{Pastes: 2}}
	case n == 15:
		return signs{goesOn: true}
	case n == 18:
		return signs{elsewhere: true}
	case n == 21:
		return signs{roams: true}
	case n == 33:
		return signs{hurries: true}
	case n%9 == 4: // a call, a message: usual
		return signs{noticed: exam.Noticed{Away: 1 + n%2, Seconds: 3 + n%20}}
	}
	return signs{}
}

// answered gives answers the times at which the taker gave them: a batch takes its time as a whole, its items unlike shares.
func answered(batch []exam.Answer, from time.Time, whole time.Duration, pace *rand.Rand) {
	shares, sum := make([]float64, len(batch)), 0.0
	for i := range shares {
		shares[i] = 0.4 + pace.Float64()
		sum += shares[i]
	}
	at := from
	for i := range batch {
		at = at.Add(time.Duration(float64(whole) * shares[i] / sum))
		given := at
		batch[i].ClientAt = &given
	}
}

// happen lets what the pages noticed, or what was opened elsewhere, reach the service. It gives who goes on answering,
// and in which session.
func (s signs) happen(ctx context.Context, attempts *exam.Attempts, actor policies.Actor, sheet exam.Sheet) (policies.Actor, string, error) {
	id, other := sheet.Attempt.ID, actor
	other.SessionID += "-2"
	if s.elsewhere {
		if _, err := attempts.Get(ctx, other, id, false); !fault.Is(err, fault.Conflict) {
			return actor, "", fmt.Errorf("two sessions at %s: %w", id, err)
		}
	}
	if s.goesOn {
		over, err := attempts.Takeover(ctx, other, id, "演示数据（另一台设备）")
		if err != nil {
			return actor, "", err
		}
		return other, over.Session, nil
	}
	if s.noticed != (exam.Noticed{}) {
		if err := attempts.Notice(ctx, actor, id, "demo", s.noticed); err != nil {
			return actor, "", err
		}
	}
	return actor, sheet.Session, nil
}

// note writes down what an officer found.
func (d *Demo) note(ctx context.Context, quizID, attemptID string) error {
	officer := root()
	officer.Name = "阅卷演示"
	_, err := d.Exams.Integrity.AddNote(ctx, officer, quizID, attemptID, "demo", exam.TalkHeld, "已与本人谈话：当天值班，多次接听工作电话。答案与平时水平相符。")
	return err
}
