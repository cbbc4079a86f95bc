package integrity

import (
	"fmt"
	"testing"
)

func times(n int, seconds func(i int) float64) []Timed {
	list := make([]Timed, n)
	for i := range list {
		list[i] = Timed{Item: fmt.Sprintf("q%d", i), Seconds: seconds(i)}
	}
	return list
}

func TestPace(t *testing.T) {
	var all [][]Timed
	for who := range 9 {
		all = append(all, times(12, func(i int) float64 { return float64(20 + 10*(i%4) + who) }))
	}
	norms := Norms(all)
	if got := norms["q0"]; got != 24 {
		t.Errorf("norm %v", got)
	}
	if n := len(Norms(all[:4])); n != 0 {
		t.Errorf("%d norms of four takers", n)
	}
	for _, c := range []struct {
		name    string
		list    []Timed
		fast    float64
		even    bool
		tooFast bool
	}{
		{"one of them", all[4], 0, false, false},
		{"a quarter exactly is not fast", times(12, func(i int) float64 { return norms[fmt.Sprintf("q%d", i)] / 4 }), 0, false, false},
		{"just below it is", times(12, func(i int) float64 { return norms[fmt.Sprintf("q%d", i)]/4 - 0.01 }), 1, false, true},
		{"half of them", times(12, func(i int) float64 { return []float64{1, 60}[i%2] }), 0.5, false, true},
		{"nine items are too few", times(9, func(int) float64 { return 1 }), 0, false, false},
		{"a beat", times(12, func(int) float64 { return 30 }), 0, true, false},
	} {
		if got := Fast(c.list, norms); got != c.fast {
			t.Errorf("%s: fast %v", c.name, got)
		}
		if got := Even(c.list); (got > 0.85) != c.even {
			t.Errorf("%s: even %v", c.name, got)
		}
	}
	if Even(times(12, func(int) float64 { return 0 })) != 0 {
		t.Error("no times are no beat")
	}
}

func TestStill(t *testing.T) {
	for _, c := range []struct {
		answered, touched int
		want              float64
	}{{20, 20, 0}, {20, 0, 1}, {20, 5, 0.75}, {9, 0, 0}, {10, 0, 1}, {10, 30, 0}} {
		if got := Still(c.answered, c.touched); got != c.want {
			t.Errorf("%d answered, %d touched: %v, want %v", c.answered, c.touched, got, c.want)
		}
	}
}
