package integrity

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// exam makes answers of independent takers: items of differing hardness, three wrong answers of differing
// popularity, takers of differing ability.
func exam(r *rand.Rand, takers, items int) [][]Response {
	hard := make([]float64, items)
	popular := make([][3]float64, items)
	for i := range items {
		hard[i] = r.Float64()*2 - 0.5
		a, b, c := r.Float64()+0.1, r.Float64()+0.1, r.Float64()+0.1
		popular[i] = [3]float64{a / (a + b + c), b / (a + b + c), c / (a + b + c)}
	}
	all := make([][]Response, takers)
	for t := range all {
		ability := r.NormFloat64() + 1
		all[t] = make([]Response, items)
		for i := range items {
			if r.Float64() < 1/(1+math.Exp(hard[i]-ability)) {
				continue
			}
			u := r.Float64()
			switch p := popular[i]; {
			case u < p[0]:
				all[t][i] = 1
			case u < p[0]+p[1]:
				all[t][i] = 2
			default:
				all[t][i] = 3
			}
		}
	}
	return all
}

// Who copied most of a weak taker's answers is found, and named with the items.
func TestPlantedCopierIsFound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	found := 0
	const exams = 20
	for range exams {
		all := exam(r, 300, 50)
		source := 0 // one with 20 wrong or so: who gets all right cannot be told from one who knows it
		for t, row := range all {
			n := 0
			for _, a := range row {
				if a != 0 {
					n++
				}
			}
			if n >= 18 && n <= 24 {
				source = t
				break
			}
		}
		copier := (source + 100) % 300
		for i := range all[copier] {
			if r.Float64() < 0.9 {
				all[copier][i] = all[source][i]
			}
		}
		pairs := Similar(all, 0.05, 100)
		for _, p := range pairs {
			if p.A == min(source, copier) && p.B == max(source, copier) {
				found++
				if p.Shared != len(p.Items) || float64(p.Shared) <= p.Expected || p.Both < p.Shared || p.Chance > 0.05 {
					t.Errorf("%+v", p)
				}
			}
		}
	}
	if found < exams*9/10 {
		t.Errorf("found %d of %d copiers", found, exams)
	}
}

// Independent takers: a pair is named in about one exam of twenty, as it is said, and not more.
func TestIndependentTakersAreLeftAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const exams = 200
	named := 0
	for range exams {
		if len(Similar(exam(r, 120, 40), 0.05, 100)) > 0 {
			named++
		}
	}
	// 5 % of 200 is 10; more than 20 would come by chance once in five hundred such tests.
	t.Logf("%d of %d exams named a pair, at most about %d are stated", named, exams, exams/20)
	if named > 20 {
		t.Errorf("%d of %d exams without copying named a pair", named, exams)
	}
}

// The tail is that of all ways counted one by one.
func TestAtLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chances := rapid.SliceOfN(rapid.Float64Range(0.001, 0.999), 1, 10).Draw(t, "chances")
		m := rapid.IntRange(1, len(chances)).Draw(t, "m")
		want := 0.0
		for set := range 1 << len(chances) {
			p, n := 1.0, 0
			for i, q := range chances {
				if set>>i&1 == 1 {
					p *= q
					n++
				} else {
					p *= 1 - q
				}
			}
			if n >= m {
				want += p
			}
		}
		if got := atLeast(chances, m, 1); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v, want %v", got, want)
		}
		enough := rapid.Float64Range(0, 1).Draw(t, "enough")
		if got := atLeast(chances, m, enough); want > enough+1e-9 && got <= enough || want < enough-1e-9 && math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v, want %v or more than %v", got, want, enough)
		}
	})
}

// The order of takers and the numbers of answers mean nothing.
func TestOrderMeansNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	all := exam(r, 80, 40)
	copy(all[50], all[10])
	was := Similar(all, 0.5, 100)
	turned := make([][]Response, len(all))
	for t, row := range all {
		to := make([]Response, len(row))
		for i, a := range row {
			if a != 0 {
				to[i] = a*7 + 3
			}
		}
		turned[len(all)-1-t] = to
	}
	now := Similar(turned, 0.5, 100)
	if len(was) == 0 || len(was) != len(now) {
		t.Fatalf("%d pairs, then %d", len(was), len(now))
	}
	for i, p := range was {
		// Takers of the same number wrong may fall into another group of ability: the figure moves a little.
		if q := now[i]; q.A != len(all)-1-p.B || q.B != len(all)-1-p.A || q.Shared != p.Shared || q.Both != p.Both {
			t.Errorf("%+v, then %+v", p, q)
		}
	}
}

func TestNothingToCompare(t *testing.T) {
	for _, answers := range [][][]Response{nil, {{1, 2, 3}}, {{}, {}}, {{0, 0}, {0, 0}}, {{1, 1}, {1, 1}}} {
		if pairs := Similar(answers, 0.05, 10); len(pairs) != 0 {
			t.Errorf("%v: %+v", answers, pairs)
		}
	}
}

// BenchmarkSimilar is an exam of 5,000 takers and 100 items.
func BenchmarkSimilar(b *testing.B) {
	all := exam(rand.New(rand.NewPCG(7, 8)), 5000, 100)
	b.ResetTimer()
	for range b.N {
		Similar(all, 0.05, 100)
	}
}
