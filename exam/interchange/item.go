package interchange

import (
	"qiming/exam/question"
)

// Item is one question as a file gives it, independent of the format.
type Item struct {
	Row        int                `json:"row"`                   // where it starts: row of a sheet, line of a text, ordinal of a JSON entry; from 1
	Sheet      string             `json:"sheet,omitempty"`       // of a workbook with several sheets
	Category   []string           `json:"category,omitempty"`    // names, root first
	Tags       []string           `json:"tags,omitempty"`        //
	Content    question.Content   `json:"content"`               // prepared
	Points     float64            `json:"points,omitempty"`      // suggested points; 0 = none given
	ValidUntil string             `json:"valid_until,omitempty"` // the last day on which it holds, 2026-12-31; "" = for good
	Basis      string             `json:"basis,omitempty"`       // the regulation that it rests on
	Passages   []question.Passage `json:"passages,omitempty"`    // of the knowledge base; only our own form carries them
	ExternalID string             `json:"external_id,omitempty"` // the file's own name of the question: 编号, GIFT title
}

// Severity says whether a problem keeps its record out of the bank.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Problem is one thing wrong with a record, or with the file as a whole (Row 0).
type Problem struct {
	Row      int            `bson:"row" json:"row"`
	Sheet    string         `bson:"sheet,omitempty" json:"sheet,omitempty"`
	Column   string         `bson:"column" json:"column"` // the file's own heading where it has one, else the field's name
	Code     string         `bson:"code" json:"code"`     // stable: "answer.missing"
	Severity Severity       `bson:"severity" json:"severity"`
	Params   map[string]any `bson:"params,omitempty" json:"params,omitempty"`
	Message  string         `bson:"message" json:"message"`               // Chinese: what is wrong and how to mend it
	Also     []Problem      `bson:"also,omitempty" json:"also,omitempty"` // further errors of the same record
}

// Record is one question of a file with what was found in it.
type Record struct {
	Item     Item
	Problems []Problem
	stemKey  string // of a record that is not refused
}

// Refused says whether an error keeps the record out of the bank.
func (r Record) Refused() bool {
	for _, p := range r.Problems {
		if p.Severity == Error {
			return true
		}
	}
	return false
}

// split gives the record's error (the first one, the others in Also) and its warnings.
func (r Record) split() (refusal *Problem, warnings []Problem) {
	for _, p := range r.Problems {
		switch {
		case p.Severity == Warning:
			warnings = append(warnings, p)
		case refusal == nil:
			refusal = &p
		default:
			refusal.Also = append(refusal.Also, p)
		}
	}
	return refusal, warnings
}

// Parsed is a whole file.
type Parsed struct {
	Format   Format
	Records  []Record
	Problems []Problem       // of the file as a whole: skipped sheets, why it cannot be read
	Columns  []Column        // tables only
	Files    map[string]File // that it brings along, by id
}

// Unreadable says whether the file as a whole could not be read.
func (p Parsed) Unreadable() bool {
	for _, q := range p.Problems {
		if q.Severity == Error {
			return true
		}
	}
	return false
}

// Duplicate is a record that the bank, or an earlier record of the file, holds already.
type Duplicate struct {
	Row        int    `bson:"row" json:"row"`
	Sheet      string `bson:"sheet,omitempty" json:"sheet,omitempty"`
	OfRow      int    `bson:"of_row,omitempty" json:"of_row,omitempty"`           // the earlier record
	QuestionID string `bson:"question_id,omitempty" json:"question_id,omitempty"` // the question of the bank
}

// Report accounts for every record: Questions = Imported + Duplicates + records with an error. Problems holds
// one entry for each of these, plus entries with Row 0 for the file as a whole; Warnings are of imported records.
type Report struct {
	Format        Format                `bson:"format" json:"format"`
	Questions     int                   `bson:"questions" json:"questions"`
	Imported      int                   `bson:"imported" json:"imported"` // on a dry run: would be
	Duplicates    int                   `bson:"duplicates" json:"duplicates"`
	ByKind        map[question.Kind]int `bson:"by_kind" json:"by_kind"` // of Imported
	Problems      []Problem             `bson:"problems" json:"problems"`
	Warnings      []Problem             `bson:"warnings" json:"warnings,omitempty"`
	DuplicateRows []Duplicate           `bson:"duplicate_rows" json:"duplicate_rows,omitempty"`
}

// Refused counts the records with an error.
func (r Report) Refused() int {
	n := 0
	for _, p := range r.Problems {
		if p.Row > 0 && p.Severity == Error {
			n++
		}
	}
	return n
}

// Accounted says whether every record is imported, a duplicate or a named problem.
func (r Report) Accounted() bool { return r.Questions == r.Imported+r.Duplicates+r.Refused() }
