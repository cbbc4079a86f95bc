package knowledge

import (
	"errors"
	"strings"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/knowledge/wordlist"
)

func TestWhomAShareReaches(t *testing.T) {
	root, a, a1, a2, b := []string{"root"}, []string{"root", "a"}, []string{"root", "a", "a1"}, []string{"root", "a", "a2"}, []string{"root", "b"}
	for _, tt := range []struct {
		name        string
		share       Share
		owner, node []string
		want        bool
	}{
		{"down to a child", Share{Down: true}, root, a, true}, {"down to all below", Share{Down: true}, root, a1, true},
		{"down is not up", Share{Down: true}, a, root, false}, {"down is not sideways", Share{Down: true}, a, b, false},
		{"peers have the same parent", Share{Peers: true}, a, b, true}, {"cousins are no peers", Share{Peers: true}, a1, []string{"root", "b", "b1"}, false},
		{"siblings below", Share{Peers: true}, a1, a2, true}, {"a child is no peer", Share{Peers: true}, a, a1, false}, {"roots have no peers", Share{Peers: true}, root, []string{"other"}, false},
		{"up to the parent", Share{Up: true}, a, root, true}, {"not above the parent", Share{Up: true}, a1, root, false}, {"nothing above a root", Share{Up: true}, root, a, false},
		{"named", Share{Orgs: []string{"b"}}, a1, b, true}, {"not its own", Share{Down: true, Peers: true, Up: true, Orgs: []string{"a"}}, a, a, false},
		{"nobody", Share{}, root, a, false}, {"a node that is gone", Share{Down: true}, root, nil, false},
	} {
		if got := tt.share.Reaches(tt.owner, tt.node); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestTheTopHasNeitherPeersNorAParent(t *testing.T) {
	w := newWorld(t)
	a := w.publish(w.create("root", essay("通知")))
	for path, s := range map[string]Share{"peers": {Peers: true}, "up": {Down: true, Up: true}} {
		_, err := w.PutShare(t.Context(), reviewer, a.ID, s)
		var f *fault.Fault
		if !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Path != path || f.Fields[0].Key != "share.top" {
			t.Errorf("%s: %v", path, err)
		}
	}
	w.share(a, Share{Down: true})
}

func (w *world) share(a Article, s Share) {
	w.t.Helper()
	if _, err := w.PutShare(w.t.Context(), reviewer, a.ID, s); err != nil {
		w.t.Fatal(err)
	}
}

// inbox gives what an organisation has received, as "title state".
func (w *world) inbox(orgID string) string {
	w.t.Helper()
	list, err := w.Inbox(w.t.Context(), who("x", orgID), orgID)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, one := range list {
		out = append(out, strings.TrimSpace(one.Title+" "+string(one.State)))
	}
	return strings.Join(out, "|")
}

func (w *world) rewrite(id, body string) Article {
	w.t.Helper()
	a, err := w.Get(w.t.Context(), author, id)
	if err != nil {
		w.t.Fatal(err)
	}
	c := a.Draft
	c.Body = body
	if a, err = w.Save(w.t.Context(), author, id, a.Rev, c); err != nil {
		w.t.Fatal(err)
	}
	return w.publish(a)
}

func (w *world) want(got, want string) {
	w.t.Helper()
	if got != want {
		w.t.Errorf("%q, want %q", got, want)
	}
}

// A copy is the organisation's own: it is written and reviewed there, and says how it stands to its source.
func TestTakingOverByHand(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := essay("材料")
	c.Audience, c.Confirm, c.Comments = Audience{Orgs: []string{"a"}}, true, true
	draft := w.create("a", c)
	_, err := w.PutShare(ctx, reviewer, draft.ID, Share{Peers: true})
	wantKey(t, err, "share.not_public")
	source := w.publish(draft)
	_, err = w.PutShare(ctx, stranger, source.ID, Share{Peers: true})
	wantKey(t, err, "article.not_found")
	_, err = w.PutShare(ctx, reviewer, source.ID, Share{Orgs: []string{"nowhere", "a"}})
	wantKey(t, err, "share.invalid")
	b := who("clerk", "b")
	w.want(w.inbox("b"), "")
	_, err = w.TakeOver(ctx, b, "b", source.ID, "甲支部", false)
	wantKey(t, err, "share.not_found")
	_, err = w.Received(ctx, b, "b", source.ID)
	wantKey(t, err, "share.not_found")
	w.share(source, Share{Peers: true})
	w.want(w.inbox("b"), "材料")
	w.want(w.inbox("root"), "")
	if offer, err := w.Received(ctx, b, "b", source.ID); err != nil || offer.Content.Body != "材料的正文" || len(offer.Content.Audience.Orgs) != 0 || offer.Content.Confirm {
		t.Errorf("%+v %v", offer, err)
	}
	_, err = w.TakeOver(ctx, b, "a", source.ID, "甲支部", false) // outside the permission
	wantKey(t, err, "org.not_found")
	own, err := w.TakeOver(ctx, b, "b", source.ID, "甲支部", false)
	if err != nil || own.Status != Draft || own.OrgID != "b" || own.Draft.Source.Label != "甲支部" || own.Draft.Audience.Orgs[0] != "b" || own.Draft.Comments {
		t.Fatalf("%+v %v", own, err)
	}
	_, err = w.TakeOver(ctx, b, "b", source.ID, "甲支部", false)
	wantKey(t, err, "share.taken")
	if _, err := w.Read(ctx, memberOf("n", "root", "b"), own.ID); err == nil {
		t.Error("readers see a draft")
	}
	own = w.publish(own)
	if page, err := w.Read(ctx, memberOf("n", "root", "b"), own.ID); err != nil || page.FromOrgID != "a" {
		t.Errorf("%+v %v", page, err)
	}
	w.want(w.inbox("b"), "材料 same")
	w.clock.Advance(time.Minute)
	source = w.rewrite(source.ID, "第二版正文")
	w.want(w.inbox("b"), "材料 newer")
	if n, err := w.FollowSources(ctx); n != 0 || err != nil {
		t.Errorf("%d %v: it does not follow by itself", n, err)
	}
	own, _ = w.Get(ctx, b, own.ID)
	_, err = w.Adopt(ctx, b, own.ID, own.Rev-1)
	wantKey(t, err, "article.stale")
	own, err = w.Adopt(ctx, b, own.ID, own.Rev)
	if err != nil || own.Draft.Body != "第二版正文" || own.Status != Draft || own.Published.Content.Body != "材料的正文" || own.Draft.Audience.Orgs[0] != "b" || own.Origin.Version != 2 {
		t.Fatalf("%+v %v", own, err)
	}
	w.publish(own)
	if copies, err := w.Copies(ctx, author, source.ID); err != nil || len(copies) != 1 || copies[0].OrgID != "b" || copies[0].Version != 2 {
		t.Errorf("%+v %v", copies, err)
	}
	w.share(source, Share{})
	w.want(w.inbox("b"), "材料 unshared")
	own, _ = w.Get(ctx, b, own.ID)
	_, err = w.Adopt(ctx, b, own.ID, own.Rev)
	wantKey(t, err, "share.not_found")
	w.take(reviewer, source, Order{Step: Withdraw, Note: "有误"})
	w.want(w.inbox("b"), "材料 withdrawn")
	if a, err := w.Get(ctx, b, own.ID); err != nil || a.Status != Published {
		t.Errorf("what is not followed was taken down: %+v %v", a, err)
	}
}

// A copy that follows shows what its source shows, within the second step's reach of its own organisation: its words, its audience, and
// what it changed.
func TestFollowingBySelf(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	source := w.publish(w.create("root", essay("办法")))
	w.share(source, Share{Down: true})
	clerk, reader := who("clerk", "b"), memberOf("n", "root", "b")
	if _, err := w.Words.Add(ctx, author, "b", wordlist.Entry{Word: "禁语", Level: wordlist.Refuse}); err != nil {
		t.Fatal(err)
	}
	own, err := w.TakeOver(ctx, clerk, "b", source.ID, "党委", true)
	if err != nil || own.Status != Published || own.Number != 1 || own.Events[0].Step != Follow {
		t.Fatalf("%+v %v", own, err)
	}
	follow := func(want int) {
		t.Helper()
		w.clock.Advance(time.Minute)
		if n, err := w.FollowSources(ctx); n != want || err != nil {
			t.Errorf("%d followed, %v; want %d", n, err, want)
		}
	}
	shows := func(want string) {
		t.Helper()
		page, err := w.Read(ctx, reader, own.ID)
		got := page.Content.Body
		if page.Notice != nil {
			got = "下架：" + page.Notice.Reason
		}
		if got != want || err != nil {
			t.Errorf("readers see %q, %v; want %q", got, err, want)
		}
	}
	shows("办法的正文")
	follow(0)
	source = w.rewrite(source.ID, "二")
	follow(1)
	follow(0)
	shows("二")
	source = w.rewrite(source.ID, "三 禁语")
	follow(0)
	shows("二")
	w.want(w.inbox("b"), "办法 newer")
	source = w.rewrite(source.ID, "四")
	follow(1)
	shows("四")
	// Who reads it is decided here, and stays.
	own, _ = w.Get(ctx, clerk, own.ID)
	c := own.Draft
	c.Audience, c.Comments = Audience{Members: true}, true
	if own, err = w.Save(ctx, clerk, own.ID, own.Rev, c); err != nil {
		t.Fatal(err)
	}
	source = w.rewrite(source.ID, "五")
	follow(0) // somebody is at it
	own = w.take(who("second", "b"), w.take(clerk, own, Order{Step: HandIn}), Order{Step: Approve})
	follow(1)
	shows("五")
	if own, _ = w.Get(ctx, clerk, own.ID); !own.Published.Content.Audience.Members || !own.Published.Content.Comments || own.Origin.Version != 5 {
		t.Errorf("%+v", own)
	}
	source, _ = w.Get(ctx, author, source.ID)
	source = w.take(reviewer, source, Order{Step: Withdraw, Note: "有误"})
	follow(1)
	follow(0)
	shows("下架：有误")
	if log, err := w.Takedowns(ctx, clerk, "b", 50, ""); err != nil || len(log.Items) != 1 || log.Items[0].By != "" || log.Items[0].Reason != "有误" {
		t.Errorf("%+v %v", log, err)
	}
	source = w.rewrite(source.ID, "六")
	follow(1)
	shows("六")
	// What is changed here is no longer overwritten.
	own, _ = w.Get(ctx, clerk, own.ID)
	c = own.Draft
	c.Body = "本支部改过"
	if own, err = w.Save(ctx, clerk, own.ID, own.Rev, c); err != nil {
		t.Fatal(err)
	}
	w.take(who("second", "b"), w.take(clerk, own, Order{Step: HandIn}), Order{Step: Approve})
	source = w.rewrite(source.ID, "七")
	follow(0)
	shows("本支部改过")
	w.want(w.inbox("b"), "办法 newer")
	own, _ = w.Get(ctx, clerk, own.ID)
	if own, err = w.Adopt(ctx, clerk, own.ID, own.Rev); err != nil {
		t.Fatal(err)
	}
	w.take(who("second", "b"), w.take(clerk, own, Order{Step: HandIn}), Order{Step: Approve})
	shows("七")
	if own, err = w.SetFollowing(ctx, clerk, own.ID, false); err != nil || own.Origin.Auto {
		t.Errorf("%+v %v", own.Origin, err)
	}
	w.rewrite(source.ID, "八")
	follow(0)
	shows("七")
	if _, err := w.SetFollowing(ctx, clerk, own.ID, true); err != nil {
		t.Fatal(err)
	}
	follow(1)
	shows("八")
	w.share(source, Share{})
	w.rewrite(source.ID, "九")
	follow(0)
	shows("八")
}

func TestWhatIsItsOwnIsNotOfferedToAnOrganisation(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	everybody := Share{Down: true, Peers: true, Up: true}
	own := w.publish(w.create("a", essay("经验")))
	w.share(own, everybody)
	id := own.ID
	for _, org := range []string{"b", "root"} { // a copy, and a copy of the copy
		taken, err := w.TakeOver(ctx, who("x", org), org, id, "别处", true)
		if err != nil {
			t.Fatal(err)
		}
		w.share(taken, Share{Down: true, Peers: org != "root", Up: org != "root"})
		id = taken.ID
		w.want(w.inbox("a"), "")
		_, err = w.TakeOver(ctx, who("x", "a"), "a", id, "别处", true)
		wantKey(t, err, "share.not_found")
	}
}
