package api

import (
	"context"

	"qiming/knowledge"
	"qiming/policies"
)

type shelvingListInput struct {
	Org string `query:"org" maxLength:"64" doc:"Of this organisation only"`
}

func (a *API) shelvingList(ctx context.Context, actor policies.Actor, in *shelvingListInput) (*Listed[CategoryShown], error) {
	categories, err := a.Knowledge.Categories(ctx, actor, in.Org)
	if err != nil {
		return nil, err
	}
	named, err := a.named(ctx, categories)
	if err != nil {
		return nil, err
	}
	return list(named), nil
}

type shelvingCreateInput struct {
	Body struct {
		OrgID    string `json:"org_id,omitempty" maxLength:"64" doc:"Whose tree; by default one's own organisation's"`
		Name     string `json:"name" maxLength:"200"`
		ParentID string `json:"parent_id,omitempty" maxLength:"64" doc:"Empty = at the top"`
		Order    int    `json:"order,omitempty" doc:"Among its siblings"`
	}
}

func (a *API) shelvingCreate(ctx context.Context, actor policies.Actor, in *shelvingCreateInput) (*Answer[knowledge.Category], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	c, err := a.Knowledge.PutCategory(ctx, actor, orgID, knowledge.Category{Name: in.Body.Name, ParentID: in.Body.ParentID, Order: in.Body.Order})
	if err != nil {
		return nil, err
	}
	return answer(c), nil
}

type shelvingSaveInput struct {
	ByID
	Body struct {
		OrgID    string `json:"org_id" maxLength:"64" doc:"Whose tree"`
		Name     string `json:"name" maxLength:"200"`
		ParentID string `json:"parent_id,omitempty" maxLength:"64" doc:"Empty = at the top"`
		Order    int    `json:"order,omitempty" doc:"Among its siblings"`
	}
}

func (a *API) shelvingSave(ctx context.Context, actor policies.Actor, in *shelvingSaveInput) (*Answer[knowledge.Category], error) {
	c, err := a.Knowledge.PutCategory(ctx, actor, in.Body.OrgID, knowledge.Category{ID: in.ID, Name: in.Body.Name, ParentID: in.Body.ParentID, Order: in.Body.Order})
	if err != nil {
		return nil, err
	}
	return answer(c), nil
}

type shelvingDeleteInput struct {
	ByID
	Org string `query:"org" required:"true" maxLength:"64" doc:"Whose tree"`
}

func (a *API) shelvingDelete(ctx context.Context, actor policies.Actor, in *shelvingDeleteInput) (*Nothing, error) {
	return &Nothing{}, a.Knowledge.RemoveCategory(ctx, actor, in.Org, in.ID)
}
