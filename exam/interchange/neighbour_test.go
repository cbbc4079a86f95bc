package interchange

import (
	"slices"
	"strings"
	"testing"

	"qiming/policies"
)

// Beside each record of a preview stands what the bank says already, and in which parts the two differ.
func TestNeighboursOfAPreview(t *testing.T) {
	w, ctx := newWorkshop(t), t.Context()
	const head = "题型,题干,A,B,C,答案,解析\n"
	bring := func(orgID, rows string) Import {
		t.Helper()
		m, err := w.Preview(ctx, policies.Actor{AccountID: "a", Scope: policies.Scope{orgID}}, Ask{File: "a.csv", Data: []byte(head + rows), OrgID: orgID})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	old := bring("branch", "单选题,党的根本宗旨是什么？,全心全意为人民服务,共同富裕,改革开放,A,见党章\n判断题,预备期为一年。,,,,对,\n")
	if _, err := w.Confirm(ctx, trainer, old.ID, nil); err != nil {
		t.Fatal(err)
	}
	draft := bring("root", "判断题,上级银行的草稿题目。,,,,对,\n")
	if _, err := w.Confirm(ctx, policies.Actor{AccountID: "r", Scope: policies.Scope{"root"}}, draft.ID, nil); err != nil {
		t.Fatal(err)
	}
	m := bring("branch", strings.Join([]string{
		"单选题,党的根本宗旨是什么？,全心全意为人民服务,共同富裕,改革开放,B,见党章",  // contradicts
		"单选题,党的根本宗旨是什么？,全心全意为人民服务,依法治国,改革开放,A,另有解析", // another wrong option and explanation
		"判断题,预备期为一年。,,,,对,",    // the same
		"判断题,上级银行的草稿题目。,,,,对,", // the same as what this actor does not see
		"判断题,全新的一道题。,,,,错,",
	}, "\n"))
	entries, _, err := w.Entries(ctx, trainer, m.ID, Excerpt{Limit: 10})
	if err != nil || len(entries) != 5 {
		t.Fatalf("%v %+v", err, entries)
	}
	for i, want := range []string{"answer", "options,explanation", "", "-", "-"} {
		got := "-"
		if list := entries[i].Neighbours; len(list) > 0 {
			got = strings.Join(list[0].Differs, ",")
			if len(list) != 1 || list[0].Content.Stem != entries[i].Content.Stem || list[0].QuestionID == "" {
				t.Errorf("%d: %+v", i, list)
			}
		}
		if got != want {
			t.Errorf("%d: %q, want %q (%s)", i, got, want, entries[i].State)
		}
	}
	if states := []Outcome{entries[0].State, entries[2].State, entries[4].State}; !slices.Equal(states, []Outcome{Refused, Double, Fresh}) {
		t.Errorf("%v", states)
	}
}
