package exam

import (
	"testing"

	"qiming/internal/store"
)

// What takers of several quizzes earned of a question adds up to the same at any time, to the last digit.
func TestMeasuredItemsAddUpAlike(t *testing.T) {
	w := newWorld(t)
	ids := []string{"q1", "q2", "q3", "q4"}
	for i, id := range ids {
		w.ok(w.Results.records.Insert(w.ctx, &itemRecord{Meta: store.Meta{ID: id}, Items: []itemSum{{Version: "x@1", N: 1, Sum: []float64{0.1, 0.2, 0.3, 1e-17}[i]}}}))
	}
	sum := func() float64 {
		found, err := w.Results.measuredItems(w.ctx, ids)
		w.ok(err)
		for _, m := range found {
			return m.sum
		}
		return 0
	}
	first := sum()
	for range 30 {
		if again := sum(); again != first || first == 0 {
			t.Fatalf("%v, then %v", first, again)
		}
	}
}
