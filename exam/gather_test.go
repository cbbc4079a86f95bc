package exam

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/exam/statistics"
)

// busyQuiz is a quiz in which nearly everything happens: all kinds of items, drawn and fixed ones, several attempts, answers changed,
// left out and late, pauses, marks, essays that wait, an attempt that is void, and items that are marked anew in every way.
func (w *world) busyQuiz(dice *rand.Rand, shuffled bool) Quiz {
	w.Helper()
	multiple := question.Content{Kind: question.Multiple, Stem: "多选", Partial: question.ShareOfKey, Options: []question.Option{
		{ID: "a", Text: "甲", Right: true}, {ID: "b", Text: "乙"}, {ID: "c", Text: "丙", Right: true}, {ID: "d", Text: "丁"}}}
	mixed := append(w.singles("定", 4), w.questions("杂", multiple, question.Content{Kind: question.TrueFalse, Stem: "判断", Truth: true}, short("简答"))...)
	w.singles("池", 6)
	entries := append(fixed(2.3, mixed...), drawn(2, 1.1, "池"))
	q := w.quiz(entries, func(d *Draft) {
		d.Settings.Attempts, d.Settings.ShuffleOptions, d.Sections[0].Shuffle = 3, shuffled, shuffled
	})
	for i := range 24 {
		member := fmt.Sprintf("b%02d", i)
		w.member(member, []string{branchA, branchB}[i%2])
		for range 1 + dice.IntN(3) {
			w.clock.Advance(time.Duration(dice.IntN(40)) * time.Second)
			m := w.start(q, member, "phone")
			for range 4 + dice.IntN(14) {
				w.clock.Advance(time.Duration(dice.IntN(9000)) * time.Millisecond)
				item := m.sheet.Items[dice.IntN(len(m.sheet.Items))]
				option := func() string { return []string{"a", "a", "a", "b", "c", "d"}[dice.IntN(6)] }
				var r question.Response
				switch item.Item.Kind {
				case question.Short:
					r.Text = strings.Repeat("答", dice.IntN(3))
				case question.TrueFalse:
					r.Truth = ptr(dice.IntN(3) > 0)
				case question.Multiple:
					if r = choose(option(), option()); r.Choices[0] == r.Choices[1] {
						r = choose(r.Choices[0])
					}
				default:
					r = choose(option())
				}
				m.save(item.Slot, r)
			}
			m.submit()
			a := m.stored()
			if len(a.Pending) > 0 && dice.IntN(5) > 0 {
				w.ok(w.mark(q.ID, a.Blind, m.slotOf(mixed[6]), float64(dice.IntN(24))/10, ""))
			}
			if dice.IntN(9) == 0 {
				_, err := w.Marking.Void(w.ctx, w.author(), a.ID, "替考")
				w.ok(err)
			}
		}
	}
	w.correct(mixed[0], keyIs("b"))
	w.askAndApprove(q, RegradeWish{QuestionID: mixed[0], Way: ByKey})
	w.askAndApprove(q, RegradeWish{QuestionID: mixed[1], Way: ForAll})
	w.askAndApprove(q, RegradeWish{QuestionID: mixed[2], Way: Without})
	delete(w.roll.takers, "b03") // has left
	w.clock.Advance(time.Minute)
	return q
}

// straight computes what the statistics say of the attempts of a quiz, each read by itself and one after the other, with no thought
// of time or memory.
func (w *world) straight(q Quiz, which Which, org string) (statistics.Quiz, map[string]string) {
	w.Helper()
	byMember := map[string][]Attempt{}
	for a, err := range w.desk.attempts.Find(w.ctx, quizQuery(q.ID, "")) {
		w.ok(err)
		if a, err = w.desk.attempts.Get(w.ctx, a.ID); a.State.Counts() && slices.Contains(a.OrgPath, org) {
			w.ok(err)
			byMember[a.MemberID] = append(byMember[a.MemberID], a)
		}
	}
	b, err := w.desk.blueprint(w.ctx, q.ID, q.Number)
	w.ok(err)
	all, totals := map[string]statistics.Attempt{}, map[float64]bool{}
	items, places := map[string]int{}, map[[2]int]int{}
	number := func(version string) int {
		if _, ok := items[version]; !ok {
			items[version] = len(items)
		}
		return items[version]
	}
	for _, list := range byMember {
		slices.SortFunc(list, func(a, b Attempt) int { return a.Number - b.Number })
		at := 0
		for i, a := range list {
			if a.Percent != nil && (list[at].Percent == nil || *a.Percent > *list[at].Percent) {
				at = i
			}
		}
		switch which {
		case WhichFirst:
			list = list[:1]
		case WhichLast:
			list = list[len(list)-1:]
		case WhichBest:
			list = list[at : at+1]
		}
		for _, a := range list {
			paper := b.draw(a.Seed)
			one, view, seconds := statistics.Attempt{Partial: a.Score == nil}, Replay(a.Steps, len(paper.Slots)), make([]float32, len(paper.Slots))
			a.secondsBySlot(seconds)
			totals[hundredths(paper.Points()-a.Dropped)] = true
			nth := map[int]int{}
			for i, slot := range paper.Slots {
				nth[slot.pool]++
				if key := view.Keys[i]; key != nil && key.Version == "" && key.Fraction == nil {
					continue
				}
				if a.Marks[i] == pendingMark {
					one.Partial = true
					continue
				}
				version, err := w.bank.GetVersions(w.ctx, []string{slot.Version})
				w.ok(err)
				content := version[slot.Version].Content
				place := [2]int{slot.pool, nth[slot.pool]}
				if _, ok := places[place]; !ok {
					places[place] = len(places)
				}
				mark := statistics.Mark{Item: number(slot.Version), Place: places[place], Earned: a.Marks[i] * slot.Points, Max: slot.Points, Seconds: float64(seconds[i]),
					Options: content.Kind != question.Short}
				if step := view.Answers[i]; step != nil && !step.Response.Empty() {
					mark.Answer = statistics.Answered
					for n, option := range content.Options {
						if slices.Contains(step.Response.Choices, option.ID) {
							mark.Chosen |= 1 << n
						}
					}
					if truth := step.Response.Truth; truth != nil && *truth {
						mark.Chosen = 1
					} else if truth != nil {
						mark.Chosen = 2
					}
				}
				one.Marks = append(one.Marks, mark)
			}
			one.Total = statistics.TotalOf(one.Marks)
			all[a.ID] = one
		}
	}
	if len(totals) > 1 {
		w.Fatal("the papers are worth different totals: the straight way does not know that")
	}
	var tally statistics.Tally
	for _, a := range all {
		tally.Add(a)
	}
	out := map[string]string{}
	figures, choices, times, counts := tally.Figures(), tally.Choices(), tally.Times(), tally.Counts()
	for version, i := range items {
		if i < len(figures) && counts[i].N > 0 {
			out[version] = w.json(figures[i], choices[i], times[i], counts[i])
		}
	}
	return tally.Quiz(), out
}

func (w *world) json(list ...any) string {
	w.Helper()
	text, err := json.Marshal(list)
	w.ok(err)
	return string(text)
}

// TestStatisticsAreThoseOfTheStraightWay: reading ahead, in memory that is used again, through numbers and pieces, changes no digit.
func TestStatisticsAreThoseOfTheStraightWay(t *testing.T) {
	for seed := range uint64(4) {
		w := newWorld(t)
		q := w.busyQuiz(rand.New(rand.NewPCG(seed, 11)), seed%2 == 1)
		for _, which := range []Which{WhichFirst, WhichAll, WhichBest, WhichLast} {
			for _, org := range []string{committee, branchA, branchB} {
				want, items := w.straight(q, which, org)
				st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{Which: which, Org: org}, w.all())
				w.ok(err)
				at := fmt.Sprintf("seed %d, %s of %s", seed, which, org)
				if got := w.json(st.Quiz.Quiz); got != w.json(want) || st.Quiz.N < 5 {
					t.Errorf("%s: the quiz is\n%s, want\n%s", at, got, w.json(want))
				}
				if len(st.Items) != len(items) || len(items) < 8 {
					t.Errorf("%s: %d items, want %d", at, len(st.Items), len(items))
				}
				for _, f := range st.Items {
					bare := f.Item
					bare.RandomGuess = nil
					var c *statistics.Choices
					if f.Choices != nil {
						c = &statistics.Choices{Takers: f.Choices.Takers, None: f.Choices.None}
						for i, o := range f.Choices.Options {
							if o.Chosen.All() > 0 { // the straight way knows of chosen ones alone
								c.Options = append(append(c.Options, make([]statistics.Thirds, i-len(c.Options))...), o.Chosen)
							}
						}
					}
					if got := w.json(bare, c, f.Time, statistics.Count{N: f.N, Answered: f.Answered, Paired: f.Paired}); got != items[f.Version] {
						t.Errorf("%s: %s is\n%s, want\n%s", at, f.Stem, got, items[f.Version])
					}
				}
			}
		}
	}
}
