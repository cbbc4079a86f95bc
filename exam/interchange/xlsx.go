package interchange

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"qiming/internal/spreadsheet"
)

// xlsx is the Excel workbook: each sheet with a heading is a table; merged cells count for every row
// that they cover, and a question whose stem is merged over several rows is one record.
type xlsx struct{}

func (xlsx) name() Format { return XLSX }

func (xlsx) detect(src Source) bool { return isWorkbook(src.Data) }

func isWorkbook(data []byte) bool {
	return isZip(data) && entryNamed(data, "xl/workbook.xml", func(name string) bool { return strings.HasSuffix(name, "xl/workbook.xml") })
}

func (xlsx) read(src Source) (out Parsed) {
	if _, refusal := openArchive(src.Data, XLSX); refusal != nil {
		return Parsed{Format: XLSX, Problems: []Problem{*refusal}}
	}
	defer func() { // the engine panics on some damaged workbooks (found by fuzzing)
		if p := recover(); p != nil {
			out = unreadable(XLSX, "file.broken", "format", "XLSX", "reason", "not readable")
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(src.Data), excelize.Options{UnzipSizeLimit: MaxUnzip})
	switch {
	case errors.Is(err, excelize.ErrWorkbookPassword), errors.Is(err, excelize.ErrWorkbookFileFormat) && bytes.Contains(src.Data, []byte("EncryptedPackage")):
		return unreadable(XLSX, "file.protected")
	case err != nil:
		return unreadable(XLSX, "file.broken", "format", "XLSX", "reason", shorten(err.Error()))
	}
	defer f.Close()

	names := f.GetSheetList()
	var sheets []sheet
	var notes []Problem
	for i, name := range names {
		if i == maxSheets {
			notes = append(notes, fileProblem(Warning, "sheets.many", "max", maxSheets))
			break
		}
		s, err := readSheet(f, name)
		switch {
		case errors.Is(err, errTooManyRows):
			return unreadable(XLSX, "file.too_many_rows", "max", MaxRows)
		case err != nil:
			return unreadable(XLSX, "file.broken", "format", "XLSX", "reason", shorten(err.Error()))
		}
		if len(s.rows) > 0 {
			sheets = append(sheets, s)
		}
	}
	if len(sheets) == 1 {
		if k, _ := kindOf(sheets[0].name); k == "" {
			sheets[0].name = ""
		}
	}
	out = records(sheets, src.Mapping, XLSX.unit())
	out.Problems = append(out.Problems, notes...)
	return out
}

var errTooManyRows = errors.New("too many rows")

func readSheet(f *excelize.File, name string) (sheet, error) {
	s := sheet{name: name}
	rows, err := f.Rows(name)
	if err != nil {
		if kind := new(excelize.ErrSheetNotExist); errors.As(err, kind) || strings.Contains(err.Error(), "is not a worksheet") {
			return s, nil // a chart sheet
		}
		return s, err
	}
	defer rows.Close()
	number, gap := 0, 0
	for rows.Next() {
		number++
		cells, err := rows.Columns()
		if err != nil {
			return s, err
		}
		if !slices.ContainsFunc(cells, func(c string) bool { return c != "" }) {
			if gap++; gap > MaxRows {
				break // formatted to the last row
			}
			s.rows = append(s.rows, row{number: number})
			continue
		}
		gap = 0
		if number > MaxRows+headingDepth {
			return s, errTooManyRows
		}
		s.rows = append(s.rows, row{number: number, cells: slices.Clone(cells[:min(len(cells), maxColumns)])})
	}
	s.rows = s.rows[:len(s.rows)-min(gap, len(s.rows))]
	if err := rows.Error(); err != nil {
		return s, err
	}
	return s, unmerge(f, &s)
}

// unmerge gives every row what a cell merged over several rows says. Where one merged cell covers the
// stem, the rows are one question: their other cells are joined by line breaks.
func unmerge(f *excelize.File, s *sheet) error {
	merged, err := f.GetMergeCells(s.name)
	if err != nil {
		return err
	}
	type span struct{ col, from, to int }
	var spans []span
	for _, m := range merged {
		col, from, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		_, to, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err1 == nil && err2 == nil && to > from && from >= 1 && from <= len(s.rows) {
			spans = append(spans, span{col - 1, from - 1, min(to, len(s.rows)) - 1})
		}
	}
	if len(spans) == 0 {
		return nil
	}
	at, columns := heading(*s, nil)
	stem := slices.IndexFunc(columns, func(c Column) bool { return c.Field == FieldStem })
	joined := map[int]int{} // row -> first row of its question
	for _, sp := range spans {
		value := s.rows[sp.from].cell(sp.col)
		for i := sp.from; i <= sp.to; i++ {
			if sp.col == stem && sp.from >= at {
				joined[i] = sp.from
			}
			if i > sp.from && sp.col < maxColumns && value != "" {
				for len(s.rows[i].cells) <= sp.col {
					s.rows[i].cells = append(s.rows[i].cells, "")
				}
				s.rows[i].cells[sp.col] = value
			}
		}
	}
	for i := range s.rows {
		if first, ok := joined[i]; ok && first < i {
			joinRow(&s.rows[first], s.rows[i])
			s.rows[i].cells = nil
		}
	}
	return nil
}

func joinRow(into *row, from row) {
	for i, c := range from.cells {
		for len(into.cells) <= i {
			into.cells = append(into.cells, "")
		}
		switch {
		case c == "" || slices.Contains(strings.Split(into.cells[i], "\n"), c) || into.cells[i] == c:
		case into.cells[i] == "":
			into.cells[i] = c
		default:
			into.cells[i] += "\n" + c
		}
	}
}

// write gives one sheet with the columns of tableOf, widths and a frozen heading.
func (xlsx) write(w io.Writer, items []Item) ([]Problem, error) {
	f := excelize.NewFile()
	defer f.Close()
	const name = "题库"
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	stream, err := f.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	fields, rows, lost := tableOf(XLSX, items)
	for i, field := range fields {
		width := 12.0
		switch field {
		case FieldStem, FieldExplanation:
			width = 48
		case FieldSource, FieldSettings, FieldFeedback:
			width = 24
		}
		if err := stream.SetColWidth(i+1, i+1, width); err != nil {
			return nil, err
		}
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	head := make([]any, len(fields))
	for i, field := range fields {
		head[i] = excelize.Cell{StyleID: bold, Value: field.title()}
	}
	if err := stream.SetRow("A1", head); err != nil {
		return nil, err
	}
	for i, cells := range rows {
		out := make([]any, len(cells))
		for j, c := range cells {
			out[j] = spreadsheet.Armour(c)
		}
		axis, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return nil, err
		}
		if err := stream.SetRow(axis, out); err != nil {
			return nil, err
		}
	}
	if err := stream.Flush(); err != nil {
		return nil, err
	}
	return lost, f.Write(w)
}
