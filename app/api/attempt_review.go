package api

import (
	"context"

	"qiming/exam"
	"qiming/policies"
)

func (a *API) attemptReview(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.Review], error) {
	review, err := a.Exams.Attempts.Review(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	shown, responses := apart(review.Items)
	for _, late := range review.Late {
		if late.Response != nil {
			responses = append(responses, *late.Response)
		}
	}
	if review.Media, err = a.links(ctx, actor, a.mediaUntil(), shown, responses...); err != nil {
		return nil, err
	}
	return answer(review), nil
}

func (a *API) attemptReceipts(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.Chain], error) {
	chain, err := a.Exams.Attempts.Receipts(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(chain), nil
}

type receiptVerifyInput struct {
	Body struct {
		Chain exam.Chain `json:"chain"`
	}
}

func (a *API) receiptVerify(ctx context.Context, _ policies.Actor, in *receiptVerifyInput) (*Answer[exam.Verdict], error) {
	verdict, err := a.Exams.Attempts.VerifyChain(ctx, in.Body.Chain)
	if err != nil {
		return nil, err
	}
	return answer(verdict), nil
}

func (a *API) ownAttempts(ctx context.Context, actor policies.Actor, in *Paging) (*Listed[exam.AttemptSummary], error) {
	page, err := a.Exams.Attempts.Mine(ctx, actor, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	return listPage(page, func(s exam.AttemptSummary) exam.AttemptSummary { return s }), nil
}
