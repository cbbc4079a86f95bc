package shortanswer

import (
	"cmp"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Lesson is what the marked answers to one question tell about others: the questions of a quiz are marked by the same
// people in the same way, and a few marks of each teach more than those of one alone. It keeps no texts.
type Lesson struct {
	source  source
	marked  int
	squares [signs * signs]float64 // sums of products of the signs
	shifted [signs]float64         // sums of the signs by how far marks are from first marks
	signs   []sign                 // of at most maxEvidence answers
	marks   []float64              // parallel
	like    *mat.SymDense          // how alike these are
}

// The choice of the spreads looks at so many marked answers: of one question, of all together, and of each at least.
const (
	maxEvidence   = 120
	allEvidence   = 480
	leastEvidence = 8
)

// source says where first marks come from: each is off in its own way.
type source uint8

const (
	written  source = iota // points of the author
	proposed               // points proposed from the model answer
	unknown                // there is neither
	sources
)

// signs are what of an answer, beside its words, may tell its mark: a constant, the first mark, how much of the key it
// says, how usual its words are, how long it is and how near others are, each of a spread of about 1.
const signs = 6

// sign is the signs of an answer, with its first mark.
type sign struct {
	signs [signs]float64
	first float64
	blank bool
}

func (r *Reading) sign(i int) sign {
	m := r.matches[i]
	return sign{[signs]float64{1, (r.first[i] - 0.5) / 0.3, (r.said[i] - 0.5) / 0.3, m.Usual / 0.4, m.Longer / 0.35, (r.near[i] - ordinaryNear) / 0.2}, r.first[i], m.Blank}
}

// Lesson gives what the answers teach; nil where none is marked.
func (r *Reading) Lesson() *Lesson {
	all := r.marked(len(r.answers))
	if len(all) == 0 {
		return nil
	}
	l := &Lesson{source: r.source, marked: len(all)}
	for _, i := range all {
		s, mark := r.sign(i), *r.answers[i].Mark
		for a, x := range s.signs {
			for b, y := range s.signs {
				l.squares[a*signs+b] += x * y
			}
			l.shifted[a] += x * (mark - s.first)
		}
		if len(l.marks) < maxEvidence {
			l.signs, l.marks = append(l.signs, s), append(l.marks, mark)
		}
	}
	l.like = r.block(all[:len(l.marks)]).like
	return l
}

// block gives the first answers of a lesson, with what is left of their marks.
func (l *Lesson) block(t taught, most int) *block {
	n := min(len(l.marks), most)
	b := &block{make([]float64, n), l.like}
	for i := range n {
		b.left[i] = l.marks[i] - t.expected(l.source, l.signs[i])
	}
	return b
}

// marked gives at most so many of the answers that evaluators marked, chosen by what they say: their order tells nothing.
func (r *Reading) marked(most int) []int {
	type marked struct {
		at   int
		hash uint64
	}
	var list []marked
	for i, a := range r.answers {
		if a.Mark != nil {
			list = append(list, marked{i, hashOf(r.forms[i])})
		}
	}
	slices.SortFunc(list, func(a, b marked) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(*r.answers[a.at].Mark, *r.answers[b.at].Mark), cmp.Compare(r.answers[a.at].Text, r.answers[b.at].Text))
	})
	out := make([]int, min(len(list), most))
	for i := range out {
		out[i] = list[i].at
	}
	return out
}

// block gives how alike answers are, with room for what is left of their marks.
func (r *Reading) block(answers []int) *block {
	n := len(answers)
	b := &block{make([]float64, n), mat.NewSymDense(n, nil)}
	for row, i := range answers {
		for c := row; c < n; c++ {
			b.like.SetSym(row, c, r.like.of(i, answers[c]))
		}
	}
	return b
}
