package question

import (
	"math/big"
	"strconv"
	"strings"

	"qiming/search"
)

// wild stands for a wildcard while a pattern is normalised; it is of Unicode's private use area.
const wild = '\ue000'

// pattern is an accepted text, ready to compare. Two accepted texts that accept the same have the
// same key.
type pattern struct {
	key       string
	parts     []string // literal texts between the wildcards; one part means no wildcard
	number    *big.Rat // the number it is, of a blank that takes numbers
	tolerance *big.Rat // absolute, both ends included
}

// compile reads an accepted text: "*" stands for any text, "\*" for a star (Moodle short answer).
func compile(accept string, o search.NormalOptions, tolerance float64) pattern {
	var b strings.Builder
	escaped := false
	for _, r := range accept {
		switch {
		case r == '\\' && !escaped:
			escaped = true
			continue
		case (r == '*' || r == '＊') && escaped:
			b.WriteByte('*')
		case r == '*' || r == '＊':
			b.WriteRune(wild)
		case escaped:
			b.WriteByte('\\')
			b.WriteRune(r)
		case r != wild:
			b.WriteRune(r)
		}
		escaped = false
	}
	if escaped {
		b.WriteByte('\\')
	}
	key := search.Normalise(b.String(), o)
	p := pattern{key: key, parts: strings.Split(key, string(wild))}
	if o.Numerals && len(p.parts) == 1 {
		if p.number = parseNumber(key); p.number != nil {
			p.key = p.number.RatString()
			p.tolerance, _ = new(big.Rat).SetString(strconv.FormatFloat(tolerance, 'f', -1, 64))
			if p.tolerance == nil {
				p.tolerance = new(big.Rat)
			}
		}
	}
	return p
}

// accepts says whether a normalised response fits. An empty response fits nothing, not even "*".
func (p pattern) accepts(response string) bool {
	if response == "" {
		return false
	}
	if p.number != nil {
		if n := parseNumber(response); n != nil {
			distance := n.Sub(n, p.number)
			return distance.Abs(distance).Cmp(p.tolerance) <= 0
		}
	}
	if len(p.parts) == 1 {
		return response == p.parts[0]
	}
	first, last := p.parts[0], p.parts[len(p.parts)-1]
	if len(response) < len(first)+len(last) || !strings.HasPrefix(response, first) || !strings.HasSuffix(response, last) {
		return false
	}
	rest := response[len(first) : len(response)-len(last)]
	for _, part := range p.parts[1 : len(p.parts)-1] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return true
}

// normalResponse prepares a response for accepts.
func normalResponse(text string, o search.NormalOptions) string {
	return strings.ReplaceAll(search.Normalise(text, o), string(wild), "")
}

const maxNumberLength = 40 // characters: longer is no number that somebody typed

// parseNumber reads a decimal with an optional sign, or a percentage; nil where s is none.
func parseNumber(s string) *big.Rat {
	s = strings.ReplaceAll(s, " ", "")
	if s == "" || len(s) > maxNumberLength {
		return nil
	}
	body, percent := strings.CutSuffix(s, "%")
	digits, point := 0, false
	for i, r := range body {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '.' && !point:
			point = true
		case (r == '-' || r == '+') && i == 0:
		default:
			return nil
		}
	}
	if digits == 0 {
		return nil
	}
	n, ok := new(big.Rat).SetString(body)
	if ok && percent {
		n.Quo(n, big.NewRat(100, 1))
	}
	if !ok {
		return nil
	}
	return n
}

// example gives a text that p's source accepts: wildcards left out, stars kept.
func example(accept string) string {
	var b strings.Builder
	escaped := false
	for _, r := range accept {
		switch {
		case r == '\\' && !escaped:
			escaped = true
			continue
		case (r == '*' || r == '＊') && !escaped:
		default:
			if escaped && r != '*' && r != '＊' {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
		escaped = false
	}
	if escaped {
		b.WriteByte('\\')
	}
	if s := strings.TrimSpace(b.String()); s != "" {
		return s
	}
	return accept
}
