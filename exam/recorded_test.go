package exam

import (
	"slices"
	"testing"
)

// A mark against the automatic one says why, and is on record; so is the reading of a named sheet.
func TestOverridingAMarkAndReadingASheetAreRecorded(t *testing.T) {
	w := newWorld(t)
	ids := append(w.singles("一", 1), w.questions("简答", short("谈谈体会"))...)
	q := w.quiz(fixed(4, ids...))
	m := w.start(q, "m1", "phone")
	m.save(m.slotOf(ids[0]), choose("b"))
	m.submit()
	key, automatic, manual := m.stored().Blind, m.slotOf(ids[0]), m.slotOf(ids[1])
	steps := len(m.stored().Steps)
	w.refused(w.mark(q.ID, key, automatic, 4, "  "), "mark.comment_required")
	if len(m.stored().Steps) != steps || slices.Contains(w.trail.acts, "mark.override") {
		t.Fatal("the refused mark left something behind")
	}
	w.ok(w.mark(q.ID, key, manual, 3, ""))
	if slices.Contains(w.trail.acts, "mark.override") {
		t.Fatal("an ordinary mark is recorded as an override")
	}
	w.ok(w.mark(q.ID, key, automatic, 4, "题目有歧义"))
	if a := m.stored(); a.Score == nil || *a.Score != 7 || !slices.Contains(w.trail.acts, "mark.override") {
		t.Fatalf("score %v, acts %v", a.Score, w.trail.acts)
	}
	_, err := w.Results.Sheet(w.ctx, w.author(), q.ID, m.sheet.Attempt.ID, w.all())
	w.ok(err)
	if !slices.Contains(w.trail.acts, "result.read_sheet") {
		t.Fatalf("acts %v", w.trail.acts)
	}
}
