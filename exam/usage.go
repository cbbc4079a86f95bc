package exam

import (
	"context"
	"slices"
	"time"

	"qiming/exam/question"
	"qiming/internal/store"
	"qiming/policies"
)

// Usage says in which quizzes a question stands and how it did there.
type Usage struct {
	Quizzes []QuizUse `json:"quizzes"` // the newest first
	Hidden  int       `json:"hidden"`  // quizzes of organisations that one does not see
}

// QuizUse is one quiz of a question.
type QuizUse struct {
	QuizID      string     `json:"quiz_id"`
	Title       string     `json:"title"`
	Status      QuizStatus `json:"status" enum:"draft,published,closed,archived"`
	Fixed       bool       `json:"fixed"` // in every paper; else it may be drawn
	PublishedAt *time.Time `json:"published_at,omitempty"`
	Opens       *time.Time `json:"opens,omitempty"`
	Closes      *time.Time `json:"closes,omitempty"`
	Versions    []int      `json:"versions"`           // of the question, that were in papers
	N           int        `json:"n"`                  // first attempts in which it is marked
	Facility    *float64   `json:"facility,omitempty"` // mean mark / points, 0..1; absent where n is 0
	Answered    *float64   `json:"answered,omitempty"` // share of n with an answer, 0..1
}

// countedUses is how many quizzes of a question are counted: each is a pass over its attempts.
const countedUses = 20

// Usage gives the quizzes in which a question stands: published ones that may draw it or did, and drafts that name
// it. The actor's scope decides which are named, and statistics, a scope of its own, whose attempts are counted. Quizzes
// beyond the newest countedUses have no figures.
func (s *Results) Usage(ctx context.Context, actor policies.Actor, statistics policies.Scope, q question.Question) (Usage, error) {
	out := Usage{Quizzes: []QuizUse{}}
	for quiz, err := range s.quizzes.Find(ctx, store.Query[Quiz]{Desc: true}) {
		if err != nil {
			return out, err
		}
		named := names(quiz.Sections, q.ID)
		if !named && !slices.Contains(q.UsedBy, quiz.ID) {
			continue
		}
		if !actor.Scope.Covers(quiz.OrgPath) {
			out.Hidden++
			continue
		}
		use := QuizUse{QuizID: quiz.ID, Title: quiz.Title, Status: quiz.Status, Fixed: named, PublishedAt: quiz.PublishedAt,
			Opens: quiz.Settings.Opens, Closes: quiz.Settings.Closes, Versions: []int{}}
		if quiz.Number > 0 && len(out.Quizzes) < countedUses {
			if err := s.fared(ctx, statistics, q.ID, &use); err != nil {
				return out, err
			}
		}
		out.Quizzes = append(out.Quizzes, use)
	}
	return out, nil
}

// names says whether an entry of the sections is the question itself.
func names(sections []Section, questionID string) bool {
	return slices.ContainsFunc(sections, func(section Section) bool {
		return slices.ContainsFunc(section.Entries, func(e Entry) bool { return e.QuestionID == questionID })
	})
}

// fared counts how a question did in a quiz, over the attempts that the scope reaches. The items of a material count
// as one.
func (s *Results) fared(ctx context.Context, scope policies.Scope, questionID string, use *QuizUse) error {
	t, err := s.count(ctx, use.QuizID)
	if err != nil {
		return err
	}
	whole := scope.Covers(t.quiz.OrgPath)
	items, err := s.items(ctx, t, func(path []string) bool { return whole || scope.Covers(path) })
	if err != nil {
		return err
	}
	sum, marked, answered := 0.0, 0, 0
	byVersion := map[int]int{}
	for _, c := range items.byVersion {
		if c.QuestionID != questionID {
			continue
		}
		if _, number, ok := question.ParseVersionID(question.WholeOf(c.Version)); ok {
			byVersion[number] = max(byVersion[number], c.N)
		}
		sum, marked, answered = sum+c.sum, marked+c.N, answered+c.Answered
	}
	for number, n := range byVersion {
		use.Versions = append(use.Versions, number)
		use.N += n
	}
	slices.Sort(use.Versions)
	if marked > 0 {
		facility, share := sum/float64(marked), float64(answered)/float64(marked)
		use.Facility, use.Answered = &facility, &share
	}
	return nil
}

// Naming counts the quizzes, archived ones left out, whose rules name any of the categories: what a merge or a
// move of these changes.
func (s *Quizzes) Naming(ctx context.Context, categoryIDs []string) (int, error) {
	n := 0
	for quiz, err := range s.quizzes.Find(ctx, store.Query[Quiz]{}) {
		if err != nil {
			return n, err
		}
		if quiz.Status != QuizArchived && slices.ContainsFunc(quiz.Sections, func(section Section) bool {
			return slices.ContainsFunc(section.Entries, func(e Entry) bool { return e.Rule != nil && overlaps(e.Rule.CategoryIDs, categoryIDs) })
		}) {
			n++
		}
	}
	return n, nil
}
