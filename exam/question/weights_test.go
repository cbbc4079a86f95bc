package question

import (
	"math"
	"testing"
)

func weighted(kind Kind, weights ...float64) Content {
	c := Content{Kind: kind, Stem: "选择。", Partial: ByWeight}
	for i, w := range weights {
		c.Options = append(c.Options, Option{ID: string(rune('A' + i)), Text: string(rune('甲' + i)), Weight: w})
	}
	Prepare(&c)
	return c
}

// The case of exam-rules section 2, and both sides of its limits.
func TestOptionWeights(t *testing.T) {
	two := weighted(Multiple, 0.5, -0.5, 0.5, 0)
	thirds := weighted(Multiple, 0.3333333, 0.3333333, 0.3333333, -0.1)
	one := weighted(Single, 1, 0.5, 0, -1)
	for _, c := range []struct {
		of     Content
		answer string
		want   float64
	}{
		{two, "AC", 1}, {two, "A", 0.5}, {two, "ABC", 0}, {two, "CA", 1}, {two, "ACD", 1}, {two, "D", 0},
		{two, "B", -0.5}, {two, "AB", 0}, {two, "", 0}, {two, "ABCD", 0},
		{thirds, "ABC", 1}, {thirds, "AB", 0.6666666}, {thirds, "ABCD", 0}, {thirds, "D", -0.1},
		{one, "A", 1}, {one, "B", 0.5}, {one, "C", 0}, {one, "D", -1}, {one, "X", 0},
	} {
		var r Response
		for _, id := range c.answer {
			r.Choices = append(r.Choices, string(id))
		}
		if got := Grade(c.of, r).Fraction; math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s of %v: %v, want %v", c.answer, c.of.Options, got, c.want)
		}
	}
}

func TestOptionWeightsAreValidated(t *testing.T) {
	for _, c := range []struct {
		of   Content
		path string
		key  string
	}{
		{weighted(Multiple, 0.5, 0.5, -1), "", ""},
		{weighted(Multiple, 0.333, 0.333, 0.334), "", ""},
		{weighted(Multiple, 0.5, 0.502, 0), "options", "question.weights_sum"},
		{weighted(Multiple, 0.5, 0.4, 0), "options", "question.weights_sum"},
		{weighted(Multiple, 0, 0, -1), "options", "question.multiple_right"},
		{weighted(Multiple, 0.5, 0.5, -1.01), "options[2].weight", "out_of_range"},
		{weighted(Multiple, 0.5, 0.5, math.NaN()), "options[2].weight", "out_of_range"},
		{weighted(Single, 1, 1, 0), "", ""},
		{weighted(Single, 0.9, 0.5), "options", "question.weights_single"},
		{weighted(Single, 1, 0, -1), "", ""},
		{weighted(Single, 1, 1.01), "options[1].weight", "out_of_range"},
	} {
		problems := Validate(c.of)
		if c.path == "" {
			if len(problems) > 0 {
				t.Errorf("%v: %v", c.of.Options, problems)
			}
			continue
		}
		found := false
		for _, p := range problems {
			found = found || p.Path == c.path && p.Key == c.key
		}
		if !found {
			t.Errorf("%v: %v, want %s %s", c.of.Options, problems, c.path, c.key)
		}
	}
}

// Weights that no rule uses are dropped, and what is right follows from those in use.
func TestWeightsDecideWhatIsRight(t *testing.T) {
	c := Content{Kind: Multiple, Stem: "选择。", Options: []Option{{Text: "甲", Right: true, Weight: -1}, {Text: "乙", Weight: 1}}}
	Prepare(&c)
	if !c.Options[0].Right || c.Options[1].Right || c.Options[0].Weight != 0 {
		t.Errorf("%+v", c.Options)
	}
	c = weighted(Multiple, 0.5, -0.5, 0.5)
	if right := RightAnswer(c); len(right.Choices) != 2 || Grade(c, right).Fraction != 1 {
		t.Errorf("%+v", right)
	}
	c = weighted(Single, 0.5, 1)
	if right := RightAnswer(c); len(right.Choices) != 1 || Grade(c, right).Fraction != 1 || c.Options[0].Right {
		t.Errorf("%+v", right)
	}
}
