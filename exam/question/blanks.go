package question

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"qiming/internal/fault"
	"qiming/search"
)

// blanks is 填空题: a text for each gap of the stem. A gap is three or more underscores.
type blanks struct{}

// Gap is how a prepared stem marks a gap.
const Gap = "____"

var gapPattern = regexp.MustCompile(`[_＿]{3,}`)

// Gaps counts the gaps of a stem.
func Gaps(stem string) int { return len(gapPattern.FindAllStringIndex(stem, -1)) }

func (blanks) prepare(c *Content) {
	c.Stem = gapPattern.ReplaceAllString(c.Stem, Gap)
	c.Blanks = slices.Clone(c.Blanks)
	for i := range c.Blanks {
		b := &c.Blanks[i]
		b.Accept = slices.Clone(b.Accept)
		for j := range b.Accept {
			b.Accept[j] = tidy(b.Accept[j])
		}
		if !b.Number {
			b.Tolerance = 0
		}
	}
}

func (blanks) uses() fields { return usesBlanks }

func (k blanks) validate(c Content) []fault.Field {
	var p problems
	if len(c.Blanks) == 0 {
		p.add("blanks", "required")
	}
	if len(c.Blanks) > MaxBlanks {
		p.addMax("blanks", "too_many", MaxBlanks)
		return p
	}
	if gaps := Gaps(c.Stem); gaps != len(c.Blanks) {
		p = append(p, fault.Field{Path: "blanks", Key: "question.gaps",
			Params: map[string]any{"gaps": gaps, "blanks": len(c.Blanks)}})
	}
	weighted := 0
	for i, b := range c.Blanks {
		if len(b.Accept) == 0 {
			p.add(at("blanks", i, "accept"), "required")
		}
		if len(b.Accept) > MaxAccept {
			p.addMax(at("blanks", i, "accept"), "too_many", MaxAccept)
			return p
		}
		for j, text := range b.Accept {
			path := at(at("blanks", i, "accept"), j, "")
			if key := search.Normalise(text, search.NormalOptions{}); key == "" {
				p.add(path, "required")
			}
			p.length(path, text, MaxAcceptText)
		}
		if !(b.Weight >= 0) || math.IsInf(b.Weight, 0) || b.Weight > 1000 {
			p.addRange(at("blanks", i, "weight"), 0, 1000)
		}
		if !(b.Tolerance >= 0) || math.IsInf(b.Tolerance, 0) {
			p.addRange(at("blanks", i, "tolerance"), 0, nil)
		}
		if b.Weight > 0 {
			weighted++
		}
	}
	if weighted != 0 && weighted != len(c.Blanks) {
		p.add("blanks", "question.weights")
	}
	if len(p) == 0 && k.Mark(c, k.right(c)).Fraction < 1 {
		p.add("blanks", "question.blanks_unanswerable") // any order, and too few accepted texts for all gaps
	}
	return p
}

func (blanks) shuffled(Content) int { return 0 }
func (blanks) present(c Content, _ []int, item *Item) {
	item.Blanks, item.AnyOrder, item.MaxLength = len(c.Blanks), c.AnyOrder, MaxBlankText
	for i, b := range c.Blanks {
		if b.Number && item.Numbers == nil {
			item.Numbers = make([]bool, len(c.Blanks))
		}
		if b.Number {
			item.Numbers[i] = true
		}
	}
}

func (blanks) reveal(c Content, key *Key) {
	about := false
	for _, b := range c.Blanks {
		key.Accepted = append(key.Accepted, slices.Clone(b.Accept))
		key.Tolerances = append(key.Tolerances, b.Tolerance)
		about = about || b.Tolerance > 0
	}
	if !about {
		key.Tolerances = nil
	}
}

func (blanks) right(c Content) Response {
	r := Response{Texts: make([]string, len(c.Blanks))}
	if c.AnyOrder { // blanks may share accepted texts: each is used once, as in marking
		n := newAssignment(c, nil)
		for i, accept := range n.solve() {
			if accept >= 0 {
				r.Texts[i] = example(c.Blanks[i].Accept[accept])
			}
		}
		return r
	}
	for i, b := range c.Blanks {
		if len(b.Accept) > 0 {
			r.Texts[i] = example(b.Accept[0])
		}
	}
	return r
}

func (blanks) Check(c Content, r Response) error {
	var p problems
	if len(r.Texts) != 0 && len(r.Texts) != len(c.Blanks) {
		p.addRange("texts", len(c.Blanks), len(c.Blanks))
	}
	for i, text := range r.Texts {
		p.length(at("texts", i, ""), text, MaxBlankText)
	}
	r.Texts = nil
	p.foreign(r)
	return p.refused()
}

func (blanks) Answered(r Response) bool {
	return slices.ContainsFunc(r.Texts, func(s string) bool { return strings.TrimSpace(s) != "" })
}

func (blanks) lacks(_ Content, r Response) Missing {
	if slices.ContainsFunc(r.Texts, func(s string) bool { return strings.TrimSpace(s) == "" }) {
		return PartsOpen
	}
	return Whole
}

// Mark marks each blank by itself; with AnyOrder the texts are given to the blanks so that they earn
// the most, and each accepted text counts once.
func (blanks) Mark(c Content, r Response) Mark {
	m := Mark{Parts: make([]Part, len(c.Blanks))}
	shares := BlankShares(c.Blanks)
	for i := range m.Parts {
		m.Parts[i].Share = shares[i]
	}
	if len(r.Texts) > len(c.Blanks) {
		return m
	}
	if c.AnyOrder {
		m.markAnyOrder(shares, newAssignment(c, r.Texts).marked())
	} else {
		for i, text := range r.Texts {
			if acceptsBlank(c, c.Blanks[i], text) {
				m.Parts[i].Fraction = 1
				m.Fraction += shares[i]
			}
		}
	}
	if all := !slices.ContainsFunc(m.Parts, func(p Part) bool { return p.Fraction < 1 }); all && len(m.Parts) > 0 {
		m.Fraction = 1 // exactly, whatever the shares sum to
	}
	m.Fraction = min(m.Fraction, 1)
	return m
}

// markAnyOrder reports on the gap where a text stands, worth the blank that the text fills; the gaps
// without a right text are worth the blanks left over, in order.
func (m *Mark) markAnyOrder(shares []float64, filled []int) {
	left := make([]float64, 0, len(shares))
	for blank, share := range shares {
		if !slices.Contains(filled, blank) {
			left = append(left, share)
		}
	}
	for gap := range m.Parts {
		if gap < len(filled) && filled[gap] >= 0 {
			share := shares[filled[gap]]
			m.Parts[gap] = Part{Fraction: 1, Share: share}
			m.Fraction += share
		} else {
			m.Parts[gap].Share, left = left[0], left[1:]
		}
	}
}

func acceptsBlank(c Content, b Blank, text string) bool {
	o := blankOptions(c, b)
	text = normalResponse(text, o)
	return text != "" && slices.ContainsFunc(b.Accept, func(accept string) bool {
		return compile(accept, o, b.Tolerance).accepts(text)
	})
}

func blankOptions(c Content, b Blank) search.NormalOptions {
	return search.NormalOptions{FoldCase: !c.MatchCase, Simplified: c.Simplified, Numerals: b.Number}
}

// shares gives the share of each weight; they sum to 1. Without weights the shares are equal.
func shares(weights []float64) []float64 {
	out, sum := make([]float64, len(weights)), 0.0
	for _, w := range weights {
		sum += w
	}
	for i, w := range weights {
		if sum > 0 {
			out[i] = w / sum
		} else {
			out[i] = 1 / float64(len(weights))
		}
	}
	return out
}

// BlankShares gives the share of each gap; they sum to 1.
func BlankShares(list []Blank) []float64 {
	weights := make([]float64, len(list))
	for i, b := range list {
		weights[i] = b.Weight
	}
	return shares(weights)
}
