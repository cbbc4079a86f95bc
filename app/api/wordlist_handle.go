package api

import (
	"context"

	"qiming/knowledge/wordlist"
	"qiming/policies"
)

// WordShown is a listed word with the name of whose list it stands in.
type WordShown struct {
	wordlist.Held
	OrgName string `json:"org_name"`
}

type wordListInput struct {
	Org string `query:"org" maxLength:"64" doc:"Where they hold; by default one's own organisation"`
}

func (a *API) wordList(ctx context.Context, actor policies.Actor, in *wordListInput) (*Listed[WordShown], error) {
	_, path, err := a.bankOf(ctx, actor, in.Org)
	if err != nil {
		return nil, err
	}
	held, err := a.WordList.Entries(ctx, path)
	if err != nil {
		return nil, err
	}
	names, err := a.Orgs.Names(ctx, path...)
	if err != nil {
		return nil, err
	}
	shown := make([]WordShown, len(held))
	for i, h := range held {
		shown[i] = WordShown{h, names[h.OrgID]}
	}
	return list(shown), nil
}

// WordEdit is a word as it is entered.
type WordEdit struct {
	OrgID       string         `json:"org_id,omitempty" maxLength:"64" doc:"Whose list; by default one's own organisation's"`
	Word        string         `json:"word" maxLength:"200"`
	Level       wordlist.Level `json:"level" enum:"refuse,warn" doc:"refuse: a text with it does not pass; warn: it is shown"`
	Why         string         `json:"why,omitempty" maxLength:"1000"`
	Replacement string         `json:"replacement,omitempty" maxLength:"200" doc:"What to write instead"`
	Exceptions  []string       `json:"exceptions,omitempty" maxItems:"100" doc:"Longer wordings in which it is right"`
}

func (e WordEdit) entry(id string) wordlist.Entry {
	return wordlist.Entry{ID: id, Word: e.Word, Level: e.Level, Why: e.Why, Replacement: e.Replacement, Exceptions: e.Exceptions}
}

type wordAddInput struct{ Body WordEdit }

func (a *API) wordAdd(ctx context.Context, actor policies.Actor, in *wordAddInput) (*Answer[wordlist.Entry], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	e, err := a.WordList.Add(ctx, actor, orgID, in.Body.entry(""))
	if err != nil {
		return nil, err
	}
	return answer(e), nil
}

type wordChangeInput struct {
	ByID
	Body WordEdit
}

func (a *API) wordChange(ctx context.Context, actor policies.Actor, in *wordChangeInput) (*Answer[wordlist.Entry], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	e, err := a.WordList.Change(ctx, actor, orgID, in.Body.entry(in.ID))
	if err != nil {
		return nil, err
	}
	return answer(e), nil
}

type wordRemoveInput struct {
	ByID
	Org string `query:"org" maxLength:"64" doc:"Whose list; by default one's own organisation's"`
}

func (a *API) wordRemove(ctx context.Context, actor policies.Actor, in *wordRemoveInput) (*Nothing, error) {
	orgID, _, err := a.bankOf(ctx, actor, in.Org)
	if err != nil {
		return nil, err
	}
	return &Nothing{}, a.WordList.Remove(ctx, actor, orgID, in.ID)
}

type wordCheckInput struct {
	Body struct {
		OrgID   string         `json:"org_id,omitempty" maxLength:"64" doc:"Whose list holds; by default one's own organisation's"`
		Content ArticleContent `json:"content"`
	}
}

// wordCheck gives the places of a content where listed words stand, as handing in will find them.
func (a *API) wordCheck(ctx context.Context, actor policies.Actor, in *wordCheckInput) (*Listed[wordlist.Hit], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	hits, err := a.Knowledge.Hits(ctx, actor, orgID, in.Body.Content.content())
	if err != nil {
		return nil, err
	}
	return list(hits), nil
}
