package question

import (
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qiming/internal/fault"
	"qiming/search"
)

// numerical is 计算题: a number within one of several accepted ranges. Numbers are compared as exact
// decimals, both ends of a range included. Where the item has units, one is chosen, or written behind
// the number.
type numerical struct{}

func (numerical) prepare(c *Content) {
	c.Ranges, c.Units = slices.Clone(c.Ranges), slices.Clone(c.Units)
	for i := range c.Ranges {
		r := &c.Ranges[i]
		r.Feedback = tidy(r.Feedback)
		if r.Weight == 0 {
			r.Weight = 1
		}
	}
	for i := range c.Units {
		u := &c.Units[i]
		u.Name = strings.Join(strings.Fields(tidy(u.Name)), " ")
		if u.Factor == 0 {
			u.Factor = 1
		}
	}
	if len(c.Units) == 0 {
		c.UnitPenalty = 0
	}
}

func (numerical) uses() fields { return usesNumbers }

func (numerical) validate(c Content) []fault.Field {
	var p problems
	if len(c.Ranges) == 0 {
		p.add("ranges", "required")
	}
	if len(c.Ranges) > MaxRanges {
		p.addMax("ranges", "too_many", MaxRanges)
	}
	whole := false
	for i, r := range c.Ranges {
		switch {
		case !finite(r.Min):
			p.add(at("ranges", i, "min"), "required")
		case !finite(r.Max):
			p.add(at("ranges", i, "max"), "required")
		case r.Min > r.Max:
			p.add(at("ranges", i, "max"), "question.range")
		}
		if !(r.Weight > 0 && r.Weight <= 1) {
			p.addRange(at("ranges", i, "weight"), 0, 1)
		}
		p.length(at("ranges", i, "feedback"), r.Feedback, MaxFeedback)
		whole = whole || r.Weight == 1
	}
	if len(p) == 0 && !whole {
		p.add("ranges", "question.range_whole")
	}
	if len(c.Units) > MaxUnits {
		p.addMax("units", "too_many", MaxUnits)
	}
	base, names := false, map[string]bool{}
	for i, u := range c.Units {
		key := unitKey(u.Name)
		if key == "" {
			p.add(at("units", i, "name"), "required")
		} else if names[key] {
			p.add(at("units", i, "name"), "duplicate")
		}
		p.length(at("units", i, "name"), u.Name, MaxUnit)
		if !(u.Factor > 0) || !finite(u.Factor) {
			p.addRange(at("units", i, "factor"), 0, nil)
		}
		names[key], base = true, base || u.Factor == 1
	}
	if len(c.Units) > 0 && !base {
		p.add("units", "question.unit_base")
	}
	if !(c.UnitPenalty >= 0 && c.UnitPenalty <= 1) {
		p.addRange("unit_penalty", 0, 1)
	}
	return p
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// unitKey is what tells units apart: case counts (mW is not MW), width and spaces do not.
func unitKey(name string) string {
	return strings.ReplaceAll(search.Normalise(name, search.NormalOptions{}), " ", "")
}

func (numerical) shuffled(Content) int { return 0 }

func (numerical) present(c Content, _ []int, item *Item) {
	item.MaxLength = MaxNumber
	for _, u := range c.Units {
		item.Units = append(item.Units, u.Name)
	}
}

func (numerical) reveal(c Content, key *Key) {
	key.Ranges, key.Units = slices.Clone(c.Ranges), slices.Clone(c.Units)
}

// right gives the middle of the first range that earns everything, in the unit of the ranges.
func (numerical) right(c Content) Response {
	var r Response
	for _, x := range c.Ranges {
		if x.Weight == 1 || x.Weight == 0 {
			low, high := rat(x.Min), rat(x.Max)
			middle := low.Add(low, high)
			r.Text = decimalText(middle.Quo(middle, big.NewRat(2, 1)))
			break
		}
	}
	for _, u := range c.Units {
		if u.Factor == 1 {
			r.Unit = u.Name
			break
		}
	}
	return r
}

// rat gives the decimal that x is written as: 0.1 is a tenth.
func rat(x float64) *big.Rat {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(x, 'f', -1, 64))
	if !ok {
		return new(big.Rat)
	}
	return r
}

// decimalText writes a fraction whose denominator is of twos and fives only without rounding it.
func decimalText(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	digits, exact := r.FloatPrec()
	if !exact {
		digits = 20
	}
	return r.FloatString(digits)
}

func (numerical) Check(c Content, r Response) error {
	var p problems
	p.length("text", r.Text, MaxNumber)
	if r.Unit != "" && !slices.ContainsFunc(c.Units, func(u Unit) bool { return u.Name == r.Unit }) {
		p.add("unit", "unknown")
	}
	r.Text, r.Unit = "", ""
	p.foreign(r)
	return p.refused()
}

func (numerical) Answered(r Response) bool { return strings.TrimSpace(r.Text) != "" }

func (numerical) lacks(c Content, r Response) Missing {
	value, rest := quantityOf(c, r.Text)
	switch {
	case value == nil, len(c.Units) == 0 && rest != "":
		return NoNumber
	case len(c.Units) > 0 && r.Unit == "" && rest == "":
		return NoUnit
	}
	return Whole
}

// Mark gives the weight of the best range that holds the number. Where a unit is asked for and the one
// given is none of the item's, the number counts as in the unit of the ranges, less UnitPenalty.
func (numerical) Mark(c Content, r Response) Mark {
	best, united := rangeOf(c, r)
	if len(c.Units) > 0 && !united {
		best.Weight *= 1 - c.UnitPenalty
	}
	return Mark{Fraction: best.Weight}
}

// rangeOf gives the range of the most weight that holds the number, the empty one where none does, and whether the
// number came with a unit of the item.
func rangeOf(c Content, r Response) (best Range, united bool) {
	value, rest := quantityOf(c, r.Text)
	if value == nil {
		return Range{}, false
	}
	factor, united := unitOf(c, r.Unit, rest)
	if !united && len(c.Units) == 0 && rest != "" {
		return Range{}, false // words behind a bare number
	}
	value.Mul(value, factor)
	for _, x := range c.Ranges {
		if x.Weight > best.Weight && value.Cmp(rat(x.Min)) >= 0 && value.Cmp(rat(x.Max)) <= 0 {
			best = x
		}
	}
	return best, united
}

// ChosenFeedback gives what the author says of the range that a number lies in; of a cloze a line a gap.
func ChosenFeedback(c Content, r Response) string {
	var lines []string
	if c.Kind == Numerical {
		if best, _ := rangeOf(c, r); best.Feedback != "" {
			lines = append(lines, best.Feedback)
		}
	}
	for i, sub := range c.Subs {
		if i < len(r.Subs) {
			if text := ChosenFeedback(sub.Content, r.Subs[i]); text != "" {
				lines = append(lines, text)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// unitOf finds the unit that was chosen or is written behind the number. Where both are given they must agree:
// "150 厘米" with 米 chosen has none.
func unitOf(c Content, chosen, written string) (factor *big.Rat, found bool) {
	of := func(name string) *big.Rat {
		for _, u := range c.Units {
			if key := unitKey(name); key != "" && unitKey(u.Name) == key {
				return rat(u.Factor)
			}
		}
		return nil
	}
	factor, behind := of(chosen), of(written)
	switch {
	case factor == nil:
		factor = behind
	case unitKey(written) != "" && (behind == nil || behind.Cmp(factor) != 0):
		factor = nil
	}
	if factor == nil {
		return big.NewRat(1, 1), false
	}
	return factor, true
}

// exponent is a digit that belongs to a unit: m2, s^-1.
var exponent = regexp.MustCompile(`[A-Za-z]\^?-?\d+`)

// quantityOf reads an answer to an item: a percent sign is a hundredth, or one of the item's units. Two numbers
// ("3 或 4", "3.1.4") are none.
func quantityOf(c Content, text string) (value *big.Rat, rest string) {
	value, rest = parseQuantity(text, slices.ContainsFunc(c.Units, func(u Unit) bool { return strings.HasPrefix(unitKey(u.Name), "%") }))
	ofItem := func(u Unit) bool { return unitKey(u.Name) == unitKey(rest) }
	if strings.ContainsAny(exponent.ReplaceAllString(rest, ""), "0123456789") && !slices.ContainsFunc(c.Units, ofItem) {
		return nil, ""
	}
	return value, rest
}

// quantity is a number as people type it: sign, digits with or without thousands separators, decimals,
// a power of ten (1.5e3, 1.5×10^3), a percent sign; the rest is a unit.
var quantity = regexp.MustCompile(`^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d*)?(?:\s*(?:[eE]|[×xX*]\s*10\s*\^?)\s*([+-]?\d{1,2}))?\s*(%?)\s*(.*)$`)

// parseQuantity reads a number and what stands behind it; nil where the text does not begin with one. A percent
// sign is a hundredth, or a unit of the item and then left in the rest.
func parseQuantity(text string, percentIsUnit bool) (value *big.Rat, rest string) {
	text = strings.TrimSpace(search.Normalise(text, search.NormalOptions{Numerals: true}))
	if len(text) > 4*MaxNumber {
		return nil, ""
	}
	text = strings.NewReplacer("−", "-", "–", "-").Replace(text)
	m := quantity.FindStringSubmatch(text)
	if m == nil || m[2] == "" && len(m[3]) < 2 {
		return nil, ""
	}
	digits := strings.ReplaceAll(m[2], ",", "")
	if digits == "" {
		digits = "0"
	}
	number := m[1] + digits + strings.TrimSuffix(m[3], ".")
	if m[4] != "" {
		number += "e" + m[4]
	}
	value, ok := new(big.Rat).SetString(number)
	if !ok {
		return nil, ""
	}
	if m[5] == "%" {
		if percentIsUnit {
			return value, "%" + m[6]
		}
		value.Quo(value, big.NewRat(100, 1))
	}
	return value, m[6]
}

// Around gives the range of a value and a tolerance, both written as decimals: exactly, "0.3" and "0.1" make
// 0.2 to 0.4. The error says that a text is no decimal, or that the tolerance is negative.
func Around(value, tolerance string) (Range, error) {
	v, ok := new(big.Rat).SetString(value)
	t, fine := new(big.Rat).SetString(tolerance)
	if !ok || !fine || t.Sign() < 0 {
		return Range{}, fault.New(fault.Invalid, "question.range", "%s ± %s", value, tolerance)
	}
	low, _ := new(big.Rat).Sub(v, t).Float64()
	high, _ := new(big.Rat).Add(v, t).Float64()
	return Range{Min: low, Max: high, Weight: 1}, nil
}
