package extract

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

func packed(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func word(t testing.TB, body string) []byte {
	return packed(t, "word/document.xml", `<w:document xmlns:w="w" xmlns:mc="m"><w:body>`+body+`</w:body></w:document>`)
}

func slides(t testing.TB, texts ...string) []byte {
	var ids, rels strings.Builder
	var files []string
	for i, text := range texts {
		fmt.Fprintf(&ids, `<p:sldId id="%d" r:id="r%d"/>`, 256+i, i)
		fmt.Fprintf(&rels, `<Relationship Id="r%d" Target="slides/slide%d.xml"/>`, i, len(texts)-i) // the order is that of the presentation
		files = append(files, fmt.Sprintf("ppt/slides/slide%d.xml", len(texts)-i), `<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>`+text+`</a:t></a:r></a:p></p:sld>`)
	}
	return packed(t, append(files, "ppt/presentation.xml", `<p:presentation xmlns:p="p" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">`+ids.String()+`</p:presentation>`,
		"ppt/_rels/presentation.xml.rels", `<Relationships>`+rels.String()+`</Relationships>`)...)
}

// plainPDF is a PDF of two pages whose Chinese font is not embedded: its codes are those of GBK.
func plainPDF(codes ...string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(body string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	b.WriteString("%PDF-1.4\n")
	kids := ""
	for i := range codes {
		kids += fmt.Sprintf("%d 0 R ", 6+2*i)
	}
	object("<</Type/Catalog/Pages 2 0 R>>")
	object(fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids, len(codes)))
	object("<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/GBK-EUC-H/DescendantFonts[4 0 R]>>")
	object("<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 5 0 R/DW 1000>>")
	object("<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>")
	for i, code := range codes {
		object(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", 7+2*i))
		stream := "BT /F1 24 Tf 72 700 Td <" + code + "> Tj ET"
		object(fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(stream), stream))
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF", len(at)+1, table)
	return b.Bytes()
}

func TestRead(t *testing.T) {
	embedded, err := os.ReadFile("testdata/embedded.pdf")
	if err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		name, kind string
		data       []byte
		want       []Passage
	}{
		{"a PDF without its font", PDF, plainPDF("b5b3d5c2", "d6a7b2bf"), []Passage{{1, "党章"}, {2, "支部"}}},
		{"a scanned PDF", PDF, plainPDF(""), nil},
		{"a broken PDF", PDF, []byte("%PDF-1.4\nnonsense"), nil},
		{"a Word document", Word, word(t, `<w:p><w:r><w:t>全心全意</w:t></w:r><w:r><w:t xml:space="preserve">为人民 </w:t><w:delText>不</w:delText></w:r></w:p>`+
			`<w:p><mc:AlternateContent><mc:Choice><w:t>一次</w:t></mc:Choice><mc:Fallback><w:t>一次</w:t></mc:Fallback></mc:AlternateContent></w:p>`+
			`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>`),
			[]Passage{{0, "全心全意为人民\n一次\n甲"}}},
		{"an empty Word document", Word, word(t, ""), nil},
		{"no zip", Word, []byte("PK\x03\x04"), nil},
		{"slides", Show, slides(t, "第一张", "", "第三张"), []Passage{{1, "第一张"}, {3, "第三张"}}},
		{"another type", "text/plain", []byte("words"), nil},
		{"a bomb", Word, word(t, strings.Repeat(" ", 64<<20)), nil},
		{"too large", PDF, make([]byte, MaxBytes+1), nil},
	} {
		got, err := Read(t.Context(), c.kind, c.data)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %.200v %v, want %v", c.name, got, err, c.want)
		}
	}
	got, err := Read(t.Context(), PDF, embedded)
	if err != nil || len(got) != 2 || !strings.Contains(got[0].Text, "全心全意为人民服务") || got[1].Place != 2 || !strings.Contains(got[1].Text, "民主评议党员") {
		t.Errorf("with a font in it: %v %v", got, err)
	}
	long, err := Read(t.Context(), Word, word(t, `<w:p><w:t>`+strings.Repeat("长 ", MaxRunes/2+10)+`</w:t></w:p>`))
	if err != nil || len(long) != 1 || len([]rune(long[0].Text)) > MaxRunes {
		t.Errorf("a long one has %d passages, %v", len(long), err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Read(stopped, PDF, embedded); err == nil {
		t.Error("it was read though it was stopped")
	}
}

func FuzzOffice(f *testing.F) {
	f.Add(word(f, `<w:p><w:t>a</w:t></w:p>`))
	f.Add(slides(f, "a", "b"))
	f.Fuzz(func(t *testing.T, data []byte) {

		for _, kind := range []string{Word, Show} {
			passages, err := Read(t.Context(), kind, data)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range passages {
				if p.Text == "" || p.Text != strings.TrimSpace(p.Text) {
					t.Fatalf("%v", p)
				}
			}
		}
	})
}
