package api

import (
	"context"

	"qiming/app/account"
	"qiming/policies"
)

func (a *API) ownSessions(ctx context.Context, actor policies.Actor, _ *Nothing) (*Listed[account.Session], error) {
	sessions, err := a.Accounts.Sessions(ctx, actor, actor.AccountID)
	if err != nil {
		return nil, err
	}
	return list(sessions), nil
}

func (a *API) ownSessionEnd(ctx context.Context, actor policies.Actor, in *ByID) (*Nothing, error) {
	return nil, a.Accounts.Revoke(ctx, actor, actor.AccountID, in.ID)
}

type preferencesInput struct {
	Body struct {
		Language  *string  `json:"language,omitempty" enum:",zh-CN,en"`
		Theme     *string  `json:"theme,omitempty" enum:",light,dark"`
		Elder     *bool    `json:"elder,omitempty"`
		FontScale *float64 `json:"font_scale,omitempty" minimum:"0" maximum:"1.6"`
	}
}

func (a *API) preferencesSet(ctx context.Context, actor policies.Actor, in *preferencesInput) (*Answer[Me], error) {
	acc, err := a.Accounts.SetPreferences(ctx, actor, func(p *account.Preferences) {
		set(&p.Language, in.Body.Language)
		set(&p.Theme, in.Body.Theme)
		set(&p.Elder, in.Body.Elder)
		set(&p.FontScale, in.Body.FontScale)
	})
	if err != nil {
		return nil, err
	}
	return a.me(ctx, acc, actor.SessionID)
}

// set takes over a value that was sent.
func set[T any](to *T, sent *T) {
	if sent != nil {
		*to = *sent
	}
}
