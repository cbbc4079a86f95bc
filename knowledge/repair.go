package knowledge

import (
	"context"
	"slices"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// Repair brings the copies of organisation paths up to date, after a node was moved; a job calls it. An article of an abolished
// node keeps its path.
func (s *Articles) Repair(ctx context.Context) error {
	all, err := s.catalogue.matching(ctx, func(*head) bool { return true }, updatedAt)
	if err != nil {
		return err
	}
	paths := map[string][]string{}
	for _, h := range all {
		path, known := paths[h.OrgID]
		if !known {
			if path, err = s.Orgs.OrgPath(ctx, h.OrgID); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			paths[h.OrgID] = path
		}
		if len(path) == 0 || slices.Equal(path, h.OrgPath) {
			continue
		}
		saved, err := s.articles.Update(ctx, h.ID, func(a *Article) error {
			if slices.Equal(a.OrgPath, path) {
				return store.ErrUnchanged
			}
			a.OrgPath = path
			return nil
		})
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		s.catalogue.mirror.Wrote(saved)
	}
	return nil
}
