package exam

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/exam/statistics"
	"qiming/policies"
)

// all is the sight of somebody who may see everything.
func (w *world) all() Sight {
	return Sight{Bank: policies.Scope{committee}, Rows: policies.Scope{committee}, Unreleased: policies.Scope{committee}}
}

// crowd makes n members and lets each take the quiz: which slots are right is decided by right.
func (w *world) crowd(q Quiz, n int, right func(taker, slot int) bool) {
	w.Helper()
	for i := range n {
		id := fmt.Sprintf("c%02d", i)
		if _, ok := w.roll.takers[id]; !ok {
			w.member(id, []string{branchA, branchB}[i%2])
		}
		m := w.start(q, id, "phone")
		for _, item := range m.sheet.Items {
			w.clock.Advance(10 * time.Second)
			if right(i, item.Slot) {
				m.save(item.Slot, choose("a"))
			} else {
				m.save(item.Slot, choose("b"))
			}
		}
		m.submit()
	}
	w.clock.Advance(tallyAge)
}

// TestStatisticsAreThoseOfTheTable: the figures of a quiz are those of a table of its marks.
func TestStatisticsAreThoseOfTheTable(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(append(fixed(2, w.singles("一", 3)...), fixed(4, w.singles("二", 1)...)...), func(d *Draft) { d.Settings.Closes = nil })
	right := func(taker, slot int) bool { return (taker*7+slot*3)%5 < 3 || taker > 8 }
	w.crowd(q, 12, right)
	var csv strings.Builder
	csv.WriteString("learner,1,2,3,4\nmax,2,2,2,4\n")
	for i := range 12 {
		fmt.Fprintf(&csv, "c%d", i)
		for slot := 1; slot <= 4; slot++ {
			mark := 0
			if right(i, slot) {
				mark = []int{2, 2, 2, 4}[slot-1]
			}
			fmt.Fprintf(&csv, ",%d", mark)
		}
		csv.WriteString("\n")
	}
	table, err := statistics.ReadTable(strings.NewReader(csv.String()), statistics.BlankIsZero)
	w.ok(err)
	want := table.Report()
	st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{}, w.all())
	w.ok(err)
	if st.Which != WhichFirst || st.Quiz.Points != 10 || st.Quiz.N != 12 || *st.Quiz.CIC != *want.Quiz.CIC || *st.Quiz.Skewness != *want.Quiz.Skewness || *st.Quiz.Mean != *want.Quiz.Mean {
		t.Errorf("quiz %+v, want %+v", st.Quiz, want.Quiz)
	}
	if st.Quiz.Time == nil || st.Quiz.Time.Median != 40 {
		t.Errorf("an attempt took %+v", st.Quiz.Time)
	}
	b, err := w.desk.blueprint(w.ctx, q.ID, 1)
	w.ok(err)
	for slot, version := range b.draw("any").Versions() {
		item := st.Items[slices.IndexFunc(st.Items, func(f ItemFigures) bool { return f.Version == version })]
		line := want.Items[slot]
		if !same64(item.Facility, line.Facility) || !same64(item.Discrimination, line.Discrimination) || !same64(item.Efficiency, line.Efficiency) || !same64(item.Weight, line.Weight) ||
			item.Discrimination == nil || item.N != 12 || item.Slot != slot+1 || item.Key != 0 {
			t.Errorf("item %d: %+v, want %+v", slot+1, item, line)
		}
		if *item.RandomGuess != 0.25 || item.Time == nil || item.Time.Median != 10 {
			t.Errorf("item %d: guess %v, time %+v", slot+1, *item.RandomGuess, item.Time)
		}
		chosen := item.Choices.Options
		if len(chosen) != 4 || !chosen[0].Right || chosen[0].Label != "A" || chosen[0].Chosen.All()+chosen[1].Chosen.All() != 12 || item.Choices.Takers.All() != 12 ||
			float64(chosen[0].Chosen.All())/12 != *item.Facility {
			t.Errorf("item %d: %+v", slot+1, item.Choices)
		}
	}
}

// TestStatisticsJudgeByTheKeyOfNow: after a regrade an option is right that the new key says is, and the figures say whose key
// that is; where everybody earns the item no option is right or wrong.
func TestStatisticsJudgeByTheKeyOfNow(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 2)
	q := w.quiz(fixed(2, ids...), func(d *Draft) { d.Settings.Closes = nil })
	w.crowd(q, 6, func(taker, slot int) bool { return slot == 2 || taker < 1 }) // 5 of 6 choose b for the first item
	item := func(slot int) ItemFigures {
		w.clock.Advance(time.Minute)
		st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{}, w.all())
		w.ok(err)
		return st.Items[slices.IndexFunc(st.Items, func(f ItemFigures) bool { return f.Slot == slot })]
	}
	rights := func(f ItemFigures) string {
		out := ""
		for _, option := range f.Choices.Options {
			if option.Right {
				out += option.Label
			}
		}
		return out
	}
	if f := item(1); rights(f) != "A" || f.Key != 0 || *f.Facility >= 0.2 || !slices.Contains(f.Flags, statistics.Distractor) {
		t.Fatalf("before: right %s, %+v", rights(f), f)
	}
	w.correct(ids[0], func(c *question.Content) {
		keyIs("b")(c)
		slices.Reverse(c.Options) // their order is another: they are known by their ids
	})
	w.askAndApprove(q, RegradeWish{QuestionID: ids[0], Way: ByKey})
	if f := item(1); rights(f) != "B" || f.Number != 1 || f.Key != 2 || *f.Facility <= 0.8 || *f.RandomGuess != 0.25 || len(f.Flags) != 0 || f.Choices.Options[1].Chosen.All() != 5 {
		t.Errorf("after: right %s, %+v", rights(f), f)
	}
	w.askAndApprove(q, RegradeWish{QuestionID: ids[0], Way: ForAll})
	if f := item(1); rights(f) != "" || !f.Given || f.Key != 0 || *f.Facility != 1 || f.RandomGuess != nil || len(f.Flags) != 0 {
		t.Errorf("for all: right %s, %+v", rights(f), f)
	}
	if f := item(2); rights(f) != "A" || f.Given || f.Key != 0 {
		t.Errorf("the other item: %+v", f)
	}
}

// TestNumbersInThePaper: an item has a number where everybody's paper has it in the same place.
func TestNumbersInThePaper(t *testing.T) {
	for name, change := range map[string]func(*Draft){
		"shuffled": func(d *Draft) { d.Sections[0].Shuffle = true },
		"fixed":    func(*Draft) {},
	} {
		w := newWorld(t)
		q := w.quiz(fixed(2, w.singles("一", 3)...), func(d *Draft) { d.Settings.Closes = nil }, change)
		w.crowd(q, 5, func(taker, slot int) bool { return taker < slot }) // the first is the hardest
		st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{}, w.all())
		w.ok(err)
		var numbers []int
		for _, item := range st.Items {
			numbers = append(numbers, item.Slot)
		}
		want := []int{1, 2, 3}
		if name == "shuffled" {
			want = []int{0, 0, 0}
		}
		if !slices.Equal(numbers, want) {
			t.Errorf("%s: %v, want %v", name, numbers, want)
		}
	}
}

// TestWhichAttempts: first by default, all, the best or the last as one asks.
func TestWhichAttempts(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(1, w.singles("一", 4)...), func(d *Draft) { d.Settings.Attempts = 3 })
	for _, right := range []int{1, 4, 2} {
		m := w.start(q, "m1", "phone")
		m.answer(right)
		m.submit()
	}
	m := w.start(q, "m2", "phone")
	m.answer(3)
	m.submit()
	w.clock.Advance(tallyAge)
	for which, want := range map[Which][2]float64{"": {2, 2}, WhichFirst: {2, 2}, WhichAll: {4, 2.5}, WhichBest: {2, 3.5}, WhichLast: {2, 2.5}} {
		st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{Which: which}, w.all())
		w.ok(err)
		if float64(st.Quiz.N) != want[0] || *st.Quiz.Mean != want[1] {
			t.Errorf("%q: %d attempts, mean %v, want %v", which, st.Quiz.N, *st.Quiz.Mean, want)
		}
	}
}

// TestDrawnPapersAreMeasuredByVersion: an item counts the attempts whose paper had it; a void or unmarked one nowhere.
func TestDrawnPapersAreMeasuredByVersion(t *testing.T) {
	w := newWorld(t)
	w.singles("池", 6)
	q := w.quiz([]Entry{drawn(2, 5, "池")}, func(d *Draft) { d.Settings.Closes = nil; d.Sections[0].Shuffle = true })
	w.crowd(q, 20, func(taker, slot int) bool { return taker%3 > 0 })
	st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{}, w.all())
	w.ok(err)
	n := 0
	for _, item := range st.Items {
		n += item.N
	}
	if n != 40 || st.Quiz.N != 20 || st.Quiz.CIC == nil || math.Abs(*st.Quiz.CIC-100) > 1e-9 {
		t.Errorf("%d marks of %d attempts, CIC %v: the two places of a paper go together", n, st.Quiz.N, st.Quiz.CIC)
	}
}

// TestSmallGroups: whoever may not see the rows is told nothing of fewer than five people, directly or by a difference.
func TestSmallGroups(t *testing.T) {
	counts := func(people ...int) []OrgCount {
		list := []OrgCount{{OrgID: "root", Due: 0}}
		for i, n := range people {
			list[0].Due += n
			list = append(list, OrgCount{OrgID: fmt.Sprint(i), ParentID: "root", Due: n})
		}
		return list
	}
	for name, c := range map[string]struct {
		counts []OrgCount
		sees   string
		want   string
	}{
		"all large":               {counts(5, 6, 7), "", ""},
		"one small takes another": {counts(9, 4, 6), "", "1 2"},
		"two small are enough":    {counts(9, 4, 3), "", "1 2"},
		"two of one and two":      {counts(9, 1, 2), "", "0 1 2"},
		"a root of four":          {counts(2, 2), "", "0 1 root"},
		"one's own is seen":       {counts(9, 4, 6), "1", ""},
		"nobody there":            {counts(9, 0), "", ""},
	} {
		hidden := smallGroups(c.counts, (*OrgCount).concerned, func(id string) bool { return id == c.sees })
		var ids []string
		for id := range hidden {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s: %q is hidden, want %q", name, got, c.want)
		}
	}
	// What is below is not told either: its sum would tell.
	list := []OrgCount{{OrgID: "root", Due: 20}, {OrgID: "a", ParentID: "root", Due: 4}, {OrgID: "b", ParentID: "root", Due: 6}, {OrgID: "c", ParentID: "root", Due: 10},
		{OrgID: "b1", ParentID: "b", Due: 6}}
	if hidden := smallGroups(list, (*OrgCount).concerned, func(string) bool { return false }); !hidden["b"] || !hidden["b1"] || hidden["c"] || hidden["root"] {
		t.Errorf("%v", hidden)
	}
}

func TestSmallGroupsInStatistics(t *testing.T) {
	w := newWorld(t)
	for i := range 8 {
		w.member(fmt.Sprintf("n%d", i), branchA)
	}
	q := w.quiz(fixed(1, w.singles("一", 3)...), func(d *Draft) { d.Settings.Closes = nil })
	take := func(ids ...string) {
		for i, id := range ids {
			m := w.start(q, id, "phone")
			m.answer(i % 4)
			m.submit()
		}
		w.clock.Advance(tallyAge)
	}
	leader, blind := w.author(), Sight{}
	ask := func(org string) Statistics {
		t.Helper()
		st, err := w.Results.Statistics(w.ctx, leader, q.ID, StatisticsAsk{Org: org}, blind)
		w.ok(err)
		return st
	}
	take("n0", "n1", "n2", "n3")
	if st := ask(""); st.Due != 12 || st.Taken != 4 || st.Mean != nil || !st.FewMarked || len(st.Items) != 0 || st.Quiz.N != 0 || len(st.Distribution) != 0 {
		t.Errorf("four scores: %+v", st)
	}
	if st, err := w.Results.Statistics(w.ctx, leader, q.ID, StatisticsAsk{}, w.all()); err != nil || st.Mean == nil || len(st.Items) != 3 {
		t.Errorf("who sees the rows sees all: %v %+v", err, st)
	}
	take("n4", "n5", "n6", "n7", "m2", "m4") // 8 of A, 2 of B: four are due there
	for _, org := range []string{"", branchA, branchB} {
		st := ask(org)
		if told := org == ""; (st.Mean != nil) != (told) || (len(st.Items) > 0) != told {
			t.Errorf("%q: mean %v, %d items, hidden %v, few %v", org, st.Mean, len(st.Items), st.Hidden, st.FewMarked)
		}
		for _, c := range st.ByOrg {
			if c.OrgID != committee && (!c.Hidden || c.Due != 0 || c.Mean != nil || c.Name == "") {
				t.Errorf("%q: %+v", org, c)
			}
		}
	}
	m, err := w.Results.Mastery(w.ctx, leader, q.ID, StatisticsAsk{}, blind)
	w.ok(err)
	if len(m.Topics) != 1 || m.Topics[0].Share == nil || m.ByOrg[0].Hidden || !m.ByOrg[1].Hidden || len(m.ByOrg[1].Shares) != 0 {
		t.Errorf("mastery %+v", m)
	}
	if m, err = w.Results.Mastery(w.ctx, leader, q.ID, StatisticsAsk{Org: branchB}, blind); err != nil || !m.Hidden || len(m.ByOrg) != 0 {
		t.Errorf("mastery of two: %v %+v", err, m)
	}
}

// TestTimeOnItems: from one answer to the next, by the taker's clock where the server's allows it.
func TestTimeOnItems(t *testing.T) {
	at := func(s int) time.Time { return monday.Add(time.Duration(s) * time.Second) }
	answer := func(slot, server, client int) Step {
		s := Step{Kind: StepAnswer, Slot: slot, At: at(server)}
		if client >= 0 {
			c := at(client)
			s.ClientAt = &c
		}
		return s
	}
	late := answer(1, 500, -1)
	late.Late = true
	secondsBySlot := func(a *Attempt, slots int) []float32 {
		seconds := make([]float32, slots)
		a.secondsBySlot(seconds)
		return seconds
	}
	a := &Attempt{StartedAt: at(0), Steps: []Step{{Kind: StepStart, At: at(0)}, answer(1, 60, 20), answer(2, 60, 45), answer(1, 60, 50), // sent together after a while without a network
		{Kind: StepTakeover, At: at(200)}, answer(3, 215, -1), late}}
	if got := secondsBySlot(a, 4); !slices.Equal(got, []float32{25, 25, 15, 0}) {
		t.Errorf("seconds %v", got)
	}
	// A clock that is ahead, or behind what came before, is not believed: the arrival counts. Held time is nobody's.
	a.Steps = []Step{{Kind: StepStart, At: at(0)}, answer(1, 20, 1000), answer(2, 50, 1000), answer(3, 55, 3), {Kind: StepPause, At: at(60)}, {Kind: StepResume, At: at(90)}, answer(4, 92, 70)}
	if got := secondsBySlot(a, 4); !slices.Equal(got, []float32{20, 30, 5, 2}) {
		t.Errorf("seconds %v", got)
	}
	a.Label = "A"
	if got := secondsBySlot(a, 2); !slices.Equal(got, []float32{0, 0}) {
		t.Errorf("on paper %v", got)
	}
}

// TestMastery: topics by the first level at which the questions differ.
func TestMastery(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("题", 4)
	top, err := w.bank.CreateCategory(w.ctx, w.author(), committee, question.CategoryDraft{Name: "党建"})
	w.ok(err)
	for i, name := range []string{"党章", "党史"} {
		c, err := w.bank.CreateCategory(w.ctx, w.author(), committee, question.CategoryDraft{Name: name, ParentID: top.ID})
		w.ok(err)
		for _, id := range ids[2*i : 2*i+2] {
			head, err := w.bank.Get(w.ctx, w.author(), id)
			w.ok(err)
			_, err = w.bank.Save(w.ctx, w.author(), id, head.Rev, question.Edit{Content: head.Content, CategoryID: c.ID, Tags: head.Tags})
			w.ok(err)
		}
	}
	q := w.quiz(fixed(5, ids...))
	for member, right := range map[string]int{"m1": 3, "m2": 1, "m3": 2} {
		m := w.start(q, member, "phone")
		m.answer(right)
		m.submit()
	}
	w.clock.Advance(tallyAge)
	m, err := w.Results.Mastery(w.ctx, w.author(), q.ID, StatisticsAsk{}, w.all())
	w.ok(err)
	share := func(x *float64) string {
		if x == nil {
			return "-"
		}
		return fmt.Sprintf("%.3f", *x)
	}
	got := fmt.Sprintf("%d; ", m.N)
	for _, topic := range m.Topics {
		got += fmt.Sprintf("%s %d %d %s; ", topic.Name, topic.Items, topic.N, share(topic.Share))
	}
	for _, org := range m.ByOrg {
		got += fmt.Sprintf("%s %d %s %s; ", org.OrgID, org.N, share(org.Shares[0]), share(org.Shares[1]))
	}
	if want := "3; 党史 2 3 0.167; 党章 2 3 0.833; committee 3 0.167 0.833; branch-a 2 0.250 1.000; branch-b 1 0.000 0.500; "; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	page, topics, err := w.Results.MasteryRows(w.ctx, w.author(), q.ID, StatisticsAsk{Org: branchA}, w.all(), 1, "")
	w.ok(err)
	if len(page.Items) != 1 || page.Next == "" || topics[0].Name != "党史" || share(page.Items[0].Shares[0]) != "0.500" || *page.Items[0].Percent != 75 {
		t.Errorf("%+v", page)
	}
	rest, _, err := w.Results.MasteryRows(w.ctx, w.author(), q.ID, StatisticsAsk{Org: branchA}, w.all(), 5, page.Next)
	w.ok(err)
	if len(rest.Items) != 1 || rest.Items[0].MemberID != "m3" || rest.Next != "" {
		t.Errorf("%+v", rest)
	}
	_, _, err = w.Results.MasteryRows(w.ctx, w.author(), q.ID, StatisticsAsk{}, w.all(), 5, "nobody")
	w.refused(err, "store.cursor")
}

// TestFewAttemptsFlagNothing: an item is flagged from the fifth attempt on.
func TestFewAttemptsFlagNothing(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(2, w.singles("一", 2)...), func(d *Draft) { d.Settings.Closes = nil })
	for i := range flagFrom {
		w.member(fmt.Sprintf("f%d", i), branchA)
		m := w.start(q, fmt.Sprintf("f%d", i), "phone")
		m.answer(0)
		m.submit()
		w.clock.Advance(tallyAge)
		st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{}, w.all())
		w.ok(err)
		want := []statistics.Flag{}
		if i+1 == flagFrom {
			want = []statistics.Flag{statistics.TooHard, statistics.Distractor}
		}
		if got := st.Items[0].Flags; !slices.Equal(got, want) || *st.Items[0].Facility != 0 {
			t.Errorf("%d attempts: %v, want %v", i+1, got, want)
		}
	}
}
