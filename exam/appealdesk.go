package exam

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/media"
	"qiming/policies"
)

// AppealLine is an appeal in the evaluators' queue.
type AppealLine struct {
	Appeal
	QuizTitle string        `json:"quiz_title"`
	Stem      string        `json:"stem"` // its beginning
	Kind      question.Kind `json:"kind"`
}

// AppealFilter narrows the queue.
type AppealFilter struct {
	State  AppealState // "" = all
	QuizID string
}

// List pages through the appeals that the actor may decide about, the newest first, and counts them by state.
func (s *Appeals) List(ctx context.Context, actor policies.Actor, f AppealFilter, limit int, after string) (store.Page[AppealLine], map[AppealState]int, error) {
	out := store.Page[AppealLine]{Items: []AppealLine{}}
	match := func(p *Appeal) bool {
		return actor.Scope.Covers(p.OrgPath) && (f.QuizID == "" || p.QuizID == f.QuizID) && !isOwn(actor, p.MemberID)
	}
	counts := map[AppealState]int{}
	for _, state := range AppealStates() {
		n, err := s.appeals.Count(ctx, store.Query[Appeal]{Index: "state", Eq: map[string]any{"state": string(state)}, Match: match})
		if err != nil {
			return out, nil, err
		}
		counts[state] = n
	}
	q := store.Query[Appeal]{Desc: true, Limit: limit, Match: match}
	if f.State != "" {
		q.Index, q.Eq = "state", map[string]any{"state": string(f.State)}
	}
	key, listing := s.keys.Key("marking"), "appeals\x00"+string(f.State)+"\x00"+f.QuizID
	var err error
	if q.After, err = openCursor(key, listing, after); err != nil {
		return out, nil, err
	}
	page, err := s.appeals.Page(ctx, q)
	if err != nil {
		return out, nil, err
	}
	out.Next = sealCursor(key, listing, page.Next)
	for _, p := range page.Items {
		line := AppealLine{Appeal: p}
		state, err := s.quiz(ctx, p.QuizID)
		if err != nil {
			return out, nil, err
		}
		line.QuizTitle = state.quiz.Title
		f, err := s.facts(ctx, p.AttemptID)
		if err != nil {
			return out, nil, err
		}
		contents, err := s.contents(ctx, Paper{Slots: f.paper.Slots[p.Slot-1 : p.Slot]})
		if err != nil {
			return out, nil, err
		}
		line.Stem, line.Kind = beginning(contents[0].Stem, 80), contents[0].Kind
		out.Items = append(out.Items, line)
	}
	slices.SortStableFunc(out.Items, func(a, b AppealLine) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	return out, counts, nil
}

// Waiting counts the open appeals that wait for an evaluator's word within the actor's reach.
func (s *Appeals) Waiting(ctx context.Context, actor policies.Actor) (int, error) {
	return s.appeals.Count(ctx, store.Query[Appeal]{Index: "state", Eq: map[string]any{"state": string(AppealOpen)}, Match: func(p *Appeal) bool {
		return actor.Scope.Covers(p.OrgPath) && !p.Answered && !isOwn(actor, p.MemberID)
	}})
}

// AppealSeen is an appeal as an evaluator decides about it: the item with its key, the answer and how it was marked.
// Nobody is named.
type AppealSeen struct {
	AppealLine
	Item     ReviewItem   `json:"item"`
	Rubric   []RubricLine `json:"rubric,omitempty"` // of the item, with what the mark that counts says of it
	Given    []AppealMark `json:"given"`            // marks that evaluators gave the answer, in order
	Marked   bool         `json:"marked"`           // the actor gave one of them
	Others   bool         `json:"others"`           // somebody else may decide: then the actor who marked may not
	Alone    string       `json:"alone"`            // why the one who marked decided
	Decider  string       `json:"decider"`          // account, for evaluators
	Question string       `json:"question"`         // for a regrade: its id
	Media    media.Links  `json:"media,omitempty"`
}

// AppealMark is a mark that an evaluator gave.
type AppealMark struct {
	At      time.Time `json:"at"`
	Mark    float64   `json:"mark"`
	Comment string    `json:"comment,omitempty"`
	Mine    bool      `json:"mine"`
}

// Get gives an appeal to an evaluator.
func (s *Appeals) Get(ctx context.Context, actor policies.Actor, id string) (AppealSeen, error) {
	p, a, sit, err := s.reachable(ctx, actor, id)
	if err != nil {
		return AppealSeen{}, err
	}
	view, keys, grade, err := s.marking(ctx, &a, sit)
	if err != nil {
		return AppealSeen{}, err
	}
	state, err := s.quiz(ctx, p.QuizID)
	if err != nil {
		return AppealSeen{}, err
	}
	others, err := s.others(ctx, actor, &p, &a)
	if err != nil {
		return AppealSeen{}, err
	}
	i := p.Slot - 1
	all := ReviewShows{Responses: true, Correctness: true, Marks: true, Feedback: true, Explanation: true, RightAnswer: true, Total: true}
	out := AppealSeen{AppealLine: AppealLine{Appeal: p, QuizTitle: state.quiz.Title, Stem: beginning(sit.contents[i].Stem, 80), Kind: sit.contents[i].Kind},
		Item: reviewItem(&a, sit.paper.Slots[i], sit.contents[i], keys[i], view, grade.Items[i], all), Given: []AppealMark{},
		Marked: a.markedBy(p.Slot, actor.AccountID), Others: others, Alone: p.Alone, Decider: p.DecidedBy, Question: question.QuestionOf(sit.paper.Slots[i].Version),
		Rubric: rubricLines(keys[i].Rubric, sit.paper.Slots[i].Points, view.Marks[i], true)}
	for _, step := range a.Steps {
		if (step.Kind == StepMark && step.By != "" || step.Kind == StepRating) && step.Slot == p.Slot && step.Fraction != nil && step.About == "" {
			out.Given = append(out.Given, AppealMark{At: step.At, Mark: hundredths(*step.Fraction * sit.paper.Slots[i].Points), Comment: step.Note, Mine: step.By == actor.AccountID})
		}
	}
	return out, nil
}

// reachable gives an appeal within the actor's reach, with its attempt. An evaluator does not decide about an own one.
func (s *Appeals) reachable(ctx context.Context, actor policies.Actor, id string) (Appeal, Attempt, sitting, error) {
	p, err := s.appeals.Get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && (!actor.Scope.Covers(p.OrgPath) || isOwn(actor, p.MemberID)) {
		err = fault.New(fault.NotFound, "appeal.not_found", "appeal %s", id)
	}
	if err != nil {
		return p, Attempt{}, sitting{}, err
	}
	a, err := s.attempts.Get(ctx, p.AttemptID)
	if err != nil {
		return p, a, sitting{}, noAttempt(p.AttemptID, err)
	}
	f, err := s.factsOf(ctx, &a)
	if err != nil {
		return p, a, sitting{}, err
	}
	sit, _, err := s.sitting(ctx, f, s.clock.Now(), true)
	return p, a, sit, err
}

// others says whether anybody but the actor may decide: an evaluator who did not mark the answer, and whose it is not.
func (s *Appeals) others(ctx context.Context, actor policies.Actor, p *Appeal, a *Attempt) (bool, error) {
	graders, err := s.roster.Graders(ctx, p.OrgPath)
	return slices.ContainsFunc(graders, func(g Grader) bool {
		return g.AccountID != actor.AccountID && !a.markedBy(p.Slot, g.AccountID) && (g.MemberID == "" || g.MemberID != p.MemberID)
	}), err
}

// Answer writes to the thread as an evaluator.
func (s *Appeals) Answer(ctx context.Context, actor policies.Actor, id, text string) (Appeal, error) {
	if _, _, _, err := s.reachable(ctx, actor, id); err != nil {
		return Appeal{}, err
	}
	return s.say(ctx, id, false, actor.AccountID, text)
}

// AppealVerdict is the decision: with a mark it is upheld, without it is not.
type AppealVerdict struct {
	Mark   *float64    `json:"mark,omitempty" minimum:"0" doc:"Upheld: points of the item from now on, not below what they were; absent: not upheld"`
	Rubric []Judgement `json:"rubric,omitempty" maxItems:"10" doc:"Upheld along the rubric of the item: each criterion; the mark is their sum"`
	Reason string      `json:"reason,omitempty" maxLength:"4000" doc:"The member reads it"`
	Alone  string      `json:"alone,omitempty" maxLength:"4000" doc:"Why the one who marked the answer decides: only where nobody else may"`
}

// Decide settles an appeal. The one who marked the answer does not decide where somebody else may
// ("appeal.own_mark"); where nobody else may, with a note that is recorded. An upheld appeal becomes a mark of the attempt that
// names it; the mark never falls. A crash in between leaves it to the sweep.
func (s *Appeals) Decide(ctx context.Context, actor policies.Actor, id string, verdict AppealVerdict) (Appeal, error) {
	p, a, sit, err := s.reachable(ctx, actor, id)
	if err != nil {
		return p, err
	}
	if p.State != AppealOpen {
		return p, p.State.To(AppealRejected)
	}
	reason, err := required(verdict.Reason, "reason")
	if err != nil {
		return p, err
	}
	alone := ""
	if a.markedBy(p.Slot, actor.AccountID) {
		others, err := s.others(ctx, actor, &p, &a)
		if err != nil {
			return p, err
		}
		if others {
			return p, fault.New(fault.Forbidden, "appeal.own_mark", "who marked the answer does not decide")
		}
		if alone, err = required(verdict.Alone, "alone"); err != nil {
			return p, err
		}
	}
	view, _, grade, err := s.marking(ctx, &a, sit)
	if err != nil {
		return p, err
	}
	var given Step
	from, points := grade.Items[p.Slot-1].points(), sit.paper.Slots[p.Slot-1].Points
	if mark := verdict.Mark; mark != nil {
		least := 0.0
		if from != nil {
			least = max(*from, 0)
		}
		if !a.State.Counts() {
			return p, fault.New(fault.Conflict, a.State.refusal(Graded), "an attempt that is %s has no result", a.State)
		}
		if !(*mark >= least && *mark <= points) {
			return p, fault.Bad("mark.out_of_range", []fault.Field{{Path: "mark", Key: "out_of_range", Params: map[string]any{"min": least, "max": points}}})
		}
		if given, err = sit.given(view, StepMark, p.Slot, *mark, actor.AccountID, reason, verdict.Rubric); err != nil {
			return p, err
		}
	}
	q, err := s.quizzes.Get(ctx, p.QuizID)
	if err != nil {
		return p, noQuiz(p.QuizID, err)
	}
	detail := map[string]string{"slot": strconv.Itoa(p.Slot), "reason": reason, "upheld": strconv.FormatBool(verdict.Mark != nil)}
	if verdict.Mark != nil {
		detail["mark"] = strconv.FormatFloat(*verdict.Mark, 'f', -1, 64)
	}
	if alone != "" {
		detail["alone"] = alone
	}
	err = s.onAppeal(ctx, actor, "appeal.decide", &p, q, detail, func() error {
		now := s.clock.Now()
		if p, err = s.appeals.Update(ctx, id, func(p *Appeal) error { return p.decide(from, verdict.Mark, given, reason, alone, actor.AccountID, now) }); err != nil {
			return err
		}
		return s.upheld(ctx, p)
	})
	return p, err
}

func (s *Appeals) onAppeal(ctx context.Context, actor policies.Actor, action string, p *Appeal, q Quiz, detail map[string]string, do func() error) error {
	if detail == nil {
		detail = map[string]string{"slot": strconv.Itoa(p.Slot)}
	}
	return s.trail.Act(ctx, actor, question.Act{Action: action, Object: "attempt:" + p.AttemptID, Name: q.Title, Detail: detail}, do)
}

// upheld sets the mark of an upheld appeal in its attempt, and notes that it is set.
func (d *desk) upheld(ctx context.Context, p Appeal) error {
	if p.Unapplied == "" {
		return nil
	}
	now := d.clock.Now()
	_, err := d.judge(ctx, p.AttemptID, func(a *Attempt, sit sitting) error {
		changed, err := a.uphold(sit, &p, now)
		if err == nil && !changed {
			return store.ErrUnchanged
		}
		return err
	})
	if err != nil {
		return err
	}
	_, err = d.appeals.Update(ctx, p.ID, func(p *Appeal) error { p.Unapplied = ""; return nil })
	return err
}

// resumeAppeals goes on with what was upheld and is not in its attempt.
func (d *desk) resumeAppeals(ctx context.Context) error {
	var failed error
	for p, err := range d.appeals.Find(ctx, store.Query[Appeal]{Index: "unapplied", Eq: map[string]any{"unapplied": "yes"}}) {
		if err != nil {
			return err
		}
		failed = cmp.Or(failed, d.upheld(ctx, p))
	}
	return failed
}
