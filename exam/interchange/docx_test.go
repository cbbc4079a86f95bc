package interchange

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"

	"qiming/exam/question"
)

const wordNames = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
	` xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"` +
	` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"` +
	` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"` +
	` xmlns:v="urn:schemas-microsoft-com:vml"`

// word packs a document as Word does; more holds other parts by path.
func word(t testing.TB, body string, more map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name, content string) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	put("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`)
	put("_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`)
	put("word/document.xml", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document`+wordNames+`><w:body>`+body+`<w:sectPr/></w:body></w:document>`)
	names := []string{}
	for name := range more {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		put(name, more[name])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// para writes a paragraph of one run; a tab or line break in the text is one in the document.
func para(text string) string { return `<w:p>` + wordRun(text, "") + `</w:p>` }

func wordRun(text, look string) string {
	if look != "" {
		look = "<w:rPr>" + look + "</w:rPr>"
	}
	text = html.EscapeString(text)
	text = strings.NewReplacer("\t", `</w:t><w:tab/><w:t xml:space="preserve">`, "\n", `</w:t><w:br/><w:t xml:space="preserve">`).Replace(text)
	return `<w:r>` + look + `<w:t xml:space="preserve">` + text + `</w:t></w:r>`
}

func paras(lines ...string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(para(l))
	}
	return b.String()
}

func tableXML(rows ...[]string) string {
	var b strings.Builder
	b.WriteString("<w:tbl><w:tblPr/>")
	for _, r := range rows {
		b.WriteString("<w:tr>")
		for _, c := range r {
			b.WriteString("<w:tc>" + para(c) + "</w:tc>")
		}
		b.WriteString("</w:tr>")
	}
	return b.String() + "</w:tbl>"
}

// brief writes a record on one line: kind, stem, options with * before the right ones, answer, and what else is set.
func brief(r Record) string {
	c := r.Item.Content
	var out []string
	out = append(out, fmt.Sprintf("%d %s %s", r.Item.Row, c.Kind, strings.ReplaceAll(c.Stem, "\n", "⏎")))
	for _, o := range c.Options {
		mark := ""
		if o.Right {
			mark = "*"
		}
		out = append(out, mark+strings.ReplaceAll(o.Text, "\n", "⏎"))
	}
	if c.Kind == question.TrueFalse {
		out = append(out, fmt.Sprint(c.Truth))
	}
	for _, b := range c.Blanks {
		out = append(out, strings.Join(b.Accept, "/"))
	}
	for _, n := range c.Ranges {
		out = append(out, number(n.Min)+"~"+number(n.Max))
	}
	for _, pair := range c.Pairs {
		out = append(out, pair.Left+"→"+pair.Right)
	}
	for _, s := range c.Subs {
		out = append(out, "{"+strings.TrimPrefix(brief(Record{Item: Item{Content: s.Content}}), "0 ")+"}")
	}
	var notes []string
	for name, v := range map[string]string{"答": c.Model, "解": c.Explanation, "据": c.Source, "类": strings.Join(r.Item.Category, "/")} {
		if v != "" {
			notes = append(notes, name+"="+strings.ReplaceAll(v, "\n", "⏎"))
		}
	}
	slices.Sort(notes)
	out = append(out, notes...)
	if r.Item.Points > 0 {
		out = append(out, number(r.Item.Points)+"分")
	}
	if c.Difficulty > 0 {
		out = append(out, fmt.Sprintf("难%d", c.Difficulty))
	}
	for _, p := range r.Problems {
		out = append(out, "!"+p.Code)
	}
	return strings.Join(out, " | ")
}

func readWord(t *testing.T, body string, more map[string]string) Parsed {
	t.Helper()
	p := docx{}.read(Source{Name: "卷.docx", Data: word(t, body, more)})
	for i := range p.Records {
		finish(&p.Records[i], "段")
	}
	return p
}

func wantPaper(t *testing.T, p Parsed, want ...string) {
	t.Helper()
	var got []string
	for _, r := range p.Records {
		got = append(got, brief(r))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s\nproblems %+v", strings.Join(got, "\n"), strings.Join(want, "\n"), p.Problems)
	}
}

func TestWordPapers(t *testing.T) {
	wantPaper(t, readWord(t, paras(
		"2026年党务知识测试卷", "姓名____ 得分____",
		"一、单项选择题（每题2分，共4分）",
		"1. 党的最高理想是（ A ）。", "A. 实现共产主义\tB. 小康\tC. 富强", "D. 复兴", "解析：见总纲。", "依据：《党章》总纲", "难度：易",
		"2、“三会一课”的“课”是（　）。", "A、党课　　B、团课", "C、公开课", "答案：A",
		"二、多选题", "1．三大作风是", "（A）理论联系实际", "（B）密切联系群众", "（C）艰苦朴素", "【答案】AB【解析】第一行", "第二行",
		"三、判断题（共2题，共3分）", "1. 预备期一年。（√）", "2. 预备期两年。（ × ）",
		"四、填空题", "1. 成立于____年，在（  ）召开。", "答案：1921；上海/嘉兴",
		"五、简答题", "1. 什么是民主集中制？", "答：民主基础上的集中。", "集中指导下的民主。"), nil),
		"4 single 党的最高理想是（　）。 | *实现共产主义 | 小康 | 富强 | 复兴 | 据=《党章》总纲 | 解=见总纲。 | 2分 | 难2",
		"10 single “三会一课”的“课”是（　）。 | *党课 | 团课 | 公开课 | 2分",
		"15 multiple 三大作风是 | *理论联系实际 | *密切联系群众 | 艰苦朴素 | 解=第一行⏎第二行",
		"22 truefalse 预备期一年。 | true | 1.5分",
		"23 truefalse 预备期两年。 | false | 1.5分",
		"25 blanks 成立于____年，在____召开。 | 1921 | 上海/嘉兴",
		"28 short 什么是民主集中制？ | 答=民主基础上的集中。⏎集中指导下的民主。")
}

// The key at the end, in the writings that papers use.
func TestWordKeys(t *testing.T) {
	paper := paras("一、单选题（每题1分）", "1.甲？", "A.一 B.二 C.三", "2.乙？", "A.一 B.二 C.三", "3.丙？", "A.一 B.二 C.三",
		"二、多选题", "1.丁？", "A.一 B.二 C.三", "2.戊？", "A.一 B.二 C.三", "三、判断题", "1.己。", "2.庚。")
	want := []string{"2 single 甲？ | 一 | *二 | 三 | 1分", "4 single 乙？ | 一 | 二 | *三 | 1分", "6 single 丙？ | *一 | 二 | 三 | 1分",
		"9 multiple 丁？ | *一 | *二 | 三", "11 multiple 戊？ | *一 | 二 | *三", "14 truefalse 己。 | true", "15 truefalse 庚。 | false"}
	for name, key := range map[string]string{
		"ranges":        paras("参考答案", "一、单选题", "1-3 BCA", "二、多选题", "1～2：AB AC", "三、判断题", "1—2 √×"),
		"one line each": paras("参考答案：", "一、单选题：1-3 BCA", "二、多选题 1-2 AB,AC", "三、判断题（每题1分）1.对 2.错"),
		"pairs":         paras("答案及解析", "一、单项选择题", "1.B 2.C 3.A", "二、多项选择题", "1、AB  2、AC", "三、判断题", "1.√ 2.×"),
		"dense":         paras("标准答案", "一、单选题", "1B 2C 3A", "二、多选题", "1AB 2AC", "三、判断题", "1对 2错"),
		"no headings":   paras("参考答案", "1.B 2.C 3.A", "1.AB 2.AC", "1.正确 2.错误"),
		"tables": para("参考答案") + para("一、单选题") + tableXML([]string{"题号", "1", "2", "3"}, []string{"答案", "B", "C", "A"}) +
			para("二、多选题") + tableXML([]string{"1", "AB"}, []string{"2", "AC"}) + para("三、判断题") + tableXML([]string{"1", "2"}, []string{"√", "×"}),
	} {
		t.Run(name, func(t *testing.T) { wantPaper(t, readWord(t, paper+key, nil), want...) })
	}
	p := readWord(t, paras("1.甲？", "A.一 B.二", "2.什么是乙？", "3.丙成立于____年，在____。",
		"参考答案", "1.【答案】B【解析】因为二。", "2.乙是乙。", "还有一行。", "3. 1921；上海 9.A"), nil)
	wantPaper(t, p, "1 single 甲？ | 一 | *二 | 解=因为二。", "3 short 什么是乙？ | 答=乙是乙。⏎还有一行。", "4 blanks 丙成立于____年，在____。 | 1921 | 上海 9.A")
	p = readWord(t, paras("1.甲？", "A.一 B.二", "2.乙？", "A.一 B.二", "参考答案 1-2 ABC", "7.A"), nil)
	if got := codes(p.Problems); got["docx.key_span"] != 1 || got["docx.key"] != 1 || !p.Records[0].Refused() {
		t.Errorf("%+v", p)
	}
	if p := readWord(t, paras("1.甲？", "A.一 B.二", "2.乙？", "A.一 B.二", "参考答案：1-2 BA"), nil); p.Records[0].Refused() || !p.Records[1].Item.Content.Options[0].Right {
		t.Errorf("%+v", p)
	}
}

const lists = `<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>`

const wordStyles = `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:styleId="2"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:styleId="Stem"><w:basedOn w:val="Base"/></w:style><w:style w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style><w:style w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style></w:styles>`

func listed(num, level, text string) string {
	return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + num + `"/></w:numPr></w:pPr>` + wordRun(text, "") + `</w:p>`
}

func styled(style, text string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>` + wordRun(text, "") + `</w:p>`
}

// Numbers that Word writes itself, by the paragraph or by its style.
func TestWordNumbers(t *testing.T) {
	parts := map[string]string{"word/numbering.xml": lists, "word/styles.xml": wordStyles}
	wantPaper(t, readWord(t, styled("2", "第一章 党章")+listed("1", "0", "单选题（每小题2分）")+
		listed("2", "0", "甲是（ ）")+listed("2", "1", "一")+listed("2", "1", "二")+para("答案：B")+
		listed("2", "0", "乙是（ ）")+listed("2", "1", "三")+listed("2", "1", "四")+para("答案：A")+
		styled("Stem", "丙是（B）")+listed("3", "0", "五")+listed("3", "0", "六")+
		styled("Stem", "丁是（A）")+listed("4", "0", "七")+listed("4", "0", "八")+
		styled("Loop", "答案：A")+listed("1", "0", "判断题")+para("1.戊（×）"), parts),
		"3 single 甲是（ ） | 一 | *二 | 类=第一章 党章 | 2分", "7 single 乙是（ ） | *三 | 四 | 类=第一章 党章 | 2分",
		"11 single 丙是（　） | 五 | *六 | 类=第一章 党章 | 2分", "14 single 丁是（　） | *七 | 八 | 类=第一章 党章 | 2分", "19 truefalse 戊 | false | 类=第一章 党章")
}

// What Word, WPS and LibreOffice wrap text in.
func TestWordWrapping(t *testing.T) {
	box := `<w:txbxContent>` + para("框里的字") + `</w:txbxContent>`
	wantPaper(t, readWord(t,
		`<w:p><w:r><w:t>1</w:t></w:r><w:r><w:t>．预备</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:rPr><w:b/></w:rPr><w:t>党</w:t></w:r><w:r><w:t>员的</w:t></w:r>`+
			`<w:ins w:author="x"><w:r><w:t>预备期</w:t></w:r></w:ins><w:del w:author="x"><w:r><w:delText>试用期</w:delText></w:r></w:del><w:hyperlink r:id="rId9"><w:r><w:t>是（ ）</w:t></w:r></w:hyperlink><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>`+
			`<w:sdt><w:sdtPr><w:alias w:val="x"/></w:sdtPr><w:sdtContent>`+para("Ａ．半年　　Ｂ．一年")+`</w:sdtContent></w:sdt>`+
			para("Ｃ．两年\n答案：Ｂ\n解析：第七条。")+
			`<w:p>`+wordRun("2. 看图", "")+`<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData><wps:wsp><wps:txbx>`+box+`</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>`+
			`<mc:Fallback><w:pict><v:textbox>`+box+`</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`+para("A 圆\tB 方")+para("答案：A")+
			`<w:p>`+wordRun("3. 成立于", "")+wordRun("     ", "<w:u w:val=\"single\"/>")+wordRun("  ", "<w:u w:val=\"single\"/>")+wordRun("年，H", "")+wordRun("2", `<w:vertAlign w:val="subscript"/>`)+wordRun("O", "")+`</w:p>`+para("答案：1921")+
			`<w:p>`+wordRun("4. 一大在", "")+wordRun(" 上", `<w:u w:val="single"/>`)+wordRun("海 ", `<w:u w:val="single"/>`)+wordRun("召开，", "")+wordRun("1921", `<w:u w:val="single"/>`)+wordRun("年", "")+`</w:p>`+
			`<w:p>`+wordRun("5. 预备期一年（", "")+`<w:r><w:sym w:font="Wingdings 2" w:char="F050"/></w:r>`+wordRun("）", "")+`<w:r><w:footnoteReference w:id="1"/></w:r></w:p>`, nil),
		"1 single 预备党员的预备期是（ ） | 半年 | *一年 | 两年 | 解=第七条。", "4 single 看图⏎框里的字 | *圆 | 方",
		"8 blanks 成立于____年，H₂O | 1921", "10 blanks 一大在____召开，____年 | 上海 | 1921", "11 truefalse 预备期一年 | true")
}

// Materials by their range, and by parts （1）（2）.
func TestWordMaterials(t *testing.T) {
	p := readWord(t, paras("阅读下列材料，回答1—2题。", "某支部有党员20人。", "到会16人。", "1.能开会吗？", "A.能 B.不能", "答案：A", "2.须过半数。（√）", "3.另一题？", "A.一 B.二", "答案：B",
		"二、材料题", "1.材料如下。", "（1）甲对吗？（√）", "（2）什么是乙？", "答案：乙。"), nil)
	wantPaper(t, p, "1 material 某支部有党员20人。⏎到会16人。 | {single 能开会吗？ | *能 | 不能} | {truefalse 须过半数。 | true}",
		"8 single 另一题？ | 一 | *二", "12 material 材料如下。 | {truefalse 甲对吗？ | true} | {short 什么是乙？ | 答=乙。}")
	wantPaper(t, readWord(t, paras("简答题", "1.简述", "（1）甲", "（2）乙", "答案：甲和乙"), nil), "2 short 简述⏎（1）甲⏎（2）乙 | 答=甲和乙")
}

// Tables: of questions, of options, in a stem, as a frame.
func TestWordTables(t *testing.T) {
	wantPaper(t, readWord(t, tableXML([]string{"题型", "题干", "A", "B", "答案"}, []string{"单选题", "甲？", "一", "二", "B"}, []string{"判断题", "乙", "", "", "错"}), nil),
		"6 single 甲？ | 一 | *二", "11 truefalse 乙 | false")
	wantPaper(t, readWord(t, para("1.看表选择：")+tableXML([]string{"年", "事"}, []string{"1921", "一大"})+tableXML([]string{"A.甲", "B.乙"}, []string{"C.丙", "D.丁"})+para("答案：D")+
		tableXML([]string{"2.框里的题？"}, []string{"A.一 B.二"}, []string{"答案：A"}), nil),
		"1 single 看表选择：⏎年 | 事⏎1921 | 一大 | 甲 | 乙 | 丙 | *丁", "11 single 框里的题？ | *一 | 二")
}

// Papers without numbers, kinds and points beside the stem, options in the stem's line.
func TestWordShapes(t *testing.T) {
	wantPaper(t, readWord(t, paras("测试题", "甲是什么？（2分）", "A.一 B.二", "答案：B", "乙是什么？ A.一 B.二 C.三", "答案：AC", "【判断题】丙是丁。", "答案：错"), nil),
		"2 single 甲是什么？ | 一 | *二 | 2分", "5 multiple 乙是什么？ | *一 | 二 | *三", "7 truefalse 丙是丁。 | false")
	p := readWord(t, paras("1.没有答案？", "A.一 B.二", "2.少选项？", "A.一", "答案：C", "3.3.5米是多少？", "答案：350厘米"), nil)
	if len(p.Records) != 3 || codes(p.Records[0].Problems)["answer.missing"] != 1 || p.Records[1].Problems[0].Row != 3 || p.Records[2].Item.Content.Stem != "3.5米是多少？" {
		t.Errorf("%+v", p.Records)
	}
}

// Equations become TeX, those that cannot, words with a warning.
func TestWordEquations(t *testing.T) {
	r := func(s string) string { return `<m:r><m:t>` + s + `</m:t></m:r>` }
	p := readWord(t, `<w:p>`+wordRun("1. 计算", "")+`<m:oMath><m:f><m:num>`+r("1")+`</m:num><m:den>`+r("x")+`</m:den></m:f>`+r("+")+`<m:sSup><m:e>`+r("y")+`</m:e><m:sup>`+r("2")+`</m:sup></m:sSup></m:oMath></w:p>`+para("答案：略")+
		`<w:p>`+wordRun("2. 再算", "")+`<m:oMath><m:borderBox><m:e>`+r("z")+`</m:e></m:borderBox></m:oMath></w:p>`+para("答案：略"), nil)
	wantPaper(t, p, `1 short 计算\(\frac{1}{x}+y^{2}\) | 答=略`, "3 short 再算z | 答=略 | !docx.formula")
}
