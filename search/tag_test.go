package search

import (
	"maps"
	"testing"
)

func TestTagsAreOneHoweverTheyAreSpelt(t *testing.T) {
	for _, other := range []string{"ai党建", "ＡＩ党建", "AI 党建", " Ai党建 "} {
		if !HasTag([]string{"党费", "AI党建"}, other) {
			t.Errorf("%q is another tag", other)
		}
	}
	if HasTag([]string{"AI党建"}, "AI") || HasTag(nil, "AI") {
		t.Error("a part is no tag")
	}
	got := OneSpelling(map[string]int{"AI": 1, "ai": 3, "ＡＩ": 1, "Qa": 1, "QA": 1, "党费": 2})
	if want := map[string]int{"ai": 5, "QA": 2, "党费": 2}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
