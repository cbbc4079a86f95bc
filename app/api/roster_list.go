package api

import (
	"context"
	"slices"
	"strings"

	"qiming/app/member"
	"qiming/policies"
)

// RosterEntry is as much of a member as who assembles an audience needs: nothing of the file but the
// name and the branch.
type RosterEntry struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	OrgName string `json:"org_name"`
}

type rosterInput struct {
	Q   string   `query:"q" maxLength:"64" doc:"Beginning of a name or of a number"`
	IDs []string `query:"id,explode" maxItems:"500" doc:"These members; without q"`
}

// rosterMost is how many a search gives: who means one more types one more letter.
const rosterMost = 10

func (a *API) rosterList(ctx context.Context, actor policies.Actor, in *rosterInput) (*Listed[RosterEntry], error) {
	var members []member.Member
	switch q := strings.TrimSpace(in.Q); {
	case q != "":
		page, err := a.Members.List(ctx, actor, member.Filter{Query: q, Limit: rosterMost})
		if err != nil {
			return nil, err
		}
		members = page.Items
	case len(in.IDs) > 0:
		known, err := a.Members.Many(ctx, in.IDs)
		if err != nil {
			return nil, err
		}
		for _, id := range slices.Compact(slices.Sorted(slices.Values(in.IDs))) {
			if m, ok := known[id]; ok && actor.Scope.Covers(m.OrgPath) {
				members = append(members, m)
			}
		}
	}
	entries := make([]RosterEntry, len(members))
	for i, m := range members {
		names, err := a.Orgs.Names(ctx, m.OrgID)
		if err != nil {
			return nil, err
		}
		entries[i] = RosterEntry{ID: m.ID, Name: m.Name, OrgName: names[m.OrgID]}
	}
	return list(entries), nil
}
