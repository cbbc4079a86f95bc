package exam

import (
	"slices"
	"time"

	"qiming/exam/question"
	"qiming/internal/store"
)

// QuizStatus is the life of a quiz. Transitions: draft -> published -> closed -> archived, closed ->
// published (reopened). Editing a published quiz makes the next version at the next publishing.
type QuizStatus string

// The states of a quiz.
const (
	QuizDraft     QuizStatus = "draft"
	QuizPublished QuizStatus = "published"
	QuizClosed    QuizStatus = "closed" // ended by hand before its window
	QuizArchived  QuizStatus = "archived"
)

// Overdue says what happens to an attempt at its deadline (Moodle's overduehandling).
type Overdue string

// The ways.
const (
	OverdueSubmit  Overdue = "submit"  // handed in with what the server has (default)
	OverdueGrace   Overdue = "grace"   // may still be handed in, not answered, during the grace period
	OverdueAbandon Overdue = "abandon" // never counts unless handed in before
)

// Behaviour says when a taker learns how an item went.
type Behaviour string

// The behaviours.
const (
	Deferred  Behaviour = "deferred"  // after handing in (default)
	Immediate Behaviour = "immediate" // each item may be checked once while answering; then it is settled
	Retry     Behaviour = "retry"     // practice: each item may be tried again, at a penalty
)

// GradeBy says which of several attempts counts.
type GradeBy string

// The methods.
const (
	GradeBest    GradeBy = "best"
	GradeLast    GradeBy = "last"
	GradeFirst   GradeBy = "first"
	GradeAverage GradeBy = "average"
)

// Timing is what overrides may change, field by field. In a quiz the zero value means "none": no
// window, no limit, any number of attempts, no password.
type Timing struct {
	Opens    *time.Time `bson:"opens,omitempty" json:"opens,omitempty"`
	Closes   *time.Time `bson:"closes,omitempty" json:"closes,omitempty"`
	Limit    int        `bson:"limit" json:"limit"`                           // seconds; 0 = none
	Attempts int        `bson:"attempts" json:"attempts"`                     // 0 = unlimited
	Password string     `bson:"password,omitempty" json:"password,omitempty"` // never sent to takers
}

// Settings are how a quiz behaves.
type Settings struct {
	Timing         `bson:",inline"`
	Wait           int           `bson:"wait" json:"wait"` // seconds between the end of an attempt and the next start
	Overdue        Overdue       `bson:"overdue" json:"overdue" enum:"submit,grace,abandon"`
	Grace          int           `bson:"grace" json:"grace"` // seconds, with OverdueGrace
	Behaviour      Behaviour     `bson:"behaviour,omitempty" json:"behaviour,omitempty" enum:"deferred,immediate,retry"`
	Tries          int           `bson:"tries,omitempty" json:"tries,omitempty"`     // of an item, with Retry
	Penalty        float64       `bson:"penalty,omitempty" json:"penalty,omitempty"` // share of an item that a try before costs, 0..1, with Retry
	GradeBy        GradeBy       `bson:"grade_by" json:"grade_by" enum:"best,last,first,average"`
	PassPercent    float64       `bson:"pass_percent" json:"pass_percent"` // of the total; 60 by default
	ShuffleOptions bool          `bson:"shuffle_options" json:"shuffle_options"`
	NegativeMarks  bool          `bson:"negative_marks,omitempty" json:"negative_marks"` // an item may cost points where the weight of an option says so; else it earns 0 at least
	ManualRelease  bool          `bson:"manual_release" json:"manual_release"`           // scores wait for the act of release
	Review         ReviewMatrix  `bson:"review" json:"review"`
	AppealDays     int           `bson:"appeal_days,omitempty" json:"appeal_days,omitempty"` // days after the release of an attempt in which its items may be appealed; 0 = none
	AutoMark       float64       `bson:"auto_mark,omitempty" json:"auto_mark,omitempty"`     // confidence 0.5..1 from which on the product marks short answers by itself; 0 = people mark them all
	Certificate    *Award        `bson:"certificate,omitempty" json:"certificate,omitempty"` // given to those who pass; nil = none
	Limits         []SignalLimit `bson:"limits,omitempty" json:"limits,omitempty"`           // of signals, see limit.go
	Watermark      bool          `bson:"watermark,omitempty" json:"watermark,omitempty"`     // the taker's name stands faintly over the exam page
	Second         *Second       `bson:"second,omitempty" json:"second,omitempty"`           // nil = one evaluator marks an answer
}

// Award is the rule by which a quiz gives certificates.
type Award struct {
	Title  string `bson:"title" json:"title" maxLength:"60"`                                  // of the certificate: 合格证书
	Months int    `bson:"months,omitempty" json:"months,omitempty" minimum:"0" maximum:"120"` // that it holds; 0 = for good
}

// ReviewMatrix says what a taker sees of a finished attempt, and when: {during, after, open, closed}.
// "after" is the first two minutes after handing in, "open" later while the quiz is open, "closed" after its close.
type ReviewMatrix struct {
	During ReviewShows `bson:"during" json:"during"` // while the attempt is open: of items that were checked
	After  ReviewShows `bson:"after" json:"after"`
	Open   ReviewShows `bson:"open" json:"open"`
	Closed ReviewShows `bson:"closed" json:"closed"`
}

// ReviewShows is one column of the matrix.
type ReviewShows struct {
	Responses   bool `bson:"responses" json:"responses"`
	Correctness bool `bson:"correctness" json:"correctness"`
	Marks       bool `bson:"marks" json:"marks"`
	Feedback    bool `bson:"feedback" json:"feedback"`
	Explanation bool `bson:"explanation" json:"explanation"`
	RightAnswer bool `bson:"right_answer" json:"right_answer"`
	Total       bool `bson:"total" json:"total"`
}

// Audience is who is due to take a quiz: members of the subtrees of Orgs, narrowed to Stages and Roles where
// these are given, and Members by name besides.
type Audience struct {
	Orgs    []string `bson:"orgs" json:"orgs"`
	Stages  []string `bson:"stages,omitempty" json:"stages,omitempty"` // member stages: full, probationary, ...
	Roles   []string `bson:"roles,omitempty" json:"roles,omitempty"`   // policies.Role held by the member's account
	Members []string `bson:"members,omitempty" json:"members,omitempty"`
}

// Section is a part of a paper.
type Section struct {
	ID           string  `bson:"id" json:"id"`
	Title        string  `bson:"title" json:"title"`
	Instructions string  `bson:"instructions,omitempty" json:"instructions,omitempty"`
	Shuffle      bool    `bson:"shuffle" json:"shuffle"`                 // items in an order of the attempt's own
	Limit        int     `bson:"limit,omitempty" json:"limit,omitempty"` // seconds of its own; 0 = none. With one such section, sections are done one after another
	Entries      []Entry `bson:"entries" json:"entries"`
}

// Entry puts items into a section: a fixed question, or a number of questions drawn by a rule.
type Entry struct {
	QuestionID string         `bson:"question_id,omitempty" json:"question_id,omitempty"` // fixed
	Rule       *question.Rule `bson:"rule,omitempty" json:"rule,omitempty"`               // drawn
	Count      int            `bson:"count,omitempty" json:"count,omitempty"`             // drawn: how many
	LeastUsed  bool           `bson:"least_used,omitempty" json:"least_used,omitempty"`   // drawn: those first that the fewest other quizzes may draw
	Points     float64        `bson:"points" json:"points"`                               // each

	// How many items more one answers, as a material has several: as the bank was when the quiz was saved or published.
	More     int `bson:"more,omitempty" json:"more,omitempty" doc:"Items that one answers beyond one a question, as a material has several; told, not taken"`
	MoreMost int `bson:"more_most,omitempty" json:"more_most,omitempty" doc:"Where papers differ: More is the least; told, not taken"`
}

// Quiz is what an author edits. What takers get is frozen in a QuizVersion.
type Quiz struct {
	store.Meta  `bson:",inline"`
	OrgID       string     `bson:"org_id" json:"org_id"`
	OrgPath     []string   `bson:"org_path" json:"org_path"`
	Title       string     `bson:"title" json:"title"`
	Intro       string     `bson:"intro,omitempty" json:"intro,omitempty"`
	Status      QuizStatus `bson:"status" json:"status"`
	Settings    Settings   `bson:"settings" json:"settings"`
	Sections    []Section  `bson:"sections" json:"sections"`
	Audience    Audience   `bson:"audience" json:"audience"`
	Number      int        `bson:"number" json:"number"` // published version, 0 = none
	Dirty       bool       `bson:"dirty" json:"dirty"`   // edited since the last publishing
	AuthorID    string     `bson:"author_id" json:"author_id"`
	MakeupOf    string     `bson:"makeup_of,omitempty" json:"makeup_of,omitempty"` // the quiz whose absent and failed members it is for; see makeup.go
	PublishedAt *time.Time `bson:"published_at,omitempty" json:"published_at,omitempty"`
	ReleasedAt  *time.Time `bson:"released_at,omitempty" json:"released_at,omitempty"`
	ClosedAt    *time.Time `bson:"closed_at,omitempty" json:"closed_at,omitempty"` // closed by hand: ends every running attempt
}

// QuizVersion is a quiz frozen at publishing; its id is "QUIZ@NUMBER". Pools hold ids of question versions.
type QuizVersion struct {
	store.Meta `bson:",inline"`
	QuizID     string          `bson:"quiz_id" json:"quiz_id"`
	Number     int             `bson:"number" json:"number"`
	Title      string          `bson:"title" json:"title"`
	Intro      string          `bson:"intro,omitempty" json:"intro,omitempty"`
	Settings   Settings        `bson:"settings" json:"settings"`
	Sections   []FrozenSection `bson:"sections" json:"sections"`
	Audience   Audience        `bson:"audience" json:"audience"`
	MakeupOf   string          `bson:"makeup_of,omitempty" json:"makeup_of,omitempty"`
	Items      int             `bson:"items" json:"items"`   // of a paper; a material is one, whatever it is made of
	Points     float64         `bson:"points" json:"points"` // total of a paper
}

// FrozenSection is a section whose entries have become pools of question versions.
type FrozenSection struct {
	ID           string       `bson:"id" json:"id"`
	Title        string       `bson:"title" json:"title"`
	Instructions string       `bson:"instructions,omitempty" json:"instructions,omitempty"`
	Shuffle      bool         `bson:"shuffle" json:"shuffle"`
	Limit        int          `bson:"limit,omitempty" json:"limit,omitempty"` // seconds, 0 = none
	Pools        []FrozenPool `bson:"pools" json:"pools"`
}

// FrozenPool is where Count items of a section come from; a fixed question is a pool of one.
type FrozenPool struct {
	Versions []string             `bson:"versions" json:"versions"`
	Count    int                  `bson:"count" json:"count"`
	Points   float64              `bson:"points" json:"points"`
	Parts    map[string][]float64 `bson:"parts,omitempty" json:"parts,omitempty"` // of the materials among Versions: the shares of their items
	Excludes map[string]string    `bson:"excludes,omitempty" json:"-"`            // of the versions that exclude others: what they share; a paper takes one of each
	Uses     []int                `bson:"uses,omitempty" json:"-"`                // parallel to Versions, which are sorted by it: least used first; nil = each equally likely
}

// answered gives how many items a paper has from the section, at least and at most: a material counts as
// many as its own.
func (s *FrozenSection) answered() (least, most int) {
	for i := range s.Pools {
		l, m := s.Pools[i].answered()
		least, most = least+l, most+m
	}
	return least, most
}

func (v *QuizVersion) answered() (least, most int) {
	for i := range v.Sections {
		l, m := v.Sections[i].answered()
		least, most = least+l, most+m
	}
	return least, most
}

func (p *FrozenPool) answered() (least, most int) {
	if len(p.Parts) == 0 {
		return p.Count, p.Count
	}
	sizes := make([]int, len(p.Versions))
	for i, version := range p.Versions {
		sizes[i] = 1
		if parts, ok := p.Parts[version]; ok {
			sizes[i] = len(parts)
		}
	}
	slices.Sort(sizes)
	n := min(p.Count, len(sizes))
	for i := range n {
		least += sizes[i]
		most += sizes[len(sizes)-1-i]
	}
	return least, most
}

// count notes in the entries of a quiz what the materials of its frozen pools add to the items that one answers.
func (v *QuizVersion) count(sections []Section) {
	for i, section := range sections {
		for j := range section.Entries {
			pool := &v.Sections[i].Pools[j]
			least, most := pool.answered()
			section.Entries[j].More, section.Entries[j].MoreMost = span(max(least-pool.Count, 0), max(most-pool.Count, 0))
		}
	}
}

// Override changes Timing for one member or one organisation node (a group); its id is
// "QUIZ:member:ID" or "QUIZ:org:ID". A nil field inherits. Extra multiplies the limit (members only), 1.5 = half as long again.
type Override struct {
	store.Meta `bson:",inline"`
	QuizID     string     `bson:"quiz_id" json:"quiz_id"`
	MemberID   string     `bson:"member_id,omitempty" json:"member_id,omitempty"`
	OrgID      string     `bson:"org_id,omitempty" json:"org_id,omitempty"`
	Opens      *time.Time `bson:"opens,omitempty" json:"opens,omitempty"`   // the zero time = no limit
	Closes     *time.Time `bson:"closes,omitempty" json:"closes,omitempty"` // the zero time = no limit
	Limit      *int       `bson:"limit,omitempty" json:"limit,omitempty"`
	Attempts   *int       `bson:"attempts,omitempty" json:"attempts,omitempty"`
	Password   *string    `bson:"password,omitempty" json:"password,omitempty"` // "" = none
	Extra      float64    `bson:"extra,omitempty" json:"extra,omitempty"`
	Reason     string     `bson:"reason,omitempty" json:"reason,omitempty"`
}
