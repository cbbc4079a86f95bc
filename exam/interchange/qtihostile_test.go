package interchange

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"qiming/exam/question"
)

// What an attacker would send as a QTI item, alone and in a package.
func TestHostileQTI(t *testing.T) {
	good := item21(declared("R", "single", "identifier", "", "A"), `<choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>好题</prompt>`+simpleChoices("甲", "乙")+`</choiceInteraction>`, "")
	deep := func(n int) string {
		return strings.Replace(good, "好题", strings.Repeat("<div>", n)+"好题"+strings.Repeat("</div>", n), 1)
	}
	for name, c := range map[string]struct{ code, text string }{
		"bomb":     {"xml.doctype", `<!DOCTYPE assessmentItem [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>` + strings.TrimPrefix(good, `<?xml version="1.0" encoding="UTF-8"?>`)},
		"outside":  {"xml.doctype", `<!DOCTYPE assessmentItem SYSTEM "file:///etc/passwd"><assessmentItem/>`},
		"deep":     {"xml.large", deep(maxXMLDepth)},
		"many":     {"xml.large", strings.Replace(good, "好题", strings.Repeat("<br/>", maxXMLNodes), 1)},
		"cut":      {"xml.syntax", good[:len(good)-30]},
		"charset":  {"xml.charset", strings.Replace(good, "UTF-8", "x-none", 1) + "\xff\xfe\xfd"},
		"a test":   {"qti.package", `<assessmentTest identifier="t"/>`},
		"version1": {"file.unsupported", `<questestinterop><item/></questestinterop>`},
		"long":     {"xml.large", strings.Replace(good, "<itemBody>", `<itemBody class="`+strings.Repeat("a", maxXMLAttr+1)+`">`, 1)},
	} {
		p := Read(Source{Name: "a.xml", Data: []byte(c.text)})
		if !p.Unreadable() || codes(p.Problems)[c.code] != 1 || len(p.Records) > 0 {
			t.Errorf("%s: %+v", name, p.Problems)
		}
		if c.code == "file.unsupported" || c.code == "qti.package" {
			continue
		}
		packed := bundle(t, map[string]string{"imsmanifest.xml": resources("item:a.xml", "item:b.xml"), "a.xml": c.text, "b.xml": good})
		p = Read(Source{Name: "a.zip", Data: packed})
		if len(p.Records) != 2 || codes(p.Records[0].Problems)[c.code] != 1 || p.Records[0].Problems[0].Column != "a.xml" || p.Records[1].Refused() {
			t.Errorf("%s in a package: %+v", name, p)
		}
	}
	if p := Read(Source{Name: "a.xml", Data: []byte(deep(maxXMLDepth - 10))}); len(p.Records) != 1 || p.Records[0].Refused() {
		t.Errorf("deep, but not too deep: %+v", p.Problems)
	}
	if p := Read(Source{Name: "a.xml", Data: []byte(utf16(strings.Replace(good, "UTF-8", "UTF-16", 1)))}); len(p.Records) != 1 || p.Records[0].Item.Content.Stem != "好题" {
		t.Errorf("UTF-16: %+v", p)
	}
	gbk := encode(t, strings.Replace(good, "UTF-8", "GB2312", 1))
	if p := Read(Source{Name: "a.xml", Data: []byte(gbk)}); len(p.Records) != 1 || p.Records[0].Item.Content.Stem != "好题" {
		t.Errorf("GB2312: %+v", p)
	}
	script := strings.Replace(good, "好题", `好<script>alert(1)</script><style>p{}</style>题<img src="data:image/svg+xml;base64,PHN2Zy8+" alt="坏"/><a href="javascript:x">链</a>`, 1)
	if r := Read(Source{Name: "a.xml", Data: []byte(script)}).Records[0]; r.Refused() || r.Item.Content.Stem != "好题［坏］链" || codes(r.Problems)["media.type"] != 1 {
		t.Errorf("%+v", r)
	}
}

// Packages whose manifest names what is not there, goes round in circles, or leads out.
func TestHostileQTIPackages(t *testing.T) {
	item := item21(declared("R", "single", "string", ""), `<p>题<object type="text/html" data="page.html"/></p><extendedTextInteraction responseIdentifier="R"/>`, "")
	page := `<html><body><p>页<object type="text/html" data="page.html"/></p></body></html>`
	p := Read(Source{Name: "a.zip", Data: bundle(t, map[string]string{"imsmanifest.xml": resources("item:a.xml"), "a.xml": item, "page.html": page})})
	if r := p.Records[0]; r.Refused() || r.Item.Content.Stem != "题\n页\n页\n页" || codes(r.Problems)["qti.part"] != 1 {
		t.Errorf("a page within itself: %+v", p.Records)
	}
	for manifest, code := range map[string]string{`<!DOCTYPE m SYSTEM "x"><manifest/>`: "xml.doctype", "<manifest>": "xml.syntax", "": "xml.syntax",
		`<manifest><resource type="imsqti_item_xmlv2p1">` + strings.Repeat("<a>", 1000): "xml.large"} {
		p := Read(Source{Name: "a.zip", Data: bundle(t, map[string]string{"imsmanifest.xml": manifest, "a.xml": item})})
		if only(t, p, code); p.Problems[0].Column != "imsmanifest.xml" {
			t.Errorf("%+v", p.Problems)
		}
	}
	only(t, Read(Source{Name: "a.zip", Data: bundle(t, map[string]string{"imsmanifest.xml": resources(), "a.xml": "<x/>"})}), "file.no_questions")
	only(t, Read(Source{Name: "a.zip", Data: bundle(t, map[string]string{"imsmanifest.xml": strings.Replace(resources("item:a.xml"), "imsqti_item_xmlv2p1", "imsqti_xmlv1p2", 1), "a.xml": "<x/>"})}), "file.unsupported")
	only(t, Read(Source{Name: "a.zip", Data: bundle(t, map[string]string{"../imsmanifest.xml": resources("item:a.xml"), "a.xml": item})}), "file.path")
	only(t, Read(Source{Name: "a.zip", Data: packed(t, entry("imsmanifest.xml", resources("item:a.xml")), entry("a.xml", string(make([]byte, 64<<20))))}), "file.bomb")
	for href, want := range map[string]string{"a.xml": "x/a.xml", "../a.xml": "a.xml", "../../a.xml": "", "/etc/passwd": "", `..\a.xml`: "a.xml", "file:///etc/passwd": "", "http://h/a": "", "//h/a": "", "a.xml#f": "x/a.xml", "": "", "%2e%2e/%2e%2e/a": "", "a%20b.xml": "x/a b.xml"} {
		if got := resolve("x/item.xml", href); got != want {
			t.Errorf("%q leads to %q, want %q", href, got, want)
		}
	}
}

// The work of an item grows with its file and no faster: what is far beyond the limits is refused early.
func TestEndlessQTIItems(t *testing.T) {
	many := func(n int, s string) string { return strings.Repeat(s, n) }
	for name, item := range map[string]string{
		"choices":   item21(declared("R", "multiple", "identifier", "", "A"), `<choiceInteraction responseIdentifier="R" maxChoices="0"><prompt>题</prompt>`+many(40_000, `<simpleChoice identifier="A">甲</simpleChoice>`)+`</choiceInteraction>`, ""),
		"gaps":      item21(declared("R", "single", "string", "", "x"), "<p>"+many(60_000, `甲<textEntryInteraction responseIdentifier="R"/>`)+"</p>", ""),
		"gap words": item21(declared("R", "multiple", "directedPair", "", "A G"), `<gapMatchInteraction responseIdentifier="R">`+many(30_000, `<gapText identifier="A">甲</gapText>`)+"<p>"+many(30_000, `<gap identifier="G"/>`)+"</p></gapMatchInteraction>", ""),
		"parts":     item21(declared("R", "single", "string", ""), many(60_000, `<extendedTextInteraction responseIdentifier="R"/>`), ""),
		"feedback":  item21(declared("R", "single", "string", ""), `<extendedTextInteraction responseIdentifier="R"/>`, many(60_000, `<modalFeedback outcomeIdentifier="F" identifier="x" showHide="hide">好</modalFeedback>`)),
		"answers":   item21(declared("R", "multiple", "identifier", mapped(strings.Split(strings.TrimSuffix(many(50_000, "A:1,"), ","), ",")...), strings.Split(many(50_000, "A "), " ")...), `<choiceInteraction responseIdentifier="R" maxChoices="0"><prompt>题</prompt>`+simpleChoices("甲", "乙")+`</choiceInteraction>`, ""),
	} {
		p := Read(Source{Name: "a.xml", Data: []byte(item)})
		if r, _ := account(p, book{}, question.MaxDepth); !r.Accounted() || len(p.Records) > 1 || len(p.Records) == 1 && len(p.Records[0].Problems) > 200 {
			t.Errorf("%s: %d records", name, len(p.Records))
		}
	}
}

func TestHostileWord(t *testing.T) {
	part := func(text string) []byte {
		return packed(t, entry("[Content_Types].xml", "<Types/>"), entry("word/document.xml", text))
	}
	head := `<w:document` + wordNames + `><w:body>`
	for name, c := range map[string]struct {
		code string
		data []byte
	}{
		"bomb in XML": {"xml.doctype", part(`<!DOCTYPE d [<!ENTITY a "aa">]>` + head + para("&a;") + `</w:body></w:document>`)},
		"entity":      {"xml.syntax", part(head + `<w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>`)},
		"deep":        {"xml.large", part(head + strings.Repeat("<w:sdt>", maxXMLDepth))},
		"cut":         {"xml.syntax", part(head + para("1.题"))},
		"bomb in zip": {"file.bomb", part(string(make([]byte, 64<<20)))},
		"no text":     {"file.broken", packed(t, entry("word/documents.xml", ""), entry("[Content_Types].xml", ""))},
		"nothing":     {"file.no_questions", part(head + `</w:body></w:document>`)},
		"way out":     {"file.path", packed(t, entry("word/document.xml", head), entry("../x", ""))},
	} {
		p := Read(Source{Name: "a.docx", Data: c.data})
		if !p.Unreadable() || codes(p.Problems)[c.code] != 1 {
			t.Errorf("%s: %+v", name, p.Problems)
		}
	}
	// Pictures that are missing, outside, or none; styles and lists that go round; damaged side parts.
	drawing := func(id string) string {
		return `<w:p>` + wordRun("1.看图", "") + `<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="会址"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="` + id + `"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>` + para("答案：略")
	}
	rels := func(target, mode string) string {
		return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId5" Type="image" Target="` + target + `"` + mode + `/></Relationships>`
	}
	for _, c := range []struct{ target, mode, content, want string }{
		{"media/a.png", "", string(picture(t, 3)), "看图" + mediaText("会址", mediaID(t, 3))},
		{"/word/media/a.png", "", string(picture(t, 3)), "看图" + mediaText("会址", mediaID(t, 3))},
		{"media/a.png", "", "no picture", "看图［会址］ !media.type"},
		{"media/b.png", "", "", "看图［会址］ !media.missing"},
		{"../../../etc/passwd", "", "", "看图［会址］ !media.missing"},
		{"http://example.com/a.png", ` TargetMode="External"`, "", "看图［会址］ !media.missing"},
	} {
		p := readWord(t, drawing("rId5"), map[string]string{"word/_rels/document.xml.rels": rels(c.target, c.mode), "word/media/a.png": c.content,
			"word/styles.xml": wordStyles, "word/numbering.xml": "<broken"})
		if len(p.Problems) != 1 || p.Problems[0].Code != "docx.part" || p.Problems[0].Params["name"] != "numbering.xml" {
			t.Errorf("a damaged numbering.xml: %+v", p.Problems)
		}
		got := fmt.Sprint(p.Records[0].Item.Content.Stem)
		for _, code := range codesOf(p.Records[0]) {
			got += " !" + code
		}
		if got != c.want || p.Records[0].Item.Content.Model != "略" {
			t.Errorf("%s: %q, want %q", c.target, got, c.want)
		}
	}
}

// A line, a key and a list without end are read in the time that they are long.
func TestEndlessWord(t *testing.T) {
	long := strings.Repeat("长", 2<<20)
	for name, body := range map[string]string{
		"a line":     para("1."+long) + para("A.甲 B.乙") + para("答案：A"),
		"lines":      para("1.题") + strings.Repeat(para("还有一行"), 20_000),
		"answers":    para("1.题") + para("答：") + strings.Repeat(para("还有一行"), 20_000),
		"options":    para("1.题 " + strings.Repeat(" A.甲", 10_000)),
		"underlined": `<w:p>` + wordRun("1.题", "") + strings.Repeat(wordRun("x", `<w:u w:val="single"/>`), 20_000) + `</w:p>`,
		"numbers":    paras("1.题？", "答案：略", "参考答案") + strings.Repeat(para("1.A 2.B 3.C"), 5_000),
		"headings":   strings.Repeat(para("一、单选题")+para("1.题（A）")+para("A.甲 B.乙"), 3_000) + para("参考答案") + strings.Repeat(para("一、单选题")+para("1-1 A"), 3_000),
		"parts":      paras("材料题", "1."+strings.Repeat("长", 30_000)) + strings.Repeat(para("（1）甲（√）"), 3_000),
	} {
		p := docx{}.read(Source{Data: word(t, body, nil)})
		for i := range p.Records {
			finish(&p.Records[i], "段")
		}
		if r, _ := account(p, book{}, question.MaxDepth); !r.Accounted() || len(p.Records) == 0 {
			t.Errorf("%s: %d records %+v", name, len(p.Records), p.Problems)
		}
		if name == "a line" && codes(p.Records[0].Problems)["cell.long"] != 1 {
			t.Errorf("%+v", p.Records[0].Problems)
		}
	}
}

func FuzzQTI(f *testing.F) {
	for _, v := range []qtiVersion{qti22(), qti30()} {
		for _, text := range unpackQTI(f, v, specimens()) {
			if strings.Contains(text, "itemBody") || strings.Contains(text, "item-body") {
				f.Add([]byte(text))
			}
		}
	}
	f.Add([]byte(item21(declared("R", "multiple", "identifier", mapped("A:2", "B:-1"), "A"), `<choiceInteraction responseIdentifier="R"><prompt>q</prompt>`+simpleChoices("a", "b")+`</choiceInteraction>`, template("map_response"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		promise(t, data, QTI)
		p := Read(Source{Data: data, Format: QTI})
		var items []Item
		for _, r := range p.Records {
			if !r.Refused() {
				items = append(items, r.Item)
			}
		}
		for _, format := range []Format{QTI22, QTI30} {
			var out bytes.Buffer
			if _, err := Write(&out, format, items, nil); err != nil {
				t.Fatal(err)
			}
			back := Read(Source{Data: out.Bytes(), Format: QTI})
			if len(items) > 0 && len(back.Records) != len(items) {
				t.Fatalf("%s: %d questions became %d", format, len(items), len(back.Records))
			}
			for i, r := range back.Records {
				if len(items) > 0 && (r.Refused() || !alike(items[i], r.Item)) {
					t.Fatalf("%s changed it:\n%+v\n%+v\n%+v", format, items[i], r.Item, r.Problems)
				}
			}
		}
	})
}

func FuzzQTIPackage(f *testing.F) {
	var b bytes.Buffer
	if _, err := Write(&b, QTI22, specimens()[:3], nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) { promise(t, data, QTI) })
}

// FuzzDOCX gives any text to the reader of the document part.
func FuzzDOCX(f *testing.F) {
	for _, body := range []string{paras("一、单选题（每题2分）", "1.甲（A）", "A.一 B.二", "【答案】A【解析】x", "参考答案 1-2 AB"), listed("2", "0", "x") + tableXML([]string{"1", "2"}, []string{"A", "B"}),
		`<w:p><m:oMath><m:f><m:num/><m:den/></m:f></m:oMath></w:p>`, paras("阅读材料，回答1-2题。", "x", "1.甲（√）", "2.乙____", "答案：①x②y")} {
		f.Add([]byte(`<w:document` + wordNames + `><w:body>` + body + `</w:body></w:document>`))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, content := range map[string][]byte{"word/document.xml": data, "word/numbering.xml": []byte(lists), "word/styles.xml": []byte(wordStyles)} {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(content); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		promise(t, b.Bytes(), DOCX)
	})
}

// FuzzPaper gives any lines to the reader of papers.
func FuzzPaper(f *testing.F) {
	f.Add("一、单选题（每题2分，共4分）\n1.甲（A）\nA.一\tB.二\n2.乙\nA.一 B.二\n参考答案\n1-2 AB")
	f.Add("1.甲____\n答案：①x ②y\n（1）乙\n（2）丙\n答案及解析\n1.【答案】x【解析】y")
	f.Add("阅读下列材料，回答1—3题。\n材料\n1.甲（√）\n2.乙 A.一 B.二\n答案：B 难度：易")
	f.Fuzz(func(t *testing.T, text string) {
		var blocks []docxBlock
		for i, line := range strings.Split(text, "\n") {
			blocks = append(blocks, docxBlock{number: i + 1, text: line})
		}
		p := paperOf(blocks)
		for i := range p.Records {
			finish(&p.Records[i], "段")
		}
		if r, _ := account(p, book{}, question.MaxDepth); !r.Accounted() {
			t.Fatal("not accounted")
		}
	})
}

// BenchmarkReadQTI10000 reads a package of 10,000 items.
func BenchmarkReadQTI10000(b *testing.B) {
	items := make([]Item, 10_000)
	for i := range items {
		items[i] = specimens()[i%8]
		items[i].Content.Stem = fmt.Sprintf("第%d题：%s", i, items[i].Content.Stem)
	}
	var file bytes.Buffer
	if _, err := Write(&file, QTI30, items, nil); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if p := Read(Source{Name: "a.zip", Data: file.Bytes()}); len(p.Records) != len(items) {
			b.Fatal(p.Problems)
		}
	}
}

// longPaper is a Word paper of n questions with their key at its end.
func longPaper(t testing.TB, n int) []byte {
	var body, key strings.Builder
	body.WriteString(para("一、单选题"))
	for i := range n {
		fmt.Fprintf(&body, "%s", paras(fmt.Sprintf("%d. 第%d题的题干是什么（ ）？", i+1, i+1), "A. 甲\tB. 乙", "C. 丙\tD. 丁", "解析：见第"+number(float64(i))+"条。"))
		fmt.Fprintf(&key, "%s", para(fmt.Sprintf("%d. %s", i+1, letter(i%4))))
	}
	return word(t, body.String()+para("参考答案")+key.String(), nil)
}

// A key goes on beyond 999.
func TestALongPaperKeepsItsKey(t *testing.T) {
	p := Read(Source{Name: "a.docx", Data: longPaper(t, 1_002)})
	if len(p.Records) != 1_002 {
		t.Fatal(len(p.Records), p.Problems)
	}
	for i, r := range p.Records {
		if r.Refused() || !r.Item.Content.Options[i%4].Right {
			t.Fatalf("question %d: %+v", i+1, r)
		}
	}
}

// BenchmarkReadDOCX2000 reads a paper of 2,000 questions with its key.
func BenchmarkReadDOCX2000(b *testing.B) {
	file := longPaper(b, 2_000)
	b.ReportAllocs()
	for b.Loop() {
		if p := Read(Source{Name: "a.docx", Data: file}); len(p.Records) != 2_000 || p.Records[1999].Refused() {
			b.Fatal(len(p.Records), p.Problems)
		}
	}
}
