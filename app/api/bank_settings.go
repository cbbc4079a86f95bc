package api

import (
	"context"

	"qiming/exam/question"
	"qiming/policies"
)

func (a *API) bankSettingsShow(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[question.Settings], error) {
	s, err := a.Bank.Settings(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(s), nil
}

type bankSettingsInput struct {
	ByID
	Body struct {
		OwnItems bool `json:"own_items" doc:"Who wrote an item may publish it alone"`
	}
}

func (a *API) bankSettingsSave(ctx context.Context, actor policies.Actor, in *bankSettingsInput) (*Answer[question.Settings], error) {
	s, err := a.Bank.SetSettings(ctx, actor, in.ID, in.Body.OwnItems)
	if err != nil {
		return nil, err
	}
	return answer(s), nil
}
