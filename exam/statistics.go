package exam

import (
	"iter"
	"slices"
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
	State     string   `json:"state"`    // not_yet, absent, or the state of the attempt that counts or runs
	Score     *float64 `json:"score,omitempty"`
	Percent   *float64 `json:"percent,omitempty"`
	Passed    *bool    `json:"passed,omitempty"`
	Pending   bool     `json:"pending"` // an evaluator may still change it
	AttemptID string   `json:"attempt_id,omitempty"`
	Late      int      `json:"late"` // late answers that nobody admitted
	MadeUp    *MadeUp  `json:"made_up,omitempty"`
	Final     Final    `json:"final" enum:"passed,made_up,failed,absent,pending"` // with the make-ups
	Veiled    bool     `json:"veiled,omitempty"`                                  // it has a score that is not released, and not told
	taken     bool
	unsaid    bool // it has no score because that is not out
}

// The states of a row without an attempt: who may still come is not absent.
const (
	NotYet = "not_yet" // 未考: the quiz is not closed to the member
	Absent = "absent"  // 缺考
)

// OrgCount is the count of one organisation node with its whole subtree.
type OrgCount struct {
	OrgID    string   `json:"org_id"`
	Name     string   `json:"name"`
	ParentID string   `json:"parent_id"`
	Due      int      `json:"due"`
	Taken    int      `json:"taken"`            // have an attempt that ended and counts
	NotYet   int      `json:"not_yet"`          // due without an attempt, and the quiz is not closed to them
	Absent   int      `json:"absent"`           // due without any attempt, and closed
	Marked   int      `json:"marked"`           // of the taken: all items marked, so that passed is known
	Passed   int      `json:"passed"`           // of the marked
	MadeUp   int      `json:"made_up"`          // passed by a make-up, and not before
	Mean     *float64 `json:"mean,omitempty"`   // percent, of the marked; nil while there are none
	Hidden   bool     `json:"hidden,omitempty"` // fewer people than may be told to whom does not see the rows

	FewMarked bool `json:"few_marked,omitempty"` // the same of those with a score: who took it is told, how it went is not
	sum       float64
}

// Bucket counts the members with From <= percent < To; the last one includes 100.
type Bucket struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Count int     `json:"count"`
}

// Statistics of a quiz.
type Statistics struct {
	Due          int           `json:"due"`
	Taken        int           `json:"taken"`
	NotYet       int           `json:"not_yet"` // due without an attempt, and may still come
	Absent       int           `json:"absent"`
	Marked       int           `json:"marked"` // of the taken: all items marked; rates of passing are over these
	Passed       int           `json:"passed"`
	MadeUp       int           `json:"made_up"` // passed by a make-up, and not before
	ByOrg        []OrgCount    `json:"by_org"`
	Distribution []Bucket      `json:"distribution"`
	Mean         *float64      `json:"mean,omitempty"` // percent, of members with a score
	Median       *float64      `json:"median,omitempty"`
	Max          *float64      `json:"max,omitempty"`
	Min          *float64      `json:"min,omitempty"`
	Which        Which         `json:"attempts" enum:"first,all,best,last"` // that quiz and items are over
	Quiz         QuizFigures   `json:"quiz"`
	Items        []ItemFigures `json:"items"`                // the hardest first
	Unreleased   int           `json:"unreleased,omitempty"` // of the taken: not out, and so told in no figure of scores; 0 for whom they are told
	Hidden       bool          `json:"hidden,omitempty"`     // as of a node
	FewMarked    bool          `json:"few_marked,omitempty"`
}

// Summarise counts rows and the nodes of the organisation in one pass over each. A node counts its whole
// subtree; nodes that no row touches are left out.
func Summarise(rows iter.Seq[*Row], nodes []Node) Statistics {
	st := Statistics{Distribution: make([]Bucket, 10), ByOrg: []OrgCount{}, Items: []ItemFigures{}}
	for i := range st.Distribution {
		st.Distribution[i] = Bucket{From: float64(10 * i), To: float64(10*i + 10)}
	}
	counts := make(map[string]*OrgCount, len(nodes))
	total := &OrgCount{}
	var percents []float64
	for r := range rows {
		total.add(r)
		if r.unsaid {
			st.Unreleased++
		}
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
	st.Due, st.Taken, st.NotYet, st.Absent, st.Marked, st.Passed, st.MadeUp = total.Due, total.Taken, total.NotYet, total.Absent, total.Marked, total.Passed, total.MadeUp
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
		median := exact((percents[(n-1)/2] + percents[n/2]) / 2)
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
	if r.State == NotYet && r.Due {
		c.NotYet++
	}
	if r.Final == FinalMadeUp {
		c.MadeUp++
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
		mean := exact(c.sum / float64(c.Marked))
		c.Mean = &mean
	}
}

// rowOf gives a member's row; attempts are in the order of their numbers. over = the quiz is closed to the member.
func rowOf(t Taker, due, over bool, by GradeBy, pass float64, attempts []AttemptResult) Row {
	r := Row{MemberID: t.MemberID, Name: t.Name, OrgPath: t.Path, Due: due, State: Absent}
	if due && !over {
		r.State = NotYet
	}
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

// toldOf gives attempts as they are told before the release: without the scores that are not out.
func toldOf(attempts []AttemptResult) []AttemptResult {
	told := slices.Clone(attempts)
	for i := range told {
		if told[i].State != Released {
			told[i].Score, told[i].Percent = nil, nil
		}
	}
	return told
}

// anyVeiled says whether there is a score that is not out.
func anyVeiled(attempts []AttemptResult) bool {
	return slices.ContainsFunc(attempts, func(a AttemptResult) bool { return a.State == Graded })
}

// toldRow gives a member's row as it is told before the release.
func toldRow(t Taker, due, over bool, by GradeBy, pass float64, attempts []AttemptResult) Row {
	r := rowOf(t, due, over, by, pass, toldOf(attempts))
	r.Veiled = anyVeiled(attempts)
	r.unsaid = r.taken && r.Percent == nil
	return r
}
