package exam

import (
	"slices"
	"strings"
	"testing"

	"qiming/exam/question"
)

func material(stem string, weights ...float64) question.Content {
	c := question.Content{Kind: question.Material, Stem: stem, Explanation: "材料的解析", Source: "党章"}
	subs := []question.Content{single("小题一"), {Kind: question.TrueFalse, Stem: "小题二", Truth: true, Explanation: "小题的解析"}, short("小题三")}
	subs[0].Explanation, subs[0].Source = "", ""
	for i, weight := range weights {
		c.Subs = append(c.Subs, question.Sub{Weight: weight, Content: subs[i]})
	}
	return c
}

// A material is drawn as one; its items are answered, marked, reviewed and counted by themselves.
func TestMaterialIsDrawnAsOne(t *testing.T) {
	w := newWorld(t)
	plain := w.singles("单题", 2)
	whole := w.questions("材料", material("材料全文", 1, 1, 2))[0]
	q := w.quiz(append(fixed(8, whole), fixed(2, plain...)...), func(d *Draft) { d.Sections[0].Shuffle = true })
	door, err := w.Attempts.Door(w.ctx, as("m1", "phone"), q.ID)
	w.ok(err)
	if door.Items != 5 || door.ItemsMost != 0 || door.Sections[0].Items != 5 {
		t.Errorf("the page before says %d items", door.Items)
	}
	mine, err := w.Quizzes.Get(w.ctx, w.author(), q.ID)
	w.ok(err)
	if e := mine.Sections[0].Entries; e[0].More != 2 || e[0].MoreMost != 0 || e[1].More != 0 {
		t.Errorf("its author is told %+v", e)
	}
	m := w.start(q, "m1", "phone")
	first := slices.IndexFunc(m.sheet.Items, func(i SheetItem) bool { return i.Item.Passage != "" })
	if len(m.sheet.Items) != 5 || first < 0 || first > 2 {
		t.Fatalf("%+v", m.sheet.Items)
	}
	for i, want := range []struct {
		stem   string
		points float64
	}{{"小题一", 2}, {"小题二", 2}, {"小题三", 4}} {
		item := m.sheet.Items[first+i]
		if item.Item.Passage != "材料全文" || item.Item.Stem != want.stem || item.Points != want.points ||
			question.QuestionOf(item.QuestionVersion) != question.SubID(whole, i+1) || question.WholeOf(question.QuestionOf(item.QuestionVersion)) != whole {
			t.Errorf("item %d: %+v", i+1, item)
		}
	}
	m.save(first+1, choose("a"))
	yes := true
	m.save(first+2, question.Response{Truth: &yes})
	m.save(first+3, question.Response{Text: "体会"})
	if _, err := m.trySave(first+1, question.Response{Text: "体会"}); err == nil {
		t.Error("a text answers a choice")
	}
	m.submit()

	queue, err := w.Marking.Queue(w.ctx, w.author(), q.ID)
	w.ok(err)
	if len(queue) != 1 || queue[0].QuestionID != question.SubID(whole, 3) || queue[0].Points != 4 || queue[0].Passage != "材料全文" || queue[0].Pending != 1 {
		t.Fatalf("queue %+v", queue)
	}
	page, err := w.Marking.Answers(w.ctx, w.author(), q.ID, queue[0].QuestionID, false, 10, "")
	w.ok(err)
	if len(page.Items) != 1 || page.Items[0].Slot != first+3 || page.Items[0].Points != 4 {
		t.Fatalf("%+v", page.Items)
	}
	w.ok(w.mark(q.ID, page.Items[0].AttemptKey, page.Items[0].Slot, 3, "好"))
	if a := m.stored(); a.Score == nil || *a.Score != 7 {
		t.Errorf("score %v of 2 + 2 + 3", a.Score)
	}
	statistics, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{}, Sight{Bank: w.author().Scope, Rows: w.author().Scope})
	w.ok(err)
	if n := len(statistics.Items); n != 5 {
		t.Errorf("%d items are counted", n)
	}
	for _, item := range statistics.Items {
		if strings.Contains(item.QuestionID, "~") {
			t.Errorf("%+v is no question of the bank", item)
		}
	}
}

// An author and a taker are told the same number of items: those that one answers, as a draft and as published.
func TestItemsAreThoseThatOneAnswers(t *testing.T) {
	w := newWorld(t)
	w.questions("题库", material("三题的材料", 1, 1, 2), material("两题的材料", 1, 1), single("单题"))
	for name, c := range map[string]struct {
		entry          Entry
		more, moreMost int
		items, most    int // of the paper, with a plain question beside
	}{
		"one of them":  {drawn(1, 5, "题库"), 0, 2, 2, 4},
		"two of them":  {drawn(2, 5, "题库"), 1, 3, 4, 6},
		"all of them":  {drawn(3, 5, "题库"), 3, 0, 7, 0},
		"what is said": {Entry{QuestionID: w.questions("说", single("另一单题"))[0], Points: 1, More: 40, MoreMost: 50}, 0, 0, 2, 0},
	} {
		plain := w.singles("单题"+name, 1)
		q := w.draft(append([]Entry{c.entry}, fixed(1, plain...)...))
		if e := q.Sections[0].Entries; e[0].More != c.more || e[0].MoreMost != c.moreMost || e[1].More != 0 || e[1].MoreMost != 0 {
			t.Errorf("%s: the draft says %+v", name, e)
		}
		check, err := w.Quizzes.Check(w.ctx, w.author(), q.ID)
		w.ok(err)
		q, err = w.Quizzes.Publish(w.ctx, w.author(), q.ID, q.Rev)
		w.ok(err)
		door, err := w.Attempts.Door(w.ctx, as("m1", "phone"), q.ID)
		w.ok(err)
		if check.Items != c.items || check.ItemsMost != c.most || door.Items != c.items || door.ItemsMost != c.most {
			t.Errorf("%s: checked as %d-%d, taken as %d-%d, want %d-%d", name, check.Items, check.ItemsMost, door.Items, door.ItemsMost, c.items, c.most)
		}
	}
	// What the bank has when the quiz is published counts.
	q := w.draft([]Entry{drawn(3, 5, "题库")})
	w.questions("题库", material("又一则三题的材料", 1, 1, 2))
	q, err := w.Quizzes.Publish(w.ctx, w.author(), q.ID, q.Rev)
	w.ok(err)
	if e := q.Sections[0].Entries[0]; e.More != 3 || e.MoreMost != 5 {
		t.Errorf("published as %+v", e)
	}
}

// What a sub-question does not explain itself, its material does.
func TestMaterialExplains(t *testing.T) {
	w := newWorld(t)
	whole := w.questions("材料", material("材料全文", 1, 1))[0]
	id := question.VersionID(whole, 1)
	versions, err := w.bank.GetVersions(w.ctx, []string{question.SubID(id, 1), question.SubID(id, 2), id})
	w.ok(err)
	one, two := versions[question.SubID(id, 1)].Content, versions[question.SubID(id, 2)].Content
	if one.Explanation != "材料的解析" || two.Explanation != "小题的解析" || one.Source != "党章" || versions[id].Content.Passage != "" {
		t.Errorf("%+v\n%+v", one, two)
	}
	_, err = w.bank.GetVersions(w.ctx, []string{question.SubID(id, 3)})
	w.refused(err, "question.version_not_found")
}

// Points of a material are hundredths that sum up, as marks are given.
func TestApportion(t *testing.T) {
	third := []float64{1. / 3, 1. / 3, 1. / 3}
	seven := slices.Repeat([]float64{1. / 7}, 7)
	for _, c := range []struct {
		points float64
		shares []float64
		want   []float64
	}{
		{10, third, []float64{3.34, 3.33, 3.33}}, {10, seven, []float64{1.43, 1.43, 1.43, 1.43, 1.43, 1.43, 1.42}}, {8, []float64{0.25, 0.25, 0.5}, []float64{2, 2, 4}},
		{0.03, third, []float64{0.01, 0.01, 0.01}}, {0.02, []float64{0.5, 0.25, 0.25}, []float64{0.01, 0.005, 0.005}}, {1, []float64{0.001, 0.998, 0.001}, []float64{0.01, 0.98, 0.01}},
		{10, []float64{1. / 7, 2. / 7, 4. / 7}, []float64{1.43, 2.86, 5.71}}, {5, []float64{1}, []float64{5}},
	} {
		if got := apportion(c.points, c.shares); !slices.Equal(got, c.want) {
			t.Errorf("%v by %v: %v, want %v", c.points, c.shares, got, c.want)
		}
	}
}

// Who is given full marks for every item of a material has all of its points.
func TestFullMarksOfAMaterial(t *testing.T) {
	w := newWorld(t)
	c := material("材料全文", 1, 1, 1)
	for i := range c.Subs {
		c.Subs[i].Content = short("小题")
	}
	q := w.quiz(fixed(10, w.questions("材料", c)...))
	m := w.start(q, "m1", "phone")
	for slot := range 3 {
		m.save(slot+1, question.Response{Text: "体会"})
	}
	m.submit()
	queue, err := w.Marking.Queue(w.ctx, w.author(), q.ID)
	w.ok(err)
	sum := 0.0
	for _, item := range queue {
		page, err := w.Marking.Answers(w.ctx, w.author(), q.ID, item.QuestionID, false, 10, "")
		w.ok(err)
		for _, one := range page.Items {
			if one.Points != item.Points || hundredths(one.Points) != one.Points {
				t.Errorf("the queue says %v, the answer %v", item.Points, one.Points)
			}
			w.ok(w.mark(q.ID, one.AttemptKey, one.Slot, one.Points, ""))
			sum += one.Points
		}
	}
	if a := m.stored(); *a.Score != 10 || *a.Percent != 100 || hundredths(sum) != 10 {
		t.Errorf("score %v, percent %v, marks %v", *a.Score, *a.Percent, sum)
	}
}
