package api

import (
	"context"
	"slices"
	"time"

	"qiming/app/audit"
	"qiming/internal/fault"
	"qiming/internal/spreadsheet"
	"qiming/knowledge"
	"qiming/policies"
)

// AskedRow is an article that asks to be confirmed, with names.
type AskedRow struct {
	knowledge.Asked
	OrgName string `json:"org_name"`
}

type confirmationOverviewInput struct {
	Org string `query:"org" maxLength:"64" doc:"Members of this organisation and those below it; by default all that one's permission reaches"`
}

// viewed narrows the actor's permission to a node that is in view.
func (a *API) viewed(ctx context.Context, actor policies.Actor, orgID string) (policies.Actor, error) {
	if orgID == "" {
		return actor, nil
	}
	path, err := a.Orgs.Path(ctx, orgID)
	if err == nil && !actor.Scope.Covers(path) {
		err = fault.New(fault.NotFound, "org.not_found", "organisation %s is outside the scope", orgID)
	}
	actor.Scope = policies.Scope{orgID}
	return actor, err
}

func (a *API) confirmationOverview(ctx context.Context, actor policies.Actor, in *confirmationOverviewInput) (*Listed[AskedRow], error) {
	actor, err := a.viewed(ctx, actor, in.Org)
	if err != nil {
		return nil, err
	}
	asking, err := a.Knowledge.Asking(ctx, actor)
	if err != nil {
		return nil, err
	}
	nodes := make([]string, len(asking))
	for i, one := range asking {
		nodes[i] = one.OrgID
	}
	names, err := a.Orgs.Names(ctx, nodes...)
	if err != nil {
		return nil, err
	}
	out := make([]AskedRow, len(asking))
	for i, one := range asking {
		out[i] = AskedRow{one, names[one.OrgID]}
	}
	return list(out), nil
}

// ConfirmationRow is a member with the receipt of an article.
type ConfirmationRow struct {
	knowledge.Confirmation
	ID      string `json:"id"`
	OrgName string `json:"org_name"`
	Done    bool   `json:"done" doc:"The version that is public was confirmed"`
}

// ConfirmationCount is how many of a node are due, and how many confirmed.
type ConfirmationCount struct {
	OrgID     string `json:"org_id"`
	OrgName   string `json:"org_name"`
	Due       int    `json:"due"`
	Confirmed int    `json:"confirmed"`
}

// ArticleConfirmations is who confirmed an article, with the sums over all that the filters of the organisation leave.
type ArticleConfirmations struct {
	Title     string              `json:"title"`
	Version   int                 `json:"version" doc:"That is public"`
	Due       int                 `json:"due"`
	Confirmed int                 `json:"confirmed" doc:"Of those who are due"`
	Orgs      []ConfirmationCount `json:"orgs" doc:"By the node that members are of"`
	Items     []ConfirmationRow   `json:"items"`
	Next      string              `json:"next,omitempty" doc:"Cursor of the next piece; absent at the end"`
	Total     int                 `json:"total" doc:"That the state leaves"`
}

// ConfirmationFilter narrows a list of receipts.
type ConfirmationFilter struct {
	ByID
	Org   string `query:"org" maxLength:"64" doc:"Members of this organisation and those below it"`
	State string `query:"state" enum:",done,missing,others" doc:"done and missing are of those who are due; others confirmed without being due"`
}

// confirmations gives all rows that a filter leaves.
func (a *API) confirmations(ctx context.Context, actor policies.Actor, in ConfirmationFilter) (ArticleConfirmations, error) {
	out := ArticleConfirmations{Orgs: []ConfirmationCount{}, Items: []ConfirmationRow{}}
	actor, err := a.viewed(ctx, actor, in.Org)
	if err != nil {
		return out, err
	}
	c, err := a.Knowledge.Confirmations(ctx, actor, in.ID)
	if err != nil {
		return out, err
	}
	out.Title, out.Version = c.Title, c.Version
	var nodes, accounts []string
	for _, one := range c.All {
		if nodes = append(nodes, one.OrgID); !one.Due {
			accounts = append(accounts, one.AccountID)
		}
	}
	people, names, err := a.names(ctx, accounts, nodes)
	if err != nil {
		return out, err
	}
	for _, one := range c.All {
		row := ConfirmationRow{Confirmation: one, ID: one.MemberID, OrgName: names[one.OrgID], Done: c.Done(one)}
		state := "missing"
		if !one.Due {
			row.ID, row.Name, state = "account:"+one.AccountID, people[one.AccountID], "others"
		} else {
			if n := len(out.Orgs); n == 0 || out.Orgs[n-1].OrgID != one.OrgID {
				out.Orgs = append(out.Orgs, ConfirmationCount{OrgID: one.OrgID, OrgName: row.OrgName})
			}
			last := &out.Orgs[len(out.Orgs)-1]
			out.Due, last.Due = out.Due+1, last.Due+1
			if row.Done {
				out.Confirmed, last.Confirmed, state = out.Confirmed+1, last.Confirmed+1, "done"
			}
		}
		if in.State == "" && one.Due || in.State == state {
			out.Items = append(out.Items, row)
		}
	}
	out.Total = len(out.Items)
	return out, nil
}

type confirmationListInput struct {
	ConfirmationFilter
	Paging
}

func (a *API) confirmationList(ctx context.Context, actor policies.Actor, in *confirmationListInput) (*Answer[ArticleConfirmations], error) {
	out, err := a.confirmations(ctx, actor, in.ConfirmationFilter)
	if err != nil {
		return nil, err
	}
	from := 0
	if in.After != "" {
		if from = slices.IndexFunc(out.Items, func(row ConfirmationRow) bool { return row.ID == in.After }) + 1; from == 0 {
			return nil, fault.New(fault.Invalid, "store.cursor", "the cursor belongs to another listing")
		}
	}
	to := min(len(out.Items), from+in.Limit)
	if to < len(out.Items) {
		out.Next = out.Items[to-1].ID
	}
	out.Items = out.Items[from:to]
	return answer(out), nil
}

type confirmationExportInput struct {
	ConfirmationFilter
	Format string `query:"format" enum:"xlsx,csv" default:"xlsx"`
}

// confirmationExport gives the rows as a file. It is recorded.
func (a *API) confirmationExport(ctx context.Context, actor policies.Actor, in *confirmationExportInput) (*File, error) {
	var out ArticleConfirmations
	entry := audit.By(actor, "article.export_confirmations", "article:"+in.ID, "").With("format", in.Format)
	err := a.Trail.Act(ctx, entry, func() (err error) {
		out, err = a.confirmations(ctx, actor, in.ConfirmationFilter)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, name := a.confirmationTable(out), out.Title+" 已阅情况"
	if in.Format == "csv" {
		content, err := spreadsheet.CSV(rows)
		return file(name+".csv", "text/csv; charset=utf-8", content), err
	}
	sums := [][]any{{"组织", "应阅", "已阅", "未阅"}}
	for _, one := range out.Orgs {
		sums = append(sums, []any{one.OrgName, one.Due, one.Confirmed, one.Due - one.Confirmed})
	}
	sums = append(sums, []any{"合计", out.Due, out.Confirmed, out.Due - out.Confirmed})
	content, err := spreadsheet.XLSX("名单", rows, spreadsheet.Named{Name: "组织", Table: sums})
	return file(name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content), err
}

// confirmationTable is for offices: Chinese headings, times of the organisation.
func (a *API) confirmationTable(c ArticleConfirmations) [][]any {
	at := func(t *time.Time) any {
		if t == nil {
			return nil
		}
		return t.In(a.Zone).Format("2006-01-02 15:04")
	}
	table := [][]any{{"组织", "姓名", "应阅", "状态", "确认时间", "确认版本", "提醒时间", "账号"}}
	for _, row := range c.Items {
		state := "未阅"
		switch {
		case row.Done:
			state = "已阅"
		case row.Version > 0:
			state = "旧版已阅"
		}
		var version any
		if row.Version > 0 {
			version = row.Version
		}
		table = append(table, []any{row.OrgName, row.Name, yes(row.Due), state, at(row.ReadAt), version, at(row.RemindedAt), yes(row.Account)})
	}
	return table
}

type confirmationRemindInput struct {
	ByID
	Body struct {
		Members []string `json:"members,omitempty" maxItems:"500" doc:"Only these; absent = all who are yet to confirm"`
		Org     string   `json:"org,omitempty" maxLength:"64" doc:"Only those of this organisation and below it"`
	}
}

func (a *API) confirmationRemind(ctx context.Context, actor policies.Actor, in *confirmationRemindInput) (*Answer[knowledge.Reminded], error) {
	actor, err := a.viewed(ctx, actor, in.Body.Org)
	if err != nil {
		return nil, err
	}
	out, err := a.Knowledge.Remind(ctx, actor, in.ID, in.Body.Members)
	if err != nil {
		return nil, err
	}
	return answer(out), nil
}
