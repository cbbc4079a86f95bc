package api

import (
	"context"
	"time"

	"qiming/exam"
	"qiming/policies"
)

// ReleaseWish is whose results are to be shown, and when.
type ReleaseWish struct {
	Orgs    []string   `json:"orgs,omitempty" maxItems:"500" doc:"Organisation nodes, with all below them"`
	Members []string   `json:"members,omitempty" maxItems:"500" doc:"And these; with neither it is everybody"`
	At      *time.Time `json:"at,omitempty" doc:"When; left out: now"`
}

func (w ReleaseWish) wish() exam.WaveWish {
	return exam.WaveWish{Orgs: w.Orgs, Members: w.Members, At: w.At}
}

type quizReleaseInput struct {
	ByID
	Body ReleaseWish
}

func (a *API) quizRelease(ctx context.Context, actor policies.Actor, in *quizReleaseInput) (*Answer[exam.Wave], error) {
	got, err := a.Exams.Releases.Release(ctx, actor, in.ID, in.Body.wish())
	if err != nil {
		return nil, err
	}
	return answer(got), nil
}

func (a *API) quizReleasePreview(ctx context.Context, actor policies.Actor, in *quizReleaseInput) (*Answer[exam.WavePreview], error) {
	got, err := a.Exams.Releases.Preview(ctx, actor, in.ID, in.Body.wish())
	if err != nil {
		return nil, err
	}
	return answer(got), nil
}

func (a *API) quizReleaseList(ctx context.Context, actor policies.Actor, in *ByID) (*Listed[exam.Wave], error) {
	items, err := a.Exams.Releases.List(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return list(items), nil
}

type quizReleaseCancelInput struct {
	ByID
	Release string `path:"release" maxLength:"64"`
}

func (a *API) quizReleaseCancel(ctx context.Context, actor policies.Actor, in *quizReleaseCancelInput) (*Answer[exam.Wave], error) {
	got, err := a.Exams.Releases.Cancel(ctx, actor, in.ID, in.Release)
	if err != nil {
		return nil, err
	}
	return answer(got), nil
}
