package exam

import (
	"fmt"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/exam/statistics"
	"qiming/policies"
)

func (w *world) flagged(f FlagFilter) []FlaggedItem {
	w.Helper()
	page, total, err := w.Results.Flags(w.ctx, w.author(), f, 100, "")
	w.ok(err)
	if total != len(page.Items) {
		w.Fatalf("%d of %d", len(page.Items), total)
	}
	return page.Items
}

// TestFlagsBecomeTasks: raised once, decided with a note, raised again by twice the evidence alone, cleared by a new version.
func TestFlagsBecomeTasks(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 3)
	q := w.quiz(fixed(1, ids...), func(d *Draft) { d.Settings.Closes = nil })
	// All are right in the first, nobody is in the second; the third is half and half.
	right := func(taker, slot int) bool { return slot == 1 || slot == 3 && taker%2 == 0 }
	w.crowd(q, flagFrom-1, right)
	w.ok(w.Results.RecordItems(w.ctx))
	if list := w.flagged(FlagFilter{}); len(list) != 0 {
		t.Fatalf("four prove nothing: %+v", list)
	}
	take := func(from, to int) {
		t.Helper()
		for i := from; i < to; i++ {
			id := fmt.Sprintf("d%02d", i)
			w.member(id, branchA)
			m := w.start(q, id, "phone")
			for slot := 1; slot <= 3; slot++ {
				if right(i, slot) {
					m.save(slot, choose("a"))
				} else {
					m.save(slot, choose("b"))
				}
			}
			m.submit()
		}
		w.clock.Advance(tallyAge)
		w.ok(w.Results.RecordItems(w.ctx))
		w.ok(w.Results.RecordItems(w.ctx)) // again: nothing is raised twice
	}
	take(0, 2)
	got := map[string]FlaggedItem{}
	for _, f := range w.flagged(FlagFilter{Mine: true}) {
		got[f.QuestionID+" "+string(f.Flag)] = f
	}
	hard := got[ids[1]+" "+string(statistics.TooHard)]
	beaten := got[ids[1]+" "+string(statistics.Distractor)]
	if len(got) != 3 || got[ids[0]+" "+string(statistics.TooEasy)].N != 6 || hard.N != 6 || *hard.Facility != 0 || !hard.Mine || hard.Stem == "" {
		t.Fatalf("%+v", got)
	}
	if beaten.Wrong != "B" || beaten.WrongN != 6 || beaten.RightN != 0 {
		t.Errorf("%+v", beaten.ItemFlag)
	}

	// Somebody else's are not mine; out of reach they are not there.
	other := w.author()
	other.AccountID = "other"
	if _, n, err := w.Results.Flags(w.ctx, other, FlagFilter{Mine: true}, 9, ""); err != nil || n != 0 {
		t.Errorf("%d are another's, %v", n, err)
	}
	stranger := policies.Actor{AccountID: "author", Scope: policies.Scope{branchB}}
	if _, n, err := w.Results.Flags(w.ctx, stranger, FlagFilter{}, 9, ""); err != nil || n != 0 {
		t.Errorf("a stranger sees %d, %v", n, err)
	}
	_, err := w.Results.Decide(w.ctx, stranger, hard.ID, FlagHandled, "x")
	w.refused(err, "flag.not_found")
	_, err = w.Results.Decide(w.ctx, w.author(), hard.ID, FlagDismissed, "")
	w.refused(err, "flag.invalid")
	_, err = w.Results.Decide(w.ctx, w.author(), "none", FlagDismissed, "x")
	w.refused(err, "flag.not_found")

	f, err := w.Results.Decide(w.ctx, w.author(), hard.ID, FlagDismissed, "本意如此")
	w.ok(err)
	if f.State != FlagDismissed || f.Notes[0].Note != "本意如此" || f.Notes[0].N != 6 || w.trail.acts[len(w.trail.acts)-1] != "question.flag" {
		t.Errorf("%+v %v", f, w.trail.acts)
	}
	_, err = w.Results.Decide(w.ctx, w.author(), hard.ID, FlagDismissed, "又")
	w.refused(err, "flag.decided")
	if list := w.flagged(FlagFilter{Closed: true, QuestionID: ids[1]}); len(list) != 1 || list[0].ID != hard.ID {
		t.Errorf("closed: %+v", list)
	}
	take(2, 7) // 11: not twice as many
	if n := len(w.flagged(FlagFilter{})); n != 2 {
		t.Errorf("%d open with little more evidence", n)
	}
	w.clock.Advance(time.Minute)
	take(7, 8) // 12
	list := w.flagged(FlagFilter{})
	if len(list) != 3 || list[0].ID != hard.ID || list[0].N != 12 || len(list[0].Notes) != 1 {
		t.Errorf("twice the evidence: %+v", list)
	}

	// A corrected version answers the flags of the one before.
	head, err := w.bank.Get(w.ctx, w.author(), ids[1])
	w.ok(err)
	c := head.Content
	c.Stem += "（改）"
	_, err = w.bank.Save(w.ctx, w.author(), head.ID, head.Rev, question.Edit{Content: c, Tags: head.Tags})
	w.ok(err)
	for _, to := range []question.Status{question.InReview, question.Published} {
		_, err = w.bank.SetStatus(w.ctx, w.author(), head.ID, to, "")
		w.ok(err)
	}
	w.clock.Advance(time.Minute)
	w.ok(w.Results.RecordItems(w.ctx))
	if list := w.flagged(FlagFilter{}); len(list) != 1 || list[0].QuestionID != ids[0] {
		t.Errorf("after the correction: %+v", list)
	}
	_, err = w.Results.Decide(w.ctx, w.author(), hard.ID, FlagOpen, "")
	w.refused(err, "flag.decided")

	// Where the corrected version marks the item now and all still fail, the flags are back.
	w.askAndApprove(q, RegradeWish{QuestionID: ids[1], Way: ByKey})
	w.clock.Advance(tallyAge)
	w.ok(w.Results.RecordItems(w.ctx))
	if list := w.flagged(FlagFilter{QuestionID: ids[1]}); len(list) != 2 || list[0].State != FlagOpen {
		t.Errorf("after the regrade: %+v", list)
	}
}
