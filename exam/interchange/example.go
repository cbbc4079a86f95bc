package interchange

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Tables whose headings nobody knows are read by example: what stands in the cells says what a column may be.
// It is proposed, never done: the user looks at it and says so.

// exampleRows is how many rows are looked at.
const exampleRows = 60

// trait is what the cells of a column have in common. Shares are of the cells that are not empty.
type trait struct {
	filled  float64 // share of the rows
	answers float64 // letters of options, or words of right and wrong
	kinds   float64 // names of kinds
	counts  float64 // whole numbers, each one above the last
	bars    float64 // parts separated by |
	lists   float64 // options with their letters
	own     float64 // cells that differ
	runes   float64 // mean length
}

func traitOf(rows []row, index int) (t trait) {
	seen, last := map[string]bool{}, 0
	n := 0.0
	for _, r := range rows {
		c := strings.TrimSpace(r.cell(index))
		if c == "" {
			continue
		}
		n++
		t.runes += float64(utf8.RuneCountInString(c))
		seen[c] = true
		number, err := strconv.Atoi(c)
		if err == nil && (last == 0 || number == last+1) {
			t.counts++
		}
		last = number
		if kind, _ := kindOf(c); kind != "" {
			t.kinds++
		}
		if err != nil && answerlike(c) {
			t.answers++
		}
		if strings.Count(c, "|") >= 2 {
			t.bars++
		}
		if len(splitMarked(c)) >= 2 {
			t.lists++
		}
	}
	if n == 0 {
		return trait{}
	}
	t.filled, t.own = n/float64(len(rows)), float64(len(seen))/n
	for _, share := range []*float64{&t.answers, &t.kinds, &t.counts, &t.bars, &t.lists, &t.runes} {
		*share /= n
	}
	return t
}

func answerlike(cell string) bool {
	if utf8.RuneCountInString(cell) > 24 {
		return false
	}
	_, truth := judge(cell)
	return truth || len(letters(cell)) > 0
}

// repeats gives the share of rows whose cell is also one of the cells from the column from on, left of it.
func repeats(rows []row, from, index int) float64 {
	n, same := 0.0, 0.0
	for _, r := range rows {
		c := strings.TrimSpace(r.cell(index))
		if c == "" {
			continue
		}
		n++
		for i := from; i < index; i++ {
			if strings.TrimSpace(r.cell(i)) == c || slices.Contains(strings.Split(r.cell(i), "|"), c) {
				same++
				break
			}
		}
	}
	if n == 0 {
		return 0
	}
	return same / n
}

const (
	mostly = 0.8
	often  = 0.6
)

// propose says what columns seem to hold, where neither the heading nor the user does. rows are those below
// the heading, or all of them where there is none.
func propose(rows []row, columns []Column) {
	rows = slices.DeleteFunc(slices.Clone(rows[:min(len(rows), exampleRows)]), func(r row) bool { n, _ := r.filled(); return n < 2 })
	if len(rows) == 0 {
		return
	}
	traits := make([]trait, len(columns))
	taken := map[Field]int{}
	for i, c := range columns {
		traits[i] = traitOf(rows, i)
		if c.Field != FieldIgnore {
			taken[c.Field] = i
		}
	}
	free := func(i int) bool { return columns[i].Field == FieldIgnore && columns[i].Proposed == FieldIgnore }
	// give proposes the field for the first free column that is like it, looking from the left or from the right.
	give := func(f Field, fromRight bool, like func(i int, t trait) bool) int {
		if at, ok := taken[f]; ok {
			return at
		}
		order := make([]int, len(columns))
		for i := range order {
			order[i] = i
		}
		if fromRight {
			slices.Reverse(order)
		}
		for _, i := range order {
			if free(i) && traits[i].filled > 0 && like(i, traits[i]) {
				columns[i].Proposed, taken[f] = f, i
				return i
			}
		}
		return -1
	}
	give(FieldKind, false, func(_ int, t trait) bool { return t.kinds >= mostly })
	give(FieldNumber, false, func(_ int, t trait) bool { return t.counts >= mostly && len(rows) > 1 })
	answer := give(FieldAnswer, true, func(_ int, t trait) bool { return t.answers >= mostly })
	longest := 0.0
	for i, t := range traits {
		if free(i) && t.filled >= mostly && (answer < 0 || i < answer) {
			longest = max(longest, t.runes)
		}
	}
	stem := give(FieldStemOptions, false, func(_ int, t trait) bool { return t.bars >= often })
	if stem < 0 {
		stem = give(FieldStem, false, func(_ int, t trait) bool {
			return t.filled >= mostly && t.own >= often && t.runes >= longest/2 && t.runes >= 4
		})
	}
	if stem < 0 {
		return
	}
	if answer < 0 { // the answer is the text of an option
		answer = give(FieldAnswer, true, func(i int, _ trait) bool { return i > stem && repeats(rows, stem, i) >= mostly })
	}
	if columns[stem].Proposed != FieldStemOptions && columns[stem].Field != FieldStemOptions {
		proposeOptions(columns, traits, stem)
	}
	give(FieldExplanation, false, func(i int, t trait) bool {
		return i > max(stem, answer) && answer >= 0 && t.runes >= 6 && t.own >= often
	})
}

// proposeOptions takes the free columns that follow the stem for options, or one that lists them all.
func proposeOptions(columns []Column, traits []trait, stem int) {
	var run []int
	for i := stem + 1; i < len(columns) && columns[i].Field == FieldIgnore && columns[i].Proposed == FieldIgnore; i++ {
		if traits[i].lists >= often {
			columns[i].Proposed = FieldOptions
			return
		}
		run = append(run, i)
	}
	if len(run) < 2 {
		return
	}
	for n, i := range run {
		if f := optionField(n); f.optionIndex() >= 0 {
			columns[i].Proposed = f
		}
	}
}

// headed says whether the first row of a table that is mapped by numbers is a heading: the cells below it are
// answers and kinds, and its own are not. The keys of a JSON file are no row of it.
func headed(rows []row, columns []Column) bool {
	if len(rows) == 0 || rows[0].number == 0 {
		return len(rows) > 0
	}
	below := rows[1:min(len(rows), exampleRows)]
	if len(below) == 0 {
		return false
	}
	for i, c := range columns {
		first, t := strings.TrimSpace(rows[0].cell(i)), traitOf(below, i)
		kind, _ := kindOf(first)
		switch {
		case c.Field == FieldKind && t.kinds >= mostly && kind == "":
			return true
		case c.Field == FieldAnswer && t.answers >= mostly && first != "" && !answerlike(first):
			return true
		case c.Field == FieldAnswer && t.answers < often && repeats(below, 0, i) >= mostly && repeats(rows[:1], 0, i) == 0:
			return true
		}
	}
	return false
}
