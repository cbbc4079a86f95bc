package index

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names are the names of the documents of a segment, character by character: what somebody types is looked for at each of
// them, in characters, pinyin or initials. All of 100,000 names are looked at in a few milliseconds, so that neither what
// is hidden nor what is frequent displaces anything.
type names struct {
	letters []letter // the first ends a name
	number  map[rune]uint32
	initial []uint32 // by letter: with which of a to z its sounds begin, as bits
	text    []uint32 // numbers of letters, one name after the other, each with its end
	from    []uint32 // by letter: where its places begin in places
	places  []place  // by letter, where a word or a character begins
}

// place is where a word or a character begins in a name.
type place struct {
	at   uint32 // in text
	next uint32 // the letter behind it
	doc  uint32 // whose name it is, with titleMark where it begins a title
}

const titleMark = 1 << 31

// letter is a character with its sounds.
type letter struct {
	r        rune
	readings []string // of a Chinese character: syllables without tones, the usual one first
	chinese  bool
}

// maxName is how much of a name is kept, in characters.
const maxName = 200

// Names in the index begin with what they are.
const (
	titleName = "t"
	otherName = "n"
)

// nameTerms gives the names of a document as the index keeps them.
func (d *Document) nameTerms() []string {
	var out []string
	for i, name := range append([]string{d.Title}, d.Names...) {
		kind := otherName
		if i == 0 {
			kind = titleName
		}
		for _, form := range formsOf(name) {
			if form != "" {
				out = append(out, kind+cutBytes(form, 3*maxName))
			}
		}
	}
	return out
}

func readNames(s *part) (*names, error) {
	n := &names{letters: []letter{{}}, number: map[rune]uint32{}, initial: []uint32{0}}
	var begins []place
	err := s.eachTerm(fieldNames, func(term string, p postings) {
		p.each(func(doc uint32) { begins = n.add(doc, term[:1] == titleName, term[1:], begins) })
	})
	n.from = make([]uint32, len(n.letters)+1)
	for _, p := range begins {
		n.from[n.text[p.at]+1]++
	}
	for i := range n.letters {
		n.from[i+1] += n.from[i]
	}
	n.places = make([]place, len(begins))
	next := slices.Clone(n.from)
	for _, p := range begins {
		letter := n.text[p.at]
		p.next = n.text[p.at+1]
		n.places[next[letter]] = p
		next[letter]++
	}
	return n, err
}

// add takes a name in, and adds the places where it begins to begins.
func (n *names) add(doc uint32, title bool, name string, begins []place) []place {
	last, places := rune(0), 0
	for i, r := range name {
		number, known := n.number[r]
		if !known {
			number = uint32(len(n.letters))
			n.number[r] = number
			n.letters = append(n.letters, letterOf(r))
			n.initial = append(n.initial, n.letters[number].initials())
		}
		within := i > 0 && !unicode.Is(unicode.Han, r) && !unicode.Is(unicode.Han, last) && unicode.IsDigit(r) == unicode.IsDigit(last)
		if !within && places < maxStarts {
			places++
			p := place{at: uint32(len(n.text)), doc: doc}
			if title && i == 0 {
				p.doc |= titleMark
			}
			begins = append(begins, p)
		}
		n.text = append(n.text, number)
		last = r
	}
	n.text = append(n.text, 0)
	return begins
}

func letterOf(r rune) letter {
	out := letter{r: r, chinese: unicode.Is(unicode.Han, r)}
	if out.chinese {
		out.readings = readingsOf(r)
		out.readings = out.readings[:min(len(out.readings), maxReadings)]
	}
	return out
}

func (l letter) initials() (mask uint32) {
	for _, reading := range l.readings {
		mask |= bitOf(reading[0])
	}
	if !l.chinese && l.r < utf8.RuneSelf {
		mask |= bitOf(byte(l.r))
	}
	return mask
}

// How a name goes on with what was typed.
const (
	goesOn  = 1 // somewhere in a name
	titleOn = 2 // at the beginning of the title
)

// find gives the documents with a name that goes on with a form, and how; some more than once.
func (n *names) find(form string, take func(doc uint32, how uint8)) {
	if form == "" {
		return
	}
	if isLetters(form) {
		n.findSound(form, take)
		return
	}
	var want []uint32
	for _, r := range form {
		number, known := n.number[r]
		if !known {
			return
		}
		want = append(want, number)
	}
	for _, p := range n.places[n.from[want[0]]:n.from[want[0]+1]] {
		if len(want) == 1 || p.next == want[1] && slices.Equal(n.text[p.at:min(int(p.at)+len(want), len(n.text))], want) {
			p.found(take)
		}
	}
}

// findSound is find for letters.
func (n *names) findSound(form string, take func(doc uint32, how uint8)) {
	first := bitOf(form[0])
	for letter, initial := range n.initial {
		if initial&first == 0 {
			continue
		}
		next, any := n.mayFollow(uint32(letter), form)
		for _, p := range n.places[n.from[letter]:n.from[letter+1]] {
			if any || (next == 0 || n.initial[p.next]&next != 0) && n.sounds(n.text[p.at:], form) {
				p.found(take)
			}
		}
	}
}

// mayFollow gives with which of a to z the letter behind a first one must begin for the two to sound like a form, as
// bits: that tells of most places that they are not meant. 0 says that this does not tell, any that the first says all.
func (n *names) mayFollow(first uint32, form string) (mask uint32, any bool) {
	begins := []int{1} // of what the second letter is to say, in form
	for _, reading := range n.letters[first].readings {
		if strings.HasPrefix(reading, form) {
			return 0, true
		} else if strings.HasPrefix(form, reading) {
			begins = append(begins, len(reading))
		}
	}
	if len(form) == 1 {
		return 0, true
	}
	for _, at := range begins {
		if bitOf(form[at]) == 0 {
			return 0, false
		}
		mask |= bitOf(form[at])
	}
	return mask, false
}

// bitOf gives a bit for a to z, 0 for others.
func bitOf(b byte) uint32 {
	if b < 'a' || b > 'z' {
		return 0
	}
	return 1 << (b - 'a')
}

func (p place) found(take func(doc uint32, how uint8)) {
	if p.doc&titleMark != 0 {
		take(p.doc&^titleMark, titleOn)
	} else {
		take(p.doc, goesOn)
	}
}

// sounds says whether a name begins with letters as it is written, in syllables or in initials.
func (n *names) sounds(name []uint32, typed string) bool {
	if !n.letters[name[0]].chinese {
		return n.initials(name, typed) // letters only: written as they are
	}
	return n.initials(name, typed) || n.syllables(name, typed, 0)
}

func (n *names) initials(name []uint32, typed string) bool {
	for i := 0; i < len(typed); i++ {
		if i >= len(name) {
			return false
		}
		l := &n.letters[name[i]]
		if !l.chinese {
			if l.r != rune(typed[i]) {
				return false
			}
			continue
		}
		if !slices.ContainsFunc(l.told(i), func(reading string) bool { return reading[0] == typed[i] }) {
			return false
		}
	}
	return true
}

// syllables says whether the name from its character at goes on with letters.
func (n *names) syllables(name []uint32, typed string, at int) bool {
	if typed == "" {
		return true
	}
	if at >= len(name) {
		return false
	}
	l := &n.letters[name[at]]
	if !l.chinese {
		return l.r == rune(typed[0]) && n.syllables(name, typed[1:], at+1)
	}
	return slices.ContainsFunc(l.told(at), func(reading string) bool {
		if len(typed) <= len(reading) {
			return strings.HasPrefix(reading, typed)
		}
		return strings.HasPrefix(typed, reading) && n.syllables(name, typed[len(reading):], at+1)
	})
}

// told gives the readings that are told apart where a character stands.
func (l *letter) told(at int) []string {
	if at < readingWindow {
		return l.readings
	}
	return l.readings[:min(len(l.readings), 1)]
}

// bitset is a set of documents of a segment.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) add(doc uint32)      { b[doc/64] |= 1 << (doc % 64) }
func (b bitset) has(doc uint32) bool { return b[doc/64]&(1<<(doc%64)) != 0 }

// each gives the documents in rising order until take says that it has enough.
func (b bitset) each(take func(doc uint32) bool) {
	for i, word := range b {
		for ; word != 0; word &= word - 1 {
			if !take(uint32(i*64 + bits.TrailingZeros64(word))) {
				return
			}
		}
	}
}

// cutStart is a form as far as names are compared with it.
func cutStart(form string) string {
	if isLetters(form) {
		return cutBytes(form, startLetters)
	}
	runes := []rune(form)
	return string(runes[:min(len(runes), startRunes)])
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
