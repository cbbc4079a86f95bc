package question

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func options(n int, right ...int) []Option {
	var out []Option
	for i := range n {
		out = append(out, Option{ID: fmt.Sprintf("o%d", i), Text: fmt.Sprintf("选项%d", i), Right: slices.Contains(right, i)})
	}
	return out
}

// TestValidateLimits stands on both sides of every limit.
func TestValidateLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("字", n) }
	for _, c := range []struct {
		name string
		c    Content
		path string // of the problem; "" = valid
		key  string
	}{
		{"single: 1 option", Content{Kind: Single, Options: options(1, 0)}, "options", "too_few"},
		{"single: 2 options", Content{Kind: Single, Options: options(2, 0)}, "", ""},
		{"single: 12 options", Content{Kind: Single, Options: options(12, 11)}, "", ""},
		{"single: 13 options", Content{Kind: Single, Options: options(13, 0)}, "options", "too_many"},
		{"single: none right", Content{Kind: Single, Options: options(3)}, "options", "question.single_right"},
		{"single: two right", Content{Kind: Single, Options: options(3, 0, 1)}, "options", "question.single_right"},
		{"single: same texts", Content{Kind: Single, Options: []Option{{Text: "甲", Right: true}, {Text: " 甲"}}}, "options[1].text", "duplicate"},
		{"single: empty text", Content{Kind: Single, Options: []Option{{Text: "甲", Right: true}, {Text: " "}}}, "options[1].text", "required"},
		{"single: option of 1000", Content{Kind: Single, Options: []Option{{Text: "甲", Right: true}, {Text: long(MaxOption)}}}, "", ""},
		{"single: option of 1001", Content{Kind: Single, Options: []Option{{Text: "甲", Right: true}, {Text: long(MaxOption + 1)}}}, "options[1].text", "too_long"},
		{"multiple: none right", Content{Kind: Multiple, Options: options(4)}, "options", "question.multiple_right"},
		{"multiple: one right", Content{Kind: Multiple, Options: options(4, 2)}, "", ""},
		{"multiple: all right", Content{Kind: Multiple, Options: options(4, 0, 1, 2, 3)}, "", ""},
		{"multiple: unknown rule", Content{Kind: Multiple, Options: options(4, 1), Partial: "some"}, "partial", "unknown"},
		{"multiple: share 0", Content{Kind: Multiple, Options: options(4, 1), Partial: FixedShare}, "partial_share", "out_of_range"},
		{"multiple: share 1", Content{Kind: Multiple, Options: options(4, 1), Partial: FixedShare, PartialShare: 1}, "", ""},
		{"multiple: share 1.01", Content{Kind: Multiple, Options: options(4, 1), Partial: FixedShare, PartialShare: 1.01}, "partial_share", "out_of_range"},
		{"multiple: share NaN", Content{Kind: Multiple, Options: options(4, 1), Partial: FixedShare, PartialShare: math.NaN()}, "partial_share", "out_of_range"},
		{"blanks: no gap", Content{Kind: Blanks, Stem: "无空", Blanks: []Blank{{Accept: []string{"a"}}}}, "blanks", "question.gaps"},
		{"blanks: two underscores are no gap", Content{Kind: Blanks, Stem: "a__b", Blanks: []Blank{{Accept: []string{"a"}}}}, "blanks", "question.gaps"},
		{"blanks: three underscores", Content{Kind: Blanks, Stem: "a___b", Blanks: []Blank{{Accept: []string{"a"}}}}, "", ""},
		{"blanks: full-width underscores", Content{Kind: Blanks, Stem: "a＿＿＿b", Blanks: []Blank{{Accept: []string{"a"}}}}, "", ""},
		{"blanks: one blank too few", Content{Kind: Blanks, Stem: "____和____", Blanks: []Blank{{Accept: []string{"a"}}}}, "blanks", "question.gaps"},
		{"blanks: nothing accepted", Content{Kind: Blanks, Stem: "____", Blanks: []Blank{{}}}, "blanks[0].accept", "required"},
		{"blanks: an empty accepted text", Content{Kind: Blanks, Stem: "____", Blanks: []Blank{{Accept: []string{"a", " "}}}}, "blanks[0].accept[1]", "required"},
		{"blanks: accepted text of 200", Content{Kind: Blanks, Stem: "____", Blanks: []Blank{{Accept: []string{long(MaxAcceptText)}}}}, "", ""},
		{"blanks: accepted text of 201", Content{Kind: Blanks, Stem: "____", Blanks: []Blank{{Accept: []string{long(MaxAcceptText + 1)}}}}, "blanks[0].accept[0]", "too_long"},
		{"blanks: 20 gaps", Content{Kind: Blanks, Stem: strings.Repeat("____，", 20), Blanks: slices.Repeat([]Blank{{Accept: []string{"a"}}}, 20)}, "", ""},
		{"blanks: 21 gaps", Content{Kind: Blanks, Stem: strings.Repeat("____，", 21), Blanks: slices.Repeat([]Blank{{Accept: []string{"a"}}}, 21)}, "blanks", "too_many"},
		{"blanks: negative weight", Content{Kind: Blanks, Stem: "____", Blanks: []Blank{{Accept: []string{"a"}, Weight: -1}}}, "blanks[0].weight", "out_of_range"},
		{"blanks: one of two weighted", Content{Kind: Blanks, Stem: "____ ____", Blanks: []Blank{{Accept: []string{"a"}, Weight: 1}, {Accept: []string{"b"}}}}, "blanks", "question.weights"},
		{"blanks: infinite tolerance", Content{Kind: Blanks, Stem: "____", Blanks: []Blank{{Accept: []string{"1"}, Number: true, Tolerance: math.Inf(1)}}}, "blanks[0].tolerance", "out_of_range"},
		{"blanks: three gaps, two texts, any order", Content{Kind: Blanks, Stem: "____ ____ ____", AnyOrder: true,
			Blanks: slices.Repeat([]Blank{{Accept: []string{"a", "b"}}}, 3)}, "blanks", "question.blanks_unanswerable"},
		{"blanks: three gaps, three texts, any order", Content{Kind: Blanks, Stem: "____ ____ ____", AnyOrder: true,
			Blanks: slices.Repeat([]Blank{{Accept: []string{"a", "b", "c"}}}, 3)}, "", ""},
		{"short: no model answer", Content{Kind: Short}, "", ""},
		{"short: model of 10000", Content{Kind: Short, Model: long(MaxText)}, "", ""},
		{"short: model of 10001", Content{Kind: Short, Model: long(MaxText + 1)}, "model", "too_long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.c.Stem == "" {
				c.c.Stem = "题干"
			}
			Prepare(&c.c)
			p := Validate(c.c)
			if c.path == "" {
				if len(p) > 0 {
					t.Errorf("refused: %v", p)
				}
				return
			}
			for _, f := range p {
				if f.Path == c.path && f.Key == c.key {
					return
				}
			}
			t.Errorf("want %s at %s, got %v", c.key, c.path, p)
		})
	}
}

func TestMarkMultiple(t *testing.T) {
	fixed := Content{Kind: Multiple, Options: options(5, 0, 1, 2), Partial: FixedShare, PartialShare: 0.3}
	share := Content{Kind: Multiple, Options: options(5, 0, 1, 2), Partial: ShareOfKey}
	whole := Content{Kind: Multiple, Options: options(5, 0, 1, 2)}
	for _, c := range []struct {
		choices                string
		whole, fixed, shareOut float64
	}{
		{"", 0, 0, 0},
		{"o0", 0, 0.3, 1.0 / 3},
		{"o0 o1", 0, 0.3, 2.0 / 3},
		{"o2 o1 o0", 1, 1, 1},
		{"o0 o1 o2 o3", 0, 0, 0},
		{"o0 o4", 0, 0, 0},
		{"o3", 0, 0, 0},
		{"o0 o1 o2 alien", 0, 0, 0},
	} {
		r := Response{Choices: strings.Fields(c.choices)}
		got := []float64{Grade(whole, r).Fraction, Grade(fixed, r).Fraction, Grade(share, r).Fraction}
		if want := []float64{c.whole, c.fixed, c.shareOut}; !slices.Equal(got, want) {
			t.Errorf("%q earns %v, want %v", c.choices, got, want)
		}
	}
}

// TestMarkBlank is one gap against one response.
func TestMarkBlank(t *testing.T) {
	type flags struct {
		number, caseCounts, simplified bool
		tolerance                      float64
	}
	plain, number := flags{}, flags{number: true}
	for _, c := range []struct {
		accept   string // alternatives by |
		response string
		f        flags
		right    bool
	}{
		{"实事求是", "实事求是", plain, true},
		{"实事求是", " 实事 求是　", plain, true},
		{"实事求是", "实事求事", plain, false},
		{"中国共产党|中共", "中共", plain, true},
		{"WTO", "ｗｔｏ", plain, true},
		{"WTO", "wto", flags{caseCounts: true}, false},
		{"WTO", "ＷＴＯ", flags{caseCounts: true}, true},
		{"“两学一做”", "\"两学一做\"", plain, true},
		{"自由、平等、公正、法治", "自由，平等,公正、法治", plain, true},
		{"发展", "發展", plain, false},
		{"发展", "發展", flags{simplified: true}, true},
		{"發展", "发展", flags{simplified: true}, true},
		{"上海*", "上海市", plain, true},
		{"上海*", "上海", plain, true},
		{"上海*", "在上海", plain, false},
		{"*上海*", "在上海市", plain, true},
		{"a*b*c", "a b c", plain, true},
		{"a*b*c", "acb", plain, false},
		{`5\*3`, "5*3", plain, true},
		{`5\*3`, "5×3", plain, false},
		{`5\*3`, "5xx3", plain, false},
		{`\**`, "*星", plain, true},
		{`\**`, "星", plain, false},
		{"*", "任何", plain, true},
		{"*", "  ", plain, false},
		{"aba*aba", "aba", plain, false}, // head and tail must not share text
		{"20大", "二十大", plain, false},
		{"20大", "二十大", number, true},
		{"二十大", "20 大", number, true},
		{"123", "一百二十三", number, true},
		{"2005", "两千零五", number, true},
		{"2021", "二〇二一", number, true},
		{"21", "廿一", number, true},
		{"1000", "1,000", number, true},
		{"1000", "1，000.0", number, true},
		{"35000", "3.5万", number, true},
		{"50%", "百分之五十", number, true},
		{"50%", "0.5", number, true},
		{"3.14", "3.14", flags{number: true, tolerance: 0.01}, true},
		{"3.14", "3.13", flags{number: true, tolerance: 0.01}, true},
		{"3.14", "3.15", flags{number: true, tolerance: 0.01}, true},
		{"3.14", "3.1501", flags{number: true, tolerance: 0.01}, false},
		{"3.14", "3.1299", flags{number: true, tolerance: 0.01}, false},
		{"-5", "－5", number, true},
		{"-5", "—5", number, true},
		{"5", "5人", number, false},
		{"5", "", number, false},
	} {
		item := Content{Kind: Blanks, Stem: "____", MatchCase: c.f.caseCounts, Simplified: c.f.simplified,
			Blanks: []Blank{{Accept: strings.Split(c.accept, "|"), Number: c.f.number, Tolerance: c.f.tolerance}}}
		Prepare(&item)
		if p := Validate(item); len(p) > 0 {
			t.Errorf("%q: %v", c.accept, p)
		}
		got := Grade(item, Response{Texts: []string{c.response}}).Fraction == 1
		if got != c.right {
			t.Errorf("%q against %q %+v: right = %v", c.response, c.accept, c.f, got)
		}
	}
}

func TestMarkBlanks(t *testing.T) {
	three := []Blank{{Accept: []string{"a"}}, {Accept: []string{"b"}}, {Accept: []string{"c"}}}
	weighted := []Blank{{Accept: []string{"a"}, Weight: 1}, {Accept: []string{"b"}, Weight: 3}}
	colours := slices.Repeat([]Blank{{Accept: []string{"红", "黄", "蓝"}}}, 2)
	// A greedy order would give 甲 to the first gap and leave the second empty.
	chain := []Blank{{Accept: []string{"甲", "乙"}}, {Accept: []string{"甲"}}}
	same := []Blank{{Accept: []string{"零"}}, {Accept: []string{"零"}}}
	for _, c := range []struct {
		name   string
		blanks []Blank
		any    bool
		texts  string
		want   float64
	}{
		{"all", three, false, "a b c", 1},
		{"two of three", three, false, "a x c", 2.0 / 3},
		{"wrong order", three, false, "c b a", 1.0 / 3},
		{"any order", three, true, "c a b", 1},
		{"any order, one twice", three, true, "a a b", 2.0 / 3},
		{"weights", weighted, false, "x b", 0.75},
		{"weights, any order", weighted, true, "b x", 0.75},
		{"shared list", colours, true, "蓝 红", 1},
		{"shared list, one twice", colours, true, "红 红", 0.5},
		{"augmenting path", chain, true, "甲 乙", 1},
		{"augmenting path, other order", chain, true, "乙 甲", 1},
		{"the same text is right twice", same, true, "零 零", 1},
		{"too many texts", three, false, "a b c d", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			item := Content{Kind: Blanks, Stem: strings.Repeat("____ ", len(c.blanks)), Blanks: c.blanks, AnyOrder: c.any}
			Prepare(&item)
			if p := Validate(item); len(p) > 0 {
				t.Fatal(p)
			}
			m := Grade(item, Response{Texts: strings.Fields(c.texts)})
			if math.Abs(m.Fraction-c.want) > 1e-12 {
				t.Errorf("earns %v, want %v", m.Fraction, c.want)
			}
			sum, earned := 0.0, 0.0
			for _, p := range m.Parts {
				sum += p.Share
				earned += p.Share * p.Fraction
			}
			if math.Abs(sum-1) > 1e-12 || math.Abs(earned-m.Fraction) > 1e-12 {
				t.Errorf("parts %+v of %v", m.Parts, m.Fraction)
			}
		})
	}
}

func TestCheckLimits(t *testing.T) {
	prepared := func(c Content) Content { Prepare(&c); return c }
	single := prepared(Content{Kind: Single, Stem: "s", Options: options(3, 0)})
	multiple := prepared(Content{Kind: Multiple, Stem: "s", Options: options(3, 0, 1)})
	gaps := prepared(Content{Kind: Blanks, Stem: "____ ____", Blanks: []Blank{{Accept: []string{"a"}}, {Accept: []string{"b"}}}})
	short := prepared(Content{Kind: Short, Stem: "s"})
	for _, c := range []struct {
		name string
		c    Content
		r    Response
		ok   bool
	}{
		{"single: one", single, Response{Choices: []string{"o2"}}, true},
		{"single: two", single, Response{Choices: []string{"o1", "o2"}}, false},
		{"single: unknown", single, Response{Choices: []string{"o3"}}, false},
		{"multiple: all", multiple, Response{Choices: []string{"o1", "o2", "o0"}}, true},
		{"multiple: twice the same", multiple, Response{Choices: []string{"o1", "o1"}}, false},
		{"multiple: more than there are", multiple, Response{Choices: []string{"o1", "o2", "o0", "o1"}}, false},
		{"truefalse: false", Content{Kind: TrueFalse, Stem: "s"}, Response{Truth: truth(false)}, true},
		{"blanks: both", gaps, Response{Texts: []string{"x", ""}}, true},
		{"blanks: one text", gaps, Response{Texts: []string{"x"}}, false},
		{"blanks: three texts", gaps, Response{Texts: []string{"x", "y", "z"}}, false},
		{"blanks: text of 500", gaps, Response{Texts: []string{strings.Repeat("字", MaxBlankText), ""}}, true},
		{"blanks: text of 501", gaps, Response{Texts: []string{strings.Repeat("字", MaxBlankText+1), ""}}, false},
		{"short: 4000", short, Response{Text: strings.Repeat("字", MaxAnswer)}, true},
		{"short: 4001", short, Response{Text: strings.Repeat("字", MaxAnswer+1)}, false},
	} {
		if err := Check(c.c, c.r); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if m := Grade(short, Response{Text: "  \n"}); m.Human || Answered(short, Response{Text: " "}) {
		t.Error("blank text needs no evaluator")
	}
	if m := Grade(short, Response{Text: "答"}); !m.Human {
		t.Error("a text needs an evaluator")
	}
}
