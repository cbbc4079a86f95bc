package api

import (
	"context"

	"qiming/media"
	"qiming/policies"
)

type shelfListInput struct {
	Paging
	OrgID string `query:"org_id" maxLength:"64" doc:"By default one's own"`
	Class string `query:"class" enum:"image,audio,video,document,"`
	Text  string `query:"q" maxLength:"100" doc:"Within the name"`
}

// ShelfItem is a file of an organisation's material, with links for the viewer.
type ShelfItem struct {
	media.Item
	Link media.Link `json:"link"`
}

func (a *API) shelfList(ctx context.Context, actor policies.Actor, in *shelfListInput) (*Listed[ShelfItem], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.OrgID)
	if err != nil {
		return nil, err
	}
	page, err := a.Media.Shelf(ctx, media.ShelfQuery{OrgID: orgID, Class: media.Class(in.Class), Text: in.Text, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(page.Items))
	for i, item := range page.Items {
		ids[i] = item.ID
	}
	links, err := a.Media.Links(ctx, actor.AccountID, a.mediaUntil(), ids)
	if err != nil {
		return nil, err
	}
	return listPage(page, func(item media.Item) ShelfItem { return ShelfItem{Item: item, Link: links[item.ID]} }), nil
}

// OfShelf names a file of an organisation's material.
type OfShelf struct {
	ByID
	OrgID string `query:"org_id" maxLength:"64" doc:"By default one's own"`
}

func (a *API) shelfItem(ctx context.Context, actor policies.Actor, item media.Item, err error) (*Answer[ShelfItem], error) {
	if err != nil {
		return nil, err
	}
	links, err := a.Media.Links(ctx, actor.AccountID, a.mediaUntil(), []string{item.ID})
	if err != nil {
		return nil, err
	}
	return answer(ShelfItem{Item: item, Link: links[item.ID]}), nil
}

func (a *API) shelfShow(ctx context.Context, actor policies.Actor, in *OfShelf) (*Answer[ShelfItem], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.OrgID)
	if err != nil {
		return nil, err
	}
	item, err := a.Media.OnShelf(ctx, orgID, in.ID)
	return a.shelfItem(ctx, actor, item, err)
}

type shelfSaveInput struct {
	OfShelf
	Body struct {
		Name string `json:"name,omitempty" maxLength:"200"`
	}
}

func (a *API) shelfSave(ctx context.Context, actor policies.Actor, in *shelfSaveInput) (*Answer[ShelfItem], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.OrgID)
	if err != nil {
		return nil, err
	}
	item, err := a.Media.Rename(ctx, orgID, in.ID, in.Body.Name)
	return a.shelfItem(ctx, actor, item, err)
}

// filmBegin asks anew to make a video ready.
func (a *API) filmBegin(ctx context.Context, actor policies.Actor, in *OfShelf) (*Answer[ShelfItem], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.OrgID)
	if err != nil {
		return nil, err
	}
	item, err := a.Media.Film(ctx, orgID, in.ID)
	return a.shelfItem(ctx, actor, item, err)
}

// filmsShow tells administrators whether videos are made ready.
func (a *API) filmsShow(ctx context.Context, _ policies.Actor, _ *Nothing) (*Answer[media.Films], error) {
	films, err := a.Media.Films(ctx)
	if err != nil {
		return nil, err
	}
	return answer(films), nil
}

func (a *API) shelfDelete(ctx context.Context, actor policies.Actor, in *OfShelf) (*Nothing, error) {
	orgID, _, err := a.bankOf(ctx, actor, in.OrgID)
	if err != nil {
		return nil, err
	}
	return nil, a.Media.Discard(ctx, orgID, in.ID)
}
