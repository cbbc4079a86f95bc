package interchange

import (
	"context"
	"slices"
	"strings"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
)

func filingKey(names []string) string { return strings.Join(names, "\x00") }

// fileUnder gives the category id of every category path of the file, by filingKey, and makes those that
// the bank lacks below base. A single name that the bank has exactly once, wherever, means that category.
// What will be made is noted in the import before anything is made, so that an undo knows it even after a crash.
func (s *Service) fileUnder(ctx context.Context, actor policies.Actor, m *Import, p Parsed, base []string) (map[string]string, error) {
	paths := map[string][]string{}
	for i, r := range p.Records {
		if m.outcome(i) == Fresh && len(r.Item.Category) > 0 {
			paths[filingKey(r.Item.Category)] = r.Item.Category
		}
	}
	known, err := s.bank.Categories(ctx, actor, m.OrgID)
	if err != nil {
		return nil, err
	}
	filing := map[string]string{"": m.CategoryID}
	var missing [][]string
	for key, path := range paths {
		full := append(slices.Clone(base), path...)
		if at, ok, err := s.bank.FindCategory(ctx, m.OrgID, full); err != nil {
			return nil, err
		} else if ok {
			filing[key] = at.ID
			continue
		}
		if id := onlyOne(known, m.OrgID, path); id != "" {
			filing[key] = id
			continue
		}
		for n := len(base) + 1; n <= len(full); n++ {
			_, ok, err := s.bank.FindCategory(ctx, m.OrgID, full[:n])
			if err != nil {
				return nil, err
			}
			if !ok && !slices.ContainsFunc(missing, func(have []string) bool { return slices.Equal(have, full[:n]) }) {
				missing = append(missing, full[:n])
			}
		}
	}
	slices.SortFunc(missing, slices.Compare) // parents first
	if len(missing) > 0 {
		if *m, err = s.imports.Update(ctx, m.ID, func(o *Import) error {
			for _, path := range missing {
				if !slices.ContainsFunc(o.Made, func(have []string) bool { return slices.Equal(have, path) }) {
					o.Made = append(o.Made, path)
				}
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	for key, path := range paths {
		if filing[key] != "" {
			continue
		}
		c, err := s.bank.EnsureCategories(ctx, actor, m.OrgID, append(slices.Clone(base), path...))
		if err != nil {
			return nil, err
		}
		filing[key] = c.ID
	}
	return filing, nil
}

// onlyOne gives the category that a single name means, "" where it is none or several.
func onlyOne(known []question.CategoryCount, orgID string, path []string) string {
	if len(path) != 1 {
		return ""
	}
	found := ""
	for _, c := range known {
		if c.OrgID == orgID && c.Name == strings.TrimSpace(path[0]) {
			if found != "" {
				return ""
			}
			found = c.ID
		}
	}
	return found
}

// dropCategories removes the categories that the import made and that nothing uses, the deepest first.
func (s *Service) dropCategories(ctx context.Context, actor policies.Actor, m Import) error {
	for _, path := range slices.Backward(m.Made) {
		c, ok, err := s.bank.FindCategory(ctx, m.OrgID, path)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		err = s.bank.DeleteCategory(ctx, actor, c.ID)
		if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
