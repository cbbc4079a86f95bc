package knowledge

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"qiming/policies"
)

func TestTagsAreOneHoweverTheyAreSpelt(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	for i, tags := range [][]string{{"AI", "ai", "党费"}, {"ＡＩ"}, {"AI"}} {
		c := essay(fmt.Sprint("文章", i))
		c.Tags = tags
		w.publish(w.create("a", c))
	}
	l, err := w.List(ctx, stranger, Filter{Tag: "Ai"}, 10, "")
	if err != nil || l.Total != 3 || len(l.Items[2].Content.Tags)+len(l.Items[1].Content.Tags)+len(l.Items[0].Content.Tags) != 4 {
		t.Errorf("%v %+v", err, l)
	}
	o, err := w.Overview(ctx, stranger)
	if err != nil || !slices.Equal(o.Tags, []TagCount{{"AI", 3}, {"党费", 1}}) {
		t.Errorf("%v %+v", err, o.Tags)
	}
}

func TestCategories(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	put := func(c Category, key string) Category {
		t.Helper()
		got, err := w.PutCategory(ctx, author, "a", c)
		wantKey(t, err, key)
		return got
	}
	parent := ""
	var chain []Category
	for i := range MaxDepth {
		c := put(Category{Name: fmt.Sprintf("第%d层", i+1), ParentID: parent}, "")
		chain, parent = append(chain, c), c.ID
	}
	put(Category{Name: "太深", ParentID: parent}, "category.too_deep")
	put(Category{Name: " 第1层 "}, "category.exists")
	put(Category{Name: " "}, "category.invalid")
	put(Category{Name: "无父", ParentID: "none"}, "category.invalid")
	put(Category{ID: "none", Name: "无"}, "category.not_found")
	circle := chain[0]
	circle.ParentID = chain[2].ID
	put(circle, "category.invalid")
	side := put(Category{Name: "旁", Order: 9}, "")
	deep := chain[0]
	deep.ParentID = side.ID
	put(deep, "category.too_deep")
	_, err := w.PutCategory(ctx, stranger, "a", Category{Name: "外人"})
	wantKey(t, err, "org.not_found")
	c := essay("归类")
	c.CategoryID = chain[MaxDepth-1].ID
	a := w.create("a", c)
	wantKey(t, w.RemoveCategory(ctx, author, "a", c.CategoryID), "category.holds_articles")
	wantKey(t, w.RemoveCategory(ctx, author, "a", chain[0].ID), "category.holds_articles")
	wantKey(t, w.RemoveCategory(ctx, author, "a", side.ID), "")
	_, err = w.Create(ctx, author, "b", c)
	wantKey(t, err, "article.invalid") // a category of another organisation
	found, err := w.Desk(ctx, author, Filter{OrgID: "a", CategoryID: chain[1].ID}, 10, "")
	if err != nil || found.Total != 1 || found.Items[0].ID != a.ID || found.Items[0].Draft.Body != "" {
		t.Errorf("%+v %v", found, err)
	}
}

// Page by page everything is listed once, also where several were published in one moment; nothing is listed that may not be read.
func TestListingsAreWholeAndFiltered(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	want := 0
	for i := range 23 {
		c := essay(fmt.Sprintf("第%d篇", i))
		if i%3 == 0 {
			c.Audience = Audience{Orgs: []string{"a"}}
		} else {
			want++
		}
		a := w.create("a", c)
		if i%4 == 0 {
			w.clock.Advance(time.Minute)
		}
		w.publish(a)
	}
	w.create("a", essay("草稿"))
	seen := map[string]bool{}
	for after, pages := "", 0; ; pages++ {
		got, err := w.List(ctx, policies.Actor{}, Filter{}, 4, after)
		if err != nil || got.Total != want {
			t.Fatalf("%d %v", got.Total, err)
		}
		for _, p := range got.Items {
			if seen[p.ID] || !p.Content.Audience.Public || p.Content.Body != "" {
				t.Errorf("%+v", p)
			}
			seen[p.ID] = true
		}
		if after = got.Next; after == "" {
			break
		}
	}
	if len(seen) != want {
		t.Errorf("%d of %d", len(seen), want)
	}
	if _, err := w.List(ctx, policies.Actor{}, Filter{}, 4, "x"); err == nil || !strings.Contains(err.Error(), "cursor") {
		t.Errorf("%v", err)
	}
	for _, c := range []struct {
		actor policies.Actor
		f     Filter
		want  int
	}{
		{author, Filter{}, 24}, {stranger, Filter{}, 0}, {author, Filter{Statuses: []Status{Draft}}, 1}, {author, Filter{Text: "第 1"}, 11}, {author, Filter{Kinds: []Kind{FAQ}}, 0},
		{author, Filter{Official: true}, 0}, {author, Filter{Tag: "x"}, 0}, {author, Filter{OrgID: "b"}, 0}, {author, Filter{TakenDown: true}, 0},
	} {
		got, err := w.Desk(ctx, c.actor, c.f, 200, "")
		if err != nil || got.Total != c.want || len(got.Items) != c.want {
			t.Errorf("%+v: %d %v", c.f, got.Total, err)
		}
	}
}

// What waits for a reviewer is what somebody else wrote.
func TestWhatWaitsForWhom(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	w.take(author, w.create("a", essay("待审")), Order{Step: HandIn})
	for account, want := range map[string]int{"author": 0, "reviewer": 1} {
		got, err := w.Desk(ctx, author, Filter{ReviewBy: account}, 10, "")
		if err != nil || got.Total != want {
			t.Errorf("%s: %d %v", account, got.Total, err)
		}
	}
}
