package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"qiming/policies"
)

type subtitleSaveInput struct {
	OfShelf
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"WebVTT or SRT; UTF-8, GB18030, or UTF-16 with a mark"`
		Lang string        `form:"lang" required:"true" maxLength:"20" doc:"BCP 47: zh-CN, en"`
	}]
}

func (a *API) subtitleSave(ctx context.Context, actor policies.Actor, in *subtitleSaveInput) (*Answer[ShelfItem], error) {
	form := in.RawBody.Data()
	defer form.File.Close()
	orgID, _, err := a.bankOf(ctx, actor, in.OrgID)
	if err != nil {
		return nil, err
	}
	item, err := a.Media.Subtitle(ctx, orgID, in.ID, form.Lang, form.File)
	return a.shelfItem(ctx, actor, item, err)
}

type subtitleDeleteInput struct {
	OfShelf
	Lang string `path:"lang" maxLength:"20"`
}

func (a *API) subtitleDelete(ctx context.Context, actor policies.Actor, in *subtitleDeleteInput) (*Answer[ShelfItem], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.OrgID)
	if err != nil {
		return nil, err
	}
	item, err := a.Media.Unsubtitle(ctx, orgID, in.ID, in.Lang)
	return a.shelfItem(ctx, actor, item, err)
}
