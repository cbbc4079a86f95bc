package question

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"qiming/internal/fault"
)

func pointer[T any](v T) *T { return &v }

// A tag that excludes may be typed with the colon of a Chinese keyboard; other tags stay as they are typed.
func TestTagsAreOneHoweverTheyAreSpelt(t *testing.T) {
	var p problems
	if got := p.tags([]string{"AI", "ai", "党费", "ＡＩ"}); !slices.Equal(got, []string{"AI", "党费"}) {
		t.Errorf("%q", got)
	}
	if got := (Change{DropTags: []string{"ai"}, RenameTo: "Ai", AddTags: []string{"AI"}}).tags([]string{"ＡＩ", "党费"}); !slices.Equal(got, []string{"Ai", "党费"}) {
		t.Errorf("%q", got)
	}
}

func TestTagsOfExclusion(t *testing.T) {
	var p problems
	if got := p.tags([]string{"互斥： 总纲", "互斥:总纲", " 章：节 "}); !slices.Equal(got, []string{"互斥:总纲", "章：节"}) || len(p) > 0 {
		t.Errorf("%v %v", got, p)
	}
}

func TestChangeApplies(t *testing.T) {
	base := Question{Tags: []string{"党章", "必考", "旧"}, Points: 2, Content: Content{Kind: Single, Stem: "党章规定 ![党章](media:0123456789abcdef0123456789abcdef) Party",
		Options: []Option{{ID: "a", Text: "党章第一条", Right: true, Feedback: "见党章"}, {ID: "b", Text: "其他"}}, Explanation: "党章", Source: "党章"}}
	for name, c := range map[string]struct {
		change Change
		look   func(q Question) string
		want   string
	}{
		"tags set":        {Change{Tags: &[]string{"新"}}, func(q Question) string { return fmt.Sprint(q.Tags) }, "[新]"},
		"tags added":      {Change{AddTags: []string{"必考", "新"}}, func(q Question) string { return fmt.Sprint(q.Tags) }, "[党章 必考 旧 新]"},
		"tags dropped":    {Change{DropTags: []string{"旧"}}, func(q Question) string { return fmt.Sprint(q.Tags) }, "[党章 必考]"},
		"tag renamed":     {Change{DropTags: []string{"党章"}, RenameTo: "章程"}, func(q Question) string { return fmt.Sprint(q.Tags) }, "[章程 必考 旧]"},
		"tags merged":     {Change{DropTags: []string{"党章", "旧"}, RenameTo: "必考"}, func(q Question) string { return fmt.Sprint(q.Tags) }, "[必考]"},
		"other tag stays": {Change{DropTags: []string{"没有"}, RenameTo: "章程"}, func(q Question) string { return fmt.Sprint(q.Tags) }, "[党章 必考 旧]"},
		"tags emptied":    {Change{Tags: &[]string{}}, func(q Question) string { return fmt.Sprint(len(q.Tags)) }, "0"},
		"points":          {Change{Points: pointer(3.0)}, func(q Question) string { return fmt.Sprint(q.Points) }, "3"},
		"difficulty":      {Change{Difficulty: pointer(0)}, func(q Question) string { return fmt.Sprint(q.Content.Difficulty) }, "0"},
		"stem only": {Change{Replace: &Replacement{Find: "党章", With: "章程", In: []string{"stem"}}},
			func(q Question) string { return q.Content.Stem + q.Content.Options[0].Text }, "章程规定 ![章程](media:0123456789abcdef0123456789abcdef) Party党章第一条"},
		"a file's id is no text": {Change{Replace: &Replacement{Find: "a", With: "x", In: []string{"stem"}}},
			func(q Question) string { return q.Content.Stem }, "党章规定 ![党章](media:0123456789abcdef0123456789abcdef) Pxrty"},
		"case":           {Change{Replace: &Replacement{Find: "party", With: "党", In: []string{"stem"}, MatchCase: true}}, func(q Question) string { return q.Content.Stem[len(q.Content.Stem)-5:] }, "Party"},
		"any case":       {Change{Replace: &Replacement{Find: "pARTY", With: "党", In: []string{"stem"}}}, func(q Question) string { return q.Content.Stem[len(q.Content.Stem)-3:] }, "党"},
		"signs are text": {Change{Replace: &Replacement{Find: ".*", With: "$1", In: []string{"stem", "explanation"}}}, func(q Question) string { return q.Content.Explanation }, "党章"},
		"options": {Change{Replace: &Replacement{Find: "党章", With: "", In: []string{"options"}}},
			func(q Question) string {
				return q.Content.Options[0].Text + "|" + q.Content.Options[0].Feedback + "|" + q.Content.Source
			}, "第一条|见|党章"},
	} {
		if got := c.look(c.change.apply(base)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if base.Content.Options[0].Text != "党章第一条" {
		t.Error("what was given has changed")
	}
}

func TestEditAndUndo(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	category, err := w.bank.CreateCategory(ctx, trainer, committee, CategoryDraft{Name: "新"})
	if err != nil {
		t.Fatal(err)
	}
	draft := w.create(trainer, committee, Edit{Content: single1("党章规定什么"), Tags: []string{"旧"}})
	live := w.publish(w.create(trainer, committee, Edit{Content: single1("党章规定多少")}))
	reviewed := w.create(trainer, committee, Edit{Content: single1("党章在审")})
	if reviewed, err = w.bank.SetStatus(ctx, trainer, reviewed.ID, InReview, ""); err != nil {
		t.Fatal(err)
	}
	broken := w.create(trainer, committee, Edit{Content: single1("党章")}) // nothing is left of it
	foreign := w.create(bTrainer, branchB, Edit{Content: single1("党章乙")})
	other := w.create(trainer, committee, Edit{Content: single1("别的")})
	ids := []string{draft.ID, live.ID, reviewed.ID, broken.ID, foreign.ID, other.ID, "unknown", draft.ID}
	aboveIDs := []string{live.ID}

	words := Change{Replace: &Replacement{Find: "党章", With: "", In: []string{"stem"}}}
	preview, err := w.bank.PreviewEdit(ctx, trainer, Picked{IDs: ids}, words)
	if err != nil || preview.Total != 7 || preview.Changed != 3 || preview.Unchanged != 1 || preview.Reopened != 1 || preview.RefusedN != 3 {
		t.Fatalf("%v %+v", err, preview)
	}
	codes := []string{}
	for _, r := range preview.Refused {
		codes = append(codes, r.Code)
	}
	if want := []string{"question.in_review", "question.invalid", "question.not_found"}; !slices.Equal(codes, want) {
		t.Errorf("%v, want %v", codes, want)
	}
	if got := preview.Lines[0].Parts; len(got) != 1 || got[0] != (PartEdit{"stem", "党章规定什么", "规定什么"}) {
		t.Errorf("%+v", got)
	}
	if above, err := w.bank.PreviewEdit(ctx, aTrainer, Picked{IDs: aboveIDs}, words); err != nil || above.Refused[0].Code != "question.other_bank" {
		t.Errorf("%v %+v", err, above)
	}

	both := Change{Category: &category.ID, AddTags: []string{"新"}, Replace: words.Replace, ValidUntil: pointer("2027-01-31"), Basis: pointer("某条例")}
	batch, err := w.bank.Edit(ctx, trainer, "batch-1", Picked{IDs: ids}, both, "改")
	if err != nil || batch.State != EditDone || batch.Changed != 3 || batch.RefusedN != 4 || batch.Seen != 7 {
		t.Fatalf("%v %+v", err, batch)
	}
	if again, err := w.bank.Edit(ctx, trainer, "batch-1", Picked{IDs: ids}, both, "改"); err != nil || again.Changed != 3 {
		t.Fatalf("the same id again changes nothing: %v %+v", err, again)
	}
	got, err := w.bank.Get(ctx, trainer, live.ID)
	if err != nil || got.Content.Stem != "规定多少" || got.Number != 2 || got.Live != 1 || got.Status != Draft || got.CategoryID != category.ID || got.ValidUntil != "2027-01-31" || got.Basis != "某条例" {
		t.Fatalf("%v %+v", err, got)
	}
	if list := w.stems(w.bank, trainer, Filter{Tags: []string{"新"}, CategoryID: category.ID, Basis: "条例"}); len(list) != 3 {
		t.Errorf("%v", list)
	}
	// One is changed since: it stays, the others are as they were.
	now, err := w.bank.Get(ctx, trainer, draft.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.bank.Save(ctx, trainer, draft.ID, now.Rev, Edit{Content: single1("改过了"), Tags: now.Tags}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.bank.UndoEdit(ctx, reviewer, "batch-1"); !fault.Is(err, fault.NotFound) {
		t.Errorf("another's edit: %v", err)
	}
	batch, err = w.bank.UndoEdit(ctx, trainer, "batch-1")
	if err != nil || batch.State != EditUndone || batch.Restored != 2 || len(batch.Kept) != 1 || batch.Kept[0].ID != draft.ID || batch.Kept[0].Code != "question.changed_since" || batch.Kept[0].Stem != "改过了" {
		t.Fatalf("%v %+v", err, batch)
	}
	got, err = w.bank.Get(ctx, trainer, live.ID)
	if err != nil || got.Content.Stem != "党章规定多少" || got.Number != 1 || got.Status != Published || got.CategoryID != "" || got.ValidUntil != "" || len(got.Tags) != 0 {
		t.Fatalf("%v %+v", err, got)
	}
	if versions, err := w.bank.Versions(ctx, trainer, live.ID); err != nil || len(versions) != 1 {
		t.Errorf("%v %d versions", err, len(versions))
	}
	// The history goes on over the version that was taken back.
	saved, err := w.bank.Save(ctx, trainer, live.ID, got.Rev, Edit{Content: single1("党章再改")})
	if err != nil || saved.Number != 3 {
		t.Fatalf("%v %d", err, saved.Number)
	}
	if versions, err := w.bank.Versions(ctx, trainer, live.ID); err != nil || len(versions) != 2 || versions[1].Content.Stem != "党章规定多少" {
		t.Errorf("%v %+v", err, versions)
	}
}

// What somebody changes between the preview and the act is left alone, and named.
func TestEditLeavesWhatChangedSinceThePreview(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	kept := w.create(trainer, committee, Edit{Content: single1("甲")})
	moved := w.create(trainer, committee, Edit{Content: single1("乙")})
	w.clock.Advance(time.Second)
	picked, change := Picked{IDs: []string{kept.ID, moved.ID}}, Change{Difficulty: pointer(4), AddTags: []string{"新"}}
	preview, err := w.bank.PreviewEdit(ctx, trainer, picked, change)
	if err != nil || preview.Changed != 2 {
		t.Fatalf("%v %+v", err, preview)
	}
	w.clock.Advance(time.Second)
	if _, err := w.bank.Save(ctx, trainer, moved.ID, moved.Rev, Edit{Content: single1("乙改"), Tags: []string{"他人"}}); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Second)
	picked.AsOf = preview.AsOf
	batch, err := w.bank.Edit(ctx, trainer, "seen", picked, change, "")
	if err != nil || batch.Changed != 1 || len(batch.Refused) != 1 || batch.Refused[0] != (Refusal{ID: moved.ID, Code: "question.changed_meanwhile", Stem: "乙改"}) {
		t.Fatalf("%v %+v", err, batch)
	}
	got, err := w.bank.Get(ctx, trainer, moved.ID)
	if err != nil || got.Content.Difficulty != 0 || !slices.Equal(got.Tags, []string{"他人"}) {
		t.Errorf("%v %+v", err, got)
	}
}

func TestEditLimits(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	q := w.create(trainer, committee, Edit{Content: single1("题")})
	for key, change := range map[string]Change{
		"empty": {}, "date": {ValidUntil: pointer("2026-02-30")}, "tag": {AddTags: []string{string(slices.Repeat([]rune("长"), MaxTag+1))}},
		"find": {Replace: &Replacement{In: []string{"stem"}}}, "difficulty": {Difficulty: pointer(6)},
	} {
		if _, err := w.bank.Edit(ctx, trainer, "b-"+key, Picked{IDs: []string{q.ID}}, change, ""); fault.KeyOf(err) != "question.invalid" {
			t.Errorf("%s: %v", key, err)
		}
	}
	_, err := w.bank.Edit(ctx, trainer, "b", Picked{}, Change{ToCheck: pointer(true)}, "")
	w.wantKey(err, "edit.nothing")
	_, err = w.bank.UndoEdit(ctx, trainer, "nobody")
	w.wantKey(err, "edit.not_found")
	if batch, err := w.bank.Edit(ctx, trainer, "c", Picked{Filter: &Filter{OrgID: committee}}, Change{ToCheck: pointer(true)}, ""); err != nil || batch.Changed != 1 {
		t.Fatal(err)
	}
	if got := w.stems(w.bank, trainer, Filter{ToCheck: true}); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

// A crash anywhere between the writes of a bulk edit is finished by the job: no question is changed twice.
func TestEditIsFinishedAfterACrash(t *testing.T) {
	change := Change{Replace: &Replacement{Find: "甲", With: "甲甲", In: []string{"stem"}}, AddTags: []string{"新"}} // twice would show
	for cut := range 4 {
		w, ctx := newWorld(t), context.Background()
		var ids []string
		for i := range 3 {
			ids = append(ids, w.create(trainer, committee, Edit{Content: single1(fmt.Sprint("甲", i))}).ID)
		}
		batch := EditBatch{AccountID: trainer.AccountID, Author: trainer.Name, Scope: trainer.Scope, Change: change, IDs: ids, All: 3, State: EditRunning}
		batch.ID = "cut"
		if err := w.bank.edits.Insert(ctx, &batch); err != nil {
			t.Fatal(err)
		}
		old, err := w.bank.Get(ctx, trainer, ids[0])
		if err != nil {
			t.Fatal(err)
		}
		if cut > 0 { // the step was written
			step := editStep{BatchID: "cut", QuestionID: ids[0], Before: stateOf(old)}
			step.ID = "cut:" + ids[0]
			if err := w.bank.editSteps.Insert(ctx, &step); err != nil {
				t.Fatal(err)
			}
		}
		next, _, err := w.bank.edited(ctx, trainer, old, change)
		if err != nil {
			t.Fatal(err)
		}
		if cut > 1 { // the version too
			if _, err := w.bank.addVersion(ctx, trainer, old, Edit{Content: next.Content}); err != nil {
				t.Fatal(err)
			}
		}
		if cut > 2 { // and the head
			if _, err := w.bank.questions.Update(ctx, old.ID, func(q *Question) error { meta := q.Meta; *q = next; q.Meta = meta; return nil }); err != nil {
				t.Fatal(err)
			}
		}
		w.clock.Advance(2 * time.Minute)
		if err := w.bank.ResumeEdits(ctx); err != nil {
			t.Fatal(err)
		}
		if got := w.stems(w.bank, trainer, Filter{Tags: []string{"新"}}); !slices.Equal(got, []string{"甲甲0", "甲甲1", "甲甲2"}) {
			t.Errorf("cut %d: %v", cut, got)
		}
		done, err := w.bank.UndoEdit(ctx, trainer, "cut")
		if err != nil || done.Restored != 3 {
			t.Errorf("cut %d: %v %+v", cut, err, done)
		}
		if got := w.stems(w.bank, trainer, Filter{}); !slices.Equal(got, []string{"甲0", "甲1", "甲2"}) {
			t.Errorf("cut %d: %v", cut, got)
		}
		w.clock.Advance(editLife + time.Hour)
		if err := w.bank.ResumeEdits(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := w.bank.EditBatch(ctx, trainer, "cut"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an old edit is forgotten: %v", err)
		}
	}
}

func TestEditOfAThousand(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	if _, err := w.bank.InsertBatch(ctx, trainer, Batch{ID: "many", OrgID: committee}, newQuestions(1000)); err != nil {
		t.Fatal(err)
	}
	batch, err := w.bank.Edit(ctx, trainer, "all", Picked{Filter: &Filter{BatchID: "many"}}, Change{Replace: &Replacement{Find: "批量", With: "整批", In: []string{"stem"}}}, "")
	if err != nil || batch.Changed != 1000 || batch.Seen != 1000 {
		t.Fatalf("%v %+v", err, batch)
	}
	if batch, err = w.bank.UndoEdit(ctx, trainer, "all"); err != nil || batch.Restored != 1000 {
		t.Fatal(err, batch.Restored)
	}
	if got := w.stems(w.bank, trainer, Filter{Text: "整批"}); len(got) != 0 {
		t.Errorf("%d left", len(got))
	}
}
