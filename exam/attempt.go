package exam

import (
	"time"

	"qiming/exam/question"
	"qiming/internal/store"
)

// State is where an attempt stands (exam-rules section 1). The set is closed; transitions are in state.go.
type State string

// The states of an attempt.
const (
	Created   State = "created"   // made, not yet shown (paper not opened)
	Open      State = "open"      // being answered
	PastDue   State = "overdue"   // past the deadline, in grace: may be handed in, not answered
	Submitted State = "submitted" // handed in by the member
	Expired   State = "expired"   // ended at its deadline with what the server had
	Abandoned State = "abandoned" // not handed in where the quiz demands it
	Grading   State = "grading"   // waits for an evaluator
	Graded    State = "graded"    // all items marked, not released
	Released  State = "released"  // the member may see the score
	Void      State = "void"      // does not count, by decision
)

// StepKind is what happened at a step.
type StepKind string

// The kinds of steps.
const (
	StepStart    StepKind = "start"
	StepAnswer   StepKind = "answer"   // Response to Slot; the zero response clears it
	StepTakeover StepKind = "takeover" // another session went on with the attempt
	StepSubmit   StepKind = "submit"
	StepExpire   StepKind = "expire"
	StepMark     StepKind = "mark"  // the mark of Slot: an evaluator's, or without By what those of Ref evaluators come to; without Fraction that is taken back
	StepAdmit    StepKind = "admit" // an evaluator admits the late step Ref, with a reason
	StepRelease  StepKind = "release"
	StepVoid     StepKind = "void"
	StepSection  StepKind = "section" // the taker went on to section Ref, from 1
	StepCheck    StepKind = "check"   // the taker asked how the answer Ref to Slot went; Fraction is what it earns by itself
	StepPaper    StepKind = "paper"   // sat on paper and entered: Note is the label
	StepTotal    StepKind = "total"   // only the total of a paper is known: Fraction of its points; what was said of items before does not count
	StepRegrade  StepKind = "regrade" // from here on Slot is marked by Version; without one everybody earns Fraction; without both it counts nowhere; with Ref what several evaluators gave along another rubric falls
	StepPause    StepKind = "pause"   // held by a proctor: the clock stands still, no answers are taken
	StepResume   StepKind = "resume"
	StepExtend   StepKind = "extend"   // given Ref seconds more
	StepAuto     StepKind = "auto"     // the product's own mark of the answer Ref to Slot, by the key of Version; without Fraction it is taken back (automark.go)
	StepCollect  StepKind = "collect"  // taken in: handed in by a proctor, or by a limit of the quiz (then By is empty and a limit step stands before it)
	StepSignal   StepKind = "signal"   // the pages had noticed Ref of the signal About: where that reaches a limit
	StepLimit    StepKind = "limit"    // the limit Ref of the signal About was reached; Note is the act
	StepSeen     StepKind = "seen"     // the taker acknowledged the warning Ref
	StepAddress  StepKind = "address"  // the taker answers from another network
	StepParallel StepKind = "parallel" // Session opened the attempt while another one answered
	StepRating   StepKind = "rating"   // one of several evaluators' marks of Slot, Ref is the round, from 1 (second.go)
)

// Step is one accepted event of an attempt. Steps are only ever added.
type Step struct {
	Seq       int                `bson:"seq" json:"seq"` // from 1, without holes
	Kind      StepKind           `bson:"kind" json:"kind"`
	At        time.Time          `bson:"at" json:"at"`                                     // server time
	Slot      int                `bson:"slot,omitempty" json:"slot,omitempty"`             // from 1; answer, mark
	Response  *question.Response `bson:"response,omitempty" json:"response,omitempty"`     // answer
	ClientSeq int64              `bson:"client_seq,omitempty" json:"client_seq,omitempty"` // answer: the client's own number, rising per session
	ClientAt  *time.Time         `bson:"client_at,omitempty" json:"client_at,omitempty"`   // answer: the client's clock
	Session   string             `bson:"session,omitempty" json:"session,omitempty"`       // start, takeover: the session that answers from here on; parallel
	Late      bool               `bson:"late,omitempty" json:"late,omitempty"`             // came after the deadline: kept, not counted
	Fraction  *float64           `bson:"fraction,omitempty" json:"fraction,omitempty"`     // mark, check: of the item
	By        string             `bson:"by,omitempty" json:"by,omitempty"`                 // account: mark, admit, release, void
	Note      string             `bson:"note,omitempty" json:"note,omitempty"`             // comment, reason
	Ref       int                `bson:"ref,omitempty" json:"ref,omitempty"`               // admit: the late step's Seq; section: its number; check, auto: the answer's Seq; seen: the limit's Seq
	Hash      string             `bson:"hash,omitempty" json:"hash,omitempty"`             // answer: stands for a superseded Response that was dropped (see prune)
	Receipt   string             `bson:"receipt,omitempty" json:"receipt,omitempty"`       // HMAC chain, see receipt.go
	About     string             `bson:"about,omitempty" json:"about,omitempty"`           // mark: the appeal that it answers; regrade: the decision; signal, limit: the signal; start, address: keyed hash of the network
	Version   string             `bson:"version,omitempty" json:"version,omitempty"`       // regrade: the question version whose key marks the slot; auto: whose key marked it; mark: whose rubric it was marked along
	Found     *Found             `bson:"found,omitempty" json:"found,omitempty"`           // auto: how sure, and on which words
	Rubric    []Judged           `bson:"rubric,omitempty" json:"rubric,omitempty"`         // mark: by criterion, where it was marked along a rubric; sums to the mark
}

// pendingMark stands in Attempt.Marks for a slot that waits for an evaluator.
const pendingMark = -2

// Attempt is one taker's history on a paper; its id is "QUIZ:MEMBER:NUMBER". The current answers and marks are derived
// from Steps (view.go); Score, Percent and Passed are a cache of the last grading.
type Attempt struct {
	store.Meta `bson:",inline"`
	QuizID     string       `bson:"quiz_id" json:"quiz_id"`
	Version    int          `bson:"version" json:"version"` // of the quiz
	MemberID   string       `bson:"member_id" json:"member_id"`
	OrgPath    []string     `bson:"org_path" json:"org_path"` // the member's organisation at the start
	Number     int          `bson:"number" json:"number"`     // of the member's attempts, from 1
	Seed       string       `bson:"seed" json:"-"`            // hex HMAC(server key, quiz, member, number)
	State      State        `bson:"state" json:"state"`
	StartedAt  time.Time    `bson:"started_at" json:"started_at"`
	Deadline   *time.Time   `bson:"deadline,omitempty" json:"deadline,omitempty"` // as last computed, for the sweep's index; in grace the end of the grace; the rule decides
	EndedAt    *time.Time   `bson:"ended_at,omitempty" json:"ended_at,omitempty"` // handed in, or the deadline itself
	Session    string       `bson:"session" json:"-"`                             // the one session that may answer
	Steps      []Step       `bson:"-" json:"-"`                                   // derived from Log
	Log        []byte       `bson:"log" json:"-"`                                 // the steps, packed; see history.go
	Ending     State        `bson:"ending,omitempty" json:"ending,omitempty"`     // how it ended: submitted, expired, abandoned
	Late       int          `bson:"late,omitempty" json:"late,omitempty"`         // late answers that nobody admitted
	Blind      string       `bson:"blind" json:"-"`                               // names the attempt to evaluators without naming the member
	Pending    []string     `bson:"pending,omitempty" json:"-"`                   // question ids that wait for an evaluator
	Marked     []string     `bson:"marked,omitempty" json:"-"`                    // question ids that an evaluator marked
	Auto       []string     `bson:"auto,omitempty" json:"-"`                      // question ids that the product marked by itself
	Estimate   string       `bson:"estimate,omitempty" json:"-"`                  // "due": it may tell of marks to come; see automark.go
	Marks      store.Floats `bson:"marks,omitempty" json:"-"`                     // fraction by slot after grading, or pendingMark
	Answered   int          `bson:"answered,omitempty" json:"answered"`           // slots with an answer that counts, after the end
	Score      *float64     `bson:"score,omitempty" json:"score,omitempty"`       // points; nil until all marked
	Percent    *float64     `bson:"percent,omitempty" json:"percent,omitempty"`   // 0..100
	Passed     *bool        `bson:"passed,omitempty" json:"passed,omitempty"`
	Dropped    float64      `bson:"dropped,omitempty" json:"dropped,omitempty"` // points of items that count nowhere any more, by a regrade
	Awards     bool         `bson:"awards,omitempty" json:"-"`                  // its quiz gives certificates: they follow its result
	Certify    string       `bson:"certify,omitempty" json:"-"`                 // "due": the certificate may not agree with the result; see certify.go
	ReleasedAt *time.Time   `bson:"released_at,omitempty" json:"released_at,omitempty"`
	Label      string       `bson:"label,omitempty" json:"label,omitempty"` // of the paper that it was sat on; "" = on a screen
	Batch      string       `bson:"batch,omitempty" json:"-"`               // of the import that entered it
	packed     int          // how many steps stand in Log
}
