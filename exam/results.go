package exam

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/media"
	"qiming/policies"
)

// Results is what authors, evaluators and leaders read. The actor's scope decides whose rows one
// sees: an organisation sees its own members also in a quiz of an organisation above it.
type Results struct {
	*desk
	mu    sync.Mutex
	tally map[string]aged[*tally]
}

// reached gives the tally and which of its rows the actor reaches below org ("" = all). A quiz that
// neither belongs to the actor's reach nor concerns anybody in it is fault.NotFound.
func (s *Results) reached(ctx context.Context, actor policies.Actor, quizID, org string) (*tally, func(path []string) bool, error) {
	t, err := s.count(ctx, quizID)
	if err != nil {
		return nil, nil, err
	}
	whole := actor.Scope.Covers(t.quiz.OrgPath)
	within := func(path []string) bool {
		return (whole || actor.Scope.Covers(path)) && (org == "" || slices.Contains(path, org))
	}
	if !whole && !slices.ContainsFunc(t.rows, func(r Row) bool { return actor.Scope.Covers(r.OrgPath) }) {
		return nil, nil, noQuiz(quizID, fault.New(fault.NotFound, "", ""))
	}
	return t, within, nil
}

// RowFilter narrows the rows.
type RowFilter struct {
	Org   string // a node with its subtree
	State string // not_yet, absent, taken, passed, failed, pending, made_up, not_passed (in the end), or a state of the attempt
	Text  string // in the name
}

func (f RowFilter) takes(r *Row) bool {
	if f.Text != "" && !strings.Contains(r.Name, f.Text) {
		return false
	}
	switch f.State {
	case "":
		return true
	case "taken":
		return r.taken
	case "passed":
		return r.taken && r.Passed != nil && *r.Passed
	case "failed":
		return r.taken && r.Passed != nil && !*r.Passed
	case "pending":
		return r.Pending
	case "made_up":
		return r.Final == FinalMadeUp
	case "not_passed":
		return r.Due && (r.Final == FinalFailed || r.Final == FinalAbsent)
	}
	return r.State == f.State
}

// Rows pages through the results, by organisation and name. It gives how many there are in all. A
// cursor whose row is not among them (any more) is fault.Invalid ("store.cursor").
func (s *Results) Rows(ctx context.Context, actor policies.Actor, quizID string, f RowFilter, sight Sight, limit int, after string) (store.Page[Row], int, error) {
	page := store.Page[Row]{Items: []Row{}}
	rows, err := s.Told(ctx, actor, quizID, f, sight)
	if err != nil {
		return page, 0, err
	}
	start := 0
	if after != "" {
		if start = slices.IndexFunc(rows, func(r Row) bool { return r.MemberID == after }) + 1; start == 0 {
			return page, 0, noCursor()
		}
	}
	end := min(start+max(limit, 1), len(rows))
	page.Items = append(page.Items, rows[start:end]...)
	if end < len(rows) && end > start {
		page.Next = rows[end-1].MemberID
	}
	return page, len(rows), nil
}

// Told gives all rows as far as an actor is told of them, for an export.
func (s *Results) Told(ctx context.Context, actor policies.Actor, quizID string, f RowFilter, sight Sight) ([]Row, error) {
	t, within, err := s.reached(ctx, actor, quizID, f.Org)
	if err != nil {
		return nil, err
	}
	rows := []Row{}
	for _, row := range t.as(sight).rows {
		if within(row.OrgPath) && f.takes(&row) { // a filter tells no more than the row does
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// All gives all rows, for what counts them.
func (s *Results) All(ctx context.Context, actor policies.Actor, quizID string, f RowFilter) ([]Row, error) {
	return s.Told(ctx, actor, quizID, f, Sight{Unreleased: policies.Scope{policies.Everywhere}})
}

// Title gives the name of a quiz whose results the actor reaches.
func (s *Results) Title(ctx context.Context, actor policies.Actor, quizID string) (string, error) {
	t, _, err := s.reached(ctx, actor, quizID, "")
	if err != nil {
		return "", err
	}
	return t.quiz.Title, nil
}

// over says whether a quiz is closed to everybody, those with overrides too.
func (s *Results) over(ctx context.Context, quizID string) (bool, error) {
	state, err := s.quiz(ctx, quizID)
	if err != nil || state.quiz.Number == 0 {
		return false, err
	}
	if state.quiz.Status != QuizPublished {
		return true, nil // by hand; running attempts ended with it
	}
	b, err := s.blueprint(ctx, quizID, state.quiz.Number)
	if err != nil {
		return false, err
	}
	now := s.clock.Now()
	open := func(closes *time.Time) bool { return given(closes) == nil || now.Before(*closes) }
	return !open(b.version.Settings.Closes) && !slices.ContainsFunc(state.overrides, func(o Override) bool {
		return o.Closes != nil && open(o.Closes)
	}), nil
}

// AnswerSheet is an attempt as evaluators see it.
type AnswerSheet struct {
	AttemptID string       `json:"attempt_id"`
	QuizID    string       `json:"quiz_id"`
	Title     string       `json:"title"`
	MemberID  string       `json:"member_id"`
	Name      string       `json:"name"`
	OrgName   string       `json:"org_name"`
	Number    int          `json:"number"`
	State     State        `json:"state"`
	Ending    State        `json:"ending,omitempty"`
	StartedAt time.Time    `json:"started_at"`
	EndedAt   *time.Time   `json:"ended_at,omitempty"`
	Total     *Total       `json:"total,omitempty"`
	Sections  []Part       `json:"sections"`
	Items     []ReviewItem `json:"items"`
	Late      []LateAnswer `json:"late"`
	Steps     []SheetStep  `json:"steps"`
	Rounds    []Round      `json:"rounds" doc:"The marks that evaluators gave, by item"`
	Media     media.Links  `json:"media,omitempty"`
	Veiled    bool         `json:"veiled,omitempty" doc:"Scores are not released, and are told only to those who mark or release"`
}

// SheetStep is one event of an attempt's history, without the answer itself.
type SheetStep struct {
	Seq    int        `json:"seq"`
	Kind   StepKind   `json:"kind"`
	At     time.Time  `json:"at"`
	Slot   int        `json:"slot,omitempty"`
	Late   bool       `json:"late,omitempty"`
	By     string     `json:"by,omitempty"`   // account
	Name   string     `json:"name,omitempty"` // of the account
	Note   string     `json:"note,omitempty"`
	Device string     `json:"device,omitempty"`
	Signal SignalKind `json:"signal,omitempty"` // signal, limit
	Value  int        `json:"value,omitempty"`  // of the signal: seen, or where the limit stands; extend: seconds
	Act    LimitAct   `json:"act,omitempty"`    // limit
	Mark   *float64   `json:"mark,omitempty"`   // points, of a mark
}

// markingSteps tell of marks.
var markingSteps = []StepKind{StepMark, StepRating, StepAuto, StepRegrade, StepTotal}

// Sheet gives the whole answer sheet of an attempt to an evaluator: of the quiz's organisation, or
// of the member's. It is recorded. Before the release those who neither mark nor release read the answers, and no marks.
func (s *Results) Sheet(ctx context.Context, actor policies.Actor, quizID, id string, sight Sight) (AnswerSheet, error) {
	now := s.clock.Now()
	a, err := s.attempts.Get(ctx, id)
	if err != nil || a.QuizID != quizID {
		return AnswerSheet{}, noAttempt(id, err)
	}
	q, err := s.quizzes.Get(ctx, quizID)
	if err != nil {
		return AnswerSheet{}, noQuiz(quizID, err)
	}
	taker, err := s.taker(ctx, a.MemberID)
	if fault.Is(err, fault.NotFound) {
		taker, err = Taker{MemberID: a.MemberID, Path: a.OrgPath}, nil
	}
	if err != nil {
		return AnswerSheet{}, err
	}
	if !actor.Scope.Covers(q.OrgPath) && !actor.Scope.Covers(taker.Path) {
		return AnswerSheet{}, noAttempt(id, nil)
	}
	// Names and answers together: who reads them is on record, or reads nothing.
	read := question.Act{Action: "result.read_sheet", Object: "attempt:" + id, Name: q.Title}
	if err := s.trail.Act(ctx, actor, read, func() error { return nil }); err != nil {
		return AnswerSheet{}, err
	}
	a, sit, _, err := s.settled(ctx, a, now)
	if err != nil {
		return AnswerSheet{}, err
	}
	if sit.contents == nil {
		if sit.contents, err = s.contents(ctx, sit.paper); err != nil {
			return AnswerSheet{}, err
		}
	}
	view, keys, grade, err := s.marking(ctx, &a, sit)
	if err != nil {
		return AnswerSheet{}, err
	}
	out := AnswerSheet{AttemptID: a.ID, QuizID: quizID, Title: q.Title, MemberID: a.MemberID, Name: taker.Name, Number: a.Number, State: a.State,
		Ending: a.Ending, StartedAt: a.StartedAt, EndedAt: a.EndedAt, Sections: sit.paper.Parts, Items: []ReviewItem{}, Late: view.late(true), Steps: []SheetStep{}, Rounds: view.trail(a.Steps, sit.paper, keys)}
	if n := len(taker.Path); n > 0 {
		names, err := s.roster.Names(ctx, taker.Path[n-1:])
		if err != nil {
			return out, err
		}
		out.OrgName = names[taker.Path[n-1]]
	}
	all := ReviewShows{Responses: true, Correctness: true, Marks: true, Feedback: true, Explanation: true, RightAnswer: true, Total: true}
	if a.State != Released && sight.veils(q) {
		out.Veiled, out.Rounds, all = true, []Round{}, ReviewShows{Responses: true}
	}
	if a.Score != nil && !out.Veiled {
		out.Total = &Total{Score: *a.Score, Points: grade.Points, Percent: *a.Percent, Passed: *a.Passed}
	}
	for i, slot := range view.itemised(sit.paper.Slots) {
		out.Items = append(out.Items, reviewItem(&a, slot, sit.contents[i], keys[i], view, grade.Items[i], all))
	}
	for _, step := range a.Steps {
		if step.Kind == StepRating && view.Total == nil && step.Slot >= 1 && step.Slot <= len(view.Marks) && view.Marks[step.Slot-1] == nil {
			continue // another evaluator marks it, who is not to know
		}
		if out.Veiled && slices.Contains(markingSteps, step.Kind) {
			continue
		}
		line := SheetStep{Seq: step.Seq, Kind: step.Kind, At: step.At, Slot: step.Slot, Late: step.Late, By: step.By}
		switch step.Kind {
		case StepStart, StepTakeover, StepParallel:
			line.Device = step.Note
		case StepLimit, StepSignal:
			line.Signal, line.Value, line.Act = SignalKind(step.About), step.Ref, LimitAct(step.Note)
		case StepExtend:
			line.Note, line.Value = step.Note, step.Ref
		default:
			line.Note = step.Note
		}
		if (step.Kind == StepMark || step.Kind == StepRating) && step.Fraction != nil && step.Slot >= 1 && step.Slot <= len(sit.paper.Slots) {
			mark := hundredths(*step.Fraction * sit.paper.Slots[step.Slot-1].Points)
			line.Mark = &mark
		}
		out.Steps = append(out.Steps, line)
	}
	return out, nil
}
