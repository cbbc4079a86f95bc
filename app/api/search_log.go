package api

import (
	"context"
	"strconv"
	"time"

	"qiming/app/audit"
	"qiming/app/finder"
	"qiming/internal/fault"
	"qiming/policies"
	"qiming/search/querylog"
)

// noteSearch keeps what was looked for, and counts what was not found. A search that cannot be noted is answered all the same.
func (a *API) noteSearch(ctx context.Context, actor policies.Actor, q finder.Query, total int) {
	if q.Offset > 0 || q.Text == "" {
		return
	}
	fresh, err := true, error(nil)
	if actor.AccountID != "" {
		fresh, err = a.Queries.Note(ctx, actor.AccountID, q.Text)
	}
	if err == nil && fresh && total == 0 && q.Unfiltered() {
		err = a.Queries.Miss(ctx, homeOf(actor), q.Text)
	}
	if err != nil {
		a.Log.WarnContext(ctx, "a search is not noted", "error", err)
	}
}

// homeOf gives the organisation of an actor; "" for the public and for who belongs to the whole installation.
func homeOf(actor policies.Actor) string {
	if n := len(actor.OrgPath); n > 0 {
		return actor.OrgPath[n-1]
	}
	if len(actor.Grants) > 0 && actor.Grants[0].OrgID != policies.Everywhere {
		return actor.Grants[0].OrgID
	}
	return ""
}

func (a *API) searchesShow(ctx context.Context, actor policies.Actor, _ *Nothing) (*Answer[querylog.Searches], error) {
	return answered(a.Queries.Of(ctx, actor.AccountID))
}

type searchesForgetInput struct {
	Q string `query:"q" maxLength:"200" doc:"These words; all where absent"`
}

func (a *API) searchesForget(ctx context.Context, actor policies.Actor, in *searchesForgetInput) (*Answer[querylog.Searches], error) {
	return answered(a.Queries.Forget(ctx, actor.AccountID, in.Q))
}

type searchesKeepInput struct{ Body querylog.Asked }

func (a *API) searchesKeep(ctx context.Context, actor policies.Actor, in *searchesKeepInput) (*Answer[querylog.Searches], error) {
	return answered(a.Queries.Keep(ctx, actor.AccountID, in.Body))
}

func (a *API) searchesDrop(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[querylog.Searches], error) {
	return answered(a.Queries.Drop(ctx, actor.AccountID, in.ID))
}

// answered wraps what a service gave.
func answered[T any](body T, err error) (*Answer[T], error) {
	if err != nil {
		return nil, err
	}
	return answer(body), nil
}

// MissedRow is what was looked for in vain, with what would be found today.
type MissedRow struct {
	querylog.Missed
	Now int `json:"now" doc:"Hits that the asker would get now: more than none where somebody has mended it"`
}

type missedListInput struct {
	Paging
	Days int `query:"days" default:"30" minimum:"1" maximum:"180" doc:"Within so many days"`
}

func (a *API) missedList(ctx context.Context, actor policies.Actor, in *missedListInput) (*Listed[MissedRow], error) {
	from := 0
	if in.After != "" {
		var err error
		if from, err = strconv.Atoi(in.After); err != nil || from < 0 {
			return nil, fault.New(fault.Invalid, "store.cursor", "the cursor belongs to another listing")
		}
	}
	within, err := a.within(ctx, actor.Scope)
	if err != nil {
		return nil, err
	}
	all, err := a.Queries.Missed(ctx, a.Clock.Now().AddDate(0, 0, -in.Days), within)
	if err != nil {
		return nil, err
	}
	total := len(all)
	from = min(from, total)
	to := min(from+in.Limit, total)
	rows := make([]MissedRow, 0, to-from)
	for _, m := range all[from:to] {
		found, err := a.Finder.Find(ctx, actor, finder.Query{Text: m.Q, Limit: 1})
		if err != nil {
			return nil, err
		}
		rows = append(rows, MissedRow{m, found.Total})
	}
	out := List[MissedRow]{Items: rows, Total: &total}
	if to < total {
		out.Next = strconv.Itoa(to)
	}
	return &Listed[MissedRow]{Body: out}, nil
}

// within gives which organisations a scope reaches; the public belongs to the roots.
func (a *API) within(ctx context.Context, scope policies.Scope) (func(orgID string) (bool, error), error) {
	tree, err := a.Orgs.Tree(ctx)
	if err != nil {
		return nil, err
	}
	roots := scope.Everywhere()
	for _, id := range scope {
		roots = roots || len(tree.Path(id)) == 1
	}
	return func(orgID string) (bool, error) {
		return orgID == "" && roots || orgID != "" && tree.Covers(scope, orgID), nil
	}, nil
}

type missedSettleInput struct {
	Key string `path:"key" maxLength:"64"`
}

func (a *API) missedSettle(ctx context.Context, actor policies.Actor, in *missedSettleInput) (*Nothing, error) {
	within, err := a.within(ctx, actor.Scope)
	if err != nil {
		return nil, err
	}
	return &Nothing{}, a.Queries.Settle(ctx, in.Key, within)
}

// IndexState is the state of all indexes.
type IndexState struct {
	Now       time.Time        `json:"now" doc:"Of the server, to count from"`
	Processes []finder.Process `json:"processes"`
}

func (a *API) indexList(ctx context.Context, _ policies.Actor, _ *Nothing) (*Answer[IndexState], error) {
	processes, err := a.Finder.Builds.List(ctx)
	return answered(IndexState{a.Clock.Now().UTC(), processes}, err)
}

func (a *API) indexRebuild(ctx context.Context, actor policies.Actor, _ *Nothing) (*Nothing, error) {
	return &Nothing{}, a.Trail.Act(ctx, audit.By(actor, "search.rebuild", "search:", ""), func() error {
		return a.Finder.Builds.Order(ctx, actor.AccountID)
	})
}
