package api

import (
	"context"

	"qiming/exam"
	"qiming/policies"
)

type correctableInput struct {
	ByID
	Q string `query:"q" maxLength:"50" doc:"In the stem"`
}

func (a *API) correctableList(ctx context.Context, actor policies.Actor, in *correctableInput) (*Listed[exam.Correctable], error) {
	items, err := a.Exams.Regrades.Questions(ctx, actor, in.ID, in.Q)
	if err != nil {
		return nil, err
	}
	return list(items), nil
}

type regradeWishInput struct {
	ByID
	Body exam.RegradeWish
}

func (a *API) regradePreview(ctx context.Context, actor policies.Actor, in *regradeWishInput) (*Answer[exam.RegradePreview], error) {
	p, err := a.Exams.Regrades.Preview(ctx, actor, in.ID, in.Body, a.sight(actor))
	if err != nil {
		return nil, err
	}
	return answer(p), nil
}

// regradeAnswer tells what became of a regrade.
func (a *API) regradeAnswer(ctx context.Context, actor policies.Actor, r exam.Regrade, err error) (*Answer[exam.Regrade], error) {
	if err == nil {
		r, err = a.Exams.Regrades.Told(ctx, r, a.sight(actor))
	}
	if err != nil {
		return nil, err
	}
	return answer(r), nil
}

func (a *API) regradeAsk(ctx context.Context, actor policies.Actor, in *regradeWishInput) (*Answer[exam.Regrade], error) {
	r, err := a.Exams.Regrades.Ask(ctx, actor, in.ID, in.Body)
	return a.regradeAnswer(ctx, actor, r, err)
}

func (a *API) regradeList(ctx context.Context, actor policies.Actor, in *ByID) (*Listed[exam.RegradeSeen], error) {
	items, err := a.Exams.Regrades.List(ctx, actor, in.ID, a.sight(actor))
	if err != nil {
		return nil, err
	}
	return list(items), nil
}

func (a *API) regradeShow(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.RegradeSeen], error) {
	r, err := a.Exams.Regrades.Get(ctx, actor, in.ID, a.sight(actor))
	if err != nil {
		return nil, err
	}
	return answer(r), nil
}

type regradeApproveInput struct {
	ByID
	Body struct {
		Changed int `json:"changed" minimum:"0" doc:"How many results change, as the preview said"`
	}
}

func (a *API) regradeApprove(ctx context.Context, actor policies.Actor, in *regradeApproveInput) (*Answer[exam.Regrade], error) {
	r, err := a.Exams.Regrades.Approve(ctx, actor, in.ID, in.Body.Changed)
	return a.regradeAnswer(ctx, actor, r, err)
}

// Reasoned is the body of an act that wants a reason.
type Reasoned struct {
	Reason string `json:"reason" maxLength:"4000"`
}

type reasonInput struct {
	ByID
	Body Reasoned
}

func (a *API) regradeDecline(ctx context.Context, actor policies.Actor, in *reasonInput) (*Answer[exam.Regrade], error) {
	r, err := a.Exams.Regrades.Decline(ctx, actor, in.ID, in.Body.Reason)
	return a.regradeAnswer(ctx, actor, r, err)
}

func (a *API) regradeWithdraw(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.Regrade], error) {
	r, err := a.Exams.Regrades.Withdraw(ctx, actor, in.ID)
	return a.regradeAnswer(ctx, actor, r, err)
}

type quizMakeupInput struct {
	ByID
	Body struct {
		Title string `json:"title" maxLength:"200"`
	}
}

func (a *API) quizMakeup(ctx context.Context, actor policies.Actor, in *quizMakeupInput) (*Revised[exam.Quiz], error) {
	return quizAnswer(a.Exams.Quizzes.Makeup(ctx, actor, in.ID, in.Body.Title))
}
