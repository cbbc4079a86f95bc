package spreadsheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"qiming/internal/archive"
	"qiming/internal/fault"
)

// Bounds of a file.
const (
	MaxRows    = 20000
	MaxColumns = 1100
	MaxBytes   = 16 << 20
	HeaderIn   = 10 // the header stands within the first rows
	maxUnzip   = 200 << 20
	maxHeld    = 128 << 20 // bytes that the cells take in memory: texts that a workbook shares are counted where they stand
	cellHeld   = 16        // bytes of a cell without its text
)

// unreadable is a file that cannot be read at all.
func unreadable(key, text string, args ...any) *fault.Fault {
	return fault.New(fault.Invalid, key, text, args...)
}

// Read reads XLSX or CSV (UTF-8 with or without BOM, UTF-16 with BOM, GB18030; comma,
// semicolon or tab): the rows of the first sheet, as they stand; columns beyond MaxColumns are left out. A formula
// counts as the value that was kept of it. Faults, all fault.Invalid: "import.empty", "import.too_large",
// "import.too_many_rows", "import.too_much", "import.unreadable", and those of archive.Open.
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

// table gathers rows within the bounds.
type table struct {
	rows [][]string
	held int
}

func (t *table) add(cells []string) error {
	if len(t.rows) > MaxRows+HeaderIn {
		return unreadable("import.too_many_rows", "over %d", MaxRows).With("max", MaxRows)
	}
	cells = slices.Clone(cells[:min(len(cells), MaxColumns)])
	for _, c := range cells {
		t.held += cellHeld + len(c)
	}
	if t.held > maxHeld {
		return unreadable("import.too_much", "the cells take over %d bytes", maxHeld).With("max_mib", maxHeld>>20)
	}
	t.rows = append(t.rows, cells)
	return nil
}

func readXLSX(data []byte) (rows [][]string, err error) {
	defer func() { // the engine panics on some damaged workbooks
		if p := recover(); p != nil {
			rows, err = nil, unreadable("import.unreadable", "%v", p)
		}
	}()
	if _, err := archive.Open(data, maxUnzip); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: maxUnzip / 2})
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
	var t table
	for cursor.Next() {
		cells, err := cursor.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, unreadable("import.unreadable", "row %d: %v", len(t.rows)+1, err)
		}
		if err := t.add(cells); err != nil {
			return nil, err
		}
	}
	if err := cursor.Error(); err != nil {
		return nil, unreadable("import.unreadable", "after row %d: %v", len(t.rows), err)
	}
	return t.rows, nil
}

func readCSV(data []byte) ([][]string, error) {
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	comma := separator(text)
	r := csv.NewReader(&lineReader{in: bufio.NewReader(strings.NewReader(text)), comma: byte(comma)})
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	var t table
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t.rows, nil
		}
		if err != nil {
			return nil, unreadable("import.unreadable", "%v", err)
		}
		line, _ := r.FieldPos(0)
		for len(t.rows) < line-1 { // blank lines are skipped by the reader, but count for people
			if err := t.add(nil); err != nil {
				return nil, err
			}
		}
		if err := t.add(record); err != nil {
			return nil, err
		}
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
