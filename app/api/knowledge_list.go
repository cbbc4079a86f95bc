package api

import (
	"context"
	"time"

	"qiming/knowledge"
	"qiming/media"
	"qiming/policies"
)

// KnowledgeItem is an article in a reader's listing.
type KnowledgeItem struct {
	ID         string             `json:"id"`
	OrgID      string             `json:"org_id"`
	OrgName    string             `json:"org_name"`
	Version    int                `json:"version"`
	At         time.Time          `json:"at" doc:"When this version was published"`
	Kind       knowledge.Kind     `json:"kind" enum:"article,regulation,faq,term"`
	Title      string             `json:"title"`
	Excerpt    string             `json:"excerpt" doc:"The summary, else how the text begins"`
	CategoryID string             `json:"category_id,omitempty"`
	Tags       []string           `json:"tags"`
	Aliases    []string           `json:"aliases" doc:"Of a term: its other names"`
	Source     knowledge.Source   `json:"source"`
	Law        *knowledge.Law     `json:"law,omitempty" doc:"Of a regulation"`
	Standing   knowledge.Standing `json:"standing,omitempty" enum:"upcoming,in_force,expired,replaced" doc:"Of a regulation, today"`
	ReplacedBy []knowledge.Ref    `json:"replaced_by"`
	Cover      *media.Link        `json:"cover,omitempty"`
}

func knowledgeItem(p knowledge.Page, orgs map[string]string, links media.Links) KnowledgeItem {
	c := p.Content
	item := KnowledgeItem{ID: p.ID, OrgID: p.OrgID, OrgName: orgs[p.OrgID], Version: p.Version, At: p.At, Kind: c.Kind, Title: c.Title, Excerpt: p.Excerpt,
		CategoryID: c.CategoryID, Tags: c.Tags, Aliases: c.Aliases, Source: c.Source, Standing: p.Standing, ReplacedBy: p.ReplacedBy}
	if c.Law != nil {
		law := *c.Law
		law.Replaces = nil // ids of what the reader may not see; the page names those that may be seen
		item.Law = &law
	}
	if link, ok := links[c.Cover]; ok && link.Class == media.Image {
		item.Cover = &link
	}
	return item
}

type knowledgeListInput struct {
	Paging
	Q        string   `query:"q" maxLength:"200" doc:"Part of the title, the summary, the number or another name"`
	Org      string   `query:"org" maxLength:"64" doc:"Of this organisation only"`
	Category string   `query:"category" maxLength:"64" doc:"With all below it"`
	Kind     []string `query:"kind,explode" maxItems:"4" doc:"Any of these; also as a list with commas"`
	Tag      string   `query:"tag" maxLength:"40"`
	Official bool     `query:"official" doc:"Only what has the official mark"`
}

func (a *API) knowledgeList(ctx context.Context, actor policies.Actor, in *knowledgeListInput) (*Listed[KnowledgeItem], error) {
	found, err := a.Knowledge.List(ctx, actor, knowledge.Filter{OrgID: in.Org, CategoryID: in.Category, Kinds: oneOf[knowledge.Kind](in.Kind),
		Tag: in.Tag, Official: in.Official, Text: in.Q}, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	var orgs, covers []string
	for _, p := range found.Items {
		orgs = append(orgs, p.OrgID)
		if p.Content.Cover != "" {
			covers = append(covers, p.Content.Cover)
		}
	}
	names, err := a.Orgs.Names(ctx, orgs...)
	if err != nil {
		return nil, err
	}
	links, err := a.Media.Links(ctx, actor.AccountID, a.mediaUntil(), covers)
	if err != nil {
		return nil, err
	}
	items := make([]KnowledgeItem, len(found.Items))
	for i, p := range found.Items {
		items[i] = knowledgeItem(p, names, links)
	}
	return &Listed[KnowledgeItem]{Body: List[KnowledgeItem]{Items: items, Next: found.Next, Total: &found.Total}}, nil
}

// CategoryShown is a category with the name of whose it is.
type CategoryShown struct {
	knowledge.CategoryCount
	OrgName string `json:"org_name"`
}

// KnowledgeOverview is what a reader may choose from.
type KnowledgeOverview struct {
	Categories []CategoryShown        `json:"categories" doc:"Parents before children, siblings in their order"`
	Kinds      map[knowledge.Kind]int `json:"kinds" doc:"How many of each kind"`
	Tags       []knowledge.TagCount   `json:"tags" doc:"The most used first"`
}

func (a *API) knowledgeOverview(ctx context.Context, actor policies.Actor, _ *Nothing) (*Answer[KnowledgeOverview], error) {
	o, err := a.Knowledge.Overview(ctx, actor)
	if err != nil {
		return nil, err
	}
	categories, err := a.named(ctx, o.Categories)
	if err != nil {
		return nil, err
	}
	return answer(KnowledgeOverview{Categories: categories, Kinds: o.Kinds, Tags: o.Tags}), nil
}

// named adds the names of the organisations to categories.
func (a *API) named(ctx context.Context, categories []knowledge.CategoryCount) ([]CategoryShown, error) {
	var orgs []string
	for _, c := range categories {
		orgs = append(orgs, c.OrgID)
	}
	names, err := a.Orgs.Names(ctx, orgs...)
	if err != nil {
		return nil, err
	}
	out := make([]CategoryShown, len(categories))
	for i, c := range categories {
		out[i] = CategoryShown{c, names[c.OrgID]}
	}
	return out, nil
}
