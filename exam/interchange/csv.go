package interchange

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"

	"qiming/internal/spreadsheet"
)

// csvFormat is comma-, semicolon- or tab-separated text in UTF-8, UTF-16 or GB18030.
type csvFormat struct{}

func (csvFormat) name() Format { return CSV }

func (csvFormat) detect(src Source) bool {
	if strings.ContainsRune(string(src.Data[:min(len(src.Data), 1024)]), 0) && !strings.HasPrefix(string(src.Data), "\xff\xfe") {
		return false
	}
	s := decode(src.Data[:min(len(src.Data), 64<<10)])
	_, columns := heading(sheet{rows: parseCSV(s, separator(s, src.Mapping), headingDepth)}, src.Mapping)
	return len(columns) > 1
}

func (csvFormat) read(src Source) Parsed {
	s := decode(src.Data)
	rows := parseCSV(s, separator(s, src.Mapping), MaxRows+headingDepth+1)
	if len(rows) > MaxRows+headingDepth {
		return unreadable(CSV, "file.too_many_rows", "max", MaxRows)
	}
	return records([]sheet{{rows: rows}}, src.Mapping, CSV.unit())
}

// separator finds the one under which the heading says most.
func separator(s string, m Mapping) rune {
	best, most := ',', 0
	for _, sep := range ",;\t|；，" {
		rows := parseCSV(s, sep, headingDepth)
		known := 0
		if _, columns := heading(sheet{rows: rows}, m); columns != nil {
			for _, c := range columns {
				if c.Field != FieldIgnore {
					known += 10
				}
			}
		}
		for _, r := range rows {
			known = max(known, min(len(r.cells), 9))
		}
		if known > most {
			best, most = sep, known
		}
	}
	return best
}

// parseCSV reads rows as spreadsheets write them and people mend them: a quote inside a cell that does
// not close it is text. A quote that nothing closes spoils its own line, not the rest of the file.
func parseCSV(s string, sep rune, limit int) []row {
	var rows []row
	width := 0
	for len(s) > 0 && len(rows) < limit {
		cells, rest, ok := parseRow(s, sep)
		r := row{number: len(rows) + 1, cells: cells}
		read := s[:len(s)-len(rest)]
		if several := strings.Contains(strings.TrimSuffix(read, "\n"), "\n"); several && len(cells) != width {
			ok = width == 0 // a row over several lines that has not the table's width: a stray quote joined them
		}
		width = max(width, len(cells))
		if !ok {
			end := strings.IndexByte(s, '\n')
			if end < 0 {
				end = len(s) - 1
			}
			r.cells, r.problem, rest = []string{clip(s[:end+1])}, "quote.open", s[end+1:]
			if tooLong(r.cells[0]) {
				r.problem = "cell.long"
			}
		}
		s = rest
		rows = append(rows, r)
	}
	return rows
}

// parseRow reads one row. ok is false where a quoted cell does not end, or swallows more than a cell holds.
func parseRow(s string, sep rune) (cells []string, rest string, ok bool) {
	width := len(string(sep))
	for {
		if strings.HasPrefix(s, `"`) {
			cell, after, closed := quoted(s[1:], sep)
			if !closed {
				return nil, "", false
			}
			cells, s = append(cells, clip(cell)), after
		} else {
			end := strings.IndexFunc(s, func(r rune) bool { return r == sep || r == '\n' })
			if end < 0 {
				end = len(s)
			}
			cells, s = append(cells, clip(s[:end])), s[end:]
		}
		switch {
		case s == "":
			return cells, "", true
		case s[0] == '\n':
			return cells, s[1:], true
		}
		s = s[width:]
		if len(cells) > 10*maxColumns {
			return nil, "", false
		}
	}
}

// quoted reads a quoted cell after its first quote; after begins with a separator, a line break or nothing.
func quoted(s string, sep rune) (cell, after string, closed bool) {
	var b strings.Builder
	lines := false // b holds a line break
	for {
		end := strings.IndexByte(s[:min(len(s), 4*MaxCell)], '"')
		if end < 0 || b.Len()+end > 4*MaxCell {
			return "", "", false
		}
		b.WriteString(s[:end])
		lines = lines || strings.Contains(s[:end], "\n")
		s = s[end+1:]
		switch {
		case s == "" || s[0] == '\n' || strings.HasPrefix(s, string(sep)):
			return b.String(), s, true
		case s[0] == '"':
			s = s[1:]
		case lines && (strings.HasSuffix(b.String(), "\n") || strings.HasSuffix(b.String(), string(sep))):
			return "", "", false // it opens a cell of a later row: the quote before it was never closed
		}
		b.WriteByte('"')
	}
}

// clip keeps of a cell no more than shows that it is too long: what follows works on bounded texts.
func clip(cell string) string {
	if len(cell) <= MaxCell {
		return cell
	}
	n := 0
	for i := range cell {
		if n++; n > MaxCell+2 { // one more than tooLong, as disarm may take one
			return cell[:i]
		}
	}
	return cell
}

func tooLong(cell string) bool { return len(cell) > MaxCell && utf8.RuneCountInString(cell) > MaxCell }

// write gives UTF-8 with a byte order mark, so that Excel reads it, commas, and every cell quoted.
func (csvFormat) write(w io.Writer, items []Item) ([]Problem, error) {
	fields, rows, lost := tableOf(CSV, items)
	out := bufio.NewWriter(w)
	out.WriteString("\ufeff")
	head := make([]string, len(fields))
	for i, f := range fields {
		head[i] = f.title()
	}
	for _, cells := range append([][]string{head}, rows...) {
		for i, c := range cells {
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteString(`"` + strings.ReplaceAll(spreadsheet.Armour(c), `"`, `""`) + `"`)
		}
		out.WriteString("\r\n")
	}
	return lost, out.Flush()
}
