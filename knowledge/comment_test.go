package knowledge

import (
	"strings"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/knowledge/wordlist"
	"qiming/policies"
)

func discussed(title string) Content {
	c := essay(title)
	c.Comments = true
	return c
}

// texts gives what a reader sees under an article, replies after what they answer.
func (w *world) texts(actor policies.Actor, articleID string) string {
	w.t.Helper()
	page, err := w.Discussions(w.t.Context(), actor, articleID, 50, "")
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, d := range page.Items {
		out = append(out, d.Text)
		for _, r := range d.Replies {
			out = append(out, ">"+r.Text)
		}
	}
	return strings.Join(out, "|")
}

func (w *world) comment(actor policies.Actor, a Article, thread, text string) Comment {
	w.t.Helper()
	c, err := w.AddComment(w.t.Context(), actor, a.ID, thread, text)
	if err != nil {
		w.t.Fatal(err)
	}
	w.clock.Advance(commentsWithin)
	return c
}

func (w *world) decide(c Comment, step CommentStep, reason string) {
	w.t.Helper()
	if _, err := w.DecideComment(w.t.Context(), reviewer, c.ID, step, reason); err != nil {
		w.t.Fatal(err)
	}
}

// Others see a comment once it is passed and as long as it is not hidden; its author sees it all the time; no comment shows of an
// article that is not to be read.
func TestACommentIsSeenOnceItIsPassed(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	content := discussed("可评")
	content.Audience = Audience{Orgs: []string{"a"}}
	a := w.publish(w.create("a", content))
	m, n, outside := memberOf("m", "root", "a"), memberOf("n", "root", "a"), memberOf("o", "root", "b")
	_, err := w.AddComment(ctx, outside, a.ID, "", "看不到")
	wantKey(t, err, "article.not_found")
	first := w.comment(m, a, "", " 写得好\r\n ")
	want := func(mine, others string) {
		t.Helper()
		if got := w.texts(m, a.ID); got != mine {
			t.Errorf("its author sees %q, want %q", got, mine)
		}
		if got := w.texts(n, a.ID); got != others {
			t.Errorf("another sees %q, want %q", got, others)
		}
	}
	want("写得好", "")
	_, err = w.AddComment(ctx, n, a.ID, first.ID, "抢答") // of what one does not see one learns nothing
	wantKey(t, err, "comment.not_found")
	w.decide(first, PassComment, "")
	want("写得好", "写得好")
	reply := w.comment(n, a, first.ID, "同意")
	want("写得好", "写得好|>同意")
	w.decide(reply, PassComment, "")
	want("写得好|>同意", "写得好|>同意")
	_, err = w.AddComment(ctx, m, a.ID, reply.ID, "再答") // one level
	wantKey(t, err, "comment.not_found")
	w.decide(first, HideComment, "跑题")
	want("写得好|>同意", "")
	w.decide(first, PassComment, "")
	second := w.comment(m, a, "", "又一条")
	w.decide(second, RefuseComment, "与内容无关")
	want("又一条|写得好|>同意", "写得好|>同意")
	own, err := w.OwnComments(ctx, m, 50, "")
	if err != nil || len(own.Items) != 2 || own.Items[0].Decision.Reason != "与内容无关" || own.Items[0].Title != "可评" {
		t.Errorf("%+v %v", own, err)
	}
	if told, err := w.RefusedComments(ctx, m); err != nil || len(told) != 1 || told[0].ID != second.ID {
		t.Errorf("%+v %v", told, err)
	}
	w.clock.Advance(recent + time.Second)
	if told, err := w.RefusedComments(ctx, m); err != nil || len(told) != 0 {
		t.Errorf("%+v %v", told, err)
	}
	wantKey(t, w.RemoveComment(ctx, n, first.ID), "comment.not_found") // another's
	if err := w.RemoveComment(ctx, m, first.ID); err != nil {
		t.Fatal(err)
	}
	wantKey(t, w.RemoveComment(ctx, m, first.ID), "comment.not_found")
	want("又一条||>同意", "|>同意") // what was answered stands without its text
	if err := w.RemoveComment(ctx, n, reply.ID); err != nil {
		t.Fatal(err)
	}
	want("又一条", "")
	w.take(reviewer, a, Order{Step: Withdraw, Note: "有误"})
	if _, err = w.Discussions(ctx, m, a.ID, 50, ""); fault.KeyOf(err) != "article.not_found" {
		t.Errorf("comments of a withdrawn article: %v", err)
	}
	if own, err := w.OwnComments(ctx, m, 50, ""); err != nil || len(own.Items) != 1 || own.Items[0].Title != "" {
		t.Errorf("%+v %v", own, err)
	}
}

func TestAnArticleTakesCommentsWhereItSaysSo(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	a := w.publish(w.create("a", essay("不开放")))
	m := memberOf("m", "root", "a")
	_, err := w.AddComment(ctx, m, a.ID, "", "写一条")
	wantKey(t, err, "comment.closed")
	if a, err = w.Save(ctx, author, a.ID, a.Rev, discussed("开放")); err != nil {
		t.Fatal(err)
	}
	a = w.publish(a)
	w.decide(w.comment(m, a, "", "写一条"), PassComment, "")
	if got := w.texts(policies.Actor{}, a.ID); got != "写一条" {
		t.Errorf("%q", got)
	}
	if a, err = w.Save(ctx, author, a.ID, a.Rev, essay("又关闭")); err != nil {
		t.Fatal(err)
	}
	w.publish(a)
	if got := w.texts(m, a.ID); got != "" {
		t.Errorf("%q", got)
	}
}

func TestWhatACommentMayBe(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	a := w.publish(w.create("a", discussed("可评")))
	m := memberOf("m", "root", "a")
	if _, err := w.Words.Add(ctx, author, "root", wordlist.Entry{Word: "书纪", Level: wordlist.Refuse, Replacement: "书记"}); err != nil {
		t.Fatal(err)
	}
	for text, key := range map[string]string{"": "comment.invalid", " \u200b\n\u202e": "comment.invalid", strings.Repeat("长", MaxComment+1): "comment.invalid",
		"问问书纪": "comment.words_refused", "机密★一年": "comment.words_refused"} {
		_, err := w.AddComment(ctx, m, a.ID, "", text)
		wantKey(t, err, key)
	}
	for range commentsAtOnce { // what was refused does not count
		if _, err := w.AddComment(ctx, m, a.ID, "", strings.Repeat("长", MaxComment)); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Minute)
	}
	_, err := w.AddComment(ctx, m, a.ID, "", "再写一条")
	wantKey(t, err, "comment.too_many")
	w.comment(memberOf("n", "root", "a"), a, "", "别人可以写")
	w.comment(m, a, "", "等够了")
}

// Reviewers see what their permission reaches, and pass what others wrote.
func TestWhoDecidesOnComments(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	a, b := w.publish(w.create("a", discussed("甲"))), w.publish(w.create("b", discussed("乙")))
	m := memberOf("m", "root", "a")
	c, d := w.comment(m, a, "", "甲评"), w.comment(m, b, "", "乙评")
	queue := func(actor policies.Actor, f CommentFilter, want ...string) {
		t.Helper()
		page, err := w.Comments(ctx, actor, f, 50, "")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, one := range page.Items {
			got = append(got, one.Title+one.Text)
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%v, want %v", got, want)
		}
		if n, err := w.CountComments(ctx, actor, f); err != nil || n != len(want) {
			t.Errorf("%d counted, %v; want %d", n, err, len(want))
		}
	}
	queue(reviewer, CommentFilter{State: CommentWaiting}, "甲甲评", "乙乙评")
	queue(reviewer, CommentFilter{State: CommentWaiting, OrgID: "a"}, "甲甲评")
	queue(reviewer, CommentFilter{State: CommentWaiting, ArticleID: b.ID}, "乙乙评")
	queue(stranger, CommentFilter{State: CommentWaiting}, "乙乙评")
	_, err := w.Comments(ctx, reviewer, CommentFilter{State: CommentRemoved}, 50, "")
	wantKey(t, err, "comment.invalid")
	_, err = w.DecideComment(ctx, stranger, c.ID, PassComment, "")
	wantKey(t, err, "comment.not_found")
	_, err = w.DecideComment(ctx, reviewer, c.ID, RefuseComment, " ")
	wantKey(t, err, "comment.invalid")
	_, err = w.DecideComment(ctx, reviewer, c.ID, HideComment, "还没有通过")
	wantKey(t, err, "comment.step")
	own := m
	own.Scope = policies.Scope{"root"}
	_, err = w.DecideComment(ctx, own, c.ID, PassComment, "")
	wantKey(t, err, "comment.own")
	if _, err := w.DecideComment(ctx, own, c.ID, RefuseComment, "不合适"); err != nil { // what one does not want shown one may refuse
		t.Error(err)
	}
	if _, err := w.Words.Add(ctx, author, "root", wordlist.Entry{Word: "乙评", Level: wordlist.Refuse}); err != nil {
		t.Fatal(err)
	}
	_, err = w.DecideComment(ctx, stranger, d.ID, PassComment, "")
	wantKey(t, err, "comment.words_refused")
	if page, err := w.Comments(ctx, stranger, CommentFilter{State: CommentWaiting}, 50, ""); err != nil || len(page.Items) != 1 || len(page.Items[0].Hits) != 1 {
		t.Errorf("%+v %v", page, err)
	}
	queue(reviewer, CommentFilter{State: CommentRefused}, "甲甲评")
	w.decide(c, PassComment, "")
	queue(reviewer, CommentFilter{State: CommentPassed}, "甲甲评")
}
