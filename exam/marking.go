package exam

import (
	"context"
	"maps"
	"slices"
	"strings"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/media"
	"qiming/policies"
)

// Marking is what evaluators do. Answers come by item, without names: an attempt is known by its
// key, which is no help in finding the member.
type Marking struct{ *desk }

// QueueItem is one question that people mark.
type QueueItem struct {
	QuestionID string               `json:"question_id"`
	Stem       string               `json:"stem"`
	Passage    string               `json:"passage,omitempty"` // of the material that it belongs to
	Kind       question.Kind        `json:"kind"`
	Model      string               `json:"model"`
	Rubric     []question.Criterion `json:"rubric,omitempty"`
	Key        []question.KeyPoint  `json:"key,omitempty"` // of a short answer
	Points     float64              `json:"points"`        // of the first pool that has it
	Media      media.Links          `json:"media,omitempty"`
	Pending    int                  `json:"pending"`
	Marked     int                  `json:"marked"`
	Auto       int                  `json:"auto"`             // by the product
	Claimed    int                  `json:"claimed"`          // of the pending, by other evaluators
	Second     bool                 `json:"second,omitempty"` // several evaluators may mark an answer
	Rated      int                  `json:"rated,omitempty"`  // of the pending, that the actor has marked: other evaluators mark them too
	Lacking    *Lacking             `json:"lacking,omitempty" doc:"Too few may mark: some answers wait for ever"`
}

// Queue gives the questions of a quiz with answers that people mark or have marked, the one with
// the most waiting first. Nobody marks an own answer: of an actor who took the quiz it is not there.
func (s *Marking) Queue(ctx context.Context, actor policies.Actor, quizID string) ([]QueueItem, error) {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return nil, err
	}
	var own []Attempt
	if actor.MemberID != "" {
		for a, err := range s.attempts.Find(ctx, store.Query[Attempt]{Index: "member", Eq: map[string]any{"member_id": actor.MemberID}}) {
			if err != nil {
				return nil, err
			}
			if a.QuizID == quizID {
				own = append(own, a)
			}
		}
	}
	count := func(index, questionID string, of func(*Attempt) []string) (int, error) {
		n, err := s.attempts.Count(ctx, store.Query[Attempt]{Index: index, Eq: map[string]any{"quiz_id": quizID, index: questionID}})
		for i := range own {
			if slices.Contains(of(&own[i]), questionID) {
				n--
			}
		}
		return max(n, 0), err
	}
	list := []QueueItem{}
	seen := map[string]bool{}
	for number := q.Number; number > 0; number-- {
		b, err := s.blueprint(ctx, quizID, number)
		if fault.Is(err, fault.NotFound) {
			continue // numbers of versions may have holes
		}
		if err != nil {
			return nil, err
		}
		for _, p := range b.pools {
			points := map[string]float64{}
			for _, id := range p.versions {
				maps.Insert(points, b.places(id, p.points))
			}
			ids := slices.Sorted(maps.Keys(points))
			versions, err := s.bank.GetVersions(ctx, ids)
			if err != nil {
				return nil, err
			}
			for _, id := range ids {
				v, ok := versions[id]
				if !ok || seen[v.QuestionID] {
					continue
				}
				seen[v.QuestionID] = true
				if !v.Content.Kind.ByHand() {
					continue
				}
				item := QueueItem{QuestionID: v.QuestionID, Stem: v.Content.Stem, Passage: v.Content.Passage, Kind: v.Content.Kind, Model: v.Content.Model,
					Rubric: v.Content.Rubric, Key: v.Content.Points, Points: points[id], Second: b.version.Settings.Second != nil}
				if item.Pending, err = count("pending", v.QuestionID, func(a *Attempt) []string { return a.Pending }); err != nil {
					return nil, err
				}
				if item.Marked, err = count("marked", v.QuestionID, func(a *Attempt) []string { return a.Marked }); err != nil {
					return nil, err
				}
				if item.Auto, err = count("auto", v.QuestionID, func(a *Attempt) []string { return a.Auto }); err != nil {
					return nil, err
				}
				held, err := s.hands(ctx, quizID, v.QuestionID)
				if err != nil {
					return nil, err
				}
				if item.Lacking, err = s.lacking(ctx, b.version.Settings.Second, &q); err != nil {
					return nil, err
				}
				if item.Rated, err = s.rated(ctx, actor, quizID, v.QuestionID, b.version.Settings.Second); err != nil {
					return nil, err
				}
				for _, n := range held.others(actor.AccountID, s.clock.Now()) {
					item.Claimed += n
				}
				if item.Pending+item.Marked+item.Auto > 0 {
					list = append(list, item)
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b QueueItem) int { return b.Pending - a.Pending })
	return list, nil
}

// QueueAnswer is one answer to mark.
type QueueAnswer struct {
	AttemptKey string            `json:"attempt_key"`
	Slot       int               `json:"slot"`
	Points     float64           `json:"points"`
	Response   question.Response `json:"response"`
	Admitted   bool              `json:"admitted"` // came late and was admitted
	Mark       *float64          `json:"mark,omitempty"`
	Comment    string            `json:"comment,omitempty"`
	By         string            `json:"-"`              // account that marked
	Seen       int               `json:"seen,omitempty"` // which mark it is, see MarkAsk
	Media      media.Links       `json:"media,omitempty"`
	Suggested  *Suggestion       `json:"suggested,omitempty"` // of short answers
	Auto       bool              `json:"auto,omitempty"`      // the mark is the product's, for what Suggested says
	Rubric     []RubricLine      `json:"rubric,omitempty"`    // that the answer is marked along
}

// Answers pages through the answers to one question: those that wait, or those that are marked.
func (s *Marking) Answers(ctx context.Context, actor policies.Actor, quizID, questionID string, marked bool, limit int, after string) (store.Page[QueueAnswer], error) {
	out := store.Page[QueueAnswer]{Items: []QueueAnswer{}}
	if _, err := s.seen(ctx, actor, quizID); err != nil {
		return out, err
	}
	index := "pending"
	if marked {
		index = "marked"
	}
	key, listing := s.keys.Key("marking"), index+"\x00"+quizID+"\x00"+questionID
	after, err := openCursor(key, listing, after)
	if err != nil {
		return out, err
	}
	page, err := s.attempts.Page(ctx, store.Query[Attempt]{Index: index, Eq: map[string]any{"quiz_id": quizID, index: questionID}, Limit: limit, After: after})
	if err != nil {
		return out, err
	}
	out.Next = sealCursor(key, listing, page.Next)
	suggested, err := s.suggestions(ctx, quizID, questionID)
	if err != nil {
		return out, err
	}
	for _, a := range page.Items {
		if isOwn(actor, a.MemberID) {
			continue
		}
		answers, err := s.answersOf(ctx, &a, questionID, actor.AccountID, suggested)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, answers...)
	}
	return out, nil // in the order of the keys, which is no order of members: that of the index
}

// rated counts the waiting answers to a question that the actor has marked.
func (s *Marking) rated(ctx context.Context, actor policies.Actor, quizID, questionID string, second *Second) (n int, err error) {
	if second == nil || actor.AccountID == "" {
		return 0, nil
	}
	for a, err := range s.attempts.Find(ctx, store.Query[Attempt]{Index: "pending", Eq: map[string]any{"quiz_id": quizID, "pending": questionID}}) {
		if err != nil {
			return n, err
		}
		f, err := s.factsOf(ctx, &a)
		if err != nil {
			return n, err
		}
		if !isOwn(actor, a.MemberID) && !a.waitsFor(f.paper, questionID, actor.AccountID) {
			n++
		}
	}
	return n, nil
}

// isOwn says whether what a member did is the actor's own: nobody marks it, or decides about it, who is its author.
func isOwn(actor policies.Actor, memberID string) bool {
	return actor.MemberID != "" && actor.MemberID == memberID
}

// judge applies an evaluator's act to a settled attempt.
func (d *desk) judge(ctx context.Context, id string, act func(*Attempt, sitting) error) (Attempt, error) {
	f, err := d.facts(ctx, id)
	if err != nil {
		return Attempt{}, err
	}
	now := d.clock.Now()
	sit, _, err := d.sitting(ctx, f, now, true)
	if err != nil {
		return Attempt{}, err
	}
	return d.rewrite(ctx, id, sit, func(a *Attempt) error {
		if _, err := a.settle(sit, now); err != nil {
			return err
		}
		return act(a, sit)
	})
}

// seenAttempt loads an attempt whose quiz the actor sees.
func (d *desk) seenAttempt(ctx context.Context, actor policies.Actor, id string) (Quiz, Attempt, error) {
	a, err := d.attempts.Get(ctx, id)
	if err != nil {
		return Quiz{}, a, noAttempt(id, err)
	}
	q, err := d.seen(ctx, actor, a.QuizID)
	if err != nil {
		return q, a, noAttempt(id, nil)
	}
	return q, a, nil
}

// Admit lets a late answer count, with a reason.
func (s *Marking) Admit(ctx context.Context, actor policies.Actor, id string, seq int, reason string) (Attempt, error) {
	return s.decide(ctx, actor, id, "attempt.admit", reason, func(a *Attempt, sit sitting, reason string) error {
		return a.admit(sit, seq, actor.AccountID, reason, s.clock.Now())
	})
}

// Void takes an attempt out of the count, with a reason; the member may begin another.
func (s *Marking) Void(ctx context.Context, actor policies.Actor, id, reason string) (Attempt, error) {
	return s.decide(ctx, actor, id, "attempt.void", reason, func(a *Attempt, sit sitting, reason string) error {
		return a.void(sit, actor.AccountID, reason, s.clock.Now())
	})
}

func (s *Marking) decide(ctx context.Context, actor policies.Actor, id, action, reason string, act func(*Attempt, sitting, string) error) (Attempt, error) {
	q, a, err := s.seenAttempt(ctx, actor, id)
	if err != nil {
		return a, err
	}
	if isOwn(actor, a.MemberID) {
		return a, fault.New(fault.Forbidden, "mark.own", "nobody decides about an own attempt")
	}
	reason = strings.TrimSpace(reason)
	if len(reason) > maxComment {
		return a, fault.Bad("mark.invalid", []fault.Field{{Path: "reason", Key: "too_long", Params: map[string]any{"max": maxComment}}})
	}
	record := question.Act{Action: action, Object: "attempt:" + id, Name: q.Title, Detail: map[string]string{"reason": reason}}
	err = s.trail.Act(ctx, actor, record, func() error {
		a, err = s.judge(ctx, id, func(a *Attempt, sit sitting) error { return act(a, sit, reason) })
		return err
	})
	return a, err
}

// MarkingQuiz is a quiz that was published, with what waits in it. Of a quiz of an organisation above
// (Own is false) an actor sees that it is there, how far it is, and its results; not its paper, password, or queue.
type MarkingQuiz struct {
	Quiz
	SheetCount
	Own bool `json:"own"`
}

// SheetCount counts the attempts of a quiz by how far they are from the eyes of those who took it.
type SheetCount struct {
	Pending  int `json:"pending"`  // with answers to mark
	Graded   int `json:"graded"`   // marked, not released
	Released int `json:"released"` // the result is out
}

// Quizzes gives the published quizzes that the actor's organisations own or are due to take, those
// with work first, then the newest.
func (s *Marking) Quizzes(ctx context.Context, actor policies.Actor) ([]MarkingQuiz, error) {
	list := []MarkingQuiz{}
	for q, err := range s.quizzes.Find(ctx, store.Query[Quiz]{Desc: true, Match: func(q *Quiz) bool { return q.Number > 0 }}) {
		if err != nil {
			return nil, err
		}
		m := MarkingQuiz{Quiz: q, Own: actor.Scope.Covers(q.OrgPath)}
		if !m.Own {
			concerned, err := s.concerns(ctx, actor.Scope, q.Audience)
			if err != nil {
				return nil, err
			}
			if !concerned {
				continue
			}
			m.Sections, m.Settings.Password = nil, ""
		}
		if m.SheetCount, err = s.Sheets(ctx, q.ID); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	waits := func(m *MarkingQuiz) int {
		if m.Own {
			return m.Pending
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b MarkingQuiz) int { return waits(&b) - waits(&a) })
	return list, nil
}

// Sheets counts the attempts of a quiz, whoever's they are.
func (s *Marking) Sheets(ctx context.Context, quizID string) (SheetCount, error) {
	return s.sheets(ctx, quizID)
}

func (d *desk) sheets(ctx context.Context, quizID string) (n SheetCount, err error) {
	for state, n := range map[State]*int{Grading: &n.Pending, Graded: &n.Graded, Released: &n.Released} {
		if *n, err = d.attempts.Count(ctx, quizQuery(quizID, state)); err != nil {
			break
		}
	}
	return n, err
}

// concerns says whether an organisation of the scope is among those that the audience addresses.
func (d *desk) concerns(ctx context.Context, scope policies.Scope, a Audience) (bool, error) {
	if len(a.Orgs) == 0 || len(scope) == 0 {
		return false, nil
	}
	nodes, err := d.roster.Nodes(ctx, a.Orgs)
	return slices.ContainsFunc(nodes, func(n Node) bool { return scope.Covers(n.Path) }), err
}
