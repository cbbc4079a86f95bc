package api

import (
	"context"
	"net/http"

	"qiming/app/account"
	"qiming/policies"
)

type sessionBeginInput struct {
	Body struct {
		Login    string `json:"login" maxLength:"128"`
		Password string `json:"password" maxLength:"512"`
	}
}

// sessionStarted answers a sign-in: the cookie carries the session.
type sessionStarted struct {
	Cookie http.Cookie `header:"Set-Cookie"`
	Body   Me
}

func origin(ctx context.Context) account.Origin {
	c := callOf(ctx)
	return account.Origin{Address: c.address, UserAgent: c.userAgent}
}

func (a *API) sessionBegin(ctx context.Context, _ policies.Actor, in *sessionBeginInput) (*sessionStarted, error) {
	signed, err := a.Accounts.SignIn(ctx, in.Body.Login, in.Body.Password, origin(ctx))
	if err != nil {
		return nil, err
	}
	me, err := a.me(ctx, signed.Account, signed.Session.ID)
	if err != nil {
		return nil, err
	}
	return &sessionStarted{Cookie: startSession(callOf(ctx), signed.Token, signed.Session.ExpiresAt), Body: me.Body}, nil
}

func (a *API) sessionShow(ctx context.Context, actor policies.Actor, _ *Nothing) (*Answer[Me], error) {
	acc, err := a.Accounts.Get(ctx, actor.AccountID)
	if err != nil {
		return nil, err
	}
	return a.me(ctx, acc, actor.SessionID)
}

// sessionEnded removes the cookie.
type sessionEnded struct {
	Cookie http.Cookie `header:"Set-Cookie"`
}

func (a *API) sessionEnd(ctx context.Context, actor policies.Actor, _ *Nothing) (*sessionEnded, error) {
	if err := a.Accounts.SignOut(ctx, actor); err != nil {
		return nil, err
	}
	return &sessionEnded{Cookie: endSession(callOf(ctx))}, nil
}

type passwordChangeInput struct {
	Body struct {
		Old string `json:"old" maxLength:"512"`
		New string `json:"new" maxLength:"512"`
	}
}

func (a *API) passwordChange(ctx context.Context, actor policies.Actor, in *passwordChangeInput) (*Answer[Me], error) {
	acc, err := a.Accounts.ChangePassword(ctx, actor, in.Body.Old, in.Body.New)
	if err != nil {
		return nil, err
	}
	return a.me(ctx, acc, actor.SessionID)
}
