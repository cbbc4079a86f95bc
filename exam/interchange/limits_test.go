package interchange

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"qiming/exam/question"
)

// A text beyond the limit in the formats that TestAnEndlessCell and TestEndlessWord do not stand for: its question is
// refused by name, the next one is read.
func TestEndlessTexts(t *testing.T) {
	long := strings.Repeat("长文", MaxCell)
	choice := func(stem string) string {
		return item21(declared("R", "single", "identifier", "", "A"), `<choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>`+stem+`</prompt>`+simpleChoices("甲", "乙")+`</choiceInteraction>`, "")
	}
	own := func(stem string) string {
		return `{"content":{"kind":"truefalse","stem":"` + stem + `","truth":true}}`
	}
	ours := `{"format":"qiming.questions","version":1,"questions":[` + own(long) + "," + own("好题") + `]}`
	for name, data := range map[string][]byte{
		"a.xml":    []byte(quiz(strings.Replace(trueQuestion, "真的", long, 1) + trueQuestion)),
		"qti.zip":  bundle(t, map[string]string{"imsmanifest.xml": resources("item:a.xml", "item:b.xml"), "a.xml": choice(long), "b.xml": choice("好题")}),
		"a.json":   []byte(ours),
		"pack.zip": bundle(t, map[string]string{"questions.json": ours}),
		"a.xlsx":   sheetOf(t, []string{"题干", "A", "B", "答案"}, []string{strings.Repeat("长", MaxCell), "甲", "乙", "A"}, []string{"好题", "甲", "乙", "A"}),
	} {
		p := Read(Source{Name: name, Data: data})
		r, _ := account(p, book{}, question.MaxDepth)
		if len(p.Records) != 2 || !p.Records[0].Refused() || p.Records[1].Refused() || !r.Accounted() {
			t.Errorf("%s: %d records, %+v", name, len(p.Records), codes(r.Problems))
		}
	}
}

// sheetOf writes a workbook as Excel does, whatever its cells hold.
func sheetOf(t *testing.T, rows ...[]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Whatever begins a formula, in whatever text of a question: no cell of an export does.
func TestExportedCellsAreNoFormulas(t *testing.T) {
	var items []Item
	for i, begin := range []string{"=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠"} {
		s := begin + "HYPERLINK(\"http://h/\")"
		items = append(items, Item{Category: []string{s}, Tags: []string{s}, ExternalID: s, Content: question.Content{Kind: question.Single, Stem: fmt.Sprintf("%s%d", s, i), Source: s, Explanation: s, Feedback: s,
			Options: []question.Option{{Text: s + "A", Right: true, Feedback: s}, {Text: s + "B"}}}},
			Item{Content: question.Content{Kind: question.Short, Stem: s + "简答", Model: s}},
			Item{Content: question.Content{Kind: question.Blanks, Stem: s + question.Gap, Blanks: []question.Blank{{Accept: []string{s}}}}})
	}
	check := func(f Format, rows [][]string) {
		t.Helper()
		if len(rows) <= len(items) {
			t.Fatalf("%s: %d rows", f, len(rows))
		}
		for _, row := range rows {
			for _, c := range row {
				if first, _ := utf8.DecodeRuneInString(c); strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
					t.Errorf("%s: a cell begins a formula: %q", f, c)
				}
			}
		}
	}
	var out bytes.Buffer
	if _, err := Write(&out, CSV, items, nil); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	check(CSV, rows)
	out.Reset()
	if _, err := Write(&out, XLSX, items, nil); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet := book.GetSheetName(0)
	if rows, err = book.GetRows(sheet); err != nil {
		t.Fatal(err)
	}
	check(XLSX, rows)
	for y, row := range rows {
		for x := range row {
			at, _ := excelize.CoordinatesToCellName(x+1, y+1)
			if formula, err := book.GetCellFormula(sheet, at); formula != "" || err != nil {
				t.Errorf("%s is a formula: %q %v", at, formula, err)
			}
		}
	}
}

// Depth costs nothing where a document lies in a zip file either: a sheet, and our own form.
func TestDepthWithinArchives(t *testing.T) {
	const n = 100_000 // small enough to be no bomb by its size
	rows := strings.Repeat("<row>", n)
	sheet := packed(t, entry("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`),
		entry("xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`),
		entry("xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`),
		entry("xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`+rows))
	only(t, Read(Source{Name: "a.xlsx", Data: sheet}), "file.broken")
	only(t, Read(Source{Name: "pack.zip", Data: packed(t, entry("questions.json", strings.Repeat("[", n)))}), "json.syntax")
}
