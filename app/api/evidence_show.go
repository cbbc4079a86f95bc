package api

import (
	"context"

	"qiming/exam"
	"qiming/policies"
)

type signalsInput struct {
	ByID
	Page string `path:"page" minLength:"4" maxLength:"40" pattern:"^[a-zA-Z0-9-]+$" doc:"Names the page that tells: another after a reload"`
	Body exam.Noticed
}

func (a *API) signalsPut(ctx context.Context, actor policies.Actor, in *signalsInput) (*Nothing, error) {
	return &Nothing{}, a.Exams.Attempts.Notice(ctx, actor, in.ID, in.Page, in.Body)
}

func (a *API) evidenceShow(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.Evidence], error) {
	e, err := a.Exams.Integrity.Quiz(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(e), nil
}

type warningSeenInput struct {
	ByID
	Seq int `path:"seq" minimum:"1" maximum:"100000"`
}

func (a *API) warningSeen(ctx context.Context, actor policies.Actor, in *warningSeenInput) (*Nothing, error) {
	return &Nothing{}, a.Exams.Attempts.SeenWarning(ctx, actor, in.ID, in.Seq)
}

type evidenceNoteInput struct {
	ByID
	Idempotent
	Attempt string `path:"attempt" maxLength:"128"`
	Body    struct {
		Decision exam.EvidenceDecision `json:"decision,omitempty" enum:"no_concern,follow_up,talk_held" doc:"None: a note alone"`
		Text     string                `json:"text,omitempty" maxLength:"4000"`
	}
}

func (a *API) evidenceNote(ctx context.Context, actor policies.Actor, in *evidenceNoteInput) (*Answer[exam.EvidenceNote], error) {
	note, err := a.Exams.Integrity.AddNote(ctx, actor, in.ID, in.Attempt, in.IdempotencyKey, in.Body.Decision, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return answer(note), nil
}

type evidenceOneInput struct {
	ByID
	Attempt string `path:"attempt" maxLength:"128"`
}

func (a *API) evidenceOne(ctx context.Context, actor policies.Actor, in *evidenceOneInput) (*Answer[exam.Evidence], error) {
	e, err := a.Exams.Integrity.Attempt(ctx, actor, in.ID, in.Attempt)
	if err != nil {
		return nil, err
	}
	return answer(e), nil
}
