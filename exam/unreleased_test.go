package exam

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"qiming/exam/question"
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

// A regrade says by how much scores change that are not released, and neither what they are nor who passes: in its preview, its
// record and every list, before and after it is applied.
func TestRegradesOfScoresBeforeTheRelease(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 2)
	essay := w.questions("二", question.Content{Kind: question.Essay, Stem: "谈谈体会"})[0]
	q := w.quiz(append(fixed(5, ids...), fixed(5, essay)...), func(d *Draft) { d.Settings.ManualRelease = true; d.Settings.PassPercent = 50 })
	takings := map[string]*taking{}
	for member, option := range map[string]string{"m1": "a", "m2": "b", "m4": "b"} { // m1 is of branch A
		takings[member] = w.start(q, member, "phone")
		for _, id := range ids {
			takings[member].save(takings[member].slotOf(id), choose(option))
		}
		takings[member].save(takings[member].slotOf(essay), question.Response{Text: "体会"})
		takings[member].submit()
		w.ok(w.mark(q.ID, takings[member].stored().Blind, takings[member].slotOf(essay), map[string]float64{"a": 1, "b": 3}[option], ""))
	}
	w.correct(ids[0], keyIs("b"))
	trainer := Sight{Bank: policies.Scope{committee}, Rows: policies.Scope{committee}}
	wish := RegradeWish{QuestionID: ids[0], Way: ByKey, Reason: "第一题答案应为乙"}
	// silent checks that whatever is told says nothing of the results of those members.
	silent := func(told any, rows []RegradeRow, members ...string) {
		t.Helper()
		text, err := json.Marshal(told)
		w.ok(err)
		if len(members) == 3 {
			for _, word := range []string{`"from"`, `"to"`, `"mark_from"`, `"percent"`, `"passed"`} {
				if strings.Contains(string(text), word) {
					t.Errorf("%s is told: %s", word, text)
				}
			}
			for _, zero := range []string{`"now_pass":0`, `"now_fail":0`, `"up":0`, `"down":0`, `"mean":0`} {
				if !strings.Contains(string(text), zero) {
					t.Errorf("not %s: %s", zero, text)
				}
			}
		}
		for _, row := range rows {
			if veiled := slices.Contains(members, row.MemberID); veiled != row.Veiled || veiled == (row.From != nil) || veiled && (row.To != nil || row.MarkFrom != nil || row.MarkTo != nil) || !veiled && row.Change != nil {
				t.Errorf("row %+v, veiled are %v", row, members)
			}
		}
	}
	p, err := w.Regrades.Preview(w.ctx, w.author(), q.ID, wish, trainer)
	w.ok(err)
	silent(p, p.Rows, "m1", "m2", "m4")
	if p.Totals.Changed != 3 || p.Totals.Veiled != 3 || len(p.Rows) != 3 {
		t.Fatalf("preview %+v", p)
	}
	for _, row := range p.Rows {
		if want := map[string]float64{"m1": -5, "m2": 5, "m4": 5}[row.MemberID]; row.Change == nil || *row.Change != want || row.Name == "" {
			t.Errorf("row %+v, want %v points", row, want)
		}
	}
	if full, err := w.Regrades.Preview(w.ctx, w.author(), q.ID, wish, w.all()); err != nil || full.Totals.NowPass != 2 || full.Totals.NowFail != 1 || full.Rows[0].To == nil {
		t.Errorf("an evaluator is told %+v %v", full, err)
	}
	// What people marked is not told by what dropping the item takes away.
	for _, way := range []RegradeWay{Without, ForAll} {
		p, err := w.Regrades.Preview(w.ctx, w.author(), q.ID, RegradeWish{QuestionID: essay, Way: way}, trainer)
		w.ok(err)
		silent(p, p.Rows, "m1", "m2", "m4")
		if len(p.Rows) != 3 || slices.ContainsFunc(p.Rows, func(r RegradeRow) bool { return r.Change != nil }) {
			t.Errorf("%s tells the marks of an essay: %+v", way, p.Rows)
		}
	}
	r, err := w.Regrades.Ask(w.ctx, w.author(), q.ID, wish)
	w.ok(err)
	looks := func(members ...string) {
		t.Helper()
		told, err := w.Regrades.Told(w.ctx, r, trainer)
		w.ok(err)
		silent(told, nil, members...)
		one, err := w.Regrades.Get(w.ctx, w.author(), r.ID, trainer)
		w.ok(err)
		silent(one, one.Preview.Rows, members...)
		list, err := w.Regrades.List(w.ctx, w.author(), q.ID, trainer)
		w.ok(err)
		silent(list, nil, members...)
		if len(members) > 0 && list[0].Totals.NowPass+list[0].Totals.NowFail+one.Totals.NowPass+told.Totals.NowFail != 0 || len(members) == 0 && list[0].Totals.NowPass != 2 {
			t.Errorf("veiled are %v, the list says %+v", members, list[0].Totals)
		}
		if want := map[int][2]int{3: {0, 0}, 2: {0, 1}, 0: {2, 1}}[len(members)]; one.Preview.Totals.NowPass != want[0] || one.Preview.Totals.NowFail != want[1] {
			t.Errorf("veiled are %v, passes of others are counted: %+v", members, one.Preview.Totals)
		}
	}
	looks("m1", "m2", "m4")
	_, err = w.Regrades.Approve(w.ctx, w.chief(), r.ID, 3)
	w.ok(err)
	looks("m1", "m2", "m4")
	_, err = w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{Orgs: []string{branchA}})
	w.ok(err)
	looks("m2", "m4")
	_, err = w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{})
	w.ok(err)
	looks()
}
