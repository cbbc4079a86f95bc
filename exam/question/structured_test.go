package question

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qiming/internal/fault"
)

func TestNumericalBoundaries(t *testing.T) {
	tenth := Content{Kind: Numerical, Stem: "s", Ranges: []Range{{Min: 3.1, Max: 3.3}, {Min: 2.9, Max: 3.5, Weight: 0.5}}}
	exact := Content{Kind: Numerical, Stem: "s", Ranges: []Range{{Min: 1921, Max: 1921}}}
	negative := Content{Kind: Numerical, Stem: "s", Ranges: []Range{{Min: -0.3, Max: -0.1}}}
	sum := Content{Kind: Numerical, Stem: "s", Ranges: []Range{{Min: 0.3, Max: 0.3}}} // 0.1 + 0.2 in floats is not
	for _, c := range []struct {
		name string
		c    Content
		text string
		want float64
	}{
		{"the lower end", tenth, "3.1", 1}, {"the upper end", tenth, "3.3", 1}, {"just below", tenth, "3.0999999999", 0.5}, {"just above", tenth, "3.3000000001", 0.5},
		{"the outer lower end", tenth, "2.9", 0.5}, {"below it", tenth, "2.8999999999", 0}, {"the outer upper end", tenth, "3.5", 0.5}, {"above it", tenth, "3.5000000001", 0},
		{"trailing zeros", tenth, "3.100", 1}, {"full width", tenth, "３．２", 1}, {"spaces", tenth, "  3.2 ", 1}, {"a comma is no point", tenth, "3,2", 0},
		{"exact", exact, "1921", 1}, {"thousands", exact, "1,921", 1}, {"Chinese numerals", exact, "一千九百二十一", 1}, {"a power of ten", exact, "1.921e3", 1},
		{"a power of ten in words", exact, "1.921×10^3", 1}, {"a point behind", exact, "1921.", 1}, {"plus", exact, "+1921", 1}, {"off by one", exact, "1922", 0},
		{"a word behind", exact, "1921abc", 0}, {"nothing", exact, "", 0}, {"a sign only", exact, "-", 0}, {"a point only", exact, ".", 0}, {"words", exact, "很多", 0},
		{"minus", negative, "-0.3", 1}, {"a typographic minus", negative, "−0.1", 1}, {"the wrong sign", negative, "0.2", 0}, {"no zero before the point", negative, "-.2", 1},
		{"decimals are exact", sum, "0.3", 1}, {"percent", sum, "30%", 1}, {"a huge exponent", exact, "1e999999", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			Prepare(&c.c)
			if p := Validate(c.c); len(p) > 0 {
				t.Fatalf("%v", p)
			}
			if got := Grade(c.c, Response{Text: c.text}).Fraction; got != c.want {
				t.Errorf("%q earns %v, want %v", c.text, got, c.want)
			}
		})
	}
}

func TestNumericalUnits(t *testing.T) {
	c := Content{Kind: Numerical, Stem: "s", Ranges: []Range{{Min: 1500, Max: 1500}}, UnitPenalty: 0.25,
		Units: []Unit{{Name: "m", Factor: 1}, {Name: "km", Factor: 1000}, {Name: "公里", Factor: 1000}}}
	Prepare(&c)
	if p := Validate(c); len(p) > 0 {
		t.Fatalf("%v", p)
	}
	for _, tt := range []struct {
		text, unit string
		want       float64
	}{
		{"1500", "m", 1}, {"1.5", "km", 1}, {"1.5", "公里", 1}, {"1.5km", "", 1}, {"1.5 公里", "", 1}, {"1500", "km", 0}, {"1.5", "m", 0},
		{"1500", "", 0.75}, {"1500 英里", "", 0.75}, {"1.5", "", 0}, {"1.5 km", "m", 0}, {"1500 km", "m", 0.75}, {"1500 m", "m", 1}, {"1.5 公里", "km", 1}, {"1500 不知道", "m", 0.75}, // the two must agree
		{"1500 或 5", "m", 0}, {"1500或2", "", 0}, {"1500-1600", "m", 0}, {"1500.1.2", "m", 0}, {"1500 m2", "", 0.75}, {"1500 m 2", "", 0}, {"1500 s^-1", "m", 0.75}, // two numbers are none
	} {
		if got := Grade(c, Response{Text: tt.text, Unit: tt.unit}).Fraction; got != tt.want {
			t.Errorf("%q in %q earns %v, want %v", tt.text, tt.unit, got, tt.want)
		}
	}
	if err := Check(c, Response{Text: "1", Unit: "英里"}); fault.KeyOf(err) != "response.invalid" {
		t.Errorf("a unit of another item: %v", err)
	}
}

// The feedback of the range that earns the most is told, in the gaps of a text too.
func TestFeedbackOfRanges(t *testing.T) {
	c := Content{Kind: Numerical, Stem: "s", Ranges: []Range{{Min: 3, Max: 4, Weight: 0.5, Feedback: "接近了"}, {Min: 3.1, Max: 3.2, Feedback: "正确"}, {Min: 9, Max: 9, Weight: 0.1}}}
	text := Content{Kind: Cloze, Stem: "____和____", Subs: []Sub{{Content: c}, {Content: c}}}
	Prepare(&c)
	Prepare(&text)
	for answer, want := range map[string]string{"3.15": "正确", "3.1": "正确", "3.5": "接近了", "9": "", "5": "", "abc": "", "": ""} {
		if got := ChosenFeedback(c, Response{Text: answer}); got != want {
			t.Errorf("%q: %q, want %q", answer, got, want)
		}
	}
	if got := ChosenFeedback(text, Response{Subs: []Response{{Text: "3"}, {Text: "3.2"}}}); got != "接近了\n正确" {
		t.Errorf("%q", got)
	}
}

// What is not a whole answer costs no check.
func TestLacks(t *testing.T) {
	bare := Content{Kind: Numerical, Stem: "s", Ranges: []Range{{Min: 1, Max: 2}}}
	united := Content{Kind: Numerical, Stem: "s", Ranges: []Range{{Min: 1, Max: 2}}, Units: []Unit{{Name: "%", Factor: 1}}}
	pairs := Content{Kind: Matching, Stem: "s", Pairs: []Pair{{Left: "甲", Right: "1"}, {Left: "乙", Right: "2"}, {Right: "3"}}}
	gaps := Content{Kind: Blanks, Stem: "____和____", Blanks: []Blank{{Accept: []string{"a"}}, {Accept: []string{"b"}}}}
	text := Content{Kind: Cloze, Stem: "____和____", Subs: []Sub{{Content: bare}, {Content: Content{Kind: Single, Options: []Option{{Text: "甲", Right: true}, {Text: "乙"}}}}}}
	for _, c := range []*Content{&bare, &united, &pairs, &gaps, &text} {
		Prepare(c)
	}
	left, option := solution(pairs), text.Subs[1].Content.Options[0].ID
	half := map[string]string{}
	for id, right := range left {
		half[id] = right
		break
	}
	for _, tt := range []struct {
		name string
		c    Content
		r    Response
		want Missing
	}{
		{"words", bare, Response{Text: "abc"}, NoNumber}, {"a number and words", bare, Response{Text: "1 abc"}, NoNumber}, {"a number", bare, Response{Text: "一点五"}, Whole}, {"spaces", bare, Response{Text: " "}, NoAnswer},
		{"no unit", united, Response{Text: "1"}, NoUnit}, {"a unit chosen", united, Response{Text: "1", Unit: "%"}, Whole}, {"one written", united, Response{Text: "1％"}, Whole}, {"another unit", united, Response{Text: "1 米"}, Whole}, {"two numbers", united, Response{Text: "1 或 2", Unit: "%"}, NoNumber},
		{"one pair of two", pairs, Response{Pairs: half}, PartsOpen}, {"both", pairs, Response{Pairs: left}, Whole},
		{"one gap of two", gaps, Response{Texts: []string{"a", " "}}, PartsOpen}, {"both gaps", gaps, Response{Texts: []string{"x", "y"}}, Whole},
		{"one part of two", text, Response{Subs: []Response{{Text: "1"}, {}}}, PartsOpen}, {"a part that is no number", text, Response{Subs: []Response{{Text: "abc"}, {Choices: []string{option}}}}, NoNumber}, {"all parts", text, Response{Subs: []Response{{Text: "9"}, {Choices: []string{option}}}}, Whole},
	} {
		if got := Lacks(tt.c, tt.r); got != tt.want {
			t.Errorf("%s: lacks %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A percent sign is a hundredth, unless it is a unit of the item.
func TestNumericalPercent(t *testing.T) {
	united := Content{Kind: Numerical, Stem: "s", Ranges: []Range{{Min: 80, Max: 80}, {Min: 79.5, Max: 80.5, Weight: 0.5}}, Units: []Unit{{Name: "%", Factor: 1}}, UnitPenalty: 0.25}
	bare := Content{Kind: Numerical, Stem: "s", Ranges: []Range{{Min: 0.8, Max: 0.8}}}
	for _, c := range []*Content{&united, &bare} {
		if Prepare(c); len(Validate(*c)) > 0 {
			t.Fatalf("%v", Validate(*c))
		}
	}
	for _, tt := range []struct {
		c          Content
		text, unit string
		want       float64
	}{
		{united, "80", "%", 1}, {united, "80%", "", 1}, {united, "80 ％", "", 1}, {united, "80%", "%", 1}, {united, "80.5％", "", 0.5}, {united, "80.6%", "", 0}, {united, "79.5%", "", 0.5},
		{united, "百分之八十", "", 1}, {united, "80", "", 0.75}, {united, "0.8", "", 0},
		{bare, "80%", "", 1}, {bare, "0.8", "", 1}, {bare, "80", "", 0}, {bare, "零点八", "", 1},
	} {
		if got := Grade(tt.c, Response{Text: tt.text, Unit: tt.unit}).Fraction; got != tt.want {
			t.Errorf("%q in %q earns %v, want %v", tt.text, tt.unit, got, tt.want)
		}
	}
}

func TestMatchingAndOrderingMarks(t *testing.T) {
	pairs := Content{Kind: Matching, Stem: "s", Pairs: []Pair{{Left: "甲", Right: "1"}, {Left: "乙", Right: "2"}, {Left: "丙", Right: "1"}, {Left: "丁", Right: "3"}, {Right: "4"}}}
	Prepare(&pairs)
	item := Present(pairs, []int{2, 0, 1, 3, 4})
	if len(item.Lefts) != 4 || len(item.Rights) != 4 || item.Lefts[0].Text != "丙" { // the two 1 are one choice, the distractor is one
		t.Fatalf("%+v", item)
	}
	want := solution(pairs)
	for _, tt := range []struct {
		partial PartialRule
		right   int // of the four
		mark    float64
	}{
		{AllOrNothing, 4, 1}, {AllOrNothing, 3, 0}, {AllOrNothing, 0, 0}, {ShareOfKey, 4, 1}, {ShareOfKey, 3, 0.75}, {ShareOfKey, 1, 0.25}, {ShareOfKey, 0, 0},
	} {
		pairs.Partial = tt.partial
		r := Response{Pairs: map[string]string{}}
		distractor := item.Rights[slices.IndexFunc(item.Rights, func(o Choice) bool { return o.Text == "4" })].ID
		for i, left := range item.Lefts {
			r.Pairs[left.ID] = want[left.ID]
			if i >= tt.right {
				r.Pairs[left.ID] = distractor
			}
		}
		if err := Check(pairs, r); err != nil {
			t.Fatal(err)
		}
		if got := Grade(pairs, r).Fraction; got != tt.mark {
			t.Errorf("%s: %d right earn %v, want %v", tt.partial, tt.right, got, tt.mark)
		}
	}
	if got := Grade(pairs, Response{Pairs: map[string]string{item.Lefts[0].ID: want[item.Lefts[0].ID]}}).Fraction; got != 0.25 {
		t.Errorf("one pair, the others open: %v", got)
	}
	for _, bad := range []map[string]string{{"none": item.Rights[0].ID}, {item.Lefts[0].ID: "none"}} {
		if err := Check(pairs, Response{Pairs: bad}); fault.KeyOf(err) != "response.invalid" {
			t.Errorf("%v: %v", bad, err)
		}
	}

	line := Content{Kind: Ordering, Stem: "s", Options: []Option{{Text: "一"}, {Text: "二"}, {Text: "三"}, {Text: "四"}, {Text: "五"}}}
	Prepare(&line)
	ids := sequence(line)
	for _, tt := range []struct {
		order        []int
		all, partial float64
	}{
		{[]int{0, 1, 2, 3, 4}, 1, 1}, {[]int{1, 2, 3, 4, 0}, 0, 0.75}, {[]int{1, 0, 2, 3, 4}, 0, 0.5}, {[]int{4, 3, 2, 1, 0}, 0, 0}, {[]int{3, 4, 0, 1, 2}, 0, 0.75},
	} {
		r := Response{}
		for _, i := range tt.order {
			r.Choices = append(r.Choices, ids[i])
		}
		for rule, want := range map[PartialRule]float64{AllOrNothing: tt.all, ShareOfKey: tt.partial} {
			line.Partial = rule
			if got := Grade(line, r).Fraction; got != want {
				t.Errorf("%v under %s earns %v, want %v", tt.order, rule, got, want)
			}
		}
	}
	if err := Check(line, Response{Choices: ids[:3]}); fault.KeyOf(err) != "response.invalid" {
		t.Errorf("a sequence that is cut short: %v", err)
	}
	if err := Check(line, Response{Choices: []string{ids[0], ids[0], ids[1], ids[2], ids[3]}}); fault.KeyOf(err) != "response.invalid" {
		t.Errorf("one of them twice: %v", err)
	}
}

// A taker never gets the right sequence to look at, whatever the seed; and no order changes a mark.
func TestAnOrderingIsNeverShownInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(MinOptions, MaxOptions).Draw(t, "n")
		c := Content{Kind: Ordering, Stem: "s"}
		for i := range n {
			c.Options = append(c.Options, Option{Text: strings.Repeat("项", i+1)})
		}
		Prepare(&c)
		item := Present(c, rapid.SliceOf(rapid.IntRange(0, n)).Draw(t, "order"))
		shown := make([]string, 0, n)
		for _, o := range item.Options {
			shown = append(shown, o.ID)
		}
		if len(shown) != n || slices.Equal(shown, sequence(c)) {
			t.Fatalf("%v", shown)
		}
	})
}

func TestPinnedOptionsKeepTheirPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(MinOptions, MaxOptions).Draw(t, "n")
		c := Content{Kind: Single, Stem: "s"}
		for i := range n {
			c.Options = append(c.Options, Option{Text: strings.Repeat("选", i+1), Right: i == 0, Pinned: rapid.Bool().Draw(t, "pinned")})
		}
		Prepare(&c)
		item := Present(c, rapid.SliceOf(rapid.IntRange(0, n)).Draw(t, "order"))
		seen := map[string]bool{}
		for place, o := range item.Options {
			seen[o.ID] = true
			if c.Options[place].Pinned && o.ID != c.Options[place].ID {
				t.Fatalf("option %d moved: %+v", place, item.Options)
			}
		}
		if len(seen) != n {
			t.Fatalf("%+v", item.Options)
		}
	})
}

func TestStructuredLimits(t *testing.T) {
	pairs := func(n int) []Pair {
		var list []Pair
		for i := range n {
			list = append(list, Pair{Left: strings.Repeat("左", i+1), Right: strings.Repeat("右", i+1)})
		}
		return list
	}
	for _, c := range []struct {
		name      string
		c         Content
		path, key string
	}{
		{"matching: one pair", Content{Kind: Matching, Pairs: pairs(1)}, "pairs", "too_few"},
		{"matching: two pairs", Content{Kind: Matching, Pairs: pairs(2)}, "", ""},
		{"matching: twelve", Content{Kind: Matching, Pairs: pairs(MaxPairs)}, "", ""},
		{"matching: thirteen", Content{Kind: Matching, Pairs: pairs(MaxPairs + 1)}, "pairs", "too_many"},
		{"matching: one right side", Content{Kind: Matching, Pairs: []Pair{{Left: "甲", Right: "1"}, {Left: "乙", Right: "1"}}}, "pairs", "question.one_right_side"},
		{"matching: a left side twice", Content{Kind: Matching, Pairs: []Pair{{Left: "甲", Right: "1"}, {Left: " 甲", Right: "2"}}}, "pairs[1].left", "duplicate"},
		{"matching: no right side", Content{Kind: Matching, Pairs: []Pair{{Left: "甲", Right: "1"}, {Left: "乙"}}}, "pairs[1].right", "required"},
		{"matching: unknown rule", Content{Kind: Matching, Pairs: pairs(2), Partial: FixedShare}, "partial", "unknown"},
		{"ordering: one", Content{Kind: Ordering, Options: options(1)}, "options", "too_few"},
		{"ordering: two", Content{Kind: Ordering, Options: options(2)}, "", ""},
		{"ordering: unknown rule", Content{Kind: Ordering, Options: options(2), Partial: FixedShare}, "partial", "unknown"},
		{"numerical: no range", Content{Kind: Numerical}, "ranges", "required"},
		{"numerical: a point", Content{Kind: Numerical, Ranges: []Range{{Min: 1, Max: 1}}}, "", ""},
		{"numerical: turned round", Content{Kind: Numerical, Ranges: []Range{{Min: 1, Max: 0.999}}}, "ranges[0].max", "question.range"},
		{"numerical: no end", Content{Kind: Numerical, Ranges: []Range{{Min: 1, Max: math.Inf(1)}}}, "ranges[0].max", "required"},
		{"numerical: weight 1.01", Content{Kind: Numerical, Ranges: []Range{{Min: 1, Max: 1, Weight: 1.01}}}, "ranges[0].weight", "out_of_range"},
		{"numerical: weight -1", Content{Kind: Numerical, Ranges: []Range{{Min: 1, Max: 1, Weight: -1}}}, "ranges[0].weight", "out_of_range"},
		{"numerical: nothing earns all", Content{Kind: Numerical, Ranges: []Range{{Min: 1, Max: 1, Weight: 0.5}}}, "ranges", "question.range_whole"},
		{"numerical: ten ranges", Content{Kind: Numerical, Ranges: slices.Repeat([]Range{{Min: 1, Max: 1}}, MaxRanges)}, "", ""},
		{"numerical: eleven", Content{Kind: Numerical, Ranges: slices.Repeat([]Range{{Min: 1, Max: 1}}, MaxRanges+1)}, "ranges", "too_many"},
		{"numerical: no base unit", Content{Kind: Numerical, Ranges: []Range{{Min: 1, Max: 1}}, Units: []Unit{{Name: "km", Factor: 1000}}}, "units", "question.unit_base"},
		{"numerical: a unit twice", Content{Kind: Numerical, Ranges: []Range{{Min: 1, Max: 1}}, Units: []Unit{{Name: "m"}, {Name: "ｍ"}}}, "units[1].name", "duplicate"},
		{"numerical: units that differ by case", Content{Kind: Numerical, Ranges: []Range{{Min: 1, Max: 1}}, Units: []Unit{{Name: "mW"}, {Name: "MW", Factor: 1e9}}}, "", ""},
		{"numerical: penalty 1.1", Content{Kind: Numerical, Ranges: []Range{{Min: 1, Max: 1}}, Units: []Unit{{Name: "m"}}, UnitPenalty: 1.1}, "unit_penalty", "out_of_range"},
		{"numerical: factor 0 is 1, below is none", Content{Kind: Numerical, Ranges: []Range{{Min: 1, Max: 1}}, Units: []Unit{{Name: "m"}, {Name: "n", Factor: -1}}}, "units[1].factor", "out_of_range"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.c.Stem = "题干"
			Prepare(&c.c)
			p := Validate(c.c)
			if c.path == "" && len(p) > 0 {
				t.Errorf("refused: %v", p)
			}
			if c.path != "" && !slices.ContainsFunc(p, func(f fault.Field) bool { return f.Path == c.path && f.Key == c.key }) {
				t.Errorf("%v, want %s %s", p, c.path, c.key)
			}
		})
	}
}

// The key tells how far off a number may be, where it may.
func TestKeyTellsTolerances(t *testing.T) {
	c := Content{Kind: Blanks, Stem: "____和____", Blanks: []Blank{{Accept: []string{"甲"}}, {Accept: []string{"32"}, Number: true, Tolerance: 0.5}}}
	if key := Reveal(c); !slices.Equal(key.Tolerances, []float64{0, 0.5}) {
		t.Errorf("%v", key.Tolerances)
	}
	c.Blanks[1].Tolerance = 0
	if key := Reveal(c); key.Tolerances != nil {
		t.Errorf("%v", key.Tolerances)
	}
}

func FuzzNumber(f *testing.F) {
	for _, text := range []string{"-1.6e-19 m", "1,500", "３．１４％", "三点一四 米", "3 或 4", "1.5×10^3 km", "−5", "1e99", ".", "12m2", "九九九九九九九九亿"} {
		f.Add(text, "m", 3.1, 3.3, byte(3))
	}
	f.Fuzz(func(t *testing.T, text, unit string, low, high float64, flags byte) {
		c := Content{Kind: Numerical, Stem: "s", Ranges: []Range{{Min: low, Max: high}}}
		if flags&1 > 0 {
			c.Units, c.UnitPenalty = []Unit{{Name: "m", Factor: 1}, {Name: unit, Factor: 1000}}, 0.25
		}
		Prepare(&c)
		valid := len(Validate(c)) == 0
		for _, r := range []Response{{Text: text}, {Text: text, Unit: unit}, {Text: text + text, Unit: "m"}} {
			if m := Grade(c, r); !(m.Fraction >= 0 && m.Fraction <= 1) || m.Human {
				t.Fatalf("%+v marks %+v", r, m)
			}
			Lacks(c, r)
			ChosenFeedback(c, r)
		}
		if r := RightAnswer(c); valid && len(r.Text) <= MaxNumber {
			if m := Grade(c, r); m.Fraction != 1 {
				t.Fatalf("the right answer %+v of %+v marks %+v", r, c.Ranges, m)
			}
		}
	})
}
