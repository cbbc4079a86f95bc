package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"qiming/app/account"
	"qiming/exam"
	"qiming/exam/question"
	"qiming/media"
	"qiming/policies"
)

type attemptShowInput struct {
	ByID
	View bool `query:"view" doc:"Only look, also where another session answers"`
}

func (a *API) attemptShow(ctx context.Context, actor policies.Actor, in *attemptShowInput) (*Answer[exam.Sheet], error) {
	sheet, err := a.Exams.Attempts.Get(ctx, actor, in.ID, in.View)
	if err != nil {
		return nil, err
	}
	return a.sheetAnswer(ctx, actor, sheet)
}

func (a *API) sheetAnswer(ctx context.Context, actor policies.Actor, sheet exam.Sheet) (*Answer[exam.Sheet], error) {
	if err := a.linkSheet(ctx, actor, &sheet); err != nil {
		return nil, err
	}
	return answer(sheet), nil
}

// linkSheet adds links of what a sheet shows.
func (a *API) linkSheet(ctx context.Context, actor policies.Actor, sheet *exam.Sheet) (err error) {
	responses := make([]question.Response, len(sheet.Answers))
	for i, given := range sheet.Answers {
		responses[i] = given.Response
	}
	sheet.Media, err = a.links(ctx, actor, sheet.MediaUntil(), []any{sheet.Items, sheet.Checks}, responses...)
	return err
}

func (a *API) attemptClock(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.Standing], error) {
	standing, err := a.Exams.Attempts.Clock(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(standing), nil
}

type attemptSaveInput struct {
	ByID
	Body struct {
		Session string        `json:"session" maxLength:"64"`
		Answers []exam.Answer `json:"answers" minItems:"1" maxItems:"200"`
	}
}

func (a *API) attemptSave(ctx context.Context, actor policies.Actor, in *attemptSaveInput) (*Answer[exam.Saved], error) {
	saved, err := a.Exams.Attempts.Save(ctx, actor, in.ID, in.Body.Session, in.Body.Answers)
	if err != nil {
		return nil, err
	}
	return answer(saved), nil
}

type attemptAttachInput struct {
	ByID
	RawBody huma.MultipartFormFiles[struct {
		File    huma.FormFile `form:"file" required:"true"`
		Session string        `form:"session" required:"true" maxLength:"64"`
		Slot    int           `form:"slot" required:"true" minimum:"1"`
	}]
}

// Attached is a file that an answer may name now.
type Attached struct {
	ID   string     `json:"id"`
	Link media.Link `json:"link"`
}

func (a *API) attemptAttach(ctx context.Context, actor policies.Actor, in *attemptAttachInput) (*Answer[Attached], error) {
	form := in.RawBody.Data()
	defer form.File.Close()
	f, err := a.Exams.Attempts.Attach(ctx, actor, in.ID, form.Session, form.Slot, form.File.Filename, form.File)
	if err != nil {
		return nil, err
	}
	links, err := a.Media.Links(ctx, actor.AccountID, a.Clock.Now().Add(12*time.Hour), []string{f.ID})
	if err != nil {
		return nil, err
	}
	return answer(Attached{ID: f.ID, Link: links[f.ID]}), nil
}

type attemptCheckInput struct {
	ByID
	Body struct {
		Session string `json:"session" maxLength:"64"`
		Slot    int    `json:"slot" minimum:"1"`
	}
}

func (a *API) attemptCheck(ctx context.Context, actor policies.Actor, in *attemptCheckInput) (*Answer[exam.Checked], error) {
	checked, err := a.Exams.Attempts.CheckItem(ctx, actor, in.ID, in.Body.Session, in.Body.Slot)
	if err != nil {
		return nil, err
	}
	if checked.Media, err = a.links(ctx, actor, a.mediaUntil(), checked.Shown); err != nil {
		return nil, err
	}
	return answer(checked), nil
}

func (a *API) attemptTakeover(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.Sheet], error) {
	sheet, err := a.Exams.Attempts.Takeover(ctx, actor, in.ID, account.Device(callOf(ctx).userAgent))
	if err != nil {
		return nil, err
	}
	a.noteAttempt(actor, "attempt.takeover", in.ID, sheet.Attempt.Title)
	return a.sheetAnswer(ctx, actor, sheet)
}

type attemptSubmitInput struct {
	ByID
	Idempotent
	Body struct {
		Session string `json:"session" maxLength:"64"`
	}
}

func (a *API) attemptSubmit(ctx context.Context, actor policies.Actor, in *attemptSubmitInput) (*Answer[exam.Handed], error) {
	handed, err := a.Exams.Attempts.Submit(ctx, actor, in.ID, in.Body.Session)
	if err != nil {
		return nil, err
	}
	a.noteAttempt(actor, "attempt.submit", in.ID, "")
	return answer(handed), nil
}
