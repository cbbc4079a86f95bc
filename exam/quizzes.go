package exam

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// Quizzes is what authors do. The actor's scope decides what an author reaches; what one may not
// see is fault.NotFound.
type Quizzes struct{ *desk }

// Draft is what an author fills in.
type Draft struct {
	Title    string    `json:"title"`
	Intro    string    `json:"intro,omitempty"`
	Settings Settings  `json:"settings"`
	Sections []Section `json:"sections"`
	Audience Audience  `json:"audience"`
}

// DefaultSettings are those of a new quiz: one attempt, the best counts, 60 percent pass.
func DefaultSettings() Settings {
	return Settings{Timing: Timing{Attempts: 1}, Overdue: OverdueSubmit, Grace: 60, Behaviour: Deferred, Tries: defaultTries, Penalty: defaultPenalty, GradeBy: GradeBest, PassPercent: 60,
		ShuffleOptions: true, Review: DefaultReview()}
}

// seen loads a quiz that the actor may see.
func (d *desk) seen(ctx context.Context, actor policies.Actor, id string) (Quiz, error) {
	q, err := d.quizzes.Get(ctx, id)
	if err != nil {
		return Quiz{}, noQuiz(id, err)
	}
	if !actor.Scope.Covers(q.OrgPath) {
		return Quiz{}, noQuiz(id, fault.New(fault.NotFound, "", ""))
	}
	return q, nil
}

// Create makes a draft that belongs to the organisation node with the path (root first).
func (s *Quizzes) Create(ctx context.Context, actor policies.Actor, title string, orgPath []string) (Quiz, error) {
	if len(orgPath) == 0 || !actor.Scope.Covers(orgPath) {
		return Quiz{}, fault.New(fault.NotFound, "org.not_found", "outside the actor's scope")
	}
	title = strings.TrimSpace(title)
	if fields := checkTitle(title); fields != nil {
		return Quiz{}, fault.Bad("quiz.invalid", fields)
	}
	org := orgPath[len(orgPath)-1]
	q := Quiz{Meta: store.Meta{ID: ident.New()}, OrgID: org, OrgPath: orgPath, Title: title, Status: QuizDraft, Settings: DefaultSettings(),
		Sections: []Section{{ID: ident.New(), Title: "", Entries: []Entry{}}}, Audience: Audience{Orgs: []string{org}}, AuthorID: actor.AccountID}
	return q, s.recorded(ctx, actor, "quiz.create", &q, func() error { return s.quizzes.Insert(ctx, &q) })
}

func (d *desk) recorded(ctx context.Context, actor policies.Actor, action string, q *Quiz, do func() error, detail ...string) error {
	act := question.Act{Action: action, Object: "quiz:" + q.ID, Name: q.Title}
	if len(detail) > 0 {
		act.Detail = map[string]string{}
		for i := 0; i+1 < len(detail); i += 2 {
			act.Detail[detail[i]] = detail[i+1]
		}
	}
	return d.trail.Act(ctx, actor, act, do)
}

// Get gives a quiz.
func (s *Quizzes) Get(ctx context.Context, actor policies.Actor, id string) (Quiz, error) {
	return s.seen(ctx, actor, id)
}

// QuizFilter narrows a list.
type QuizFilter struct {
	OrgID  string // of this node and those below it
	Status QuizStatus
	Text   string // in the title
}

// List pages through the quizzes that the actor sees, newest first.
func (s *Quizzes) List(ctx context.Context, actor policies.Actor, f QuizFilter, limit int, after string) (store.Page[Quiz], error) {
	text := strings.ToLower(strings.TrimSpace(f.Text))
	q := store.Query[Quiz]{Desc: true, Limit: limit, After: after, Match: func(q *Quiz) bool {
		return actor.Scope.Covers(q.OrgPath) && (f.OrgID == "" || slices.Contains(q.OrgPath, f.OrgID)) &&
			(f.Status == "" || q.Status == f.Status) && (text == "" || strings.Contains(strings.ToLower(q.Title), text))
	}}
	if f.Status != "" {
		q.Index, q.Eq = "status", map[string]any{"status": string(f.Status)}
	}
	return s.quizzes.Page(ctx, q)
}

// quizStale refuses a write upon a revision of a quiz that is not the latest any more.
func quizStale(q *Quiz, seen int64) error {
	return fault.New(fault.Conflict, "quiz.stale", "rev %d, seen %d", q.Rev, seen).With("rev", q.Rev)
}

// Save changes a quiz. rev is the revision that the author saw; another one is fault.Conflict
// ("quiz.stale"). A published quiz becomes dirty: takers get the change with the next publishing.
func (s *Quizzes) Save(ctx context.Context, actor policies.Actor, id string, rev int64, draft Draft) (Quiz, error) {
	old, err := s.seen(ctx, actor, id)
	if err != nil {
		return Quiz{}, err
	}
	draft.tidy()
	if err := fault.Bad("quiz.invalid", draft.check()); err != nil {
		return Quiz{}, err
	}
	old.Sections = draft.Sections
	_, v, err := s.assemble(ctx, old)
	if err != nil {
		return Quiz{}, err
	}
	v.count(draft.Sections)
	var q Quiz
	err = s.recorded(ctx, actor, "quiz.save", &old, func() error {
		q, err = s.quizzes.Update(ctx, id, func(q *Quiz) error {
			if q.Rev != rev {
				return quizStale(q, rev)
			}
			if q.Status == QuizArchived {
				return fault.New(fault.Conflict, "quiz.archived", "quiz %s is archived", id)
			}
			q.Title, q.Intro, q.Settings, q.Sections, q.Audience = draft.Title, draft.Intro, draft.Settings, draft.Sections, draft.Audience
			q.Dirty = q.Number > 0
			return nil
		})
		return err
	})
	s.forget(id)
	return q, err
}

// Delete removes a draft that was never published.
func (s *Quizzes) Delete(ctx context.Context, actor policies.Actor, id string) error {
	q, err := s.seen(ctx, actor, id)
	if err != nil {
		return err
	}
	if q.Status != QuizDraft || q.Number > 0 {
		return fault.New(fault.Conflict, "quiz.published", "quiz %s was published", id)
	}
	err = s.recorded(ctx, actor, "quiz.delete", &q, func() error { return s.quizzes.Delete(ctx, id) })
	s.forget(id)
	return err
}

// What retrying is by default: three tries at a third each.
const (
	defaultTries   = 3
	defaultPenalty = 1.0 / 3
)

// limits of a quiz.
const (
	maxTries    = 10
	maxTitle    = 200
	maxIntro    = 10_000
	maxSections = 50
	maxEntries  = 500
	maxItems    = 500
	maxPoints   = 1000
	maxLimit    = 30 * 24 * 3600 // seconds
	maxAppeal   = 90             // days
	maxAward    = 60             // characters of a certificate's title
	maxMonths   = 120
)

func checkTitle(title string) []fault.Field {
	switch n := utf8.RuneCountInString(title); {
	case n == 0:
		return []fault.Field{{Path: "title", Key: "required"}}
	case n > maxTitle:
		return []fault.Field{{Path: "title", Key: "too_long", Params: map[string]any{"max": maxTitle}}}
	}
	return nil
}

func (d *Draft) tidy() {
	d.Title, d.Intro = strings.TrimSpace(d.Title), strings.TrimSpace(d.Intro)
	s := &d.Settings
	s.Opens, s.Closes = given(s.Opens), given(s.Closes)
	if s.Certificate != nil {
		s.Certificate = &Award{Title: strings.TrimSpace(s.Certificate.Title), Months: s.Certificate.Months}
	}
	for i := range s.Limits {
		s.Limits[i].Act = cmp.Or(s.Limits[i].Act, LimitFlag)
	}
	sortLimits(s.Limits)
	if s.Overdue == "" {
		s.Overdue = OverdueSubmit
	}
	if s.GradeBy == "" {
		s.GradeBy = GradeBest
	}
	if s.Behaviour == "" {
		s.Behaviour = Deferred
	}
	if s.Behaviour == Retry && s.Tries == 0 {
		s.Tries, s.Penalty = defaultTries, defaultPenalty
	}
	s.Review.During.Total = false
	if s.Behaviour == Deferred {
		s.Review.During = ReviewShows{Responses: s.Review.During.Responses}
	}
	if d.Sections == nil {
		d.Sections = []Section{}
	}
	for i := range d.Sections {
		section := &d.Sections[i]
		section.Title = strings.TrimSpace(section.Title)
		if section.ID == "" {
			section.ID = ident.New()
		}
		if section.Entries == nil {
			section.Entries = []Entry{}
		}
		for j := range section.Entries {
			if section.Entries[j].QuestionID != "" {
				section.Entries[j].Rule, section.Entries[j].Count = nil, 1
			}
		}
	}
}

// check gives what may not even be kept; what only publishing asks for is in ready.
func (d *Draft) check() []fault.Field {
	fields := checkTitle(d.Title)
	between := func(path string, value, low, high float64) {
		if !(value >= low && value <= high) {
			fields = append(fields, fault.Field{Path: path, Key: "out_of_range", Params: map[string]any{"min": low, "max": high}})
		}
	}
	if utf8.RuneCountInString(d.Intro) > maxIntro {
		fields = append(fields, fault.Field{Path: "intro", Key: "too_long", Params: map[string]any{"max": maxIntro}})
	}
	s := d.Settings
	if s.Opens != nil && s.Closes != nil && !s.Closes.After(*s.Opens) {
		fields = append(fields, fault.Field{Path: "settings.closes", Key: "quiz.closes_before_opens"})
	}
	between("settings.limit", float64(s.Limit), 0, maxLimit)
	between("settings.attempts", float64(s.Attempts), 0, 1000)
	between("settings.wait", float64(s.Wait), 0, maxLimit)
	between("settings.grace", float64(s.Grace), 0, 24*3600)
	between("settings.pass_percent", s.PassPercent, 0, 100)
	if utf8.RuneCountInString(s.Password) > 100 {
		fields = append(fields, fault.Field{Path: "settings.password", Key: "too_long", Params: map[string]any{"max": 100}})
	}
	if !slices.Contains([]Overdue{OverdueSubmit, OverdueGrace, OverdueAbandon}, s.Overdue) {
		fields = append(fields, fault.Field{Path: "settings.overdue", Key: "unknown"})
	}
	if !slices.Contains([]Behaviour{Deferred, Immediate, Retry}, s.Behaviour) {
		fields = append(fields, fault.Field{Path: "settings.behaviour", Key: "unknown"})
	}
	if s.Behaviour == Retry {
		between("settings.tries", float64(s.Tries), 2, maxTries)
	}
	between("settings.penalty", s.Penalty, 0, 1)
	fields = append(fields, checkLimits(s.Limits)...)
	between("settings.appeal_days", float64(s.AppealDays), 0, maxAppeal)
	if s.AutoMark != 0 {
		between("settings.auto_mark", s.AutoMark, leastAuto, 1)
	}
	if s.Second != nil {
		between("settings.second.share", s.Second.Share, 0, 1)
		between("settings.second.differs", s.Second.Differs, 0, 100)
	}
	if award := s.Certificate; award != nil {
		between("settings.certificate.months", float64(award.Months), 0, maxMonths)
		switch n := utf8.RuneCountInString(award.Title); {
		case n == 0:
			fields = append(fields, fault.Field{Path: "settings.certificate.title", Key: "required"})
		case n > maxAward:
			fields = append(fields, fault.Field{Path: "settings.certificate.title", Key: "too_long", Params: map[string]any{"max": maxAward}})
		}
	}
	if !slices.Contains([]GradeBy{GradeBest, GradeLast, GradeFirst, GradeAverage}, s.GradeBy) {
		fields = append(fields, fault.Field{Path: "settings.grade_by", Key: "unknown"})
	}
	between("sections", float64(len(d.Sections)), 0, maxSections)
	entries := 0
	for i, section := range d.Sections {
		entries += len(section.Entries)
		if utf8.RuneCountInString(section.Title) > maxTitle {
			fields = append(fields, fault.Field{Path: path(i, -1, "title"), Key: "too_long", Params: map[string]any{"max": maxTitle}})
		}
		between(path(i, -1, "limit"), float64(section.Limit), 0, maxLimit)
		for j, e := range section.Entries {
			between(path(i, j, "points"), e.Points, 0, maxPoints)
			if hundredths(e.Points) != e.Points {
				fields = append(fields, fault.Field{Path: path(i, j, "points"), Key: "two_decimals"})
			}
			between(path(i, j, "count"), float64(e.Count), 0, maxItems)
		}
	}
	between("sections", float64(entries), 0, maxEntries)
	return fields
}
