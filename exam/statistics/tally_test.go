package statistics

import (
	"math"
	"reflect"
	"slices"
	"testing"
)

func marked(item int, earned float64) Mark {
	return Mark{Item: item, Place: item, Earned: earned, Max: 1, Answer: Answered}
}

// TestDrawnPapers: an item is measured over the attempts whose paper had it, and its rest is of those alone.
func TestDrawnPapers(t *testing.T) {
	var tally Tally
	paper := func(item int, earned, rest float64) {
		first := marked(item, earned)
		first.Place = 0
		second := marked(2, rest)
		second.Place = 1
		tally.Add(Attempt{Total: earned + rest, Marks: []Mark{first, second}})
	}
	paper(0, 1, 1)
	paper(0, 0, 0)
	paper(1, 0, 1)
	paper(1, 1, 0)
	paper(1, 0.5, 0.5)
	f := tally.Figures()
	if *f[0].Facility != 0.5 || *f[1].Facility != 0.5 || *f[2].Facility != 0.5 {
		t.Errorf("facilities %v %v %v", *f[0].Facility, *f[1].Facility, *f[2].Facility)
	}
	if *f[0].Discrimination != 100 || *f[1].Discrimination != -100 {
		t.Errorf("discrimination %v and %v", *f[0].Discrimination, *f[1].Discrimination)
	}
	if got := tally.Counts(); got[0].N != 2 || got[1].N != 3 || got[2].N != 5 {
		t.Errorf("counts %+v", got)
	}
	if q := tally.Quiz(); q.N != 5 || q.CIC == nil {
		t.Errorf("papers of two places have a CIC: %+v", q)
	}
	tally.Add(Attempt{Total: 1, Marks: []Mark{marked(0, 1)}}) // a shorter paper
	if q := tally.Quiz(); q.N != 6 || q.CIC != nil {
		t.Errorf("papers of different length have none: %+v", q)
	}
}

// TestWhatIsNotKnown: a total alone counts for the quiz, marks without a total for facility.
func TestWhatIsNotKnown(t *testing.T) {
	var tally Tally
	for _, x := range []float64{0, 0, 1, 1} {
		tally.Add(Attempt{Total: 2 * x, Marks: []Mark{marked(0, x), marked(1, x)}})
	}
	before, cic := tally.Figures(), *tally.Quiz().CIC
	tally.Add(Attempt{Total: 1.5})
	q := tally.Quiz()
	if q.N != 5 || *q.Mean != 1.1 {
		t.Errorf("a total alone: %d attempts, mean %v", q.N, *q.Mean)
	}
	if !reflect.DeepEqual(before, tally.Figures()) || *q.CIC != cic {
		t.Error("a total alone changes the figures of items")
	}
	tally.Add(Attempt{Partial: true, Marks: []Mark{marked(0, 1)}})
	f, counts := tally.Figures(), tally.Counts()
	if tally.Quiz().N != 5 || *f[0].Facility != 0.6 || math.Abs(*f[0].Discrimination-100) > 1e-9 {
		t.Errorf("a mark without its total: %d attempts, facility %v, discrimination %v", tally.Quiz().N, *f[0].Facility, *f[0].Discrimination)
	}
	if counts[0] != (Count{N: 5, Answered: 5, Paired: 4}) {
		t.Errorf("counts %+v", counts[0])
	}
}

// TestThirds: nine takers, totals 0..8; option 0 is the key.
func TestThirds(t *testing.T) {
	var tally Tally
	for total := range 9 {
		m := Mark{Item: 0, Place: 0, Max: 1, Options: true, Seconds: float64(10 * (total + 1))}
		switch {
		case total >= 6:
			m.Chosen = 1
		case total >= 2:
			m.Chosen = 1 << 2
		}
		tally.Add(Attempt{Total: float64(total), Marks: []Mark{m}})
	}
	want := &Choices{Takers: Thirds{3, 3, 3}, Options: []Thirds{{0, 0, 3}, {}, {1, 3, 0}}, None: Thirds{2, 0, 0}}
	if got := tally.Choices()[0]; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := tally.Times()[0]; *got != (Times{N: 9, Lower: 30, Median: 50, Upper: 70}) {
		t.Errorf("times %+v", got)
	}
}

// TestTiesShareAThird: the third of the middle of their ranks, whatever their order.
func TestTiesShareAThird(t *testing.T) {
	for _, c := range []struct {
		totals []float64
		want   Thirds
	}{
		{[]float64{1, 1, 1, 1, 1, 1}, Thirds{0, 6, 0}},
		{[]float64{0, 1, 1, 1, 1, 2}, Thirds{1, 4, 1}},
		{[]float64{0, 0, 0, 1, 1, 1}, Thirds{3, 0, 3}},
		{[]float64{0.1 + 0.2, 0.3, 0.3, 0.1 + 0.2}, Thirds{0, 4, 0}}, // one total but for the rounding
		{[]float64{5}, Thirds{0, 1, 0}},
		{[]float64{5, 6}, Thirds{1, 0, 1}},
	} {
		var tally Tally
		for _, total := range c.totals {
			tally.Add(Attempt{Total: total, Marks: []Mark{{Options: true}}})
		}
		if got := tally.Choices()[0].Takers; got != c.want {
			t.Errorf("%v: %v, want %v", c.totals, got, c.want)
		}
	}
}

// TestFlags stands on both sides of every limit.
func TestFlags(t *testing.T) {
	options := func(chosen ...int) *Choices {
		c := &Choices{}
		for _, n := range chosen {
			c.Options = append(c.Options, Thirds{0, n, 0})
		}
		return c
	}
	for name, c := range map[string]struct {
		item    Item
		choices *Choices
		right   []bool
		want    []Flag
	}{
		"nothing known":               {Item{}, nil, nil, nil},
		"no discrimination":           {Item{Discrimination: some(0)}, nil, nil, nil},
		"negative":                    {Item{Discrimination: some(-0.01)}, nil, nil, []Flag{Negative}},
		"a tenth":                     {Item{Facility: some(0.1)}, nil, nil, nil},
		"below a tenth":               {Item{Facility: some(0.0999)}, nil, nil, []Flag{TooHard}},
		"95 %":                        {Item{Facility: some(0.95)}, nil, nil, nil},
		"above 95 %":                  {Item{Facility: some(0.9501)}, nil, nil, []Flag{TooEasy}},
		"a wrong option as often":     {Item{}, options(5, 5), []bool{true, false}, nil},
		"a wrong option more often":   {Item{}, options(5, 6), []bool{true, false}, []Flag{Distractor}},
		"nobody took the key":         {Item{}, options(0, 0, 1), []bool{true, false, false}, []Flag{Distractor}},
		"nobody chose at all":         {Item{}, options(), []bool{true, false}, nil},
		"of two right ones the least": {Item{}, options(9, 3, 4), []bool{true, true, false}, []Flag{Distractor}},
		"no key":                      {Item{}, options(0, 3), []bool{false, false}, nil},
		"all of it":                   {Item{Discrimination: some(-50), Facility: some(0.05)}, options(1, 2), []bool{true, false}, []Flag{Negative, TooHard, Distractor}},
	} {
		if got := FlagsOf(c.item, c.choices, c.right); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestTimes: quartiles between neighbours in proportion, as spreadsheets have them.
func TestTimes(t *testing.T) {
	for _, c := range []struct {
		seconds              []float32
		lower, median, upper float64
	}{
		{[]float32{7}, 7, 7, 7},
		{[]float32{4, 1}, 1.75, 2.5, 3.25},
		{[]float32{40, 10, 30, 20}, 17.5, 25, 32.5},
		{[]float32{5, 1, 4, 2, 3}, 2, 3, 4},
	} {
		given := slices.Clone(c.seconds)
		if got := TimesOf(given); *got != (Times{len(c.seconds), c.lower, c.median, c.upper}) || !slices.Equal(given, c.seconds) {
			t.Errorf("%v: %+v", c.seconds, got)
		}
	}
	if TimesOf(nil) != nil {
		t.Error("times of nobody")
	}
}
