package question

import (
	"math"

	"qiming/internal/fault"
)

// part is a named part of an item with what it is worth of it.
type part struct {
	name  string
	share float64 // 0..1
}

// shares checks a list of named parts: each has a name of its own, is worth something, and all of them together are the
// whole item. field is what the parts call their name; most and longest are the limits of the list and of a name.
func (p *problems) shares(list, field string, parts []part, most, longest int) {
	before := len(*p)
	if len(parts) > most {
		p.addMax(list, "too_many", most)
	}
	sum, names := 0.0, map[string]bool{}
	for i, one := range parts {
		if one.name == "" {
			p.add(at(list, i, field), "required")
		} else if names[one.name] {
			p.add(at(list, i, field), "duplicate")
		}
		names[one.name] = true
		p.length(at(list, i, field), one.name, longest)
		if !(one.share > 0 && one.share <= 1) { // also refuses NaN
			p.addRange(at(list, i, "share"), 0, 1)
		}
		sum += one.share
	}
	if len(*p) == before && len(parts) > 0 && !(math.Abs(sum-1) <= weightSlack) {
		*p = append(*p, fault.Field{Path: list, Key: "question.weights_sum", Params: map[string]any{"sum": math.Round(1e4*sum) / 100}})
	}
}
