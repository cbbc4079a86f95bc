package question

import (
	"math"
	"slices"

	"qiming/search"
)

// preparePoints tidies key points and synonyms: trims, drops what says nothing.
func preparePoints(c *Content) {
	var points []KeyPoint
	for _, p := range c.Points {
		p.Text, p.Also, p.Required, p.Forbidden = tidy(p.Text), tidyPhrases(p.Also), tidyPhrases(p.Required), tidyPhrases(p.Forbidden)
		if p.Text != "" || p.Also != nil || p.Required != nil || p.Forbidden != nil || p.Share != 0 {
			points = append(points, p)
		}
	}
	var groups [][]string
	for _, g := range c.Synonyms {
		if g = tidyPhrases(g); g != nil {
			groups = append(groups, g)
		}
	}
	c.Points, c.Synonyms = points, groups
}

// tidyPhrases gives what says something, each once; nil for nothing.
func tidyPhrases(list []string) []string {
	var out []string
	for _, s := range list {
		if s = tidy(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// points checks key points and synonyms.
func (p *problems) points(c Content) {
	parts := make([]part, len(c.Points))
	for i, point := range c.Points {
		parts[i] = part{point.Text, point.Share}
		p.phrases(at("points", i, "also"), point.Also)
		p.phrases(at("points", i, "required"), point.Required)
		p.phrases(at("points", i, "forbidden"), point.Forbidden)
	}
	p.shares("points", "text", parts, MaxPoints, MaxPhrase)
	if len(c.Synonyms) > MaxSynonyms {
		p.addMax("synonyms", "too_many", MaxSynonyms)
	}
	for i, group := range c.Synonyms {
		if len(group) < 2 {
			p.add(at("synonyms", i, ""), "question.synonym_alone")
		}
		p.phrases(at("synonyms", i, ""), group)
	}
}

// phrases checks a list of short texts.
func (p *problems) phrases(path string, list []string) {
	if len(list) > MaxPhrases {
		p.addMax(path, "too_many", MaxPhrases)
	}
	for _, s := range list {
		p.length(path, s, MaxPhrase)
	}
}

// ProposePoints takes the model answer of a short answer apart into key points for the author to accept: shares in
// whole hundredths that sum to 1. Without a model answer there are none.
func ProposePoints(c Content) []KeyPoint {
	proposed := search.ProposePoints(c.Stem, c.Model)
	out := []KeyPoint{}
	left := 100
	for i, p := range proposed {
		share := int(math.Round(100 * p.Weight))
		if i == len(proposed)-1 {
			share = left
		}
		share = min(max(share, 1), left-(len(proposed)-1-i))
		left -= share
		text := []rune(p.Phrases[0])
		out = append(out, KeyPoint{Text: string(text[:min(len(text), MaxPhrase)]), Share: float64(share) / 100})
	}
	return out
}

// SearchPoints gives the key points as package search matches them.
func SearchPoints(c Content) []search.Point {
	var out []search.Point
	for _, p := range c.Points {
		out = append(out, search.Point{Phrases: append([]string{p.Text}, p.Also...), Required: p.Required, Forbidden: p.Forbidden, Weight: p.Share})
	}
	return out
}
