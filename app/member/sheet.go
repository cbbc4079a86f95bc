package member

import (
	"strings"

	"qiming/internal/fault"
	"qiming/internal/spreadsheet"
)

// table is what stands as it stands in a file: its header row and the rows below it.
type table struct {
	Columns []string
	Rows    []sheetRow
}

type sheetRow struct {
	Line  int // as the file counts, from 1
	Cells []string
}

// readSheet reads a file; see spreadsheet.Read. A file without a header is "import.no_header".
func readSheet(data []byte) (table, error) {
	rows, err := spreadsheet.Read(data)
	if err != nil {
		return table{}, err
	}
	return withHeader(rows)
}

// withHeader finds the header: the first row in which at least two columns are known.
func withHeader(rows [][]string) (table, error) {
	for i, cells := range rows[:min(len(rows), spreadsheet.HeaderIn)] {
		if len(guessMapping(cells)) < 2 {
			continue
		}
		out := table{Columns: make([]string, len(cells))}
		for j, c := range cells {
			out.Columns[j] = strings.TrimSpace(strings.ToValidUTF8(c, ""))
		}
		for j, cells := range rows[i+1:] {
			blank := true
			for k := range cells {
				cells[k] = strings.TrimSpace(strings.ToValidUTF8(cells[k], ""))
				blank = blank && cells[k] == ""
			}
			if !blank {
				out.Rows = append(out.Rows, sheetRow{Line: i + j + 2, Cells: cells})
			}
		}
		if len(out.Rows) > spreadsheet.MaxRows {
			return table{}, fault.New(fault.Invalid, "import.too_many_rows", "%d", len(out.Rows)).With("max", spreadsheet.MaxRows)
		}
		return out, nil
	}
	return table{}, fault.New(fault.Invalid, "import.no_header", "no row with two known columns")
}
