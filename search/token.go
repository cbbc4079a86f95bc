package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	unicodewords "github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
)

// Token is a term of a running text with the place where it stands.
type Token struct {
	Term       string // normal form; of a Latin word its stem
	Start, End int    // code points of the text as it was written
	Kind       TokenKind
}

// TokenKind says what a token is made of.
type TokenKind uint8

// The kinds.
const (
	Word      TokenKind = iota // a Latin word or a number
	Character                  // one Chinese character
	Pair                       // two neighbouring Chinese characters
	Function                   // a word or character without content of its own: 的, of
)

// prose is the analyzer of sentences: the terms of Terms, Latin words by their stems.
var prose analysis.Analyzer = &analysis.DefaultAnalyzer{
	Tokenizer:    unicodewords.NewUnicodeTokenizer(),
	TokenFilters: []analysis.TokenFilter{en.NewPossessiveFilter(), porter.NewPorterStemmer(), cjk.NewCJKBigramFilter(true)},
}

// Sentence is a stretch of a text between signs that end a thought: 。；，! and the like.
type Sentence struct {
	Start, End int // code points
	Tokens     []Token
}

// Sentences cuts a text into sentences and those into tokens. Width, case, traditional and simplified characters,
// numerals (二十 = 20, two = 2) and the inflection of English words do not tell terms apart.
func Sentences(text string) []Sentence {
	var out []Sentence
	runes := []rune(strings.ToValidUTF8(text, "\ufffd"))
	for start := 0; start < len(runes); {
		end := start
		for end < len(runes) && !endsThought(runes, end) {
			end++
		}
		if s := sentence(runes, start, end); len(s.Tokens) > 0 {
			out = append(out, s)
		}
		start = end + 1
	}
	return out
}

// endsThought says whether the sign at i ends a thought. A point or comma between digits does not.
func endsThought(r []rune, i int) bool {
	switch r[i] {
	case '.', ',', ':', '：':
		return i+1 >= len(r) || i == 0 || !unicode.IsDigit(r[i-1]) || !unicode.IsDigit(r[i+1])
	case '。', '｡', '；', ';', '！', '!', '？', '?', '\n', '\r', '，', '．':
		return true
	}
	return false
}

func sentence(runes []rune, start, end int) Sentence {
	s := Sentence{Start: start, End: end}
	written := runes[start:end]
	normal := Normalise(string(written), alike)
	if normal == "" {
		return s
	}
	places := align(written, normal)
	for _, t := range prose.Analyze([]byte(normal)) {
		from, to := places[t.Start], places[max(t.End-1, t.Start)]
		token := Token{Term: spelled(t.Term), Start: start + from.start, End: start + to.end}
		token.Kind = kindOf(token.Term)
		s.Tokens = append(s.Tokens, token)
	}
	return s
}

// spelled is a term with a numeral in digits.
func spelled(term []byte) string {
	if digits, ok := numberWords[string(term)]; ok {
		return digits
	}
	return string(term)
}

func kindOf(term string) TokenKind {
	switch first, _ := utf8.DecodeRuneInString(term); {
	case isPair(term):
		return Pair
	case functionWords[term]:
		return Function
	case isHan(first):
		return Character
	}
	return Word
}

// Cut gives the terms of a text, in order, repeated ones too, without their places: the singles, which are Chinese
// characters, words and numbers, and the pairs of neighbouring characters. They are the terms of Tokens.
func Cut(text string) (singles, pairs []string) {
	runes := []rune(strings.ToValidUTF8(text, "\ufffd"))
	for start := 0; start < len(runes); {
		end := start
		for end < len(runes) && !endsThought(runes, end) {
			end++
		}
		if normal := Normalise(string(runes[start:end]), alike); normal != "" {
			for _, t := range prose.Analyze([]byte(normal)) {
				if term := spelled(t.Term); isPair(term) {
					pairs = append(pairs, term)
				} else {
					singles = append(singles, term)
				}
			}
		}
		start = end + 1
	}
	return singles, pairs
}

// IsCharacter says whether a single is a Chinese character rather than a word or a number.
func IsCharacter(single string) bool {
	first, _ := utf8.DecodeRuneInString(single)
	return isHan(first)
}

// Tokens gives the tokens of all sentences of a text.
func Tokens(text string) []Token { return tokensOf(Sentences(text)) }

func tokensOf(sentences []Sentence) []Token {
	var out []Token
	for _, s := range sentences {
		out = append(out, s.Tokens...)
	}
	return out
}

// place is the stretch of the written text that a byte of the normal form comes from, in code points.
type place struct{ start, end int }

// lookAhead is how far align looks for the next character that both forms share: numerals and composed signs are
// the longest pieces that change their length.
const lookAhead = 24

// align says for every byte of the normal form where it comes from. Characters that changed by themselves (width,
// case, traditional) are told by folding; between two that agree everything belongs to everything.
func align(written []rune, normal string) []place {
	places := make([]place, len(normal)+1)
	forms := make([]string, len(written))
	for i, r := range written {
		forms[i] = Normalise(string(r), NormalOptions{FoldCase: true, Simplified: true})
	}
	target := []rune(normal)
	offsets := make([]int, 0, len(target)+1)
	for offset := range normal {
		offsets = append(offsets, offset)
	}
	offsets = append(offsets, len(normal))
	fill := func(fromN, toN, fromW, toW int) {
		for b := offsets[fromN]; b < offsets[toN]; b++ {
			places[b] = place{fromW, max(toW, fromW)}
		}
	}
	w, n := 0, 0
	for n < len(target) {
		dw, dn, found := 0, 0, false
	search:
		for sum := 0; sum <= lookAhead; sum++ { // the nearest pair that agrees
			for dn = 0; dn <= sum; dn++ {
				dw = sum - dn
				if w+dw < len(written) && n+dn < len(target) && forms[w+dw] == string(target[n+dn]) {
					found = true
					break search
				}
			}
		}
		if !found {
			dw, dn = len(written)-w, len(target)-n
		}
		fill(n, n+dn, w, w+dw)
		w, n = w+dw, n+dn
		if found {
			fill(n, n+1, w, w+1)
			w, n = w+1, n+1
		}
	}
	places[len(normal)] = place{len(written), len(written)}
	return places
}

// numberWords are the English numerals that answers spell out.
var numberWords = map[string]string{"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10"}

// functionWords carry no content of their own. English ones are Bleve's list as it is stemmed, without the negations.
var functionWords = func() map[string]bool {
	out := map[string]bool{}
	for _, r := range "的了是在和与及或也就都而等中为以上下把被从对将其之这那有个所于到给让使用我你他她它们着过地得很并且即则因由此该各可能要会应" {
		out[string(r)] = true
	}
	stop, err := en.TokenMapConstructor(nil, nil)
	if err != nil {
		panic("search: Bleve's list of English function words does not load: " + err.Error()) // a broken build
	}
	for _, word := range strings.Fields("same before after above below between through more most all any both each few other some only once against up down out over under again further off own") {
		delete(stop, word) // an answer may turn on them
	}
	stems := porter.NewPorterStemmer()
	for word := range stop {
		for _, t := range stems.Filter(analysis.TokenStream{{Term: []byte(word)}}) {
			if !Denies(string(t.Term)) {
				out[string(t.Term)] = true
			}
		}
	}
	return out
}()
