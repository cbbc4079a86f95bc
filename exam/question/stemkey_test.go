package question

import (
	"strings"
	"testing"

	"qiming/search"
)

func TestStemKey(t *testing.T) {
	key := func(k Kind, stem string) string {
		c := Content{Kind: k, Stem: stem}
		Prepare(&c)
		return StemKey(c)
	}
	base := key(Single, "党的根本宗旨是（    ）。")
	for _, same := range []string{"党的根本宗旨是()", "党的根本宗旨是 (  ) .", "党的\u00a0\u00a0根本宗旨是", "　党的根本宗旨是：____"} {
		if key(Single, same) != base {
			t.Errorf("%q must share the key", same)
		}
	}
	for _, c := range []string{key(Multiple, "党的根本宗旨是（    ）。"), key(Single, "党的根本宗旨不是（    ）。"), key(Single, "？？")} {
		if c == base || len(c) > 40 {
			t.Errorf("key %q", c)
		}
	}
	if key(Single, "？？") == key(Single, "！") {
		t.Error("stems of punctuation alone must differ")
	}
	if key(Single, "ABC+1") == key(Single, "ABC=1") {
		t.Error("mathematical signs count")
	}
}

func FuzzStemKey(f *testing.F) {
	f.Add("党的根本宗旨是（    ）。")
	f.Add("？？")
	f.Fuzz(func(t *testing.T, stem string) {
		c := Content{Kind: Blanks, Stem: stem}
		Prepare(&c)
		if key := StemKey(c); key == "" || len(key) > 40 || key != StemKey(Content{Kind: Blanks, Stem: " " + c.Stem + "。\u00a0"}) && search.Bare(stem) != "" {
			t.Fatalf("%q gives %q", stem, key)
		}
	})
}

func FuzzMark(f *testing.F) {
	f.Add("实事求是|上海*", "上海市", byte(0), 0.0)
	f.Add(`5\*3|*`, "5*3", byte(15), 0.1)
	f.Add("一百二十三|1e9", "123", byte(8), 1e300)
	f.Fuzz(func(t *testing.T, accept, response string, flags byte, tolerance float64) {
		c := Content{Kind: Blanks, Stem: "____ ____", AnyOrder: flags&1 > 0, MatchCase: flags&2 > 0, Simplified: flags&4 > 0,
			Blanks: []Blank{{Accept: strings.Split(accept, "|"), Number: flags&8 > 0, Tolerance: tolerance}, {Accept: []string{"第二空"}}}}
		Prepare(&c)
		valid := len(Validate(c)) == 0
		for _, r := range []Response{{Texts: []string{response, "第二空"}}, {Texts: []string{"第二空", response}}, {Text: response}, {Choices: []string{response}}} {
			m := Grade(c, r)
			if !(m.Fraction >= 0 && m.Fraction <= 1) || m.Human {
				t.Fatalf("%+v marks %+v", r, m)
			}
		}
		if valid {
			r := RightAnswer(c)
			if m := Grade(c, r); m.Fraction != 1 {
				t.Fatalf("the right answer %q of %+v marks %+v", r.Texts, c.Blanks, m)
			}
		}
	})
}
