package interchange

import (
	"context"
	"math"
	"slices"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
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

// neighbours gives the questions of the bank that an entry repeats, contradicts or resembles, as far as the actor
// sees them.
func (s *Service) neighbours(ctx context.Context, actor policies.Actor, m Import, e Entry) ([]Neighbour, error) {
	var ids []string
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, p := range e.Problems {
		for _, one := range append([]Problem{p}, p.Also...) {
			id, _ := one.Params["question_id"].(string)
			add(id)
		}
	}
	if e.State == Double {
		for _, d := range m.Report.DuplicateRows {
			if d.Row == e.Row && d.Sheet == e.Sheet {
				add(d.QuestionID)
			}
		}
	}
	var out []Neighbour
	for _, id := range ids {
		q, err := s.bank.Get(ctx, actor, id)
		if fault.Is(err, fault.NotFound) {
			continue // removed since, or of a bank above and not published
		}
		if err != nil {
			return nil, err
		}
		out = append(out, Neighbour{QuestionID: id, Status: q.Status, Content: q.Content, Differs: question.Differs(q.Content, e.Content)})
	}
	return out, nil
}
