package knowledge

import (
	"context"
	"slices"
	"strings"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// Limits of reports.
const (
	MaxReport  = 500 // characters of a reporter's words, and of the handler's note
	maxWaiting = 20  // open reports on one article or comment: a further one says nothing new
)

// ReportReason is why something is reported.
type ReportReason string

// The reasons.
const (
	ReportWrong         ReportReason = "wrong"         // 内容有误
	ReportQuote         ReportReason = "quote"         // 引文、姓名或职务有误
	ReportOutdated      ReportReason = "outdated"      // 已过时
	ReportInappropriate ReportReason = "inappropriate" // 言论不当
	ReportSecret        ReportReason = "secret"        // 可能涉密
	ReportPrivacy       ReportReason = "privacy"       // 侵犯个人隐私或权益
	ReportOther         ReportReason = "other"         // 其他: in words
)

// ReportReasons gives every reason there is.
func ReportReasons() []ReportReason {
	return []ReportReason{ReportWrong, ReportQuote, ReportOutdated, ReportInappropriate, ReportSecret, ReportPrivacy, ReportOther}
}

// Outcome is how a report was handled; "" = it is open.
type Outcome string

// The outcomes.
const (
	Upheld   Outcome = "upheld"   // 属实: what was reported was, or will be, put right
	Rejected Outcome = "rejected" // 不属实
)

// Report is what a reader reports of an article, or of a comment on it (举报). Who reported is told the outcome, and is named to nobody.
type Report struct {
	store.Meta `bson:",inline"`
	ArticleID  string       `bson:"article_id" json:"article_id"`
	CommentID  string       `bson:"comment_id" json:"comment_id,omitempty"` // "" = the article
	AccountID  string       `bson:"account_id,omitempty" json:"-"`          // "" = who was not signed in
	Version    int          `bson:"version" json:"version"`                 // of the article that was read
	Reason     ReportReason `bson:"reason" json:"reason" enum:"wrong,quote,outdated,inappropriate,secret,privacy,other"`
	Words      string       `bson:"words,omitempty" json:"words,omitempty"`
	Open       bool         `bson:"open" json:"open"`
	Outcome    Outcome      `bson:"outcome,omitempty" json:"outcome,omitempty" enum:"upheld,rejected"`
	Note       string       `bson:"note,omitempty" json:"note,omitempty"` // of who handled it: the reporter reads it
	HandledAt  *time.Time   `bson:"handled_at,omitempty" json:"handled_at,omitempty"`
	HandledBy  string       `bson:"handled_by,omitempty" json:"-"` // account
	Took       bool         `bson:"took,omitempty" json:"took,omitempty"`
}

func defineReports(db *store.DB) store.Collection[Report] {
	return store.Define[Report](db, store.Spec{Name: "article_reports", Version: 1, Indexes: []store.Index{
		{Name: "target", Fields: []string{"article_id", "comment_id", "open"}},
		{Name: "account", Fields: []string{"account_id", "created_at"}},
		{Name: "open", Fields: []string{"open", "created_at"}}}})
}

func errNoReport(id string) error {
	return fault.New(fault.NotFound, "report.not_found", "no report %s", id)
}

// Report reports an article that may be read, or a comment that is seen under it. Who is signed in reports a thing once until it is
// handled ("report.exists"); where many reports wait, a further one is "report.enough": it is being looked at.
func (s *Articles) Report(ctx context.Context, actor policies.Actor, articleID, commentID string, reason ReportReason, words string) (Report, error) {
	a, err := s.readable(ctx, actor, articleID)
	if err != nil {
		return Report{}, err
	}
	if commentID != "" {
		c, err := s.comments.Get(ctx, commentID)
		if fault.Is(err, fault.NotFound) || err == nil && (c.ArticleID != articleID || c.State != CommentPassed || !a.Published.Content.Comments) {
			return Report{}, errNoComment(commentID)
		}
		if err != nil {
			return Report{}, err
		}
	}
	var p problems
	if !slices.Contains(ReportReasons(), reason) {
		p.add("reason", "unknown")
	}
	if words = strings.TrimSpace(clean(words)); words == "" && reason == ReportOther {
		p.add("words", "required")
	}
	p.length("words", words, MaxReport)
	if err := fault.Bad("report.invalid", p); err != nil {
		return Report{}, err
	}
	n := 0
	for r, err := range s.reports.Find(ctx, store.Query[Report]{Index: "target", Eq: map[string]any{"article_id": articleID, "comment_id": commentID, "open": true}, Limit: maxWaiting}) {
		if err != nil {
			return Report{}, err
		}
		if r.AccountID == actor.AccountID && actor.SignedIn() {
			return Report{}, fault.New(fault.Conflict, "report.exists", "account %s reported it already", actor.AccountID)
		}
		n++
	}
	if n >= maxWaiting {
		return Report{}, fault.New(fault.Conflict, "report.enough", "%d reports wait", n)
	}
	r := Report{Meta: store.Meta{ID: ident.New()}, ArticleID: articleID, CommentID: commentID, AccountID: actor.AccountID, Version: a.Published.Number,
		Reason: reason, Words: words, Open: true}
	return r, s.reports.Insert(ctx, &r)
}

// ReportFilter narrows the list of reports.
type ReportFilter struct {
	Open      bool   // those that wait; else those that were handled
	OrgID     string // of the article; "" = all that the actor's permission reaches
	ArticleID string
}

// HandledReport is a report as those who handle it see it.
type HandledReport struct {
	Report
	Title    string   // of the article
	OrgID    string   // of the article
	Status   Status   // of the article
	Public   bool     // readers see the article
	Comment  *Comment // that is reported
	SignedIn bool     // who reported was
	Own      bool     // the actor wrote what is reported, and does not handle it
}

func (s *Articles) reportQuery(ctx context.Context, actor policies.Actor, f ReportFilter) (store.Query[Report], error) {
	within, err := s.catalogue.within(ctx, actor.Scope, f.OrgID)
	return store.Query[Report]{Index: "open", Eq: map[string]any{"open": f.Open}, Desc: !f.Open, Match: func(r *Report) bool {
		return (f.ArticleID == "" || r.ArticleID == f.ArticleID) && within(r.ArticleID)
	}}, err
}

// Reports gives a piece of the reports on articles that the actor's permission reaches: the open ones the oldest first, others the
// latest first.
func (s *Articles) Reports(ctx context.Context, actor policies.Actor, f ReportFilter, limit int, after string) (store.Page[HandledReport], error) {
	none := store.Page[HandledReport]{}
	q, err := s.reportQuery(ctx, actor, f)
	if err != nil {
		return none, err
	}
	q.Limit, q.After = limit, after
	page, err := s.reports.Page(ctx, q)
	if err != nil {
		return none, err
	}
	var articles, comments []string
	for _, r := range page.Items {
		articles, comments = append(articles, r.ArticleID), append(comments, r.CommentID)
	}
	heads, err := s.catalogue.heads(ctx, articles)
	if err != nil {
		return none, err
	}
	spoken, err := s.comments.GetMany(ctx, comments)
	if err != nil {
		return none, err
	}
	out := store.Page[HandledReport]{Items: []HandledReport{}, Next: page.Next}
	for _, r := range page.Items {
		h := heads[r.ArticleID]
		if h == nil {
			continue
		}
		one := HandledReport{Report: r, Title: h.title(), OrgID: h.OrgID, Status: h.Status, Public: h.Published != nil, SignedIn: r.AccountID != "", Own: h.AuthorID == actor.AccountID}
		if c, ok := spoken[r.CommentID]; ok {
			one.Comment, one.Own = &c, c.AccountID == actor.AccountID
		}
		out.Items = append(out.Items, one)
	}
	return out, nil
}

// CountReports counts what Reports lists.
func (s *Articles) CountReports(ctx context.Context, actor policies.Actor, f ReportFilter) (int, error) {
	q, err := s.reportQuery(ctx, actor, f)
	if err != nil {
		return 0, err
	}
	q.Desc = false
	return s.reports.Count(ctx, q)
}

// Handling is how a report is closed. TakeDown withdraws the article, or hides the comment, with the note as the reason: only of
// what is upheld.
type Handling struct {
	Outcome  Outcome
	Note     string // required: the reporter reads it, and readers where something is taken down
	TakeDown bool
}

// HandleReport closes a report on an article that the permission reaches. Who wrote what is reported does not handle it
// ("report.own"); one that was handled is "report.handled". What is taken down already stays so.
func (s *Articles) HandleReport(ctx context.Context, actor policies.Actor, id string, h Handling) (Report, error) {
	r, err := s.reports.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		err = errNoReport(id)
	}
	if err != nil {
		return Report{}, err
	}
	a, err := s.Get(ctx, actor, r.ArticleID)
	if fault.Is(err, fault.NotFound) {
		err = errNoReport(id)
	}
	if err != nil {
		return Report{}, err
	}
	h.Note = tidy(h.Note)
	var p problems
	if h.Outcome != Upheld && h.Outcome != Rejected {
		p.add("outcome", "unknown")
	}
	if h.Note == "" {
		p.add("note", "required")
	}
	p.length("note", h.Note, MaxReport)
	if h.TakeDown && h.Outcome != Upheld {
		p.add("take_down", "report.take_down")
	}
	if err := fault.Bad("report.invalid", p); err != nil {
		return Report{}, err
	}
	if !r.Open {
		return Report{}, fault.New(fault.Conflict, "report.handled", "report %s was handled", id)
	}
	var c Comment
	own := a.AuthorID == actor.AccountID
	if r.CommentID != "" {
		if c, err = s.comments.Get(ctx, r.CommentID); err != nil {
			return Report{}, err
		}
		own = c.AccountID == actor.AccountID
	}
	if own {
		return Report{}, fault.New(fault.Forbidden, "report.own", "account %s wrote what is reported", actor.AccountID)
	}
	if h.TakeDown { // first: a crash in between leaves the report open, and what is taken down is not taken down again
		switch {
		case r.CommentID == "" && a.Published != nil:
			_, err = s.Take(ctx, actor, a.ID, Order{Step: Withdraw, Rev: a.Rev, Note: h.Note})
		case r.CommentID != "" && c.State == CommentPassed:
			_, err = s.DecideComment(ctx, actor, c.ID, HideComment, h.Note)
		}
		if err != nil {
			return Report{}, err
		}
	}
	now := s.Clock.Now()
	var out Report
	err = s.Trail.Record(ctx, actor, "report."+string(h.Outcome), "article:"+a.ID, a.Draft.Title, func() error {
		out, err = s.reports.Update(ctx, id, func(r *Report) error {
			if !r.Open {
				return fault.New(fault.Conflict, "report.handled", "report %s was handled", id)
			}
			r.Open, r.Outcome, r.Note, r.HandledAt, r.HandledBy, r.Took = false, h.Outcome, h.Note, &now, actor.AccountID, h.TakeDown
			return nil
		})
		return err
	})
	return out, err
}

// ReportAnswer is what a reporter is told.
type ReportAnswer struct {
	Report
	Title string // of the article; "" where it is not to be read any more
}

// ReportAnswers gives a reporter the reports that were handled lately: for the home page.
func (s *Articles) ReportAnswers(ctx context.Context, actor policies.Actor) ([]ReportAnswer, error) {
	since := s.Clock.Now().Add(-recent)
	var found []Report
	var ids []string
	for r, err := range s.reports.Find(ctx, store.Query[Report]{Index: "account", Eq: map[string]any{"account_id": actor.AccountID}, Desc: true,
		Match: func(r *Report) bool { return r.HandledAt != nil && !r.HandledAt.Before(since) }}) {
		if err != nil {
			return nil, err
		}
		found, ids = append(found, r), append(ids, r.ArticleID)
	}
	titles, err := s.titles(ctx, actor, ids)
	out := make([]ReportAnswer, len(found))
	for i, r := range found {
		out[i] = ReportAnswer{r, titles[r.ArticleID]}
	}
	return out, err
}
