package exam

import (
	"context"
	"math"
	"strconv"
	"time"

	"qiming/exam/question"
	"qiming/exam/shortanswer"
	"qiming/search"
)

// Suggestion is what the analysis of the answers to a question makes of one of them (package exam/shortanswer). It is
// shown to evaluators; it marks nothing. Of an answer that the product has marked it says why.
type Suggestion struct {
	Mark       *float64         `json:"mark,omitempty"`     // points, in steps of markStep where no answer that says the same is marked; nil = only guessed, see leastConfidence
	Confidence float64          `json:"confidence"`         // 0..1
	Like       int              `json:"like"`               // answers that say the same and are marked
	Learnt     int              `json:"learnt,omitempty"`   // marked answers, to all questions of the quiz, by which the mark is another than by the key alone
	Proposed   bool             `json:"proposed,omitempty"` // nobody wrote the points: they are what the model answer says
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
	Denials   []search.Span `json:"denials,omitempty"`   // the words that deny them
}

// Suggestions are kept for a short while: an evaluator marks many answers to one question, and each mark teaches little.
const (
	suggestedAge    = 15 * time.Second
	cachedSuggested = 64
)

// leastConfidence is that of a mark which is suggested to evaluators: one less sure tells no more than a guess, and misleads.
const leastConfidence = 0.1

func answerKey(blind string, slot int) string { return blind + ":" + strconv.Itoa(slot) }

// suggestions gives what the analysis makes of the answers to a short-answer question in a quiz, by answerKey.
func (s *Marking) suggestions(ctx context.Context, quizID, questionID string) (map[string]Suggestion, error) {
	key := quizID + "\x00" + questionID
	now := s.clock.Now()
	if kept, ok := s.suggestCache.Get(key); ok && now.Sub(kept.at) < suggestedAge {
		return kept.value, nil
	}
	list, err := s.analyse(ctx, quizID, questionID, maxAnalysed)
	if err != nil {
		return nil, err
	}
	out := map[string]Suggestion{}
	proposed := map[string][]question.KeyPoint{}
	for i := range list {
		one := &list[i]
		if one.auto != nil {
			continue // it says why itself
		}
		texts := one.content.Points
		if len(texts) == 0 {
			if proposed[one.version] == nil {
				proposed[one.version] = question.ProposePoints(one.content)
			}
			texts = proposed[one.version]
		}
		told := suggest(one.estimate, texts, one.slot.Points)
		told.Proposed = len(one.content.Points) == 0
		if told.Confidence < leastConfidence {
			told.Mark, told.Learnt = nil, 0
		}
		out[answerKey(one.blind, one.slot.Number)] = told
	}
	s.suggestCache.Add(key, aged[map[string]Suggestion]{out, now})
	return out, nil
}

// suggest puts an estimate in words.
func suggest(e shortanswer.Estimate, texts []question.KeyPoint, points float64) Suggestion {
	found := foundIn(e, texts)
	out := found.explained(texts, e.Fraction, points)
	mark := markOf(e, points)
	out.Mark = &mark
	if e.Like == 0 && mark != toStep(e.First, points) {
		out.Learnt = e.Marked
	}
	for i := range out.Points {
		if i < len(e.Points) {
			out.Points[i].Missing, out.Points[i].Forbidden = e.Points[i].Missing, e.Points[i].Banned
		}
	}
	return out
}

// markStep is the step in which people mark, in points.
const markStep = 0.5

// markOf gives an estimate in points. What says the same as marked answers gets their mark as it is; where these differ, their
// mean is rounded as any estimate.
func markOf(e shortanswer.Estimate, points float64) float64 {
	if mark := e.Fraction * points; e.Like > 0 && math.Abs(mark-hundredths(mark)) < 1e-6 {
		return hundredths(mark)
	}
	return toStep(e.Fraction, points)
}

// toStep rounds a fraction of points to the step in which people mark.
func toStep(fraction, points float64) float64 {
	return min(markStep*math.Round(fraction*points/markStep), points)
}

// explained puts what was found in words: the texts are parallel to its points.
func (f *Found) explained(texts []question.KeyPoint, fraction, points float64) Suggestion {
	mark := hundredths(fraction * points)
	out := Suggestion{Mark: &mark, Confidence: f.Confidence, Like: f.Like, Points: []SuggestedPoint{}}
	for i, p := range f.Points {
		if i >= len(texts) {
			break
		}
		one := SuggestedPoint{Text: texts[i].Text, Earned: p.Earned, Negated: p.Negated, Spans: p.Spans, Denials: p.Denials}
		if one.Spans == nil {
			one.Spans = []search.Span{}
		}
		out.Points = append(out.Points, one)
	}
	return out
}

// TryAnswer says what the analysis makes of an answer to a short-answer question by its key alone: the mark in
// hundredths of the item. equal are the organisation's synonyms.
func TryAnswer(c question.Content, equal [][]string, text string) Suggestion {
	one := []analysed{{content: c, text: text}}
	part{list: one, reading: readAll(one, equal)}.estimate(nil)
	texts := c.Points
	if len(texts) == 0 {
		texts = question.ProposePoints(c)
	}
	told := suggest(one[0].estimate, texts, 100)
	told.Proposed = len(c.Points) == 0
	return told
}
