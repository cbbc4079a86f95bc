package exam

import (
	"cmp"
	"context"
	"slices"

	"qiming/exam/question"
	"qiming/internal/store"
	"qiming/policies"
)

// Mastery says how well topics are known: of each, the share of the points of its items that were earned.
type Mastery struct {
	Which  Which          `json:"attempts" enum:"first,all,best,last"`
	Topics []MasteryTopic `json:"topics"` // the least known first
	ByOrg  []MasteryOrg   `json:"by_org"` // parents before children, as in the statistics
	N      int            `json:"-"`      // people with marks, over all
	Hidden bool           `json:"hidden,omitempty"`
}

// MasteryTopic is a category of the bank: the first level at which the questions of the quiz differ.
type MasteryTopic struct {
	ID    string   `json:"id"`   // of the category; "" = the questions without one
	Name  string   `json:"name"` //
	Items int      `json:"items"`
	N     int      `json:"n"`               // people whose papers had items of it
	Share *float64 `json:"share,omitempty"` // 0..1 of the points; nil where it is of fewer people than may be told
}

// MasteryOrg is an organisation node with its subtree.
type MasteryOrg struct {
	OrgID    string     `json:"org_id"`
	Name     string     `json:"name"`
	ParentID string     `json:"parent_id"`
	N        int        `json:"n"`      // people with marks
	Shares   []*float64 `json:"shares"` // parallel to the topics
	Hidden   bool       `json:"hidden,omitempty"`
}

// MasteryRow is a member.
type MasteryRow struct {
	MemberID string     `json:"member_id"`
	Name     string     `json:"name"`
	OrgName  string     `json:"org_name"`
	Percent  *float64   `json:"percent,omitempty"` // of the quiz, as its results say
	Shares   []*float64 `json:"shares"`            // parallel to the topics; null where the papers had no item of it
}

// earning is what somebody earned of the points of a topic.
type earning struct {
	earned, points float64
	people         int
}

func (e earning) share(least int) *float64 {
	if e.points == 0 || e.people < least {
		return nil
	}
	share := min(max(e.earned/e.points, 0), 1)
	return &share
}

// topics gives the topics of a tally and which of them each item belongs to.
func (s *Results) topics(ctx context.Context, t *tally) ([]MasteryTopic, []int, error) {
	ids := make([]string, len(t.versions))
	for i, version := range t.versions {
		ids[i] = question.WholeOf(question.QuestionOf(version))
	}
	paths, err := s.bank.Topics(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	depth := common(paths, ids)
	topics, of := []MasteryTopic{}, make([]int, len(ids))
	at := map[string]int{}
	for i, id := range ids {
		var topic question.Topic
		if path := paths[id]; len(path) > 0 {
			topic = path[min(depth, len(path)-1)]
		}
		n, ok := at[topic.ID]
		if !ok {
			n = len(topics)
			at[topic.ID] = n
			topics = append(topics, MasteryTopic{ID: topic.ID, Name: topic.Name})
		}
		topics[n].Items++
		of[i] = n
	}
	return topics, of, nil
}

// common says how many levels all questions share.
func common(paths map[string][]question.Topic, ids []string) int {
	if len(ids) == 0 {
		return 0
	}
	first := paths[ids[0]]
	n := len(first)
	for _, id := range ids {
		path := paths[id]
		n = min(n, len(path))
		for i := range n {
			if path[i].ID != first[i].ID {
				n = i
				break
			}
		}
	}
	return n
}

// earnings adds up what the members earned of each topic.
func (t *tally) earnings(which Which, within func([]string) bool, of []int, topics int, each func(a *taken, mine []earning)) {
	for i := 0; i < len(t.taken); {
		member := t.taken[i].memberID
		path := t.taken[i].path
		mine, any := make([]earning, topics), false
		from := i
		for ; i < len(t.taken) && t.taken[i].memberID == member; i++ {
			if a := &t.taken[i]; which.takes(a) && within(path) {
				for _, fact := range a.slots {
					fraction := t.marks[fact.mark]
					if fraction == pendingMark {
						continue
					}
					place := t.places[fact.place]
					e := &mine[of[place.item]]
					e.earned, e.points, e.people = e.earned+fraction*place.points, e.points+place.points, 1
					any = true
				}
			}
		}
		if any {
			each(&t.taken[from], mine)
		}
	}
}

// Mastery sums up the topics of a quiz for the actor's reach below a node, and for each node there. What is hidden of small groups
// in the statistics is hidden here.
func (s *Results) Mastery(ctx context.Context, actor policies.Actor, quizID string, ask StatisticsAsk, sight Sight) (Mastery, error) {
	sum, err := s.summarise(ctx, actor, quizID, ask, sight)
	if err != nil {
		return Mastery{}, err
	}
	out := Mastery{Which: sum.st.Which, Topics: []MasteryTopic{}, ByOrg: []MasteryOrg{}, Hidden: sum.st.Hidden || sum.st.FewMarked}
	if out.Hidden {
		return out, nil
	}
	topics, of, err := s.topics(ctx, sum.tally)
	if err != nil {
		return out, err
	}
	total, byOrg := make([]earning, len(topics)), map[string][]earning{}
	people := map[string]int{}
	sum.tally.earnings(out.Which, sum.within, of, len(topics), func(a *taken, mine []earning) {
		out.N++
		join(total, mine)
		for _, id := range a.path {
			if byOrg[id] == nil {
				byOrg[id] = make([]earning, len(topics))
			}
			join(byOrg[id], mine)
			people[id]++
		}
	})
	least := func(seen bool) int {
		if seen {
			return 1
		}
		return leastTold
	}
	order := make([]int, len(topics))
	for i := range topics {
		order[i] = i
		topics[i].N, topics[i].Share = total[i].people, total[i].share(least(sum.every))
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(known(topics[a].Share), known(topics[b].Share)), cmp.Compare(topics[a].Name, topics[b].Name))
	})
	for _, i := range order {
		out.Topics = append(out.Topics, topics[i])
	}
	for _, node := range sum.nodes {
		earned := byOrg[node.ID]
		if earned == nil {
			continue
		}
		one := MasteryOrg{OrgID: node.ID, Name: node.Name, ParentID: node.ParentID, Shares: []*float64{}, Hidden: sum.hidden[node.ID] || sum.scores[node.ID]}
		if !one.Hidden {
			one.N = people[node.ID]
			for _, i := range order {
				one.Shares = append(one.Shares, earned[i].share(least(sum.sees(node.ID))))
			}
		}
		out.ByOrg = append(out.ByOrg, one)
	}
	return out, nil
}

func join(sum, mine []earning) {
	for i, e := range mine {
		sum[i] = earning{sum[i].earned + e.earned, sum[i].points + e.points, sum[i].people + e.people}
	}
}

// known orders shares; what is not known comes last.
func known(share *float64) float64 {
	if share == nil {
		return 2
	}
	return *share
}

// MasteryRows pages through the members with marks below a node, in the order of the results: the actor's scope is that of
// results by name. Shares are parallel to the topics of Mastery for whoever sees all rows that were asked for.
func (s *Results) MasteryRows(ctx context.Context, actor policies.Actor, quizID string, ask StatisticsAsk, sight Sight, limit int, after string) (store.Page[MasteryRow], []MasteryTopic, error) {
	page := store.Page[MasteryRow]{Items: []MasteryRow{}}
	m, err := s.Mastery(ctx, actor, quizID, ask, Sight{Rows: actor.Scope, Unreleased: sight.Unreleased})
	if err != nil {
		return page, nil, err
	}
	t, within, err := s.reached(ctx, actor, quizID, ask.Org)
	if err != nil {
		return page, nil, err
	}
	t = t.as(sight)
	topics, of, err := s.topics(ctx, t)
	if err != nil {
		return page, nil, err
	}
	column := make([]int, len(m.Topics))
	for i, topic := range m.Topics {
		column[i] = slices.IndexFunc(topics, func(one MasteryTopic) bool { return one.ID == topic.ID })
	}
	shares := map[string][]*float64{}
	t.earnings(m.Which, within, of, len(topics), func(a *taken, mine []earning) {
		row := make([]*float64, len(column))
		for i, from := range column {
			row[i] = mine[from].share(1)
		}
		shares[a.memberID] = row
	})
	var rows []MasteryRow
	for i := range t.rows {
		if r := t.rows[i]; within(r.OrgPath) && shares[r.MemberID] != nil {
			rows = append(rows, MasteryRow{MemberID: r.MemberID, Name: r.Name, OrgName: r.OrgName, Percent: r.Percent, Shares: shares[r.MemberID]})
		}
	}
	start := 0
	if after != "" {
		if start = slices.IndexFunc(rows, func(r MasteryRow) bool { return r.MemberID == after }) + 1; start == 0 {
			return page, nil, noCursor()
		}
	}
	end := min(start+max(limit, 1), len(rows))
	page.Items = append(page.Items, rows[start:end]...)
	if end < len(rows) && end > start {
		page.Next = rows[end-1].MemberID
	}
	return page, m.Topics, nil
}
