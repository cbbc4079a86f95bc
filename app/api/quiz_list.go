package api

import (
	"context"
	"slices"
	"strings"

	"qiming/exam"
	"qiming/policies"
)

// QuizItem is a quiz in a list or by itself. Pending, Graded and Released are there with for=marking, and by itself once it was published.
type QuizItem struct {
	exam.Quiz
	OrgName  string `json:"org_name"`
	Pending  *int   `json:"pending,omitempty" doc:"Attempts with answers to mark"`
	Graded   *int   `json:"graded,omitempty" doc:"Attempts that are marked and not released"`
	Released *int   `json:"released,omitempty" doc:"Attempts whose result is out"`
	Own      *bool  `json:"own,omitempty" doc:"False: of an organisation above; its results of one's own members may be read"`
}

func (q *QuizItem) sheets(n exam.SheetCount) {
	q.Pending, q.Graded, q.Released = &n.Pending, &n.Graded, &n.Released
}

type quizListInput struct {
	Paging
	Org    string          `query:"org" maxLength:"64" doc:"Of this organisation and those below it"`
	Status exam.QuizStatus `query:"status" enum:"draft,published,closed,archived"`
	Q      string          `query:"q" maxLength:"100" doc:"In the title"`
	For    string          `query:"for" enum:"marking" doc:"marking: quizzes that were published, with what waits in them, in one piece"`
}

func (a *API) quizList(ctx context.Context, actor policies.Actor, in *quizListInput) (*Listed[QuizItem], error) {
	if in.For == "marking" {
		quizzes, err := a.Exams.Marking.Quizzes(ctx, actor)
		if err != nil {
			return nil, err
		}
		items := []QuizItem{}
		for _, q := range quizzes {
			if (in.Org == "" || slices.Contains(q.OrgPath, in.Org)) && (in.Status == "" || q.Status == in.Status) && strings.Contains(q.Title, in.Q) {
				item := QuizItem{Quiz: a.redacted(actor, q.Quiz), Own: &q.Own}
				item.sheets(q.SheetCount)
				items = append(items, item)
			}
		}
		return list(items), a.nameQuizzes(ctx, items)
	}
	page, err := a.Exams.Quizzes.List(ctx, actor, exam.QuizFilter{OrgID: in.Org, Status: in.Status, Text: in.Q}, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	out := listPage(page, func(q exam.Quiz) QuizItem { return QuizItem{Quiz: a.redacted(actor, q)} })
	return out, a.nameQuizzes(ctx, out.Body.Items)
}

func (a *API) nameQuizzes(ctx context.Context, items []QuizItem) error {
	ids := make([]string, len(items))
	for i := range items {
		ids[i] = items[i].OrgID
	}
	names, err := a.Orgs.Names(ctx, ids...)
	for i := range items {
		items[i].OrgName = names[items[i].OrgID]
	}
	return err
}
