package shortanswer

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"qiming/search"
)

func likenessOf(texts ...string) (*likeness, []string) {
	sentences, forms := make([][]search.Sentence, len(texts)), make([]string, len(texts))
	for i, text := range texts {
		sentences[i] = search.Sentences(text)
		forms[i] = form(sentences[i])
	}
	return newLikeness(sentences, forms), forms
}

func TestLikeness(t *testing.T) {
	l, _ := likenessOf("少数服从多数", "少數服從多數。", "少数服从多数的原则", "少数不服从多数", "发展党员的程序", "")
	if same := l.of(0, 1); same != 1 {
		t.Errorf("the same form: %v", same)
	}
	if l.of(0, 2) != l.of(2, 0) {
		t.Error("likeness depends on the order")
	}
	if longer, denied, other := l.of(0, 2), l.of(0, 3), l.of(0, 4); !(1 > longer && longer > denied && denied > other && other == 0) {
		t.Errorf("longer %v, denied %v, other %v", longer, denied, other)
	}
	if l.of(0, 5) != 0 || l.of(5, 5) != 1 {
		t.Errorf("empty: %v and %v", l.of(0, 5), l.of(5, 5))
	}
}

func TestNear(t *testing.T) {
	l, forms := likenessOf("少数服从多数", "少数服从多数。", "少数服从多数！", "少數服從多數", "发展党员的程序")
	got := l.near(forms)
	if got[0] != 1 || got[4] != 0 {
		t.Errorf("%v", got)
	}
	alone, form := likenessOf("少数服从多数")
	if got := alone.near(form); math.Abs(got[0]-ordinaryNear) > 1e-9 {
		t.Errorf("alone: %v", got)
	}
	// Of more forms than are compared, the order of answers tells nothing.
	texts := make([]string, 2*maxCompared)
	for i := range texts {
		texts[i] = fmt.Sprintf("少数服从多数 %d, %d", i%411, i%7)
	}
	many, manyForms := likenessOf(texts...)
	slices.Reverse(texts)
	back, backForms := likenessOf(texts...)
	reversed := back.near(backForms)
	slices.Reverse(reversed)
	if !slices.Equal(many.near(manyForms), reversed) {
		t.Error("near depends on the order of answers")
	}
}
