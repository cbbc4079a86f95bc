package index

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"
)

// What is official and what is new rises among hits that are about as good; what no longer holds falls.
const (
	officialBonus = 0.05
	freshBonus    = 0.05
	freshHalf     = 365 * 24 * time.Hour // after which freshness counts half
	expiredShare  = 0.8
)

// reranked is how many hits are looked at again.
const reranked = 50

// hits loads the documents of a page, after the first hits were ordered again by what only their texts tell.
func hits(v *view, r *ranking, top []ranked, q Request) ([]Hit, error) {
	from, to := min(q.Offset, len(top)), min(q.Offset+q.Limit, len(top))
	loaded := make([]Hit, 0, max(to, reranked))
	for i, at := range top {
		if again := i < reranked && !r.newest; !again && (i < from || i >= to) {
			loaded = append(loaded, Hit{})
			continue
		}
		document, terms, err := v.load(at.doc)
		if err != nil {
			return nil, err
		}
		hit := Hit{*document, at.score}
		if i < reranked && !r.newest {
			hit.Score = (hit.Score + r.density.score(terms)) * standing(document, q.Now)
		}
		loaded = append(loaded, hit)
	}
	if !r.newest {
		slices.SortStableFunc(loaded[:min(len(loaded), reranked)], func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	}
	return loaded[from:to], nil
}

func standing(d *Document, now time.Time) float64 {
	share := 1.0
	if d.Official {
		share += officialBonus
	}
	if !d.Date.IsZero() && !now.IsZero() {
		age := max(now.Sub(d.Date), 0)
		share += freshBonus * math.Exp2(-float64(age)/float64(freshHalf))
	}
	if !d.Expired.IsZero() && !now.Before(d.Expired) {
		share *= expiredShare
	}
	return share
}

// load gives a document as it was put in, and its sequence of terms.
func (v *view) load(doc uint64) (*Document, []byte, error) {
	document, text, found := Document{}, "", false
	var terms []byte
	var broken error
	s := v.part(doc)
	err := s.segment.VisitStoredFields(doc-s.first, func(field string, _ byte, value []byte, _ []uint64) bool {
		switch field {
		case fieldFacts:
			broken, found = json.Unmarshal(value, &document), true
		case fieldText:
			text = string(value)
		case fieldSequence:
			terms = slices.Clone(value)
		}
		return true
	})
	if err = cmp.Or(err, broken); err == nil && !found {
		err = fmt.Errorf("search: nothing is kept of document %d", doc)
	}
	document.Text = text
	return &document, terms, err
}
