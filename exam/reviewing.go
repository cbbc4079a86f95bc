package exam

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"qiming/exam/question"
	"qiming/media"
	"qiming/policies"
)

// Correctness is how an answer fared.
type Correctness string

// The values.
const (
	Right     Correctness = "right"
	PartRight Correctness = "partial"
	Wrong     Correctness = "wrong"
	Unmarked  Correctness = "pending" // waits for an evaluator
	Blank     Correctness = "blank"   // no answer, no mark
)

// Review is what a member sees of an own attempt that has ended.
type Review struct {
	Attempt    AttemptSummary `json:"attempt"`
	Phase      Phase          `json:"phase"`
	Shows      ReviewShows    `json:"shows"`
	ResultsAt  string         `json:"results_at"` // resultsAt
	ClosesAt   *time.Time     `json:"closes_at,omitempty"`
	ServerTime time.Time      `json:"server_time"`
	Total      *Total         `json:"total,omitempty"`
	Sections   []Part         `json:"sections"`
	Items      []ReviewItem   `json:"items"`
	Late       []LateAnswer   `json:"late"`
	Changes    []ResultChange `json:"changes" doc:"What changed the result after it was out"`
	Appeals    *AppealWindow  `json:"appeals,omitempty"`
	Media      media.Links    `json:"media,omitempty"`
}

// Total is the outcome of an attempt.
type Total struct {
	Score   float64 `json:"score"`
	Points  float64 `json:"points"`
	Percent float64 `json:"percent"`
	Passed  bool    `json:"passed"`
}

// ReviewItem is an item with what may be shown of it.
type ReviewItem struct {
	Slot            int                `json:"slot"`
	Item            question.Item      `json:"item"`
	QuestionVersion string             `json:"question_version"`
	Points          float64            `json:"points"`
	Response        *question.Response `json:"response,omitempty"`
	Tries           int                `json:"tries,omitempty"` // how often it was checked
	Regraded        *Regraded          `json:"regraded,omitempty" doc:"The item is marked otherwise than by the key of the paper"`
	Auto            *AutoSeen          `json:"auto,omitempty" doc:"The mark is the product's own"`
	Rubric          []RubricLine       `json:"rubric,omitempty" doc:"What the mark came from, criterion by criterion"`
	Appealed        bool               `json:"appealed,omitempty" doc:"The mark answers an appeal, which says why"`
	Passages        []question.Passage `json:"passages,omitempty" doc:"Where the knowledge base explains it"`
	OnPaper         bool               `json:"on_paper,omitempty" doc:"The answer stands on a sheet of paper; only its mark was entered"`
	Shown
}

// Shown is how an answer went, as far as it may be told.
type Shown struct {
	Correct        Correctness       `json:"correct,omitempty"`
	Mark           *float64          `json:"mark,omitempty"` // points
	Parts          []question.Part   `json:"parts,omitempty"`
	Feedback       string            `json:"feedback,omitempty"`
	OptionFeedback map[string]string `json:"option_feedback,omitempty"`
	Explanation    string            `json:"explanation,omitempty"`
	Source         string            `json:"source,omitempty"`
	RightAnswer    *RightAnswer      `json:"right_answer,omitempty"`
	Comment        string            `json:"comment,omitempty"` // of the evaluator, with the mark
}

// RightAnswer is the key of an item in the shape of a response.
type RightAnswer struct {
	Choices    []string          `json:"choices,omitempty"` // option ids; ordering: in the right order
	Truth      *bool             `json:"truth,omitempty"`
	Texts      [][]string        `json:"texts,omitempty"`      // accepted texts of each blank, "*" being a wildcard
	Tolerances []float64         `json:"tolerances,omitempty"` // of blanks that take numbers, by blank
	Text       string            `json:"text,omitempty"`       // model answer
	Ranges     []question.Range  `json:"ranges,omitempty"`     // numerical
	Units      []question.Unit   `json:"units,omitempty"`      // numerical
	Pairs      map[string]string `json:"pairs,omitempty"`      // matching: left id to right id
	Subs       []RightAnswer     `json:"subs,omitempty"`       // cloze: one a gap
}

// LateAnswer is an answer that came after the end.
type LateAnswer struct {
	Seq      int                `json:"seq"`
	Slot     int                `json:"slot"`
	At       time.Time          `json:"at"`
	Response *question.Response `json:"response,omitempty"`
	Admitted bool               `json:"admitted"`
	Reason   string             `json:"reason,omitempty"` // of the admission
}

// Review gives the review of an attempt, as much of it as is due.
func (s *Attempts) Review(ctx context.Context, actor policies.Actor, id string) (Review, error) {
	now := s.clock.Now()
	f, err := s.own(ctx, actor, id)
	if err != nil {
		return Review{}, err
	}
	a, err := s.attempts.Get(ctx, id)
	if err != nil {
		return Review{}, noAttempt(id, err)
	}
	a, sit, allowance, err := s.settled(ctx, a, now)
	if err != nil {
		return Review{}, err
	}
	state, err := s.quiz(ctx, f.quizID)
	if err != nil {
		return Review{}, err
	}
	if sit.contents == nil {
		if sit.contents, err = s.contents(ctx, f.paper); err != nil {
			return Review{}, err
		}
	}
	v := &f.blueprint.version
	closed := closedTo(state.quiz, allowance, now)
	phase, shows := v.Settings.Review.Shown(&a, v.Settings.ManualRelease, closed, now)
	r := Review{Attempt: a.summary(v, closed, now), Phase: phase, Shows: shows, ResultsAt: resultsAt(&a, v.Settings, closed, now), ClosesAt: allowance.Closes, ServerTime: now,
		Sections: f.paper.Parts, Items: []ReviewItem{}, Late: []LateAnswer{}, Changes: []ResultChange{}}
	view, keys, grade, err := s.marking(ctx, &a, sit)
	if err != nil {
		return Review{}, err
	}
	if shows.Total && a.Score != nil {
		r.Total = &Total{Score: *a.Score, Points: grade.Points, Percent: *a.Percent, Passed: *a.Passed}
	}
	r.Late = view.late(shows.Responses)
	if shows.Total {
		if r.Changes, err = a.changes(sit); err != nil {
			return Review{}, err
		}
	}
	if r.Appeals, err = s.appealWindow(ctx, &a, state.quiz, shows, now); err != nil {
		return Review{}, err
	}
	if phase == DuringAttempt || shows == (ReviewShows{}) {
		return r, nil
	}
	for i, slot := range view.itemised(f.paper.Slots) {
		item := reviewItem(&a, slot, sit.contents[i], keys[i], view, grade.Items[i], shows)
		item.Tries = len(view.Checks[slot.Number])
		r.Items = append(r.Items, item)
	}
	if shows.Explanation {
		err = s.lead(ctx, r.Items)
	}
	return r, err
}

// lead adds where the knowledge base explains the items.
func (s *Attempts) lead(ctx context.Context, items []ReviewItem) error {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = question.QuestionOf(item.QuestionVersion)
	}
	passages, err := s.bank.Passages(ctx, ids)
	for i := range items {
		items[i].Passages = passages[ids[i]]
	}
	return err
}

func (v View) late(responses bool) []LateAnswer {
	list := []LateAnswer{}
	for _, step := range v.Late {
		l := LateAnswer{Seq: step.Seq, Slot: step.Slot, At: step.At}
		if responses {
			l.Response = step.Response
		}
		if admit := v.Admits[step.Seq]; admit != nil {
			l.Admitted, l.Reason = true, admit.Note
		}
		list = append(list, l)
	}
	return list
}

// reviewItem shows of an item what the column of the matrix shows, and nothing else: c as it stood in the paper,
// key as it marks now.
func reviewItem(a *Attempt, slot Slot, c, key question.Content, v View, m ItemMark, shows ReviewShows) ReviewItem {
	answer := v.Answers[slot.Number-1]
	item := ReviewItem{Slot: slot.Number, Item: slot.present(c), QuestionVersion: slot.Version, Points: slot.Points, Shown: shown(key, answer, m, shows)}
	if step := v.Keys[slot.Number-1]; step != nil && (shows.Marks || shows.Total) {
		item.Regraded = &Regraded{Way: step.way(), Reason: step.Note}
	}
	if shows.Marks {
		item.Rubric = earnedRubric(key, slot.Points, m)
	}
	if shows.Responses && answer != nil {
		item.Response = answer.Response
	}
	item.Auto = autoSeen(key, m, shows)
	item.Appealed = shows.Marks && m.Manual != nil && m.Manual.About == appealID(a.Blind, slot.Number)
	if item.Appealed { // why it was upheld stands in the thread; what the evaluator said of the answer stays said
		item.Comment = a.commentBefore(m.Manual)
	}
	item.OnPaper = shows.Responses && a.Label != "" && !m.Answered && m.Manual != nil
	return item
}

// shown gives what a column of the matrix tells of an answer.
func shown(c question.Content, answer *Step, m ItemMark, shows ReviewShows) (out Shown) {
	if shows.Correctness {
		out.Correct, out.Parts = m.correctness(), m.Parts
		if out.Correct == Blank && !shows.Responses {
			out.Correct = Wrong // whether there was an answer is told with the answers
		}
	}
	if shows.Marks {
		if !m.Pending {
			earned := hundredths(m.Earned)
			out.Mark = &earned
		}
		if m.Manual != nil {
			out.Comment = m.Manual.Note
		}
	}
	key := question.Reveal(c)
	if shows.Feedback {
		out.Feedback = key.Feedback
		if answer != nil && answer.Response != nil {
			out.OptionFeedback = map[string]string{}
			chosenFeedback(out.OptionFeedback, "", key, *answer.Response)
			out.Feedback = strings.TrimSpace(question.ChosenFeedback(c, *answer.Response) + "\n" + out.Feedback)
		}
	}
	if shows.Explanation {
		out.Explanation, out.Source = key.Explanation, key.Source
	}
	if shows.RightAnswer {
		right := rightAnswer(key)
		out.RightAnswer = &right
	}
	return out
}

func (m ItemMark) correctness() Correctness {
	switch {
	case m.Pending:
		return Unmarked
	case m.Fraction >= 1-1e-9, m.Tries > 0 && m.Own >= 1-1e-9:
		return Right
	case m.Fraction > 1e-9, m.Tries > 0 && m.Own > 1e-9:
		return PartRight
	case !m.Answered && m.Manual == nil:
		return Blank
	}
	return Wrong
}

// chosenFeedback gives the feedback of the options that were chosen, by option id; in the gaps of a cloze
// with the number of the gap before it: "2.k3f9aa".
func chosenFeedback(into map[string]string, gap string, key question.Key, r question.Response) {
	for _, id := range r.Choices {
		if text := key.OptionFeedback[id]; text != "" {
			into[gap+id] = text
		}
	}
	for i, sub := range r.Subs {
		if i < len(key.Subs) {
			chosenFeedback(into, strconv.Itoa(i+1)+".", key.Subs[i], sub)
		}
	}
}

func rightAnswer(key question.Key) RightAnswer {
	right := RightAnswer{Choices: key.Options, Truth: key.Truth, Texts: key.Accepted, Tolerances: key.Tolerances, Text: key.Model,
		Ranges: slices.Clone(key.Ranges), Units: key.Units, Pairs: key.Pairs}
	for i := range right.Ranges {
		right.Ranges[i].Feedback = "" // goes with the feedback, where that is shown
	}
	for _, sub := range key.Subs {
		right.Subs = append(right.Subs, rightAnswer(sub))
	}
	return right
}
