package statistics

import "math"

// Pair is two marks that evaluators gave to the same answer, blind to each other, in points of an item worth Points.
type Pair struct{ A, B, Points float64 }

// Figure is a number that may not be defined; then Why says why.
type Figure struct {
	Value *float64 `json:"value"`
	Why   string   `json:"why,omitempty" enum:"few,same,scale,grid,raters" doc:"few: too few pairs; same: no spread to measure by; scale: items of different points; grid: the marks lie on no common grid; raters: not the same two evaluators throughout"`
}

// Agreement says how far two marks of the same answers agree. Shares are of the item's points, 0..1; differences are A - B.
type Agreement struct {
	N          int      `json:"n"`      // pairs
	Exact      *float64 `json:"exact"`  // share of the pairs whose marks are equal to the hundredth; n > 0
	Within     *float64 `json:"within"` // share of the pairs at most the tolerance apart; n > 0
	Mean       *float64 `json:"mean"`   // of the differences, as shares; n > 0
	SD         *float64 `json:"sd"`     // of the differences, as shares, with n-1; n > 1
	MeanPoints *float64 `json:"mean_points"`
	SDPoints   *float64 `json:"sd_points"`
	R          Figure   `json:"r"`              // Pearson's correlation
	Kappa      Figure   `json:"kappa"`          // quadratic weighted
	Grid       float64  `json:"grid,omitempty"` // points from one mark to the next, where kappa is told
	ICC        Figure   `json:"icc"`            // ICC(2,1); the caller says whether the design is crossed
}

// Agree gives the figures of pairs; tolerance is the largest difference that counts as agreement, a share of the points. The
// ICC takes A and B as two evaluators, the same throughout (crossed), and is left out where they are not.
func Agree(pairs []Pair, tolerance float64, crossed bool) Agreement {
	out := Agreement{N: len(pairs)}
	if out.N == 0 {
		out.R, out.Kappa, out.ICC = Figure{Why: "few"}, Figure{Why: "few"}, Figure{Why: "few"}
		return out
	}
	n := float64(len(pairs))
	exact, within := 0.0, 0.0
	shares, points := make([]float64, len(pairs)), make([]float64, len(pairs))
	table := make([][]float64, len(pairs))
	for i, p := range pairs {
		points[i] = p.A - p.B
		shares[i] = points[i] / p.Points
		table[i] = []float64{p.A / p.Points, p.B / p.Points}
		if math.Abs(points[i]) < 0.005 {
			exact++
		}
		if math.Abs(shares[i]) <= tolerance+1e-8 {
			within++
		}
	}
	out.Exact, out.Within = some(exact/n), some(within/n)
	out.Mean, out.SD = spreadOf(shares)
	out.MeanPoints, out.SDPoints = spreadOf(points)
	out.R = Pearson(pairs)
	out.Kappa, out.Grid = QuadraticKappa(pairs)
	out.ICC = Figure{Why: "raters"}
	if crossed {
		out.ICC = ICC21(table)
	}
	return out
}

// spreadOf gives the mean (n > 0) and the standard deviation with n-1 (n > 1).
func spreadOf(list []float64) (mean, sd *float64) {
	if len(list) == 0 {
		return nil, nil
	}
	var total, square sum
	for _, x := range list {
		total.add(x)
	}
	m := total.float() / float64(len(list))
	if len(list) == 1 {
		return some(m), nil
	}
	for _, x := range list {
		square.addProduct(x-m, x-m)
	}
	return some(m), some(math.Sqrt(square.float() / float64(len(list)-1)))
}

// Pearson is the product-moment correlation of the marks as shares. A constant shift of one evaluator leaves it as it is: it
// says whether two order answers alike, not whether they give the same.
func Pearson(pairs []Pair) Figure {
	if len(pairs) < 2 {
		return Figure{Why: "few"}
	}
	var s pair
	for _, p := range pairs {
		a, b := p.A/p.Points, p.B/p.Points
		s.add(a, b)
	}
	m := s.moments()
	if m.xx <= 0 || m.tt <= 0 {
		return Figure{Why: "same"}
	}
	return Figure{Value: some(max(-1, min(1, m.xt/math.Sqrt(m.xx*m.tt))))}
}

// grids are the steps of marks that count as discrete, in points.
var grids = [...]int{100, 50, 25, 10} // hundredths

// QuadraticKappa is Cohen's weighted kappa with the squared difference as the weight of a disagreement (J. Cohen, "Weighted
// kappa", Psychological Bulletin 70, 1968, 213-220; these weights: Fleiss & Cohen, Educational and Psychological Measurement 33,
// 1973, 613-619): 1 minus the observed over the chance-expected mean squared difference. It wants items of the same points, marks
// on a grid of steps of 1, .5, .25 or .1 points (the coarsest that holds them all, which is given), and any spread. On equal steps
// categories that nobody used change nothing.
func QuadraticKappa(pairs []Pair) (kappa Figure, grid float64) {
	if len(pairs) < 2 {
		return Figure{Why: "few"}, 0
	}
	a, b := make([]int, len(pairs)), make([]int, len(pairs))
	for i, p := range pairs {
		if p.Points != pairs[0].Points {
			return Figure{Why: "scale"}, 0
		}
		a[i], b[i] = int(math.Round(p.A*100)), int(math.Round(p.B*100))
		if math.Abs(p.A*100-float64(a[i])) > 1e-6 || math.Abs(p.B*100-float64(b[i])) > 1e-6 {
			return Figure{Why: "grid"}, 0
		}
	}
	step := 0
	for _, g := range grids {
		if onGrid(a, g) && onGrid(b, g) {
			step = g
			break
		}
	}
	if step == 0 {
		return Figure{Why: "grid"}, 0
	}
	observed, sumA, sumB, squares := 0.0, 0.0, 0.0, 0.0
	for i := range a {
		x, y := float64(a[i]/step), float64(b[i]/step)
		observed += (x - y) * (x - y)
		sumA, sumB, squares = sumA+x, sumB+y, squares+x*x+y*y
	}
	n := float64(len(a))
	expected := squares - 2*sumA*sumB/n // n times the mean squared difference of every A with every B
	if expected <= 1e-9*max(squares, 1) {
		return Figure{Why: "same"}, 0
	}
	return Figure{Value: some(1 - observed/expected)}, float64(step) / 100
}

func onGrid(list []int, step int) bool {
	for _, x := range list {
		if x%step != 0 {
			return false
		}
	}
	return true
}

// ICC21 is the intraclass correlation of a single mark, answers and evaluators both random (P. Shrout & J. Fleiss, "Intraclass
// correlations: uses in assessing rater reliability", Psychological Bulletin 86, 1979, 420-428, case 2): the share of the variance
// of marks that lies in the answers. A severe evaluator counts as error. Every row is an answer with the marks of the same
// evaluators in the same order (a crossed design). It may be below 0.
func ICC21(table [][]float64) Figure {
	if len(table) < 2 || len(table[0]) < 2 {
		return Figure{Why: "few"}
	}
	n, k := float64(len(table)), float64(len(table[0]))
	grand, columns, rows := 0.0, make([]float64, len(table[0])), make([]float64, len(table))
	for i, row := range table {
		for j, x := range row {
			rows[i] += x / k
			columns[j] += x / n
			grand += x / (n * k)
		}
	}
	between, judges, rest, all := 0.0, 0.0, 0.0, 0.0
	for _, m := range rows {
		between += k * (m - grand) * (m - grand)
	}
	for _, m := range columns {
		judges += n * (m - grand) * (m - grand)
	}
	for i, row := range table {
		for j, x := range row {
			d := x - rows[i] - columns[j] + grand
			rest += d * d
			all += x * x
		}
	}
	bms, jms, ems := between/(n-1), judges/(k-1), rest/((n-1)*(k-1))
	below := bms + (k-1)*ems + k*(jms-ems)/n
	if below <= 1e-12*max(all, 1) {
		return Figure{Why: "same"}
	}
	return Figure{Value: some((bms - ems) / below)}
}

// Given is a blind mark of an answer, a share of the item's points.
type Given struct {
	By   string
	Mark float64
}

// Severity says how much higher (above 0) or lower an evaluator marks than the others who marked the same answers.
type Severity struct {
	N    int      `json:"n"`    // answers that others marked too
	Mean *float64 `json:"mean"` // own mark minus the mean of the others', a share of the points; n > 0
	SE   *float64 `json:"se"`   // its standard error: sd / sqrt(n); n > 1
}

// Severities gives the severity of each evaluator over answers with several marks. Answers that one alone marked say nothing.
// The standard error takes the answers as independent.
func Severities(answers [][]Given) map[string]Severity {
	apart := map[string][]float64{}
	for _, given := range answers {
		if len(given) < 2 {
			continue
		}
		total := 0.0
		for _, g := range given {
			total += g.Mark
		}
		for _, g := range given {
			apart[g.By] = append(apart[g.By], g.Mark-(total-g.Mark)/float64(len(given)-1))
		}
	}
	out := make(map[string]Severity, len(apart))
	for by, list := range apart {
		s := Severity{N: len(list)}
		var sd *float64
		if s.Mean, sd = spreadOf(list); sd != nil {
			s.SE = some(*sd / math.Sqrt(float64(s.N)))
		}
		out[by] = s
	}
	return out
}
