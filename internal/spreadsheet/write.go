package spreadsheet

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// CSV writes a table with a byte order mark, which Excel needs to read UTF-8. Cells are strings, ints,
// floats or nil. Texts are armoured.
func CSV(table [][]any) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	for _, row := range table {
		line := make([]string, len(row))
		for i, cell := range row {
			switch v := cell.(type) {
			case string:
				line[i] = Armour(v)
			case int:
				line[i] = strconv.Itoa(v)
			case float64:
				line[i] = strconv.FormatFloat(v, 'f', -1, 64)
			}
		}
		if err := w.Write(line); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// Named is a sheet of a workbook.
type Named struct {
	Name  string
	Table [][]any
}

// XLSX writes a workbook of one sheet or more; texts are armoured. The first row of a sheet is its heading:
// bold, and in view when one scrolls. Columns are as wide as their texts, within bounds.
func XLSX(name string, table [][]any, more ...Named) (content []byte, err error) {
	book := excelize.NewFile()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	if err := book.SetSheetName(book.GetSheetName(0), name); err != nil {
		return nil, err
	}
	for _, one := range append([]Named{{name, table}}, more...) {
		if _, err := book.NewSheet(one.Name); err != nil { // one that is there stays
			return nil, err
		}
		if err := fill(book, one, bold); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func fill(book *excelize.File, s Named, bold int) error {
	stream, err := book.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	widths := []float64{}
	table := make([][]any, len(s.Table))
	for n, row := range s.Table {
		row = slices.Clone(row)
		table[n] = row
		for len(widths) < len(row) {
			widths = append(widths, 8)
		}
		for i, cell := range row {
			if text, ok := cell.(string); ok {
				row[i] = Armour(text)
				n := (utf8.RuneCountInString(text) + len(text)) / 2 // a Han character takes two
				widths[i] = min(max(widths[i], float64(n+2)), 48)
			}
		}
	}
	for i, width := range widths {
		if err := stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, row := range table {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		var options []excelize.RowOpts
		if i == 0 {
			options = append(options, excelize.RowOpts{StyleID: bold})
		}
		if err := stream.SetRow(cell, row, options...); err != nil {
			return err
		}
	}
	return stream.Flush()
}
