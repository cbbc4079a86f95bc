package question

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestWhoSeesWhat: a branch sees its own bank and what the committee published.
func TestWhoSeesWhat(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	w.create(trainer, committee, Edit{Content: single1("党委草稿")})
	above := w.publish(w.create(trainer, committee, Edit{Content: single1("党委已发布")}))
	own := w.create(aTrainer, branchA, Edit{Content: single1("甲支部草稿")})
	w.publish(w.create(bTrainer, branchB, Edit{Content: single1("乙支部已发布")}))

	if got := w.stems(w.bank, aTrainer, Filter{}); !slices.Equal(got, []string{"党委已发布", "甲支部草稿"}) {
		t.Errorf("branch A sees %v", got)
	}
	if got := w.stems(w.bank, trainer, Filter{}); len(got) != 4 {
		t.Errorf("the committee sees %v", got)
	}
	if got := w.stems(w.bank, trainer, Filter{OrgID: branchB}); !slices.Equal(got, []string{"乙支部已发布"}) {
		t.Errorf("of branch B: %v", got)
	}
	if got := w.stems(w.bank, who("x", "nowhere"), Filter{}); len(got) != 0 {
		t.Errorf("a stranger sees %v", got)
	}
	_, err := w.bank.Get(ctx, bTrainer, own.ID)
	w.wantKey(err, "question.not_found")
	_, err = w.bank.Save(ctx, bTrainer, own.ID, own.Rev, Edit{Content: own.Content})
	w.wantKey(err, "question.not_found")
	_, err = w.bank.Save(ctx, aTrainer, above.ID, above.Rev, Edit{Content: above.Content})
	w.wantKey(err, "question.other_bank")
	_, err = w.bank.Create(ctx, aTrainer, committee, Edit{Content: single1("越权")})
	w.wantKey(err, "org.not_found")
	_, err = w.bank.Versions(ctx, bTrainer, own.ID)
	w.wantKey(err, "question.not_found")
}

func TestFilters(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	law, err := w.bank.CreateCategory(ctx, trainer, committee, CategoryDraft{Name: "党章"})
	if err != nil {
		t.Fatal(err)
	}
	duty, err := w.bank.CreateCategory(ctx, trainer, committee, CategoryDraft{Name: "义务", ParentID: law.ID})
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range []Edit{
		{CategoryID: law.ID, Tags: []string{"必考", "总纲"}, Content: single1("ＡＢＣ 总纲（一）")},
		{CategoryID: duty.ID, Tags: []string{"必考"}, Content: Content{Kind: TrueFalse, Stem: "义务 abc", Difficulty: 3}},
		{Content: Content{Kind: Short, Stem: "未分类", Difficulty: 5}},
	} {
		q := w.create(trainer, committee, e)
		if i == 1 {
			w.publish(q)
		}
	}
	for _, c := range []struct {
		f    Filter
		want int
	}{
		{Filter{}, 3},
		{Filter{CategoryID: law.ID}, 2},
		{Filter{CategoryID: duty.ID}, 1},
		{Filter{CategoryID: Uncategorised}, 1},
		{Filter{CategoryID: "unknown"}, 0},
		{Filter{Kinds: []Kind{Single, Short}}, 2},
		{Filter{Statuses: []Status{Published}}, 1},
		{Filter{MinDifficulty: 3}, 2},
		{Filter{MaxDifficulty: 3}, 1},
		{Filter{MinDifficulty: 3, MaxDifficulty: 4}, 1},
		{Filter{MinDifficulty: 1, MaxDifficulty: 5}, 3},
		{Filter{Tags: []string{"必考"}}, 2},
		{Filter{Tags: []string{"必考", "总纲"}}, 1},
		{Filter{Text: "abc"}, 2},
		{Filter{Text: " (总 纲 "}, 1},
		{Filter{AuthorID: "trainer"}, 3},
		{Filter{AuthorID: "reviewer"}, 0},
	} {
		if got := w.stems(w.bank, trainer, c.f); len(got) != c.want {
			t.Errorf("%+v gives %v, want %d", c.f, got, c.want)
		}
	}

	// The pieces of a listing hold each question once, newest first.
	var ids []string
	for after := ""; ; {
		l, err := w.bank.List(ctx, trainer, Filter{}, 2, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range l.Items {
			ids = append(ids, q.ID)
		}
		if after = l.Next; after == "" {
			break
		}
	}
	if len(ids) != 3 || !slices.IsSortedFunc(ids, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("pieces: %v", ids)
	}
	n := 0
	for _, err := range w.bank.All(ctx, trainer, Filter{CategoryID: law.ID}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 2 {
		t.Errorf("all: %d", n)
	}
}

// TestSelect: what a quiz may draw, by rule and by place.
func TestSelect(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	c, err := w.bank.CreateCategory(ctx, trainer, committee, CategoryDraft{Name: "党史"})
	if err != nil {
		t.Fatal(err)
	}
	live := w.publish(w.create(trainer, committee, Edit{CategoryID: c.ID, Tags: []string{"a", "b", "互斥:一大"}, Content: single1("一")}))
	w.publish(w.create(trainer, committee, Edit{Tags: []string{"a"}, Content: Content{Kind: TrueFalse, Stem: "二", Difficulty: 4}}))
	w.create(trainer, committee, Edit{Tags: []string{"a"}, Content: single1("草稿")})
	branch := w.publish(w.create(aTrainer, branchA, Edit{Tags: []string{"b"}, Content: single1("甲支部")}))
	for _, x := range []struct {
		rule Rule
		org  string
		want int
	}{
		{Rule{}, committee, 3},
		{Rule{}, branchA, 3},
		{Rule{}, branchB, 2},
		{Rule{CategoryIDs: []string{c.ID}}, committee, 1},
		{Rule{CategoryIDs: []string{c.ID, "unknown"}}, committee, 1},
		{Rule{CategoryIDs: []string{"unknown"}}, committee, 0},
		{Rule{TagsAll: []string{"a", "b"}}, committee, 1},
		{Rule{TagsAny: []string{"a", "b"}}, committee, 3},
		{Rule{TagsAny: []string{"a"}}, committee, 2},
		{Rule{Kinds: []Kind{TrueFalse}}, committee, 1},
		{Rule{MinDifficulty: 4}, committee, 1},
		{Rule{MaxDifficulty: 3}, committee, 0},
		{Rule{MinDifficulty: 1, MaxDifficulty: 5}, committee, 3},
	} {
		got, err := w.bank.Select(ctx, x.rule, w.orgs[x.org])
		if err != nil || len(got) != x.want {
			t.Errorf("%+v for %s gives %v %v, want %d", x.rule, x.org, got, err, x.want)
		}
		if n, err := w.bank.Count(ctx, x.rule, w.orgs[x.org]); err != nil || n != x.want {
			t.Errorf("count %+v: %d %v", x.rule, n, err)
		}
	}
	cells, err := w.bank.Table(ctx, Rule{TagsAny: []string{"a", "b"}}, []string{c.ID, "unknown"}, w.orgs[committee])
	if err != nil || !slices.Equal(cells, []Cell{{CategoryID: c.ID, Kind: Single, Difficulty: live.Content.Difficulty, Count: 1}}) {
		t.Errorf("%v %+v", err, cells)
	}
	if err := w.bank.MarkUsed(ctx, "quiz", []string{live.ID}); err != nil {
		t.Fatal(err)
	}
	if quizzes, err := w.bank.UsedBy(ctx, []string{live.ID, branch.ID, "unknown"}); err != nil || !slices.Equal(quizzes, []string{"quiz"}) {
		t.Errorf("used by %v %v", quizzes, err)
	}
	if live, err = w.bank.Get(ctx, trainer, live.ID); err != nil {
		t.Fatal(err)
	}
	got, err := w.bank.Candidates(ctx, []string{live.ID, branch.ID, "unknown"}, w.orgs[branchB])
	if err != nil || len(got) != 1 || got[live.ID].VersionID != VersionID(live.ID, 1) || !slices.Equal(got[live.ID].Exclusions, []string{"互斥:一大"}) {
		t.Errorf("%v %+v", err, got)
	}

	// An edit in review does not change what is drawn; retiring takes it out.
	q, err := w.bank.Save(ctx, trainer, live.ID, live.Rev, Edit{CategoryID: c.ID, Content: single1("一改")})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := w.bank.Candidates(ctx, []string{live.ID}, w.orgs[committee]); got[live.ID].VersionID != VersionID(live.ID, 1) {
		t.Errorf("%+v", got)
	}
	q = w.publish(q)
	if got, _ := w.bank.Candidates(ctx, []string{live.ID}, w.orgs[committee]); got[live.ID].VersionID != VersionID(live.ID, 2) {
		t.Errorf("%+v", got)
	}
	if _, err := w.bank.SetStatus(ctx, trainer, q.ID, Retired, ""); err != nil {
		t.Fatal(err)
	}
	if n, _ := w.bank.Count(ctx, Rule{}, w.orgs[committee]); n != 2 {
		t.Errorf("a retired item is drawn: %d", n)
	}
	left, err := w.bank.Select(ctx, Rule{}, w.orgs[committee])
	if err != nil || len(left) != 2 {
		t.Fatalf("%v %v", left, err)
	}
	if n, _ := w.bank.Count(ctx, Rule{}, w.orgs[committee], left[0].QuestionID, "unknown"); n != 1 {
		t.Errorf("what the paper has already counts: %d", n)
	}
}

// TestCategories: the tree, its counts, moves that carry the questions, and what is refused.
func TestCategories(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	make1 := func(name, parent string) Category {
		t.Helper()
		c, err := w.bank.CreateCategory(ctx, trainer, committee, CategoryDraft{Name: name, ParentID: parent})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	a, b := make1("甲", ""), make1("乙", "")
	a1 := make1("子", a.ID)
	q := w.create(trainer, committee, Edit{CategoryID: a1.ID, Content: single1("题")})
	if !slices.Equal(q.CategoryPath, []string{a.ID, a1.ID}) {
		t.Fatalf("path %v", q.CategoryPath)
	}
	_, err := w.bank.CreateCategory(ctx, trainer, committee, CategoryDraft{Name: " 甲 "})
	w.wantKey(err, "category.exists")
	_, err = w.bank.CreateCategory(ctx, trainer, committee, CategoryDraft{Name: ""})
	w.wantKey(err, "category.invalid")
	_, err = w.bank.CreateCategory(ctx, aTrainer, branchA, CategoryDraft{Name: "外", ParentID: a.ID})
	w.wantKey(err, "category.not_found")
	_, err = w.bank.UpdateCategory(ctx, trainer, a.ID, a.Rev, CategoryDraft{Name: "甲", ParentID: a1.ID})
	w.wantKey(err, "category.cycle")
	_, err = w.bank.UpdateCategory(ctx, bTrainer, a.ID, a.Rev, CategoryDraft{Name: "夺"})
	w.wantKey(err, "category.not_found")
	w.wantKey(w.bank.DeleteCategory(ctx, trainer, a.ID), "category.not_empty")
	w.wantKey(w.bank.DeleteCategory(ctx, trainer, a1.ID), "category.not_empty")

	counts := func() map[string]int {
		t.Helper()
		list, err := w.bank.Categories(ctx, trainer, "")
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]int{}
		for _, c := range list {
			out[c.Name] = c.Count
		}
		return out
	}
	if got := counts(); got["甲"] != 1 || got["子"] != 1 || got["乙"] != 0 {
		t.Errorf("counts %v", got)
	}
	moved, err := w.bank.UpdateCategory(ctx, trainer, a1.ID, a1.Rev, CategoryDraft{Name: "子", ParentID: b.ID, Order: 3})
	if err != nil || !slices.Equal(moved.Path, []string{b.ID, a1.ID}) {
		t.Fatalf("%v %v", err, moved.Path)
	}
	if got := counts(); got["甲"] != 0 || got["乙"] != 1 {
		t.Errorf("counts after the move %v", got)
	}
	if q, err = w.bank.Get(ctx, trainer, q.ID); err != nil || !slices.Equal(q.CategoryPath, []string{b.ID, a1.ID}) {
		t.Errorf("the question's path stayed: %v %v", err, q.CategoryPath)
	}
	_, err = w.bank.UpdateCategory(ctx, trainer, a1.ID, a1.Rev, CategoryDraft{Name: "旧"})
	w.wantKey(err, "category.stale")
	if err := w.bank.DeleteCategory(ctx, trainer, a.ID); err != nil {
		t.Error(err)
	}

	deep := ""
	for i := range MaxDepth {
		deep = make1(fmt.Sprintf("层%d", i), deep).ID
	}
	_, err = w.bank.CreateCategory(ctx, trainer, committee, CategoryDraft{Name: "过深", ParentID: deep})
	w.wantKey(err, "category.too_deep")

	first, err := w.bank.EnsureCategories(ctx, trainer, committee, []string{"导入", "党史", "建党"})
	if err != nil || len(first.Path) != 3 {
		t.Fatalf("%v %+v", err, first)
	}
	again, err := w.open().EnsureCategories(ctx, trainer, committee, []string{"导入", " 党史", "建党"})
	if err != nil || again.ID != first.ID {
		t.Errorf("%v %+v", err, again)
	}
	if c, ok, err := w.bank.FindCategory(ctx, committee, []string{"导入", "无"}); ok || err != nil {
		t.Errorf("%v %v", c, err)
	}
}
