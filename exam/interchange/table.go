package interchange

import (
	"regexp"
	"slices"
	"strings"

	"qiming/internal/spreadsheet"
)

// sheet is a table as a reader gives it: rows as they stand, before anybody knows what a column means.
type sheet struct {
	name string // "" where the file has only one
	rows []row
}

type row struct {
	number  int // in the user's program, from 1
	cells   []string
	problem string // a code: the row could not be taken apart
}

func (r row) cell(i int) string {
	if i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}

func (r row) filled() (n, last int) {
	last = -1
	for i, c := range r.cells {
		if strings.TrimSpace(c) != "" {
			n, last = n+1, i
		}
	}
	return n, last
}

const headingDepth = 30 // rows searched for the heading

// records turns sheets into records: it finds the heading, applies the mapping and reads row by row.
func records(sheets []sheet, m Mapping, unit string) Parsed {
	var out Parsed
	for _, s := range sheets {
		at, columns := heading(s, m)
		if columns == nil {
			if len(sheets) > 1 && slices.ContainsFunc(s.rows, func(r row) bool { n, _ := r.filled(); return n > 0 }) {
				out.Problems = append(out.Problems, fileProblem(Warning, "sheet.skipped", "sheet", s.name))
			}
			continue
		}
		if out.Columns == nil {
			out.Columns = columns
		}
		out.Records = append(out.Records, sheetRecords(s, at, columns, unit)...)
		if len(out.Records) > MaxRows {
			return Parsed{Columns: out.Columns, Problems: []Problem{fileProblem(Error, "file.too_many_rows", "max", MaxRows)}}
		}
	}
	if out.Columns == nil {
		code := "header.missing"
		out.Columns = rawColumns(sheets)
		if slices.ContainsFunc(out.Columns, func(c Column) bool { return c.Field != FieldIgnore }) {
			code = "header.stem"
		}
		out.Problems = append(out.Problems, fileProblem(Error, code))
	}
	return out
}

// heading finds the heading row: of the first rows the one with the most known headings, the stem among
// them. at is the index of the first row after it. A mapping by numbers alone needs no heading.
func heading(s sheet, m Mapping) (at int, columns []Column) {
	best := 0
	for i, r := range s.rows[:min(len(s.rows), headingDepth)] {
		list := columnsOf(r, m)
		known, stem := 0, false
		for _, c := range list {
			if c.Field != FieldIgnore {
				known++
			}
			stem = stem || c.Field == FieldStem || c.Field == FieldStemOptions
		}
		named := slices.ContainsFunc(list, func(c Column) bool { return guess(c.Heading) != FieldIgnore && !isLetter(c.Heading) }) // a letter may be an answer
		if _, byName := m.headings(r); (named || byName) && stem && known >= 2 && known > best {
			best, at, columns = known, i+1, list
		}
	}
	if columns == nil && len(s.rows) > 0 && m.numbered() {
		if list := columnsOf(row{cells: make([]string, widest(s))}, m); slices.ContainsFunc(list, func(c Column) bool {
			return c.Field == FieldStem || c.Field == FieldStemOptions
		}) {
			columns = list
			if headed(s.rows, columns) {
				at = 1
			}
		}
	}
	for i := range columns {
		columns[i].Samples = samples(s.rows[min(at, len(s.rows)):], columns[i].Index)
	}
	return at, columns
}

// headings says whether a key of the mapping, other than "#n", stands in the row.
func (m Mapping) headings(r row) (string, bool) {
	for _, c := range r.cells {
		c = strings.TrimSpace(c)
		if _, ok := m[c]; ok && c != "" && !strings.HasPrefix(c, "#") {
			return c, true
		}
	}
	return "", false
}

func (m Mapping) numbered() bool {
	for key := range m {
		if strings.HasPrefix(key, "#") {
			return true
		}
	}
	return false
}

// columnsOf reads a heading row. Of several columns with the same guessed field the first keeps it.
func columnsOf(r row, m Mapping) []Column {
	taken := map[Field]bool{}
	out := make([]Column, 0, len(r.cells))
	for i, cell := range r.cells {
		c := Column{Index: i, Heading: strings.TrimSpace(cell)}
		if f, ok := m.of(i, c.Heading); ok {
			c.Field = f
			taken[f] = true
		}
		out = append(out, c)
	}
	for i := range out {
		c := &out[i]
		if _, ok := m.of(i, c.Heading); ok {
			continue
		}
		if f := guess(c.Heading); f != FieldIgnore && !taken[f] {
			c.Field, c.Guessed = f, true
			taken[f] = true
		}
	}
	return out
}

// rawColumns describes the first filled row of a table without a heading, so that the user can map it.
func rawColumns(sheets []sheet) []Column {
	for _, s := range sheets {
		for i, r := range s.rows {
			if n, _ := r.filled(); n == 0 {
				continue
			}
			list := columnsOf(r, nil)
			if !slices.ContainsFunc(list, func(c Column) bool { return c.Field != FieldIgnore && !isLetter(c.Heading) }) {
				for j := range list { // a letter may be an answer
					list[j].Field, list[j].Guessed = FieldIgnore, false
				}
			}
			for j := range list {
				list[j].Samples = samples(s.rows[i+1:], j) // the first row stands as the heading
			}
			propose(s.rows[min(i+1, len(s.rows)-1):], list)
			return list
		}
	}
	return nil
}

func samples(rows []row, index int) []string {
	out := []string{}
	for _, r := range rows[:min(len(rows), 50)] {
		if c := tidyText(r.cell(index)); c != "" {
			if out = append(out, shorten(c)); len(out) == 3 {
				break
			}
		}
	}
	return out
}

func widest(s sheet) int {
	n := 0
	for _, r := range s.rows[:min(len(s.rows), headingDepth)] {
		n = max(n, len(r.cells))
	}
	return n
}

var sectionTitle = regexp.MustCompile(`^[(（]?[一二三四五六七八九十\d]+[)）]?\s*[、.．]\s*(\S{2,12}题)`)

// sheetRecords reads the rows below the heading. A row that holds nothing but a section title ("一、单选题")
// sets the kind of the rows below it, as does the sheet's name.
func sheetRecords(s sheet, from int, columns []Column, unit string) []Record {
	var out []Record
	var open []draft // rows of one material
	flush := func() {
		if len(open) > 0 {
			out = append(out, recordOf(open))
			open = nil
		}
	}
	section := ""
	if k, _ := kindOf(s.name); k != "" {
		section = s.name
	}
	for _, r := range s.rows[min(from, len(s.rows)):] {
		n, last := r.filled()
		if n == 0 {
			continue
		}
		at := place{row: r.number, sheet: s.name, unit: unit}
		if r.problem != "" {
			flush()
			out = append(out, Record{Item: Item{Row: r.number, Sheet: s.name}, Problems: []Problem{at.problem(Error, "", r.problem, "max", MaxCell)}})
			continue
		}
		if n == 1 {
			if m := sectionTitle.FindStringSubmatch(strings.TrimSpace(r.cell(last))); m != nil {
				if k, _ := kindOf(m[1]); k != "" {
					section = m[1]
					continue
				}
			}
		}
		d := draft{at: at, headings: map[Field]string{}, section: section}
		long := false
		for _, c := range columns {
			if c.Field == FieldIgnore || c.Field == FieldNumber {
				continue
			}
			value := spreadsheet.Disarm(r.cell(c.Index))
			if tooLong(value) {
				flush()
				out = append(out, Record{Item: Item{Row: r.number, Sheet: s.name},
					Problems: []Problem{at.problem(Error, c.Heading, "cell.long", "max", MaxCell)}})
				long = true
				break
			}
			d.set(c.Field, c.Heading, value)
		}
		if long || d.empty() && onlyNumbers(r, columns) {
			continue
		}
		if len(open) == 0 || !d.follows(&open[0]) {
			flush()
		}
		if open = append(open, d); d.values[FieldMaterial] == "" {
			flush()
		}
	}
	flush()
	return out
}

// onlyNumbers says whether nothing is filled but the file's own count: the spare rows of a template.
func onlyNumbers(r row, columns []Column) bool {
	for i, cell := range r.cells {
		if strings.TrimSpace(cell) != "" && (i >= len(columns) || columns[i].Field != FieldNumber) {
			return false
		}
	}
	return true
}
