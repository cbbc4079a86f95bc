package shortanswer

import (
	"fmt"
	"testing"
)

// Runs over the same answers give the same figures to the last bit: no sum follows the order of a map.
func TestEvaluationsAreAlikeToTheLastDigit(t *testing.T) {
	words := []string{"democratic", "centralism", "minority", "majority", "organisation", "principle", "collective", "leadership", "discipline", "supervision", "responsibility"}
	var records []Record
	for q := range 4 {
		model := fmt.Sprintf("%s obeys %s, and %s serves %s with %s", words[q], words[q+1], words[q+2], words[q+3], words[q+4])
		for i := range 12 {
			records = append(records, Record{QID: fmt.Sprint(q), Question: "What holds?", Model: model, Max: 3, Score: float64(i % 4),
				Answer: fmt.Sprintf("%s %s and %s %s", words[(i+q)%11], words[(i*2+q)%11], words[(i*3+1)%11], words[(i*5+q)%11])})
		}
	}
	figures := func() string {
		e := Evaluate(records, 0.25, DefaultThreshold)
		return fmt.Sprintf("%x %x %x %x", *e.Pearson, *e.RMSE, e.AutoShare, *e.AutoRMSE)
	}
	first := figures()
	for range 30 {
		if again := figures(); again != first {
			t.Fatalf("%s, then %s", first, again)
		}
	}
}
