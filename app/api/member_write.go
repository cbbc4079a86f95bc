package api

import (
	"context"

	"qiming/app/member"
	"qiming/policies"
)

type memberCreateInput struct{ Body member.Draft }

func savedMember(saved member.Saved, err error) (*Revised[member.Saved], error) {
	if err != nil {
		return nil, err
	}
	return revised(saved.Member.Rev, saved), nil
}

func (a *API) memberCreate(ctx context.Context, actor policies.Actor, in *memberCreateInput) (*Revised[member.Saved], error) {
	return savedMember(a.Members.Create(ctx, actor, in.Body))
}

type memberEditInput struct {
	ByID
	IfMatch
	Body member.Draft
}

func (a *API) memberEdit(ctx context.Context, actor policies.Actor, in *memberEditInput) (*Revised[member.Saved], error) {
	rev, err := in.Rev()
	if err != nil {
		return nil, err
	}
	return savedMember(a.Members.Edit(ctx, actor, in.ID, rev, in.Body))
}

type memberRevealInput struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"2" maxLength:"200" doc:"Recorded in the audit trail"`
	}
}

func (a *API) memberReveal(ctx context.Context, actor policies.Actor, in *memberRevealInput) (*Answer[member.Revealed], error) {
	revealed, err := a.Members.Reveal(ctx, actor, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return answer(revealed), nil
}

type memberExtraInput struct {
	ByID
	Body struct {
		Times  float64 `json:"times,omitempty" minimum:"0" maximum:"5" doc:"Times the limits of every quiz; 0 or 1 = no extra time"`
		Reason string  `json:"reason" maxLength:"800" doc:"Kept in the file and recorded"`
	}
}

func (a *API) memberExtraTime(ctx context.Context, actor policies.Actor, in *memberExtraInput) (*Revised[member.Member], error) {
	m, err := a.Members.SetExtraTime(ctx, actor, in.ID, in.Body.Times, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return revised(m.Rev, m), nil
}
