package api

import (
	"context"
	"strings"

	"qiming/exam/question"
	"qiming/policies"
)

// QuestionFilter narrows a listing or an export of questions.
type QuestionFilter struct {
	Org           string   `json:"org,omitempty" query:"org" maxLength:"64" doc:"The bank of this organisation only"`
	Category      string   `json:"category,omitempty" query:"category" maxLength:"64" doc:"With all below it; \"none\" = without a category"`
	Kind          []string `json:"kind,omitempty" query:"kind,explode" maxItems:"20" doc:"Any of these; also as a list with commas"`
	Status        []string `json:"status,omitempty" query:"status,explode" maxItems:"10" doc:"Any of these; also as a list with commas"`
	DifficultyMin int      `json:"difficulty_min,omitempty" query:"difficulty_min" minimum:"0" maximum:"5"`
	DifficultyMax int      `json:"difficulty_max,omitempty" query:"difficulty_max" minimum:"0" maximum:"5"`
	Tag           []string `json:"tag,omitempty" query:"tag,explode" maxItems:"20" doc:"All of these"`
	TagAny        []string `json:"tag_any,omitempty" query:"tag_any,explode" maxItems:"100" doc:"One of these at least"`
	Q             string   `json:"q,omitempty" query:"q" maxLength:"200" doc:"Part of the stem"`
	Author        string   `json:"author,omitempty" query:"author" maxLength:"64"`
	Batch         string   `json:"batch,omitempty" query:"batch" maxLength:"64" doc:"The import that made them"`
	Origin        string   `json:"origin,omitempty" query:"origin" maxLength:"300" doc:"The imported file, or a row of it: bank.xlsx:12"`
	Waiting       bool     `json:"waiting,omitempty" query:"waiting" doc:"Waits for one's own review"`
	Returned      bool     `json:"returned,omitempty" query:"returned" doc:"One's own, sent back by a reviewer"`
	ExpiresBy     string   `json:"expires_by,omitempty" query:"expires_by" format:"date" maxLength:"10" doc:"Holds until this day at the latest; the soonest first"`
	ExpiresFrom   string   `json:"expires_from,omitempty" query:"expires_from" format:"date" maxLength:"10" doc:"Has a last day, not before this one"`
	Basis         string   `json:"basis,omitempty" query:"basis" maxLength:"200" doc:"Part of the regulation that it rests on"`
	Article       string   `json:"article,omitempty" query:"article" maxLength:"64" doc:"Rest on a passage of this article of the knowledge base"`
	ToCheck       bool     `json:"to_check,omitempty" query:"to_check" doc:"Somebody is to see whether it still holds"`
}

func (f QuestionFilter) filter(actor policies.Actor) question.Filter {
	out := question.Filter{OrgID: f.Org, CategoryID: f.Category, Kinds: oneOf[question.Kind](f.Kind), Statuses: oneOf[question.Status](f.Status), MinDifficulty: f.DifficultyMin,
		MaxDifficulty: f.DifficultyMax, Tags: f.Tag, TagsAny: f.TagAny, Text: f.Q, AuthorID: f.Author, BatchID: f.Batch, Origin: f.Origin,
		ExpiresBy: f.ExpiresBy, ExpiresFrom: f.ExpiresFrom, Basis: f.Basis, ArticleID: f.Article, ToCheck: f.ToCheck}
	if f.Waiting {
		out.ReviewBy = actor.AccountID
	}
	if f.Returned {
		out.ReturnedTo = actor.AccountID
	}
	return out
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
	l, err := a.Bank.List(ctx, actor, in.filter(actor), in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	return &Listed[question.Question]{Body: List[question.Question]{Items: l.Items, Next: l.Next, Total: &l.Total}}, nil
}
