package knowledge

import (
	"slices"
	"sync"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/knowledge/wordlist"
)

func TestFromDraftToReadersAndBack(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := essay("学习制度")
	c.Body += "\n\n![](media:" + pictureID + ")"
	a := w.create("a", c)
	if a.Status != Draft || a.Published != nil || a.Number != 0 {
		t.Fatalf("%+v", a)
	}
	a = w.take(author, a, Order{Step: HandIn, Note: "初稿"})
	_, err := w.Save(ctx, author, a.ID, a.Rev, essay("改"))
	wantKey(t, err, "article.locked")
	_, err = w.Take(ctx, author, a.ID, Order{Step: Approve, Rev: a.Rev})
	wantKey(t, err, "article.own")
	a = w.take(reviewer, a, Order{Step: Approve})
	if a.Status != Published || a.Published.Number != 1 || !a.Published.At.Equal(w.clock.Now()) || len(a.Writers) != 0 {
		t.Fatalf("%+v", a)
	}
	// A change by a second author leaves what readers see until it is approved; neither author approves it.
	b, err := w.Save(ctx, second, a.ID, a.Rev, essay("学习制度（修订）"))
	if err != nil || b.Status != Draft || b.Published.Content.Title != "学习制度" {
		t.Fatalf("%+v %v", b, err)
	}
	b = w.take(author, b, Order{Step: HandIn})
	for _, writer := range []string{"author", "second"} {
		_, err = w.Take(ctx, who(writer, "root"), b.ID, Order{Step: Approve, Rev: b.Rev})
		wantKey(t, err, "article.own")
	}
	_, err = w.Take(ctx, reviewer, b.ID, Order{Step: Return, Rev: b.Rev, Note: " "})
	wantKey(t, err, "article.invalid")
	b = w.take(reviewer, b, Order{Step: Return, Note: "日期有误"})
	if b.Status != Draft || b.Note != "日期有误" || b.Published.Number != 1 {
		t.Fatalf("%+v", b)
	}
	b = w.take(reviewer, b, Order{Step: Withdraw, Note: "内容过时"})
	if b.Published != nil || b.Withdrawn.Reason != "内容过时" || b.Withdrawn.By != "reviewer" || b.Withdrawn.Edition.Number != 1 {
		t.Fatalf("%+v", b)
	}
	steps := []Step{}
	for _, e := range b.Events {
		steps = append(steps, e.Step)
	}
	if !slices.Equal(steps, []Step{HandIn, Approve, HandIn, Return, Withdraw}) {
		t.Errorf("%v", steps)
	}
	wantKey(t, w.Remove(ctx, author, b.ID), "article.was_public")
	if _, held := w.files.held["article:"+VersionID(a.ID, 1)]; !held {
		t.Errorf("the picture of version 1 is not held: %v", w.files.held)
	}
	for object := range w.files.held {
		if object != "article:"+VersionID(a.ID, 1) {
			t.Errorf("%s is held still", object)
		}
	}
}

func TestWhatIsLackingIsTold(t *testing.T) {
	w := newWorld(t)
	a := w.create("a", Content{Kind: Regulation})
	_, err := w.Take(t.Context(), author, a.ID, Order{Step: HandIn, Rev: a.Rev})
	var paths []string
	for _, f := range fault.FieldsOf(err) {
		paths = append(paths, f.Path)
	}
	if !slices.Equal(paths, []string{"title", "body", "audience", "law.issuer"}) {
		t.Errorf("%v", paths)
	}
}

// Both sides of the moment, by the job, in another process than the one that approved.
func TestTheSchedule(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	moment := w.clock.Now().Add(time.Hour)
	a := w.take(author, w.create("a", essay("通知")), Order{Step: HandIn, PublishAt: &moment})
	a = w.take(reviewer, a, Order{Step: Approve, PublishAt: &moment})
	other := w.open()
	for _, c := range []struct {
		at   time.Duration
		want int
	}{{time.Hour - time.Millisecond, 0}, {time.Hour, 1}, {2 * time.Hour, 0}} {
		w.clock.Set(moment.Add(c.at - time.Hour))
		if n, err := other.PublishDue(ctx); n != c.want || err != nil {
			t.Errorf("at %v: %d %v", c.at, n, err)
		}
	}
	got, err := w.Get(ctx, author, a.ID)
	if err != nil || got.Status != Published || !got.Published.At.Equal(moment) {
		t.Errorf("%+v %v", got, err)
	}
}

// Several processes that publish at once publish once; what was recalled is not published.
func TestOneOfManyPublishes(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	moment := w.clock.Now().Add(time.Minute)
	order := func(step Step) Order { return Order{Step: step, PublishAt: &moment} }
	a := w.take(reviewer, w.take(author, w.create("a", essay("一")), order(HandIn)), order(Approve))
	b := w.take(reviewer, w.take(author, w.create("a", essay("二")), order(HandIn)), order(Approve))
	w.take(author, b, Order{Step: Recall})
	w.clock.Advance(time.Minute)
	var mu sync.Mutex
	var wg sync.WaitGroup
	total := 0
	for range 3 {
		s := w.open()
		wg.Go(func() {
			n, err := s.PublishDue(ctx)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			total += n
		})
	}
	wg.Wait()
	got, err := w.Get(ctx, author, a.ID)
	if total != 1 || err != nil || len(got.Events) != 3 {
		t.Errorf("published %d times: %+v %v", total, got.Events, err)
	}
}

func TestWordsDoNotPass(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	if _, err := w.Words.Add(ctx, author, "root", wordlist.Entry{Word: "书纪", Level: wordlist.Refuse}); err != nil {
		t.Fatal(err)
	}
	a := w.create("a", essay("支部书纪的职责"))
	_, err := w.Take(ctx, author, a.ID, Order{Step: HandIn, Rev: a.Rev})
	wantKey(t, err, "article.words_refused")
	// A word that is listed after the approval sends it back when its moment comes.
	moment := w.clock.Now().Add(time.Minute)
	b := w.take(author, w.create("a", essay("学习强国")), Order{Step: HandIn, PublishAt: &moment})
	b = w.take(reviewer, b, Order{Step: Approve, PublishAt: &moment})
	if _, err := w.Words.Add(ctx, author, "a", wordlist.Entry{Word: "强国", Level: wordlist.Refuse}); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Minute)
	if n, err := w.PublishDue(ctx); n != 0 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	got, err := w.Get(ctx, author, b.ID)
	if err != nil || got.Status != Draft || got.Note != "article.words_refused" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestVersionsAndRestore(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	a := w.publish(w.create("a", essay("第一版")))
	a, err := w.Save(ctx, author, a.ID, a.Rev, essay("第二版"))
	if err != nil {
		t.Fatal(err)
	}
	a = w.publish(a)
	a, err = w.Restore(ctx, second, a.ID, a.Rev, 1)
	if err != nil || a.Draft.Title != "第一版" || a.Published.Content.Title != "第二版" {
		t.Fatalf("%+v %v", a, err)
	}
	versions, err := w.Versions(ctx, author, a.ID)
	if err != nil || len(versions) != 2 || versions[0].Content.Title != "第二版" || versions[1].Content.Title != "第一版" {
		t.Fatalf("%+v %v", versions, err)
	}
	a = w.publish(a)
	if a.Published.Number != 3 || a.Published.Content.Title != "第一版" {
		t.Errorf("%+v", a.Published)
	}
	_, err = w.Restore(ctx, author, a.ID, a.Rev, 9)
	wantKey(t, err, "article.version_not_found")
	// Handed in again without a change: no new version.
	b := w.take(author, w.create("a", essay("不变")), Order{Step: HandIn})
	b = w.take(author, w.take(author, b, Order{Step: Recall}), Order{Step: HandIn})
	if b.Number != 1 {
		t.Errorf("version %d", b.Number)
	}
}

// Of two processes that write on the same revision one is told.
func TestTwoWriters(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	other := w.open()
	a := w.create("a", essay("原"))
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i, s := range []*Articles{w.Articles, other} {
		wg.Go(func() { _, errs[i] = s.Save(ctx, author, a.ID, a.Rev, essay([]string{"甲", "乙"}[i])) })
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("%v", errs)
	}
	for _, err := range errs {
		if err != nil {
			wantKey(t, err, "article.stale")
		}
	}
	_, err := w.Get(ctx, stranger, a.ID)
	wantKey(t, err, "article.not_found")
}

func TestWhatIsOutsideIsRefused(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	law := Content{Kind: Regulation, Title: "办法", Body: "第一条", Audience: Audience{Public: true}, Law: &Law{Issuer: "党委"}}
	above := w.publish(w.create("root", law))
	own := w.publish(w.create("a", law))
	for _, c := range []struct {
		name, org string
		audience  []string
		replaces  []string
		key       string
	}{
		{"its own node", "a", []string{"a"}, []string{own.ID}, ""},
		{"below", "root", []string{"a", "b"}, []string{above.ID, own.ID}, ""},
		{"a sibling as audience", "a", []string{"b"}, nil, "article.invalid"},
		{"above as audience", "a", []string{"root"}, nil, "article.invalid"},
		{"takes the place of one above", "a", nil, []string{above.ID}, "article.invalid"},
		{"takes the place of nothing", "a", nil, []string{"none"}, "article.invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			next := law
			next.Audience, next.Law = Audience{Orgs: c.audience}, &Law{Issuer: "党委", Replaces: c.replaces}
			_, err := w.Create(ctx, author, c.org, next)
			wantKey(t, err, c.key)
		})
	}
}

func TestStandingOfRegulations(t *testing.T) {
	for _, c := range []struct {
		name  string
		law   *Law
		after []*Law
		want  Standing
	}{
		{"no regulation", nil, nil, ""},
		{"without dates", &Law{}, nil, InForce},
		{"the day before", &Law{Effective: "2026-11-28"}, nil, Upcoming},
		{"the first day", &Law{Effective: "2026-11-27"}, nil, InForce},
		{"the last day", &Law{Expires: "2026-11-27"}, nil, InForce},
		{"the day after", &Law{Expires: "2026-11-26"}, nil, Expired},
		{"a successor of tomorrow", &Law{}, []*Law{{Effective: "2026-11-28"}}, InForce},
		{"a successor of today", &Law{}, []*Law{{Effective: "2026-11-28"}, {Effective: "2026-11-27"}}, Replaced},
		{"a successor without a day", &Law{Expires: "2020-01-01"}, []*Law{{}}, Replaced},
	} {
		if got := c.law.standing("2026-11-27", c.after); got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

func TestArticlesMoveWithTheirOrganisation(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	a := w.publish(w.create("a", essay("随迁")))
	w.Orgs.(orgTree)["a"] = []string{"root", "b", "a"}
	if err := w.Repair(ctx); err != nil {
		t.Fatal(err)
	}
	got, err := w.Get(ctx, stranger, a.ID)
	if err != nil || !slices.Equal(got.OrgPath, []string{"root", "b", "a"}) {
		t.Errorf("%v %v", got.OrgPath, err)
	}
	if err := w.Repair(ctx); err != nil {
		t.Fatal(err)
	}
	if again, err := w.Get(ctx, author, a.ID); err != nil || again.Rev != got.Rev {
		t.Errorf("a second repair writes: %d %d %v", got.Rev, again.Rev, err)
	}
}
