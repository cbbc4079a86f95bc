package interchange

import (
	"maps"
	"slices"
	"strings"

	"qiming/exam/question"
)

// verdict is how two questions with the same stem key compare.
type verdict int

const (
	another  verdict = iota // another question that shares its stem: 选择词语的正确词形
	same                    // the same question
	variant                 // same answer, other wrong options: the same question put a second time
	conflict                // the same question with another answer: one of the two is wrong
)

// compare says how b stands to a, both prepared and of the same stem key. Choices are compared by the
// texts of their options, not by order.
func compare(a, b question.Content) verdict {
	switch a.Kind {
	case question.TrueFalse:
		if a.Truth == b.Truth {
			return same
		}
		return conflict
	case question.Blanks:
		if acceptKey(a) == acceptKey(b) {
			return same
		}
		return conflict
	case question.Numerical, question.Matching, question.Ordering, question.Cloze, question.Material:
		if question.SameAnswer(a, b) {
			return same
		}
		return conflict
	case question.Short, question.Essay:
		if sameKey(a.Model) == sameKey(b.Model) {
			return same
		}
		return conflict
	}
	x, y := rights(a), rights(b)
	for text, right := range x {
		if r, ok := y[text]; ok && r != right {
			return conflict // right here, wrong there
		}
	}
	switch {
	case maps.Equal(x, y):
		return same
	case slices.Equal(rightTexts(x), rightTexts(y)):
		return variant
	}
	return another
}

// rights gives each option's key and whether it is right.
func rights(c question.Content) map[string]bool {
	out := make(map[string]bool, len(c.Options))
	for _, o := range c.Options {
		key := sameKey(o.Text)
		out[key] = out[key] || o.Right
	}
	return out
}

func rightTexts(m map[string]bool) []string {
	var out []string
	for text, right := range m {
		if right {
			out = append(out, text)
		}
	}
	slices.Sort(out)
	return out
}

func acceptKey(c question.Content) string {
	gaps := make([]string, len(c.Blanks))
	for i, b := range c.Blanks {
		list := make([]string, len(b.Accept))
		for j, a := range b.Accept {
			list[j] = sameKey(a)
		}
		slices.Sort(list)
		gaps[i] = strings.Join(slices.Compact(list), "/")
		if b.Number {
			gaps[i] += "±" + number(b.Tolerance)
		}
	}
	if c.AnyOrder {
		slices.Sort(gaps)
	}
	return strings.Join(gaps, ";")
}

// known is a question that a record may repeat: of the bank, or an earlier record of the file.
type known struct {
	content question.Content
	id      string // of the bank
	row     int    // of the file
	sheet   string
}

// book knows what is there already, by stem key.
type book map[string][]known

// judge looks a record up: a duplicate, a problem that keeps it out, a warning, or nothing.
func (b book) judge(r Record, unit string) (dup *Duplicate, found *Problem) {
	list := b[r.stemKey]
	best, at := another, known{}
	for _, k := range list {
		if v := compare(k.content, r.Item.Content); v == same {
			return &Duplicate{Row: r.Item.Row, Sheet: r.Item.Sheet, OfRow: k.row, QuestionID: k.id}, nil
		} else if v > best || at.content.Kind == "" {
			best, at = v, k
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	other, english := "题库中已有的题目", "a question of the bank"
	if at.row > 0 {
		other, english = "第 "+number(float64(at.row))+" "+unit, "row "+number(float64(at.row))
	}
	params := []any{"other", other, "other_en", english}
	if at.id != "" {
		params = append(params, "question_id", at.id)
	}
	severity, code := Error, "duplicate.conflict"
	switch best {
	case variant:
		code = "duplicate.variant"
	case another:
		severity, code = Warning, "duplicate.stem"
	}
	p := place{row: r.Item.Row, sheet: r.Item.Sheet, unit: unit}.problem(severity, FieldStem.title(), code, params...)
	return nil, &p
}

func (b book) add(r Record) {
	b[r.stemKey] = append(b[r.stemKey], known{content: r.Item.Content, row: r.Item.Row, sheet: r.Item.Sheet})
}

// Outcome is what becomes of one record.
type Outcome string

// The outcomes.
const (
	Fresh   Outcome = "new"
	Double  Outcome = "duplicate"
	Refused Outcome = "problem"
)

// account decides every record of a file against what the bank holds, and adds up. A category may go depth
// levels deep. outcomes has one entry a record.
func account(p Parsed, b book, depth int) (report Report, outcomes []Outcome) {
	report = Report{Format: p.Format, Questions: len(p.Records), ByKind: map[question.Kind]int{},
		Problems: []Problem{}, Warnings: []Problem{}, DuplicateRows: []Duplicate{}}
	for _, q := range p.Problems {
		if q.Severity == Error {
			report.Problems = append(report.Problems, q)
		} else {
			report.Warnings = append(report.Warnings, q)
		}
	}
	outcomes = make([]Outcome, len(p.Records))
	for i, r := range p.Records {
		refusal, warnings := r.split()
		if refusal == nil && len(r.Item.Category) > depth {
			at := place{row: r.Item.Row, sheet: r.Item.Sheet, unit: p.Format.unit()}
			deep := at.problem(Error, FieldCategory.title(), "category.deep", "max", depth)
			refusal = &deep
		}
		if refusal == nil {
			dup, found := b.judge(r, p.Format.unit())
			switch {
			case dup != nil:
				outcomes[i] = Double
				report.Duplicates++
				report.DuplicateRows = append(report.DuplicateRows, *dup)
				continue
			case found != nil && found.Severity == Error:
				refusal = found
			case found != nil:
				warnings = append(warnings, *found)
			}
		}
		if refusal != nil {
			outcomes[i] = Refused
			report.Problems = append(report.Problems, *refusal)
			continue
		}
		outcomes[i] = Fresh
		report.Imported++
		report.ByKind[r.Item.Content.Kind]++
		report.Warnings = append(report.Warnings, warnings...)
		b.add(r)
	}
	return report, outcomes
}
