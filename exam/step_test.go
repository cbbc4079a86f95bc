package exam

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"qiming/exam/question"
)

// What comes after the end is kept, but only so much of it: the rest is refused, and nothing that
// has a receipt is dropped.
func TestLateAnswersAreBounded(t *testing.T) {
	w := newWorld(t)
	ids := w.questions("简答", short("一"), short("二"))
	q := w.quiz(fixed(5, ids...))
	m := w.start(q, "m1", "phone")
	m.save(1, question.Response{Text: "按时"})
	m.submit()
	var last Receipt
	for i := range maxLate {
		if last = m.save(1, question.Response{Text: fmt.Sprintf("迟到%d", i)}); !last.Late {
			t.Fatal("not late")
		}
	}
	steps := len(m.stored().Steps)
	_, err := m.trySave(1, question.Response{Text: "再迟到"})
	w.refused(err, "attempt.late_full")
	m.seq -= 2
	if again := m.save(1, question.Response{Text: fmt.Sprintf("迟到%d", maxLate-1)}); again != last {
		t.Fatalf("sent again %+v, first %+v", again, last)
	}
	if m.seq += 1; !m.save(2, question.Response{Text: "另一题"}).Late {
		t.Fatal("another slot is full too")
	}
	for i := range lateTakeovers + 3 { // a new sign-in may still bring late answers, but not without end
		device := fmt.Sprint("tablet", i)
		_, err = w.Attempts.Takeover(w.ctx, as("m1", device), m.sheet.Attempt.ID, device)
		w.ok(err)
	}
	a := m.stored()
	if len(a.Steps) != steps+1+lateTakeovers {
		t.Fatalf("%d steps, want %d", len(a.Steps), steps+1+lateTakeovers)
	}
	if broken := a.Chain().Verify(w.keys.Key("receipt")); broken != 0 {
		t.Fatalf("broken at %d", broken)
	}
}

// The answers of an attempt fit into a document: the save that would pass the bound is refused as a whole.
func TestAnAttemptIsBoundedInBytes(t *testing.T) {
	key := []byte("key")
	end := monday.Add(time.Hour)
	slots := make([]Slot, 120)
	for i := range slots {
		slots[i] = Slot{Number: i + 1, Version: fmt.Sprintf("q%d@1", i+1), Points: 1}
	}
	s := sitting{clock: Clock{Deadline: &end}, key: key, paper: Paper{Slots: slots}}
	a := Attempt{Meta: metaOf(AttemptID("q", "m", 1)), QuizID: "q", MemberID: "m", Number: 1}
	if err := a.start(s, "s0", "", monday); err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("x", 12<<10)
	for i := range slots {
		_, _, err := a.save(s, "s0", []Answer{{ClientSeq: int64(i + 1), Slot: i + 1, Response: question.Response{Text: text}}}, monday)
		if fits := (i+1)*len(text) <= maxStepBytes; fits != (err == nil) {
			t.Fatalf("slot %d: fits %v, %v", i+1, fits, err)
		}
		if err != nil {
			(&world{TB: t}).refused(err, "attempt.too_large")
			return
		}
	}
	t.Fatal("everything fits")
}
