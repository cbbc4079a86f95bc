package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	bleveindex "github.com/blevesearch/bleve_index_api"

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
	reader, err := x.reader()
	if err != nil {
		return Result{}, err
	}
	defer reader.Close()
	r := &ranking{limit: max(q.Offset+q.Limit, reranked)}
	defer r.close()
	if r.filter, err = filterOf(ctx, reader, q); err != nil {
		return Result{}, err
	}
	if err := x.plan(ctx, reader, q, r); err != nil {
		return Result{}, err
	}
	var counts *counter
	if q.Facets {
		if counts, err = newCounter(reader); err != nil {
			return Result{}, err
		}
		r.each = counts.add
	}
	top, total, err := r.run(ctx)
	if err != nil {
		return Result{}, err
	}
	out := Result{Total: total}
	if counts != nil {
		out.Facets = counts.result()
	}
	out.Hits, err = hits(reader, r, top, q)
	return out, err
}

// filterOf gives what every hit of a request must fulfil, its audience before all.
func filterOf(ctx context.Context, reader bleveindex.IndexReader, q Request) (*filter, error) {
	f := &filter{}
	err := f.add(ctx, reader, fieldAudience, q.Audience...)
	demand := func(field string, terms ...string) {
		if err == nil && len(terms) > 0 && terms[0] != "" {
			err = f.add(ctx, reader, field, terms...)
		}
	}
	demand(fieldKind, q.Kinds...)
	demand(fieldCategory, q.Category)
	if err == nil && q.Tag != "" {
		var spelt []string
		key := search.TagKey(q.Tag)
		if spelt, err = termsBetween(reader, fieldTag, key+tagMark, key+"\x01"); err == nil {
			err = f.add(ctx, reader, fieldTag, spelt...)
		}
	}
	demand(fieldSource, q.Source)
	if q.Official {
		demand(fieldOfficial, yes)
	}
	if err == nil && !(q.From.IsZero() && q.To.IsZero()) {
		from, to := "0", "9"
		if !q.From.IsZero() {
			from = q.From.Format(dayLayout)
		}
		if !q.To.IsZero() {
			to = q.To.Format(dayLayout)
		}
		var days []string
		if days, err = termsBetween(reader, fieldDate, from, to); err == nil {
			err = f.add(ctx, reader, fieldDate, days...)
		}
	}
	if err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// plan opens the postings of what is looked for.
func (x *Index) plan(ctx context.Context, reader bleveindex.IndexReader, q Request, r *ranking) error {
	averages, err := x.averages(ctx, reader)
	if err != nil {
		return err
	}
	documents, err := reader.DocCount()
	if err != nil {
		return err
	}
	b := &builder{ctx: ctx, reader: reader, ranking: r, averages: averages, documents: float64(documents)}
	r.branches = []branch{{}}
	if strings.TrimSpace(q.Text) == "" {
		return b.everything()
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
	return b.sounds(q.Text)
}

// builder fills a ranking.
type builder struct {
	ctx       context.Context
	reader    bleveindex.IndexReader
	ranking   *ranking
	averages  map[string]float64
	documents float64
	units     int     // characters and words of the query
	idf       float64 // of the terms of the query as it is written
	written   bool    // the branch at hand is of words that stand in the query
}

// everything makes each document a hit, the newest the best.
func (b *builder) everything() error {
	values, err := b.reader.DocValueReader([]string{fieldDate})
	if err != nil {
		return err
	}
	b.ranking.age = func(id bleveindex.IndexInternalID) (day float64, err error) {
		err = values.VisitDocValues(id, func(_ string, term []byte) {
			if at, e := time.Parse(dayLayout, string(term)); e == nil {
				day = float64(at.Unix()) / 86400
			}
		})
		return day, err
	}
	b.ranking.sounds = &cursorUnion{score: 1}
	return b.ranking.sounds.open(b.ctx, b.reader, fieldSingles, everywhere)
}

// text adds the terms of a branch: the query's own are what the needed share is of.
func (b *builder) text(branch int, singles, pairs []string) error {
	b.units += len(singles)
	const pairsOnly = 1
	for i, list := range []struct {
		field string
		terms []string
	}{{fieldSingles, singles}, pairsOnly: {fieldPairs, pairs}, {fieldPairs, wordsOf(singles)}} {
		for _, term := range list.terms {
			c, err := b.open(list.field, term, 1)
			if err != nil {
				return err
			}
			c.branch = branch
			b.ranking.terms = append(b.ranking.terms, c)
			b.idf += c.idf
			if branch == 0 && i != pairsOnly {
				c.single = term
			}
			if list.field == fieldSingles {
				b.ranking.density.want(term, c.idf, branch == 0 || b.written)
			}
		}
	}
	for _, term := range slices.Concat(singles, pairs) {
		c, err := b.open(fieldTitle, term, titleWeight)
		if err != nil {
			return err
		}
		b.ranking.bonus = append(b.ranking.bonus, c)
	}
	return nil
}

func (b *builder) open(field, term string, weight float64) (*cursor, error) {
	open := func(ctx context.Context, counted bool) (bleveindex.TermFieldReader, error) {
		return b.reader.TermFieldReader(ctx, []byte(term), field, counted, counted, false)
	}
	postings, err := open(b.ctx, field == fieldTitle)
	if err != nil {
		return nil, err
	}
	n := float64(postings.Count())
	idf := math.Log(1 + (b.documents-n+0.5)/(n+0.5))
	return &cursor{open: open, postings: postings, counted: field == fieldTitle, idf: idf, weight: weight * idf * (saturation + 1), average: b.averages[field]}, nil
}

// soundsWeight is what a name that begins with the letters of the query counts, by the idf of the letters.
const (
	soundsWeight = 3.0
	minLetters   = 2
	maxSounds    = 256 // beginnings that are looked at
)

// sounds adds the names whose pinyin or initials begin with the query, where it may be pinyin.
func (b *builder) sounds(text string) error {
	form := startForm(text)
	if len(form) < minLetters || !isLetters(form) {
		return nil
	}
	terms, err := beginnings(b.reader, cutBytes(form, startLetters), maxSounds)
	if err != nil || len(terms) == 0 {
		return err
	}
	n := 0.0
	union := &cursorUnion{}
	b.ranking.sounds = union
	if err := union.open(b.ctx, b.reader, fieldStarts, terms...); err != nil {
		return err
	}
	for _, c := range union.cursors {
		n += float64(c.postings.Count())
	}
	union.score = soundsWeight * math.Log(1+(b.documents-min(n, b.documents)+0.5)/(n+0.5))
	return nil
}

// beginnings gives up to limit starts that begin with a form.
func beginnings(reader bleveindex.IndexReader, form string, limit int) ([]string, error) {
	dict, err := reader.FieldDictPrefix(fieldStarts, []byte(form))
	if err != nil {
		return nil, err
	}
	defer dict.Close()
	var out []string
	for len(out) < limit {
		entry, err := dict.Next()
		if err != nil || entry == nil {
			return out, err
		}
		out = append(out, entry.Term)
	}
	return out, nil
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
