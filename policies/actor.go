package policies

import "slices"

// Role is what somebody is in an organisation node; it reaches the node's subtree.
type Role string

// The twelve roles. The three administrators are mutually exclusive.
const (
	Public        Role = "public"         // 群众: nobody is signed in
	Member        Role = "member"         // 党员
	GroupLeader   Role = "group_leader"   // 党小组长
	Secretary     Role = "secretary"      // 书记
	Clerk         Role = "clerk"          // 党务工作人员
	Trainer       Role = "trainer"        // 命题、组卷
	Evaluator     Role = "evaluator"      // 阅卷、审题
	Leader        Role = "leader"         // 各级领导
	Mailbox       Role = "mailbox"        // 信箱专办员
	SystemAdmin   Role = "system_admin"   // 系统管理员
	SecurityAdmin Role = "security_admin" // 安全管理员
	AuditAdmin    Role = "audit_admin"    // 审计管理员
)

// Permission is "object:action" in words: "question:publish", "attempt:grade".
type Permission string

// Grant is a role held at an organisation node.
type Grant struct {
	Role  Role   `bson:"role" json:"role"`
	OrgID string `bson:"org_id" json:"org_id"`
}

// Actor is who asks, as an explicit argument of every service call. The API fills it from the
// session; Scope is what the permission of the route row reaches.
type Actor struct {
	AccountID string
	MemberID  string // "" for an account without a member
	Name      string
	SessionID string
	Address   string   // network address, for the audit trail
	OrgPath   []string // the member's own organisation nodes, root first
	Grants    []Grant
	Scope     Scope // organisation nodes reached by the permission at hand
}

// Scope is a set of organisation nodes; each reaches its whole subtree.
type Scope []string

// Covers says whether a document that carries orgPath (root first, own node last) lies in the scope.
func (s Scope) Covers(orgPath []string) bool {
	return s.Everywhere() || slices.ContainsFunc(orgPath, func(id string) bool { return slices.Contains(s, id) })
}
