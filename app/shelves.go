package app

import (
	"context"
	"time"

	"qiming/app/finder"
	"qiming/exam/question"
	"qiming/knowledge"
	"qiming/policies"
	"qiming/search/index"
)

// Types of what is found.
const (
	articleType  = "article"
	questionType = "question"
)

// shelves is all that is found.
func (a *App) shelves() []finder.Shelf {
	return []finder.Shelf{a.articleShelf(), a.questionShelf()}
}

func (a *App) articleShelf() finder.Shelf {
	return finder.Shelf{
		Source: index.Source{Name: "articles", Type: articleType, Changes: a.Knowledge.Changes, Documents: func(ctx context.Context, ids []string) ([]*index.Document, error) {
			articles, err := a.Knowledge.SearchDocuments(ctx, ids)
			out := make([]*index.Document, len(articles))
			for i, d := range articles {
				out[i] = articleDocument(d, a.zone)
			}
			return out, err
		}},
		Tokens: a.Knowledge.Tokens,
		Seen:   a.Knowledge.Seen,

		CategoryNames: a.Knowledge.CategoryNames,
	}
}

func articleDocument(d knowledge.Document, zone *time.Location) *index.Document {
	out := &index.Document{
		Type: articleType, ID: d.ID, Kind: string(d.Kind), OrgID: d.OrgID, Title: d.Title, Names: d.Aliases, Text: d.Text, Audience: d.Audience,
		Category: d.Category, Tags: d.Tags, Source: d.Source, Official: d.Official, Date: d.PublishedAt.In(zone),
	}
	if d.Number != "" {
		out.Names = append(out.Names, d.Number)
	}
	if last, err := time.ParseInLocation(time.DateOnly, d.ExpiresAt, zone); err == nil {
		out.Expired = last.AddDate(0, 0, 1) // it holds on its last day
	}
	return out
}

func (a *App) questionShelf() finder.Shelf {
	// reads gives an actor with the scope of question:read; false where there is none.
	reads := func(actor policies.Actor) (policies.Actor, bool) {
		actor.Scope = a.Policies.Scope(actor, policies.QuestionRead)
		return actor, a.Policies.Allowed(actor, policies.QuestionRead) && len(actor.Scope) > 0
	}
	return finder.Shelf{
		Source: index.Source{Name: "questions", Type: questionType, Changes: a.Bank.Changes, Documents: func(ctx context.Context, ids []string) ([]*index.Document, error) {
			questions, err := a.Bank.SearchDocuments(ctx, ids)
			out := make([]*index.Document, len(questions))
			for i, d := range questions {
				out[i] = questionDocument(d, a.zone)
			}
			return out, err
		}},
		Tokens: func(ctx context.Context, actor policies.Actor) ([]string, error) {
			actor, may := reads(actor)
			if !may {
				return nil, nil
			}
			return a.Bank.ReaderTokens(ctx, actor)
		},
		Seen: func(ctx context.Context, actor policies.Actor, ids []string) (map[string]bool, error) {
			actor, may := reads(actor)
			if !may {
				return nil, nil
			}
			return a.Bank.Seen(ctx, actor, ids)
		},
		CategoryNames: a.Bank.CategoryNames,
	}
}

func questionDocument(d question.Document, zone *time.Location) *index.Document {
	return &index.Document{
		Type: questionType, ID: d.ID, Kind: questionType, OrgID: d.OrgID, Text: d.Text, Audience: d.Audience, Category: d.Category,
		Tags: d.Tags, Source: d.Source, Date: d.At.In(zone),
	}
}
