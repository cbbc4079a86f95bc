package search

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxProposed bounds the points that are proposed.
const maxProposed = 20

// ProposePoints takes a model answer apart into key points for its author to accept: a thought each, weighing by the
// square root of its content, without what only repeats the question. The author's own numbering says what a thought
// is (一是, 首先, 第一, 1., (1), ①); without one it is a sentence, where a sentence has a list each of its members, and only
// in a single sentence without any of these a part between commas. A model answer that cannot be taken apart is one point.
func ProposePoints(question, model string) []Point {
	r := reader{asked: termSet(question)}
	all := map[string]int{}
	for t := range termSet(model) {
		all[t]++
	}
	r.ask = askedWeight(r.asked, all, nil)
	var out []Point
	for _, text := range r.thoughts(model) {
		if weight := r.weight(text); weight > 0 {
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

// reader reads a model answer beside its question.
type reader struct {
	asked map[string]bool // terms of the question
	ask   float64         // what these weigh
}

var ordinal = regexp.MustCompile(`^\s*\d{0,2}\s*$`)

// weight gives the content of a thought; 0 for what the question says, or a number alone.
func (r reader) weight(text string) float64 {
	weight, own := 0.0, 0.0
	for _, t := range slices.Sorted(maps.Keys(termSet(text))) {
		w := termWeight(t)
		if r.asked[t] {
			w *= r.ask
		} else {
			own += w
		}
		weight += w
	}
	if own == 0 && r.ask < 1 || ordinal.MatchString(text) {
		return 0
	}
	return weight
}

// thoughts takes a model answer apart.
func (r reader) thoughts(model string) []string {
	if before, parts := enumerated(model); parts != nil {
		return r.said(append(sentencesOf(introduced(before)), parts...))
	}
	list := r.said(sentencesOf(r.unled(model)))
	var whole []string
	for _, text := range list {
		if parts := r.said(r.listed(text)); len(parts) > 1 {
			whole = append(whole, parts...)
		} else {
			whole = append(whole, text)
		}
	}
	if len(list) != 1 || len(whole) > 1 {
		return whole
	}
	for _, split := range []func(string) []string{splitList, splitNames, splitJoined, splitLong} {
		if parts := r.said(split(list[0])); len(parts) > 1 {
			return parts
		}
	}
	return list
}

// unled leaves out what stands before the first colon where it only says again what is asked, or announces what follows.
func (r reader) unled(text string) string {
	runes := []rune(strings.ToValidUTF8(text, "\ufffd"))
	for i, sign := range runes {
		switch {
		case endsSentence(runes, i):
			return text
		case (sign == '：' || sign == ':') && endsThought(runes, i):
			if lead := string(runes[:i]); r.weight(lead) == 0 || announces.MatchString(lead) {
				return string(runes[i+1:])
			}
			return text
		}
	}
	return text
}

// said leaves out what says nothing, and tidies the rest.
func (r reader) said(list []string) []string {
	var out []string
	for _, text := range list {
		if text = tidyThought(text); r.weight(text) > 0 {
			out = append(out, text)
		}
	}
	return out
}

// numbering at the beginning of a thought that stands alone.
var numbering = regexp.MustCompile(`^\s*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[)）、．]|\.(?:\D|$))|[①-⑳]|[一二三四五六七八九十]是|第[一二三四五六七八九十]+[，,是])\s*`)

// joint is what ties a thought to the one before.
var joint = regexp.MustCompile(`^(?:and|or)\s+`)

func tidyThought(text string) string {
	text = strings.Trim(text, " \t\r\n　，,。.；;：:、．")
	if m := numbering.FindString(text); m != "" {
		cut := len(m)
		if r, size := utf8.DecodeLastRuneInString(m); strings.Contains(m, ".") && r != '.' && !unicode.IsSpace(r) {
			cut -= size // the sign after the number
		}
		text = text[cut:]
	}
	return strings.TrimSpace(strings.TrimSuffix(joint.ReplaceAllString(text, ""), "等"))
}

// markers are the ways of numbering thoughts. The group is the number.
var markers = []*regexp.Regexp{
	regexp.MustCompile(`(?:^|[\s，,。；;：:、！？])([一二三四五六七八九十]{1,3})(?:是|要|、)`),
	regexp.MustCompile(`(?:^|[\s，,。；;：:、！？])第([一二三四五六七八九十]{1,3})[，,、：:是\s]`),
	regexp.MustCompile(`(?:^|[\s，,。；;：:、！？])(首先|其次|再次|再者|然后|最后)`),
	regexp.MustCompile(`(?:^|[^\d])(\d{1,2})(?:[.．、)）])`),
	regexp.MustCompile(`[（(](\d{1,2}|[一二三四五六七八九十]{1,3})[)）]`),
	regexp.MustCompile(`([①-⑳])`),
}

// enumerated takes a text apart at the numbers that its author gave: what stands before the first, and the thoughts. Numbers
// count where there are at least two and they follow each other from 1 on; of several ways the one that begins first.
func enumerated(text string) (before string, parts []string) {
	var chosen [][2]int // from where to where markers stand
	for _, marker := range markers {
		var chain [][2]int
		for from := 0; from < len(text); {
			m := marker.FindStringSubmatchIndex(text[from:])
			if m == nil {
				break
			}
			begin, end, number := from+m[0], from+m[1], text[from+m[2]:from+m[3]]
			from += m[3] // the sign behind a number may stand before the next
			if follows(number, len(chain)) && !withinNumber(text, end) {
				if first, size := utf8.DecodeRuneInString(text[begin:]); begin < from && strings.ContainsRune("\t\n\r ，,。；;：:、！？", first) {
					begin += size
				}
				chain = append(chain, [2]int{begin, end})
			}
		}
		if len(chain) > 1 && (chosen == nil || chain[0][0] < chosen[0][0]) {
			chosen = chain
		}
	}
	if chosen == nil {
		return text, nil
	}
	deepest := 0 // sentences of a thought
	for i, at := range chosen {
		end := len(text)
		if i+1 < len(chosen) {
			end = chosen[i+1][0]
		}
		thought := text[at[1]:end]
		list := sentencesOf(thought)
		if i+1 < len(chosen) {
			deepest = max(deepest, len(list))
			parts = append(parts, thought)
			continue
		}
		// Where the others are one sentence, the last one is too: more of them sum up.
		if deepest == 1 && len(list) > 1 {
			parts = append(parts, list...)
		} else {
			parts = append(parts, thought)
		}
	}
	return text[:chosen[0][0]], parts
}

// follows says whether a number may be that of the thought after n others.
func follows(number string, n int) bool {
	switch number {
	case "首先":
		return n == 0
	case "其次":
		return n == 1
	case "再次", "再者", "然后", "最后":
		return n > 0
	}
	if first, _ := utf8.DecodeRuneInString(number); first >= '①' && first <= '⑳' {
		return int(first-'①') == n
	}
	value := 0
	for _, r := range number {
		switch digit := strings.IndexRune("一二三四五六七八九", r); {
		case unicode.IsDigit(r):
			value = 10*value + int(r-'0')
		case r == '十':
			value = 10 * max(value, 1)
		case digit >= 0:
			value += digit/len("一") + 1
		}
	}
	return value == n+1
}

// withinNumber says whether the point before end stands within a number.
func withinNumber(text string, end int) bool {
	return end < len(text) && text[end-1] == '.' && unicode.IsDigit(rune(text[end]))
}

// sentencesOf cuts a text at the ends of sentences and at semicolons.
func sentencesOf(text string) []string {
	var out []string
	r := []rune(strings.ToValidUTF8(text, "\ufffd"))
	from := 0
	for i := range r {
		if endsSentence(r, i) {
			out = append(out, string(r[from:i]))
			from = i + 1
		}
	}
	out = append(out, string(r[from:]))
	kept := out[:0]
	for _, s := range out {
		if len(termSet(s)) > 0 {
			kept = append(kept, s)
		}
	}
	return kept
}

func endsSentence(r []rune, i int) bool {
	switch r[i] {
	case '。', '｡', '；', ';', '！', '!', '？', '?', '\n', '\r':
		return true
	case '.', '．': // not of a number, an abbreviation or an address
		return i > 0 && !unicode.IsDigit(r[i-1]) && r[i-1] != '.' && (i+1 == len(r) || unicode.IsSpace(r[i+1]) || isHan(r[i+1]))
	}
	return false
}

// announces is what ends the words before a list.
var announces = regexp.MustCompile(`(?:以下|下列|如下|包括|包含|分为|分别|主要|有|是|为|在于|特点|内容|原则|方面|include|are|is|following)[^，,]{0,6}$`)

// introduced leaves out what only announces a list.
func introduced(before string) string {
	list := sentencesOf(before)
	if n := len(list); n > 0 {
		last := strings.TrimSpace(before)
		if strings.HasSuffix(last, "：") || strings.HasSuffix(last, ":") || announces.MatchString(list[n-1]) {
			return strings.Join(list[:n-1], "。")
		}
	}
	return before
}

// Parts between commas are points where they are names in a list, or where each says something by itself.
const (
	namePart  = 8 // characters of a name at most
	nameParts = 3 // names at least
	longPart  = 5 // characters of what says something at least
)

// splitNames takes a list of names apart.
func splitNames(text string) []string {
	parts := atCommas(text)
	if len(parts) < nameParts || slices.ContainsFunc(parts, func(part string) bool { return characters(part) > namePart }) {
		return nil
	}
	return parts
}

// splitLong takes a sentence apart at its commas where no part is a scrap.
func splitLong(text string) []string {
	parts := atCommas(text)
	if slices.ContainsFunc(parts, func(part string) bool { return characters(part) < longPart }) {
		return nil
	}
	return parts
}

// depends is a part that says when or why what follows it holds.
var depends = regexp.MustCompile(`^\s*(?:在.*(?:下|时|中|后|前|里|上)$|当|若|如果|由于|因为|为了?|虽然|尽管|只要|只有|通过|根据|按照|随着|对于|(?i:if|when|because|although|since|while|as)\s)`)

// atCommas cuts at commas, but not behind a part that the next one depends on.
func atCommas(text string) []string {
	r := []rune(text)
	var out []string
	from := 0
	for i := range r {
		if r[i] == '，' || r[i] == ',' && endsThought(r, i) {
			if part := string(r[from:i]); !depends.MatchString(part) {
				out = append(out, part)
				from = i + 1
			}
		}
	}
	return append(out, string(r[from:]))
}

// characters gives the length of a part: Chinese characters, and two for each word of others.
func characters(text string) int {
	n := 0
	for _, t := range Tokens(text) {
		switch {
		case t.Kind == Pair:
		case isHan([]rune(t.Term)[0]):
			n++
		default:
			n += 2
		}
	}
	return n
}
