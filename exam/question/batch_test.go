package question

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/replica"
	"qiming/policies"
)

func TestSetStatuses(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	var ids []string
	for i := range 5 {
		ids = append(ids, w.create(trainer, committee, Edit{Content: single1(fmt.Sprint("题", i))}).ID)
	}
	out, err := w.bank.SetStatuses(ctx, trainer, append(ids, ids[0], "unknown"), InReview, "")
	if err != nil || out.Changed != 5 || len(out.Refused) != 1 || out.Refused[0].Code != "question.not_found" {
		t.Fatalf("%v %+v", err, out)
	}
	out, err = w.bank.SetStatuses(ctx, trainer, ids, Published, "")
	if err != nil || out.Changed != 0 || len(out.Refused) != 5 || out.Refused[0].Code != "question.own" {
		t.Fatalf("%v %+v", err, out)
	}
	if out, err = w.bank.SetStatuses(ctx, reviewer, ids[:2], Draft, "依据过时"); err != nil || out.Changed != 2 {
		t.Fatalf("%v %+v", err, out)
	}
	if got := w.stems(w.bank, trainer, Filter{ReturnedTo: "trainer"}); len(got) != 2 {
		t.Errorf("the author finds what was returned: %v", got)
	}
	if got := w.stems(w.bank, trainer, Filter{ReviewBy: "trainer"}); len(got) != 0 {
		t.Errorf("own items wait for somebody else: %v", got)
	}
	if got := w.stems(w.bank, reviewer, Filter{ReviewBy: "reviewer"}); len(got) != 3 {
		t.Errorf("waits for the reviewer: %v", got)
	}
	if out, err = w.bank.SetStatuses(ctx, reviewer, ids[2:], Published, ""); err != nil || out.Changed != 3 {
		t.Fatalf("%v %+v", err, out)
	}
}

func newQuestions(n int) []NewQuestion {
	out := make([]NewQuestion, n)
	for i := range out {
		out[i] = NewQuestion{Content: single1(fmt.Sprintf("批量第%d题", i)), Origin: fmt.Sprintf("bank.xlsx:%d", i+2), Tags: []string{"导入"}}
	}
	return out
}

func TestBatch(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	batch := Batch{ID: ident.New(), OrgID: committee, Status: Draft}
	items := newQuestions(60)
	bad := append(slices.Clone(items), NewQuestion{Content: Content{Kind: Single, Stem: "无选项"}})
	_, err := w.bank.InsertBatch(ctx, trainer, batch, bad)
	w.wantKey(err, "question.invalid")
	if got := w.stems(w.bank, trainer, Filter{}); len(got) != 0 {
		t.Fatalf("a refused batch left %d", len(got))
	}
	// A run that broke off after some questions is finished by the next one.
	if out, err := w.bank.InsertBatch(ctx, trainer, batch, items[:25]); err != nil || out.Inserted != 25 {
		t.Fatalf("%v %+v", err, out)
	}
	var mu sync.Mutex
	most := 0
	batch.Progress = func(n int) { mu.Lock(); most = max(most, n); mu.Unlock() }
	if out, err := w.bank.InsertBatch(ctx, trainer, batch, items); err != nil || out.Inserted != 35 || out.Existed != 25 || most != 60 {
		t.Fatalf("%v %+v %d", err, out, most)
	}
	if got := w.stems(w.bank, trainer, Filter{BatchID: batch.ID, Origin: "bank.xlsx"}); len(got) != 60 {
		t.Fatalf("%d questions", len(got))
	}
	if got := w.stems(w.bank, trainer, Filter{Origin: "bank.xlsx:2"}); len(got) != 1 {
		t.Errorf("by row: %v", got)
	}

	c := single1("批量第7题。")
	Prepare(&c)
	found, err := w.bank.FindByStemKeys(ctx, w.orgs[branchA], []string{StemKey(c), "unknown"})
	if err != nil || len(found) != 1 || found[StemKey(c)][0].Content.Options[0].Text != "对的" {
		t.Errorf("%v %+v", err, found)
	}
	if found, _ := w.bank.FindByStemKeys(ctx, []string{branchB}, []string{StemKey(c)}); len(found) != 0 {
		t.Errorf("another bank's: %+v", found)
	}

	touched, used := BatchItemID(batch.ID, 3), BatchItemID(batch.ID, 4)
	q, err := w.bank.Get(ctx, trainer, touched)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.bank.Save(ctx, trainer, touched, q.Rev, Edit{Content: single1("改过")}); err != nil {
		t.Fatal(err)
	}
	if err := w.bank.MarkUsed(ctx, "quiz", []string{used}); err != nil {
		t.Fatal(err)
	}
	undone, err := w.bank.UndoBatch(ctx, trainer, batch.ID, nil)
	want := []Refusal{{touched, "question.touched", ""}, {used, "question.in_use", ""}}
	if err != nil || undone.Removed != 58 || !slices.Equal(undone.Kept, want) {
		t.Fatalf("%v %+v", err, undone)
	}
	if undone, err = w.bank.UndoBatch(ctx, trainer, batch.ID, nil); err != nil || undone.Removed != 0 || len(undone.Kept) != 2 {
		t.Errorf("again: %v %+v", err, undone)
	}

	published := Batch{ID: ident.New(), OrgID: committee, Status: Published}
	_, err = w.bank.InsertBatch(ctx, trainer, published, items)
	w.wantKey(err, "question.own")
	operator := policies.Actor{Scope: policies.Scope{committee}}
	if out, err := w.bank.InsertBatch(ctx, operator, published, items); err != nil || out.Inserted != 60 {
		t.Fatalf("the command line: %v %+v", err, out)
	}
	if n, _ := w.bank.Count(ctx, Rule{TagsAll: []string{"导入"}}, w.orgs[committee]); n != 60 {
		t.Errorf("drawable: %d", n)
	}
}

func TestMarkUsedAndDelete(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	used, free := w.create(trainer, committee, Edit{Content: single1("用")}), w.create(trainer, committee, Edit{Content: single1("闲")})
	for range 2 {
		if err := w.bank.MarkUsed(ctx, "quiz1", []string{used.ID}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.bank.MarkUsed(ctx, "quiz2", []string{used.ID}); err != nil {
		t.Fatal(err)
	}
	if q, _ := w.bank.Get(ctx, trainer, used.ID); q.Uses != 2 {
		t.Errorf("uses %d", q.Uses)
	}
	w.wantKey(w.bank.Delete(ctx, trainer, used.ID), "question.in_use")
	w.wantKey(w.bank.Delete(ctx, bTrainer, free.ID), "question.not_found")
	if err := w.bank.Delete(ctx, trainer, free.ID); err != nil {
		t.Fatal(err)
	}
	_, err := w.bank.Get(ctx, trainer, free.ID)
	w.wantKey(err, "question.not_found")
	_, err = w.bank.GetVersions(ctx, []string{VersionID(free.ID, 1)})
	w.wantKey(err, "question.version_not_found")
	w.wantKey(w.bank.MarkUsed(ctx, "quiz3", []string{free.ID}), "question.gone")
}

// TestTwoProcesses: what one writes the other sees once its view is half a second old, and edits of both
// at once lose nothing.
func TestTwoProcesses(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	other := w.open()
	if got := w.stems(other, trainer, Filter{}); len(got) != 0 {
		t.Fatal(got)
	}
	q := w.create(trainer, committee, Edit{Content: single1("新题")})
	w.clock.Advance(replica.Stale)
	if got := w.stems(other, trainer, Filter{}); len(got) != 1 {
		t.Errorf("the other process sees %v", got)
	}
	if _, err := w.bank.CreateCategory(ctx, trainer, committee, CategoryDraft{Name: "类"}); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(replica.Stale)
	if got, err := other.Categories(ctx, trainer, ""); err != nil || len(got) != 1 {
		t.Errorf("%v %v", got, err)
	}

	var group sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for i, b := range []*Bank{w.bank, other, w.bank, other} {
		group.Go(func() {
			_, err := b.Save(ctx, trainer, q.ID, q.Rev, Edit{Content: single1(fmt.Sprint("改", i))})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if fault.KeyOf(err) != "question.stale" {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if won != 1 {
		t.Errorf("%d saves of one revision won", won)
	}
	history, err := other.Versions(ctx, trainer, q.ID)
	now, _ := other.Get(ctx, trainer, q.ID)
	if err != nil || len(history) != 2 || history[0].Content.Stem != now.Content.Stem {
		t.Errorf("lost versions show in the history: %v %+v", err, history)
	}

	if err := other.Delete(ctx, trainer, q.ID); err != nil {
		t.Fatal(err)
	}
	if got := w.stems(w.bank, trainer, Filter{}); len(got) > 1 {
		t.Error(got)
	}
	w.clock.Advance(replica.Stale)
	if l, err := w.bank.List(ctx, trainer, Filter{}, 10, ""); err != nil || l.Total != 0 {
		t.Errorf("a deleted question shows: %v %+v", err, l)
	}
}

// TestRepair mends what crashes and moves of organisation nodes leave.
func TestRepair(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	c, err := w.bank.CreateCategory(ctx, aTrainer, branchA, CategoryDraft{Name: "类"})
	if err != nil {
		t.Fatal(err)
	}
	q := w.create(aTrainer, branchA, Edit{CategoryID: c.ID, Content: single1("题")})
	half := w.create(aTrainer, branchA, Edit{Content: single1("删到一半")})
	if _, err := w.bank.questions.Update(ctx, half.ID, func(q *Question) error { q.Gone = true; return nil }); err != nil {
		t.Fatal(err)
	}
	w.orgs[branchA] = []string{committee, branchB, branchA}
	if err := w.bank.categories.Delete(ctx, c.ID); err != nil { // as a racing process would
		t.Fatal(err)
	}
	w.clock.Advance(replica.Stale)
	if err := w.bank.Repair(ctx); err != nil {
		t.Fatal(err)
	}
	got, err := w.bank.Get(ctx, bTrainer, q.ID)
	if err != nil || got.CategoryID != "" || len(got.CategoryPath) != 0 || !slices.Equal(got.OrgPath, w.orgs[branchA]) {
		t.Errorf("%v %+v", err, got)
	}
	if _, err := w.bank.questions.Get(ctx, half.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("the half deleted question is there: %v", err)
	}
	rev := got.Rev
	if err := w.bank.Repair(ctx); err != nil {
		t.Fatal(err)
	}
	if got, _ := w.bank.Get(ctx, bTrainer, q.ID); got.Rev != rev {
		t.Error("a second repair wrote again")
	}
}
