package api

import (
	"context"

	"qiming/internal/fault"
	"qiming/policies"
)

// bankOf gives the organisation node whose bank a request means, with its path: the one it names, else
// the first that the actor's permission reaches. A node outside the scope is fault.NotFound.
func (a *API) bankOf(ctx context.Context, actor policies.Actor, orgID string) (string, []string, error) {
	if orgID == "" && len(actor.Scope) > 0 {
		orgID = actor.Scope[0]
	}
	if orgID == "" || orgID == "*" {
		return "", nil, fault.Bad("question.invalid", []fault.Field{{Path: "org_id", Key: "required"}})
	}
	path, err := a.Orgs.Path(ctx, orgID)
	if err != nil {
		return "", nil, err
	}
	if !actor.Scope.Covers(path) {
		return "", nil, fault.New(fault.NotFound, "org.not_found", "organisation %s is outside the scope", orgID)
	}
	return orgID, path, nil
}
