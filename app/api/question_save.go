package api

import (
	"context"

	"qiming/exam/question"
	"qiming/policies"
)

// QuestionEdit is what an author writes.
type QuestionEdit struct {
	CategoryID string             `json:"category_id,omitempty" maxLength:"64" doc:"Empty = without a category"`
	Tags       []string           `json:"tags,omitempty" maxItems:"100"`
	Content    question.Content   `json:"content"`
	ValidUntil string             `json:"valid_until,omitempty" maxLength:"10" doc:"The last day on which it holds, 2026-12-31; empty = for good"`
	Basis      string             `json:"basis,omitempty" maxLength:"2000" doc:"The regulation that it rests on"`
	Passages   []question.Passage `json:"passages,omitempty" maxItems:"20" doc:"Places of the knowledge base that it rests on"`
	Note       string             `json:"note,omitempty" maxLength:"2000" doc:"What changed and why, for the history"`
}

func (e QuestionEdit) edit() question.Edit {
	return question.Edit{CategoryID: e.CategoryID, Tags: e.Tags, Content: e.Content, ValidUntil: e.ValidUntil, Basis: e.Basis, Passages: e.Passages, Note: e.Note}
}

type questionCreateInput struct {
	Body struct {
		QuestionEdit
		OrgID string `json:"org_id,omitempty" maxLength:"64" doc:"Whose bank; by default one's own"`
	}
}

func (a *API) questionCreate(ctx context.Context, actor policies.Actor, in *questionCreateInput) (*Revised[question.Question], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	if err := a.leads(ctx, actor, in.Body.Passages, nil); err != nil {
		return nil, err
	}
	q, err := a.Bank.Create(ctx, actor, orgID, in.Body.edit())
	if err != nil {
		return nil, err
	}
	return revised(q.Rev, q), nil
}

type questionSaveInput struct {
	ByID
	IfMatch
	Body QuestionEdit
}

func (a *API) questionSave(ctx context.Context, actor policies.Actor, in *questionSaveInput) (*Revised[question.Question], error) {
	rev, err := in.Rev()
	if err != nil {
		return nil, err
	}
	old, err := a.Bank.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if err := a.leads(ctx, actor, in.Body.Passages, old.Passages); err != nil {
		return nil, err
	}
	q, err := a.Bank.Save(ctx, actor, in.ID, rev, in.Body.edit())
	if err != nil {
		return nil, err
	}
	return revised(q.Rev, q), nil
}
