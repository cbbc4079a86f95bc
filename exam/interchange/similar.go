package interchange

import (
	"context"
	"math"
	"slices"

	"qiming/exam/question"
)

// warnOfTwins adds a warning to every new record that says nearly the same as a question of the bank. It keeps
// nothing out: whether two questions test the same is for people to say.
func (s *Service) warnOfTwins(ctx context.Context, orgPath []string, p Parsed, outcomes []Outcome, r *Report) error {
	var contents []question.Content
	var records []int
	for i, outcome := range outcomes {
		if outcome == Fresh {
			contents, records = append(contents, p.Records[i].Item.Content), append(records, i)
		}
	}
	found, err := s.bank.Twins(ctx, orgPath, contents, "")
	if err != nil {
		return err
	}
	var ids []string
	for _, twins := range found {
		if len(twins) > 0 {
			ids = append(ids, twins[0].ID)
		}
	}
	slices.Sort(ids)
	near, err := s.bank.Heads(ctx, slices.Compact(ids)...)
	if err != nil {
		return err
	}
	for n, twins := range found {
		if len(twins) == 0 {
			continue
		}
		other, ok := near[twins[0].ID]
		if !ok {
			continue // removed a moment ago
		}
		item := p.Records[records[n]].Item
		at := place{row: item.Row, sheet: item.Sheet, unit: p.Format.unit()}
		r.Warnings = append(r.Warnings, at.problem(Warning, FieldStem.title(), "duplicate.similar", "percent", math.Round(100*twins[0].Score),
			"stem", shorten(other.Content.Stem), "question_id", other.ID, "differs", question.Differs(other.Content, contents[n])))
	}
	return nil
}
