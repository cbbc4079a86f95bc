package exam

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"qiming/exam/question"
	"qiming/exam/statistics"
	"qiming/policies"
)

// Progress says how far the marking of a quiz by people has come.
type Progress struct {
	At         time.Time           `json:"at"` // as of when
	Second     bool                `json:"second" doc:"Several evaluators mark some answers"`
	Items      []ItemProgress      `json:"items"`
	Evaluators []EvaluatorProgress `json:"evaluators"`
	Left       int                 `json:"left" doc:"Marks that are lacking, at least: who will need a third nobody knows"`
	Pace       *Pace               `json:"pace,omitempty" doc:"Absent where nothing honest can be said"`
	Lacking    *Lacking            `json:"lacking,omitempty" doc:"Too few may mark"`
}

// ItemProgress is a question that people mark. Answers = First + Second + Third + Marked + Auto.
type ItemProgress struct {
	QuestionID string        `json:"question_id"`
	Stem       string        `json:"stem"` // "" while it is not to be told
	Kind       question.Kind `json:"kind"`
	Answers    int           `json:"answers"` // handed in; empty ones wait for nobody
	First      int           `json:"first"`   // wait for a first mark
	Second     int           `json:"second"`  // wait for a second
	Third      int           `json:"third"`   // wait for a third
	Marked     int           `json:"marked"`  // by people
	Auto       int           `json:"auto"`    // by the product
	Claims     []InHand      `json:"claims"`
}

// InHand is what an evaluator holds of a question just now.
type InHand struct {
	By      string    `json:"-"` // account
	Name    string    `json:"name"`
	Answers int       `json:"answers"`
	Until   time.Time `json:"until"` // when the last of it goes back, unless it is renewed
}

// EvaluatorProgress is what one evaluator has done. Changes of an own mark count once, with the mark.
type EvaluatorProgress struct {
	By       string     `json:"-"`
	Name     string     `json:"name"`
	First    int        `json:"first"`
	Second   int        `json:"second"`
	Third    int        `json:"third"`
	Revised  int        `json:"revised"`   // marks of others that were changed
	LastHour int        `json:"last_hour"` // marks
	LastAt   *time.Time `json:"last_at,omitempty"`
	Held     int        `json:"held"` // answers in hand now
	Gap      *Gap       `json:"gap,omitempty"`
}

// Gap is how far apart two marks in a row of one evaluator are. It is not how long reading took: answers are taken in hand
// by the score, and nothing records when one of them was looked at.
type Gap struct {
	N      int     `json:"n"`
	Median float64 `json:"median"` // seconds
}

// Pace is when the marks that are lacking will be given if marking goes on without a break as in the span before At.
type Pace struct {
	Marks   int       `json:"marks"` // given in the span
	Seconds int       `json:"seconds" doc:"Of the span: an hour, or since the first mark"`
	Takes   int       `json:"takes" doc:"Seconds of such marking to go"`
	DoneAt  time.Time `json:"done_at"`
}

// What a pace is read from.
const (
	paceSpan  = time.Hour
	paceLeast = 10               // marks, fewer say nothing
	paceSince = 10 * time.Minute // of marking, less says nothing
	paceStale = 15 * time.Minute // without a mark: nobody marks just now
)

// Progress gives how far the marking of a quiz has come. Stems are told as in Statistics.
func (s *Results) Progress(ctx context.Context, actor policies.Actor, quizID string, sight Sight) (Progress, error) {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return Progress{}, err
	}
	now := s.clock.Now()
	marks, err := s.survey(ctx, quizID)
	if err != nil {
		return Progress{}, err
	}
	told, err := s.tellsStems(ctx, &q, sight)
	if err != nil {
		return Progress{}, err
	}
	leases := map[string]hands{}
	for id := range marks.contents {
		if leases[id], err = s.hands(ctx, quizID, id); err != nil {
			return Progress{}, err
		}
	}
	out := marks.progress(leases, now)
	for i := range out.Items {
		c := marks.contents[out.Items[i].QuestionID]
		out.Items[i].Kind = c.Kind
		if told {
			out.Items[i].Stem = c.Stem
		}
	}
	rule, err := s.ruleOf(ctx, &q)
	if err != nil {
		return Progress{}, err
	}
	out.Second = out.Second || rule != nil && rule.Share > 0
	if out.Lacking, err = s.lacking(ctx, rule, &q); err != nil {
		return Progress{}, err
	}
	if out.Lacking != nil && out.Lacking.Need == 2 && !out.Lacking.Own {
		out.Pace = nil
	}
	return out, nil
}

// tellsStems says whether the actor may read the items of a quiz.
func (s *Results) tellsStems(ctx context.Context, q *Quiz, sight Sight) (bool, error) {
	if sight.Bank.Covers(q.OrgPath) {
		return true, nil
	}
	return s.over(ctx, q.ID)
}

// ruleOf gives the rule of double marking in the newest version of a quiz.
func (d *desk) ruleOf(ctx context.Context, q *Quiz) (*Second, error) {
	if q.Number == 0 {
		return nil, nil
	}
	b, err := d.blueprint(ctx, q.ID, q.Number)
	if err != nil {
		return nil, err
	}
	return b.version.Settings.Second, nil
}

// progress counts the answers; leases are by question.
func (s *survey) progress(leases map[string]hands, now time.Time) Progress {
	out := Progress{At: now, Items: []ItemProgress{}, Evaluators: []EvaluatorProgress{}}
	items, people := map[string]*ItemProgress{}, map[string]*EvaluatorProgress{}
	times := map[string][]time.Time{}
	person := func(by string) *EvaluatorProgress {
		if people[by] == nil {
			people[by] = &EvaluatorProgress{By: by}
		}
		return people[by]
	}
	for i := range s.answers {
		h := &s.answers[i]
		item := items[h.question]
		if item == nil {
			item = &ItemProgress{QuestionID: h.question, Claims: []InHand{}}
			items[h.question] = item
		}
		item.count(h)
		out.Left += h.needs()
		out.Second = out.Second || h.second != nil
		for _, act := range h.acts {
			p := person(act.by)
			p.count(act, now)
			times[act.by] = append(times[act.by], act.at)
		}
	}
	for id, item := range items {
		item.Claims = leases[id].inHand(now)
		for _, c := range item.Claims {
			person(c.By).Held += c.Answers
		}
		out.Items = append(out.Items, *item)
	}
	waiting := func(i *ItemProgress) int { return i.First + i.Second + i.Third }
	slices.SortFunc(out.Items, func(a, b ItemProgress) int {
		return cmp.Or(waiting(&b)-waiting(&a), cmp.Compare(a.QuestionID, b.QuestionID))
	})
	for _, by := range slices.Sorted(maps.Keys(people)) {
		people[by].Gap = gapOf(times[by])
		out.Evaluators = append(out.Evaluators, *people[by])
	}
	out.Pace = paceOf(slices.Concat(slices.Collect(maps.Values(times))...), out.Left, now)
	return out
}

func (i *ItemProgress) count(h *handAnswer) {
	i.Answers++
	switch {
	case h.waits && h.second != nil && h.given >= 2:
		i.Third++
	case h.waits && h.second != nil && h.given == 1:
		i.Second++
	case h.waits:
		i.First++
	case h.auto:
		i.Auto++
	default:
		i.Marked++
	}
}

func (p *EvaluatorProgress) count(act markAct, now time.Time) {
	switch act.round {
	case 0:
		p.Revised++
	case 1:
		p.First++
	case 2:
		p.Second++
	default:
		p.Third++
	}
	if act.at.After(now.Add(-paceSpan)) {
		p.LastHour++
	}
	if p.LastAt == nil || act.lastAt.After(*p.LastAt) {
		p.LastAt = &act.lastAt
	}
}

// inHand gives who holds answers at now, who holds most first.
func (h hands) inHand(now time.Time) []InHand {
	list := []InHand{}
	for i := range h {
		l := &h[i]
		if !l.stands(now) {
			continue
		}
		at := slices.IndexFunc(list, func(one InHand) bool { return one.By == l.By })
		if at < 0 {
			at, list = len(list), append(list, InHand{By: l.By})
		}
		list[at].Answers++
		if l.Until.After(list[at].Until) {
			list[at].Until = l.Until
		}
	}
	slices.SortFunc(list, func(a, b InHand) int { return cmp.Or(b.Answers-a.Answers, cmp.Compare(a.By, b.By)) })
	return list
}

// gapOf gives the gaps between marks in a row; one longer than a claim stands is a break and none of them. Nil = no gap.
func gapOf(times []time.Time) *Gap {
	slices.SortFunc(times, time.Time.Compare)
	var gaps []float64
	for i := 1; i < len(times); i++ {
		if gap := times[i].Sub(times[i-1]); gap <= Lease {
			gaps = append(gaps, gap.Seconds())
		}
	}
	if len(gaps) == 0 {
		return nil
	}
	return &Gap{N: len(gaps), Median: statistics.Median(gaps)}
}

// paceOf says when the marks that are left will be given; nil where too few were given of late to say it.
func paceOf(times []time.Time, left int, now time.Time) *Pace {
	if left == 0 || len(times) == 0 {
		return nil
	}
	first, last := slices.MinFunc(times, time.Time.Compare), slices.MaxFunc(times, time.Time.Compare)
	span := min(paceSpan, now.Sub(first))
	n := 0
	for _, at := range times {
		if at.After(now.Add(-span)) || at.Equal(first) && span < paceSpan {
			n++
		}
	}
	if n < paceLeast || span < paceSince || now.Sub(last) > paceStale {
		return nil
	}
	takes := time.Duration(float64(span) / float64(n) * float64(left))
	return &Pace{Marks: n, Seconds: int(span.Seconds()), Takes: int(takes.Seconds()), DoneAt: now.Add(takes)}
}
