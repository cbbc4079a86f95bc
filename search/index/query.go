package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"qiming/search"
)

// Request is a search.
type Request struct {
	Text     string   // what is looked for; "" finds everything that the filters leave, the newest first
	Audience []string // the reader's tokens. A search without them is an error: nobody sees all
	Kinds    []string // one of these; none asks for all. So are the next ones
	Category string   // this category or one below
	Tag      string
	Source   string
	Official bool       // only what is official
	From, To time.Time  // published on these days or between; the zero time is no border
	Synonyms [][]string // groups of words that mean the same, see search.NearestSynonyms
	Offset   int
	Limit    int  // at most MaxLimit
	Facets   bool // count kinds, categories, tags, sources, official ones
	Now      time.Time
}

// Bounds of a request.
const (
	MaxLimit   = 100
	MaxReach   = 1000 // offset and limit together
	maxUnits   = 64   // characters and words of a query that are looked at
	maxPhrases = 16   // synonyms that are looked at
)

// Result is what a search found.
type Result struct {
	Total  int
	Hits   []Hit
	Facets map[Facet]map[string]int // by facet and value; only where asked for
}

// Hit is a document that was found.
type Hit struct {
	Document Document // with its whole text
	Score    float64  // for tests and evaluation: not to be shown, it tells of documents that nobody may see
}

// errNoAudience is a defect of the caller.
var errNoAudience = errors.New("a search must say who reads")

// Search finds documents, the best first.
func (x *Index) Search(ctx context.Context, q Request) (Result, error) {
	if len(q.Audience) == 0 {
		return Result{}, errNoAudience
	}
	if q.Offset < 0 || q.Limit < 0 || q.Limit > MaxLimit || q.Offset+q.Limit > MaxReach {
		return Result{}, fmt.Errorf("a search from %d for %d: at most %d of the first %d", q.Offset, q.Limit, MaxLimit, MaxReach)
	}
	v, err := x.view()
	if err != nil {
		return Result{}, err
	}
	defer v.close()
	r := &ranking{limit: max(q.Offset+q.Limit, reranked), filter: filterOf(q)}
	if err := v.plan(q, r); err != nil {
		return Result{}, err
	}
	if q.Facets {
		r.counts = newCounter()
	}
	top, total, err := r.run(ctx, v, x)
	if err != nil {
		return Result{}, err
	}
	found, err := hits(v, r, top, q)
	return Result{Total: total, Hits: found, Facets: r.counts.result()}, err
}

// plan opens the postings of what is looked for.
func (v *view) plan(q Request, r *ranking) error {
	b := &builder{view: v, ranking: r}
	r.groups = []int{0}
	if strings.TrimSpace(q.Text) == "" {
		r.newest = true
		return nil
	}
	singles, pairs := search.Cut(q.Text)
	singles = slices.DeleteFunc(singles, func(term string) bool { return term == everywhere })
	singles, pairs = unique(singles), unique(pairs)
	if err := b.synonyms(q, &singles, &pairs); err != nil {
		return err
	}
	if err := b.text(0, singles, pairs); err != nil {
		return err
	}
	r.need = neededShare(b.units) * b.idf
	if b.units == 0 {
		r.need = math.Inf(1) // signs only: nothing is a hit
	}
	b.sounds(q.Text)
	return nil
}

// builder fills a ranking.
type builder struct {
	view    *view
	ranking *ranking
	units   int     // characters and words of the query
	idf     float64 // of the terms of the query as it is written
	written bool    // the branch at hand is of words that stand in the query
}

// text adds the terms of a branch: the query's own are what the needed share is of.
func (b *builder) text(branch int, singles, pairs []string) error {
	b.units += len(singles)
	const pairsOnly = 1
	for i, list := range []struct {
		field string
		terms []string
	}{{fieldSingles, singles}, pairsOnly: {fieldPairs, pairs}, {fieldPairs, wordsOf(singles)}} {
		for _, text := range list.terms {
			t, err := b.open(list.field, text, 1)
			if err != nil {
				return err
			}
			t.branch = branch
			b.ranking.terms = append(b.ranking.terms, t)
			b.idf += t.idf
			if branch == 0 && i != pairsOnly {
				t.single = text
			}
			if list.field == fieldSingles {
				b.ranking.density.want(text, t.idf, branch == 0 || b.written)
			}
		}
	}
	for _, text := range slices.Concat(singles, pairs) {
		t, err := b.open(fieldTitle, text, titleWeight)
		if err != nil {
			return err
		}
		t.counted = true
		b.ranking.bonus = append(b.ranking.bonus, t)
	}
	return nil
}

func (b *builder) open(field, text string, weight float64) (*term, error) {
	t := &term{textTerm: textTerm{field, text}, average: b.view.average[field]}
	n := 0.0
	for _, s := range b.view.parts {
		p, err := s.postings(field, text)
		if err != nil {
			return nil, err
		}
		n += float64(p.live(s.deleted))
		t.in = append(t.in, p)
	}
	t.idf = b.view.idf(n)
	t.weight = weight * t.idf * (saturation + 1)
	return t, nil
}

// idf is the inverse document frequency of what n documents have.
func (v *view) idf(n float64) float64 { return math.Log(1 + (v.documents-n+0.5)/(n+0.5)) }

// soundsWeight is what a name that goes on with the letters of the query counts, by the idf of the letters.
const (
	soundsWeight = 3.0
	minLetters   = 2
)

// sounds adds the names that go on with the query in pinyin or initials, where it may be pinyin.
func (b *builder) sounds(text string) {
	form := startForm(text)
	if len(form) < minLetters || !isLetters(form) {
		return
	}
	n := 0.0
	for _, s := range b.view.parts {
		set := newBitset(s.n)
		s.names.find(cutStart(form), func(doc uint32, _ uint8) {
			if !set.has(doc) {
				set.add(doc)
				n++
			}
		})
		b.ranking.sounds = append(b.ranking.sounds, set)
	}
	b.ranking.loud = soundsWeight * b.view.idf(min(n, b.view.documents))
}

// unique drops what is repeated, and what is over the bound of a query.
func unique(terms []string) []string {
	seen := make(map[string]bool, len(terms))
	out := terms[:0:0]
	for _, term := range terms {
		if !seen[term] && len(out) < maxUnits {
			seen[term] = true
			out = append(out, term)
		}
	}
	return out
}
