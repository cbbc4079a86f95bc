package search

import (
	"math/big"
	"strconv"
	"strings"
)

// Digits replaces every Chinese numeral in s by digits: 二十大 is 20大, 一百二十三 is 123, 两千零五 is
// 2005, 二〇二一 is 2021, 廿一 is 21, 3万5千 is 35000, 百分之五十 is 50%, 三点一四 is 3.14. Separators of thousands go (1,000
// is 1000). What is no well-formed numeral (十百) stays as it is. Both sides of a comparison pass
// through it, so that 统一 and 统1 being alike does no harm.
func Digits(s string) string {
	runes := []rune(s)
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(runes); {
		if percent := percentAt(runes, i); percent > i {
			if text, end := numeralAt(runes, percent); end > percent && text != "" {
				b.WriteString(text)
				b.WriteByte('%')
				i = end
				continue
			}
		}
		text, end := numeralAt(runes, i)
		switch {
		case end == i:
			b.WriteRune(runes[i])
			end++
		case text == "":
			b.WriteString(string(runes[i:end]))
		default:
			b.WriteString(text)
		}
		i = end
	}
	return b.String()
}

// numeralAt reads the run at i that may be a numeral, with its decimals; end is i where there is none, text empty
// where the run is not well formed.
func numeralAt(r []rune, i int) (text string, end int) {
	end = numeralEnd(r, i)
	if end == i {
		return "", i
	}
	text, ok := readNumeral(r[i:end])
	if !ok {
		return "", end
	}
	if decimals := decimalsEnd(r, end); decimals > end && !strings.Contains(text, ".") {
		fraction, _ := readNumeral(r[end+1 : decimals]) // digits alone are well formed
		units := decimals
		for units < len(r) && unit(r[units]) > 0 {
			units++
		}
		if text, ok := readDecimal([]rune(text + "." + fraction + string(r[decimals:units]))); ok {
			return text, units
		}
	}
	return text, end
}

// decimalsEnd gives the end of the decimals after a numeral that ends at i: 三点一四, 零点五, 三点五万; i where there
// are none. A time of day has none: 三点一刻, 三点五分, 三点二十.
func decimalsEnd(r []rune, i int) int {
	if i >= len(r) || r[i] != '点' && r[i] != '點' {
		return i
	}
	j := i + 1
	for j < len(r) && digit(r[j]) >= 0 {
		j++
	}
	if j == i+1 || j-i > maxNumeral || j < len(r) && (strings.ContainsRune("刻分钟鐘半整多线線", r[j]) || unit(r[j]) > 0 && unit(r[j]) < 10_000 || tens(r[j]) > 0) {
		return i
	}
	return j
}

// percentAt gives the index after "百分之" at i, or i.
func percentAt(r []rune, i int) int {
	if i+3 < len(r) && r[i] == '百' && r[i+1] == '分' && r[i+2] == '之' {
		return i + 3
	}
	return i
}

func digit(r rune) int64 {
	switch r {
	case '零', '〇', '○':
		return 0
	case '一', '壹', '幺':
		return 1
	case '二', '贰', '貳', '两', '兩':
		return 2
	case '三', '叁', '參':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆', '陸':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

// unit gives the value of a unit: 十 to 千 inside a section, 万 and 亿 closing one.
func unit(r rune) int64 {
	switch r {
	case '十', '拾':
		return 10
	case '百', '佰':
		return 100
	case '千', '仟':
		return 1000
	case '万', '萬':
		return 10_000
	case '亿', '億':
		return 100_000_000
	}
	return 0
}

// tens gives the value of the contracted tens.
func tens(r rune) int64 {
	switch r {
	case '廿', '卄':
		return 20
	case '卅':
		return 30
	case '卌':
		return 40
	}
	return 0
}

func arabic(r rune) bool { return r >= '0' && r <= '9' }

// numeralEnd gives the end of the longest run from i that may be a numeral. A run of digits takes
// separators of thousands, one decimal point, and units behind it.
func numeralEnd(r []rune, i int) int {
	j := i
	if j < len(r) && arabic(r[j]) {
		for j < len(r) && arabic(r[j]) {
			j++
		}
		for j+3 < len(r) && r[j] == ',' && arabic(r[j+1]) && arabic(r[j+2]) && arabic(r[j+3]) && (j+4 == len(r) || !arabic(r[j+4])) {
			j += 4
		}
		if j+1 < len(r) && r[j] == '.' && arabic(r[j+1]) {
			for j++; j < len(r) && arabic(r[j]); j++ {
			}
		}
	}
	for j < len(r) && (digit(r[j]) >= 0 || unit(r[j]) > 0 || tens(r[j]) > 0 || (j > i && arabic(r[j]) && unit(r[j-1]) > 0)) {
		j++
	}
	return j
}

const maxNumeral = 24 // characters: no numeral of practice is longer, and int64 holds what fits

// readNumeral gives the digits of a run found by numeralEnd.
func readNumeral(r []rune) (string, bool) {
	text := strings.ReplaceAll(string(r), ",", "")
	if !strings.ContainsFunc(text, func(c rune) bool { return !arabic(c) && c != '.' }) {
		return text, true // digits already
	}
	if len(r) > maxNumeral {
		return "", false
	}
	if strings.Contains(text, ".") {
		return readDecimal([]rune(text))
	}
	if !strings.ContainsFunc(text, func(c rune) bool { return unit(c) > 0 || tens(c) > 0 }) {
		var b strings.Builder // digit by digit: 二〇二一, 一九四九
		for _, c := range text {
			if arabic(c) {
				b.WriteRune(c)
			} else {
				b.WriteString(strconv.FormatInt(digit(c), 10))
			}
		}
		return b.String(), true
	}
	n, ok := readUnits([]rune(text))
	return strconv.FormatInt(n, 10), ok
}

// readDecimal reads 3.5万: a decimal with one or two units behind it.
func readDecimal(r []rune) (string, bool) {
	end := len(r)
	factor := int64(1)
	for end > 0 && unit(r[end-1]) > 0 {
		if factor *= unit(r[end-1]); factor > 1_000_000_000_000 {
			return "", false
		}
		end--
	}
	value, ok := new(big.Rat).SetString(string(r[:end]))
	if !ok {
		return "", false
	}
	return decimal(value.Mul(value, new(big.Rat).SetInt64(factor))), true
}

// decimal prints a fraction of a power of ten exactly, without trailing zeros.
func decimal(v *big.Rat) string {
	s := v.FloatString(30)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// readUnits reads a numeral with units: sections of up to 千, closed by 万 and 亿.
func readUnits(r []rune) (int64, bool) {
	var total, section, current int64 // of 亿 and 万; below 万; the digit that waits for its unit
	waiting, zero := false, false     // a digit waits; a 零 stands before it
	lastUnit := int64(0)              // of the section: units must fall
	lastClose := int64(0)             // of the whole: 亿 before 万
	for i := 0; i < len(r); i++ {
		switch c := r[i]; {
		case arabic(c):
			if waiting {
				return 0, false
			}
			j := i
			for j < len(r) && arabic(r[j]) {
				j++
			}
			n, err := strconv.ParseInt(string(r[i:j]), 10, 64)
			if err != nil || n > 1_000_000_000_000 {
				return 0, false
			}
			current, waiting, i = n, true, j-1
		case digit(c) == 0:
			if waiting {
				return 0, false
			}
			zero = true
		case digit(c) > 0:
			if waiting {
				return 0, false
			}
			current, waiting = digit(c), true
		case tens(c) > 0:
			if waiting || (lastUnit != 0 && lastUnit <= 10) {
				return 0, false
			}
			section, lastUnit, zero = section+tens(c), 10, false
		case unit(c) < 10_000:
			u := unit(c)
			if !waiting {
				current = 1 // 十 is 一十; 百 alone is 100
			}
			if lastUnit != 0 && u >= lastUnit {
				return 0, false
			}
			section, current, waiting, zero, lastUnit = section+current*u, 0, false, false, u
		default:
			u := unit(c)
			section += current
			if section == 0 && total == 0 {
				section = 1 // 万 alone is 10000
			}
			if u == 100_000_000 { // 一万亿: all before it counts
				if lastClose == 100_000_000 || total+section > 10_000_000_000 {
					return 0, false
				}
				total = (total + section) * u
			} else {
				if lastClose == 10_000 || section == 0 || section > 100_000_000 {
					return 0, false
				}
				total += section * u
			}
			section, current, waiting, zero, lastUnit, lastClose = 0, 0, false, false, 0, u
		}
	}
	if waiting {
		switch { // 一百二 is 120, 两千五 2500, 一万二 12000; 一百零二 is 102
		case zero || current > 9:
		case lastUnit > 10:
			current *= lastUnit / 10
		case lastUnit == 0 && lastClose > 0 && total > 0:
			current *= lastClose / 10
		}
	}
	return total + section + current, true
}
