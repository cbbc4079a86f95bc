package printing

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qiming/exam/question"
)

var update = flag.Bool("update", false, "write the golden files anew")

const drawing = "![支部人数](media:0123456789abcdef0123456789abcdef)"

// contents is an item of every kind; everything secret in it says so.
func contents() []question.Content {
	secret := func(c question.Content) question.Content {
		c.Explanation, c.Source, c.Feedback = "密：解析", "密：依据", "密：反馈"
		return c
	}
	return []question.Content{
		secret(question.Content{Kind: question.Single, Stem: "根本宗旨是（ ）。", Options: []question.Option{
			{ID: "o1", Text: "全心全意为人民服务", Feedback: "密：选项"}, {ID: "o2", Text: "甲", Right: true}, {ID: "o3", Text: "乙"}, {ID: "o4", Text: "丙"}}}),
		secret(question.Content{Kind: question.Multiple, Stem: "“三会”包括", Partial: question.FixedShare, PartialShare: 0.5, Options: []question.Option{
			{ID: "o1", Text: "大会", Right: true}, {ID: "o2", Text: "委员会", Right: true}, {ID: "o3", Text: "小组会", Right: true}, {ID: "o4", Text: "谈心"}}}),
		secret(question.Content{Kind: question.TrueFalse, Stem: "预备期为一年。", Truth: true}),
		secret(question.Content{Kind: question.Blanks, Stem: "成立于____年，在____。", AnyOrder: true, Blanks: []question.Blank{{Accept: []string{"密1921", "密一九二一"}}, {Accept: []string{"密上海"}}}}),
		secret(question.Content{Kind: question.Numerical, Stem: "全长多少？" + drawing, Ranges: []question.Range{{Min: 77001.5, Max: 77002.5, Weight: 1}, {Min: 9, Max: 9, Weight: 0.5}},
			Units: []question.Unit{{Name: "千米", Factor: 1}, {Name: "米", Factor: 0.001}}}),
		secret(question.Content{Kind: question.Matching, Stem: "连线。", KeepOrder: true, Pairs: []question.Pair{{ID: "p1", Left: "古田", Right: "福建"}, {ID: "p2", Left: "遵义", Right: "贵州"}, {Right: "陕西"}}}),
		secret(question.Content{Kind: question.Ordering, Stem: "按时间排列。", Options: []question.Option{{ID: "b", Text: "五四运动"}, {ID: "a", Text: "建党"}, {ID: "c", Text: "南昌起义"}}}),
		secret(question.Content{Kind: question.Cloze, Stem: "第____次大会于____年召开，共____千米。", Subs: []question.Sub{
			{Content: question.Content{Kind: question.Single, Stem: question.Gap, Options: []question.Option{{ID: "x", Text: "十九"}, {ID: "y", Text: "二十", Right: true}}}},
			{Content: question.Content{Kind: question.Blanks, Stem: question.Gap, Blanks: []question.Blank{{Accept: []string{"密2022"}}}}},
			{Content: question.Content{Kind: question.Numerical, Stem: question.Gap, Ranges: []question.Range{{Min: 98765, Max: 98765, Weight: 1}}}}}}),
		secret(question.Content{Kind: question.Short, Stem: "简述。", Model: "密：要点"}),
		secret(question.Content{Kind: question.Essay, Stem: `面积 \(S=\pi r^2\)，论述。`, Model: "密：范文", Attachments: 1, Rubric: []question.Criterion{{Name: "观点", Share: 0.4, Note: "是给阅卷人的"}, {Name: "实际", Share: 0.6, Levels: []question.Level{{Title: "充分", Share: 1, Comment: "密：评语"}, {Title: "没有"}}}}}),
		secret(question.Content{Kind: question.TrueFalse, Stem: "符合要求", Passage: "某支部开会。", Truth: false}),
		secret(question.Content{Kind: question.Single, Stem: "应到（　　）人", Passage: "某支部开会。", Options: []question.Option{{ID: "o1", Text: "15"}, {ID: "o2", Text: "18", Right: true}}}),
	}
}

func source(keys bool) Source {
	opens := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	src := Source{Organisation: "机关党委", Title: "三月测试", Label: "B", Number: 2, Opens: &opens, Zone: time.FixedZone("CST", 8*3600), Minutes: 60, Points: 40,
		Sections: []Part{{Title: "选择与判断", Limit: 630}, {Title: "二、其他", Instructions: "写在题后。"}, {}, {Title: ""}}}
	for i, c := range contents() {
		slot := Slot{Number: i + 1, Points: 2, Item: question.Present(c, nil)}
		part := &src.Sections[0]
		switch {
		case i >= 10:
			part, slot.Group = &src.Sections[3], "material"
		case i >= 2:
			part, slot.Points = &src.Sections[1], float64(i)
		}
		if keys {
			slot.Key = &c
		}
		part.Items = append(part.Items, slot)
	}
	return src
}

func items(p Paper) []Item {
	var list []Item
	for _, s := range p.Sections {
		list = append(list, s.Items...)
	}
	return list
}

func TestEveryKindIsLaidOut(t *testing.T) {
	got := items(Lay(source(true)))
	for i, want := range []struct {
		stem, reply, answer, points string
		options, columns, lines     int
		mark                        Mark
		notes, rules                string
	}{
		{stem: "根本宗旨是（　　）。", answer: "B", options: 4, columns: 2, mark: Letters},
		{stem: "“三会”包括（　　）", answer: "ABC", options: 4, columns: 4, mark: Letters, notes: "漏选得该题分值的50%", rules: "（评分：漏选得50%；错选不得分）"},
		{stem: "预备期为一年。（　　）", answer: "√", points: "（2分）", mark: Letters},
		{stem: "成立于________年，在________。", answer: "密1921/密一九二一；密上海", points: "（3分）", mark: OneLine, notes: "不分先后", rules: "（评分：各空不分先后）"},
		{stem: "全长多少？" + drawing, reply: "答：________________　单位：________", answer: "77001.5～77002.5 千米；9 千米（得50%）", points: "（4分）", mark: OneLine, notes: "千米、米", rules: "（评分：也可用米，1米＝0.001千米；单位缺或错不扣分）"},
		{stem: "连线。", reply: "答：①（　　）　②（　　）", answer: "①B ②C", points: "（5分）", mark: Letters, notes: "右列的字母", rules: "（评分：全对才得分）"},
		{stem: "按时间排列。", reply: "正确的顺序：________________", options: 3, columns: 2, points: "（6分）", mark: Letters, rules: "（评分：全对才得分）"},
		{stem: "第__(1)____次大会于__(2)____年召开，共__(3)____千米。", answer: "(1) B；(2) 密2022；(3) 98765", points: "（7分）", mark: OneLine, rules: "（评分：第1空，占33.33%；第2空，占33.33%；第3空，占33.33%）"},
		{stem: "简述。", answer: "密：要点", lines: 8, points: "（8分）", mark: Writing},
		{stem: `面积 \(S=\pi r^2\)，论述。`, answer: "密：范文", lines: 14, points: "（9分）", mark: Writing, notes: "观点（40%）", rules: "（评分：观点 40%：是给阅卷人的；实际 60%（充分 100%，没有 0%））"},
		{stem: "符合要求（　　）", answer: "×", mark: Letters},
		{stem: "应到（　　）人", answer: "B", options: 2, columns: 2, mark: Letters},
	} {
		item := got[i]
		if item.Stem != want.stem || item.Reply != want.reply || item.Points != want.points || len(item.Options) != want.options || item.Columns != want.columns ||
			item.Lines != want.lines || item.Mark != want.mark || !strings.Contains(strings.Join(item.Notes, " "), want.notes) {
			t.Errorf("%s: %+v", item.Kind, item)
		}
		if want.answer != "" && item.Key.Answer != want.answer || strings.Join(item.Key.Lines[1:], " ") != strings.TrimLeft(want.rules+" 解析：密：解析 依据：密：依据", " ") {
			t.Errorf("%s: key %+v", item.Kind, item.Key)
		}
	}
	// The letters of an ordering are those of its options as they are printed.
	order := ""
	for _, letter := range got[6].Key.Answer {
		order += got[6].Options[letter-'A'].Text + " "
	}
	if order != "五四运动 建党 南昌起义 " {
		t.Errorf("ordering: %s of %+v", order, got[6].Options)
	}
	if got[10].Passage != "某支部开会。" || got[10].PassageNote != "阅读下面的材料，回答第11～12题。" || got[11].Passage != "" {
		t.Errorf("material: %+v, %+v", got[10], got[11])
	}
}

// What is not simply right or wrong is said to whoever marks on paper, in the letters of the paper.
func TestAKeySaysTheMarkingRules(t *testing.T) {
	options := []question.Option{{ID: "a", Text: "甲", Weight: 1}, {ID: "b", Text: "乙", Weight: 0.5}, {ID: "c", Text: "丙"}}
	costly := []question.Option{{ID: "a", Text: "甲", Weight: 0.5}, {ID: "b", Text: "乙", Weight: -0.5}, {ID: "c", Text: "丙", Weight: 0.5}}
	units := []question.Unit{{Name: "公斤", Factor: 1}, {Name: "克", Factor: 0.001}}
	for want, c := range map[string]question.Content{
		"":                   {Kind: question.TrueFalse, Truth: true},
		"A 100%；B 50%；其余不得分": {Kind: question.Single, Partial: question.ByWeight, Options: options},
		"A 50%；B -50%；C 50%；所选各项相加；选了扣分项的，合计不超过 0": {Kind: question.Multiple, Partial: question.ByWeight, Options: costly},
		"全对才得分": {Kind: question.Multiple, Options: options},
		"漏选按选对的比例得分；错选不得分":                   {Kind: question.Multiple, Partial: question.ShareOfKey, Options: options},
		"按连对的比例得分":                           {Kind: question.Matching, Partial: question.ShareOfKey},
		"也可用克，1克＝0.001公斤；数对而单位缺或错的扣50%":      {Kind: question.Numerical, Units: units, UnitPenalty: 0.5},
		"第1空，占75%；第2空，占25%，误差±0.5以内算对；区分大小写": {Kind: question.Blanks, MatchCase: true, Blanks: []question.Blank{{Weight: 3}, {Weight: 1, Tolerance: 0.5}}},
	} {
		if got := strings.Join(marking(question.Present(c, nil), c), "；"); got != want {
			t.Errorf("%s: %q, want %q", c.Kind, got, want)
		}
	}
	shuffled := question.Content{Kind: question.Single, Partial: question.ByWeight, Options: options}
	if got := strings.Join(marking(question.Present(shuffled, []int{2, 1, 0}), shuffled), "；"); got != "B 50%；C 100%；其余不得分" {
		t.Errorf("shuffled: %q", got)
	}
}

func TestSectionsSayWhatTheyHold(t *testing.T) {
	p := Lay(source(false))
	var headings []string
	for _, s := range p.Sections {
		headings = append(headings, s.Heading)
	}
	if want := "一、选择与判断（共2题，每题2分，计4分，限时10.5分钟）|二、其他（共8题，计44分）|三、试题（共2题，每题2分，计4分）"; strings.Join(headings, "|") != want {
		t.Errorf("%q", headings)
	}
	if p.Head.Facts[0] != "时间：2026年3月2日 09:00" || p.Head.Label != "B卷" || p.Head.Footer != "三月测试 B卷（第2版）" || p.Head.Draft {
		t.Errorf("%+v", p.Head)
	}
	truths := Source{Label: "A", Sections: []Part{{Items: []Slot{{Number: 1, Points: 1.5, Item: question.Item{Kind: question.TrueFalse, Stem: "对吗"}}}}}}
	p = Lay(truths)
	if p.Sections[0].Heading != "一、判断题（共1题，计1.5分）" || !strings.Contains(p.Sections[0].Instructions, "√") || !p.Head.Draft || p.Head.Footer != " A卷 样卷" {
		t.Errorf("%+v", p)
	}
	for n, want := range map[int]string{1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 100: "100"} {
		if got := numeral(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

func TestNoKeyWithoutKeys(t *testing.T) {
	p := Lay(source(false))
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{"layout": string(text), "word": wordText(t, p, Word{Keys: AtEnd, Sheet: true})} {
		for _, secret := range []string{"密", "是给阅卷人的", "77001", "98765", "答案：", `"key"`} {
			if strings.Contains(text, secret) {
				t.Errorf("the %s tells %s: %s", what, secret, text)
			}
		}
	}
	if p.Keyed || !Lay(source(true)).Keyed {
		t.Error("a paper says wrongly whether it holds keys")
	}
}

func TestAPaperLooksAsItDid(t *testing.T) {
	text, err := json.MarshalIndent(Lay(source(true)), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "paper.json", append(text, '\n'))
	golden(t, "paper.xml", []byte(strings.ReplaceAll(part(t, Lay(source(true)), Word{Keys: Beneath, Sheet: true}, "word/document.xml"), "<w:p>", "\n<w:p>")+"\n"))
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(got) {
		t.Errorf("%s is another; look at the difference and run the test with -update:\n%s", path, got)
	}
}

func TestTextsAreTakenApart(t *testing.T) {
	for text, want := range map[string][]Span{
		"":            {{}},
		"字":           {{Text: "字"}},
		"a" + drawing: {{Text: "a"}, {Media: "0123456789abcdef0123456789abcdef", Alt: "支部人数"}},
		`x\(a\)y`:     {{Text: "x"}, {TeX: "a"}, {Text: "y"}},
		"$$b\nc$$":    {{TeX: "b\nc", Display: true}},
		`\[d\]`:       {{TeX: "d", Display: true}},
		`\(  \)`:      {{Text: `\(  \)`}},
		"$5 和 $6":     {{Text: "$5 和 $6"}},
	} {
		got := Spans(text)
		if len(got) != len(want) {
			t.Errorf("%q: %+v", text, got)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%q: %+v", text, got)
			}
		}
	}
}
