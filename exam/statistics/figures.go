package statistics

import (
	"math"
	"slices"
)

// Quiz are the figures of a quiz as a whole, in the units of the totals; nil where a figure is not defined.
type Quiz struct {
	N             int      `json:"n"`              // attempts that are marked
	Mean          *float64 `json:"mean"`           // n > 0
	Median        *float64 `json:"median"`         // n > 0
	SD            *float64 `json:"sd"`             // with n-1; n > 1
	Skewness      *float64 `json:"skewness"`       // k3 / k2^1.5; n > 2 and not all the same
	Kurtosis      *float64 `json:"kurtosis"`       // k4 / k2^2; n > 3 and not all the same
	CIC           *float64 `json:"cic"`            // percent; n > 2, not all the same, two items or more, and every paper has as many
	ErrorRatio    *float64 `json:"error_ratio"`    // percent: 100 sqrt(1 - CIC/100)
	StandardError *float64 `json:"standard_error"` // error ratio x sd / 100
}

// Item are the figures of an item, in the units of its marks; nil where a figure is not defined.
type Item struct {
	Facility       *float64 `json:"facility"`         // mean / max
	SD             *float64 `json:"sd"`               // with n-1; n > 1
	RandomGuess    *float64 `json:"random_guess"`     // what guessing earns on average, a share of the item; the caller knows it
	Weight         *float64 `json:"effective_weight"` // percent: what it contributes to the spread of totals; nil when the covariance with them is negative
	Covariance     *float64 `json:"covariance"`       // of mark and rest
	MarkVariance   *float64 `json:"mark_variance"`
	OtherVariance  *float64 `json:"other_mark_variance"`       // of the rest
	Discrimination *float64 `json:"discrimination_index"`      // percent; nil when a variance is 0
	CovarianceMax  *float64 `json:"covariance_max"`            // of marks and rests sorted each by itself
	Efficiency     *float64 `json:"discriminative_efficiency"` // percent; nil when the largest covariance is 0
}

// Quiz gives the figures of the whole.
func (t *Tally) Quiz() Quiz {
	n := len(t.totals)
	q := Quiz{N: n}
	if n == 0 {
		return q
	}
	totals := slices.Clone(t.totals)
	slices.Sort(totals)
	mean, powers := powersOf(totals)
	q.Mean, q.Median = some(mean), some(median(totals))
	if n == 1 {
		return q
	}
	s := float64(n)
	q.SD = some(math.Sqrt(powers[0] / (s - 1)))
	if n == 2 || powers[0] == 0 {
		return q
	}
	// Fisher's k-statistics out of the central moments.
	m2, m3, m4 := powers[0]/s, powers[1]/s, powers[2]/s
	k2 := s * m2 / (s - 1)
	q.Skewness = some(s * s * m3 / ((s - 1) * (s - 2)) / math.Pow(k2, 1.5))
	if n > 3 {
		k4 := s * s * ((s+1)*m4 - 3*(s-1)*m2*m2) / ((s - 1) * (s - 2) * (s - 3))
		q.Kurtosis = some(k4 / (k2 * k2))
	}
	t.consistency(&q)
	return q
}

// powersOf gives the mean and the sums of the second, third and fourth powers of the differences to it, of sorted totals.
func powersOf(sorted []float64) (float64, [3]float64) {
	var total, square sum
	for _, x := range sorted {
		total.add(x)
		square.addProduct(x, x)
	}
	mean := total.float() / float64(len(sorted))
	if spread := sorted[len(sorted)-1] - sorted[0]; spread*spread <= varianceNoise*square.float() {
		return mean, [3]float64{}
	}
	var powers [3]sum
	for _, x := range sorted {
		d := x - mean
		powers[0].addProduct(d, d)
		powers[1].addProduct(d*d, d)
		powers[2].addProduct(d*d, d*d)
	}
	return mean, [3]float64{powers[0].float(), powers[1].float(), powers[2].float()}
}

// consistency gives Cronbach's alpha, over the attempts whose items are known, and what follows from it.
func (t *Tally) consistency(q *Quiz) {
	n, p := len(t.papers), len(t.places)
	if n < 3 || p < 2 {
		return
	}
	var variances sum
	for i := range t.places {
		if t.places[i].n != n {
			return // papers of different length: there is no alpha of them
		}
		variances.add(t.places[i].moments().xx)
	}
	k2 := t.places[0].moments().tt
	if k2 == 0 {
		return
	}
	cic := 100 * float64(p) / float64(p-1) * (1 - variances.float()/k2)
	q.CIC = some(cic)
	q.ErrorRatio = some(100 * math.Sqrt(max(1-cic/100, 0)))
	q.StandardError = some(*q.ErrorRatio * *q.SD / 100)
}

// weights is the sum over the places of the roots of their covariances with the total.
func (t *Tally) weights() float64 {
	var all sum
	for i := range t.places {
		if t.places[i].n > 1 {
			all.add(math.Sqrt(max(t.places[i].moments().xt, 0)))
		}
	}
	return all.float()
}

// Figures gives the figures of each item.
func (t *Tally) Figures() []Item {
	list := make([]Item, len(t.items))
	weights := t.weights()
	rests := make([]float64, 0, len(t.papers))
	for i := range t.items {
		list[i] = t.items[i].figures(t.papers, weights, rests)
	}
	return list
}

func (s *itemSum) figures(papers []float64, weights float64, rests []float64) Item {
	var f Item
	if s.worth {
		f.Facility = some(s.share.float() / float64(s.n))
	}
	if s.both.n < 2 {
		return f
	}
	m := s.both.moments()
	f.MarkVariance, f.OtherVariance, f.Covariance = some(m.xx), some(m.yy), some(m.xy)
	f.SD = some(math.Sqrt(m.xx))
	largest := 0.0
	if m.xx != 0 && m.yy != 0 {
		f.Discrimination = some(100 * m.xy / math.Sqrt(m.xx*m.yy))
		largest = s.largest(papers, rests)
	}
	f.CovarianceMax = some(largest)
	if largest != 0 {
		f.Efficiency = some(100 * m.xy / largest)
	}
	if weights != 0 && m.xt >= 0 {
		f.Weight = some(100 * math.Sqrt(m.xt) / weights)
	}
	return f
}

// largest gives the covariance that marks and rests would have if they rose together.
func (s *itemSum) largest(papers, rests []float64) float64 {
	rests = rests[:0]
	for i, at := range s.at {
		rests = append(rests, papers[at]-s.marks[i])
	}
	marks := slices.Clone(s.marks)
	slices.Sort(marks)
	slices.Sort(rests)
	n := float64(len(marks))
	var x, y, xy sum
	for i := range marks {
		x.add(marks[i])
		y.add(rests[i])
		xy.addProduct(marks[i], rests[i])
	}
	of, _ := spread(len(marks), xy, x, y).Float64()
	return of / (n * (n - 1))
}
