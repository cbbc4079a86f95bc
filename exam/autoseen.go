package exam

import (
	"cmp"
	"slices"

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
	out.Words, out.Denied = joined(out.Words), joined(out.Denied)
	return out
}

// joined puts stretches in order and joins those that overlap or touch: they do not tell how many points they are of.
func joined(spans []search.Span) []search.Span {
	slices.SortFunc(spans, func(a, b search.Span) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
		} else {
			out = append(out, s)
		}
	}
	return out
}
