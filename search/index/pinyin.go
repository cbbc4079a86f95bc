package index

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"

	"qiming/search"
)

// Bounds of what is typed and looked for in names: nobody types a longer beginning of a word to be completed.
const (
	startRunes    = 12 // characters
	startLetters  = 30 // letters
	maxStarts     = 40 // places of a name where a start begins
	maxReadings   = 3  // readings of a run of characters that have several: 重 is zhong and chong
	readingWindow = 4  // characters of a start whose readings are told apart
)

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
