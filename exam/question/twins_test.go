package question

import (
	"slices"
	"testing"
)

func TestNearDuplicates(t *testing.T) {
	w := newWorld(t)
	add := func(org, stem string, options ...string) Question {
		c := Content{Kind: Single, Stem: stem}
		for i, text := range options {
			c.Options = append(c.Options, Option{Text: text, Right: i == 0})
		}
		return w.create(trainer, org, Edit{Content: c})
	}
	own := add(branchA, "根据《化妆品监督管理条例》，化妆品生产许可证有效期为____年。", "5", "4", "3")
	add(branchA, "世界上最长的河流是____。", "尼罗河", "长江")
	other := add(branchB, "化妆品生产许可证的有效期为____年。", "5", "4", "3") // of a bank that branch A does not see
	written := Content{Kind: Single, Stem: "根据《化妆品监督管理条例》，化妆品生产许可证的有效期为（）年", Options: []Option{{Text: "３"}, {Text: "4", Right: true}, {Text: "5"}}}
	Prepare(&written)
	near := func(except string) []Neighbour {
		t.Helper()
		list, err := w.bank.NearDuplicates(t.Context(), aTrainer, branchA, written, except)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if got := near(""); len(got) != 1 || got[0].ID != own.ID || got[0].Score < Alike || got[0].Score >= 1 || !slices.Equal(got[0].Differs, []string{"stem", "answer"}) {
		t.Fatalf("%+v, not %s", got, other.ID)
	}
	if got := near(own.ID); len(got) != 0 {
		t.Errorf("the question being edited is its own neighbour: %+v", got)
	}
	again := written
	again.Stem = own.Content.Stem
	if got, err := w.bank.NearDuplicates(t.Context(), aTrainer, branchA, again, ""); err != nil || len(got) != 0 {
		t.Errorf("the same stem is no near-duplicate but a duplicate: %+v %v", got, err)
	}
	if _, err := w.bank.Save(t.Context(), trainer, own.ID, own.Rev, Edit{Content: Content{Kind: Single, Stem: "别的题", Options: own.Content.Options}}); err != nil {
		t.Fatal(err)
	}
	if got := near(""); len(got) != 0 {
		t.Errorf("the text has changed: %+v", got)
	}
	if err := w.bank.Delete(t.Context(), trainer, own.ID); err != nil {
		t.Fatal(err)
	}
	if got := w.bank.catalogue.twins.index.Len(); len(near("")) != 0 || got > 3 {
		t.Errorf("%d texts", got)
	}
}
