package exam

import (
	"cmp"
	"context"
	"slices"
	"time"

	"qiming/exam/question"
	"qiming/policies"
)

// Marksheet is every mark of a quiz: what each attempt earned for each item, and the steps that gave it.
type Marksheet struct {
	Columns []MarkColumn
	Rows    []MarkRow
}

// MarkColumn is an item for what it is worth.
type MarkColumn struct {
	Stem   string // "" while it is not to be told
	Points float64
}

// MarkRow is an attempt that counts.
type MarkRow struct {
	Name, OrgName string
	Attempt       int        // of the member's, from 1
	Marks         []*float64 // points, parallel to the columns; nil = not in this paper, counts nowhere, or waits for an evaluator
	Pending       int        // how many wait
	Score         *float64   // nil = not marked to the end
	Percent       *float64
	Passed        *bool
	Records       []MarkRecord
}

// MarkRecord is a step that gave or changed what an item earns.
type MarkRecord struct {
	Column int // index
	Kind   StepKind
	At     time.Time
	By     string   // account; "" = the product
	Appeal bool     // it answers an appeal
	Points *float64 // nil = a corrected key, which marks anew, or a mark of the product that it takes back
	Note   string
}

// columnKey tells items apart by what they are worth.
type columnKey struct {
	version string
	points  float64
}

// sheeting is a mark sheet in the making. Its columns are numbered as they come up.
type sheeting struct {
	gathering
	columns []columnKey
	number  map[columnKey]int
	rows    map[string][]MarkRow // by member
}

func (g *sheeting) column(slot Slot) int {
	key := columnKey{slot.Version, slot.Points}
	n, ok := g.number[key]
	if !ok {
		n = len(g.columns)
		g.number[key], g.columns = n, append(g.columns, key)
	}
	return n
}

// Marksheet gives the marks of the rows that the filter takes, in their order; of papers whose total alone is known no items.
// Columns stand in the order of the newest version's pools, which is the order of a paper that is the same for all; items that
// only older versions had follow. Stems are told as in Statistics.
func (s *Results) Marksheet(ctx context.Context, actor policies.Actor, quizID string, f RowFilter, which Which, sight Sight) (Marksheet, error) {
	rows, err := s.Told(ctx, actor, quizID, f, sight)
	if err != nil {
		return Marksheet{}, err
	}
	quiz, err := s.quizzes.Get(ctx, quizID)
	if err != nil {
		return Marksheet{}, noQuiz(quizID, err)
	}
	veils := sight.veils(quiz)
	wanted := make(map[string]bool, len(rows))
	for _, row := range rows {
		wanted[row.MemberID] = true
	}
	g := sheeting{gathering: gathering{tally: &tally{contents: map[string]question.Content{}}}, number: map[columnKey]int{}, rows: map[string][]MarkRow{}}
	err = s.ofQuiz(ctx, quizID, "", func(a *Attempt) error {
		if !a.State.Counts() || !wanted[a.MemberID] || veils && a.State != Released {
			return nil
		}
		row, err := s.markRow(ctx, &g, a)
		g.rows[a.MemberID] = append(g.rows[a.MemberID], row)
		return err
	})
	if err != nil {
		return Marksheet{}, err
	}
	out, places, err := s.arrange(ctx, &g, quizID, sight)
	if err != nil {
		return Marksheet{}, err
	}
	for _, row := range rows {
		for _, line := range which.rows(g.rows[row.MemberID]) {
			line.Name, line.OrgName = row.Name, row.OrgName
			marks := make([]*float64, len(places))
			for from, mark := range line.Marks {
				marks[places[from]] = mark
			}
			line.Marks = marks
			for i := range line.Records {
				line.Records[i].Column = places[line.Records[i].Column]
			}
			out.Rows = append(out.Rows, line)
		}
	}
	return out, nil
}

// rows gives those of a member's attempts that are asked for, by their numbers.
func (w Which) rows(list []MarkRow) []MarkRow {
	slices.SortFunc(list, func(a, b MarkRow) int { return a.Attempt - b.Attempt })
	if len(list) < 2 || w == WhichAll {
		return list
	}
	at := 0
	switch w {
	case WhichLast:
		at = len(list) - 1
	case WhichBest:
		best := -1.0
		for i, one := range list {
			if one.Percent != nil && *one.Percent > best {
				best, at = *one.Percent, i
			}
		}
	}
	return list[at : at+1]
}

// markRow reads an attempt; the numbers of its columns are those of g.
func (s *Results) markRow(ctx context.Context, g *sheeting, a *Attempt) (MarkRow, error) {
	row := MarkRow{Attempt: a.Number, Score: a.Score, Percent: a.Percent, Passed: a.Passed}
	b, err := s.blueprint(ctx, a.QuizID, a.Version)
	if err != nil {
		return row, err
	}
	paper := b.draw(a.Seed)
	if len(a.Marks) != len(paper.Slots) {
		return row, nil
	}
	if err := s.know(ctx, &g.gathering, paper.Versions()); err != nil {
		return row, err
	}
	columns := make([]int, len(paper.Slots))
	for i, slot := range paper.Slots {
		columns[i] = g.column(slot)
	}
	row.Marks = make([]*float64, len(g.columns))
	view := Replay(a.Steps, len(paper.Slots))
	for i, slot := range paper.Slots {
		switch key := view.key(i); {
		case key != nil && key.Version == "" && key.Fraction == nil: // counts nowhere
		case a.Marks[i] == pendingMark:
			row.Pending++
		default:
			earned := exact(a.Marks[i] * slot.Points) // a third of the points stays one: statistics are made of it
			row.Marks[columns[i]] = &earned
		}
	}
	for _, step := range a.Steps {
		if step.Slot < 1 || step.Slot > len(columns) || step.Kind != StepMark && step.Kind != StepRating && step.Kind != StepAuto && step.Kind != StepRegrade {
			continue
		}
		if step.Kind == StepRating && view.Marks[step.Slot-1] == nil {
			continue // another evaluator marks it, who is not to know
		}
		record := MarkRecord{Column: columns[step.Slot-1], Kind: step.Kind, At: step.At, By: step.By, Appeal: step.Kind == StepMark && step.About != "", Note: step.Note}
		if step.Fraction != nil {
			points := hundredths(*step.Fraction * paper.Slots[step.Slot-1].Points)
			record.Points = &points
		}
		row.Records = append(row.Records, record)
	}
	return row, nil
}

// arrange orders the columns; places says where each of g stands.
func (s *Results) arrange(ctx context.Context, g *sheeting, quizID string, sight Sight) (out Marksheet, places []int, err error) {
	q, err := s.quizzes.Get(ctx, quizID)
	if err != nil {
		return out, nil, noQuiz(quizID, err)
	}
	told := sight.Bank.Covers(q.OrgPath)
	if !told {
		if told, err = s.over(ctx, quizID); err != nil {
			return out, nil, err
		}
	}
	rank := map[string]int{}
	if q.Number > 0 {
		b, err := s.blueprint(ctx, quizID, q.Number)
		if err != nil {
			return out, nil, err
		}
		for _, p := range b.pools {
			for _, whole := range p.versions {
				for version := range b.places(whole, p.points) {
					if _, seen := rank[version]; !seen {
						rank[version] = len(rank)
					}
				}
			}
		}
	}
	order := make([]int, len(g.columns))
	for i := range order {
		order[i] = i
	}
	at := func(i int) int {
		if n, ok := rank[g.columns[i].version]; ok {
			return n
		}
		return len(rank)
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(at(i)-at(j), cmp.Compare(g.columns[i].version, g.columns[j].version), cmp.Compare(g.columns[i].points, g.columns[j].points))
	})
	places = make([]int, len(order))
	for to, from := range order {
		places[from] = to
		column := MarkColumn{Points: g.columns[from].points}
		if told {
			column.Stem = g.contents[g.columns[from].version].Stem
		}
		out.Columns = append(out.Columns, column)
	}
	return out, places, nil
}
