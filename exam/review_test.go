package exam

import (
	"testing"
	"time"

	"qiming/exam/question"
)

// When a total is told, by state, matrix, release and time: both sides of the first minutes and of the close.
func TestResultsAt(t *testing.T) {
	ended := monday
	total := ReviewShows{Total: true}
	all := ReviewMatrix{After: total, Open: total, Closed: total}
	for _, c := range []struct {
		name   string
		state  State
		matrix ReviewMatrix
		manual bool
		closed bool
		since  time.Duration
		want   string
	}{
		{"shown at once", Released, all, false, false, 0, "now"},
		{"waits for an evaluator", Grading, all, false, false, 0, "when_marked"},
		{"waits for the release", Graded, all, true, false, 0, "when_released"},
		{"a release that tells nothing", Graded, ReviewMatrix{}, true, false, 0, "never"},
		{"does not count", Void, all, false, false, 0, "not_counted"},
		{"nothing is ever shown", Released, ReviewMatrix{}, false, false, 0, "never"},
		{"nothing is ever shown, and it is marked", Grading, ReviewMatrix{}, false, false, 0, "never"},
		{"only the first minutes, within", Released, ReviewMatrix{After: total}, false, false, rightAfter - 1, "now"},
		{"only the first minutes, after", Released, ReviewMatrix{After: total}, false, false, rightAfter, "never"},
		{"only the first minutes, not marked by then", Grading, ReviewMatrix{After: total}, false, false, 0, "never"},
		{"not in the first minutes, within", Released, ReviewMatrix{Open: total}, false, false, rightAfter - 1, "soon"},
		{"not in the first minutes, after", Released, ReviewMatrix{Open: total}, false, false, rightAfter, "now"},
		{"after the close, before", Released, ReviewMatrix{Closed: total}, false, false, 0, "after_close"},
		{"after the close, marked before", Grading, ReviewMatrix{Closed: total}, false, false, 0, "after_close"},
		{"after the close, since", Released, ReviewMatrix{Closed: total}, false, true, 0, "now"},
		{"after the close, not marked", Grading, ReviewMatrix{Closed: total}, false, true, 0, "when_marked"},
		{"until the close, since", Released, ReviewMatrix{After: total, Open: total}, false, true, 0, "never"},
	} {
		a := &Attempt{State: c.state, EndedAt: &ended}
		if got := resultsAt(a, Settings{Review: c.matrix, ManualRelease: c.manual}, c.closed, ended.Add(c.since)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Whether there was an answer is told with the answers only.
func TestBlankIsToldWithTheAnswers(t *testing.T) {
	c := single("题")
	for shows, want := range map[ReviewShows]Correctness{
		{Correctness: true}:                  Wrong,
		{Correctness: true, Responses: true}: Blank,
		{Responses: true}:                    "",
	} {
		if got := shown(c, nil, ItemMark{}, shows).Correct; got != want {
			t.Errorf("%+v: %q, want %q", shows, got, want)
		}
	}
}

// What one will answer is counted: of a material each of its items, at least and at most.
func TestAnsweredItems(t *testing.T) {
	three, two := []float64{1, 1, 1}, []float64{1, 1}
	pool := func(count int, parts map[string][]float64, versions ...string) FrozenPool {
		return FrozenPool{Versions: versions, Count: count, Parts: parts}
	}
	for _, c := range []struct {
		name        string
		pools       []FrozenPool
		least, most int
	}{
		{"single questions", []FrozenPool{pool(1, nil, "a"), pool(2, nil, "b", "c", "d")}, 3, 3},
		{"a material", []FrozenPool{pool(1, nil, "a"), pool(1, map[string][]float64{"m": three}, "m")}, 4, 4},
		{"one of two materials", []FrozenPool{pool(1, map[string][]float64{"m": three, "n": two}, "m", "n")}, 2, 3},
		{"two of three, one a single", []FrozenPool{pool(2, map[string][]float64{"m": three, "n": two}, "m", "a", "n")}, 3, 5},
	} {
		if least, most := (&FrozenSection{Pools: c.pools}).answered(); least != c.least || most != c.most {
			t.Errorf("%s: %d to %d, want %d to %d", c.name, least, most, c.least, c.most)
		}
	}
}

// What the author says of a range is feedback, not part of the right answer.
func TestFeedbackOfRangesIsNotInTheRightAnswer(t *testing.T) {
	c := question.Content{Kind: question.Numerical, Stem: "s", Ranges: []question.Range{{Min: 3, Max: 4, Weight: 1, Feedback: "约等于"}}}
	right := shown(c, nil, ItemMark{}, ReviewShows{RightAnswer: true}).RightAnswer
	if len(right.Ranges) != 1 || right.Ranges[0].Max != 4 || right.Ranges[0].Feedback != "" || c.Ranges[0].Feedback == "" {
		t.Errorf("%+v", right)
	}
}

// After the end the sheet tells no more of the answers than the review.
func TestSheetAfterTheEnd(t *testing.T) {
	for responses, want := range map[bool]int{true: 1, false: 0} {
		w := newWorld(t)
		q := w.quiz(fixed(1, w.questions("题", single("选择"))...), func(d *Draft) {
			d.Settings.Review = ReviewMatrix{During: ReviewShows{Responses: true}, After: ReviewShows{Responses: responses}}
		})
		m := w.start(q, "m1", "phone")
		m.answer(1)
		m.submit()
		sheet, err := w.Attempts.Get(w.ctx, m.actor, m.sheet.Attempt.ID, false)
		w.ok(err)
		told := 0
		for _, a := range sheet.Answers {
			if !a.Response.Empty() {
				told++
			}
		}
		if len(sheet.Answers) != 1 || sheet.Answers[0].Receipt == "" || told != want {
			t.Errorf("responses %t: %+v", responses, sheet.Answers)
		}
	}
}
