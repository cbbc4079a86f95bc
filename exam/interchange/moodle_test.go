package interchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"qiming/exam/question"
	"qiming/media"
)

func readMoodle(t *testing.T, data []byte) Parsed {
	t.Helper()
	p := Read(Source{Name: "bank.xml", Data: data})
	if p.Format != Moodle || p.Unreadable() {
		t.Fatalf("%s %+v", p.Format, p.Problems)
	}
	return p
}

// sketch gives a record in a line: problems, kind, what is right.
func sketch(r Record) string {
	c := r.Item.Content
	out := []string{strings.Join(codesOf(r), ","), string(c.Kind), c.Stem}
	for _, o := range c.Options {
		text := o.Text
		if o.Right {
			text += "+"
		}
		if o.Weight != 0 {
			text += number(o.Weight)
		}
		if o.Feedback != "" {
			text += "#" + o.Feedback
		}
		out = append(out, text)
	}
	for _, b := range c.Blanks {
		out = append(out, strings.Join(b.Accept, "/"))
	}
	for _, x := range c.Ranges {
		out = append(out, fmt.Sprintf("%v~%v %v%s", x.Min, x.Max, x.Weight, x.Feedback))
	}
	for _, u := range c.Units {
		out = append(out, u.Name+"="+number(u.Factor))
	}
	for _, p := range c.Pairs {
		out = append(out, p.Left+"→"+p.Right)
	}
	for _, s := range c.Subs {
		out = append(out, "("+sketch(Record{Item: Item{Content: s.Content}})+" w"+number(s.Weight)+")")
	}
	return strings.Join(out, " | ")
}

// Every type of Moodle is read as the kind that covers it, or named.
func TestMoodleTypes(t *testing.T) {
	data, err := os.ReadFile("testdata/types.moodle.xml")
	if err != nil {
		t.Fatal(err)
	}
	p := readMoodle(t, data)
	if len(p.Files) != 1 {
		t.Fatalf("%d files", len(p.Files))
	}
	picture := ""
	for id, f := range p.Files {
		picture = mediaText("会址", id)
		if f.Name != "会址 1.png" || f.Kind.Type != "image/png" {
			t.Errorf("%+v", f.Name)
		}
	}
	want := []string{
		"moodle.markup | single | 看图" + picture + "，一大在哪里召开？ | 上海+#对 | 北京",
		" | multiple | 多选按权重 | 甲+0.5 | 乙+0.5 | 丙-0.5 | 丁",
		" | multiple | 多选按比例 | 甲+ | 乙+ | 丙+ | 丁",
		" | single | 单选按权重 | 甲+1 | 乙0.5 | 丙-0.25",
		"gift.feedback | truefalse | 预备期为两年。",
		"gift.partial,gift.feedback | blanks | 首都是____。 | Bei*/\\*星",
		" | blanks | 哪一年成立？\n请写数字。 ____ | 1921",
		" | numerical | 长度 | 3.13~3.15 1准 | 2.8~3.2 0.5 | m=1 | km=1000",
		" | matching | 连线 | 一大→上海 | 古田会议→福建 & 上杭 | →贵州",
		"moodle.template | essay | 谈谈体会",
		" | cloze | 一大于____年在____召开。 | ( | single | ____ | 1921+ | 1949 w0) | ( | single | ____ | 上海+ | 北京 w0)",
		" | cloze | ____先于____ | ( | single | ____ | 甲+ | 乙 | 丙 w0) | ( | single | ____ | 甲 | 乙 | 丙+ w0)",
		" | ordering | 排序 | 一 | 二 | 三",
		" | cloze | 党的____大有____人，在____。 | ( | single | ____ | 十八#不是 | 十九+1#对 | 二十0.5 w1) | ( | numerical | ____ | 2275~2285 1 | 1700~2300 0.5 w2) | ( | blanks | ____ | 北京/北}平 w1)",
		" | blanks | 首都____，年份____。 | 北京/Beijing | 1949",
		"moodle.several | cloze | 选____ | ( | single | ____ w0)",
		"moodle.description |  | 说明文字",
		"moodle.kind |  | 随机",
		"moodle.kind |  | {a}+{b}",
		"moodle.hidden,media.remote,media.missing,moodle.markup | essay | 第一段\n第二段\n换行\n• 一\n• 二\na | b\n链接（https://x.cn/a） H\\({}_{2}\\)O \\(x^2\\) <b> ［外图］［no.png］",
	}
	if len(p.Records) != len(want) {
		t.Fatalf("%d records", len(p.Records))
	}
	for i, r := range p.Records {
		if got := sketch(r); got != want[i] {
			t.Errorf("%d\n got %q\nwant %q", i+1, got, want[i])
		}
		if r.Item.Row != i+1 || !slices.Equal(r.Item.Category, []string{"党史", "一大/二大"}) || r.Item.Points != 2 {
			t.Errorf("%d: %+v", i+1, r.Item)
		}
	}
	first := p.Records[0].Item
	if first.ExternalID != "M-1" || !slices.Equal(first.Tags, []string{"地点", "一大"}) || !first.Content.KeepOrder || first.Content.Explanation != "见《党史》。" || first.Content.Feedback != "" {
		t.Errorf("%+v", first)
	}
	if c := p.Records[1].Item.Content; c.Feedback != "好" || c.Partial != question.ByWeight {
		t.Errorf("%+v", c)
	}
	if c := p.Records[9].Item.Content; c.Model != "言之有理即可" || c.Attachments != question.MaxFiles {
		t.Errorf("%+v", c)
	}
	r, _ := account(p, book{}, question.MaxDepth)
	if !r.Accounted() || r.Refused() != 4 {
		t.Errorf("%+v", r.Problems)
	}
}

// What was read is written, and read again, to the same.
func TestMoodleAgain(t *testing.T) {
	data, err := os.ReadFile("testdata/types.moodle.xml")
	if err != nil {
		t.Fatal(err)
	}
	p := readMoodle(t, data)
	var items []Item
	for _, r := range p.Records {
		if !r.Refused() {
			items = append(items, r.Item)
		}
	}
	again := func(items []Item, files map[string]File) (string, Parsed) {
		var out bytes.Buffer
		if _, err := Write(&out, Moodle, items, func(id string) (File, error) { return files[id], nil }); err != nil {
			t.Fatal(err)
		}
		return out.String(), readMoodle(t, out.Bytes())
	}
	first, back := again(items, p.Files)
	var second []Item
	for i, r := range back.Records {
		if !alike(items[i], r.Item) || len(r.Problems) > 0 {
			t.Errorf("%s\n%s %+v", sketch(Record{Item: items[i]}), sketch(r), r.Problems)
		}
		second = append(second, r.Item)
	}
	if text, _ := again(second, back.Files); text != first {
		t.Error("the second export differs")
	}
}

// Pictures come back wherever they stood, with their names.
func TestMoodlePictures(t *testing.T) {
	a, b := picture(t, 10), picture(t, 20)
	items := append(withPictures(a, b), Item{Content: question.Content{Kind: question.Cloze, Stem: "图" + mediaText("}~#=", media.ID(a)) + "是____", Subs: []question.Sub{{Content: question.Content{
		Kind: question.Single, Options: []question.Option{{Text: mediaText("甲", media.ID(b)), Right: true}, {Text: "乙"}}}}}}})
	question.Prepare(&items[len(items)-1].Content)
	var out bytes.Buffer
	if lost, err := Write(&out, Moodle, items, shelf(t, a, b)); err != nil || codes(lost)["media.missing"] > 0 {
		t.Fatal(lost, err)
	}
	p := readMoodle(t, out.Bytes())
	if len(p.Files) != 2 || p.Files[media.ID(a)].Name != "图一.png" || !bytes.Equal(p.Files[media.ID(b)].Data, b) {
		t.Errorf("%d files", len(p.Files))
	}
	order := sorted(items)
	for i, r := range p.Records {
		if !alike(order[i], r.Item) || len(r.Problems) > 0 {
			t.Errorf("%+v\n%+v", order[i].Content, r)
		}
	}
	if strings.Contains(regexp.MustCompile("(?s)<!--.*?-->").ReplaceAllString(out.String(), ""), "media:") {
		t.Error("a mark of ours stands where other programs read")
	}
	out.Reset()
	lost, err := Write(&out, Moodle, items[:1], nil)
	if err != nil || codes(lost)["media.missing"] == 0 || !strings.Contains(out.String(), "［会址］") {
		t.Errorf("%v %+v", err, lost)
	}
}

func TestMoodleOfTheDemo(t *testing.T) {
	data, err := os.ReadFile("../../app/demo/questions.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	own, err := json.Marshal(map[string]any{"format": jsonName, "version": 1, "questions": list})
	if err != nil {
		t.Fatal(err)
	}
	var items []Item
	for _, r := range Read(Source{Data: own}).Records {
		items = append(items, r.Item)
	}
	if len(items) < 90 {
		t.Fatalf("%d questions", len(items))
	}
	roundTrip(t, Moodle, items)
}

// A material whose file was edited is read from its parts; one cut short too.
func TestAnEditedMoodleQuestionWins(t *testing.T) {
	material := Item{Points: 3, Content: question.Content{Kind: question.Material, Stem: "材料", Difficulty: 4, Subs: []question.Sub{
		{Weight: 1, Content: question.Content{Kind: question.TrueFalse, Stem: "小题一", Truth: true}},
		{Weight: 2, Content: question.Content{Kind: question.Single, Stem: "小题二", Options: []question.Option{{Text: "甲", Right: true}, {Text: "乙"}}}}}}}
	question.Prepare(&material.Content)
	var out bytes.Buffer
	if _, err := Write(&out, Moodle, []Item{material}, nil); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if r := readMoodle(t, []byte(text)).Records[0]; !alike(material, r.Item) || len(r.Problems) > 0 {
		t.Errorf("%+v", r)
	}
	last := strings.LastIndex(text, "<question type")
	r := readMoodle(t, []byte(text[:last]+strings.Replace(text[last:], "<p>小题二", "<p>改过的", 1))).Records[0]
	if c := r.Item.Content; r.Refused() || codes(r.Problems)["whole.changed"] != 1 || c.Difficulty != 0 || len(c.Subs) != 2 || c.Subs[1].Content.Stem != "改过的" || c.Subs[1].Weight != 2 {
		t.Errorf("%+v", r)
	}
	cut := text[:last] + "</quiz>"
	p := readMoodle(t, []byte(cut))
	if len(p.Records) != 1 || len(p.Records[0].Item.Content.Subs) != 1 || p.Records[0].Refused() {
		t.Errorf("%+v", p.Records)
	}
	r = readMoodle(t, []byte(strings.Replace(text, ownMark+`{"of"`, ownMark+`{"off"`, 1))).Records[0]
	if r.Refused() || r.Item.Content.Difficulty != 0 {
		t.Errorf("a whole of nothing is believed: %+v", r)
	}
}

func TestMoodleCategories(t *testing.T) {
	for path, want := range map[string][]string{
		"$course$/top/党史/一大":      {"党史", "一大"},
		"$course$/党史":             {"党史"},
		"$system$/top":            nil,
		"top/a":                   {"a"},
		"$course$/top/top/a":      {"top", "a"},
		"$course$/top/一//二/ 三 ":   {"一/二", "三"},
		"党史":                      {"党史"},
		"$course$/top/党史/$x$/y":   {"党史", "$x$", "y"},
		"$course$/top/a////b/c//": {"a//b", "c/"},
	} {
		if got := moodleCategory(path); !slices.Equal(got, want) {
			t.Errorf("%s: %q", path, got)
		}
	}
	for _, path := range [][]string{nil, {"top"}, {"a/b", "top"}, {"$x$"}, {"党史", "一大"}} {
		if got := moodleCategory(moodleCategoryPath(path)); !slices.Equal(got, path) {
			t.Errorf("%q became %q", path, got)
		}
	}
}

func quiz(body string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><quiz>` + body + `</quiz>`
}

const trueQuestion = `<question type="truefalse"><questiontext format="html"><text>真的</text></questiontext><answer fraction="100"><text>true</text></answer></question>`

func TestMoodleEncodings(t *testing.T) {
	text := strings.Replace(quiz(trueQuestion), "UTF-8", "GB2312", 1)
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"gbk": gbk, "declared wrongly": text, "utf-16": utf16(quiz(trueQuestion)), "bom": "\ufeff" + quiz(trueQuestion),
		"none": "<quiz>" + trueQuestion + "</quiz>", "control": strings.Replace(quiz(trueQuestion), "真的", "真\x0b的", 1)} {
		if p := readMoodle(t, []byte(data)); len(p.Records) != 1 || p.Records[0].Item.Content.Stem != "真的" {
			t.Errorf("%s: %+v", name, p.Records)
		}
	}
	only(t, Read(Source{Name: "a.xml", Data: []byte(strings.Replace(gbk, "GB2312", "shift_jis", 1))}), "xml.charset")
}

func TestHostileXML(t *testing.T) {
	for name, c := range map[string]struct{ code, text string }{
		"bomb":     {"xml.doctype", `<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><quiz>&b;</quiz>`},
		"outside":  {"xml.doctype", `<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz></quiz>`},
		"later":    {"xml.doctype", quiz(`<question type="truefalse"><!ENTITY a "x"></question>`)},
		"unknown":  {"xml.syntax", quiz(strings.Replace(trueQuestion, "真的", "&b;", 1))},
		"deep":     {"xml.large", quiz("<question>" + strings.Repeat("<a>", maxXMLDepth))},
		"many":     {"xml.large", quiz("<question>" + strings.Repeat("<a/>", maxXMLNodes+1) + "</question>")},
		"unclosed": {"xml.syntax", "<quiz>" + trueQuestion[:80]},
		"cut":      {"xml.syntax", "<quiz>" + trueQuestion},
		"root":     {"moodle.root", "<a><quiz></quiz></a>"},
		"page":     {"file.unsupported", "<html><body>x</body></html>"},
	} {
		p := Read(Source{Name: "a.xml", Data: []byte(c.text)})
		if !p.Unreadable() || codes(p.Problems)[c.code] != 1 {
			t.Errorf("%s: %+v", name, p.Problems)
		}
	}
	// Both sides of the limits, and what is harmless.
	p := readMoodle(t, []byte(quiz(strings.Replace(trueQuestion, "</question>", strings.Repeat("<a>", maxXMLDepth-1)+strings.Repeat("</a>", maxXMLDepth-1)+"</question>", 1)+trueQuestion)))
	if len(p.Records) != 2 {
		t.Errorf("%d records", len(p.Records))
	}
	long := strings.Replace(trueQuestion, "真的", strings.Repeat("长", 4*MaxCell+1), 1)
	p = readMoodle(t, []byte(quiz(long+trueQuestion)))
	if codes(p.Records[0].Problems)["cell.long"] != 1 || p.Records[1].Refused() {
		t.Errorf("%+v", p.Records[0].Problems)
	}
	script := strings.Replace(trueQuestion, "<text>真的</text>", `<text><![CDATA[真<script>alert(1)</script><img src="data:image/svg+xml;base64,PHN2Zz4=" alt="坏">]]></text>`, 1)
	r := readMoodle(t, []byte(quiz(script))).Records[0]
	if r.Refused() || r.Item.Content.Stem != "真［坏］" || codes(r.Problems)["media.type"]+codes(r.Problems)["moodle.markup"] != 2 {
		t.Errorf("%+v", r)
	}
	for _, body := range []string{"???", "", "AAAA"} {
		file := strings.Replace(trueQuestion, "<text>真的</text>", `<text><![CDATA[真<img src="@@PLUGINFILE@@/a.png">]]></text><file name="a.png" encoding="base64">`+body+`</file>`, 1)
		if r := readMoodle(t, []byte(quiz(file))).Records[0]; r.Refused() || len(r.Problems) != 1 || !strings.HasPrefix(r.Problems[0].Code, "media.") || r.Item.Content.Stem != "真［a.png］" {
			t.Errorf("%q: %+v", body, r)
		}
	}
}

// A picture that a thousand questions show is kept and counted once.
func TestMoodleSamePictureOften(t *testing.T) {
	a := picture(t, 1)
	items := make([]Item, 300)
	for i := range items {
		items[i].Content = question.Content{Kind: question.TrueFalse, Truth: true, Stem: fmt.Sprintf("第%d题%s", i, mediaText("图", media.ID(a)))}
	}
	var out bytes.Buffer
	if _, err := Write(&out, Moodle, items, shelf(t, a)); err != nil {
		t.Fatal(err)
	}
	if p := readMoodle(t, out.Bytes()); len(p.Records) != 300 || len(p.Files) != 1 || p.fileBytes() != len(a) {
		t.Errorf("%d records, %d files", len(p.Records), len(p.Files))
	}
}
