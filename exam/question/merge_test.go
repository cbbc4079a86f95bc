package question

import (
	"context"
	"slices"
	"testing"

	"qiming/internal/fault"
)

// shelf is two categories with one child of the same name each, and questions everywhere.
type shelf struct {
	*world
	a, ax, ay, b, bx Category
}

func newShelf(t *testing.T) shelf {
	w, ctx := newWorld(t), context.Background()
	s := shelf{world: w}
	make := func(name string, parent Category) Category {
		c, err := w.bank.CreateCategory(ctx, trainer, committee, CategoryDraft{Name: name, ParentID: parent.ID})
		if err != nil {
			t.Fatal(err)
		}
		w.publish(w.create(trainer, committee, Edit{Content: single1(parent.Name + name), CategoryID: c.ID}))
		return c
	}
	s.a, s.b = make("甲", Category{}), make("乙", Category{})
	s.ax, s.ay, s.bx = make("同", s.a), make("独", s.a), make("同", s.b)
	return s
}

func (s shelf) drawn(id string) int {
	s.t.Helper()
	n, err := s.bank.Count(context.Background(), Rule{CategoryIDs: []string{id}}, []string{committee})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestMergeCategories(t *testing.T) {
	s, ctx := newShelf(t), context.Background()
	plan, err := s.bank.PlanCategory(ctx, trainer, s.a.ID, s.b.ID, true)
	if err != nil || plan.Questions != 3 || plan.Categories != 2 || !slices.Equal(plan.Same, []string{"同"}) || len(plan.IDs) != 3 {
		t.Fatalf("%v %+v", err, plan)
	}
	before := s.drawn(s.b.ID)
	if before != 2 {
		t.Fatal(before)
	}
	_, err = s.bank.MergeCategory(ctx, trainer, s.a.ID, s.a.Rev+1, s.b.ID)
	s.wantKey(err, "category.stale")
	c, err := s.bank.MergeCategory(ctx, trainer, s.a.ID, s.a.Rev, s.b.ID)
	if err != nil || c.ID != s.b.ID {
		t.Fatal(err)
	}
	// Rules that name what was merged mean what it was merged into.
	for id, want := range map[string]int{s.a.ID: 5, s.b.ID: 5, s.ax.ID: 2, s.bx.ID: 2, s.ay.ID: 1} {
		if got := s.drawn(id); got != want {
			t.Errorf("%s draws %d, want %d", id, got, want)
		}
	}
	list, err := s.bank.Categories(ctx, trainer, committee)
	if err != nil || len(list) != 3 || list[0].ID != s.b.ID || list[0].Count != 5 || !slices.Equal(list[0].Merged, []string{s.a.ID}) {
		t.Fatalf("%v %+v", err, list)
	}
	for q, err := range s.bank.All(ctx, trainer, Filter{}) {
		if err != nil || q.CategoryPath[0] != s.b.ID || q.CategoryID != last(q.CategoryPath) || q.CategoryID == s.a.ID || q.CategoryID == s.ax.ID {
			t.Errorf("%v %s is filed at %v", err, q.Content.Stem, q.CategoryPath)
		}
	}
	// The name is free, an edit that still names the old category is filed in the new one, and it is no category any more.
	if _, err := s.bank.CreateCategory(ctx, trainer, committee, CategoryDraft{Name: "甲"}); err != nil {
		t.Error(err)
	}
	if q := s.create(trainer, committee, Edit{Content: single1("迟到"), CategoryID: s.a.ID}); q.CategoryID != s.b.ID {
		t.Errorf("filed in %s", q.CategoryID)
	}
	if _, err := s.bank.Category(ctx, trainer, s.a.ID); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	trail := slices.Clone(s.trail.acts)
	if err := s.bank.Repair(ctx); err != nil || len(s.trail.acts) != len(trail) {
		t.Error(err)
	}
	other := s.open() // another process sees the same
	if n, err := other.Count(ctx, Rule{CategoryIDs: []string{s.ax.ID}}, []string{committee}); err != nil || n != 2 {
		t.Error(n, err)
	}
}

func TestMergeIsRefused(t *testing.T) {
	s, ctx := newShelf(t), context.Background()
	for name, c := range map[string]struct {
		from Category
		into string
		key  string
	}{
		"itself": {s.a, s.a.ID, "category.cycle"}, "below itself": {s.a, s.ax.ID, "category.cycle"}, "nowhere": {s.a, "none", "category.not_found"},
	} {
		_, err := s.bank.MergeCategory(ctx, trainer, c.from.ID, c.from.Rev, c.into)
		if fault.KeyOf(err) != c.key {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.bank.PlanCategory(ctx, trainer, c.from.ID, c.into, true); fault.KeyOf(err) != c.key {
			t.Errorf("plan %s: %v", name, err)
		}
	}
	if _, err := s.bank.MergeCategory(ctx, aTrainer, s.a.ID, s.a.Rev, s.b.ID); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	// A child becomes one with its parent.
	if _, err := s.bank.MergeCategory(ctx, trainer, s.ax.ID, s.ax.Rev, s.a.ID); err != nil || s.drawn(s.ax.ID) != 3 {
		t.Error(err, s.drawn(s.ax.ID))
	}
}

// A crash after the mark: rules and counts are right at once, and Repair finishes the documents.
func TestMergeIsFinishedByRepair(t *testing.T) {
	s, ctx := newShelf(t), context.Background()
	if err := s.bank.merge(ctx, s.a.ID, s.b.ID, s.a.Rev); err != nil {
		t.Fatal(err)
	}
	if got := s.drawn(s.a.ID); got != 5 {
		t.Errorf("%d before the repair", got)
	}
	for range 2 {
		if err := s.bank.Repair(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for q, err := range s.bank.All(ctx, trainer, Filter{}) {
		if err != nil || len(q.CategoryPath) == 0 || q.CategoryPath[0] != s.b.ID || q.CategoryID != last(q.CategoryPath) {
			t.Errorf("%v %s is filed at %v", err, q.Content.Stem, q.CategoryPath)
		}
	}
	if got := s.drawn(s.ax.ID); got != 2 {
		t.Errorf("the namesakes are one: %d", got)
	}
	if x, err := s.bank.categories.Get(ctx, s.ay.ID); err != nil || x.ParentID != s.b.ID {
		t.Error(err, x.ParentID)
	}
}

// Two merge two categories into each other at once: they are one, and nothing is lost.
func TestMergedIntoEachOther(t *testing.T) {
	s, ctx := newShelf(t), context.Background()
	for _, m := range [][2]Category{{s.a, s.b}, {s.b, s.a}} {
		if err := s.bank.merge(ctx, m[0].ID, m[1].ID, m[0].Rev); err != nil {
			t.Fatal(err)
		}
	}
	stands := min(s.a.ID, s.b.ID)
	for _, step := range []string{"marked", "repaired"} {
		if a, b := s.drawn(s.a.ID), s.drawn(s.b.ID); a != 5 || b != 5 {
			t.Errorf("%s: %d and %d", step, a, b)
		}
		if err := s.bank.Repair(ctx); err != nil {
			t.Fatal(err)
		}
	}
	c, err := s.bank.Category(ctx, trainer, stands)
	if err != nil || c.ParentID != "" || c.MergedInto != "" {
		t.Errorf("%+v, %v", c, err)
	}
	for q, err := range s.bank.All(ctx, trainer, Filter{}) {
		if err != nil || len(q.CategoryPath) == 0 || q.CategoryPath[0] != stands {
			t.Errorf("%v %s is filed at %v", err, q.Content.Stem, q.CategoryPath)
		}
	}
}

func TestExpiry(t *testing.T) {
	w, ctx := newWorld(t), context.Background() // 2026-03-01
	add := func(stem, until, basis string) Question {
		return w.publish(w.create(trainer, committee, Edit{Content: single1(stem), ValidUntil: until, Basis: basis}))
	}
	over := add("过期", "2026-02-28", "旧条例")
	add("今天", "2026-03-01", "《某条例》")
	add("三十天", "2026-03-31", "《某条例》")
	add("九十天", "2026-05-30", "")
	add("长久", "", "《某条例》")
	path := []string{committee}
	drawn, err := w.bank.Select(ctx, Rule{}, path)
	if err != nil || len(drawn) != 4 {
		t.Errorf("%d drawn, %v", len(drawn), err)
	}
	if n, err := w.bank.LeftOut(ctx, Rule{}, path); err != nil || n != 1 {
		t.Errorf("%d left out, %v", n, err)
	}
	if fixed, err := w.bank.Candidates(ctx, []string{over.ID}, path); err != nil || !fixed[over.ID].Expired {
		t.Errorf("%+v %v", fixed, err)
	}
	v, err := w.bank.Validity(ctx, trainer, committee)
	if err != nil || v.Expired != 1 || v.Within30 != 2 || v.Within90 != 3 || v.Dated != 4 || v.Bases[0] != (BasisCount{"《某条例》", 3}) {
		t.Errorf("%+v %v", v, err)
	}
	l, err := w.bank.List(ctx, trainer, Filter{ExpiresBy: "2026-03-31"}, 2, "")
	if err != nil || l.Total != 3 || len(l.Items) != 2 || l.Items[0].Content.Stem != "过期" || l.Items[1].Content.Stem != "今天" {
		t.Fatalf("%+v %v", l, err)
	}
	next := l.Next
	for name, cursor := range map[string]string{"nonsense": "zzz", "another order": "." + l.Items[1].ID} {
		if _, err := w.bank.List(ctx, trainer, Filter{ExpiresBy: "2026-03-31"}, 2, cursor); fault.KeyOf(err) != "store.cursor" {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = w.bank.List(ctx, trainer, Filter{}, 2, next)
	w.wantKey(err, "store.cursor")
	// What the piece ended with leaves the list: the next piece goes on from there all the same.
	today := l.Items[1]
	if _, err = w.bank.Save(ctx, trainer, today.ID, today.Rev, Edit{Content: today.Content, Basis: today.Basis, ValidUntil: "2027-01-01"}); err != nil {
		t.Fatal(err)
	}
	if l, err = w.bank.List(ctx, trainer, Filter{ExpiresBy: "2026-03-31"}, 2, next); err != nil || len(l.Items) != 1 || l.Items[0].Content.Stem != "三十天" || l.Next != "" {
		t.Fatalf("%+v %v", l, err)
	}
	if got := w.stems(w.bank, trainer, Filter{Basis: "某条例"}); len(got) != 3 {
		t.Errorf("%v", got)
	}
	_, err = w.bank.Create(ctx, trainer, committee, Edit{Content: single1("错"), ValidUntil: "明天"})
	w.wantKey(err, "question.invalid")
	tags, err := w.bank.Tags(ctx, trainer, "")
	if err != nil || len(tags) != 0 {
		t.Errorf("%v %v", tags, err)
	}
}
