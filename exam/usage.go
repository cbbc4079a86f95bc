package exam

import (
	"context"
	"slices"
	"time"

	"qiming/exam/question"
	"qiming/exam/statistics"
	"qiming/internal/store"
	"qiming/policies"
)

// Usage says in which quizzes a question stands and how it did there.
type Usage struct {
	Quizzes  []QuizUse        `json:"quizzes"`  // the newest first
	Hidden   int              `json:"hidden"`   // quizzes of organisations that one does not see
	Versions []VersionFigures `json:"versions"` // over all quizzes that were counted, the newest first
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

	Figures []VersionFigures `json:"figures,omitempty"` // by version
}

// countedUses is how many quizzes of a question are counted: each is a pass over its attempts.
const countedUses = 20

// Usage gives the quizzes in which a question stands: published ones that may draw it or did, and drafts that name
// it. The actor's scope decides which are named, counted, a scope of its own, whose attempts are counted; of these sight sees
// results by name, and before their release. Quizzes beyond the newest countedUses have no figures.
func (s *Results) Usage(ctx context.Context, actor policies.Actor, counted policies.Scope, sight Sight, q question.Question) (Usage, error) {
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
			if err := s.fared(ctx, counted, sight, q.ID, &use); err != nil {
				return out, err
			}
		}
		out.Quizzes = append(out.Quizzes, use)
	}
	out.Versions = overall(out.Quizzes)
	return out, nil
}

// names says whether an entry of the sections is the question itself.
func names(sections []Section, questionID string) bool {
	return slices.ContainsFunc(sections, func(section Section) bool {
		return slices.ContainsFunc(section.Entries, func(e Entry) bool { return e.QuestionID == questionID })
	})
}

// fared counts how a question did in a quiz, over the attempts that the scope reaches. The items of a material count
// as one. Where they are fewer than may be told and sight has not all their rows, nothing is counted.
func (s *Results) fared(ctx context.Context, scope policies.Scope, sight Sight, questionID string, use *QuizUse) error {
	t, err := s.count(ctx, use.QuizID)
	if err != nil {
		return err
	}
	whole, every := scope.Covers(t.quiz.OrgPath), sight.Rows.Covers(t.quiz.OrgPath)
	items := t.itemsBeside(t.as(sight), WhichFirst, func(path []string) bool { return whole || scope.Covers(path) })
	sum, marked, answered := 0.0, 0, 0
	byVersion := map[int]int{}
	for _, c := range items {
		if c.QuestionID != questionID || c.Facility == nil {
			continue
		}
		if c.N < leastTold && !every {
			continue
		}
		if c.Version == question.WholeOf(c.Version) { // the items of a material have figures of their own
			use.Figures = append(use.Figures, c.figures())
		}
		byVersion[c.Number] = max(byVersion[c.Number], c.N)
		sum, marked, answered = sum+*c.Facility*float64(c.N), marked+c.N, answered+c.Answered
	}
	for number, n := range byVersion {
		use.Versions = append(use.Versions, number)
		use.N += n
	}
	slices.Sort(use.Versions)
	slices.SortFunc(use.Figures, func(a, b VersionFigures) int { return a.Number - b.Number })
	if marked > 0 {
		facility, share := sum/float64(marked), float64(answered)/float64(marked)
		use.Facility, use.Answered = &facility, &share
	}
	return nil
}

// VersionFigures say how a version of a question did, in a quiz or in all of them.
type VersionFigures struct {
	Number         int               `json:"number"`
	Quizzes        int               `json:"quizzes"`
	N              int               `json:"n"`                                                  // first attempts in which it is marked
	Facility       *float64          `json:"facility"`                                           // of all of them
	Discrimination *float64          `json:"discrimination"`                                     // percent; in several quizzes the mean, by attempts
	Efficiency     *float64          `json:"efficiency"`                                         // likewise
	Seconds        *float64          `json:"seconds"`                                            // the median time; likewise
	Flags          []statistics.Flag `json:"flags" enum:"negative,too_hard,too_easy,distractor"` // in any of them
}

func (f *ItemFigures) figures() VersionFigures {
	v := VersionFigures{Number: f.Number, Quizzes: 1, N: f.N, Facility: f.Facility, Discrimination: f.Discrimination, Efficiency: f.Efficiency, Flags: f.Flags}
	if f.Time != nil {
		v.Seconds = &f.Time.Median
	}
	return v
}

// overall joins what quizzes say of the versions of a question. Correlations of different quizzes are about different rests: they
// are not computed anew but averaged by attempts (Moodle's bank averages them plainly).
func overall(uses []QuizUse) []VersionFigures {
	out := []VersionFigures{}
	type weighted struct{ sum, n float64 }
	means := map[int]*[4]weighted{}
	for _, use := range uses {
		for _, f := range use.Figures {
			i := slices.IndexFunc(out, func(v VersionFigures) bool { return v.Number == f.Number })
			if i < 0 {
				i = len(out)
				out = append(out, VersionFigures{Number: f.Number, Flags: []statistics.Flag{}})
				means[f.Number] = &[4]weighted{}
			}
			v := &out[i]
			v.Quizzes, v.N = v.Quizzes+1, v.N+f.N
			for j, x := range []*float64{f.Facility, f.Discrimination, f.Efficiency, f.Seconds} {
				if x != nil {
					m := &means[f.Number][j]
					m.sum, m.n = m.sum+*x*float64(f.N), m.n+float64(f.N)
				}
			}
			for _, flag := range f.Flags {
				if !slices.Contains(v.Flags, flag) {
					v.Flags = append(v.Flags, flag)
				}
			}
		}
	}
	for i := range out {
		for j, into := range []**float64{&out[i].Facility, &out[i].Discrimination, &out[i].Efficiency, &out[i].Seconds} {
			if m := means[out[i].Number][j]; m.n > 0 {
				mean := m.sum / m.n
				*into = &mean
			}
		}
	}
	slices.SortFunc(out, func(a, b VersionFigures) int { return b.Number - a.Number })
	return out
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
