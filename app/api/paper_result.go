package api

import (
	"context"
	"io"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"qiming/exam"
	"qiming/internal/fault"
	"qiming/internal/spreadsheet"
	"qiming/policies"
)

// PaperOf says which papers are meant.
type PaperOf struct {
	Version int `query:"version" minimum:"0" doc:"Of the quiz that they were printed from; 0 = the published one"`
}

type paperFormInput struct {
	ByID
	Paging
	PaperOf
	Org string `query:"org" maxLength:"64" doc:"With its subtree"`
	Q   string `query:"q" maxLength:"60" doc:"In the name"`
}

func (a *API) paperFormShow(ctx context.Context, actor policies.Actor, in *paperFormInput) (*Answer[exam.PaperForm], error) {
	form, err := a.Exams.Entries.Form(ctx, actor, in.ID, in.Version, in.Org, in.Q, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	return answer(form), nil
}

type paperEnterInput struct {
	ByID
	IfMatch
	Member string `path:"member" maxLength:"64"`
	Number int    `path:"number" minimum:"1" maximum:"1000"`
	Body   exam.PaperResult
}

func (a *API) paperEnter(ctx context.Context, actor policies.Actor, in *paperEnterInput) (*Answer[exam.PaperRow], error) {
	rev, err := in.RevIfAny() // without If-Match: there was none
	if err != nil {
		return nil, err
	}
	row, err := a.Exams.Entries.Enter(ctx, actor, in.ID, in.Member, in.Number, rev, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(row), nil
}

type paperTemplateInput struct {
	ByID
	PaperOf
	Org string `query:"org" maxLength:"64" doc:"With its subtree"`
}

func (a *API) paperTemplate(ctx context.Context, actor policies.Actor, in *paperTemplateInput) (*File, error) {
	title, content, err := a.Exams.Entries.Template(ctx, actor, in.ID, in.Version, in.Org)
	if err != nil {
		return nil, err
	}
	return file(title+" 纸质成绩.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content), nil
}

type paperImportInput struct {
	ByID
	RawBody huma.MultipartFormFiles[struct {
		File    huma.FormFile `form:"file" required:"true"`
		SatOn   string        `form:"sat_on" required:"false" maxLength:"10" doc:"YYYY-MM-DD: when the rows without a day were sat; by default today"`
		Version int           `form:"version" required:"false" minimum:"0" doc:"Of the quiz that the papers were printed from; 0 = the published one"`
	}]
}

func (a *API) paperImportPreview(ctx context.Context, actor policies.Actor, in *paperImportInput) (*Answer[exam.PaperImport], error) {
	form := in.RawBody.Data()
	defer form.File.Close()
	data, err := io.ReadAll(io.LimitReader(form.File, spreadsheet.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	up := exam.Upload{File: form.File.Filename, Data: data, Zone: a.Zone, SatOn: a.Clock.Now(), Version: form.Version}
	if form.SatOn != "" {
		day, err := time.ParseInLocation(time.DateOnly, form.SatOn, a.Zone)
		if err != nil {
			return nil, fault.Bad("request.invalid", []fault.Field{{Path: "sat_on", Key: "format"}})
		}
		up.SatOn = day.Add(12 * time.Hour)
	}
	return paperImport(a.Exams.Entries.Preview(ctx, actor, in.ID, up))
}

func paperImport(m exam.PaperImport, err error) (*Answer[exam.PaperImport], error) {
	if err != nil {
		return nil, err
	}
	return answer(m), nil
}

func (a *API) paperImportList(ctx context.Context, actor policies.Actor, in *ByID) (*Listed[exam.PaperImport], error) {
	imports, err := a.Exams.Entries.Imports(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return list(imports), nil
}

func (a *API) paperImportShow(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.PaperImport], error) {
	return paperImport(a.Exams.Entries.Import(ctx, actor, in.ID))
}

func (a *API) paperImportConfirm(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.PaperImport], error) {
	return paperImport(a.Exams.Entries.Confirm(ctx, actor, in.ID))
}

func (a *API) paperImportUndo(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.PaperImport], error) {
	return paperImport(a.Exams.Entries.UndoImport(ctx, actor, in.ID))
}
