package statistics

import (
	"math"
	"math/big"
)

// sum is a sum of float64 that no order of its terms changes: kept as three numbers that are added up at the end (A. Klein, "A
// generalized Kahan-Babuska-summation-algorithm", Computing 76, 2006, 279-293), relative error about 1e-48 a step. Two are not enough:
// differences of decimals such as 2.2 and 0.2 are 2 and a last bit, whose square decides to which side half of a last digit is rounded.
type sum struct{ hi, mid, lo float64 }

func (s *sum) add(x float64) {
	var rest float64
	s.hi, rest = twoSum(s.hi, x)
	s.mid, rest = twoSum(s.mid, rest)
	s.lo += rest
}

// addProduct adds a*b without rounding the product. The conversion keeps a compiler from fusing it.
func (s *sum) addProduct(a, b float64) {
	p := float64(a * b)
	s.add(p)
	s.add(math.FMA(a, b, -p))
}

// twoSum gives a sum and what rounding took from it (Knuth).
func twoSum(a, b float64) (float64, float64) {
	h := a + b
	v := h - a
	return h, (a - (h - v)) + (b - v)
}

func (s sum) float() float64 {
	x, _ := s.exact().Float64()
	return x
}

// exact gives the sum in so many bits that what moments makes of sums is not rounded.
func (s sum) exact() *big.Float {
	x := new(big.Float).SetPrec(640).SetFloat64(s.hi)
	return x.Add(x, big.NewFloat(s.mid)).Add(x, big.NewFloat(s.lo))
}

// spread gives n times the sum of the products less the product of the sums.
func spread(n int, xy, x, y sum) *big.Float {
	all, product := xy.exact(), x.exact()
	all.Mul(all, big.NewFloat(float64(n)))
	return all.Sub(all, product.Mul(product, y.exact()))
}

// pair sums the marks x of an item and the totals t of the same attempts.
type pair struct {
	n                int
	x, t, xx, tt, xt sum
}

func (p *pair) add(x, t float64) {
	p.n++
	p.x.add(x)
	p.t.add(t)
	p.xx.addProduct(x, x)
	p.tt.addProduct(t, t)
	p.xt.addProduct(x, t)
}

// Marks are decimals, which floats hold to 16 digits. What a variance has below this share of the squares of the marks, and a
// covariance below this share of the spread of one times the size of the other, is noise of that and means 0.
const (
	varianceNoise   = 1e-24
	covarianceNoise = 1e-14
)

// moments are the sample variances and covariances (n-1) of marks x, totals t and rests y = t - x.
type moments struct{ xx, tt, yy, xy, xt float64 }

// moments needs two attempts at least.
func (p *pair) moments() moments {
	n := float64(p.n)
	xx, tt, xt := spread(p.n, p.xx, p.x, p.x), spread(p.n, p.tt, p.t, p.t), spread(p.n, p.xt, p.x, p.t)
	xy := new(big.Float).Sub(xt, xx)
	yy := new(big.Float).Sub(tt, xt)
	yy.Sub(yy, xy)
	marks, totals := n*p.xx.float(), n*p.tt.float()
	m := moments{xx: quiet(xx, varianceNoise*marks), tt: quiet(tt, varianceNoise*totals), yy: quiet(yy, varianceNoise*(totals+marks))}
	noise := covarianceNoise * (math.Sqrt(m.xx*totals) + math.Sqrt(m.tt*marks))
	if m.xx != 0 && m.yy != 0 {
		m.xy = quiet(xy, noise)
	}
	if m.xx != 0 && m.tt != 0 {
		m.xt = quiet(xt, noise)
	}
	d := n * (n - 1)
	return moments{m.xx / d, m.tt / d, m.yy / d, m.xy / d, m.xt / d}
}

// quiet gives a sum as a number, or 0 where it is no more than noise.
func quiet(s *big.Float, noise float64) float64 {
	if x, _ := s.Float64(); math.Abs(x) > noise {
		return x
	}
	return 0
}
