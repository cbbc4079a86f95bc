package org_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qiming/app/audit"
	"qiming/app/org"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

var (
	noon  = time.Date(2026, 3, 5, 4, 0, 0, 0, time.UTC)
	admin = policies.Actor{AccountID: "admin", Name: "系统管理员", Scope: policies.Scope{policies.Everywhere}}
)

// process opens the store as one more process does.
func process(t *testing.T, path string, clock ident.Clock) *org.Service {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+path, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	trail := audit.New(audit.Deps{DB: db, Clock: clock, Key: make([]byte, 32)})
	s := org.New(org.Deps{DB: db, Clock: clock, Trail: trail, Zone: time.FixedZone("CST", 8*3600)})
	if err := db.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func create(t *testing.T, s *org.Service, name string, kind org.Kind, parent string) org.Node {
	t.Helper()
	n, err := s.Create(t.Context(), admin, org.Draft{Name: name, Kind: kind, ParentID: parent})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// school makes 党委 - 两个党总支 - 三个党支部 - 一个党小组.
func school(t *testing.T, s *org.Service) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for _, n := range []struct {
		name   string
		kind   org.Kind
		parent string
	}{{"党委", org.Committee, ""}, {"一总支", org.GeneralBranch, "党委"}, {"二总支", org.GeneralBranch, "党委"}, {"甲支部", org.Branch, "一总支"},
		{"乙支部", org.Branch, "一总支"}, {"丙支部", org.Branch, "二总支"}, {"一组", org.Group, "甲支部"}} {
		ids[n.name] = create(t, s, n.name, n.kind, ids[n.parent]).ID
	}
	return ids
}

func TestWhatMayStandUnderWhat(t *testing.T) {
	kinds := append([]org.Kind{""}, org.Kinds()...)
	allowed := map[string]bool{
		"committee under ": true, "committee under committee": true,
		"general_branch under ": true, "general_branch under committee": true,
		"branch under ": true, "branch under committee": true, "branch under general_branch": true,
		"group under branch": true,
	}
	for _, kind := range org.Kinds() {
		for _, parent := range kinds {
			if got, want := kind.MayStandUnder(parent), allowed[fmt.Sprintf("%s under %s", kind, parent)]; got != want {
				t.Errorf("%s under %q: %v, want %v", kind, parent, got, want)
			}
		}
	}
}

func TestTree(t *testing.T) {
	s := process(t, filepath.Join(t.TempDir(), "db"), ident.NewManual(noon))
	ids := school(t, s)
	tree, err := s.Tree(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := tree.Path(ids["一组"]), []string{ids["党委"], ids["一总支"], ids["甲支部"], ids["一组"]}; !slices.Equal(got, want) {
		t.Errorf("path %v, want %v", got, want)
	}
	if got := tree.Subtree(ids["一总支"]); len(got) != 4 || got[0] != ids["一总支"] {
		t.Errorf("subtree %v", got)
	}
	if got := tree.FullName(ids["甲支部"]); got != "党委 / 一总支 / 甲支部" {
		t.Error(got)
	}
	if tree.Path("?") != nil || tree.Subtree("?") != nil {
		t.Error("an unknown node has a place")
	}
	if _, ok := tree.Lookup("甲支部"); !ok {
		t.Error("a node is not found by its name")
	}
	create(t, s, "甲支部", org.Branch, ids["二总支"])
	tree, _ = s.Tree(t.Context())
	if _, ok := tree.Lookup("甲支部"); ok {
		t.Error("an ambiguous name finds a node")
	}
}

func TestAStrangeTreeStaysInSight(t *testing.T) {
	// Two nodes under each other and one under nothing, as only a broken restore leaves them.
	clock := ident.NewManual(noon)
	path := filepath.Join(t.TempDir(), "db")
	db, err := store.Open(t.Context(), "sqlite:"+path, clock)
	if err != nil {
		t.Fatal(err)
	}
	nodes := store.Define[org.Node](db, store.Spec{Name: "orgs", Version: 1, Indexes: []store.Index{{Name: "code", Fields: []string{"code"}, Unique: true}}})
	if err := db.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for id, parent := range map[string]string{"a": "b", "b": "a", "c": "gone"} {
		if err := nodes.Insert(t.Context(), &org.Node{Meta: store.Meta{ID: id}, Name: id, Kind: org.Branch, ParentID: parent}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	tree, err := process(t, path, clock).Tree(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.All()) != 3 {
		t.Fatalf("%v", tree.All())
	}
}

func TestCreateRefuses(t *testing.T) {
	s := process(t, filepath.Join(t.TempDir(), "db"), ident.NewManual(noon))
	ids := school(t, s)
	clerk := policies.Actor{AccountID: "clerk", Scope: policies.Scope{ids["一总支"]}}
	if _, err := s.Create(t.Context(), admin, org.Draft{Name: "有代码", Code: "A-1", Kind: org.Branch, ParentID: ids["党委"]}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		actor policies.Actor
		draft org.Draft
		want  string
	}{
		{"no name", admin, org.Draft{Kind: org.Branch}, "org.invalid"},
		{"name of spaces", admin, org.Draft{Name: "  ", Kind: org.Branch}, "org.invalid"},
		{"name too long", admin, org.Draft{Name: strings.Repeat("党", 101), Kind: org.Branch}, "org.invalid"},
		{"no kind", admin, org.Draft{Name: "x"}, "org.invalid"},
		{"code with spaces", admin, org.Draft{Name: "x", Kind: org.Branch, Code: "A 1"}, "org.invalid"},
		{"founded tomorrow", admin, org.Draft{Name: "x", Kind: org.Branch, Founded: "2026-03-06"}, "org.invalid"},
		{"founded on no day", admin, org.Draft{Name: "x", Kind: org.Branch, Founded: "2026-02-30"}, "org.invalid"},
		{"a group under a general branch", admin, org.Draft{Name: "x", Kind: org.Group, ParentID: ids["一总支"]}, "org.kind_place"},
		{"a group at the root", admin, org.Draft{Name: "x", Kind: org.Group}, "org.kind_place"},
		{"unknown parent", admin, org.Draft{Name: "x", Kind: org.Branch, ParentID: "?"}, "org.not_found"},
		{"taken code", admin, org.Draft{Name: "x", Kind: org.Branch, Code: "A-1", ParentID: ids["党委"]}, "store.exists"},
		{"a clerk outside the scope", clerk, org.Draft{Name: "x", Kind: org.Branch, ParentID: ids["二总支"]}, "org.not_found"},
		{"a clerk at the root", clerk, org.Draft{Name: "x", Kind: org.Branch}, "org.root"},
		{"a clerk inside", clerk, org.Draft{Name: "x", Kind: org.Branch, ParentID: ids["一总支"]}, ""},
		{"founded today", admin, org.Draft{Name: "x", Kind: org.Branch, Founded: "2026-03-05"}, ""},
		{"longest name", admin, org.Draft{Name: strings.Repeat("党", 100), Kind: org.Branch}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s.Create(t.Context(), tt.actor, tt.draft)
			if tt.want == "store.exists" {
				if !fault.Is(err, fault.Exists) {
					t.Fatal(err)
				}
			} else if got := fault.KeyOf(err); got != tt.want {
				t.Fatalf("%v, want %q", err, tt.want)
			}
		})
	}
}

func TestMove(t *testing.T) {
	s := process(t, filepath.Join(t.TempDir(), "db"), ident.NewManual(noon))
	ids := school(t, s)
	before, _ := s.Tree(t.Context())
	for _, tt := range []struct{ node, to, want string }{
		{"一总支", "甲支部", "org.cycle"},
		{"一总支", "一总支", "org.cycle"},
		{"一组", "二总支", "org.kind_place"},
		{"丙支部", "乙支部", "org.kind_place"},
		{"甲支部", "二总支", ""},
		{"乙支部", "", ""},
	} {
		if _, err := s.Move(t.Context(), admin, ids[tt.node], 0, ids[tt.to]); fault.KeyOf(err) != tt.want {
			t.Errorf("%s under %s: %v, want %q", tt.node, tt.to, err, tt.want)
		}
	}
	tree, _ := s.Tree(t.Context())
	if got := tree.Names(ids["一组"], ids["甲支部"]); got[ids["一组"]] != "甲支部 一组" || got[ids["甲支部"]] != "甲支部" {
		t.Errorf("labels that stand by themselves: %v", got)
	}
	if got := tree.FullName(ids["一组"]); got != "党委 / 二总支 / 甲支部 / 一组" {
		t.Error(got)
	}
	if tree.Shape() == before.Shape() {
		t.Error("the shape did not change")
	}
}

// Two general branches moved under each other at once, from two processes: at most one may win.
func TestMovesTogetherMakeNoCycle(t *testing.T) {
	clock := ident.NewManual(noon)
	path := filepath.Join(t.TempDir(), "db")
	a, b := process(t, path, clock), process(t, path, clock)
	root := create(t, a, "党委", org.Committee, "").ID
	one, two := create(t, a, "甲", org.Committee, root).ID, create(t, a, "乙", org.Committee, root).ID
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() { _, _ = a.Move(t.Context(), admin, one, 0, two) })
		wg.Go(func() { _, _ = b.Move(t.Context(), admin, two, 0, one) })
		wg.Wait()
		clock.Advance(time.Second)
		tree, err := a.Tree(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		x, _ := tree.Node(one)
		y, _ := tree.Node(two)
		if x.ParentID == two && y.ParentID == one {
			t.Fatal("a cycle")
		}
		_, _ = a.Move(t.Context(), admin, one, 0, root)
		_, _ = a.Move(t.Context(), admin, two, 0, root)
	}
}

func TestAnotherProcessSeesAChangeWithinASecond(t *testing.T) {
	clock := ident.NewManual(noon)
	path := filepath.Join(t.TempDir(), "db")
	a, b := process(t, path, clock), process(t, path, clock)
	if tree, err := b.Tree(t.Context()); err != nil || tree.Len() != 0 {
		t.Fatal(tree, err)
	}
	create(t, a, "党委", org.Committee, "")
	clock.Advance(time.Second)
	if tree, err := b.Tree(t.Context()); err != nil || tree.Len() != 1 {
		t.Fatal(tree, err)
	}
}

func TestEdit(t *testing.T) {
	s := process(t, filepath.Join(t.TempDir(), "db"), ident.NewManual(noon))
	ids := school(t, s)
	n, err := s.Edit(t.Context(), admin, ids["甲支部"], 1, org.Draft{Name: "甲党支部", ShortName: "甲", Kind: org.Branch, Code: "B-1"})
	if err != nil || n.Name != "甲党支部" || n.ParentID != ids["一总支"] {
		t.Fatalf("%+v, %v", n, err)
	}
	if _, err := s.Edit(t.Context(), admin, ids["甲支部"], 1, org.Draft{Name: "x", Kind: org.Branch}); fault.KeyOf(err) != "request.stale" {
		t.Fatalf("a stale edit: %v", err)
	}
	if _, err := s.Edit(t.Context(), admin, ids["甲支部"], 0, org.Draft{Name: "x", Kind: org.GeneralBranch}); fault.KeyOf(err) != "org.kind_place" {
		t.Fatalf("a general branch under a general branch: %v", err)
	}
	if _, err := s.Edit(t.Context(), admin, ids["一总支"], 0, org.Draft{Name: "x", Kind: org.Committee}); err != nil {
		t.Fatalf("a general branch becomes a committee: %v", err)
	}
}

type occupants map[string]int

func (o occupants) CountAt(_ context.Context, id string) (int, error) { return o[id], nil }

func TestAbolishOnlyWhatIsEmpty(t *testing.T) {
	s := process(t, filepath.Join(t.TempDir(), "db"), ident.NewManual(noon))
	ids := school(t, s)
	living := occupants{ids["乙支部"]: 1}
	s.Occupy(living)
	for _, name := range []string{"一总支", "甲支部", "乙支部"} {
		if _, err := s.Abolish(t.Context(), admin, ids[name]); fault.KeyOf(err) != "org.not_empty" {
			t.Errorf("%s: %v", name, err)
		}
	}
	delete(living, ids["乙支部"])
	for _, name := range []string{"一组", "甲支部", "乙支部", "一总支"} {
		if n, err := s.Abolish(t.Context(), admin, ids[name]); err != nil || n.Abolished != "2026-03-05" {
			t.Errorf("%s: %+v %v", name, n, err)
		}
	}
	if _, err := s.Create(t.Context(), admin, org.Draft{Name: "x", Kind: org.Branch, ParentID: ids["一总支"]}); fault.KeyOf(err) != "org.abolished" {
		t.Errorf("a branch under an abolished general branch: %v", err)
	}
	if _, err := s.Existing(t.Context(), ids["一总支"]); fault.KeyOf(err) != "org.abolished" {
		t.Error(err)
	}
}
