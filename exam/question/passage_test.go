package question

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"qiming/internal/fault"
)

// A passage is filed with the question: it makes no version, it is found by its article, and another process knows it.
func TestAQuestionRestsOnPassages(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	q := w.publish(w.create(trainer, committee, Edit{Content: single1("学时")}))
	w.create(trainer, committee, Edit{Content: single1("别的")})
	place := Passage{ArticleID: "law1", Anchor: "h-第二章-学时", Text: "学习办法 · 第二章"}
	saved, err := w.bank.Save(ctx, trainer, q.ID, q.Rev, Edit{Content: q.Content, Passages: []Passage{place, {ArticleID: "law1", Anchor: place.Anchor, Text: "同一处"}, {ArticleID: "law2", Text: " 章程 "}}})
	if err != nil || saved.Number != q.Number || saved.Status != Published {
		t.Fatalf("%+v %v", saved, err)
	}
	want := []Passage{place, {ArticleID: "law2", Text: "章程"}}
	if got, err := w.bank.Passages(ctx, []string{q.ID, "none"}); err != nil || !reflect.DeepEqual(got, map[string][]Passage{q.ID: want}) {
		t.Errorf("%+v %v", got, err)
	}
	for article, stems := range map[string][]string{"law1": {"学时"}, "law2": {"学时"}, "law3": {}} {
		if got := w.stems(w.bank, trainer, Filter{ArticleID: article}); !slices.Equal(got, stems) {
			t.Errorf("on %s rest %v", article, got)
		}
		if n, err := w.bank.Resting(ctx, trainer, article); n != len(stems) || err != nil {
			t.Errorf("on %s rest %d: %v", article, n, err)
		}
	}
	if n, err := w.bank.Resting(ctx, who("x", "nowhere"), "law1"); n != 0 || err != nil {
		t.Errorf("a stranger counts %d: %v", n, err)
	}
}

func TestWhatIsNoPassage(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("长", MaxPassageText)
	for _, c := range []struct {
		name string
		p    []Passage
		path string // of what is wrong
	}{
		{"a heading", []Passage{{ArticleID: "a1", Anchor: "h-总则-2", Text: long}}, ""},
		{"nothing named", []Passage{{Text: "章程"}}, "passages[0].article_id"},
		{"a path", []Passage{{ArticleID: "../x", Text: "章程"}}, "passages[0].article_id"},
		{"a script", []Passage{{ArticleID: "a1", Anchor: "h-\"onclick", Text: "章程"}}, "passages[0].anchor"},
		{"no words", []Passage{{ArticleID: "a1", Text: " "}}, "passages[0].text"},
		{"too many words", []Passage{{ArticleID: "a1", Text: long + "长"}}, "passages[0].text"},
		{"five", []Passage{{"a1", "", "x"}, {"a2", "", "x"}, {"a3", "", "x"}, {"a4", "", "x"}, {"a5", "", "x"}}, ""},
		{"six", []Passage{{"a1", "", "x"}, {"a2", "", "x"}, {"a3", "", "x"}, {"a4", "", "x"}, {"a5", "", "x"}, {"a6", "", "x"}}, "passages"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := w.bank.Create(t.Context(), trainer, committee, Edit{Content: single1(c.name), Passages: c.p})
			fields := fault.FieldsOf(err)
			if c.path == "" && err != nil || c.path != "" && (len(fields) != 1 || fields[0].Path != c.path) {
				t.Errorf("%v %+v", err, fields)
			}
		})
	}
}
