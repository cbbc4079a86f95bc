package spreadsheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"qiming/internal/fault"
)

// Bounds of a file.
const (
	MaxRows  = 20000
	MaxBytes = 16 << 20
	HeaderIn = 10 // the header stands within the first rows
)

// unreadable is a file that cannot be read at all.
func unreadable(key, text string, args ...any) *fault.Fault {
	return fault.New(fault.Invalid, key, text, args...)
}

// Read reads XLSX or CSV (UTF-8 with or without BOM, UTF-16 with BOM, GB18030; comma,
// semicolon or tab): the rows of the first sheet, as they stand. A formula counts as the value that was kept of
// it. Faults, all fault.Invalid: "import.empty", "import.too_large", "import.too_many_rows", "import.unreadable".
func Read(data []byte) (rows [][]string, err error) {
	if len(data) > MaxBytes {
		return nil, unreadable("import.too_large", "%d bytes", len(data)).With("max_mib", MaxBytes>>20)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, unreadable("import.empty", "no content")
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return readXLSX(data)
	}
	return readCSV(data)
}

func readXLSX(data []byte) (rows [][]string, err error) {
	defer func() { // the engine panics on some damaged workbooks
		if p := recover(); p != nil {
			rows, err = nil, unreadable("import.unreadable", "%v", p)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: 200 << 20, UnzipXMLSizeLimit: 100 << 20})
	if err != nil {
		return nil, unreadable("import.unreadable", "%v", err)
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil, unreadable("import.empty", "no sheet")
	}
	// Raw values: dates come as numbers and identity numbers are not shortened by a cell's format.
	cursor, err := f.Rows(sheets[0])
	if err != nil {
		return nil, unreadable("import.unreadable", "%v", err)
	}
	defer cursor.Close()
	for cursor.Next() {
		if len(rows) > MaxRows+HeaderIn {
			return nil, unreadable("import.too_many_rows", "over %d", MaxRows).With("max", MaxRows)
		}
		cells, err := cursor.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, unreadable("import.unreadable", "row %d: %v", len(rows)+1, err)
		}
		rows = append(rows, cells)
	}
	return rows, nil
}

func readCSV(data []byte) ([][]string, error) {
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(text), -1, true
	var rows [][]string
	for {
		if len(rows) > MaxRows+HeaderIn {
			return nil, unreadable("import.too_many_rows", "over %d", MaxRows).With("max", MaxRows)
		}
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, unreadable("import.unreadable", "%v", err)
		}
		line, _ := r.FieldPos(0)
		for len(rows) < line-1 { // blank lines are skipped by the reader, but count for people
			rows = append(rows, nil)
		}
		rows = append(rows, record)
	}
}

// decode gives the text of a file in any encoding that spreadsheets in China write.
func decode(data []byte) (string, error) {
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		out, _, err := transform.Bytes(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder(), data)
		if err != nil {
			return "", unreadable("import.unreadable", "%v", err)
		}
		return string(out), nil
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if utf8.Valid(data) {
		if bytes.IndexByte(data, 0) >= 0 {
			return "", unreadable("import.unreadable", "binary")
		}
		return string(data), nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.IndexByte(out, 0) >= 0 || bytes.Count(out, []byte("\uFFFD")) > len(out)/100 {
		return "", unreadable("import.unreadable", "neither UTF-8 nor GB18030 text")
	}
	return string(out), nil
}

// separator gives the separator that occurs most in the first lines.
func separator(text string) rune {
	head := text[:min(len(text), 4096)]
	best, most := ',', strings.Count(head, ",")
	for _, c := range []rune{'\t', ';'} {
		if n := strings.Count(head, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}
