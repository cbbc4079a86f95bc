package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"qiming/exam/statistics"
	"qiming/internal/fault"
)

type examStats struct {
	File  string `arg:"" help:"Table of marks, CSV or XLSX; - is the standard input."`
	Blank string `default:"zero" enum:"zero,missing" help:"What an empty cell means: zero (not answered, no marks) or missing (the item was not in the learner's paper)."`
	JSON  bool   `help:"Print JSON: null where a figure is not defined."`
}

// Help shows the form of the table under the flags.
func (examStats) Help() string {
	return `The figures of classical test theory, as Moodle computes them, for an exam that was marked anywhere. The table:
  learner,item1,item2
  max,1,5                        the items' points; the row may be left out
  Zhang,1,3.5
  Li,0,
Without points, an item is worth the highest mark that was given, and 1 at least. A learner without any mark was absent and is
left out. A cell that is no mark, or a row of points that stands elsewhere, is named with its row and column, and nothing is computed: exit status 2. Examples:
  qiming exam stats marks.csv
  qiming exam stats marks.xlsx --json > report.json`
}

// Run computes; it needs no data of a server.
func (c *examStats) Run(s streams) error {
	in := os.Stdin
	if c.File != "-" {
		var err error
		if in, err = os.Open(c.File); err != nil {
			return unusable(s, err)
		}
		defer in.Close()
	}
	table, err := statistics.ReadTable(in, statistics.Blank(c.Blank))
	if err != nil {
		return unusable(s, mending(err))
	}
	if table.Unnamed {
		fmt.Fprintf(s.err, "the first row names the items, and here they are called %s: if it holds marks, put a row with names before it\n", strings.Join(table.Items, ", "))
	}
	for _, name := range table.Totals {
		fmt.Fprintf(s.err, "%q counts as an item; if it is the sum of the others, take the column away\n", name)
	}
	for _, name := range table.Twice {
		fmt.Fprintf(s.err, "more than one item is called %q\n", name)
	}
	tellCount(s.err, table.Absent, "1 learner without any mark is left out", "%d learners without any mark are left out")
	tellCount(s.err, table.Repeated, "1 row names a learner again: it counts as an attempt", "%d rows name a learner again: each counts as an attempt")
	if c.Blank == string(statistics.BlankIsZero) {
		tellCount(s.err, table.Blanks, "1 empty cell counts as no marks; --blank missing leaves it out", "%d empty cells count as no marks; --blank missing leaves them out")
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(table.Report())
	}
	return tellReport(s.out, table.Report())
}

// tellCount says how many there are of something; nothing where there is none.
func tellCount(out io.Writer, n int, one, many string) {
	switch n {
	case 0:
	case 1:
		fmt.Fprintln(out, one)
	default:
		fmt.Fprintf(out, many+"\n", n)
	}
}

// mending says what to do about a file that cannot be read as a table.
func mending(err error) error {
	switch key := fault.KeyOf(err); {
	case key == "import.empty":
		return errors.New("the file is empty: a first row has to name the items (learner,item1,item2), and each learner has a row")
	case key == "import.unreadable", strings.HasPrefix(key, "archive."):
		return fmt.Errorf("this is no table of text and no workbook: save it as CSV or XLSX (%w)", err)
	case strings.HasPrefix(key, "import.too_"):
		return fmt.Errorf("the workbook is too large: save it as CSV, which may be of any length (%w)", err)
	}
	return err
}

// unusable says why there is no report.
func unusable(s streams, err error) error {
	fmt.Fprintln(s.err, err)
	return exitCode(misused)
}

// tellReport is the report for people.
func tellReport(out io.Writer, r statistics.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	q := r.Quiz
	fmt.Fprintf(w, "attempts\t%d\t\n", q.N)
	for _, line := range []struct {
		name string
		x    *float64
	}{
		{"mean", q.Mean}, {"median", q.Median}, {"standard deviation", q.SD}, {"skewness", q.Skewness}, {"kurtosis", q.Kurtosis},
		{"internal consistency %", q.CIC}, {"error ratio %", q.ErrorRatio}, {"standard error", q.StandardError},
	} {
		fmt.Fprintf(w, "%s\t%s\t\n", line.name, figure(line.x))
	}
	fmt.Fprintf(w, "\n\nitem\tfacility %%\tsd\tweight %%\tdiscrimination\tefficiency\tlook at\t\n")
	for _, one := range r.Items {
		facility := one.Facility
		if facility != nil {
			percent := 100 * *facility
			facility = &percent
		}
		flags := ""
		for _, flag := range statistics.FlagsOf(one.Item, nil, nil) {
			flags += " " + string(flag)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", one.Name, figure(facility), figure(one.SD), figure(one.Weight), figure(one.Discrimination), figure(one.Efficiency), flags)
	}
	return w.Flush()
}

// figure prints with two decimals; a dash where it is not defined.
func figure(x *float64) string {
	if x == nil {
		return "-"
	}
	text := strconv.FormatFloat(*x, 'f', 2, 64)
	if text == "-0.00" { // what sums leave of 0
		return text[1:]
	}
	return text
}
