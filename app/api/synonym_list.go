package api

import (
	"context"

	"qiming/exam"
	"qiming/exam/question"
	"qiming/policies"
	"qiming/search/thesaurus"
)

// SynonymShown is a group of equal words with the name of whose it is.
type SynonymShown struct {
	thesaurus.Listed
	OrgName string `json:"org_name"`
}

type synonymListInput struct {
	Org string `query:"org" maxLength:"64" doc:"Where they hold; by default one's own"`
}

func (a *API) synonymList(ctx context.Context, actor policies.Actor, in *synonymListInput) (*Listed[SynonymShown], error) {
	_, path, err := a.bankOf(ctx, actor, in.Org)
	if err != nil {
		return nil, err
	}
	groups, err := a.Words.List(ctx, path)
	if err != nil {
		return nil, err
	}
	names, err := a.Orgs.Names(ctx, path...)
	if err != nil {
		return nil, err
	}
	shown := make([]SynonymShown, len(groups))
	for i, g := range groups {
		shown[i] = SynonymShown{g, names[g.OrgID]}
	}
	return list(shown), nil
}

type synonymAddInput struct {
	Body struct {
		OrgID  string     `json:"org_id,omitempty" maxLength:"64" doc:"Whose list; by default one's own"`
		Groups [][]string `json:"groups" minItems:"1" maxItems:"500" doc:"Words that mean the same, a group each"`
		Dry    bool       `json:"dry,omitempty" doc:"Only say what would become of each"`
	}
}

func (a *API) synonymAdd(ctx context.Context, actor policies.Actor, in *synonymAddInput) (*Listed[thesaurus.Verdict], error) {
	org, _, err := a.bankOf(ctx, actor, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	verdicts, err := a.Words.Add(ctx, actor, org, in.Body.Groups, in.Body.Dry)
	if err != nil {
		return nil, err
	}
	return list(verdicts), nil
}

type synonymChangeInput struct {
	ByID
	Body struct {
		OrgID string   `json:"org_id,omitempty" maxLength:"64"`
		Rev   int      `json:"rev" doc:"As it was read"`
		Words []string `json:"words" maxItems:"100"`
	}
}

func (a *API) synonymChange(ctx context.Context, actor policies.Actor, in *synonymChangeInput) (*Answer[thesaurus.Group], error) {
	org, _, err := a.bankOf(ctx, actor, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	g, err := a.Words.Change(ctx, actor, org, in.ID, in.Body.Rev, in.Body.Words)
	if err != nil {
		return nil, err
	}
	return answer(g), nil
}

type synonymRemoveInput struct {
	ByID
	Org string `query:"org" maxLength:"64"`
	Rev int    `query:"rev" doc:"As it was read"`
}

func (a *API) synonymRemove(ctx context.Context, actor policies.Actor, in *synonymRemoveInput) (*Nothing, error) {
	org, _, err := a.bankOf(ctx, actor, in.Org)
	if err != nil {
		return nil, err
	}
	return &Nothing{}, a.Words.Remove(ctx, actor, org, in.ID, in.Rev)
}

type questionTryInput struct {
	Body struct {
		Content question.Content `json:"content"`
		OrgID   string           `json:"org_id,omitempty" maxLength:"64" doc:"Whose synonyms; by default one's own"`
		Answer  string           `json:"answer" maxLength:"16000"`
	}
}

// questionTry says what the analysis would make of an answer to a short-answer question being written, in hundredths of the item.
func (a *API) questionTry(ctx context.Context, actor policies.Actor, in *questionTryInput) (*Answer[exam.Suggestion], error) {
	_, path, err := a.bankOf(ctx, actor, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	equal, err := a.Words.Groups(ctx, path)
	if err != nil {
		return nil, err
	}
	c := in.Body.Content
	question.Prepare(&c)
	return answer(exam.TryAnswer(c, equal, in.Body.Answer)), nil
}
