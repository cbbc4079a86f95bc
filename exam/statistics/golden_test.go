package statistics

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

// The table and what is to come of it: computed with rational numbers and 60-digit roots straight from the definitions, by a
// program that shares nothing with this package.
const golden = `learner,a,b,c,d,e
max,1,2,5,10,1
p1,1,2,4.5,9,0
p2,1,0,3,7.5,1
p3,0,1.5,2,6,1
p4,1,2,5,10,0
p5,0,0,1.5,2.5,1
p6,1,1,0,8,0
p7,0,0.5,2.5,4,1
p8,1,2,3.5,9.5,0
p9,1,0,0,0,1
p10,0,1,4,5,1
`

func read(t testing.TB, csv string) Report {
	t.Helper()
	table, err := ReadTable(strings.NewReader(csv), BlankIsZero)
	if err != nil {
		t.Fatal(err)
	}
	return table.Report()
}

// want compares to 13 digits; NaN stands for a figure that is not defined.
func want(t *testing.T, name string, got *float64, figure float64) {
	t.Helper()
	switch {
	case math.IsNaN(figure):
		if got != nil {
			t.Errorf("%s: %v, want none", name, *got)
		}
	case got == nil:
		t.Errorf("%s: none, want %v", name, figure)
	case math.Abs(*got-figure) > 1e-13*math.Max(math.Abs(figure), 1e-3):
		t.Errorf("%s: %v, want %v", name, *got, figure)
	}
}

func TestGolden(t *testing.T) {
	r := read(t, golden)
	q := r.Quiz
	if q.N != 10 || len(r.Items) != 5 {
		t.Fatalf("%d attempts, %d items", q.N, len(r.Items))
	}
	for name, one := range map[string]struct {
		got  *float64
		want float64
	}{
		"mean": {q.Mean, 10.95}, "median": {q.Median, 10.75}, "sd": {q.SD, 5.09602241404455}, "skewness": {q.Skewness, -0.3151741133423729},
		"kurtosis": {q.Kurtosis, -0.5135605029351069}, "cic": {q.CIC, 52.679430955182376}, "error ratio": {q.ErrorRatio, 68.78994769936784},
		"standard error": {q.StandardError, 3.5055511533693084},
	} {
		want(t, name, one.got, one.want)
	}
	none := math.NaN()
	for i, w := range []struct {
		name                                                                       string
		facility, sd, weight, cov, mark, other, discrimination, covMax, efficiency float64
	}{
		{"a", 0.6, 0.5163977794943223, 10.590091660451272, 0.7666666666666667, 0.26666666666666666, 24.169444444444444, 30.198744047603, 2.0444444444444443, 37.5},
		{"b", 0.5, 0.8498365855987975, 19.720735319669004, 2.861111111111111, 0.7222222222222222, 19.525, 76.19101848662376, 3.5277777777777777, 81.10236220472441},
		{"c", 0.52, 1.7448336437736534, 28.115421116224528, 4.238888888888889, 3.0444444444444443, 14.447222222222223, 63.91544686788602, 6.572222222222222, 64.49704142011835},
		{"d", 0.615, 3.274904578762563, 41.57375190365519, 5.2, 10.725, 4.844444444444444, 72.14109056187198, 6.894444444444445, 75.42304593070105},
		{"e", 0.6, 0.5163977794943223, none, -2.1222222222222222, 0.26666666666666666, 29.947222222222223, -75.09797370775298, 2.2111111111111112, -95.97989949748744},
	} {
		f := r.Items[i]
		if f.Name != w.name {
			t.Errorf("item %d is %q", i, f.Name)
		}
		want(t, w.name+" facility", f.Facility, w.facility)
		want(t, w.name+" sd", f.SD, w.sd)
		want(t, w.name+" random guess", f.RandomGuess, none)
		want(t, w.name+" effective weight", f.Weight, w.weight)
		want(t, w.name+" covariance", f.Covariance, w.cov)
		want(t, w.name+" mark variance", f.MarkVariance, w.mark)
		want(t, w.name+" other mark variance", f.OtherVariance, w.other)
		want(t, w.name+" discrimination", f.Discrimination, w.discrimination)
		want(t, w.name+" covariance max", f.CovarianceMax, w.covMax)
		want(t, w.name+" efficiency", f.Efficiency, w.efficiency)
	}
}

// TestGuards stands on both sides of every guard of the formulas.
func TestGuards(t *testing.T) {
	none := math.NaN()
	half, s12 := 0.5, math.Sqrt(0.5)
	type figures struct{ mean, median, sd, skewness, kurtosis, cic, ratio, standard float64 }
	for name, c := range map[string]struct {
		csv  string
		n    int
		quiz figures
	}{
		"one":                 {"l,a,b\nx,1,0\n", 1, figures{1, 1, none, none, none, none, none, none}},
		"two":                 {"l,a,b\nx,1,0\ny,1,1\n", 2, figures{1.5, 1.5, s12, none, none, none, none, none}},
		"two alike":           {"l,a,b\nx,1,0\ny,0,1\n", 2, figures{1, 1, 0, none, none, none, none, none}},
		"three":               {"l,a,b\nx,0,0\ny,1,0\nz,1,1\n", 3, figures{1, 1, 1, 0, none, 200 * (1 - 2.0/3), 100 * math.Sqrt(1.0/3), math.Sqrt(1.0 / 3)}},
		"three alike":         {"l,a,b\nx,1,0\ny,0,1\nz,1,0\n", 3, figures{1, 1, 0, none, none, none, none, none}},
		"three alike, tenths": {"l,a,b\nx,0.1,0.2\ny,0.2,0.1\nz,0.3,0\n", 3, figures{0.3, 0.3, 0, none, none, none, none, none}},
		"four":                {"l,a,b\nx,0,0\ny,1,0\nz,1,1\nw,0,0\n", 4, figures{0.75, half, math.Sqrt(11.0 / 12), 0.854563038, -1.28925619834710, 0, 0, 0}},
		"one item":            {"l,a\nx,0\ny,1\nz,1\nw,0\n", 4, figures{half, half, math.Sqrt(1.0 / 3), 0, -6, none, none, none}},
	} {
		q := read(t, c.csv).Quiz
		if q.N != c.n {
			t.Errorf("%s: n is %d", name, q.N)
		}
		if name == "four" { // variances 1/3 and 1/4 of 11/12; k3 = 0.75
			alpha := 2 * (1 - (1.0/3+1.0/4)/(11.0/12))
			c.quiz.skewness = 0.75 / math.Pow(11.0/12, 1.5)
			c.quiz.cic, c.quiz.ratio, c.quiz.standard = 100*alpha, 100*math.Sqrt(1-alpha), math.Sqrt(1-alpha)*math.Sqrt(11.0/12)
		}
		want(t, name+" mean", q.Mean, c.quiz.mean)
		want(t, name+" median", q.Median, c.quiz.median)
		want(t, name+" sd", q.SD, c.quiz.sd)
		want(t, name+" skewness", q.Skewness, c.quiz.skewness)
		want(t, name+" kurtosis", q.Kurtosis, c.quiz.kurtosis)
		want(t, name+" cic", q.CIC, c.quiz.cic)
		want(t, name+" error ratio", q.ErrorRatio, c.quiz.ratio)
		want(t, name+" standard error", q.StandardError, c.quiz.standard)
	}
}

func TestNobody(t *testing.T) {
	table := Table{Items: []string{"a"}, Max: []float64{1}}
	if r := table.Report(); !reflect.DeepEqual(r, Report{Items: []Line{{Name: "a"}}}) {
		t.Errorf("%+v", r)
	}
}

func TestGuardsOfItems(t *testing.T) {
	none := math.NaN()
	type figures struct{ facility, sd, weight, cov, mark, other, discrimination, covMax, efficiency float64 }
	for name, c := range map[string]struct {
		csv   string
		items []figures
	}{
		"one":       {"l,a,b\nx,1,0\n", []figures{{1, none, none, none, none, none, none, none, none}, {0, none, none, none, none, none, none, none, none}}},
		"two":       {"l,a,b\nx,1,1\ny,0,0\n", []figures{{0.5, math.Sqrt(0.5), 50, 0.5, 0.5, 0.5, 100, 0.5, 100}, {0.5, math.Sqrt(0.5), 50, 0.5, 0.5, 0.5, 100, 0.5, 100}}},
		"a is flat": {"l,a,b\nx,0.1,1\ny,0.1,0\nz,0.1,1\n", []figures{{0.1, 0, 0, 0, 0, 1.0 / 3, none, 0, none}, {2.0 / 3, math.Sqrt(1.0 / 3), 100, 0, 1.0 / 3, 0, none, 0, none}}},
		"one item":  {"l,a\nx,0.1\ny,0.3\n", []figures{{0.2, math.Sqrt(0.02), 100, 0, 0.02, 0, none, 0, none}}},
		// The totals are all the same: what a gains b loses, and no weight is to be had.
		"opposed": {"l,a,b\nx,0.7,0\ny,0,0.7\n", []figures{{0.35, math.Sqrt(0.245), none, -0.245, 0.245, 0.245, -100, 0.245, -100}, {0.35, math.Sqrt(0.245), none, -0.245, 0.245, 0.245, -100, 0.245, -100}}},
	} {
		r := read(t, c.csv)
		for i, w := range c.items {
			f, at := r.Items[i], name+" "+r.Items[i].Name+" "
			want(t, at+"facility", f.Facility, w.facility)
			want(t, at+"sd", f.SD, w.sd)
			want(t, at+"effective weight", f.Weight, w.weight)
			want(t, at+"covariance", f.Covariance, w.cov)
			want(t, at+"mark variance", f.MarkVariance, w.mark)
			want(t, at+"other mark variance", f.OtherVariance, w.other)
			want(t, at+"discrimination", f.Discrimination, w.discrimination)
			want(t, at+"covariance max", f.CovarianceMax, w.covMax)
			want(t, at+"efficiency", f.Efficiency, w.efficiency)
		}
	}
}
