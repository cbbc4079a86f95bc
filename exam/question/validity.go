package question

import (
	"cmp"
	"context"
	"slices"
	"time"

	"qiming/policies"
	"qiming/search"
)

// today is the organisation's.
func (b *Bank) today() string { return b.clock.Now().In(b.zone).Format(time.DateOnly) }

// expired says whether what the item asks no longer holds: its last day is over.
func (e *entry) expired(today string) bool { return e.validUntil != "" && e.validUntil < today }

// Validity counts what expires, and what rests on which regulation.
type Validity struct {
	Today    string       `json:"today"`   // of the organisation
	Expired  int          `json:"expired"` // the last day is over
	Within30 int          `json:"within_30" doc:"Expire today or in the 30 days after, not yet expired"`
	Within90 int          `json:"within_90" doc:"The same for 90 days; those within 30 count too"`
	Dated    int          `json:"dated" doc:"Have a last day at all"`
	ToCheck  int          `json:"to_check"`
	Bases    []BasisCount `json:"bases" doc:"The most frequent first"`
}

// BasisCount is a basis with the number of questions that rest on it.
type BasisCount struct {
	Basis string `json:"basis"`
	Count int    `json:"count"`
}

// maxBases is how many bases are counted by name.
const maxBases = 500

// Validity counts the questions of the banks in the actor's scope; orgID narrows to one bank.
func (b *Bank) Validity(ctx context.Context, actor policies.Actor, orgID string) (Validity, error) {
	match, err := b.matcher(ctx, actor, Filter{OrgID: orgID})
	if err != nil {
		return Validity{}, err
	}
	now := b.clock.Now().In(b.zone)
	day := func(n int) string { return now.AddDate(0, 0, n).Format(time.DateOnly) }
	out, counts := Validity{Today: day(0), Bases: []BasisCount{}}, map[string]int{}
	err = b.catalogue.each(ctx, false, func(e *entry) {
		if !match(e) {
			return
		}
		if e.basis != "" {
			counts[e.basis]++
		}
		if e.toCheck {
			out.ToCheck++
		}
		if e.validUntil == "" {
			return
		}
		out.Dated++
		switch {
		case e.validUntil < day(0):
			out.Expired++
		case e.validUntil <= day(30):
			out.Within30++
			out.Within90++
		case e.validUntil <= day(90):
			out.Within90++
		}
	})
	for basis, n := range counts {
		out.Bases = append(out.Bases, BasisCount{basis, n})
	}
	slices.SortFunc(out.Bases, func(a, b BasisCount) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Basis, b.Basis)) })
	out.Bases = out.Bases[:min(len(out.Bases), maxBases)]
	return out, err
}

// TagCount is a tag with the number of questions that have it.
type TagCount struct {
	Tag   string `json:"tag"`
	Count int    `json:"count"`
}

// Tags gives the tags of the banks that the actor sees, the most frequent first; orgID narrows to one bank.
func (b *Bank) Tags(ctx context.Context, actor policies.Actor, orgID string) ([]TagCount, error) {
	match, err := b.matcher(ctx, actor, Filter{OrgID: orgID})
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	err = b.catalogue.each(ctx, false, func(e *entry) {
		if len(e.tags) > 0 && match(e) {
			for _, tag := range e.tags {
				counts[tag]++
			}
		}
	})
	out := make([]TagCount, 0, len(counts))
	for tag, n := range search.OneSpelling(counts) {
		out = append(out, TagCount{tag, n})
	}
	slices.SortFunc(out, func(a, b TagCount) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Tag, b.Tag)) })
	return out, err
}
