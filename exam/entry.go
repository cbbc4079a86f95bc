package exam

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Entries is how results of papers become attempts. The actor reaches the members of its scope, also in a
// quiz of an organisation above it.
type Entries struct{ *desk }

// Labels are those that papers are entered for.
var Labels = []string{"A", "B", "C", "D", "E", "F"}

// PaperResult is what stands on a sheet of paper: a cell for each slot as readCell reads it, or only the total.
// With cells the total, where it is given, must agree with what they come to.
type PaperResult struct {
	Label   string    `json:"label" pattern:"^[A-Z]$"`
	Version int       `json:"version,omitempty" minimum:"0" doc:"Of the quiz that the paper was printed from; 0 = the published one"`
	SatAt   time.Time `json:"sat_at"`
	Cells   []string  `json:"cells,omitempty" maxItems:"1000" doc:"By slot: letters as printed, or points"`
	Total   *float64  `json:"total,omitempty" minimum:"0"`
	Reason  string    `json:"reason,omitempty" maxLength:"1000" doc:"Of a correction"`
}

// room is a quiz whose papers an actor enters.
type room struct {
	quiz     Quiz
	audience Audience    // of the published version
	version  QuizVersion // that the papers were printed from
}

// room gives a published quiz that the actor's organisations own or are due to take, with the version of that
// number (0 = the published one; another that is none is "paper.invalid" with the field "version").
func (s *Entries) room(ctx context.Context, actor policies.Actor, quizID string, number int) (room, error) {
	q, err := s.quizzes.Get(ctx, quizID)
	if err != nil {
		return room{}, noQuiz(quizID, err)
	}
	seen := actor.Scope.Covers(q.OrgPath)
	if !seen && q.Number > 0 {
		if seen, err = s.concerns(ctx, actor.Scope, q.Audience); err != nil {
			return room{}, err
		}
	}
	if !seen {
		return room{}, noQuiz(quizID, fault.New(fault.NotFound, "", ""))
	}
	if q.Number == 0 || q.Status == QuizArchived {
		return room{}, fault.New(fault.Conflict, "paper.quiz_state", "quiz %s is %s", quizID, q.Status)
	}
	b, err := s.blueprint(ctx, quizID, q.Number)
	if err != nil {
		return room{}, err
	}
	hall := room{q, b.version.Audience, b.version}
	if number != 0 && number != q.Number {
		if b, err = s.blueprint(ctx, quizID, number); err != nil {
			return room{}, errPaperVersion()
		}
		hall.version = b.version
	}
	return hall, nil
}

func errPaperVersion() error {
	return fault.Bad("paper.invalid", []fault.Field{{Path: "version", Key: "unknown"}})
}

// printed gives the paper of a label, ready to grade.
func (s *Entries) printed(ctx context.Context, quizID, label string, number int) (sitting, string, error) {
	b, err := s.blueprint(ctx, quizID, number)
	if err != nil {
		return sitting{}, "", err
	}
	seed := paperSeed(s.keys.Key("seed"), quizID, label, number)
	set := b.version.Settings
	sit := sitting{paper: b.draw(seed), pass: set.PassPercent, manual: set.ManualRelease, key: s.receiptKey}
	sit.contents, err = s.contents(ctx, sit.paper)
	return sit, seed, err
}

// check reads what a sheet says; what is wrong with it names "cells[3]", "total", "label" or "sat_at".
func (r *PaperResult) check(sit sitting, printed, now time.Time) (o outcome, bad []fault.Field) {
	if r.SatAt.After(now) && r.SatAt.Before(now.Add(12*time.Hour)) {
		r.SatAt = now // papers are dated by the day, and a day by its noon
	}
	if r.SatAt.IsZero() {
		bad = append(bad, fault.Field{Path: "sat_at", Key: "required"})
	} else if r.SatAt.After(now) {
		bad = append(bad, fault.Field{Path: "sat_at", Key: "paper.future"})
	} else if r.SatAt.Before(printed.Add(-24 * time.Hour)) {
		bad = append(bad, fault.Field{Path: "sat_at", Key: "paper.too_early"})
	}
	points := sit.paper.Points()
	if r.Total != nil && !(*r.Total >= 0 && *r.Total <= points) {
		return o, append(bad, fault.Field{Path: "total", Key: "out_of_range", Params: map[string]any{"min": 0, "max": points}})
	}
	if !slices.ContainsFunc(r.Cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
		if r.Total == nil {
			return o, append(bad, fault.Field{Path: "total", Key: "paper.nothing"})
		}
		fraction := *r.Total / points
		return outcome{total: &fraction}, bad
	}
	if len(r.Cells) > len(sit.paper.Slots) {
		bad = append(bad, fault.Field{Path: fmt.Sprintf("cells[%d]", len(sit.paper.Slots)), Key: "paper.too_many", Params: map[string]any{"max": len(sit.paper.Slots)}})
	}
	o.cells = make([]written, len(sit.paper.Slots))
	for i, slot := range sit.paper.Slots {
		text := ""
		if i < len(r.Cells) {
			text = r.Cells[i]
		}
		w, f := readCell(slot, sit.contents[i], text)
		if o.cells[i] = w; f != nil {
			f.Path = fmt.Sprintf("cells[%d]", i)
			bad = append(bad, *f)
		}
	}
	if r.Total != nil && len(bad) == 0 {
		probe := Attempt{}
		probe.enter(sit, o, "", "", now)
		g := GradePaper(sit.paper, sit.contents, Replay(probe.Steps, len(sit.paper.Slots)))
		if g.Pending == 0 && math.Abs(g.Score-*r.Total) > 0.005 || g.Pending > 0 && *r.Total < g.Score-0.005 {
			bad = append(bad, fault.Field{Path: "total", Key: "paper.total_differs", Params: map[string]any{"sum": g.Score}})
		}
	}
	return o, bad
}

// member gives a member of the actor's scope; another is not found.
func (s *Entries) member(ctx context.Context, actor policies.Actor, id string) (Taker, error) {
	taker, err := s.taker(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && !actor.Scope.Covers(taker.Path) {
		return Taker{}, fault.New(fault.NotFound, "paper.member_unknown", "member %s", id)
	}
	return taker, err
}

// next gives the number of the next attempt of a member, or why there is none: "paper.not_addressed",
// "paper.running", "paper.no_attempts". The window and the wait bind those who answer on a screen.
func (s *Entries) next(ctx context.Context, quizID, memberID string, attempts []Attempt, now time.Time) (int, error) {
	state, err := s.quiz(ctx, quizID)
	if err != nil {
		return 0, err
	}
	e, concerned, err := s.enter(ctx, state, memberID, attempts, now)
	switch {
	case err != nil:
		return 0, err
	case !concerned || e.outside:
		return 0, fault.New(fault.Conflict, "paper.not_addressed", "quiz %s is not addressed to member %s", quizID, memberID)
	case e.open != nil:
		return 0, fault.New(fault.Conflict, "paper.running", "member %s is answering on a screen", memberID)
	case e.allowance.Attempts > 0 && e.used >= e.allowance.Attempts:
		return 0, fault.New(fault.Conflict, "paper.no_attempts", "%d of %d attempts", e.used, e.allowance.Attempts).With("attempts", e.allowance.Attempts)
	}
	if n := len(attempts); n > 0 {
		return attempts[n-1].Number + 1, nil
	}
	return 1, nil
}

// Enter keeps the result of a member's paper as the attempt of that number: the next one is made, one that
// was entered before is corrected, with a reason. rev is the revision that the actor saw, 0 where there was
// none. What is there already changes nothing. Refused besides: "paper.invalid" with fields, "paper.stale",
// "paper.on_screen" (the attempt of that number was not sat on paper), "paper.other_label".
func (s *Entries) Enter(ctx context.Context, actor policies.Actor, quizID, memberID string, number int, rev int64, r PaperResult) (PaperRow, error) {
	now := s.clock.Now()
	hall, err := s.room(ctx, actor, quizID, 0)
	if err != nil {
		return PaperRow{}, err
	}
	taker, err := s.member(ctx, actor, memberID)
	if err != nil {
		return PaperRow{}, err
	}
	a, err := s.attempts.Get(ctx, AttemptID(quizID, memberID, number))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return PaperRow{}, err
	}
	have := err == nil
	if r.Version == 0 {
		if r.Version = hall.quiz.Number; have {
			r.Version = a.Version
		}
	}
	b, err := s.blueprint(ctx, quizID, r.Version)
	if err != nil {
		return PaperRow{}, errPaperVersion()
	}
	if !slices.Contains(Labels, r.Label) {
		return PaperRow{}, fault.Bad("paper.invalid", []fault.Field{{Path: "label", Key: "paper.label"}})
	}
	sit, seed, err := s.printed(ctx, quizID, r.Label, r.Version)
	if err != nil {
		return PaperRow{}, err
	}
	o, bad := r.check(sit, b.version.CreatedAt, now)
	if err := fault.Bad("paper.invalid", bad); err != nil {
		return PaperRow{}, err
	}
	if have {
		a, err = s.amend(ctx, actor, hall.quiz, a, sit, r, o, rev, now)
	} else {
		a, err = s.add(ctx, actor, hall.quiz, taker, number, sit, seed, r, o, "", now)
	}
	if err != nil {
		return PaperRow{}, err
	}
	return s.row(ctx, quizID, taker, now)
}

// add makes the attempt, by its key.
func (s *Entries) add(ctx context.Context, actor policies.Actor, q Quiz, taker Taker, number int, sit sitting, seed string, r PaperResult, o outcome, batch string, now time.Time) (Attempt, error) {
	attempts, err := s.ofMember(ctx, q.ID, taker.MemberID)
	if err != nil {
		return Attempt{}, err
	}
	due, err := s.next(ctx, q.ID, taker.MemberID, attempts, now)
	if err != nil {
		return Attempt{}, err
	}
	if due != number {
		return Attempt{}, errPaperStale(taker.MemberID)
	}
	id := AttemptID(q.ID, taker.MemberID, number)
	a := Attempt{Meta: store.Meta{ID: id}, QuizID: q.ID, Version: r.Version, MemberID: taker.MemberID, OrgPath: taker.Path, Number: number,
		Seed: seed, Blind: s.blind(id), Batch: batch}
	if err := a.sat(sit, r.Label, r.SatAt.UTC(), o, actor.AccountID, now); err != nil {
		return a, err
	}
	insert := func() error { return s.attempts.Insert(ctx, &a) }
	if batch == "" {
		err = s.trail.Act(ctx, actor, question.Act{Action: "paper.enter", Object: "attempt:" + id, Name: q.Title, Detail: map[string]string{"label": r.Label}}, insert)
	} else {
		err = insert() // the import is on record as a whole
	}
	if fault.Is(err, fault.Exists) {
		err = errPaperStale(taker.MemberID)
	}
	return a, err
}

func errPaperStale(memberID string) error {
	return fault.New(fault.Conflict, "paper.stale", "somebody entered a result of member %s meanwhile", memberID)
}

// amend corrects an attempt that was entered before.
func (s *Entries) amend(ctx context.Context, actor policies.Actor, q Quiz, a Attempt, sit sitting, r PaperResult, o outcome, rev int64, now time.Time) (Attempt, error) {
	switch {
	case a.Label == "":
		return a, fault.New(fault.Conflict, "paper.on_screen", "attempt %s was not sat on paper", a.ID)
	case a.Label != r.Label || a.Version != r.Version:
		return a, fault.New(fault.Conflict, "paper.other_label", "attempt %s is of paper %s", a.ID, a.Label).With("label", a.Label)
	}
	probe := a
	probe.Steps = slices.Clip(a.Steps)
	if a.State.Counts() && !probe.enter(sit, o, "", "", now) {
		return a, nil // says what is there
	}
	if rev != a.Rev {
		return a, errPaperStale(a.MemberID)
	}
	if r.Reason = strings.TrimSpace(r.Reason); r.Reason == "" {
		return a, fault.Bad("paper.invalid", []fault.Field{{Path: "reason", Key: "required"}})
	}
	record := question.Act{Action: "paper.correct", Object: "attempt:" + a.ID, Name: q.Title, Detail: map[string]string{"reason": r.Reason}}
	err := s.trail.Act(ctx, actor, record, func() error {
		var err error
		a, err = s.rewrite(ctx, a.ID, sit, func(stored *Attempt) error {
			if stored.Rev != rev {
				return errPaperStale(stored.MemberID)
			}
			_, err := stored.correct(sit, o, actor.AccountID, r.Reason, now)
			return err
		})
		return err
	})
	return a, err
}
