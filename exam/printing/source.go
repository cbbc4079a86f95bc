package printing

import (
	"time"

	"qiming/exam/question"
)

// Source is what a paper is laid out from. Texts may show files and formulas, as those of questions do.
type Source struct {
	Organisation string
	Title        string
	Label        string // A, B, ...
	Number       int    // version of the quiz that the paper was drawn from; 0 = a draft
	Opens        *time.Time
	Zone         *time.Location // in which Opens is told
	Minutes      int            // 0 = no limit
	Points       float64
	Sections     []Part
}

// Part is a section of the source.
type Part struct {
	Title        string
	Instructions string
	Limit        int // seconds of its own, 0 = none
	Items        []Slot
}

// Slot is one item as its taker sees it. Key is the whole item, nil where the paper is for takers: what is
// not given cannot be printed.
type Slot struct {
	Number int
	Points float64
	Group  string // items of one material share it
	Item   question.Item
	Key    *question.Content
}

// Paper is the layout.
type Paper struct {
	Head     Head      `json:"head"`
	Sections []Section `json:"sections"`
	Keyed    bool      `json:"keyed"` // it holds the right answers
}

// Head is what stands above the first section.
type Head struct {
	Organisation string   `json:"organisation"`
	Title        string   `json:"title"`
	Label        string   `json:"label"` // A卷
	Name         string   `json:"name"`  // the title with the label
	SheetTitle   string   `json:"sheet_title"`
	SheetNote    string   `json:"sheet_note"` // on a paper with an answer sheet, which has no room for answers itself
	KeyTitle     string   `json:"key_title"`
	Facts        []string `json:"facts"`  // when, how long, how much
	Fields       []string `json:"fields"` // to be filled in by the taker
	Footer       string   `json:"footer"` // on every page, beside its number
	Draft        bool     `json:"draft"`  // not of a published quiz: not to be handed out
}

// Section is a section as it is printed.
type Section struct {
	Heading      string `json:"heading"` // 一、单项选择题（共10题，每题2分，计20分）
	Instructions string `json:"instructions,omitempty"`
	Items        []Item `json:"items"`
}

// Item is an item as it is printed.
type Item struct {
	Number      int           `json:"number"`
	Kind        question.Kind `json:"kind"`
	Points      string        `json:"points,omitempty"`       // （5分）, where the items of the section differ
	PassageNote string        `json:"passage_note,omitempty"` // 阅读下面的材料，回答第3～5题。
	Passage     string        `json:"passage,omitempty"`      // stands above the item, and for those that follow
	Stem        string        `json:"stem"`
	Options     []Line        `json:"options,omitempty"`
	Columns     int           `json:"columns,omitempty"` // options side by side: 4, 2 or 1
	Lefts       []Line        `json:"lefts,omitempty"`   // matching: ① ② ③
	Rights      []Line        `json:"rights,omitempty"`  // matching: A B C
	Gaps        []Gap         `json:"gaps,omitempty"`    // cloze: what to choose from
	Places      int           `json:"places,omitempty"`  // blanks, cloze: how many gaps the answer sheet has lines for
	Reply       string        `json:"reply,omitempty"`   // a line to answer on, with what is printed on it
	Lines       int           `json:"lines,omitempty"`   // lines to write on
	Notes       []string      `json:"notes,omitempty"`
	Mark        Mark          `json:"mark" enum:"letters,line,lines"` // how it stands on an answer sheet
	Key         *Key          `json:"key,omitempty"`
}

// Line is a text with the mark before it.
type Line struct {
	Mark string `json:"mark"`
	Text string `json:"text"`
}

// Gap is a gap of a cloze with its choices.
type Gap struct {
	Mark    string `json:"mark"` // (1)
	Options []Line `json:"options"`
}

// Mark is how an item is answered on an answer sheet.
type Mark string

// The ways.
const (
	Letters Mark = "letters" // a box
	OneLine Mark = "line"    // a line
	Writing Mark = "lines"   // several
)

// Key is the right answer of an item, in the letters of this paper.
type Key struct {
	Answer string   `json:"answer"`
	Lines  []string `json:"lines"` // as printed, in the words that imports of questions read: 答案、解析、依据; （评分：） is how it is marked
}
