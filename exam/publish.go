package exam

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

func at(i int, field string) string { return fmt.Sprintf("answers[%d].%s", i, field) }

// path names a field of a section, or with an entry of 0 and above of the entry.
func path(section, entry int, field string) string {
	if entry < 0 {
		return fmt.Sprintf("sections[%d].%s", section, field)
	}
	return fmt.Sprintf("sections[%d].entries[%d].%s", section, entry, field)
}

// Check is what an author sees before publishing.
type Check struct {
	Items     int           `json:"items"`                // that one answers; of a material each of its own
	ItemsMost int           `json:"items_most,omitempty"` // where papers differ: Items is the least
	Points    float64       `json:"points"`
	Shortages []Shortage    `json:"shortages"`
	Errors    []fault.Field `json:"errors"`
	Audience  int           `json:"audience_count"` // members due now
	Entries   [][]int       `json:"entries"`        // by section and entry: how many questions the bank has
	Expired   [][]int       `json:"expired"`        // by section and entry: how many the rule leaves out because they have expired
	Lacking   *Lacking      `json:"lacking,omitempty" doc:"Double marking wants more evaluators than there are; the quiz may be published all the same"`
}

// Check says whether the quiz can be published as it stands, and what is missing.
func (s *Quizzes) Check(ctx context.Context, actor policies.Actor, id string) (Check, error) {
	q, err := s.seen(ctx, actor, id)
	if err != nil {
		return Check{}, err
	}
	c, _, err := s.assemble(ctx, q)
	if err != nil {
		return c, err
	}
	due, err := s.due(ctx, q.ID, q.MakeupOf, q.Audience, s.clock.Now())
	c.Audience = len(due)
	if err == nil && len(due) == 0 && q.MakeupOf == "" { // who needs a make-up may not be known yet
		c.Errors = append(c.Errors, fault.Field{Path: "audience", Key: "quiz.nobody_due"})
	}
	return c, err
}

// CheckDraft checks what an author has on screen, not yet kept.
func (s *Quizzes) CheckDraft(ctx context.Context, actor policies.Actor, id string, draft Draft) (Check, error) {
	q, err := s.seen(ctx, actor, id)
	if err != nil {
		return Check{}, err
	}
	draft.tidy()
	q.Title, q.Intro, q.Settings, q.Sections, q.Audience = draft.Title, draft.Intro, draft.Settings, draft.Sections, draft.Audience
	c, _, err := s.assemble(ctx, q)
	if err != nil {
		return c, err
	}
	c.Errors = append(draft.check(), c.Errors...)
	due, err := s.due(ctx, q.ID, q.MakeupOf, q.Audience, s.clock.Now())
	c.Audience = len(due)
	if err == nil && len(due) == 0 && q.MakeupOf == "" { // who needs a make-up may not be known yet
		c.Errors = append(c.Errors, fault.Field{Path: "audience", Key: "quiz.nobody_due"})
	}
	return c, err
}

// assemble freezes the pools of a quiz as the bank is now.
func (s *Quizzes) assemble(ctx context.Context, q Quiz) (Check, QuizVersion, error) {
	c := Check{Shortages: []Shortage{}, Errors: []fault.Field{}, Entries: make([][]int, len(q.Sections)), Expired: make([][]int, len(q.Sections))}
	v := QuizVersion{QuizID: q.ID, Number: q.Number + 1, Title: q.Title, Intro: q.Intro, Settings: q.Settings, Audience: q.Audience, MakeupOf: q.MakeupOf}
	bad := func(path, key string) { c.Errors = append(c.Errors, fault.Field{Path: path, Key: key}) }
	var fixed []string
	for _, section := range q.Sections {
		for _, e := range section.Entries {
			if e.QuestionID != "" {
				fixed = append(fixed, e.QuestionID)
			}
		}
	}
	live, err := s.bank.Candidates(ctx, fixed, q.OrgPath)
	if err != nil {
		return c, v, err
	}
	seen := map[string]bool{}
	groups := exclusions{}
	for i, section := range q.Sections {
		frozen := FrozenSection{ID: section.ID, Title: section.Title, Instructions: section.Instructions, Shuffle: section.Shuffle, Limit: section.Limit, Pools: []FrozenPool{}}
		c.Entries[i], c.Expired[i] = []int{}, []int{}
		for j, e := range section.Entries {
			pool := FrozenPool{Versions: []string{}, Count: e.Count, Points: e.Points}
			expired := 0
			if e.QuestionID != "" {
				pool.Count = 1
				if candidate, ok := live[e.QuestionID]; ok && candidate.Expired {
					bad(path(i, j, "question_id"), "quiz.question_expired")
				} else if ok {
					pool.add(candidate)
					groups.add(candidate)
				} else {
					bad(path(i, j, "question_id"), "quiz.question_not_live")
				}
				if seen[e.QuestionID] {
					bad(path(i, j, "question_id"), "quiz.question_repeated")
				}
				seen[e.QuestionID] = true
			} else if e.Rule != nil {
				candidates, err := s.bank.Select(ctx, *e.Rule, q.OrgPath)
				if err != nil {
					return c, v, err
				}
				if expired, err = s.bank.LeftOut(ctx, *e.Rule, q.OrgPath); err != nil {
					return c, v, err
				}
				if e.LeastUsed {
					pool.rank(candidates, q.ID)
				}
				for _, candidate := range candidates {
					pool.add(candidate)
					groups.add(candidate)
				}
				if e.Count < 1 {
					bad(path(i, j, "count"), "required")
				}
			} else {
				bad(path(i, j, "rule"), "required")
			}
			if e.Points <= 0 {
				bad(path(i, j, "points"), "required")
			}
			c.Entries[i] = append(c.Entries[i], len(pool.Versions))
			c.Expired[i] = append(c.Expired[i], expired)
			v.Items += pool.Count
			v.Points += float64(pool.Count) * pool.Points
			frozen.Pools = append(frozen.Pools, pool)
		}
		v.Sections = append(v.Sections, frozen)
	}
	if err := s.spreadMaterials(ctx, v.Sections); err != nil {
		return c, v, err
	}
	groups.mark(v.Sections)
	v.Points = hundredths(v.Points)
	least, most := v.answered()
	c.Items, c.ItemsMost = span(least, most)
	c.Points = v.Points
	if v.Items == 0 {
		bad("sections", "quiz.empty")
	}
	if most > maxItems {
		c.Errors = append(c.Errors, fault.Field{Path: "sections", Key: "out_of_range", Params: map[string]any{"min": 1, "max": maxItems}})
	}
	if q.Settings.Overdue == OverdueGrace && q.Settings.Grace < 1 {
		bad("settings.grace", "required")
	}
	if len(q.Audience.Orgs) == 0 && len(q.Audience.Members) == 0 {
		bad("audience", "required")
	}
	c.Shortages = newBlueprint(v).shortages()
	c.Lacking, err = s.lacking(ctx, q.Settings.Second, &q)
	return c, v, err
}

// spreadMaterials notes what the materials among the pools are made of.
func (s *Quizzes) spreadMaterials(ctx context.Context, sections []FrozenSection) error {
	for _, section := range sections {
		for i := range section.Pools {
			pool := &section.Pools[i]
			if len(pool.Parts) == 0 {
				continue
			}
			versions, err := s.bank.GetVersions(ctx, slices.Collect(maps.Keys(pool.Parts)))
			if err != nil {
				return err
			}
			for id, v := range versions {
				pool.Parts[id] = question.SubShares(v.Content)
			}
		}
	}
	return nil
}

// Publish freezes the next version and opens the quiz: the version first, the head second, so that
// a crash in between leaves a version that nothing points at. Refused: "quiz.shortage" with the
// first shortage's parameters and all of them in Params["shortages"]; "quiz.not_ready" with fields.
func (s *Quizzes) Publish(ctx context.Context, actor policies.Actor, id string, rev int64) (Quiz, error) {
	q, err := s.seen(ctx, actor, id)
	if err != nil {
		return Quiz{}, err
	}
	if rev != 0 && q.Rev != rev {
		return Quiz{}, quizStale(&q, rev)
	}
	if err := q.Status.To(QuizPublished); err != nil {
		return Quiz{}, err
	}
	if q.Status == QuizClosed {
		return Quiz{}, fault.New(fault.Conflict, "quiz.closed", "reopen quiz %s first", id)
	}
	if q.Status == QuizPublished && !q.Dirty {
		return q, nil
	}
	c, v, err := s.assemble(ctx, q)
	if err != nil {
		return Quiz{}, err
	}
	if err := fault.Bad("quiz.not_ready", c.Errors); err != nil {
		return Quiz{}, err
	}
	if len(c.Shortages) > 0 {
		first := c.Shortages[0]
		return Quiz{}, fault.New(fault.Invalid, "quiz.shortage", "rule %d wants %d, the bank has %d", first.Rule, first.Wanted, first.Have).
			With("rule", first.Rule).With("section", first.Section).With("entry", first.Entry).With("wanted", first.Wanted).
			With("have", first.Have).With("pool", first.Pool).With("shortages", c.Shortages)
	}
	now := s.clock.Now()
	var out Quiz
	err = s.recorded(ctx, actor, "quiz.publish", &q, func() error {
		if err := s.bank.MarkUsed(ctx, q.ID, v.questions()); err != nil {
			return err
		}
		for {
			v.Meta = store.Meta{ID: versionID(q.ID, v.Number)}
			if err = s.versions.Insert(ctx, &v); !fault.Is(err, fault.Exists) {
				break
			}
			v.Number++ // left behind by a crash or a rival: a version that was written is never changed
		}
		if err != nil {
			return err
		}
		out, err = s.quizzes.Update(ctx, id, func(now2 *Quiz) error {
			if now2.Rev != q.Rev {
				return quizStale(now2, q.Rev)
			}
			now2.Status, now2.Number, now2.Dirty, now2.PublishedAt = QuizPublished, v.Number, false, &now
			v.count(now2.Sections)
			return nil
		})
		return err
	}, "version", strconv.Itoa(v.Number), "items", strconv.Itoa(c.Items))
	s.forget(id)
	return out, err
}

// questions gives the questions of all pools, each once.
func (v *QuizVersion) questions() []string {
	var versions []string
	for _, section := range v.Sections {
		for _, p := range section.Pools {
			versions = append(versions, p.Versions...)
		}
	}
	return questionsOf(versions)
}

// Close ends the quiz by hand: no attempt begins any more, and every running one ends at this
// moment, overrides or not. The rev is the one that was seen, 0 = any; another is fault.Conflict ("quiz.stale").
func (s *Quizzes) Close(ctx context.Context, actor policies.Actor, id string, rev int64) (Quiz, error) {
	return s.change(ctx, actor, id, rev, "quiz.close", QuizClosed, func(q *Quiz) {
		now := s.clock.Now()
		q.ClosedAt = &now
	})
}

// Reopen lets attempts begin again within the window. What has ended stays ended. The rev as for Close.
func (s *Quizzes) Reopen(ctx context.Context, actor policies.Actor, id string, rev int64) (Quiz, error) {
	return s.change(ctx, actor, id, rev, "quiz.reopen", QuizPublished, func(q *Quiz) { q.ClosedAt = nil })
}

// Archive takes a closed quiz out of the members' lists; its results stay. The rev as for Close.
func (s *Quizzes) Archive(ctx context.Context, actor policies.Actor, id string, rev int64) (Quiz, error) {
	return s.change(ctx, actor, id, rev, "quiz.archive", QuizArchived, func(*Quiz) {})
}

func (s *Quizzes) change(ctx context.Context, actor policies.Actor, id string, rev int64, action string, to QuizStatus, set func(*Quiz)) (Quiz, error) {
	old, err := s.seen(ctx, actor, id)
	if err != nil {
		return Quiz{}, err
	}
	var q Quiz
	err = s.recorded(ctx, actor, action, &old, func() error {
		return s.retimed(ctx, id, func() error {
			q, err = s.quizzes.Update(ctx, id, func(q *Quiz) error {
				if rev > 0 && q.Rev != rev {
					return quizStale(q, rev)
				}
				if q.Status == to {
					return fault.New(fault.Conflict, "quiz.transition", "quiz %s is %s", id, to).With("from", q.Status).With("to", to)
				}
				if err := q.Status.To(to); err != nil {
					return err
				}
				q.Status = to
				set(q)
				return nil
			})
			return err
		})
	})
	return q, err
}

// Preview gives a paper as a member would get it, drawn from the quiz as it stands; seed "" is one
// of many. It leaves nothing behind.
func (s *Quizzes) Preview(ctx context.Context, actor policies.Actor, id, seed string) (Sheet, error) {
	q, err := s.seen(ctx, actor, id)
	if err != nil {
		return Sheet{}, err
	}
	_, v, err := s.assemble(ctx, q)
	if err != nil {
		return Sheet{}, err
	}
	paper := Draw(v, seed)
	contents, err := s.contents(ctx, paper)
	if err != nil {
		return Sheet{}, err
	}
	now := s.clock.Now()
	head := SheetAttempt{QuizID: q.ID, Title: q.Title, Number: 1, State: Created, StartedAt: now, Points: paper.Points(), Behaviour: paper.Rule.Behaviour, Tries: paper.Rule.Tries, Penalty: paper.Rule.Penalty,
		Deadline: ClockOf(Resolve(q.Settings.Timing, Taker{}, nil), q.Settings, now, nil).Deadline}
	return Sheet{Attempt: head, ServerTime: now, Sections: paper.Parts, Items: paper.present(contents), Answers: []SheetAnswer{}, Checks: []Checked{}}, nil
}
