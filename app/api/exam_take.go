package api

import (
	"context"

	"qiming/app/account"
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
	if sheet.Resumed {
		return &Started{200, sheet}, nil
	}
	return &Started{201, sheet}, nil
}
