package api

import (
	"context"

	"qiming/exam"
	"qiming/policies"
)

func quizAnswer(q exam.Quiz, err error) (*Revised[exam.Quiz], error) {
	if err != nil {
		return nil, err
	}
	return revised(q.Rev, q), nil
}

func (a *API) quizShow(ctx context.Context, actor policies.Actor, in *ByID) (*Revised[QuizItem], error) {
	q, err := a.Exams.Quizzes.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	items := []QuizItem{{Quiz: a.redacted(actor, q)}}
	if q.Number > 0 {
		n, err := a.Exams.Marking.Sheets(ctx, q.ID)
		if err != nil {
			return nil, err
		}
		items[0].sheets(n)
	}
	return revised(q.Rev, items[0]), a.nameQuizzes(ctx, items)
}

// redacted leaves the password to those who write the quiz: who only reads it may be due to take it.
func (a *API) redacted(actor policies.Actor, q exam.Quiz) exam.Quiz {
	if !a.Policies.Scope(actor, policies.QuizWrite).Covers(q.OrgPath) {
		q.Settings.Password = ""
	}
	return q
}

type quizCreateInput struct {
	Body struct {
		Title string `json:"title" minLength:"1" maxLength:"200"`
		OrgID string `json:"org_id" maxLength:"64"`
	}
}

func (a *API) quizCreate(ctx context.Context, actor policies.Actor, in *quizCreateInput) (*Revised[exam.Quiz], error) {
	path, err := a.Orgs.Path(ctx, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	return quizAnswer(a.Exams.Quizzes.Create(ctx, actor, in.Body.Title, path))
}

type quizSaveInput struct {
	ByID
	IfMatch
	Body exam.Draft
}

func (a *API) quizSave(ctx context.Context, actor policies.Actor, in *quizSaveInput) (*Revised[exam.Quiz], error) {
	rev, err := in.Rev()
	if err != nil {
		return nil, err
	}
	return quizAnswer(a.Exams.Quizzes.Save(ctx, actor, in.ID, rev, in.Body))
}

func (a *API) quizDelete(ctx context.Context, actor policies.Actor, in *ByID) (*Nothing, error) {
	return &Nothing{}, a.Exams.Quizzes.Delete(ctx, actor, in.ID)
}
