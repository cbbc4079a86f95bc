package statistics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// taken makes up attempts of drawn papers of length places out of items, by ability, in steps of a tenth.
func taken(r *rand.Rand, n, items, places int) []Attempt {
	list := make([]Attempt, n)
	for i := range list {
		ability := r.Float64()
		for place, item := range r.Perm(items)[:places] {
			hard := float64(item) / float64(items)
			earned := float64(r.IntN(11)) / 10 * float64(1+item%3)
			if r.Float64()*0.8+ability > hard+0.5 {
				earned = float64(1 + item%3)
			}
			m := Mark{Item: item, Place: place, Earned: earned, Max: float64(1 + item%3), Answer: earned > 0, Options: item%2 == 0, Seconds: float64(r.IntN(90))}
			if m.Options {
				m.Chosen = 1 << r.IntN(4) & 0b1110
			}
			list[i].Total += m.Earned
			list[i].Marks = append(list[i].Marks, m)
		}
	}
	return list
}

type outcome struct {
	Quiz    Quiz
	Items   []Item
	Choices []*Choices
	Times   []*Times
	Counts  []Count
}

func outcomeOf(attempts []Attempt) outcome {
	var t Tally
	for _, a := range attempts {
		t.Add(a)
	}
	return outcome{t.Quiz(), t.Figures(), t.Choices(), t.Times(), t.Counts()}
}

// figures lists the figures by name.
func (o outcome) figures() map[string]*float64 {
	out := map[string]*float64{}
	list := func(prefix string, v reflect.Value) {
		for i := range v.NumField() {
			if f, ok := v.Field(i).Interface().(*float64); ok {
				out[prefix+v.Type().Field(i).Name] = f
			}
		}
	}
	list("quiz ", reflect.ValueOf(o.Quiz))
	for i := range o.Items {
		list(fmt.Sprintf("item %d ", i), reflect.ValueOf(o.Items[i]))
	}
	return out
}

// TestOrderChangesNothing: not one bit of any figure, whatever the order of attempts, of their marks, and of the places' numbers.
func TestOrderChangesNothing(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		attempts := taken(r, 3+r.IntN(60), 8, 3+r.IntN(6))
		before := outcomeOf(attempts)
		r.Shuffle(len(attempts), func(i, j int) { attempts[i], attempts[j] = attempts[j], attempts[i] })
		for i := range attempts {
			marks := slices.Clone(attempts[i].Marks)
			r.Shuffle(len(marks), func(a, b int) { marks[a], marks[b] = marks[b], marks[a] })
			attempts[i].Marks = marks
		}
		numbers := r.Perm(len(attempts[0].Marks))
		for i := range attempts {
			for j := range attempts[i].Marks {
				attempts[i].Marks[j].Place = numbers[attempts[i].Marks[j].Place]
			}
		}
		if after := outcomeOf(attempts); !reflect.DeepEqual(before, after) {
			t.Fatalf("seed %d:\n%+v\n%+v", seed, before.figures(), after.figures())
		}
	}
}

// TestScaling: each figure grows with the power of the scale that its definition says.
func TestScaling(t *testing.T) {
	powers := map[string]float64{"Mean": 1, "Median": 1, "SD": 1, "StandardError": 1, "Covariance": 2, "MarkVariance": 2, "OtherVariance": 2, "CovarianceMax": 2}
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 2))
		attempts := taken(r, 4+r.IntN(60), 6, 6)
		before := outcomeOf(attempts)
		for _, scale := range []float64{0.001, 0.25, 3, 1e4} {
			scaled := make([]Attempt, len(attempts))
			for i, a := range attempts {
				for _, m := range a.Marks {
					m.Earned, m.Max = m.Earned*scale, m.Max*scale
					scaled[i].Marks = append(scaled[i].Marks, m)
					scaled[i].Total += m.Earned
				}
			}
			after := outcomeOf(scaled)
			if !reflect.DeepEqual(before.Choices, after.Choices) {
				t.Errorf("seed %d: scale %v changes who chose what", seed, scale)
			}
			now := after.figures()
			for name, was := range before.figures() {
				is := now[name]
				var field string
				fmt.Sscanf(name[lastSpace(name):], "%s", &field)
				switch {
				case (was == nil) != (is == nil):
					t.Errorf("seed %d: scale %v changes whether there is a %s", seed, scale, name)
				case was != nil && math.Abs(*was*math.Pow(scale, powers[field])-*is) > 1e-9*math.Max(math.Abs(*is), math.Pow(scale, powers[field])):
					t.Errorf("seed %d, scale %v: %s was %v and is %v", seed, scale, name, *was, *is)
				}
			}
		}
	}
}

func lastSpace(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == ' ' {
			return i
		}
	}
	return 0
}

// TestBounds: what always holds of the figures.
func TestBounds(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		attempts := taken(r, 2+r.IntN(40), 5, 5)
		for i := range attempts { // a place for each item, as in a paper that is not drawn
			for j := range attempts[i].Marks {
				attempts[i].Marks[j].Place = attempts[i].Marks[j].Item
			}
		}
		o := outcomeOf(attempts)
		sum, negative := 0.0, false
		for i, f := range o.Items {
			if f.Discrimination != nil && math.Abs(*f.Discrimination) > 100+1e-9 {
				t.Errorf("seed %d: discrimination %v", seed, *f.Discrimination)
			}
			if f.Efficiency != nil && *f.Efficiency > 100+1e-9 {
				t.Errorf("seed %d: efficiency %v", seed, *f.Efficiency)
			}
			if *f.Facility < 0 || *f.Facility > 1 {
				t.Errorf("seed %d: facility %v", seed, *f.Facility)
			}
			if f.Weight == nil {
				negative = true
			} else {
				sum += *f.Weight
			}
			if c := o.Choices[i]; c != nil {
				chosen := c.None.All()
				for _, option := range c.Options {
					chosen += option.All()
				}
				if chosen != len(attempts) || c.Takers.All() != len(attempts) { // one option at most each
					t.Errorf("seed %d: %d takers, %d choices of %d", seed, c.Takers.All(), chosen, len(attempts))
				}
			}
		}
		if !negative && math.Abs(sum-100) > 1e-9 {
			t.Errorf("seed %d: the weights come to %v", seed, sum)
		}
		if o.Quiz.CIC != nil && *o.Quiz.CIC > 100+1e-9 {
			t.Errorf("seed %d: CIC %v", seed, *o.Quiz.CIC)
		}
		if *o.Quiz.Median < 0 || *o.Quiz.Mean < 0 {
			t.Errorf("seed %d: %+v", seed, o.Quiz)
		}
	}
}

// TestStability: marks far from 0 keep their spread to the last digits.
func TestStability(t *testing.T) {
	var near, far Tally
	for i := range 1000 {
		x, y := float64(i%7), float64(i%11)
		add := func(t *Tally, by float64) {
			t.Add(Attempt{Total: x + y + 2*by, Marks: []Mark{{Item: 0, Place: 0, Earned: x + by, Max: 10}, {Item: 1, Place: 1, Earned: y + by, Max: 10}}})
		}
		add(&near, 0)
		add(&far, 1e6)
	}
	a, b := near.Figures()[0], far.Figures()[0]
	for name, pair := range map[string][2]*float64{"variance": {a.MarkVariance, b.MarkVariance}, "rest": {a.OtherVariance, b.OtherVariance}, "discrimination": {a.Discrimination, b.Discrimination},
		"kurtosis": {near.Quiz().Kurtosis, far.Quiz().Kurtosis}, "cic": {near.Quiz().CIC, far.Quiz().CIC}} {
		if math.Abs(*pair[0]-*pair[1]) > 1e-11*math.Abs(*pair[0]) {
			t.Errorf("%s: %v near 0, %v far from it", name, *pair[0], *pair[1])
		}
	}
}

// TestOneMore: figures may be asked for in between, and the next attempt counts all the same.
func TestOneMore(t *testing.T) {
	attempts := taken(rand.New(rand.NewPCG(7, 7)), 12, 5, 5)
	var tally Tally
	for i, a := range attempts {
		tally.Add(a)
		if got, want := (outcome{tally.Quiz(), tally.Figures(), tally.Choices(), tally.Times(), tally.Counts()}), outcomeOf(attempts[:i+1]); !reflect.DeepEqual(got, want) {
			t.Fatalf("after %d: %+v, want %+v", i+1, got, want)
		}
	}
}

// TestDecimalsInAnyOrder: differences of decimals lie on the edge between two floats more often than chance has it.
func TestDecimalsInAnyOrder(t *testing.T) {
	dice := rand.New(rand.NewPCG(5, 8))
	points, shares := []float64{1.1, 2.3, 2.3, 1.1, 2.3, 1.1}, []float64{0, 0, 0.5, 1, 1}
	for range 3000 {
		list := make([]Attempt, 3+dice.IntN(3))
		for i := range list {
			for item, most := range points {
				list[i].Marks = append(list[i].Marks, Mark{Item: item, Place: item, Earned: shares[dice.IntN(len(shares))] * most, Max: most})
			}
			list[i].Total = TotalOf(list[i].Marks)
		}
		want := outcomeOf(list)
		dice.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for i := range list {
			marks := list[i].Marks
			dice.Shuffle(len(marks), func(i, j int) { marks[i], marks[j] = marks[j], marks[i] })
			list[i].Total = TotalOf(marks)
		}
		if got := outcomeOf(list); !reflect.DeepEqual(got, want) {
			t.Fatalf("%v %v, want %v", got.figures(), list, want.figures())
		}
	}
}
