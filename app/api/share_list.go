package api

import (
	"context"
	"slices"

	"qiming/internal/fault"
	"qiming/knowledge"
	"qiming/media"
	"qiming/policies"
)

// ShareBody says with whom an article is shared.
type ShareBody struct {
	Down  bool     `json:"down,omitempty" doc:"All organisations below its own"`
	Peers bool     `json:"peers,omitempty" doc:"Those with the same parent"`
	Up    bool     `json:"up,omitempty" doc:"The parent"`
	Orgs  []string `json:"orgs,omitempty" maxItems:"200" doc:"These, wherever they are"`
}

// CopyRow is a copy that an organisation took over.
type CopyRow struct {
	knowledge.Copy
	OrgName string `json:"org_name"`
}

// ArticleShare is with whom an article is shared, and who took it over.
type ArticleShare struct {
	ShareBody
	OrgNames map[string]string `json:"org_names" doc:"Of those that are named"`
	Copies   []CopyRow         `json:"copies"`
}

func (a *API) articleShare(ctx context.Context, actor policies.Actor, id string, s knowledge.Share) (*Answer[ArticleShare], error) {
	copies, err := a.Knowledge.Copies(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	nodes := slices.Clone(s.Orgs)
	for _, c := range copies {
		nodes = append(nodes, c.OrgID)
	}
	names, err := a.Orgs.Names(ctx, nodes...)
	if err != nil {
		return nil, err
	}
	out := ArticleShare{ShareBody: ShareBody{s.Down, s.Peers, s.Up, s.Orgs}, OrgNames: map[string]string{}, Copies: make([]CopyRow, len(copies))}
	for _, org := range s.Orgs {
		out.OrgNames[org] = names[org]
	}
	for i, c := range copies {
		out.Copies[i] = CopyRow{c, names[c.OrgID]}
	}
	return answer(out), nil
}

func (a *API) shareShow(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[ArticleShare], error) {
	s, err := a.Knowledge.ShareOf(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return a.articleShare(ctx, actor, in.ID, s)
}

type shareSaveInput struct {
	ByID
	Body ShareBody
}

func (a *API) shareSave(ctx context.Context, actor policies.Actor, in *shareSaveInput) (*Answer[ArticleShare], error) {
	b := in.Body
	s, err := a.Knowledge.PutShare(ctx, actor, in.ID, knowledge.Share{Down: b.Down, Peers: b.Peers, Up: b.Up, Orgs: b.Orgs})
	if err != nil {
		return nil, err
	}
	return a.articleShare(ctx, actor, in.ID, s)
}

// ReceivedRow is what is shared with an organisation, with names.
type ReceivedRow struct {
	knowledge.Received
	OrgName string `json:"org_name" doc:"Whose it is"`
}

type shareInboxInput struct {
	Org string `query:"org" maxLength:"64" doc:"By default one's own"`
}

func (a *API) shareInbox(ctx context.Context, actor policies.Actor, in *shareInboxInput) (*Listed[ReceivedRow], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.Org)
	if err != nil {
		return nil, err
	}
	received, err := a.Knowledge.Inbox(ctx, actor, orgID)
	if err != nil {
		return nil, err
	}
	nodes := make([]string, len(received))
	for i, one := range received {
		nodes[i] = one.OrgID
	}
	names, err := a.Orgs.Names(ctx, nodes...)
	if err != nil {
		return nil, err
	}
	out := make([]ReceivedRow, len(received))
	for i, one := range received {
		out[i] = ReceivedRow{one, names[one.OrgID]}
	}
	return list(out), nil
}

// SharedArticle is what is shared, as it reads.
type SharedArticle struct {
	Version int               `json:"version"`
	Content knowledge.Content `json:"content" doc:"Without what its own organisation alone decides"`
	HTML    string            `json:"html" doc:"Safe to show as it is"`
	Media   media.Links       `json:"media"`
}

type shareReadInput struct {
	ByID
	Org string `query:"org" maxLength:"64" doc:"With whom it is shared; by default one's own"`
}

func (a *API) shareRead(ctx context.Context, actor policies.Actor, in *shareReadInput) (*Answer[SharedArticle], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.Org)
	if err != nil {
		return nil, err
	}
	e, err := a.Knowledge.Received(ctx, actor, orgID, in.ID)
	if err != nil {
		return nil, err
	}
	links, err := a.Media.Links(ctx, actor.AccountID, a.Clock.Now().Add(mediaFor), e.Content.Files())
	if err != nil {
		return nil, err
	}
	return answer(SharedArticle{Version: e.Number, Content: e.Content, HTML: knowledge.Render(e.Content.Body).With(links), Media: links}), nil
}

type shareTakeInput struct {
	ByID
	Body struct {
		OrgID string `json:"org_id,omitempty" maxLength:"64" doc:"Who takes it over; by default one's own"`
		Auto  bool   `json:"auto,omitempty" doc:"Public at once for the organisation's members, and following its source; for reviewers"`
	}
}

func (a *API) shareTake(ctx context.Context, actor policies.Actor, in *shareTakeInput) (*Revised[ArticleRecord], error) {
	orgID, path, err := a.bankOf(ctx, actor, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	if in.Body.Auto && !(a.Policies.Allowed(actor, policies.ArticleReview) && a.Policies.Scope(actor, policies.ArticleReview).Covers(path)) {
		return nil, fault.New(fault.Forbidden, "share.review", "%s does not review for %s", actor.AccountID, orgID)
	}
	e, err := a.Knowledge.Received(ctx, actor, orgID, in.ID)
	if err != nil {
		return nil, err
	}
	names, err := a.Orgs.Names(ctx, e.OrgID)
	if err != nil {
		return nil, err
	}
	article, err := a.Knowledge.TakeOver(ctx, actor, orgID, in.ID, names[e.OrgID], in.Body.Auto)
	if err != nil {
		return nil, err
	}
	return a.articleRecord(ctx, actor, article)
}

type shareAdoptInput struct {
	ByID
	IfMatch
}

func (a *API) shareAdopt(ctx context.Context, actor policies.Actor, in *shareAdoptInput) (*Revised[ArticleRecord], error) {
	rev, err := in.Rev()
	if err != nil {
		return nil, err
	}
	article, err := a.Knowledge.Adopt(ctx, actor, in.ID, rev)
	if err != nil {
		return nil, err
	}
	return a.articleRecord(ctx, actor, article)
}

type shareFollowInput struct {
	ByID
	Body struct {
		Auto bool `json:"auto"`
	}
}

func (a *API) shareFollow(ctx context.Context, actor policies.Actor, in *shareFollowInput) (*Revised[ArticleRecord], error) {
	article, err := a.Knowledge.SetFollowing(ctx, actor, in.ID, in.Body.Auto)
	if err != nil {
		return nil, err
	}
	return a.articleRecord(ctx, actor, article)
}
