package shortanswer

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// taught is what the marks of evaluators tell about all questions together: how first marks translate into theirs, and
// how what is left spreads. Spreads are standard deviations, shares of the points.
type taught struct {
	shift [signs]float64 // what each sign of an answer adds to its first mark
	level float64        // of what all answers to a question have in common: one is marked harder than another
	each  float64        // of what like answers have in common
	noise float64        // of an evaluator's mark
	off   float64        // factor of the variances: how far marks were off that were left out, by what was expected
}

// untaught leaves first marks as they are.
var untaught = taught{level: 0.1, each: 0.25, noise: 0.15, off: 1}

// levels, likes and noises are the spreads that are tried.
var (
	levels = []float64{0.05, 0.1, 0.2}
	likes  = []float64{0.1, 0.17, 0.25, 0.4, 0.6}
	noises = []float64{0.04, 0.08, 0.15, 0.3}
)

// maxTaught bounds how many marked answers of a question are learnt from, maxEvidence how many the choice of the
// spreads looks at: the last ones. Their matrix grows by the square and the work by the cube.
const (
	maxTaught   = 400
	maxEvidence = 120
)

// signs are what of an answer, beside its words, may tell its mark: a constant, the first mark, how much of the key it
// says, how usual its words are and how long it is, each of a spread of about 1.
const signs = 6

func (p *prepared) signs(i int) [signs]float64 {
	m := p.matches[i]
	return [signs]float64{1, (p.first[i] - 0.5) / 0.3, (p.said[i] - 0.5) / 0.3, m.Usual / 0.4, m.Longer / 0.35, (p.near[i] - ordinaryNear) / 0.2}
}

// shiftPrior is how many marks the belief that first marks are right weighs.
const shiftPrior = 2.5

// taughtBy learns what is common to the questions. With few marks it stays near untaught.
func taughtBy(items []*prepared) taught {
	t := untaught
	var blocks []*block
	for _, p := range items {
		if b := p.block(p.marked(), maxEvidence); b != nil {
			blocks = append(blocks, b)
		}
	}
	if len(blocks) == 0 {
		return t
	}
	t.shift = shifts(items)
	best, chosen := math.Inf(-1), t
	for _, t.level = range levels {
		for _, t.each = range likes {
			for _, t.noise = range noises {
				evidence := -(square(math.Log(t.level/untaught.level)) + square(math.Log(t.each/untaught.each)) + square(math.Log(t.noise/untaught.noise))) / 2
				for _, b := range blocks {
					evidence += b.evidence(t)
				}
				if evidence > best {
					best, chosen = evidence, t
				}
			}
		}
	}
	chosen.off = off(chosen, blocks)
	return chosen
}

// offPrior is how many marks the belief that variances are right weighs.
const offPrior = 5

// off leaves each mark out and compares how far it is off what the others tell with the variance that this should have.
func off(t taught, blocks []*block) float64 {
	found, expected := 0.0, 0.0
	n := 0
	for _, b := range blocks {
		factor, _, weights := b.solve(t)
		var inverse mat.SymDense
		if factor == nil || factor.InverseTo(&inverse) != nil {
			continue
		}
		for i := range b.marked {
			v := 1 / inverse.At(i, i)
			found, expected, n = found+square(weights.AtVec(i)*v), expected+v, n+1
		}
	}
	if n == 0 {
		return 1
	}
	return (found/expected*float64(n) + offPrior) / float64(n+offPrior)
}

func square(x float64) float64 { return x * x }

// shifts is the ridge regression on the signs of how far evaluators' marks are from first marks.
func shifts(items []*prepared) (out [signs]float64) {
	left, right := mat.NewSymDense(signs, nil), mat.NewVecDense(signs, nil)
	for a := range signs {
		left.SetSym(a, a, shiftPrior)
	}
	for _, p := range items {
		for _, i := range p.marked() {
			x := p.signs(i)
			for a := range signs {
				for b := a; b < signs; b++ {
					left.SetSym(a, b, left.At(a, b)+x[a]*x[b])
				}
				right.SetVec(a, right.AtVec(a)+x[a]*(*p.answers[i].Mark-p.first[i]))
			}
		}
	}
	var factor mat.Cholesky
	var solved mat.VecDense
	if factor.Factorize(left) && factor.SolveVecTo(&solved, right) == nil {
		copy(out[:], solved.RawVector().Data)
	}
	return out
}

// expected is the mark that an answer is expected to get before the marks of like answers are looked at.
func (p *prepared) expected(t taught, i int) float64 {
	if p.matches[i].Blank {
		return 0
	}
	m := p.first[i]
	for a, x := range p.signs(i) {
		m += t.shift[a] * x
	}
	return min(max(m, 0), 1)
}

// block is the marked answers of a question with how alike they are.
type block struct {
	item   *prepared
	marked []int
	like   *mat.SymDense
}

// block gives nil where nothing is marked.
func (p *prepared) block(marked []int, most int) *block {
	if len(marked) > most {
		marked = marked[len(marked)-most:]
	}
	if len(marked) == 0 {
		return nil
	}
	b := &block{p, marked, mat.NewSymDense(len(marked), nil)}
	for r, i := range marked {
		for c := r; c < len(marked); c++ {
			b.like.SetSym(r, c, p.like.of(i, marked[c]))
		}
	}
	return b
}

func (t taught) covariance(like float64) float64 { return t.level*t.level + t.each*t.each*like }

// solve gives the factor of the covariance of the marks, and what is left of them through it.
func (b *block) solve(t taught) (factor *mat.Cholesky, residuals, weights *mat.VecDense) {
	n := len(b.marked)
	k := mat.NewSymDense(n, nil)
	residuals, weights = mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	for r, i := range b.marked {
		for c := r; c < n; c++ {
			k.SetSym(r, c, t.covariance(b.like.At(r, c)))
		}
		k.SetSym(r, r, k.At(r, r)+t.noise*t.noise)
		residuals.SetVec(r, *b.item.answers[i].Mark-b.item.expected(t, i))
	}
	factor = &mat.Cholesky{}
	if !factor.Factorize(k) || factor.SolveVecTo(weights, residuals) != nil {
		return nil, nil, nil // not positive definite by rounding: nothing is learnt
	}
	return factor, residuals, weights
}

// evidence is the logarithm of the marginal likelihood of the marks.
func (b *block) evidence(t taught) float64 {
	factor, residuals, weights := b.solve(t)
	if factor == nil {
		return math.Inf(-1)
	}
	return -0.5*mat.Dot(residuals, weights) - 0.5*factor.LogDet()
}

// posterior is what is expected of each answer after the marks are known.
type posterior struct {
	mean     []float64 // 0..1
	variance []float64 // of an evaluator's mark about it, were marks not bounded
}

// learn gives the posterior of every answer.
func (p *prepared) learn(t taught) posterior {
	n := len(p.answers)
	post := posterior{make([]float64, n), make([]float64, n)}
	for i := range n {
		post.mean[i] = p.expected(t, i)
		post.variance[i] = t.covariance(1) + t.noise*t.noise
	}
	b := p.block(p.marked(), maxTaught)
	if b == nil {
		return post
	}
	factor, _, weights := b.solve(t)
	if factor == nil {
		return post
	}
	against := mat.NewDense(len(b.marked), n, nil) // covariances of the marked answers with all
	for r, j := range b.marked {
		for i := range n {
			against.Set(r, i, t.covariance(p.like.of(i, j)))
		}
	}
	var add mat.VecDense
	add.MulVec(against.T(), weights)
	var lower mat.TriDense
	factor.LTo(&lower)
	blas64.Trsm(blas.Left, blas.NoTrans, 1, lower.RawTriangular(), against.RawMatrix())
	for r := range b.marked {
		for i, x := range against.RawRowView(r) {
			post.variance[i] -= x * x
		}
	}
	for i := range n {
		post.mean[i] = min(max(post.mean[i]+add.AtVec(i), 0), 1)
		post.variance[i] = t.off * max(post.variance[i], 0)
	}
	return post
}
