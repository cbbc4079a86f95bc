package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	unicodewords "github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
)

// alike is the normal form before words are cut: width, case, traditional and simplified characters and
// numerals count as one.
var alike = NormalOptions{FoldCase: true, Simplified: true, Numerals: true}

// normalForm is Normalise as a character filter. Offsets of tokens are into its output.
type normalForm struct{}

func (normalForm) Filter(text []byte) []byte {
	return []byte(joined(Normalise(string(text), alike)))
}

// joined drops punctuation between Chinese characters, so that 《党章》规定 and 党章规定 have the same
// neighbours. Elsewhere it separates words and stays for the tokenizer.
func joined(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	var last rune
	for i := 0; i < len(s); {
		end, next := i, rune(0)
		for end < len(s) {
			r, size := utf8.DecodeRuneInString(s[end:])
			if !unicode.IsPunct(r) && !unicode.IsSymbol(r) && !unicode.IsSpace(r) {
				next = r
				break
			}
			end += size
		}
		if end > i && !(isHan(last) && isHan(next)) {
			b.WriteString(s[i:end])
		}
		if next == 0 {
			break
		}
		b.WriteRune(next)
		last = next
		i = end + utf8.RuneLen(next)
	}
	return b.String()
}

// terms is the analyzer of Chinese and mixed text: the normal form, words by Unicode's rules, Chinese
// characters one by one and in pairs.
var terms analysis.Analyzer = &analysis.DefaultAnalyzer{
	CharFilters:  []analysis.CharFilter{normalForm{}},
	Tokenizer:    unicodewords.NewUnicodeTokenizer(),
	TokenFilters: []analysis.TokenFilter{cjk.NewCJKBigramFilter(true)},
}

// Terms cuts a text into its terms, in order, repeated ones too: 党的二十大 is 党, 党的, 的, 20, 大. Width, case,
// punctuation, traditional and simplified characters, Chinese and Arabic numerals do not tell terms apart.
func Terms(text string) []string {
	tokens := terms.Analyze([]byte(text))
	out := make([]string, len(tokens))
	for i, token := range tokens {
		out[i] = string(token.Term)
	}
	return out
}
