package question

import (
	"math"
	"slices"
	"testing"
)

func TestKeyPointsAreChecked(t *testing.T) {
	whole := KeyPoint{Text: "民主", Share: 1}
	for name, c := range map[string]struct {
		points   []KeyPoint
		synonyms [][]string
		path     string
	}{
		"none":           {nil, nil, ""},
		"one":            {[]KeyPoint{whole}, [][]string{{"党", "中共"}}, ""},
		"blank rows go":  {[]KeyPoint{whole, {Also: []string{" "}}}, [][]string{{" "}}, ""},
		"no text":        {[]KeyPoint{{Share: 1}}, nil, "points[0].text"},
		"twice":          {[]KeyPoint{{Text: "民主", Share: 0.5}, {Text: " 民主", Share: 0.5}}, nil, "points[1].text"},
		"sum":            {[]KeyPoint{{Text: "民主", Share: 0.5}}, nil, "points"},
		"share":          {[]KeyPoint{{Text: "民主", Share: math.NaN()}}, nil, "points[0].share"},
		"above":          {[]KeyPoint{{Text: "民主", Share: 1.1}}, nil, "points[0].share"},
		"phrases":        {[]KeyPoint{{Text: "民主", Also: slices.Collect(many(MaxPhrases + 1)), Share: 1}}, nil, "points[0].also"},
		"synonym alone":  {[]KeyPoint{whole}, [][]string{{"党"}}, "synonyms[0]"},
		"synonyms alike": {[]KeyPoint{whole}, [][]string{{"党", "党 "}}, "synonyms[0]"},
	} {
		content := Content{Kind: Short, Stem: "题", Points: c.points, Synonyms: c.synonyms}
		Prepare(&content)
		faults := Validate(content)
		switch {
		case c.path == "" && len(faults) > 0:
			t.Errorf("%s: %+v", name, faults)
		case c.path != "" && (len(faults) != 1 || faults[0].Path != c.path):
			t.Errorf("%s: %+v, want %s", name, faults, c.path)
		}
	}
	other := Content{Kind: Essay, Stem: "题", Points: []KeyPoint{whole}, Synonyms: [][]string{{"a", "b"}}}
	Prepare(&other)
	if other.Points != nil || other.Synonyms != nil {
		t.Error("an essay keeps the points of a short answer")
	}
}

func many(n int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for i := range n {
			if !yield(string(rune('甲') + rune(i))) {
				return
			}
		}
	}
}

// What is proposed is a content that may be kept as it stands.
func TestProposedPointsMayBeKept(t *testing.T) {
	for _, model := range []string{"政治意识、大局意识、核心意识、看齐意识。", "一句话", "a; b; c; d; e; f; g", "1。2。3"} {
		c := Content{Kind: Short, Stem: "简述", Model: model}
		if c.Points = ProposePoints(c); len(c.Points) == 0 {
			t.Errorf("%q gives none", model)
		}
		Prepare(&c)
		if faults := Validate(c); len(faults) > 0 {
			t.Errorf("%q: %+v %+v", model, c.Points, faults)
		}
	}
	if none := ProposePoints(Content{Kind: Short, Stem: "简述"}); len(none) != 0 {
		t.Errorf("%+v", none)
	}
}
