package exam

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	"qiming/exam/question"
	"qiming/exam/statistics"
	"qiming/policies"
)

// Consistency says how far evaluators agree who marked the same answers blind. Marks on appeal, changes of a mark that the
// evaluator had seen, and marks on paper are no part of it. Of an answer that another rubric or another answer took the place of,
// only what was given since counts.
type Consistency struct {
	Differs    float64                `json:"differs"` // percent of the points: what Within measures by, the rule of the newest version that has one
	Answers    int                    `json:"answers"` // with two blind marks or more
	Apart      int                    `json:"apart"`   // of these, further apart than their rule lets them be: a third decides
	Quiz       statistics.Agreement   `json:"quiz"`    // first minus second, over all items
	Third      statistics.Agreement   `json:"third"`   // third minus each of the first two: only of answers that were hard to agree on
	Items      []ItemConsistency      `json:"items"`
	Pairs      []PairConsistency      `json:"pairs"`
	Evaluators []EvaluatorConsistency `json:"evaluators"`
}

// ItemConsistency is that of the first and second marks of one question.
type ItemConsistency struct {
	QuestionID string        `json:"question_id"`
	Stem       string        `json:"stem"`
	Kind       question.Kind `json:"kind"`
	Apart      int           `json:"apart"`
	statistics.Agreement
}

// PairConsistency is that of two evaluators over the answers that both marked as first and second, A minus B: the same two
// throughout, so that ICC(2,1) is defined.
type PairConsistency struct {
	ByA string `json:"-"`
	ByB string `json:"-"`
	A   string `json:"a"`
	B   string `json:"b"`
	statistics.Agreement
}

// EvaluatorConsistency is how one evaluator stands to the others.
type EvaluatorConsistency struct {
	By       string              `json:"-"`
	Name     string              `json:"name"`
	Severity statistics.Severity `json:"severity"` // shares of the points; above 0 is lenient
	Marks    int                 `json:"marks"`    // first and second marks of answers with both
	Apart    int                 `json:"apart"`    // of these, answers that went to a third
	Decided  int                 `json:"decided"`  // of these, that a third has marked and is nearer to one of the two
	Farther  int                 `json:"farther"`  // of these, where the evaluator's own mark was the farther one
}

// Consistency gives how far the evaluators of a quiz agree. Stems are told as in Statistics.
func (s *Results) Consistency(ctx context.Context, actor policies.Actor, quizID string, sight Sight) (Consistency, error) {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return Consistency{}, err
	}
	marks, err := s.survey(ctx, quizID)
	if err != nil {
		return Consistency{}, err
	}
	told, err := s.tellsStems(ctx, &q, sight)
	if err != nil {
		return Consistency{}, err
	}
	rule, err := s.ruleOf(ctx, &q)
	if err != nil {
		return Consistency{}, err
	}
	out := marks.consistency(rule)
	for i := range out.Items {
		c := marks.contents[out.Items[i].QuestionID]
		out.Items[i].Kind = c.Kind
		if told {
			out.Items[i].Stem = c.Stem
		}
	}
	return out, nil
}

// consistency measures the agreement of blind marks; the rule is that of the quiz as it is now, nil = it has none any more.
func (s *survey) consistency(rule *Second) Consistency {
	out := Consistency{Items: []ItemConsistency{}, Pairs: []PairConsistency{}, Evaluators: []EvaluatorConsistency{}}
	people := map[string]*EvaluatorConsistency{}
	person := func(by string) *EvaluatorConsistency {
		if people[by] == nil {
			people[by] = &EvaluatorConsistency{By: by}
		}
		return people[by]
	}
	var all, thirds []statistics.Pair
	items, apart, couples, coupled := map[string][]statistics.Pair{}, map[string]int{}, couplings{}, map[string]couplings{}
	var given [][]statistics.Given
	for i := range s.answers {
		h := &s.answers[i]
		if len(h.blind) < 2 || h.points <= 0 {
			continue
		}
		if rule == nil {
			rule = h.second // of a version before
		}
		out.Answers++
		marks := make([]statistics.Given, len(h.blind))
		for n, b := range h.blind {
			marks[n] = statistics.Given{By: b.by, Mark: b.points / h.points}
			person(b.by)
		}
		given = append(given, marks)
		first, second := h.blind[0], h.blind[1]
		pair := statistics.Pair{A: first.points, B: second.points, Points: h.points}
		all, items[h.question] = append(all, pair), append(items[h.question], pair)
		if coupled[h.question] == nil {
			coupled[h.question] = couplings{}
		}
		couples.add(first.by, second.by, pair)
		coupled[h.question].add(first.by, second.by, pair)
		a, b := person(first.by), person(second.by)
		a.Marks, b.Marks = a.Marks+1, b.Marks+1
		if h.second != nil && h.second.apart(marks[0].Mark, marks[1].Mark) {
			out.Apart++
			apart[h.question]++
			a.Apart, b.Apart = a.Apart+1, b.Apart+1
		}
		for _, third := range h.blind[2:] {
			for _, before := range [...]blindMark{first, second} {
				thirds = append(thirds, statistics.Pair{A: third.points, B: before.points, Points: h.points})
			}
			far := first
			switch toA, toB := math.Abs(third.points-first.points), math.Abs(third.points-second.points); {
			case toA == toB:
				continue
			case toB > toA:
				far = second
			}
			a.Decided, b.Decided = a.Decided+1, b.Decided+1
			person(far.by).Farther++
		}
	}
	tolerance := 0.0
	if rule != nil {
		out.Differs, tolerance = rule.Differs, rule.Differs/100
	}
	out.Quiz, out.Third = statistics.Agree(all, tolerance, false), statistics.Agree(thirds, tolerance, false)
	out.Quiz.ICC = couples.icc(out.Quiz.ICC)
	for id, pairs := range items {
		item := ItemConsistency{QuestionID: id, Apart: apart[id], Agreement: statistics.Agree(pairs, tolerance, false)}
		item.ICC = coupled[id].icc(item.ICC)
		out.Items = append(out.Items, item)
	}
	slices.SortFunc(out.Items, func(a, b ItemConsistency) int { return cmp.Or(b.N-a.N, cmp.Compare(a.QuestionID, b.QuestionID)) })
	for couple, pairs := range couples {
		out.Pairs = append(out.Pairs, PairConsistency{ByA: couple[0], ByB: couple[1], Agreement: statistics.Agree(pairs, tolerance, true)})
	}
	slices.SortFunc(out.Pairs, func(a, b PairConsistency) int {
		return cmp.Or(b.N-a.N, cmp.Compare(a.ByA, b.ByA), cmp.Compare(a.ByB, b.ByB))
	})
	severities := statistics.Severities(given)
	for _, by := range slices.Sorted(maps.Keys(people)) {
		people[by].Severity = severities[by]
		out.Evaluators = append(out.Evaluators, *people[by])
	}
	return out
}

// couplings are pairs by the two evaluators who gave them, in the order of their accounts.
type couplings map[[2]string][]statistics.Pair

func (c couplings) add(a, b string, pair statistics.Pair) {
	if a > b {
		a, b, pair.A, pair.B = b, a, pair.B, pair.A
	}
	c[[2]string{a, b}] = append(c[[2]string{a, b}], pair)
}

// icc gives ICC(2,1) where the same two gave all the pairs, which crosses answers and evaluators; otherwise what was said.
func (c couplings) icc(otherwise statistics.Figure) statistics.Figure {
	if len(c) != 1 {
		return otherwise
	}
	for _, pairs := range c {
		return statistics.Agree(pairs, 0, true).ICC
	}
	return otherwise
}
