package app

import (
	"context"

	"qiming/app/account"
	"qiming/app/api"
	"qiming/app/audit"
	"qiming/app/org"
	"qiming/exam/question"
	"qiming/policies"
)

// sessions answers the API's question who holds a token.
type sessions struct{ accounts *account.Service }

func (s sessions) Authenticate(ctx context.Context, token, address string) (api.Identity, error) {
	identity, err := s.accounts.Authenticate(ctx, token, address)
	return api.Identity{Actor: identity.Actor, MustChange: identity.MustChange}, err
}

// acts records what the bank and the exam engine do.
type acts struct{ trail *audit.Trail }

func (t acts) Act(ctx context.Context, actor policies.Actor, act question.Act, do func() error) error {
	entry := audit.By(actor, act.Action, act.Object, act.Name)
	for name, value := range act.Detail {
		entry = entry.With(name, value)
	}
	return t.trail.Act(ctx, entry, do)
}

// records is the trail of those whose acts have no details.
type records struct{ trail *audit.Trail }

func (t records) Record(ctx context.Context, actor policies.Actor, action, object, name string, do func() error) error {
	return t.trail.Act(ctx, audit.By(actor, action, object, name), do)
}

// orgPaths tells the bank where a node stands.
type orgPaths struct{ orgs *org.Service }

func (o orgPaths) OrgPath(ctx context.Context, id string) ([]string, error) {
	return o.orgs.Path(ctx, id)
}
