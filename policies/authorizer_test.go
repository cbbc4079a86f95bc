package policies

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qiming/internal/fault"
)

var update = flag.Bool("update", false, "write the golden files")

func authorizer(t *testing.T) *Authorizer {
	t.Helper()
	a, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The matrix shows what each role may do; a change of it is a change of the golden file.
func TestMatrix(t *testing.T) {
	a := authorizer(t)
	var b strings.Builder
	for i, role := range Roles() {
		fmt.Fprintf(&b, "%s%s\n", strings.Repeat("| ", i), role)
	}
	for _, perm := range Catalogue() {
		for _, role := range Roles() {
			mark := ". "
			if a.Holds(role, perm) {
				mark = "x "
			}
			b.WriteString(mark)
		}
		fmt.Fprintf(&b, " %s\n", perm)
	}
	path := filepath.Join("testdata", "matrix.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Fatalf("the matrix changed; look, then go test ./policies -update:\n%s", diff)
	}
}

// The table made at the start and Casbin's own answer agree on every cell.
func TestTheTableIsWhatCasbinDecides(t *testing.T) {
	a := authorizer(t)
	for _, role := range Roles() {
		for _, perm := range Catalogue() {
			object, action, _ := strings.Cut(string(perm), ":")
			want, err := a.enforcer.Enforce(string(role), object, action)
			if err != nil {
				t.Fatal(err)
			}
			if a.Holds(role, perm) != want {
				t.Errorf("%s %s: table %v, Casbin %v", role, perm, !want, want)
			}
		}
	}
}

func TestEveryPermissionIsHeldBySomebody(t *testing.T) {
	a := authorizer(t)
	for _, perm := range Catalogue() {
		if !slices.ContainsFunc(Roles(), func(r Role) bool { return a.Holds(r, perm) }) {
			t.Errorf("nobody holds %s", perm)
		}
	}
}

func TestAdministratorsHoldOneThirdEachAndNoBusinessData(t *testing.T) {
	a := authorizer(t)
	business := []string{"member", "category", "question", "quiz", "override",
		"exam", "attempt", "result", "receipt", "statistics"}
	third := map[Role][]string{
		SystemAdmin:   {"job", "index", "org", "rehearsal"},
		SecurityAdmin: {"account", "session", "grant", "role"},
		AuditAdmin:    {"audit", "role"},
	}
	common := a.held[signedIn]
	for role, own := range third {
		for perm := range a.held[role] {
			object, _, _ := strings.Cut(string(perm), ":")
			if slices.Contains(business, object) {
				t.Errorf("%s sees business data: %s", role, perm)
			}
			if !common[perm] && !slices.Contains(own, object) {
				t.Errorf("%s reaches outside its third: %s", role, perm)
			}
		}
	}
}

func TestAllowedAndScope(t *testing.T) {
	a := authorizer(t)
	member := Actor{AccountID: "a1", MemberID: "m1", OrgPath: []string{"root", "gb", "b1"}}
	secretary := member
	secretary.Grants = []Grant{{Secretary, "b1"}, {Clerk, "gb"}, {Evaluator, "b2"}}
	admin := Actor{AccountID: "a2", Grants: []Grant{{SecurityAdmin, Everywhere}}}
	tests := []struct {
		name  string
		actor Actor
		perm  Permission
		want  bool
		scope Scope
	}{
		{"the public signs in", Actor{}, SessionSignIn, true, nil},
		{"the public has no home", Actor{}, HomeRead, false, nil},
		{"a grant without an account is nothing", Actor{Grants: secretary.Grants}, MemberRead, false, Scope{"b1", "gb"}},
		{"a member takes exams at the own node", member, ExamTake, true, Scope{"b1"}},
		{"a member does not list members", member, MemberRead, false, nil},
		{"an account without a member takes no exam", admin, ExamTake, false, nil},
		{"every grant that gives the permission counts", secretary, MemberRead, true, Scope{"b1", "gb"}},
		{"only grants that give the permission count", secretary, MemberReveal, true, Scope{"gb"}},
		{"grading is the evaluator's", secretary, AttemptGrade, true, Scope{"b2"}},
		{"an administrator reaches everywhere", admin, GrantWrite, true, Scope{Everywhere}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := a.Allowed(tt.actor, tt.perm); got != tt.want {
				t.Errorf("Allowed %v, want %v", got, tt.want)
			}
			if diff := cmp.Diff(tt.scope, a.Scope(tt.actor, tt.perm)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestScopeCovers(t *testing.T) {
	path := []string{"root", "gb", "b1"}
	for _, tt := range []struct {
		scope Scope
		path  []string
		want  bool
	}{
		{Scope{"gb"}, path, true}, {Scope{"b1"}, path, true}, {Scope{"b2"}, path, false}, {nil, path, false},
		{Scope{Everywhere}, path, true}, {Scope{Everywhere}, nil, true}, {Scope{"gb"}, nil, false},
	} {
		if got := tt.scope.Covers(tt.path); got != tt.want {
			t.Errorf("%v covers %v: %v", tt.scope, tt.path, got)
		}
	}
}

func TestCheckGrants(t *testing.T) {
	for _, tt := range []struct {
		name   string
		grants []Grant
		want   string
	}{
		{"nothing", nil, ""},
		{"two offices", []Grant{{Secretary, "b1"}, {Trainer, "gb"}}, ""},
		{"one administrator twice", []Grant{{SystemAdmin, "gb"}, {SystemAdmin, "root"}}, ""},
		{"system and security", []Grant{{SystemAdmin, Everywhere}, {SecurityAdmin, Everywhere}}, "grant.exclusive"},
		{"security and audit", []Grant{{SecurityAdmin, "x"}, {AuditAdmin, "y"}}, "grant.exclusive"},
		{"audit and system", []Grant{{AuditAdmin, "x"}, {SystemAdmin, "x"}}, "grant.exclusive"},
		{"administrator and clerk", []Grant{{Clerk, "x"}, {SystemAdmin, "x"}}, "grant.exclusive"},
		{"member is not granted", []Grant{{Member, "b1"}}, "grant.role_invalid"},
		{"unknown role", []Grant{{"king", "b1"}}, "grant.role_invalid"},
		{"signed_in is not granted", []Grant{{signedIn, "b1"}}, "grant.role_invalid"},
		{"no node", []Grant{{Clerk, ""}}, "grant.org_required"},
		{"a clerk of everything", []Grant{{Clerk, Everywhere}}, "grant.org_required"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := fault.KeyOf(CheckGrants(tt.grants)); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestPermissionsAreTheMenu(t *testing.T) {
	a := authorizer(t)
	actor := Actor{AccountID: "a", MemberID: "m", Grants: []Grant{{AuditAdmin, Everywhere}}}
	perms := a.Permissions(actor)
	for _, want := range []Permission{AuditRead, ExamTake, SiteRead, PreferencesOwn} {
		if !slices.Contains(perms, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if slices.Contains(perms, QuestionRead) {
		t.Error("an auditor reads questions")
	}
	if !slices.IsSorted(perms) {
		t.Error("not sorted")
	}
}

// Overrides carry passwords, and a read of them is not redacted: only those who write quizzes set them.
func TestOverridesAreForThoseWhoWriteQuizzes(t *testing.T) {
	a := authorizer(t)
	for _, role := range Roles() {
		if a.Holds(role, OverrideWrite) && !a.Holds(role, QuizWrite) {
			t.Errorf("%s sets overrides of quizzes that it may not write", role)
		}
	}
}
