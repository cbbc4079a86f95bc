package exam

import (
	"encoding/binary"
	"math"
	"slices"

	"qiming/exam/question"
	"qiming/exam/shortanswer"
	"qiming/search"
)

// Found is why the product marked an answer as it did; it stands with the mark (StepAuto).
type Found struct {
	Confidence float64      `bson:"confidence" json:"confidence"` // 0..1
	Like       int          `bson:"like" json:"like"`             // answers that say the same and were marked by evaluators
	Points     []FoundPoint `bson:"points" json:"points"`         // parallel to the key points of the step's Version; none where its author gave none
}

// FoundPoint is what an answer says of a key point. Places are in code points of the answer.
type FoundPoint struct {
	Earned  float64       `bson:"earned" json:"earned"`                       // 0..1 of the point
	Negated bool          `bson:"negated,omitempty" json:"negated,omitempty"` // a denial stands before the words
	Spans   []search.Span `bson:"spans,omitempty" json:"spans,omitempty"`     // the words that say it
	Denials []search.Span `bson:"denials,omitempty" json:"denials,omitempty"` // the words that deny it
}

// foundIn keeps what an estimate says. Words of a point that earns nothing say nothing of it.
func foundIn(e shortanswer.Estimate, points []question.KeyPoint) *Found {
	f := &Found{Confidence: e.Confidence, Like: e.Like}
	for i := range points {
		p := FoundPoint{}
		if i < len(e.Points) && e.Points[i].Earned > 0 {
			m := e.Points[i]
			p = FoundPoint{Earned: m.Earned, Negated: m.Negated, Spans: legible(m), Denials: m.Denials}
		}
		f.Points = append(f.Points, p)
	}
	return f
}

// legible gives the words to show of a point: of one that is said in part, not the single characters beside them.
func legible(m search.PointMatch) []search.Span {
	long := func(s search.Span) bool { return s.End-s.Start > 1 }
	if m.Earned >= 1 || !slices.ContainsFunc(m.Spans, long) {
		return m.Spans
	}
	return slices.DeleteFunc(slices.Clone(m.Spans), func(s search.Span) bool { return !long(s) })
}

// The log has it so: confidence, like, and of each point earned (8 bytes each), whether it is denied, and the places.

func appendFound(b []byte, f *Found) []byte {
	b = appendFloat(b, f.Confidence)
	b = binary.AppendUvarint(b, uint64(f.Like))
	b = binary.AppendUvarint(b, uint64(len(f.Points)))
	for _, p := range f.Points {
		negated := uint64(0)
		if p.Negated {
			negated = 1
		}
		b = binary.AppendUvarint(appendFloat(b, p.Earned), negated)
		b = appendSpans(appendSpans(b, p.Spans), p.Denials)
	}
	return b
}

func appendFloat(b []byte, x float64) []byte {
	return binary.BigEndian.AppendUint64(b, math.Float64bits(x))
}

func appendSpans(b []byte, spans []search.Span) []byte {
	b = binary.AppendUvarint(b, uint64(len(spans)))
	for _, s := range spans {
		b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(s.Start)), uint64(s.End))
	}
	return b
}

func (r *logReader) found() *Found {
	f := &Found{Confidence: math.Float64frombits(r.eight()), Like: int(r.number())}
	n := r.number()
	if r.bad || n > question.MaxPoints {
		r.bad = true
		return nil
	}
	for range n {
		p := FoundPoint{Earned: math.Float64frombits(r.eight()), Negated: r.number() != 0}
		p.Spans, p.Denials = r.spans(), r.spans()
		f.Points = append(f.Points, p)
	}
	return f
}

func (r *logReader) spans() []search.Span {
	n := r.number()
	if r.bad || n > uint64(len(r.rest)) {
		r.bad = true
		return nil
	}
	var list []search.Span
	for range n {
		list = append(list, search.Span{Start: int(r.number()), End: int(r.number())})
	}
	return list
}
