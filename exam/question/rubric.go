package question

import (
	"math"
	"slices"
)

// prepareRubric tidies criteria and levels; levels that say nothing are dropped.
func prepareRubric(c *Content) {
	c.Rubric = slices.Clone(c.Rubric)
	for i := range c.Rubric {
		r := &c.Rubric[i]
		r.Name, r.Note = tidy(r.Name), tidy(r.Note)
		var levels []Level
		for _, l := range r.Levels {
			l.Title, l.Note, l.Comment = tidy(l.Title), tidy(l.Note), tidy(l.Comment)
			if l != (Level{}) {
				levels = append(levels, l)
			}
		}
		r.Levels = levels
	}
}

// rubric checks criteria and their levels.
func (p *problems) rubric(rubric []Criterion) {
	parts := make([]part, len(rubric))
	for i, c := range rubric {
		parts[i] = part{c.Name, c.Share}
		p.length(at("rubric", i, "note"), c.Note, MaxFeedback)
		p.levels(at("rubric", i, "levels"), c.Levels)
	}
	p.shares("rubric", "name", parts, MaxRubric, MaxCriterion)
}

// levels checks that they begin with the whole criterion and earn less with each.
func (p *problems) levels(list string, levels []Level) {
	switch n := len(levels); {
	case n == 0:
		return
	case n < MinLevels:
		p.add(list, "question.levels_few")
	case n > MaxLevels:
		p.addMax(list, "too_many", MaxLevels)
	}
	titles := map[string]bool{}
	for i, l := range levels {
		if l.Title == "" {
			p.add(at(list, i, "title"), "required")
		} else if titles[l.Title] {
			p.add(at(list, i, "title"), "duplicate")
		}
		titles[l.Title] = true
		p.length(at(list, i, "title"), l.Title, MaxLevel)
		p.length(at(list, i, "note"), l.Note, MaxFeedback)
		p.length(at(list, i, "comment"), l.Comment, MaxRemark)
		switch {
		case !(l.Share >= 0 && l.Share <= 1): // also refuses NaN
			p.addRange(at(list, i, "share"), 0, 1)
		case i == 0 && l.Share != 1:
			p.add(at(list, i, "share"), "question.level_first")
		case i > 0 && l.Share >= levels[i-1].Share:
			p.add(at(list, i, "share"), "question.level_order")
		}
	}
}

// shownRubric is a rubric as takers may see it, without the comments of its levels.
func shownRubric(rubric []Criterion) []Criterion {
	rubric = slices.Clone(rubric)
	for i := range rubric {
		rubric[i].Levels = slices.Clone(rubric[i].Levels)
		for k := range rubric[i].Levels {
			rubric[i].Levels[k].Comment = ""
		}
	}
	return rubric
}

// SameRubric says whether a mark that was given along a is one along b: the same criteria with the same levels,
// whatever the comments for evaluators.
func SameRubric(a, b []Criterion) bool {
	return slices.EqualFunc(shownRubric(a), shownRubric(b), func(x, y Criterion) bool {
		return x.Name == y.Name && x.Note == y.Note && x.Share == y.Share && slices.Equal(x.Levels, y.Levels)
	})
}

// Worth is what a criterion is worth in points of an item: all of it, and each of its levels.
type Worth struct {
	Points float64   `json:"points"`
	Levels []float64 `json:"levels,omitempty"` // parallel to the criterion's
}

// Worths divides the points of an item among the criteria of a rubric, in hundredths of a point whose sum is the points
// (largest remainders first), so that marks by criterion add up to the mark of the item to the last digit.
func Worths(rubric []Criterion, points float64) []Worth {
	if len(rubric) == 0 {
		return nil
	}
	sum := 0.0
	for _, c := range rubric {
		sum += c.Share
	}
	whole := int(math.Round(100 * points))
	parts, rests, left := make([]int, len(rubric)), make([]float64, len(rubric)), whole
	order := make([]int, len(rubric))
	for i, c := range rubric {
		exact := float64(whole) * c.Share / sum
		parts[i] = int(math.Floor(exact + 1e-9))
		rests[i], order[i] = exact-float64(parts[i]), i
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if math.Abs(rests[a]-rests[b]) < 1e-9 {
			return 0
		}
		if rests[a] > rests[b] {
			return -1
		}
		return 1
	})
	for k := 0; left > 0; k, left = k+1, left-1 {
		parts[order[k%len(order)]]++
	}
	out := make([]Worth, len(rubric))
	for i, c := range rubric {
		out[i].Points = float64(parts[i]) / 100
		for _, l := range c.Levels {
			out[i].Levels = append(out[i].Levels, math.Floor(l.Share*float64(parts[i])+0.5+1e-7)/100)
		}
	}
	return out
}
