package exam

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
)

const onePage = "%PDF-1.4\n%%EOF\n"

func (t *taking) attach(slot int, name, content string) (string, error) {
	f, err := t.Attempts.Attach(t.ctx, t.actor, t.sheet.Attempt.ID, t.sheet.Session, slot, name, strings.NewReader(content))
	return f.ID, err
}

func TestEssaysTakeFiles(t *testing.T) {
	w := newWorld(t)
	essay := question.Content{Kind: question.Essay, Stem: "谈谈体会", Attachments: 2}
	q := w.quiz(fixed(10, w.questions("题", essay, short("简答"), single("选择"))...), func(d *Draft) { d.Settings.ShuffleOptions = false })
	m := w.start(q, "m1", "phone")
	one, err := m.attach(1, "张三的心得.PDF", onePage)
	w.ok(err)
	file, err := w.media.Get(w.ctx, one)
	w.ok(err)
	if file.Name != "附件.pdf" {
		t.Errorf("the name %q tells who wrote it", file.Name)
	}
	two, err := m.attach(1, "b.pdf", onePage+"2")
	w.ok(err)
	three, err := m.attach(1, "c.pdf", onePage+"3")
	w.ok(err)
	for _, c := range []struct {
		name  string
		slot  int
		files []string
		key   string
	}{
		{"at the limit", 1, []string{one, two}, ""},
		{"above it", 1, []string{one, two, three}, "answer.invalid"},
		{"twice the same", 1, []string{one, one}, "answer.invalid"},
		{"no id", 1, []string{"../../etc"}, "answer.invalid"},
		{"never uploaded", 1, []string{strings.Repeat("0", 32)}, "attempt.file_unknown"},
		{"an item without files", 2, []string{one}, "answer.invalid"},
		{"another kind", 3, []string{one}, "answer.invalid"},
	} {
		_, err := m.trySave(c.slot, question.Response{Files: c.files})
		if fault.KeyOf(err) != c.key {
			t.Errorf("%s: %v, want %q", c.name, err, c.key)
		}
	}
	_, err = m.attach(2, "a.pdf", onePage)
	w.refused(err, "attempt.no_attachments")
	_, err = m.attach(9, "a.pdf", onePage)
	w.refused(err, "attempt.no_slot")
	_, err = m.attach(1, "a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
	w.refused(err, "media.type_refused")

	// A file of one attempt cannot be had through another.
	other := w.start(q, "m2", "phone")
	_, err = other.trySave(1, question.Response{Files: []string{one}})
	w.refused(err, "attempt.file_unknown")
	_, err = w.Attempts.Attach(w.ctx, other.actor, m.sheet.Attempt.ID, m.sheet.Session, 1, "a.pdf", strings.NewReader(onePage))
	w.refused(err, "attempt.not_found")
	_, err = w.Attempts.Attach(w.ctx, m.actor, m.sheet.Attempt.ID, "another", 1, "a.pdf", strings.NewReader(onePage))
	w.refused(err, "attempt.other_session")

	// Files alone are an answer, and wait for an evaluator; what an attempt holds is not collected.
	m.submit()
	a := m.stored()
	if a.State != Grading || a.Answered != 1 || len(a.Pending) != 1 {
		t.Errorf("%s, %d answered, pending %v", a.State, a.Answered, a.Pending)
	}
	page, err := w.Marking.Answers(w.ctx, w.author(), q.ID, a.Pending[0], false, 10, "")
	w.ok(err)
	if len(page.Items) != 1 || fmt.Sprint(page.Items[0].Response.Files) != fmt.Sprint([]string{one, two}) {
		t.Errorf("the evaluator sees %+v", page.Items)
	}
	w.clock.Advance(30 * 24 * time.Hour)
	if _, err := w.media.Collect(w.ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := w.media.Get(w.ctx, one); err != nil {
		t.Errorf("the attachment was collected: %v", err)
	}
	_, err = m.attach(1, "late.pdf", onePage)
	w.refused(err, "attempt.ended")
}

func TestAttachmentsAreBounded(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(10, w.questions("题", question.Content{Kind: question.Essay, Stem: "谈谈体会", Attachments: 1})...))
	m := w.start(q, "m1", "phone")
	for i := range maxAttached {
		if _, err := m.attach(1, "a.pdf", onePage+fmt.Sprint(i)); err != nil {
			t.Fatalf("file %d: %v", i+1, err)
		}
	}
	_, err := m.attach(1, "a.pdf", onePage+"more")
	w.refused(err, "attempt.too_many_files")
}
