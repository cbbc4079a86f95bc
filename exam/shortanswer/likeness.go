package shortanswer

import (
	"cmp"
	"hash/fnv"
	"maps"
	"math"
	"slices"
	"sort"

	"qiming/search"
)

// likeness says how alike answers are by their words and characters and by the stretches of characters in these.
type likeness struct{ words, stretches []terms }

// terms of an answer by number, ascending, and their weight.
type terms struct {
	numbers []int32
	weight  float64
}

// What a term counts in a likeness, content being 1: a function word tells answers apart, but hardly; a denial does more
// than other words.
const (
	functionWeight = 0.3
	denialWeight   = 2.5
)

// Lengths of stretches, code points.
const shortest, longest = 3, 4

// lexicon numbers terms. The number modulo 3 is their kind, an index of kindWeights.
type lexicon map[string]int32

var kindWeights = [3]float64{1, functionWeight, denialWeight}

func (l lexicon) number(term string, kind int32) int32 {
	n, ok := l[term]
	if !ok {
		n = int32(3*len(l)) + kind
		l[term] = n
	}
	return n
}

func weightOf(number int32) float64 { return kindWeights[number%3] }

// newLikeness takes the answers with their analysed forms.
func newLikeness(texts [][]search.Sentence, forms []string) *likeness {
	l := &likeness{words: make([]terms, len(texts)), stretches: make([]terms, len(texts))}
	words, stretches := lexicon{}, lexicon{}
	for i, sentences := range texts {
		for _, s := range sentences {
			for _, t := range s.Tokens {
				switch {
				case t.Kind == search.Pair:
				case search.Denies(t.Term):
					l.words[i].numbers = append(l.words[i].numbers, words.number(t.Term, 2))
				case t.Kind == search.Function:
					l.words[i].numbers = append(l.words[i].numbers, words.number(t.Term, 1))
				default:
					l.words[i].numbers = append(l.words[i].numbers, words.number(t.Term, 0))
				}
			}
		}
		form := []rune("^" + forms[i] + "$")
		for size := shortest; size <= longest; size++ {
			for at := 0; at+size <= len(form); at++ {
				l.stretches[i].numbers = append(l.stretches[i].numbers, stretches.number(string(form[at:at+size]), 0))
			}
		}
		l.words[i].tidy()
		l.stretches[i].tidy()
	}
	return l
}

func (t *terms) tidy() {
	slices.Sort(t.numbers)
	t.numbers = slices.Compact(t.numbers)
	for _, n := range t.numbers {
		t.weight += weightOf(n)
	}
}

// of gives the likeness of two answers, 0..1: the geometric mean of what they share of their words and of their stretches.
func (l *likeness) of(i, j int) float64 {
	return math.Sqrt(jaccard(l.words[i], l.words[j]) * jaccard(l.stretches[i], l.stretches[j]))
}

// Of near: with how many forms an answer is compared, how many answers count, and what each counts where there are fewer.
const (
	maxCompared  = 300
	nearest      = 3
	ordinaryNear = 0.4
)

// near says of every answer how like the nearest other answers are, by their stretches. Of very many forms some stand for
// all, chosen by what they say, so that the order of answers tells nothing.
func (l *likeness) near(forms []string) []float64 {
	alike := map[string][]int{} // answers by form
	for i, f := range forms {
		alike[f] = append(alike[f], i)
	}
	some := slices.SortedFunc(maps.Keys(alike), func(a, b string) int { return cmp.Or(cmp.Compare(hashOf(a), hashOf(b)), cmp.Compare(a, b)) })
	some = some[:min(len(some), maxCompared)]
	out := make([]float64, len(forms))
	for form, mine := range alike {
		most := [nearest]float64{ordinaryNear, ordinaryNear, ordinaryNear} // descending; as many as were found
		found := 0
		add := func(x float64, times int) {
			for range min(times, nearest) {
				if at := sort.Search(found, func(k int) bool { return most[k] < x }); at < nearest {
					found = min(found+1, nearest)
					copy(most[at+1:found], most[at:])
					most[at] = x
				}
			}
		}
		add(1, len(mine)-1)
		for _, other := range some {
			if other != form {
				add(jaccard(l.stretches[mine[0]], l.stretches[alike[other][0]]), len(alike[other]))
			}
		}
		for _, i := range mine {
			out[i] = (most[0] + most[1] + most[2]) / nearest
		}
	}
	return out
}

// hashOf scatters forms, the same way at any time.
func hashOf(form string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(form))
	return h.Sum64()
}

// jaccard gives the weight of the terms that both have by that of the terms that either has.
func jaccard(a, b terms) float64 {
	shared := 0.0
	for i, j := 0, 0; i < len(a.numbers) && j < len(b.numbers); {
		switch x, y := a.numbers[i], b.numbers[j]; {
		case x < y:
			i++
		case x > y:
			j++
		default:
			shared += weightOf(x)
			i, j = i+1, j+1
		}
	}
	either := a.weight + b.weight - shared
	if either == 0 {
		return 1
	}
	return shared / either
}
