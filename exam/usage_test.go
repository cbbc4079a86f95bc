package exam

import (
	"testing"

	"qiming/exam/question"
	"qiming/policies"
)

func TestUsage(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("用", 3)
	quiz := w.quiz(append(fixed(2, ids[0]), drawn(1, 2, "用")))
	w.draft(fixed(2, ids[0]))
	one, two := w.start(quiz, "m1", "phone"), w.start(quiz, "m2", "phone")
	one.answer(2)
	one.submit()
	two.answer(0)
	two.submit()
	q, err := w.bank.Get(w.ctx, w.author(), ids[0])
	w.ok(err)
	all := policies.Scope{committee}
	usage, err := w.Results.Usage(w.ctx, w.author(), all, w.all(), q)
	w.ok(err)
	if len(usage.Quizzes) != 2 || usage.Hidden != 0 {
		t.Fatalf("%+v", usage)
	}
	draft, use := usage.Quizzes[0], usage.Quizzes[1]
	if draft.Status != QuizDraft || !draft.Fixed || draft.N != 0 || draft.Facility != nil {
		t.Errorf("the draft: %+v", draft)
	}
	if use.QuizID != quiz.ID || !use.Fixed || use.N != 2 || *use.Facility != 0.5 || *use.Answered != 1 || len(use.Versions) != 1 || use.Versions[0] != 1 {
		t.Errorf("%+v %v", use, use.Facility)
	}
	other, err := w.bank.Get(w.ctx, w.author(), ids[1])
	w.ok(err)
	if usage, err = w.Results.Usage(w.ctx, w.author(), all, w.all(), other); err != nil || len(usage.Quizzes) != 1 || usage.Quizzes[0].Fixed {
		t.Errorf("a question that may be drawn: %v %+v", err, usage)
	}
	stranger := policies.Actor{AccountID: "x", Scope: policies.Scope{"elsewhere"}}
	if usage, err = w.Results.Usage(w.ctx, stranger, stranger.Scope, Sight{Rows: stranger.Scope}, q); err != nil || len(usage.Quizzes) != 0 || usage.Hidden != 2 {
		t.Errorf("what one may not see is counted, not named: %v %+v", err, usage)
	}
}

func TestNaming(t *testing.T) {
	w := newWorld(t)
	w.draft([]Entry{{Rule: &question.Rule{CategoryIDs: []string{"a", "b"}}, Count: 1, Points: 1}})
	for want, ids := range map[int][]string{0: {"c"}, 1: {"c", "b"}} {
		if n, err := w.Quizzes.Naming(w.ctx, ids); err != nil || n != want {
			t.Errorf("%v: %d %v", ids, n, err)
		}
	}
}

// What has expired is not put into new papers; those that are published keep it.
func TestExpiredQuestionsAreLeftOut(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("期", 3)
	q, err := w.bank.Get(w.ctx, w.author(), ids[0])
	w.ok(err)
	before := w.quiz([]Entry{drawn(3, 1, "期")})
	yesterday := monday.AddDate(0, 0, -1).Format("2006-01-02")
	_, err = w.bank.Save(w.ctx, w.author(), q.ID, q.Rev+1, question.Edit{Content: q.Content, Tags: q.Tags, ValidUntil: yesterday})
	w.ok(err)
	if sheet := w.start(before, "m1", "phone").sheet; len(sheet.Items) != 3 {
		t.Errorf("a published paper has %d items", len(sheet.Items))
	}
	draft := w.draft(append([]Entry{drawn(3, 1, "期")}, fixed(1, ids[0])...))
	c, err := w.Quizzes.Check(w.ctx, w.author(), draft.ID)
	w.ok(err)
	if c.Entries[0][0] != 2 || c.Expired[0][0] != 1 || c.Shortages[0].Have != 2 || len(c.Errors) != 1 || c.Errors[0].Key != "quiz.question_expired" {
		t.Errorf("%+v", c)
	}
	_, err = w.Quizzes.Publish(w.ctx, w.author(), draft.ID, draft.Rev)
	w.refused(err, "quiz.not_ready")
}
