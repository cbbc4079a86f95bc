package knowledge

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Share says which organisations may take over what an article shows (共享). Its id is the article's; where there is none, nobody may.
// Organisations are nodes of one tree: what is shared downwards reaches every node below, peers are the nodes with the same parent, and
// upwards is the parent. What readers see does not follow from a share: an organisation that takes it over has an article of its own.
type Share struct {
	store.Meta `bson:",inline"`
	OrgID      string   `bson:"org_id" json:"org_id"`                 // whose article it is
	Down       bool     `bson:"down,omitempty" json:"down,omitempty"` // 下级
	Peers      bool     `bson:"peers,omitempty" json:"peers,omitempty"`
	Up         bool     `bson:"up,omitempty" json:"up,omitempty"`
	Orgs       []string `bson:"orgs,omitempty" json:"orgs,omitempty"` // these nodes, wherever they are
	By         string   `bson:"by" json:"-"`                          // account
}

// Reaches says whether a share of an article whose owner stands at the end of a path reaches the node at the end of another.
func (s *Share) Reaches(owner, node []string) bool {
	if len(owner) == 0 || len(node) == 0 {
		return false
	}
	from, to := owner[len(owner)-1], node[len(node)-1]
	switch {
	case from == to:
		return false
	case slices.Contains(s.Orgs, to), s.Down && slices.Contains(node, from), s.Up && len(owner) > 1 && owner[len(owner)-2] == to:
		return true
	}
	return s.Peers && len(owner) > 1 && len(node) == len(owner) && node[len(node)-2] == owner[len(owner)-2]
}

func (s *Share) nobody() bool { return !s.Down && !s.Peers && !s.Up && len(s.Orgs) == 0 }

// Origin is where a copy is from, and which version of that it has.
type Origin struct {
	ArticleID string `bson:"article_id" json:"article_id"`
	OrgID     string `bson:"org_id" json:"org_id"`
	Version   int    `bson:"version" json:"version"`
	Label     string `bson:"label" json:"label"`                   // names the source where that names none itself
	Auto      bool   `bson:"auto,omitempty" json:"auto,omitempty"` // it follows by itself, as long as it is not changed here
}

// OriginState is how a copy stands to its source.
type OriginState string

// The states of a copy.
const (
	OriginSame     OriginState = "same"      // it has the version that is public there
	OriginNewer    OriginState = "newer"     // the source has a newer version
	OriginDown     OriginState = "withdrawn" // the source was taken down
	OriginUnshared OriginState = "unshared"  // it is shared no more
)

func defineShares(db *store.DB) store.Collection[Share] {
	return store.Define[Share](db, store.Spec{Name: "article_shares", Version: 1})
}

// copyID names the copy that an organisation has of an article: there is one at most.
func copyID(articleID, orgID string) string { return articleID + "x" + orgID }

// ShareOf gives the share of an article that the actor's permission reaches; the zero share where there is none.
func (s *Articles) ShareOf(ctx context.Context, actor policies.Actor, id string) (Share, error) {
	if _, err := s.Get(ctx, actor, id); err != nil {
		return Share{}, err
	}
	share, err := s.shares.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return share, err
}

// PutShare says whom an article is shared with; with nobody, the share is withdrawn. What is not public is not shared
// ("share.not_public"): copies are of what a second person reviewed. The organisation at the top has neither peers nor a parent ("share.top").
func (s *Articles) PutShare(ctx context.Context, actor policies.Actor, id string, to Share) (Share, error) {
	a, err := s.Get(ctx, actor, id)
	if err != nil {
		return Share{}, err
	}
	if a.Published == nil && !to.nobody() {
		return Share{}, fault.New(fault.Conflict, "share.not_public", "article %s is not public", id)
	}
	var p problems
	if len(a.OrgPath) < 2 {
		for path, wanted := range map[string]bool{"peers": to.Peers, "up": to.Up} {
			if wanted {
				p.add(path, "share.top")
			}
		}
	}
	to.Orgs = p.list("orgs", to.Orgs, MaxAudience, 64)
	for i, org := range to.Orgs {
		if _, err := s.Orgs.OrgPath(ctx, org); fault.Is(err, fault.NotFound) || org == a.OrgID {
			p.add(fmt.Sprintf("orgs[%d]", i), "org.not_found")
		} else if err != nil {
			return Share{}, err
		}
	}
	if err := fault.Bad("share.invalid", p); err != nil {
		return Share{}, err
	}
	if to.nobody() {
		err = s.recorded(ctx, actor, "article.unshare", a, func() error {
			err := s.shares.Delete(ctx, id)
			if fault.Is(err, fault.NotFound) {
				err = nil
			}
			return err
		})
		return Share{}, err
	}
	to.Meta, to.OrgID, to.By = store.Meta{ID: id}, a.OrgID, actor.AccountID
	err = s.recorded(ctx, actor, "article.share", a, func() error {
		fresh := to
		err := s.shares.Insert(ctx, &fresh)
		if fault.Is(err, fault.Exists) {
			fresh, err = s.shares.Update(ctx, id, func(have *Share) error {
				have.Down, have.Peers, have.Up, have.Orgs, have.By = to.Down, to.Peers, to.Up, to.Orgs, to.By
				return nil
			})
		}
		to = fresh
		return err
	})
	return to, err
}

// Copy is an article that another organisation took over.
type Copy struct {
	OrgID   string `json:"org_id"`
	Version int    `json:"version"` // of the source
	Status  Status `json:"status" enum:"draft,review,scheduled,published,withdrawn"`
	Auto    bool   `json:"auto,omitempty"`
}

// Copies gives what organisations took over of an article that the actor's permission reaches.
func (s *Articles) Copies(ctx context.Context, actor policies.Actor, id string) ([]Copy, error) {
	if _, err := s.Get(ctx, actor, id); err != nil {
		return nil, err
	}
	found, err := s.catalogue.matching(ctx, func(h *head) bool { return h.Origin != nil && h.Origin.ArticleID == id }, updatedAt)
	out := make([]Copy, len(found))
	for i, h := range found {
		out[i] = Copy{h.OrgID, h.Origin.Version, h.Status, h.Origin.Auto}
	}
	return out, err
}

// Received is an article that is shared with an organisation, or that it took over.
type Received struct {
	ID      string      `json:"id"`
	OrgID   string      `json:"org_id"` // whose it is
	Kind    Kind        `json:"kind" enum:"article,regulation,faq,term"`
	Title   string      `json:"title"`
	Excerpt string      `json:"excerpt"`
	Version int         `json:"version"` // that is public there; 0 = it was taken down
	At      time.Time   `json:"at"`      // when that was published, or taken down
	CopyID  string      `json:"copy_id,omitempty"`
	Status  Status      `json:"status,omitempty" enum:"draft,review,scheduled,published,withdrawn"` // of the copy
	State   OriginState `json:"state,omitempty" enum:"same,newer,withdrawn,unshared"`               // of the copy
	Auto    bool        `json:"auto,omitempty"`
}

// Inbox gives what is shared with an organisation of the actor's, and what it took over, the latest first.
func (s *Articles) Inbox(ctx context.Context, actor policies.Actor, orgID string) ([]Received, error) {
	path, err := s.owned(ctx, actor, orgID)
	if err != nil {
		return nil, err
	}
	shares := map[string]Share{}
	for share, err := range s.shares.Find(ctx, store.Query[Share]{}) {
		if err != nil {
			return nil, err
		}
		shares[share.ID] = share
	}
	copies, err := s.catalogue.matching(ctx, func(h *head) bool { return h.OrgID == orgID && h.Origin != nil }, updatedAt)
	if err != nil {
		return nil, err
	}
	mine := map[string]*head{}
	for _, h := range copies {
		mine[h.Origin.ArticleID] = h
	}
	found, err := s.catalogue.matching(ctx, func(h *head) bool {
		share, shared := shares[h.ID]
		return mine[h.ID] != nil || shared && h.Published != nil && share.Reaches(h.OrgPath, path)
	}, updatedAt)
	if err != nil {
		return nil, err
	}
	out := []Received{}
	for _, h := range found {
		if own, err := s.comesFrom(ctx, h.Origin, orgID); err != nil {
			return nil, err
		} else if own && mine[h.ID] == nil {
			continue
		}
		one := Received{ID: h.ID, OrgID: h.OrgID, Kind: h.Draft.Kind, Title: h.title()}
		share, shared := shares[h.ID]
		shared = shared && share.Reaches(h.OrgPath, path)
		switch {
		case h.Published != nil:
			one.Kind, one.Excerpt, one.Version, one.At = h.Published.Content.Kind, h.excerpt, h.Published.Number, h.Published.At
		case h.Withdrawn != nil:
			one.At = h.Withdrawn.At
		}
		if c := mine[h.ID]; c != nil {
			one.CopyID, one.Status, one.State, one.Auto = c.ID, c.Status, c.Origin.state(h, shared), c.Origin.Auto
			if one.State == OriginUnshared {
				one.Excerpt = ""
			}
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b Received) int { return cmp.Compare(b.At.UnixMilli(), a.At.UnixMilli()) })
	return out, nil
}

// comesFrom says whether a copy comes, by other copies or not, from an article of an organisation: what is its own is not offered to it.
func (s *Articles) comesFrom(ctx context.Context, o *Origin, orgID string) (bool, error) {
	for o != nil {
		if o.OrgID == orgID {
			return true, nil
		}
		heads, err := s.catalogue.heads(ctx, []string{o.ArticleID})
		if err != nil || heads[o.ArticleID] == nil {
			return false, err
		}
		o = heads[o.ArticleID].Origin
	}
	return false, nil
}

// state says how a copy stands to its source; source is nil where that is gone.
func (o *Origin) state(source *head, shared bool) OriginState {
	switch {
	case source == nil || source.Published == nil:
		return OriginDown
	case !shared:
		return OriginUnshared
	case source.Published.Number > o.Version:
		return OriginNewer
	}
	return OriginSame
}

// received gives the source of a share that reaches an organisation of the actor's, else "share.not_found".
func (s *Articles) received(ctx context.Context, path []string, id string) (Article, error) {
	none := fault.New(fault.NotFound, "share.not_found", "article %s is not shared with %v", id, path)
	share, err := s.shares.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return Article{}, none
	}
	if err != nil {
		return Article{}, err
	}
	a, err := s.articles.Get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && (a.Published == nil || !share.Reaches(a.OrgPath, path)) {
		return Article{}, none
	}
	if err != nil {
		return Article{}, err
	}
	if own, err := s.comesFrom(ctx, a.Origin, path[len(path)-1]); err != nil {
		return Article{}, err
	} else if own {
		return Article{}, none
	}
	return a, nil
}

// Offer is what an article shows that is shared.
type Offer struct {
	Edition
	OrgID string // whose it is
}

// Received gives what an article shows that is shared with an organisation of the actor's, without what its own organisation alone
// decides: who reads it there is nobody's business.
func (s *Articles) Received(ctx context.Context, actor policies.Actor, orgID, id string) (Offer, error) {
	path, err := s.owned(ctx, actor, orgID)
	if err != nil {
		return Offer{}, err
	}
	a, err := s.received(ctx, path, id)
	if err != nil {
		return Offer{}, err
	}
	out := Offer{*a.Published, a.OrgID}
	out.Content = out.Content.adapted(Origin{})
	return out, nil
}

// StateOf says how a copy stands to its source, and which version is public there (0 = none); "" of what is no copy.
func (s *Articles) StateOf(ctx context.Context, a Article) (OriginState, int, error) {
	if a.Origin == nil {
		return "", 0, nil
	}
	heads, err := s.catalogue.heads(ctx, []string{a.Origin.ArticleID})
	if err != nil {
		return "", 0, err
	}
	_, err = s.received(ctx, a.OrgPath, a.Origin.ArticleID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", 0, err
	}
	source, public := heads[a.Origin.ArticleID], 0
	if source != nil && source.Published != nil {
		public = source.Published.Number
	}
	return a.Origin.state(source, err == nil), public, nil
}
