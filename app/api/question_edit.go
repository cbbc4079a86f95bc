package api

import (
	"context"
	"time"

	"qiming/exam/question"
	"qiming/policies"
)

// QuestionPick says which questions a bulk edit means.
type QuestionPick struct {
	IDs    []string        `json:"ids,omitempty" maxItems:"1000" doc:"These; absent where a filter says which"`
	Filter *QuestionFilter `json:"filter,omitempty" doc:"All that the list would give"`
	AsOf   time.Time       `json:"as_of,omitzero" required:"false" doc:"Of the preview: questions changed later are left alone"`
}

func (a *API) picked(actor policies.Actor, p QuestionPick) question.Picked {
	out := question.Picked{IDs: p.IDs, AsOf: p.AsOf}
	if p.Filter != nil && len(p.IDs) == 0 {
		f := p.Filter.filter(actor)
		out.Filter = &f
	}
	return out
}

type questionEditPreviewInput struct {
	Body struct {
		QuestionPick
		Change question.Change `json:"change"`
	}
}

func (a *API) questionEditPreview(ctx context.Context, actor policies.Actor, in *questionEditPreviewInput) (*Answer[question.EditPreview], error) {
	out, err := a.Bank.PreviewEdit(ctx, actor, a.picked(actor, in.Body.QuestionPick), in.Body.Change)
	if err != nil {
		return nil, err
	}
	return answer(out), nil
}

type questionEditInput struct {
	Body struct {
		QuestionPick
		ID     string          `json:"id" minLength:"16" maxLength:"64" pattern:"^[0-9a-z-]+$" doc:"Chosen by the client: the same id again goes on with what was begun"`
		Change question.Change `json:"change"`
		Note   string          `json:"note,omitempty" maxLength:"2000" doc:"What changed and why, for the histories"`
	}
}

func (a *API) questionEdit(ctx context.Context, actor policies.Actor, in *questionEditInput) (*Answer[question.EditBatch], error) {
	batch, err := a.Bank.Edit(ctx, actor, in.Body.ID, a.picked(actor, in.Body.QuestionPick), in.Body.Change, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return answer(batch), nil
}

func (a *API) questionEditShow(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[question.EditBatch], error) {
	batch, err := a.Bank.EditBatch(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(batch), nil
}

func (a *API) questionEditUndo(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[question.EditBatch], error) {
	batch, err := a.Bank.UndoEdit(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(batch), nil
}
