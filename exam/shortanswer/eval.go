package shortanswer

import "math"

// Evaluation compares estimates with the marks of people. Errors are fractions of the points.
type Evaluation struct {
	Answers   int      `json:"answers"`    // that were scored
	Pearson   *float64 `json:"pearson"`    // null where either side does not vary
	RMSE      *float64 `json:"rmse"`       // null without answers
	AutoShare float64  `json:"auto_share"` // share of the answers with a confidence of at least the threshold
	AutoRMSE  *float64 `json:"auto_rmse"`  // over those; null where there are none
}

// DefaultThreshold is the confidence from which an estimate counts as confident.
const DefaultThreshold = 0.16

// Evaluate estimates the marks of all records, as if their questions were those of one quiz. Of each question's answers, the first
// markedShare (rounded down, in the order given) count as marked by evaluators; only the others are scored.
func Evaluate(records []Record, markedShare, threshold float64) Evaluation {
	var order []string
	byQuestion := map[string][]int{}
	for i, r := range records {
		if byQuestion[r.QID] == nil {
			order = append(order, r.QID)
		}
		byQuestion[r.QID] = append(byQuestion[r.QID], i)
	}
	var readings []*Reading
	var lessons []*Lesson
	for _, qid := range order {
		indexes := byQuestion[qid]
		first := records[indexes[0]]
		taken := int(markedShare*float64(len(indexes)) + 1e-9)
		answers := make([]Answer, len(indexes))
		for k, i := range indexes {
			answers[k] = Answer{Text: records[i].Answer}
			if k < taken {
				mark := records[i].Score / records[i].Max
				answers[k].Mark = &mark
			}
		}
		reading := Read(Item{Question: first.Question, Model: first.Model}, answers)
		readings, lessons = append(readings, reading), append(lessons, reading.Lesson())
	}
	t := teach(lessons)
	var estimated, given, confident, confidentGiven []float64
	for k, qid := range order {
		reading := readings[k]
		for a, e := range reading.estimates(t) {
			if reading.answers[a].Mark != nil {
				continue
			}
			r := records[byQuestion[qid][a]]
			estimated, given = append(estimated, e.Fraction), append(given, r.Score/r.Max)
			if e.Confidence >= threshold {
				confident, confidentGiven = append(confident, e.Fraction), append(confidentGiven, r.Score/r.Max)
			}
		}
	}
	out := Evaluation{Answers: len(estimated), Pearson: pearson(estimated, given), RMSE: rmse(estimated, given), AutoRMSE: rmse(confident, confidentGiven)}
	if len(estimated) > 0 {
		out.AutoShare = float64(len(confident)) / float64(len(estimated))
	}
	return out
}

func pearson(a, b []float64) *float64 {
	n := float64(len(a))
	if n < 2 {
		return nil
	}
	var ma, mb float64
	for i := range a {
		ma, mb = ma+a[i]/n, mb+b[i]/n
	}
	var ab, aa, bb float64
	for i := range a {
		ab, aa, bb = ab+(a[i]-ma)*(b[i]-mb), aa+(a[i]-ma)*(a[i]-ma), bb+(b[i]-mb)*(b[i]-mb)
	}
	if aa < 1e-12 || bb < 1e-12 {
		return nil
	}
	r := ab / math.Sqrt(aa*bb)
	return &r
}

func rmse(a, b []float64) *float64 {
	if len(a) == 0 {
		return nil
	}
	sum := 0.0
	for i := range a {
		sum += (a[i] - b[i]) * (a[i] - b[i])
	}
	r := math.Sqrt(sum / float64(len(a)))
	return &r
}
