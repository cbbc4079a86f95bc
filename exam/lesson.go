package exam

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"qiming/exam/question"
	"qiming/exam/shortanswer"
	"qiming/internal/fault"
)

// The questions of a quiz teach each other: how strictly its evaluators mark and how far like answers get like marks (package
// exam/shortanswer). What each teaches is kept for a while, and renewed whenever its answers are analysed.
const (
	lessonAge     = 5 * time.Minute
	cachedLessons = 32
)

// taughtQuiz is what the questions of a quiz teach.
type taughtQuiz struct {
	mu sync.Mutex
	of map[string]aged[[]*shortanswer.Lesson] // by question, then by key
}

func (t *taughtQuiz) get(questionID string) aged[[]*shortanswer.Lesson] {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.of[questionID]
}

// taught gives what is kept of a quiz.
func (d *desk) taught(quizID string) *taughtQuiz {
	if had, ok := d.lessonCache.Get(quizID); ok {
		return had
	}
	made := &taughtQuiz{of: map[string]aged[[]*shortanswer.Lesson]{}}
	if had, ok, _ := d.lessonCache.PeekOrAdd(quizID, made); ok { // of another call just now
		return had
	}
	return made
}

// learnt keeps what a question teaches.
func (d *desk) learnt(quizID, questionID string, lessons []*shortanswer.Lesson) {
	t := d.taught(quizID)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.of[questionID] = aged[[]*shortanswer.Lesson]{lessons, d.clock.Now()}
}

// lessonsOf gives one lesson for each key that marks answers.
func lessonsOf(parts []part) []*shortanswer.Lesson {
	lessons := []*shortanswer.Lesson{}
	for _, p := range parts {
		if lesson := p.reading.Lesson(); lesson != nil && p.known == 0 {
			lessons = append(lessons, lesson)
		}
	}
	return lessons
}

// lessons gives what all short-answer questions of a quiz teach.
func (d *desk) lessons(ctx context.Context, q *Quiz) ([]*shortanswer.Lesson, error) {
	ids, err := d.shortIn(ctx, q)
	if err != nil {
		return nil, err
	}
	kept := d.taught(q.ID)
	var out []*shortanswer.Lesson
	for _, id := range ids {
		one := kept.get(id)
		if !one.fresh(d.clock.Now(), lessonAge) {
			if one.value, err = d.lesson(ctx, q, id); err != nil {
				return nil, err
			}
		}
		out = append(out, one.value...)
	}
	return out, nil
}

// lesson reads what a question teaches.
func (d *desk) lesson(ctx context.Context, q *Quiz, questionID string) ([]*shortanswer.Lesson, error) {
	got, err, _ := d.flight.Do("lesson "+q.ID+" "+questionID, func() (any, error) {
		ctx := context.WithoutCancel(ctx) // shared with other callers
		marked, err := d.toAnalyse(ctx, "marked", q.ID, questionID, 1)
		if err != nil {
			return nil, err
		}
		lessons := []*shortanswer.Lesson{}
		if len(marked) > 0 { // most questions of a large pool have none
			parts, err := d.read(ctx, q, questionID, maxAnalysed)
			if err != nil {
				return nil, err
			}
			lessons = lessonsOf(parts)
		}
		d.learnt(q.ID, questionID, lessons)
		return lessons, nil
	})
	if err != nil {
		return nil, err
	}
	return got.([]*shortanswer.Lesson), nil
}

// shortIn gives the short-answer questions of a quiz in all its versions, in order.
func (d *desk) shortIn(ctx context.Context, q *Quiz) ([]string, error) {
	found := map[string]bool{}
	for number := q.Number; number > 0; number-- {
		b, err := d.blueprint(ctx, q.ID, number)
		if fault.Is(err, fault.NotFound) {
			continue // numbers of versions may have holes
		}
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, p := range b.pools {
			for _, whole := range p.versions {
				for id := range b.places(whole, p.points) {
					ids = append(ids, id)
				}
			}
		}
		versions, err := d.bank.GetVersions(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, v := range versions {
			if v.Content.Kind == question.Short {
				found[v.QuestionID] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}
