package api

import (
	"context"

	"qiming/knowledge"
	"qiming/policies"
)

// ArticleRow is an article in the desk's listing, without its text.
type ArticleRow struct {
	knowledge.Article
	OrgName    string `json:"org_name"`
	AuthorName string `json:"author_name"`
	EditorName string `json:"editor_name" doc:"Who wrote last"`
}

type articleListInput struct {
	Paging
	Q         string   `query:"q" maxLength:"200" doc:"Part of the title, the summary, the number or another name"`
	Org       string   `query:"org" maxLength:"64" doc:"Of this organisation only"`
	Category  string   `query:"category" maxLength:"64" doc:"With all below it; \"none\" = without a category"`
	Kind      []string `query:"kind,explode" maxItems:"4" doc:"Any of these; also as a list with commas"`
	Status    []string `query:"status,explode" maxItems:"5" doc:"Any of these; also as a list with commas"`
	Tag       string   `query:"tag" maxLength:"40"`
	Waiting   bool     `query:"waiting" doc:"Waits for one's own review"`
	Mine      bool     `query:"mine" doc:"Of which one is the author"`
	TakenDown bool     `query:"taken_down" doc:"Was withdrawn and is not public again"`
	Once      bool     `query:"once" doc:"Is public or was: what a regulation may take the place of"`
}

func (a *API) articleList(ctx context.Context, actor policies.Actor, in *articleListInput) (*Listed[ArticleRow], error) {
	f := knowledge.Filter{OrgID: in.Org, CategoryID: in.Category, Kinds: oneOf[knowledge.Kind](in.Kind), Statuses: oneOf[knowledge.Status](in.Status),
		Tag: in.Tag, Text: in.Q, TakenDown: in.TakenDown, Once: in.Once}
	if in.Waiting {
		f.ReviewBy, actor.Scope = actor.AccountID, a.Policies.Scope(actor, policies.ArticleReview)
	}
	if in.Mine {
		f.AuthorID = actor.AccountID
	}
	found, err := a.Knowledge.Desk(ctx, actor, f, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	var orgs, people []string
	for _, article := range found.Items {
		orgs, people = append(orgs, article.OrgID), append(people, article.AuthorID, article.EditorID)
	}
	names, places, err := a.names(ctx, people, orgs)
	if err != nil {
		return nil, err
	}
	rows := make([]ArticleRow, len(found.Items))
	for i, article := range found.Items {
		rows[i] = ArticleRow{article, places[article.OrgID], names[article.AuthorID], names[article.EditorID]}
	}
	return &Listed[ArticleRow]{Body: List[ArticleRow]{Items: rows, Next: found.Next, Total: &found.Total}}, nil
}

// TakedownRow is a line of the log of takedowns, with names.
type TakedownRow struct {
	knowledge.Takedown
	OrgName string `json:"org_name"`
	ByName  string `json:"by_name"`
}

type takedownListInput struct {
	Paging
	Org string `query:"org" maxLength:"64" doc:"Of this organisation only"`
}

func (a *API) takedownList(ctx context.Context, actor policies.Actor, in *takedownListInput) (*Listed[TakedownRow], error) {
	log, err := a.Knowledge.Takedowns(ctx, actor, in.Org, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	var orgs, people []string
	for _, t := range log.Items {
		orgs, people = append(orgs, t.OrgID), append(people, t.By)
	}
	names, places, err := a.names(ctx, people, orgs)
	if err != nil {
		return nil, err
	}
	rows := make([]TakedownRow, len(log.Items))
	for i, t := range log.Items {
		rows[i] = TakedownRow{t, places[t.OrgID], names[t.By]}
	}
	return &Listed[TakedownRow]{Body: List[TakedownRow]{Items: rows, Next: log.Next, Total: &log.Total}}, nil
}
