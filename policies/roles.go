package policies

import (
	"slices"

	"qiming/internal/fault"
)

// Everywhere stands for the whole installation where a grant or a scope names a node. Only
// administrators hold it: they exist before the first organisation node does.
const Everywhere = "*"

// Roles gives the twelve roles.
func Roles() []Role {
	return []Role{Public, Member, GroupLeader, Secretary, Clerk, Trainer, Evaluator, Leader, Mailbox,
		SystemAdmin, SecurityAdmin, AuditAdmin}
}

// Valid says whether the role is one of the twelve.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Grantable says whether the role is given by a grant. Public and member come by themselves.
func (r Role) Grantable() bool { return r.Valid() && r != Public && r != Member }

// Administrator says whether the role is one of the three administrators.
func (r Role) Administrator() bool {
	return r == SystemAdmin || r == SecurityAdmin || r == AuditAdmin
}

// SignedIn says whether the actor has an account.
func (a Actor) SignedIn() bool { return a.AccountID != "" }

// Has says whether the actor was granted the role at any node.
func (a Actor) Has(role Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == role })
}

// roles gives every role whose permissions the actor holds.
func (a Actor) roles() []Role {
	if !a.SignedIn() {
		return []Role{Public}
	}
	roles := make([]Role, 0, len(a.Grants)+2)
	roles = append(roles, signedIn)
	if a.MemberID != "" {
		roles = append(roles, Member)
	}
	for _, grant := range a.Grants {
		roles = append(roles, grant.Role)
	}
	return roles
}

// CheckGrants says whether one account may hold the grants together. Each must be a grantable
// role at a node; only administrators are granted Everywhere; and who holds an administrator's
// role holds no other role: three administrators exclude one another (GB/T 22239 8.1.4.2) and
// see no business data. Faults: "grant.role_invalid", "grant.org_required", "grant.exclusive"
// with Params["role"] and Params["held"].
func CheckGrants(grants []Grant) error {
	for _, g := range grants {
		if !g.Role.Grantable() {
			return fault.New(fault.Invalid, "grant.role_invalid", "role %q is not granted", g.Role).With("role", g.Role)
		}
		if g.OrgID == "" || g.OrgID == Everywhere && !g.Role.Administrator() {
			return fault.New(fault.Invalid, "grant.org_required", "role %q needs an organisation node", g.Role).With("role", g.Role)
		}
	}
	for _, g := range grants {
		if !g.Role.Administrator() {
			continue
		}
		for _, held := range grants {
			if held.Role != g.Role {
				return fault.New(fault.Conflict, "grant.exclusive", "%s excludes %s", g.Role, held.Role).
					With("role", g.Role).With("held", held.Role)
			}
		}
	}
	return nil
}

// Everywhere says whether the scope reaches the whole installation.
func (s Scope) Everywhere() bool { return slices.Contains(s, Everywhere) }
