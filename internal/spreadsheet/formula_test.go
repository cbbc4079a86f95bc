package spreadsheet

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// No cell of a table begins a formula; numbers stay numbers.
func TestTablesHaveNoFormula(t *testing.T) {
	table := [][]any{{"姓名", "得分"}, {"=HYPERLINK(\"http://x\")", -1.5}, {"＋1", 2}, {"@x", nil}, {"王-强", 0.0}}
	want := []string{"'=HYPERLINK(\"http://x\")", "'＋1", "'@x", "王-强"}
	content, err := CSV(table)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(content), "\ufeff"))).ReadAll()
	if err != nil || rows[1][1] != "-1.5" {
		t.Fatalf("%v %q", err, rows)
	}
	content, err = XLSX("成绩", table)
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet, err := book.GetRows(book.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range want {
		if rows[i+1][0] != name || sheet[i+1][0] != name {
			t.Errorf("%q %q, want %q", rows[i+1][0], sheet[i+1][0], name)
		}
	}
	if table[1][0] != "=HYPERLINK(\"http://x\")" {
		t.Error("the caller's table was changed")
	}
}
