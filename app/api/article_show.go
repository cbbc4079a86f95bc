package api

import (
	"context"
	"slices"

	"qiming/knowledge"
	"qiming/media"
	"qiming/policies"
)

// ArticleRecord is an article of the desk.
type ArticleRecord struct {
	knowledge.Article
	OrgName       string                `json:"org_name"`
	Names         map[string]string     `json:"names" doc:"Of the accounts that stand in it"`
	Media         media.Links           `json:"media" doc:"Of the draft and of what is public"`
	Steps         []knowledge.Step      `json:"steps" enum:"hand_in,recall,discard,approve,return,withdraw" doc:"What one may do with it now"`
	Write         bool                  `json:"write" doc:"One may write it now"`
	Remove        bool                  `json:"remove" doc:"One may remove it: it was never public"`
	Questions     int                   `json:"questions" doc:"How many questions rest on it, among those that one sees"`
	Standing      knowledge.Standing    `json:"standing,omitempty" enum:"upcoming,in_force,expired,replaced" doc:"Of a regulation that is public, today"`
	ReplacedBy    []knowledge.Ref       `json:"replaced_by"`
	OriginName    string                `json:"origin_name,omitempty" doc:"Of a copy: whose the source is"`
	OriginState   knowledge.OriginState `json:"origin_state,omitempty" enum:"same,newer,withdrawn,unshared" doc:"Of a copy: how it stands to its source"`
	OriginVersion int                   `json:"origin_version,omitempty" doc:"Of a copy: the version that is public there"`
	Related       []knowledge.Ref       `json:"related" doc:"The regulations that the draft names as replaced"`
}

// articleRecord adds names, links and what the actor may do.
func (a *API) articleRecord(ctx context.Context, actor policies.Actor, article knowledge.Article) (*Revised[ArticleRecord], error) {
	out := ArticleRecord{Article: article, Steps: []knowledge.Step{}}
	people := append([]string{article.AuthorID, article.EditorID}, article.Writers...)
	for _, e := range article.Events {
		people = append(people, e.By)
	}
	var err error
	if out.Names, err = a.Accounts.Names(ctx, people...); err != nil {
		return nil, err
	}
	places, err := a.Orgs.Names(ctx, article.OrgID)
	if err != nil {
		return nil, err
	}
	out.OrgName = places[article.OrgID]
	if o := article.Origin; o != nil {
		if places, err = a.Orgs.Names(ctx, o.OrgID); err != nil {
			return nil, err
		}
		out.OriginName = places[o.OrgID]
		if out.OriginState, out.OriginVersion, err = a.Knowledge.StateOf(ctx, article); err != nil {
			return nil, err
		}
	}
	files := article.Draft.Files()
	if article.Published != nil {
		files = append(files, article.Published.Content.Files()...)
	}
	if out.Media, err = a.Media.Links(ctx, actor.AccountID, a.mediaUntil(), files); err != nil {
		return nil, err
	}
	if out.Related, err = a.Knowledge.Titles(ctx, article.Draft); err != nil {
		return nil, err
	}
	reaches := func(p policies.Permission) bool {
		return a.Policies.Allowed(actor, p) && a.Policies.Scope(actor, p).Covers(article.OrgPath)
	}
	writes, reviews := reaches(policies.ArticleWrite), reaches(policies.ArticleReview)
	if a.Policies.Allowed(actor, policies.QuestionRead) {
		sees := actor
		sees.Scope = a.Policies.Scope(actor, policies.QuestionRead)
		if out.Questions, err = a.Bank.Resting(ctx, sees, article.ID); err != nil {
			return nil, err
		}
	}
	cited, err := a.Knowledge.Cite(ctx, actor, []string{article.ID})
	if err != nil {
		return nil, err
	}
	for _, c := range cited {
		out.Standing, out.ReplacedBy = c.Standing, c.ReplacedBy
	}
	out.Write = writes && article.Status.Writable()
	out.Remove = out.Write && !article.Once
	out.Steps = slices.DeleteFunc(article.StepsFor(actor.AccountID, a.Clock.Now()), func(s knowledge.Step) bool {
		return s.Reviewing() && !reviews || !s.Reviewing() && !writes
	})
	return revised(article.Rev, out), nil
}

func (a *API) articleShow(ctx context.Context, actor policies.Actor, in *ByID) (*Revised[ArticleRecord], error) {
	article, err := a.Knowledge.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return a.articleRecord(ctx, actor, article)
}

// ArticleVersion is a version with the names of those who wrote it.
type ArticleVersion struct {
	knowledge.Version
	Names map[string]string `json:"names"`
	HTML  string            `json:"html" doc:"Safe to show as it is; empty in a listing"`
	Media media.Links       `json:"media"`
}

func (a *API) articleVersions(ctx context.Context, actor policies.Actor, in *ByID) (*Listed[ArticleVersion], error) {
	versions, err := a.Knowledge.Versions(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	var people []string
	for _, v := range versions {
		people = append(people, v.Writers...)
	}
	names, err := a.Accounts.Names(ctx, people...)
	if err != nil {
		return nil, err
	}
	out := make([]ArticleVersion, len(versions))
	for i, v := range versions {
		v.Content.Body = ""
		out[i] = ArticleVersion{Version: v, Names: names}
	}
	return list(out), nil
}

type articleVersionInput struct {
	ByID
	Number int `path:"number" minimum:"1" maximum:"1000000"`
}

func (a *API) articleVersion(ctx context.Context, actor policies.Actor, in *articleVersionInput) (*Answer[ArticleVersion], error) {
	v, err := a.Knowledge.Version(ctx, actor, in.ID, in.Number)
	if err != nil {
		return nil, err
	}
	names, err := a.Accounts.Names(ctx, v.Writers...)
	if err != nil {
		return nil, err
	}
	links, err := a.Media.Links(ctx, actor.AccountID, a.mediaUntil(), v.Content.Files())
	if err != nil {
		return nil, err
	}
	return answer(ArticleVersion{Version: v, Names: names, HTML: knowledge.Render(v.Content.Body).With(links), Media: links}), nil
}
