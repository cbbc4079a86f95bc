package statistics

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"qiming/internal/spreadsheet"
)

// Blank says what an empty cell of a table means.
type Blank string

// The meanings.
const (
	BlankIsZero    Blank = "zero"    // not answered: no marks (the usual way, and Moodle's)
	BlankIsMissing Blank = "missing" // the item was not in the learner's paper
)

// Table is a table of marks that was read.
type Table struct {
	Items    []string
	Max      []float64 // of the items; where the table does not tell, the highest mark that was given, and 1 at least
	Blanks   int       // empty cells of learners with marks
	Absent   int       // learners without any mark: left out
	Repeated int       // rows whose learner was named before: each counts as an attempt of its own
	Twice    []string  // names that more than one item has
	Totals   []string  // names of items that usually are a total
	Unnamed  bool      // the names of the items look like a learner's marks
	tally    Tally
}

// Problem is a cell that cannot be used.
type Problem struct {
	Row    int    // in the file, from 1
	Column int    // from 1
	Item   string // "" outside of the items
	Text   string
}

// Error names the place and says what is wrong there.
func (p Problem) Error() string {
	at := fmt.Sprintf("row %d, column %s", p.Row, columnName(p.Column))
	if p.Item != "" {
		at += " (" + p.Item + ")"
	}
	return at + ": " + p.Text
}

// Problems are all that is wrong with a table, the first maxProblems of them; More says how many there are besides.
type Problems struct {
	List []Problem
	More int
}

// Error gives a problem a line.
func (p *Problems) Error() string {
	lines := make([]string, len(p.List))
	for i, one := range p.List {
		lines[i] = one.Error()
	}
	if p.More > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", p.More))
	}
	return strings.Join(lines, "\n")
}

// The bounds of a table.
const (
	maxProblems = 20
	maxItems    = 1000
	maxMark     = 1e6
)

func columnName(n int) string {
	name := ""
	for ; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// ReadTable reads a table of marks: the first row names the items, the first column the learners, the second row may give the
// items' points behind "max" (or 满分). CSV is read row by row; see spreadsheet.Stream for what else is read. A table that cannot
// be used is *Problems; a file that cannot be read is a fault of the spreadsheet.
func ReadTable(r io.Reader, blank Blank) (*Table, error) {
	t := &reading{Table: &Table{}, blank: blank, seen: map[string]struct{}{}}
	for line, err := range spreadsheet.Stream(r) {
		if err != nil {
			return nil, err
		}
		t.line(line)
		if t.row == 1 && len(t.problems.List) > 0 {
			break // nothing else of it makes sense
		}
	}
	if len(t.problems.List) == 0 && t.learners == 0 {
		t.problem(t.last, 1, "no learner with a mark follows: a row each, with the marks behind the name")
	}
	if len(t.problems.List) > 0 {
		return nil, &t.problems
	}
	return t.Table, nil
}

// reading is a table on its way in.
type reading struct {
	*Table
	blank    Blank
	row      int // rows read
	last     int // the line of the last of them
	learners int // with marks
	given    bool
	seen     map[string]struct{}
	marks    []Mark
	problems Problems
}

func (t *reading) problem(line, column int, text string, args ...any) {
	if len(t.problems.List) >= maxProblems {
		t.problems.More++
		return
	}
	p := Problem{Row: line, Column: column, Text: fmt.Sprintf(text, args...)}
	if i := column - 2; i >= 0 && i < len(t.Items) {
		p.Item = t.Items[i]
	}
	t.problems.List = append(t.problems.List, p)
}

func (t *reading) line(line spreadsheet.Line) {
	cells := line.Cells
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1] // spreadsheets write commas behind the last column
	}
	if len(cells) == 0 {
		return
	}
	t.row++
	t.last = line.Number
	switch {
	case t.row == 1:
		t.header(line.Number, cells)
	case t.row == 2 && isMax(cells[0]):
		t.points(line.Number, cells)
	case isMax(cells[0]):
		t.problem(line.Number, 1, "%q stands before the items' points, which have to follow the first row", strings.TrimSpace(cells[0]))
	default:
		t.learner(line.Number, cells)
	}
}

func isMax(cell string) bool {
	cell = plain(cell)
	return cell == "max" || cell == "满分"
}

func (t *reading) header(line int, cells []string) {
	if len(cells) < 2 {
		t.problem(line, 1, "the first row has to name the learner's column and the items, with a comma, a semicolon or a tab between them: learner,item1,item2")
		return
	}
	if len(cells) > maxItems+1 {
		t.problem(line, maxItems+2, "more than %d items", maxItems)
		return
	}
	t.Items = make([]string, len(cells)-1)
	t.Max = make([]float64, len(t.Items))
	times := map[string]int{}
	rising, before := true, math.Inf(-1)
	t.Unnamed = true
	for i := range t.Items {
		t.Items[i] = strings.TrimSpace(cells[i+1])
		t.Max[i] = 1
		if t.Items[i] == "" {
			t.problem(line, i+2, "the item has no name")
		}
		if times[t.Items[i]]++; times[t.Items[i]] == 2 {
			t.Twice = append(t.Twice, t.Items[i])
		}
		if slices.Contains(totals(), plain(t.Items[i])) {
			t.Totals = append(t.Totals, t.Items[i])
		}
		x, ok := number(t.Items[i])
		rising, before = rising && x > before, x
		t.Unnamed = t.Unnamed && ok
	}
	t.Unnamed = t.Unnamed && !rising // 1, 2, 3 are names
}

// totals are the usual names of a column with the sum of the others.
func totals() []string {
	return []string{"total", "sum", "score", "total score", "总分", "合计", "总计", "总成绩", "成绩"}
}

// plain is a cell for comparing.
func plain(cell string) string { return strings.ToLower(strings.TrimSpace(norm.NFKC.String(cell))) }

func (t *reading) points(line int, cells []string) {
	t.given = true
	for i := range t.Items {
		text := ""
		if i+1 < len(cells) {
			text = cells[i+1]
		}
		x, ok := number(text)
		if !ok || x <= 0 {
			t.problem(line, i+2, "%q is no number of points above 0; without the row an item is worth the highest mark given", text)
			continue
		}
		t.Max[i] = x
	}
	t.beyond(line, cells)
}

// beyond refuses cells behind the last item.
func (t *reading) beyond(line int, cells []string) {
	if len(cells) > len(t.Items)+1 {
		t.problem(line, len(t.Items)+2, "%q stands behind the last item: name it in the first row or take it away", cells[len(t.Items)+1])
	}
}

func (t *reading) learner(line int, cells []string) {
	t.beyond(line, cells)
	t.marks = t.marks[:0]
	blanks, bad := 0, false
	for i := range t.Items {
		text := ""
		if i+1 < len(cells) {
			text = cells[i+1]
		}
		mark := Mark{Item: i, Place: i, Max: 1, Answer: Answered}
		if strings.TrimSpace(text) == "" {
			blanks++
			if t.blank == BlankIsMissing {
				continue
			}
			mark.Answer = NoAnswer
		} else {
			x, ok := number(text)
			switch {
			case !ok:
				t.problem(line, i+2, "%q is no number: %s", text, mending(text))
				bad = true
			case t.given && x > t.Max[i]:
				t.problem(line, i+2, "%s is more than the item's %s: mend the mark or the points", strings.TrimSpace(text), strconv.FormatFloat(t.Max[i], 'f', -1, 64))
				bad = true
			case !t.given:
				t.Max[i] = math.Max(t.Max[i], x)
			}
			mark.Earned = x
		}
		t.marks = append(t.marks, mark)
	}
	switch {
	case bad:
		return
	case blanks == len(t.Items):
		t.Absent++
		return
	}
	t.learners++
	t.Blanks += blanks
	if name := strings.TrimSpace(cells[0]); name != "" {
		if _, ok := t.seen[name]; ok {
			t.Repeated++
		}
		t.seen[strings.Clone(name)] = struct{}{}
	}
	t.tally.Add(Attempt{Total: TotalOf(t.marks), Marks: t.marks})
}

// mending says what to write instead of what is no number.
func mending(text string) string {
	text = strings.TrimSpace(norm.NFKC.String(text))
	near := strings.TrimRight(text, "分 ")
	if at := strings.IndexByte(near, ','); at >= 0 && at >= len(near)-3 { // 1,000 may be a thousand
		near = near[:at] + "." + near[at+1:]
	}
	if _, ok := number(near); ok && near != text {
		return "write " + near
	}
	return "a mark is written like 3.5; where there is none the cell is empty"
}

// number reads a mark; full-width digits are digits.
func number(text string) (float64, bool) {
	text = strings.TrimSpace(text)
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		if x, err = strconv.ParseFloat(norm.NFKC.String(text), 64); err != nil {
			return 0, false
		}
	}
	return x, math.Abs(x) <= maxMark && !strings.ContainsAny(text, "xXpP") // refuses NaN too
}

// Report is what `qiming exam stats` prints.
type Report struct {
	Quiz  Quiz   `json:"quiz"`
	Items []Line `json:"items"`
}

// Line is an item of a report.
type Line struct {
	Name string `json:"item"`
	Item
}

// Report gives the figures of the table.
func (t *Table) Report() Report {
	out := Report{Quiz: t.tally.Quiz(), Items: make([]Line, len(t.Items))}
	figures := t.tally.Figures()
	for i, name := range t.Items {
		out.Items[i].Name = name
		if i >= len(figures) {
			continue // nobody had it
		}
		f := figures[i]
		if f.Facility != nil {
			f.Facility = some(*f.Facility / t.Max[i])
		}
		out.Items[i].Item = f
	}
	return out
}
