package api

import (
	"context"

	"qiming/exam"
	"qiming/policies"
)

func snippetAnswer(s exam.Snippets, err error) (*Revised[exam.Snippets], error) {
	if err != nil {
		return nil, err
	}
	return revised(s.Rev, s), nil
}

func (a *API) snippetList(ctx context.Context, actor policies.Actor, _ *struct{}) (*Revised[exam.Snippets], error) {
	return snippetAnswer(a.Exams.Marking.Snippets(ctx, actor))
}

type snippetSetInput struct {
	IfMatch
	Body struct {
		Texts []string `json:"texts,omitempty" maxItems:"1000" doc:"In place of what there is; at most 50 of 200 characters"`
	}
}

func (a *API) snippetSet(ctx context.Context, actor policies.Actor, in *snippetSetInput) (*Revised[exam.Snippets], error) {
	rev, err := in.RevIfAny() // without If-Match: there was none
	if err != nil {
		return nil, err
	}
	return snippetAnswer(a.Exams.Marking.SetSnippets(ctx, actor, rev, in.Body.Texts))
}
