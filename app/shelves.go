package app

import (
	"cmp"
	"context"
	"time"

	"qiming/app/finder"
	"qiming/exam/question"
	"qiming/internal/store"
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
	documents := func(ctx context.Context, ids []string) ([]*index.Document, error) {
		articles, err := a.Knowledge.SearchDocuments(ctx, ids)
		var out []*index.Document
		for _, d := range articles {
			whole := articleDocument(d, a.zone)
			out = append(out, whole)
			parts, failed := a.partDocuments(ctx, d, whole)
			if failed != nil {
				return nil, failed
			}
			out = append(out, parts...)
		}
		return out, err
	}
	return finder.Shelf{
		Source: index.Source{Name: "articles", Type: articleType, Changes: a.Knowledge.Changes, Documents: documents},
		Also:   []index.Source{{Name: "files", Type: articleType, Changes: a.articlesOfFiles, Documents: documents}},
		Tokens: a.Knowledge.Tokens,
		Seen:   a.Knowledge.Seen,

		CategoryNames: a.Knowledge.CategoryNames,
	}
}

// partDocuments gives the words of the files of an article: who may read the article may read them.
func (a *App) partDocuments(ctx context.Context, d knowledge.Document, whole *index.Document) (out []*index.Document, err error) {
	ids := make([]string, len(d.Files))
	for i, file := range d.Files {
		ids[i] = file.ID
	}
	files, err := a.Media.Described(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, file := range d.Files {
		passages, err := a.Media.Passages(ctx, files[file.ID])
		if err != nil {
			return nil, err
		}
		if len(passages) == 0 {
			continue
		}
		part := *whole
		part.Part, part.Within, part.Names = file.ID, whole.Title, nil
		part.Title = cmp.Or(file.Name, files[file.ID].Name)
		var text []rune
		for _, p := range passages {
			if len(text) > 0 {
				text = append(text, '\n')
			}
			part.Places = append(part.Places, index.Place{At: len(text), Place: p.Place})
			text = append(text, []rune(p.Text)...)
		}
		part.Text = string(text)
		out = append(out, &part)
	}
	return out, nil
}

// articlesOfFiles gives the articles whose files changed. A change without an article names the file, of which nothing is found.
func (a *App) articlesOfFiles(ctx context.Context, since string, limit int) ([]store.Change, error) {
	changes, err := a.Media.Changes(ctx, since, limit)
	var out []store.Change
	for _, c := range changes {
		out = append(out, c)
		uses, failed := a.Media.Uses(ctx, c.ID)
		if failed != nil {
			return nil, failed
		}
		for _, use := range uses {
			if id := knowledge.OfHolder(use); id != "" {
				out = append(out, store.Change{ID: id, Seq: c.Seq})
			}
		}
	}
	return out, err
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
