package statistics

import "math"

// sum is a sum of float64 kept as an unevaluated pair (Dekker, Knuth): relative error about 1e-32 a step. The conversions of
// products keep a compiler from fusing them where that would change the error term.
type sum struct{ hi, lo float64 }

func (s *sum) add(x float64) {
	h := s.hi + x
	b := h - s.hi
	s.settle(h, (s.hi-(h-b))+(x-b))
}

// addProduct adds a*b without rounding the product.
func (s *sum) addProduct(a, b float64) {
	p := float64(a * b)
	s.add(p)
	s.settle(s.hi, math.FMA(a, b, -p))
}

func (s *sum) settle(h, rest float64) {
	lo := s.lo + rest
	s.hi = h + lo
	s.lo = lo - (s.hi - h)
}

func (s sum) float() float64 { return s.hi + s.lo }

// times gives the product of two sums.
func (s sum) times(o sum) sum {
	p := float64(s.hi * o.hi)
	out := sum{hi: p}
	out.settle(p, math.FMA(s.hi, o.hi, -p)+(float64(s.hi*o.lo)+float64(s.lo*o.hi)))
	return out
}

func (s sum) minus(o sum) sum {
	s.add(-o.hi)
	s.settle(s.hi, -o.lo)
	return s
}

// scaled gives the sum times a number.
func (s sum) scaled(x float64) sum { return s.times(sum{hi: x}) }

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
	xx := p.xx.scaled(n).minus(p.x.times(p.x))
	tt := p.tt.scaled(n).minus(p.t.times(p.t))
	xt := p.xt.scaled(n).minus(p.x.times(p.t))
	xy := xt.minus(xx)
	yy := tt.minus(xt).minus(xy)
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
func quiet(s sum, noise float64) float64 {
	if x := s.float(); math.Abs(x) > noise {
		return x
	}
	return 0
}
