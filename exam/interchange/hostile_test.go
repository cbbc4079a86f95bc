package interchange

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"qiming/exam/question"
)

var codePattern = regexp.MustCompile(`"((?:file|header|sheet|sheets|json|stem|answer|options|kind|multiple|blanks|text|cell|quote|difficulty|points|settings|category|tags|field|duplicate|gift|aiken|export|media|package|xml|moodle|whole|qti|docx)\.[a-z_]+)"`)

// codesIn gives the problem codes that a source file names.
func codesIn(t *testing.T, name string) []string {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range codePattern.FindAllStringSubmatch(string(src), -1) {
		if !strings.HasPrefix(m[1], "options.") || message(m[1]).zh != m[1] { // "options." is also a heading of JSON
			out = append(out, m[1])
		}
	}
	return out
}

func only(t *testing.T, p Parsed, code string) {
	t.Helper()
	if !p.Unreadable() || codes(p.Problems)[code] != 1 {
		t.Errorf("want %s, got %+v with %d records", code, p.Problems, len(p.Records))
	}
}

// What would eat the machine is refused at once.
func TestHostileFiles(t *testing.T) {
	pack := func(parts map[string]func() []byte) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, body := range parts {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(body()); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	// claim packs a sheet of zeros whose header tells another size.
	claim := func(real int, told uint64) []byte {
		var packed, b bytes.Buffer
		d, err := flate.NewWriter(&packed, flate.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Write(make([]byte, real)); err != nil || d.Close() != nil {
			t.Fatal(err)
		}
		z := zip.NewWriter(&b)
		if _, err := z.Create("xl/workbook.xml"); err != nil {
			t.Fatal(err)
		}
		w, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, UncompressedSize64: told, CompressedSize64: uint64(packed.Len())})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(packed.Bytes()); err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	only(t, Read(Source{Name: "bomb.xlsx", Data: claim(1<<20, MaxUnzip+1)}), "file.bomb")
	only(t, Read(Source{Name: "bombs.xlsx", Data: claim(1<<20, 1<<62)}), "file.bomb")
	if p := Read(Source{Name: "lie.xlsx", Data: claim(8<<20, 1)}); !p.Unreadable() {
		t.Errorf("a sheet larger than it says: %+v", p.Problems)
	}

	entity := pack(map[string]func() []byte{
		"xl/workbook.xml": func() []byte {
			return []byte(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]><workbook>&b;&f;</workbook>`)
		},
	})
	if p := Read(Source{Name: "entity.xlsx", Data: entity}); !p.Unreadable() || strings.Contains(fmt.Sprint(p), "root:") {
		t.Errorf("%+v", p.Problems)
	}

	only(t, Read(Source{Name: "deep.json", Data: []byte(strings.Repeat("[", 1_000_000))}), "json.syntax")
	only(t, Read(Source{Name: "big.csv", Data: make([]byte, MaxFile+1)}), "file.too_large")

	long := "题干,A,B,答案\n\"" + strings.Repeat("长", MaxCell+1) + "\",甲,乙,A\n好题,甲,乙,A\n"
	p := Read(Source{Name: "long.csv", Data: []byte(long)})
	if len(p.Records) != 2 || codes(p.Records[0].Problems)["cell.long"] != 1 || p.Records[1].Refused() {
		t.Errorf("a long cell: %d records", len(p.Records))
	}
	quotes := "题干,A,B,答案\n" + strings.Repeat("\"没有配对,甲,乙,A\n", 2000) + "好题,甲,乙,A\n"
	p = Read(Source{Name: "quotes.csv", Data: []byte(quotes)})
	if r, _ := account(p, book{}, question.MaxDepth); len(p.Records) != 2001 || r.Imported != 1 || codes(r.Problems)["quote.open"] != 2000 {
		t.Errorf("stray quotes: %d records, %v", len(p.Records), codes(r.Problems))
	}
	rows := "题干,A,B,答案\n" + strings.Repeat("题,甲,乙,A\n", MaxRows+50)
	only(t, Read(Source{Name: "rows.csv", Data: []byte(rows)}), "file.too_many_rows")
}

// A stray quote spoils its own row, never silently the next.
func TestStrayQuote(t *testing.T) {
	p := Read(Source{Name: "q.csv", Data: []byte("题干,A,B,答案\n\"未闭合,甲,乙,A\n\"第二题\",\"甲\",\"乙\",\"B\"\n第三题,甲,乙,A\n")})
	r, _ := account(p, book{}, question.MaxDepth)
	if len(p.Records) != 3 || r.Imported != 2 || r.Problems[0].Code != "quote.open" || r.Problems[0].Row != 2 {
		t.Errorf("%d records, %+v", len(p.Records), r.Problems)
	}
}

// A cell of four megabytes is refused by name of its row; nothing after the reader handles more of it
// than a cell may hold, so that the work grows with the file and no faster.
func TestAnEndlessCell(t *testing.T) {
	for _, unit := range []string{"长", "（来源：", "a\u0301", `""`} {
		big := strings.Repeat(unit, 4<<20/len(unit))
		for _, r := range parseCSV("题干,A,B,答案\n"+big+",甲,乙,A\n\""+big+"\",甲,乙,A\n", ',', 10) {
			for _, c := range r.cells {
				if n := len([]rune(c)); n > MaxCell+2 {
					t.Fatalf("a cell of %d characters leaves the reader", n)
				}
			}
		}
		for name, text := range map[string]string{
			"bare.csv":   "题干,A,B,答案\n" + big + ",甲,乙,A\n好题,甲,乙,A\n",
			"quoted.csv": "题干,A,B,答案\n\"" + big + "\",甲,乙,A\n好题,甲,乙,A\n",
			"x.gift":     big + " {=甲 ~乙}\n\n好题 {=甲 ~乙}\n",
			"x.aiken":    big + "\nA. 甲\nB. 乙\nANSWER: A\n\n好题\nA. 甲\nB. 乙\nANSWER: A\n",
			"x.json":     `[{"题干":"` + strings.ReplaceAll(big, `"`, `\"`) + `","A":"甲","B":"乙","答案":"A"},{"题干":"好题","A":"甲","B":"乙","答案":"A"}]`,
		} {
			if unit == `""` && name == "bare.csv" {
				continue // quotes at the beginning make a quoted cell
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			p := Read(Source{Name: name, Data: []byte(text)})
			runtime.ReadMemStats(&after)
			if len(p.Records) != 2 || codes(p.Records[0].Problems)["cell.long"] != 1 || p.Records[0].Problems[0].Row == 0 || p.Records[1].Refused() {
				t.Errorf("%s of %q: %d records", name, unit, len(p.Records))
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > uint64(20*len(text)) {
				t.Errorf("%s of %q: %d bytes for a file of %d", name, unit, used, len(text))
			}
		}
	}
}

// Noise is no question file, whatever it is called.
func TestNoiseIsNotRead(t *testing.T) {
	noise := make([]byte, 5000)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(random.IntN(256))
	}
	for _, name := range []string{"a.xlsx", "a.csv", "a.dat", "a.gift"} {
		for _, format := range []Format{Auto, CSV, GIFT} {
			if p := Read(Source{Name: name, Data: noise, Format: format}); !p.Unreadable() || len(p.Records) > 0 {
				t.Errorf("%s as %s: %+v", name, format, p)
			}
		}
	}
}
