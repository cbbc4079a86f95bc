package knowledge

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"qiming/internal/fault"
	"qiming/policies"
)

// Takedown is a line of the log of takedowns (下架记录): what was taken from the readers, when, by whom and why.
type Takedown struct {
	ArticleID string    `json:"article_id"`
	OrgID     string    `json:"org_id"`
	Title     string    `json:"title"`
	Kind      Kind      `json:"kind" enum:"article,regulation,faq,term"`
	Version   int       `json:"version"` // that readers saw
	At        time.Time `json:"at"`
	By        string    `json:"by"` // account
	Reason    string    `json:"reason"`
	Lasting   bool      `json:"lasting"` // it is not public again
}

// Takedowns gives a piece of the log of an organisation ("" = of all that the actor's permission reaches), the latest first.
func (s *Articles) Takedowns(ctx context.Context, actor policies.Actor, orgID string, limit int, after string) (Listing[Takedown], error) {
	found, err := s.catalogue.matching(ctx, func(h *head) bool {
		return len(h.withdrawals) > 0 && actor.Scope.Covers(h.OrgPath) && (orgID == "" || orgID == h.OrgID)
	}, updatedAt)
	if err != nil {
		return Listing[Takedown]{}, err
	}
	var log []Takedown
	for _, h := range found {
		for _, e := range h.withdrawals {
			line := Takedown{ArticleID: h.ID, OrgID: h.OrgID, Title: h.Draft.Title, Kind: h.Draft.Kind, Version: e.Version, At: e.At, By: e.By, Reason: e.Note}
			if w := h.Withdrawn; w != nil && w.At.Equal(e.At) {
				line.Lasting, line.Title, line.Version = true, w.Edition.Content.Title, w.Edition.Number
			}
			log = append(log, line)
		}
	}
	key := func(t Takedown) string { return strconv.FormatInt(t.At.UnixMilli(), 10) + "." + t.ArticleID }
	slices.SortFunc(log, func(a, b Takedown) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(b.ArticleID, a.ArticleID))
	})
	from := 0
	if after != "" {
		if from = slices.IndexFunc(log, func(t Takedown) bool { return key(t) == after }) + 1; from == 0 {
			return Listing[Takedown]{}, fault.New(fault.Invalid, "store.cursor", "the cursor belongs to another listing")
		}
	}
	to := min(len(log), from+min(max(limit, 1), 200))
	out := Listing[Takedown]{Items: log[from:to], Total: len(log)}
	if to < len(log) {
		out.Next = key(log[to-1])
	}
	return out, nil
}
