package api

import (
	"context"

	"qiming/exam"
	"qiming/policies"
)

type quizCheckInput struct {
	ByID
	Body *exam.Draft `required:"false" doc:"What is on screen; without it the quiz as it is kept"`
}

func (a *API) quizCheck(ctx context.Context, actor policies.Actor, in *quizCheckInput) (*Answer[exam.Check], error) {
	var c exam.Check
	var err error
	if in.Body != nil {
		c, err = a.Exams.Quizzes.CheckDraft(ctx, actor, in.ID, *in.Body)
	} else {
		c, err = a.Exams.Quizzes.Check(ctx, actor, in.ID)
	}
	if err != nil {
		return nil, err
	}
	return answer(c), nil
}

func (a *API) quizEquality(ctx context.Context, actor policies.Actor, in *quizCheckInput) (*Answer[exam.Equality], error) {
	e, err := a.Exams.Quizzes.Equality(ctx, actor, in.ID, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(e), nil
}

type quizStepInput struct {
	ByID
	IfMatch
}

// quizStep takes a quiz from one status to another; without If-Match what is kept now.
func quizStep(ctx context.Context, actor policies.Actor, in *quizStepInput, step func(context.Context, policies.Actor, string, int64) (exam.Quiz, error)) (*Revised[exam.Quiz], error) {
	rev, err := in.RevIfAny()
	if err != nil {
		return nil, err
	}
	return quizAnswer(step(ctx, actor, in.ID, rev))
}

func (a *API) quizPublish(ctx context.Context, actor policies.Actor, in *quizStepInput) (*Revised[exam.Quiz], error) {
	return quizStep(ctx, actor, in, a.Exams.Quizzes.Publish)
}

func (a *API) quizClose(ctx context.Context, actor policies.Actor, in *quizStepInput) (*Revised[exam.Quiz], error) {
	return quizStep(ctx, actor, in, a.Exams.Quizzes.Close)
}

func (a *API) quizReopen(ctx context.Context, actor policies.Actor, in *quizStepInput) (*Revised[exam.Quiz], error) {
	return quizStep(ctx, actor, in, a.Exams.Quizzes.Reopen)
}

func (a *API) quizArchive(ctx context.Context, actor policies.Actor, in *quizStepInput) (*Revised[exam.Quiz], error) {
	return quizStep(ctx, actor, in, a.Exams.Quizzes.Archive)
}

type quizPreviewInput struct {
	ByID
	Seed string `query:"seed" maxLength:"64" doc:"Another seed is another paper"`
}

func (a *API) quizPreview(ctx context.Context, actor policies.Actor, in *quizPreviewInput) (*Answer[exam.Sheet], error) {
	sheet, err := a.Exams.Quizzes.Preview(ctx, actor, in.ID, in.Seed)
	if err != nil {
		return nil, err
	}
	return a.sheetAnswer(ctx, actor, sheet)
}
