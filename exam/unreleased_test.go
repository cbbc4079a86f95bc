package exam

import (
	"encoding/json"
	"fmt"
	"math"
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
		out := slices.Contains(members, "m1")
		if figures := st.Mean != nil || st.Marked > 0 || len(st.Items) > 0 || st.Quiz.N > 0; figures != out || st.Taken != 1 || (st.Unreleased == 1) == out {
			t.Errorf("told of %v, the figures of a branch of one: %+v", members, st)
		}
		if topics := slices.ContainsFunc(mastery.ByOrg, func(o MasteryOrg) bool { return o.N > 0 }); topics != out {
			t.Errorf("told of %v, the topics of a branch of one: %+v", members, mastery)
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
	// Nor by who is not among the rows, for nothing would change of them.
	w.ok(w.mark(q.ID, takings["m2"].stored().Blind, takings["m2"].slotOf(essay), 5, ""))
	p, err = w.Regrades.Preview(w.ctx, w.author(), q.ID, RegradeWish{QuestionID: essay, Way: ForAll}, trainer)
	w.ok(err)
	if silent(p, p.Rows, "m1", "m2", "m4"); len(p.Rows) != 3 {
		t.Errorf("who has all the points is not among %+v", p.Rows)
	}
	w.ok(w.mark(q.ID, takings["m2"].stored().Blind, takings["m2"].slotOf(essay), 3, ""))
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

// Before the release figures of scores are over what is out, to whom the rest is not told; an author sees how the items did over all
// first attempts, as long as that tells nobody's marks.
func TestStatisticsBeforeTheRelease(t *testing.T) {
	w := newWorld(t)
	var takers []string
	for i := range 13 { // 8 of branch A, 5 of branch B
		id := fmt.Sprintf("n%02d", i)
		w.member(id, map[bool]string{true: branchA, false: branchB}[i < 8])
		takers = append(takers, id)
	}
	q := w.quiz(fixed(4, w.singles("一", 3)...), func(d *Draft) { d.Settings.ManualRelease = true; d.Settings.Attempts = 2; d.Settings.PassPercent = 70 })
	for i, id := range takers {
		m := w.start(q, id, "phone")
		for _, item := range m.sheet.Items {
			m.save(item.Slot, choose([]string{"a", "b"}[(i*item.Slot)%3%2]))
		}
		m.submit()
	}
	bank, rows := policies.Scope{committee}, policies.Scope{committee}
	branch := policies.Actor{AccountID: "secretary", Scope: policies.Scope{branchA}}
	readers := []struct {
		name  string
		actor policies.Actor
		sight Sight
	}{
		{"trainer", w.author(), Sight{Bank: bank, Rows: rows}},
		{"secretary", branch, Sight{Rows: policies.Scope{branchA}}},
		{"leader", w.author(), Sight{}},
	}
	look := func(actor policies.Actor, ask StatisticsAsk, sight Sight) (Statistics, Mastery) {
		t.Helper()
		st, err := w.Results.Statistics(w.ctx, actor, q.ID, ask, sight)
		w.ok(err)
		m, err := w.Results.Mastery(w.ctx, actor, q.ID, ask, sight)
		w.ok(err)
		return st, m
	}
	// check looks at all as the readers do; of marks items are told over so many to the author.
	check := func(stage string, out []string, items int) {
		t.Helper()
		w.clock.Advance(time.Minute) // a tally may be old
		for _, one := range readers {
			for _, which := range []Which{WhichFirst, WhichAll, WhichBest, WhichLast} {
				for _, org := range []string{"", branchA} {
					st, m := look(one.actor, StatisticsAsk{Which: which, Org: org}, one.sight)
					taken, told, sum, passed := 0, 0, 0.0, 0
					for _, row := range w.rows(q) {
						if row.State == Absent || row.State == NotYet || (org != "" || one.name == "secretary") && row.OrgID != branchA {
							continue
						}
						taken++
						if slices.Contains(out, row.MemberID) {
							told, sum = told+1, sum+*row.Percent
							if *row.Passed {
								passed++
							}
						}
					}
					at := fmt.Sprintf("%s: %s, %s of %q", stage, one.name, which, org)
					if few := one.name == "leader" && told > 0 && told < leastTold; few {
						if !st.FewMarked || st.Mean != nil || st.Marked != 0 || len(st.Items) > 0 || !m.Hidden {
							t.Errorf("%s: of few %+v", at, st)
						}
						continue
					}
					if st.Taken != taken || st.Unreleased != taken-told || st.Marked != told || st.Passed != passed || (st.Mean != nil) != (told > 0) || st.Quiz.N != told || m.N != told {
						t.Errorf("%s: %d of %d are out: %+v, topics of %d", at, told, taken, st, m.N)
					}
					if told > 0 && math.Abs(*st.Mean-sum/float64(told)) > 1e-6 {
						t.Errorf("%s: mean %v, want %v", at, *st.Mean, sum/float64(told))
					}
					buckets := 0
					for _, b := range st.Distribution {
						buckets += b.Count
					}
					if buckets != told || told == 0 && (st.Min != nil || st.Max != nil || st.Median != nil) {
						t.Errorf("%s: %d scores are told: %+v", at, buckets, st)
					}
					for _, c := range st.ByOrg {
						if c.OrgID == branchB && !slices.Contains(out, "n12") && (c.Marked > 0 || c.Passed > 0 || c.Mean != nil) {
							t.Errorf("%s: %+v", at, c)
						}
					}
					want := told
					if one.name == "trainer" && which == WhichFirst && org == "" {
						want = items
					}
					for _, item := range st.Items {
						if item.N != want || (item.Facility != nil) != (want > 0) {
							t.Errorf("%s: an item over %d, want %d: %+v", at, item.N, want, item)
						}
					}
					if (len(st.Items) == 3) != (want > 0) {
						t.Errorf("%s: %d items over %d", at, len(st.Items), want)
					}
				}
			}
		}
	}
	release := func(wish WaveWish) {
		t.Helper()
		_, err := w.Releases.Release(w.ctx, w.author(), q.ID, wish)
		w.ok(err)
	}
	check("none is out", nil, 13)
	release(WaveWish{Orgs: []string{branchB}})
	check("branch B is out", takers[8:], 13)
	release(WaveWish{Members: takers[:4]}) // of four who are left the difference would tell
	check("four are left", slices.Concat(takers[:4], takers[8:]), 9)
	release(WaveWish{})
	check("all are out", takers, 13)

	// Who tries again has told results of the first time, and nothing says which one is better.
	again := w.start(q, "n01", "phone")
	for _, item := range again.sheet.Items {
		again.save(item.Slot, choose("a"))
	}
	again.submit()
	w.clock.Advance(time.Minute)
	first := w.told(q, readers[0].sight, "n01")
	if first.Percent == nil || *first.Percent == 100 || first.State != string(Released) || !first.Veiled || first.Final != FinalPending {
		t.Errorf("of a second attempt that is not out one is told %+v", first)
	}
	if full := w.told(q, w.all(), "n01"); *full.Percent != 100 || full.Veiled {
		t.Errorf("who marks sees %+v", full)
	}
	if st, _ := look(w.author(), StatisticsAsk{Which: WhichBest}, readers[0].sight); st.Quiz.N != 13 || st.Unreleased != 0 {
		t.Errorf("best of what is out: %+v", st)
	}
}

// rows gives all results of a quiz.
func (w *world) rows(q Quiz) []Row {
	w.Helper()
	rows, err := w.Results.All(w.ctx, w.author(), q.ID, RowFilter{})
	w.ok(err)
	return rows
}

// told gives a member's row as it is told.
func (w *world) told(q Quiz, sight Sight, member string) Row {
	w.Helper()
	rows, err := w.Results.Told(w.ctx, w.author(), q.ID, RowFilter{}, sight)
	w.ok(err)
	i := slices.IndexFunc(rows, func(r Row) bool { return r.MemberID == member })
	if i < 0 {
		w.Fatalf("no row of %s", member)
	}
	return rows[i]
}

// How a question did in a quiz tells no mark either.
func TestUsageBeforeTheRelease(t *testing.T) {
	w := newWorld(t)
	id := w.singles("一", 1)[0]
	q := w.quiz(fixed(4, id), func(d *Draft) { d.Settings.ManualRelease = true })
	w.sat(q, map[string]string{"m1": "a", "m2": "b"})
	head, err := w.bank.Get(w.ctx, w.author(), id)
	w.ok(err)
	use := func(sight Sight) QuizUse {
		t.Helper()
		w.clock.Advance(time.Minute)
		usage, err := w.Results.Usage(w.ctx, w.author(), policies.Scope{committee}, sight, head)
		w.ok(err)
		return usage.Quizzes[0]
	}
	trainer := Sight{Bank: policies.Scope{committee}, Rows: policies.Scope{committee}}
	if veiled, full := use(trainer), use(w.all()); veiled.Facility != nil || veiled.N != 0 || len(veiled.Figures) != 0 || full.N != 2 {
		t.Errorf("two marks are told: %+v, to who marks %+v", veiled, full)
	}
	w.ok(w.Results.RecordItems(w.ctx))
	if known, err := w.desk.measuredItems(w.ctx, []string{q.ID}); err != nil || known[id].n != 0 {
		t.Errorf("recorded: %+v %v", known, err)
	}
	_, err = w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{})
	w.ok(err)
	if after := use(trainer); after.N != 2 || *after.Facility != 0.5 {
		t.Errorf("after the release %+v", after)
	}
}

// Figures that need whole attempts are not told to an author while fewer than leastTold of those that are not out are marked to the
// end: over two of them the spread of the rests says what an evaluator gave.
func TestItemFiguresOverFewWholeAttempts(t *testing.T) {
	w := newWorld(t)
	single := w.singles("一", 1)[0]
	essay := w.questions("二", question.Content{Kind: question.Essay, Stem: "谈谈体会"})[0]
	q := w.quiz(append(fixed(5, single), fixed(5, essay)...), func(d *Draft) { d.Settings.ManualRelease = true })
	var takings []*taking
	for i := range 7 {
		id := fmt.Sprintf("n%d", i)
		w.member(id, branchA)
		m := w.start(q, id, "phone")
		m.save(m.slotOf(single), choose([]string{"a", "b"}[i%2]))
		m.save(m.slotOf(essay), question.Response{Text: "体会"})
		m.submit()
		takings = append(takings, m)
	}
	author := Sight{Bank: policies.Scope{committee}, Rows: policies.Scope{committee}}
	look := func(sight Sight) ItemFigures {
		t.Helper()
		w.clock.Advance(time.Minute) // a tally may be old
		st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{}, sight)
		w.ok(err)
		for _, item := range st.Items {
			if item.QuestionID == single {
				return item
			}
		}
		t.Fatalf("no figures of it: %+v", st.Items)
		return ItemFigures{}
	}
	for i, m := range takings {
		w.ok(w.mark(q.ID, m.stored().Blind, m.slotOf(essay), float64(i%4), ""))
		item, paired := look(author), i+1
		if paired < leastTold {
			paired = 0
		}
		if item.N != 7 || item.Paired != paired || item.Facility == nil || (item.OtherVariance != nil) != (paired > 0) || (item.SD != nil) != (paired > 0) || (item.Choices != nil) != (paired > 0) {
			t.Errorf("of %d marked to the end an author is told %+v", i+1, item)
		}
		if full := look(w.all()); full.Paired != i+1 {
			t.Errorf("who marks is told of %d, want %d", full.Paired, i+1)
		}
	}
}
