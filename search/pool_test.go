package search

import "testing"

// What many say is usual, in few answers less so; how long an answer is counts beside the others.
func TestUsualAndLonger(t *testing.T) {
	key := Key{Points: []Point{{Phrases: []string{"民主集中制"}, Weight: 1}}}
	matcher := func(copies int) *Matcher {
		var answers [][]Sentence
		for range copies {
			answers = append(answers, Sentences("少数服从多数"), Sentences("下级服从上级"))
		}
		return NewMatcher(key, NewPool(append(answers, Sentences("与众不同的说法"))))
	}
	many, few := matcher(50), matcher(2)
	usual, odd := many.Match("少数服从多数"), many.Match("与众不同的说法")
	if !(usual.Usual > 0 && odd.Usual < 0) {
		t.Errorf("usual %v, odd %v", usual.Usual, odd.Usual)
	}
	if got := few.Match("少数服从多数").Usual; !(got > 0 && got < usual.Usual) {
		t.Errorf("of four answers %v, of a hundred %v", got, usual.Usual)
	}
	if long, short := many.Match("少数服从多数，下级服从上级，个人服从组织"), many.Match("服从"); !(long.Longer > 0 && short.Longer < 0) {
		t.Errorf("long %v, short %v", long.Longer, short.Longer)
	}
	if all, one := many.Match("少数服从多数，下级服从上级").Common, many.Match("服从").Common; !(all > 0 && one < 0) {
		t.Errorf("what all say %v, a word of it %v", all, one)
	}
	asked := NewMatcher(Key{Question: "服从", Points: key.Points}, NewPool([][]Sentence{Sentences("少数服从多数"), Sentences("下级服从上级")}))
	if got := asked.Match("服从").Common; !(got < 0) {
		t.Errorf("the question's own words: %v", got)
	}
	if alone := NewMatcher(key, nil).Match("少数服从多数"); alone.Usual != 0 || alone.Common != 0 || alone.Longer != 0 {
		t.Errorf("without a pool: %+v", alone)
	}
}

// A denial counts by how much of what is said stands behind it.
func TestHowMuchIsDenied(t *testing.T) {
	m := NewMatcher(Key{Points: []Point{{Phrases: []string{"根本组织原则"}, Weight: 3}, {Phrases: []string{"领导制度"}, Weight: 1}}}, nil)
	for answer, want := range map[string]float64{
		"是根本组织原则。是领导制度": 0, "是根本组织原则。不是领导制度": 0.25, "不是根本组织原则。不是领导制度": 1, "不知道": 0,
	} {
		if got := m.Match(answer).Denied; got < want-1e-9 || got > want+1e-9 {
			t.Errorf("%q: %v, want %v", answer, got, want)
		}
	}
}
