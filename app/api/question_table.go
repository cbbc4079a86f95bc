package api

import (
	"context"

	"qiming/exam/question"
	"qiming/policies"
)

type questionTableInput struct {
	Body struct {
		Topics []string      `json:"topics" minItems:"1" maxItems:"100" doc:"Categories, each with its subtree"`
		Rule   question.Rule `json:"rule" doc:"What all cells have in common"`
		OrgID  string        `json:"org_id,omitempty" maxLength:"64" doc:"The organisation whose quiz draws; by default one's own"`
	}
}

// QuestionTable is what a blueprint has to draw from.
type QuestionTable struct {
	Cells []question.Cell `json:"cells"`
}

func (a *API) questionTable(ctx context.Context, actor policies.Actor, in *questionTableInput) (*Answer[QuestionTable], error) {
	_, path, err := a.bankOf(ctx, actor, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	cells, err := a.Bank.Table(ctx, in.Body.Rule, in.Body.Topics, path)
	if err != nil {
		return nil, err
	}
	return answer(QuestionTable{Cells: cells}), nil
}
