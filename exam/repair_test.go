package exam

import (
	"slices"
	"testing"

	"qiming/policies"
)

// A quiz follows its organisation to another place of the tree: the new line reaches it, once.
func TestQuizFollowsItsOrganisation(t *testing.T) {
	w := newWorld(t)
	q, err := w.Quizzes.Create(w.ctx, policies.Actor{AccountID: "author", Scope: policies.Scope{committee}}, "支部测试", []string{committee, branchA})
	w.ok(err)
	w.roll.nodes = append(w.roll.nodes, Node{ID: "general", ParentID: committee, Name: "总支", Path: []string{committee, "general"}})
	w.roll.nodes[1].ParentID, w.roll.nodes[1].Path = "general", []string{committee, "general", branchA}

	leader := policies.Actor{AccountID: "leader", Scope: policies.Scope{"general"}}
	if _, err := w.Quizzes.Get(w.ctx, leader, q.ID); err == nil {
		t.Fatal("reached before the repair")
	}
	for _, want := range []int{1, 0} {
		if n, err := w.Repair(w.ctx); err != nil || n != want {
			t.Fatalf("repaired %d, %v; want %d", n, err, want)
		}
	}
	got, err := w.Quizzes.Get(w.ctx, leader, q.ID)
	w.ok(err)
	if want := []string{committee, "general", branchA}; !slices.Equal(got.OrgPath, want) {
		t.Errorf("path %v, want %v", got.OrgPath, want)
	}
}
