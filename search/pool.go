package search

import (
	"math"
	"unicode/utf8"
)

// Pool is what all answers to a question say together: in how many of them each term stands, and how long they are.
type Pool struct {
	answers int
	with    map[string]int
	words   float64 // mean of the logarithms of their lengths (lengthOf)
}

// poolPrior is of how many answers a pool tells half of what it would of many more.
const poolPrior = 40

// NewPool makes a pool of answers. Answers without content do not count.
func NewPool(answers [][]Sentence) *Pool {
	p := &Pool{with: map[string]int{}}
	for _, sentences := range answers {
		set := contentOf(tokensOf(sentences))
		if len(set) == 0 {
			continue
		}
		p.answers++
		p.words += lengthOf(sentences)
		for t := range set {
			p.with[t]++
		}
	}
	p.words /= float64(max(p.answers, 1))
	return p
}

// popularity gives the factor of a term's weight, 0..1: with no answers, all terms have the same.
func (p *Pool) popularity(t string) float64 {
	if p == nil {
		return 1
	}
	share := (float64(p.with[t]) + popularPrior/2) / (float64(p.answers) + popularPrior)
	return 1 - popularShare + popularShare*share
}

// ordinary is the mean logarithm of the share of answers that use a word, of answers to all kinds of questions.
const ordinary = -2

// usual says how far an answer uses the words that other answers use: the mean of the logarithm of the share of answers
// with each of its words, above what is ordinary; less the fewer answers there are.
func (p *Pool) usual(sentences []Sentence) float64 {
	if p == nil {
		return 0
	}
	seen, sum := map[string]bool{}, 0.0
	for _, s := range sentences {
		for _, t := range s.Tokens {
			if t.Kind != Pair && t.Kind != Function && !seen[t.Term] {
				seen[t.Term] = true
				sum += math.Log((float64(p.with[t.Term]) + 1) / (float64(p.answers) + 2))
			}
		}
	}
	if len(seen) == 0 {
		return 0
	}
	return (sum/float64(len(seen)) - ordinary) * p.trust()
}

// common gives how many answers of the pool say the words that an answer says, added up, words of the question left out.
func (p *Pool) common(sentences []Sentence, question map[string]bool) float64 {
	seen, sum := map[string]bool{}, 0.0
	for _, s := range sentences {
		for _, t := range s.Tokens {
			if t.Kind != Pair && !question[t.Term] && !seen[t.Term] {
				seen[t.Term] = true
				sum += float64(p.with[t.Term])
			}
		}
	}
	return sum
}

// meanCommon is the mean of common over the pool's answers.
func (p *Pool) meanCommon(question map[string]bool) float64 {
	if p == nil || p.answers == 0 {
		return 0
	}
	sum := 0
	for t, n := range p.with {
		if !question[t] && !isPair(t) {
			sum += n * n
		}
	}
	return float64(sum) / float64(p.answers)
}

// isPair says whether a term is two Chinese characters.
func isPair(t string) bool {
	first, size := utf8.DecodeRuneInString(t)
	return isHan(first) && size < len(t)
}

// longer is the logarithm of the length of an answer by that of the others; nearer to 0 the fewer answers there are.
func (p *Pool) longer(sentences []Sentence) float64 {
	if p == nil {
		return 0
	}
	return (lengthOf(sentences) - p.words) * p.trust()
}

func (p *Pool) trust() float64 { return float64(p.answers) / float64(p.answers+poolPrior) }

// lengthOf gives the logarithm of how many words and characters a text has, and one.
func lengthOf(sentences []Sentence) float64 {
	n := 1
	for _, s := range sentences {
		for _, t := range s.Tokens {
			if t.Kind != Pair {
				n++
			}
		}
	}
	return math.Log(float64(n))
}
