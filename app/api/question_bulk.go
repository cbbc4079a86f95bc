package api

import (
	"context"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
)

type questionBulkInput struct {
	Body struct {
		IDs    []string `json:"ids" minItems:"1" maxItems:"1000"`
		Action string   `json:"action" enum:"status,category,tag,untag" doc:"tag adds a tag, untag drops one"`
		Value  string   `json:"value" maxLength:"200" doc:"The state, the category's id (empty = none), or the tag"`
	}
}

func (a *API) questionBulk(ctx context.Context, actor policies.Actor, in *questionBulkInput) (*Answer[question.BulkOutcome], error) {
	var act question.Bulk
	switch in.Body.Action {
	case "status":
		act.Status = question.Status(in.Body.Value)
		if act.Status == question.Published || act.Status == question.Draft {
			actor.Scope = a.Policies.Scope(actor, policies.QuestionReview)
		}
	case "category":
		act.Category = &in.Body.Value
	case "tag":
		act.AddTag = in.Body.Value
	case "untag":
		act.DropTag = in.Body.Value
	}
	if in.Body.Value == "" && act.Category == nil {
		return nil, fault.Bad("question.invalid", []fault.Field{{Path: "value", Key: "required"}})
	}
	out, err := a.Bank.Bulk(ctx, actor, in.Body.IDs, act)
	if err != nil {
		return nil, err
	}
	return answer(out), nil
}
