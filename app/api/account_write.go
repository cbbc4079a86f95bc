package api

import (
	"context"

	"qiming/app/account"
	"qiming/app/member"
	"qiming/internal/fault"
	"qiming/policies"
)

type accountCreateInput struct {
	Body struct {
		Login    string           `json:"login" maxLength:"128"`
		Name     string           `json:"name" maxLength:"128"`
		MemberID string           `json:"member_id,omitempty" maxLength:"64"`
		Grants   []policies.Grant `json:"grants,omitempty" maxItems:"50"`
	}
}

func (a *API) accountCreate(ctx context.Context, actor policies.Actor, in *accountCreateInput) (*Answer[account.Created], error) {
	b := in.Body
	if b.MemberID != "" {
		if have, err := a.Members.Many(ctx, []string{b.MemberID}); err != nil {
			return nil, err
		} else if len(have) == 0 {
			return nil, fault.New(fault.NotFound, "member.not_found", "%s", b.MemberID)
		}
	}
	created, err := a.Accounts.Create(ctx, actor, account.Draft{Login: b.Login, Name: b.Name, MemberID: b.MemberID, Grants: b.Grants})
	if err != nil {
		return nil, err
	}
	return answer(created), nil
}

type accountProvisionInput struct {
	Body struct {
		MemberIDs []string `json:"member_ids,omitempty" maxItems:"200"`
		OrgID     string   `json:"org_id,omitempty" maxLength:"64"`
	}
}

// Provision is the list of new accounts, given once: nobody can see the passwords later.
type Provision struct {
	Items     []account.Provisioned `json:"items"`
	Skipped   []account.Skipped     `json:"skipped"`
	Remaining int                   `json:"remaining" doc:"Members of the node who still have none: call again"`
}

func (a *API) accountProvision(ctx context.Context, actor policies.Actor, in *accountProvisionInput) (*Answer[Provision], error) {
	var people []account.Person
	out := Provision{}
	add := func(m member.Member) {
		login := m.Number
		if login == "" {
			login = "m" + m.ID[max(0, len(m.ID)-8):]
		}
		people = append(people, account.Person{MemberID: m.ID, Login: login, Name: m.Name})
	}
	for _, id := range in.Body.MemberIDs {
		m, err := a.Members.Get(ctx, actor, id)
		if err != nil {
			return nil, err
		}
		add(m)
	}
	if in.Body.OrgID != "" {
		err := a.Members.Each(ctx, actor, member.Filter{Org: in.Body.OrgID}, func(m member.Member) error {
			if !m.Standing.Present() {
				return nil
			}
			if _, err := a.Accounts.ByMember(ctx, m.ID); err == nil {
				return nil
			} else if !fault.Is(err, fault.NotFound) {
				return err
			}
			if len(people) >= account.ProvisionLimit {
				out.Remaining++
				return nil
			}
			add(m)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	var err error
	out.Items, out.Skipped, err = a.Accounts.Provision(ctx, actor, people)
	if err != nil && len(out.Items) == 0 {
		return nil, err
	}
	out.Remaining += len(people) - len(out.Items) - len(out.Skipped) // cut short: those made must still be told
	return answer(out), nil
}

func (a *API) accountReset(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[account.Created], error) {
	created, err := a.Accounts.Reset(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(created), nil
}

type accountStatusInput struct {
	ByID
	Body struct {
		Status string `json:"status" enum:"active,disabled,unlocked"`
	}
}

func (a *API) accountStatus(ctx context.Context, actor policies.Actor, in *accountStatusInput) (*Answer[AccountRow], error) {
	change := a.Accounts.Enable
	switch in.Body.Status {
	case "disabled":
		change = a.Accounts.Disable
	case "unlocked":
		change = a.Accounts.Unlock
	}
	acc, err := change(ctx, actor, in.ID)
	return a.accountAnswer(ctx, acc, err)
}

type grantsInput struct {
	ByID
	Body struct {
		Seen   []policies.Grant `json:"seen" maxItems:"50" doc:"What the account held when it was looked at; 409 where it holds something else now"`
		Grants []policies.Grant `json:"grants" maxItems:"50"`
	}
}

func (a *API) grantsSet(ctx context.Context, actor policies.Actor, in *grantsInput) (*Answer[AccountRow], error) {
	acc, err := a.Accounts.SetGrants(ctx, actor, in.ID, in.Body.Seen, in.Body.Grants)
	return a.accountAnswer(ctx, acc, err)
}

// RoleInfo is a role and what it may do.
type RoleInfo struct {
	Role          policies.Role         `json:"role"`
	Grantable     bool                  `json:"grantable"`
	Administrator bool                  `json:"administrator" doc:"Excludes every other role; may be held everywhere (*)"`
	Permissions   []policies.Permission `json:"permissions"`
}

func (a *API) roleList(context.Context, policies.Actor, *Nothing) (*Listed[RoleInfo], error) {
	var rows []RoleInfo
	for _, role := range policies.Roles() {
		row := RoleInfo{Role: role, Grantable: role.Grantable(), Administrator: role.Administrator()}
		for _, perm := range policies.Catalogue() {
			if a.Policies.Holds(role, perm) {
				row.Permissions = append(row.Permissions, perm)
			}
		}
		rows = append(rows, row)
	}
	return list(rows), nil
}
