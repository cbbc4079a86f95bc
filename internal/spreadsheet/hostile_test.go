package spreadsheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"qiming/internal/fault"
)

// rewritten gives a workbook with parts put in or in the place of its own.
func rewritten(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	plain, err := XLSX("成绩", [][]any{{"姓名", "总分"}, {"甲", 1}})
	if err != nil {
		t.Fatal(err)
	}
	from, err := zip.NewReader(bytes.NewReader(plain), int64(len(plain)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, f := range from.File {
		if _, replaced := parts[f.Name]; replaced {
			continue
		}
		if err := to.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	for name, body := range parts {
		w, err := to.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func sheetOf(rows string) map[string]string {
	return map[string]string{"xl/worksheets/sheet1.xml": `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
		rows + `</sheetData></worksheet>`}
}

// What would eat the machine is refused at once, in words.
func TestHostileWorkbooks(t *testing.T) {
	// One text of 30 kB, which 8,000 cells say by four bytes each.
	shared := sheetOf(strings.Repeat("<row>"+strings.Repeat(`<c t="s"><v>0</v></c>`, 80)+"</row>", 100))
	shared["xl/sharedStrings.xml"] = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>` + strings.Repeat("长", 10_000) + `</t></si></sst>`
	for name, c := range map[string]struct {
		data []byte
		want string // the key of the fault, or the cells of the last row
	}{
		"zeros":           {rewritten(t, map[string]string{"xl/media/a.bin": string(make([]byte, 9<<20))}), "archive.bomb"},
		"a path upwards":  {rewritten(t, map[string]string{"../../etc/cron.d/x": "x"}), "archive.path"},
		"a shared text":   {rewritten(t, shared), "import.too_much"},
		"the last row":    {rewritten(t, sheetOf(`<row r="1048576"><c r="A1048576"><v>1</v></c></row>`)), "import.too_many_rows"},
		"a row beyond":    {rewritten(t, sheetOf(`<row r="1048577"><c><v>1</v></c></row>`)), "import.unreadable"},
		"the last column": {rewritten(t, sheetOf(`<row r="1"><c r="XFD1"><v>1</v></c></row>`)), strings.Repeat("|", MaxColumns-1)},
		"a formula":       {rewritten(t, sheetOf(`<row r="1"><c r="A1"><f>HYPERLINK("http://x")</f></c><c r="B1"><f>1+1</f><v>2</v></c></row>`)), "|2"},
		"an entity":       {rewritten(t, sheetOf(`<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><row r="1"><c r="A1" t="str"><v>&f;</v></c></row>`)), ""}, // says nothing
	} {
		rows, err := Read(c.data)
		got := fault.KeyOf(err)
		if err == nil && len(rows) > 0 {
			got = strings.Join(rows[len(rows)-1], "|")
		}
		if got != c.want {
			t.Errorf("%s: %q %v, want %q", name, got[:min(len(got), 60)], err, c.want)
		}
		for _, row := range rows {
			if len(row) > MaxColumns {
				t.Errorf("%s: a row of %d cells", name, len(row))
			}
		}
	}
	if _, err := Read(bytes.Repeat([]byte("长,"), MaxBytes/4)); err != nil { // a row of four million cells
		t.Errorf("a wide row: %v", err)
	}
}

// A cell as long as Excel allows is read as it stands.
func TestALongCell(t *testing.T) {
	long := strings.Repeat("长", excelize.TotalCellChars)
	book, err := XLSX("成绩", [][]any{{"姓名"}, {long}})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := Read(book)
	if err != nil || rows[1][0] != long {
		t.Fatalf("%v %s", err, fmt.Sprint(rows)[:60])
	}
}
