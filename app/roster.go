package app

import (
	"context"
	"slices"

	"qiming/app/account"
	"qiming/app/member"
	"qiming/app/org"
	"qiming/exam"
	"qiming/internal/fault"
	"qiming/policies"
)

// roster tells the exam engine who the members are and where they belong.
type roster struct {
	orgs     *org.Service
	members  *member.Service
	accounts *account.Service
}

// everyone reaches all members: the engine asks for itself, and decides what is shown.
var everyone = policies.Actor{Scope: policies.Scope{policies.Everywhere}}

// Taker gives a member as the engine knows one; somebody who left is not found.
func (r roster) Taker(ctx context.Context, memberID string) (exam.Taker, error) {
	m, err := r.members.Held(ctx, memberID)
	if err != nil {
		return exam.Taker{}, err
	}
	if !m.Standing.Present() {
		return exam.Taker{}, fault.New(fault.NotFound, "member.not_found", "%s is %s", memberID, m.Standing)
	}
	t := taker(m)
	a, err := r.accounts.ByMember(ctx, memberID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return exam.Taker{}, err
	}
	t.Roles = roles(a.Grants)
	return t, nil
}

func taker(m member.Member) exam.Taker {
	return exam.Taker{MemberID: m.ID, Name: m.Name, Path: m.OrgPath, Stage: string(m.Stage), Extra: m.ExtraTime}
}

// roles are those granted, and member, which everyone of the roster is.
func roles(grants []policies.Grant) []string {
	names := []string{string(policies.Member)}
	for _, g := range grants {
		if name := string(g.Role); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Extra gives the extra time of a member's profile.
func (r roster) Extra(ctx context.Context, memberID string) (float64, error) {
	m, err := r.members.Held(ctx, memberID)
	return m.ExtraTime, err
}

// Due gives the members whom the audience addresses now.
func (r roster) Due(ctx context.Context, a exam.Audience) ([]exam.Taker, error) {
	held, err := r.holders(ctx, a.Roles)
	if err != nil {
		return nil, err
	}
	var due []exam.Taker
	seen := map[string]bool{}
	consider := func(m member.Member) error {
		if seen[m.ID] || !m.Standing.Present() {
			return nil
		}
		t := taker(m)
		t.Roles = append(held[m.ID], string(policies.Member))
		if a.Addresses(t) {
			seen[m.ID] = true
			due = append(due, t)
		}
		return nil
	}
	for _, id := range a.Orgs {
		err := r.members.Each(ctx, everyone, member.Filter{Org: id}, consider)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
	}
	named, err := r.members.Many(ctx, a.Members)
	if err != nil {
		return nil, err
	}
	for _, id := range a.Members {
		if m, ok := named[id]; ok {
			if err := consider(m); err != nil {
				return nil, err
			}
		}
	}
	return due, nil
}

// holders gives, by member, which of the wanted roles the accounts hold.
func (r roster) holders(ctx context.Context, wanted []string) (map[string][]string, error) {
	held := map[string][]string{}
	for _, role := range wanted {
		if role == string(policies.Member) {
			continue // held by all
		}
		f := account.Filter{Role: policies.Role(role), Limit: 500}
		for {
			page, err := r.accounts.List(ctx, f)
			if err != nil {
				return nil, err
			}
			for _, a := range page.Items {
				if a.MemberID != "" {
					held[a.MemberID] = append(held[a.MemberID], role)
				}
			}
			if f.After = page.Next; f.After == "" {
				break
			}
		}
	}
	return held, nil
}

// Graders gives the enabled accounts whose grants let them mark for the organisation at the end of the path.
func (r roster) Graders(ctx context.Context, orgPath []string) ([]exam.Grader, error) {
	var graders []exam.Grader
	f := account.Filter{Role: policies.Evaluator, Limit: 500}
	for {
		page, err := r.accounts.List(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, a := range page.Items {
			if !a.Disabled && slices.ContainsFunc(a.Grants, func(g policies.Grant) bool {
				return g.Role == policies.Evaluator && policies.Scope{g.OrgID}.Covers(orgPath)
			}) {
				graders = append(graders, exam.Grader{AccountID: a.ID, MemberID: a.MemberID})
			}
		}
		if f.After = page.Next; f.After == "" {
			return graders, nil
		}
	}
}

// Nodes gives the organisation nodes of the ids with all below them; no ids means all.
func (r roster) Nodes(ctx context.Context, ids []string) ([]exam.Node, error) {
	tree, err := r.orgs.Tree(ctx)
	if err != nil {
		return nil, err
	}
	var nodes []exam.Node
	for _, n := range tree.All() {
		path := tree.Path(n.ID)
		if len(ids) > 0 && !policies.Scope(ids).Covers(path) {
			continue
		}
		nodes = append(nodes, exam.Node{ID: n.ID, ParentID: n.ParentID, Name: tree.Label(n.ID), FullName: n.Name, Path: path, Code: n.Code})
	}
	return nodes, nil
}

// Names gives the names of organisation nodes, as far as they exist.
func (r roster) Names(ctx context.Context, ids []string) (map[string]string, error) {
	return r.orgs.Names(ctx, ids...)
}
