package exam

import (
	"context"
	"strconv"
	"time"

	"qiming/exam/question"
	"qiming/exam/shortanswer"
	"qiming/internal/store"
	"qiming/search"
)

// Suggestion is what the analysis of the answers to a question makes of one of them (package exam/shortanswer). It is
// shown to evaluators; it marks nothing.
type Suggestion struct {
	Mark       float64          `json:"mark"`       // points, hundredths
	Confidence float64          `json:"confidence"` // 0..1
	Like       int              `json:"like"`       // answers that say the same and are marked
	Points     []SuggestedPoint `json:"points"`
}

// SuggestedPoint is a key point with what an answer says of it.
type SuggestedPoint struct {
	Text      string        `json:"text"`
	Earned    float64       `json:"earned"`              // 0..1 of the point
	Negated   bool          `json:"negated,omitempty"`   // a denial stands before the words that match
	Missing   []string      `json:"missing,omitempty"`   // required phrases that are not there
	Forbidden []string      `json:"forbidden,omitempty"` // forbidden phrases that are there
	Spans     []search.Span `json:"spans"`               // words of the answer that match, in code points
}

// Suggestions are kept for a short while: an evaluator marks many answers to one question, and each mark teaches little.
const (
	suggestedAge    = 15 * time.Second
	cachedSuggested = 64
	// maxAnalysed bounds how many answers to a question are analysed together.
	maxAnalysed = 3000
)

func answerKey(blind string, slot int) string { return blind + ":" + strconv.Itoa(slot) }

// suggestions analyses the answers to a short-answer question in a quiz, marked ones for what they teach. Answers to
// different versions of the question are analysed apart.
func (s *Marking) suggestions(ctx context.Context, quizID, questionID string) (map[string]Suggestion, error) {
	key := quizID + "\x00" + questionID
	now := s.clock.Now()
	if kept, ok := s.suggestCache.Get(key); ok && now.Sub(kept.at) < suggestedAge {
		return kept.value, nil
	}
	type entry struct {
		key    string
		points float64
	}
	entries, answers := map[string][]entry{}, map[string][]shortanswer.Answer{}
	for _, index := range []string{"marked", "pending"} {
		n := 0
		for a, err := range s.attempts.Find(ctx, store.Query[Attempt]{Index: index, Eq: map[string]any{"quiz_id": quizID, index: questionID}, Limit: maxAnalysed}) {
			if err != nil {
				return nil, err
			}
			if n++; n > maxAnalysed {
				break
			}
			f, err := s.factsOf(ctx, &a)
			if err != nil {
				return nil, err
			}
			v := Replay(a.Steps, len(f.paper.Slots))
			for i, slot := range f.paper.Slots {
				if question.QuestionOf(slot.Version) != questionID || v.Answers[i] == nil || v.Answers[i].Response == nil {
					continue
				}
				answer := shortanswer.Answer{Text: v.Answers[i].Response.Text}
				if mark := v.Marks[i]; mark != nil && mark.Fraction != nil {
					answer.Mark = mark.Fraction
				}
				entries[slot.Version] = append(entries[slot.Version], entry{answerKey(a.Blind, slot.Number), slot.Points})
				answers[slot.Version] = append(answers[slot.Version], answer)
			}
		}
	}
	out := map[string]Suggestion{}
	for version := range entries {
		versions, err := s.bank.GetVersions(ctx, []string{version})
		if err != nil {
			return nil, err
		}
		c := versions[version].Content
		if c.Kind != question.Short {
			continue
		}
		item := shortanswer.Item{Question: c.Stem, Model: c.Model, Points: question.SearchPoints(c), Synonyms: c.Synonyms}
		texts := c.Points
		if len(texts) == 0 {
			texts = question.ProposePoints(c)
		}
		for i, e := range shortanswer.Estimates(item, answers[version]) {
			at := entries[version][i]
			one := Suggestion{Mark: hundredths(e.Fraction * at.points), Confidence: e.Confidence, Like: e.Like, Points: []SuggestedPoint{}}
			for k, p := range e.Points {
				if k >= len(texts) {
					break
				}
				spans := p.Spans
				if p.Earned == 0 || spans == nil {
					spans = []search.Span{}
				}
				one.Points = append(one.Points, SuggestedPoint{Text: texts[k].Text, Earned: p.Earned, Negated: p.Negated && p.Earned > 0, Missing: p.Missing, Forbidden: p.Banned, Spans: spans})
			}
			out[at.key] = one
		}
	}
	s.suggestCache.Add(key, aged[map[string]Suggestion]{out, now})
	return out, nil
}
