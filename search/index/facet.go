package index

import (
	"strings"

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

var facetFields = []struct {
	name  string
	facet Facet
}{{fieldKind, FacetKind}, {fieldCategory, FacetCategory}, {fieldTag, FacetTag}, {fieldSource, FacetSource}, {fieldOfficial, FacetOfficial}}

// Places among facetFields.
const (
	tagFacet      = 2
	officialFacet = 4
)

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

// counter counts hits by their facts.
type counter map[Facet]map[string]int

func newCounter() counter {
	c := counter{}
	for _, field := range facetFields {
		c[field.facet] = map[string]int{}
	}
	return c
}

// add counts hits of a segment.
func (c counter) add(s *part, hits []uint32) {
	for i, field := range facetFields {
		column := &s.facets[i]
		counts := make([]int, len(column.values))
		for _, doc := range hits {
			for _, value := range column.of[column.from[doc]:column.from[doc+1]] {
				counts[value]++
			}
		}
		for value, n := range counts {
			if n > 0 {
				c[field.facet][column.values[value]] += n
			}
		}
	}
}

// result gives the counts; tags that are one stand together.
func (c counter) result() map[Facet]map[string]int {
	if c == nil {
		return nil
	}
	spelt := map[string]int{}
	for term, n := range c[FacetTag] {
		_, tag, _ := strings.Cut(term, tagMark)
		spelt[tag] += n
	}
	c[FacetTag] = search.OneSpelling(spelt)
	return c
}
