package shortanswer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// Record is one answer of an evaluation set.
type Record struct {
	QID      string  // answers of the same belong to one question
	Question string  // may be empty
	Model    string  // may be empty
	Answer   string  // may be empty
	Score    float64 // 0..Max
	Max      float64
}

// maxLine bounds a line of an evaluation set, bytes.
const maxLine = 1 << 20

// ReadRecords reads an evaluation set: a JSON object a line, empty lines left out. The error names the line and the field.
func ReadRecords(in io.Reader) ([]Record, error) {
	var out []Record
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
		if len(line) == 0 {
			continue
		}
		r, err := record(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		out = append(out, r)
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("line %d is longer than %d KiB; one answer a line is wanted", n+1, maxLine>>10)
	case err != nil:
		return nil, fmt.Errorf("line %d cannot be read: %w", n+1, err)
	case len(out) == 0:
		return nil, errors.New("there is no answer in it: one JSON object a line is wanted")
	}
	return out, nil
}

// record reads one line.
func record(line []byte) (Record, error) {
	var r Record
	var fields map[string]json.RawMessage
	if !utf8.Valid(line) { // json would read other letters without a word
		return r, errors.New("this is no text in UTF-8: save the file in that encoding, not as GB18030 or UTF-16")
	}
	if json.Unmarshal(line, &fields) != nil || fields == nil {
		return r, errors.New(`this is no complete JSON object; wanted is {"qid": "…", "question": "…", "answer": "…", "score": 1, "max": 2}`)
	}
	for _, f := range []struct {
		name     string
		required bool
		into     any
		what     string
	}{
		{"qid", true, &r.QID, "the same for all answers to one question"},
		{"question", true, &r.Question, "what was asked; an empty text where it is not known"},
		{"model", false, &r.Model, "the model answer"},
		{"answer", true, &r.Answer, "what the learner wrote; an empty text where that is nothing"},
		{"score", true, &r.Score, "the mark that people gave"},
		{"max", true, &r.Max, "the highest mark"},
	} {
		value, there := fields[f.name]
		if !there || string(value) == "null" {
			if f.required {
				return r, fmt.Errorf("%q is missing; it is %s", f.name, f.what)
			}
			continue
		}
		if json.Unmarshal(value, f.into) != nil {
			wanted := "a text in quotes"
			if _, number := f.into.(*float64); number {
				wanted = "a number without quotes"
			}
			return r, fmt.Errorf("%q must be %s; it is %s", f.name, wanted, f.what)
		}
	}
	switch {
	case r.QID == "":
		return r, errors.New(`"qid" is empty; it says which answers belong to one question`)
	case !(r.Max > 0):
		return r, errors.New(`"max" must be above 0; it is the highest mark`)
	case !(r.Score >= 0 && r.Score <= r.Max):
		return r, fmt.Errorf(`"score" must be between 0 and "max" (%v)`, r.Max)
	}
	return r, nil
}
