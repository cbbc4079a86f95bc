package shortanswer

import (
	"math"
	"slices"
	"strings"

	"qiming/search"
)

// Item is a question with what is known of its right answer.
type Item struct {
	Question string
	Model    string         // where there are no points, they are proposed from it
	Points   []search.Point // of the author; weights beside each other
	Synonyms [][]string     // groups of phrases that mean the same
}

// Answer is one answer. Mark is an evaluator's, as a fraction 0..1 of the points; nil = not marked.
type Answer struct {
	Text string
	Mark *float64
}

// Estimate is the mark that an answer may get.
type Estimate struct {
	Fraction   float64             // 0..1 of the points of the item
	Confidence float64             // 0..1
	Points     []search.PointMatch // what of the key was found, parallel to Item.Points or to what was proposed
	Like       int                 // answers of the same analysed form that evaluators marked
	Marked     int                 // answers that evaluators marked, all
}

// guess is the expected error that is as good as none known: of marks that lie anywhere.
const guess = 0.4

// Estimates gives an estimate for each answer, in their order; of an answer that is marked it is near its mark.
func Estimates(item Item, answers []Answer) []Estimate {
	p := prepare(item, answers)
	return p.estimates(p.learn(taughtBy([]*prepared{p})))
}

// prepared is an item whose answers are analysed and have their first marks.
type prepared struct {
	answers []Answer
	matches []search.Match
	first   []float64 // marks by the key
	doubt   []float64 // their standard deviations
	forms   []string  // analysed forms
	keyed   bool      // there is something to match against
	like    *likeness
}

func prepare(item Item, answers []Answer) *prepared {
	p := &prepared{answers: answers}
	texts := make([]string, len(answers))
	for i, a := range answers {
		texts[i] = a.Text
	}
	points, proposed := item.Points, false
	if len(points) == 0 {
		points, proposed = search.ProposePoints(item.Question, item.Model), true
	}
	p.keyed = len(points) > 0
	matcher := search.NewMatcher(search.Key{Question: item.Question, Model: item.Model, Points: points, Synonyms: item.Synonyms}, search.NewPool(texts))
	p.matches = make([]search.Match, len(answers))
	p.first, p.doubt, p.forms = make([]float64, len(answers)), make([]float64, len(answers)), make([]string, len(answers))
	for i, text := range texts {
		p.matches[i] = matcher.Match(text)
		p.first[i] = firstMark(p.matches[i], p.keyed, proposed)
		p.doubt[i] = doubt(p.matches[i], p.first[i], p.keyed)
		p.forms[i] = form(text)
	}
	p.like = newLikeness(texts)
	return p
}

// firstMark is the mark by the key alone. Points of the author earn what their weights say. Points that were only
// proposed are a reading of one model answer among many possible ones: how much of it is said at all counts beside how
// many points, and less than half of it can be right in other words.
func firstMark(m search.Match, keyed, proposed bool) float64 {
	switch {
	case m.Blank:
		return 0
	case !keyed:
		return unkeyed
	case !proposed:
		return m.Share
	}
	return math.Pow((m.Coverage+m.Share)/2, 0.75) * math.Exp(0.15*m.Length)
}

// unkeyed is the mark that is expected of an answer of which nothing is known.
const unkeyed = 0.6

// doubt is the standard deviation of a first mark. What says nearly all of the key is right nearly always; what says
// little of it may be right in other words.
func doubt(m search.Match, mark float64, keyed bool) float64 {
	if !keyed {
		return guess
	}
	d := 0.36 - 0.3*mark*mark
	if m.Negated {
		d += 0.12
	}
	return d
}

// form is the analysed form of an answer: its terms in order. Answers of the same form say the same.
func form(text string) string {
	var b strings.Builder
	for _, t := range search.Tokens(text) {
		if t.Kind != search.Pair && t.Kind != search.Function {
			b.WriteString(t.Term)
			b.WriteByte(0)
		}
	}
	return b.String()
}

// estimates puts the marks together. posterior is of the Gaussian process.
func (p *prepared) estimates(post posterior) []Estimate {
	out := make([]Estimate, len(p.answers))
	type kept struct {
		sum, squares float64
		n            int
	}
	same := map[string]kept{}
	marked := 0
	for i, a := range p.answers {
		if a.Mark != nil {
			k := same[p.forms[i]]
			same[p.forms[i]] = kept{k.sum + *a.Mark, k.squares + *a.Mark**a.Mark, k.n + 1}
			marked++
		}
	}
	for i := range p.answers {
		fraction, sd := post.mean[i], post.sd[i]
		k := same[p.forms[i]]
		if k.n > 0 && p.forms[i] != "" {
			fraction = k.sum / float64(k.n)
			spread := max(k.squares/float64(k.n)-fraction*fraction, 0)
			sd = math.Sqrt((spread*float64(k.n) + formDoubt*formDoubt) / (float64(k.n) + 1))
		}
		out[i] = Estimate{Fraction: min(max(fraction, 0), 1), Confidence: min(max(1-sd/guess, 0), 1), Points: p.matches[i].Points, Like: k.n, Marked: marked}
	}
	return out
}

// formDoubt is how far one evaluator's mark of an answer of the same form may be off.
const formDoubt = 0.1

// marked gives the indexes of the answers that evaluators marked.
func (p *prepared) marked() []int {
	var out []int
	for i, a := range p.answers {
		if a.Mark != nil {
			out = append(out, i)
		}
	}
	return slices.Clip(out)
}
