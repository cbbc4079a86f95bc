package api

import (
	"context"
	"time"

	"qiming/app/audit"
	"qiming/app/jobs"
	"qiming/policies"
)

type auditListInput struct {
	Paging
	Actor  string    `query:"actor" maxLength:"64" doc:"Account"`
	Object string    `query:"object" maxLength:"128" doc:"kind:id, or kind: for all of a kind"`
	Action string    `query:"action" maxLength:"64"`
	From   time.Time `query:"from" doc:"Inclusive"`
	To     time.Time `query:"to" doc:"Exclusive"`
}

// auditList gives entries, newest first. Reading the trail leaves a trace of its own.
func (a *API) auditList(ctx context.Context, actor policies.Actor, in *auditListInput) (*Listed[audit.Entry], error) {
	filter := audit.Filter{Actor: in.Actor, Object: in.Object, Action: in.Action, From: in.From, To: in.To, Limit: in.Limit, After: in.After}
	page, err := a.Trail.List(ctx, filter)
	if err != nil {
		return nil, err
	}
	if in.After == "" { // once a listing, not once a page
		if err := a.Trail.Record(ctx, audit.By(actor, "audit.read", "audit:", "")); err != nil {
			return nil, err
		}
	}
	return listPage(page, func(e audit.Entry) audit.Entry { return e }), nil
}

func (a *API) auditVerify(ctx context.Context, actor policies.Actor, _ *Nothing) (*Answer[audit.Report], error) {
	report, err := a.Trail.Verify(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.Trail.Record(ctx, audit.By(actor, "audit.verify", "audit:", "")); err != nil {
		return nil, err
	}
	return answer(report), nil
}

func (a *API) jobList(ctx context.Context, _ policies.Actor, _ *Nothing) (*Listed[jobs.State], error) {
	states, err := a.Jobs.List(ctx)
	if err != nil {
		return nil, err
	}
	return list(states), nil
}
