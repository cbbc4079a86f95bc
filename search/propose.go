package search

import (
	"math"
	"regexp"
	"strings"
)

// listSigns are what separates the points of a model answer besides the ends of sentences: the signs of lists, the
// conjunctions, numbering.
var listSigns = regexp.MustCompile(`[、/|]|(?:[（(]\d{1,2}[)）]|[①-⑳])|\s+(?:and|or)\s+|以及|并且`)

// numbering at the beginning of a point.
var numbering = regexp.MustCompile(`^\s*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）.、]|[一二三四五六七八九十]是|第[一二三四五六七八九十]+[，,是])\s*`)

var ordinal = regexp.MustCompile(`^\s*\d{0,2}\s*$`)

// maxProposed bounds the points that are proposed.
const maxProposed = 20

// ProposePoints takes a model answer apart into key points for its author to accept: a thought each, weighing by the
// square root of its content, without what only repeats the question. A model answer that cannot be taken apart is one point.
func ProposePoints(question, model string) []Point {
	asked, all := termSet(question), map[string]int{}
	for t := range termSet(model) {
		all[t]++
	}
	ask := askedWeight(asked, all, nil)
	runes := []rune(strings.ToValidUTF8(model, "\ufffd"))
	var out []Point
	for _, s := range Sentences(model) {
		for _, text := range splitList(string(runes[s.Start:s.End])) {
			text = strings.TrimSpace(numbering.ReplaceAllString(text, ""))
			weight, own := 0.0, 0.0
			for t := range termSet(text) {
				w := termWeight(t)
				if asked[t] {
					w *= ask
				} else {
					own += w
				}
				weight += w
			}
			if own == 0 && ask < 1 || ordinal.MatchString(text) { // what the question says, or a number alone
				continue
			}
			out = append(out, Point{Phrases: []string{text}, Weight: math.Sqrt(weight)})
		}
	}
	if len(out) == 0 || len(out) > maxProposed {
		if strings.TrimSpace(model) == "" {
			return nil
		}
		return []Point{{Phrases: []string{model}, Weight: 1}}
	}
	sum := 0.0
	for _, p := range out {
		sum += p.Weight
	}
	for i := range out {
		out[i].Weight /= sum
	}
	return out
}

// splitList takes a sentence apart at the signs of lists.
func splitList(text string) []string {
	var out []string
	for _, piece := range listSigns.Split(text, -1) {
		r := []rune(piece)
		from := 0
		for i := range r {
			if joins(r, from, i) {
				out = append(out, string(r[from:i]))
				from = i + 1
			}
		}
		out = append(out, string(r[from:]))
	}
	return out
}

// joins says whether the character at i is a conjunction between two phrases of two characters or more, and no part of
// a word.
func joins(r []rune, from, i int) bool {
	if r[i] != '和' && r[i] != '与' && r[i] != '及' || i-from < 2 || i+2 >= len(r) {
		return false
	}
	for j := i - 2; j <= i+2; j++ {
		if !isHan(r[j]) {
			return false
		}
	}
	switch pair := string(r[i : i+2]); pair {
	case "和平", "和谐", "和睦", "和解", "与会", "与否", "及时", "及格":
		return false
	}
	switch pair := string(r[i-1 : i+1]); pair {
	case "温和", "总和", "饱和", "缓和", "调和", "共和", "中和", "参与", "给与", "赋与", "涉及", "普及", "以及", "波及":
		return false
	}
	return true
}
