package exam

import (
	"errors"
	"testing"
	"time"

	"qiming/exam/question"
)

// What a regrade makes of a paper of two items, 4 and 6 points; the first has the key "a".
func TestRegradeWays(t *testing.T) {
	paper := Paper{Slots: []Slot{{Number: 1, Version: "q@1", Points: 4}, {Number: 2, Version: "r@1", Points: 6}}}
	was := single("一")
	now := single("一")
	now.Options[0].Right, now.Options[1].Right = false, true
	gone := single("一")
	gone.Options = gone.Options[:2] // c and d are gone
	other := question.Content{Kind: question.TrueFalse, Stem: "一"}
	sit := sitting{paper: paper, contents: []question.Content{was, single("二")},
		keys: map[string]question.Content{"q@1": was, "q@2": now, "q@3": gone, "q@4": other}}
	answer := func(slot int, id string) Step {
		r := choose(id)
		return Step{Kind: StepAnswer, Slot: slot, Response: &r}
	}
	mark := func(fraction float64) Step { return Step{Kind: StepMark, Slot: 1, Fraction: &fraction, By: "e"} }
	key := func(version string) Step { return Step{Kind: StepRegrade, Slot: 1, Version: version} }
	full, drop := Step{Kind: StepRegrade, Slot: 1, Fraction: ptr(1.0)}, Step{Kind: StepRegrade, Slot: 1}
	for name, c := range map[string]struct {
		steps          []Step
		score, percent float64
	}{
		"as it was":                         {[]Step{answer(1, "a"), answer(2, "a")}, 10, 100},
		"wrong by the corrected key":        {[]Step{answer(1, "a"), answer(2, "a"), key("q@2")}, 6, 60},
		"right by the corrected key":        {[]Step{answer(1, "b"), answer(2, "a"), key("q@2")}, 10, 100},
		"and back":                          {[]Step{answer(1, "b"), answer(2, "a"), key("q@2"), key("q@1")}, 6, 60},
		"the chosen option is gone":         {[]Step{answer(1, "c"), answer(2, "a"), key("q@3")}, 6, 60},
		"another kind marks nothing":        {[]Step{answer(1, "a"), answer(2, "a"), key("q@4")}, 10, 100},
		"a manual mark before is kept":      {[]Step{answer(1, "a"), answer(2, "a"), mark(0.5), key("q@2")}, 8, 80},
		"a manual mark after counts":        {[]Step{answer(1, "a"), answer(2, "a"), key("q@2"), mark(0.25)}, 7, 70},
		"full for a wrong answer":           {[]Step{answer(1, "b"), answer(2, "a"), full}, 10, 100},
		"full for none":                     {[]Step{answer(2, "a"), full}, 10, 100},
		"full, over a manual mark":          {[]Step{answer(1, "b"), answer(2, "a"), mark(0.5), full}, 10, 100},
		"a mark after full counts":          {[]Step{answer(1, "b"), answer(2, "a"), full, mark(0.5)}, 8, 80},
		"dropped":                           {[]Step{answer(1, "b"), answer(2, "a"), drop}, 6, 100},
		"dropped, the other wrong":          {[]Step{answer(1, "a"), answer(2, "b"), drop}, 0, 0},
		"dropped and back":                  {[]Step{answer(1, "a"), answer(2, "b"), drop, key("q@1")}, 4, 40},
		"only the total is known":           {[]Step{{Kind: StepTotal, Fraction: ptr(0.5)}, drop}, 5, 50},
		"everything dropped counts for 0":   {[]Step{answer(1, "a"), drop, {Kind: StepRegrade, Slot: 2}}, 0, 0},
		"a slot that is none is left alone": {[]Step{answer(1, "a"), answer(2, "a"), {Kind: StepRegrade, Slot: 3}}, 10, 100},
	} {
		a := Attempt{Meta: metaOf("a"), State: Submitted}
		for _, s := range c.steps {
			s.At = monday.Add(time.Duration(len(a.Steps)) * time.Second)
			a.add(nil, s)
		}
		s := sit
		s.pass = 60
		if err := a.regrade(s); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if *a.Score != c.score || *a.Percent != c.percent {
			t.Errorf("%s: %v points, %v percent", name, *a.Score, *a.Percent)
		}
		if broken := a.Chain().Verify(nil); broken > 1 { // 1 = no proper id of an attempt
			t.Errorf("%s: receipts break at %d", name, broken)
		}
	}
	a := Attempt{State: Submitted}
	a.add(nil, key("q@9"))
	var lack lackingKeys
	if err := a.regrade(sit); !errors.As(err, &lack) || len(lack) != 1 || lack[0] != "q@9" {
		t.Errorf("a key that is not loaded: %v", err)
	}
}

func TestRegradeTransitions(t *testing.T) {
	ways := map[RegradeState][]RegradeState{RegradeAsked: {RegradeApproved, RegradeDeclined, RegradeWithdrawn}, RegradeApproved: {RegradeApplied}}
	for _, from := range RegradeStates() {
		for _, to := range RegradeStates() {
			want := false
			for _, way := range ways[from] {
				want = want || way == to
			}
			if err := from.To(to); (err == nil) != want {
				t.Errorf("%s -> %s: %v", from, to, err)
			}
		}
		if open := from == RegradeAsked || from == RegradeApproved; from.Open() != open {
			t.Errorf("%s: open %v", from, from.Open())
		}
	}
}
