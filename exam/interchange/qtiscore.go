package interchange

import (
	"path"
	"slices"
	"strings"
)

// qtiScore is what a responseProcessing says about marking, as far as it has one of the usual forms: a template, or
// match and mapResponse written out, values and ranges in if and else-if.
type qtiScore struct {
	mapped  map[string]bool               // responses marked by their mapping
	matched map[string]bool               // and by equality with the right answer
	values  map[string]map[string]float64 // response, value: score
	ranges  map[string][]scoredRange
	worths  map[string]float64  // of the right answer, where a condition says so
	near    map[string]*xmlNode // an equal of the response and its right answer, with its tolerance
	all     string              // "map" or "match": every response, by a template
	strange bool                // something else stands in it
}

type scoredRange struct{ min, max, score float64 }

func (s *qtiScore) read(n *xmlNode) {
	s.mapped, s.matched = map[string]bool{}, map[string]bool{}
	s.values, s.ranges = map[string]map[string]float64{}, map[string][]scoredRange{}
	s.near, s.worths = map[string]*xmlNode{}, map[string]float64{}
	if n == nil {
		return
	}
	if t := n.attr("template"); t != "" && len(n.all("responseCondition", "setOutcomeValue")) == 0 {
		name := strings.TrimSuffix(strings.ToLower(path.Base(strings.ReplaceAll(t, `\`, "/"))), ".xml")
		switch {
		case strings.Contains(name, "map_response_point"):
			s.strange = true
		case strings.Contains(name, "map_response"):
			s.all = "map"
		case strings.Contains(name, "match"):
			s.all = "match"
		default:
			s.strange = true
		}
		return
	}
	s.walk(n)
}

// usual are the elements of the usual forms that need no reading of their own.
var usual = []string{"", xmlComment, "responseProcessing", "responseCondition", "responseIf", "responseElseIf", "responseElse", "setOutcomeValue", "variable", "correct",
	"baseValue", "isNull", "not", "and", "or", "sum", "multiple", "exitResponse", "product", "isCorrect", "null", "gt", "default"}

func (s *qtiScore) walk(n *xmlNode) {
	switch n.name {
	case "mapResponse":
		s.mapped[n.attr("identifier")] = true
	case "match", "equal":
		s.equality(n)
	case "responseIf", "responseElseIf":
		s.condition(n)
	case "gte", "lte", "member", "fieldValue":
	default:
		if !slices.Contains(usual, n.name) {
			s.strange = true
		}
	}
	for _, k := range n.kids {
		s.walk(k)
	}
}

// equality reads match and equal of a response and its right answer.
func (s *qtiScore) equality(n *xmlNode) {
	response, correct := n.child("variable"), n.child("correct")
	if response != nil && correct != nil {
		s.matched[response.attr("identifier")] = true
	}
}

// condition reads "if this response is that value, or lies between two, the score is …".
func (s *qtiScore) condition(n *xmlNode) {
	if len(n.kids) == 0 {
		return
	}
	score, scored := 0.0, false
	for _, set := range n.all("setOutcomeValue") {
		if base := set.child("baseValue"); base != nil && strings.Contains(set.attr("identifier"), "SCORE") {
			score, scored = decimal(base.words()), true
		}
		if sum := set.child("sum"); sum != nil && strings.Contains(set.attr("identifier"), "SCORE") && sum.child("baseValue") != nil {
			score, scored = decimal(sum.child("baseValue").words()), true
		}
	}
	for _, k := range n.kids {
		if scored && k.child("correct") != nil {
			s.worths[k.child("variable").attr("identifier")] = score
		}
		id, base := k.child("variable").attr("identifier"), k.child("baseValue")
		switch {
		case id == "" && k.name != "and":
		case (k.name == "match" || k.name == "equal" || k.name == "member") && base != nil && scored:
			if k.name == "equal" {
				value := decimal(base.words())
				low, high := tolerance(k, value)
				s.ranges[id] = append(s.ranges[id], scoredRange{low, high, score})
				continue
			}
			if s.values[id] == nil {
				s.values[id] = map[string]float64{}
			}
			if _, first := s.values[id][strings.TrimSpace(base.exact())]; !first {
				s.values[id][strings.TrimSpace(base.exact())] = score
			}
		case k.name == "and" && scored:
			low, high := k.child("gte"), k.child("lte")
			id := low.child("variable").attr("identifier")
			if id != "" && high.child("variable").attr("identifier") == id {
				s.ranges[id] = append(s.ranges[id], scoredRange{decimal(low.child("baseValue").words()), decimal(high.child("baseValue").words()), score})
			} else {
				s.strange = true
			}
		case k.name == "equal" && k.child("correct") != nil:
			s.near[id] = k
		}
	}
}

// tolerance gives the ends of what an equal accepts around a value.
func tolerance(n *xmlNode, value float64) (low, high float64) {
	fields := strings.Fields(n.attr("tolerance"))
	if n.attr("toleranceMode") == "exact" || len(fields) == 0 {
		return value, value
	}
	below := decimal(fields[0])
	above := decimal(fields[len(fields)-1])
	if n.attr("toleranceMode") == "relative" {
		below, above = value*below/100, value*above/100
		return min(value-below, value+above), max(value-below, value+above)
	}
	return value - below, value + above
}

// byMap says whether a response is marked by its mapping.
func (s *qtiScore) byMap(id string, r *qtiResponse) bool {
	switch {
	case !r.mapped:
		return false
	case s.all != "":
		return s.all == "map"
	case s.mapped[id]:
		return true
	}
	return !s.matched[id]
}
