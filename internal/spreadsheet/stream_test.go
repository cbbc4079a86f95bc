package spreadsheet

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"qiming/internal/fault"
)

func streamed(t *testing.T, data []byte) []string {
	t.Helper()
	var out []string
	for line, err := range Stream(iotest.HalfReader(bytes.NewReader(data))) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%d:%s", line.Number, strings.Join(line.Cells, "|")))
	}
	return out
}

func TestStreamKnowsEncodings(t *testing.T) {
	long := strings.Repeat("a,1\n", headBytes) // the first name that is not ASCII comes behind all that is looked at
	for name, with := range map[string]encoding.Encoding{
		"UTF-8": encoding.Nop, "BOM": unicode.UTF8BOM, "UTF-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "GB18030": simplifiedchinese.GB18030,
	} {
		for _, before := range []string{"", "learner,item1\n", long} {
			text := before + "党员甲,1\n\n\"乙,\n丙\",0.5\n"
			data, err := with.NewEncoder().Bytes([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			got := streamed(t, data)
			n := strings.Count(before, "\n")
			want := []string{fmt.Sprintf("%d:党员甲|1", n+1), fmt.Sprintf("%d:乙,\n丙|0.5", n+3)}
			if !slices.Equal(got[n:], want) {
				t.Errorf("%s behind %d bytes: %q, want %q", name, len(before), got[n:], want)
			}
		}
	}
}

func TestStreamOfWorkbooksAndRubbish(t *testing.T) {
	book, err := XLSX("成绩", [][]any{{"learner", "1"}, {"甲", 0.5}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := streamed(t, book), []string{"1:learner|1", "2:甲|0.5"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := streamed(t, []byte("a;b\n1,5;2\n")), []string{"1:a|b", "2:1,5|2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for content, key := range map[string]string{"": "import.empty", " \n ": "import.empty", "a\x00b,1\n": "import.unreadable", "PK\x03\x04rubbish": "archive.broken"} {
		last := error(nil)
		for _, err := range Stream(strings.NewReader(content)) {
			last = err
		}
		if fault.KeyOf(last) != key {
			t.Errorf("%q: %v, want %s", content, last, key)
		}
	}
	for _, err := range Stream(iotest.ErrReader(iotest.ErrTimeout)) {
		if err == nil {
			t.Error("a file that cannot be read was")
		}
	}
}
