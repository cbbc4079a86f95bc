package question

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func levels(shares ...float64) []Level {
	var out []Level
	for i, s := range shares {
		out = append(out, Level{Title: fmt.Sprintf("等级%d", i+1), Share: s})
	}
	return out
}

// Both sides of every limit of a rubric.
func TestRubricIsChecked(t *testing.T) {
	long := func(n int) string { return strings.Repeat("字", n) }
	with := func(l ...Level) []Criterion { return []Criterion{{Name: "观点", Share: 1, Levels: l}} }
	equal := func(n int) (out []Criterion) {
		for i := range n {
			out = append(out, Criterion{Name: fmt.Sprint(i), Share: 1 / float64(n)})
		}
		return out
	}
	for name, c := range map[string]struct {
		rubric []Criterion
		want   string // path and key of the one problem
	}{
		"none":                {nil, ""},
		"ten":                 {equal(MaxRubric), ""},
		"eleven":              {equal(MaxRubric + 1), "rubric too_many"},
		"sum":                 {[]Criterion{{Name: "a", Share: 0.6}, {Name: "b", Share: 0.3}}, "rubric question.weights_sum"},
		"thirds":              {[]Criterion{{Name: "a", Share: 0.3333}, {Name: "b", Share: 0.3333}, {Name: "c", Share: 0.3333}}, ""},
		"no name":             {[]Criterion{{Name: " ", Share: 1}}, "rubric[0].name required"},
		"twice":               {[]Criterion{{Name: "a", Share: 0.5}, {Name: "a ", Share: 0.5}}, "rubric[1].name duplicate"},
		"nothing":             {[]Criterion{{Name: "a", Share: 0}}, "rubric[0].share out_of_range"},
		"name of 200":         {[]Criterion{{Name: long(MaxCriterion), Share: 1}}, ""},
		"name of 201":         {[]Criterion{{Name: long(MaxCriterion + 1), Share: 1}}, "rubric[0].name too_long"},
		"levels":              {with(levels(1, 0.5, 0)...), ""},
		"levels above 0":      {with(levels(1, 0.001)...), ""},
		"blank levels go":     {with(append(levels(1, 0), Level{Title: " "})...), ""},
		"one level":           {with(levels(1)...), "rubric[0].levels question.levels_few"},
		"nine levels":         {with(levels(1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)...), ""},
		"ten levels":          {with(levels(1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)...), "rubric[0].levels too_many"},
		"first below all":     {with(levels(0.99, 0)...), "rubric[0].levels[0].share question.level_first"},
		"first above":         {with(levels(1.01, 0)...), "rubric[0].levels[0].share out_of_range"},
		"as much as before":   {with(levels(1, 0.5, 0.5)...), "rubric[0].levels[2].share question.level_order"},
		"more than before":    {with(levels(1, 0.4, 0.5)...), "rubric[0].levels[2].share question.level_order"},
		"below 0":             {with(levels(1, -0.01)...), "rubric[0].levels[1].share out_of_range"},
		"no number":           {with(levels(1, math.NaN())...), "rubric[0].levels[1].share out_of_range"},
		"no title":            {with(Level{Title: "好", Share: 1}, Level{Share: 0.5}), "rubric[0].levels[1].title required"},
		"same titles":         {with(Level{Title: "好", Share: 1}, Level{Title: " 好", Share: 0.5}), "rubric[0].levels[1].title duplicate"},
		"title of 50":         {with(Level{Title: long(MaxLevel), Share: 1}, Level{Title: "差"}), ""},
		"title of 51":         {with(Level{Title: long(MaxLevel + 1), Share: 1}, Level{Title: "差"}), "rubric[0].levels[0].title too_long"},
		"description of 2001": {with(Level{Title: "好", Share: 1, Note: long(MaxFeedback + 1)}, Level{Title: "差"}), "rubric[0].levels[0].note too_long"},
		"comment of 500":      {with(Level{Title: "好", Share: 1, Comment: long(MaxRemark)}, Level{Title: "差"}), ""},
		"comment of 501":      {with(Level{Title: "好", Share: 1, Comment: long(MaxRemark + 1)}, Level{Title: "差"}), "rubric[0].levels[0].comment too_long"},
	} {
		content := Content{Kind: Essay, Stem: "题", Rubric: c.rubric}
		Prepare(&content)
		var got []string
		for _, f := range Validate(content) {
			got = append(got, f.Path+" "+f.Key)
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %q, want %q", name, s, c.want)
		}
	}
}

// A taker sees the levels and never what choosing one would say; the author's content keeps it.
func TestLevelCommentsAreForEvaluators(t *testing.T) {
	c := samples()[Essay]
	shown := Present(c, nil).Rubric
	if len(shown) != 2 || len(shown[1].Levels) != 3 || shown[1].Levels[0].Note == "" || shown[1].Levels[0].Comment != "" || shown[1].Levels[2].Comment != "" {
		t.Errorf("%+v", shown)
	}
	if c.Rubric[1].Levels[0].Comment == "" {
		t.Error("showing a rubric changed the question")
	}
	other := c.copy()
	other.Rubric[1].Levels[0].Title = "另一个"
	if c.Rubric[1].Levels[0].Title == "另一个" {
		t.Error("a copy shares its levels")
	}
}

// What criteria are worth adds up to the points of the item to the last hundredth.
func TestWorths(t *testing.T) {
	third := []Criterion{{Share: 0.3333, Levels: levels(1, 0.5, 0)}, {Share: 0.3333}, {Share: 0.3333}}
	for _, c := range []struct {
		rubric []Criterion
		points float64
		want   []float64
	}{
		{nil, 10, nil},
		{[]Criterion{{Share: 1}}, 7, []float64{7}},
		{[]Criterion{{Share: 0.6}, {Share: 0.4}}, 10, []float64{6, 4}},
		{third, 10, []float64{3.34, 3.33, 3.33}},
		{third, 0.02, []float64{0.01, 0.01, 0}},
		{[]Criterion{{Share: 0.35}, {Share: 0.35}, {Share: 0.3}}, 2.5, []float64{0.88, 0.87, 0.75}},
	} {
		var got []float64
		for _, w := range Worths(c.rubric, c.points) {
			got = append(got, w.Points)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v points: %v, want %v", c.points, got, c.want)
		}
	}
	if got := Worths(third, 10)[0].Levels; !slices.Equal(got, []float64{3.34, 1.67, 0}) {
		t.Errorf("levels %v", got)
	}
	for n := 1; n <= MaxRubric; n++ {
		for hundredths := 1; hundredths < 2000; hundredths += 7 {
			rubric := make([]Criterion, n)
			for i := range rubric {
				rubric[i].Share = float64(i%3+1) / 10
			}
			sum := 0
			for _, w := range Worths(rubric, float64(hundredths)/100) {
				sum += int(math.Round(100 * w.Points))
			}
			if sum != hundredths {
				t.Fatalf("%d criteria of %d hundredths sum to %d", n, hundredths, sum)
			}
		}
	}
}
