package knowledge

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// remindedFor is how long a reminder stands before another is sent.
const remindedFor = 24 * time.Hour

// Reader is a present member, with the account if there is one that may sign in.
type Reader struct {
	MemberID  string
	AccountID string // "" = none
	Name      string
	Path      []string // organisation nodes, root first
	Grants    []policies.Grant
}

// Readers knows the members; app fills it.
type Readers interface {
	// Below gives the present members of a node and of those below it.
	Below(ctx context.Context, orgID string) ([]Reader, error)
}

// Confirmation says of somebody whether an article was confirmed as read. Due are the members of the owner and below whom the
// article addresses; who confirmed without being due stands there too.
type Confirmation struct {
	MemberID   string     `json:"member_id,omitempty"`
	AccountID  string     `json:"-"`
	Name       string     `json:"name"`
	OrgID      string     `json:"org_id,omitempty"`
	Due        bool       `json:"due"`
	Account    bool       `json:"account"`           // may sign in, and so confirm
	Version    int        `json:"version,omitempty"` // the latest that was confirmed
	ReadAt     *time.Time `json:"read_at,omitempty"`
	RemindedAt *time.Time `json:"reminded_at,omitempty"` // for the version that is public
}

// Confirmations are those of an article that is public.
type Confirmations struct {
	ID      string
	OrgID   string
	Title   string
	Version int // that is public
	All     []Confirmation
}

// Done says whether the version that is public was confirmed.
func (c *Confirmations) Done(one Confirmation) bool { return one.Version >= c.Version }

// members gives the members below a node once for one call, and the paths of the nodes where they hold offices.
type members struct {
	service *Articles
	below   map[string][]Reader
	paths   map[string][]string
}

func (s *Articles) roll() *members {
	return &members{service: s, below: map[string][]Reader{}, paths: map[string][]string{}}
}

// due gives the members of an article's owner, and below, whom it addresses, within a scope.
func (m *members) due(ctx context.Context, scope policies.Scope, h *head) ([]Reader, error) {
	all, known := m.below[h.OrgID]
	if !known {
		var err error
		if all, err = m.service.Readers.Below(ctx, h.OrgID); err != nil {
			return nil, err
		}
		m.below[h.OrgID] = all
	}
	var out []Reader
	for _, r := range all {
		if !scope.Covers(r.Path) {
			continue
		}
		for _, grant := range r.Grants {
			if _, known := m.paths[grant.OrgID]; known {
				continue
			}
			path, err := m.service.Orgs.OrgPath(ctx, grant.OrgID)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return nil, err
			}
			m.paths[grant.OrgID] = path
		}
		// A member without an account is addressed as one with it is: the account is yet to come.
		actor := policies.Actor{AccountID: cmp.Or(r.AccountID, r.MemberID), MemberID: r.MemberID, OrgPath: r.Path, Grants: r.Grants}
		if Meet(h.tokens, ReaderTokens(actor, m.paths)) {
			out = append(out, r)
		}
	}
	return out, nil
}

// asked gives an article that asks to be confirmed, where the actor's permission reaches it, or reaches members whom it addresses and
// the actor may read it: a branch looks after its own part of what the committee published.
func (s *Articles) asked(ctx context.Context, actor policies.Actor, id string) (*head, error) {
	heads, err := s.catalogue.heads(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	tokens, err := s.reader(ctx, actor)
	if err != nil {
		return nil, err
	}
	if h := heads[id]; h != nil && h.asks() && (actor.Scope.Covers(h.OrgPath) || Meet(h.tokens, tokens)) {
		return h, nil
	}
	return nil, errNoArticle(id)
}

// asks says whether readers are asked to confirm what is public.
func (h *head) asks() bool { return h.Published != nil && h.Published.Content.Confirm }

// Confirmations gives who confirmed, and who is yet to, as far as the actor's permission reaches, by name within a node. Favourites
// and notes are nobody's business.
func (s *Articles) Confirmations(ctx context.Context, actor policies.Actor, id string) (Confirmations, error) {
	h, err := s.asked(ctx, actor, id)
	if err != nil {
		return Confirmations{}, err
	}
	return s.confirmations(ctx, actor, h, s.roll())
}

func (s *Articles) confirmations(ctx context.Context, actor policies.Actor, h *head, roll *members) (Confirmations, error) {
	out := Confirmations{ID: h.ID, OrgID: h.OrgID, Title: h.Published.Content.Title, Version: h.Published.Number, All: []Confirmation{}}
	due, err := roll.due(ctx, actor.Scope, h)
	if err != nil {
		return out, err
	}
	records := map[string]Record{}
	for r, err := range s.records.Find(ctx, store.Query[Record]{Index: "article", Eq: map[string]any{"article_id": h.ID}}) {
		if err != nil {
			return out, err
		}
		records[r.AccountID] = r
	}
	add := func(one Confirmation) {
		r := records[one.AccountID]
		one.Version, one.ReadAt = r.Version, r.ReadAt
		if r.RemindedOf == out.Version {
			one.RemindedAt = r.Reminded
		}
		out.All = append(out.All, one)
		delete(records, one.AccountID)
	}
	for _, r := range due {
		add(Confirmation{MemberID: r.MemberID, AccountID: r.AccountID, Name: r.Name, OrgID: r.Path[len(r.Path)-1], Due: true, Account: r.AccountID != ""})
	}
	slices.SortStableFunc(out.All, func(a, b Confirmation) int {
		return cmp.Or(cmp.Compare(a.OrgID, b.OrgID), cmp.Compare(a.Name, b.Name), cmp.Compare(a.MemberID, b.MemberID))
	})
	if actor.Scope.Covers(h.OrgPath) { // who confirmed though nobody asked
		var rest []Confirmation
		for _, r := range records {
			if r.ReadAt != nil {
				rest = append(rest, Confirmation{AccountID: r.AccountID, Account: true})
			}
		}
		slices.SortFunc(rest, func(a, b Confirmation) int { return cmp.Compare(a.AccountID, b.AccountID) })
		for _, one := range rest {
			add(one)
		}
	}
	return out, nil
}

// Asked counts the confirmations of an article.
type Asked struct {
	ID        string    `json:"id"`
	OrgID     string    `json:"org_id"`
	Title     string    `json:"title"`
	Version   int       `json:"version"`
	At        time.Time `json:"at"` // when it was published
	Due       int       `json:"due"`
	Confirmed int       `json:"confirmed"` // of those who are due
}

// Asking lists the articles that ask members within the actor's permission to confirm, the last published first.
func (s *Articles) Asking(ctx context.Context, actor policies.Actor) ([]Asked, error) {
	tokens, err := s.reader(ctx, actor)
	if err != nil {
		return nil, err
	}
	found, err := s.catalogue.matching(ctx, func(h *head) bool {
		return h.asks() && (actor.Scope.Covers(h.OrgPath) || Meet(h.tokens, tokens))
	}, publishedAt)
	if err != nil {
		return nil, err
	}
	out, roll := []Asked{}, s.roll()
	for _, h := range found {
		c, err := s.confirmations(ctx, actor, h, roll)
		if err != nil {
			return nil, err
		}
		one := Asked{ID: h.ID, OrgID: h.OrgID, Title: c.Title, Version: c.Version, At: h.Published.At}
		for _, who := range c.All {
			if who.Due {
				one.Due++
				if c.Done(who) {
					one.Confirmed++
				}
			}
		}
		if one.Due > 0 || actor.Scope.Covers(h.OrgPath) {
			out = append(out, one)
		}
	}
	return out, nil
}

// Reminded says how a reminder went.
type Reminded struct {
	Reminded int `json:"reminded"`
	Already  int `json:"already"` // were reminded within a day
	Without  int `json:"without"` // have no account to be reminded on
}

// reminders is how many are written at once.
const reminders = 16

// Remind puts an article on the home pages of those within the actor's permission who are due and did not confirm what is public: of
// all, or of those members that only names.
func (s *Articles) Remind(ctx context.Context, actor policies.Actor, id string, only []string) (Reminded, error) {
	h, err := s.asked(ctx, actor, id)
	if err != nil {
		return Reminded{}, err
	}
	var out Reminded
	err = s.recorded(ctx, actor, "article.remind", h.Article, func() error {
		c, err := s.confirmations(ctx, actor, h, s.roll())
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		var mu sync.Mutex
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(reminders)
		for _, who := range c.All {
			if !who.Due || c.Done(who) || len(only) > 0 && !slices.Contains(only, who.MemberID) {
				continue
			}
			switch {
			case !who.Account:
				out.Without++
			case who.RemindedAt != nil && now.Before(who.RemindedAt.Add(remindedFor)):
				out.Already++
			default:
				g.Go(func() error {
					_, err := s.record(ctx, policies.Actor{AccountID: who.AccountID}, id, func(r *Record) { r.Reminded, r.RemindedOf = &now, c.Version })
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						out.Reminded++
					}
					return err
				})
			}
		}
		return g.Wait()
	})
	return out, err
}

// ToConfirm is an article of which a reader was reminded.
type ToConfirm struct {
	ID    string
	Title string
	At    time.Time // of the reminder
}

// RemindedOf gives the articles of which a reader was reminded, and that are still to be confirmed: for the home page.
func (s *Articles) RemindedOf(ctx context.Context, actor policies.Actor) ([]ToConfirm, error) {
	var records []Record
	var ids []string
	for r, err := range s.records.Find(ctx, store.Query[Record]{Index: "account", Eq: map[string]any{"account_id": actor.AccountID},
		Match: func(r *Record) bool { return r.Reminded != nil && r.Version < r.RemindedOf }}) {
		if err != nil {
			return nil, err
		}
		records, ids = append(records, r), append(ids, r.ArticleID)
	}
	titles, err := s.titles(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	heads, err := s.catalogue.heads(ctx, ids)
	out := []ToConfirm{}
	for _, r := range records {
		if h := heads[r.ArticleID]; h != nil && h.asks() && h.Published.Number == r.RemindedOf && titles[r.ArticleID] != "" {
			out = append(out, ToConfirm{r.ArticleID, titles[r.ArticleID], *r.Reminded})
		}
	}
	return out, err
}
