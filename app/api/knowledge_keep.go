package api

import (
	"context"

	"qiming/knowledge"
	"qiming/policies"
)

// KnowledgeKept is what a reader keeps, with the article as far as it can be read still.
type KnowledgeKept struct {
	knowledge.Record
	Item *KnowledgeItem `json:"item,omitempty" doc:"Absent where the article is not to be read any more; a note stays"`
}

func (a *API) knowledgeKept(ctx context.Context, actor policies.Actor, _ *Nothing) (*Listed[KnowledgeKept], error) {
	kept, err := a.Knowledge.Shelf(ctx, actor)
	if err != nil {
		return nil, err
	}
	var orgs []string
	for _, k := range kept {
		if k.Page != nil {
			orgs = append(orgs, k.Page.OrgID)
		}
	}
	names, err := a.Orgs.Names(ctx, orgs...)
	if err != nil {
		return nil, err
	}
	out := make([]KnowledgeKept, len(kept))
	for i, k := range kept {
		out[i].Record = k.Record
		if k.Page != nil {
			item := knowledgeItem(*k.Page, names, nil)
			out[i].Item = &item
		}
	}
	return list(out), nil
}

func (a *API) knowledgeMine(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[knowledge.Record], error) {
	r, err := a.Knowledge.Mine(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(r), nil
}

type knowledgeKeepInput struct {
	ByID
	Body struct {
		Favourite *bool   `json:"favourite,omitempty"`
		Note      *string `json:"note,omitempty" maxLength:"20000" doc:"Empty removes it"`
	}
}

func (a *API) knowledgeKeep(ctx context.Context, actor policies.Actor, in *knowledgeKeepInput) (*Answer[knowledge.Record], error) {
	r, err := a.Knowledge.Keep(ctx, actor, in.ID, in.Body.Favourite, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return answer(r), nil
}

type knowledgeConfirmInput struct {
	ByID
	Body struct {
		Version int `json:"version" minimum:"1" doc:"That was shown"`
	}
}

func (a *API) knowledgeConfirm(ctx context.Context, actor policies.Actor, in *knowledgeConfirmInput) (*Answer[knowledge.Record], error) {
	r, err := a.Knowledge.Confirm(ctx, actor, in.ID, in.Body.Version)
	if err != nil {
		return nil, err
	}
	return answer(r), nil
}

type knowledgeTurnInput struct {
	ByID
	File string `path:"file" maxLength:"64"`
	Body struct {
		Page int `json:"page" minimum:"1" maximum:"100000"`
	}
}

func (a *API) knowledgeTurn(ctx context.Context, actor policies.Actor, in *knowledgeTurnInput) (*Nothing, error) {
	return nil, a.Knowledge.Turn(ctx, actor, in.ID, in.File, in.Body.Page)
}
