package exam

import (
	"slices"
	"testing"
	"time"

	"qiming/policies"
)

// Before the release nobody but those who mark or release is told scores: not by rows, filters, files, sheets or topics.
func TestScoresBeforeTheRelease(t *testing.T) {
	w := newWorld(t)
	id := w.singles("一", 1)[0]
	q := w.quiz(fixed(4, id), func(d *Draft) { d.Settings.ManualRelease = true })
	sheets := map[string]string{}
	for member, choice := range map[string]string{"m1": "a", "m2": "b"} { // m1 is of branch A
		m := w.start(q, member, "phone")
		m.save(m.slotOf(id), choose(choice))
		m.submit()
		sheets[member] = m.sheet.Attempt.ID
	}
	reader := Sight{Bank: policies.Scope{committee}, Rows: policies.Scope{committee}}
	elsewhere := Sight{Rows: policies.Scope{committee}, Unreleased: policies.Scope{branchA}} // marks in a branch, and not what the committee holds
	told := func(sight Sight) (members []string) {
		t.Helper()
		w.clock.Advance(time.Minute) // a tally may be old
		seen := map[string]bool{}
		page, total, err := w.Results.Rows(w.ctx, w.author(), q.ID, RowFilter{State: "taken"}, sight, 50, "")
		w.ok(err)
		if total != 2 {
			t.Fatalf("%d rows", total)
		}
		for _, r := range page.Items {
			seen[r.MemberID] = r.Score != nil
			if hidden := r.Percent == nil && r.Passed == nil && r.Final == FinalPending; hidden == (r.Score != nil) || r.Veiled == (r.Score != nil) {
				t.Errorf("row %+v", r)
			}
		}
		for state, want := range map[string]int{"passed": 1, "failed": 1} {
			rows, err := w.Results.Told(w.ctx, w.author(), q.ID, RowFilter{State: state}, sight)
			w.ok(err)
			member := map[string]string{"passed": "m1", "failed": "m2"}[state]
			if (len(rows) == want) != seen[member] {
				t.Errorf("%s tells of %d", state, len(rows))
			}
		}
		marks, err := w.Results.Marksheet(w.ctx, w.author(), q.ID, RowFilter{}, WhichAll, sight)
		w.ok(err)
		topics, _, err := w.Results.MasteryRows(w.ctx, w.author(), q.ID, StatisticsAsk{}, sight, 50, "")
		w.ok(err)
		for member, attempt := range sheets {
			sheet, err := w.Results.Sheet(w.ctx, w.author(), q.ID, attempt, sight)
			w.ok(err)
			item := sheet.Items[0]
			if open := sheet.Total != nil && item.Mark != nil; open != seen[member] || sheet.Veiled == open || item.Response == nil {
				t.Errorf("the sheet of %s: %+v", member, sheet)
			}
			if seen[member] {
				members = append(members, member)
			}
		}
		if len(topics.Items) != len(members) || len(marks.Rows) != len(members) {
			t.Errorf("%d topics, %d rows of marks of %v", len(topics.Items), len(marks.Rows), members)
		}
		slices.Sort(members)
		// A branch of one taker tells by its figures what the row does not.
		st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{Org: branchA}, sight)
		w.ok(err)
		mastery, err := w.Results.Mastery(w.ctx, w.author(), q.ID, StatisticsAsk{Org: branchA}, sight)
		w.ok(err)
		all := len(members) == len(sheets)
		if figures := !st.FewMarked && st.Marked == 1; figures != all {
			t.Errorf("told of %v, the figures of a branch of one: %+v", members, st)
		}
		if i := slices.IndexFunc(mastery.ByOrg, func(o MasteryOrg) bool { return o.OrgID == branchA }); i >= 0 && mastery.ByOrg[i].Hidden == all {
			t.Errorf("told of %v, the topics of a branch of one: %+v", members, mastery.ByOrg[i])
		}
		return members
	}
	if got := told(w.all()); !slices.Equal(got, []string{"m1", "m2"}) {
		t.Errorf("who marks is told of %v", got)
	}
	for _, sight := range []Sight{reader, elsewhere} {
		if got := told(sight); len(got) != 0 {
			t.Errorf("before the release one is told of %v", got)
		}
	}
	_, err := w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{Orgs: []string{branchA}})
	w.ok(err)
	if got := told(reader); !slices.Equal(got, []string{"m1"}) {
		t.Errorf("after the first wave one is told of %v", got)
	}
	_, err = w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{})
	w.ok(err)
	if got := told(reader); !slices.Equal(got, []string{"m1", "m2"}) {
		t.Errorf("after the last wave one is told of %v", got)
	}
}
