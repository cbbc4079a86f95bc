package shortanswer

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// taught is what the marks of evaluators tell about all questions together: how first marks translate into theirs, and
// how what is left spreads. Spreads are standard deviations, shares of the points.
type taught struct {
	shift  [sources][signs]float64 // what each sign of an answer adds to its first mark
	level  float64                 // of what all answers to a question have in common: one is marked harder than another
	each   float64                 // of what like answers have in common
	noise  float64                 // of an evaluator's mark
	off    float64                 // factor of the variances: how far marks were off that were left out, by what was expected
	marked int                     // answers with marks
}

// untaught leaves first marks as they are.
var untaught = taught{level: 0.1, each: 0.25, noise: 0.15, off: 1}

// levels, likes and noises are the spreads that are tried.
var (
	levels = []float64{0.05, 0.1, 0.2}
	likes  = []float64{0.1, 0.17, 0.25, 0.4, 0.6}
	noises = []float64{0.04, 0.08, 0.15, 0.3}
)

// maxTaught bounds how many marked answers of a question its other answers are compared with. Their matrix grows by the
// square and the work by the cube.
const maxTaught = 400

// shiftPrior is how many marks the belief that first marks are right weighs.
const shiftPrior = 2.5

// alikeOff is the correlation of how far first marks to the same question are off: many marks of one question tell less about
// others than as many marks of many questions.
const alikeOff = 0.2

// teach learns what is common to the questions. With few marks it stays near untaught. The order of lessons tells nothing,
// and nil is one without marks.
func teach(lessons []*Lesson) taught {
	t := untaught
	lessons = slices.DeleteFunc(slices.Clone(lessons), func(l *Lesson) bool { return l == nil })
	if len(lessons) == 0 {
		return t
	}
	for _, l := range lessons {
		t.marked += l.marked
	}
	t.shift = shifts(lessons)
	blocks := make([]*block, len(lessons))
	most := min(max(allEvidence/len(lessons), leastEvidence), maxEvidence)
	for i, l := range lessons {
		blocks[i] = l.block(t, most)
	}
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
		factor, weights := b.solve(t)
		var inverse mat.SymDense
		if factor == nil || factor.InverseTo(&inverse) != nil {
			continue
		}
		for i := range b.left {
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

// shifts is the ridge regression on the signs of how far evaluators' marks are from first marks, apart for each source of
// first marks.
func shifts(lessons []*Lesson) (out [sources][signs]float64) {
	for source := range out {
		left, right := mat.NewSymDense(signs, nil), mat.NewVecDense(signs, nil)
		for a := range signs {
			left.SetSym(a, a, shiftPrior)
		}
		for _, l := range lessons {
			if int(l.source) != source {
				continue
			}
			share := 1 / (1 + alikeOff*float64(l.marked-1))
			var own mat.SymDense
			own.ScaleSym(share, mat.NewSymDense(signs, l.squares[:]))
			left.AddSym(left, &own)
			right.AddScaledVec(right, share, mat.NewVecDense(signs, l.shifted[:]))
		}
		var factor mat.Cholesky
		var solved mat.VecDense
		if factor.Factorize(left) && factor.SolveVecTo(&solved, right) == nil {
			copy(out[source][:], solved.RawVector().Data)
		}
	}
	return out
}

// expected is the mark that an answer is expected to get before the marks of like answers are looked at.
func (t taught) expected(source source, s sign) float64 {
	if s.blank {
		return 0
	}
	m := s.first
	for a, x := range s.signs {
		m += t.shift[source][a] * x
	}
	return min(max(m, 0), 1)
}

// block is marked answers to a question with how alike they are, and how far their marks are from what is expected.
type block struct {
	left []float64
	like *mat.SymDense
}

func (t taught) covariance(like float64) float64 { return t.level*t.level + t.each*t.each*like }

// solve gives the factor of the covariance of the marks, and what is left of them through it.
func (b *block) solve(t taught) (factor *mat.Cholesky, weights *mat.VecDense) {
	n := len(b.left)
	k := mat.NewSymDense(n, nil)
	for r := range n {
		for c := r; c < n; c++ {
			k.SetSym(r, c, t.covariance(b.like.At(r, c)))
		}
		k.SetSym(r, r, k.At(r, r)+t.noise*t.noise)
	}
	factor, weights = &mat.Cholesky{}, mat.NewVecDense(n, nil)
	if !factor.Factorize(k) || factor.SolveVecTo(weights, mat.NewVecDense(n, b.left)) != nil {
		return nil, nil // not positive definite by rounding: nothing is learnt
	}
	return factor, weights
}

// evidence is the logarithm of the marginal likelihood of the marks.
func (b *block) evidence(t taught) float64 {
	factor, weights := b.solve(t)
	if factor == nil {
		return math.Inf(-1)
	}
	return -0.5*mat.Dot(mat.NewVecDense(len(b.left), b.left), weights) - 0.5*factor.LogDet()
}

// posterior is what is expected of each answer after the marks are known.
type posterior struct {
	mean     []float64 // 0..1
	variance []float64 // of an evaluator's mark about it, were marks not bounded
}

// learn gives the posterior of every answer.
func (r *Reading) learn(t taught) posterior {
	n := len(r.answers)
	post := posterior{make([]float64, n), make([]float64, n)}
	for i := range n {
		post.mean[i] = t.expected(r.source, r.sign(i))
		post.variance[i] = t.off * (t.covariance(1) + t.noise*t.noise)
	}
	marked := r.marked(maxTaught)
	if len(marked) == 0 {
		return post
	}
	b := r.block(marked)
	for i, at := range marked {
		b.left[i] = *r.answers[at].Mark - post.mean[at]
	}
	factor, weights := b.solve(t)
	if factor == nil {
		return post
	}
	against := mat.NewDense(len(marked), n, nil) // covariances of the marked answers with all
	for k, j := range marked {
		for i := range n {
			against.Set(k, i, t.covariance(r.like.of(i, j)))
		}
	}
	var add mat.VecDense
	add.MulVec(against.T(), weights)
	var lower mat.TriDense
	factor.LTo(&lower)
	blas64.Trsm(blas.Left, blas.NoTrans, 1, lower.RawTriangular(), against.RawMatrix())
	for k := range marked {
		for i, x := range against.RawRowView(k) {
			post.variance[i] -= t.off * x * x
		}
	}
	for i := range n {
		post.mean[i] = min(max(post.mean[i]+add.AtVec(i), 0), 1)
		post.variance[i] = max(post.variance[i], 0)
	}
	return post
}
