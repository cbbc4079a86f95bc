package statistics

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The definitions of exam-rules section 5 word by word, in rational numbers: they share nothing with the package.

func rat(num, den int64) *big.Rat     { return big.NewRat(num, den) }
func times(a, b *big.Rat) *big.Rat    { return new(big.Rat).Mul(a, b) }
func over(a, b *big.Rat) *big.Rat     { return new(big.Rat).Quo(a, b) }
func minus(a, b *big.Rat) *big.Rat    { return new(big.Rat).Sub(a, b) }
func plain64(a *big.Rat) float64      { x, _ := a.Float64(); return x }
func root(a *big.Rat) float64         { return math.Sqrt(plain64(a)) }
func count(list []*big.Rat) *big.Rat  { return rat(int64(len(list)), 1) }
func meanOf(list []*big.Rat) *big.Rat { return over(total(list), count(list)) }
func sorted(list []*big.Rat) []*big.Rat {
	return slices.SortedFunc(slices.Values(list), (*big.Rat).Cmp)
}

func total(list []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, x := range list {
		sum.Add(sum, x)
	}
	return sum
}

// about gives the sum of the products of the differences to the means.
func about(lists ...[]*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for i := range lists[0] {
		product := rat(1, 1)
		for _, list := range lists {
			product.Mul(product, minus(list[i], meanOf(list)))
		}
		sum.Add(sum, product)
	}
	return sum
}

func covariance(x, y []*big.Rat) *big.Rat { return over(about(x, y), minus(count(x), rat(1, 1))) }

func deref(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

// TestDefinitions compares every figure of random tables with its definition.
func TestDefinitions(t *testing.T) {
	none := math.NaN()
	want := func(t *testing.T, name string, got *float64, figure float64) {
		t.Helper()
		if got == nil != math.IsNaN(figure) || got != nil && math.Abs(*got-figure) > 1e-12*math.Max(math.Abs(figure), 1) {
			t.Errorf("%s: %v, want %v", name, deref(got), figure)
		}
	}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 21))
		n, p := 4+r.IntN(20), 2+r.IntN(5)
		columns, points := make([][]*big.Rat, p), make([]int64, p)
		for j := range columns {
			points[j] = int64(1 + r.IntN(10))
			flat := r.IntN(12) == 0
			for range n {
				tenths := r.Int64N(10*points[j] + 1)
				if r.IntN(2) == 0 {
					tenths = 10 * points[j] * int64(r.IntN(2))
				}
				if flat {
					tenths = 3
				}
				columns[j] = append(columns[j], rat(tenths, 10))
			}
		}
		totals := make([]*big.Rat, n)
		var csv strings.Builder
		csv.WriteString("learner" + strings.Repeat(",i", p) + "\nmax")
		for _, most := range points {
			fmt.Fprintf(&csv, ",%d", most)
		}
		for i := range n {
			totals[i] = new(big.Rat)
			fmt.Fprintf(&csv, "\nu%d", i)
			for _, column := range columns {
				totals[i].Add(totals[i], column[i])
				csv.WriteString("," + column[i].FloatString(1))
			}
		}
		got, at := read(t, csv.String()), fmt.Sprintf("seed %d, ", seed)
		k2, s := covariance(totals, totals), count(totals)
		if k2.Sign() == 0 {
			continue
		}
		less := func(by int64) *big.Rat { return minus(s, rat(by, 1)) }
		m2, m3, m4 := over(about(totals, totals), s), over(about(totals, totals, totals), s), over(about(totals, totals, totals, totals), s)
		k3 := over(times(times(s, s), m3), times(less(1), less(2)))
		k4 := minus(times(new(big.Rat).Add(s, rat(1, 1)), m4), times(times(rat(3, 1), less(1)), times(m2, m2)))
		k4 = over(times(times(s, s), k4), times(less(1), times(less(2), less(3))))
		variances, weights := new(big.Rat), 0.0
		for _, x := range columns {
			variances.Add(variances, covariance(x, x))
			weights += math.Sqrt(max(plain64(covariance(x, totals)), 0))
		}
		items := rat(int64(p), 1)
		cic := times(over(times(rat(100, 1), items), minus(items, rat(1, 1))), minus(rat(1, 1), over(variances, k2)))
		ratio := 100 * root(minus(rat(1, 1), over(cic, rat(100, 1))))
		order := sorted(totals)
		want(t, at+"mean", got.Quiz.Mean, plain64(meanOf(totals)))
		want(t, at+"median", got.Quiz.Median, plain64(meanOf([]*big.Rat{order[(n-1)/2], order[n/2]})))
		want(t, at+"sd", got.Quiz.SD, root(k2))
		want(t, at+"skewness", got.Quiz.Skewness, plain64(k3)/math.Pow(plain64(k2), 1.5))
		want(t, at+"kurtosis", got.Quiz.Kurtosis, plain64(over(k4, times(k2, k2))))
		want(t, at+"cic", got.Quiz.CIC, plain64(cic))
		want(t, at+"error ratio", got.Quiz.ErrorRatio, ratio)
		want(t, at+"standard error", got.Quiz.StandardError, ratio*root(k2)/100)
		for j, x := range columns {
			rest := make([]*big.Rat, n)
			for i := range rest {
				rest[i] = minus(totals[i], x[i])
			}
			f, name := got.Items[j], fmt.Sprintf("%sitem %d ", at, j)
			xx, yy, xy, xt, most := covariance(x, x), covariance(rest, rest), covariance(x, rest), covariance(x, totals), covariance(sorted(x), sorted(rest))
			discrimination, efficiency, weight := none, none, none
			if xx.Sign() != 0 && yy.Sign() != 0 {
				discrimination = 100 * plain64(xy) / root(times(xx, yy))
			}
			if most.Sign() != 0 {
				efficiency = 100 * plain64(over(xy, most))
			}
			if xt.Sign() >= 0 && weights > 0 {
				weight = 100 * root(xt) / weights
			}
			want(t, name+"facility", f.Facility, plain64(over(meanOf(x), rat(points[j], 1))))
			want(t, name+"sd", f.SD, root(xx))
			want(t, name+"covariance", f.Covariance, plain64(xy))
			want(t, name+"mark variance", f.MarkVariance, plain64(xx))
			want(t, name+"other variance", f.OtherVariance, plain64(yy))
			want(t, name+"discrimination", f.Discrimination, discrimination)
			want(t, name+"covariance max", f.CovarianceMax, plain64(most))
			want(t, name+"efficiency", f.Efficiency, efficiency)
			want(t, name+"weight", f.Weight, weight)
			want(t, name+"random guess", f.RandomGuess, none)
		}
	}
}
