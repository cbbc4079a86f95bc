package api

import (
	"context"

	"qiming/app/account"
	"qiming/app/audit"
	"qiming/app/demo"
	"qiming/app/finder"
	"qiming/app/jobs"
	"qiming/app/member"
	"qiming/app/org"
	"qiming/app/presence"
	"qiming/exam"
	"qiming/exam/interchange"
	"qiming/exam/question"
	"qiming/knowledge"
	"qiming/knowledge/wordlist"
	"qiming/media"
	"qiming/search/querylog"
	"qiming/search/thesaurus"
)

// Services are the domains that the handlers call; app makes them.
type Services struct {
	Accounts *account.Service
	Orgs     *org.Service
	Members  *member.Service
	Trail    *audit.Trail
	Jobs     *jobs.Runner
	Bank     *question.Bank
	Words    *thesaurus.Thesaurus
	Imports  *interchange.Service
	Presence *presence.Service
	Exams    *exam.Engine
	Media    *media.Library

	Knowledge *knowledge.Articles
	WordList  *wordlist.List
	Finder    *finder.Finder
	Queries   *querylog.Log

	Rehearsals *demo.Demo // nil but on a demo server
}

// names gives the names of accounts and of organisations.
func (a *API) names(ctx context.Context, accounts, nodes []string) (people, orgs map[string]string, err error) {
	if people, err = a.Accounts.Names(ctx, accounts...); err != nil {
		return nil, nil, err
	}
	orgs, err = a.Orgs.Names(ctx, nodes...)
	return people, orgs, err
}
