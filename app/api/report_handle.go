package api

import (
	"context"

	"qiming/knowledge"
	"qiming/policies"
)

type reportMakeInput struct {
	ByID
	Body struct {
		Comment string `json:"comment,omitempty" maxLength:"64" doc:"A comment under the article; absent = the article"`
		Reason  string `json:"reason" enum:"wrong,quote,outdated,inappropriate,secret,privacy,other"`
		Words   string `json:"words,omitempty" maxLength:"2000" doc:"What is wrong; required of another reason"`
	}
}

// reportMake takes a report. Who is not signed in has no account to hold on to: an address makes few.
func (a *API) reportMake(ctx context.Context, actor policies.Actor, in *reportMakeInput) (*Nothing, error) {
	if !actor.SignedIn() {
		if err := a.limits.report(actor.Address); err != nil {
			return nil, err
		}
	}
	_, err := a.Knowledge.Report(ctx, actor, in.ID, in.Body.Comment, knowledge.ReportReason(in.Body.Reason), in.Body.Words)
	return &Nothing{}, err
}

// ReportRow is a report in the list of those who handle them. Who reported is not named.
type ReportRow struct {
	knowledge.Report
	Title         string                 `json:"title" doc:"Of the article"`
	OrgName       string                 `json:"org_name" doc:"Whose article it is"`
	Public        bool                   `json:"public,omitempty" doc:"Readers see the article"`
	Comment       string                 `json:"comment,omitempty" doc:"The text of the comment that is reported"`
	CommentState  knowledge.CommentState `json:"comment_state,omitempty" enum:"waiting,passed,refused,hidden,removed"`
	SignedIn      bool                   `json:"signed_in,omitempty" doc:"Who reported was signed in, and is told the outcome"`
	Own           bool                   `json:"own,omitempty" doc:"One wrote what is reported, and does not handle it"`
	HandledByName string                 `json:"handled_by_name,omitempty"`
}

type reportListInput struct {
	Paging
	Handled bool   `query:"handled" doc:"Those that were handled, the latest first; else those that wait, the oldest first"`
	Org     string `query:"org" maxLength:"64" doc:"On articles of this organisation and those below it"`
	Article string `query:"article" maxLength:"64"`
}

func (a *API) reportList(ctx context.Context, actor policies.Actor, in *reportListInput) (*Listed[ReportRow], error) {
	f := knowledge.ReportFilter{Open: !in.Handled, OrgID: in.Org, ArticleID: in.Article}
	page, err := a.Knowledge.Reports(ctx, actor, f, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	var accounts, nodes []string
	for _, r := range page.Items {
		accounts, nodes = append(accounts, r.HandledBy), append(nodes, r.OrgID)
	}
	people, orgs, err := a.names(ctx, accounts, nodes)
	if err != nil {
		return nil, err
	}
	total, err := a.Knowledge.CountReports(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	out := listPage(page, func(r knowledge.HandledReport) ReportRow {
		row := ReportRow{Report: r.Report, Title: r.Title, OrgName: orgs[r.OrgID], Public: r.Public, SignedIn: r.SignedIn, Own: r.Own, HandledByName: people[r.HandledBy]}
		if r.Comment != nil {
			row.Comment, row.CommentState = r.Comment.Text, r.Comment.State
		}
		return row
	})
	out.Body.Total = &total
	return out, nil
}

type reportHandleInput struct {
	Body struct {
		IDs      []string `json:"ids" minItems:"1" maxItems:"100"`
		Outcome  string   `json:"outcome" enum:"upheld,rejected"`
		Note     string   `json:"note" maxLength:"2000" doc:"For the reporter; where something is taken down, for readers too"`
		TakeDown bool     `json:"take_down,omitempty" doc:"Withdraw the article, or hide the comment"`
	}
}

func (a *API) reportHandle(ctx context.Context, actor policies.Actor, in *reportHandleInput) (*Answer[DoneToMany], error) {
	b := in.Body
	return each(b.IDs, func(id string) error {
		_, err := a.Knowledge.HandleReport(ctx, actor, id, knowledge.Handling{Outcome: knowledge.Outcome(b.Outcome), Note: b.Note, TakeDown: b.TakeDown})
		return err
	})
}
