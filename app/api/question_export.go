package api

import (
	"bytes"
	"context"
	"net/url"

	"qiming/exam/interchange"
	"qiming/policies"
)

type questionExportInput struct {
	QuestionFilter
	Format string `query:"format" default:"xlsx" enum:"xlsx,csv,json,package,moodle,gift,aiken,qti22,qti30"`
}

// QuestionExport is a question file. X-Export-Notes counts what the format could not carry, or carries in
// a way that other programs do not read; X-Export-Note is the first of these, percent-encoded.
type QuestionExport struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Notes       int    `header:"X-Export-Notes"`
	Note        string `header:"X-Export-Note"`
	Body        []byte
}

func (a *API) questionExport(ctx context.Context, actor policies.Actor, in *questionExportInput) (*QuestionExport, error) {
	var content bytes.Buffer
	format := interchange.Format(in.Format)
	notes, err := a.Imports.Export(ctx, actor, in.filter(actor), format, &content)
	if err != nil {
		return nil, err
	}
	f := file("题库"+format.Extension(), format.MediaType(), content.Bytes())
	out := &QuestionExport{ContentType: f.ContentType, Disposition: f.Disposition, Body: f.Body, Notes: len(notes)}
	if len(notes) > 0 {
		out.Note = url.PathEscape(interchange.SayNotes(notes[:1], callOf(ctx).lang)[0].Message)
	}
	return out, nil
}

// QuestionExportNotes tells what a format cannot carry of the questions, or carries in a way that other programs do not
// read. Rows count the questions of the file from 1.
type QuestionExportNotes struct {
	Count int                   `json:"count"`
	Notes []interchange.Problem `json:"notes" doc:"The first 2,000"`
}

func (a *API) questionExportNotes(ctx context.Context, actor policies.Actor, in *questionExportInput) (*Answer[QuestionExportNotes], error) {
	notes, err := a.Imports.ExportNotes(ctx, actor, in.filter(actor), interchange.Format(in.Format))
	if err != nil {
		return nil, err
	}
	return answer(QuestionExportNotes{Count: len(notes), Notes: interchange.SayNotes(notes[:min(len(notes), 2_000)], callOf(ctx).lang)}), nil
}
