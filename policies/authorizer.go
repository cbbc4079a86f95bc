package policies

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	stringadapter "github.com/casbin/casbin/v2/persist/string-adapter"
)

//go:embed model.conf
var modelText string

//go:embed policy.csv
var policyText string

// signedIn is held by every account besides its grants. It is no role of its own right: nobody
// is granted it, and the matrix shows it through the roles that include it.
const signedIn Role = "signed_in"

// Authorizer answers from the matrix that Casbin made of model and policy at the start: an
// answer is a map look-up. It never changes and is safe for concurrent use.
type Authorizer struct {
	enforcer *casbin.Enforcer
	held     map[Role]map[Permission]bool
}

// New reads the embedded model and policy. A policy that names a permission outside the
// catalogue or a role that does not exist is an error.
func New() (*Authorizer, error) {
	m, err := model.NewModelFromString(modelText)
	if err != nil {
		return nil, fmt.Errorf("policies: model: %w", err)
	}
	enforcer, err := casbin.NewEnforcer(m, stringadapter.NewAdapter(policyText))
	if err != nil {
		return nil, fmt.Errorf("policies: policy: %w", err)
	}
	rows, err := enforcer.GetPolicy()
	if err != nil {
		return nil, fmt.Errorf("policies: policy: %w", err)
	}
	for _, row := range rows {
		if role := Role(row[0]); role != signedIn && !role.Valid() {
			return nil, fmt.Errorf("policies: %q is no role", role)
		}
		if !slices.Contains(Catalogue(), Permission(row[1]+":"+row[2])) {
			return nil, fmt.Errorf("policies: %s:%s is not in the catalogue", row[1], row[2])
		}
	}
	a := &Authorizer{enforcer: enforcer, held: map[Role]map[Permission]bool{}}
	for _, role := range append(Roles(), signedIn) {
		rows, err := enforcer.GetImplicitPermissionsForUser(string(role))
		if err != nil {
			return nil, fmt.Errorf("policies: %s: %w", role, err)
		}
		a.held[role] = map[Permission]bool{}
		for _, row := range rows {
			a.held[role][Permission(row[1]+":"+row[2])] = true
		}
	}
	return a, nil
}

// Holds says whether the role gives the permission.
func (a *Authorizer) Holds(role Role, perm Permission) bool { return a.held[role][perm] }

// Allowed says whether the actor may use the permission somewhere; Scope says where.
func (a *Authorizer) Allowed(actor Actor, perm Permission) bool {
	return slices.ContainsFunc(actor.roles(), func(r Role) bool { return a.held[r][perm] })
}

// Scope gives the organisation nodes where the actor holds the permission: those of the grants
// that give it, and the own node for what every member may do. Each reaches its subtree;
// Everywhere reaches all. It is empty where the permission is not a matter of place.
func (a *Authorizer) Scope(actor Actor, perm Permission) Scope {
	var scope Scope
	for _, grant := range actor.Grants {
		if a.held[grant.Role][perm] && !slices.Contains(scope, grant.OrgID) {
			scope = append(scope, grant.OrgID)
		}
	}
	if actor.MemberID != "" && len(actor.OrgPath) > 0 && a.held[Member][perm] {
		if own := actor.OrgPath[len(actor.OrgPath)-1]; !slices.Contains(scope, own) {
			scope = append(scope, own)
		}
	}
	return scope
}

// Permissions gives everything the actor may do somewhere, sorted: the client's menu.
func (a *Authorizer) Permissions(actor Actor) []Permission {
	var perms []Permission
	for _, perm := range Catalogue() {
		if a.Allowed(actor, perm) {
			perms = append(perms, perm)
		}
	}
	slices.SortFunc(perms, func(x, y Permission) int { return strings.Compare(string(x), string(y)) })
	return perms
}
