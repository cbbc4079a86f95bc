package statistics

import (
	"math"
	"math/rand/v2"
	"testing"
)

func near(t *testing.T, what string, got *float64, want, within float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > within {
		t.Errorf("%s is %v, want %v", what, said(got), want)
	}
}

func said(x *float64) any {
	if x == nil {
		return "undefined"
	}
	return *x
}

// Shrout & Fleiss (1979), table 2: four judges rate six targets; table 4 gives ICC(2,1) = .29.
func TestShroutAndFleiss(t *testing.T) {
	got := ICC21([][]float64{{9, 2, 5, 8}, {6, 1, 3, 2}, {8, 4, 6, 8}, {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}})
	near(t, "ICC(2,1)", got.Value, 0.29, 0.005)
}

// pairsOf spreads a table of counts, rows by A, columns by B, on a grid.
func pairsOf(counts [][]int, step, points float64) []Pair {
	var list []Pair
	for i, row := range counts {
		for j, n := range row {
			for range n {
				list = append(list, Pair{float64(i) * step, float64(j) * step, points})
			}
		}
	}
	return list
}

// Two radiologists judge 85 xeromammograms (Boyd et al. 1982), the example of kappa in Stata's reference manual: with squared
// weights (wgt(w2)) agreement 94.77 %, expected 84.09 %, kappa .6714.
func TestPublishedWeightedKappa(t *testing.T) {
	counts := [][]int{{21, 12, 0, 0}, {4, 17, 1, 0}, {3, 9, 15, 2}, {0, 0, 0, 1}}
	for _, step := range []float64{1, 0.5, 0.25, 0.1} { // the size of the step changes nothing
		kappa, grid := QuadraticKappa(pairsOf(counts, step, 10))
		near(t, "kappa", kappa.Value, 0.6714, 0.00005)
		if grid != step {
			t.Errorf("grid %v, want %v", grid, step)
		}
	}
	// By the definition, with weights 1 - (i-j)^2/(k-1)^2, and categories that nobody uses.
	for _, k := range []float64{4, 11} {
		n, observed, expected := 85.0, 0.0, 0.0
		rows, columns := [4]float64{}, [4]float64{}
		weight := func(i, j int) float64 { return 1 - float64((i-j)*(i-j))/((k-1)*(k-1)) }
		for i, row := range counts {
			for j, c := range row {
				observed += weight(i, j) * float64(c) / n
				rows[i] += float64(c) / n
				columns[j] += float64(c) / n
			}
		}
		for i := range rows {
			for j := range columns {
				expected += weight(i, j) * rows[i] * columns[j]
			}
		}
		if k == 4 && (math.Abs(observed-0.9477) > 5e-5 || math.Abs(expected-0.8409) > 5e-5) {
			t.Errorf("agreement %v, expected %v", observed, expected)
		}
		kappa, _ := QuadraticKappa(pairsOf(counts, 1, 10))
		near(t, "kappa by its definition", kappa.Value, (observed-expected)/(1-expected), 1e-12)
	}
}

func TestWhyAFigureIsNotDefined(t *testing.T) {
	for what, c := range map[string]struct {
		pairs         []Pair
		r, kappa, icc string
	}{
		"nothing":              {nil, "few", "few", "few"},
		"one pair":             {[]Pair{{1, 2, 5}}, "few", "few", "few"},
		"all the same":         {[]Pair{{2, 2, 5}, {2, 2, 5}}, "same", "same", "same"},
		"one never changes":    {[]Pair{{2, 2, 5}, {2, 4, 5}}, "same", "", ""},
		"items differ":         {[]Pair{{2, 2, 5}, {2, 4, 10}, {5, 6, 10}}, "", "scale", ""},
		"no grid":              {[]Pair{{2.33, 2, 5}, {3, 4, 5}}, "", "grid", ""},
		"finer than hundredth": {[]Pair{{7.0 / 3, 2, 5}, {3, 4, 5}}, "", "grid", ""},
	} {
		got := Agree(c.pairs, 0.2, true)
		if got.R.Why != c.r || got.Kappa.Why != c.kappa || got.ICC.Why != c.icc {
			t.Errorf("%s: r %q, kappa %q, icc %q", what, got.R.Why, got.Kappa.Why, got.ICC.Why)
		}
		for _, f := range []Figure{got.R, got.Kappa, got.ICC} {
			if (f.Value == nil) == (f.Why == "") {
				t.Errorf("%s: a figure has a value or a reason, not %v and %q", what, said(f.Value), f.Why)
			}
		}
	}
	if got := Agree([]Pair{{1, 2, 5}, {3, 3, 5}}, 0.2, false); got.ICC.Why != "raters" {
		t.Errorf("not crossed: %+v", got.ICC)
	}
}

func TestDifferencesInPointsAndShares(t *testing.T) {
	// 4 to 3 of 5 is a fifth of the points, which a tolerance of .2 lets pass; 8 to 5 of 10 is not.
	got := Agree([]Pair{{4, 3, 5}, {8, 5, 10}, {2, 2, 5}, {2, 2.004, 5}}, 0.2, false)
	near(t, "exact", got.Exact, 0.5, 0)
	near(t, "within", got.Within, 0.75, 0)
	near(t, "mean in points", got.MeanPoints, (1+3-0.004)/4, 1e-12)
	near(t, "mean as a share", got.Mean, (0.2+0.3-0.0008)/4, 1e-12)
	near(t, "sd as a share", Agree([]Pair{{4, 3, 5}, {8, 5, 10}}, 0, false).SD, 0.1/math.Sqrt2, 1e-12)
}

func TestSeverity(t *testing.T) {
	got := Severities([][]Given{{{"a", 0.8}, {"b", 0.6}}, {{"a", 0.5}, {"b", 0.4}, {"c", 0.2}}, {{"a", 1}}})
	near(t, "a", got["a"].Mean, (0.2+0.2)/2, 1e-12) // .5 against the mean of .4 and .2
	near(t, "a's standard error", got["a"].SE, 0, 1e-12)
	near(t, "b", got["b"].Mean, (-0.2+0.05)/2, 1e-12)
	near(t, "b's standard error", got["b"].SE, 0.125, 1e-12) // half the difference of two
	if got["a"].N != 2 || got["c"].N != 1 || got["c"].SE != nil {
		t.Errorf("n: %+v", got)
	}
}

// Whoever marks: swapping the two changes no agreement and turns differences and severities round; a constant shift of one
// lowers the ICC and the kappa and leaves the correlation; perfect agreement is 1 by every measure; the order of answers and the
// scale of points change nothing.
func TestPropertiesOfAgreement(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	for range 2000 {
		n := 3 + r.IntN(30)
		pairs, swapped, shifted, same, scaled := make([]Pair, n), make([]Pair, n), make([]Pair, n), make([]Pair, n), make([]Pair, n)
		var answers, turned [][]Given
		for i := range pairs {
			quality := r.IntN(10)
			p := Pair{float64(min(10, quality+r.IntN(3))), float64(min(10, quality+r.IntN(3))), 20}
			pairs[i], swapped[i], shifted[i], same[i] = p, Pair{p.B, p.A, 20}, Pair{p.A, p.B + 5, 20}, Pair{p.A, p.A, 20}
			scaled[i] = Pair{p.A * 2, p.B * 2, 40}
			answers = append(answers, []Given{{"x", p.A / 20}, {"y", p.B / 20}})
			turned = append(turned, []Given{{"x", p.B / 20}, {"y", p.A / 20}})
		}
		one, two, three := Agree(pairs, 0.1, true), Agree(swapped, 0.1, true), Agree(shifted, 0.1, true)
		if one.R.Value == nil || one.Kappa.Value == nil || one.ICC.Value == nil {
			continue // all marks the same by chance
		}
		near(t, "kappa swapped", two.Kappa.Value, *one.Kappa.Value, 0)
		near(t, "r swapped", two.R.Value, *one.R.Value, 1e-12)
		near(t, "icc swapped", two.ICC.Value, *one.ICC.Value, 1e-9)
		near(t, "mean swapped", two.Mean, -*one.Mean, 1e-12)
		near(t, "severity swapped", Severities(turned)["x"].Mean, -*Severities(answers)["x"].Mean, 1e-12)
		near(t, "severities of two", Severities(answers)["y"].Mean, -*Severities(answers)["x"].Mean, 1e-12)
		near(t, "r shifted", three.R.Value, *one.R.Value, 1e-9)
		if *one.ICC.Value > 0 && *three.ICC.Value >= *one.ICC.Value || *one.Kappa.Value > 0 && *three.Kappa.Value >= *one.Kappa.Value {
			t.Fatalf("a shift of 5 raises agreement: icc %v to %v, kappa %v to %v", *one.ICC.Value, *three.ICC.Value, *one.Kappa.Value, *three.Kappa.Value)
		}
		whole := Agree(same, 0, true)
		for what, f := range map[string]*float64{"r": whole.R.Value, "kappa": whole.Kappa.Value, "icc": whole.ICC.Value, "exact": whole.Exact, "within": whole.Within} {
			near(t, what+" of perfect agreement", f, 1, 1e-9)
		}
		large := Agree(scaled, 0.1, true)
		near(t, "icc scaled", large.ICC.Value, *one.ICC.Value, 1e-9)
		near(t, "kappa scaled", large.Kappa.Value, *one.Kappa.Value, 0)
		r.Shuffle(n, func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
		again := Agree(pairs, 0.1, true)
		near(t, "icc in another order", again.ICC.Value, *one.ICC.Value, 1e-9)
		near(t, "kappa in another order", again.Kappa.Value, *one.Kappa.Value, 0)
	}
}
