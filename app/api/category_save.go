package api

import (
	"context"

	"qiming/exam/question"
	"qiming/policies"
)

type categoryCreateInput struct {
	Body struct {
		OrgID    string `json:"org_id,omitempty" maxLength:"64" doc:"Whose bank; by default the bank of the parent, else one's own"`
		Name     string `json:"name" maxLength:"200"`
		ParentID string `json:"parent_id,omitempty" maxLength:"64"`
		Order    int    `json:"order,omitempty"`
	}
}

func (a *API) categoryCreate(ctx context.Context, actor policies.Actor, in *categoryCreateInput) (*Revised[question.Category], error) {
	orgID := in.Body.OrgID
	if orgID == "" && in.Body.ParentID != "" {
		parent, err := a.Bank.Category(ctx, actor, in.Body.ParentID)
		if err != nil {
			return nil, err
		}
		orgID = parent.OrgID
	}
	orgID, _, err := a.bankOf(ctx, actor, orgID)
	if err != nil {
		return nil, err
	}
	c, err := a.Bank.CreateCategory(ctx, actor, orgID, question.CategoryDraft{
		Name: in.Body.Name, ParentID: in.Body.ParentID, Order: in.Body.Order,
	})
	if err != nil {
		return nil, err
	}
	return revised(c.Rev, c), nil
}

type categorySaveInput struct {
	ByID
	IfMatch
	Body struct {
		Name     *string `json:"name,omitempty" maxLength:"200"`
		ParentID *string `json:"parent_id,omitempty" maxLength:"64" doc:"Empty moves it to the top"`
		Order    *int    `json:"order,omitempty"`
	}
}

func (a *API) categorySave(ctx context.Context, actor policies.Actor, in *categorySaveInput) (*Revised[question.Category], error) {
	rev, err := in.Rev()
	if err != nil {
		return nil, err
	}
	c, err := a.Bank.Category(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	d := question.CategoryDraft{Name: c.Name, ParentID: c.ParentID, Order: c.Order}
	if in.Body.Name != nil {
		d.Name = *in.Body.Name
	}
	if in.Body.ParentID != nil {
		d.ParentID = *in.Body.ParentID
	}
	if in.Body.Order != nil {
		d.Order = *in.Body.Order
	}
	if c, err = a.Bank.UpdateCategory(ctx, actor, in.ID, rev, d); err != nil {
		return nil, err
	}
	return revised(c.Rev, c), nil
}
