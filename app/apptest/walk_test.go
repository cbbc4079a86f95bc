package apptest

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"qiming/app/api"
	"qiming/app/member"
	"qiming/app/org"
	"qiming/policies"
)

var update = flag.Bool("update", false, "write the golden files anew")

const goldenRoutes = "testdata/routes.golden"

// who are the walkers: nobody, an account without any role, and one for each role.
func walkers() []string {
	names := []string{string(policies.Public), "no_role"}
	for _, role := range policies.Roles() {
		if role != policies.Public {
			names = append(names, string(role))
		}
	}
	return names
}

// TestEveryRouteWithEveryRole walks the whole table as each role. The golden file says, route by route, who
// gets in; a route that is not in it fails here, and its line is what a reviewer looks at.
func TestEveryRouteWithEveryRole(t *testing.T) {
	s := Start(t)
	root, err := s.Orgs.Create(t.Context(), Everywhere(), org.Draft{Name: "测试党委", Kind: org.Committee})
	if err != nil {
		t.Fatal(err)
	}
	saved, err := s.Members.Create(t.Context(), Everywhere(), member.Draft{
		Name: "测试党员", Number: "T1", Sex: member.Male, Stage: member.Full, Standing: member.Normal, OrgID: root.ID,
	})
	if err != nil {
		t.Fatal(err)
	}
	signIn := map[string]func() *Client{string(policies.Public): func() *Client { return s.Client(t) }}
	for _, name := range walkers()[1:] {
		switch role := policies.Role(name); {
		case name == "no_role":
			s.Account(t, name)
		case role == policies.Member:
			s.MemberAccount(t, name, saved.Member.ID)
		case role.Administrator():
			s.Account(t, name, policies.Grant{Role: role, OrgID: policies.Everywhere})
		default:
			s.Account(t, name, policies.Grant{Role: role, OrgID: root.ID})
		}
		signIn[name] = func() *Client { return s.SignIn(t, name, Password) }
	}

	got := map[string][]string{}
	for _, name := range walkers() {
		client := signIn[name]()
		for _, route := range s.API.Routes() {
			reply := client.Do(route.Method, fill(route), nil)
			switch {
			case reply.StatusCode >= 500:
				t.Errorf("%s: %s: %d %s", name, key(route), reply.StatusCode, reply.Text)
			case reply.Problem.Code == "session.required" || reply.Problem.Code == "request.forbidden":
				want := 403
				if name == string(policies.Public) {
					want = 401
				}
				if reply.StatusCode != want {
					t.Errorf("%s: %s: refused with %d, want %d", name, key(route), reply.StatusCode, want)
				}
			case reply.StatusCode == 401 && reply.Problem.Code == "sign_in.refused", reply.StatusCode != 401:
				got[key(route)] = append(got[key(route)], name)
			default:
				t.Errorf("%s: %s: %d %s", name, key(route), reply.StatusCode, reply.Text)
			}
			if route.Method == "DELETE" && strings.HasSuffix(route.Path, "/session") && reply.StatusCode < 300 {
				client = signIn[name]() // it signed out
			}
		}
	}

	if *update {
		writeRoutes(t, s.API.Routes(), got)
	}
	want := readRoutes(t)
	for _, route := range s.API.Routes() {
		k := key(route)
		expected, known := want[k]
		if !known {
			t.Errorf("%s is in the table but not in %s: say who gets in (go test ./app/apptest -update, then look)", k, goldenRoutes)
			continue
		}
		if !slices.Equal(got[k], expected) {
			t.Errorf("%s lets in %v, want %v", k, got[k], expected)
		}
		delete(want, k)
	}
	for k := range want {
		t.Errorf("%s is in %s but not in the table", k, goldenRoutes)
	}
}

func key(r api.Route) string { return fmt.Sprintf("%s %s %s", r.Method, r.Path, r.Permission) }

// fill gives a path of the route below /api/v1, its parameters those of nothing that exists.
func fill(r api.Route) string {
	segments := strings.Split(strings.TrimPrefix(r.Path, "/api/v1"), "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			segments[i] = "nothing"
		}
	}
	return strings.Join(segments, "/")
}

func writeRoutes(t *testing.T, routes []api.Route, who map[string][]string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("# Who gets in: method, path, permission, roles. Written by: go test ./app/apptest -run EveryRoute -update\n")
	for _, route := range routes {
		fmt.Fprintf(&b, "%s | %s\n", key(route), strings.Join(who[key(route)], " "))
	}
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(goldenRoutes, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readRoutes(t *testing.T) map[string][]string {
	t.Helper()
	file, err := os.Open(goldenRoutes)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	want := map[string][]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if k, roles, found := strings.Cut(lines.Text(), " | "); found {
			want[k] = strings.Fields(roles)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return want
}
