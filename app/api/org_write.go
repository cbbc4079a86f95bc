package api

import (
	"context"

	"qiming/app/org"
	"qiming/policies"
)

type orgCreateInput struct{ Body org.Draft }

func (a *API) orgCreate(ctx context.Context, actor policies.Actor, in *orgCreateInput) (*Revised[org.Node], error) {
	return orgAnswer(a.Orgs.Create(ctx, actor, in.Body))
}

func orgAnswer(n org.Node, err error) (*Revised[org.Node], error) {
	if err != nil {
		return nil, err
	}
	return revised(n.Rev, n), nil
}

type orgEditInput struct {
	ByID
	IfMatch
	Body org.Draft
}

func (a *API) orgEdit(ctx context.Context, actor policies.Actor, in *orgEditInput) (*Revised[org.Node], error) {
	rev, err := in.Rev()
	if err != nil {
		return nil, err
	}
	return orgAnswer(a.Orgs.Edit(ctx, actor, in.ID, rev, in.Body))
}

type orgMoveInput struct {
	ByID
	IfMatch
	Body struct {
		ParentID string `json:"parent_id" maxLength:"64" doc:"Empty for a root"`
	}
}

func (a *API) orgMove(ctx context.Context, actor policies.Actor, in *orgMoveInput) (*Revised[org.Node], error) {
	rev, err := in.Rev()
	if err != nil {
		return nil, err
	}
	n, err := a.Orgs.Move(ctx, actor, in.ID, rev, in.Body.ParentID)
	if err != nil {
		return nil, err
	}
	// So that whoever moved it sees the members there. What fails here is done by the job.
	if _, err := a.Members.RepairPaths(ctx); err != nil {
		a.Log.Warn("member paths", "error", err)
	}
	return orgAnswer(n, nil)
}

func (a *API) orgAbolish(ctx context.Context, actor policies.Actor, in *ByID) (*Revised[org.Node], error) {
	return orgAnswer(a.Orgs.Abolish(ctx, actor, in.ID))
}
