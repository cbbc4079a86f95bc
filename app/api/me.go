package api

import (
	"context"

	"qiming/app/account"
	"qiming/internal/fault"
	"qiming/policies"
)

// Me is who is signed in and what the client needs to know of it.
type Me struct {
	AccountID   string                `json:"account_id"`
	Login       string                `json:"login"`
	Name        string                `json:"name"`
	MemberID    string                `json:"member_id,omitempty"`
	Org         *OrgPlace             `json:"org,omitempty" doc:"Where the member belongs"`
	Roles       []RoleHeld            `json:"roles"`
	Permissions []policies.Permission `json:"permissions" doc:"What may be done somewhere: the menu"`
	MustChange  bool                  `json:"must_change_password"`
	Preferences account.Preferences   `json:"preferences"`
	CSRF        string                `json:"csrf" doc:"To be sent as X-CSRF-Token with every write"`
	Demo        bool                  `json:"demo"`
}

// RoleHeld is a grant with the node's name.
type RoleHeld struct {
	Role    policies.Role `json:"role"`
	OrgID   string        `json:"org_id" doc:"* is the whole installation"`
	OrgName string        `json:"org_name"`
}

// OrgPlace is a node with the way to it.
type OrgPlace struct {
	ID   string   `json:"id"`
	Name string   `json:"name"`
	Path []OrgRef `json:"path" doc:"From the root to the node itself"`
}

// OrgRef names a node.
type OrgRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (a *API) orgPlace(ctx context.Context, path []string) (*OrgPlace, error) {
	if len(path) == 0 {
		return nil, nil
	}
	names, err := a.Orgs.Names(ctx, path...)
	if err != nil {
		return nil, err
	}
	own := path[len(path)-1]
	place := &OrgPlace{ID: own, Name: names[own]}
	for _, id := range path {
		place.Path = append(place.Path, OrgRef{ID: id, Name: names[id]})
	}
	return place, nil
}

func (a *API) rolesHeld(ctx context.Context, grants []policies.Grant) ([]RoleHeld, error) {
	tree, err := a.Orgs.Tree(ctx)
	if err != nil {
		return nil, err
	}
	held := make([]RoleHeld, len(grants))
	for i, g := range grants {
		held[i] = RoleHeld{Role: g.Role, OrgID: g.OrgID, OrgName: tree.Names(g.OrgID)[g.OrgID]}
	}
	return held, nil
}

// me makes Me of an account and the session that asks.
func (a *API) me(ctx context.Context, acc account.Account, sessionID string) (*Answer[Me], error) {
	actor := policies.Actor{AccountID: acc.ID, MemberID: acc.MemberID, Grants: acc.Grants}
	if acc.MemberID != "" {
		path, err := a.Members.OrgPath(ctx, acc.MemberID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		actor.OrgPath = path
	}
	place, err := a.orgPlace(ctx, actor.OrgPath)
	if err != nil {
		return nil, err
	}
	roles, err := a.rolesHeld(ctx, acc.Grants)
	if err != nil {
		return nil, err
	}
	return answer(Me{
		AccountID: acc.ID, Login: acc.Login, Name: acc.Name, MemberID: acc.MemberID, Org: place, Roles: roles,
		Permissions: a.Policies.Permissions(actor), MustChange: a.Accounts.MustChange(acc), Preferences: acc.Preferences,
		CSRF: a.csrfToken(sessionID), Demo: a.Demo,
	}), nil
}
