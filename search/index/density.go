package index

import (
	"unicode/utf8"

	"qiming/search"
)

// How the first hits are ordered again: what is asked stands together. The best stretch of a document counts by the idf
// of the query's terms in it, and by their share of what it says. The doc of the package has the figures.
const (
	stretch     = 30 // singles
	saidWeight  = 1.5
	shareWeight = 0.3
	maxSequence = 60_000 // singles of a document that are kept in order
)

// gap stands between two words in a sequence; characters stand side by side.
const gap = ' '

// sequence writes singles one after the other.
func sequence(lists ...[]string) []byte {
	var out []byte
	n := 0
	for _, list := range lists {
		for _, single := range list {
			if n++; n > maxSequence {
				return out
			}
			out = append(out, single...)
			if !search.IsCharacter(single) {
				out = append(out, gap)
			}
		}
	}
	return out
}

// density scores documents by their best stretch.
type density struct {
	number map[string]int // of the query's singles
	ends   [256]bool      // with which bytes those end: most others are told by that
	idf    []float64
	whole  float64 // idf of the singles that were written
	terms  float64 // how many those are
	common []*term // singles that were not counted when the documents were found
}

// recount has a single counted in the sequences.
func (d *density) recount(t *term) {
	if t.single != "" {
		d.common = append(d.common, t)
	}
}

// want adds a single of the query; written says that it is not of a synonym.
func (d *density) want(single string, idf float64, written bool) {
	if d.number == nil {
		d.number = map[string]int{}
	}
	if _, known := d.number[single]; known {
		return
	}
	d.number[single] = len(d.idf)
	d.ends[single[len(single)-1]] = true
	d.idf = append(d.idf, idf)
	if written {
		d.whole += idf
		d.terms++
	}
}

// score gives what the sequence of a document adds to its score: its best stretch, and the numbers of the common singles.
func (d *density) score(terms []byte) float64 {
	if d.terms == 0 {
		return 0
	}
	// at holds the last singles of the query within the stretch, as places and numbers
	var at, number [stretch]int
	counts, all := make([]int, len(d.idf)), make([]int, len(d.idf))
	said, best, bestOthers, from, held, n := 0.0, 0.0, 0, 0, 0, 0
	for ; len(terms) > 0; n++ {
		var single []byte
		single, terms = nextSingle(terms)
		if len(single) == 0 || !d.ends[single[len(single)-1]] {
			continue
		}
		this, wanted := d.number[string(single)]
		if !wanted {
			continue
		}
		for ; held > 0 && at[from] <= n-stretch; held-- {
			old := number[from]
			if counts[old]--; counts[old] == 0 {
				said -= d.idf[old]
			}
			from = (from + 1) % stretch
		}
		at[(from+held)%stretch], number[(from+held)%stretch] = n, this
		held++
		all[this]++
		if counts[this]++; counts[this] == 1 {
			said += d.idf[this]
		}
		if said > best {
			best, bestOthers = said, min(n+1, stretch)-held
		}
	}
	if best == 0 {
		return 0
	}
	mean := d.whole / d.terms
	sum := saidWeight*best + shareWeight*d.whole*best/(best+float64(bestOthers)*mean)
	for _, t := range d.common {
		if frequency := all[d.number[t.single]]; frequency > 0 {
			sum += t.bm25(float64(frequency), float64(n+1)) - t.uncounted()
		}
	}
	return sum
}

// The characters of nearly all Chinese text: they are told at once.
const (
	firstUsual = '一'
	lastUsual  = '\u9fa5'
)

// nextSingle cuts the first single off a sequence that is not empty.
func nextSingle(terms []byte) (single, rest []byte) {
	r, size := utf8.DecodeRune(terms)
	if r >= firstUsual && r <= lastUsual || size >= 3 && search.IsCharacter(string(terms[:size])) {
		return terms[:size], terms[size:]
	}
	for i, b := range terms {
		if b == gap {
			return terms[:i], terms[i+1:]
		}
	}
	return terms, nil
}
