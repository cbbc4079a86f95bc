package api

import (
	"context"
	"time"

	"qiming/internal/fault"
	"qiming/knowledge"
	"qiming/knowledge/wordlist"
	"qiming/policies"
)

// CommentShown is a comment as readers see it. Who is not signed in learns the organisation of who wrote it, and no name.
type CommentShown struct {
	ID      string                 `json:"id"`
	At      time.Time              `json:"at"`
	Text    string                 `json:"text" doc:"Plain text; empty where it was removed"`
	Name    string                 `json:"name,omitempty" doc:"Only for those who are signed in"`
	OrgName string                 `json:"org_name,omitempty"`
	Mine    bool                   `json:"mine,omitempty"`
	State   knowledge.CommentState `json:"state" enum:"waiting,passed,refused,hidden,removed" doc:"Of those of others, passed or removed"`
	Reason  string                 `json:"reason,omitempty" doc:"Of one's own: why it was refused or hidden"`
	Replies []CommentShown         `json:"replies" doc:"The oldest first"`
}

// signatures names those who wrote comments, as far as a reader may know them.
func (a *API) signatures(ctx context.Context, actor policies.Actor, comments []knowledge.Comment) (people, orgs map[string]string, err error) {
	var accounts, nodes []string
	for _, c := range comments {
		accounts, nodes = append(accounts, c.AccountID), append(nodes, c.OrgID)
	}
	if !actor.SignedIn() {
		accounts = nil
	}
	return a.names(ctx, accounts, nodes)
}

func commentShown(actor policies.Actor, c knowledge.Comment, people, orgs map[string]string) CommentShown {
	out := CommentShown{ID: c.ID, At: c.CreatedAt, Text: c.Text, State: c.State, Replies: []CommentShown{}}
	if c.State == knowledge.CommentRemoved {
		return out
	}
	out.Name, out.OrgName = people[c.AccountID], orgs[c.OrgID]
	if out.Mine = actor.SignedIn() && c.AccountID == actor.AccountID; out.Mine && c.Decision != nil {
		out.Reason = c.Decision.Reason
	}
	return out
}

type commentThreadsInput struct {
	ByID
	Paging
}

func (a *API) commentThreads(ctx context.Context, actor policies.Actor, in *commentThreadsInput) (*Listed[CommentShown], error) {
	page, err := a.Knowledge.Discussions(ctx, actor, in.ID, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	var all []knowledge.Comment
	for _, d := range page.Items {
		all = append(append(all, d.Comment), d.Replies...)
	}
	people, orgs, err := a.signatures(ctx, actor, all)
	if err != nil {
		return nil, err
	}
	return listPage(page, func(d knowledge.Discussion) CommentShown {
		out := commentShown(actor, d.Comment, people, orgs)
		for _, reply := range d.Replies {
			out.Replies = append(out.Replies, commentShown(actor, reply, people, orgs))
		}
		return out
	}), nil
}

type commentAddInput struct {
	ByID
	Body struct {
		Text string `json:"text" maxLength:"4000" doc:"Plain text, up to 1,000 characters"`
		To   string `json:"to,omitempty" maxLength:"64" doc:"The comment that it answers"`
	}
}

func (a *API) commentAdd(ctx context.Context, actor policies.Actor, in *commentAddInput) (*Answer[CommentShown], error) {
	c, err := a.Knowledge.AddComment(ctx, actor, in.ID, in.Body.To, in.Body.Text)
	if err != nil {
		return nil, err
	}
	people, orgs, err := a.signatures(ctx, actor, []knowledge.Comment{c})
	if err != nil {
		return nil, err
	}
	return answer(commentShown(actor, c, people, orgs)), nil
}

func (a *API) commentRemove(ctx context.Context, actor policies.Actor, in *ByID) (*Nothing, error) {
	return &Nothing{}, a.Knowledge.RemoveComment(ctx, actor, in.ID)
}

func (a *API) commentOwn(ctx context.Context, actor policies.Actor, in *Paging) (*Listed[knowledge.OwnComment], error) {
	page, err := a.Knowledge.OwnComments(ctx, actor, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	return listPage(page, func(c knowledge.OwnComment) knowledge.OwnComment { return c }), nil
}

// CommentRow is a comment in the reviewers' list.
type CommentRow struct {
	ID        string                 `json:"id"`
	At        time.Time              `json:"at"`
	Text      string                 `json:"text"`
	To        string                 `json:"to,omitempty" doc:"The text of the comment that it answers"`
	State     knowledge.CommentState `json:"state" enum:"waiting,passed,refused,hidden,removed"`
	ArticleID string                 `json:"article_id"`
	Title     string                 `json:"title" doc:"Of the article"`
	Name      string                 `json:"name" doc:"Who wrote it"`
	OrgName   string                 `json:"org_name" doc:"Where who wrote it belongs"`
	Own       bool                   `json:"own,omitempty" doc:"One wrote it oneself, and does not pass it"`
	Hits      []wordlist.Hit         `json:"hits" doc:"Where listed words stand in it"`
	DecidedAt *time.Time             `json:"decided_at,omitempty"`
	DecidedBy string                 `json:"decided_by,omitempty"`
	Reason    string                 `json:"reason,omitempty"`
}

type commentListInput struct {
	Paging
	State   string `query:"state" enum:"waiting,passed,refused,hidden" default:"waiting"`
	Org     string `query:"org" maxLength:"64" doc:"On articles of this organisation and those below it"`
	Article string `query:"article" maxLength:"64"`
}

func (a *API) commentList(ctx context.Context, actor policies.Actor, in *commentListInput) (*Listed[CommentRow], error) {
	f := knowledge.CommentFilter{State: knowledge.CommentState(in.State), OrgID: in.Org, ArticleID: in.Article}
	page, err := a.Knowledge.Comments(ctx, actor, f, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	var accounts, nodes []string
	for _, c := range page.Items {
		accounts, nodes = append(accounts, c.AccountID), append(nodes, c.OrgID)
		if c.Decision != nil {
			accounts = append(accounts, c.Decision.By)
		}
	}
	people, orgs, err := a.names(ctx, accounts, nodes)
	if err != nil {
		return nil, err
	}
	total, err := a.Knowledge.CountComments(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	out := listPage(page, func(c knowledge.ReviewedComment) CommentRow {
		row := CommentRow{ID: c.ID, At: c.CreatedAt, Text: c.Text, To: c.To, State: c.State, ArticleID: c.ArticleID, Title: c.Title, Name: people[c.AccountID],
			OrgName: orgs[c.OrgID], Own: c.Own, Hits: c.Hits}
		if d := c.Decision; d != nil {
			row.DecidedAt, row.DecidedBy, row.Reason = &d.At, people[d.By], d.Reason
		}
		return row
	})
	out.Body.Total = &total
	return out, nil
}

type commentDecideInput struct {
	Body struct {
		IDs    []string `json:"ids" minItems:"1" maxItems:"100"`
		Step   string   `json:"step" enum:"pass,refuse,hide"`
		Reason string   `json:"reason,omitempty" maxLength:"2000" doc:"Of refusing and hiding: why, and required; its author sees it"`
	}
}

// DoneToMany says how an act on several things ended.
type DoneToMany struct {
	Done   int       `json:"done"`
	Failed []NotDone `json:"failed"`
}

// NotDone is a thing with which nothing was done, and why.
type NotDone struct {
	ID   string `json:"id"`
	Code string `json:"code" doc:"As that of a problem"`
}

// each does an act with several things. What the rules refuse of one does not keep the others from it; another error ends it.
func each(ids []string, act func(id string) error) (*Answer[DoneToMany], error) {
	out := DoneToMany{Failed: []NotDone{}}
	for _, id := range ids {
		err := act(id)
		key := fault.KeyOf(err)
		switch {
		case err == nil:
			out.Done++
		case key == "" || len(ids) == 1 || fault.Is(err, fault.Unavailable):
			return nil, err
		default:
			out.Failed = append(out.Failed, NotDone{id, key})
		}
	}
	return answer(out), nil
}

func (a *API) commentDecide(ctx context.Context, actor policies.Actor, in *commentDecideInput) (*Answer[DoneToMany], error) {
	return each(in.Body.IDs, func(id string) error {
		_, err := a.Knowledge.DecideComment(ctx, actor, id, knowledge.CommentStep(in.Body.Step), in.Body.Reason)
		return err
	})
}
