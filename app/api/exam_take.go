package api

import (
	"context"

	"qiming/app/account"
	"qiming/app/audit"
	"qiming/exam"
	"qiming/policies"
)

func (a *API) examList(ctx context.Context, actor policies.Actor, _ *Nothing) (*Listed[exam.Card], error) {
	cards, err := a.Exams.Attempts.Cards(ctx, actor)
	if err != nil {
		return nil, err
	}
	return list(cards), nil
}

func (a *API) examShow(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.Door], error) {
	door, err := a.Exams.Attempts.Door(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(door), nil
}

type attemptStartInput struct {
	ByID
	Body *struct {
		Password string `json:"password,omitempty" maxLength:"200"`
		Takeover bool   `json:"takeover,omitempty" doc:"Go on with an attempt that another session answers"`
	} `required:"false"`
}

// Started is a sheet that is new (201) or resumed (200).
type Started struct {
	Status int
	Body   exam.Sheet
}

func (a *API) attemptStart(ctx context.Context, actor policies.Actor, in *attemptStartInput) (*Started, error) {
	begin := exam.Begin{Device: account.Device(callOf(ctx).userAgent)}
	if in.Body != nil {
		begin.Password, begin.Takeover = in.Body.Password, in.Body.Takeover
	}
	sheet, err := a.Exams.Attempts.Start(ctx, actor, in.ID, begin)
	if err != nil {
		return nil, err
	}
	if err := a.linkSheet(ctx, actor, &sheet); err != nil {
		return nil, err
	}
	if sheet.Resumed {
		if begin.Takeover {
			a.noteAttempt(actor, "attempt.takeover", sheet.Attempt.ID, sheet.Attempt.Title)
		}
		return &Started{200, sheet}, nil
	}
	a.noteAttempt(actor, "attempt.start", sheet.Attempt.ID, sheet.Attempt.Title)
	return &Started{201, sheet}, nil
}

// noteAttempt puts an act of a member's own attempt into the trail without waiting for it: the
// attempt's own steps are the record that counts, and thousands start at once.
func (a *API) noteAttempt(actor policies.Actor, action, id, title string) {
	a.Trail.Note(audit.By(actor, action, "attempt:"+id, title))
}
