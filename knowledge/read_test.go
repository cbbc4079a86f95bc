package knowledge

import (
	"strings"
	"testing"

	"qiming/policies"
)

func TestReadersSeeWhatIsPublishedForThem(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	public := policies.Actor{}
	member := policies.Actor{AccountID: "m", MemberID: "m", OrgPath: []string{"root", "a"}}
	elsewhere := policies.Actor{AccountID: "n", MemberID: "n", OrgPath: []string{"root", "b"}}
	c := essay("支部材料")
	c.Audience = Audience{Orgs: []string{"a"}}
	a := w.create("a", c)
	read := func(actor policies.Actor, key string) Page {
		t.Helper()
		page, err := w.Read(ctx, actor, a.ID)
		wantKey(t, err, key)
		return page
	}
	read(member, "article.not_found") // a draft
	a = w.publish(a)
	if page := read(member, ""); page.Content.Title != "支部材料" || !strings.Contains(page.Text.HTML, "支部材料的正文") {
		t.Errorf("%+v", page)
	}
	read(elsewhere, "article.not_found")
	read(public, "article.not_found")
	read(author, "article.not_found") // the desk is the way of authors
	a, err := w.Save(ctx, author, a.ID, a.Rev, essay("公开的草稿"))
	if err != nil {
		t.Fatal(err)
	}
	read(public, "article.not_found") // the audience of a draft opens nothing
	if page := read(member, ""); page.Content.Title != "支部材料" {
		t.Errorf("a draft is shown: %+v", page)
	}
	a = w.take(reviewer, a, Order{Step: Withdraw, Note: "有误"})
	if page := read(member, ""); page.Notice == nil || page.Notice.Reason != "有误" || page.Text.HTML != "" || page.Content.Title != "" {
		t.Errorf("%+v", page)
	}
	read(elsewhere, "article.not_found")
	read(public, "article.not_found")
}

func TestAReplacedRegulationSaysSo(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := Content{Kind: Regulation, Title: "办法（2019）", Body: "第一条", Audience: Audience{Public: true}, Law: &Law{Number: "1号", Issuer: "党委"}}
	old := w.publish(w.create("a", c))
	next := c
	next.Title, next.Audience, next.Law = "办法（2026）", Audience{Members: true}, &Law{Number: "2号", Issuer: "党委", Effective: "2026-11-28", Replaces: []string{old.ID}}
	fresh := w.create("root", next)
	member := policies.Actor{AccountID: "m", MemberID: "m", OrgPath: []string{"root"}}
	see := func(actor policies.Actor, standing Standing, by int) {
		t.Helper()
		page, err := w.Read(ctx, actor, old.ID)
		if err != nil || page.Standing != standing || len(page.ReplacedBy) != by {
			t.Errorf("%s %+v %v; want %s %d", page.Standing, page.ReplacedBy, err, standing, by)
		}
	}
	see(member, InForce, 0) // the successor is a draft
	fresh = w.publish(fresh)
	see(member, InForce, 1) // and holds from tomorrow
	w.clock.Advance(16 * 60 * 60 * 1e9)
	see(member, Replaced, 1)
	see(policies.Actor{}, Replaced, 0) // the public may not read the successor
	page, err := w.Read(ctx, member, fresh.ID)
	if err != nil || len(page.Replaces) != 1 || page.Replaces[0].Number != "1号" || page.Standing != InForce {
		t.Errorf("%+v %v", page, err)
	}
	w.take(who("second", "root"), fresh, Order{Step: Withdraw, Note: "暂缓"})
	see(member, InForce, 0)
}

func TestRegulationsDoNotReplaceEachOther(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	law := func(title string, replaces ...string) Content {
		return Content{Kind: Regulation, Title: title, Body: "第一条", Audience: Audience{Public: true}, Law: &Law{Issuer: "党委", Replaces: replaces}}
	}
	first := w.publish(w.create("a", law("一")))
	second := w.publish(w.create("a", law("二", first.ID)))
	third := w.publish(w.create("a", law("三", second.ID)))
	for _, id := range []string{second.ID, third.ID} {
		_, err := w.Save(ctx, author, first.ID, first.Rev, law("一", id))
		wantKey(t, err, "article.invalid")
	}
	// Two that were saved while neither replaced the other: the second to be handed in is refused.
	fourth, fifth := w.publish(w.create("a", law("四"))), w.publish(w.create("a", law("五")))
	var err error
	if fourth, err = w.Save(ctx, author, fourth.ID, fourth.Rev, law("四", fifth.ID)); err != nil {
		t.Fatal(err)
	}
	if fifth, err = w.Save(ctx, author, fifth.ID, fifth.Rev, law("五", fourth.ID)); err != nil {
		t.Fatal(err)
	}
	w.publish(fourth)
	_, err = w.Take(ctx, author, fifth.ID, Order{Step: HandIn, Rev: fifth.Rev})
	wantKey(t, err, "article.invalid")
	if page, err := w.Read(ctx, policies.Actor{}, first.ID); err != nil || page.Standing != Replaced {
		t.Error(page.Standing, err)
	}
}
