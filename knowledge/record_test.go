package knowledge

import (
	"strings"
	"sync"
	"testing"

	"qiming/policies"
)

func memberOf(id string, path ...string) policies.Actor {
	return policies.Actor{AccountID: id, MemberID: id, OrgPath: path}
}

// What a reader keeps is the reader's alone, of what may be read; a note outlives the article, its title does not show.
func TestWhatAReaderKeeps(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := essay("支部材料")
	c.Audience = Audience{Orgs: []string{"a"}}
	a := w.publish(w.create("a", c))
	reader, other, outside := memberOf("m", "root", "a"), memberOf("n", "root", "a"), memberOf("o", "root", "b")
	yes, no, note, long := true, false, " 记一笔\r\n ", strings.Repeat("长", MaxNote+1)
	_, err := w.Keep(ctx, outside, a.ID, &yes, nil)
	wantKey(t, err, "article.not_found")
	_, err = w.Mine(ctx, outside, a.ID)
	wantKey(t, err, "article.not_found")
	_, err = w.Keep(ctx, reader, a.ID, nil, &long)
	wantKey(t, err, "article.note_invalid")
	first, err := w.Keep(ctx, reader, a.ID, &yes, nil)
	if err != nil || first.Favourite == nil {
		t.Fatalf("%+v %v", first, err)
	}
	w.clock.Advance(1)
	r, err := w.Keep(ctx, reader, a.ID, &yes, &note)
	if err != nil || !r.Favourite.Equal(*first.Favourite) || r.Note != " 记一笔\n " {
		t.Errorf("%+v %v", r, err)
	}
	if got, err := w.Mine(ctx, other, a.ID); err != nil || got.Note != "" || got.Favourite != nil {
		t.Errorf("another sees %+v %v", got, err)
	}
	shelf := func(actor policies.Actor) []Kept {
		t.Helper()
		kept, err := w.Shelf(ctx, actor)
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	if kept := shelf(reader); len(kept) != 1 || kept[0].Page == nil || kept[0].Page.Content.Title != "支部材料" {
		t.Errorf("%+v", kept)
	}
	if kept := shelf(other); len(kept) != 0 {
		t.Errorf("%+v", kept)
	}
	w.take(reviewer, a, Order{Step: Withdraw, Note: "过时"})
	if kept := shelf(reader); len(kept) != 1 || kept[0].Page != nil || kept[0].Note == "" {
		t.Errorf("%+v", kept)
	}
	empty := ""
	if _, err := w.Keep(ctx, reader, a.ID, &no, &empty); err != nil {
		t.Error(err)
	}
	if kept := shelf(reader); len(kept) != 0 {
		t.Errorf("%+v", kept)
	}
}

// A receipt is of the version that was shown; the first stands, and a new version is confirmed anew.
func TestReceiptsAreOfAVersion(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	a := w.publish(w.create("a", essay("必读")))
	reader := memberOf("m", "root", "a")
	_, err := w.Confirm(ctx, reader, a.ID, 2)
	wantKey(t, err, "article.newer")
	other := w.open()
	var wg sync.WaitGroup
	for _, s := range []*Articles{w.Articles, other, w.Articles} {
		wg.Go(func() {
			if _, err := s.Confirm(ctx, reader, a.ID, 1); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	first, err := w.Mine(ctx, reader, a.ID)
	if err != nil || first.Version != 1 || !first.ReadAt.Equal(w.clock.Now()) {
		t.Fatalf("%+v %v", first, err)
	}
	w.clock.Advance(1_000_000_000)
	if again, err := w.Confirm(ctx, reader, a.ID, 1); err != nil || !again.ReadAt.Equal(*first.ReadAt) {
		t.Errorf("%+v %v", again, err)
	}
	if a, err = w.Save(ctx, author, a.ID, a.Rev, essay("必读（新）")); err != nil {
		t.Fatal(err)
	}
	w.publish(a)
	_, err = w.Confirm(ctx, reader, a.ID, 1)
	wantKey(t, err, "article.newer")
	if _, err := w.Confirm(ctx, memberOf("n", "root", "b"), a.ID, 2); err != nil {
		t.Error(err)
	}
	if _, err := w.Keep(ctx, memberOf("k", "root", "b"), a.ID, new(bool), nil); err != nil { // keeps, and confirms nothing
		t.Error(err)
	}
	got, err := w.Confirmations(ctx, author, a.ID)
	wantKey(t, err, "article.not_found") // it does not ask
	if len(got.All) != 0 {
		t.Errorf("%+v", got)
	}
}
