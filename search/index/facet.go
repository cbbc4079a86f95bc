package index

import (
	"strings"

	bleveindex "github.com/blevesearch/bleve_index_api"

	"qiming/search"
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

// tagMark stands in a term between a tag as it is compared and as it is spelt.
const tagMark = "\x00"

// tagTerms gives the terms of tags.
func tagTerms(tags []string) []string {
	var terms []string
	for i, tag := range tags {
		if !search.HasTag(tags[:i], tag) {
			terms = append(terms, search.TagKey(tag)+tagMark+tag)
		}
	}
	return terms
}

// result gives the counts; tags that are one stand together.
func (c *counter) result() map[Facet]map[string]int {
	spelt := map[string]int{}
	for term, n := range c.facets[FacetTag] {
		_, tag, _ := strings.Cut(term, tagMark)
		spelt[tag] += n
	}
	c.facets[FacetTag] = search.OneSpelling(spelt)
	return c.facets
}

func (c *counter) add(id bleveindex.IndexInternalID) error {
	return c.values.VisitDocValues(id, func(field string, term []byte) {
		c.facets[facetOf[field]][string(term)]++
	})
}
