package exam

import (
	"fmt"
	"testing"

	"qiming/exam/question"
)

func TestGradePaper(t *testing.T) {
	paper := Paper{Slots: []Slot{{Number: 1, Version: "q1@1", Points: 2}, {Number: 2, Version: "q2@1", Points: 3}, {Number: 3, Version: "q3@1", Points: 5}}}
	contents := []question.Content{single("一"), single("二"), short("三")}
	response := func(seq, slot int, r question.Response, late bool) Step {
		return Step{Seq: seq, Kind: StepAnswer, Slot: slot, Response: &r, Late: late}
	}
	mark := func(seq, slot int, fraction float64) Step {
		return Step{Seq: seq, Kind: StepMark, Slot: slot, Fraction: &fraction, By: "e"}
	}
	a, b, text := choose("a"), choose("b"), question.Response{Text: "答"}
	for _, c := range []struct {
		name     string
		steps    []Step
		score    float64
		pending  int
		answered int
	}{
		{"nothing answered: the short answer waits for nobody", nil, 0, 0, 0},
		{"right and wrong", []Step{response(1, 1, a, false), response(2, 2, b, false)}, 2, 0, 2},
		{"the last answer counts", []Step{response(1, 1, a, false), response(2, 1, b, false)}, 0, 0, 1},
		{"cleared", []Step{response(1, 1, a, false), response(2, 1, question.Response{}, false)}, 0, 0, 0},
		{"a late answer does not count", []Step{response(1, 1, b, false), response(2, 1, a, true)}, 0, 0, 1},
		{"an admitted one does", []Step{response(1, 1, b, false), response(2, 1, a, true), {Seq: 3, Kind: StepAdmit, Ref: 2}}, 2, 0, 1},
		{"of two admitted the last given", []Step{response(1, 1, a, true), response(2, 1, b, true), {Seq: 3, Kind: StepAdmit, Ref: 2}, {Seq: 4, Kind: StepAdmit, Ref: 1}}, 0, 0, 1},
		{"a short answer waits", []Step{response(1, 3, text, false), response(2, 1, a, false)}, 2, 1, 2},
		{"blank text waits for nobody", []Step{response(1, 3, question.Response{Text: " 　\n"}, false)}, 0, 0, 0},
		{"marked", []Step{response(1, 3, text, false), mark(2, 3, 0.7)}, 3.5, 0, 1},
		{"marked anew", []Step{response(1, 3, text, false), mark(2, 3, 0.7), mark(3, 3, 0.2)}, 1, 0, 1},
		{"a mark overrides the key", []Step{response(1, 1, b, false), mark(2, 1, 1)}, 2, 0, 1},
		{"a mark never exceeds the points", []Step{mark(1, 1, 7)}, 2, 0, 0},
		{"nor falls below 0", []Step{response(1, 2, a, false), mark(2, 1, -3)}, 3, 0, 1},
		{"admitted after the mark: waits again", []Step{response(1, 3, text, false), response(2, 3, question.Response{Text: "新"}, true), mark(3, 3, 1), {Seq: 4, Kind: StepAdmit, Ref: 2}}, 0, 1, 1},
	} {
		g := GradePaper(paper, contents, Replay(c.steps, 3))
		if g.Score != c.score || g.Pending != c.pending || g.Answered != c.answered || g.Points != 10 || g.Percent != c.score*10 {
			t.Errorf("%s: %+v", c.name, g)
		}
	}
}

// An option's weight may cost points, but by default an item earns 0 at least, and the total always does.
func TestNegativeMarks(t *testing.T) {
	weighted := func(weight float64) question.Content {
		return question.Content{Kind: question.Single, Stem: "单选", Partial: question.ByWeight, Options: []question.Option{
			{ID: "a", Text: "a", Right: true, Weight: 1}, {ID: "b", Text: "b", Weight: weight}}}
	}
	right, wrong := choose("a"), choose("b")
	steps := func(first, second question.Response) []Step {
		return []Step{{Seq: 1, Kind: StepAnswer, Slot: 1, Response: &first}, {Seq: 2, Kind: StepAnswer, Slot: 2, Response: &second}}
	}
	for _, c := range []struct {
		negative      bool
		first, second question.Response
		score, mark   float64
	}{
		{false, right, wrong, 4, 0}, {true, right, wrong, 3, -0.25}, {true, wrong, wrong, 0, -0.25}, {true, right, right, 8, 1},
	} {
		paper := Paper{Slots: []Slot{{Number: 1, Version: "q1@1", Points: 4}, {Number: 2, Version: "q2@1", Points: 4}}, Negative: c.negative}
		g := GradePaper(paper, []question.Content{weighted(-0.25), weighted(-0.25)}, Replay(steps(c.first, c.second), 2))
		if g.Score != c.score || g.Items[1].Fraction != c.mark || g.Percent != 100*c.score/8 {
			t.Errorf("negative %v: %+v", c.negative, g)
		}
	}
}

// A percentage is rounded by who shows it, once: 12 of 26 is 46.2 % and 1 of 26 is 3.8 %, not 3.9 % by way of 3.85.
func TestPercentIsNotRounded(t *testing.T) {
	single := question.Content{Kind: question.Single, Stem: "单选", Options: []question.Option{{ID: "a", Text: "a", Right: true}, {ID: "b", Text: "b"}}}
	for _, c := range []struct{ right, wrong, percent, inFiles float64 }{{12, 14, 46.15384615, 46.15}, {1, 25, 3.84615385, 3.85}, {0.1, 0.2, 33.33333333, 33.33}, {4.2, 2.8, 60, 60}} {
		right, wrong := choose("a"), choose("b")
		paper := Paper{Slots: []Slot{{Number: 1, Version: "q1@1", Points: c.right}, {Number: 2, Version: "q2@1", Points: c.wrong}}}
		g := GradePaper(paper, []question.Content{single, single}, Replay([]Step{{Seq: 1, Kind: StepAnswer, Slot: 1, Response: &right}, {Seq: 2, Kind: StepAnswer, Slot: 2, Response: &wrong}}, 2))
		if g.Percent != c.percent || Hundredths(g.Percent) != c.inFiles {
			t.Errorf("%v of %v: %v, in files %v", c.right, g.Points, g.Percent, Hundredths(g.Percent))
		}
	}
}

func TestPassIsOnTheShownPercent(t *testing.T) {
	third := question.Content{Kind: question.Multiple, Stem: "多选", Partial: question.ShareOfKey, Options: []question.Option{
		{ID: "a", Text: "a", Right: true}, {ID: "b", Text: "b", Right: true}, {ID: "c", Text: "c", Right: true}, {ID: "d", Text: "d"}}}
	paper := Paper{Slots: []Slot{{Number: 1, Version: "q1@1", Points: 1}}}
	r := choose("a", "b")
	g := GradePaper(paper, []question.Content{third}, Replay([]Step{{Seq: 1, Kind: StepAnswer, Slot: 1, Response: &r}}, 1))
	if !Passes(g.Percent, 66.67) || Passes(g.Percent, 66.68) || Passes(59.99, 60) || Passes(59.9949, 60) || !Passes(60, 60) {
		t.Errorf("%v%%", g.Percent)
	}
}

func TestCombine(t *testing.T) {
	attempt := func(n int, s State, percent float64) Attempt {
		a := Attempt{Meta: metaOf(fmt.Sprint(n)), Number: n, State: s}
		if percent >= 0 {
			score := percent / 10
			a.Score, a.Percent = &score, &percent
		}
		return a
	}
	three := []Attempt{attempt(1, Released, 50), attempt(2, Released, 90), attempt(3, Released, 70)}
	waiting := []Attempt{attempt(1, Released, 50), attempt(2, Grading, -1)}
	dead := []Attempt{attempt(1, Void, 100), attempt(2, Abandoned, -1), attempt(3, Open, -1)}
	for _, c := range []struct {
		name     string
		by       GradeBy
		attempts []Attempt
		percent  float64 // -1: none
		id       string
		pending  bool
	}{
		{"best", GradeBest, three, 90, "2", false},
		{"first", GradeFirst, three, 50, "1", false},
		{"last", GradeLast, three, 70, "3", false},
		{"average", GradeAverage, three, 70, "3", false},
		{"best with one waiting", GradeBest, waiting, 50, "1", true},
		{"last with one waiting", GradeLast, waiting, -1, "2", true},
		{"first with one waiting", GradeFirst, waiting, 50, "1", false},
		{"average with one waiting", GradeAverage, waiting, 50, "2", true},
		{"nothing counts", GradeBest, dead, -1, "", false},
		{"a void one is left out", GradeBest, append(dead[:1:1], three...), 90, "2", false},
	} {
		o := Combine(c.by, 60, resultsOf(c.attempts))
		percent := -1.0
		if o.Percent != nil {
			percent = *o.Percent
			if *o.Passed != (percent >= 60) {
				t.Errorf("%s: passed %v", c.name, *o.Passed)
			}
		}
		if percent != c.percent || o.AttemptID != c.id || o.Pending != c.pending {
			t.Errorf("%s: %v of %q, pending %v", c.name, percent, o.AttemptID, o.Pending)
		}
	}
}
