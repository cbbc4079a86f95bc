package knowledge

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"qiming/policies"
)

// Readers report what they see; who is signed in reports a thing once at a time.
func TestWhatMayBeReported(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	c := discussed("支部材料")
	c.Audience = Audience{Orgs: []string{"a"}}
	a, open := w.publish(w.create("a", c)), w.publish(w.create("a", discussed("公开材料")))
	m, public := memberOf("m", "root", "a"), policies.Actor{}
	waiting := w.comment(m, a, "", "待审")
	passed := w.comment(m, a, "", "通过")
	w.decide(passed, PassComment, "")
	try := func(actor policies.Actor, article, comment string, reason ReportReason, words, key string) {
		t.Helper()
		_, err := w.Report(ctx, actor, article, comment, reason, words)
		wantKey(t, err, key)
	}
	try(public, a.ID, "", ReportWrong, "", "article.not_found")
	try(memberOf("o", "root", "b"), a.ID, passed.ID, ReportWrong, "", "article.not_found")
	try(m, a.ID, waiting.ID, ReportWrong, "", "comment.not_found")
	try(m, open.ID, passed.ID, ReportWrong, "", "comment.not_found") // of another article
	try(m, a.ID, "", "nonsense", "", "report.invalid")
	try(m, a.ID, "", ReportOther, " ", "report.invalid")
	try(m, a.ID, "", ReportWrong, strings.Repeat("长", MaxReport+1), "report.invalid")
	try(m, a.ID, "", ReportWrong, strings.Repeat("长", MaxReport), "")
	try(m, a.ID, "", ReportOther, "又一次", "report.exists")
	try(m, a.ID, passed.ID, ReportInappropriate, "", "") // another thing
	for range maxWaiting {
		try(public, open.ID, "", ReportWrong, "", "")
	}
	try(public, open.ID, "", ReportWrong, "", "report.enough")
	try(m, open.ID, "", ReportWrong, "", "report.enough")
}

// A report is closed once, by somebody else than who wrote what is reported; what is taken down leaves the trace of any takedown.
func TestHandlingReports(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	a := w.publish(w.create("a", discussed("材料")))
	m, n := memberOf("m", "root", "a"), memberOf("n", "root", "a")
	c := w.comment(m, a, "", "一句话")
	w.decide(c, PassComment, "")
	report := func(actor policies.Actor, comment string) Report {
		t.Helper()
		r, err := w.Report(ctx, actor, a.ID, comment, ReportWrong, "")
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Minute)
		return r
	}
	first, second, spoken, again := report(m, ""), report(n, ""), report(n, c.ID), report(policies.Actor{}, c.ID)
	handle := func(actor policies.Actor, r Report, h Handling, key string) Report {
		t.Helper()
		out, err := w.HandleReport(ctx, actor, r.ID, h)
		wantKey(t, err, key)
		return out
	}
	count := func(actor policies.Actor, f ReportFilter, want int) {
		t.Helper()
		page, err := w.Reports(ctx, actor, f, 50, "")
		if n, err := w.CountReports(ctx, actor, f); err != nil || n != want {
			t.Errorf("%d counted, %v; want %d", n, err, want)
		}
		if err != nil || len(page.Items) != want {
			t.Errorf("%d listed, %v; want %d", len(page.Items), err, want)
		}
	}
	count(reviewer, ReportFilter{Open: true}, 4)
	count(reviewer, ReportFilter{Open: true, OrgID: "b"}, 0)
	count(stranger, ReportFilter{Open: true}, 0)
	handle(stranger, first, Handling{Upheld, "好", false}, "report.not_found")
	handle(author, first, Handling{Rejected, "没有错", false}, "report.own")
	handle(reviewer, first, Handling{Upheld, " ", false}, "report.invalid")
	handle(reviewer, first, Handling{"", "好", false}, "report.invalid")
	handle(reviewer, first, Handling{Rejected, "不属实", true}, "report.invalid")
	handle(reviewer, first, Handling{Rejected, "经核对无误", false}, "")
	handle(reviewer, first, Handling{Upheld, "再想想", false}, "report.handled")
	writer := m
	writer.Scope = policies.Scope{"root"}
	handle(writer, spoken, Handling{Rejected, "我写的", false}, "report.own")
	handle(reviewer, spoken, Handling{Upheld, "言论不当", true}, "")
	if got := w.texts(n, a.ID); got != "" {
		t.Errorf("%q", got)
	}
	handle(reviewer, again, Handling{Upheld, "已隐藏", true}, "") // there is nothing left to take down
	if out := handle(reviewer, second, Handling{Upheld, "数字有误", true}, ""); out.Open || !out.Took || out.HandledAt == nil {
		t.Errorf("%+v", out)
	}
	page, err := w.Read(ctx, n, a.ID)
	if err != nil || page.Notice == nil || page.Notice.Reason != "数字有误" {
		t.Errorf("%+v %v", page, err)
	}
	if log, err := w.Takedowns(ctx, reviewer, "", 50, ""); err != nil || len(log.Items) != 1 || log.Items[0].By != "reviewer" {
		t.Errorf("%+v %v", log, err)
	}
	count(reviewer, ReportFilter{Open: true}, 0)
	count(reviewer, ReportFilter{}, 4)
	told := func(actor policies.Actor, want string) {
		t.Helper()
		answers, err := w.ReportAnswers(ctx, actor)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, r := range answers {
			got += fmt.Sprintf("%s:%s ", r.Outcome, r.Note)
		}
		if got != want {
			t.Errorf("told %q, want %q", got, want)
		}
	}
	told(m, "rejected:经核对无误 ")
	told(n, "upheld:言论不当 upheld:数字有误 ")
	told(memberOf("o", "root", "b"), "")
	w.clock.Advance(recent + time.Second)
	told(m, "")
}
