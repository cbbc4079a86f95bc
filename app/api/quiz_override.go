package api

import (
	"context"
	"slices"
	"time"

	"qiming/exam"
	"qiming/policies"
)

// Override is an override with the name of whom it is for.
type Override struct {
	exam.Override
	Key  string `json:"key" doc:"member:ID or org:ID"`
	Name string `json:"name"`
}

func (a *API) overrideList(ctx context.Context, actor policies.Actor, in *ByID) (*Listed[Override], error) {
	all, err := a.Exams.Quizzes.Overrides(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return a.overrides(ctx, all)
}

func (a *API) overrides(ctx context.Context, all []exam.Override) (*Listed[Override], error) {
	var members, orgs []string
	for _, o := range all {
		members, orgs = append(members, o.MemberID), append(orgs, o.OrgID)
	}
	people, err := a.Members.Many(ctx, slices.DeleteFunc(members, func(id string) bool { return id == "" }))
	if err != nil {
		return nil, err
	}
	nodes, err := a.Orgs.Names(ctx, orgs...)
	if err != nil {
		return nil, err
	}
	items := make([]Override, len(all))
	for i, o := range all {
		items[i] = Override{Override: o, Key: o.Key(), Name: people[o.MemberID].Name + nodes[o.OrgID]}
	}
	return list(items), nil
}

type overrideSetInput struct {
	ByID
	IfMatch
	Key  string `path:"key" maxLength:"80" doc:"member:ID or org:ID"`
	Body struct {
		Opens    *time.Time `json:"opens,omitempty" doc:"0001-01-01T00:00:00Z = no limit"`
		Closes   *time.Time `json:"closes,omitempty" doc:"0001-01-01T00:00:00Z = no limit"`
		Limit    *int       `json:"limit,omitempty" minimum:"0" doc:"Seconds, 0 = none"`
		Attempts *int       `json:"attempts,omitempty" minimum:"0" doc:"0 = any number"`
		Password *string    `json:"password,omitempty" maxLength:"100" doc:"Empty = none"`
		Extra    float64    `json:"extra,omitempty" minimum:"0" maximum:"10" doc:"Times the limit, members only"`
		Reason   string     `json:"reason,omitempty" maxLength:"500"`
	}
}

func (a *API) overrideSet(ctx context.Context, actor policies.Actor, in *overrideSetInput) (*Answer[Override], error) {
	rev, err := in.RevIfAny() // without If-Match: there was none
	if err != nil {
		return nil, err
	}
	b := in.Body
	o, err := a.Exams.Quizzes.SetOverride(ctx, actor, in.ID, in.Key, rev, exam.Override{Opens: b.Opens, Closes: b.Closes, Limit: b.Limit,
		Attempts: b.Attempts, Password: b.Password, Extra: b.Extra, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	named, err := a.overrides(ctx, []exam.Override{o})
	if err != nil {
		return nil, err
	}
	return answer(named.Body.Items[0]), nil
}

type overrideDeleteInput struct {
	ByID
	Key string `path:"key" maxLength:"80"`
}

func (a *API) overrideDelete(ctx context.Context, actor policies.Actor, in *overrideDeleteInput) (*Nothing, error) {
	return &Nothing{}, a.Exams.Quizzes.DeleteOverride(ctx, actor, in.ID, in.Key)
}
