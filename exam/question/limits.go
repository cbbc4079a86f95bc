package question

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"qiming/internal/fault"
)

// Limits of a content and of a response, in characters unless said otherwise.
const (
	MaxStem       = 10_000
	MaxText       = 10_000 // explanation, model answer
	MaxSource     = 500
	MaxFeedback   = 2_000
	MaxOption     = 1_000
	MinOptions    = 2
	MaxOptions    = 12
	MaxBlanks     = 20
	MaxAccept     = 20 // accepted texts of a blank
	MaxAcceptText = 200
	MaxBlankText  = 500   // of a response to a blank
	MaxAnswer     = 4_000 // of a response to a short answer
	MinPairs      = 2     // of a matching item, with a left side
	MaxPairs      = 12    // distractors counted in
	MaxRanges     = 10
	MaxUnits      = 10
	MaxUnit       = 30     // of a unit's name
	MaxNumber     = 60     // of a response to a numerical item
	MaxEssay      = 20_000 // of a response to an essay
	MaxPoints     = 20     // key points of a short answer
	MaxPhrases    = 10     // of a key point, of each kind; of a group of synonyms
	MaxPhrase     = 300
	MaxSynonyms   = 20 // groups
	MaxRubric     = 10
	MaxCriterion  = 200 // of a criterion's name
	MinLevels     = 2   // of a criterion that has levels
	MaxLevels     = 9   // each has a key
	MaxLevel      = 50  // of a level's title
	MaxRemark     = 500 // of a level's comment
	MaxFiles      = 5   // of a response to an essay
	MaxSubs       = 20
	MaxDifficulty = 5
	MaxTags       = 20
	MaxTag        = 40
)

// problems collects what is wrong with an input.
type problems []fault.Field

func (p *problems) add(path, key string) { *p = append(*p, fault.Field{Path: path, Key: key}) }

func (p *problems) addMax(path, key string, limit int) {
	*p = append(*p, fault.Field{Path: path, Key: key, Params: map[string]any{"max": limit}})
}

func (p *problems) addRange(path string, low, high any) {
	*p = append(*p, fault.Field{Path: path, Key: "out_of_range", Params: map[string]any{"min": low, "max": high}})
}

func (p *problems) length(path, s string, limit int) {
	if utf8.RuneCountInString(s) > limit {
		p.addMax(path, "too_long", limit)
	}
}

// refused gives the error of Check, or nil.
func (p problems) refused() error { return fault.Bad("response.invalid", p) }

// at names an element of a list: at("options", 2, "text") is "options[2].text".
func at(list string, i int, field string) string {
	if field == "" {
		return fmt.Sprintf("%s[%d]", list, i)
	}
	return fmt.Sprintf("%s[%d].%s", list, i, field)
}

// tidy trims, unifies line ends and drops what cannot be seen: control characters but tab and line
// break, byte order marks, broken UTF-8.
func tidy(s string) string {
	if s == "" {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == '\ufeff', r == '\u200b':
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}
