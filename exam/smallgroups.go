package exam

import (
	"cmp"
	"slices"
)

// leastTold is how many people an aggregate is of at least, where it is told to somebody who may not see the rows.
const leastTold = 5

// smallGroups gives the nodes of which nothing is told to somebody who may not see their rows: those of fewer than leastTold
// people, and as many of their siblings as it takes that the difference to the node above is not of so few either. What is below
// a node that is not told is not told either. people says of how many a node's figures are: with none there is nothing to tell.
// sees says whose rows one sees. Nodes come parents before children.
func smallGroups(counts []OrgCount, people func(*OrgCount) int, sees func(orgID string) bool) map[string]bool {
	hidden := map[string]bool{}
	children := map[string][]*OrgCount{}
	for i := range counts {
		c := &counts[i]
		children[c.ParentID] = append(children[c.ParentID], c)
		if n := people(c); n > 0 && n < leastTold && !sees(c.OrgID) {
			hidden[c.OrgID] = true
		}
	}
	for i := range counts { // a node's own children, then theirs
		c := &counts[i]
		if hidden[c.OrgID] {
			for _, child := range children[c.OrgID] {
				hidden[child.OrgID] = !sees(child.OrgID)
			}
			continue
		}
		own, told := people(c), []*OrgCount{}
		for _, child := range children[c.OrgID] {
			if !hidden[child.OrgID] {
				own -= people(child)
				told = append(told, child)
			}
		}
		slices.SortFunc(told, func(a, b *OrgCount) int { return cmp.Or(people(a)-people(b), cmp.Compare(a.OrgID, b.OrgID)) })
		for _, child := range told {
			if own <= 0 || own >= leastTold || sees(c.OrgID) {
				break
			}
			if !sees(child.OrgID) {
				hidden[child.OrgID] = true
				own += people(child)
			}
		}
	}
	for id, on := range hidden {
		if !on {
			delete(hidden, id)
		}
	}
	return hidden
}

// concerned says of how many people a node's figures are; marked, of how many those about scores.
func (c *OrgCount) concerned() int { return max(c.Due, c.Taken) }
func (c *OrgCount) marked() int    { return c.Marked }

// hide leaves of a node its name.
func (c *OrgCount) hide() {
	*c = OrgCount{OrgID: c.OrgID, Name: c.Name, ParentID: c.ParentID, Hidden: true}
}

// hideScores leaves of a node who took the quiz.
func (c *OrgCount) hideScores() {
	c.Marked, c.Passed, c.MadeUp, c.Mean, c.FewMarked = 0, 0, 0, nil, true
}

// hide leaves nothing of people in the statistics.
func (st *Statistics) hide() {
	*st = Statistics{Which: st.Which, Hidden: true, ByOrg: st.ByOrg, Distribution: []Bucket{}, Items: []ItemFigures{}}
	for i := range st.ByOrg {
		st.ByOrg[i].hide()
	}
}

// hideScores leaves who took the quiz.
func (st *Statistics) hideScores() {
	st.MadeUp = 0
	st.Marked, st.Passed, st.Mean, st.Median, st.Max, st.Min, st.FewMarked = 0, 0, nil, nil, nil, nil, true
	st.Distribution, st.Items, st.Quiz = []Bucket{}, []ItemFigures{}, QuizFigures{Points: st.Quiz.Points}
}
