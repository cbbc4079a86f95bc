package index

import (
	bleveindex "github.com/blevesearch/bleve_index_api"
)

// Facet is a fact by which hits are counted.
type Facet string

// The facets.
const (
	FacetKind     Facet = "kind"
	FacetCategory Facet = "category" // counts for those above too
	FacetTag      Facet = "tag"
	FacetSource   Facet = "source"
	FacetOfficial Facet = "official"
)

var facetOf = map[string]Facet{
	fieldKind: FacetKind, fieldCategory: FacetCategory, fieldTag: FacetTag, fieldSource: FacetSource, fieldOfficial: FacetOfficial,
}

// counter counts hits by their facts.
type counter struct {
	values bleveindex.DocValueReader
	facets map[Facet]map[string]int
}

func newCounter(reader bleveindex.IndexReader) (*counter, error) {
	values, err := reader.DocValueReader([]string{fieldKind, fieldCategory, fieldTag, fieldSource, fieldOfficial})
	if err != nil {
		return nil, err
	}
	c := &counter{values, map[Facet]map[string]int{}}
	for _, facet := range facetOf {
		c.facets[facet] = map[string]int{}
	}
	return c, nil
}

func (c *counter) add(id bleveindex.IndexInternalID) error {
	return c.values.VisitDocValues(id, func(field string, term []byte) {
		c.facets[facetOf[field]][string(term)]++
	})
}
