package knowledge

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/knowledge/wordlist"
	"qiming/policies"
)

// Limits of comments.
const (
	MaxComment     = 1_000 // characters
	commentsAtOnce = 5     // of one reader in commentsWithin
	commentsWithin = 10 * time.Minute
)

// Comment is what a reader writes under an article (评论). Nobody but its author sees it until a reviewer passed it. It answers
// to the article, or to a comment on it (Thread): there is one level of replies.
type Comment struct {
	store.Meta `bson:",inline"`
	ArticleID  string       `bson:"article_id" json:"article_id"`
	Thread     string       `bson:"thread" json:"thread,omitempty"` // the comment that it answers; "" = it answers the article
	AccountID  string       `bson:"account_id" json:"-"`
	OrgID      string       `bson:"org_id,omitempty" json:"-"` // where its author belonged then
	Text       string       `bson:"text" json:"text"`          // plain; empty once its author removed it
	State      CommentState `bson:"state" json:"state" enum:"waiting,passed,refused,hidden,removed"`
	Decision   *Decision    `bson:"decision,omitempty" json:"decision,omitempty"` // the latest
}

// Decision is what a reviewer decided, with the reason where one is asked for.
type Decision struct {
	At     time.Time `bson:"at" json:"at"`
	By     string    `bson:"by" json:"-"` // account
	Reason string    `bson:"reason,omitempty" json:"reason,omitempty"`
}

// CommentState is the state of a comment.
type CommentState string

// The states.
const (
	CommentWaiting CommentState = "waiting" // for a reviewer; its author alone sees it
	CommentPassed  CommentState = "passed"  // who may read the article sees it
	CommentRefused CommentState = "refused" // its author alone sees it, with the reason
	CommentHidden  CommentState = "hidden"  // was passed, and taken away with a reason, which its author sees
	CommentRemoved CommentState = "removed" // by its author
)

// CommentStep is what a reviewer does with a comment.
type CommentStep string

// The steps of a reviewer.
const (
	PassComment   CommentStep = "pass"
	RefuseComment CommentStep = "refuse" // with a reason
	HideComment   CommentStep = "hide"   // with a reason
)

// commentFollows says what state a step leads to from another; what was refused or hidden by mistake can be passed.
var commentFollows = map[CommentStep]map[CommentState]CommentState{
	PassComment:   {CommentWaiting: CommentPassed, CommentRefused: CommentPassed, CommentHidden: CommentPassed},
	RefuseComment: {CommentWaiting: CommentRefused},
	HideComment:   {CommentPassed: CommentHidden},
}

func defineComments(db *store.DB) store.Collection[Comment] {
	return store.Define[Comment](db, store.Spec{Name: "article_comments", Version: 1, Indexes: []store.Index{
		{Name: "thread", Fields: []string{"article_id", "thread", "created_at"}},
		{Name: "account", Fields: []string{"account_id", "created_at"}},
		{Name: "state", Fields: []string{"state", "created_at"}}}})
}

func errNoComment(id string) error {
	return fault.New(fault.NotFound, "comment.not_found", "no comment %s", id)
}

// shown says whether a reader of the article sees a comment.
func (c *Comment) shown(actor policies.Actor) bool {
	return c.State == CommentPassed || c.State != CommentRemoved && c.AccountID == actor.AccountID && actor.SignedIn()
}

// belonging gives the node of an account: the member's, else that of the first office.
func belonging(actor policies.Actor) string {
	if n := len(actor.OrgPath); n > 0 {
		return actor.OrgPath[n-1]
	}
	for _, grant := range actor.Grants {
		if !grant.Role.Administrator() {
			return grant.OrgID
		}
	}
	return ""
}

// AddComment writes a comment of a reader's on an article that takes comments, else "comment.closed". thread is the comment that it
// answers: a passed one that answers the article itself. A word that does not pass is "comment.words_refused" with the hits in Params;
// too many in a short time are fault.TooMany with the seconds to wait.
func (s *Articles) AddComment(ctx context.Context, actor policies.Actor, articleID, thread, text string) (Comment, error) {
	a, err := s.readable(ctx, actor, articleID)
	if err != nil {
		return Comment{}, err
	}
	if !a.Published.Content.Comments {
		return Comment{}, fault.New(fault.Conflict, "comment.closed", "article %s takes no comments", articleID)
	}
	if thread != "" {
		to, err := s.comments.Get(ctx, thread)
		if fault.Is(err, fault.NotFound) || err == nil && (to.ArticleID != articleID || to.Thread != "" || to.State != CommentPassed) {
			return Comment{}, errNoComment(thread)
		}
		if err != nil {
			return Comment{}, err
		}
	}
	var p problems
	if text = strings.TrimSpace(clean(text)); text == "" {
		p.add("text", "required")
	}
	p.length("text", text, MaxComment)
	if err := fault.Bad("comment.invalid", p); err != nil {
		return Comment{}, err
	}
	c := Comment{Meta: store.Meta{ID: ident.New()}, ArticleID: articleID, Thread: thread, AccountID: actor.AccountID, OrgID: belonging(actor), Text: text, State: CommentWaiting}
	if err := s.passComment(ctx, a.OrgPath, c); err != nil {
		return Comment{}, err
	}
	if err := s.slowDown(ctx, actor.AccountID); err != nil {
		return Comment{}, err
	}
	return c, s.comments.Insert(ctx, &c)
}

// passComment refuses a text in which a word stands that does not pass in the article's organisation.
func (s *Articles) passComment(ctx context.Context, orgPath []string, c Comment) error {
	hits, err := s.Words.Check(ctx, orgPath, c.texts())
	if err != nil || !wordlist.Refused(hits) {
		return err
	}
	return fault.New(fault.Invalid, "comment.words_refused", "words of the list stand in comment %s", c.ID).With("hits", hits)
}

func (c *Comment) texts() []wordlist.Text { return []wordlist.Text{{Path: "text", Text: c.Text}} }

// slowDown refuses a reader who writes too much at once.
func (s *Articles) slowDown(ctx context.Context, accountID string) error {
	now := s.Clock.Now()
	var first time.Time
	n := 0
	for c, err := range s.comments.Find(ctx, store.Query[Comment]{Index: "account", Eq: map[string]any{"account_id": accountID}, From: now.Add(-commentsWithin), Limit: commentsAtOnce}) {
		if err != nil {
			return err
		}
		if n++; n == 1 {
			first = c.CreatedAt
		}
	}
	if n < commentsAtOnce {
		return nil
	}
	wait := first.Add(commentsWithin).Sub(now)
	return fault.New(fault.TooMany, "comment.too_many", "%d comments of account %s", n, accountID).
		With("retry_after", int(math.Ceil(wait.Seconds()))).With("minutes", int(math.Ceil(wait.Minutes())))
}

// RemoveComment takes a reader's own comment away, with its text, in whatever state it is. That of another is "comment.not_found".
func (s *Articles) RemoveComment(ctx context.Context, actor policies.Actor, id string) error {
	_, err := s.comments.Update(ctx, id, func(c *Comment) error {
		if c.AccountID != actor.AccountID || c.State == CommentRemoved {
			return errNoComment(id)
		}
		c.State, c.Text = CommentRemoved, ""
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		return errNoComment(id)
	}
	return err
}

// Discussion is a comment on an article, with those that answer it, the oldest first. Of one that its author removed there is no text.
type Discussion struct {
	Comment
	Replies []Comment
}

// Discussions gives a piece of what a reader sees under an article, the latest first: what was passed, and the reader's own in every
// state. An article that takes no comments has none to show.
func (s *Articles) Discussions(ctx context.Context, actor policies.Actor, articleID string, limit int, after string) (store.Page[Discussion], error) {
	none := store.Page[Discussion]{Items: []Discussion{}}
	a, err := s.readable(ctx, actor, articleID)
	if err != nil || !a.Published.Content.Comments {
		return none, err
	}
	page, err := s.comments.Page(ctx, store.Query[Comment]{Index: "thread", Eq: map[string]any{"article_id": articleID, "thread": ""}, Desc: true, Limit: limit, After: after,
		Match: func(c *Comment) bool { return c.State == CommentRemoved || c.shown(actor) }})
	if err != nil {
		return none, err
	}
	out := store.Page[Discussion]{Items: []Discussion{}, Next: page.Next}
	for _, c := range page.Items {
		d := Discussion{Comment: c, Replies: []Comment{}}
		for reply, err := range s.comments.Find(ctx, store.Query[Comment]{Index: "thread", Eq: map[string]any{"article_id": articleID, "thread": c.ID}}) {
			if err != nil {
				return none, err
			}
			if reply.shown(actor) {
				d.Replies = append(d.Replies, reply)
			}
		}
		if c.State != CommentRemoved || len(d.Replies) > 0 {
			out.Items = append(out.Items, d)
		}
	}
	return out, nil
}

// OwnComment is a reader's comment with the title of its article; "" where that is not to be read any more.
type OwnComment struct {
	Comment
	Title string `json:"title,omitempty"`
}

// OwnComments gives a piece of a reader's comments in every state, the latest first.
func (s *Articles) OwnComments(ctx context.Context, actor policies.Actor, limit int, after string) (store.Page[OwnComment], error) {
	page, err := s.comments.Page(ctx, store.Query[Comment]{Index: "account", Eq: map[string]any{"account_id": actor.AccountID}, Desc: true, Limit: limit, After: after,
		Match: func(c *Comment) bool { return c.State != CommentRemoved }})
	if err != nil {
		return store.Page[OwnComment]{}, err
	}
	ids := make([]string, len(page.Items))
	for i, c := range page.Items {
		ids[i] = c.ArticleID
	}
	titles, err := s.titles(ctx, actor, ids)
	out := store.Page[OwnComment]{Items: make([]OwnComment, len(page.Items)), Next: page.Next}
	for i, c := range page.Items {
		out.Items[i] = OwnComment{c, titles[c.ArticleID]}
	}
	return out, err
}

// titles names those of articles that a reader may read.
func (s *Articles) titles(ctx context.Context, actor policies.Actor, ids []string) (map[string]string, error) {
	tokens, err := s.reader(ctx, actor)
	if err != nil {
		return nil, err
	}
	heads, err := s.catalogue.heads(ctx, ids)
	out := map[string]string{}
	for id, h := range heads {
		if h.Published != nil && Meet(h.tokens, tokens) {
			out[id] = h.Published.Content.Title
		}
	}
	return out, err
}

// CommentFilter narrows the reviewers' list of comments.
type CommentFilter struct {
	State     CommentState
	OrgID     string // of the article; "" = all that the actor's permission reaches
	ArticleID string
}

// ReviewedComment is a comment as a reviewer sees it.
type ReviewedComment struct {
	Comment
	Title   string         // of the article
	OrgPath []string       // of the article
	To      string         // the text of the comment that it answers
	Own     bool           // the reviewer wrote it, and does not pass it
	Hits    []wordlist.Hit // of the list of words
}

func (s *Articles) commentQuery(ctx context.Context, actor policies.Actor, f CommentFilter) (store.Query[Comment], error) {
	within, err := s.catalogue.within(ctx, actor.Scope, f.OrgID)
	return store.Query[Comment]{Index: "state", Eq: map[string]any{"state": string(f.State)}, Desc: f.State != CommentWaiting, Match: func(c *Comment) bool {
		return (f.ArticleID == "" || c.ArticleID == f.ArticleID) && within(c.ArticleID)
	}}, err
}

// Comments gives reviewers a piece of the comments on articles that their permission reaches: those that wait the oldest first, others
// the latest first. What its author removed is not among them.
func (s *Articles) Comments(ctx context.Context, actor policies.Actor, f CommentFilter, limit int, after string) (store.Page[ReviewedComment], error) {
	none := store.Page[ReviewedComment]{}
	if !slices.Contains([]CommentState{CommentWaiting, CommentPassed, CommentRefused, CommentHidden}, f.State) {
		return none, fault.Bad("comment.invalid", []fault.Field{{Path: "state", Key: "unknown"}})
	}
	q, err := s.commentQuery(ctx, actor, f)
	if err != nil {
		return none, err
	}
	q.Limit, q.After = limit, after
	page, err := s.comments.Page(ctx, q)
	if err != nil {
		return none, err
	}
	var articles, threads []string
	for _, c := range page.Items {
		articles, threads = append(articles, c.ArticleID), append(threads, c.Thread)
	}
	heads, err := s.catalogue.heads(ctx, articles)
	if err != nil {
		return none, err
	}
	answered, err := s.comments.GetMany(ctx, threads)
	if err != nil {
		return none, err
	}
	out := store.Page[ReviewedComment]{Items: []ReviewedComment{}, Next: page.Next}
	for _, c := range page.Items {
		h := heads[c.ArticleID]
		if h == nil {
			continue
		}
		hits, err := s.Words.Check(ctx, h.OrgPath, c.texts())
		if err != nil {
			return none, err
		}
		out.Items = append(out.Items, ReviewedComment{Comment: c, Title: h.title(), OrgPath: h.OrgPath, To: answered[c.Thread].Text, Own: c.AccountID == actor.AccountID, Hits: hits})
	}
	return out, nil
}

// CountComments counts what Comments lists.
func (s *Articles) CountComments(ctx context.Context, actor policies.Actor, f CommentFilter) (int, error) {
	q, err := s.commentQuery(ctx, actor, f)
	if err != nil {
		return 0, err
	}
	q.Desc = false
	return s.comments.Count(ctx, q)
}

// DecideComment does a reviewer's step with a comment on an article that the permission reaches. Who wrote it does not pass it
// ("comment.own"); a step that its state does not have is "comment.step"; a word that was listed since is "comment.words_refused".
func (s *Articles) DecideComment(ctx context.Context, actor policies.Actor, id string, step CommentStep, reason string) (Comment, error) {
	old, err := s.comments.Get(ctx, id)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			err = errNoComment(id)
		}
		return Comment{}, err
	}
	a, err := s.Get(ctx, actor, old.ArticleID)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			err = errNoComment(id)
		}
		return Comment{}, err
	}
	reason = tidy(reason)
	var p problems
	p.length("reason", reason, maxReason)
	if reason == "" && step != PassComment {
		p.add("reason", "required")
	}
	if err := fault.Bad("comment.invalid", p); err != nil {
		return Comment{}, err
	}
	if step == PassComment {
		if err := s.passComment(ctx, a.OrgPath, old); err != nil {
			return Comment{}, err
		}
	}
	now := s.Clock.Now()
	var out Comment
	err = s.Trail.Record(ctx, actor, "comment."+string(step), "article:"+a.ID, a.Draft.Title, func() error {
		out, err = s.comments.Update(ctx, id, func(c *Comment) error {
			to, ok := commentFollows[step][c.State]
			if !ok {
				return fault.New(fault.Conflict, "comment.step", "%s is no step of %s", step, c.State).With("from", string(c.State)).With("step", string(step))
			}
			if step == PassComment && c.AccountID == actor.AccountID {
				return fault.New(fault.Forbidden, "comment.own", "account %s wrote it and does not pass it", actor.AccountID)
			}
			c.State, c.Decision = to, &Decision{At: now, By: actor.AccountID, Reason: reason}
			return nil
		})
		return err
	})
	return out, err
}

// recent is how long a reader is told of a decision.
const recent = 14 * 24 * time.Hour

// RefusedComments gives a reader's comments that were refused or hidden lately, on articles that may be read still: for the home page.
func (s *Articles) RefusedComments(ctx context.Context, actor policies.Actor) ([]OwnComment, error) {
	since := s.Clock.Now().Add(-recent)
	var found []Comment
	var ids []string
	for c, err := range s.comments.Find(ctx, store.Query[Comment]{Index: "account", Eq: map[string]any{"account_id": actor.AccountID}, Desc: true,
		Match: func(c *Comment) bool {
			return (c.State == CommentRefused || c.State == CommentHidden) && c.Decision != nil && !c.Decision.At.Before(since)
		}}) {
		if err != nil {
			return nil, err
		}
		found, ids = append(found, c), append(ids, c.ArticleID)
	}
	titles, err := s.titles(ctx, actor, ids)
	out := []OwnComment{}
	for _, c := range found {
		if title, ok := titles[c.ArticleID]; ok {
			out = append(out, OwnComment{c, title})
		}
	}
	return out, err
}
