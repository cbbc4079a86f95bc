package search

import (
	"strings"
	"sync"
	"unicode"

	"github.com/longbridgeapp/opencc"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// NormalOptions says how far two texts may differ and still be alike.
type NormalOptions struct {
	FoldCase   bool // case does not count
	Simplified bool // traditional characters equal simplified ones
	Numerals   bool // Chinese numerals equal digits, see Digits
}

const normalRounds = 4 // folding may compose what composes again; real text is stable after one round

// Normalise gives the form in which text answers are compared: Unicode NFKC (full width to half),
// Chinese and Latin punctuation alike, no invisible characters, white space collapsed to one space,
// none at the ends nor beside a Chinese character (建党 100 周年 = 建党100周年); then what o asks for.
// It is idempotent. Source: exam-rules section 2.
func Normalise(s string, o NormalOptions) string {
	if s == "" {
		return s
	}
	s = strings.ToValidUTF8(s, "")
	for range normalRounds {
		before := s
		s = norm.NFKC.String(s)
		if o.FoldCase {
			s = norm.NFKC.String(cases.Fold().String(s))
		}
		if o.Simplified {
			s = simplify(s)
		}
		s = spaces(punctuation(s))
		if o.Numerals {
			s = Digits(s)
		}
		if s == before {
			break
		}
	}
	return s
}

// simplifier converts traditional to simplified characters by OpenCC's t2s tables. They load once, on
// first use (4 ms, 0.5 MB), and are never changed.
var simplifier = sync.OnceValue(func() *opencc.OpenCC {
	cc, err := opencc.New("t2s")
	if err != nil {
		panic("search: the embedded t2s tables do not load: " + err.Error()) // a broken build
	}
	return cc
})

// traditional says of the characters from firstHan on whether they may change: nearly all texts have none, and the
// tables cost a microsecond a character. It takes 30 ms to find out, once.
var traditional = sync.OnceValue(func() *[lastHan - firstHan + 1]bool {
	var table [lastHan - firstHan + 1]bool
	for r := firstHan; r <= lastHan; r++ {
		text := string(r)
		out, err := simplifier().Convert(text)
		table[r-firstHan] = err != nil || out != text
	}
	for _, r := range "瞭藉覆沈牴衹" { // change in phrases only: 瞭解, 藉口, 答覆, 沈船, 牴牾, 衹得
		table[r-firstHan] = true
	}
	return &table
})

// simpleForms are the simplified forms of single characters, for those who look at one at a time. It takes 30 ms, once.
var simpleForms = sync.OnceValue(func() *[lastHan - firstHan + 1]rune {
	var table [lastHan - firstHan + 1]rune
	for r := firstHan; r <= lastHan; r++ {
		table[r-firstHan] = r
		if !traditional()[r-firstHan] {
			continue
		}
		if out := []rune(simplify(string(r))); len(out) == 1 {
			table[r-firstHan] = out[0]
		}
	}
	return &table
})

// Fold gives a character in half width, lower case and simplified, without looking at its neighbours: quick, for long
// texts, where Normalise is exact.
func Fold(r rune) rune {
	if r >= firstHan && r <= lastHan {
		return simpleForms()[r-firstHan]
	}
	if r >= 0xff01 && r <= 0xff5e { // full width
		r -= 0xff01 - 0x21
	}
	return unicode.ToLower(r)
}

const firstHan, lastHan = rune(0x4e00), rune(0x9fff) // Unicode's main block of Chinese characters

func maybeTraditional(r rune) bool {
	if r < firstHan {
		return isHan(r)
	}
	return r > lastHan && isHan(r) || r <= lastHan && traditional()[r-firstHan]
}

func simplify(s string) string {
	if !strings.ContainsFunc(s, maybeTraditional) {
		return s
	}
	out, err := simplifier().Convert(s)
	if err != nil {
		return s // the tables match prefixes of any text; an error leaves the text as it is
	}
	return out
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// latin maps what NFKC leaves of Chinese and typographic punctuation to one Latin sign each.
func latin(r rune) rune {
	switch r {
	case '、', '﹑', '､':
		return ','
	case '。', '｡':
		return '.'
	case '“', '”', '„', '‟', '「', '」', '『', '』', '〝', '〞', '〟', '″', '«', '»':
		return '"'
	case '‘', '’', '‚', '‛', '′', '`', '´':
		return '\''
	case '《', '〈', '‹':
		return '<'
	case '》', '〉', '›':
		return '>'
	case '【', '〔', '〖', '〘', '﹝':
		return '['
	case '】', '〕', '〗', '〙', '﹞':
		return ']'
	case '—', '–', '―', '‐', '‑', '‒', '─', '━', '−', '﹣':
		return '-'
	case '•', '‧', '・', '●', '⋅', '∙':
		return '·'
	case '～', '〜', '∼':
		return '~'
	case '∶', '︰':
		return ':'
	case '⁄', '∕':
		return '/'
	}
	return r
}

// punctuation makes Chinese and Latin punctuation alike, drops invisible characters, and takes
// repeated dashes, tildes and the dots of an ellipsis (—— , ……) as one.
func punctuation(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	var last rune
	for _, r := range s {
		if r != '\n' && r != '\t' && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r)) && !unicode.IsSpace(r) {
			continue
		}
		r = latin(r)
		if r == last && (r == '-' || r == '~' || r == '.') {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// spaces collapses white space, and drops it at the ends and beside a Chinese character.
func spaces(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap, last := false, rune(0)
	for _, r := range s {
		if unicode.IsSpace(r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 && !isHan(last) && !isHan(r) {
			b.WriteByte(' ')
		}
		gap, last = false, r
		b.WriteRune(r)
	}
	return b.String()
}

// Bare gives a text without spaces, punctuation, width and case.
func Bare(s string) string {
	s = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(strings.ToValidUTF8(s, ""))))
	return strings.Map(func(r rune) rune {
		r = latin(r)
		if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.In(r, unicode.Cf, unicode.Cc) {
			return -1
		}
		return r
	}, s)
}
