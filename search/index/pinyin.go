package index

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"

	"qiming/search"
)

// Starts are cut at these lengths: nobody types a longer beginning of a word to be completed.
const (
	startRunes    = 12 // of a title as it is written, and of its initials
	startLetters  = 30 // of its syllables
	maxStarts     = 40 // places of a name where a start begins
	maxReadings   = 3  // readings of a run of characters that have several: 重 is zhong and chong
	readingWindow = 4  // characters of a start whose readings are told apart
)

// starts gives the beginnings by which a document's names are found: from each character or word on, in normal form,
// by syllables and by initials.
func (d *Document) starts() []string {
	var out []string
	for _, name := range append([]string{d.Title}, d.Names...) {
		out = append(out, starts(name)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// startForm is the form of what is typed and of what begins: normal, without punctuation and spaces.
func startForm(text string) string {
	return search.Bare(search.SynonymKey(text))
}

// spokenForm is the start form with its numerals as they are said: 三会一课 is sanhuiyike, where the start form has 3会1课.
func spokenForm(text string) string {
	return search.Bare(search.Normalise(text, search.NormalOptions{FoldCase: true, Simplified: true}))
}

// formsOf gives the start form of a name, and the spoken one where it is another.
func formsOf(name string) []string {
	form, spoken := startForm(name), spokenForm(name)
	if spoken == form {
		return []string{form}
	}
	return []string{form, spoken}
}

func starts(name string) []string {
	var out []string
	for _, form := range formsOf(name) {
		runes := []rune(form)
		places := 0
		for i, r := range runes {
			if !unicode.Is(unicode.Han, r) && i > 0 && !unicode.Is(unicode.Han, runes[i-1]) && unicode.IsDigit(r) == unicode.IsDigit(runes[i-1]) {
				continue // within a word or a number
			}
			if places++; places > maxStarts {
				break
			}
			out = append(out, startsAt(runes[i:])...)
		}
	}
	return out
}

// startsAt gives the start that a form is: as it is written, and how it sounds.
func startsAt(form []rune) []string {
	out := []string{cutBytes(string(form[:min(len(form), startRunes)]), 3*startRunes)}
	for _, s := range sounds(form) {
		out = append(out, cutBytes(s.initials, startRunes), cutBytes(s.syllables, startLetters))
	}
	return out
}

// begins says whether a name begins with what was typed.
func begins(name, typed string) bool {
	return slices.ContainsFunc(formsOf(name), func(form string) bool {
		return slices.ContainsFunc(startsAt([]rune(form)), func(s string) bool { return strings.HasPrefix(s, typed) })
	})
}

// cutBytes shortens s to n bytes at most, at the border of a character.
func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// sound is a reading of a run of characters: 党费 has the syllables dangfei and the initials df.
type sound struct{ syllables, initials string }

// sounds gives the readings of a run that begins with a Chinese character, the usual one first; other signs stay.
func sounds(run []rune) []sound {
	if len(run) == 0 || !unicode.Is(unicode.Han, run[0]) {
		return nil
	}
	out := []sound{{}}
	for i, r := range run {
		if i >= startRunes {
			break
		}
		readings := readingsOf(r)
		if len(readings) == 0 {
			if unicode.Is(unicode.Han, r) {
				break // a character that nobody reads
			}
			readings = []string{string(r)}
		}
		if i >= readingWindow {
			readings = readings[:1]
		}
		var next []sound
		for _, reading := range readings {
			initial, _ := utf8.DecodeRuneInString(reading)
			for _, s := range out {
				next = append(next, sound{s.syllables + reading, s.initials + string(initial)})
			}
		}
		out = next[:min(len(next), maxReadings)]
	}
	return out
}

var pinyinArgs = pinyin.Args{Style: pinyin.Normal, Heteronym: true}

// readingsOf gives the syllables of a character without tones; ü is v, as it is typed.
func readingsOf(r rune) []string {
	var out []string
	for _, reading := range pinyin.SinglePinyin(r, pinyinArgs) {
		reading = strings.ReplaceAll(reading, "ü", "v")
		if reading != "" && !slices.Contains(out, reading) {
			out = append(out, reading)
		}
	}
	return out
}

// isLetters says whether a start form may be pinyin: Latin letters, digits between them.
func isLetters(form string) bool {
	if form == "" || form[0] < 'a' || form[0] > 'z' {
		return false
	}
	for _, r := range form {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return false
		}
	}
	return true
}
