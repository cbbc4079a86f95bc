package api

import (
	"context"

	"qiming/app/member"
	"qiming/policies"
)

// MemberRow is a member with the name of the node.
type MemberRow struct {
	member.Member
	OrgName string `json:"org_name"`
}

func (a *API) memberRow(ctx context.Context, m member.Member) (MemberRow, error) {
	names, err := a.Orgs.Names(ctx, m.OrgID)
	return MemberRow{Member: m, OrgName: names[m.OrgID]}, err
}

type memberListInput struct {
	Paging
	Org      string          `query:"org" maxLength:"64" doc:"At or below this node"`
	Query    string          `query:"q" maxLength:"64" doc:"Beginning of a name or of a number"`
	Stage    member.Stage    `query:"stage" enum:"applicant,activist,candidate,probationary,full"`
	Standing member.Standing `query:"standing" enum:"normal,suspended,correcting,removed,withdrawn,expelled,transferred,deceased"`
}

func (a *API) memberList(ctx context.Context, actor policies.Actor, in *memberListInput) (*Listed[MemberRow], error) {
	filter := member.Filter{Org: in.Org, Query: in.Query, Stage: in.Stage, Standing: in.Standing, Limit: in.Limit, After: in.After}
	page, err := a.Members.List(ctx, actor, filter)
	if err != nil {
		return nil, err
	}
	out := &Listed[MemberRow]{Body: List[MemberRow]{Items: make([]MemberRow, len(page.Items)), Next: page.Next}}
	for i, m := range page.Items {
		if out.Body.Items[i], err = a.memberRow(ctx, m); err != nil {
			return nil, err
		}
	}
	if in.After == "" {
		total, err := a.Members.Count(ctx, actor, filter)
		if err != nil {
			return nil, err
		}
		out.Body.Total = &total
	}
	return out, nil
}

func (a *API) memberShow(ctx context.Context, actor policies.Actor, in *ByID) (*Revised[MemberRow], error) {
	m, err := a.Members.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	row, err := a.memberRow(ctx, m)
	return revised(m.Rev, row), err
}

// Profile is one's own file: the identity number stays masked, phone and address are in clear.
type Profile struct {
	MemberRow
	Phone   string    `json:"own_phone"`
	Address string    `json:"own_address"`
	Org     *OrgPlace `json:"org,omitempty"`
}

func (a *API) profileShow(ctx context.Context, actor policies.Actor, _ *Nothing) (*Answer[Profile], error) {
	m, err := a.Members.Own(ctx, actor)
	if err != nil {
		return nil, err
	}
	contact, err := a.Members.OwnContact(ctx, actor)
	if err != nil {
		return nil, err
	}
	row, err := a.memberRow(ctx, m)
	if err != nil {
		return nil, err
	}
	place, err := a.orgPlace(ctx, m.OrgPath)
	return answer(Profile{MemberRow: row, Phone: contact.Phone, Address: contact.Address, Org: place}), err
}
