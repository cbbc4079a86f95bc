package exam

import (
	"encoding/base64"
	"strings"
	"testing"

	"qiming/exam/question"
)

// Paging through the answers visits all of them, and no cursor tells whose they are.
func TestCursorOfAnswersHidesNames(t *testing.T) {
	w := newWorld(t)
	ids := w.questions("简答", short("谈谈体会"), short("谈谈打算"))
	q := w.quiz(fixed(5, ids...))
	for _, member := range []string{"m1", "m2", "m3"} {
		m := w.start(q, member, "phone")
		m.save(m.slotOf(ids[0]), question.Response{Text: "体会" + member})
		m.submit()
	}
	seen, after, first := map[string]bool{}, "", ""
	for range 4 {
		page, err := w.Marking.Answers(w.ctx, w.author(), q.ID, ids[0], false, 1, after)
		w.ok(err)
		for _, item := range page.Items {
			seen[item.Response.Text] = true
		}
		if after = page.Next; after == "" {
			break
		}
		if first == "" {
			first = after
		}
		raw, err := base64.RawURLEncoding.DecodeString(after)
		w.ok(err)
		for _, text := range []string{after, string(raw)} {
			if strings.Contains(text, q.ID) || strings.Contains(text, ":m1:") || strings.Contains(text, ":m2:") || strings.Contains(text, ":m3:") {
				t.Fatalf("the cursor tells %q", text)
			}
		}
		if len(after) > 512 {
			t.Fatalf("the API takes no cursor of %d bytes", len(after))
		}
	}
	if len(seen) != 3 {
		t.Fatalf("visited %v", seen)
	}
	for name, call := range map[string]func() error{
		"another question": func() error {
			_, err := w.Marking.Answers(w.ctx, w.author(), q.ID, ids[1], false, 1, first)
			return err
		},
		"the marked ones": func() error {
			_, err := w.Marking.Answers(w.ctx, w.author(), q.ID, ids[0], true, 1, first)
			return err
		},
		"nonsense": func() error {
			_, err := w.Marking.Answers(w.ctx, w.author(), q.ID, ids[0], false, 1, "bm9uc2Vuc2U")
			return err
		},
		"no base64": func() error {
			_, err := w.Marking.Answers(w.ctx, w.author(), q.ID, ids[0], false, 1, "!")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { w.refused(call(), "store.cursor") })
	}
}

// A cursor that names no row is refused: the first piece again would be read twice.
func TestRowsRefuseAnUnknownCursor(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(1, w.singles("一", 1)...))
	page, total, err := w.Results.Rows(w.ctx, w.author(), q.ID, RowFilter{}, w.all(), 3, "")
	w.ok(err)
	if total != 4 || len(page.Items) != 3 {
		t.Fatalf("%d of %d", len(page.Items), total)
	}
	rest, _, err := w.Results.Rows(w.ctx, w.author(), q.ID, RowFilter{}, w.all(), 3, page.Next)
	w.ok(err)
	if len(rest.Items) != 1 || rest.Next != "" {
		t.Fatalf("rest %+v", rest)
	}
	_, _, err = w.Results.Rows(w.ctx, w.author(), q.ID, RowFilter{}, w.all(), 3, "nobody")
	w.refused(err, "store.cursor")
}
