package interchange

import (
	"slices"
	"testing"

	"qiming/exam/question"
)

// The categories that an import makes go with its undo; a name that the bank has once means that category.
func TestCategoriesComeAndGoWithTheImport(t *testing.T) {
	w, ctx := newWorkshop(t), t.Context()
	category := func(name, parent string) question.Category {
		c, err := w.bank.CreateCategory(ctx, trainer, "branch", question.CategoryDraft{Name: name, ParentID: parent})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	rules := category("党章党规", "")
	charter := category("党章", rules.ID)
	names := func() (all []string) {
		list, err := w.bank.Categories(ctx, trainer, "branch")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			all = append(all, c.Name)
		}
		slices.Sort(all)
		return all
	}
	before := names()
	file := "题型,题干,答案,分类\n判断题,预备期为一年。,对,党章\n判断题,党的一大在上海召开。,对,党史/一大\n"
	m, err := w.Preview(ctx, trainer, Ask{File: "a.csv", Data: []byte(file), OrgID: "branch"})
	if err != nil {
		t.Fatal(err)
	}
	if m, err = w.Confirm(ctx, trainer, m.ID, nil); err != nil {
		t.Fatal(err)
	}
	if got := len(names()); got != len(before)+2 || len(m.Made) != 2 {
		t.Errorf("%d categories, made %v; want 党史 and 党史/一大 added", got, m.Made)
	}
	if n := w.count(t, question.Filter{CategoryID: charter.ID}); n != 1 {
		t.Errorf("%d questions in the 党章 that was there", n)
	}
	if _, _, err := w.Undo(ctx, trainer, m.ID); err != nil {
		t.Fatal(err)
	}
	if got := names(); !slices.Equal(got, before) {
		t.Errorf("categories after the undo %v, before %v", got, before)
	}
}
