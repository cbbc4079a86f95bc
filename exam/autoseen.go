package exam

import (
	"qiming/exam/question"
	"qiming/search"
)

// AutoSeen is what is told of a mark that the product gave by itself. Places are in code points of the answer.
type AutoSeen struct {
	Words  []search.Span `json:"words" doc:"The answer's own words that earned something"`
	Denied []search.Span `json:"denied" doc:"Words that deny what stands after them"`
	Points []AutoPoint   `json:"points" doc:"Key points by name; only where right answers are shown"`
}

// AutoPoint is a key point with what an answer says of it.
type AutoPoint struct {
	Text    string        `json:"text"`
	Earned  *float64      `json:"earned,omitempty"` // 0..1, where marks are shown
	Negated bool          `json:"negated,omitempty"`
	Spans   []search.Span `json:"spans"`
}

// autoSeen tells of the product's mark what the column of the matrix permits: that it is one along with the mark, which
// words earned something along with the answer and how it fared, and the points, which are the key, with the right answer.
// key marks the slot.
func autoSeen(key question.Content, m ItemMark, shows ReviewShows) *AutoSeen {
	if m.Auto == nil || m.Auto.Found == nil || m.Manual != nil || !shows.Marks && !shows.Correctness {
		return nil
	}
	out := &AutoSeen{Words: []search.Span{}, Denied: []search.Span{}, Points: []AutoPoint{}}
	for i, p := range m.Auto.Found.Points {
		if shows.Responses && shows.Correctness {
			out.Words = append(out.Words, p.Spans...)
			out.Denied = append(out.Denied, p.Denials...)
		}
		if !shows.RightAnswer || i >= len(key.Points) {
			continue
		}
		point := AutoPoint{Text: key.Points[i].Text, Spans: []search.Span{}}
		if shows.Correctness {
			point.Negated = p.Negated
			if shows.Responses {
				point.Spans = append(point.Spans, p.Spans...)
			}
		}
		if shows.Marks {
			point.Earned = &p.Earned
		}
		out.Points = append(out.Points, point)
	}
	out.Words, out.Denied = search.JoinSpans(out.Words), search.JoinSpans(out.Denied) // they do not tell how many points they are of
	return out
}
