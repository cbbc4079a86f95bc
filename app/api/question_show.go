package api

import (
	"context"

	"qiming/exam/question"
	"qiming/knowledge"
	"qiming/media"
	"qiming/policies"
)

// QuestionRecord is a question with the names of those who wrote and reviewed it.
type QuestionRecord struct {
	question.Question
	AuthorName   string       `json:"author_name"`
	EditorName   string       `json:"editor_name" doc:"Who wrote the latest version"`
	ReviewerName string       `json:"reviewer_name,omitempty"`
	Media        media.Links  `json:"media,omitempty"`
	RestsOn      []RestedUpon `json:"rests_on" doc:"The articles of its passages that one may read"`
}

// RestedUpon is an article on which a question rests.
type RestedUpon struct {
	knowledge.Cited
	Anchors []string `json:"anchors" doc:"Of its headings, as it is now"`
}

func (a *API) questionShow(ctx context.Context, actor policies.Actor, in *ByID) (*Revised[QuestionRecord], error) {
	q, err := a.Bank.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	names, err := a.Accounts.Names(ctx, q.AuthorID, q.EditorID, q.ReviewerID)
	if err != nil {
		return nil, err
	}
	links, err := a.links(ctx, actor, a.mediaUntil(), q.Content)
	if err != nil {
		return nil, err
	}
	rests, err := a.restsOn(ctx, actor, q.Passages)
	if err != nil {
		return nil, err
	}
	return revised(q.Rev, QuestionRecord{RestsOn: rests, Question: q, AuthorName: names[q.AuthorID], EditorName: names[q.EditorID], ReviewerName: names[q.ReviewerID], Media: links}), nil
}

// VersionRecord is a version with the name of who wrote it.
type VersionRecord struct {
	question.Version
	AuthorName string      `json:"author_name"`
	Media      media.Links `json:"media,omitempty"`
}

func (a *API) questionVersions(ctx context.Context, actor policies.Actor, in *ByID) (*Listed[VersionRecord], error) {
	versions, err := a.Bank.Versions(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	records := make([]VersionRecord, len(versions))
	for i, v := range versions {
		names, err := a.Accounts.Names(ctx, v.AuthorID)
		if err != nil {
			return nil, err
		}
		links, err := a.links(ctx, actor, a.mediaUntil(), v.Content)
		if err != nil {
			return nil, err
		}
		records[i] = VersionRecord{Version: v, AuthorName: names[v.AuthorID], Media: links}
	}
	return list(records), nil
}
