package printing

import (
	"regexp"
	"strings"
)

// Span is a piece of a text: words, a file, or a formula in TeX. Exactly one is set.
type Span struct {
	Text    string
	Media   string // id of the file
	Alt     string // what is to be seen there
	TeX     string
	Display bool // the formula stands on a line of its own
}

// special is what texts hold besides words; see src/exam/rich.ts of the client, which reads the same.
var special = regexp.MustCompile(`!\[([^\]\n]*)\]\(media:([0-9a-f]{32})\)|\\\(((?s:.*?))\\\)|\\\[((?s:.*?))\\\]|\$\$((?s:.*?))\$\$`)

// Spans takes a text apart; there is always one piece at least.
func Spans(text string) []Span {
	var out []Span
	from := 0
	for _, m := range special.FindAllStringSubmatchIndex(text, -1) {
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return text[m[2*n]:m[2*n+1]]
		}
		tex := strings.TrimSpace(group(3) + group(4) + group(5))
		if m[4] < 0 && tex == "" {
			continue
		}
		if m[0] > from {
			out = append(out, Span{Text: text[from:m[0]]})
		}
		if m[4] >= 0 {
			out = append(out, Span{Media: group(2), Alt: group(1)})
		} else {
			out = append(out, Span{TeX: tex, Display: m[6] < 0})
		}
		from = m[1]
	}
	if from < len(text) || len(out) == 0 {
		out = append(out, Span{Text: text[from:]})
	}
	return out
}
