package api

import (
	"context"

	"qiming/knowledge"
	"qiming/media"
	"qiming/policies"
)

// ArticleFile is a file that belongs to an article.
type ArticleFile struct {
	ID   string     `json:"id"`
	Name string     `json:"name" doc:"As the author calls it"`
	Link media.Link `json:"link"`
}

// KnowledgePage is an article as a reader reads it. Of one that was withdrawn there is only the notice.
type KnowledgePage struct {
	KnowledgeItem
	HTML        string               `json:"html" doc:"Safe to show as it is; the server alone makes it"`
	Headings    []knowledge.Heading  `json:"headings"`
	Path        []knowledge.Category `json:"path" doc:"The categories from the top to its own"`
	Attachments []ArticleFile        `json:"attachments"`
	Replaces    []knowledge.Ref      `json:"replaces" doc:"Regulations whose place it takes, as far as one may read them"`
	Confirm     bool                 `json:"confirm,omitempty" doc:"Readers are asked to confirm that they read it"`
	Comments    bool                 `json:"comments,omitempty" doc:"Readers may comment"`
	From        string               `json:"from,omitempty" doc:"Of a copy: the organisation that it was taken over from"`
	Notice      *knowledge.Notice    `json:"notice,omitempty" doc:"It was withdrawn: when and why"`
}

// knowledgeShow gives an article to a reader. The links of its files hold for who asks; those given to nobody (who is not signed in)
// are only of articles that everybody may read.
func (a *API) knowledgeShow(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[KnowledgePage], error) {
	p, err := a.Knowledge.Read(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	names, err := a.Orgs.Names(ctx, p.OrgID, p.FromOrgID)
	if err != nil {
		return nil, err
	}
	links, err := a.Media.Links(ctx, actor.AccountID, a.mediaUntil(), p.Content.Files())
	if err != nil {
		return nil, err
	}
	page := KnowledgePage{KnowledgeItem: knowledgeItem(p, names, links), HTML: p.Text.With(links), Headings: p.Text.Headings, Path: p.Path,
		Attachments: []ArticleFile{}, Replaces: p.Replaces, Confirm: p.Content.Confirm, Comments: p.Content.Comments, From: names[p.FromOrgID], Notice: p.Notice}
	page.Excerpt = p.Content.Summary
	if p.Notice != nil {
		page.Title = p.Notice.Title
	}
	for _, file := range p.Content.Attachments {
		if link, ok := links[file.ID]; ok {
			page.Attachments = append(page.Attachments, ArticleFile{file.ID, file.Name, link})
		}
	}
	return answer(page), nil
}
