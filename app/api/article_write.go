package api

import (
	"context"
	"time"

	"qiming/app/presence"
	"qiming/knowledge"
	"qiming/media"
	"qiming/policies"
)

// ArticleContent is a content as it is sent: everything but the kind may be absent.
type ArticleContent struct {
	Kind        knowledge.Kind         `json:"kind" enum:"article,regulation,faq,term"`
	Title       string                 `json:"title,omitempty" maxLength:"2000"`
	Summary     string                 `json:"summary,omitempty" maxLength:"5000"`
	Body        string                 `json:"body,omitempty" maxLength:"400000" doc:"Markdown; ![](media:ID) shows a file"`
	CategoryID  string                 `json:"category_id,omitempty" maxLength:"64"`
	Tags        []string               `json:"tags,omitempty" maxItems:"100"`
	Aliases     []string               `json:"aliases,omitempty" maxItems:"100" doc:"Of a term: other names"`
	Source      knowledge.Source       `json:"source,omitzero" required:"false"`
	Audience    knowledge.Audience     `json:"audience,omitzero" required:"false"`
	Cover       string                 `json:"cover,omitempty" maxLength:"64" doc:"A picture"`
	Attachments []knowledge.Attachment `json:"attachments,omitempty" maxItems:"100"`
	Confirm     bool                   `json:"confirm,omitempty" doc:"Readers are asked to confirm that they read it"`
	Comments    bool                   `json:"comments,omitempty" doc:"Readers may comment; each comment is reviewed before others see it"`
	Law         *knowledge.Law         `json:"law,omitempty" doc:"Of a regulation"`
}

func (c ArticleContent) content() knowledge.Content { return knowledge.Content(c) }

type articleCreateInput struct {
	Body struct {
		OrgID   string         `json:"org_id,omitempty" maxLength:"64" doc:"Whose article; by default one's own organisation's"`
		Content ArticleContent `json:"content"`
	}
}

func (a *API) articleCreate(ctx context.Context, actor policies.Actor, in *articleCreateInput) (*Revised[ArticleRecord], error) {
	orgID, _, err := a.bankOf(ctx, actor, in.Body.OrgID)
	if err != nil {
		return nil, err
	}
	article, err := a.Knowledge.Create(ctx, actor, orgID, in.Body.Content.content())
	if err != nil {
		return nil, err
	}
	return a.articleRecord(ctx, actor, article)
}

type articleSaveInput struct {
	ByID
	IfMatch
	Body struct {
		Content ArticleContent `json:"content"`
	}
}

func (a *API) articleSave(ctx context.Context, actor policies.Actor, in *articleSaveInput) (*Revised[ArticleRecord], error) {
	rev, err := in.Rev()
	if err != nil {
		return nil, err
	}
	article, err := a.Knowledge.Save(ctx, actor, in.ID, rev, in.Body.Content.content())
	if err != nil {
		return nil, err
	}
	return a.articleRecord(ctx, actor, article)
}

func (a *API) articleDelete(ctx context.Context, actor policies.Actor, in *ByID) (*Nothing, error) {
	return &Nothing{}, a.Knowledge.Remove(ctx, actor, in.ID)
}

func (a *API) articleEditing(ctx context.Context, actor policies.Actor, in *editingInput) (*Listed[presence.Editor], error) {
	if _, err := a.Knowledge.Get(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return a.editing(ctx, actor, "article:"+in.ID, in.Body.Leaving)
}

type articlePreviewInput struct {
	Body struct {
		Body string `json:"body" maxLength:"100000" doc:"Markdown"`
	}
}

// ArticlePreview is a text as readers would see it.
type ArticlePreview struct {
	HTML     string              `json:"html" doc:"Safe to show as it is"`
	Headings []knowledge.Heading `json:"headings"`
	LeftOut  []knowledge.LeftOut `json:"left_out" doc:"HTML of the text that readers do not get"`
	Media    media.Links         `json:"media"`
}

// articlePreview shows a text that is being written.
func (a *API) articlePreview(ctx context.Context, actor policies.Actor, in *articlePreviewInput) (*Answer[ArticlePreview], error) {
	text := knowledge.Render(in.Body.Body)
	links, err := a.Media.Links(ctx, actor.AccountID, a.mediaUntil(), media.In(in.Body.Body))
	if err != nil {
		return nil, err
	}
	return answer(ArticlePreview{HTML: text.With(links), Headings: text.Headings, LeftOut: text.LeftOut, Media: links}), nil
}

type articleRestoreInput struct {
	ByID
	IfMatch
	Number int `path:"number" minimum:"1" maximum:"1000000"`
}

func (a *API) articleRestore(ctx context.Context, actor policies.Actor, in *articleRestoreInput) (*Revised[ArticleRecord], error) {
	rev, err := in.Rev()
	if err != nil {
		return nil, err
	}
	article, err := a.Knowledge.Restore(ctx, actor, in.ID, rev, in.Number)
	if err != nil {
		return nil, err
	}
	return a.articleRecord(ctx, actor, article)
}

type articleStepInput struct {
	ByID
	IfMatch
	Body struct {
		Note string `json:"note,omitempty" maxLength:"2000" doc:"Of handing in: what changed. Of returning and withdrawing: why, and required"`
	}
}

type articleDatedInput struct {
	ByID
	IfMatch
	Body struct {
		Note      string    `json:"note,omitempty" maxLength:"2000" doc:"What changed and why, for the history"`
		PublishAt time.Time `json:"publish_at,omitzero" required:"false" doc:"When it is to be published; absent = once it is approved"`
	}
}

func (a *API) articleHandIn(ctx context.Context, actor policies.Actor, in *articleDatedInput) (*Revised[ArticleRecord], error) {
	return a.articleTake(ctx, actor, in.ID, in.IfMatch, knowledge.Order{Step: knowledge.HandIn, Note: in.Body.Note, PublishAt: moment(in.Body.PublishAt)})
}

func (a *API) articleApprove(ctx context.Context, actor policies.Actor, in *articleDatedInput) (*Revised[ArticleRecord], error) {
	return a.articleTake(ctx, actor, in.ID, in.IfMatch, knowledge.Order{Step: knowledge.Approve, Note: in.Body.Note, PublishAt: moment(in.Body.PublishAt)})
}

func (a *API) articleRecall(ctx context.Context, actor policies.Actor, in *articleStepInput) (*Revised[ArticleRecord], error) {
	return a.articleTake(ctx, actor, in.ID, in.IfMatch, knowledge.Order{Step: knowledge.Recall, Note: in.Body.Note})
}

func (a *API) articleDiscard(ctx context.Context, actor policies.Actor, in *articleStepInput) (*Revised[ArticleRecord], error) {
	return a.articleTake(ctx, actor, in.ID, in.IfMatch, knowledge.Order{Step: knowledge.Discard, Note: in.Body.Note})
}

func (a *API) articleReturn(ctx context.Context, actor policies.Actor, in *articleStepInput) (*Revised[ArticleRecord], error) {
	return a.articleTake(ctx, actor, in.ID, in.IfMatch, knowledge.Order{Step: knowledge.Return, Note: in.Body.Note})
}

func (a *API) articleWithdraw(ctx context.Context, actor policies.Actor, in *articleStepInput) (*Revised[ArticleRecord], error) {
	return a.articleTake(ctx, actor, in.ID, in.IfMatch, knowledge.Order{Step: knowledge.Withdraw, Note: in.Body.Note})
}

func (a *API) articleTake(ctx context.Context, actor policies.Actor, id string, match IfMatch, o knowledge.Order) (*Revised[ArticleRecord], error) {
	var err error
	if o.Rev, err = match.Rev(); err != nil {
		return nil, err
	}
	article, err := a.Knowledge.Take(ctx, actor, id, o)
	if err != nil {
		return nil, err
	}
	return a.articleRecord(ctx, actor, article)
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
