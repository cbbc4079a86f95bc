package exam

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// Judged is what a mark says of one criterion of a rubric.
type Judged struct {
	Level   int     `bson:"level,omitempty" json:"level,omitempty"` // from 1, the best; 0 = the criterion has none
	Points  float64 `bson:"points" json:"points"`                   // of the item, hundredths
	Comment string  `bson:"comment,omitempty" json:"comment,omitempty"`
}

// Judgement is what an evaluator says of one criterion: the level where it has levels, points where it has none.
type Judgement struct {
	Level   int      `json:"level,omitempty" minimum:"0" maximum:"9" doc:"From 1, the best; of a criterion with levels"`
	Points  *float64 `json:"points,omitempty" minimum:"0" doc:"Of a criterion without levels"`
	Comment string   `json:"comment,omitempty" maxLength:"500" doc:"The member sees it with the mark"`
}

// RubricLine is a criterion in the points of an item, with what a mark says of it.
type RubricLine struct {
	Name    string        `json:"name"`
	Note    string        `json:"note,omitempty"`
	Points  float64       `json:"points"`
	Levels  []RubricLevel `json:"levels,omitempty"` // the best first
	Level   int           `json:"level,omitempty"`  // that was chosen, from 1
	Earned  *float64      `json:"earned,omitempty"` // points
	Comment string        `json:"comment,omitempty"`
	Mean    bool          `json:"mean,omitempty"` // the points are the mean of two evaluators'
}

// RubricLevel is a level in points.
type RubricLevel struct {
	Title   string  `json:"title"`
	Note    string  `json:"note,omitempty"`
	Points  float64 `json:"points"`
	Comment string  `json:"comment,omitempty"` // for evaluators
}

// rubricLines gives a rubric in points with what a mark says of it; for members without the comments of levels.
func rubricLines(rubric []question.Criterion, points float64, mark *Step, comments bool) []RubricLine {
	var lines []RubricLine
	for i, worth := range question.Worths(rubric, points) {
		c := rubric[i]
		line := RubricLine{Name: c.Name, Note: c.Note, Points: worth.Points}
		for k, l := range c.Levels {
			level := RubricLevel{Title: l.Title, Note: l.Note, Points: worth.Levels[k]}
			if comments {
				level.Comment = l.Comment
			}
			line.Levels = append(line.Levels, level)
		}
		if mark != nil && len(mark.Rubric) == len(rubric) {
			said := mark.Rubric[i]
			line.Level, line.Earned, line.Comment, line.Mean = said.Level, &said.Points, said.Comment, mark.Kind == StepMark && mark.By == ""
		}
		lines = append(lines, line)
	}
	return lines
}

// asMarked gives how an attempt that has ended is marked, with the contents that mark it now.
func (d *desk) asMarked(ctx context.Context, a *Attempt, p Paper) (View, []question.Content, error) {
	contents, err := d.contents(ctx, p)
	if err != nil {
		return View{}, nil, err
	}
	v, contents, _, err := d.marking(ctx, a, sitting{paper: p, contents: contents, keys: map[string]question.Content{}})
	return v, contents, err
}

// earnedRubric gives the lines of the rubric that the mark of an item came from, for its member; nil where it came otherwise
// or was changed since.
func earnedRubric(c question.Content, points float64, m ItemMark) []RubricLine {
	if m.Manual == nil || len(m.Manual.Rubric) == 0 || len(m.Manual.Rubric) != len(c.Rubric) {
		return nil
	}
	sum := 0.0
	for _, j := range m.Manual.Rubric {
		sum += j.Points
	}
	if hundredths(sum) != hundredths(m.Earned) {
		return nil
	}
	return rubricLines(c.Rubric, points, m.Manual, false)
}

// judge turns what an evaluator says of a rubric into what the step keeps. There is one judgement a criterion, and they sum
// to the mark; else fault.Invalid, "mark.invalid", with the field.
func judge(rubric []question.Criterion, points, mark float64, said []Judgement) ([]Judged, error) {
	if len(said) != len(rubric) {
		return nil, fault.Bad("mark.invalid", []fault.Field{{Path: "rubric", Key: "mark.rubric_length", Params: map[string]any{"n": len(rubric)}}})
	}
	var wrong []fault.Field
	out, sum := make([]Judged, len(said)), 0.0
	for i, worth := range question.Worths(rubric, points) {
		levels, s := len(worth.Levels), said[i]
		switch {
		case levels > 0 && (s.Level < 1 || s.Level > levels):
			wrong = append(wrong, fault.Field{Path: fmt.Sprintf("rubric[%d].level", i), Key: "out_of_range", Params: map[string]any{"min": 1, "max": levels}})
		case levels > 0:
			out[i] = Judged{Level: s.Level, Points: worth.Levels[s.Level-1]}
		case s.Level != 0 || s.Points == nil:
			wrong = append(wrong, fault.Field{Path: fmt.Sprintf("rubric[%d].points", i), Key: "required"})
		case !(*s.Points >= 0 && *s.Points <= worth.Points): // also refuses NaN
			wrong = append(wrong, fault.Field{Path: fmt.Sprintf("rubric[%d].points", i), Key: "out_of_range", Params: map[string]any{"min": 0, "max": worth.Points}})
		default:
			out[i] = Judged{Points: hundredths(*s.Points)}
		}
		if out[i].Comment = strings.TrimSpace(s.Comment); utf8.RuneCountInString(out[i].Comment) > question.MaxRemark {
			wrong = append(wrong, fault.Field{Path: fmt.Sprintf("rubric[%d].comment", i), Key: "too_long", Params: map[string]any{"max": question.MaxRemark}})
		}
		sum += out[i].Points
	}
	if wrong == nil && math.Abs(sum-mark) > 0.005 {
		wrong = []fault.Field{{Path: "mark", Key: "mark.rubric_sum", Params: map[string]any{"sum": hundredths(sum)}}}
	}
	return out, fault.Bad("mark.invalid", wrong)
}

func appendJudged(b []byte, list []Judged) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, j := range list {
		b = binary.AppendUvarint(b, uint64(j.Level))
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(j.Points))
		b = appendText(b, j.Comment)
	}
	return b
}

func (r *logReader) judged() []Judged {
	n := r.number()
	if r.bad || n > question.MaxRubric {
		r.bad = true
		return nil
	}
	list := make([]Judged, n)
	for i := range list {
		list[i] = Judged{Level: int(r.number()), Points: math.Float64frombits(r.eight()), Comment: r.text()}
	}
	return list
}
