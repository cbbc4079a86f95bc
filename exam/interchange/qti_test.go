package interchange

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"qiming/exam/question"
)

// demoItems are the questions of the demonstration.
func demoItems(t testing.TB) []Item {
	t.Helper()
	data, err := os.ReadFile("../../app/demo/questions.json")
	if err != nil {
		t.Fatal(err)
	}
	var items []Item
	if err := json.Unmarshal(data, &items); err != nil || len(items) == 0 {
		t.Fatal(err)
	}
	for i := range items {
		question.Prepare(&items[i].Content)
	}
	return items
}

// Nothing of the demonstration is lost on the way through either version.
func TestQTICarriesTheDemonstration(t *testing.T) {
	for _, f := range []Format{QTI22, QTI30} {
		roundTrip(t, f, demoItems(t))
	}
}

// item21 is an item as most programs write them.
func item21(declarations, body, rest string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" title="标题" adaptive="false" timeDependent="false">` +
		declarations + `<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/><itemBody>` + body + `</itemBody>` + rest + `</assessmentItem>`
}

func declared(id, cardinality, base, more string, correct ...string) string {
	out := `<responseDeclaration identifier="` + id + `" cardinality="` + cardinality + `" baseType="` + base + `">`
	if len(correct) > 0 {
		out += "<correctResponse><value>" + strings.Join(correct, "</value><value>") + "</value></correctResponse>"
	}
	return out + more + "</responseDeclaration>"
}

func mapped(entries ...string) string {
	var b strings.Builder
	for _, e := range entries {
		key, value, _ := strings.Cut(e, ":")
		b.WriteString(`<mapEntry mapKey="` + key + `" mappedValue="` + value + `"/>`)
	}
	return `<mapping defaultValue="0">` + b.String() + "</mapping>"
}

func template(name string) string {
	return `<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/` + name + `"/>`
}

func simpleChoices(texts ...string) (out string) {
	for i, s := range texts {
		out += `<simpleChoice identifier="` + letter(i) + `">` + s + `</simpleChoice>`
	}
	return out
}

// Items of other programs, each interaction in its usual forms.
func TestForeignQTI(t *testing.T) {
	choice := func(max, choices string) string {
		return `<choiceInteraction responseIdentifier="R" shuffle="true" maxChoices="` + max + `"><prompt>哪个？</prompt>` + choices + `</choiceInteraction>`
	}
	three := simpleChoices("甲", "乙", "丙")
	entry := `<textEntryInteraction responseIdentifier="%s"/>`
	score := func(value string) string {
		return `<setOutcomeValue identifier="SCORE"><baseValue baseType="float">` + value + `</baseValue></setOutcomeValue>`
	}
	for _, c := range []struct{ name, item, want string }{
		{"single", item21(declared("R", "single", "identifier", "", "B"), "<p>看 <b>好</b>：</p>"+choice("1", three), template("match_correct")), "1 single 看 好：⏎哪个？ | 甲 | *乙 | 丙"},
		{"multiple", item21(declared("R", "multiple", "identifier", "", "A", "C"), choice("0", three), template("CC2_match")), "1 multiple 哪个？ | *甲 | 乙 | *丙"},
		{"weights", item21(declared("R", "multiple", "identifier", mapped("A:2", "C:1", "B:-1"), "A", "C"), choice("0", three), template("map_response")), "1 multiple 哪个？ | *甲 | 乙 | *丙 ‖weights 0.6666666666666666 -0.3333333333333333 0.3333333333333333"},
		{"share", item21(declared("R", "multiple", "identifier", mapped("A:1", "C:1", "B:-2"), "A", "C"), choice("0", three), template("CC2_map_response")), "1 multiple 哪个？ | *甲 | 乙 | *丙 ‖share"},
		{"single by values", item21(declared("R", "single", "identifier", "", "A"), choice("1", three),
			`<responseProcessing><responseCondition><responseIf><match><variable identifier="R"/><baseValue baseType="identifier">A</baseValue></match>`+score("2")+`</responseIf><responseElseIf><match><variable identifier="R"/><baseValue baseType="identifier">B</baseValue></match>`+score("1")+`</responseElseIf></responseCondition></responseProcessing>`),
			"1 single 哪个？ | *甲 | 乙 | 丙 ‖weights 1 0.5 0"},
		{"judgement", item21(declared("R", "single", "identifier", "", "A"), choice("1", simpleChoices("True", "False")), template("match_correct")), "1 truefalse 哪个？ | true"},
		{"strange processing", item21(declared("R", "single", "identifier", "", "B"), choice("1", three), `<responseProcessing><customOperator/></responseProcessing>`), "1 single 哪个？ | 甲 | *乙 | 丙 | !qti.processing"},
		{"no answer", item21(declared("R", "single", "identifier", ""), choice("1", three), ""), "1 single 哪个？ | 甲 | 乙 | 丙 | !answer.missing"},
		{"blanks", item21(declared("R", "single", "string", mapped("北京:1", "Bei*jing:1", "南京:0.5"), "北京")+declared("S", "single", "string", "", "上海"), "<p>首都是"+fmt.Sprintf(entry, "R")+"，一大在"+fmt.Sprintf(entry, "S")+"。</p>", ""), `1 blanks 首都是____，一大在____。 | 北京/Bei\*jing | 上海 | !gift.partial`},
		{"number", item21(declared("R", "single", "float", "", "3.14"), "<p>圆周率约"+fmt.Sprintf(entry, "R")+"</p>",
			`<responseProcessing><responseCondition><responseIf><equal toleranceMode="absolute" tolerance="0.01 0.01"><variable identifier="R"/><correct identifier="R"/></equal>`+score("1")+`</responseIf></responseCondition></responseProcessing>`), "1 numerical 圆周率约 | 3.13~3.15"},
		{"relative", item21(declared("R", "single", "integer", "", "200"), "<p>多少？</p><p>"+fmt.Sprintf(entry, "R")+"</p>",
			`<responseProcessing><responseCondition><responseIf><equal toleranceMode="relative" tolerance="10"><variable identifier="R"/><correct identifier="R"/></equal>`+score("1")+`</responseIf></responseCondition></responseProcessing>`), "1 numerical 多少？ | 180~220"},
		{"cloze", item21(declared("R", "single", "identifier", "", "B")+declared("S", "single", "integer", "", "7"), `<p>第<inlineChoiceInteraction responseIdentifier="R" shuffle="true"><inlineChoice identifier="A">六</inlineChoice><inlineChoice identifier="B">七</inlineChoice></inlineChoiceInteraction>条，共`+fmt.Sprintf(entry, "S")+`款</p>`, ""),
			"1 cloze 第____条，共____款 | {single ____ | 六 | *七} | {numerical ____ | 7~7}"},
		{"short", item21(declared("R", "single", "string", "", "要点"), `<extendedTextInteraction responseIdentifier="R" expectedLines="3"><prompt>谈谈</prompt></extendedTextInteraction>`, ""), "1 short 谈谈 | 答=要点"},
		{"essay with a file", item21(declared("R", "single", "string", "")+declared("F", "single", "file", ""), `<extendedTextInteraction responseIdentifier="R"><prompt>写</prompt></extendedTextInteraction><uploadInteraction responseIdentifier="F"/><rubricBlock view="scorer"><p>切题</p></rubricBlock>`, ""), "1 essay 写 | 答=切题"},
		{"match", item21(declared("R", "multiple", "directedPair", "", "A 2", "B 1"), `<matchInteraction responseIdentifier="R" shuffle="true" maxAssociations="2"><prompt>连</prompt><simpleMatchSet><simpleAssociableChoice identifier="A" matchMax="1">甲</simpleAssociableChoice><simpleAssociableChoice identifier="B" matchMax="1">乙</simpleAssociableChoice></simpleMatchSet><simpleMatchSet><simpleAssociableChoice identifier="1" matchMax="1">一</simpleAssociableChoice><simpleAssociableChoice identifier="2" matchMax="1">二</simpleAssociableChoice><simpleAssociableChoice identifier="3" matchMax="1">三</simpleAssociableChoice></simpleMatchSet></matchInteraction>`, template("match_correct")), "1 matching 连 | 甲→二 | 乙→一 | →三"},
		{"order", item21(declared("R", "ordered", "identifier", "", "B", "A", "C"), `<orderInteraction responseIdentifier="R" shuffle="true"><prompt>排</prompt>`+three+`</orderInteraction>`, template("match_correct")), "1 ordering 排 | 乙 | 甲 | 丙"},
		{"gap match", item21(declared("R", "multiple", "directedPair", mapped("A G1:1", "B G2:1"), "A G1", "B G2"), `<gapMatchInteraction responseIdentifier="R" shuffle="true"><prompt>填</prompt><gapText identifier="A" matchMax="1">甲</gapText><gapText identifier="B" matchMax="1">乙</gapText><p>先<gap identifier="G1"/>后<gap identifier="G2"/></p></gapMatchInteraction>`, template("map_response")), "1 cloze 填⏎先____后____ | {single ____ | *甲 | 乙} | {single ____ | 甲 | *乙}"},
		{"composite", item21(declared("R", "single", "identifier", "", "B")+declared("S", "single", "string", "", "丁"), "<p>材料。</p>"+choice("1", three)+"<p>丙后是"+fmt.Sprintf(entry, "S")+"</p>", ""), "1 material 材料。 | {single 哪个？ | 甲 | *乙 | 丙} | {blanks 丙后是____ | 丁} | !qti.composite"},
		{"two targets", item21(declared("R", "multiple", "directedPair", "", "A 1", "A 2"), `<matchInteraction responseIdentifier="R"><simpleMatchSet><simpleAssociableChoice identifier="A">甲</simpleAssociableChoice></simpleMatchSet><simpleMatchSet><simpleAssociableChoice identifier="1">一</simpleAssociableChoice><simpleAssociableChoice identifier="2">二</simpleAssociableChoice></simpleMatchSet></matchInteraction>`, ""), "1 matching 标题 | !qti.pairs"},
		{"words only", item21("", "<p>请阅读。</p>", ""), "1  请阅读。 | !qti.none"},
		{"text", item21(declared("R", "single", "string", ""), `<p>a&lt;b&nbsp;与<br/>x<sup>2</sup> CO<sub>2</sub></p><ul><li>一</li><li>二</li></ul><table><tr><th>年</th><td>事</td></tr></table><pre>  a
  b</pre><extendedTextInteraction responseIdentifier="R"/>`, ""), "1 short a<b 与⏎x² CO₂⏎• 一⏎• 二⏎年 | 事⏎  a⏎  b"},
		{"formula", item21(declared("R", "single", "string", ""), `<p>求<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>x</mi><annotation encoding="application/x-tex">\frac{1}{2}</annotation></semantics></math>与<math><mfrac><mn>1</mn><mn>3</mn></mfrac></math></p><extendedTextInteraction responseIdentifier="R"/>`, ""), `1 short 求\(\frac{1}{2}\)与1/3 | !qti.formula`},
		{"feedback", item21(declared("R", "single", "identifier", "", "B"), choice("1", `<simpleChoice identifier="A">甲<feedbackInline outcomeIdentifier="F" identifier="A" showHide="show">不对</feedbackInline></simpleChoice><simpleChoice identifier="B">乙</simpleChoice>`),
			template("match_correct")+`<modalFeedback outcomeIdentifier="F" identifier="B" showHide="show">正是</modalFeedback><modalFeedback outcomeIdentifier="F" identifier="correct" showHide="show">好</modalFeedback><modalFeedback outcomeIdentifier="F" identifier="incorrect" showHide="show">再想</modalFeedback><modalFeedback outcomeIdentifier="F" identifier="solution" showHide="show">因为</modalFeedback>`),
			"1 single 哪个？ | 甲 | *乙 | 解=因为 ‖notes 不对,正是 答对：好⏎答错：再想"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for version, text := range map[string]string{"2.1": c.item, "3.0": newNames(c.item)} {
				p := Read(Source{Name: "a.xml", Data: []byte(text)})
				if p.Format != QTI || len(p.Records) != 1 {
					t.Fatalf("%s: %+v", version, p)
				}
				got := brief(p.Records[0])
				if _, what, ok := strings.Cut(c.want, " ‖"); ok {
					got += " ‖" + extra(p.Records[0].Item.Content, what)
				}
				if got != c.want {
					t.Errorf("%s:\n%s\nwant\n%s\n%+v", version, got, c.want, p.Records[0].Problems)
				}
			}
		})
	}
	for _, name := range []string{"associate", "hotspot", "selectPoint", "graphicOrder", "graphicAssociate", "graphicGapMatch", "positionObject", "slider", "drawing", "media", "hottext", "custom", "portableCustom", "endAttempt"} {
		p := Read(Source{Name: "a.xml", Data: []byte(item21(declared("R", "single", "string", ""), "<p>题</p><"+name+`Interaction responseIdentifier="R"/>`, ""))})
		if len(p.Records) != 1 || !slices.Equal(codesOf(p.Records[0]), []string{"qti.interaction"}) || p.Records[0].Item.Content.Stem != "题" {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// extra says what brief does not.
func extra(c question.Content, what string) string {
	switch {
	case strings.HasPrefix(what, "weights"):
		out := string(c.Partial)
		for _, o := range c.Options {
			out += " " + number(o.Weight)
		}
		return out
	case strings.HasPrefix(what, "notes"):
		return "notes " + c.Options[0].Feedback + "," + c.Options[1].Feedback + " " + strings.ReplaceAll(c.Feedback, "\n", "⏎")
	}
	return string(c.Partial)
}

var (
	oldElement = regexp.MustCompile(`(</?)([a-zA-Z]+)((?:\s+[a-zA-Z:]+="[^"]*")*)`)
	oldAttr    = regexp.MustCompile(`(\s+)([a-zA-Z]+)=`)
)

// newNames writes an item of QTI 2 in the names of QTI 3.
func newNames(s string) string {
	html := []string{"p", "b", "br", "sup", "sub", "ul", "li", "table", "tr", "th", "td", "pre", "math", "semantics", "mi", "mn", "mfrac", "annotation"}
	return oldElement.ReplaceAllStringFunc(s, func(tag string) string {
		m := oldElement.FindStringSubmatch(tag)
		if slices.Contains(html, m[2]) {
			return tag
		}
		return m[1] + "qti-" + kebab(m[2]) + oldAttr.ReplaceAllStringFunc(m[3], kebab)
	})
}

// bundle packs files as a QTI package.
func bundle(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	names := []string{}
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func resources(list ...string) string {
	out := `<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><organizations/><resources>`
	for _, r := range list {
		kind, href, _ := strings.Cut(r, ":")
		out += `<resource identifier="r" type="imsqti_` + kind + `_xmlv2p1" href="` + href + `"><file href="` + href + `"/></resource>`
	}
	return out + "</resources></manifest>"
}

// A package of another program: below a folder, in the order of its test, with a stimulus, a picture, a missing file.
func TestForeignQTIPackage(t *testing.T) {
	item := func(stem, head string) string {
		return strings.Replace(item21(declared("R", "single", "identifier", "", "A"), `<choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>`+stem+`</prompt>`+simpleChoices("甲", "乙")+`</choiceInteraction>`, ""), "<itemBody>", head+"<itemBody>", 1)
	}
	ref := `<assessmentStimulusRef identifier="s" href="../texts/s.xml"/>`
	data := bundle(t, map[string]string{
		"pack/imsmanifest.xml": resources("item:items/a.xml", "item:items/b.xml", "item:items/c.xml", "item:items/lost.xml", "item:items/bad.xml", "item:../../outside.xml", "test:test.xml", "stimulus:texts/s.xml"),
		"pack/items/a.xml":     item(`看图<img src="../media/p.png" alt="会址"/><img src="http://example.com/x.png" alt="外"/>`, ""),
		"pack/items/b.xml":     item("小题一", ref),
		"pack/items/c.xml":     item("小题二", ref),
		"pack/items/bad.xml":   "<assessmentItem><itemBody>",
		"pack/media/p.png":     string(picture(t, 9)),
		"pack/texts/s.xml":     `<assessmentStimulus identifier="s" title="t"><stimulusBody><p>共同的材料</p></stimulusBody></assessmentStimulus>`,
		"pack/test.xml": `<assessmentTest identifier="t" title="模拟卷"><testPart identifier="p"><assessmentSection identifier="s" title="第一部分"><assessmentItemRef identifier="1" href="items/c.xml"/><assessmentItemRef identifier="2" href="items/b.xml"/>` +
			`<assessmentSectionRef identifier="x" href="more.xml"/></assessmentSection></testPart></assessmentTest>`,
		"pack/more.xml": `<assessmentSection identifier="m" title="再来"><assessmentSectionRef identifier="y" href="more.xml"/><assessmentItemRef identifier="3" href="items/a.xml"/></assessmentSection>`,
	})
	p := Read(Source{Name: "a.zip", Data: data})
	var got []string
	for _, r := range p.Records {
		got = append(got, brief(r))
	}
	want := []string{"1 material 共同的材料 | {single 小题二 | *甲 | 乙} | {single 小题一 | *甲 | 乙} | 类=第一部分",
		"3 single 看图" + mediaText("会址", mediaID(t, 9)) + "［外］ | *甲 | 乙 | 类=第一部分/再来 | !media.missing",
		"4   | !qti.missing", "5   | !xml.syntax", "6   | !qti.missing"}
	if !slices.Equal(got, want) || p.Format != QTI || len(p.Files) != 1 || codes(p.Problems)["qti.test"] != 1 {
		t.Errorf("%s\nwant\n%s\n%+v", strings.Join(got, "\n"), strings.Join(want, "\n"), p.Problems)
	}
}

// A package whose manifest is missing, or names nothing, is read by the names of its files, in the order of its test.
func TestQTIWithoutManifest(t *testing.T) {
	item := func(stem string) string {
		return strings.Replace(item21(declared("R", "single", "identifier", "", "A"), `<choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>`+stem+`</prompt>`+simpleChoices("甲", "乙")+`</choiceInteraction>`, ""), "i1", stem, 1)
	}
	prefixed := regexp.MustCompile(`<(/?)([a-zA-Z])`).ReplaceAllString(strings.Replace(item("丁"), `<?xml version="1.0" encoding="UTF-8"?>`, "", 1), "<${1}q:${2}")
	files := map[string]string{"b/2.xml": item("乙"), "b/10.XML": item("甲"), "a.txt": item("文"), "x.xml": "<x/>", "q.xml": strings.Replace(prefixed, "xmlns=", "xmlns:q=", 1)}
	want := []string{"1 single 甲 | *甲 | 乙", "2 single 乙 | *甲 | 乙", "3 single 丁 | *甲 | 乙"}
	for name, manifest := range map[string]string{"none": "", "empty": resources(), "folder": resources("item:b/")} {
		packed := maps.Clone(files)
		if manifest != "" {
			packed["imsmanifest.xml"] = manifest
		}
		p := Read(Source{Name: "a.zip", Data: bundle(t, packed)})
		var got []string
		for _, r := range p.Records {
			got = append(got, brief(r))
		}
		if name == "folder" {
			if len(got) != 1 || codes(p.Records[0].Problems)["qti.missing"] != 1 {
				t.Errorf("%s: %q %+v", name, got, p.Problems)
			}
			continue
		}
		if !slices.Equal(got, want) || codes(p.Problems)["qti.no_manifest"] != 1 {
			t.Errorf("%s: %q %+v", name, got, p.Problems)
		}
	}
	files["test.xml"] = `<assessmentTest identifier="t" title="卷"><testPart><assessmentSection title="一"><assessmentItemRef href="q.xml"/><assessmentItemRef href="b/2.xml"/></assessmentSection></testPart></assessmentTest>`
	p := Read(Source{Name: "a.zip", Data: bundle(t, files)})
	if len(p.Records) != 3 || brief(p.Records[0]) != "1 single 丁 | *甲 | 乙 | 类=一" || brief(p.Records[2]) != "3 single 甲 | *甲 | 乙" {
		t.Errorf("by a test: %+v", p)
	}
}

func mediaID(t *testing.T, shade uint8) string {
	var files embedded
	id, err := files.add("a.png", picture(t, shade))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Pictures go along in a package and come back with it.
func TestQTIWithPictures(t *testing.T) {
	one, two := picture(t, 1), picture(t, 2)
	items := withPictures(one, two)
	for i := range items {
		question.Prepare(&items[i].Content)
	}
	for _, f := range []Format{QTI22, QTI30} {
		var out bytes.Buffer
		lost, err := Write(&out, f, items, shelf(t, one, two))
		if err != nil || slices.ContainsFunc(lost, func(p Problem) bool { return p.Code == "export.files" }) {
			t.Fatalf("%v %+v", err, lost)
		}
		p := Read(Source{Name: "a.zip", Data: out.Bytes()})
		if len(p.Records) != len(items) || len(p.Files) != 2 {
			t.Fatalf("%s: %d records, %d files: %+v", f, len(p.Records), len(p.Files), p)
		}
		for i, r := range p.Records {
			if r.Refused() || !alike(items[i], r.Item) {
				t.Errorf("%s: %+v\nwant %+v", f, r, items[i])
			}
		}
		if lost, err := Write(io.Discard, f, items, nil); err != nil || codes(lost)["export.files"] != len(items) {
			t.Errorf("%s without the library: %v %+v", f, err, lost)
		}
	}
}

// An edit of the text wins over what stands beside it.
func TestAnEditedQTIItemWins(t *testing.T) {
	item := Item{Content: question.Content{Kind: question.Multiple, Stem: "三大作风", Partial: question.FixedShare, PartialShare: 0.5,
		Options: []question.Option{{Text: "甲", Right: true}, {Text: "乙", Right: true}, {Text: "丙"}}}}
	question.Prepare(&item.Content)
	for _, v := range []qtiVersion{qti22(), qti30()} {
		files := unpackQTI(t, v, []Item{item})
		read := func() Record { return Read(Source{Name: "a.zip", Data: bundle(t, files)}).Records[0] }
		if r := read(); r.Item.Content.PartialShare != 0.5 {
			t.Errorf("%+v", r)
		}
		was := files["items/Q00001.xml"]
		files["items/Q00001.xml"] = strings.ReplaceAll(was, "\n", "\n   ")
		if r := read(); r.Item.Content.PartialShare != 0.5 {
			t.Errorf("only the layout changed: %+v", r)
		}
		files["items/Q00001.xml"] = strings.Replace(was, ">丙<", ">丁<", 1)
		if r := read(); r.Item.Content.PartialShare != 0 || r.Item.Content.Options[2].Text != "丁" {
			t.Errorf("%+v", r)
		}
	}
}

func unpackQTI(t testing.TB, v qtiVersion, items []Item) map[string]string {
	t.Helper()
	var out bytes.Buffer
	if _, err := (qtiPack{v}).pack(&out, items, nil); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(data)
	}
	return files
}

var ncName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// What is written has the structure that the specifications ask for: names and namespaces of the version, the order of
// the parts of an item, required attributes, identifiers that resolve, and a manifest that names every file once.
func TestQTIStructure(t *testing.T) {
	order := []string{"responseDeclaration", "outcomeDeclaration", "assessmentStimulusRef", "itemBody", "responseProcessing", "modalFeedback"}
	for _, v := range []qtiVersion{qti22(), qti30()} {
		files := unpackQTI(t, v, append(specimens(), demoItems(t)...))
		named := map[string]bool{"imsmanifest.xml": true}
		manifest, err := parseQTI([]byte(files["imsmanifest.xml"]))
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, r := range manifest.child("resources").all("resource") {
			href, id := r.attr("href"), r.attr("identifier")
			if files[href] == "" || r.child("file").attr("href") != href || named[href] || ids[id] || !ncName.MatchString(id) {
				t.Errorf("%s: resource %s of %s", v.format, id, href)
			}
			named[href], ids[id] = true, true
		}
		for _, d := range manifest.within("dependency") {
			if !ids[d.attr("identifierref")] {
				t.Errorf("%s: no resource %s", v.format, d.attr("identifierref"))
			}
		}
		for name, text := range files {
			if !named[name] {
				t.Errorf("%s: %s stands in no manifest", v.format, name)
			}
			names(t, v, name, text)
			if !strings.HasPrefix(name, "items/") {
				continue
			}
			root, err := parseQTI([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			at := 0
			for _, k := range root.kids {
				if k.name == "" || k.name == xmlComment {
					continue
				}
				i := slices.Index(order, k.name)
				if i < at {
					t.Errorf("%s: %s: %s stands too late", v.format, name, k.name)
				}
				at = i
			}
			for _, attr := range []string{"identifier", "title", "adaptive", "timeDependent"} {
				if root.attr(attr) == "" {
					t.Errorf("%s: %s lacks %s", v.format, name, attr)
				}
			}
			known := map[string]bool{}
			for _, d := range append(root.all("responseDeclaration"), root.all("outcomeDeclaration")...) {
				if d.attr("cardinality") == "" || d.attr("baseType") == "" || known[d.attr("identifier")] {
					t.Errorf("%s: %s: %+v", v.format, name, d.attrs)
				}
				known[d.attr("identifier")] = true
			}
			for _, attr := range []string{"responseIdentifier", "outcomeIdentifier"} {
				root.each(func(n *xmlNode) {
					if id := n.attr(attr); id != "" && !known[id] {
						t.Errorf("%s: %s: %s %s is not declared", v.format, name, attr, id)
					}
				})
			}
			seen := map[string]bool{}
			root.each(func(n *xmlNode) {
				id := n.attr("identifier")
				if id != "" && !ncName.MatchString(id) {
					t.Errorf("%s: %s: identifier %q", v.format, name, id)
				}
				if strings.HasSuffix(n.name, "Choice") {
					if seen[id] {
						t.Errorf("%s: %s: two choices %s", v.format, name, id)
					}
					seen[id] = true
				}
				if (n.name == "variable" || n.name == "correct" || n.name == "mapResponse" || n.name == "setOutcomeValue") && !known[id] {
					t.Errorf("%s: %s: %s of %s", v.format, name, n.name, id)
				}
			})
			for _, v := range root.within("correctResponse") {
				for _, value := range v.all("value") {
					for _, id := range strings.Fields(value.words()) {
						if (strings.HasPrefix(id, "o-") || strings.HasPrefix(id, "l-")) && !seen[id] {
							t.Errorf("%s: no choice %s", name, id)
						}
					}
				}
			}
		}
	}
}

func (n *xmlNode) each(do func(*xmlNode)) {
	do(n)
	for _, k := range n.kids {
		k.each(do)
	}
}

// names checks that a document is well formed and keeps to the names and namespace of its version.
func names(t *testing.T, v qtiVersion, name, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		local, space := start.Name.Local, v.namespace
		switch {
		case name == "imsmanifest.xml":
			if space = v.manifest; start.Name.Space == lomNS {
				space = lomNS
			}
		case v.kebab && !plainElement(local) && !strings.HasPrefix(local, "qti-"), !v.kebab && strings.Contains(local, "-"), v.kebab && strings.ToLower(local) != local:
			t.Errorf("%s: element %s", name, local)
		}
		if start.Name.Space != space {
			t.Errorf("%s: %s is of %q", name, local, start.Name.Space)
		}
	}
}
