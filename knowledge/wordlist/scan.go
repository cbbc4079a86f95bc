package wordlist

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"qiming/search"
)

// Text is a part of what is checked, with the path of its field.
type Text struct {
	Path string
	Text string
}

// Hit is a place where a listed word stands.
type Hit struct {
	Path        string `json:"path"`           // of the field: "title", "body", "tags[1]"
	From        int    `json:"from"`           // character of the field where it begins
	To          int    `json:"to"`             // and the one after it
	Found       string `json:"found"`          // as it stands there
	Before      string `json:"before"`         // some characters before it, of the same line
	After       string `json:"after"`          // and after it
	Word        string `json:"word,omitempty"` // of the list; "" for a mark of secrecy
	Level       Level  `json:"level" enum:"refuse,warn"`
	Why         string `json:"why,omitempty"`         //
	Replacement string `json:"replacement,omitempty"` //
	Secret      bool   `json:"secret,omitempty"`      // a mark of secrecy
}

// Refused says whether one of the hits does not let the text pass.
func Refused(hits []Hit) bool {
	return slices.ContainsFunc(hits, func(h Hit) bool { return h.Level == Refuse })
}

// MaxHits is how many places are shown of one check.
const MaxHits = 200

// around is how many characters beside a hit are shown.
const around = 12

// secret finds marks of secrecy: the word with its star, or alone on a line with or without a term, as a document
// of that class has it at its head. The words alone within a sentence are lawful: texts explain the law.
var secret = regexp.MustCompile(`(?m)(绝密|绝\s密|机密|机\s密|秘密|秘\s密)\s*[★☆✩✭✮✯⭐*＊]|^[\s#>|*_]*(绝\s*密|机\s*密|秘\s*密)[\s*_|]*(\d+\s*年|[一二三四五六七八九十]+年|长期)?[\s*_|]*$`)

// Scan finds where listed words stand in texts, in the order of the texts. Width, case, traditional characters,
// spaces, characters that cannot be seen and marks of emphasis do not hide a word; where one lies within an exception it does
// not count. Of two entries that meet the same place the longer one counts.
func Scan(texts []Text, entries []Entry) []Hit {
	folds := folder{}
	type needle struct {
		Entry
		form       string
		exceptions []string
	}
	var needles []needle
	for _, e := range entries {
		n := needle{Entry: e, form: folds.text(e.Word)}
		for _, x := range e.Exceptions {
			if form := folds.text(x); form != "" {
				n.exceptions = append(n.exceptions, form)
			}
		}
		if n.form != "" {
			needles = append(needles, n)
		}
	}
	slices.SortStableFunc(needles, func(a, b needle) int { return cmp.Compare(len(b.form), len(a.form)) })
	out := []Hit{}
	for _, t := range texts {
		source := []rune(t.Text)
		found := secrets(t, source)
		form, at := folds.mapped(source)
		for _, n := range needles {
			for _, from := range places(form, n.form) {
				to := from + len(n.form)
				first, last := at[from], at[to-1]
				if inWord(source, first, last, n.form) || within(form, from, to, n.exceptions) {
					continue
				}
				hit := Hit{Path: t.Path, From: first, To: last + 1, Word: n.Word, Level: n.Level, Why: n.Why, Replacement: n.Replacement}
				if !slices.ContainsFunc(found, func(h Hit) bool { return h.From <= hit.From && hit.To <= h.To }) {
					found = append(found, hit)
				}
			}
		}
		slices.SortFunc(found, func(a, b Hit) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
		for i := range found {
			found[i].show(source)
		}
		out = append(out, found...)
	}
	if len(out) > MaxHits { // what refuses is never cut off by what only warns
		slices.SortStableFunc(out, func(a, b Hit) int { return cmp.Compare(weight(a), weight(b)) })
		out = out[:MaxHits]
	}
	return out
}

func weight(h Hit) int {
	if h.Level == Refuse {
		return 0
	}
	return 1
}

func secrets(t Text, source []rune) (found []Hit) {
	for _, m := range secret.FindAllStringIndex(t.Text, -1) {
		from, to := utf8.RuneCountInString(t.Text[:m[0]]), utf8.RuneCountInString(t.Text[:m[1]])
		for from < to && strings.ContainsRune(" \t\n#>|*_　", source[from]) {
			from++
		}
		for to > from && strings.ContainsRune(" \t\n|_　", source[to-1]) {
			to--
		}
		found = append(found, Hit{Path: t.Path, From: from, To: to, Level: Refuse, Secret: true})
	}
	return found
}

// show adds what stands at the place and around it.
func (h *Hit) show(source []rune) {
	from, to := h.From, h.To
	for from > 0 && h.From-from < around && source[from-1] != '\n' {
		from--
	}
	for to < len(source) && to-h.To < around && source[to] != '\n' {
		to++
	}
	h.Before, h.Found, h.After = string(source[from:h.From]), string(source[h.From:h.To]), string(source[h.To:to])
}

// places gives where a needle begins in a text, in bytes; places do not overlap.
func places(text, needle string) (list []int) {
	for from := 0; ; {
		i := strings.Index(text[from:], needle)
		if i < 0 {
			return list
		}
		list = append(list, from+i)
		from += i + len(needle)
	}
}

// within says whether a place lies in one where an exception stands.
func within(text string, from, to int, exceptions []string) bool {
	for _, x := range exceptions {
		low := max(0, to-len(x))
		for high := min(len(text), from+len(x)); low < high; {
			i := strings.Index(text[low:high], x)
			if i < 0 {
				break
			}
			if low+i <= from && to <= low+i+len(x) {
				return true
			}
			low += i + 1
		}
	}
	return false
}

// inWord says whether a place is the middle of a longer Latin word or number: "war" in "award".
func inWord(source []rune, first, last int, form string) bool {
	head, _ := utf8.DecodeRuneInString(form)
	tail, _ := utf8.DecodeLastRuneInString(form)
	return latin(head) && first > 0 && latin(source[first-1]) || latin(tail) && last+1 < len(source) && latin(source[last+1])
}

func latin(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// folder gives the form in which characters are compared, each found out once.
type folder map[rune]string

func (f folder) of(r rune) string {
	form, known := f[r]
	if !known {
		if !strings.ContainsRune("*_~`\\", r) {
			form = search.Normalise(string(r), search.NormalOptions{FoldCase: true, Simplified: true})
		}
		f[r] = form
	}
	return form
}

func (f folder) text(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(f.of(r))
	}
	return b.String()
}

// mapped folds a text and tells of each byte of the form which character it comes from.
func (f folder) mapped(source []rune) (form string, at []int) {
	var b strings.Builder
	for i, r := range source {
		piece := f.of(r)
		b.WriteString(piece)
		for range len(piece) {
			at = append(at, i)
		}
	}
	return b.String(), at
}
