package api

import (
	"context"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/media"
	"qiming/policies"
)

type questionCheckInput struct {
	Body struct {
		Content  question.Content `json:"content"`
		OrgID    string           `json:"org_id,omitempty" maxLength:"64" doc:"Whose bank; by default one's own"`
		ExceptID string           `json:"except_id,omitempty" maxLength:"64" doc:"The question being edited"`
	}
}

// QuestionCheck is what an author sees while writing.
type QuestionCheck struct {
	Errors     []fault.Field        `json:"errors"`
	Duplicates []question.Neighbour `json:"duplicates" doc:"Questions of the bank with the same stem"`
	Similar    []question.Neighbour `json:"similar" doc:"Questions of the bank that say nearly the same, the most alike first"`
	Preview    question.Item        `json:"preview" doc:"As a taker sees it"`
	Key        question.Key         `json:"key" doc:"As a review shows it"`
	Media      media.Links          `json:"media,omitempty"`
	Points     []question.KeyPoint  `json:"points" doc:"Of a short answer without key points: those proposed from its model answer"`
}

func (a *API) questionCheck(ctx context.Context, actor policies.Actor, in *questionCheckInput) (*Answer[QuestionCheck], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	c := in.Body.Content
	question.Prepare(&c)
	out := QuestionCheck{Errors: question.Validate(c), Duplicates: []question.Neighbour{}, Similar: []question.Neighbour{},
		Preview: question.Present(c, nil), Key: question.Reveal(c)}
	out.Points = []question.KeyPoint{}
	if c.Kind == question.Short && len(c.Points) == 0 {
		out.Points = question.ProposePoints(c)
	}
	if c.Stem != "" {
		if out.Duplicates, err = a.Bank.Neighbours(ctx, actor, orgID, c, in.Body.ExceptID); err != nil {
			return nil, err
		}
		if out.Similar, err = a.Bank.NearDuplicates(ctx, actor, orgID, c, in.Body.ExceptID); err != nil {
			return nil, err
		}
	}
	if out.Media, err = a.links(ctx, actor, a.mediaUntil(), c); err != nil {
		return nil, err
	}
	return answer(out), nil
}
