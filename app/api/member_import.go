package api

import (
	"context"
	"encoding/json"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"qiming/app/member"
	"qiming/internal/fault"
	"qiming/internal/spreadsheet"
	"qiming/policies"
)

type memberImportInput struct {
	RawBody huma.MultipartFormFiles[struct {
		File    huma.FormFile `form:"file" required:"true"`
		OrgID   string        `form:"org_id" required:"false" maxLength:"64" doc:"Takes the rows that name no organisation"`
		Mapping string        `form:"mapping" required:"false" maxLength:"8192" doc:"JSON object: heading to field, empty leaves the column out"`
	}]
}

func (a *API) memberImportPreview(ctx context.Context, actor policies.Actor, in *memberImportInput) (*Answer[member.Batch], error) {
	form := in.RawBody.Data()
	data, err := io.ReadAll(io.LimitReader(form.File, spreadsheet.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	up := member.Upload{File: form.File.Filename, Data: data, OrgID: form.OrgID}
	if form.Mapping != "" {
		if err := json.Unmarshal([]byte(form.Mapping), &up.Mapping); err != nil {
			return nil, fault.Bad("request.invalid", []fault.Field{{Path: "mapping", Key: "format"}})
		}
	}
	batch, err := a.Members.Preview(ctx, actor, up)
	return memberBatch(batch, err)
}

func memberBatch(b member.Batch, err error) (*Answer[member.Batch], error) {
	if err != nil {
		return nil, err
	}
	return answer(b), nil
}

func (a *API) memberImportList(ctx context.Context, actor policies.Actor, in *Paging) (*Listed[member.Batch], error) {
	page, err := a.Members.Batches(ctx, actor, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	return listPage(page, func(b member.Batch) member.Batch { b.Problems, b.Sample = nil, nil; return b }), nil
}

func (a *API) memberImportShow(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[member.Batch], error) {
	return memberBatch(a.Members.Batch(ctx, actor, in.ID))
}

func (a *API) memberImportConfirm(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[member.Batch], error) {
	return memberBatch(a.Members.Confirm(ctx, actor, in.ID))
}

// MemberImportUndone is an import that was taken back, and whom it left.
type MemberImportUndone struct {
	Import member.Batch  `json:"import"`
	Kept   []member.Kept `json:"kept"`
}

func (a *API) memberImportUndo(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[MemberImportUndone], error) {
	b, kept, err := a.Members.Undo(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(MemberImportUndone{Import: b, Kept: kept}), nil
}
