package exam

import (
	"slices"
	"strings"

	"qiming/exam/question"
)

// Row is what a quiz's results say of one member.
type Row struct {
	MemberID  string   `json:"member_id"`
	Name      string   `json:"name"`
	OrgID     string   `json:"org_id"`
	OrgName   string   `json:"org_name"`
	OrgPath   []string `json:"org_path"`
	Due       bool     `json:"due"`      // addressed by the audience now
	Attempts  int      `json:"attempts"` // void ones left out
	State     string   `json:"state"`    // absent, or the state of the attempt that counts or runs
	Score     *float64 `json:"score,omitempty"`
	Percent   *float64 `json:"percent,omitempty"`
	Passed    *bool    `json:"passed,omitempty"`
	Pending   bool     `json:"pending"` // an evaluator may still change it
	AttemptID string   `json:"attempt_id,omitempty"`
	Late      int      `json:"late"` // late answers that nobody admitted
	MadeUp    *MadeUp  `json:"made_up,omitempty"`
	Final     Final    `json:"final" enum:"passed,made_up,failed,absent,pending"` // with the make-ups
	taken     bool
}

// Absent is the state of a row without an attempt.
const Absent = "absent"

// OrgCount is the count of one organisation node with its whole subtree.
type OrgCount struct {
	OrgID    string   `json:"org_id"`
	Name     string   `json:"name"`
	ParentID string   `json:"parent_id"`
	Due      int      `json:"due"`
	Taken    int      `json:"taken"`          // have an attempt that ended and counts
	Absent   int      `json:"absent"`         // due without any attempt that counts or runs
	Marked   int      `json:"marked"`         // of the taken: all items marked, so that passed is known
	Passed   int      `json:"passed"`         // of the marked
	Mean     *float64 `json:"mean,omitempty"` // percent, of the marked; nil while there are none
	sum      float64
}

// Bucket counts the members with From <= percent < To; the last one includes 100.
type Bucket struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Count int     `json:"count"`
}

// ItemCount is the statistics of one question version over first attempts (exam-rules section 5).
type ItemCount struct {
	QuestionID string        `json:"question_id"`
	Version    string        `json:"version"`
	Stem       string        `json:"stem"` // "" while it is not to be told
	Kind       question.Kind `json:"kind"`
	N          int           `json:"n"`                  // attempts whose paper had it and in which it is marked
	Facility   *float64      `json:"facility,omitempty"` // mean mark / points, 0..1; nil where n is 0
	Answered   int           `json:"answered"`           // of those, with an answer; marks of 0 without one are in n
	sum        float64
}

// Statistics of a quiz.
type Statistics struct {
	Due          int         `json:"due"`
	Taken        int         `json:"taken"`
	Absent       int         `json:"absent"`
	Marked       int         `json:"marked"` // of the taken: all items marked; rates of passing are over these
	Passed       int         `json:"passed"`
	ByOrg        []OrgCount  `json:"by_org"`
	Distribution []Bucket    `json:"distribution"`
	Mean         *float64    `json:"mean,omitempty"` // percent, of members with a score
	Median       *float64    `json:"median,omitempty"`
	Max          *float64    `json:"max,omitempty"`
	Min          *float64    `json:"min,omitempty"`
	Items        []ItemCount `json:"items"`
}

// Summarise counts rows, the nodes of the organisation and the items in one pass over each. A node
// counts its whole subtree; nodes that no row touches are left out.
func Summarise(rows []Row, nodes []Node, items *itemTally) Statistics {
	st := Statistics{Distribution: make([]Bucket, 10), ByOrg: []OrgCount{}, Items: items.list()}
	for i := range st.Distribution {
		st.Distribution[i] = Bucket{From: float64(10 * i), To: float64(10*i + 10)}
	}
	counts := make(map[string]*OrgCount, len(nodes))
	total := &OrgCount{}
	var percents []float64
	for i := range rows {
		r := &rows[i]
		total.add(r)
		for _, id := range r.OrgPath {
			c := counts[id]
			if c == nil {
				c = &OrgCount{OrgID: id}
				counts[id] = c
			}
			c.add(r)
		}
		if r.taken && r.Percent != nil {
			percents = append(percents, *r.Percent)
			st.Distribution[min(max(int(*r.Percent/10), 0), 9)].Count++
		}
	}
	st.Due, st.Taken, st.Absent, st.Marked, st.Passed = total.Due, total.Taken, total.Absent, total.Marked, total.Passed
	for _, n := range nodes {
		if c := counts[n.ID]; c != nil {
			c.Name, c.ParentID = n.Name, n.ParentID
			c.finish()
			st.ByOrg = append(st.ByOrg, *c)
		}
	}
	if len(percents) > 0 {
		slices.Sort(percents)
		total.finish()
		n := len(percents)
		median := hundredths((percents[(n-1)/2] + percents[n/2]) / 2)
		st.Mean, st.Median, st.Min, st.Max = total.Mean, &median, &percents[0], &percents[n-1]
	}
	return st
}

func (c *OrgCount) add(r *Row) {
	if r.Due {
		c.Due++
	}
	if r.State == Absent && r.Due {
		c.Absent++
	}
	if !r.taken {
		return
	}
	c.Taken++
	if r.Passed != nil && *r.Passed {
		c.Passed++
	}
	if r.Percent != nil {
		c.sum, c.Marked = c.sum+*r.Percent, c.Marked+1
	}
}

func (c *OrgCount) finish() {
	if c.Marked > 0 {
		mean := hundredths(c.sum / float64(c.Marked))
		c.Mean = &mean
	}
}

// itemTally gathers item statistics attempt by attempt.
type itemTally struct{ byVersion map[string]*ItemCount }

func newItemTally() *itemTally { return &itemTally{byVersion: map[string]*ItemCount{}} }

// add counts one graded attempt: marks are fractions by slot; what is pending is left out.
func (t *itemTally) add(paper Paper, marks []float64, answered func(slot int) bool) {
	for i, slot := range paper.Slots {
		if i >= len(marks) || marks[i] == pendingMark {
			continue
		}
		c := t.byVersion[slot.Version]
		if c == nil {
			c = &ItemCount{QuestionID: question.WholeOf(question.QuestionOf(slot.Version)), Version: slot.Version}
			t.byVersion[slot.Version] = c
		}
		c.N++
		c.sum += marks[i]
		if answered(i + 1) {
			c.Answered++
		}
	}
}

// list gives the items, the hardest first.
func (t *itemTally) list() []ItemCount {
	items := make([]ItemCount, 0, len(t.byVersion))
	for _, c := range t.byVersion {
		if c.N > 0 {
			facility := c.sum / float64(c.N)
			c.Facility = &facility
		}
		items = append(items, *c)
	}
	slices.SortFunc(items, func(a, b ItemCount) int {
		switch {
		case *a.Facility < *b.Facility:
			return -1
		case *a.Facility > *b.Facility:
			return 1
		}
		return strings.Compare(a.Version, b.Version)
	})
	return items
}

// rowOf gives a member's row; attempts are in the order of their numbers.
func rowOf(t Taker, due bool, by GradeBy, pass float64, attempts []Attempt) Row {
	r := Row{MemberID: t.MemberID, Name: t.Name, OrgPath: t.Path, Due: due, State: Absent}
	if n := len(t.Path); n > 0 {
		r.OrgID = t.Path[n-1]
	}
	for i := range attempts {
		a := &attempts[i]
		if a.State == Void {
			continue
		}
		r.Attempts++
		r.Late += a.Late
		r.AttemptID, r.State = a.ID, string(a.State)
	}
	if o := Combine(by, pass, attempts); o.AttemptID != "" {
		r.AttemptID, r.State, r.Score, r.Percent, r.Passed, r.Pending, r.taken = o.AttemptID, string(o.State), o.Score, o.Percent, o.Passed, o.Pending, true
	}
	return r
}
