package api

import (
	"context"
	"net/http"

	"qiming/policies"
)

// SetupState says what a browser has to know before it knows of anybody.
type SetupState struct {
	Needed   bool `json:"needed" doc:"The first administrator is still to be made"`
	SignedIn bool `json:"signed_in" doc:"The request carries a session that holds"`
}

func (a *API) setupShow(ctx context.Context, actor policies.Actor, _ *Nothing) (*Answer[SetupState], error) {
	needed, err := a.Accounts.SetupNeeded(ctx)
	if err != nil {
		return nil, err
	}
	return answer(SetupState{Needed: needed, SignedIn: actor.SignedIn()}), nil
}

type setupRunInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"128" doc:"From the link that the server printed"`
		Login    string `json:"login" maxLength:"128"`
		Name     string `json:"name" maxLength:"128"`
		Password string `json:"password" maxLength:"512"`
	}
}

type setupDone struct {
	Cookie http.Cookie `header:"Set-Cookie"`
}

func (a *API) setupRun(ctx context.Context, _ policies.Actor, in *setupRunInput) (*setupDone, error) {
	b := in.Body
	signed, err := a.Accounts.Setup(ctx, b.Token, b.Login, b.Name, b.Password, origin(ctx))
	if err != nil {
		return nil, err
	}
	return &setupDone{Cookie: startSession(callOf(ctx), signed.Token, signed.Session.ExpiresAt)}, nil
}
