package search

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	bleve "github.com/blevesearch/bleve/v2/search"
)

// Point is a key point of a short answer (得分点): what an answer should say, in one of several phrasings.
type Point struct {
	Phrases   []string // any of them
	Required  []string // each of these must be there for the point to count
	Forbidden []string // none of these may be there
	Weight    float64  // beside that of the other points
}

// Key is what short answers to one question are matched against.
type Key struct {
	Question string // its terms say little in an answer where the points or the model answer repeat it
	Model    string // may be empty
	Points   []Point
	Synonyms [][]string // groups of phrases that mean the same
}

// Span is a stretch of an answer, in code points.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// PointMatch is how far an answer says one point.
type PointMatch struct {
	Coverage float64  // 0..1: weight of the terms found by the weight of all, of the phrasing that fits best
	Earned   float64  // 0..1: what that is worth; a few stray terms are nothing, nearly all are all
	Phrase   int      // index of that phrasing
	Spans    []Span   // where its terms stand
	Negated  bool     // a denial stands before them that the phrasing has not, or the other way round
	Denials  []Span   // the words of that denial; none where the phrasing denies and the answer does not
	Missing  []string // required and not there
	Banned   []string // forbidden and there
	chosen   *phrase  // that fits best
}

// Match is how far an answer says what it should.
type Match struct {
	Points   []PointMatch
	Share    float64 // 0..1: what the points earned, by their weights
	Coverage float64 // 0..1: of all terms of all points together
	Usual    float64 // how far the answer uses words that answers of the pool use: 0 ordinary, above 0 more; 0 without a pool
	Common   float64 // how many answers of the pool say what it says, by the mean of them, less 1; 0 without a pool
	Longer   float64 // natural logarithm of its length by that of the pool's answers; 0 without a pool
	Denied   float64 // 0..1: how much of Share is of points that are denied
	Blank    bool    // the answer has no content
}

// How matching weighs. The figures were found on the development sets of the evaluation (see Matcher).
const (
	characterWeight = 0.8 // of one Chinese character, a pair being 1
	wordBase        = 0.6 // of a Latin word, and what each letter adds: long words say more
	wordLetter      = 0.3
	wordLetters     = 10
	popularShare    = 0.9 // how much of a term's weight depends on how many answers use it
	popularPrior    = 6.0 // answers that the prior of one half counts for
	sparse, dense   = 0.2, 0.8
)

// Matcher compares answers with the key points of one question. It is safe for concurrent use.
//
// An answer and a phrasing are analysed alike (Tokens). A phrasing's coverage is the weight of its terms that the
// answer has: a term weighs less the more points share it, the more the question has it where the points repeat
// the question, and, where a Pool of answers is given, the fewer answers use it: what nobody says is the wording of
// the author, not the content. Latin words match with a typing error (one letter from four letters on, two from
// eight) and, for less, by a common beginning (simulate, simulation).
type Matcher struct {
	points   []point
	question map[string]bool
	terms    []string           // of the points, in order: sums of fractions depend on it
	weights  map[string]float64 // of the terms
	pool     *Pool
	common   float64 // mean of the pool
	total    float64 // of weights, pool included
	latin    []string
	ask      float64 // weight of a term that the question has
}

type point struct {
	phrases   []phrase
	required  [][]string
	forbidden [][]string
	given     Point
}

type phrase struct {
	terms  []string // in order
	denies bool
	of     int // index in Point.Phrases: a variant by synonyms belongs to what it varies
}

// NewMatcher analyses the key. The pool may be nil.
func NewMatcher(k Key, pool *Pool) *Matcher {
	m := &Matcher{question: termSet(k.Question), weights: map[string]float64{}, pool: pool}
	synonyms := tidySynonyms(k.Synonyms)
	all := map[string]int{} // by how many points
	for _, p := range k.Points {
		own := point{given: p}
		mine := map[string]bool{}
		for i, text := range p.Phrases {
			for _, variant := range variants(text, synonyms) {
				set := slices.Sorted(maps.Keys(termSet(variant)))
				if len(set) == 0 {
					continue
				}
				tokens := Tokens(variant)
				own.phrases = append(own.phrases, phrase{terms: set, denies: denials(tokens, 0, math.MaxInt)%2 == 1, of: i})
				for _, t := range set {
					mine[t] = true
				}
			}
		}
		for t := range mine {
			all[t]++
		}
		for _, text := range p.Required {
			own.required = append(own.required, variants(text, synonyms))
		}
		for _, text := range p.Forbidden {
			own.forbidden = append(own.forbidden, variants(text, synonyms))
		}
		m.points = append(m.points, own)
	}
	m.common = pool.meanCommon(m.question)
	m.ask = askedWeight(m.question, all, termSet(k.Model))
	m.weigh(all)
	return m
}

// weigh gives the terms of the points their weights.
func (m *Matcher) weigh(all map[string]int) {
	m.terms = slices.Sorted(maps.Keys(all))
	for _, t := range m.terms {
		w := termWeight(t) / math.Sqrt(float64(all[t]))
		if m.question[t] {
			w *= m.ask
		}
		m.weights[t] = w
		m.total += w * m.pool.popularity(t)
		if latinWord(t) {
			m.latin = append(m.latin, t)
		}
	}
}

// askedWeight is what terms of the question weigh, 0..1: the more of the question an author repeats in the points or the
// model answer, the less its terms are content.
func askedWeight(question map[string]bool, points map[string]int, model map[string]bool) float64 {
	repeated, beyond := 0, 0
	for t := range question {
		if points[t] > 0 || model[t] {
			repeated++
		}
	}
	for t := range points {
		if !question[t] {
			beyond++
		}
	}
	if len(question) == 0 || beyond == 0 {
		return 1 // nothing but the question's own words is to be said
	}
	rest := 1 - float64(repeated)/float64(len(question))
	return rest * rest
}

func termWeight(t string) float64 {
	r := []rune(t)
	switch {
	case !isHan(r[0]):
		return wordBase + wordLetter*float64(min(len(r), wordLetters))
	case len(r) == 1:
		return characterWeight
	}
	return 1
}

// latinWord says whether a term may be misspelt: letters, no digit, at least four.
func latinWord(t string) bool {
	return len(t) >= 4 && !strings.ContainsFunc(t, func(r rune) bool { return isHan(r) || unicode.IsDigit(r) })
}

// termSet gives the terms of a text that have content.
func termSet(text string) map[string]bool { return contentOf(Tokens(text)) }

func contentOf(tokens []Token) map[string]bool {
	set := map[string]bool{}
	for _, t := range tokens {
		if t.Kind != Function && !(t.Kind != Pair && Denies(t.Term)) {
			set[t.Term] = true
		}
	}
	return set
}

// Match compares an answer.
func (m *Matcher) Match(answer string) Match { return m.MatchSentences(Sentences(answer)) }

// MatchSentences compares an answer that is analysed already.
func (m *Matcher) MatchSentences(sentences []Sentence) Match {
	have := contentOf(tokensOf(sentences))
	out := Match{Points: make([]PointMatch, len(m.points)), Blank: len(have) == 0}
	credits, said := m.credits(have)
	found, given := 0.0, 0.0
	for _, t := range m.terms {
		if c := credits[t]; c > 0 {
			found += m.weights[t] * m.pool.popularity(t) * c
		}
	}
	if m.total > 0 {
		out.Coverage = min(found/m.total, 1)
	}
	plain := bareTerms(sentences)
	for i := range m.points {
		out.Points[i] = m.point(&m.points[i], credits, said, sentences, plain)
	}
	m.dropScraps(out.Points, credits)
	for i, pm := range out.Points {
		weight := max(m.points[i].given.Weight, 0)
		out.Share += pm.Earned * weight
		if pm.Negated {
			out.Denied += pm.Earned * weight
		}
		given += weight
	}
	if out.Share > 0 {
		out.Denied /= out.Share
	}
	if given > 0 {
		out.Share /= given
	}
	out.Usual, out.Longer = m.pool.usual(sentences), m.pool.longer(sentences)
	if m.common > 0 {
		out.Common = (m.pool.common(sentences, m.question)/m.common - 1) * m.pool.trust()
	}
	return out
}

// credits says how well the answer has each term of the points, 0..1, and which of its own terms that is.
func (m *Matcher) credits(have map[string]bool) (credits map[string]float64, said map[string]string) {
	credits, said = map[string]float64{}, map[string]string{}
	var spare []string // Latin words of the answer that are no term of the points
	for t := range have {
		if _, ok := m.weights[t]; ok {
			credits[t], said[t] = 1, t
		} else if latinWord(t) {
			spare = append(spare, t)
		}
	}
	slices.Sort(spare)
	for _, t := range m.latin {
		if credits[t] > 0 {
			continue
		}
		for _, other := range spare {
			if c := alikeWords(t, other); c > credits[t] {
				credits[t], said[t] = c, other
			}
		}
	}
	return credits, said
}

// alikeWords says how far two Latin words that differ may be taken for the same.
func alikeWords(a, b string) float64 {
	shorter, longer := min(len(a), len(b)), max(len(a), len(b))
	edits := 1
	if shorter >= 8 {
		edits = 2
	}
	if longer-shorter <= edits && a[0] == b[0] {
		if _, over := bleve.LevenshteinDistanceMax(a, b, edits); !over {
			return 0.9
		}
	}
	common := 0
	for common < shorter && a[common] == b[common] {
		common++
	}
	if common >= 4 && 5*common >= 3*longer {
		return 0.7
	}
	return 0
}

// point compares with one point.
func (m *Matcher) point(p *point, credits map[string]float64, said map[string]string, sentences []Sentence, plain []string) PointMatch {
	var best PointMatch
	for i := range p.phrases {
		f := &p.phrases[i]
		whole, found := 0.0, 0.0
		for _, t := range f.terms {
			w := m.weights[t] * m.pool.popularity(t)
			whole += w
			found += w * credits[t]
		}
		if whole > 0 && found/whole > best.Coverage {
			best.Coverage, best.Phrase, best.chosen = found/whole, f.of, f
		}
	}
	best.Earned = min(max((best.Coverage-sparse)/(dense-sparse), 0), 1)
	if best.chosen != nil {
		best.Spans, best.Negated, best.Denials = locate(best.chosen, credits, said, sentences)
	}
	for i, any := range p.required {
		if !slices.ContainsFunc(any, func(text string) bool { return stands(plain, text) >= 0 }) {
			best.Missing = append(best.Missing, p.given.Required[i])
		}
	}
	for i, any := range p.forbidden {
		if slices.ContainsFunc(any, func(text string) bool { return affirmed(sentences, text) }) {
			best.Banned = append(best.Banned, p.given.Forbidden[i])
		}
	}
	if len(best.Missing)+len(best.Banned) > 0 {
		best.Earned = 0
	}
	return best
}

// locate gives the stretches of the answer that say the phrase, and whether they are denied: the sentence that says
// most of it has a denial before it and the phrase has none, or the other way round. The words that deny come last.
func locate(f *phrase, credits map[string]float64, said map[string]string, sentences []Sentence) ([]Span, bool, []Span) {
	wanted := map[string]bool{}
	for _, t := range f.terms {
		if credits[t] > 0 {
			wanted[said[t]] = true
		}
	}
	var spans, denials []Span
	most, negated := 0, false
	for _, s := range sentences {
		var here []Span
		hits := map[string]bool{}
		for _, t := range s.Tokens {
			if wanted[t.Term] {
				here = append(here, Span{t.Start, t.End})
				hits[t.Term] = true
			}
		}
		if len(hits) == 0 {
			continue
		}
		here = JoinSpans(here)
		if len(hits) > most {
			most = len(hits)
			denials = denying(s.Tokens, reach(s.Tokens, here[0].Start), here[len(here)-1].End)
			negated = len(hits)*2 >= len(wanted) && len(denials)%2 == 1 != f.denies
		}
		spans = append(spans, here...)
	}
	if !negated {
		denials = nil
	}
	return spans, negated, denials
}

// deniedWithin is how many words or characters before what it denies a denial stands at most: 不能说是民主.
const deniedWithin = 6

// reach gives the place from which on a denial reaches the place at.
func reach(tokens []Token, at int) int {
	var starts []int
	for _, t := range tokens {
		if t.Kind != Pair && t.Start < at {
			starts = append(starts, t.Start)
		}
	}
	if len(starts) == 0 {
		return at
	}
	return starts[max(0, len(starts)-deniedWithin)]
}

// JoinSpans puts stretches in order and joins those that overlap or touch; it uses the given list.
func JoinSpans(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
		} else {
			out = append(out, s)
		}
	}
	return out
}
