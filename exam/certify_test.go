package exam

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/policies"
)

func TestCertificateDays(t *testing.T) {
	for _, c := range []struct {
		on     string
		months int
		last   string
	}{{"2026-03-05", 0, ""}, {"2026-03-05", 12, "2027-03-05"}, {"2026-01-31", 1, "2026-02-28"}, {"2027-11-30", 3, "2028-02-29"}, {"2026-12-31", 2, "2027-02-28"}} {
		on, err := time.Parse(dayForm, c.on)
		if err != nil {
			t.Fatal(err)
		}
		if got := lastDay(on, c.months); got != c.last {
			t.Errorf("%s + %d: %q", c.on, c.months, got)
		}
	}
	shanghai := time.FixedZone("", 8*3600)
	c := Certificate{ValidUntil: "2026-03-05"}
	end := time.Date(2026, 3, 5, 16, 0, 0, 0, time.UTC) // midnight in Shanghai
	if c.State(end.Add(-time.Millisecond), shanghai) != CertificateValid || c.State(end, shanghai) != CertificateExpired {
		t.Error("the last day")
	}
	for name, want := range map[string]string{"": "", "王": "王*", "王明": "王*", "王小明": "王*明", "欧阳小明": "欧**明"} {
		if got := masked(name); got != want {
			t.Errorf("%s is shown as %s", name, got)
		}
	}
}

// Issued at the release, corrected and revoked by regrades, by hand, and read by anybody.
func TestCertificatesFollowResults(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("一", 4)
	q := w.quiz(fixed(5, ids...), func(d *Draft) {
		d.Settings.ManualRelease, d.Settings.Certificate = true, &Award{Title: "合格证书", Months: 12}
	})
	took := w.sat(q, map[string]string{"m1": "a", "m2": "b"})
	mine := func(member string) []Held {
		t.Helper()
		list, err := w.Awards.Mine(w.ctx, as(member, "phone"))
		w.ok(err)
		return list
	}
	if len(mine("m1")) != 0 {
		t.Fatal("a certificate before the release")
	}
	_, err := w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{})
	w.ok(err)
	var wg sync.WaitGroup // several processes at once issue one
	for range 8 {
		p := w.process()
		wg.Go(func() {
			if err := p.desk.certify(w.ctx, q.ID, "m1"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	list := mine("m1")
	if len(list) != 1 || len(mine("m2")) != 0 {
		t.Fatalf("%+v", list)
	}
	first := list[0]
	if first.State != CertificateValid || first.Score != 20 || first.Points != 20 || first.IssuedOn != "2026-03-02" || first.ValidUntil != "2027-03-02" || first.Issuer != "中共测试市机关委员会" || first.Name != "党员m1" {
		t.Fatalf("%+v", first)
	}
	seen, err := w.Awards.Verify(w.ctx, " "+strings.ToLower(first.ID))
	w.ok(err)
	text, err := json.Marshal(seen)
	w.ok(err)
	if seen.State != Verification(CertificateValid) || seen.RevokedOn != "" || seen.Name != "党**1" || strings.Contains(string(text), `"m1"`) || strings.Contains(string(text), "score") {
		t.Fatalf("anybody learns %s", text)
	}
	for typed, want := range map[string]Verified{
		"QM-2026-0000-0000-00000":             {State: Mistyped},
		issued("QM-2026-0000-0000-0000"):      {State: Unknown},
		strings.ReplaceAll(first.ID, "-", ""): seen,
	} {
		if got, err := w.Awards.Verify(w.ctx, typed); err != nil || got != want {
			t.Errorf("%s: %+v %v", typed, got, err)
		}
	}
	_, err = w.Awards.Own(w.ctx, as("m2", "phone"), first.ID)
	w.refused(err, "certificate.not_found")

	// The score changes and it is still passed: corrected.
	w.correct(ids[0], keyIs("b"))
	w.askAndApprove(q, RegradeWish{QuestionID: ids[0], Way: ByKey})
	told := func(member, kind string) map[string]any {
		t.Helper()
		due, err := w.Attempts.Due(w.ctx, as(member, "phone"))
		w.ok(err)
		for _, d := range due {
			if d.Kind == kind {
				return d.Detail
			}
		}
		return nil
	}
	if d := told("m1", "result_changed"); d["certificate"] != "corrected" || d["passed"] != true || d["passed_from"] != true {
		t.Errorf("told %v", d)
	}
	list = mine("m1")
	if len(list) != 2 || list[0].State != CertificateValid || list[0].Score != 15 || list[0].Replaces != first.ID || list[1].State != CertificateReplaced || list[1].ReplacedBy != list[0].ID {
		t.Fatalf("corrected: %+v", list)
	}
	if seen, err = w.Awards.Verify(w.ctx, first.ID); err != nil || seen.State != Verification(CertificateReplaced) || seen.RevokedOn != "2026-03-02" {
		t.Fatalf("%+v %v", seen, err)
	}
	// It is not passed any more: revoked; and back again: a new one.
	w.correct(ids[1], keyIs("b"))
	w.correct(ids[2], keyIs("b"))
	w.askAndApprove(q, RegradeWish{QuestionID: ids[1], Way: ByKey})
	w.askAndApprove(q, RegradeWish{QuestionID: ids[2], Way: ByKey})
	if list = mine("m1"); list[0].State != CertificateRevoked || list[0].Why != NotPassed || len(list) != 2 {
		t.Fatalf("revoked: %+v", list)
	}
	if d := told("m1", "result_changed"); d["certificate"] != "revoked" || d["passed"] != false || d["passed_from"] != true {
		t.Errorf("told %v", d)
	}
	if d := told("m2", "result_changed"); d["certificate"] != "issued" || d["passed"] != true || d["passed_from"] != false {
		t.Errorf("told %v", d)
	}
	if list := mine("m2"); len(list) != 1 || list[0].Score != 15 {
		t.Fatalf("who passes by the corrected keys: %+v", list)
	}
	w.askAndApprove(q, RegradeWish{QuestionID: ids[1], Way: ForAll})
	w.askAndApprove(q, RegradeWish{QuestionID: ids[2], Way: ForAll})
	list = mine("m1")
	if len(list) != 3 || list[0].State != CertificateValid || list[0].Number != 3 {
		t.Fatalf("%+v", list)
	}
	// By hand.
	_, err = w.Awards.Revoke(w.ctx, policies.Actor{AccountID: "x", Scope: policies.Scope{branchA}}, list[0].ID, "r")
	w.refused(err, "certificate.not_found")
	_, err = w.Awards.Revoke(w.ctx, w.chief(), list[0].ID, " ")
	w.refused(err, "text.invalid")
	_, err = w.Awards.Revoke(w.ctx, w.chief(), list[0].ID, "替考")
	w.ok(err)
	_, err = w.Awards.Revoke(w.ctx, w.chief(), list[0].ID, "替考")
	w.refused(err, "certificate.revoked")
	w.ok(w.desk.certify(w.ctx, q.ID, "m1"))
	if list = mine("m1"); len(list) != 3 || list[0].State != CertificateRevoked {
		t.Fatal("what was revoked by hand came back by itself")
	}
	if d := told("m1", "certificate_revoked"); d["certificate"] != list[0].ID || d["name"] != "合格证书" {
		t.Errorf("told %v", d)
	}
	_, err = w.Awards.Correct(w.ctx, w.chief(), first.ID, "姓名有误")
	w.refused(err, "certificate.not_last")
	taker := w.roll.takers["m1"]
	taker.Name = "党员甲"
	w.roll.takers["m1"] = taker
	w.clock.Advance(3 * time.Second) // members are cached
	anew, err := w.Awards.Correct(w.ctx, w.chief(), list[0].ID, "撤销有误，姓名更正")
	w.ok(err)
	if anew.Name != "党员甲" || anew.Replaces != list[0].ID || anew.State != CertificateValid {
		t.Fatalf("%+v", anew)
	}
	if d := told("m1", "certificate_revoked"); d != nil {
		t.Errorf("told of one that has another in its place: %v", d)
	}
	// Void: revoked by the sweep.
	_, err = w.Marking.Void(w.ctx, w.chief(), took["m1"].stored().ID, "替考")
	w.ok(err)
	_, err = w.Sweep(w.ctx)
	w.ok(err)
	if list = mine("m1"); list[0].State != CertificateRevoked || list[0].Why != NotPassed {
		t.Fatalf("%+v", list[0])
	}
	if due, err := w.desk.attempts.Get(w.ctx, took["m1"].sheet.Attempt.ID); err != nil || due.Certify != "" {
		t.Errorf("the note stays: %v", err)
	}
}

// A quiz that gives certificates only later gives them to those who passed before.
func TestCertificatesIssuedLater(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(5, w.singles("一", 1)...))
	w.sat(q, map[string]string{"m1": "a", "m2": "b"})
	_, err := w.Awards.Issue(w.ctx, w.author(), q.ID)
	w.refused(err, "certificate.none")
	d := Draft{Title: q.Title, Settings: q.Settings, Sections: q.Sections, Audience: q.Audience}
	for title, key := range map[string]string{" ": "quiz.invalid", strings.Repeat("长", 61): "quiz.invalid"} {
		d.Settings.Certificate = &Award{Title: title}
		_, err = w.Quizzes.Save(w.ctx, w.author(), q.ID, q.Rev, d)
		w.refused(err, key)
	}
	d.Settings.Certificate = &Award{Title: "合格证书"}
	q, err = w.Quizzes.Save(w.ctx, w.author(), q.ID, q.Rev, d)
	w.ok(err)
	_, err = w.Quizzes.Publish(w.ctx, w.author(), q.ID, q.Rev)
	w.ok(err)
	for range 2 {
		if n, err := w.Awards.Issue(w.ctx, w.author(), q.ID); err != nil || n != 1 {
			t.Fatalf("%d, %v", n, err)
		}
	}
	if list, err := w.Awards.OfQuiz(w.ctx, w.author(), q.ID); err != nil || len(list) != 1 || list[0].ValidUntil != "" {
		t.Fatalf("%+v %v", list, err)
	}
	if _, err := w.Awards.OfQuiz(w.ctx, policies.Actor{Scope: policies.Scope{branchA}}, q.ID); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}
