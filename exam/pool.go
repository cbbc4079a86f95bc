package exam

import (
	"slices"
	"strings"

	"qiming/exam/question"
)

// add takes a candidate into the pool.
func (p *FrozenPool) add(c question.Candidate) {
	p.Versions = append(p.Versions, c.VersionID)
	if c.Kind == question.Material {
		if p.Parts == nil {
			p.Parts = map[string][]float64{}
		}
		p.Parts[c.VersionID] = nil
	}
}

// rank puts the candidates into the order in which the pool offers them: those first that the fewest quizzes
// besides this one may draw. Within one use the order is by id.
func (p *FrozenPool) rank(candidates []question.Candidate, quizID string) {
	uses := func(c question.Candidate) int {
		n := len(c.UsedBy)
		if slices.Contains(c.UsedBy, quizID) {
			n--
		}
		return n
	}
	slices.SortStableFunc(candidates, func(a, b question.Candidate) int {
		if n := uses(a) - uses(b); n != 0 {
			return n
		}
		return strings.Compare(a.VersionID, b.VersionID)
	})
	p.Uses = make([]int, len(candidates))
	for i, c := range candidates {
		p.Uses[i] = uses(c)
	}
}

// exclusions gathers which questions exclude each other: sharing a tag, directly or along a chain of tags
// (union-find over the tags).
type exclusions struct {
	parent map[string]string // of a tag; a root is its own
	tag    map[string]string // one tag of each version that has any
}

func (e *exclusions) add(c question.Candidate) {
	if len(c.Exclusions) == 0 {
		return
	}
	if e.parent == nil {
		e.parent, e.tag = map[string]string{}, map[string]string{}
	}
	e.tag[c.VersionID] = c.Exclusions[0]
	for _, tag := range c.Exclusions {
		if a, b := e.root(tag), e.root(c.Exclusions[0]); a != b {
			e.parent[max(a, b)] = min(a, b)
		}
	}
}

func (e *exclusions) root(tag string) string {
	up, ok := e.parent[tag]
	if !ok {
		e.parent[tag] = tag
		return tag
	}
	if up == tag {
		return tag
	}
	root := e.root(up)
	e.parent[tag] = root
	return root
}

// mark notes in the pools which of their versions exclude others.
func (e *exclusions) mark(sections []FrozenSection) {
	if len(e.tag) == 0 {
		return
	}
	for _, section := range sections {
		for i := range section.Pools {
			p := &section.Pools[i]
			for _, version := range p.Versions {
				tag, ok := e.tag[version]
				if !ok {
					continue
				}
				if p.Excludes == nil {
					p.Excludes = map[string]string{}
				}
				p.Excludes[version] = e.root(tag)
			}
		}
	}
}
