package index

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	bleveindex "github.com/blevesearch/bleve_index_api"
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
func hits(reader bleveindex.IndexReader, r *ranking, top []ranked, q Request) ([]Hit, error) {
	from, to := min(q.Offset, len(top)), min(q.Offset+q.Limit, len(top))
	loaded := make([]Hit, 0, max(to, reranked))
	for i, at := range top {
		if again := i < reranked && r.age == nil; !again && (i < from || i >= to) {
			loaded = append(loaded, Hit{})
			continue
		}
		document, terms, err := load(reader, at.doc)
		if err != nil {
			return nil, err
		}
		hit := Hit{*document, at.score}
		if i < reranked && r.age == nil {
			hit.Score = (hit.Score + r.density.score(terms)) * standing(document, q.Now)
		}
		loaded = append(loaded, hit)
	}
	if r.age == nil {
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
func load(reader bleveindex.IndexReader, doc uint64) (*Document, []byte, error) {
	name, err := reader.ExternalID(bleveindex.NewIndexInternalID(nil, doc))
	if err != nil {
		return nil, nil, err
	}
	stored, err := reader.Document(name)
	if err != nil {
		return nil, nil, err
	}
	if stored == nil {
		return nil, nil, fmt.Errorf("search: the document %s is not in the index that found it", name)
	}
	document, text, found := Document{}, "", false
	var terms []byte
	stored.VisitFields(func(field bleveindex.Field) {
		switch field.Name() {
		case fieldFacts:
			err, found = json.Unmarshal(field.Value(), &document), true
		case fieldText:
			text = string(field.Value())
		case fieldSequence:
			terms = field.Value()
		}
	})
	if err == nil && !found {
		err = fmt.Errorf("search: nothing is kept of the document %s", name)
	}
	document.Text = text
	return &document, terms, err
}
