package question

import (
	"math"
	"slices"
	"strings"

	"qiming/internal/fault"
)

// composite is what kinds share whose content is made of items: cloze and material.
type composite struct{}

func (composite) uses() fields { return usesSubs }

func (composite) validate(c Content) []fault.Field {
	var p problems
	if len(c.Subs) == 0 {
		p.add("subs", "required")
	}
	if len(c.Subs) > MaxSubs {
		p.addMax("subs", "too_many", MaxSubs)
		return p
	}
	weighted := 0
	for i, sub := range c.Subs {
		if !(sub.Weight >= 0) || math.IsInf(sub.Weight, 0) || sub.Weight > 1000 {
			p.addRange(at("subs", i, "weight"), 0, 1000)
		}
		if sub.Weight > 0 {
			weighted++
		}
		if sub.Content.Kind == Material || sub.Content.Kind == Cloze && c.Kind == Cloze {
			continue // refused by the kind; going on would have no end
		}
		for _, f := range Validate(sub.Content) {
			f.Path = at("subs", i, "content."+f.Path)
			p = append(p, f)
		}
	}
	if weighted != 0 && weighted != len(c.Subs) {
		p.add("subs", "question.weights")
	}
	return p
}

func (composite) shuffled(c Content) int {
	most := 0
	for _, sub := range c.Subs {
		most = max(most, Shuffled(sub.Content))
	}
	return most
}

func (composite) present(c Content, order []int, item *Item) {
	for _, sub := range c.Subs {
		item.Subs = append(item.Subs, Present(sub.Content, order))
	}
}

func (composite) reveal(c Content, key *Key) {
	for _, sub := range c.Subs {
		key.Subs = append(key.Subs, Reveal(sub.Content))
	}
}

func (composite) right(c Content) Response {
	r := Response{Subs: make([]Response, len(c.Subs))}
	for i, sub := range c.Subs {
		r.Subs[i] = RightAnswer(sub.Content)
	}
	return r
}

// Check takes a response for each sub-question, empty where there is none, or nothing at all.
func (composite) Check(c Content, r Response) error {
	var p problems
	if n := len(r.Subs); n != 0 && n != len(c.Subs) {
		p.addRange("subs", len(c.Subs), len(c.Subs))
		return p.refused()
	}
	for i, sub := range r.Subs {
		if err := Check(c.Subs[i].Content, sub); err != nil {
			for _, f := range fault.FieldsOf(err) {
				f.Path = strings.TrimSuffix(at("subs", i, f.Path), ".")
				p = append(p, f)
			}
		}
	}
	r.Subs = nil
	p.foreign(r)
	return p.refused()
}

func (composite) Answered(r Response) bool {
	return slices.ContainsFunc(r.Subs, func(sub Response) bool { return !sub.Empty() })
}

func (composite) lacks(c Content, r Response) Missing {
	for i, sub := range c.Subs {
		if i >= len(r.Subs) {
			return PartsOpen
		}
		switch gap := Lacks(sub.Content, r.Subs[i]); gap {
		case Whole:
		case NoAnswer:
			return PartsOpen
		default:
			return gap
		}
	}
	return Whole
}

// Mark gives the sum of the parts by their shares. People have to mark it where they have to mark a part.
func (composite) Mark(c Content, r Response) Mark {
	m := Mark{Parts: make([]Part, len(c.Subs))}
	whole := len(c.Subs) > 0
	for i, share := range SubShares(c) {
		part := Part{Share: share}
		if i < len(r.Subs) && len(r.Subs) == len(c.Subs) {
			mark := Grade(c.Subs[i].Content, r.Subs[i])
			part.Fraction, m.Human = mark.Fraction, m.Human || mark.Human
		}
		m.Parts[i] = part
		m.Fraction += part.Fraction * share
		whole = whole && part.Fraction == 1
	}
	if whole {
		m.Fraction = 1 // exactly, whatever the shares sum to
	}
	return m
}

// SubShares gives the share of each sub-question; they sum to 1.
func SubShares(c Content) []float64 {
	weights := make([]float64, len(c.Subs))
	for i, sub := range c.Subs {
		weights[i] = sub.Weight
	}
	return shares(weights)
}
