package index

import (
	"encoding/json"
	"strings"
	"time"
	"unicode"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	bleveindex "github.com/blevesearch/bleve_index_api"

	"qiming/search"
)

// Document is what is found: an article, a question, a course, a notice, a meeting, as plain text.
type Document struct {
	Type     string    `json:"type"`               // article, question ...: what it is kept as
	ID       string    `json:"id"`                 // unique within the type
	Part     string    `json:"part,omitempty"`     // an attachment or a film's subtitles: its file; "" is the thing itself
	Kind     string    `json:"kind,omitempty"`     // what readers tell apart: regulation, question ...
	OrgID    string    `json:"orgId,omitempty"`    // the owning organisation
	Title    string    `json:"title,omitempty"`    // counts more than the text, and is what suggestions are made of
	Within   string    `json:"within,omitempty"`   // of a part: the title of the thing
	Places   []Place   `json:"places,omitempty"`   // of a part: where its pages, slides or subtitles begin
	Names    []string  `json:"names,omitempty"`    // other names: a regulation's number, a term's synonyms; searched like the title
	Text     string    `json:"-"`                  // the whole text
	Audience []string  `json:"audience"`           // tokens of those who may see it; nobody sees what has none
	Category []string  `json:"category,omitempty"` // its category and those above it
	Tags     []string  `json:"tags,omitempty"`
	Source   string    `json:"source,omitempty"`
	Official bool      `json:"official,omitempty"`
	Date     time.Time `json:"date,omitzero"`    // of publication, its day that of its zone; the zero time has no freshness
	Expired  time.Time `json:"expired,omitzero"` // from when it no longer holds; the zero time never comes
}

// Place is where a page, a slide or a subtitle begins in a text.
type Place struct {
	At    int `json:"a"` // code point
	Place int `json:"p"` // page or slide from 1, second of a film
}

// PlaceAt gives the place in which a code point of the text stands; 0 where there are none.
func (d *Document) PlaceAt(at int) (place int) {
	for _, p := range d.Places {
		if p.At > at {
			break
		}
		place = p.Place
	}
	return place
}

// Key is the name of the document within the index.
func (d *Document) Key() string { return key(d.Type, d.ID, d.Part) }

func key(what, id, part string) string {
	if part == "" {
		return what + "/" + id
	}
	return what + "/" + id + "/" + part
}

// The fields of the index. Words and numbers stand with the characters and with the pairs: one is worth both, as two
// characters and their pair are.
const (
	fieldSingles  = "c" // title, names and text: characters, words
	fieldPairs    = "p" // title, names and text: pairs, words
	fieldTitle    = "t" // title and names: characters, pairs, words
	fieldStarts   = "s" // title and names from each character on, as written, in pinyin and in initials
	fieldThing    = "i" // kind and ID: a thing with its parts
	fieldWords    = "w" // Latin words as they are written, for spelling
	fieldAudience = "a"
	fieldKind     = "k"
	fieldCategory = "g"
	fieldTag      = "l"
	fieldSource   = "q"
	fieldOfficial = "o"
	fieldDate     = "d" // day of publication, 2006-01-02: sorts as a term
	fieldFacts    = "_" // stored: the document without its text, as JSON
	fieldText     = "x" // stored: the text
	fieldSequence = "n" // stored: the singles of title, names and text in their order, see sequence
)

// everywhere is a term that each document has in each field of text: its postings give the lengths of all fields.
const everywhere = "\x00"

// yes is the term of a fact that holds.
const yes = "1"

// dayLayout is the form of fieldDate.
const dayLayout = "2006-01-02"

// prepared is an analyzer of a text that is cut already.
type prepared analysis.TokenStream

func (p prepared) Analyze([]byte) analysis.TokenStream { return analysis.TokenStream(p) }

// textField makes a field of terms with their number and the field's length.
func textField(name string, lists ...[]string) document.Field {
	n := 1
	for _, list := range lists {
		n += len(list)
	}
	tokens, stream := make([]analysis.Token, n), make(prepared, n)
	tokens[0].Term = []byte(everywhere)
	i := 1
	for _, list := range lists {
		for _, term := range list {
			tokens[i].Term = []byte(term)
			i++
		}
	}
	for i := range tokens {
		tokens[i].Position, stream[i] = i+1, &tokens[i]
	}
	return document.NewTextFieldCustom(name, nil, nil, bleveindex.IndexField, stream)
}

// setField makes a field of terms that a document has or has not.
func setField(name string, options bleveindex.FieldIndexingOptions, terms ...string) document.Field {
	tokens, stream := make([]analysis.Token, 0, len(terms)), make(prepared, 0, len(terms))
	seen := make(map[string]bool, len(terms))
	for _, term := range terms {
		if term != "" && !seen[term] {
			seen[term] = true
			tokens = append(tokens, analysis.Token{Term: []byte(term), Position: len(tokens) + 1})
			stream = append(stream, &tokens[len(tokens)-1])
		}
	}
	return document.NewTextFieldCustom(name, nil, nil, bleveindex.IndexField|bleveindex.SkipFreqNorm|options, stream)
}

// fields gives the document as Bleve takes it.
func (d *Document) fields() (*document.Document, error) {
	out := document.NewDocument(d.Key())
	facts, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	var singles, pairs []string // of title and names
	for _, name := range append([]string{d.Title}, d.Names...) {
		s, p := search.Cut(name)
		singles, pairs = append(singles, s...), append(pairs, p...)
	}
	s, p := search.Cut(d.Text)
	out.AddField(textField(fieldSingles, singles, s))
	out.AddField(textField(fieldPairs, pairs, p, wordsOf(singles), wordsOf(s)))
	out.AddField(textField(fieldTitle, singles, pairs))
	out.AddField(setField(fieldStarts, 0, d.starts()...))
	out.AddField(setField(fieldWords, 0, latinWords(append([]string{d.Title, d.Text}, d.Names...)...)...))
	out.AddField(setField(fieldAudience, 0, d.Audience...))
	out.AddField(setField(fieldKind, bleveindex.DocValues, d.Kind))
	out.AddField(setField(fieldCategory, bleveindex.DocValues, d.Category...))
	out.AddField(setField(fieldTag, bleveindex.DocValues, tagTerms(d.Tags)...))
	out.AddField(setField(fieldSource, bleveindex.DocValues, d.Source))
	if d.Official {
		out.AddField(setField(fieldOfficial, bleveindex.DocValues, yes))
	}
	if !d.Date.IsZero() {
		out.AddField(setField(fieldDate, bleveindex.DocValues, d.Date.Format(dayLayout)))
	}
	stored := func(name string, value []byte) {
		out.AddField(document.NewTextFieldCustom(name, nil, value, bleveindex.StoreField, nil))
	}
	stored(fieldFacts, facts)
	stored(fieldText, []byte(d.Text))
	stored(fieldSequence, sequence(singles, s))
	return out, nil
}

// wordsOf gives the singles that are no Chinese characters.
func wordsOf(singles []string) []string {
	var out []string
	for _, single := range singles {
		if !search.IsCharacter(single) {
			out = append(out, single)
		}
	}
	return out
}

// latinWords gives the Latin words of texts that are long enough to be misspelt, in lower case.
func latinWords(texts ...string) []string {
	var out []string
	for _, text := range texts {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) }) {
			if len(word) >= minEdited && len(word) <= maxWord {
				out = append(out, strings.ToLower(word))
			}
		}
	}
	return out
}
