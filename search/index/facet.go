package index

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

// officialFacet is the place of the official mark among facetFields.
const officialFacet = 4

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
