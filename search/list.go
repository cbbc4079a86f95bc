package search

import (
	"regexp"
	"slices"
	"strings"
)

// A sentence may say a list among other things: 会议包括支部党员大会、支部委员会、党小组会和党课，每月召开一次. Its members are
// thoughts each where they stand beside each other as equals. What announces them stands before the first and is none of them;
// what only sums them up stands behind the last.

// leads announce a list: verbs, or a sign.
var leads = regexp.MustCompile(`^(.*(?:包括|包含|涵盖|分为|分成|称为|是指|指的是|例如|主要有|主要是|主要为|分别是|分别为|表现为|表现在|体现为|体现在|——|[：:]|\b(?i:includes?|including|comprises?|such as|namely|consists? of)\s))(.+)$`)

// asks announce one too, but stand in many other words: they count behind what is asked only, unless they tell of many.
var (
	asks = regexp.MustCompile(`^(.*?(?:[有是为即]|\b(?:is|are)\s))(.+)$`)
	many = regexp.MustCompile(`\bare\s$`)
)

// sums is what only sums a list up.
var sums = regexp.MustCompile(`等(?:[一二两三四五六七八九十\d]+\p{Han}{0,4})?$`)

// opened says that the last member of a list begins.
var opened = regexp.MustCompile(`^\s*(?:(?:and|or)\s+|以及|还有|[和及与]\s*)(.+)$`)

// links stand alone between commas and only tie what follows to what was said.
var links = regexp.MustCompile(`^\s*(?:(?i:i\.e\.?|e\.g\.?|namely|that is|for example|for instance|first|finally)|即|例如|比如|也就是说?)\s*$`)

// lead is how the first member of a list begins.
type lead int

const (
	bare      lead = iota // nothing announces the list: other words may stand before its first member
	asked                 // it stands behind the words of the question, or behind those that tell of many
	announced             // it is announced
)

const (
	leastListed = 3   // members at least; announced, two are a list
	lastListed  = 1.5 // length of the last by the longest of the others at most: a longer one goes on with what all of them share
)

// listed takes the lists of a sentence apart: their members, and between them what else the sentence says. It is nil where there
// is none.
func (r reader) listed(sentence string) []string {
	clauses := slices.DeleteFunc(atCommas(sentence), links.MatchString)
	comma := ","
	if strings.Contains(sentence, "，") {
		comma = "，"
	}
	var out, other []string
	found := false
	told := func() {
		if len(other) > 0 {
			out, other = append(out, strings.Join(other, comma)), nil
		}
	}
	for i := 0; i < len(clauses); i++ {
		members, n := r.members(clauses[i]), 1
		if members == nil {
			members, n = r.membersAtCommas(clauses[i:])
		}
		if members == nil {
			other = append(other, clauses[i])
			continue
		}
		told()
		out, found = append(out, members...), true
		i += n - 1
	}
	if told(); !found {
		return nil
	}
	return out
}

// members takes apart a clause that is a list: at its signs or, where it is announced, at its conjunctions.
func (r reader) members(clause string) []string {
	parts := splitList(sums.ReplaceAllString(clause, ""))
	first, how := r.unannounced(parts[0])
	parts[0] = first
	if len(parts) == 1 && how == announced {
		parts = splitJoined(first)
	}
	return alikes(parts, how)
}

// membersAtCommas takes apart clauses of which the first ones are a list, and says how many: names, before whose last a
// conjunction stands. Within a clause it may join two names of a list only where there is a list without doubt.
func (r reader) membersAtCommas(clauses []string) ([]string, int) {
	first, how := r.unannounced(clauses[0])
	if !isName(first) {
		return nil, 0
	}
	parts := []string{first}
	for i, clause := range clauses[1:] {
		if _, again := r.unannounced(clause); again != bare {
			break
		}
		clause = sums.ReplaceAllString(clause, "")
		if m := opened.FindStringSubmatch(clause); m != nil && isName(m[1]) {
			return alikes(append(parts, m[1]), how), i + 2
		}
		pieces := splitJoined(clause)
		if slices.ContainsFunc(pieces, func(piece string) bool { return !isName(piece) }) {
			break
		}
		parts = append(parts, pieces...)
		if len(pieces) > 1 && how != bare {
			return alikes(parts, how), i + 2
		}
	}
	return nil, 0
}

// unannounced cuts off what announces a list before its first member, where nothing is lost by it.
func (r reader) unannounced(first string) (string, lead) {
	if m := leads.FindStringSubmatch(first); m != nil {
		if r.weight(m[1]) > 0 && characters(m[1]) > 2*namePart {
			return first, announced
		}
		return m[2], announced
	}
	if m := asks.FindStringSubmatch(first); m != nil && (r.weight(m[1]) == 0 || many.MatchString(m[1])) {
		return m[2], asked
	}
	return first, bare
}

// alikes gives the members of a list where they stand beside each other as equals.
func alikes(parts []string, how lead) []string {
	n := len(parts)
	if n < 2 || n < leastListed && how != announced {
		return nil
	}
	if slices.ContainsFunc(parts, func(part string) bool { return len(termSet(part)) == 0 || ordinal.MatchString(part) }) {
		return nil
	}
	if denied(parts[0]) && slices.ContainsFunc(parts[1:], func(part string) bool { return !denied(part) }) {
		return nil // what the first denies the others are denied too: 不写数据、内容和安排
	}
	others, longest := parts[:n-1], 0
	if how == bare {
		others = parts[1 : n-1]
	}
	for _, part := range others {
		longest = max(longest, characters(part))
	}
	if float64(characters(parts[n-1])) > lastListed*float64(longest) {
		return nil
	}
	return parts
}

// denied says whether a part of a sentence denies something.
func denied(part string) bool { return denials(Tokens(part), 0, len([]rune(part))) > 0 }

// isName says whether a part of a sentence is short enough to be the name of something.
func isName(part string) bool {
	if strings.ContainsFunc(part, isHan) {
		return characters(part) <= namePart
	}
	return len(strings.Fields(part)) <= joinedWords
}

var (
	listSigns    = regexp.MustCompile(`[、/|]`)
	conjunctions = regexp.MustCompile(`\s+(?:and|or)\s+`)
	hanJoins     = regexp.MustCompile(`以及|并且`)
)

// splitList takes a sentence apart at the signs of lists, whose last two may be joined by a conjunction.
func splitList(text string) []string {
	parts := listSigns.Split(text, -1)
	if n := len(parts); n > 1 {
		return append(parts[:n-1], splitJoined(parts[n-1])...)
	}
	return parts
}

// joinedWords are the words at most of what English conjunctions join as names do; of more they join clauses.
const joinedWords = 5

// splitJoined takes a sentence apart at its conjunctions.
func splitJoined(text string) []string {
	pieces := conjunctions.Split(text, -1)
	if slices.ContainsFunc(pieces, func(piece string) bool { return len(strings.Fields(piece)) > joinedWords }) {
		pieces = []string{text}
	}
	var out []string
	for _, piece := range pieces {
		for _, part := range hanJoins.Split(piece, -1) {
			r := []rune(part)
			from := 0
			for i := range r {
				if joins(r, from, i) {
					out = append(out, string(r[from:i]))
					from = i + 1
				}
			}
			out = append(out, string(r[from:]))
		}
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
