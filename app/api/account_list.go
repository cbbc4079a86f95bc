package api

import (
	"context"

	"qiming/app/account"
	"qiming/policies"
)

// AccountRow is an account with the names of the nodes of its roles.
type AccountRow struct {
	account.Account
	Roles []RoleHeld `json:"roles"`
}

type accountListInput struct {
	Paging
	Query string        `query:"q" maxLength:"64" doc:"Beginning of a sign-in name, or part of a name"`
	Role  policies.Role `query:"role" maxLength:"32"`
	Org   string        `query:"org" maxLength:"64" doc:"Granted something, or belonging, at or below this node"`
}

func (a *API) accountList(ctx context.Context, _ policies.Actor, in *accountListInput) (*Listed[AccountRow], error) {
	page, err := a.Accounts.List(ctx, account.Filter{Query: in.Query, Role: in.Role, Org: in.Org, Limit: in.Limit, After: in.After})
	if err != nil {
		return nil, err
	}
	rows := make([]AccountRow, len(page.Items))
	for i, acc := range page.Items {
		if rows[i], err = a.accountRow(ctx, acc); err != nil {
			return nil, err
		}
	}
	return &Listed[AccountRow]{Body: List[AccountRow]{Items: rows, Next: page.Next}}, nil
}

func (a *API) accountRow(ctx context.Context, acc account.Account) (AccountRow, error) {
	roles, err := a.rolesHeld(ctx, acc.Grants)
	return AccountRow{Account: acc, Roles: roles}, err
}

func (a *API) accountAnswer(ctx context.Context, acc account.Account, err error) (*Answer[AccountRow], error) {
	if err != nil {
		return nil, err
	}
	row, err := a.accountRow(ctx, acc)
	if err != nil {
		return nil, err
	}
	return answer(row), nil
}

func (a *API) accountShow(ctx context.Context, _ policies.Actor, in *ByID) (*Answer[AccountRow], error) {
	acc, err := a.Accounts.Get(ctx, in.ID)
	return a.accountAnswer(ctx, acc, err)
}

func (a *API) accountSessions(ctx context.Context, actor policies.Actor, in *ByID) (*Listed[account.Session], error) {
	sessions, err := a.Accounts.Sessions(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return list(sessions), nil
}

type accountSessionEndInput struct {
	ByID
	Session string `path:"sid" maxLength:"128"`
}

func (a *API) accountSessionEnd(ctx context.Context, actor policies.Actor, in *accountSessionEndInput) (*Nothing, error) {
	return nil, a.Accounts.Revoke(ctx, actor, in.ID, in.Session)
}
