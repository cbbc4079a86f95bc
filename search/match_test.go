package search

import (
	"math"
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// one gives the match of an answer with a single point.
func one(p Point, synonyms [][]string, answer string) PointMatch {
	if p.Weight == 0 {
		p.Weight = 1
	}
	return NewMatcher(Key{Question: "什么是民主集中制？", Points: []Point{p}, Synonyms: synonyms}, nil).Match(answer).Points[0]
}

func TestWhatCountsAsThePoint(t *testing.T) {
	democracy := Point{Phrases: []string{"民主基础上的集中", "在民主的基础上实行集中"}}
	connect := Point{Phrases: []string{"the terminals are connected"}}
	congress := Point{Phrases: []string{"党的二十大"}}
	for _, c := range []struct {
		point    Point
		synonyms [][]string
		answer   string
		whole    bool // earns all; else nothing
	}{
		{democracy, nil, "是民主基础上的集中", true},
		{democracy, nil, "是民主基礎上的集中", true},
		{democracy, nil, "在民主的基础上，实行集中。", true},
		{democracy, nil, "发展党员的程序", false},
		{democracy, nil, "", false},
		{congress, nil, "党的20大", true},
		{congress, nil, "党的２０大！", true},
		{connect, nil, "Terminals 1 and 2 were connected.", true},
		{connect, nil, "the terminals are conected", true}, // a letter is missing
		{connect, nil, "the bulb is broken", false},
		{Point{Phrases: []string{"人民当家作主"}}, [][]string{{"人民", "群众"}}, "群众当家作主", true},
		{Point{Phrases: []string{"集中"}, Required: []string{"民主"}}, nil, "要集中", false},
		{Point{Phrases: []string{"集中"}, Required: []string{"民主"}}, nil, "民主和集中", true},
		{Point{Phrases: []string{"集中"}, Forbidden: []string{"个人说了算"}}, nil, "集中就是个人说了算", false},
		{Point{Phrases: []string{"集中"}, Forbidden: []string{"个人说了算"}}, nil, "集中不是个人说了算", true},
	} {
		got := one(c.point, c.synonyms, c.answer)
		if c.whole && got.Earned < 1 || !c.whole && got.Earned > 0 {
			t.Errorf("%v in %q earns %v (covers %.2f, lacks %v, has %v)", c.point.Phrases, c.answer, got.Earned, got.Coverage, got.Missing, got.Banned)
		}
	}
}

func TestADenialBeforeThePointIsSeen(t *testing.T) {
	for answer, negated := range map[string]bool{
		"民主集中制是根本组织原则": false, "民主集中制不是根本组织原则": true, "并没有根本组织原则": true, "不得不说是根本组织原则": false,
		"不仅是根本组织原则": false, "不是领导制度。是根本组织原则": false,
	} {
		if got := one(Point{Phrases: []string{"根本组织原则"}}, nil, answer); got.Negated != negated {
			t.Errorf("%q: negated %v", answer, got.Negated)
		}
	}
	if got := one(Point{Phrases: []string{"不得擅自决定"}}, nil, "不得擅自决定"); got.Negated {
		t.Error("a phrase that denies is denied by itself")
	}
	if got := one(Point{Phrases: []string{"不得擅自决定"}}, nil, "可以擅自决定"); !got.Negated {
		t.Error("a phrase that denies is affirmed unseen")
	}
}

func TestTheWordsThatMatchAreShown(t *testing.T) {
	answer := "我认为，黨的根本组织原则是民主集中制。"
	got := one(Point{Phrases: []string{"党的根本组织原则"}}, nil, answer)
	var words []string
	for _, s := range got.Spans {
		words = append(words, string([]rune(answer)[s.Start:s.End]))
	}
	if !slices.Equal(words, []string{"黨的根本组织原则"}) {
		t.Errorf("shown: %q", words)
	}
}

// What belongs to a point that is said better is no part of another: no words of it are shown, and it earns nothing.
func TestScrapsOfOtherPointsCountForNothing(t *testing.T) {
	m := NewMatcher(Key{Points: []Point{{Phrases: []string{"民主基础上的集中"}, Weight: 0.6}, {Phrases: []string{"集中指导下的民主"}, Weight: 0.4}}}, nil)
	if got := m.Match("民主基础上的集中"); got.Points[0].Earned != 1 || got.Points[1].Earned != 0 || len(got.Points[1].Spans) != 0 || got.Share != 0.6 {
		t.Errorf("one point said: %+v", got)
	}
	if got := m.Match("民主基础上的集中，还要有集中指导"); got.Points[0].Earned != 1 || got.Points[1].Earned == 0 {
		t.Errorf("the other said in part: %+v", got)
	}
	if got := m.Match("民主基础上的集中和集中指导下的民主"); got.Share != 1 {
		t.Errorf("both said: %+v", got)
	}
}

func TestProposePoints(t *testing.T) {
	texts := func(points []Point) (out []string) {
		for _, p := range points {
			out = append(out, p.Phrases...)
		}
		return out
	}
	for _, c := range []struct {
		question, model string
		want            []string
	}{
		{"按货架的发展分类，货架可分为哪几类？", "按货架的发展分类：传统式货架、新型货架。", []string{"传统式货架", "新型货架"}},
		{"合同可分为什么类型？", "分为客运合同和货运合同。", []string{"客运合同", "货运合同"}},
		{"为什么要维护和平？", "为了世界和平", []string{"为了世界和平"}},
		{"党的纪律有哪些？", "1.政治纪律；2.组织纪律", []string{"政治纪律", "组织纪律"}},
		// The author's own numbers come first, whatever stands between them.
		{"怎样加强党的建设？", "加强党的建设要做到：一是坚持政治引领，把准方向；二是建强支部，抓好骨干；三是从严管理。", []string{"坚持政治引领，把准方向", "建强支部，抓好骨干", "从严管理"}},
		{"怎样开好组织生活会？", "首先要学习谈心，其次要查摆问题、互相批评，最后要抓好整改。", []string{"要学习谈心", "要查摆问题、互相批评", "要抓好整改"}},
		{"入党的程序？", "（1）递交申请；（2）确定积极分子、培养教育；（3）支部大会讨论", []string{"递交申请", "确定积极分子、培养教育", "支部大会讨论"}},
		{"入党的程序？", "①递交申请。②培养教育，考察一年以上。③上级审批", []string{"递交申请", "培养教育，考察一年以上", "上级审批"}},
		{"党员的义务？", "第一，学习理论；第二，执行决议，遵守纪律。以上都要做到", []string{"学习理论", "执行决议，遵守纪律", "以上都要做到"}},
		{"复杂度？", "时间复杂度为O（1），但浪费空间。最坏为O（n），却不溢出", []string{"时间复杂度为O（1），但浪费空间", "最坏为O（n），却不溢出"}},
		{"大会何时召开？", "2022.10.16日召开，会期1.5天", []string{"2022.10.16日召开", "会期1.5天"}},
		// Then sentences; commas only in a single one, and where no part is a scrap.
		{"为什么调查研究？", "调查研究是谋事之基，也是成事之道。没有调查，没有发言权。", []string{"调查研究是谋事之基，也是成事之道", "没有调查，没有发言权"}},
		{"新特点是什么？", "新特点：信息化，网络化，数据库与数据仓库。", []string{"信息化", "网络化", "数据库与数据仓库"}},
		{"怎样做？", "坚持党的领导，依靠人民群众，推进依法治国", []string{"坚持党的领导", "依靠人民群众", "推进依法治国"}},
		{"怎样做？", "在这种情况下，应当依靠人民群众", []string{"在这种情况下，应当依靠人民群众"}},
		{"怎样做？", "首先，要听取大家的意见", []string{"首先，要听取大家的意见"}},
		{"有哪几类数据？", "包括空间数据、属性数据和时间数据等。", []string{"空间数据", "属性数据", "时间数据"}},
		{"Why?", "Keep the top at the end, so the push and pop operations will add or remove at the right side", []string{"Keep the top at the end", "so the push and pop operations will add or remove at the right side"}},
		{"What can it do?", "push and pop", []string{"push", "pop"}},
		{"", "", nil},
	} {
		if got := texts(ProposePoints(c.question, c.model)); !slices.Equal(got, c.want) {
			t.Errorf("%q gives %q, want %q", c.model, got, c.want)
		}
	}
	sum := 0.0
	for _, p := range ProposePoints("", "政治纪律、组织纪律、廉洁纪律") {
		sum += p.Weight
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("weights sum to %v", sum)
	}
}

// A point that more of is said earns no less.
func TestMoreSaidEarnsNoLess(t *testing.T) {
	words := []string{"民主", "集中", "基础", "原则", "纪律", "群众", "监督"}
	m := NewMatcher(Key{Points: []Point{{Phrases: []string{"民主基础上的集中"}, Weight: 2}, {Phrases: []string{"群众监督"}, Weight: 1}}}, nil)
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.SliceOfN(rapid.SampledFrom(words), 0, 6).Draw(t, "said")
		text := ""
		last := 0.0
		for _, w := range append(said, rapid.SampledFrom(words).Draw(t, "more")) {
			text += w + "，"
			got := m.Match(text)
			if got.Share < last-1e-9 || got.Share < 0 || got.Share > 1 {
				t.Fatalf("%q earns %v after %v", text, got.Share, last)
			}
			last = got.Share
		}
	})
}

func FuzzMatch(f *testing.F) {
	f.Add("民主基础上的集中", "不是民主，是集中", "民主")
	f.Add("a gap", "no gap", "\xff")
	f.Fuzz(func(t *testing.T, phrase, answer, synonym string) {
		m := NewMatcher(Key{Question: synonym, Points: []Point{{Phrases: []string{phrase, synonym}, Required: []string{synonym}, Forbidden: []string{phrase}, Weight: 1}},
			Synonyms: [][]string{{phrase, synonym}}}, NewPool([][]Sentence{Sentences(answer), Sentences(phrase)}))
		got := m.Match(answer)
		if !(got.Share >= 0 && got.Share <= 1 && got.Coverage >= 0 && got.Coverage <= 1 && got.Denied >= 0 && got.Denied <= 1) {
			t.Fatalf("%+v", got)
		}
		n := utf8.RuneCountInString(answer)
		for _, s := range got.Points[0].Spans {
			if s.Start < 0 || s.Start > s.End || s.End > n {
				t.Fatalf("span %+v of %d", s, n)
			}
		}
		ProposePoints(synonym, phrase)
	})
}

func BenchmarkMatch(b *testing.B) {
	m := NewMatcher(Key{Question: "什么是民主集中制？", Points: ProposePoints("什么是民主集中制？", "民主集中制是民主基础上的集中和集中指导下的民主相结合，是党的根本组织原则。")}, nil)
	for b.Loop() {
		m.Match("民主集中制就是在民主的基础上集中，在集中的指导下民主，两者结合起来，是我们党的组织原则和领导制度")
	}
}
