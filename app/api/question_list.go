package api

import (
	"context"
	"strings"

	"qiming/exam/question"
	"qiming/policies"
)

// QuestionFilter narrows a listing or an export of questions.
type QuestionFilter struct {
	Org           string   `query:"org" maxLength:"64" doc:"The bank of this organisation only"`
	Category      string   `query:"category" maxLength:"64" doc:"With all below it; \"none\" = without a category"`
	Kind          []string `query:"kind,explode" maxItems:"20" doc:"Any of these; also as a list with commas"`
	Status        []string `query:"status,explode" maxItems:"10" doc:"Any of these; also as a list with commas"`
	DifficultyMin int      `query:"difficulty_min" minimum:"0" maximum:"5"`
	DifficultyMax int      `query:"difficulty_max" minimum:"0" maximum:"5"`
	Tag           []string `query:"tag,explode" maxItems:"20" doc:"All of these"`
	Q             string   `query:"q" maxLength:"200" doc:"Part of the stem"`
	Author        string   `query:"author" maxLength:"64"`
	Batch         string   `query:"batch" maxLength:"64" doc:"The import that made them"`
	Origin        string   `query:"origin" maxLength:"300" doc:"The imported file, or a row of it: bank.xlsx:12"`
}

func (f QuestionFilter) filter() question.Filter {
	return question.Filter{OrgID: f.Org, CategoryID: f.Category, Kinds: oneOf[question.Kind](f.Kind), Statuses: oneOf[question.Status](f.Status), MinDifficulty: f.DifficultyMin,
		MaxDifficulty: f.DifficultyMax, Tags: f.Tag, Text: f.Q, AuthorID: f.Author, BatchID: f.Batch, Origin: f.Origin}
}

// oneOf reads a closed set from a query: repeated parameters, or one with commas.
func oneOf[T ~string](values []string) []T {
	var out []T
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			if part != "" {
				out = append(out, T(part))
			}
		}
	}
	return out
}

type questionListInput struct {
	Paging
	QuestionFilter
}

func (a *API) questionList(ctx context.Context, actor policies.Actor, in *questionListInput) (*Listed[question.Question], error) {
	l, err := a.Bank.List(ctx, actor, in.filter(), in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	return &Listed[question.Question]{Body: List[question.Question]{Items: l.Items, Next: l.Next, Total: &l.Total}}, nil
}
