package interchange

import (
	"time"

	"qiming/exam/question"
	"qiming/internal/store"
)

// State is the life of an import: previewed -> confirming -> confirmed -> undoing -> undone. An import
// that stays in confirming or undoing was interrupted; doing the same again, or Resume, finishes it.
type State string

// The states.
const (
	Previewed  State = "previewed"
	Confirming State = "confirming"
	Confirmed  State = "confirmed"
	Undoing    State = "undoing"
	Undone     State = "undone"
)

// Import is one file on its way into a bank: what was found in it and how far it is. Its id is the id
// of the batch of questions.
type Import struct {
	store.Meta `bson:",inline"`
	OrgID      string          `bson:"org_id" json:"org_id"`
	OrgPath    []string        `bson:"org_path" json:"org_path"`
	CategoryID string          `bson:"category_id" json:"category_id"` // chosen; the file's own categories are made below it
	Status     question.Status `bson:"status" json:"status"`           // that the questions get
	AccountID  string          `bson:"account_id" json:"account_id"`
	Author     string          `bson:"author" json:"author"` // name, for the list

	File    string   `bson:"file" json:"file"`
	Size    int      `bson:"size" json:"size"` // bytes
	SHA256  string   `bson:"sha256" json:"sha256"`
	FileKey string   `bson:"file_key" json:"-"`
	Asked   Format   `bson:"asked" json:"asked"` // format that the user named; auto = detected
	Mapping Mapping  `bson:"mapping,omitempty" json:"mapping"`
	Columns []Column `bson:"columns,omitempty" json:"columns"`

	State       State      `bson:"state" json:"state"`
	Report      Report     `bson:"report" json:"report"`       // Imported: would be, until the import is confirmed
	Codes       []Tally    `bson:"codes" json:"codes"`         // problems and warnings by code, also beyond what Report lists
	Outcomes    string     `bson:"outcomes" json:"-"`          // one letter a record: n new, d duplicate, p problem; what a confirm writes is decided once
	Previous    string     `bson:"previous" json:"previous"`   // an earlier confirmed import of the same file into the same bank
	Made        [][]string `bson:"made,omitempty" json:"made"` // category paths that the confirm adds, parents first; an undo takes them back where they are empty
	ConfirmedAt *time.Time `bson:"confirmed_at,omitempty" json:"confirmed_at,omitempty"`
	Removed     int        `bson:"removed" json:"removed"` // questions that an undo took back
	Kept        int        `bson:"kept" json:"kept"`       // and those it could not: changed or in use
}

// Tally counts the problems of a code.
type Tally struct {
	Code     string   `bson:"code" json:"code"`
	Severity Severity `bson:"severity" json:"severity"`
	Count    int      `bson:"count" json:"count"`
}

// Entry is a record of an import as the wizard shows it.
type Entry struct {
	Item
	State    Outcome   `json:"state" enum:"new,duplicate,problem"`
	Problems []Problem `json:"problems"`
	Files    []File    `json:"-"` // that it shows and its file brings along
	// Neighbours are the questions of the bank that the problems name, or that it repeats.
	Neighbours []Neighbour `json:"neighbours,omitempty"`
}

// Neighbour is a question of the bank beside a record that says the same, or nearly.
type Neighbour struct {
	QuestionID string           `json:"question_id"`
	Status     question.Status  `json:"status"`
	Content    question.Content `json:"content"`
	Differs    []string         `json:"differs"` // in which parts: question.Differs
}

// maxListed is how many problems, warnings and duplicates an import document keeps; Codes counts all.
const maxListed = 2_000

// note takes the result of a reading in.
func (m *Import) note(p Parsed, r Report, outcomes []Outcome) {
	m.Codes = tally(r)
	r.Problems = r.Problems[:min(len(r.Problems), maxListed)]
	r.Warnings = r.Warnings[:min(len(r.Warnings), maxListed)]
	r.DuplicateRows = r.DuplicateRows[:min(len(r.DuplicateRows), maxListed)]
	m.Report, m.Columns = r, p.Columns
	letters := make([]byte, len(outcomes))
	for i, o := range outcomes {
		letters[i] = o[0]
	}
	m.Outcomes = string(letters)
}

// outcome gives what was decided about the n-th record.
func (m Import) outcome(n int) Outcome {
	if n < len(m.Outcomes) {
		for _, o := range []Outcome{Fresh, Double, Refused} {
			if o[0] == m.Outcomes[n] {
				return o
			}
		}
	}
	return Refused
}

func tally(r Report) []Tally {
	out := []Tally{}
	count := func(list []Problem) {
		for _, p := range list {
			found := false
			for i := range out {
				if out[i].Code == p.Code && out[i].Severity == p.Severity {
					out[i].Count++
					found = true
				}
			}
			if !found {
				out = append(out, Tally{p.Code, p.Severity, 1})
			}
		}
	}
	count(r.Problems)
	count(r.Warnings)
	return out
}
