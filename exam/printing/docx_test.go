package printing

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"qiming/exam/question"
)

func word(t *testing.T, p Paper, w Word) *zip.Reader {
	t.Helper()
	var out bytes.Buffer
	if err := WriteWord(&out, p, w); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func part(t *testing.T, p Paper, w Word, name string) string {
	t.Helper()
	f, err := word(t, p, w).Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// wordText gives the words of a document, a line a paragraph.
func wordText(t *testing.T, p Paper, w Word) string {
	t.Helper()
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(part(t, p, w, "word/document.xml")))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.CharData:
			b.Write(x)
		case xml.StartElement:
			if x.Name.Local == "tab" && len(x.Attr) == 0 { // one with attributes is a stop
				b.WriteString("\t")
			}
		case xml.EndElement:
			if x.Name.Local == "p" {
				b.WriteString("\n")
			}
		}
	}
}

func TestAWordFileIsWhole(t *testing.T) {
	pictures := map[string]Picture{"0123456789abcdef0123456789abcdef": {Type: "image/jpeg", Data: []byte("jpeg"), Width: 2000, Height: 1000}}
	z := word(t, Lay(source(true)), Word{Sheet: true, Pictures: pictures})
	names := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		names[f.Name] = string(text)
		if strings.HasSuffix(f.Name, ".xml") || strings.HasSuffix(f.Name, ".rels") {
			if err := xml.Unmarshal(text, new(struct{})); err != nil {
				t.Errorf("%s: %v", f.Name, err)
			}
		}
	}
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml", "word/footer1.xml", "word/_rels/document.xml.rels", "word/media/image1.jpg"} {
		if names[name] == "" {
			t.Errorf("no part %s", name)
		}
	}
	for _, want := range []string{`w:w="11906" w:h="16838"`, `r:embed="rIdPicture1"`, `cx="5400000" cy="2700000"`, "<m:oMath>", ">S=π</m:t>"} {
		if !strings.Contains(names["word/document.xml"], want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	for part, want := range map[string]string{"word/styles.xml": "仿宋", "word/footer1.xml": "NUMPAGES", "word/_rels/document.xml.rels": "media/image1.jpg"} {
		if !strings.Contains(names[part], want) {
			t.Errorf("%s lacks %s", part, want)
		}
	}
	again := word(t, Lay(source(true)), Word{Sheet: true, Pictures: pictures})
	for i, f := range again.File {
		if f.CRC32 != z.File[i].CRC32 {
			t.Errorf("%s is another the second time", f.Name)
		}
	}
}

func TestAWordFileReadsAsQuestions(t *testing.T) {
	sounds := Word{Sounds: map[string]bool{"0123456789abcdef0123456789abcdef": true}}
	if text := wordText(t, Lay(source(true)), sounds); !strings.Contains(text, "［录音：支部人数，请播放］") {
		t.Errorf("a sound is not named: %s", text)
	}
	text := wordText(t, Lay(source(true)), Word{Others: map[string]string{"0123456789abcdef0123456789abcdef": "音频“国歌.mp3”"}})
	for _, want := range []string{"1. 根本宗旨是（　　）。\nA. 全心全意为人民服务\tB. 甲\nC. 乙\tD. 丙\n答案：B\n解析：密：解析\n依据：密：依据\n",
		"3. 预备期为一年。（　　）（2分）\n答案：√\n", "〔音频“国歌.mp3”，支部人数，纸面不能呈现〕", "① 古田\tA. 陕西\n② 遵义\tB. 福建\n\tC. 贵州\n",
		"(1) A. 十九　 B. 二十　\n", "阅读下面的材料，回答第11～12题。\n某支部开会。\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	atEnd := wordText(t, Lay(source(true)), Word{Keys: AtEnd})
	body, keys, found := strings.Cut(atEnd, "参考答案与评分要点")
	if !found || strings.Contains(body, "答案：") || !strings.Contains(keys, "\n1. 答案：B\n") {
		t.Errorf("the key sheet: %s", atEnd)
	}
}

// With an answer sheet there is one place to write: the paper itself has none.
func TestAPaperWithASheetHasNoRoomForAnswers(t *testing.T) {
	p := Lay(source(false))
	const places = "答：|正确的顺序：|Writing"
	count := func(text string) (n int) {
		for _, place := range strings.Split(places, "|") {
			n += strings.Count(text, place)
		}
		return n
	}
	plain := part(t, p, Word{}, "word/document.xml")
	paper, sheet, found := strings.Cut(part(t, p, Word{Sheet: true}, "word/document.xml"), ">答题卡<")
	if !found || count(paper) != 0 || !strings.Contains(paper, p.Head.SheetNote) || count(sheet) != count(plain) || count(plain) == 0 {
		t.Errorf("places to write: %d on the paper with a sheet, %d on the sheet, %d without", count(paper), count(sheet), count(plain))
	}
	if strings.Contains(plain, p.Head.SheetNote) {
		t.Error("a paper without a sheet points to one")
	}
}

// Texts come from people: nothing in them may break the file.
func FuzzWord(f *testing.F) {
	f.Add("<w:p>&\x00\x1b\ufffe", "![a](media:0123456789abcdef0123456789abcdef)")
	f.Add("____\n\t\\(x\\)", "\xff\xfe")
	f.Fuzz(func(t *testing.T, stem, option string) {
		item := question.Item{Kind: question.Single, Stem: stem, Passage: option, Options: []question.Choice{{ID: "a", Text: option}, {ID: "b", Text: stem}}}
		p := Lay(Source{Title: stem, Label: "A", Sections: []Part{{Title: option, Items: []Slot{{Number: 1, Points: 1, Item: item}}}}})
		wordText(t, p, Word{Sheet: true, Pictures: map[string]Picture{"0123456789abcdef0123456789abcdef": {Data: []byte(stem), Width: len(stem), Height: 1 << 20}}})
	})
}
