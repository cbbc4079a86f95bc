package question

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qiming/internal/fault"
)

func truth(b bool) *bool { return &b }

// samples gives one good item of each kind, with every field of the kind set; the contract suite runs
// on each. A new kind adds its row here.
func samples() map[Kind]Content {
	return map[Kind]Content{
		Single: {Kind: Single, Stem: "中国共产党的最高理想和最终目标是（）。", Difficulty: 1, Explanation: "见总纲。", Source: "《中国共产党章程》总纲",
			Options: []Option{{Text: "实现共产主义", Right: true, Feedback: "正确。"}, {Text: "实现小康"}, {Text: "实现现代化"}}},
		Multiple: {Kind: Multiple, Stem: "党的三大优良作风是（）。", Partial: FixedShare, PartialShare: 0.5, Feedback: "三大作风",
			Options: []Option{{Text: "理论联系实际", Right: true}, {Text: "密切联系群众", Right: true}, {Text: "批评与自我批评", Right: true}, {Text: "艰苦朴素"}}},
		TrueFalse: {Kind: TrueFalse, Stem: "预备党员没有表决权、选举权和被选举权。", Truth: true, Explanation: "党章第七条。"},
		Blanks: {Kind: Blanks, Stem: "中国共产党成立于____年，诞生地是____。", Simplified: true,
			Blanks: []Blank{{Accept: []string{"1921"}, Number: true}, {Accept: []string{"上海*", "嘉兴"}}}},
		Numerical: {Kind: Numerical, Stem: "某支部有党员20人，到会16人，到会率是多少？", UnitPenalty: 0.25, Units: []Unit{{Name: "成", Factor: 0.1}, {Name: "倍", Factor: 1}},
			Ranges: []Range{{Min: 0.8, Max: 0.8, Feedback: "正确。"}, {Min: 0.75, Max: 0.85, Weight: 0.5}}},
		Matching: {Kind: Matching, Stem: "将会议与召开的地点连线。", Partial: ShareOfKey,
			Pairs: []Pair{{Left: "一大", Right: "上海、嘉兴"}, {Left: "古田会议", Right: "福建上杭"}, {Left: "遵义会议", Right: "贵州遵义"}, {Right: "河北平山"}}},
		Ordering: {Kind: Ordering, Stem: "按时间先后排列。", Partial: ShareOfKey,
			Options: []Option{{Text: "五四运动"}, {Text: "中共一大"}, {Text: "南昌起义"}, {Text: "遵义会议"}}},
		Cloze: {Kind: Cloze, Stem: "党的____大报告指出，到本世纪中叶，新中国成立____年时，把我国建成____。", Subs: []Sub{
			{Weight: 1, Content: Content{Kind: Single, Options: []Option{{Text: "十九"}, {Text: "二十", Right: true, Feedback: "对。"}}}},
			{Weight: 1, Content: Content{Kind: Numerical, Ranges: []Range{{Min: 100, Max: 100}}}},
			{Weight: 2, Content: Content{Kind: Blanks, Blanks: []Blank{{Accept: []string{"社会主义现代化强国"}}}}}}},
		Essay: {Kind: Essay, Stem: "结合本职工作，谈谈怎样发挥先锋模范作用。", Model: "一要学习，二要担当。", Attachments: 2,
			Rubric: []Criterion{{Name: "观点", Share: 0.4, Note: "切题"}, {Name: "联系实际", Share: 0.6, Levels: []Level{
				{Title: "充分", Share: 1, Note: "有具体做法", Comment: "联系实际很充分"}, {Title: "不足", Share: 0.25}, {Title: "没有", Share: 0, Comment: "请联系实际"}}}}},
		Material: {Kind: Material, Stem: "某支部有党员20人，其中预备党员2人。支部大会到会正式党员16人。", Subs: []Sub{
			{Content: Content{Kind: TrueFalse, Stem: "本次大会可以开。", Truth: true, Explanation: "过半数。"}},
			{Content: Content{Kind: Multiple, Stem: "大会可以决定（）。", Options: []Option{{Text: "接收预备党员", Right: true}, {Text: "选举支委", Right: true}, {Text: "修改党章"}}}},
			{Content: Content{Kind: Cloze, Stem: "正式党员____人。", Subs: []Sub{{Content: Content{Kind: Numerical, Ranges: []Range{{Min: 18, Max: 18}}}}}}}}},
		Short: {Kind: Short, Stem: "简述“四个意识”。", Model: "政治意识、大局意识、核心意识、看齐意识。", Explanation: "解析在此。"},
	}
}

// TestKindContract is what holds for an item of every kind.
func TestKindContract(t *testing.T) {
	if len(samples()) != len(Kinds) {
		t.Fatalf("%d samples for %d kinds", len(samples()), len(Kinds))
	}
	for _, k := range Kinds {
		t.Run(string(k), func(t *testing.T) {
			c := samples()[k]
			Prepare(&c)
			t.Run("prepare is idempotent", func(t *testing.T) {
				again := c
				Prepare(&again)
				if d := cmp.Diff(c, again); d != "" {
					t.Error(d)
				}
			})
			t.Run("valid", func(t *testing.T) {
				if p := Validate(c); len(p) != 0 {
					t.Errorf("refused: %v", p)
				}
				for name, spoil := range map[string]func(*Content){
					"no stem":        func(c *Content) { c.Stem = "" },
					"long stem":      func(c *Content) { c.Stem += strings.Repeat("长", MaxStem) },
					"difficulty 6":   func(c *Content) { c.Difficulty = MaxDifficulty + 1 },
					"difficulty -1":  func(c *Content) { c.Difficulty = -1 },
					"long source":    func(c *Content) { c.Source = strings.Repeat("源", MaxSource+1) },
					"long feedback":  func(c *Content) { c.Feedback = strings.Repeat("馈", MaxFeedback+1) },
					"long explained": func(c *Content) { c.Explanation = strings.Repeat("解", MaxText+1) },
				} {
					bad := c
					spoil(&bad)
					if len(Validate(bad)) == 0 {
						t.Errorf("%s is accepted", name)
					}
				}
			})
			t.Run("the right answer", func(t *testing.T) {
				r := RightAnswer(c)
				if err := Check(c, r); err != nil {
					t.Errorf("refused: %v", err)
				}
				if !Answered(c, r) {
					t.Error("counts as unanswered")
				}
				if gap := Lacks(c, r); gap != Whole {
					t.Errorf("lacks %q", gap)
				}
				if m := Grade(c, r); m.Fraction != 1 && !m.Human {
					t.Errorf("mark %+v", m)
				}
			})
			t.Run("no answer", func(t *testing.T) {
				if err := Check(c, Response{}); err != nil {
					t.Errorf("refused: %v", err)
				}
				if Answered(c, Response{}) || Lacks(c, Response{}) != NoAnswer {
					t.Error("counts as answered")
				}
				if m := Grade(c, Response{}); m.Fraction != 0 || m.Human {
					t.Errorf("mark %+v", m)
				}
			})
			t.Run("answers of other kinds are refused and earn nothing", func(t *testing.T) {
				for other, foreign := range samples() {
					Prepare(&foreign)
					r := RightAnswer(foreign)
					if other == k {
						continue
					}
					m := Grade(c, r)
					if m.Fraction != 0 {
						t.Errorf("%s: mark %+v", other, m)
					}
					if text := []Kind{Short, Essay, Numerical}; slices.Contains(text, k) && slices.Contains(text, other) {
						continue // a text like any other
					}
					err := Check(c, r)
					if !fault.Is(err, fault.Invalid) || fault.KeyOf(err) != "response.invalid" {
						t.Errorf("%s: %v", other, err)
					}
				}
			})
			t.Run("a taker sees no key", func(t *testing.T) {
				marked := markSecrets(c)
				text, err := json.Marshal(Present(marked, []int{1, 0}))
				if err != nil {
					t.Fatal(err)
				}
				for _, secret := range []string{"SECRET", `"right"`, `"truth"`, `"accept"`, `"pairs"`, `"ranges"`, `"factor"`, "explanation", "feedback", "source", `"weight"`} {
					if strings.Contains(string(text), secret) {
						t.Errorf("%s leaks %s", text, secret)
					}
				}
				flipped := c
				flipped.Truth = !c.Truth
				flipped.Options = slices.Clone(c.Options)
				for i := range flipped.Options {
					flipped.Options[i].Right = !flipped.Options[i].Right
				}
				if d := cmp.Diff(Present(c, nil), Present(flipped, nil)); d != "" {
					t.Errorf("the key shows: %s", d)
				}
			})
			t.Run("reveal shows explanation and key", func(t *testing.T) {
				key := Reveal(c)
				if key.Explanation != c.Explanation || key.Source != c.Source || key.Feedback != c.Feedback {
					t.Errorf("%+v", key)
				}
				if len(key.Options)+len(key.Accepted)+len(key.Model)+len(key.Ranges)+len(key.Pairs)+len(key.Subs) == 0 && key.Truth == nil {
					t.Errorf("no key: %+v", key)
				}
			})
			t.Run("JSON keeps everything", func(t *testing.T) {
				text, err := json.Marshal(c)
				if err != nil {
					t.Fatal(err)
				}
				var back Content
				if err := json.Unmarshal(text, &back); err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(c, back); d != "" {
					t.Error(d)
				}
				r, backR := RightAnswer(c), Response{}
				text, _ = json.Marshal(r)
				if err := json.Unmarshal(text, &backR); err != nil || !reflect.DeepEqual(r, backR) {
					t.Errorf("%s: %v %+v", text, err, backR)
				}
			})
			t.Run("a change of kind leaves nothing behind", func(t *testing.T) {
				for _, other := range Kinds {
					changed := c
					changed.Kind = other
					Prepare(&changed)
					back := changed
					back.Kind = k
					Prepare(&back)
					if other == Short && (changed.Options != nil || changed.Blanks != nil || changed.Truth || changed.Pairs != nil || changed.Ranges != nil || changed.Units != nil || changed.Subs != nil || changed.Rubric != nil) {
						t.Errorf("as %s: %+v", other, changed)
					}
					if other == TrueFalse && (changed.Options != nil || changed.Blanks != nil || changed.Model != "") {
						t.Errorf("as %s: %+v", other, changed)
					}
				}
			})
		})
	}
}

// markSecrets writes SECRET into every text that only authors and reviews may see.
func markSecrets(c Content) Content {
	c.Explanation, c.Source, c.Feedback, c.Model = "SECRET", "SECRET", "SECRET", "SECRET"
	c.Options, c.Blanks = slices.Clone(c.Options), slices.Clone(c.Blanks)
	for i := range c.Options {
		c.Options[i].Feedback = "SECRET"
	}
	for i := range c.Blanks {
		c.Blanks[i].Accept = []string{"SECRET"}
	}
	c.Ranges = slices.Clone(c.Ranges)
	for i := range c.Ranges {
		c.Ranges[i].Feedback = "SECRET"
	}
	c.Subs = slices.Clone(c.Subs)
	for i := range c.Subs {
		c.Subs[i].Content = markSecrets(c.Subs[i].Content)
	}
	return c
}

func TestUnknownKind(t *testing.T) {
	c := Content{Kind: "hologram", Stem: "?"}
	Prepare(&c)
	if p := Validate(c); len(p) != 1 || p[0].Key != "question.kind_unknown" {
		t.Errorf("validate: %v", p)
	}
	if Check(c, Response{}) == nil || Grade(c, Response{Text: "x"}).Fraction != 0 || Present(c, nil).Kind != "hologram" {
		t.Error("an unknown kind must be refused, earn nothing and still show its stem")
	}
}

func TestOptionIDs(t *testing.T) {
	c := Content{Kind: Single, Stem: "s", Options: []Option{{Text: " 甲 "}, {Text: "乙", Right: true}, {Text: "甲"}, {ID: "keep", Text: "丙"}, {ID: "keep", Text: "丁"}}}
	Prepare(&c)
	seen := map[string]bool{}
	for _, o := range c.Options {
		if o.ID == "" || seen[o.ID] {
			t.Errorf("id %q is empty or taken", o.ID)
		}
		seen[o.ID] = true
	}
	if c.Options[3].ID != "keep" {
		t.Errorf("a given id became %q", c.Options[3].ID)
	}
	swapped := Content{Kind: Single, Stem: "s", Options: []Option{{Text: "乙"}, {Text: "甲", Right: true}}}
	Prepare(&swapped)
	if swapped.Options[0].ID != c.Options[1].ID || swapped.Options[1].ID != c.Options[0].ID {
		t.Error("ids must follow from the text alone, not from place or key")
	}
}

// TestShuffledItem: any order is a permutation of the options and changes no mark.
func TestShuffledItem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(MinOptions, MaxOptions).Draw(t, "n")
		c := Content{Kind: Multiple, Stem: "s", Partial: rapid.SampledFrom([]PartialRule{AllOrNothing, FixedShare, ShareOfKey}).Draw(t, "rule"),
			PartialShare: rapid.Float64Range(0.01, 1).Draw(t, "share")}
		for i := range n {
			c.Options = append(c.Options, Option{Text: strings.Repeat("选", i+1), Right: i == 0 || rapid.Bool().Draw(t, "right")})
		}
		Prepare(&c)
		if p := Validate(c); len(p) > 0 {
			t.Fatalf("%v", p)
		}
		item := Present(c, rapid.SliceOf(rapid.IntRange(-2, MaxOptions+2)).Draw(t, "order"))
		if len(item.Options) != n {
			t.Fatalf("%d options of %d", len(item.Options), n)
		}
		var r Response
		wrong, hit := false, 0
		for _, choice := range item.Options {
			o := c.Options[slices.IndexFunc(c.Options, func(o Option) bool { return o.ID == choice.ID })]
			if rapid.Bool().Draw(t, "chosen") {
				r.Choices = append(r.Choices, choice.ID)
				wrong = wrong || !o.Right
				if o.Right {
					hit++
				}
			}
		}
		if err := Check(c, r); err != nil {
			t.Fatal(err)
		}
		m := Grade(c, r)
		all := hit == len(rightOptions(c))
		switch {
		case m.Fraction < 0 || m.Fraction > 1:
			t.Fatalf("mark %v", m.Fraction)
		case (wrong || hit == 0) && m.Fraction != 0:
			t.Fatalf("a wrong or empty set earns %v", m.Fraction)
		case !wrong && all && m.Fraction != 1:
			t.Fatalf("the whole set earns %v", m.Fraction)
		case !wrong && hit > 0 && !all && (m.Fraction > 0) != (c.Partial != AllOrNothing):
			t.Fatalf("%d right under %s earn %v", hit, c.Partial, m.Fraction)
		}
	})
}
