package exam

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"qiming/exam/question"
)

func withBehaviour(b Behaviour, during ReviewShows) func(*Draft) {
	return func(d *Draft) {
		d.Settings.Behaviour, d.Settings.Review.During = b, during
		d.Settings.Tries, d.Settings.Penalty = 3, 1.0/3
		d.Settings.ShuffleOptions = false
	}
}

var everything = ReviewShows{Responses: true, Correctness: true, Marks: true, Feedback: true, Explanation: true, RightAnswer: true}

func (t *taking) check(slot int) Checked {
	t.Helper()
	c, err := t.tryCheck(slot)
	t.ok(err)
	return c
}

func (t *taking) tryCheck(slot int) (Checked, error) {
	return t.Attempts.CheckItem(t.ctx, t.actor, t.sheet.Attempt.ID, t.sheet.Session, slot)
}

// The case of the rules: three tries at a third each. Each letter is an answer, upper case where it is checked.
func TestTriesCost(t *testing.T) {
	half := question.Content{Kind: question.Multiple, Stem: "多选", Partial: question.ShareOfKey, Options: []question.Option{
		{ID: "a", Text: "甲", Right: true}, {ID: "b", Text: "乙", Right: true}, {ID: "c", Text: "丙"}}}
	for _, c := range []struct {
		name    string
		content question.Content
		answers string // of single letters; a is right
		want    float64
	}{
		{"right at once", single("一"), "A", 1},
		{"right at the second try", single("一"), "BA", 2.0 / 3},
		{"right at the third try", single("一"), "BCA", 1.0 / 3},
		{"never right", single("一"), "BCD", 0},
		{"not checked", single("一"), "a", 1},
		{"changed after a wrong check, not checked again", single("一"), "Ba", 2.0 / 3},
		{"two wrong checks and changed", single("一"), "BCa", 1.0 / 3},
		{"wrong at the end", single("一"), "Bc", 0},
		{"a part at the first try", half, "A", 0.5},
		{"a part at the second try", half, "CA", 0.5 - 1.0/3},
		{"a part, and no more", half, "CCA", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			q := w.quiz(fixed(1, w.questions("题", c.content)...), withBehaviour(Retry, everything))
			m := w.start(q, "m1", "phone")
			for _, letter := range c.answers {
				m.save(1, choose(strings.ToLower(string(letter))))
				if letter < 'a' {
					m.check(1)
				}
			}
			m.submit()
			a := m.stored()
			if math.Abs(*a.Score-hundredths(c.want)) > 1e-9 {
				t.Errorf("score %v, want %v", *a.Score, c.want)
			}
			chain := a.Chain()
			if v, err := w.Attempts.VerifyChain(w.ctx, chain); err != nil || !v.OK || !v.Kept {
				t.Errorf("the receipts do not hold: %+v %v", v, err)
			}
		})
	}
}

func TestCheckTellsWhatTheMatrixAllows(t *testing.T) {
	w := newWorld(t)
	content := single("问题")
	content.Options[1].Feedback = "不是乙"
	ids := w.questions("题", content, single("二"), short("三"))
	q := w.quiz(fixed(2, ids...), withBehaviour(Retry, everything))
	m := w.start(q, "m1", "phone")
	if m.sheet.Attempt.Behaviour != Retry || m.sheet.Attempt.Tries != 3 {
		t.Errorf("the sheet says %+v", m.sheet.Attempt)
	}
	_, err := m.tryCheck(1)
	w.refused(err, "attempt.check_answer")
	m.save(1, choose("b"))
	first := m.check(1)
	if first.Correct != Wrong || *first.Mark != 0 || first.Left != 2 || first.Done || first.OptionFeedback["b"] != "不是乙" || first.Feedback != "反馈" {
		t.Errorf("%+v", first)
	}
	if first.RightAnswer != nil || first.Explanation != "" || first.Source != "" {
		t.Errorf("the answer is given away: %+v", first)
	}
	again := m.check(1)
	if again.Tries != 1 || again.Seq != first.Seq {
		t.Errorf("asking again costs a try: %+v", again)
	}
	m.save(1, choose("a"))
	second := m.check(1)
	if second.Correct != Right || math.Abs(*second.Mark-1.33) > 1e-9 || !second.Done || second.Left != 0 || second.RightAnswer == nil || second.Explanation == "" {
		t.Errorf("%+v", second)
	}
	_, err = m.trySave(1, choose("b"))
	w.refused(err, "attempt.checked")
	m.save(3, question.Response{Text: "答"})
	_, err = m.tryCheck(3)
	w.refused(err, "attempt.no_check")
	_, err = m.tryCheck(4)
	w.refused(err, "attempt.no_slot")
	_, err = w.Attempts.CheckItem(w.ctx, as("m2", "phone"), m.sheet.Attempt.ID, m.sheet.Session, 1)
	w.refused(err, "attempt.not_found")
	_, err = w.Attempts.CheckItem(w.ctx, m.actor, m.sheet.Attempt.ID, "another", 1)
	w.refused(err, "attempt.other_session")

	// A reload gives what was told, and nothing of the item that was not checked.
	sheet, err := w.Attempts.Get(w.ctx, m.actor, m.sheet.Attempt.ID, false)
	w.ok(err)
	if len(sheet.Checks) != 1 || sheet.Checks[0].Tries != 2 || sheet.Checks[0].RightAnswer == nil {
		t.Errorf("after a reload: %+v", sheet.Checks)
	}
	text, err := json.Marshal(sheet)
	w.ok(err)
	if strings.Contains(string(text), "解析：二") {
		t.Error("the explanation of an item that was not checked is in the sheet")
	}
	m.submit()
	_, err = m.tryCheck(1)
	w.refused(err, "attempt.ended")
}

func TestImmediateSettlesAtOnce(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(1, w.singles("题", 2)...), withBehaviour(Immediate, ReviewShows{Correctness: true}))
	m := w.start(q, "m1", "phone")
	m.save(1, choose("b"))
	c := m.check(1)
	if c.Correct != Wrong || c.Mark != nil || c.RightAnswer != nil || c.Explanation != "" || !c.Done {
		t.Errorf("%+v", c)
	}
	_, err := m.trySave(1, choose("a"))
	w.refused(err, "attempt.checked")
	m.save(2, choose("a")) // never checked: it counts all the same
	m.submit()
	if a := m.stored(); *a.Score != 1 {
		t.Errorf("score %v", *a.Score)
	}
	r, err := w.Attempts.Review(w.ctx, m.actor, m.sheet.Attempt.ID)
	w.ok(err)
	if r.Items[0].Tries != 1 || r.Items[1].Tries != 0 {
		t.Errorf("tries in the review: %d %d", r.Items[0].Tries, r.Items[1].Tries)
	}
}

func TestDeferredTellsNothing(t *testing.T) {
	w := newWorld(t)
	q := w.quiz(fixed(1, w.singles("题", 1)...), withBehaviour(Deferred, everything))
	if got := q.Settings.Review.During; got != (ReviewShows{Responses: true}) {
		t.Errorf("a deferred quiz keeps %+v for while it is answered", got)
	}
	m := w.start(q, "m1", "phone")
	m.save(1, choose("a"))
	_, err := m.tryCheck(1)
	w.refused(err, "attempt.no_check")
	for _, bad := range []func(*Settings){
		func(s *Settings) { s.Behaviour = "adaptive" },
		func(s *Settings) { s.Behaviour, s.Tries = Retry, 1 },
		func(s *Settings) { s.Behaviour, s.Tries = Retry, 11 },
		func(s *Settings) { s.Penalty = 1.01 },
		func(s *Settings) { s.Penalty = -0.01 },
		func(s *Settings) { s.Penalty = math.NaN() },
	} {
		d := Draft{Title: q.Title, Settings: q.Settings, Sections: q.Sections, Audience: q.Audience}
		bad(&d.Settings)
		_, err := w.Quizzes.Save(w.ctx, w.author(), q.ID, q.Rev, d)
		w.refused(err, "quiz.invalid")
	}
}
