package shortanswer

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// taught is what the marks of evaluators tell about all questions together: how first marks translate into theirs, and
// how residuals spread.
type taught struct {
	shift, slope float64 // an evaluator's mark is shift + slope * first mark
	level        float64 // share of the doubt that all answers to a question have in common
	each         float64 // share of the doubt that like answers have in common
	noise        float64 // standard deviation of an evaluator's mark
	scale        float64 // of the doubt
	surplus      float64 // likeness.of
}

// untaught leaves first marks as they are.
var untaught = taught{slope: 1, level: 0.35, each: 0.9, noise: 0.12, scale: 1, surplus: 0.1}

// maxTaught bounds how many marked answers of a question are learnt from, maxEvidence how many the choice of the
// figures looks at: the last ones. Their matrix grows by the square and the work by the cube.
const (
	maxTaught   = 600
	maxEvidence = 120
)

// posterior is what is expected of each answer after the marks are known.
type posterior struct{ mean, sd []float64 }

// taughtBy fits what is common to the questions. With few marks it stays near untaught.
func taughtBy(items []*prepared) taught {
	t := untaught
	// Ridge regression of the marks on the first marks, drawn towards the identity by as much as a few marks weigh.
	const prior = 4
	var n, sx, sy, sxx, sxy float64
	for _, p := range items {
		for _, i := range p.marked() {
			x, y := p.first[i], *p.answers[i].Mark
			n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
		}
	}
	if n == 0 {
		return t
	}
	// Residuals about the identity: y - x = a + b (x - m), both drawn to 0.
	m := sx / n
	a := (sy - sx) / (n + prior)
	cov := sxy - sx*sy/n - (sxx - sx*sx/n)
	b := cov / (sxx - sx*sx/n + prior*0.1)
	t.slope, t.shift = 1+b, a-b*m
	best, chosen := math.Inf(-1), t
	for _, scale := range []float64{0.4, 0.7, 1, 1.5, 2.2} {
		for _, noise := range []float64{0.05, 0.1, 0.2, 0.3} {
			for _, level := range []float64{0.2, 0.5} {
				for _, surplus := range []float64{0.1, 0.8} {
					t.scale, t.noise, t.level, t.surplus = scale, noise, level, surplus
					evidence := 0.0
					for _, p := range items {
						evidence += p.evidence(t)
					}
					if evidence > best {
						best, chosen = evidence, t
					}
				}
			}
		}
	}
	return chosen
}

func (t taught) mark(first float64) float64 { return min(max(t.shift+t.slope*first, 0), 1) }

// amplitude is the standard deviation of the residuals, at scale 1.
const amplitude = 0.3

// covariance of the residuals of two answers.
func (p *prepared) covariance(t taught, i, j int) float64 {
	like := t.level*t.level + t.each*t.each*p.like.of(i, j, t.surplus)
	return t.scale * t.scale * amplitude * amplitude * like
}

// solve prepares the marked answers: their indexes, the factor of their covariance, and the residuals through it.
func (p *prepared) solve(t taught, most int) (marked []int, factor *mat.Cholesky, weights *mat.VecDense, residuals *mat.VecDense) {
	marked = p.marked()
	if len(marked) > most {
		marked = marked[len(marked)-most:]
	}
	n := len(marked)
	if n == 0 {
		return nil, nil, nil, nil
	}
	k := mat.NewSymDense(n, nil)
	residuals = mat.NewVecDense(n, nil)
	for a, i := range marked {
		for b := a; b < n; b++ {
			c := p.covariance(t, i, marked[b])
			if a == b {
				c += t.noise * t.noise
			}
			k.SetSym(a, b, c)
		}
		residuals.SetVec(a, *p.answers[i].Mark-t.mark(p.first[i]))
	}
	factor = &mat.Cholesky{}
	if !factor.Factorize(k) {
		return nil, nil, nil, nil // not positive definite by rounding: nothing is learnt
	}
	weights = mat.NewVecDense(n, nil)
	if err := factor.SolveVecTo(weights, residuals); err != nil {
		return nil, nil, nil, nil
	}
	return marked, factor, weights, residuals
}

// evidence is the logarithm of the marginal likelihood of the marks.
func (p *prepared) evidence(t taught) float64 {
	marked, factor, weights, residuals := p.solve(t, maxEvidence)
	if marked == nil {
		return 0
	}
	return -0.5*mat.Dot(residuals, weights) - 0.5*factor.LogDet()
}

// learn gives the posterior of every answer.
func (p *prepared) learn(t taught) posterior {
	post := posterior{mean: make([]float64, len(p.answers)), sd: make([]float64, len(p.answers))}
	marked, factor, weights, _ := p.solve(t, maxTaught)
	mean := 0.0
	for _, d := range p.doubt {
		mean += d / float64(len(p.doubt))
	}
	against := mat.NewVecDense(max(len(marked), 1), nil)
	through := mat.NewVecDense(max(len(marked), 1), nil)
	for i := range p.answers {
		post.mean[i] = t.mark(p.first[i])
		variance := p.covariance(t, i, i)
		if marked != nil {
			for a, j := range marked {
				against.SetVec(a, p.covariance(t, i, j))
			}
			post.mean[i] += mat.Dot(against, weights)
			if err := factor.SolveVecTo(through, against); err == nil {
				variance -= mat.Dot(against, through)
			}
		}
		post.sd[i] = p.doubt[i]
		if marked != nil {
			post.sd[i] *= math.Sqrt(max(variance, 0)+0.5*t.noise*t.noise) / mean
		}
	}
	return post
}
