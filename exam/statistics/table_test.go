package statistics

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"qiming/internal/fault"
	"qiming/internal/spreadsheet"
)

func TestTables(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("姓名,第一题,第二题\n满分,2,5\n张三,２,3.5\n李四,1,\n缺考的,,\n,0,0\n张三,1,1\n")
	if err != nil {
		t.Fatal(err)
	}
	table, err := ReadTable(strings.NewReader(gb), BlankIsZero)
	if err != nil {
		t.Fatal(err)
	}
	if table.Items[0] != "第一题" || table.Max[1] != 5 || table.Blanks != 1 || table.Absent != 1 || table.Repeated != 1 {
		t.Errorf("read %+v", *table)
	}
	if r := table.Report(); r.Quiz.N != 4 || *r.Items[0].Facility != 0.5 || math.Abs(*r.Items[1].Facility-0.225) > 1e-15 || *r.Quiz.Mean != 2.125 {
		t.Errorf("figures %+v", r)
	}
	// The same with an empty cell as an item that was not in the paper.
	table, err = ReadTable(strings.NewReader(gb), BlankIsMissing)
	if err != nil {
		t.Fatal(err)
	}
	if r := table.Report(); r.Quiz.N != 4 || math.Abs(*r.Items[1].Facility-0.3) > 1e-15 || r.Quiz.CIC != nil {
		t.Errorf("missing: %+v", r)
	}
}

// TestPointsNotTold: an item is worth the highest mark that was given, and 1 at least.
func TestPointsNotTold(t *testing.T) {
	r := read(t, "\ufefflearner,a,b,c\nx,1,0,4\ny,0,0,2\nMaximilian,0,0,0\n")
	for i, facility := range []float64{1.0 / 3, 0, 0.5} {
		want(t, r.Items[i].Name, r.Items[i].Facility, facility)
	}
	if r.Quiz.N != 3 {
		t.Errorf("Maximilian is no row of points: %d attempts", r.Quiz.N)
	}
	// Commas behind the last column, blank lines, and a heading in the second row only where it is one.
	r = read(t, "learner;a;b;;\n\nmax;2;2;;\n\nx;1;2;;\nMaxim;0;0\n")
	if r.Quiz.N != 2 || *r.Items[0].Facility != 0.25 {
		t.Errorf("figures %+v", r)
	}
}

func TestBadTables(t *testing.T) {
	many := "learner,a\n" + strings.Repeat("x,oops\n", 25)
	for name, c := range map[string]struct{ csv, want string }{
		"no item":         {"learner\nx\n", "row 1, column A: the first row has to name"},
		"no name":         {"learner,a,,c\nx,1,1,1\n", "row 1, column C: the item has no name"},
		"a word":          {"learner,a,b\nx,1,1\n\ny,0,n/a\n", `row 4, column C (b): "n/a" is no number`},
		"not a number":    {"learner,a\nx,NaN\n", `row 2, column B (a): "NaN" is no number`},
		"a decimal comma": {"learner;a\nx;0,5\n", `"0,5" is no number: write 0.5`},
		"a thousand":      {"learner;a\nx;1,000\n", `"1,000" is no number: a mark is written like 3.5; where there is none the cell is empty`},
		"a unit":          {"learner,a\nx,12.5 分\n", `"12.5 分" is no number: write 12.5`},
		"a share":         {"learner,a\nx,50%\n", `"50%" is no number: a mark is written like`},
		"absent":          {"learner,a\nx,缺考\n", "where there is none the cell is empty"},
		"wide commas":     {"learner，a，b\nx，1，0\n", "with a comma, a semicolon or a tab between them"},
		"the table twice": {"learner,a\nmax,2\nx,1\nlearner,a\nmax,2\nx,1\n", `row 4, column B (a): "a" is no number`},
		"endless":         {"learner,a\nx,inf\n", `row 2, column B (a): "inf" is no number`},
		"hexadecimal":     {"learner,a\nx,0x1p2\n", `row 2, column B (a): "0x1p2" is no number`},
		"far too much":    {"learner,a\nx,1e300\n", `row 2, column B (a): "1e300" is no number`},
		"above the max":   {"learner,a\nmax,2\nx,2\ny,2.5\n", "row 4, column B (a): 2.5 is more than the item's 2"},
		"no max":          {"learner,a,b\nmax,2\nx,1,1\n", `row 2, column C (b): "" is no number of points above 0`},
		"max of 0":        {"learner,a\nmax,0\nx,0\n", `row 2, column B (a): "0" is no number of points above 0`},
		"beyond":          {"learner,a\nx,1,7\n", `row 2, column C: "7" stands behind the last item`},
		"max beyond":      {"learner,a\nmax,1,7\n", `row 2, column C: "7" stands behind the last item`},
		"max elsewhere":   {"learner,a\nx,1\ny,0\n\n 满分 ,1\n", `row 5, column A: "满分" stands before the items' points`},
		"max twice":       {"learner,a\nmax,1\nmax,2\nx,1\n", `row 3, column A: "max" stands before`},
		"header only":     {"learner,a\n", "row 1, column A: no learner with a mark follows"},
		"points only":     {"learner,a\nmax,1\n", "row 2, column A: no learner with a mark follows"},
		"all absent":      {"learner,a\nx,\ny,\n", "row 3, column A: no learner with a mark follows"},
		"many":            {many, "and 5 more"},
		"far column":      {"learner" + strings.Repeat(",i", 30) + "\nx" + strings.Repeat(",1", 29) + ",oops\n", `row 2, column AE (i): "oops" is no number`},
		"too many items":  {"learner" + strings.Repeat(",i", 1001) + "\n", "more than 1000 items"},
	} {
		_, err := ReadTable(strings.NewReader(c.csv), BlankIsZero)
		var problems *Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if problems != nil && len(problems.List) > maxProblems {
			t.Errorf("%s: %d problems are listed", name, len(problems.List))
		}
	}
	for name, text := range map[string]string{"a page": "<html><body><table><tr><td>learner</td></tr></table></body></html>", "an object": `{"learner":"x"}`} {
		if _, err := ReadTable(strings.NewReader(text), BlankIsZero); err == nil || !strings.Contains(err.Error(), "the first row has to name") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadTable(strings.NewReader("learner,a\nx,\x001\n"), BlankIsZero); fault.KeyOf(err) != "import.unreadable" {
		t.Errorf("no text: %v", err)
	}
	if _, err := ReadTable(strings.NewReader("  \n"), BlankIsZero); fault.KeyOf(err) != "import.empty" {
		t.Errorf("an empty file: %v", err)
	}
	// Negative marks are marks.
	if r := read(t, "learner,a\nx,-0.5\ny,1\n"); *r.Items[0].Facility != 0.25 {
		t.Errorf("facility %v", *r.Items[0].Facility)
	}
}

// TestOddHeaders: a first row that is read as what it says, and probably does not mean.
func TestOddHeaders(t *testing.T) {
	for csv, want := range map[string]string{
		"x,1,0\ny,0,1\n":                 "true []", // marks from the first row on
		"x,1,1\ny,0,1\n":                 "true []",
		"learner,1,2,10\ny,0,1,1\n":      "false []", // numbers of questions
		"learner,1.1,1.2\ny,0,1\n":       "false []",
		"learner,a,总分\ny,0,1\n":          "false [总分]",
		"learner,a, Ｔotal ,b\ny,0,1,1\n": "false [Ｔotal]",
		"learner,totals,b\ny,0,1\n":      "false []",
	} {
		table, err := ReadTable(strings.NewReader(csv), BlankIsZero)
		if err != nil || fmt.Sprint(table.Unnamed, table.Totals) != want {
			t.Errorf("%q: %+v, %v, want %s", csv, table, err, want)
		}
	}
}

func TestWorkbook(t *testing.T) {
	book, err := spreadsheet.XLSX("成绩", [][]any{{"learner", "a", "b"}, {"max", 1, 2}, {"甲", 1, 1.5}, {"乙", 0, nil}})
	if err != nil {
		t.Fatal(err)
	}
	table, err := ReadTable(strings.NewReader(string(book)), BlankIsZero)
	if err != nil {
		t.Fatal(err)
	}
	if r := table.Report(); r.Quiz.N != 2 || *r.Quiz.Mean != 1.25 || table.Blanks != 1 {
		t.Errorf("figures %+v of %+v", r, *table)
	}
}

func FuzzReadTable(f *testing.F) {
	f.Add(golden)
	f.Add("learner;1;2\n满分;1;2\n甲;０.5;\n")
	f.Add("\xff\xfel\x00,\x00a\x00\n\x00x\x00,\x001\x00")
	f.Fuzz(func(t *testing.T, csv string) {
		table, err := ReadTable(strings.NewReader(csv), BlankIsMissing)
		if err != nil {
			return
		}
		r := table.Report()
		if len(r.Items) != len(table.Items) {
			t.Errorf("%d figures of %d items", len(r.Items), len(table.Items))
		}
		if s := fmt.Sprint(r.Quiz); strings.Contains(s, "NaN") {
			t.Error(s)
		}
		for _, one := range r.Items {
			for _, x := range []*float64{one.Facility, one.SD, one.Weight, one.Covariance, one.Discrimination, one.Efficiency} {
				if x != nil && (math.IsNaN(*x) || math.IsInf(*x, 0)) {
					t.Errorf("%+v", one)
				}
			}
		}
	})
}

// A quotation mark that is never closed would swallow the rest of the file, lines that end in CR the whole of it.
func TestLinesAndQuotes(t *testing.T) {
	for name, c := range map[string]struct {
		csv         string
		row, column int // 0 = nothing is wrong
	}{
		"never closed":        {"learner,a,b\n\"x,1,2\ny,1,1", 2, 1},
		"in the last cell":    {"learner,a,b\nx,1,2\ny,1,\"1", 3, 3},
		"after a closed one":  {"learner;\"a;\n1\";b\nx;1;2\n\"y;1;1\n", 4, 1},
		"a pair does not":     {"learner,a\n\"x\"\",1\ny,1\n", 2, 1},
		"closed":              {"learner,\"a, (5)\",b\n\"x\"\"\",1,2\n\"y\nz\",1,1\n", 0, 0},
		"in the midst":        {"learner,a\nthe \"x\",1\n", 0, 0},
		"a quote, then words": {"learner,a\n\"x\" y\",1\nz,1\n", 0, 0},
	} {
		_, err := ReadTable(strings.NewReader(c.csv), BlankIsZero)
		var open *spreadsheet.OpenQuote
		if errors.As(err, &open) != (c.row > 0) || open != nil && (open.Row != c.row || open.Column != c.column) || c.row == 0 && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, end := range map[string]string{"LF": "\n", "CRLF": "\r\n", "CR": "\r"} {
		text := strings.ReplaceAll("\ufefflearner,\"a\nb\"\nmax,2\n张三,1\n\n李四,2\n", "\n", end)
		table, err := ReadTable(strings.NewReader(text), BlankIsZero)
		if err != nil || table.Report().Quiz.N != 2 || table.Items[0] != "a\nb" || *table.Report().Items[0].Facility != 0.75 {
			t.Errorf("%s: %+v %v", name, table, err)
		}
		_, err = ReadTable(strings.NewReader(strings.ReplaceAll(text, "李四,2", "李四,x")), BlankIsZero)
		if err == nil || !strings.Contains(err.Error(), "row 6,") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if table, err := ReadTable(strings.NewReader("learner,a,b,a,a\nx,1,1,1,1\n"), BlankIsZero); err != nil || len(table.Twice) != 1 || table.Twice[0] != "a" {
		t.Errorf("names of two items: %+v %v", table, err)
	}
}
