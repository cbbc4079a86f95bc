package index

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"qiming/search"
)

// Bounds of suggestions.
const (
	maxSuggestions = 10
	deepLook       = 200 // documents that are read at most: those of the same name are one suggestion
	readAtOnce     = 40
)

// Suggestion is a name that begins, or goes on somewhere, with what was typed.
type Suggestion struct {
	Type  string
	Kind  string
	ID    string
	Title string
}

// Suggest gives names for what somebody types, in characters, pinyin or initials, of what that reader may see: those that
// begin with it before others, what is official and newer first.
func (x *Index) Suggest(ctx context.Context, q Request) ([]Suggestion, error) {
	if len(q.Audience) == 0 {
		return nil, errNoAudience
	}
	form := startForm(q.Text)
	if form == "" {
		return nil, nil
	}
	v, err := x.view()
	if err != nil {
		return nil, err
	}
	defer v.close()
	top := best{}
	err = v.named(ctx, q, form, func(s *part, doc uint32, how uint8) bool {
		score := float64(how)*beginWeight + s.standing(doc, q.Now)
		top.keep(ranked{s.first + uint64(doc), score}, deepLook)
		return true
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(top, func(a, b ranked) int { return -compareRanked(a, b) })
	var out []Suggestion
	titles := map[string]bool{}
	for some := range slices.Chunk(top, readAtOnce) {
		type named struct {
			*Document
			how float64
		}
		var seen []named
		for _, at := range some {
			d, _, err := v.load(at.doc)
			if err != nil {
				return nil, err
			}
			seen = append(seen, named{d, math.Floor(at.score / beginWeight)})
		}
		slices.SortStableFunc(seen, func(a, b named) int {
			return cmp.Or(cmp.Compare(b.how, a.how), cmp.Compare(standing(b.Document, q.Now), standing(a.Document, q.Now)), cmp.Compare(a.Title, b.Title))
		})
		for _, d := range seen {
			if key := search.SynonymKey(d.Title); d.Title != "" && !titles[key] {
				titles[key] = true
				if out = append(out, Suggestion{d.Type, d.Kind, d.ID, d.Title}); len(out) >= min(max(q.Limit, 1), maxSuggestions) {
					return out, nil
				}
			}
		}
	}
	return out, nil
}

// beginWeight puts how a name goes on before how its document stands.
const beginWeight = 10

// standing is that of a document as far as its columns tell: to the day.
func (s *part) standing(doc uint32, now time.Time) float64 {
	d := Document{Official: s.facets[officialFacet].has(int(doc))}
	if day := s.day[doc]; day != noDay {
		d.Date = time.Unix(int64(day)*24*60*60, 0)
	}
	if at := s.expires[doc]; at != 0 {
		d.Expired = time.Unix(at, 0)
	}
	return standing(&d, now)
}

// named gives the documents with a name that begins or goes on with a form, of those that the request leaves, until take
// has enough.
func (v *view) named(ctx context.Context, q Request, form string, take func(s *part, doc uint32, how uint8) bool) error {
	f, form := filterOf(q), cutStart(form)
	for _, s := range v.parts {
		if err := ctx.Err(); err != nil {
			return err
		}
		may, err := f.of(s)
		if err != nil {
			return err
		}
		found := make([]uint8, s.n)
		s.names.find(form, func(doc uint32, how uint8) { found[doc] = max(found[doc], how) })
		more := true
		may.each(func(doc uint32) bool {
			if found[doc] > 0 {
				more = take(s, doc, found[doc])
			}
			return more
		})
		if !more {
			break
		}
	}
	return nil
}
