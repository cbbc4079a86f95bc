package spreadsheet

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"qiming/internal/fault"
)

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	table := [][]any{{"姓名", "得分"}, {"=1+1", 3}, {"@甲", 2.5}, {"", nil}, {"乙", "-"}}
	book, err := XLSX("成绩", table, Named{"说明", [][]any{{"二"}}})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := Read(book)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"姓名", "得分"}, {"'=1+1", "3"}, {"'@甲", "2.5"}, nil, {"乙", "'-"}}
	if len(rows) != len(want) {
		t.Fatalf("%q", rows)
	}
	for i := range want {
		if !slices.Equal(slices.DeleteFunc(rows[i], func(s string) bool { return s == "" }), want[i]) {
			t.Errorf("row %d: %q, want %q", i+1, rows[i], want[i])
		}
	}
	text, err := CSV(table)
	if err != nil || !strings.HasPrefix(string(text), "\ufeff姓名,得分\n'=1+1,3\n'@甲,2.5\n") {
		t.Errorf("%q, %v", text, err)
	}
}

func TestFilesOfOffices(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("姓名;性别\n李;男\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data string
		want string // the cells of the last row, or the key of the fault
	}{
		"GB18030, semicolons": {gb, "李|男"},
		"mark, tabs":          {"\ufeff姓名\t性别\n李\t男\n", "李|男"},
		"blank line":          {"a,b\n\nc,d\n", "c|d"},
		"empty":               {" \n", "import.empty"},
		"binary":              {"\x00\x01\x02", "import.unreadable"},
		"broken workbook":     {"PK\x03\x04nothing", "archive.broken"},
		"too many rows":       {strings.Repeat("a,b\n", MaxRows+HeaderIn+2), "import.too_many_rows"},
		"too large":           {strings.Repeat(" a", MaxBytes), "import.too_large"},
	} {
		rows, err := Read([]byte(c.data))
		got := fault.KeyOf(err)
		if err == nil {
			got = strings.Join(rows[len(rows)-1], "|")
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	book, err := XLSX("a", [][]any{{"x", 1}, {"y", 2.5}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(book)
	f.Add([]byte("a,\"b\nc\"\n"))
	f.Add(bytes.Repeat([]byte{0xff, 0xfe, 0x00}, 3))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := Read(data)
		if err != nil && fault.KeyOf(err) == "" {
			t.Fatalf("an error without a key: %v", err)
		}
		if len(rows) > MaxRows+HeaderIn+1 {
			t.Fatalf("%d rows", len(rows))
		}
	})
}
