package exam

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"qiming/exam/question"
	"qiming/exam/shortanswer"
	"qiming/internal/store"
	"qiming/search"
)

// analysed is an answer to a short-answer question with what the analysis makes of it.
type analysed struct {
	id, blind string // of the attempt
	slot      Slot
	answer    int    // its seq
	version   string // whose key marks it
	content   question.Content
	threshold float64 // of the version of the quiz; 0 = the product marks nothing
	released  bool
	mark      *Step // an evaluator's
	auto      *Step // the product's
	text      string
	estimate  shortanswer.Estimate
}

// maxAnalysed bounds how many answers to a question are analysed together.
const maxAnalysed = 3000

// analyse estimates the marks of the answers to a short-answer question of a quiz, by what evaluators marked among
// them and among those to the quiz's other questions. Answers that different keys mark are analysed apart, and many in parts. most
// bounds how many that wait for a mark are looked at; 0 = all. A question of another kind has none.
func (d *desk) analyse(ctx context.Context, quizID, questionID string, most int) ([]analysed, error) {
	q, err := d.quiz(ctx, quizID)
	if err != nil {
		return nil, err
	}
	parts, err := d.read(ctx, &q.quiz, questionID, most)
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	d.learnt(quizID, questionID, lessonsOf(parts))
	lessons, err := d.lessons(ctx, &q.quiz)
	if err != nil {
		return nil, err
	}
	var out []analysed
	for _, p := range parts {
		p.estimate(lessons)
		out = append(out, p.list[p.known:]...)
	}
	return out, nil
}

// part is answers that are analysed together: those that are marked teach the others.
type part struct {
	list    []analysed
	known   int // the first ones, that another part has too
	reading *shortanswer.Reading
}

// read analyses the answers to a short-answer question of a quiz.
func (d *desk) read(ctx context.Context, q *Quiz, questionID string, most int) ([]part, error) {
	marked, err := d.toAnalyse(ctx, "marked", q.ID, questionID, maxAnalysed)
	if err != nil {
		return nil, err
	}
	open := []analysed{}
	for _, index := range []string{"pending", "auto"} {
		more, err := d.toAnalyse(ctx, index, q.ID, questionID, most)
		if err != nil {
			return nil, err
		}
		open = append(open, more...)
	}
	equal, err := d.synonyms.Groups(ctx, q.OrgPath)
	if err != nil {
		return nil, err
	}
	teachers, waiting := byKey(marked), byKey(open)
	var parts []part
	for _, version := range versionsIn(teachers, waiting) {
		known, rest := teachers[version], waiting[version]
		for first := true; first || len(rest) > 0; first = false {
			n := min(len(rest), maxAnalysed)
			p := part{list: append(slices.Clone(known), rest[:n]...)}
			if rest = rest[n:]; !first {
				p.known = len(known)
			}
			p.reading = readAll(p.list, equal)
			parts = append(parts, p)
		}
	}
	return parts, nil
}

// readAll analyses answers that one key marks.
func readAll(list []analysed, equal [][]string) *shortanswer.Reading {
	c := list[0].content
	item := shortanswer.Item{Question: c.Stem, Model: c.Model, Points: question.SearchPoints(c), Synonyms: search.NearestSynonyms(c.Synonyms, equal)}
	answers := make([]shortanswer.Answer, len(list))
	for i := range list {
		answers[i].Text = list[i].text
		if list[i].mark != nil {
			answers[i].Mark = list[i].mark.Fraction
		}
	}
	return shortanswer.Read(item, answers)
}

func (p part) estimate(lessons []*shortanswer.Lesson) {
	for i, e := range p.reading.Estimates(lessons) {
		p.list[i].estimate = e
	}
}

func byKey(list []analysed) map[string][]analysed {
	out := map[string][]analysed{}
	for _, one := range list {
		out[one.version] = append(out[one.version], one)
	}
	return out
}

// versionsIn gives the versions that mark the answers, in order.
func versionsIn(lists ...map[string][]analysed) []string {
	keys := map[string]bool{}
	for _, list := range lists {
		for version := range list {
			keys[version] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// toAnalyse gives the answers to a short-answer question that an index of attempts has; most = 0 means all. The
// first answer tells what kind of question it is: of an essay nothing more is read.
func (d *desk) toAnalyse(ctx context.Context, index, quizID, questionID string, most int) ([]analysed, error) {
	var list []analysed
	contents := map[string]question.Content{}
	for a, err := range d.attempts.Find(ctx, store.Query[Attempt]{Index: index, Eq: map[string]any{"quiz_id": quizID, index: questionID}, Limit: most}) {
		if err != nil {
			return nil, err
		}
		f, err := d.factsOf(ctx, &a)
		if err != nil {
			return nil, err
		}
		v := Replay(a.Steps, len(f.paper.Slots))
		for i, slot := range f.paper.Slots {
			if question.QuestionOf(slot.Version) != questionID {
				continue
			}
			version := v.keyOf(i, slot)
			c, ok := contents[version]
			if !ok {
				versions, err := d.bank.GetVersions(ctx, []string{version})
				if err != nil {
					return nil, err
				}
				c = versions[version].Content
				contents[version] = c
			}
			if c.Kind != question.Short {
				return nil, nil
			}
			answer := v.Answers[i]
			if answer == nil || answer.Response == nil {
				continue
			}
			one := analysed{id: a.ID, blind: a.Blind, slot: slot, answer: answer.Seq, version: version, content: c, threshold: f.blueprint.version.Settings.AutoMark,
				released: a.ReleasedAt != nil, auto: v.auto(i, slot), text: answer.Response.Text}
			if mark := v.Marks[i]; mark != nil && mark.Fraction != nil {
				one.mark = mark
			}
			list = append(list, one)
		}
	}
	return list, nil
}

// rests says until when something rests, by name.
type rests struct {
	mu sync.Mutex
	of map[string]time.Time
}

func (r *rests) before(name string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Before(r.of[name])
}

func (r *rests) until(name string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of == nil {
		r.of = map[string]time.Time{}
	}
	r.of[name] = at
}
