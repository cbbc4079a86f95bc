package knowledge

import (
	"slices"

	"qiming/policies"
)

// Audience is who may read an article (读者范围): any of what it names. Nobody is the zero value.
type Audience struct {
	Public  bool            `bson:"public,omitempty" json:"public,omitempty"`   // everybody, without an account too
	Members bool            `bson:"members,omitempty" json:"members,omitempty"` // every member, and who holds an office
	Orgs    []string        `bson:"orgs,omitempty" json:"orgs,omitempty"`       // those of these nodes and below: the owner or nodes under it
	Roles   []policies.Role `bson:"roles,omitempty" json:"roles,omitempty"`     // who holds one of these at the owner or below
}

// Tokens that readers have. Those of nodes and offices are made by orgToken and roleToken.
const (
	publicToken = "public"
	memberToken = "member"
)

func orgToken(orgID string) string                      { return "org:" + orgID }
func roleToken(role policies.Role, orgID string) string { return "role:" + string(role) + "@" + orgID }

// Tokens gives the audience as tokens: who has one of them may read. owner is the organisation whose article it is. The public
// includes everybody, so it stands alone.
func (a Audience) Tokens(owner string) []string {
	if a.Public {
		return []string{publicToken}
	}
	tokens := []string{}
	if a.Members {
		tokens = append(tokens, memberToken)
	}
	for _, org := range a.Orgs {
		tokens = append(tokens, orgToken(org))
	}
	for _, role := range a.Roles {
		tokens = append(tokens, roleToken(role, owner))
	}
	return tokens
}

// ReaderTokens gives the tokens of a reader. paths are those of the nodes where the reader holds offices, root first; an office at
// a node that has none (it was abolished) counts for nothing. Who holds an office belongs to its node as a member does. The
// three administrators see no business data (GB/T 22239, 8.1.4.2): they read what the public reads, and what they read as members.
func ReaderTokens(actor policies.Actor, paths map[string][]string) []string {
	tokens := []string{publicToken}
	add := func(token string) {
		if !slices.Contains(tokens, token) {
			tokens = append(tokens, token)
		}
	}
	if !actor.SignedIn() {
		return tokens
	}
	if actor.MemberID != "" {
		add(memberToken)
		for _, org := range actor.OrgPath {
			add(orgToken(org))
		}
	}
	for _, grant := range actor.Grants {
		path := paths[grant.OrgID]
		if grant.Role.Administrator() || len(path) == 0 {
			continue
		}
		add(memberToken)
		for _, org := range path {
			add(orgToken(org))
			add(roleToken(grant.Role, org))
		}
	}
	return tokens
}

// Meet says whether an audience and a reader have a token in common.
func Meet(audience, reader []string) bool {
	return slices.ContainsFunc(audience, func(token string) bool { return slices.Contains(reader, token) })
}
